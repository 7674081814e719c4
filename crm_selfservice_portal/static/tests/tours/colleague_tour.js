import { registry } from "@web/core/registry";

// An administrator of a customer invites a colleague, and later sets what he may do.
registry.category("web_tour.tours").add("crm_selfservice_portal.colleague", {
    steps: () => [
        {
            content: "Invite somebody",
            trigger: "a[href='/my/colleagues/new']",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "Write his name",
            trigger: "#crm_colleague_name",
            run: "edit Cora",
        },
        {
            content: "Write his address",
            trigger: "#crm_colleague_email",
            run: "edit cora@example.com",
        },
        {
            content: "One click ticks the rights of a usual role",
            trigger: ".crm_colleague_roles:not(.d-none) button[data-rights='buy pay request technical view']",
            run: "click",
        },
        {
            content: "He may do everything but administer",
            trigger: ".crm_colleague_form:has(#crm_colleague_pay:checked):has(#crm_colleague_technical:checked):has(#crm_colleague_administer:not(:checked))",
        },
        {
            content: "He sees what is his own",
            trigger: "#crm_colleague_scope_own",
            run: "click",
        },
        {
            content: "Send the invitation",
            trigger: ".crm_colleague_form button[type=submit]",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "It is on its way",
            trigger: ".alert-success:contains(on its way)",
        },
        {
            content: "Open the colleague",
            trigger: "tr:contains(Invited) a:contains(Cora)",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "Let him do no more what is technical",
            trigger: "#crm_colleague_technical:checked",
            run: "click",
        },
        {
            content: "For the company",
            trigger: "#crm_colleague_scope_company",
            run: "click",
        },
        {
            content: "Save",
            trigger: ".crm_colleague_form button[type=submit]",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "The rights were changed",
            trigger: ".alert-success:contains(rights were changed)",
        },
    ],
});
