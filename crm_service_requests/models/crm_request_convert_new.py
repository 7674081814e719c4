from psycopg2 import OperationalError

from odoo import SUPERUSER_ID, api, models

from .crm_request import PENDING_STATES
from .crm_request_convert import FAILED


class CrmRequest(models.Model):
    """Requests of some types become their document at once, without anybody's hand."""

    _inherit = 'crm.request'

    @api.model_create_multi
    def create(self, vals_list):
        requests = super().create(vals_list)
        requests._convert_new()
        return requests

    def _convert_new(self):
        """Convert new requests whose type says so.

        What a person enters by phone he wants to see at once. Everything else waits until its
        transaction ends, when the attachments of a mail or of a form are there.
        """
        # sudo: crm.request.type - a customer need not see the type of what he asks
        due = self.filtered(
            lambda request: request.sudo().type_id.convert_automatically
            and request.state in PENDING_STATES and not request.split_from_id)
        by_phone = due.filtered(lambda request: request.channel == 'phone')
        by_phone._convert_automatically()
        if due - by_phone:
            self.env.cr.precommit.add((due - by_phone)._convert_automatically)

    def _convert_automatically(self):
        """Make the documents of requests; what fails is noted and left to people.

        :raise OperationalError: if others are in the way, so that all is tried again
        """
        for request in self.exists():
            # The type allows it, whoever asks: a customer, a visitor, the mail gateway.
            request = request.with_user(SUPERUSER_ID).with_company(request.company_id)
            if request.state not in PENDING_STATES or request._converted_documents():
                continue
            request._try_to_convert()

    def _try_to_convert(self, lines=None):
        """Make the document of a request; what fails is noted and left to people.

        :param lines: what is to be on it, as of :meth:`_convert_lines`, instead of what the
            request proposes
        :type lines: list[dict] | None
        :raise OperationalError: if others are in the way, so that all is tried again
        """
        self.ensure_one()
        try:
            with self.env.cr.savepoint():
                self._check_convertible()
                self._propose_conversion(lines)._make()
        except OperationalError:
            raise
        except Exception as error:
            self._note_failed_conversion(error)

    def _note_failed_conversion(self, error):
        """Remember why a request was not converted, and ask somebody to do it by hand.

        :param Exception error: what went wrong
        """
        self.ensure_one()
        self.conversion_error = str(error.args[0] if error.args else error)
        self._message_log(body=self.env._(
            "No document was made of this request: %(reason)s", reason=self.conversion_error))
        self.activity_schedule(
            FAILED, user_id=self.user_id.id or self.team_id.user_id.id,
            note=self.conversion_error)
