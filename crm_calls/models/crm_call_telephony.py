from odoo import api, fields, models
from odoo.fields import Domain

from .telephony import dial_url

# A call the dialler told about waits so long for its caller to say how it ended.
OPEN_HOURS = 4


class CrmCall(models.Model):
    """What the dialler does and tells: it calls on a click, and says when calls begin and end."""

    _inherit = 'crm.call'

    dialler_ref = fields.Char("Dialler's Call", readonly=True, copy=False)
    hangup = fields.Selection(
        [('completed', "Completed"), ('no_answer', "No Answer"), ('busy', "Busy"),
         ('failed', "Failed"), ('cancelled', "Cancelled")],
        "Ended by", readonly=True, copy=False, help="How the call ended, as the dialler tells it.")
    dial_url = fields.Char("Link to Call", compute='_compute_dial_url')

    _dialler_ref_uniq = models.UniqueIndex(
        "(company_id, dialler_ref) WHERE dialler_ref IS NOT NULL",
        "The dialler has told about this call already.")
    _dialler_open_idx = models.Index(
        "(user_id, date_start) WHERE dialler_ref IS NOT NULL AND outcome_id IS NULL")

    @api.depends('phone')
    @api.depends_context('uid', 'company')
    def _compute_dial_url(self):
        urls = self._dial_urls(self.mapped('phone'))
        for call in self:
            call.dial_url = urls.get(call.phone, '')

    @api.depends('hangup')
    def _compute_reached(self):
        super()._compute_reached()
        for call in self.filtered(lambda call: not call.outcome_kind):
            call.reached = call.hangup == 'completed'
            call.reach_rate = 100.0 * call.reached

    @api.model
    @api.readonly
    def get_dial_url(self, phone):
        """Return the link by which the user calls a number.

        :param str phone: the number, in any notation
        :return: the link, empty when there is no number or nobody may call it
        :rtype: str
        """
        return self._dial_urls([phone])[phone]

    @api.model
    def _dial_urls(self, phones):
        """Return the links by which the user calls some numbers, empty for the blocked ones.

        :param phones: numbers in any notation
        :rtype: dict[str, str]
        """
        company, user = self.env.company, self.env.user
        numbers = {
            phone: self._phone_format_number(phone, company.country_id) or phone
            for phone in set(phones)
        }
        # sudo: phone.blacklist - only whether a number may be called
        blocked_sudo = self.env['phone.blacklist'].sudo().search_fetch(
            [('number', 'in', [number for number in numbers.values() if number])], ['number'])
        blocked = set(blocked_sudo.mapped('number'))
        return {
            phone: '' if number in blocked
            else dial_url(company.dial_template, number, user._dialler_name())
            for phone, number in numbers.items()
        }

    @api.model
    def _keep(self, values):
        """Keep a call its caller has just told about, in that of the dialler if there is one.

        :param dict values: the values of a new call
        :rtype: crm.call
        """
        call = self._open_dialler_call(values)
        if not call:
            return self.create(values)
        if call.hangup:
            # The dialler has measured the call.
            values = {name: value for name, value in values.items() if name != 'duration'}
        call.write(values)
        return call

    @api.model
    def _open_dialler_call(self, values):
        """Return the last call of the user with this customer that waits for its outcome."""
        partner = self.env['res.partner'].browse(values.get('partner_id'))
        if not partner:
            return self.browse()
        return self.search(
            Domain('user_id', '=', self.env.uid) & Domain('dialler_ref', '!=', False)
            & Domain('outcome_id', '=', False) & Domain('res_id', '=', False)
            & Domain('company_id', '=', values.get('company_id') or self.env.company.id)
            & Domain('date_start', '>=', f'now -{OPEN_HOURS}H')
            & Domain('partner_id.commercial_partner_id', '=', partner.commercial_partner_id.id),
            limit=1)

    def _announce(self):
        """Show the caller's card on the screen of whom he calls."""
        for call in self.filtered('user_id'):
            user = call.user_id
            theirs = call.with_user(user).with_company(call.company_id).with_context(
                lang=user.lang, tz=user.tz)
            user._bus_send('crm_calls.calling', theirs._prepare_calling())

    def _prepare_calling(self):
        """Return the card of a caller, in the language and with the rights of the user.

        :return: ``title``, ``lines`` of text, and ``buttons``, each with a ``name`` and the action
            it runs
        :rtype: dict
        """
        self.ensure_one()
        # sudo: res.partner - who calls is said to whom he calls, whoever keeps the customer
        partner = self.partner_id.sudo()
        name = partner.display_name or self.phone or self.env._("Somebody without a number")
        return {
            'call_id': self.id,
            'title': self.env._("%s is calling", name),
            'lines': self._calling_lines(),
            'buttons': [
                {'name': label, 'action': action} for label, action in self._calling_buttons()],
        }

    def _calling_lines(self):
        """Return what is worth knowing before the call is taken.

        :rtype: list[str]
        """
        self.ensure_one()
        # sudo: res.partner - that somebody wants no calls is said whoever keeps the customer
        partner = self.partner_id.sudo()
        lines = [self.phone] if partner and self.phone else []
        if partner.phone_sanitized_blacklisted:
            lines.append(self.env._("Does not want to be called. Do not call back unasked."))
        return lines

    def _calling_buttons(self):
        """Return what the user may open when the customer calls, the best first.

        :return: pairs of a label and an action
        :rtype: list[tuple[str, dict]]
        """
        self.ensure_one()
        partner = self.partner_id
        if partner and partner.has_access('read'):
            return [(self.env._("Customer"), self._open_action(partner))]
        return [(self.env._("Call"), self._open_action(self))]

    @api.model
    def _open_action(self, record, view_id=False):
        """Return the action that opens a record in its form, or in the form with the id given."""
        return {
            'type': 'ir.actions.act_window',
            'res_model': record._name,
            'res_id': record.id,
            'views': [(view_id, 'form')],
        }
