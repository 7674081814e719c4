from odoo import api, fields, models

MOST_AUDIENCES = 200


class CrmAudienceExplanation(models.TransientModel):
    """The question why a customer is in an audience or not, and the answer."""

    _name = 'crm.audience.explanation'
    _description = "Why Is He in the Audience?"

    partner_id = fields.Many2one('res.partner', "Customer")
    found_ids = fields.Many2many(
        'crm.audience', compute='_compute_found_ids', string="He Is in These Audiences")
    audience_id = fields.Many2one('crm.audience')
    is_in = fields.Boolean("In the Audience", compute='_compute_explanation')
    explanation = fields.Html(compute='_compute_explanation', sanitize=False)

    @api.depends('partner_id')
    @api.depends_context('uid', 'allowed_company_ids')
    def _compute_found_ids(self):
        audiences = self.env['crm.audience'].search([], limit=MOST_AUDIENCES)
        for explanation in self:
            explanation.found_ids = audiences._contains(explanation.partner_id)

    @api.depends('partner_id', 'audience_id')
    @api.depends_context('uid', 'lang', 'allowed_company_ids')
    def _compute_explanation(self):
        for explanation in self:
            customer, audience = explanation.partner_id, explanation.audience_id
            explanation.is_in = bool(audience._contains(customer)) if customer else False
            explanation.explanation = (
                explanation._render() if customer and audience else False)

    def _render(self):
        """Return the criteria with what is true of the customer, as a table."""
        audience, customer = self.audience_id, self.partner_id.commercial_partner_id
        problem = audience._problem()
        return self.env['ir.qweb']._render('crm_campaigns.audience_explanation', {
            'audience': audience,
            'customer': customer,
            'asked_for': self.partner_id,
            'is_in': self.is_in,
            'problem': problem,
            'is_customer': audience._is_customer(customer),
            'rows': [] if problem else audience._explain(customer),
            'labels': dict(self.env['crm.audience.criterion']._fields[
                'match']._description_selection(self.env)),
        })

    @api.model
    def _open(self, defaults):
        """Return the action that opens the dialog.

        :param dict defaults: context with `default_partner_id`, `default_audience_id`
        :rtype: dict
        """
        return {
            **self.env['ir.actions.act_window']._for_xml_id(
                'crm_campaigns.crm_audience_explanation_action'),
            'context': defaults,
        }
