import { Component, onWillStart, onMounted, onPatched, onWillUnmount, useRef, useState } from "@odoo/owl";
import { loadBundle } from "@web/core/assets";
import { deserializeDate, deserializeDateTime, formatDate } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { download } from "@web/core/network/download";
import { registry } from "@web/core/registry";
import { user } from "@web/core/user";
import { useService } from "@web/core/utils/hooks";
import { Layout } from "@web/search/layout";
import { formatFloat, formatMonetary } from "@web/views/fields/formatters";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";

const COLORS = { amounts: "#017e84", before: "#b9c4cc", margins: "#8f4a6f" };

/** What a customer has bought: a year's chart, his products, and what he still waits for. */
export class SalesSheet extends Component {
    static template = "crm_sales_facts.SalesSheet";
    static components = { Layout };
    static props = { ...standardActionServiceProps };

    setup() {
        this.action = useService("action");
        this.orm = useService("orm");
        this.canvas = useRef("canvas");
        this.display = { controlPanel: {} };
        this.partnerId = this.props.action.context.active_id;
        this.state = useState({ wholeGroup: false, sheet: null });
        onWillStart(() => Promise.all([loadBundle("web.chartjs_lib"), this.load()]));
        onMounted(() => this.draw());
        onPatched(() => this.draw());
        onWillUnmount(() => this.chart?.destroy());
    }

    get sheet() {
        return this.state.sheet;
    }

    async load() {
        this.state.sheet = await this.orm.call("res.partner", "get_sales_sheet", [
            [this.partnerId],
            this.state.wholeGroup,
        ]);
        this.env.config.setDisplayName(_t("Sales and Profit"));
    }

    async onGroupChange(ev) {
        this.state.wholeGroup = ev.target.checked;
        await this.load();
    }

    draw() {
        this.chart?.destroy();
        const { labels, amounts, before, margins } = this.sheet.months;
        const datasets = [
            { label: _t("Sales"), data: amounts, backgroundColor: COLORS.amounts },
            { label: _t("Year before"), data: before, backgroundColor: COLORS.before },
        ];
        if (this.sheet.margin) {
            datasets.push({
                label: _t("Margin"),
                data: margins,
                type: "line",
                borderColor: COLORS.margins,
                backgroundColor: COLORS.margins,
            });
        }
        this.chart = new Chart(this.canvas.el, {
            type: "bar",
            data: { labels: labels.map((day) => deserializeDate(day).toFormat("LLL yy")), datasets },
            options: {
                maintainAspectRatio: false,
                animation: false,
                scales: { y: { ticks: { callback: (value) => this.money(value, 0) } } },
                plugins: {
                    tooltip: {
                        callbacks: {
                            label: ({ dataset, raw }) => `${dataset.label}: ${this.money(raw)}`,
                        },
                    },
                },
            },
        });
    }

    money(amount, decimals = 2) {
        return formatMonetary(amount, {
            currencyId: this.sheet.currency_id,
            digits: [16, decimals],
        });
    }

    number(value, decimals = 2) {
        return formatFloat(value, { digits: [16, decimals], trailingZeros: false });
    }

    date(value) {
        return value ? formatDate(deserializeDate(value)) : "";
    }

    day(value) {
        return value ? formatDate(deserializeDateTime(value)) : "";
    }

    get domain() {
        return this.state.wholeGroup
            ? [["family_id", "=", this.sheet.family_id]]
            : [["partner_id", "=", this.sheet.id]];
    }

    onWorkbook() {
        return download({
            url: `/crm_sales_facts/customer/${this.sheet.id}/xlsx`,
            data: {
                whole_group: this.state.wholeGroup ? "1" : "",
                context: JSON.stringify(user.context),
            },
        });
    }

    openReport() {
        return this.open("crm_sales_facts.crm_sales_report_action", this.sheet.name, this.domain);
    }

    openProducts() {
        return this.open("crm_sales_facts.crm_sales_product_action", this.sheet.name, this.domain);
    }

    openPrices(product) {
        const domain = [
            ["partner_id", "=", product.partner_id],
            ["product_id", "=", product.product_id],
            ["kind", "=", "sale"],
        ];
        return this.open("crm_sales_facts.crm_sales_price_action", product.name, domain);
    }

    openOrder(line) {
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "sale.order",
            res_id: line.order_id,
            views: [[false, "form"]],
        });
    }

    async open(reference, name, domain) {
        const action = await this.action.loadAction(reference);
        return this.action.doAction({ ...action, name, display_name: name, domain, context: {} });
    }
}

registry.category("actions").add("crm_sales_facts.sales_sheet", SalesSheet);
