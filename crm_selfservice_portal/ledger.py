"""What a customer owes, as the posted receivable lines say: a few statements, however many they
are.

Nothing here asks for rights: whoever makes a `Ledger` has checked them before.

An amount is in the currency of the ledger, above 0 when the customer owes it. A line that settles
one in another currency, or one of another customer or company, moves the balance of either side on
the day of the later of the two. So the balance is what is still open, on any day.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import NamedTuple

from odoo import models
from odoo.tools import SQL

# The parts of the open amount, by how long it is due.
AGES = ('not_due', 'days_30', 'days_60', 'days_90', 'older', 'credit')
# The accounts of what customers owe. Said as a set, like the contacts, they are looked up before
# the lines, and the lines by an index.
RECEIVABLE = SQL(
    "ANY(ARRAY(SELECT id FROM account_account WHERE account_type = 'asset_receivable'))")
# What a line may tell.
MODELS = (
    'account.move', 'account.move.line', 'account.partial.reconcile', 'account.account',
    'res.partner')


class Entry(NamedTuple):
    """One document of a statement, with the balance after it."""

    move_id: int
    date: date
    kind: str
    name: str
    ref: str | None
    due: date | None
    amount: float
    balance: float
    other_name: str | None
    order: int


class Allocation(NamedTuple):
    """What a document was settled with."""

    move_id: int
    name: str
    date: date
    amount: float


class Totals(NamedTuple):
    """The sums of a period."""

    opening: float
    billed: float
    settled: float
    closing: float
    count: int


@dataclass(frozen=True)
class Ledger:
    """The account of one customer with one company in one currency, over a period."""

    partner: models.Model
    company: models.Model
    currency: models.Model
    date_from: date
    date_to: date

    def totals(self):
        """Return the balance before and after the period, and what moved it.

        :rtype: Totals
        """
        *amounts, count, _ages = self._sums
        rounded = [self._form.round(amount) for amount in amounts]
        return Totals(*rounded, self._form.round(sum(rounded)), count)

    def entries(self, limit=None, offset=0):
        """Return the documents of the period in the order of their dates.

        :param int limit: how many at most
        :param int offset: how many are left out before
        :rtype: list[Entry]
        """
        return [Entry(*row) for row in self._query(SQL("""
            SELECT row.move_id, row.date,
                   CASE WHEN row.rank > 0 THEN 'settled'
                        WHEN move.move_type IN ('out_invoice', 'out_receipt') THEN 'bill'
                        WHEN move.move_type = 'out_refund' THEN 'credit_note'
                        WHEN move.origin_payment_id IS NULL AND move.statement_line_id IS NULL
                        THEN 'correction'
                        WHEN row.amount > 0 THEN 'refund'
                        ELSE 'payment' END,
                   move.name, CASE WHEN move.move_type <> 'entry' THEN move.ref END, row.due,
                   row.amount, row.balance, other.name, row.number
              FROM (SELECT *, SUM(amount) OVER entries AS balance,
                           ROW_NUMBER() OVER entries AS number
                      FROM entry
                    WINDOW entries AS (ORDER BY date, move_id, rank, other_id, partial_id)) row
              JOIN account_move move ON move.id = row.move_id
         LEFT JOIN account_move other ON other.id = row.other_id
             WHERE row.date >= %(start)s
          ORDER BY row.number
             LIMIT %(limit)s OFFSET %(offset)s""",
            start=self.date_from, limit=limit, offset=offset))]

    def allocations(self, entries):
        """Return what each document was settled with until the end of the period.

        :param entries: the documents, from `entries`
        :return: the allocations by document
        :rtype: dict[int, list[Allocation]]
        """
        moves = [entry.move_id for entry in entries if entry.kind != 'settled']
        found = defaultdict(list)
        for row in moves and self._query(SQL("""
            SELECT mine.move_id, move.name, match.date, match.amount
              FROM (SELECT debit_move_id AS line_id, credit_move_id AS other_id, id,
                           max_date AS date, debit_amount_currency AS amount
                      FROM account_partial_reconcile
                     UNION ALL
                    SELECT credit_move_id, debit_move_id, id, max_date, credit_amount_currency
                      FROM account_partial_reconcile) match
              JOIN line mine ON mine.id = match.line_id
              JOIN line other ON other.id = match.other_id
              JOIN account_move move ON move.id = other.move_id
             WHERE mine.move_id = ANY(%(moves)s) AND match.amount <> 0
          ORDER BY match.date, match.id""", moves=moves)):
            found[row[0]].append(Allocation(*row))
        return found

    def ageing(self):
        """Return what is open at the end of the period, by how long it is due.

        What was paid or credited and not yet used is under `credit`, below 0. The parts make up
        the balance.

        :return: the amounts by the names of `AGES`
        :rtype: dict[str, float]
        """
        found = self._sums[-1] or {}
        return {age: self._form.round(found.get(age, 0.0)) for age in AGES}

    @cached_property
    def _form(self):
        return self.partner.env['res.currency']._currency_forms()[self.currency.id]

    @cached_property
    def _sums(self):
        """What `totals` and `ageing` tell, in one statement."""
        return self._query(SQL("""
            SELECT COALESCE(SUM(amount) FILTER (WHERE date < %(start)s), 0),
                   COALESCE(SUM(amount) FILTER (WHERE date >= %(start)s AND amount > 0), 0),
                   COALESCE(SUM(amount) FILTER (WHERE date >= %(start)s AND amount < 0), 0),
                   COUNT(*) FILTER (WHERE date >= %(start)s),
                   (SELECT json_object_agg(age, residual) FROM (%(ageing)s) ageing)
              FROM entry""", start=self.date_from, ageing=self._ageing()))[0]

    def _ageing(self):
        """Return the statement of what is open by age, see `ageing`."""
        return SQL("""
            SELECT %(age)s AS age, SUM(residual) AS residual
              FROM (SELECT due, amount
                         - COALESCE((SELECT SUM(debit_amount_currency)
                                       FROM account_partial_reconcile
                                      WHERE debit_move_id = line.id AND max_date <= %(day)s), 0)
                         + COALESCE((SELECT SUM(credit_amount_currency)
                                       FROM account_partial_reconcile
                                      WHERE credit_move_id = line.id AND max_date <= %(day)s), 0)
                           AS residual
                      FROM line) open
             WHERE residual <> 0
          GROUP BY 1""", age=_age(SQL('residual'), SQL('due'), self.date_to), day=self.date_to)

    def _query(self, query):
        return _execute(self.partner.env, SQL('%s %s', self._tables(), query))

    def _tables(self):
        """Return the tables the statements read: `line`, the receivable lines until the end of
        the period, and `entry`, what moved the balance."""
        return SQL("""
            WITH contact AS (
                SELECT id FROM res_partner WHERE commercial_partner_id = %(partner)s
            ), line AS (
                SELECT line.id, line.move_id, line.date, line.amount_currency AS amount,
                       COALESCE(line.date_maturity, line.date) AS due
                  FROM account_move_line line
                 WHERE line.partner_id = ANY(ARRAY(SELECT id FROM contact))
                   AND line.account_id = %(receivable)s
                   AND line.company_id = %(company)s AND line.currency_id = %(currency)s
                   AND line.parent_state = 'posted' AND line.date <= %(end)s
            ), entry AS (
                SELECT line.date, line.move_id, NULL::int AS other_id, NULL::int AS partial_id,
                       SUM(line.amount) AS amount, MAX(line.due) AS due, 0 AS rank
                  FROM line
                  JOIN account_move move ON move.id = line.move_id
              GROUP BY line.date, line.move_id, move.move_type
                HAVING SUM(line.amount) <> 0 OR move.move_type <> 'entry'
                 UNION ALL
                SELECT match.date, mine.move_id, CASE WHEN contact.id IS NOT NULL
                       THEN other.move_id END, match.id, match.amount, NULL, 1
                  FROM (SELECT id, debit_move_id AS line_id, credit_move_id AS other_id,
                               max_date AS date, -debit_amount_currency AS amount
                          FROM account_partial_reconcile
                         UNION ALL
                        SELECT id, credit_move_id, debit_move_id, max_date,
                               credit_amount_currency
                          FROM account_partial_reconcile) match
                  JOIN line mine ON mine.id = match.line_id
                  JOIN account_move_line other ON other.id = match.other_id
             LEFT JOIN line inside ON inside.id = match.other_id
             LEFT JOIN contact ON contact.id = other.partner_id
                 WHERE match.date <= %(end)s AND inside.id IS NULL AND match.amount <> 0
            )""", partner=self.partner.id, company=self.company.id, currency=self.currency.id,
            end=self.date_to, receivable=RECEIVABLE)


def accounts(partner, companies):
    """Return in which currencies a customer has an account with which companies.

    The one that moved last comes first.

    :param partner: the customer, a commercial entity
    :param companies: the companies that may be told
    :rtype: list[tuple[res.company, res.currency]]
    """
    env = partner.env
    rows = _execute(env, SQL("""
        SELECT line.company_id, line.currency_id
          FROM %s
      GROUP BY line.company_id, line.currency_id
      ORDER BY MAX(line.date) DESC, line.company_id, line.currency_id""",
        _receivables(partner, companies)))
    return [
        (env['res.company'].browse(company), env['res.currency'].browse(currency))
        for company, currency in rows]


def open_amounts(partner, companies, day):
    """Return what is open now in each account of a customer, by how long it is due.

    :param partner: the customer, a commercial entity
    :param companies: the companies that may be told
    :param date day: today
    :return: the amounts by the names of `AGES`, by company and currency; no account that is even
    :rtype: dict[tuple[res.company, res.currency], dict[str, float]]
    """
    env = partner.env
    residual = SQL('line.amount_residual_currency')
    rows = _execute(env, SQL("""
        SELECT line.company_id, line.currency_id, %s, SUM(line.amount_residual_currency)
          FROM %s AND line.reconciled IS NOT TRUE AND line.amount_residual_currency <> 0
      GROUP BY 1, 2, 3
      ORDER BY 1, 2""",
        _age(residual, SQL('COALESCE(line.date_maturity, line.date)'), day),
        _receivables(partner, companies)))
    found, forms = {}, env['res.currency']._currency_forms()
    for company, currency, age, amount in rows:
        account = env['res.company'].browse(company), env['res.currency'].browse(currency)
        found.setdefault(account, dict.fromkeys(AGES, 0.0))[age] = forms[currency].round(amount)
    return found


def _receivables(partner, companies):
    """Return the posted receivable lines of a customer, as tables and condition."""
    return SQL("""account_move_line line
         WHERE line.partner_id = ANY(ARRAY(
                   SELECT id FROM res_partner WHERE commercial_partner_id = %s))
           AND line.account_id = %s AND line.company_id IN %s
           AND line.parent_state = 'posted'
        """, partner.id, RECEIVABLE, tuple(companies.ids))


def _age(residual, due, day):
    """Return the expression of the age of an open amount on a day, one of `AGES`."""
    return SQL("""
        CASE WHEN %(residual)s < 0 THEN 'credit'
             WHEN %(due)s >= %(day)s THEN 'not_due'
             WHEN %(due)s >= %(day)s - 30 THEN 'days_30'
             WHEN %(due)s >= %(day)s - 60 THEN 'days_60'
             WHEN %(due)s >= %(day)s - 90 THEN 'days_90'
             ELSE 'older' END""", residual=residual, due=due, day=day)


def _execute(env, query):
    for model in MODELS:
        env[model].flush_model()
    return env.execute_query(query)
