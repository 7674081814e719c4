import { registry } from "@web/core/registry";

// A customer looks at his account, takes the statement of last year, and asks to be called back.
registry.category("web_tour.tours").add("crm_selfservice_portal.statement", {
    steps: () => [
        {
            content: "Open the account",
            trigger: "a[href='/my/account-status']:contains(Your Account)",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "What is open is told",
            trigger: ".crm_account_balance:contains(123.45)",
        },
        {
            content: "Go on to the statement",
            trigger: "a[href='/my/statement']",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "Choose another period",
            trigger: "input[name=date_from]",
            run() {
                this.anchor.value = "2026-01-01";
            },
        },
        {
            content: "Up to its last day",
            trigger: "input[name=date_to]",
            run() {
                this.anchor.value = "2026-03-31";
            },
        },
        {
            content: "Show it",
            trigger: ".crm_statement_period button",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "The bill is on it",
            trigger: ".crm_statement_entries a:contains(INV)",
        },
        {
            content: "Send it to the accountant",
            trigger: ".crm_statement_send select",
            run: "selectByLabel Ben (ben@example.com)",
        },
        {
            content: "Press send",
            trigger: ".crm_statement_send button",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "It is on its way, and the contact stands below",
            trigger: "#wrap:has(.crm_contact_card) .alert-success:contains(Ben)",
        },
    ],
});
