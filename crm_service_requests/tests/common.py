from odoo.addons.crm_roles.tests.common import RolesCommon


class RequestCommon(RolesCommon):
    """The people and customers of `RolesCommon`, and a way to make requests of theirs."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.types = {
            name: cls.env.ref(f'crm_service_requests.crm_request_type_{name}')
            for name in (
                'information', 'order', 'service', 'warranty', 'return', 'complaint',
                'accounting', 'debt', 'payment', 'help')
        }
        cls.answered = cls.env.ref('crm_service_requests.crm_request_resolution_answered')
        # Each mail of a test is one that it is about.
        cls.env['crm.request.type'].union(*cls.types.values()).confirm_automatically = False

    @classmethod
    def _create_request(cls, kind='information', **values):
        """Return a request of Acorn Joinery.

        :param str kind: one of the types that come with the addon
        """
        return cls.env['crm.request'].create({
            'name': "Where is my bench?", 'type_id': cls.types[kind].id,
            'partner_id': cls.acorn.id, **values})

    @classmethod
    def _solve(cls, request):
        """Say how a request was solved, and have it solved."""
        request.write({'solution': "<p>It is on its way.</p>", 'resolution_id': cls.answered.id})
        request.action_solve()
