from odoo import api, models
from odoo.tools import hash_sign, plaintext2html, verify_hash_signed

from .crm_request import PENDING_STATES

# How long the link in a mail closes a request, in hours.
CLOSING_HOURS = 60 * 24


class CrmRequest(models.Model):
    """What a customer does with his request himself: he answers, closes, takes it up again."""

    _inherit = 'crm.request'

    def _portal_may_close(self):
        """Return whether the customer can still say that his request is solved.

        :rtype: bool
        """
        self.ensure_one()
        return not self.merged_into_id and self.state in (*PENDING_STATES, 'solved')

    def _portal_may_reopen(self):
        """Return whether the customer can still say that his request is not solved.

        :rtype: bool
        """
        self.ensure_one()
        return self.state in ('solved', 'closed') and self._may_be_reopened()

    def _portal_may_rate(self):
        """Return whether the customer is asked how he was served.

        :rtype: bool
        """
        self.ensure_one()
        # sudo: rating.rating - whether he rated before
        return self.state == 'closed' and self.type_id.ask_rating and not any(
            self.sudo().rating_ids.mapped('consumed'))

    def _close_as_customer(self, partner, feedback=''):
        """Close a request in the customer's name.

        :param partner: who closes it, a `res.partner`, empty for one who is not known
        :param str feedback: what he says to it, as plain text
        """
        self.ensure_one()
        self.write({'state': 'closed', 'closed_by': 'customer'})
        # A comment would open the request again.
        self._post_as_customer(partner, feedback, 'auto_comment')

    def _reopen_as_customer(self, partner, feedback=''):
        """Take a request up again because the customer says that it is not solved.

        :param partner: who says so, a `res.partner`, empty for one who is not known
        :param str feedback: what is missing, as plain text
        """
        self.ensure_one()
        self.action_reopen()
        self._post_as_customer(partner, feedback or self.env._("This is not solved yet."))

    def _post_as_customer(self, partner, text, message_type='comment', **values):
        """Post a word of the customer.

        :param partner: who says it, a `res.partner`, empty for one who is not known
        :param str text: what he says, as plain text
        :param str message_type: a `comment` moves the request
        :param values: further ones of `message_post`
        """
        if text or values.get('attachment_ids'):
            self.message_post(
                body=plaintext2html(text), author_id=partner.id,
                email_from=partner.email_formatted or self.email_from,
                message_type=message_type, subtype_xmlid='mail.mt_comment', **values)

    # The link in a mail

    def _closing_url(self):
        """Return a link for mails to the customer: one click, one button, and it is closed.

        The link works for some weeks and for this customer, and opens nothing else.

        :rtype: str
        """
        self.ensure_one()
        # sudo: ir.config_parameter - the secret of the database signs the link
        token = hash_sign(
            self.sudo().env, 'crm_request_close', [self.id, self.partner_id.id],
            expiration_hours=CLOSING_HOURS)
        return f'{self.get_base_url()}/requests/{self.id}/close?token={token}'

    @api.model
    def _by_closing_token(self, request_id, token):
        """Return the request that a link of :meth:`_closing_url` may close.

        :param int request_id: which one
        :param str token: of the link
        :return: the request as the superuser, none if the link is wrong or too old
        :rtype: crm.request
        """
        # sudo: crm.request, ir.config_parameter - who has the link was sent it by us
        requests_sudo = self.sudo()
        try:
            signed = verify_hash_signed(requests_sudo.env, 'crm_request_close', token or '')
        except ValueError:
            return requests_sudo.browse()
        request_sudo = requests_sudo.browse(request_id).exists()
        return request_sudo if signed == [request_id, request_sudo.partner_id.id] else (
            request_sudo.browse())
