from odoo import models
from odoo.tools import SQL

# What has come furthest is kept of what was known of both.
MEMBERS = ['bought', 'responded', 'declined', 'contacted', 'control', 'planned']
OFFERS = ['won', 'accepted', 'declined', 'offered', 'new', 'expired']


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    """Customers who become one are once in each campaign, and offered once for each reason."""

    _inherit = 'base.partner.merge.automatic.wizard'

    def _update_foreign_keys(self, src_partners, dst_partner):
        self.env.flush_all()
        self._drop_campaign_twins(src_partners | dst_partner, dst_partner)
        super()._update_foreign_keys(src_partners, dst_partner)

    def _drop_campaign_twins(self, partners, kept):
        """Delete what would be known twice of the one that is kept, or of him with himself."""
        def one(column):
            name = SQL.identifier(column)
            return SQL(
                "CASE WHEN %s = ANY(%s) THEN %s ELSE %s END", name, partners.ids, kept.id, name)

        self._drop_twins(
            'crm_campaign_member', partners, ['partner_id'], [SQL("campaign_id")], MEMBERS)
        self._drop_twins(
            'crm_offer', partners, ['partner_id', 'evidence_partner_id'],
            [SQL("rule_id"), one('partner_id'), one('evidence_partner_id'), SQL(
                "CASE WHEN evidence_partner_id IS NULL THEN evidence_product_id END"), SQL(
                "CASE WHEN evidence_partner_id IS NULL THEN evidence_date END")], OFFERS)
        first, second = one('partner_id'), one('other_id')
        self._drop_twins(
            'crm_partner_relation', partners, ['partner_id', 'other_id'],
            [SQL("kind"), SQL("LEAST(%s, %s)", first, second),
             SQL("GREATEST(%s, %s)", first, second)])
        self.env.cr.execute(SQL(
            "DELETE FROM crm_partner_relation WHERE partner_id = ANY(%(ids)s)"
            " AND other_id = ANY(%(ids)s)", ids=partners.ids))
        self.env.invalidate_all()

    def _drop_twins(self, table, partners, columns, key, states=()):
        """Delete all but the best of the rows of a table that will have the same key."""
        best = SQL("array_position(%s, state), ", list(states)) if states else SQL()
        self.env.cr.execute(SQL(
            """
            DELETE FROM %(table)s WHERE id IN (
                SELECT id FROM (
                    SELECT id, row_number() OVER (
                        PARTITION BY %(key)s ORDER BY %(best)s id) AS place
                    FROM %(table)s WHERE %(scope)s
                ) AS twins WHERE place > 1)
            """,
            table=SQL.identifier(table), key=SQL(", ").join(key), best=best,
            scope=SQL(" OR ").join(
                SQL("%s = ANY(%s)", SQL.identifier(column), partners.ids)
                for column in columns)))
