from odoo.http import Controller, request, route

from ..models.crm_role_matrix import OPERATIONS
from .workbook import send_workbook


class RoleMatrixController(Controller):

    @route('/crm_roles/role_matrix/xlsx', type='http', auth='user', readonly=True)
    def role_matrix_xlsx(self):
        """Send the role matrix as a workbook: the matrix, and the same in words."""
        matrix = request.env['crm.role.matrix'].get_matrix()

        def write(book):
            self._write_matrix(book, matrix)
            self._write_words(book, matrix)

        return send_workbook(request.env._("Role Matrix"), write)

    def _write_matrix(self, book, matrix):
        env = request.env
        titles = [env._("Application"), env._("Document"), env._("Model")]
        sheet = self._sheet(book, env._("Matrix"), titles + [
            f"{role['privilege']} / {role['name']}" for role in matrix['roles']])
        sheet.set_column(3, 3 + len(matrix['roles']), 18)
        wrap = book.add_format({'text_wrap': True, 'valign': 'top'})
        for row, document in enumerate(matrix['documents'], 1):
            cells = [self._rights(document['cells'][role['id']]) for role in matrix['roles']]
            sheet.write_row(
                row, 0, [document['application'], document['name'], document['model'], *cells],
                wrap)

    def _write_words(self, book, matrix):
        env = request.env
        sheet = self._sheet(book, env._("In Words"), [
            env._("Document"), env._("Role"), env._("Operation"), env._("Reach"),
            env._("Records"), env._("Companies"),
            env._("Fields"), env._("Access Lines"), env._("Record Rules")])
        sheet.set_column(4, 8, 45)
        operations, scopes = self._operations(), self._scopes()
        row = 0
        for document in matrix['documents']:
            for role in matrix['roles']:
                for operation, right in document['cells'][role['id']].items():
                    row += 1
                    sheet.write_row(row, 0, [
                        document['name'], f"{role['privilege']} / {role['name']}",
                        operations[operation], scopes[right['scope']], right['records'],
                        right['companies'], right['fields'],
                        ", ".join(matrix['lines'][id_] for id_ in right['line_ids']),
                        ", ".join(matrix['rules'][id_]['name'] for id_ in right['rule_ids']),
                    ])
        sheet.autofilter(0, 0, row, 8)

    def _sheet(self, book, name, titles):
        sheet = book.add_worksheet(name)
        sheet.write_row(0, 0, titles, book.add_format({
            'bold': True, 'text_wrap': True, 'valign': 'top', 'bottom': 1}))
        sheet.freeze_panes(1, 0)
        sheet.set_column(0, 2, 24)
        return sheet

    def _rights(self, cell):
        """Say a cell in a word per operation, marked where it does not reach everything."""
        operations = self._operations()
        return "\n".join(
            operations[name] if cell[name]['scope'] == 'all' else request.env._(
                "%(operation)s (some)", operation=operations[name])
            for name in OPERATIONS if name in cell)

    def _operations(self):
        env = request.env
        labels = [env._("Read"), env._("Write"), env._("Create"), env._("Delete")]
        return dict(zip(OPERATIONS, labels, strict=True))

    def _scopes(self):
        return {'all': request.env._("All"), 'some': request.env._("Some")}
