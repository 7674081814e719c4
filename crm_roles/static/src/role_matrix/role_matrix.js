import { Component, onWillStart, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { download } from "@web/core/network/download";
import { usePopover } from "@web/core/popover/popover_hook";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { normalize } from "@web/core/l10n/utils";
import { Layout } from "@web/search/layout";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";

const OPERATIONS = [
    { name: "read", letter: _t("R"), label: _t("Read"), color: "info" },
    { name: "write", letter: _t("W"), label: _t("Write"), color: "warning" },
    { name: "create", letter: _t("C"), label: _t("Create"), color: "success" },
    { name: "unlink", letter: _t("D"), label: _t("Delete"), color: "danger" },
];

/** What a role may do with a document, in words and with what gives it. */
export class RoleMatrixDetails extends Component {
    static template = "crm_roles.RoleMatrixDetails";
    static props = {
        info: Object,
        openLines: { type: Function, optional: true },
        openRules: { type: Function, optional: true },
        close: { type: Function, optional: true },
    };
}

export class RoleMatrix extends Component {
    static template = "crm_roles.RoleMatrix";
    static components = { Layout };
    static props = { ...standardActionServiceProps };

    setup() {
        this.action = useService("action");
        this.orm = useService("orm");
        this.details = usePopover(RoleMatrixDetails, { popoverClass: "o_role_matrix_popover" });
        this.operations = OPERATIONS;
        this.display = { controlPanel: {} };
        this.state = useState({ search: "", onlyDifferent: false });
        onWillStart(async () => {
            this.matrix = await this.orm.call("crm.role.matrix", "get_matrix");
        });
    }

    /** The privileges, each with the number of roles below it. */
    get privileges() {
        const counts = new Map();
        for (const { privilege } of this.matrix.roles) {
            counts.set(privilege, (counts.get(privilege) || 0) + 1);
        }
        return [...counts].map(([name, count]) => ({ name, count }));
    }

    /** The applications, each with those of its documents that are asked for. */
    get applications() {
        const applications = new Map();
        for (const document of this.matrix.documents.filter((doc) => this.isShown(doc))) {
            const { application } = document;
            applications.set(application, [...(applications.get(application) || []), document]);
        }
        return [...applications].map(([name, documents]) => ({ name, documents }));
    }

    isShown(document) {
        const text = normalize(`${document.application} ${document.name} ${document.model}`);
        return (
            text.includes(normalize(this.state.search.trim())) &&
            (!this.state.onlyDifferent || this.isDifferent(document))
        );
    }

    /** Tell whether not all roles may do the same with a document. */
    isDifferent(document) {
        const said = this.matrix.roles.map(({ id }) =>
            OPERATIONS.map(({ name }) => {
                const right = document.cells[id][name];
                return right ? [right.scope, right.records, right.fields].join() : "";
            }).join(";")
        );
        return new Set(said).size > 1;
    }

    badgeClass(cell, { name, color }) {
        if (!cell[name]) {
            return "o_role_matrix_none";
        }
        return cell[name].scope === "all"
            ? `text-bg-${color} border border-${color}`
            : `border border-${color} text-${color} bg-transparent`;
    }

    /** The words on a cell: for its tooltip, and for its popover. */
    cellInfo(document, role) {
        const cell = document.cells[role.id];
        const rights = OPERATIONS.map(({ name }) => cell[name]).filter(Boolean);
        const lineIds = [...new Set(rights.flatMap((right) => right.line_ids))];
        const ruleIds = [...new Set(rights.flatMap((right) => right.rule_ids))];
        return {
            title: document.name,
            role: `${role.privilege} / ${role.name}`,
            rights: this.alikeRights(cell),
            lines: lineIds.map((id) => this.matrix.lines[id]),
            rules: ruleIds.map((id) => this.matrix.rules[id]),
            lineIds,
            ruleIds,
        };
    }

    /** Put the operations of a cell together that reach the same records and fields. */
    alikeRights(cell) {
        const rights = new Map();
        for (const operation of OPERATIONS) {
            const { scope, records, companies, fields } = cell[operation.name] || {};
            const key = [scope, records, companies, fields].join("|");
            if (!rights.has(key)) {
                rights.set(key, { scope, records, companies, fields, operations: [] });
            }
            rights.get(key).operations.push({
                letter: operation.letter.toString(),
                label: operation.label.toString(),
                badge: this.badgeClass(cell, operation),
            });
        }
        return [...rights.values()];
    }

    tooltipInfo(document, role) {
        return JSON.stringify({ info: this.cellInfo(document, role) });
    }

    /** Say a cell to who cannot see its colours. */
    ariaLabel(document, role) {
        const granted = OPERATIONS.filter(({ name }) => document.cells[role.id][name]);
        const labels = granted.map(({ label }) => label).join(", ") || _t("Nothing");
        return `${document.name}, ${role.privilege} / ${role.name}: ${labels}`;
    }

    openDetails(ev, document, role) {
        const info = this.cellInfo(document, role);
        const props = { info };
        if (this.matrix.may_open) {
            props.openLines = () =>
                this.openRecords(_t("Access Lines"), "ir.model.access", info.lineIds);
            props.openRules = () => this.openRecords(_t("Record Rules"), "ir.rule", info.ruleIds);
        }
        this.details.open(ev.currentTarget, props);
    }

    openRecords(name, model, ids) {
        this.details.close();
        this.action.doAction({
            type: "ir.actions.act_window",
            name,
            res_model: model,
            domain: [["id", "in", ids]],
            views: [
                [false, "list"],
                [false, "form"],
            ],
        });
    }

    onExport() {
        return download({ url: "/crm_roles/role_matrix/xlsx", data: {} });
    }
}

registry.category("actions").add("crm_roles.role_matrix", RoleMatrix);
