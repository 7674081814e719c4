import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("crm_order_manager_call_until_paid", {
    url: "/odoo/orders-to-call",
    steps: () => [
        {
            content: "The list shows what the customer owes",
            trigger: ".o_list_view td[name=amount_unpaid]:contains(250.00)",
        },
        {
            content: "Take the next order",
            trigger: ".o_control_panel button:contains(Next Order), .o_list_view button:contains(Next Order)",
            run: "click",
        },
        {
            content: "It is mine now: log the call",
            trigger: ".o_form_view .o_statusbar_buttons button[name=action_log_call]",
            run: "click",
        },
        {
            content: "Follow the script: it is him",
            trigger: ".modal .o_call_script_choice:first",
            run: "click",
        },
        {
            content: "The customer says that he will pay",
            trigger: ".modal .o_call_script_choice:contains(Will be paid)",
            run: "click",
        },
        {
            content: "So the outcome is proposed",
            trigger: ".modal .o_field_widget[name=outcome_id] .o_radio_item:contains(Promised to pay) input:checked",
        },
        {
            trigger: ".modal .o_field_widget[name=note] textarea",
            run: "edit Pays today",
        },
        {
            trigger: ".modal button[name=action_log]",
            run: "click",
        },
        {
            content: "The call is counted",
            trigger: "body:not(:has(.modal)) .oe_stat_button[name=action_view_calls]:contains(1)",
        },
        {
            content: "The money is there",
            trigger: ".o_statusbar_buttons button[name=action_register_payment]",
            run: "click",
        },
        {
            trigger: ".modal button[name=action_create_payments]",
            run: "click",
        },
        {
            content: "The order is paid, nobody calls any more",
            trigger: "body:not(:has(.modal)) .o_form_view:not(:has(button[name=action_log_call])) .o_field_widget[name=amount_unpaid]:contains(0.00)",
        },
        {
            content: "And it has left the queue",
            trigger: ".o_form_view .o_statusbar_buttons button[name=action_call_next]",
            run: "click",
        },
        {
            trigger: ".o_notification:contains(Nobody waits)",
        },
    ],
});
