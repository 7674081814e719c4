from odoo.http import request, route

from odoo.addons.mail.controllers.attachment import AttachmentController

from .. import web_files


class RequestAttachmentController(AttachmentController):
    """What people outside send to the conversation of a request is looked at before it is kept."""

    @route()
    def mail_attachment_upload(self, ufile, thread_id, thread_model, is_pending=False, **kwargs):
        if thread_model == 'crm.request' and request.env.user.share:
            try:
                [(name, _content)] = web_files.checked([(ufile.filename, ufile.read())])
            except web_files.Refused as refused:
                return request.make_json_response(
                    {'error': request.env['crm.request']._file_complaint(refused)})
            ufile.filename = name
            ufile.seek(0)
        return super().mail_attachment_upload(
            ufile, thread_id, thread_model, is_pending, **kwargs)
