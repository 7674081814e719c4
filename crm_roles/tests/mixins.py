"""What the test bases of the suite are made of."""

from odoo.fields import Command


class PeopleMixin:
    """People who hold one role, or several, and nothing else."""

    @classmethod
    def _create_users(cls, *roles):
        """Make a person for each of some roles, at once: one by one takes three times as long.

        :return: the users by their roles
        :rtype: dict[str, res.users]
        """
        users = cls.env['res.users'].create([cls._user_values(role, role) for role in roles])
        return dict(zip(roles, users, strict=True))

    @classmethod
    def _create_user(cls, role, login=None):
        """Return a new person, whose password is his login.

        :param str role: one of `ROLES`, or several joined by a plus
        :param str login: the role if it is not given
        """
        return cls.env['res.users'].create(cls._user_values(role, login or role))

    @classmethod
    def _user_values(cls, role, login):
        groups = [f'crm_roles.group_{name}' for name in role.split('+')]
        return {
            'name': f"{login} ({','.join(groups)})", 'login': login,
            'email': f'{login[0]}.{login[0]}@example.com',
            # As long as a password must be.
            'password': login.ljust(8, 'x'),
            'group_ids': [Command.set([cls.env.ref(group).id for group in groups])],
            'company_id': cls.env.company.id, 'company_ids': [Command.set(cls.env.company.ids)]}


class RulesMixin:
    """Rights that an administrator gives and takes."""

    def _forbid_writing(self, record):
        """Let nobody write a record any more."""
        self._hide(record, perm_read=False)

    def _hide(self, record, **operations):
        """Let nobody read or write a record any more."""
        self.env['ir.rule'].create({
            'name': "All but one", 'domain_force': [('id', '!=', record.id)],
            'model_id': self.env['ir.model']._get_id(record._name), **operations})
        self.env.invalidate_all()

    def _take_right(self, model, operation):
        """Let no group do this to the records of a model any more.

        :param str operation: `read`, `write`, `create` or `unlink`
        """
        self.env['ir.model.access'].search(
            [('model_id.model', '=', model)])[f'perm_{operation}'] = False
        self.env.invalidate_all()

    def _open_dialog(self, model, group):
        """Let a group open a dialog, and nothing else."""
        self.env['ir.model.access'].create({
            'name': "Dialog", 'model_id': self.env['ir.model']._get_id(model),
            'group_id': self.env.ref(group).id, 'perm_read': True, 'perm_write': True,
            'perm_create': True})


class BooksMixin:
    """Put before `AccountTestInvoicingCommon`: tests keep the books of the company there is."""

    @classmethod
    def setup_independent_company(cls, **kwargs):
        """Make a company only when something is booked already in the one there is.

        Its chart of accounts takes seconds, in each class of tests.
        """
        company = cls.env.company
        if company.chart_template and not company.root_id._existing_accounting():
            return None
        return super().setup_independent_company(**kwargs)


class StatementsMixin:
    """What a call costs, counted in statements."""

    def _count_statements(self, call, *args):
        """Return how many statements a call makes when no record is in memory.

        It is made three times, and the least counts: whatever else runs in the process may empty
        the caches of the registry, and filling them again is no growth.
        """
        return min(self._count_statements_once(call, *args) for _attempt in range(3))

    def _count_statements_once(self, call, *args):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        call(*args)
        self.env.flush_all()
        return self.env.cr.sql_log_count - before

    def _assert_flat(self, call, records, few=5, more=0):
        """Check that a call costs for all records what it costs for a few.

        :param call: gets the records
        :param int few: how many those are
        :param int more: how many statements it may cost more
        """
        call(records)
        least, most = (self._count_statements(call, some) for some in (records[:few], records))
        self.assertLessEqual(
            most, least + more,
            f"{few} records: {least} statements, {len(records)} records: {most}")
