"""What test_packaging.py does in a database: read by `odoo shell`, which gives `env`.

Installs each addon beside nothing but what it needs and what installs itself then, upgrades
all of them over themselves, uninstalls first those that no other needs, then those that these
needed, and so on, and writes what it saw to the file named in REPORT.
"""

import json
import os

from psycopg2.extensions import AsIs

from odoo.fields import Command
from odoo.modules import get_module_path
from odoo.modules.module import Manifest

ADDONS = os.environ['ADDONS'].split()
HISTORY = [
    'res_partner', 'res_users', 'sale_order', 'sale_order_line', 'account_move',
    'account_move_line', 'account_payment',
]
SCHEMA = {
    'column': """
        SELECT table_name || '.' || column_name || ' ' || udt_name || ' ' || is_nullable
          FROM information_schema.columns WHERE table_schema = 'public'""",
    'index': "SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'",
    'constraint': """
        SELECT conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid)
          FROM pg_constraint WHERE connamespace = 'public'::regnamespace AND contype <> 'n'""",
    'sequence': "SELECT sequencename FROM pg_sequences WHERE schemaname = 'public'",
    'trigger': "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal",
    'function': "SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace",
}
RECORDS = {
    'model': "SELECT model FROM ir_model",
    'field': "SELECT model || '.' || name FROM ir_model_fields",
    'choice': "SELECT field_id || ' ' || value FROM ir_model_fields_selection",
    'access': "SELECT id || ' ' || name FROM ir_model_access",
    'rule': "SELECT id || ' ' || name FROM ir_rule",
    'group': "SELECT id || ' ' || (name->>'en_US') FROM res_groups",
    'privilege': "SELECT id || ' ' || (name->>'en_US') FROM res_groups_privilege",
    'implied group': "SELECT gid || ' implies ' || hid FROM res_groups_implied_rel",
    'held group': "SELECT uid || ' holds ' || gid FROM res_groups_users_rel",
    'category': "SELECT id || ' ' || (name->>'en_US') FROM ir_module_category",
    'cron': "SELECT id || ' ' || cron_name FROM ir_cron",
    'action': "SELECT id || ' ' || (name->>'en_US') FROM ir_actions",
    'menu': "SELECT id || ' ' || (name->>'en_US') FROM ir_ui_menu",
    'view': "SELECT id || ' ' || name FROM ir_ui_view",
    'asset': "SELECT id || ' ' || path FROM ir_asset",
    'number': "SELECT id || ' ' || name FROM ir_sequence",
    'parameter': "SELECT key FROM ir_config_parameter",
    'default': "SELECT id || ' ' || field_id FROM ir_default",
    'mail template': "SELECT id || ' ' || (name->>'en_US') FROM mail_template",
    'activity type': "SELECT id || ' ' || (name->>'en_US') FROM mail_activity_type",
    'subtype': "SELECT id || ' ' || (name->>'en_US') FROM mail_message_subtype",
    'filter': "SELECT id || ' ' || name FROM ir_filters",
    'attachment': """
        SELECT id || ' ' || name FROM ir_attachment
         WHERE url IS NULL OR NOT starts_with(url, '/web/assets')""",
    # Odoo names, for each of its own addons that extend a mixin, the models that use it, and
    # leaves these names when such a model goes.
    'reference': """
        SELECT module || '.' || name FROM ir_model_data
         WHERE model NOT IN ('ir.model.inherit', 'ir.model.fields.selection')
            OR starts_with(module, 'crm_')""",
}
# What is true until somebody has done what it marks: no value is the right one.
MARKS = {'sale.order.commission_due'}


def lines(query):
    env.cr.execute(query)
    return {line for line, in env.cr.fetchall() if line}


def snapshot():
    """Return all that an addon may add to a database, by kind."""
    return {kind: lines(query) for kind, query in (SCHEMA | RECORDS).items()}


def rows(table):
    """Return every value in `table` but who wrote a row last, and when.

    Nor its token: Odoo tries a mail template on one record when it is loaded, and a link in it
    gives that record a token. Nor what a model says of itself: which of several addons that
    extend it is heard changes with the order in which they are loaded.
    """
    env.cr.execute("""
        SELECT t.id || ' ' || cell.key || ' = ' || cell.value
          FROM %s t, jsonb_each_text(to_jsonb(t)) cell
         WHERE cell.key NOT IN (
            'write_date', 'write_uid', 'arch_prev', 'access_token', 'info')
        """, [AsIs(f'"{table}"')])
    return {line for line, in env.cr.fetchall()}


def contents():
    """Return every row that an upgrade could touch: history, and what our addons brought."""
    names = tuple([*ADDONS, ''])
    models = lines(f"SELECT DISTINCT model FROM ir_model_data WHERE module IN {names}")
    tables = {env[model]._table for model in models if env[model]._auto}
    return {table: rows(table) for table in sorted(tables.union(HISTORY, ['ir_config_parameter']))}


