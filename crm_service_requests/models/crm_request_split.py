from odoo import models


class CrmRequest(models.Model):
    """What is about two things becomes two requests, each with its own type and norms."""

    _inherit = 'crm.request'

    def action_split(self):
        """Open the choice of what becomes a request of its own.

        :rtype: dict
        """
        self.ensure_one()
        action = self.env['ir.actions.act_window']._for_xml_id(
            'crm_service_requests.crm_request_split_action')
        return {**action, 'context': {
            'default_request_id': self.id, 'default_type_id': self.type_id.id,
            'default_name': self.name, 'default_message_ids': self._last_word().ids}}

    def _last_word(self):
        """Return what was last written from outside: in it there is likely something new.

        :rtype: mail.message
        """
        self.ensure_one()
        return self.message_ids.filtered(
            lambda message: message.message_type in ('comment', 'email')
            and not message._is_of_staff())[:1]

    def _prepare_split_values(self):
        """Return what a request that is split off has from this one.

        :rtype: dict
        """
        self.ensure_one()
        return {
            'partner_id': self.partner_id.id,
            'email_from': self.email_from,
            'phone': self.phone,
            'channel': self.channel,
            'priority': self.priority,
            'company_id': self.company_id.id,
            'date_received': self.date_received,
            'date_customer': self.date_customer,
            'split_from_id': self.id,
        }

    def _split(self, values, attachments):
        """Make a part of the request a request of its own, with the same followers.

        :param dict values: its type, subject and description
        :param attachments: an `ir.attachment`, of which it gets copies
        :rtype: crm.request
        """
        self.ensure_one()
        self.check_access('write')
        new = self.create({**self._prepare_split_values(), **values})
        new.message_subscribe(self.message_partner_ids.ids)
        new._copy_attachments(attachments)
        self._message_log(body=self.env._(
            "%(request)s was split off.", request=new._get_html_link()))
        new._message_log(body=self.env._(
            "Split off from %(request)s.", request=self._get_html_link()))
        return new
