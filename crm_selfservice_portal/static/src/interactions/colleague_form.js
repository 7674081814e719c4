import { registry } from "@web/core/registry";
import { Interaction } from "@web/public/interaction";

/** Ticks the rights of a usual role by one click. */
export class ColleagueForm extends Interaction {
    static selector = ".crm_colleague_form";
    dynamicContent = {
        ".crm_colleague_roles": {
            "t-att-class": () => ({ "d-none": false, "d-flex": true }),
        },
        ".crm_colleague_roles button": { "t-on-click": this.onRoleClick },
    };

    onRoleClick(ev) {
        const rights = ev.currentTarget.dataset.rights.split(" ");
        for (const box of this.el.querySelectorAll("input[data-right]")) {
            box.checked = rights.includes(box.dataset.right);
        }
    }
}

registry.category("public.interactions").add("crm_selfservice_portal.colleague_form", ColleagueForm);
