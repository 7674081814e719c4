from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools.safe_eval import safe_eval


class CrmCallScript(models.Model):
    """What to say on the phone about one kind of document, step by step."""

    _name = 'crm.call.script'
    _description = "Call Script"
    _order = 'sequence, id'

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    res_model = fields.Selection(
        '_selection_res_model', "About", required=True, default=lambda self: self._default_model())
    domain = fields.Char(
        "For", required=True, default='[]',
        help="The documents this script is for. The first script that fits is shown.")
    step_ids = fields.One2many('crm.call.script.step', 'script_id', "Steps", copy=True)
    objection_ids = fields.One2many(
        'crm.call.script.objection', 'script_id', "Objections", copy=True)
    step_count = fields.Integer("Number of Steps", compute='_compute_step_count')
    warning = fields.Char(compute='_compute_warning')

    @api.model
    def _selection_res_model(self):
        return [('res.partner', self.env._("Customer")),
                *self.env['crm.call']._selection_document_ref()]

    @api.model
    def _default_model(self):
        return self._selection_res_model()[:2][-1][0]

    @api.depends('step_ids')
    def _compute_step_count(self):
        for script in self:
            script.step_count = len(script.step_ids)

    @api.depends('step_ids.sequence', 'step_ids.choice_ids.next_step_id')
    def _compute_warning(self):
        # All of them at once; each script looks at its own.
        self.mapped('step_ids.choice_ids.next_step_id')
        for script in self:
            lost = script.step_ids - script._reachable_steps()
            script.warning = bool(lost) and self.env._(
                "No answer leads to: %s. Callers will not see it.", ", ".join(lost.mapped('name'))
            )

    @api.constrains('domain', 'res_model')
    def _check_domain(self):
        for script in self:
            try:
                script._document_domain().validate(self.env[script.res_model])
                self.env[script.res_model].search_count(script._document_domain(), limit=1)
            except Exception as error:  # noqa: BLE001 - whatever a person types is his to correct
                raise ValidationError(self.env._(
                    "%(script)s: it cannot be told for which documents it is (%(error)s). "
                    "Choose the conditions again.", script=script.name, error=error)) from error

    @api.constrains('res_model')
    def _check_texts(self):
        for texts in (self.step_ids, self.objection_ids):
            texts._check_text()

    def copy_data(self, default=None):
        return [
            {**values, 'name': self.env._("%s (copy)", script.name)}
            if not (default or {}).get('name') else values
            for script, values in zip(self, super().copy_data(default), strict=True)
        ]

    def copy(self, default=None):
        copies = super().copy(default)
        for script, copied in zip(self, copies, strict=True):
            # The answers of the copy lead on in the copy.
            twins = dict(zip(script.step_ids, copied.step_ids, strict=True))
            for step, twin in twins.items():
                for choice, new in zip(step.choice_ids, twin.choice_ids, strict=True):
                    new.next_step_id = twins.get(choice.next_step_id)
        return copies

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        self.step_ids._unlink_except_used()

    def action_view_answers(self):
        """Open how the calls with this script went, step by step."""
        self.ensure_one()
        action = self.env['ir.actions.act_window']._for_xml_id('crm_calls.crm_call_answer_action')
        action['domain'] = [('script_id', '=', self.id)]
        return action

    @api.model
    def _find_for(self, document):
        """Return the script for a document: the first in use that is about it.

        :param document: one record that may be called about, or a `res.partner`
        :return: the script, or an empty recordset when there is none
        :rtype: crm.call.script
        """
        document.ensure_one()
        for script in self.search([('res_model', '=', document._name)]):
            if document.filtered_domain(script._document_domain()):
                return script
        return self.browse()

    def _prepare_for(self, document):
        """Return all a caller needs of the script, in plain data, with the texts for a document.

        :param document: the record the call is about
        :return: ``id``, ``name``; ``steps`` in their order, the call begins with the first: ``id``,
            ``name``, ``text`` (HTML), ``ask_text`` (a free answer is to be written down) and
            ``choices``: ``id``, ``name``, ``next_step_id`` (False: the script ends),
            ``outcome_id`` (proposed to log, or False); ``objections``: ``id``, ``name``, ``text``
        :rtype: dict
        """
        self.ensure_one()
        document.check_access('read')
        steps = self.step_ids & self._reachable_steps()
        return {
            'id': self.id,
            'name': self.name,
            'steps': [step._prepare_for(document) for step in steps],
            'objections': [objection._prepare_for(document) for objection in self.objection_ids],
        }

    def _document_domain(self):
        """Return the domain of the documents the script is for."""
        self.ensure_one()
        return Domain(safe_eval(self.domain or '[]', {'uid': self.env.uid}))

    def _reachable_steps(self):
        """Return the steps that some answer leads to, and the first one."""
        reachable = new = self.step_ids[:1]
        while new:
            new = (new.choice_ids.next_step_id & self.step_ids) - reachable
            reachable |= new
        return reachable

    @api.model
    def _check_answers(self, answers, document):
        """Refuse answers that are none of a script for such documents.

        :param list answers: a dict for each step that was shown, in their order: ``step_id``,
            and if there was an answer ``choice_id`` and ``text``
        :param document: the record the call is about
        :return: the values of the answers
        :rtype: list[dict]
        :raise UserError: naming the document and what is wrong
        """
        values = [self._check_answer(answer, document) for answer in answers or []]
        steps = self.env['crm.call.script.step'].browse(value['step_id'] for value in values)
        if len(steps.script_id) > 1:
            raise UserError(self.env._(
                "%(document)s: the answers belong to several scripts (%(scripts)s). "
                "Give those of one call.",
                document=document.display_name, scripts=", ".join(steps.script_id.mapped('name'))))
        return [{**value, 'sequence': number} for number, value in enumerate(values, 1)]

    @api.model
    def _check_answer(self, answer, document):
        """Return the values of one answer, see `_check_answers`."""
        unknown = isinstance(answer, dict) and set(answer) - {'step_id', 'choice_id', 'text'}
        if not isinstance(answer, dict) or unknown:
            raise UserError(self.env._(
                "%(document)s: an answer consists of step_id, choice_id and text, "
                "not of %(found)s.",
                document=document.display_name,
                found=", ".join(map(str, unknown or [])) or str(answer)))
        step = self._known('crm.call.script.step', answer.get('step_id'))
        if not step or step.script_id.res_model != document._name:
            raise UserError(self.env._(
                "%(document)s: step %(step)s is in no script for it. Open the document again.",
                document=document.display_name, step=answer.get('step_id')))
        choice = self._known('crm.call.script.choice', answer.get('choice_id'))
        if answer.get('choice_id') and choice.step_id != step:
            raise UserError(self.env._(
                "%(document)s: answer %(choice)s is none of \"%(step)s\". "
                "Choose one of: %(known)s.",
                document=document.display_name, choice=answer['choice_id'], step=step.name,
                known=", ".join(step.choice_ids.mapped('name')) or self.env._("none")))
        return {
            'step_id': step.id, 'choice_id': choice.id, 'text': (answer.get('text') or '').strip(),
        }

    @api.model
    def _known(self, model, record_id):
        """Return the record with an id from outside, archived or not, or an empty recordset."""
        records = self.env[model].with_context(active_test=False)
        return records.browse(record_id).exists() if type(record_id) is int else records
