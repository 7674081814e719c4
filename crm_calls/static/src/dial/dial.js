import { Component } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

/** Where a link to dial opens: a page in a tab of its own, anything else in the dialler itself. */
export function dialTarget(url) {
    return /^https?:/i.test(url) ? "_blank" : "_self";
}

/** A button that calls: the link comes from the server, which knows the dialler. */
export class DialField extends Component {
    static template = "crm_calls.DialField";
    static props = { ...standardFieldProps };

    get url() {
        return this.props.record.data[this.props.name];
    }
    get target() {
        return dialTarget(this.url);
    }
}

registry.category("fields").add("dial", { component: DialField, supportedTypes: ["char"] });
