"""Odoo computes anew what is stored about some of the volume data, and must come to the same."""

import random

import bulk

SPOT_CHECKS = 200


def spot_checks(registry, seed, computed, say):
    """Let Odoo compute anew what is stored about some records drawn by lot.

    :param int seed: the same seed draws the same records
    :param dict computed: the fields by model
    :param say: is told how many there were
    :return: what differs, as tuples of record, field, what was stored and what was computed
    :rtype: list[tuple]
    """
    with registry.cursor() as cr:
        env = bulk.environment(cr)
        chosen = _chosen(env, random.Random(seed), computed)
        differences = [
            difference for records in chosen
            for difference in _recompute(records, computed[records._name])]
        if 'crm.process.task' in computed:
            differences += _misplaced(chosen[-1])
        counts = ', '.join(f'{len(records)} {records._description}' for records in chosen)
        say(f"{counts} computed anew: {len(differences)} differences")
        cr.rollback()
    return differences


def _chosen(env, lot, computed):
    """Return the records: orders and what belongs to them, and some of each other model."""
    orders = _some(env, lot, 'sale.order', 'bench.lot')
    partners = orders.partner_id | orders.partner_id.commercial_partner_id
    chosen = [partners, orders.order_line, orders.call_ids, orders]
    for model, table in (
            ('crm.request', 'bench.request'), ('crm.campaign.member', 'bench.member'),
            ('crm.process.task', 'bench.task')):
        if model in computed:
            chosen.append(_some(env, lot, model, table))
    return chosen


def _some(env, lot, model, table):
    env.cr.execute(f"SELECT id FROM {table} ORDER BY id")
    ids = [row[0] for row in env.cr.fetchall()]
    return env[model].browse(sorted(lot.sample(ids, min(SPOT_CHECKS, len(ids)))))


def _recompute(records, names):
    """Return what differs when Odoo computes some fields of records anew."""
    stored = {(record.id, name): record[name] for record in records for name in names}
    for name in names:
        records.env.add_to_compute(records._fields[name], records)
    return [
        (record, name, stored[record.id, name], record[name])
        for record in records for name in names
        if not _is_same(stored[record.id, name], record[name])
    ]


def _misplaced(tasks):
    """Return the deadlines and durations that the working hours of the company put elsewhere."""
    found = []
    for task in tasks:
        clock = task.run_id._clock()
        deadline = clock.plan(task.date_start, task.norm_hours)
        if deadline != task.date_deadline:
            found.append((task, 'date_deadline', task.date_deadline, deadline))
        run = task.run_id
        hours = clock.hours(run.date_start, run.date_end) if run.date_end else 0.0
        if not _is_same(run.duration_hours, hours):
            found.append((run, 'duration_hours', run.duration_hours, hours))
    return found


def _is_same(stored, computed):
    return abs(stored - computed) < 0.005 if isinstance(stored, float) else stored == computed
