from odoo import api, models
from odoo.exceptions import UserError

from .. import web_files


class CrmRequest(models.Model):
    """What people outside send with their words is of a sort that is taken, and not too much."""

    _inherit = 'crm.request'

    @api.model
    def _file_complaint(self, refused):
        """Return in words why files are not taken.

        :param web_files.Refused refused: why
        :rtype: str
        """
        reason, name = refused.args
        return {
            'too_many': self.env._(
                "Please send no more than %(count)s files.", count=web_files.MAX_FILES),
            'too_big': self.env._(
                "Files may have %(size)s MB each, and %(total)s MB together.",
                size=web_files.MAX_FILE_SIZE >> 20, total=web_files.MAX_TOTAL_SIZE >> 20),
            'wrong_type': self.env._(
                "%(file)s: files of this sort are not taken. Send a picture, a PDF, a text or "
                "an office document.", file=name),
        }[reason]

    def _process_attachments_for_post(self, attachments, attachment_ids, message_values):
        if self.env.user.share:
            self._check_outside_files(attachment_ids)
        return super()._process_attachments_for_post(attachments, attachment_ids, message_values)

    @api.model
    def _check_outside_files(self, attachment_ids):
        """Refuse files that are not taken, and make the names of the others safe.

        :raise UserError: saying what is wrong
        """
        # sudo: ir.attachment - what somebody outside has just sent
        files_sudo = self.env['ir.attachment'].sudo().browse(attachment_ids).exists()
        try:
            checked = web_files.checked((file.name, file.raw or b'') for file in files_sudo)
        except web_files.Refused as refused:
            raise UserError(self._file_complaint(refused)) from refused
        for file, (name, _content) in zip(files_sudo, checked, strict=True):
            file.name = name
