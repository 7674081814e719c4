import { registry } from "@web/core/registry";

const cell = (model, column) =>
    `tr[data-model="${model}"] td:nth-of-type(${column}) .o_role_matrix_cell`;

registry.category("web_tour.tours").add("crm_roles_role_matrix", {
    steps: () => [
        {
            content: "The order stands among the documents of sales",
            trigger: 'tr[data-model="sale.order"]',
        },
        {
            content: "Search for one document",
            trigger: ".o_role_matrix_search input",
            run: "edit sale.order.line",
        },
        {
            content: "The others are gone",
            trigger: '.o_role_matrix_table:not(:has(tr[data-model="res.partner"]))',
        },
        {
            content: "Hover what an account representative may",
            trigger: cell("sale.order.line", 3),
            run: "hover",
        },
        {
            content: "The rule is said in words",
            trigger: ".o_role_matrix_tooltip .o_role_matrix_records:contains(Salesperson is the user)",
        },
        {
            content: "Open it",
            trigger: cell("sale.order.line", 3),
            run: "click",
        },
        {
            content: "Go to the rules behind it",
            trigger: ".o_role_matrix_details .o_role_matrix_open_rules",
            run: "click",
        },
        {
            content: "These are the record rules",
            trigger: ".o_list_view .o_data_row:contains(of own accounts)",
        },
        {
            content: "And back",
            trigger: ".breadcrumb-item:contains(Role Matrix), .o_back_button",
            run: "click",
        },
        {
            content: "Show only what differs",
            trigger: "#o_role_matrix_different",
            run: "click",
        },
        {
            content: "All roles may read all users alike",
            trigger:
                '.o_role_matrix_table:not(:has(tr[data-model="res.users"])) tr[data-model="sale.order"]',
        },
        {
            content: "Search for what there is not",
            trigger: ".o_role_matrix_search input",
            run: "edit no such document",
        },
        {
            content: "That is said",
            trigger: ".o_view_nocontent_empty_folder",
        },
    ],
});

registry.category("web_tour.tours").add("crm_roles_role_matrix_sales_manager", {
    steps: () => [
        {
            content: "Open what a supervisor may do with bills",
            trigger: cell("account.move", 2),
            run: "click",
        },
        {
            content: "It is said, but the rules cannot be opened",
            trigger:
                ".o_role_matrix_details:contains(Status is Draft):not(:has(.o_role_matrix_open_rules))",
        },
    ],
});
