from odoo import api, fields, models
from odoo.exceptions import LockError, UserError
from odoo.fields import Command, Domain
from odoo.tools import SQL

from .likeness import LIKE, likeness

# What is known of the request itself, and stays with it: its clocks, its name in imports.
KEPT_MODELS = {
    'crm.process.run', 'crm.process.task', 'crm.process.warning', 'crm.process.extension',
    'crm.request.turn', 'ir.model.data',
    # Whoever follows one of them follows the other from then on.
    'mail.followers',
}


class CrmRequest(models.Model):
    """Requests that mean the same become one; nothing of them is lost."""

    _inherit = 'crm.request'

    duplicate_count = fields.Integer("Likely Duplicates", compute='_compute_duplicate_count')

    @api.depends('name', 'partner_id', 'email_normalized', 'state')
    def _compute_duplicate_count(self):
        likely = self._likely_duplicates()
        for request in self:
            request.duplicate_count = len(likely[request])

    def _likely_duplicates(self):
        """Return other pending requests of the same customers with like subjects.

        :return: by request
        :rtype: dict[crm.request, crm.request]
        """
        pending = self.filtered_domain(self._pending_domain())
        others = self.search(self._pending_domain() & (
            self._customer_domain(pending.commercial_partner_id)
            | Domain('email_normalized', 'in', [
                address for address in pending.mapped('email_normalized') if address])))
        none = self.browse()
        return {
            request: others.filtered(
                lambda other, request=request: request._is_like(other))
            if request in pending else none for request in self}

    def _is_like(self, other):
        """Return whether another request is of the same customer and says the same."""
        self.ensure_one()
        same = (self.commercial_partner_id and (
            self.commercial_partner_id == other.commercial_partner_id)) or (
            self.email_normalized and self.email_normalized == other.email_normalized)
        return bool(same) and other.id != self._origin.id and self.company_id == (
            other.company_id) and likeness(self.name, other.name) >= LIKE

    def action_merge(self):
        """Open the choice of what is merged into what: these, and what is likely the same.

        :rtype: dict
        """
        action = self.env['ir.actions.act_window']._for_xml_id(
            'crm_service_requests.crm_request_merge_action')
        likely = self.union(*self._likely_duplicates().values())
        return {**action, 'context': {'default_request_ids': likely.ids}}

    def _merge_into(self, survivor):
        """Put everything of the requests under another one, and cancel them.

        Their numbers keep working: what comes in under them goes to the survivor.

        :param survivor: the request that goes on
        :raise UserError: if one of them is not pending, or of another company, or somebody
            else works on one of them at this moment
        """
        merged = self - survivor
        (merged | survivor)._check_mergeable()
        # sudo: crm.request - what belongs to a request goes with it, even what the user, who may
        # write both, does not see
        merged_sudo, survivor_sudo = merged.sudo(), survivor.sudo()
        merged_sudo._tell_of_merge(survivor_sudo)
        survivor_sudo.message_subscribe(merged_sudo.message_partner_ids.ids)
        survivor_sudo.write(survivor_sudo._prepare_merged_values(merged_sudo))
        for model, field, condition in merged_sudo._pointing_fields():
            merged_sudo._repoint(model, field, condition, survivor_sudo)
        self.env.invalidate_all()
        merged_sudo.write({
            'state': 'cancelled', 'merged_into_id': survivor.id,
            'resolution_id': self.env.ref(
                'crm_service_requests.crm_request_resolution_duplicate').id})
        for request in merged_sudo:
            request._message_log(body=self.env._(
                "Merged into %(request)s.", request=survivor_sudo._get_html_link()))

    def _check_mergeable(self):
        """Refuse to merge what is done, is of another company, or is being worked on."""
        self.check_access('write')
        if len(self) < 2:
            raise UserError(self.env._("Choose two requests or more to merge them."))
        if len(self.company_id) > 1:
            raise UserError(self.env._(
                "Requests of different companies cannot be merged: %(requests)s.",
                requests=", ".join(self.mapped('number'))))
        try:
            self.sorted('id').lock_for_update(allow_referencing=True)
        except LockError as error:
            raise UserError(self.env._(
                "Somebody works on one of %(requests)s at this moment. Try again.",
                requests=", ".join(self.mapped('number')))) from error
        for request in self - self.filtered_domain(self._pending_domain()):
            raise UserError(self.env._(
                "%(request)s is not pending. Reopen it before you merge it.",
                request=request.display_name))
        if len(self.commercial_partner_id) > 1 and not self.env.user.has_group(
                'crm_roles.group_service_supervisor'):
            raise UserError(self.env._(
                "The requests are of different customers: %(customers)s. Only a service "
                "supervisor merges them, since each would read what the other wrote.",
                customers=", ".join(self.commercial_partner_id.mapped('display_name'))))

    def _tell_of_merge(self, survivor):
        """Note on the survivor what was merged into it, with the words of the customers."""
        for request in self:
            survivor._message_log(body=self.env['ir.qweb']._render(
                'crm_service_requests.request_merged', {'merged': request}))

    @api.model
    def _merge_filled_fields(self):
        """Return the fields that a survivor without a value takes from what is merged into it.

        :rtype: list[str]
        """
        return [
            'partner_id', 'email_from', 'phone', 'user_id', 'origin_ref', 'description',
            'solution', 'resolution_id', 'date_first_answer']

    def _prepare_merged_values(self, merged):
        """Return what the survivor gains from the requests that are merged into it.

        :param merged: requests
        :rtype: dict
        """
        self.ensure_one()
        values = {'duration': self.duration + sum(merged.mapped('duration'))}
        for name in self._merge_filled_fields():
            found = next((request for request in merged if request[name]), None)
            if found and not self[name]:
                values[name] = self._fields[name].convert_to_write(found[name], found)
        for name, field in self._fields.items():
            if field.type == 'many2many' and field.store and not field.compute:
                values[name] = [Command.link(other) for other in merged[name].ids]
        values['priority'] = max((self | merged).mapped('priority'))
        if properties := self._merged_properties(merged):
            values['properties'] = properties
        return values

    def _merged_properties(self, merged):
        """Return the details of this request, where empty those of the merged ones.

        :rtype: dict
        """
        of_kind = (self | merged).filtered(lambda request: request.type_id == self.type_id)
        details = {}
        for request in of_kind - self | self:
            for line in request.read(['properties'])[0]['properties']:
                if line.get('value') or line['name'] not in details:
                    details[line['name']] = line.get('value')
        return {
            name: value[0] if isinstance(value, tuple) else value
            for name, value in details.items() if value}

    @api.model
    def _pointing_fields(self):
        """Return which fields of which models may name a request.

        :return: the model, the field, and which of its records name a request by it
        :rtype: list[tuple[models.Model, fields.Field, Domain]]
        """
        found = []
        for name in self.env.registry:
            model = self.env[name]
            if model._abstract or model._transient or not model._auto or name in KEPT_MODELS:
                continue
            for field in model._fields.values():
                if field.store and not field.related and not (field.compute and field.readonly):
                    condition = self._condition_of_naming(model, field)
                    if condition is not None:
                        found.append((model, field, condition))
        return found

    @api.model
    def _condition_of_naming(self, model, field):
        """Return which records of a model name a request by a field; None if none can.

        What requests of one family are to each other is no matter of merging.
        """
        if field.type in ('many2one', 'many2many'):
            names = field.comodel_name == self._name and model._name != self._name
            return Domain.TRUE if names else None
        if field.type == 'reference':
            return Domain.TRUE
        if field.name != 'res_id' or field.type not in ('many2one_reference', 'integer'):
            return None
        kind = next((name for name in ('res_model', 'model') if name in model._fields), None)
        return Domain(kind, '=', self._name) if kind else None

    def _repoint(self, model, field, condition, survivor):
        """Let the records that name one of the requests name the survivor.

        What names it already is left as it is.

        :param model: the model of the records
        :param field: the field that names a request
        :param condition: which records name a request by it
        :param survivor: the request that goes on
        """
        records = model.with_context(active_test=False)
        if field.type == 'reference':
            for request in self:
                records.search([(field.name, '=', f'{self._name},{request.id}')]).write(
                    {field.name: f'{self._name},{survivor.id}'})
            return
        named = records.search(condition & Domain(field.name, 'in', self.ids))
        if not named:
            return
        if field.type == 'many2many':
            named.write({field.name: [Command.link(survivor.id)]})
            return
        named.flush_recordset()
        self.env.cr.execute(SQL(
            "UPDATE %s SET %s = %s WHERE id IN %s", SQL.identifier(model._table),
            SQL.identifier(field.name), survivor.id, named._ids))
        named.invalidate_recordset([field.name])
        named.modified([field.name])
