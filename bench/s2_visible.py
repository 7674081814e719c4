"""S2: every record of the database, and whether each person sees it, against plain SQL.

The SQL says by itself who sees what; it knows nothing of record rules.
"""

import people
from sample import Finding  # noqa: I001

from odoo.exceptions import AccessError
from odoo.fields import Command

TITLE = "Who sees which record"
# A person for each role that the data has none of.
ROLES = {
    'caller1': None, 'lead1': None, 'rep1': None, people.LARGEST: None, people.SMALL: None,
    'bench.service': 'service_representative', 'bench.supervisor': 'service_supervisor',
    'bench.manager': 'sales_manager', 'bench.marketing': 'marketing_manager', 'bench.nobody': '',
}
SERVICE = ('bench.service', 'bench.supervisor')
READERS = ('caller1', 'lead1', *SERVICE, 'bench.marketing', 'bench.manager')
CUSTOMERS = (people.LARGEST, people.SMALL)
ALL, NONE = "TRUE", "FALSE"
# Of a contact or his company somebody looks after, or sells to them.
MINE = """
    partner_id IN (
        SELECT contact.id FROM res_partner contact
        JOIN res_partner company ON company.id = contact.commercial_partner_id
        WHERE %(user)s IN (contact.user_id, company.user_id, contact.personal_manager_id,
                           company.personal_manager_id))
"""
OUR_COMPANY = """
    partner_id IN (
        SELECT contact.id FROM res_partner contact
        WHERE contact.commercial_partner_id = %(company)s)
"""
BILLS = "move_type IN ('out_invoice', 'out_refund')"
FOLLOWED = """
    (user_id = %(user)s OR create_uid = %(user)s OR id IN (
        SELECT res_id FROM mail_followers
        WHERE res_model = 'crm.request' AND partner_id = %(partner)s))
"""


def _of(readers, **others):
    """Return what each person sees of a model: all for readers, nothing for who is not named."""
    return {**dict.fromkeys(ROLES, NONE), **dict.fromkeys(readers, ALL),
            **{name: sees for names, sees in others.items() for name in PEOPLE[names]}}


PEOPLE = {
    'rep': ['rep1'], 'customers': CUSTOMERS, 'callers': ['caller1', 'lead1'],
    'marketing': ['bench.marketing'], 'nobody': ['bench.nobody']}
ORACLE = {
    'sale.order': _of(
        READERS, rep=f"user_id = %(user)s OR user_id IS NULL OR {MINE}", customers=OUR_COMPANY),
    'account.move': {
        **dict.fromkeys(ROLES, NONE), **dict.fromkeys(READERS, BILLS),
        'rep1': f"{BILLS} AND (invoice_user_id = %(user)s OR invoice_user_id IS NULL OR {MINE})",
        **dict.fromkeys(CUSTOMERS, f"""
            move_type IN ('out_invoice', 'out_refund', 'in_invoice', 'in_refund')
            AND state NOT IN ('draft', 'cancel') AND {OUR_COMPANY}""")},
    'crm.call': _of(READERS, rep=f"user_id = %(user)s OR {MINE}"),
    'crm.manager.change': _of(
        READERS, rep=f"%(user)s IN (from_user_id, to_user_id) OR {MINE}"),
    'crm.campaign.member': _of(READERS, rep=MINE),
    'crm.request': _of(
        [*SERVICE, 'bench.manager'], rep=f"{FOLLOWED} OR {MINE}", marketing=FOLLOWED,
        callers=f"""{FOLLOWED} OR partner_id IN (
            SELECT contact.id FROM res_partner contact
            JOIN res_partner company ON company.id = contact.commercial_partner_id
            WHERE %(user)s IN (contact.personal_manager_id, company.personal_manager_id))""",
        customers=f"""
            {OUR_COMPANY} AND (channel != 'rule' OR id IN (
                SELECT follower.res_id FROM mail_followers follower
                JOIN res_partner person ON person.id = follower.partner_id
                WHERE follower.res_model = 'crm.request'
                  AND person.commercial_partner_id = %(company)s))"""),
    'res.partner': {
        **dict.fromkeys(ROLES, ALL), **dict.fromkeys(CUSTOMERS, """
            commercial_partner_id = %(company)s AND (is_invited IS NOT TRUE OR id = %(partner)s)
        """)},
}


def measure(bench):
    with bench.registry.cursor() as cr:
        people.make(cr)
    findings, rows = [], []
    with bench.environment('admin') as env:
        users = _users(env)
        for model, oracle in ORACLE.items():
            if model not in env:
                continue
            env.cr.execute(f"SELECT count(*) FROM {env[model]._table}")
            [records] = env.cr.fetchone()
            told = [_compare(env[model], login, oracle[login], users[login]) for login in users]
            rows += told
            differences = sum(row['too many'] + row['too few'] for row in told)
            findings.append(Finding(
                f"{model}: {records:,} records for {len(users)} people, seen otherwise", "0",
                str(differences), differences == 0))
    bench.table("Who sees what", rows)
    return findings


def _users(env):
    users = {}
    for login, role in ROLES.items():
        found = env['res.users'].search([('login', '=', login)])
        group = f'crm_roles.group_{role}' if role else 'base.group_user'
        users[login] = found or env['res.users'].create({
            'name': login, 'login': login, 'group_ids': [Command.set(env.ref(group).ids)]})
    env.flush_all()
    return users


def _compare(model, login, oracle, user):
    """Return how many records somebody sees, and how many he should not, or should."""
    model.env.cr.execute(f"SELECT id FROM {model._table} WHERE {oracle}", {
        'user': user.id, 'partner': user.partner_id.id,
        'company': user.partner_id.commercial_partner_id.id})
    expected = {row[0] for row in model.env.cr.fetchall()}
    seen = _seen(model.with_user(user))
    return {'model': model._name, 'person': login, 'sees': len(seen),
            'too many': len(seen - expected), 'too few': len(expected - seen)}


def _seen(model):
    """Return the ids of what somebody finds, archived or not."""
    try:
        return set(model.with_context(active_test=False).search([], order='id').ids)
    except AccessError:
        return set()
