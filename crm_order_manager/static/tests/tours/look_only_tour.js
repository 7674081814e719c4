import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("crm_order_manager_look_only", {
    url: "/odoo/orders-to-call",
    steps: () => [
        {
            content: "Open an order from the queue",
            trigger: ".o_data_row .o_data_cell[name=partner_id]",
            run: "click",
        },
        {
            content: "It is held for me, and I am its manager",
            trigger: ".o_form_view .o_field_widget[name=call_user_id] img, .o_form_view .o_field_widget[name=call_user_id] .o_avatar",
        },
        {
            content: "Go back without doing anything",
            trigger: ".o_breadcrumb .o_back_button, .breadcrumb-item a",
            run: "click",
        },
        {
            content: "The list again",
            trigger: ".o_list_view .o_data_row",
        },
    ],
});

registry.category("web_tour.tours").add("crm_order_manager_close_page", {
    url: "/odoo/orders-to-call",
    steps: () => [
        {
            trigger: ".o_data_row .o_data_cell[name=partner_id]",
            run: "click",
        },
        {
            trigger: ".o_form_view .o_field_widget[name=call_user_id] img, .o_form_view .o_field_widget[name=call_user_id] .o_avatar",
        },
        {
            content: "Leave the page as by its address",
            trigger: "body",
            run: () => {
                window.location = "/odoo/calls";
            },
            expectUnloadPage: true,
        },
        {
            trigger: ".o_breadcrumb:contains(Calls)",
        },
    ],
});
