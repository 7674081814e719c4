import { Component, onWillStart, onWillUpdateProps, useState } from "@odoo/owl";
import { browser } from "@web/core/browser/browser";
import { registry } from "@web/core/registry";
import { KeepLast } from "@web/core/utils/concurrency";
import { useService } from "@web/core/utils/hooks";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

const FOLDED = "crm_service_requests.folded.";

/** What else there is with a customer: requests, orders, bills and calls, the newest first. */
export class CustomerPanel extends Component {
    static template = "crm_service_requests.CustomerPanel";
    static props = {
        partnerId: { type: [Number, Boolean] },
        requestId: { type: [Number, Boolean], optional: true },
        open: { type: Function, optional: true },
        add: { type: Function, optional: true },
    };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.keepLast = new KeepLast();
        this.state = useState({ sections: [], folded: {} });
        onWillStart(() => this.load(this.props));
        onWillUpdateProps((props) => {
            if (props.partnerId !== this.props.partnerId || props.requestId !== this.props.requestId) {
                return this.load(props);
            }
        });
    }

    async load({ partnerId, requestId }) {
        if (!partnerId) {
            this.state.sections = [];
            return;
        }
        this.state.sections = await this.keepLast.add(
            this.orm.call("crm.request", "get_customer_panel", [partnerId, requestId || false])
        );
        for (const { name } of this.state.sections) {
            this.state.folded[name] = browser.localStorage.getItem(FOLDED + name) === "1";
        }
    }

    fold({ name }) {
        this.state.folded[name] = !this.state.folded[name];
        browser.localStorage.setItem(FOLDED + name, this.state.folded[name] ? "1" : "0");
    }

    openRow(section, row) {
        if (this.props.open) {
            this.props.open(section, row);
        } else {
            this.action.doAction({
                type: "ir.actions.act_window",
                res_model: section.model,
                res_id: row.id,
                views: [[false, "form"]],
            });
        }
    }

    openAll({ title, model, domain }) {
        this.action.doAction({
            type: "ir.actions.act_window",
            name: title,
            res_model: model,
            domain,
            views: [
                [false, "list"],
                [false, "form"],
            ],
        });
    }
}

/** The panel beside a request. */
export class RequestCustomerPanel extends Component {
    static template = "crm_service_requests.RequestCustomerPanel";
    static components = { CustomerPanel };
    static props = { ...standardWidgetProps };

    get partnerId() {
        const partner = this.props.record.data.partner_id;
        return partner && partner.id;
    }
}

registry.category("view_widgets").add("request_customer_panel", {
    component: RequestCustomerPanel,
    fieldDependencies: [{ name: "partner_id", type: "many2one", relation: "res.partner" }],
});
