import { registry } from "@web/core/registry";

// A customer goes from his statement to what is open, ticks two bills, and pays them.
registry.category("web_tour.tours").add("crm_selfservice_portal.pay", {
    steps: () => [
        {
            content: "Go from the statement to what is open",
            trigger: "a[href^='/my/pay?']:contains(Pay)",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "Nothing is chosen yet",
            trigger: ".crm_pay:has(.crm_pay_submit:disabled) .crm_pay_total:contains(0.00)",
        },
        {
            content: "Tick all",
            trigger: ".crm_pay_all:not(.d-none)",
            run: "click",
        },
        {
            content: "The total follows",
            trigger: ".crm_pay_total:contains(200.50)",
        },
        {
            content: "Leave the second bill out",
            trigger: ".crm_pay_items tbody tr:nth-child(2) .crm_pay_item",
            run: "click",
        },
        {
            content: "The total follows again",
            trigger: ".crm_pay_total:contains(120.50)",
        },
        {
            content: "Go on",
            trigger: ".crm_pay_submit:enabled",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "What is paid stands there again",
            trigger: ".crm_pay_sum:contains(120.50)",
        },
        {
            content: "Choose how to pay, unless there is one way only",
            trigger: "input[name='o_payment_radio'][data-provider-code='demo']",
            run: "click",
        },
        {
            content: "Write down the card",
            trigger: "#customer_input",
            run: "edit 4242",
        },
        {
            content: "Pay",
            trigger: "button[name='o_payment_submit_button']:enabled",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "It is paid",
            trigger: ".crm_pay_choices .crm_pay_sum:contains(120.50)",
        },
    ],
});
