import {
    Component,
    onWillStart,
    onWillUnmount,
    useExternalListener,
    useRef,
    useState,
} from "@odoo/owl";
import { keepHeld } from "@crm_calls/call_hold/call_hold";
import { CallScript, ScriptRun } from "@crm_calls/call_script/call_script";
import { dialTarget } from "@crm_calls/dial/dial";
import { browser } from "@web/core/browser/browser";
import { DateTimeInput } from "@web/core/datetime/datetime_input";
import { _t } from "@web/core/l10n/translation";
import { serializeDateTime } from "@web/core/l10n/dates";
import { usePopover } from "@web/core/popover/popover_hook";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { escape } from "@web/core/utils/strings";
import { Record } from "@web/model/record";
import { PropertiesField } from "@web/views/fields/properties/properties_field";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";

const MODEL = "sale.order";

/** The place in a list that a key with a digit stands for, whatever is printed on it with Shift. */
const place = (ev) => Number(/^(Digit|Numpad)([1-9])$/.exec(ev.code)?.[2]) - 1;

/** How long the call takes so far; by itself, so that nothing else is drawn anew each second. */
export class CallClock extends Component {
    static template = "crm_order_manager.CallClock";
    static props = { startedAt: Number };

    setup() {
        this.state = useState({ now: Date.now() });
        const timer = browser.setInterval(() => (this.state.now = Date.now()), 1000);
        onWillUnmount(() => browser.clearInterval(timer));
    }
    get time() {
        const seconds = Math.max(0, Math.floor((this.state.now - this.props.startedAt) / 1000));
        return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
    }
}

/** The keys of the desk and what they do. */
export class CallDeskHelp extends Component {
    static template = "crm_order_manager.CallDeskHelp";
    static props = { keys: Array, close: { type: Function, optional: true } };
}

