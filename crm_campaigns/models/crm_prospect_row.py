import hashlib
import re

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import email_normalize

from odoo.addons.crm_roles.notification import RELOAD, notify

# What is known of somebody; by those of the second it is told whether he is known already.
DATA = [
    'name', 'company_name', 'function', 'email', 'phone', 'website', 'street', 'street2', 'zip',
    'city', 'country', 'country_id', 'vat', 'note']
IDENTITY = {'name', 'company_name', 'email', 'phone', 'zip', 'country_id', 'vat'}


class CrmProspectRow(models.Model):
    """Somebody who may become a customer, from a file, a mail or a request; a person confirms."""

    _name = 'crm.prospect.row'
    _description = "Prospect"
    _order = 'id'
    _rec_names_search = ['company_name', 'name', 'email']
    # So many are taken over at once; more of them are taken over by the scheduled action.
    _taken_at_once = 200

    origin = fields.Selection(
        [('file', "File"), ('mail', "Mail"), ('lead', "Lead"), ('request', "Request")],
        "Comes from", default='file', required=True, readonly=True)
    state = fields.Selection(
        [
            ('problem', "To Mend"),
            ('unclear', "To Decide"),
            ('ready', "To Confirm"),
            ('queued', "Underway"),
            ('done', "Taken Over"),
            ('skipped', "Left Out"),
        ], "Status", compute='_compute_state', store=True, precompute=True, index=True)
    reason = fields.Char(
        "What Is Wrong", compute='_compute_reason', store=True, precompute=True)
    file_problem = fields.Char(readonly=True)
    import_id = fields.Many2one(
        'crm.prospect.import', "File", readonly=True, index='btree_not_null', ondelete='cascade')
    line = fields.Integer("Line of the File", readonly=True)
    sender = fields.Char(
        "Wrote from", readonly=True, help="The mail address, or for calls the number.")
    request_id = fields.Many2one(
        'crm.request', readonly=True, index='btree_not_null', ondelete='set null')
    lead_id = fields.Many2one(
        'crm.lead', readonly=True, index='btree_not_null', ondelete='set null')
    raw = fields.Text("As It Came", readonly=True)
    digest = fields.Char(compute='_compute_digest', store=True, precompute=True)
    company_id = fields.Many2one('res.company', "For", index=True, readonly=True)

    name = fields.Char()
    company_name = fields.Char("Company")
    function = fields.Char("Job Position")
    email = fields.Char()
    email_normalized = fields.Char(
        "Address", compute='_compute_email_normalized', store=True, precompute=True)
    phone = fields.Char()
    phone_sanitized = fields.Char(
        "Number", compute='_compute_phone_sanitized', store=True, precompute=True)
    website = fields.Char()
    street = fields.Char()
    street2 = fields.Char("Street, Second Line")
    zip = fields.Char("Postal Code")
    city = fields.Char()
    country = fields.Char("Country as It Came", readonly=True)
    country_id = fields.Many2one('res.country')
    vat = fields.Char("Tax ID")
    vat_key = fields.Char(
        "Letters and Digits", compute='_compute_vat_key', store=True, precompute=True)
    note = fields.Text()
    source_id = fields.Many2one(
        'utm.source', compute='_compute_source_id', store=True, precompute=True, readonly=False,
        ondelete='restrict')
    campaign_id = fields.Many2one(
        'utm.campaign', compute='_compute_campaign_id', store=True, precompute=True,
        readonly=False, index='btree_not_null', ondelete='set null')

    duplicate_id = fields.Many2one(
        'res.partner', "Known as", index='btree_not_null', ondelete='set null')
    duplicate_row_id = fields.Many2one(
        'crm.prospect.row', "Same as Line", readonly=True, index='btree_not_null',
        ondelete='set null')
    duplicate_kind = fields.Selection(
        [
            ('line', "Same Line"),
            ('email', "Same Address"),
            ('vat', "Same Tax ID"),
            ('phone', "Same Number"),
            ('company', "Same Company"),
            ('name', "Similar Name"),
        ], "Told by", readonly=True)
    action = fields.Selection(
        [
            ('create', "Make New"),
            ('update', "Fill in"),
            ('skip', "Leave out"),
        ], "What to Do",
        help="Make a new customer, fill in what is missing of one who is known, or leave him out.")
    remark = fields.Char(compute='_compute_remark')
    queued = fields.Boolean("Is to Be Taken Over", readonly=True)
    partner_id = fields.Many2one(
        'res.partner', "Customer", readonly=True, index='btree_not_null', ondelete='set null')
    date_done = fields.Datetime("Taken over on", readonly=True)

    _line_uniq = models.UniqueIndex("(import_id, line)", "Each line of a file is read once.")
    _sender_uniq = models.UniqueIndex(
        "(sender, COALESCE(company_id, 0)) WHERE sender IS NOT NULL",
        "This sender has been proposed already.")
    _digest_idx = models.Index("(digest) WHERE partner_id IS NOT NULL")
    _queued_idx = models.Index("(id) WHERE queued AND date_done IS NULL")

    @api.depends('date_done', 'action', 'reason', 'queued')
    def _compute_state(self):
        for row in self:
            row.state = (
                'done' if row.date_done
                else 'skipped' if row.action == 'skip'
                else 'problem' if row.reason
                else 'queued' if row.queued
                else 'ready' if row.action else 'unclear')

    @api.depends(*DATA, 'file_problem')
    def _compute_reason(self):
        for row in self:
            row.reason = row.file_problem or row._problem()

    @api.depends('reason', 'duplicate_kind', 'duplicate_id', 'duplicate_row_id')
    def _compute_remark(self):
        told = dict(self._fields['duplicate_kind']._description_selection(self.env))
        for row in self:
            known = row.duplicate_id.display_name or (
                row.duplicate_row_id
                and self.env._("line %(line)s", line=row.duplicate_row_id.line))
            row.remark = row.reason or ": ".join(
                filter(None, [told.get(row.duplicate_kind), known]))

    @api.depends('raw')
    def _compute_digest(self):
        for row in self:
            row.digest = bool(row.raw) and row.origin == 'file' and hashlib.sha256(
                row.raw.encode()).hexdigest()

    @api.depends('email')
    def _compute_email_normalized(self):
        for row in self:
            row.email_normalized = email_normalize(row.email or '') or False

    @api.depends('phone', 'country_id')
    def _compute_phone_sanitized(self):
        for row in self:
            row.phone_sanitized = bool(row.phone) and row._phone_format(
                number=row.phone, country=row.country_id or row._country_guess())

    @api.depends('vat')
    def _compute_vat_key(self):
        for row in self:
            row.vat_key = re.sub(r'[^0-9A-Z]', '', (row.vat or '').upper()) or False

    @api.depends('import_id.source_id')
    def _compute_source_id(self):
        for row in self:
            row.source_id = row.import_id.source_id or row.source_id

    @api.depends('import_id.campaign_id')
    def _compute_campaign_id(self):
        for row in self:
            row.campaign_id = row.import_id.campaign_id or row.campaign_id

    @api.depends('company_name', 'name', 'email', 'sender')
    def _compute_display_name(self):
        for row in self:
            names = [name[:80] for name in (row.company_name, row.name) if name]
            row.display_name = ", ".join(names) or row.email or row.sender or self.env._(
                "Line %(line)s", line=row.line)

    def write(self, vals):
        changed = vals.keys() & {*DATA, 'action', 'duplicate_id', 'campaign_id', 'source_id'}
        if changed and (done := self.filtered('date_done')):
            raise UserError(self.env._(
                "%(prospect)s was taken over: change the customer instead.",
                prospect=done[0].display_name))
        if vals.keys() & set(DATA):
            # Whoever corrects a line has seen what was wrong with it.
            vals = {'file_problem': False, **vals}
        super().write(vals)
        if IDENTITY & vals.keys():
            self._find_duplicates()
        return True

    @api.ondelete(at_uninstall=False)
    def _unlink_except_done(self):
        if done := self.filtered('date_done'):
            raise UserError(self.env._(
                "%(prospect)s was taken over; by this line it is known where the customer came "
                "from. Keep it.", prospect=done[0].display_name))

    def action_take(self):
        """Make customers of the prospects, or fill in what is missing of those who are known.

        Many of them are taken over in the background.

        :raise UserError: when something is wrong with all of them, or to be decided
        """
        self.check_access('write')
        ready = self.filtered(lambda row: row.state == 'ready')
        if not ready:
            raise UserError(self._why_not())
        if len(ready) <= self._taken_at_once:
            ready._take()
            return notify(self.env._(
                "%(count)s taken over.", count=len(ready.filtered('date_done'))), RELOAD)
        ready.queued = True
        # sudo: ir.cron - wakes the scheduled action up
        self.env.ref('crm_campaigns.ir_cron_prospects').sudo()._trigger()
        return notify(self.env._(
            "%(count)s are being taken over.", count=len(ready)), RELOAD, 'info')

    def action_create(self):
        """Decide that the prospects are new, and take them over."""
        self.filtered(lambda row: row.state == 'unclear').action = 'create'
        return self.action_take()

    def action_update(self):
        """Decide that the prospects are who they seem to be, and take them over."""
        self.filtered(lambda row: row.state == 'unclear').action = 'update'
        return self.action_take()

    def action_skip(self):
        """Leave the prospects out; they stay in the list and are not proposed again."""
        self.filtered(lambda row: not row.date_done).write({'action': 'skip', 'queued': False})

    def action_reopen(self):
        """Take the prospects into account again that were left out."""
        skipped = self.filtered(lambda row: row.state == 'skipped')
        skipped.action = False
        skipped._find_duplicates()

    def action_open_origin(self):
        """Open the request or the lead the prospect wrote, as far as the user may see it."""
        self.ensure_one()
        return (self.request_id or self.lead_id).get_formview_action()

    def action_open_partner(self):
        """Open the customer that came of the prospect."""
        self.ensure_one()
        return self.partner_id.get_formview_action()

    def _why_not(self):
        """Return why none of the prospects can be taken over, as a sentence."""
        row = self[:1]
        return {
            'problem': self.env._(
                "%(prospect)s: %(reason)s Mend it first.", prospect=row.display_name,
                reason=row.reason),
            'unclear': self.env._(
                "%(prospect)s may be known already. Decide first what to do.",
                prospect=row.display_name),
        }.get(row.state, self.env._("There is nothing to take over."))
