"""Fill a database with the demo company; read by `odoo shell`, which gives `env`.

What each of our addons brings is loaded once: its declarative files as Odoo itself loads them,
then what its `demo/history.py` does over them.
"""

import importlib
import os
import time

from odoo.modules.loading import load_data
from odoo.modules.module_graph import ModuleGraph
from odoo.tools import file_path

LOADED = 'crm_demo.loaded'
COMPANY = {
    'name': "Harrow & Pike Workshop Tools",
    'street': "Unit 4, Blackpool Mill Yard",
    'zip': "T23 HP04",
    'city': "Cork",
    'phone': "+353 21 555 0100",
    'email': "office@harrowpike.example",
    'website': "https://www.harrowpike.example",
}


def has_history(addon):
    """Return whether the addon makes history by code."""
    try:
        return bool(file_path(f'{addon}/demo/history.py'))
    except FileNotFoundError:
        return False


def load(env, addons):
    """Load the demo data of those of `addons` that are installed and were not loaded before."""
    start = time.monotonic()
    # Nobody is told by mail what was given to him.
    env = env(context={**env.context, 'mail_auto_subscribe_no_notify': True})
    parameters = env['ir.config_parameter']
    loaded = parameters.get_param(LOADED, '').split()
    if not loaded:
        env.company.write(COMPANY)
    graph = ModuleGraph(env.cr, mode='load')
    graph.extend(env['ir.module.module']._installed())
    for addon in addons:
        if addon in loaded or addon not in graph:
            continue
        load_data(env, {}, 'init', 'demo', graph[addon])
        if has_history(addon):
            importlib.import_module(f'odoo.addons.{addon}.demo.history').load(env)
        loaded.append(addon)
    if 'odoobot_state' in env['res.users']._fields:
        # Nobody's first screen is a chat with the robot.
        env['res.users'].search([]).odoobot_state = 'disabled'
    parameters.set_param(LOADED, ' '.join(loaded))
    env.cr.commit()
    print(f"demo data: {time.monotonic() - start:.0f} s")


load(env, os.environ['DEMO_ADDONS'].split())  # noqa: F821
