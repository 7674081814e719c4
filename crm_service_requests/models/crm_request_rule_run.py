import logging

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from .crm_request import PENDING_STATES

_logger = logging.getLogger(__name__)
# Changes between two commits of the scheduled action.
BATCH = 200
# A state that is no state: what was delivered stays delivered.
EVENTS = {'after_delivery'}


class CrmRequestRule(models.Model):
    """From the state of the accounts to requests: one statement says all that has changed."""

    _inherit = 'crm.request.rule'

    def _run(self):
        """Make the requests of today, and end those whose reason is gone.

        :return: what was made
        :rtype: crm.request
        """
        made = self.env['crm.request']
        for rule in self:
            made |= rule._apply(rule._changes())
        return made

    @api.model
    def _due_domain(self):
        return (
            Domain('date_run', '=', False) | Domain('date_run', '<', 'now -12H')
            | Domain('run_unfinished', '=', True))

    @api.model
    def _cron_run(self):
        """Run the rules that have not run this night, in batches; a rule that fails says so."""
        rules = self.search(self._due_domain())
        self.env['ir.cron']._commit_progress(remaining=len(rules))
        for rule in rules:
            if not rule._run_in_batches():
                break

    def _run_in_batches(self):
        """Run the rule, and commit after each batch.

        :return: whether there is time for more
        :rtype: bool
        """
        cron, more = self.env['ir.cron'], True
        while more:
            if not self.try_lock_for_update(allow_referencing=True):
                return True
            more = self._run_batch()
            if not cron._commit_progress(int(not more)):
                return False
        return True

    def _run_batch(self):
        """Make what the next changes ask for.

        :return: whether there are more
        :rtype: bool
        """
        try:
            with self.env.cr.savepoint():
                changes = self._changes(BATCH)
                self._apply(changes, finished=len(changes) < BATCH)
        except (UserError, ValueError) as error:
            _logger.exception("%s made no requests", self.display_name)
            self.write({
                'failure': str(error), 'run_unfinished': False, 'date_run': fields.Datetime.now()})
            return False
        return len(changes) == BATCH

    def _apply(self, changes, finished=True):
        """Make and end requests.

        :param list[dict] changes: what :meth:`_changes` said
        :param bool finished: whether these are all
        :return: what was made
        :rtype: crm.request
        """
        # Who runs the rule at the same time is refused by this row, not by what he makes of it.
        self.write({
            'date_run': fields.Datetime.now(), 'run_unfinished': not finished, 'failure': False})
        requests = self.env['crm.request']
        made = self._make([change for change in changes if not change['request_id']])
        requests.browse(
            change['request_id'] for change in changes
            if change['request_id'] and not change['partner_id'])._end_reason()
        requests.browse(
            change['request_id'] for change in changes
            if change['request_id'] and change['partner_id']).write({'rule_ended_at': False})
        return made

    def _make(self, candidates):
        """Make one request of each customer.

        :param list[dict] candidates: customers and facts
        :rtype: crm.request
        """
        if not candidates:
            return self.env['crm.request']
        company = self.company_id
        rule = self.with_company(company).with_context(
            lang=company.partner_id.lang or self.env.lang, tz=self._timezone())
        requests = rule.env['crm.request'].with_context(tracking_disable=True).create(
            rule._prepare_requests(candidates))
        for user, theirs in requests.grouped('user_id').items():
            theirs.message_subscribe(user.partner_id.ids)
        return requests.with_env(self.env)

    def _changes(self, limit=None):
        """Return what has changed: who is to be asked, and which reasons are gone or back.

        :param int limit: how many at most
        :return: ``partner_id`` (a commercial entity; none: the reason of the request is gone),
            ``request_id`` (none: one is to be made) and the facts: ``amount`` in the currency of
            the company, ``days``, ``date``, ``percent``, ``rhythm`` in days, ``document_ids``
        :rtype: list[dict]
        """
        self.ensure_one()
        self.env.flush_all()
        return self.env.execute_query_dict(SQL(
            """ WITH pending AS MATERIALIZED (
                    SELECT id, commercial_partner_id, rule_ended_at FROM crm_request
                     WHERE rule_id = %(rule)s AND state IN %(pending)s
                ), fact AS MATERIALIZED (
                    SELECT found.* FROM (%(facts)s) AS found
                     WHERE found.partner_id IN %(customers)s AND NOT %(blacklisted)s
                )
                SELECT fact.partner_id, pending.id AS request_id, fact.amount, fact.days,
                       fact.date, fact.percent, fact.rhythm, fact.document_ids
                  FROM fact FULL JOIN pending ON pending.commercial_partner_id = fact.partner_id
                 WHERE CASE
                       WHEN pending.id IS NULL THEN %(fresh)s AND NOT %(cooling)s
                       WHEN fact.partner_id IS NULL
                       THEN %(ends)s AND pending.rule_ended_at IS NULL
                       ELSE pending.rule_ended_at IS NOT NULL
                       END
              ORDER BY fact.amount DESC NULLS LAST, fact.days DESC, fact.partner_id, pending.id
                 LIMIT %(limit)s """,
            rule=self.id, pending=tuple(PENDING_STATES), facts=self._facts_sql(),
            customers=self._customers_sql(), blacklisted=self._blacklisted_sql(),
            fresh=self._fresh_sql(), cooling=self._cooling_sql(),
            ends=self.kind not in EVENTS, limit=limit))

    def _customers_sql(self):
        partners = self.env['res.partner'].with_company(self.company_id).with_context(
            active_test=True)
        return partners._search(self._customer_domain()).subselect()

    def _fresh_sql(self):
        """Return the condition that it is not too long ago to ask."""
        return SQL("fact.days <= %s", self.days_max) if self.days_max else SQL("TRUE")

    def _blacklisted_sql(self):
        """Return the condition that nobody may write to the customer or call him."""
        return SQL("""EXISTS (
            SELECT FROM res_partner customer
             WHERE customer.id = found.partner_id AND (
                   EXISTS (SELECT FROM mail_blacklist
                            WHERE email = customer.email_normalized AND active)
                OR EXISTS (SELECT FROM phone_blacklist
                            WHERE number = customer.phone_sanitized AND active)))""")

    def _cooling_sql(self):
        """Return the condition that the customer was asked a short while ago."""
        since = fields.Datetime.subtract(fields.Datetime.now(), days=self.cooling_days)
        return SQL(
            """EXISTS (
                SELECT FROM crm_request done
                 WHERE done.rule_id = %s AND done.commercial_partner_id = fact.partner_id
                   AND done.state NOT IN %s
                   AND COALESCE(done.date_closed, done.date_solved, done.write_date) > %s)""",
            self.id, tuple(PENDING_STATES), since) if self.cooling_days else SQL("FALSE")
