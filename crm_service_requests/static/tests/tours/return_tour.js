import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("crm_service_requests_return", {
    steps: () => [
        {
            content: "Choose what goes back",
            trigger: "button[name=action_add_purchases]",
            run: "click",
        },
        {
            trigger: ".o_list_view .o_data_row:contains(Work Bench) .o_list_record_selector input",
            run: "click",
        },
        {
            trigger: ".o_control_panel button[name=action_return]",
            run: "click",
        },
        {
            content: "All of it is proposed",
            trigger: ".o_field_widget[name=return_line_ids] .o_data_row:contains(10.00)",
        },
        {
            content: "It came damaged, and that is told too late",
            trigger: ".o_field_widget[name=return_line_ids] td[name=condition]",
            run: "click",
        },
        {
            trigger: ".o_field_widget[name=return_line_ids] td[name=condition] input",
            run: "click",
        },
        {
            trigger: ".o_select_menu_item:contains(Damaged)",
            run: "click",
        },
        {
            content: "The policy answers",
            trigger: "button[name=action_decide_return]",
            run: "click",
        },
        {
            trigger: ".o_field_widget[name=return_state]:contains(Rejected by the System)",
        },
        {
            content: "A supervisor decides otherwise",
            trigger: "button[name=action_override_return]",
            run: "click",
        },
        {
            trigger: ".modal .o_field_widget[name=fee] input",
            run: "edit 10",
        },
        {
            trigger: ".modal .o_field_widget[name=reason] textarea",
            run: "edit A good customer",
        },
        {
            trigger: ".modal button[name=action_decide]",
            run: "click",
        },
        {
            trigger: ".o_field_widget[name=return_state]:contains(Accepted)",
        },
        {
            content: "The reason stays",
            trigger: ".o_field_widget[name=decision_ids] .o_data_row:contains(A good customer)",
        },
        {
            content: "It is credited",
            trigger: ".o_statusbar_buttons button[name=action_convert]",
            run: "click",
        },
        {
            content: "Less the restocking fee",
            trigger: ".modal .o_data_row:contains(Restocking fee, 10 percent)",
        },
        {
            trigger: ".modal .oe_subtotal_footer:contains(900.00)",
        },
        {
            trigger: ".modal footer button[name=action_convert]",
            run: "click",
        },
        {
            content: "It is a credit note",
            trigger: ".o_form_view .o_field_widget[name=crm_request_id]:contains(Too many)",
        },
    ],
});
