import { registry } from "@web/core/registry";

const press = (key, options) => () =>
    window.dispatchEvent(new KeyboardEvent("keydown", { key, ...options }));

registry.category("web_tour.tours").add("crm_order_manager_call_desk", {
    url: "/odoo/call-desk",
    steps: () => [
        {
            content: "Two orders wait",
            trigger: ".o_call_desk_row:contains(250.00)",
        },
        {
            content: "The key N takes the next one",
            trigger: ".o_call_desk",
            run: press("n"),
        },
        {
            content: "It is the one worth most, with its line",
            trigger: ".o_call_desk_order:contains(Quinn Carpentry):contains(250.00):contains(Pillar Drill)",
        },
        {
            content: "Correct the customer's phone on the spot",
            trigger: ".o_call_desk_customer #desk_phone",
            run: "edit +353 21 555 0177 && press Tab",
        },
        {
            trigger: ".o_notification:contains(Saved)",
        },
        {
            content: "And what the company wants to know of him",
            trigger: ".o_call_desk_properties .o_property_field:contains(Machines) input",
            run: "edit Band saw && press Tab",
        },
        {
            content: "Answer the first step of the script",
            trigger: ".o_call_desk_script .o_call_script_choice:first",
            run: "click",
        },
        {
            content: "And the second one by a key",
            trigger: ".o_call_desk_script:has(.o_call_script_back) .o_call_script_choice:contains(Will be paid)",
            run: press("!", { code: "Digit1", shiftKey: true }),
        },
        {
            content: "The answer proposes an outcome",
            trigger: ".o_call_desk_proposed:contains(Promised to pay)",
        },
        {
            content: "The keys are listed",
            trigger: ".o_call_desk_help",
            run: "click",
        },
        {
            trigger: ".o_call_desk_keys:contains(Send the payment link)",
            run: press("?"),
        },
        {
            trigger: ".o_call_desk_note",
            run: "edit Asked for time",
        },
        {
            content: "A call-back needs a time",
            trigger: ".o_call_desk_outcome:contains(Call back)",
            run: "click",
        },
        {
            trigger: ".o_notification:contains(Say when)",
        },
        {
            content: "He will pay: Enter logs it, and the next order comes by itself",
            trigger: "body:not(:has(.o_call_desk_keys)) .o_call_desk_proposed",
            run: press("Enter"),
        },
        {
            trigger: ".o_call_desk_order:contains(40.00)",
        },
        {
            content: "The day is counted",
            trigger: ".o_call_desk_day:contains(1 calls)",
        },
    ],
});
