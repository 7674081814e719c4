import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("crm_sales_facts_sheet", {
    steps: () => [
        {
            content: "The figures and the chart are there",
            trigger: ".o_sales_sheet:has(.o_sales_sheet_margin) .o_sales_sheet_chart canvas",
        },
        {
            content: "So are the products",
            trigger: ".o_sales_sheet_products tbody tr:contains(Pillar Drill):contains(300.00)",
        },
        {
            content: "Climb to the group of companies",
            trigger: ".o_sales_sheet .form-switch input:not(:checked)",
            run: "click",
        },
        {
            content: "The sister is in it",
            trigger: ".o_sales_sheet_products tbody tr:contains(500.00):contains(Sister)",
        },
        {
            content: "Look at the prices of a product",
            trigger: ".o_sales_sheet_products tbody tr:contains(500.00) button",
            run: "click",
        },
        { trigger: ".o_list_view .o_data_row:contains(500.00)" },
    ],
});
