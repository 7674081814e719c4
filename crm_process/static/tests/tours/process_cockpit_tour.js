import { registry } from "@web/core/registry";
import { stepUtils } from "@web_tour/tour_utils";

registry.category("web_tour.tours").add("crm_process_cockpit", {
    steps: () => [
        stepUtils.showAppsMenuItem(),
        {
            trigger: ".o_app[data-menu-xmlid='crm_process.crm_process_menu_root']",
            run: "click",
        },
        {
            content: "the worst is on top, and the page says it is late",
            trigger: ".o_data_row:first:contains('Planing Machine') .badge:contains('Late')",
        },
        {
            trigger: ".o_data_row:first button[name='action_take_over']",
            run: "click",
        },
        {
            content: "it is mine now",
            trigger: ".o_data_row:first [name='user_id']:contains('boss')",
        },
        {
            trigger: ".o_data_row:first button[name='action_cause']",
            run: "click",
        },
        {
            trigger: ".modal [name='cause_id'] input",
            run: "edit Too much",
        },
        {
            trigger: ".modal .dropdown-item:contains('Too much work')",
            run: "click",
        },
        {
            trigger: ".modal .o_form_button_save",
            run: "click",
        },
        {
            trigger: "body:not(:has(.modal)) .o_data_row:first button[name='action_postpone']",
            run: "click",
        },
        {
            trigger: ".modal [name='hours'] input",
            run: "edit 500",
        },
        {
            trigger: ".modal [name='reason'] input",
            run: "edit Customer is abroad",
        },
        {
            trigger: ".modal button[name='action_postpone']",
            run: "click",
        },
        {
            content: "nothing is at risk any more",
            trigger: ".o_view_nocontent:contains('Nothing is late')",
        },
    ],
});
