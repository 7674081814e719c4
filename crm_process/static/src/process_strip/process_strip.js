import { Component } from "@odoo/owl";
import { toLocaleDateTimeString } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { usePopover } from "@web/core/popover/popover_hook";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

export const COLORS = { on_time: "success", at_risk: "warning", late: "danger" };
const LABELS = { on_time: _t("On Time"), at_risk: _t("At Risk"), late: _t("Late") };

/** How the deadline came about, step by step. */
export class ProcessExplanation extends Component {
    static template = "crm_process.ProcessExplanation";
    static props = ["close", "tasks", "openSteps"];

    setup() {
        this.colors = COLORS;
    }
}

/** In which step a document stands, until when it is due, and how much of the norm is used. */
export class ProcessStrip extends Component {
    static template = "crm_process.ProcessStrip";
    static props = { ...standardWidgetProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.popover = usePopover(ProcessExplanation, { position: "bottom-start" });
    }

    get data() {
        return this.props.record.data;
    }

    get label() {
        return LABELS[this.data.process_status];
    }

    get color() {
        return COLORS[this.data.process_status];
    }

    get deadline() {
        const deadline = this.data.process_deadline;
        return deadline && toLocaleDateTimeString(deadline, { showSeconds: false });
    }

    get remaining() {
        return this.data.process_deadline && this.data.process_deadline.toRelative();
    }

    get progress() {
        return Math.round(this.data.process_progress);
    }

    async explain(event) {
        const target = event.currentTarget;
        const { resModel, resId } = this.props.record;
        const tasks = await this.orm.call(resModel, "get_process_explanation", [[resId]]);
        this.popover.open(target, { tasks, openSteps: () => this.openSteps() });
    }

    async openSteps() {
        this.popover.close();
        const { resModel, resId } = this.props.record;
        this.action.doAction(await this.orm.call(resModel, "action_view_process", [[resId]]));
    }
}

registry.category("view_widgets").add("process_strip", {
    component: ProcessStrip,
    fieldDependencies: [
        { name: "process_status", type: "selection", selection: [], readonly: true },
        { name: "process_step", type: "char", readonly: true },
        { name: "process_deadline", type: "datetime", readonly: true },
        { name: "process_progress", type: "float", readonly: true },
        { name: "process_prediction", type: "char", readonly: true },
    ],
});
