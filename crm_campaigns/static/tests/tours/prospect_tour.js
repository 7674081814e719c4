import { registry } from "@web/core/registry";
import { inputFiles } from "@web/../tests/utils";

const LINES = [
    "Name;Company;E-Mail;City",
    "Ann Smith;Acorn Boats;ann@a.example;Cork",
    "Bob Hill;Birch Works;bob(at)b.example;Cork",
    "Cid;;acorn@example.com;Galway",
];

registry.category("web_tour.tours").add("crm_prospect", {
    url: "/odoo/prospect-imports/new",
    steps: () => [
        {
            content: "The file is read as soon as it is there",
            trigger: ".o_field_widget[name=file]",
            run: () =>
                inputFiles(".o_field_widget[name=file] input[type=file]", [
                    new File([LINES.join("\n")], "fair.csv", { type: "text/csv" }),
                ]),
        },
        {
            trigger: ".o_field_widget[name=column_ids] .o_data_row:contains(E-Mail):contains(Email)",
        },
        {
            trigger: ".nav-link[name=preview]",
            run: "click",
        },
        {
            trigger: ".o_field_widget[name=preview] td:contains(Acorn Boats)",
        },
        {
            trigger: ".o_field_widget[name=campaign_id] input",
            run: "edit Autumn",
        },
        {
            trigger: ".o-autocomplete--dropdown-item:contains(Autumn)",
            run: "click",
        },
        {
            trigger: "button[name=action_read]",
            run: "click",
        },
        {
            content: "Who is known and what is wrong is told",
            trigger: ".o_data_row:contains(Cid):contains(Same Address: Acorn Joinery)",
        },
        {
            trigger: ".o_data_row:contains(Bob Hill):contains(is no mail address)",
        },
        {
            content: "It is mended in the list",
            trigger: ".o_data_row:contains(Bob Hill) .o_data_cell[name=email]",
            run: "click",
        },
        {
            trigger: ".o_data_row .o_field_widget[name=email] input",
            run: "edit bob@b.example",
        },
        {
            trigger: ".o_list_button_save",
            run: "click",
        },
        {
            trigger: ".o_data_row:contains(Bob Hill):contains(To Confirm)",
        },
        {
            trigger: "thead .o_list_record_selector input",
            run: "click",
        },
        {
            trigger: ".o_control_panel button[name=action_take]",
            run: "click",
        },
        {
            trigger: ".o_notification:contains(3 taken over)",
        },
        {
            trigger: ".o_list_renderer:not(:has(.o_data_row:contains(To Confirm)))",
        },
    ],
});
