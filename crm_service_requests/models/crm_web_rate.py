from odoo import api, fields, models
from odoo.tools import SQL, hmac

# How often within an hour, unless a system parameter says otherwise.
LIMITS = {'address': 20, 'mail': 6, 'user': 30}


class CrmWebRate(models.Model):
    """A use of a form of the website, counted by whichever server was asked."""

    _name = 'crm.web.rate'
    _description = "Use of a Web Form"
    _order = 'id DESC'
    _rec_name = 'key'

    kind = fields.Selection(
        [('address', "Network Address"), ('mail', "Mail Address"), ('user', "User"),
         ('form', "Form")], required=True)
    key = fields.Char(
        required=True, help="Who used it, as a hash: no address is kept.")
    date = fields.Datetime(required=True, default=fields.Datetime.now)

    _use_idx = models.Index("(kind, key, date)")
    _form_uniq = models.UniqueIndex("(key) WHERE kind = 'form'", "A form counts once.")

    @api.model
    def _use(self, kind, value):
        """Note a use of a form, and tell whether there were too many within an hour.

        Uses are appended, so that nobody waits for another; what many servers note in the same
        moment may go over the limit by their number.

        :param str kind: `address`, `mail` or `user`
        :param str value: which address or user
        :return: whether this use is still allowed
        :rtype: bool
        """
        key = self._key(kind, value)
        self.create({'kind': kind, 'key': key})
        limit = self._limit(kind)
        since = fields.Datetime.subtract(fields.Datetime.now(), hours=1)
        return not limit or self.search_count(
            [('kind', '=', kind), ('key', '=', key), ('date', '>', since)],
            limit=limit + 1) <= limit

    @api.model
    def _use_once(self, value):
        """Use up a form, and tell whether that was the first time.

        :param str value: what is unique about the form
        :rtype: bool
        """
        return bool(self.env.execute_query(SQL(
            """INSERT INTO crm_web_rate (kind, key, date) VALUES ('form', %s, %s)
               ON CONFLICT (key) WHERE kind = 'form' DO NOTHING RETURNING id""",
            self._key('form', value), fields.Datetime.now())))

    @api.model
    def _is_used(self, value):
        """Tell whether a form was used up before.

        :rtype: bool
        """
        return bool(self.search_count(
            [('kind', '=', 'form'), ('key', '=', self._key('form', value))], limit=1))

    @api.model
    def _limit(self, kind):
        """Return how many uses are allowed within an hour; 0 is without limit.

        :rtype: int
        """
        # sudo: ir.config_parameter - strangers are counted, and read no parameters
        value = self.env['ir.config_parameter'].sudo().get_param(
            f'crm_service_requests.web_limit_{kind}', '')
        return int(value) if value.isdecimal() else LIMITS[kind]

    @api.model
    def _key(self, kind, value):
        # sudo: ir.config_parameter - the secret of the database makes hashes nobody else can
        return hmac(self.sudo().env, 'crm_web_rate', (kind, value))

    @api.autovacuum
    def _gc_uses(self):
        self.search([('date', '<', 'now -2d')], limit=100_000).unlink()
