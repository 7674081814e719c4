from odoo.tests import new_test_user

from odoo.addons.base.tests.common import BaseCommon


class CallCommon(BaseCommon):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer = cls.env['res.partner'].create({
            'name': "Quinn Carpentry", 'is_company': True, 'phone': "+353 21 555 0100"})
        cls.contact = cls.env['res.partner'].create(
            {'name': "Nora Quinn", 'parent_id': cls.customer.id}
        )
        cls.no_answer = cls.env.ref('crm_calls.crm_call_outcome_no_answer')
        cls.callback = cls.env.ref('crm_calls.crm_call_outcome_callback')
        cls.promised = cls.env.ref('crm_calls.crm_call_outcome_promised')
        cls.lost = cls.env.ref('crm_calls.crm_call_outcome_lost')

    @classmethod
    def _create_user(cls, role, login=None):
        return new_test_user(cls.env, login or role, f'crm_roles.group_{role}')

    @classmethod
    def _create_call(cls, **values):
        return cls.env['crm.call'].create({'partner_id': cls.customer.id, **values})
