from werkzeug.exceptions import NotFound

from odoo.http import Controller, request, route

from odoo.addons.crm_roles.controllers.workbook import send_workbook


class CommissionSettlementController(Controller):

    @route(
        '/crm_order_manager/commission_settlement/<int:settlement_id>/xlsx',
        type='http', auth='user', readonly=True)
    def settlement_xlsx(self, settlement_id):
        """Send a statement as a workbook; one that is not the user's is one that is not there."""
        settlement = request.env['crm.commission.settlement'].search([('id', '=', settlement_id)])
        if not settlement:
            raise NotFound()
        return send_workbook(
            settlement._statement_name(), lambda book: self._write_statement(book, settlement))

    def _write_statement(self, book, settlement):
        env = request.env
        bold = book.add_format({'bold': True, 'bottom': 1})
        day = book.add_format({'num_format': 'yyyy-mm-dd'})
        money = book.add_format({'num_format': '#,##0.00'})
        total = book.add_format({'num_format': '#,##0.00', 'bold': True, 'top': 1})
        sheet = book.add_worksheet(env._("Statement"))
        sheet.set_column(0, 1, 12)
        sheet.set_column(2, 4, 28)
        sheet.set_column(5, 6, 16)
        sheet.write(0, 0, settlement._statement_name(), book.add_format({'bold': True}))
        sheet.write_row(2, 0, [
            env._("Date"), env._("Order"), env._("Customer"), env._("Plan"),
            env._("Earned as"), env._("Basis"), env._("Commission")], bold)
        sheet.freeze_panes(3, 0)
        roles = dict(env['crm.commission.entry']._fields['role']._description_selection(env))
        row = 3
        for entry in settlement._statement_entries():
            sheet.write_datetime(row, 0, entry.date, day)
            sheet.write_row(row, 1, [
                entry.order_id.name, entry.partner_id.display_name, entry.plan_id.name,
                roles[entry.role]])
            sheet.write_row(row, 5, [entry.basis, entry.amount], money)
            row += 1
        sheet.write(row, 5, env._("Total"), total)
        sheet.write(row, 6, settlement.amount, total)
