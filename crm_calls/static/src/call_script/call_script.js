import { Component, markup, useState } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

/** The way of one call through its script: what was answered, and at which step it stands. */
export class ScriptRun {
    /** @param {Object} script as `get_call_script` gives it: its texts are made safe there */
    constructor(script) {
        const shown = (parts) => parts.map((part) => ({ ...part, text: markup(part.text) }));
        this.name = script.name;
        this.steps = shown(script.steps);
        this.objections = shown(script.objections);
        this.stepId = this.steps[0]?.id || false;
        this.text = "";
        this.given = [];
    }
    get step() {
        return this.steps.find((step) => step.id === this.stepId);
    }
    /** What was answered, and the step at which the call stands. */
    get answers() {
        const { stepId, text, given } = this;
        return stepId ? [...given, { step_id: stepId, choice_id: false, text }] : [...given];
    }
    /** The outcome that the last answer with a proposal proposes, or false. */
    get outcomeId() {
        const choices = this.steps.flatMap((step) => step.choices);
        return this.given
            .map(({ choice_id }) => choices.find((choice) => choice.id === choice_id).outcome_id)
            .findLast(Boolean) || false;
    }
    choose(choice) {
        this.given.push({ step_id: this.stepId, choice_id: choice.id, text: this.text });
        this.text = "";
        this.stepId = choice.next_step_id;
    }
    back() {
        const last = this.given.pop();
        this.stepId = last.step_id;
        this.text = last.text;
    }
}

/** The step of a script that is to be read out, its answers, and the cards for objections. */
export class CallScript extends Component {
    static template = "crm_calls.CallScript";
    static props = { run: Object, onChange: { type: Function, optional: true } };
    static defaultProps = { onChange: () => {} };

    choose(choice) {
        this.props.run.choose(choice);
        this.props.onChange();
    }
    back() {
        this.props.run.back();
        this.props.onChange();
    }
    write(ev) {
        this.props.run.text = ev.target.value;
    }
}

/** The script in a form: its answers are the value of the field, and propose the outcome. */
export class CallScriptField extends Component {
    static template = "crm_calls.CallScriptField";
    static components = { CallScript };
    static props = { ...standardFieldProps };

    setup() {
        const { script } = this.props.record.data;
        this.run = useState(script ? new ScriptRun(script) : {});
        this.proposedId = false;
    }
    update() {
        const changes = { [this.props.name]: this.run.answers };
        if (this.run.outcomeId && this.run.outcomeId !== this.proposedId) {
            changes.outcome_id = { id: this.run.outcomeId };
        }
        this.proposedId = this.run.outcomeId;
        return this.props.record.update(changes);
    }
}

registry.category("fields").add("call_script", {
    component: CallScriptField,
    supportedTypes: ["json"],
    fieldDependencies: [
        { name: "script", type: "json" },
        { name: "outcome_id", type: "many2one", relation: "crm.call.outcome" },
    ],
});
