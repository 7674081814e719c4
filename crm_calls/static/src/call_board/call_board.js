import { Component, onWillStart, onWillUnmount, useExternalListener, useState } from "@odoo/owl";
import { browser } from "@web/core/browser/browser";
import { ConnectionLostError } from "@web/core/network/rpc";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";

const REFRESH_EVERY = 30 * 1000;

/** How the calls go today; it keeps itself up to date while somebody can see it. */
export class CallBoard extends Component {
    static template = "crm_calls.CallBoard";
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.state = useState({ board: null, isLate: false });
        onWillStart(() => this.load());
        const timer = browser.setInterval(() => this.refresh(), REFRESH_EVERY);
        useExternalListener(document, "visibilitychange", () => this.refresh());
        onWillUnmount(() => browser.clearInterval(timer));
    }

    get busiest() {
        return Math.max(1, ...this.state.board.hours.map((hour) => hour.calls));
    }
    height(calls) {
        return `height: ${Math.round((100 * calls) / this.busiest)}%`;
    }

    async load() {
        this.state.board = await this.orm.silent.call("crm.call.board", "get_board", []);
    }
    async refresh() {
        if (document.hidden) {
            return;
        }
        try {
            await this.load();
            this.state.isLate = false;
        } catch (error) {
            if (!(error instanceof ConnectionLostError)) {
                throw error;
            }
            // The next round tries again; until then the figures say of when they are.
            this.state.isLate = true;
        }
    }
    openCalls(person) {
        return this.action.doAction("crm_calls.crm_call_action", {
            additionalContext: { search_default_user_id: person.id, search_default_today: 1 },
        });
    }
}

registry.category("actions").add("crm_calls.call_board", CallBoard);
