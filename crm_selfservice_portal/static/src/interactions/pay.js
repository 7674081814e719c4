import { Interaction } from "@web/public/interaction";
import { registry } from "@web/core/registry";

/**
 * What is ticked is added up while it is chosen; the server adds it up again before it is paid.
 */
export class Pay extends Interaction {
    static selector = ".crm_pay";
    dynamicContent = {
        _root: { "t-on-submit": this.onSubmit },
        // Who comes back by the browser's history may go on again.
        _window: { "t-on-pageshow": () => (this.isSent = false) },
        ".crm_pay_all": {
            "t-on-change": this.onTickAll,
            "t-att-class": () => ({ "d-none": false }),
        },
        ".crm_pay_item": { "t-on-change": () => {} },
        ".crm_pay_amount": { "t-on-input": this.onAmount },
        ".crm_pay_advance": { "t-on-input": () => {} },
        ".crm_pay_total_label": { "t-att-class": () => ({ "d-none": false }) },
        ".crm_pay_total": { "t-out": () => this.format(this.total) },
        // What comes to nothing is set off without money.
        ".crm_pay_submit": {
            "t-att-disabled": () => this.isSent || this.total < 0 || !this.isChosen,
        },
    };

    setup() {
        this.isSent = false;
        this.items = [...this.el.querySelectorAll(".crm_pay_item")];
    }

    get isChosen() {
        return this.items.some((item) => item.checked) || this.total > 0;
    }

    /** What is to be paid of all that is ticked. */
    get total() {
        const advances = [...this.el.querySelectorAll(".crm_pay_advance")];
        const amounts = [
            ...this.items.filter((item) => item.checked).map((item) => this.amountOf(item)),
            ...advances.map((input) => parseFloat(input.value) || 0),
        ];
        return Number(amounts.reduce((sum, amount) => sum + amount, 0).toFixed(6));
    }

    amountOf(item) {
        const input = item.closest("tr").querySelector(".crm_pay_amount");
        return parseFloat(input ? input.value : item.dataset.amount) || 0;
    }

    format(amount) {
        const { digits, symbol, position } = this.el.dataset;
        const number = amount.toLocaleString(document.documentElement.lang || undefined, {
            minimumFractionDigits: Number(digits),
            maximumFractionDigits: Number(digits),
        });
        return position === "before" ? `${symbol} ${number}` : `${number} ${symbol}`;
    }

    onTickAll(ev) {
        for (const item of this.items) {
            item.checked = ev.target.checked;
        }
    }

    /** Who writes an amount means to pay it. */
    onAmount(ev) {
        ev.target.closest("tr").querySelector(".crm_pay_item").checked = Boolean(ev.target.value);
    }

    onSubmit(ev) {
        if (this.isSent) {
            ev.preventDefault();
        }
        this.isSent = true;
    }
}

registry.category("public.interactions").add("crm_selfservice_portal.pay", Pay);
