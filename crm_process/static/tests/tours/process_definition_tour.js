import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("crm_process_definition", {
    url: "/odoo/processes",
    steps: () => [
        {
            content: "Open the draft",
            trigger: ".o_data_row .o_data_cell:contains(Sale of Machines)",
            run: "click",
        },
        {
            content: "Before it is active the picture tells what would be",
            trigger: ".o_process_picture:contains(Today (a try)) .o_process_picture_row:contains(Quote) button:contains(1)",
        },
        {
            content: "Put it in force",
            trigger: "button[name=action_activate]",
            run: "click",
        },
        {
            trigger: ".o_arrow_button_current:contains(Active)",
        },
        {
            content: "From now on the documents are counted; open those of the step",
            trigger: ".o_process_picture:contains(Now) .o_process_picture_row:contains(Quote) button:contains(1)",
            run: "click",
        },
        {
            trigger: ".o_data_row .o_data_cell:contains(Planing Machine)",
            run: "click",
        },
        {
            content: "The document tells until when it is due, and why",
            trigger: ".o_process_strip:contains(On Time):contains(Quote) .o_process_strip_why",
            run: "click",
        },
        {
            trigger: ".o_process_explanation:contains(So it is due on)",
        },
        {
            trigger: ".o_process_explanation button:contains(All Steps)",
            run: "click",
        },
        {
            content: "Its steps open",
            trigger: ".o_list_view .o_data_row .o_data_cell:contains(Planing Machine)",
        },
    ],
});
