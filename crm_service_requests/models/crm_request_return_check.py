from odoo import models
from odoo.exceptions import AccessError, UserError
from odoo.tools import html2plaintext, plaintext2html


class CrmRequest(models.Model):
    """What may be done with the decision on a return, and what is told of it."""

    _inherit = 'crm.request'

    # What is checked

    def _check_to_decide(self):
        self.ensure_one()
        if self.kind != 'return' or not self.return_line_ids:
            raise UserError(self.env._(
                "%(request)s: say first what goes back. Use \"Add from Purchases\".",
                request=self.display_name))
        if self.return_line_ids.filtered('decision'):
            self._refuse_decided()

    def _check_supervisor(self):
        """Refuse everybody but service supervisors."""
        if not self.env.su and not self.env.user.has_group(
                'crm_roles.group_service_supervisor'):
            raise AccessError(self.env._(
                "%(request)s: what the system decided, only a service supervisor may decide "
                "otherwise. Ask one of them.", request=self[:1].display_name))
        self.check_access('write')

    def _check_otherwise(self, lines, accepted):
        """Refuse to decide what is decided so already, and to take back more than was bought."""
        wanted = 'accepted' if accepted else 'rejected'
        if not lines or lines.filtered(lambda line: line.decision in (False, wanted)):
            raise UserError(self.env._(
                "%(request)s: choose lines that are decided otherwise.",
                request=self.display_name))
        lines.invalidate_recordset(['bought', 'returned', 'returnable'])
        for line in lines.filtered(lambda line: accepted and line._purchase_key()):
            if line.quantity > line.returnable:
                raise UserError(self.env._(
                    "%(product)s: only %(left)s of %(bought)s can still go back. Take back the "
                    "decision and correct the quantity.", product=line.product_id.display_name,
                    left=f'{line.returnable:g}', bought=f'{line.bought:g}'))

    def _check_nothing_made(self):
        """Refuse when documents were made of the return.

        :raise UserError: naming them
        """
        made = ", ".join(self._decided_documents())
        if made:
            raise UserError(self.env._(
                "%(request)s: %(documents)s came of this decision. Cancel that first.",
                request=self.display_name, documents=made))

    def _decided_documents(self):
        """Return the names of the living documents that were made of the decision.

        :rtype: list[str]
        """
        self.ensure_one()
        documents = self._converted_documents('credit_note' if self.kind == 'return' else 'order')
        # sudo: sale.order, account.move - what it is called, not what it says
        return documents.sudo().mapped('display_name')

    def _refuse_decided(self):
        """Refuse to change a return that is decided.

        :raise UserError: if there is such a return
        """
        for request in self:
            raise UserError(self.env._(
                "%(request)s is decided and stays as it is. Take back the decision to correct it, "
                "or make another request.", request=request.display_name))

    # What is told

    def _return_policy(self):
        """Return the policy in force, in the language of the customer.

        :raise UserError: if there is none
        :rtype: crm.return.policy
        """
        self.ensure_one()
        policy = self.env['crm.return.policy']._in_force(self.company_id)
        if not policy:
            raise UserError(self.env._(
                "No return policy is in force for %(company)s. Ask a service supervisor to put "
                "one in force.", company=self.company_id.name))
        return policy.with_context(lang=self.partner_id.lang or self.env.lang)

    def _note_decision(self, kind, reason=None, lines=None, policy=None):
        """Keep what was decided, in the ledger and under the request.

        :param str kind: as in the ledger
        :param str reason: why, else what is told the customer
        :param lines: about which lines, else all
        """
        self.ensure_one()
        labels = dict(self._fields['return_state']._description_selection(self.env))
        text = reason or self.return_answer
        self.env['crm.request.decision']._log(
            self, kind, self.return_state, text, policy_id=policy and policy.id,
            line_count=len(lines or self.return_line_ids))
        self._message_log(body=plaintext2html(f'{labels[self.return_state]}\n{text}'))

    def _propose_text(self, text, before=''):
        """Propose a text as the solution, unless somebody wrote another one.

        :param str text: what is proposed
        :param str before: what was proposed last
        """
        self.ensure_one()
        written = html2plaintext(self.solution or '').split()
        if not written or written == html2plaintext(plaintext2html(before or '')).split():
            self.solution = text and plaintext2html(text)
