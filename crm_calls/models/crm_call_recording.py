from odoo import api, models
from odoo.fields import Domain

RECORDINGS_AT_ONCE = 1000


class CrmCall(models.Model):
    """How long the recording of a call is kept."""

    _inherit = 'crm.call'

    _recording_idx = models.Index("(company_id, date_start) WHERE recording_url IS NOT NULL")

    @api.autovacuum
    def _gc_recordings(self):
        """Remove recordings older than their company keeps them, some at a time.

        :return: how many were removed, and whether there may be more
        :rtype: tuple[int, bool]
        """
        companies = self.env['res.company'].search([('recording_days', '>', 0)])
        removed, more = 0, False
        for days, same in companies.grouped('recording_days').items():
            expired = Domain('company_id', 'in', same.ids) & Domain(
                'date_start', '<', f'now -{days}d')
            linked = self.search(
                expired & Domain('recording_url', '!=', False), limit=RECORDINGS_AT_ONCE)
            linked.recording_url = False
            files = self.env['ir.attachment'].search([
                ('res_model', '=', self._name), ('mimetype', '=like', 'audio/%'),
                ('res_id', 'in', self._search(expired))], limit=RECORDINGS_AT_ONCE)
            files.unlink()
            removed += len(linked) + len(files)
            more |= RECORDINGS_AT_ONCE in (len(linked), len(files))
        return removed, more
