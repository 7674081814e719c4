from odoo import api, fields, models
from odoo.exceptions import ValidationError


class CrmRequest(models.Model):
    """A word on a request that stays closed makes a new one that follows it."""

    _inherit = 'crm.request'

    follows_id = fields.Many2one(
        'crm.request', readonly=True, copy=False, index='btree_not_null',
        help="The customer answered to that request when it could not be opened again.")
    follow_up_ids = fields.One2many('crm.request', 'follows_id', "Followed by", readonly=True)

    @api.constrains('follows_id', 'split_from_id', 'merged_into_id')
    def _check_family(self):
        for name in ('follows_id', 'split_from_id', 'merged_into_id'):
            if self._has_cycle(name):
                raise ValidationError(self.env._(
                    "%(request)s would lead back to itself. Choose another request.",
                    request=self[:1].display_name))

    def _follow_up(self, message):
        """Go on with what was written about a closed request: in the one it was merged into, or
        in a new one.

        :param message: what was written, a `mail.message` on this request
        :return: the request in which it goes on
        :rtype: crm.request
        """
        self.ensure_one()
        # sudo: crm.request - a customer makes a request by answering, though he may create none
        request_sudo = self.sudo()
        if self.merged_into_id:
            return request_sudo._pass_on(message)
        new = request_sudo.create(request_sudo._prepare_follow_up_values(message))
        new._copy_attachments(message.with_env(request_sudo.env).attachment_ids)
        request_sudo._message_log(body=self.env._(
            "%(author)s wrote when it was closed: %(request)s goes on with it.",
            author=message.author_id.name or message.email_from, request=new._get_html_link()))
        new._message_log(body=self.env._(
            "Follows %(request)s.", request=request_sudo._get_html_link()))
        return new

    def _prepare_follow_up_values(self, message):
        """Return the values of a request that goes on with a closed one.

        :param message: what was written, a `mail.message`
        :rtype: dict
        """
        self.ensure_one()
        own = message.author_id.commercial_partner_id == self.commercial_partner_id
        partner = message.author_id if own and message.author_id else self.partner_id
        return {
            'name': self.name,
            'type_id': self.type_id.id,
            'company_id': self.company_id.id,
            'partner_id': partner.id,
            'email_from': partner.email or self.email_from,
            'team_id': self.team_id.id,
            'priority': self.priority,
            'channel': 'mail' if message.message_type == 'email' else 'portal',
            'description': message.body,
            'date_customer': fields.Datetime.now(),
            'follows_id': self.id,
        }

    def _pass_on(self, message):
        """Put what was written under a merged request under the one that goes on.

        :param message: a `mail.message` on this request
        :rtype: crm.request
        """
        survivor, message = self._survivors(), message.with_env(self.env)
        survivor.message_post(
            body=message.body, author_id=message.author_id.id, email_from=message.email_from,
            message_type=message.message_type, subtype_xmlid='mail.mt_comment',
            attachment_ids=survivor._copy_attachments(message.attachment_ids).ids)
        return survivor

    def _copy_attachments(self, attachments):
        """Copy attachments to the request.

        :param attachments: of other documents, an `ir.attachment`
        :return: the copies
        :rtype: ir.attachment
        """
        self.ensure_one()
        return attachments.browse().concat(*(
            attachment.copy({'res_model': self._name, 'res_id': self.id, 'name': attachment.name})
            for attachment in attachments))
