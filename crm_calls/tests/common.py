from odoo.addons.base.tests.common import BaseCommon
from odoo.addons.crm_roles.tests.mixins import PeopleMixin, StatementsMixin


class CallCommon(PeopleMixin, StatementsMixin, BaseCommon):

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
    def _create_call(cls, **values):
        return cls.env['crm.call'].create({'partner_id': cls.customer.id, **values})
