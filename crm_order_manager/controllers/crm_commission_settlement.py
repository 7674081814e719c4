from werkzeug.exceptions import NotFound

from odoo.http import Controller, request, route

from odoo.addons.crm_roles.controllers.workbook import Column, Sheet, send_workbook
from odoo.addons.crm_roles.replica import only_read


class CommissionSettlementController(Controller):

    @route(
        '/crm_order_manager/commission_settlement/<int:settlement_id>/xlsx',
        type='http', auth='user', readonly=only_read)
    def settlement_xlsx(self, settlement_id):
        """Send a statement as a workbook; one that is not the user's is one that is not there."""
        settlement = request.env['crm.commission.settlement'].search([('id', '=', settlement_id)])
        if not settlement:
            raise NotFound()
        return send_workbook(
            settlement._statement_name(), lambda book: self._write_statement(book, settlement))

    def _write_statement(self, book, settlement):
        env = request.env
        sheet = Sheet(book, env._("Statement"), [
            Column(env._("Date"), 'day', 12), Column(env._("Order")),
            Column(env._("Customer"), width=28), Column(env._("Plan"), width=28),
            Column(env._("Earned as"), width=28), Column(env._("Basis"), 'money'),
            Column(env._("Commission"), 'money')])
        sheet.title(settlement._statement_name())
        sheet.heads()
        roles = dict(env['crm.commission.entry']._fields['role']._description_selection(env))
        for entry in settlement._statement_entries():
            sheet.row([
                entry.date, entry.order_id.name, entry.partner_id.display_name,
                entry.plan_id.name, roles[entry.role], entry.basis, entry.amount])
        sheet.row([''] * 5 + [env._("Total"), settlement.amount], 'total')
