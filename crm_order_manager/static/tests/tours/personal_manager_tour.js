import { registry } from "@web/core/registry";

const leave = (path) => ({
    content: `Go to ${path}`,
    trigger: "body",
    run: () => {
        window.location = path;
    },
    expectUnloadPage: true,
});

registry.category("web_tour.tours").add("crm_order_manager_set_personal_manager", {
    steps: () => [
        {
            content: "Nobody looks after the customer of this order",
            trigger: ".o_field_widget[name=personal_manager_id] input[placeholder='Not specified']",
            run: "edit Saoirse",
        },
        {
            trigger: ".o-autocomplete--dropdown-item:contains(Saoirse Seller)",
            run: "click",
        },
        {
            content: "Who shares an address or a company with him changes, too",
            trigger: ".modal .modal-title:contains(4 contacts change together)",
        },
        {
            trigger: ".modal .modal-body:contains(Nora at Home):contains(2 now)",
        },
        {
            trigger: ".modal .modal-footer .btn-primary",
            run: "click",
        },
        {
            trigger: "body:not(:has(.modal)) .o_form_button_save",
            run: "click",
        },
        {
            trigger: ".o_form_saved",
        },
        leave("/odoo/manager-changes"),
        {
            content: "All four are in the ledger; one line is enough to undo it",
            trigger: ".o_data_row:contains(Nora at Home):contains(Saoirse Seller) .o_list_record_selector input",
            run: "click",
        },
        {
            trigger: "button[name=action_undo]",
            run: "click",
        },
        {
            content: "Undoing is in the ledger, too",
            trigger: ".o_data_row:contains(Nora at Home):contains(Undone)",
        },
    ],
});

registry.category("web_tour.tours").add("crm_order_manager_my_customers", {
    steps: () => [
        {
            content: "Find customers who bought the drill",
            trigger: ".o_menu_sections button[data-menu-xmlid='sale.sale_order_menu']",
            run: "click",
        },
        {
            trigger: ".o-dropdown-item[data-menu-xmlid='crm_order_manager.sale_menu_find_customers']",
            run: "click",
        },
        {
            trigger: ".modal .o_field_widget[name=bought_product_ids] input",
            run: "edit Pillar Drill",
        },
        {
            trigger: ".o-autocomplete--dropdown-item:contains(Pillar Drill)",
            run: "click",
        },
        {
            content: "They are counted while one chooses",
            trigger: ".modal .o_field_widget[name=bought_product_ids] .o_tag:contains(Pillar Drill)",
        },
        {
            trigger: ".modal .o_field_widget[name=customer_count]:contains(/^1$/)",
        },
        {
            trigger: ".modal button[name=action_find]",
            run: "click",
        },
        {
            trigger: ".o_data_row:contains(Quinn Carpentry) .o_list_record_selector input",
            run: "click",
        },
        {
            content: "Take him",
            trigger: ".o_control_panel button[name=action_take]",
            run: "click",
        },
        {
            trigger: ".o_notification:contains(yours now)",
        },
        leave("/odoo/my-customers"),
        {
            content: "He is in the book now: make him an offer",
            trigger: ".o_data_row:contains(Quinn Carpentry) button[name=action_offer]",
            run: "click",
        },
        {
            trigger: ".modal .o_field_widget[name=template_id] input",
            run: "edit Autumn",
        },
        {
            trigger: ".o-autocomplete--dropdown-item:contains(Autumn offer)",
            run: "click",
        },
        {
            trigger: ".modal .o_field_widget[name=template_id] input:value(Autumn offer)",
        },
        {
            trigger: ".modal button[name=action_offer]",
            run: "click",
        },
        {
            content: "The quotation is there with its line",
            trigger: ".o_form_view .o_field_widget[name=partner_id] input:value(Quinn Carpentry)",
        },
        {
            trigger: ".o_form_view .o_field_widget[name=order_line] .o_data_row:contains(Pillar Drill)",
        },
    ],
});
