from odoo import api, fields, models
from odoo.fields import Domain


class CrmRequest(models.Model):
    """What a customer, or an outside party, sees of a request on the web."""

    _inherit = 'crm.request'

    assigned_company_id = fields.Many2one(
        related='assigned_partner_id.commercial_partner_id', store=True,
        string="Company of the Outside Party", index='btree_not_null')

    def _portal_ensure_token(self):
        # sudo: crm.request - the token is for links, and is read by no customer
        return super(CrmRequest, self.sudo())._portal_ensure_token()

    def _sign_token(self, pid):
        # sudo: crm.request - a signature does not tell the token
        return super(CrmRequest, self.sudo())._sign_token(pid)

    def _get_share_url(
            self, redirect=False, signup_partner=False, pid=None, share_token=True):
        # Who is in the portal reads by his own rights, and might hand a token on.
        share_token = share_token and (self.env.su or not self.env.user._is_portal())
        return super()._get_share_url(redirect, signup_partner, pid, share_token)

    # Whose request it is

    @api.model
    def _portal_domain(self, partner):
        """Return the requests of a company, and those on which it must act.

        :param partner: somebody of the company, a `res.partner`
        :rtype: Domain
        """
        return self._asked_domain(partner) | self._assigned_domain(partner)

    @api.model
    def _asked_domain(self, partner):
        return Domain('commercial_partner_id', '=', partner.commercial_partner_id.id)

    @api.model
    def _assigned_domain(self, partner):
        return Domain('assigned_company_id', '=', partner.commercial_partner_id.id)

    @api.model
    def _portal_turn_domain(self, partner):
        """Return the requests that wait for a company.

        :param partner: somebody of the company, a `res.partner`
        :rtype: Domain
        """
        return Domain('state', '=', 'waiting') & (
            self._assigned_domain(partner)
            | self._asked_domain(partner) & Domain('assigned_partner_id', '=', False))

    def _portal_role(self, partner):
        """Return as what somebody may act on a request.

        :param partner: who, a `res.partner`
        :return: `customer`, `partner` (the outside party), or nothing
        :rtype: str
        """
        self.ensure_one()
        company = partner.commercial_partner_id
        if company and company == self.commercial_partner_id:
            return 'customer'
        return 'partner' if company and company == self.assigned_company_id else ''

    # What its page tells

    def _portal_turn(self, role):
        """Return whose turn it is, as the reader sees it: `you`, `us`, `others` or nothing.

        :param str role: as what the reader acts, as of :meth:`_portal_role`
        :rtype: str
        """
        self.ensure_one()
        if self.turn in ('customer', 'partner'):
            return 'you' if self.turn == role else 'others'
        return self.turn or ''

    def _portal_deadlines(self):
        """Return until when the company means to answer, as far as a norm is running.

        By when somebody takes it up, a step beside the others, is not promised to anybody.

        :return: the moment in UTC, by the id of the request
        :rtype: dict[int, datetime]
        """
        # sudo: crm.process.task - a customer may know until when he is answered
        tasks_sudo = self.env['crm.process.task'].sudo()
        tasks_sudo.env['crm.process']._track_changed()
        return dict(tasks_sudo._read_group(
            tasks_sudo._open_domain() & Domain('res_model', '=', self._name)
            & Domain('res_id', 'in', self.ids) & Domain('date_deadline', '!=', False)
            & Domain('step_id.parallel', '=', False),
            ['res_id'], ['date_deadline:min']))

    def _portal_details(self):
        """Return the type's own fields as their names and what is in them, in words.

        :return: label, type of the property and value
        :rtype: list[tuple]
        """
        self.ensure_one()
        details = []
        for field in self.type_id._told_definitions(self.read(['properties'])[0]['properties']):
            value = field.get('value')
            if field['type'] == 'boolean':
                value = value and self.env._("Yes")
            elif field['type'] == 'selection':
                value = dict(field.get('selection') or []).get(value)
            elif field['type'] == 'tags':
                names = {tag[0]: tag[1] for tag in field.get('tags') or []}
                value = ", ".join(names[tag] for tag in value or [] if tag in names)
            elif field['type'] == 'many2one':
                value = value and value[1]
            elif field['type'] not in ('char', 'text', 'integer', 'float', 'date', 'datetime'):
                continue
            if value or value == 0 and value is not False:
                details.append((field.get('string') or field['name'], field['type'], value))
        return details

    def _portal_documents(self):
        """Return the documents that answer a request, as its customer may know them.

        :return: orders and bills that are no longer drafts
        :rtype: list[models.Model]
        """
        self.ensure_one()
        documents = [
            *self.sale_order_ids.filtered(lambda order: order.state in ('sent', 'sale')),
            *self.invoice_ids.filtered(
                lambda move: move.state == 'posted' and move.is_sale_document())]
        return [
            document for document in documents
            if document.partner_id.commercial_partner_id == self.commercial_partner_id]

    def _portal_attachments(self):
        """Return the files that everybody outside who sees a request may have.

        :return: what was sent by a customer on the web or by mail, or to him in an answer
        :rtype: ir.attachment
        """
        self.ensure_one()
        # sudo: mail.message - nobody outside reads them but as chosen here
        messages_sudo = self.env['mail.message'].sudo()
        public = messages_sudo.search(
            Domain('model', '=', self._name) & Domain('res_id', '=', self.id)
            & Domain('is_internal', '=', False)
            & Domain('message_type', 'in', ['comment', 'email', 'auto_comment'])
            & (Domain('subtype_id', '=', self.env.ref('mail.mt_comment').id)
               | Domain('author_id', '=', False) | Domain('author_id.partner_share', '=', True)))
        # sudo: ir.attachment - nobody outside reads them but as chosen here
        attachments_sudo = self.env['ir.attachment'].sudo()
        return attachments_sudo.search(
            Domain('id', 'in', public.attachment_ids.ids)
            | Domain('res_model', '=', self._name) & Domain('res_id', '=', self.id)
            & Domain('res_field', '=', False) & Domain('create_uid.share', '=', True))
