import { registry } from "@web/core/registry";

// A customer wants fewer benches, sees what that does to the price, and changes the order.
registry.category("web_tour.tours").add("crm_selfservice_portal.correction", {
    steps: () => [
        {
            content: "Change the order",
            trigger: ".crm_correct_order",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "Want eight benches",
            trigger: ".crm_correction_form .row:contains(Oak Bench) input[type=number]",
            run: "edit 8",
        },
        {
            content: "Show the price",
            trigger: ".crm_correction_form button:contains(Show the new price)",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "The product says what changes",
            trigger: ".crm_correction_effect tbody tr:contains(10 → 8)",
        },
        {
            content: "The total was so, and becomes this",
            trigger: ".crm_correction_effect tfoot tr:last-child:contains(1,440.00):contains(1,200.00)",
        },
        {
            content: "Change it",
            trigger: ".crm_correction_confirm:contains(Change the order)",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "The order is changed",
            trigger: ".alert-success:contains(The order is changed)",
        },
        {
            content: "Its history tells of it",
            trigger: ".crm_correction_history li:contains(10 → 8)",
        },
    ],
});
