"""All scheduled actions of the suite with something to do: to be killed at it.

Some have been killed in tests of their own, whose workers make what there is to do for them.
"""

from datetime import timedelta

import commission_updater
import learning_worker
import release_worker
import request_rule_worker
import warning_worker
from killed_scenarios import (
    Absences,
    Campaigns,
    Debts,
    Delays,
    Documents,
    Duties,
    Incentives,
    Lookups,
    Odds,
    Offers,
    Paper,
    Prospects,
    Routing,
    SalesFacts,
    Silence,
    make_orders,
    make_requests,
)

from odoo import fields
from odoo.fields import Command

MAIL = ('Message-Id: <{number}@killed.example>\r\nFrom: s{number}@mail.example\r\n'
        'To: service@killed.example\r\nSubject: Kept {number}\r\n\r\nHello\r\n')


class NoteOrders:
    """Members of a campaign who have ordered."""

    batch = 'crm_campaigns.models.crm_campaign_member_bought'
    model = 'crm.campaign.member'
    method = '_cron_note_orders'
    standing = """
        SELECT count(*) FILTER (WHERE state = 'bought') AS bought, count(*) AS members
        FROM crm_campaign_member"""

    @staticmethod
    def prepare(env):
        orders = make_orders(env, 50)
        customers = env['res.partner'].create(
            [{'name': f"Customer {order.name}"} for order in orders])
        campaign = env['utm.campaign'].create({
            'title': "Killed", 'attribution': 'utm', 'state': 'running',
            'date_start': fields.Date.today() - timedelta(days=1)})
        for order, customer in zip(orders, customers, strict=True):
            order.write({'partner_id': customer.id, 'campaign_id': campaign.id})
        env['crm.campaign.member'].create([
            {'campaign_id': campaign.id, 'partner_id': customer.id} for customer in customers])


def make_process(env, color):
    """Make a process with one step, for leads of a color."""
    env['crm.process'].search([('state', '=', 'active')]).action_stop()
    process = env['crm.process'].create({
        'name': "Killed", 'model_name': 'crm.lead', 'start_domain': f"[('color', '=', {color})]",
        'end_domain': "[('color', '=', 1)]",
        'step_ids': [Command.create({
            'name': "Quote", 'domain': f"[('color', '=', {color})]", 'norm_hours': 8})]})
    process.action_activate()
    return process


def make_leads(env, color):
    leads = env['crm.lead'].create([
        {'name': f"Lead {number}", 'type': 'opportunity', 'color': color} for number in range(50)])
    # What is measured of them is written at the end of a transaction.
    env.cr.flush()
    return leads


class Predictions:
    """Steps whose probability to be late is to be looked at again."""

    batch = 'crm_process.models.crm_process_task_prediction'
    model = 'crm.process.task'
    method = '_cron_predict'
    standing = """
        SELECT count(*) FILTER (WHERE date_prediction IS NULL) AS seen,
               count(*) FILTER (WHERE date_prediction <= now() AT TIME ZONE 'UTC') AS waiting
        FROM crm_process_task
        WHERE date_end IS NULL AND process_id = (SELECT max(id) FROM crm_process)"""

    @staticmethod
    def prepare(env):
        make_process(env, 7)
        make_leads(env, 7)
        env.cr.execute("""
            UPDATE crm_process_task SET date_late = now() AT TIME ZONE 'UTC' - interval '1 hour',
                   date_prediction = now() AT TIME ZONE 'UTC' - interval '1 hour'
            WHERE date_end IS NULL""")


class Sweep:
    """Leads that stand in a process, which does not know of them."""

    batch = 'crm_process.models.crm_process_tracking'
    model = 'crm.process'
    method = '_cron_sweep'
    standing = """
        SELECT count(*) AS runs, count(DISTINCT res_id) AS leads,
               (SELECT count(*) FROM crm_process_task WHERE date_end IS NULL
                AND process_id = (SELECT max(id) FROM crm_process)) AS tasks
        FROM crm_process_run
        WHERE date_end IS NULL AND process_id = (SELECT max(id) FROM crm_process)"""

    @staticmethod
    def prepare(env):
        process = make_process(env, 8)
        leads = make_leads(env, 8)
        leads.color = 0
        process.run_ids.unlink()
        env.cr.flush()
        env.cr.execute("UPDATE crm_lead SET color = 8 WHERE id = ANY(%s)", [leads.ids])


