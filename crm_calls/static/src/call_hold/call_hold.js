import { Component, useEffect } from "@odoo/owl";
import { browser } from "@web/core/browser/browser";
import { registry } from "@web/core/registry";
import { user } from "@web/core/user";
import { useService } from "@web/core/utils/hooks";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

// A tab that crashed cannot say goodbye; after so long nobody believes it is still open.
const TAB_LIFETIME = 12 * 60 * 60 * 1000;
const TAB = `${Date.now()}-${Math.random()}`;

/** The tabs of this browser in which a document is open, kept where all of them see it. */
export class OpenTabs {
    constructor(key) {
        this.key = `crm_calls.hold.${key}`;
    }
    _read() {
        const tabs = JSON.parse(browser.localStorage.getItem(this.key) || "{}");
        const alive = Object.entries(tabs).filter(([, since]) => Date.now() - since < TAB_LIFETIME);
        return Object.fromEntries(alive);
    }
    enter() {
        browser.localStorage.setItem(this.key, JSON.stringify({ ...this._read(), [TAB]: Date.now() }));
    }
    /** @returns {boolean} whether this was the last tab */
    leave() {
        const { [TAB]: _own, ...others } = this._read();
        if (Object.keys(others).length) {
            browser.localStorage.setItem(this.key, JSON.stringify(others));
            return false;
        }
        browser.localStorage.removeItem(this.key);
        return true;
    }
}

/**
 * Keeps a document held until its screen or the whole page is left, then gives it back.
 *
 * @param {Object} orm the service
 * @param {string} resModel
 * @param {number} resId
 * @returns {Function} to be called when the screen is left
 */
export function keepHeld(orm, resModel, resId) {
    const tabs = new OpenTabs(`${resModel}.${resId}`);
    tabs.enter();
    const onPageHide = () => {
        if (tabs.leave()) {
            const data = new FormData();
            data.append("csrf_token", odoo.csrf_token);
            data.append("res_model", resModel);
            data.append("res_id", resId);
            browser.navigator.sendBeacon("/crm_calls/release", data);
        }
    };
    browser.addEventListener("pagehide", onPageHide);
    return () => {
        browser.removeEventListener("pagehide", onPageHide);
        if (tabs.leave()) {
            orm.silent.call(resModel, "action_release", [[resId]]);
        }
    };
}

/**
 * Holds the document of a form for the user while it is open, and gives it back when he leaves.
 * Says who is on the phone about it when it is somebody else.
 */
export class CallHold extends Component {
    static template = "crm_calls.CallHold";
    static props = { ...standardWidgetProps };

    setup() {
        this.orm = useService("orm");
        useEffect(
            (resId) => {
                if (resId && this.props.record.context.call_queue) {
                    this.hold(resId);
                }
            },
            () => [this.props.record.resId]
        );
        useEffect(
            (resId, isMine) => (resId && isMine ? this.keep(resId) : undefined),
            () => [this.props.record.resId, this.isMine]
        );
    }

    get holder() {
        return this.props.record.data.call_user_id;
    }
    get isMine() {
        return this.holder?.id === user.userId;
    }
    get isTheirs() {
        return Boolean(this.holder) && !this.isMine;
    }

    /** Holds a document that was opened from the queue, unless somebody is on the phone about it. */
    async hold(resId) {
        const { record } = this.props;
        if (!this.holder && record.data.call_state !== "done") {
            await this.orm.silent.call(record.resModel, "action_hold", [[resId]]);
            await record.load();
        }
    }

    keep(resId) {
        return keepHeld(this.orm, this.props.record.resModel, resId);
    }
}

registry.category("view_widgets").add("call_hold", {
    component: CallHold,
    fieldDependencies: [
        { name: "call_user_id", type: "many2one", relation: "res.users" },
        { name: "call_state", type: "selection" },
    ],
});
