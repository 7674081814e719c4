import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { useHotkey } from "@web/core/hotkeys/hotkey_hook";
import { registry } from "@web/core/registry";
import { user } from "@web/core/user";
import { useService } from "@web/core/utils/hooks";
import { FormViewDialog } from "@web/views/view_dialogs/form_view_dialog";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";
import { CustomerPanel } from "../customer_panel/customer_panel";

const ACTION = "crm_service_requests.crm_request_intake_action";
const ROLES = ["crm_roles.group_service_representative", "crm_roles.group_account_representative"];

/** Who the caller may be, and what there is with him already. */
export class IntakePanel extends Component {
    static template = "crm_service_requests.IntakePanel";
    static components = { CustomerPanel };
    static props = { ...standardWidgetProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.dialog = useService("dialog");
        useHotkey("control+enter", () => this.save(), { bypassEditableProtection: true });
    }

    get data() {
        return this.props.record.data;
    }

    get partnerId() {
        return this.data.partner_id && this.data.partner_id.id;
    }

    get candidates() {
        const candidates = this.data.candidates || [];
        return candidates.length > 1 ? candidates : [];
    }

    choose(candidate) {
        this.props.record.update({
            partner_id: { id: candidate.id, display_name: candidate.name },
        });
    }

    open(section, row) {
        this.dialog.add(FormViewDialog, { resModel: section.model, resId: row.id, readonly: true });
    }

    save() {
        document.activeElement?.blur();
        document.querySelector(".o_dialog .o_request_intake_save")?.click();
    }

    async add(row) {
        const { record } = this.props;
        if (await record.save()) {
            this.action.doAction(
                await this.orm.call("crm.request.intake", "action_add_to", [[record.resId], row.id])
            );
        }
    }
}

registry.category("view_widgets").add("request_intake_panel", {
    component: IntakePanel,
    fieldDependencies: [
        { name: "partner_id", type: "many2one", relation: "res.partner" },
        { name: "candidates", type: "json", readonly: true },
    ],
});

/** Takes down a request from wherever one is when the telephone rings. */
export const intakeService = {
    dependencies: ["action", "command"],
    async start(env, { action, command }) {
        const mayTake = await Promise.all(ROLES.map((role) => user.hasGroup(role)));
        if (mayTake.includes(true)) {
            command.add(_t("New Request by Phone"), () => action.doAction(ACTION), {
                hotkey: "alt+shift+r",
                global: true,
                hotkeyOptions: { bypassEditableProtection: true },
            });
        }
    },
};

registry.category("services").add("crm_service_requests.intake", intakeService);
