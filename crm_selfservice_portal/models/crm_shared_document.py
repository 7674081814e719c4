from pathlib import PurePosixPath

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools.osutil import clean_filename

# So many days before its end a document is renewed.
EXPIRING_DAYS = 30


class CrmSharedDocument(models.Model):
    """A file that customers find in the portal, for whom it is and how long it holds."""

    _name = 'crm.shared.document'
    _inherit = ['mail.thread', 'mail.activity.mixin']
    _description = "Shared Document"
    _order = 'date_published DESC, id DESC'

    name = fields.Char(required=True, tracking=True)
    type_id = fields.Many2one(
        'crm.shared.document.type', required=True, index=True, ondelete='restrict', tracking=True)
    state = fields.Selection(
        [('draft', "Draft"), ('published', "Published"), ('withdrawn', "Withdrawn")],
        default='draft', required=True, copy=False, tracking=True)
    description = fields.Text(help="Told to the customers beside the document.")
    # Customers get it by the page that notes who has read it.
    file = fields.Binary(required=True, groups='base.group_user')
    file_name = fields.Char(groups='base.group_user')
    user_id = fields.Many2one(
        'res.users', "Responsible", default=lambda self: self.env.user, tracking=True,
        groups='base.group_user')
    company_id = fields.Many2one('res.company', default=lambda self: self.env.company)
    audience = fields.Selection(
        [('chosen', "Chosen Customers"), ('all', "All Customers")], "Shared With",
        default='chosen', required=True, tracking=True, groups='base.group_user')
    partner_ids = fields.Many2many(
        'res.partner', 'crm_shared_document_partner_rel', 'document_id', 'partner_id',
        "Customers", groups='base.group_user',
        help="Everybody at these companies who uses the portal, or one contact alone.")
    category_ids = fields.Many2many(
        'res.partner.category', 'crm_shared_document_category_rel', 'document_id', 'category_id',
        "Customers with a Tag", groups='base.group_user')
    date_from = fields.Date(
        "Valid from", required=True, default=fields.Date.context_today, tracking=True)
    date_to = fields.Date("Valid until", tracking=True, help="Empty when it holds for good.")
    date_published = fields.Datetime("Published on", readonly=True, copy=False)
    is_expiring = fields.Boolean(
        "Expires Soon", compute='_compute_is_expiring', search='_search_is_expiring',
        help="Within 30 days.")

    _period = models.Constraint(
        'CHECK (date_to IS NULL OR date_to >= date_from)',
        "A document cannot end before it begins. Choose a later end.")
    _published_idx = models.Index("(date_published DESC, id DESC) WHERE state = 'published'")

    @api.depends('date_to', 'state')
    def _compute_is_expiring(self):
        expiring = self.filtered_domain(self._expiring_domain())
        for document in self:
            document.is_expiring = document in expiring

    def _search_is_expiring(self, operator, value):
        return self._expiring_domain() if operator == 'in' else NotImplemented

    @api.constrains('state', 'audience', 'partner_ids', 'category_ids')
    def _check_published(self):
        for document in self.filtered(lambda document: document.state == 'published'):
            if document.audience == 'chosen' and not (
                    document.partner_ids or document.category_ids):
                raise ValidationError(self.env._(
                    "%(document)s is for nobody. Choose customers or tags, or share it with all "
                    "customers.", document=document.name))
            if not document.file:
                raise ValidationError(self.env._(
                    "%(document)s has no file. Upload it before you publish.",
                    document=document.name))

    @api.model_create_multi
    def create(self, vals_list):
        documents = super().create(vals_list)
        documents.filtered(lambda document: document.state == 'published')._note_published()
        return documents

    def write(self, vals):
        new = self.filtered(lambda document: document.state != 'published')
        result = super().write(vals)
        if vals.get('state') == 'published':
            new._note_published()
        return result

    def action_publish(self):
        """Let the customers see the document.

        :raise ValidationError: if it is for nobody, or has no file
        """
        self.state = 'published'

    def action_withdraw(self):
        """Let no customer see the document any more."""
        self.state = 'withdrawn'

    def _note_published(self):
        self.date_published = fields.Datetime.now()

    @api.model
    def _valid_domain(self):
        """Return the documents that customers may see today, whoever they are.

        :rtype: Domain
        """
        return (
            Domain('state', '=', 'published') & Domain('date_from', '<=', 'today')
            & (Domain('date_to', '=', False) | Domain('date_to', '>=', 'today')))

    @api.model
    def _expiring_domain(self):
        """Return the published documents that hold for few days more.

        :rtype: Domain
        """
        return (
            Domain('state', '=', 'published') & Domain('date_to', '>=', 'today')
            & Domain('date_to', '<=', f'today +{EXPIRING_DAYS}d'))

    def _read_by_domain(self, partner):
        """Return the documents that somebody has read.

        :param partner: who, a `res.partner`
        :rtype: Domain
        """
        # sudo: crm.shared.document.receipt - customers read no receipts, but know what they read
        receipts_sudo = self.env['crm.shared.document.receipt'].sudo()
        return Domain('id', 'in', receipts_sudo._search(
            [('partner_id', '=', partner.id), ('date_first', '!=', False)]
        ).subselect('document_id'))

    def _download_name(self):
        """Return the name of the file for who takes it: that of the document, and its ending.

        :rtype: str
        """
        self.ensure_one()
        ending = PurePosixPath(self.file_name or '').suffix[:10]
        name = self.name if self.name.endswith(ending) else self.name + ending
        return clean_filename(name)
