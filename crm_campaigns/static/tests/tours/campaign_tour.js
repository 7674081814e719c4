import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("crm_campaign", {
    url: "/odoo/campaigns/new",
    steps: () => [
        {
            content: "Name the campaign",
            trigger: ".o_field_widget[name=title] input",
            run: "edit Spring Benches",
        },
        {
            content: "Whom: choose the audience",
            trigger: ".o_field_widget[name=audience_id] input",
            run: "edit Not Back",
        },
        {
            trigger: ".o-autocomplete--dropdown-item:contains(Not Back since Spring) a",
            run: "click",
        },
        {
            trigger: ".o_field_widget[name=control_percent] input",
            run: "edit 40",
        },
        {
            content: "What: the first step is a request to who looks after the customer",
            trigger: ".o_field_widget[name=step_ids] .o_field_x2many_list_row_add a",
            run: "click",
        },
        {
            trigger: ".o_field_widget[name=step_ids] .o_selected_row [name=name] input",
            run: "edit Ask them to come back",
        },
        {
            trigger: ".o_field_widget[name=step_ids] .o_selected_row [name=channel] input",
            run: "click",
        },
        {
            trigger: ".o_select_menu_item:contains(Request for a Sale)",
            run: "click",
        },
        {
            content: "Save, and see that it can be started",
            trigger: ".o_form_button_save",
            run: "click",
        },
        {
            trigger: ".o_form_saved button[name=action_forecast]",
            run: "click",
        },
        {
            trigger: ".o_form_saved button[name=action_start]",
            run: "click",
        },
        {
            trigger: ".modal:contains(becomes a member) footer .btn-primary",
            run: "click",
        },
        {
            content: "It runs: who is in the audience is a member, two in five are left alone",
            trigger: ".o_field_widget[name=state]:contains(Running)",
        },
        {
            trigger: "body:not(:has(button[name=action_start]:visible)) button[name=action_members]:contains(5)",
            run: "click",
        },
        {
            trigger: ".o_list_view .o_data_row:contains(Acorn Joinery)",
        },
        {
            trigger: ".o_list_view .o_data_row:contains(Control Group)",
        },
    ],
});
