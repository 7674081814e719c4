import { Component, onWillStart, onWillUpdateProps, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

/** The steps of a process one after the other, and how many documents stand in each. */
export class ProcessPicture extends Component {
    static template = "crm_process.ProcessPicture";
    static props = { ...standardWidgetProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.state = useState({ picture: null });
        onWillStart(() => this.load(this.props.record));
        onWillUpdateProps((props) => this.load(props.record));
    }

    async load(record) {
        // What is typed and not saved is pictured once it is.
        const key = JSON.stringify([record.resId, record.data.write_date, record.data.state]);
        if (!record.resId || (this.key === key && record.dirty)) {
            return;
        }
        this.key = key;
        this.state.picture = await this.orm.call("crm.process", "get_picture", [[record.resId]]);
    }

    get empty() {
        return !this.state.picture || !this.state.picture.steps.length;
    }

    get scale() {
        const { steps, hours } = this.state.picture;
        return Math.max(hours, ...steps.map((step) => step.end + step.tolerance)) || 1;
    }

    style(from, to) {
        const left = (100 * from) / this.scale;
        return `left: ${left}%; width: ${Math.max(0.5, (100 * to) / this.scale - left)}%`;
    }

    hours(value) {
        return Math.round(value * 100) / 100;
    }

    waitsFor(step) {
        return step.waits_for.length ? _t("after %s", step.waits_for.join(", ")) : "";
    }

    async openStep(step) {
        const { resId } = this.props.record;
        const action = await this.orm.call("crm.process", "action_open_step", [[resId], step.id]);
        this.action.doAction(action);
    }
}

registry.category("view_widgets").add("process_picture", {
    component: ProcessPicture,
    fieldDependencies: [{ name: "write_date", type: "datetime", readonly: true }],
});
