from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from ..models import crm_call_recording
from .common import CallCommon


@tagged('post_install', '-at_install')
class TestRecordings(CallCommon):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.company.recording_days = 30

    def _record(self, days, **values):
        """Return a call so many days ago, with a link to a recording and two files."""
        call = self._create_call(
            date_start=fields.Datetime.now() - timedelta(days=days),
            recording_url='https://dialler.example/r/1.mp3', **values)
        self.env['ir.attachment'].create([
            {'name': name, 'mimetype': kind, 'raw': b'ID3', 'res_model': 'crm.call',
             'res_id': call.id}
            for name, kind in (("call.mp3", 'audio/mpeg'), ("contract.pdf", 'application/pdf'))])
        return call

    def _files(self, call):
        return self.env['ir.attachment'].search(
            [('res_model', '=', 'crm.call'), ('res_id', '=', call.id)], order='name').mapped('name')

    def test_old_recordings_go_and_the_calls_stay(self):
        old, new = self._record(31), self._record(29)
        self.env['crm.call']._gc_recordings()
        self.assertFalse(old.recording_url)
        self.assertEqual(self._files(old), ["contract.pdf"])
        self.assertTrue(new.recording_url)
        self.assertEqual(self._files(new), ["call.mp3", "contract.pdf"])

    def test_each_company_keeps_them_as_long_as_it_says(self):
        other = self.env['res.company'].create({'name': "Elsewhere", 'recording_days': 0})
        kept = self._record(1000, company_id=other.id)
        self.env['crm.call']._gc_recordings()
        self.assertTrue(kept.recording_url)
        other.recording_days = 999
        self.env['crm.call']._gc_recordings()
        self.assertFalse(kept.recording_url)

    def test_they_go_some_at_a_time(self):
        calls = self._record(40) + self._record(50) + self._record(60)
        model = self.env['crm.call']
        self.patch(crm_call_recording, 'RECORDINGS_AT_ONCE', 2)
        self.assertEqual(model._gc_recordings(), (4, True))
        self.assertEqual(len(calls.filtered('recording_url')), 1)
        self.assertEqual(model._gc_recordings(), (2, False))
        self.assertFalse(calls.filtered('recording_url'))
        self.assertEqual(model._gc_recordings(), (0, False))
