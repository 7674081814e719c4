import { registry } from "@web/core/registry";

// What is typed and pressed from the ringing of the telephone on: no mouse.
let pressed = 0;

const press = (key, options) => () => {
    pressed++;
    document.activeElement.dispatchEvent(
        new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true, ...options })
    );
};

const typed = (text) => async (helpers) => {
    pressed += text.length + 1;
    await helpers.edit(text);
    await helpers.press("Tab");
};

registry.category("web_tour.tours").add("crm_request_intake_by_keys", {
    url: "/odoo/request-inbox",
    steps: () => [
        {
            trigger: ".o_request_inbox_counters",
            run: () => {
                pressed = 0;
            },
        },
        {
            content: "The telephone rings",
            trigger: ".o_request_inbox_counters",
            run: press("R", { altKey: true, shiftKey: true, code: "KeyR" }),
        },
        {
            content: "The number is the first that is asked for",
            trigger: ".o_request_intake [name=caller] input:focus",
            run: typed("0215550142"),
        },
        {
            content: "The customer is found, with what he has asked already",
            trigger: ".o_request_intake_panel .o_customer_panel_requests:contains(An old question)",
        },
        {
            trigger: ".o_request_intake [name=partner_id] input:value(Acorn Joinery)",
        },
        {
            content: "What he says",
            trigger: ".o_request_intake [name=description] textarea",
            run: typed("The saw is loud. Since May."),
        },
        {
            content: "Its first sentence is the subject",
            trigger: ".o_request_intake [name=name] input:value(The saw is loud)",
            run: press("Enter", { ctrlKey: true }),
        },
        {
            content: "The request has a number to tell him",
            trigger: ".o_form_view .o_field_widget[name=number]:contains(INF/)",
        },
        {
            trigger: ".o_form_view .o_field_widget[name=name] input:value(The saw is loud)",
            run: () => {
                if (pressed > 45) {
                    throw new Error(`It takes ${pressed} keys to take a request down`);
                }
            },
        },
    ],
});

registry.category("web_tour.tours").add("crm_request_intake_add", {
    url: "/odoo/request-inbox",
    steps: () => [
        {
            trigger: ".o_request_inbox_counters",
            run: press("R", { altKey: true, shiftKey: true, code: "KeyR" }),
        },
        {
            trigger: ".o_request_intake [name=caller] input:focus",
            run: typed("0215550142"),
        },
        {
            trigger: ".o_request_intake [name=description] textarea",
            run: typed("It is still loud"),
        },
        {
            content: "It belongs to what he has asked already",
            trigger: ".o_customer_panel_row:contains(An old question) .o_customer_panel_add",
            run: "click",
        },
        {
            trigger: ".o_form_view .o_field_widget[name=name] input:value(An old question)",
        },
        {
            trigger: ".o-mail-Message:contains(It is still loud)",
        },
    ],
});

registry.category("web_tour.tours").add("crm_request_inbox_next", {
    url: "/odoo/request-inbox",
    steps: () => [
        {
            content: "One is the user's own, one is nobody's",
            trigger: ".o_request_inbox_later:contains(1), .o_request_inbox_today:contains(1)",
        },
        {
            trigger: ".o_request_inbox_free:contains(1)",
        },
        {
            content: "A counter shows only what it counts",
            trigger: ".o_request_inbox_free",
            run: "click",
        },
        {
            trigger: ".o_list_view:has(.o_data_row:contains(Free question)):not(:has(.o_data_row:contains(Own question)))",
        },
        {
            content: "And everything again",
            trigger: ".o_request_inbox_free.active",
            run: "click",
        },
        {
            trigger: ".o_list_view:has(.o_data_row:contains(Own question))",
        },
        {
            content: "The first is the user's own",
            trigger: ".o_request_inbox_next",
            run: "click",
        },
        {
            trigger: ".o_form_view .o_field_widget[name=name] input:value(Own question)",
        },
        {
            content: "Then comes what nobody has",
            trigger: ".o_request_next:contains(1/1)",
            run: "click",
        },
        {
            trigger: ".o_form_view .o_field_widget[name=name] input:value(Free question)",
        },
        {
            content: "It is the user's now, and the way back is the inbox",
            trigger: ".o_request_next:contains(2/2), .o_request_next:contains(1/2)",
        },
        {
            trigger: ".o_control_panel .breadcrumb-item:contains(Inbox) a",
            run: "click",
        },
        {
            trigger: ".o_request_inbox_free:contains(0)",
        },
    ],
});
