import { Component } from "@odoo/owl";
import { DropdownItem } from "@web/core/dropdown/dropdown_item";
import { download } from "@web/core/network/download";
import { registry } from "@web/core/registry";
import { user } from "@web/core/user";
import { STATIC_ACTIONS_GROUP_NUMBER } from "@web/search/action_menus/action_menus";

const REPORTS = ["crm.sales.report", "crm.sales.comparison", "crm.sales.product"];

/** What a report of sales shows, grouped and filtered as it is, as a workbook. */
export class SalesWorkbook extends Component {
    static template = "crm_sales_facts.SalesWorkbook";
    static components = { DropdownItem };
    static props = {};

    onSelected() {
        const { resModel, domain, groupBy, context, facets } = this.env.searchModel;
        const filters = facets
            .filter(({ type }) => type !== "groupBy")
            .map(({ title, values, separator }) =>
                [title, values.join(` ${separator} `)].filter(Boolean).join(": ")
            );
        const data = {
            model: resModel,
            title: this.env.config.getDisplayName(),
            domain,
            groupby: groupBy,
            filters,
            context: { ...user.context, ...context },
        };
        return download({ url: "/crm_sales_facts/workbook", data: { data: JSON.stringify(data) } });
    }
}

registry.category("cogMenu").add("crm_sales_facts.workbook", {
    Component: SalesWorkbook,
    groupNumber: STATIC_ACTIONS_GROUP_NUMBER,
    isDisplayed: (env) => REPORTS.includes(env.searchModel?.resModel),
});
