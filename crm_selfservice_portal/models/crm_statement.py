from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Domain

from odoo.addons.crm_roles.notification import notify
from odoo.addons.crm_service_requests.portal_format import PortalFormat

from ..ledger import Ledger

# Who reads the bills of everybody, also of a customer who has none yet.
READERS = (
    'crm_roles.group_order_reader,account.group_account_readonly,account.group_account_invoice')
# A statement that is longer is given as a workbook.
PRINTED_ENTRIES = 2000


class CrmStatement(models.Model):
    """A statement of account somebody has asked for: who, when, of whom and over which period."""

    _name = 'crm.statement'
    _description = "Statement of Account"
    _order = 'id DESC'
    _rec_name = 'partner_id'

    partner_id = fields.Many2one(
        'res.partner', "Customer", required=True, index=True, ondelete='cascade')
    company_id = fields.Many2one(
        'res.company', required=True, default=lambda self: self.env.company, index=True)
    currency_id = fields.Many2one(
        'res.currency', required=True, default=lambda self: self.env.company.currency_id)
    date_from = fields.Date(
        "From", required=True,
        default=lambda self: fields.Date.context_today(self).replace(month=1, day=1))
    date_to = fields.Date("To", required=True, default=fields.Date.context_today)
    output = fields.Selection(
        [('screen', "Screen"), ('pdf', "PDF"), ('xlsx', "Workbook"), ('mail', "Mail")],
        "Given as", readonly=True)
    recipient_id = fields.Many2one(
        'res.partner', "Send to", ondelete='set null',
        domain="[('commercial_partner_id', '=', partner_id), ('email_normalized', '!=', False)]",
        help="A contact of the customer, such as the accountant.")

    _period = models.Constraint(
        'CHECK (date_from <= date_to)', "The period of a statement must not end before it starts.")

    @api.depends('partner_id', 'date_from', 'date_to')
    def _compute_display_name(self):
        for statement in self:
            statement.display_name = statement._title()

    @api.constrains('partner_id', 'recipient_id')
    def _check_recipient(self):
        for statement in self.filtered('recipient_id'):
            customer = statement.partner_id
            if statement.recipient_id.commercial_partner_id != customer:
                raise ValidationError(self.env._(
                    "%(contact)s is no contact of %(customer)s. Choose a contact of the customer.",
                    contact=statement.recipient_id.name, customer=customer.name))

    @api.model_create_multi
    def create(self, vals_list):
        statements = super().create(vals_list)
        statements._check_reader()
        return statements

    def action_show(self):
        """Open the statement on the screen.

        :rtype: dict
        """
        return self._issue('screen')._report_action('crm_statement_report_action_html')

    def action_print(self):
        """Give the statement as a PDF.

        :rtype: dict
        :raise UserError: when it is too long
        """
        self._check_length()
        return self._issue('pdf')._report_action('crm_statement_report_action')

    def action_export(self):
        """Give the statement as a workbook.

        :rtype: dict
        """
        return {
            'type': 'ir.actions.act_url',
            'target': 'download',
            'url': f'/crm_selfservice_portal/statement/{self._issue("xlsx").id}/xlsx',
        }

    def action_send(self):
        """Send the statement to the chosen contact of the customer.

        :rtype: dict
        :raise UserError: when no contact is chosen, he has no address, or it is too long
        """
        self.ensure_one()
        if not self.recipient_id.email_normalized:
            raise UserError(self.env._(
                "Choose a contact of %(customer)s who has an e-mail address.",
                customer=self.partner_id.name))
        self._check_length()
        statement = self._issue('mail', recipient_id=self.recipient_id.id)
        statement._send()
        return notify(
            self.env._(
                "The statement goes to %(address)s.", address=self.recipient_id.email))

    def _issue(self, output, **values):
        """Note that the statement was given.

        :param str output: how, one of the values of `output`
        :return: the note; another one when this one was given before
        :rtype: crm.statement
        """
        self.ensure_one()
        self._check_reader()
        statement = self if not self.output else self.copy()
        # sudo: crm.statement - how it was given is written down, not chosen by people
        statement.sudo().write({'output': output, **values})
        return statement

    def _report_action(self, name):
        return self.env.ref(f'crm_selfservice_portal.{name}').report_action(self, config=False)

    def _send(self):
        """Put the mails with the statements into the queue."""
        template = self.env.ref('crm_selfservice_portal.mail_template_statement')
        for statement in self:
            template.send_mail(
                statement.id, email_layout_xmlid='mail.mail_notification_light')

    def _ledger(self):
        """Return the account that the statement is about.

        :rtype: Ledger
        :raise AccessError: when the user may not read all bills of the customer
        """
        self.ensure_one()
        self._check_reader()
        return Ledger(
            self.partner_id, self.company_id, self.currency_id, self.date_from, self.date_to)

    def _title(self):
        return self.env._(
            "Statement %(customer)s %(start)s to %(end)s", customer=self.partner_id.name or '',
            start=self.date_from, end=self.date_to)

    def _get_report_base_filename(self):
        return self._title()

    @api.model
    def _format(self):
        """Return how dates and amounts are written.

        :rtype: PortalFormat
        """
        return PortalFormat(self.env)

    @api.model
    def _kind_labels(self):
        """Return what the kinds of entries are called.

        :rtype: dict[str, str]
        """
        return {
            'bill': self.env._("Bill"),
            'credit_note': self.env._("Credit Note"),
            'payment': self.env._("Payment"),
            'refund': self.env._("Paid Back"),
            'correction': self.env._("Correction"),
            'settled': self.env._("Settled from Another Account"),
        }

    def _check_length(self):
        count = self._ledger().totals().count
        if count > PRINTED_ENTRIES:
            raise UserError(self.env._(
                "%(statement)s has %(count)s entries. Take the workbook, or a shorter period.",
                statement=self.display_name, count=count))

    def _check_reader(self):
        """Refuse who may not read all bills of the customers: his statement would be wrong."""
        if self.env.su:
            return
        moves = self.env['account.move']
        self.partner_id.check_access('read')
        for statement in self:
            bills = statement._bills_domain()
            visible = moves.search_count(bills)
            # sudo: account.move - what the user does not see is counted, and not told
            if visible != moves.sudo().search_count(bills) or not (
                    visible or statement._is_of_reader()):
                raise AccessError(self.env._(
                    "You may not read all bills of %(customer)s, so you cannot have the "
                    "statement. Ask somebody in accounting.", customer=statement.partner_id.name))

    def _bills_domain(self):
        self.ensure_one()
        return (
            Domain('commercial_partner_id', '=', self.partner_id.id)
            & Domain('company_id', '=', self.company_id.id) & Domain('state', '=', 'posted')
            & Domain('move_type', 'in', ['out_invoice', 'out_refund', 'out_receipt']))

    def _is_of_reader(self):
        """Return whether the user reads the bills of the customer, should there ever be any."""
        user = self.env.user
        return user.has_groups(READERS) or self.partner_id.user_id == user
