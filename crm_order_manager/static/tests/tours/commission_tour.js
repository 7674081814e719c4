import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("crm_order_manager_commission", {
    steps: () => [
        {
            content: "Nobody earns anything yet: make a plan",
            trigger: ".o_list_button_add",
            run: "click",
        },
        {
            trigger: ".o_field_widget[name=name] input",
            run: "edit Ten percent of what comes in",
        },
        {
            trigger: ".o_field_widget[name=rate] input",
            run: "edit 10",
        },
        {
            trigger: ".o_form_button_save",
            run: "click",
        },
        {
            trigger: ".o_form_saved",
        },
        {
            content: "Settle what came in until the end of last month",
            trigger: ".o_menu_sections button[data-menu-xmlid='crm_order_manager.crm_commission_menu']",
            run: "click",
        },
        {
            trigger: ".o-dropdown-item[data-menu-xmlid='crm_order_manager.crm_commission_settlement_menu']",
            run: "click",
        },
        {
            trigger: ".o_breadcrumb:contains(Settlements)",
        },
        {
            trigger: ".o_list_view button:contains(Settle a Period), .o_control_panel button:contains(Settle a Period)",
            run: "click",
        },
        {
            trigger: ".modal button[name=action_settle]",
            run: "click",
        },
        {
            content: "A tenth of the 150 that were paid",
            trigger: "body:not(:has(.modal)) .o_data_row:contains(15.00) .o_data_cell[name=amount]",
            run: "click",
        },
        {
            trigger: ".o_form_view .o_field_widget[name=entry_ids] .o_data_row:contains(Ten percent of what comes in)",
        },
        {
            trigger: "button[name=action_confirm]",
            run: "click",
        },
        {
            trigger: ".o_statusbar_status .o_arrow_button_current:contains(Confirmed)",
        },
        {
            content: "The statement for the order manager",
            trigger: ".o_form_statusbar button:contains(Print Statement)",
            run: "click",
        },
        {
            trigger: "body:not(:has(.o_blockUI, .o_error_dialog)) button[name=action_pay]",
        },
    ],
});
