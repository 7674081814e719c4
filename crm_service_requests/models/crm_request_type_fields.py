from odoo import api, models


class CrmRequestType(models.Model):
    """The ready-made types come with fields of their own."""

    _inherit = 'crm.request.type'

    @api.model
    def _install_fields(self):
        """Give the ready-made types their fields, in the language of the administrator.

        The labels of such fields are data that Odoo does not translate.
        """
        types = self.with_context(lang=self.env.ref('base.user_admin').lang)
        for name, definition in types._ready_made_fields().items():
            self.env.ref(
                f'crm_service_requests.crm_request_type_{name}').properties_definition = definition

    @api.model
    def _ready_made_fields(self):
        """Return the fields of the ready-made types.

        :return: definitions of properties, by the end of the type's external id
        :rtype: dict[str, list[dict]]
        """
        _ = self.env._

        def choice(name, label, **options):
            return {'name': name, 'type': 'selection', 'string': label,
                    'selection': [list(option) for option in options.items()]}

        def field(name, kind, label):
            return {'name': name, 'type': kind, 'string': label}

        return {
            'information': [
                choice('topic', _("Question about"), product=_("Product"),
                       price=_("Price"), availability=_("Availability"),
                       delivery=_("Delivery"), other=_("Something Else")),
                field('article', 'char', _("Article")),
            ],
            'order': [
                field('reference', 'char', _("Customer Reference")),
                field('wanted_on', 'date', _("Wanted on")),
            ],
            'service': [
                field('device', 'char', _("Machine or Place of Work")),
                field('contact_on_site', 'char', _("Contact on Site")),
            ],
            'warranty': [
                field('fault', 'char', _("What Does Not Work")),
                field('fault_since', 'date', _("Since")),
            ],
            'complaint': [
                choice('subject', _("Complaint about"), delivery=_("Delivery"),
                       product=_("Product"), service=_("Service"),
                       bill=_("Bill"), conduct=_("Conduct")),
                choice('wish', _("Wanted Solution"), repair=_("Repair"),
                       replacement=_("Replacement"), money=_("Money Back"),
                       apology=_("Apology"), other=_("Something Else")),
                field('happened_on', 'date', _("Happened on")),
            ],
            'help': [
                choice('place', _("Help with"), product=_("Product"),
                       website=_("Website"), order=_("Order"), bill=_("Bill")),
                field('tried', 'text', _("Tried so Far")),
            ],
        }
