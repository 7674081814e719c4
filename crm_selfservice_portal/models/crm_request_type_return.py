from odoo import models
from odoo.fields import Command, Domain

from odoo.addons.crm_service_requests import web_values

# So many purchases are offered, the newest.
OFFERED = 30


class CrmRequestType(models.Model):
    """A return: the customer says how much of which purchase goes back, and why."""

    _inherit = 'crm.request.type'

    def _web_details(self, form, zone):
        details = super()._web_details(form, zone)
        if self.kind != 'return':
            return details
        lines = self.env['crm.request.return.line']
        return {
            **details,
            'purchases': self._returnable(),
            'conditions': lines._fields['condition']._description_selection(self.env),
            'reasons': self._return_reasons(),
        }

    def _read_web_details(self, form, zone):
        values, errors = super()._read_web_details(form, zone)
        if self.kind == 'return':
            lines = [self._read_return_line(form, purchase, errors)
                     for purchase in self._returnable(self._named_purchases(form))]
            values['return_line_ids'] = [Command.create(line) for line in lines if line]
        return values, errors

    def _preview_web_details(self, values):
        told = super()._preview_web_details(values)
        if self.kind != 'return':
            return told
        policy = self.env['crm.return.policy']._in_force(self._web_company())
        if not policy:
            return told
        if not values.get('return_line_ids'):
            return [*told, self.env._("Say below how much of what goes back.")]
        lines = self._web_request(values).return_line_ids
        return told + [
            self._say_decision(line, decision, text)
            for line, decision, text in lines._decisions(
                policy.with_context(lang=self.env.lang))]

    def _say_decision(self, line, decision, text):
        """Return in words what will be answered about a line."""
        _ = self.env._
        words = {'product': line.product_id.display_name, 'reason': text}
        if decision.accepted:
            return _("%(product)s: may go back. %(reason)s", **words)
        return _("%(product)s: may not go back. %(reason)s", **words)

    def _returnable(self, ids=None):
        """Return what may still go back of what the customer bought, the newest first.

        :param ids: only these purchases
        :rtype: crm.return.purchase
        """
        domain = self._web_purchases() & Domain('returnable', '>', 0) & Domain(
            'product_id.type', '=', 'consu')
        if ids is not None:
            domain &= Domain('id', 'in', ids)
        # sudo: crm.return.purchase - only what is on documents that the user sees
        return self.env['crm.return.purchase'].sudo().search(domain, limit=OFFERED)

    def _named_purchases(self, form):
        """Return the purchases of which a form says how much goes back."""
        names = [
            name.removeprefix('quantity_') for name in form
            if name.startswith('quantity_') and form[name].strip()]
        return [int(name) for name in names if name.isdecimal() and len(name) < 10]

    def _read_return_line(self, form, purchase, errors):
        """Return the values of a line, none when nothing of it goes back."""
        label, name = purchase.product_id.display_name, f'quantity_{purchase.id}'
        quantity = self._read_web_value(form, name, label, web_values.number, errors)
        if not quantity:
            return None
        if not 0 < quantity <= purchase.returnable:
            errors[name] = self.env._(
                "%(product)s: only %(left)s of %(bought)s can still go back.", product=label,
                left=f'{purchase.returnable:g}', bought=f'{purchase.bought:g}')
        conditions = dict(
            self.env['crm.request.return.line']._fields['condition'].selection)
        condition = form.get(f'condition_{purchase.id}', '')
        reason = form.get(f'reason_{purchase.id}', '')
        return {
            'sale_line_id': purchase.sale_line_id.id,
            'move_line_id': purchase.move_line_id.id,
            'quantity': quantity,
            'condition': condition if condition in conditions else 'unopened',
            'reason_id': self._return_reasons().filtered(
                lambda known: str(known.id) == reason).id,
        }

    def _return_reasons(self):
        # sudo: crm.return.reason - customers choose why
        return self.env['crm.return.reason'].sudo().search([], limit=OFFERED)
