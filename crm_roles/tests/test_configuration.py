from .common import RolesCommon

# What decides how everybody sells and what it costs.
CONFIGURATION = {
    'crm.lost.reason', 'crm.stage', 'crm.team', 'product.pricelist', 'product.pricelist.item',
    'product.product', 'product.template',
}
# What decides how the books are kept, who may come in, and how the system behaves.
BEYOND_SALES = {
    'account.account', 'account.fiscal.position', 'account.journal', 'account.payment.term',
    'account.tax', 'ir.config_parameter', 'ir.model.access', 'ir.rule', 'payment.provider',
    'res.company', 'res.groups', 'res.users',
}


class TestConfiguration(RolesCommon):

    def test_sales_manager_changes_the_configuration_of_sales(self):
        for model in CONFIGURATION:
            for operation in ('read', 'write', 'create', 'unlink'):
                with self.subTest(model=model, operation=operation):
                    self.assertTrue(
                        self._as(self.env[model], 'sales_manager').has_access(operation))

    def test_nobody_else_changes_the_configuration_of_sales(self):
        self._assert_nobody_changes(CONFIGURATION, set(self.roles) - {'sales_manager'})

    def test_nobody_changes_what_lies_beyond_sales(self):
        self._assert_nobody_changes(BEYOND_SALES, self.roles)

    def test_settings_are_refused_to_every_role(self):
        for role in self.roles:
            with self.subTest(role=role):
                self._assert_refused(
                    self._as(self.env['res.config.settings'], role).create, {})

    def test_marketing_manager_keeps_tags_also_where_no_other_addon_lets_him(self):
        group = self.env.ref('crm_roles.group_marketing_manager')
        group.implied_ids = self.env.ref('crm_roles.group_order_reader')
        tags = self._as(self.env['utm.tag'], 'marketing_manager')
        for operation in ('read', 'write', 'create'):
            with self.subTest(operation=operation):
                self.assertTrue(tags.has_access(operation))
        self.assertFalse(tags.has_access('unlink'))

    def _assert_nobody_changes(self, models, roles):
        for model in models:
            for role in roles:
                for operation in ('write', 'create', 'unlink'):
                    with self.subTest(model=model, role=role, operation=operation):
                        self.assertFalse(self._as(self.env[model], role).has_access(operation))
