from odoo import fields, models


class CrmCampaignTouch(models.Model):
    """A letter or label has its place among the others of its step, and waits to be printed."""

    _inherit = 'crm.campaign.touch'

    print_place = fields.Integer("Place in the PDF", readonly=True, aggregator=None)

    _to_print_idx = models.Index(
        "(step_id, print_place) WHERE state = 'waiting' AND print_place > 0")
