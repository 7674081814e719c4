import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("crm_service_requests_convert", {
    steps: () => [
        {
            content: "The card tells of the order the request is about",
            trigger: ".o_crm_origin_card:contains(Sales Order):contains(100.00)",
        },
        {
            content: "See what the request would become",
            trigger: ".o_statusbar_buttons button[name=action_convert]:contains(Make Quotation)",
            run: "click",
        },
        {
            content: "The product of the type, at the customer's price",
            trigger: ".modal .o_field_x2many .o_data_row:contains(Work Bench):contains(100.00)",
        },
        {
            content: "Correct the quantity",
            trigger: ".modal .o_data_row td[name=quantity]",
            run: "click",
        },
        {
            trigger: ".modal .o_data_row td[name=quantity] input",
            run: "edit 3 && press Tab",
        },
        {
            content: "The totals follow",
            trigger: ".modal .oe_subtotal_footer:contains(300.00)",
        },
        {
            content: "Make it",
            trigger: ".modal footer button[name=action_convert]:contains(Make Quotation)",
            run: "click",
        },
        {
            content: "It is the quotation, and it names its request",
            trigger: ".o_form_view .o_field_widget[name=crm_request_id]:contains(New bench)",
        },
        {
            content: "The customer agrees",
            trigger: ".o_statusbar_buttons button[name=action_confirm]:visible",
            run: "click",
        },
        {
            content: "The order stands",
            trigger: ".o_statusbar_status .o_arrow_button_current:contains(Sales Order)",
        },
    ],
});
