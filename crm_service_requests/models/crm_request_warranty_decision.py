from odoo import models
from odoo.exceptions import UserError
from odoo.tools import plaintext2html


class CrmRequest(models.Model):
    """What is answered to a warranty request; only supervisors answer against the warranty."""

    _inherit = 'crm.request'

    def action_accept_warranty(self):
        """Accept what is under warranty.

        :return: for a supervisor and what is not, the dialog in which he says why
        :rtype: dict | None
        :raise AccessError: if it is not under warranty, and the user is no supervisor
        """
        return self._answer_warranty(True)

    def action_refuse_warranty(self):
        """Refuse what is not under warranty.

        :return: for a supervisor and what is, the dialog in which he says why
        :rtype: dict | None
        :raise AccessError: if it is under warranty, and the user is no supervisor
        """
        return self._answer_warranty(False)

    def _answer_warranty(self, accepted):
        self.ensure_one()
        self.check_access('write')
        self._check_warranty_open()
        if accepted == (self.warranty_state == 'covered'):
            return self._decide_warranty(accepted, 'system', self._warranty_answer())
        self._check_supervisor()
        action = self.env['ir.actions.act_window']._for_xml_id(
            'crm_service_requests.crm_request_override_action')
        return {**action, 'context': {
            'default_request_id': self.id,
            'default_decision': 'accepted' if accepted else 'rejected'}}

    def _override_warranty(self, accepted, reason):
        """Decide against what the warranty says.

        :param bool accepted: what is decided
        :param str reason: why; it stays
        :raise AccessError: if the user is no supervisor
        :raise UserError: if it is decided already
        """
        self.ensure_one()
        self._check_supervisor()
        self._check_warranty_open()
        self._decide_warranty(accepted, 'override', reason)

    def action_withdraw_warranty(self):
        """Take back the answer, so that it can be given anew.

        :raise AccessError: if a supervisor decided, and the user is none
        :raise UserError: if documents were made of it
        """
        self.ensure_one()
        self.check_access('write')
        if self.warranty_overridden:
            self._check_supervisor()
        self._check_nothing_made()
        # sudo: crm.request - the answer is nobody's to write by hand
        self.sudo().write({'warranty_decision': False, 'warranty_overridden': False})
        self.env['crm.request.decision']._log(
            self, 'withdrawn', 'draft', self.env._("To be decided again."))

    def _decide_warranty(self, accepted, kind, reason):
        """Note what was decided, in the ledger, under the request and as the solution proposed.

        :param bool accepted: what was decided
        :param str kind: ``system`` or ``override``
        :param str reason: why
        """
        result = 'accepted' if accepted else 'rejected'
        # sudo: crm.request - the answer is nobody's to write by hand
        self.sudo().write(
            {'warranty_decision': result, 'warranty_overridden': kind == 'override'})
        self.env['crm.request.decision']._log(self, kind, result, reason)
        self._message_log(body=plaintext2html(reason))
        if not accepted:
            self._propose_text(reason)
            self.resolution_id = self.resolution_id or self.env.ref(
                'crm_service_requests.crm_request_resolution_refused', raise_if_not_found=False)

    def _warranty_answer(self):
        """Return the reason in the language of the customer.

        :rtype: str
        """
        return self.with_context(
            lang=self.partner_id.lang or self.env.lang).warranty_reason

    def _check_warranty_open(self):
        """Refuse to decide what is decided, or about no product.

        :raise UserError: if it is so
        """
        self.ensure_one()
        if self.warranty_decision:
            raise UserError(self.env._(
                "%(request)s is decided. Take back the decision to decide again.",
                request=self.display_name))
        if self.kind != 'warranty' or not self.warranty_product_id:
            raise UserError(self.env._(
                "%(request)s: say first which product the warranty is claimed for.",
                request=self.display_name))