def difference(before, after):
    """Return what came and what went, by kind, as lists that are short enough to read."""
    found = {}
    for kind in before.keys() | after.keys():
        was, now = before.get(kind, set()), after.get(kind, set())
        if was != now:
            found[kind] = {
                'came': [line[:200] for line in sorted(now - was)[:20]],
                'went': [line[:200] for line in sorted(was - now)[:20]],
            }
    return found


def make_history(env):
    """Make what a company has after some years: customers, orders, bills, payments."""
    country = env.ref('base.be')
    customers = env['res.partner'].create([
        {'name': f"Customer {number}", 'email': f'customer{number}@example.com',
         'phone': f'+32470{number:06}', 'country_id': country.id, 'is_company': number % 2 == 0}
        for number in range(20)])
    product = env['product.product'].create(
        {'name': "Work", 'type': 'service', 'invoice_policy': 'order', 'list_price': 100})
    orders = env['sale.order'].create([
        {'partner_id': customer.id,
         'order_line': [Command.create({'product_id': product.id, 'product_uom_qty': 2})]}
        for customer in customers])
    orders[:15].action_confirm()
    orders[15:16].action_cancel()
    bills = orders[:10]._create_invoices()
    bills[:8].action_post()
    env['account.payment.register'].with_context(
        active_model='account.move', active_ids=bills[:4].ids).create({})._create_payments()


def modules(*names):
    return env['ir.module.module'].search([('name', 'in', names)])


def installed():
    return set(env['ir.module.module'].search(
        [('name', 'in', ADDONS), ('state', '=', 'installed')]).mapped('name'))


def look_at_known_addons_only(env):
    """Let Odoo not look through everything it brings whenever an addon comes or goes.

    That is a third of the work. What it knows of other addons stays in the database.
    """
    names = {*env['ir.module.module'].search([('state', '=', 'installed')]).mapped('name'), *ADDONS}
    known = [manifest for manifest in Manifest.all_addon_manifests() if manifest.name in names]
    Manifest.all_addon_manifests = staticmethod(lambda: known)


def needed(addon):
    """Return those of our addons that `addon` cannot do without, and itself."""
    return set(modules(addon).upstream_dependencies(exclude_states=('',)).mapped('name')).union(
        [addon]) & set(ADDONS)


def glue():
    """Return those of our addons that install themselves, beside all they need."""
    return set(modules(*ADDONS).filtered(lambda module: module.auto_install and all(
        need.state == 'installed' for need in module.dependencies_id)).mapped('name'))


def stale_computes():
    """Return the stored computed fields of ours that are wrong on the records of history."""
    found = []
    fields = [
        field for model in env.registry.values() for field in model._fields.values()
        if set(field._modules) & set(ADDONS) and field.store and field.compute and field.readonly
        and str(field) not in MARKS and not field.related
        and model._auto and not model._abstract and not model._transient
    ]
    for field in fields:
        records = env[field.model_name].with_context(active_test=False).search([])
        was = [record[field.name] for record in records]
        env.add_to_compute(field, records)
        if was != [record[field.name] for record in records]:
            found.append(str(field))
    env.cr.rollback()
    return found


def run(env):
    # Odoo does not wait for its lock, which the database takes, too, to clean the table up.
    env.cr.execute("ALTER TABLE ir_module_module SET (autovacuum_enabled = off)")
    env.cr.commit()
    report = {'beside': {}, 'left': {}}
    env['ir.module.module'].update_list()
    look_at_known_addons_only(env)
    make_history(env)
    env.cr.commit()
    clean, history = snapshot(), {table: rows(table) for table in HISTORY}

    report['paths'] = {addon: get_module_path(addon) for addon in ADDONS}
    for addon in modules(*ADDONS).filtered(lambda module: not module.auto_install).mapped('name'):
        if extra := installed() - needed(addon):
            modules(*extra).button_immediate_uninstall()
        modules(addon).button_immediate_install()
        report['beside'][addon] = sorted(
            needed(addon) - installed() | installed() - needed(addon) - glue())
    modules(*ADDONS).filtered(lambda module: module.state != 'installed').button_immediate_install()
    report['stale'] = stale_computes()

    before = snapshot() | contents()
    modules(*ADDONS).button_immediate_upgrade()
    report['upgrade'] = difference(before, snapshot() | contents())

    while names := installed():
        gone = names - {need for addon in names for need in needed(addon) - {addon}}
        modules(*gone).button_immediate_uninstall()
        for addon in gone:
            report['left'][addon] = sorted(lines(
                f"SELECT module || '.' || name FROM ir_model_data WHERE module = '{addon}'"))
    report['uninstall'] = difference(clean, snapshot())
    report['history'] = difference(history, {table: rows(table) for table in HISTORY})
    with open(os.environ['REPORT'], 'w') as file:
        json.dump(report, file, indent=2)


run(env)