class Schedule:
    """Steps whose deadline is to be planned again."""

    batch = 'crm_process.models.crm_process_task'
    model = 'crm.process.task'
    method = '_cron_schedule'
    standing = """
        SELECT count(*) FILTER (WHERE stale) AS waiting, count(date_deadline) AS planned
        FROM crm_process_task
        WHERE date_end IS NULL AND process_id = (SELECT max(id) FROM crm_process)"""

    @staticmethod
    def prepare(env):
        make_process(env, 9)
        make_leads(env, 9)
        env.cr.execute("UPDATE crm_process_task SET stale = TRUE, date_deadline = NULL"
                       " WHERE date_end IS NULL")


class Proposals:
    """Requests of people who are nobody's contact."""

    batch = 'crm_campaigns.models.crm_prospect_row_find'
    model = 'crm.prospect.row'
    method = '_cron_propose'
    standing = """
        SELECT count(*) AS proposed, count(DISTINCT sender) AS senders
        FROM crm_prospect_row WHERE sender LIKE '%@unknown.example'"""

    @staticmethod
    def prepare(env):
        requests = make_requests(env, 50, partner_id=False)
        for number, request in enumerate(requests):
            request.email_from = f'p{number}@unknown.example'


class Quarantine:
    """Mails in quarantine that are due: some become requests now, some are for nobody."""

    model = 'crm.mail.quarantine'
    method = '_cron_retry'
    standing = """
        SELECT count(*) FILTER (WHERE state = 'handled') AS handled,
               count(*) FILTER (WHERE state = 'waiting' AND next_try > now() AT TIME ZONE 'UTC')
                   AS kept,
               count(*) FILTER (WHERE next_try <= now() AT TIME ZONE 'UTC') AS waiting,
               (SELECT count(*) FROM crm_request WHERE name LIKE 'Kept %') AS requests,
               (SELECT count(*) FROM mail_mail JOIN mail_message message ON
                    message.id = mail_message_id
                WHERE message.subject LIKE 'We have received%') AS confirmed
        FROM crm_mail_quarantine"""

    @staticmethod
    def prepare(env):
        company = env.company
        company.alias_domain_id = env['mail.alias.domain'].create({'name': 'killed.example'})
        company.request_alias_name = 'service'
        options = {'model': False, 'custom_values': {}, 'save_original': False,
                   'strip_attachments': False, 'thread_id': False}
        for number in range(6):
            source = MAIL.format(number=number)
            if number % 3 == 2:
                source = source.replace('service@', 'nobody@')
            env['crm.mail.quarantine']._keep(source.encode(), options, ValueError("once"))
        env['crm.mail.quarantine'].search([]).next_try = '2026-01-05 10:00:00'


class FactsCheck:
    """Sales facts that differ from the books."""

    model = 'crm.sales.fact'
    method = '_cron_check'
    standing = """
        SELECT count(*) AS facts, COALESCE(sum(amount), 0) AS amount,
               (SELECT COALESCE(sum(amount), 0) FROM crm_sales_month) AS months
        FROM crm_sales_fact"""

    @staticmethod
    def prepare(env):
        order = make_orders(env, 1)
        env.flush_all()
        env.cr.execute("""
            INSERT INTO crm_sales_fact (
                partner_id, product_id, company_id, date, quantity, amount, cost)
            SELECT %s, %s, %s, date '2026-01-01' + number, 1, 3, 2
            FROM generate_series(1, 50) number
            """, [order.partner_id.id, order.order_line.product_id.id, env.company.id])


class DeliveryTimes:
    """Deliveries of the last year to learn from, and what was known before."""

    model = 'crm.delivery.time'
    method = '_cron_learn'
    standing = """
        SELECT count(*) AS known, COALESCE(sum(case_count), 0) AS cases
        FROM crm_delivery_time"""

    @staticmethod
    def prepare(env):
        lines = make_orders(env, 25).order_line
        env.flush_all()
        env.cr.execute("UPDATE sale_order_line SET date_delivered = now() AT TIME ZONE 'UTC'"
                       " + interval '3 days' WHERE id = ANY(%s)", [lines.ids])
        env['crm.delivery.time'].create({'company_id': env.company.id, 'case_count': 7})


class Untouched:
    """Orders that were taken and left untouched."""

    model = 'sale.order'
    method = '_cron_release_untouched'
    standing = """
        SELECT count(call_user_id) AS held, count(order_manager_id) AS managed,
               (SELECT count(*) FROM crm_manager_change WHERE reason = 'untouched') AS returned
        FROM sale_order
        WHERE id IN (SELECT order_id FROM crm_manager_change WHERE reason = 'taken')"""

    @staticmethod
    def prepare(env):
        release_worker.make_held(env, 250)


