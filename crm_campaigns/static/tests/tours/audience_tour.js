import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("crm_audience", {
    url: "/odoo/audiences/new",
    steps: () => [
        {
            content: "Without criteria everybody is in it",
            trigger: ".o_form_view:contains(Every customer, until you add a criterion)",
        },
        {
            trigger: ".o_field_widget[name=name] textarea, .o_field_widget[name=name] input",
            run: "edit Not Back since Spring",
        },
        {
            trigger: ".o_field_x2many_list_row_add a:contains(Add a criterion)",
            run: "click",
        },
        {
            content: "The criterion is a sentence, and says at once how many it finds",
            trigger: ".modal [role=status]:contains(Last bill before 90 days ago):contains(finds)",
        },
        {
            trigger: ".modal .o_field_widget[name=days] input",
            run: "edit 200",
        },
        {
            trigger: ".modal .o_field_widget[name=date_operator]",
            run: "click",
        },
        {
            trigger: ".modal [role=status]:contains(before 200 days ago)",
        },
        {
            trigger: ".modal .o_form_button_save",
            run: "click",
        },
        {
            trigger: ".o_field_widget[name=criterion_ids] .o_data_row:contains(before 200 days ago)",
        },
        {
            content: "Some of whom it finds are shown; ask why",
            trigger:
                ".o_field_widget[name=sample_ids] .o_data_row:contains(Acorn) button[name=action_explain_audience]",
            run: "click",
        },
        {
            trigger: ".modal .alert:contains(Acorn Joinery is in the audience Not Back since Spring)",
        },
        {
            trigger: ".modal table tr:contains(before 200 days ago) .badge:contains(Yes)",
        },
        {
            trigger: ".modal footer button:contains(Close)",
            run: "click",
        },
        {
            trigger: "body:not(:has(.modal)) .o_form_saved, body:not(:has(.modal)) .o_form_view",
        },
    ],
});