/** The one screen of an order manager: the queue, the order, the script and how the call ended. */
export class CallDesk extends Component {
    static template = "crm_order_manager.CallDesk";
    static components = { CallClock, CallScript, DateTimeInput, PropertiesField, Record };
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.notification = useService("notification");
        this.ui = useService("ui");
        this.note = useRef("note");
        this.callback = useRef("callback");
        this.dial = useRef("dial");
        this.link = useRef("link");
        this.helpButton = useRef("help");
        this.help = usePopover(CallDeskHelp, {
            position: "bottom-end",
            setActiveElement: false,
        });
        this.state = useState({
            queue: { rows: [], total: 0, day: {} },
            outcomes: [],
            difficulties: [],
            difficultyId: false,
            asksDifficulty: false,
            order: null,
            run: null,
            startedAt: 0,
            note: "",
            callbackAt: false,
            callbackForAnyone: false,
            busy: false,
        });
        onWillStart(() => Promise.all([this.loadQueue(), this.loadOutcomes()]));
        useExternalListener(window, "keydown", this.onKeydown);
        onWillUnmount(() => this.leave());
    }

    // what the screen shows

    get advice() {
        const { difficulties, difficultyId } = this.state;
        return difficulties.find((difficulty) => difficulty.id === difficultyId)?.advice;
    }
    get dialTarget() {
        return dialTarget(this.state.order.dial_url);
    }
    /** The outcome the script proposes, if it is still in use. */
    get proposed() {
        const { outcomes, run } = this.state;
        return run && outcomes.find((outcome) => outcome.id === run.outcomeId);
    }
    outcomeClass(outcome) {
        const styles = { no_answer: "warning", callback: "info", progress: "success", won: "success" };
        const style = styles[outcome.kind] || "danger";
        return outcome === this.proposed
            ? `o_call_desk_proposed btn-${style}`
            : `btn-outline-${style}`;
    }

    // the queue

    async loadQueue() {
        this.state.queue = await this.orm.call(MODEL, "get_call_desk_queue", []);
    }
    async loadOutcomes() {
        [this.state.outcomes, this.state.difficulties] = await Promise.all([
            this.orm.searchRead(
                "crm.call.outcome",
                [["purpose", "in", [false, "payment"]]],
                ["name", "kind", "ask_difficulty"]
            ),
            this.orm.searchRead("crm.call.difficulty", [], ["name", "advice"]),
        ]);
    }

    /** One thing at a time: what is pressed while something is under way does not count. */
    async once(work) {
        if (this.state.busy) {
            return;
        }
        this.state.busy = true;
        try {
            await work();
        } finally {
            this.state.busy = false;
        }
    }

    next() {
        return this.once(() => this.takeNext());
    }
    async takeNext() {
        const taken = await this.orm.call(MODEL, "take_call_desk_order", []);
        if (taken) {
            await this.open(taken.id);
        } else {
            this.leave();
            this.notification.add(_t("Nobody waits for a call."), { type: "success" });
        }
        await this.loadQueue();
    }
    pick(row) {
        return this.once(async () => {
            await this.orm.call(MODEL, "action_hold", [[row.id]]);
            await this.open(row.id);
        });
    }
    read(id) {
        return this.orm.call(MODEL, "get_call_desk_order", [[id]]);
    }
    async open(id) {
        this.leave();
        const order = await this.read(id);
        this.giveBack = keepHeld(this.orm, MODEL, id);
        Object.assign(this.state, {
            order,
            run: order.script ? new ScriptRun(order.script) : null,
            startedAt: Date.now(),
            note: "",
            callbackAt: false,
            callbackForAnyone: false,
            // A failed payment tells what the matter is.
            difficultyId: order.difficulty_id,
            asksDifficulty: Boolean(order.difficulty_id),
        });
    }
    leave() {
        this.giveBack?.();
        this.giveBack = undefined;
        this.state.order = null;
    }
    async reload() {
        if (this.state.order) {
            this.state.order = await this.read(this.state.order.id);
        }
        await this.loadQueue();
    }

    // how the call ended

    log(outcome) {
        return this.once(async () => {
            const { order, run, startedAt, note, callbackAt, difficultyId } = this.state;
            if (outcome.kind === "callback" && !callbackAt) {
                this.focusCallback();
                this.notification.add(_t("Say when to call back, then press it again."), { type: "info" });
                return;
            }
            if (outcome.ask_difficulty && !difficultyId) {
                this.state.asksDifficulty = true;
                this.notification.add(
                    _t("Say what keeps the customer from paying, then press it again."),
                    { type: "info" }
                );
                return;
            }
            await this.orm.call(MODEL, "log_call", [[order.id]], {
                outcome: outcome.id,
                callback_at: callbackAt ? serializeDateTime(callbackAt) : null,
                callback_personal: !this.state.callbackForAnyone,
                duration: Math.round((Date.now() - startedAt) / 6000) / 10,
                note: note || null,
                answers: run ? run.answers : [],
                difficulty: outcome.ask_difficulty ? difficultyId : null,
            });
            await this.takeNext();
        });
    }
    focusCallback() {
        this.callback.el?.querySelector("input")?.focus();
    }
    setDifficulty(ev) {
        this.state.difficultyId = Number(ev.target.value) || false;
    }
    setCallback(value) {
        this.state.callbackAt = value;
    }

    // the order and its customer

    sendPaymentLink() {
        return this.once(async () => {
            const done = await this.orm.call(MODEL, "action_send_payment_link", [
                [this.state.order.id],
            ]);
            this.notification.add(done.params.message, { type: "success" });
            await this.reload();
        });
    }
    async saveCustomer(field, ev) {
        const value = ev.target.value.trim();
        if (value === field.value) {
            return;
        }
        const html = value.split("\n").map(escape).join("<br/>");
        await this.orm.write("res.partner", [this.state.order.customer.id], {
            [field.name]: field.long ? html : value,
        });
        field.value = value;
        this.notification.add(_t("Saved"), { type: "success" });
    }
    /** Saves each property as it is changed, as the fields above them. */
    get propertiesHooks() {
        return {
            onRecordChanged: (record) => {
                // Not awaited: it begins when the change is done, and the change awaits this.
                record
                    .save({ reload: false })
                    .then(() => this.notification.add(_t("Saved"), { type: "success" }));
            },
        };
    }
    async registerPayment() {
        const action = await this.orm.call(MODEL, "action_register_payment", [[this.state.order.id]]);
        await this.action.doAction(action, { onClose: () => this.reload() });
    }
    openOrder() {
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: MODEL,
            res_id: this.state.order.id,
            views: [[false, "form"]],
        });
    }

    // the keys

    /** The keys and what they do; while no order is open only the first of them does anything. */
    get keys() {
        const { order, outcomes, run } = this.state;
        return [
            { key: "N", does: _t("Next order"), run: () => this.next() },
            { key: "?", does: _t("This list"), run: () => this.toggleHelp() },
            ...(order
                ? [
                      {
                          key: "1-9",
                          does: _t("Log the call with this outcome"),
                          fits: (ev) => !ev.shiftKey && outcomes[place(ev)],
                          run: (ev) => this.log(outcomes[place(ev)]),
                      },
                      {
                          key: _t("Enter"),
                          does: _t("Log the call with the outcome the script proposes"),
                          fits: (ev) => ev.key === "Enter" && this.proposed,
                          run: () => this.log(this.proposed),
                      },
                      {
                          key: _t("Shift + 1-9"),
                          does: _t("The customer gives this answer"),
                          fits: (ev) => ev.shiftKey && run?.step?.choices[place(ev)],
                          run: (ev) => run.choose(run.step.choices[place(ev)]),
                      },
                      {
                          key: _t("Backspace"),
                          does: _t("One step back in the script"),
                          fits: (ev) => ev.key === "Backspace" && run?.given.length,
                          run: () => run.back(),
                      },
                      { key: "B", does: _t("When to call back"), run: () => this.focusCallback() },
                      { key: "W", does: _t("Write what was said"), run: () => this.note.el?.focus() },
                      { key: "C", does: _t("Call the customer"), run: () => this.dial.el?.click() },
                      { key: "L", does: _t("Send the payment link"), run: () => this.link.el?.click() },
                      { key: "O", does: _t("Open the order"), run: () => this.openOrder() },
                  ]
                : []),
        ];
    }
    toggleHelp() {
        if (this.help.isOpen) {
            this.help.close();
        } else {
            this.help.open(this.helpButton.el, { keys: this.keys });
        }
    }
    onKeydown(ev) {
        const { tagName, isContentEditable } = ev.target;
        const typing = ["INPUT", "TEXTAREA", "SELECT"].includes(tagName) || isContentEditable;
        // Enter and the space bar press the button they are on.
        const pressing = ["A", "BUTTON", "SUMMARY"].includes(tagName) && ev.key === "Enter";
        const inDialog = this.ui.activeElement !== document;
        if (typing || pressing || inDialog || ev.ctrlKey || ev.metaKey || ev.altKey) {
            return;
        }
        const fits = ({ key, fits }) => (fits ? fits(ev) : ev.key.toUpperCase() === key);
        const known = this.keys.find(fits);
        if (known) {
            ev.preventDefault();
            known.run(ev);
        }
    }
}

registry.category("actions").add("crm_order_manager.call_desk", CallDesk);
