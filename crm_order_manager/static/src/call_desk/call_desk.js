import {
    Component,
    markup,
    onWillStart,
    onWillUnmount,
    useExternalListener,
    useRef,
    useState,
} from "@odoo/owl";
import { keepHeld } from "@crm_calls/call_hold/call_hold";
import { dialTarget } from "@crm_calls/dial/dial";
import { browser } from "@web/core/browser/browser";
import { DateTimeInput } from "@web/core/datetime/datetime_input";
import { _t } from "@web/core/l10n/translation";
import { serializeDateTime } from "@web/core/l10n/dates";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { escape } from "@web/core/utils/strings";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";

const MODEL = "sale.order";

/** The one screen of an order manager: the queue, the order, the script and how the call ended. */
export class CallDesk extends Component {
    static template = "crm_order_manager.CallDesk";
    static components = { DateTimeInput };
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.notification = useService("notification");
        this.note = useRef("note");
        this.callback = useRef("callback");
        this.state = useState({
            queue: { rows: [], total: 0, day: {} },
            outcomes: [],
            difficulties: [],
            difficultyId: false,
            asksDifficulty: false,
            order: null,
            seconds: 0,
            stepId: false,
            answers: [],
            note: "",
            text: "",
            callbackAt: false,
            busy: false,
        });
        onWillStart(() => Promise.all([this.loadQueue(), this.loadOutcomes()]));
        this.timer = browser.setInterval(() => this.state.order && this.state.seconds++, 1000);
        useExternalListener(window, "keydown", this.onKeydown);
        onWillUnmount(() => {
            browser.clearInterval(this.timer);
            this.leave();
        });
    }

    // what the screen shows

    get clock() {
        const { seconds } = this.state;
        return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
    }
    get step() {
        return this.state.order?.script?.steps.find((step) => step.id === this.state.stepId);
    }
    get advice() {
        const { difficulties, difficultyId } = this.state;
        return difficulties.find((difficulty) => difficulty.id === difficultyId)?.advice;
    }
    get dialTarget() {
        return dialTarget(this.state.order.dial_url);
    }
    outcomeClass(kind) {
        const style = { no_answer: "warning", callback: "info", progress: "success", won: "success" };
        return `btn-outline-${style[kind] || "danger"}`;
    }

    // the queue

    async loadQueue() {
        this.state.queue = await this.orm.call(MODEL, "get_call_desk_queue", []);
    }
    async loadOutcomes() {
        [this.state.outcomes, this.state.difficulties] = await Promise.all([
            this.orm.searchRead("crm.call.outcome", [], ["name", "kind", "ask_difficulty"]),
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
    async read(id) {
        const order = await this.orm.call(MODEL, "get_call_desk_order", [[id]]);
        const { steps = [], objections = [] } = order.script || {};
        for (const part of [...steps, ...objections]) {
            // The server has rendered the text for this order and made it safe.
            part.text = markup(part.text);
        }
        return order;
    }
    async open(id) {
        this.leave();
        const order = await this.read(id);
        this.giveBack = keepHeld(this.orm, MODEL, id);
        Object.assign(this.state, {
            order,
            seconds: 0,
            stepId: order.script ? order.script.steps[0]?.id : false,
            answers: [],
            note: "",
            text: "",
            callbackAt: false,
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

    // the script

    choose(choice) {
        const { stepId, text } = this.state;
        this.state.answers.push({ step_id: stepId, choice_id: choice.id, text });
        this.state.text = "";
        this.state.stepId = choice.next_step_id;
    }
    stepBack() {
        const last = this.state.answers.pop();
        this.state.stepId = last.step_id;
        this.state.text = last.text;
    }
    /** What was answered, and the step at which the call ended if somebody heard it. */
    answers(outcome) {
        const { stepId, text, answers } = this.state;
        const heard = !["no_answer", "invalid"].includes(outcome.kind);
        return stepId && heard ? [...answers, { step_id: stepId, choice_id: false, text }] : answers;
    }

    // how the call ended

    log(outcome) {
        return this.once(async () => {
            const { order, seconds, note, callbackAt, difficultyId } = this.state;
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
                duration: Math.round(seconds / 6) / 10,
                note: note || null,
                answers: this.answers(outcome),
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

    onKeydown(ev) {
        const typing = ["INPUT", "TEXTAREA", "SELECT"].includes(ev.target.tagName);
        if (typing || ev.target.isContentEditable || ev.ctrlKey || ev.metaKey || ev.altKey) {
            return;
        }
        const outcome = this.state.order && this.state.outcomes[Number(ev.key) - 1];
        if (ev.key.toLowerCase() === "n") {
            ev.preventDefault();
            this.next();
        } else if (ev.key.toLowerCase() === "b" && this.state.order) {
            ev.preventDefault();
            this.focusCallback();
        } else if (outcome) {
            ev.preventDefault();
            this.log(outcome);
        }
    }
}

registry.category("actions").add("crm_order_manager.call_desk", CallDesk);
