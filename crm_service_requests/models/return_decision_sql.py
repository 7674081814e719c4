"""The decisions of :mod:`return_decision` as expressions, for thousands of questions at once.

The questions are the rows of ``fact``: ``quantity``, ``condition``, ``bought``, ``returned``,
``paid``, ``age_order``, ``age_delivery``, ``age_bill``, ``return_days``, ``category_path`` (the ids
of a category and those above it, as in ``/1/7/``) and ``tags`` (an array).
"""

from odoo.tools import SQL

from .return_decision import TOLERANCE


def accepted_sql(rules, default):
    """Return whether what a row of ``fact`` asks for is accepted.

    :param rules: in the order in which they are asked
    :type rules: list[Rule]
    :param Rule default: decides where no rule fits
    """
    return SQL(
        "(fact.bought > 0 AND fact.quantity <= GREATEST(fact.bought - fact.returned, 0) + %s "
        "AND %s)", TOLERANCE, _first(rules, default, lambda rule: rule.accepts))


def fee_sql(rules, default):
    """Return the restocking fee in percent of what is accepted."""
    return _first(rules, default, lambda rule: float(rule.fee))


def _first(rules, default, value):
    """Return the value of the first rule that fits, else of the default."""
    if not rules:
        return SQL("%s", value(default))
    cases = [SQL("WHEN %s THEN %s", _fits(rule), value(rule)) for rule in rules]
    return SQL("CASE %s ELSE %s END", SQL(" ").join(cases), value(default))


def _fits(rule):
    """Return whether a rule decides about a row."""
    total = SQL("fact.returned + fact.quantity")
    conditions = [SQL("TRUE")]
    if rule.category:
        conditions.append(SQL("fact.category_path LIKE %s", f'%/{rule.category}/%'))
    if rule.condition:
        conditions.append(SQL("fact.condition = %s", rule.condition))
    if rule.tag:
        conditions.append(SQL("%s = ANY(fact.tags)", rule.tag))
    if rule.only_paid:
        conditions.append(SQL("fact.paid"))
    if rule.max_quantity:
        conditions.append(SQL("%s <= %s", total, rule.max_quantity + TOLERANCE))
    if rule.max_share:
        conditions.append(SQL(
            "100 * (%s) / NULLIF(fact.bought, 0) <= %s", total, rule.max_share + TOLERANCE))
    if rule.period:
        conditions.append(_fits_age(rule))
    return SQL("(%s)", SQL(" AND ").join(conditions))


def _fits_age(rule):
    """Return whether a row is as old as a rule asks; what has not happened fits none."""
    age = {
        'order': SQL("fact.age_order"),
        'delivery': SQL("COALESCE(fact.age_delivery, fact.age_order)"),
        'bill': SQL("fact.age_bill"),
    }[rule.since]
    days = SQL("%s", rule.days)
    if rule.own_days:
        days = SQL("COALESCE(NULLIF(fact.return_days, 0), %s)", rule.days)
    operator = SQL("<=") if rule.period == 'within' else SQL(">")
    return SQL("COALESCE(%s %s %s, FALSE)", age, operator, days)