class Commissions:
    """Orders whose commissions are due to be made."""

    model = 'sale.order'
    method = '_cron_update_commissions'
    standing = """
        SELECT (SELECT count(*) FROM sale_order WHERE commission_due) AS due,
               count(DISTINCT order_id) AS orders, count(*) AS entries
        FROM crm_commission_entry WHERE amount = 10"""

    @staticmethod
    def prepare(env):
        commission_updater.make_due(env, 230)


class Warnings:
    """Steps that are due, of two people who are told by mail."""

    batch = 'crm_process.models.crm_process_task_warning'
    model = 'crm.process.task'
    method = '_cron_warn'
    standing = """
        SELECT (SELECT count(*) FROM crm_process_task WHERE date_end IS NULL
                AND date_warning <= now() AT TIME ZONE 'UTC') AS due,
               (SELECT count(*) FROM crm_process_warning) AS warnings,
               (SELECT count(DISTINCT task_id) FROM crm_process_warning) AS tasks,
               (SELECT count(date_sent) FROM crm_process_warning) AS told,
               (SELECT count(*) FROM mail_mail WHERE body_html LIKE '%process-%') AS mails"""

    @staticmethod
    def prepare(env):
        warning_worker.make_due(env, 90)


class Learning:
    """Processes that have never been learnt from."""

    model = 'crm.process'
    method = '_cron_learn'
    standing = """
        SELECT count(date_learnt) AS learnt,
               (SELECT count(*) FROM crm_process_statistic) AS statistics,
               (SELECT count(*) FROM crm_process_task WHERE date_risk = date_deadline) AS tasks
        FROM crm_process"""

    @staticmethod
    def prepare(env):
        learning_worker.make_processes(env, 3)


class Suggestions:
    """Processes whose norms have never been examined."""

    model = 'crm.process'
    method = '_cron_suggest'
    standing = """
        SELECT count(date_examined) AS examined,
               (SELECT count(*) FROM crm_process_suggestion) AS suggestions
        FROM crm_process"""

    @staticmethod
    def prepare(env):
        learning_worker.make_processes(env, 3)
        env['crm.process']._cron_learn()


class Rules:
    """Customers who owe something, and a rule that makes requests of them."""

    model = 'crm.request.rule'
    method = '_cron_run'
    standing = """
        SELECT count(*) AS requests, count(DISTINCT commercial_partner_id) AS customers,
               count(DISTINCT number) AS numbers
        FROM crm_request WHERE rule_id IS NOT NULL AND channel = 'rule'
          AND rule_id = (SELECT max(id) FROM crm_request_rule)"""

    @staticmethod
    def prepare(env):
        request_rule_worker.make_debts(env, 250)


# Those killed at each commit in a test of their own, with what it demands in between.
OWN_TEST = {
    'untouched': Untouched, 'commissions': Commissions, 'warnings': Warnings,
    'learning': Learning, 'suggestions': Suggestions, 'rules': Rules}
# Those of which it is enough that what is left in the end is right.
SIMPLE = {
    'note_orders': NoteOrders, 'predictions': Predictions, 'sweep': Sweep, 'schedule': Schedule,
    'proposals': Proposals, 'quarantine': Quarantine, 'facts_check': FactsCheck,
    'delivery_times': DeliveryTimes}
ACTIONS = {
    'absences': Absences, 'duties': Duties, 'odds': Odds, 'silence': Silence, 'routing': Routing,
    'debts': Debts, 'delays': Delays, 'sales_facts': SalesFacts, 'lookups': Lookups,
    'documents': Documents, 'campaigns': Campaigns, 'incentives': Incentives, 'offers': Offers,
    'paper': Paper, 'prospects': Prospects, **OWN_TEST, **SIMPLE}


def uncovered(env, addons):
    """Return the scheduled actions of addons that nothing here is to be killed at.

    :rtype: list[str]
    """
    known = {(action.model, f'model.{action.method}()') for action in ACTIONS.values()}
    ours = env['ir.model.data'].search([
        ('model', '=', 'ir.cron'), ('module', 'in', addons)])
    crons = env['ir.cron'].with_context(active_test=False).browse(ours.mapped('res_id')).exists()
    return [cron.cron_name for cron in crons
            if (cron.model_id.model, (cron.code or '').strip()) not in known]
