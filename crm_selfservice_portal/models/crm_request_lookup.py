from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import hash_sign, verify_hash_signed

# How long a link opens a request, in hours.
LINK_HOURS = 24
SCOPE = 'crm_request_lookup'
NUMBER_SIZE = 64
# So many wishes are answered in one run.
BATCH = 200


class CrmRequestLookup(models.Model):
    """Somebody without access to the portal wants to see a request: he is mailed a link.

    The page only notes the wish, so that it does the same whether there is such a request or not.
    """

    _name = 'crm.request.lookup'
    _description = "Link to a Request"
    _order = 'id DESC'
    _rec_name = 'number'

    number = fields.Char("Registration Number", required=True)
    email_normalized = fields.Char("Address", required=True)
    lang = fields.Char("Language")
    request_id = fields.Many2one(
        'crm.request', index='btree_not_null', ondelete='cascade',
        help="What the link opens; empty as long as nobody has looked for it.")
    date = fields.Datetime("Asked on", required=True, default=fields.Datetime.now)
    date_opened = fields.Datetime("Opened on", help="The link opens the request once.")

    _waiting_idx = models.Index("(id) WHERE request_id IS NULL")

    @api.model
    def _ask(self, number, address):
        """Note that somebody wants to see a request; he is answered by mail, or not at all.

        :param str number: what he takes for its registration number
        :param str address: a normalized mail address
        """
        # sudo: crm.request.lookup - strangers ask, and read nothing
        self.sudo().create({
            'number': number[:NUMBER_SIZE], 'email_normalized': address, 'lang': self.env.lang})
        # sudo: ir.cron - strangers are answered soon
        self.env.ref('crm_selfservice_portal.ir_cron_request_lookup').sudo()._trigger()

    @api.model
    def _waiting_domain(self):
        """Return what nobody has looked for yet.

        :rtype: Domain
        """
        return Domain('request_id', '=', False)

    @api.model
    def _cron_answer(self):
        """Mail the links that were asked for, each in a transaction of its own."""
        waiting = self.search(self._waiting_domain(), order='id', limit=BATCH)
        remaining = self.search_count(self._waiting_domain())
        for lookup in waiting:
            # Each commit gives back the locks, and another process may have answered.
            if lookup.try_lock_for_update().filtered_domain(self._waiting_domain()):
                lookup._answer()
            remaining = max(remaining - 1, 0)
            if not self.env['ir.cron']._commit_progress(1, remaining=remaining):
                return

    def _answer(self):
        """Mail the link, if there is such a request and the address belongs to it."""
        self.ensure_one()
        found = self.env['crm.request']._find_for_address(self.number, self.email_normalized)
        if not found:
            self.unlink()
            return
        self.request_id = found
        self.flush_recordset()
        self.env.ref('crm_selfservice_portal.mail_template_request_lookup').send_mail_batch(
            self.ids, email_layout_xmlid='mail.mail_notification_light')
        self.env.ref('mail.ir_cron_mail_scheduler_action')._trigger()

    # The link

    def _url(self):
        """Return the link of the mail; it expires, and opens one request once.

        :rtype: str
        """
        self.ensure_one()
        # sudo: ir.config_parameter - the secret of the database signs the link
        token = hash_sign(
            self.sudo().env, SCOPE, [self.id, self.email_normalized],
            expiration_hours=LINK_HOURS)
        return f'{self.request_id.get_base_url()}/requests/open/{token}'

    @api.model
    def _of_token(self, token):
        """Return what a link opens, whether it was used or not.

        :param str token: of the link
        :return: as the superuser; nothing if the link is wrong or too old
        :rtype: crm.request.lookup
        """
        # sudo: crm.request.lookup, ir.config_parameter - what we have signed is what we sent
        lookups_sudo = self.sudo()
        try:
            signed = verify_hash_signed(lookups_sudo.env, SCOPE, token)
        except ValueError:
            return lookups_sudo.browse()
        lookup_sudo = lookups_sudo.browse(signed[0] if signed else []).exists()
        return lookup_sudo.filtered(
            lambda lookup: signed == [lookup.id, lookup.email_normalized])._valid()

    def _valid(self):
        """Return those that still open a request: not too old, for an address it still has.

        :rtype: crm.request.lookup
        """
        since = fields.Datetime.now() - timedelta(hours=LINK_HOURS)
        return self.filtered(
            lambda lookup: lookup.date > since and lookup.request_id
            and lookup.email_normalized in lookup.request_id._addresses())

    @api.autovacuum
    def _gc_old(self):
        self.search([('date', '<', 'now -2d')], limit=100_000).unlink()
