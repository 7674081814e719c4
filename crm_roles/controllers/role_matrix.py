from odoo.http import Controller, request, route

from ..models.crm_role_matrix import OPERATIONS
from ..replica import only_read
from .workbook import Column, Sheet, send_workbook


class RoleMatrixController(Controller):

    @route('/crm_roles/role_matrix/xlsx', type='http', auth='user', readonly=only_read)
    def role_matrix_xlsx(self):
        """Send the role matrix as a workbook: the matrix, and the same in words."""
        matrix = request.env['crm.role.matrix'].get_matrix()

        def write(book):
            self._write_matrix(book, matrix)
            self._write_words(book, matrix)

        return send_workbook(request.env._("Role Matrix"), write)

    def _write_matrix(self, book, matrix):
        env = request.env
        roles = [f"{role['privilege']} / {role['name']}" for role in matrix['roles']]
        sheet = Sheet(book, env._("Matrix"), [
            Column(title, 'long', 24)
            for title in (env._("Application"), env._("Document"), env._("Model"))
        ] + [Column(role, 'long', 18) for role in roles])
        sheet.heads()
        for document in matrix['documents']:
            cells = [self._rights(document['cells'][role['id']]) for role in matrix['roles']]
            sheet.row([document['application'], document['name'], document['model'], *cells])

    def _write_words(self, book, matrix):
        env = request.env
        sheet = Sheet(book, env._("In Words"), [
            Column(env._("Document"), width=24), Column(env._("Role"), width=24),
            Column(env._("Operation"), width=24), Column(env._("Reach"), width=9),
            Column(env._("Records"), width=45), Column(env._("Companies"), width=45),
            Column(env._("Fields"), width=45), Column(env._("Access Lines"), width=45),
            Column(env._("Record Rules"), width=45)])
        sheet.heads()
        operations, scopes = self._operations(), self._scopes()
        for document in matrix['documents']:
            for role in matrix['roles']:
                for operation, right in document['cells'][role['id']].items():
                    sheet.row([
                        document['name'], f"{role['privilege']} / {role['name']}",
                        operations[operation], scopes[right['scope']], right['records'],
                        right['companies'], right['fields'],
                        ", ".join(matrix['lines'][id_] for id_ in right['line_ids']),
                        ", ".join(matrix['rules'][id_]['name'] for id_ in right['rule_ids']),
                    ])
        sheet.filters()

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
