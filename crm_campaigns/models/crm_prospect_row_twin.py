from odoo import models
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.crm_service_requests.models.likeness import trigrams

from .res_partner_prospect import clean_name_sql, name_block_sql

# Names of which so much is the same may be those of one customer: in the same place, where the
# place of one is not known, and in different places.
LIKE = {True: 0.5, None: 0.65, False: 0.9}
# What is told for certain, the surest first.
KINDS = ['line', 'email', 'vat', 'phone', 'company']


class CrmProspectRow(models.Model):
    """Who is known already: among the customers, and among the lines of the same file."""

    _inherit = 'crm.prospect.row'

    def _find_duplicates(self):
        """Tell for each prospect whom he seems to be, and propose what to do with him.

        Who is known by the same line, address, tax ID, number or company is; who only has a
        similar name may be, so that is left for a person to decide. Only customers are found whom
        the user may see.
        """
        rows = self.filtered(lambda row: not row.date_done and row.action != 'skip')
        if not rows:
            return
        self.env.flush_all()
        found = rows._certain_twins()
        found |= rows.browse(set(rows._ids) - found.keys())._similar_twins()
        nobody = (False, False, False, True)
        for (kind, partner, other, sure), alike in rows.grouped(
                lambda row: found.get(row.id, nobody)).items():
            alike.write({
                'duplicate_kind': kind, 'duplicate_id': partner, 'duplicate_row_id': other,
                'action': sure and alike[0]._proposed_action(kind)})

    def _proposed_action(self, kind):
        if kind == 'line' and not self.campaign_id:
            return 'skip'
        return 'update' if kind else 'create'

    def _known_partners(self):
        """Return the query for customers as one of which a prospect may be known.

        :rtype: odoo.tools.query.Query
        """
        companies = [False, *(self.company_id or self.env.company).ids]
        return self.env['res.partner'].with_context(active_test=False)._search(
            Domain('partner_share', '=', True) & Domain('company_id', 'in', companies))

    def _certain_twins(self):
        """Return who is known for certain, or is unless something speaks against it.

        :return: kind, id of the customer, id of the line, whether it is certain, by row
        :rtype: dict[int, tuple]
        """
        twins = {}
        for key, kind, partner, other, sure in self.env.execute_query(SQL(
                """
                WITH mine AS (
                    SELECT *, %(clean)s AS label FROM (
                        SELECT *, COALESCE(company_name, name) AS title FROM crm_prospect_row
                        WHERE id = ANY(%(ids)s)) AS row
                ), filed AS MATERIALIZED (
                    -- Names are made alike once for each line, not for each pair of them.
                    SELECT id, import_id, email_normalized, vat_key, phone_sanitized, zip,
                           %(clean_company)s AS label
                    FROM crm_prospect_row
                    WHERE import_id = ANY(%(imports)s) AND date_done IS NULL
                      AND action IS DISTINCT FROM 'skip'
                ), known AS (%(known)s)
                SELECT DISTINCT ON (id) id, kind, partner, other, sure FROM (
                    %(same_line)s UNION ALL %(partners)s UNION ALL %(rows)s
                ) AS twin
                ORDER BY id, array_position(%(kinds)s, kind), sure DESC, partner, other
                """,
                clean=clean_name_sql('title'), clean_company=clean_name_sql('company_name'),
                ids=self.ids, imports=self.import_id.ids, kinds=KINDS,
                known=self._known_select(), same_line=self._same_line_select(),
                partners=self._same_partner_select(), rows=self._same_row_select())):
            twins[key] = (kind, partner, other, sure)
        return twins

    def _known_select(self):
        query = self._known_partners()
        return SQL(
            "SELECT known.id FROM (%s) AS known(id)",
            query.select(SQL.identifier(query.table, 'id')))

    def _same_line_select(self):
        """Return the statement for lines that came before, whether in this file or another."""
        return SQL(
            """
            SELECT mine.id, 'line' AS kind, other.partner_id AS partner,
                   CASE WHEN other.import_id = mine.import_id THEN other.id END AS other,
                   TRUE AS sure
            FROM mine JOIN crm_prospect_row other
                ON other.digest = mine.digest AND other.id <> mine.id
            WHERE other.company_id IS NOT DISTINCT FROM mine.company_id
              AND (other.partner_id IS NOT NULL
                   OR other.import_id = mine.import_id AND other.id < mine.id)
            """)

    def _same_partner_select(self):
        alike = {
            'email': SQL("partner.email_normalized = mine.email_normalized"),
            'vat': SQL("partner.vat IN (mine.vat, mine.vat_key)"),
            'phone': SQL("partner.phone_sanitized = mine.phone_sanitized"),
            'company': SQL(
                "mine.company_name IS NOT NULL AND partner.is_company AND %s = %s AND %s = label",
                name_block_sql('partner.name'), name_block_sql('mine.title'),
                clean_name_sql('partner.name')),
        }
        return SQL(" UNION ALL ").join(
            SQL(
                """
                SELECT mine.id, %s, partner.id, NULL, partner.active AND %s
                FROM mine JOIN res_partner partner ON %s
                WHERE partner.id IN (SELECT id FROM known)
                """, kind, self._no_contradiction(kind, SQL("partner")), condition)
            for kind, condition in alike.items())

    def _same_row_select(self):
        alike = {
            'email': SQL("other.email_normalized = mine.email_normalized"),
            'vat': SQL("other.vat_key = mine.vat_key"),
            'phone': SQL("other.phone_sanitized = mine.phone_sanitized"),
            'company': SQL("mine.company_name IS NOT NULL AND other.label = mine.label"),
        }
        return SQL(" UNION ALL ").join(
            SQL(
                """
                SELECT mine.id, %s, NULL, other.id, %s
                FROM mine JOIN filed other ON other.import_id = mine.import_id
                    AND other.id < mine.id AND %s
                """, kind, self._no_contradiction(kind, SQL("other")), condition)
            for kind, condition in alike.items())

    def _no_contradiction(self, kind, other):
        """Return the condition that nothing speaks against two being the same."""
        column = {'phone': 'email_normalized', 'company': 'zip'}.get(kind)
        if not column:
            return SQL("TRUE")
        column = SQL.identifier(column)
        return SQL("COALESCE(%s.%s = mine.%s, TRUE)", other, column, column)

    def _similar_twins(self):
        """Return whose name is like that of somebody who is known; never certain.

        Names are compared that begin alike, up to the second letter of their second word.
        """
        best = {}
        for key, partner, other, same_place, score in self._similar_pairs():
            if score >= LIKE[same_place]:
                best[key] = max(best.get(key, ()), (
                    score, bool(partner), -(partner or other), partner, other))
        return {
            key: ('name', partner or False, other or False, False)
            for key, (*_order, partner, other) in best.items()}

    def _similar_pairs(self):
        """Yield prospects and who has a name like theirs, and how like it is, from 0 to 1.

        PostgreSQL tells it where it can; it is the same number otherwise.
        """
        if self.env.registry.has_trigram:
            yield from self.env.execute_query(self._pairs_query(SQL("similarity(label, known)")))
            return
        groups = {}
        for key, partner, other, same_place, *names in self.env.execute_query(
                self._pairs_query(SQL("label, known"))):
            mine, theirs = (
                groups.get(name) or groups.setdefault(name, trigrams(name)) for name in names)
            shared = len(mine & theirs)
            yield key, partner, other, same_place, shared / (len(mine) + len(theirs) - shared)

    def _pairs_query(self, told):
        """Return the statement for whose names are to be compared.

        What is numbered differently is not the same.

        :param SQL told: of the names ``label`` and ``known``
        """
        return SQL(
            """
            WITH mine AS (
                SELECT *, %(clean)s AS label, %(block)s AS block FROM (
                    SELECT *, COALESCE(company_name, name) AS title FROM crm_prospect_row
                    WHERE id = ANY(%(ids)s)) AS row WHERE title IS NOT NULL
            ), filed AS MATERIALIZED (
                SELECT id, import_id, zip, %(clean)s AS label, %(block)s AS block FROM (
                    SELECT *, COALESCE(company_name, name) AS title FROM crm_prospect_row
                    WHERE import_id = ANY(%(imports)s) AND date_done IS NULL
                      AND action IS DISTINCT FROM 'skip') AS row
            ), known AS (%(known)s)
            SELECT id, partner, other, same_place, %(told)s FROM (
                SELECT mine.id, partner.id AS partner, NULL::int AS other, mine.label,
                       %(clean_partner)s AS known, partner.zip = mine.zip AS same_place
                FROM mine JOIN res_partner partner ON %(block_partner)s = mine.block
                WHERE partner.id IN (SELECT id FROM known)
                UNION ALL
                SELECT mine.id, NULL, other.id, mine.label, other.label, other.zip = mine.zip
                FROM mine JOIN filed AS other ON other.import_id = mine.import_id
                    AND other.block = mine.block AND other.id < mine.id
            ) AS pair
            WHERE length(label) < 2 * length(known) AND length(known) < 2 * length(label)
              AND regexp_replace(label, '[^0-9]', '', 'g')
                = regexp_replace(known, '[^0-9]', '', 'g')
            """,
            clean=clean_name_sql('title'), block=name_block_sql('title'), ids=self.ids,
            imports=self.import_id.ids, known=self._known_select(), told=told,
            clean_partner=clean_name_sql('partner.name'),
            block_partner=name_block_sql('partner.name'))
