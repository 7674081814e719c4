import { registry } from "@web/core/registry";
import { referenceField, ReferenceField } from "@web/views/fields/reference/reference_field";

// Documents of suppliers, which are about what a customer asks without being his.
const OF_SUPPLIERS = ["purchase.order", "stock.picking"];

/** Offers the documents of the customer who asks, not those of everybody. */
export class RequestOriginField extends ReferenceField {
    get m2oProps() {
        return { ...super.m2oProps, domain: () => this.documentDomain };
    }

    get documentDomain() {
        const customer = this.props.record.data.commercial_partner_id;
        if (!customer || OF_SUPPLIERS.includes(this.getRelation())) {
            return [];
        }
        return [["partner_id", "child_of", [customer.id]]];
    }
}

registry.category("fields").add("request_origin", {
    ...referenceField,
    component: RequestOriginField,
});
