import { Component, onWillStart, onWillUpdateProps, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useHotkey } from "@web/core/hotkeys/hotkey_hook";
import { useService } from "@web/core/utils/hooks";
import { ListRenderer } from "@web/views/list/list_renderer";
import { listView } from "@web/views/list/list_view";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

const COLORS = { late: "danger", today: "warning", later: "success", free: "info" };

/** How much there is to do, by urgency; a click shows only that. */
export class InboxCounters extends Component {
    static template = "crm_service_requests.InboxCounters";
    static props = { list: Object };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.state = useState({ counters: [] });
        this.colors = COLORS;
        onWillStart(() => this.count());
        onWillUpdateProps(() => this.count());
    }

    async count() {
        this.state.counters = await this.orm.call("crm.request", "get_inbox_counters", []);
    }

    get items() {
        return this.env.searchModel.getSearchItems((item) => item.name?.startsWith("inbox_"));
    }

    isShown(name) {
        return this.items.some((item) => item.name === `inbox_${name}` && item.isActive);
    }

    toggle(name) {
        const { searchModel } = this.env;
        for (const item of this.items) {
            if (item.name === `inbox_${name}` || item.isActive) {
                searchModel.toggleSearchItem(item.id);
            }
        }
    }

    async next() {
        this.action.doAction(await this.orm.call("crm.request", "action_next", [[]]));
    }
}

export class InboxRenderer extends ListRenderer {
    static template = "crm_service_requests.InboxRenderer";
    static components = { ...ListRenderer.components, InboxCounters };
}

registry.category("views").add("crm_request_inbox", { ...listView, Renderer: InboxRenderer });

/** Leads from one request of the inbox to the next, without a way back through all of them. */
export class RequestNext extends Component {
    static template = "crm_service_requests.RequestNext";
    static props = { ...standardWidgetProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.state = useState({ position: 0, count: 0 });
        useHotkey("alt+n", () => this.next());
        onWillStart(() => this.locate(this.props));
        onWillUpdateProps((props) => this.locate(props));
    }

    get title() {
        return _t("The next request of my inbox (Alt+N)");
    }

    async locate({ record }) {
        if (record.resId) {
            Object.assign(
                this.state,
                await this.orm.call("crm.request", "get_inbox_position", [record.resId])
            );
        }
    }

    async next() {
        const { record } = this.props;
        if (await record.save()) {
            const action = await this.orm.call("crm.request", "action_next", [[record.resId]]);
            const stackPosition = action.res_model ? "replaceCurrentAction" : undefined;
            await this.action.doAction(action, { stackPosition });
        }
    }
}

registry.category("view_widgets").add("request_next", { component: RequestNext });
