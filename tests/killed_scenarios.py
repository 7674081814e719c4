"""Something to do for scheduled actions, and how to see how things stand: to be killed at it.

Each class is one action: its model and method, `prepare`, which makes something to do, and
`standing`, a query of counts. Where few are to be done at once, `batch` and `sizes` say by what.
"""

import base64
from datetime import timedelta

from debtors import make_debtors

from odoo import fields
from odoo.fields import Command

PEOPLE, ORDERS_EACH = 4, 20
# So many are done at once of what would take long to make in real numbers.
BATCH = 20


def make_users(env, count, role):
    return env['res.users'].create([
        {'name': f"Person {number}", 'login': f'person{number}',
         'email': f'person{number}@example.com', 'notification_type': 'inbox',
         'group_ids': [Command.set(env.ref(f'crm_roles.group_{role}').ids)]}
        for number in range(count)])


def make_orders(env, count, confirm=True, **values):
    customer = env['res.partner'].create({'name': "Quinn Carpentry"})
    product = env['product.product'].create(
        {'name': "Drill", 'list_price': 100.0, 'taxes_id': [Command.clear()]})
    orders = env['sale.order'].create([
        {'partner_id': customer.id, 'order_line': [Command.create({'product_id': product.id})],
         **values} for _number in range(count)])
    if confirm:
        orders.action_confirm()
    return orders


class Absences:
    """People who have lent orders for an absence that is over."""

    model = 'sale.order'
    method = '_cron_follow_absences'
    standing = """
        WITH change AS (
            SELECT order_id, count(*) - 1 AS returns FROM crm_manager_change
            WHERE reason = 'absence' GROUP BY order_id
        ), told AS (
            SELECT notification.res_partner_id FROM mail_notification notification
            JOIN res_users ON res_users.partner_id = notification.res_partner_id
            WHERE res_users.login LIKE 'person%'
        )
        SELECT count(lender_id) AS lent, sum(returns) AS returns,
               count(*) FILTER (WHERE lender_id IS NULL) AS returned,
               (SELECT count(*) FROM told) AS messages,
               (SELECT count(DISTINCT res_partner_id) FROM told) AS told
        FROM sale_order JOIN change ON change.order_id = sale_order.id"""

    @staticmethod
    def prepare(env):
        substitute, *lenders = make_users(env, PEOPLE + 1, 'order_manager')
        lenders = env['res.users'].union(*lenders)
        for lender in lenders:
            make_orders(env, ORDERS_EACH, order_manager_id=lender.id)
        lenders.absent_from = '2026-01-05'
        orders = env['sale.order'].search([('order_manager_id', 'in', lenders.ids)])
        orders._lend({substitute: orders})
        lenders.absent_from = False


class Duties:
    """Paid orders of customers each of whom has the same personal manager."""

    model = 'sale.order'
    method = '_cron_start_duties'
    standing = """
        SELECT count(*) FILTER (WHERE duties_checked) AS checked,
               count(*) FILTER (WHERE duties_checked IS NOT TRUE) AS waiting,
               (SELECT count(*) FROM mail_activity WHERE summary = 'Any doubts?') AS duties,
               (SELECT count(DISTINCT res_id) FROM mail_activity
                WHERE summary = 'Any doubts?') AS customers
        FROM sale_order WHERE client_order_ref = 'duties'"""

    @staticmethod
    def prepare(env):
        manager = make_users(env, 1, 'account_representative')
        plan = env['mail.activity.plan'].create({
            'name': "After the Purchase", 'res_model': 'res.partner', 'template_ids': [
                Command.create({
                    'activity_type_id': env.ref('mail.mail_activity_data_call').id,
                    'summary': "Any doubts?"})]})
        orders = make_orders(env, 250, client_order_ref='duties')
        orders.order_line.product_id.categ_id = env['product.category'].create(
            {'name': "Tools", 'duty_plan_id': plan.id})
        customers = env['res.partner'].create([
            {'name': f"Customer {order.name}", 'personal_manager_id': manager.id}
            for order in orders])
        for order, customer in zip(orders, customers, strict=True):
            order.partner_id = customer
        env.flush_all()
        # As if they were paid.
        env.cr.execute("UPDATE sale_order SET amount_unpaid = 0 WHERE id = ANY(%s)", [orders.ids])


class Odds:
    """Orders that wait for a call and have no value yet, and calls to learn from."""

    model = 'sale.order'
    method = '_cron_learn_call_odds'
    standing = """
        SELECT (SELECT count(*) FROM crm_call_odds) AS odds,
               count(*) FILTER (WHERE call_value > 0) AS valued, count(*) AS orders
        FROM sale_order WHERE client_order_ref = 'odds'"""

    @staticmethod
    def prepare(env):
        orders = make_orders(env, 600, client_order_ref='odds', state='sent', confirm=False)
        env['crm.call'].create([
            {'partner_id': order.partner_id.id, 'res_model': 'sale.order', 'res_id': order.id,
             'outcome_id': env.ref('crm_calls.crm_call_outcome_promised').id,
             'date_start': '2026-01-05 10:00:00'}
            for order in orders[:5]])
        env.flush_all()
        env.cr.execute("UPDATE sale_order SET call_value = 0 WHERE id = ANY(%s)", [orders.ids])


def make_requests(env, count, **values):
    env['crm.request.routing'].search([]).active = False
    customer = env['res.partner'].create({'name': "Quinn", 'email': 'quinn@example.com'})
    requests = env['crm.request'].create([
        {'name': "Where is it?", 'partner_id': customer.id, **values} for _number in range(count)])
    env.flush_all()
    return requests


class Silence:
    """Requests whose customers have been silent for long; half of them have been warned of it."""

    model = 'crm.request'
    method = '_cron_end_silence'
    standing = """
        SELECT count(silence_warned_at) AS warned,
               count(*) FILTER (WHERE state = 'waiting') AS waiting,
               count(*) FILTER (WHERE closed_by = 'silence') AS closed,
               (SELECT count(*) FROM mail_message WHERE model = 'crm.request'
                   AND subject LIKE '%may we close it?') AS mails,
               (SELECT count(*) FROM mail_message WHERE model = 'crm.request'
                   AND body LIKE '%nothing was heard%') AS notes
        FROM crm_request WHERE name = 'Where is it?'"""

    @staticmethod
    def prepare(env):
        requests = make_requests(env, 90)
        env.company.resource_calendar_id = False
        requests.type_id.write({'close_days': 10, 'close_warning_days': 3})
        requests.state = 'waiting'
        env.flush_all()
        env.cr.execute(
            "UPDATE crm_request SET silent_since = now() - interval '30 days', silence_warned_at ="
            " CASE WHEN id = ANY(%s) THEN now() - interval '20 days' END WHERE id = ANY(%s)",
            [requests[::2].ids, requests.ids])


class Routing:
    """Requests that came in before there was a team to answer them."""

    batch = 'crm_service_requests.models.crm_request_routing'
    model = 'crm.request'
    method = '_cron_route'
    standing = """
        SELECT count(user_id) AS given, count(routed_user_id) AS routed,
               count(*) FILTER (WHERE user_id IS NULL) AS waiting,
               count(DISTINCT routing_number) FILTER (WHERE routing_number > 0) AS numbers,
               (SELECT max(per_person) - min(per_person) FROM (
                    SELECT count(request.id) AS per_person FROM res_users
                 LEFT JOIN crm_request request ON request.user_id = res_users.id
                     WHERE login LIKE 'person%' GROUP BY res_users.id) spread) AS unevenness
        FROM crm_request WHERE name = 'Where is it?'"""

    @staticmethod
    def prepare(env):
        make_requests(env, 52)
        people = make_users(env, PEOPLE, 'service_representative')
        team = env['crm.team'].create({'name': "Service"})
        team.member_ids = people
        env['crm.request.routing'].create({
            'name': "All", 'target': 'team', 'team_id': team.id, 'at_work_only': False})


class Debts:
    """Debts that nobody has asked for yet, of customers to whom letters go by themselves."""

    batch = 'crm_service_requests.models.crm_request_debt'
    model = 'crm.request'
    method = '_cron_follow_debts'
    standing = """
        SELECT count(debt_level_id) AS raised, count(*) FILTER (WHERE debt_level_id IS NULL) AS new,
               count(debt_letter_at) AS lettered,
               (SELECT count(*) FROM mail_mail
                WHERE email_to LIKE '%debtor%' OR id IN (
                    SELECT mail_mail_id FROM mail_mail_res_partner_rel rel
                      JOIN res_partner ON res_partner.id = res_partner_id
                     WHERE email LIKE 'debtor%')) AS mails
        FROM crm_request WHERE name = 'Where is our money?'"""

    @staticmethod
    def prepare(env):
        env.company.resource_calendar_id = False
        env['crm.debt.level'].search([]).automatic = True
        env['crm.request.type'].search([]).confirm_automatically = False
        debts = env['crm.request'].create([{
            'name': "Where is our money?", 'partner_id': customer.id,
            'type_id': env.ref('crm_service_requests.crm_request_type_debt').id,
        } for customer in make_debtors(env, 46, "Debtors")])
        env.flush_all()
        env.cr.execute(
            "UPDATE crm_request SET debt_level_id = NULL WHERE id = ANY(%s)", [debts.ids])


class Delays:
    """Orders that will be late; half of their customers have no address."""

    model = 'crm.order.delay'
    method = '_cron_tell'
    standing = """
        SELECT count(delay.id) AS told, count(*) FILTER (WHERE delay.mailed) AS by_mail,
               count(*) FILTER (WHERE delay.id IS NULL) AS waiting,
               (SELECT count(*) FROM mail_message WHERE model = 'sale.order'
                   AND subject LIKE '%later than promised') AS mails,
               (SELECT count(*) FROM mail_activity
                   WHERE summary LIKE '%there is no mail address.') AS calls
        FROM sale_order LEFT JOIN crm_order_delay delay ON delay.order_id = sale_order.id
        WHERE client_order_ref = 'delays'"""

    @staticmethod
    def prepare(env):
        env.company.write({'late_notice': True, 'resource_calendar_id': False})
        manager = make_users(env, 1, 'order_manager')
        customers = env['res.partner'].create([
            {'name': "Reached", 'email': 'reached@example.com'}, {'name': "Not Reached"}])
        orders = make_orders(
            env, 70, client_order_ref='delays', order_manager_id=manager.id,
            commitment_date=fields.Datetime.now() + timedelta(hours=2))
        # What is ready to leave is not told.
        orders.picking_ids.do_unreserve()
        orders[::2].partner_id, orders[1::2].partner_id = customers


class Lookups:
    """People who asked for links to requests; half of the numbers are of no request."""

    model = 'crm.request.lookup'
    method = '_cron_answer'
    standing = """
        SELECT (SELECT count(*) FROM crm_request_lookup WHERE request_id IS NULL) AS waiting,
               (SELECT count(request_id) FROM crm_request_lookup) AS answered,
               count(*) AS mails, count(DISTINCT message.res_id) AS told
        FROM mail_mail JOIN mail_message message ON message.id = mail_message_id
        WHERE message.model = 'crm.request.lookup'"""

    @staticmethod
    def prepare(env):
        requests = make_requests(env, 6)
        for number in [*requests.mapped('number'), *(f'NO{count}' for count in range(6))]:
            env['crm.request.lookup']._ask(number, 'quinn@example.com')


class Documents:
    """A document for a customer with many representatives, who are told of it by mail."""

    batch = 'crm_selfservice_portal.models.crm_shared_document_mail'
    model = 'crm.shared.document'
    method = '_cron_tell'
    standing = """
        SELECT (SELECT count(*) FROM crm_shared_document WHERE mail_pending) AS pending,
               (SELECT count(date_told) FROM crm_shared_document_receipt) AS told,
               count(*) AS mails, count(DISTINCT message.res_id) AS reached
        FROM mail_mail JOIN mail_message message ON message.id = mail_message_id
        WHERE message.model = 'crm.shared.document.receipt'"""

    @staticmethod
    def prepare(env):
        env.company.resource_calendar_id = False
        customer = env['res.partner'].create({'name': "Quinn Carpentry", 'is_company': True})
        users = env['res.users'].create([
            {'name': f"Reader {number}", 'login': f'reader{number}',
             'email': f'reader{number}@example.com',
             'group_ids': [Command.set(env.ref('base.group_portal').ids)]}
            for number in range(48)])
        users.partner_id.parent_id = customer
        env['crm.shared.document'].create({
            'name': "Price List", 'file': 'cHJpY2Vz', 'tell_by_mail': True,
            'type_id': env['crm.shared.document.type'].search([], limit=1).id,
            'partner_ids': [Command.set(customer.ids)]}).action_publish()


class SalesFacts:
    """Bills whose sales have not been taken into the facts yet."""

    model = 'crm.sales.fact'
    method = '_cron_fold'
    standing = """
        SELECT (SELECT count(*) FROM crm_sales_fact_delta delta
                JOIN res_partner ON res_partner.id = partner_id
                WHERE name = 'Quinn Carpentry') AS waiting,
               (SELECT count(*) FROM crm_sales_fact fact
                JOIN res_partner ON res_partner.id = partner_id
                WHERE name = 'Quinn Carpentry') AS facts,
               (SELECT COALESCE(sum(month.amount), 0) FROM crm_sales_month month
                JOIN res_partner ON res_partner.id = partner_id
                WHERE name = 'Quinn Carpentry') AS months,
               COALESCE(sum(amount), 0) AS amount, COALESCE(sum(cost), 0) AS cost
        FROM (SELECT partner_id, amount, cost FROM crm_sales_fact
              UNION ALL SELECT partner_id, amount, cost FROM crm_sales_fact_delta) sold
        JOIN res_partner ON res_partner.id = partner_id WHERE name = 'Quinn Carpentry'"""

    @staticmethod
    def prepare(env):
        orders = make_orders(env, 1)
        product, customer = orders.order_line.product_id, orders.partner_id
        env.flush_all()
        # As many as two batches and a half, on two hundred days.
        env.cr.execute("""
            INSERT INTO crm_sales_fact_delta (
                partner_id, product_id, company_id, date, quantity, amount, cost)
            SELECT %s, %s, %s, date '2026-01-01' + number %% 200, 1, 3, 2
            FROM generate_series(1, 25000) AS number
            """, [customer.id, product.id, env.company.id])


class Campaigns:
    """A campaign that is to write to its members and to call them; some get a price list."""

    batch = 'crm_campaigns.models.crm_campaign_step_engine'
    model = 'crm.campaign.step'
    method = '_cron_run_steps'
    standing = """
        SELECT count(*) FILTER (WHERE touch.channel = 'mail') AS written,
               count(*) FILTER (WHERE touch.channel = 'call') AS to_call,
               count(*) - count(DISTINCT (touch.step_id, touch.member_id)) AS twice,
               (SELECT count(*) FROM crm_campaign_member
                WHERE call_step_id IS NOT NULL AND call_state = 'to_call') AS queue,
               (SELECT count(*) FROM crm_campaign_step WHERE state = 'done') AS done,
               (SELECT count(*) FROM mailing_mailing
                WHERE subject = 'Killed' AND state = 'in_queue') AS sent,
               count(*) FILTER (WHERE touch.channel = 'pricelist') AS priced,
               (SELECT count(*) FROM mail_message
                WHERE model = 'crm.campaign.touch') AS price_lists
        FROM crm_campaign_touch touch WHERE touch.name = 'Killed'"""

    @staticmethod
    def prepare(env):
        env.company.write({'resource_calendar_id': False, 'touch_cap': 0})
        campaign = env['utm.campaign'].create({'title': "Killed"})
        steps = env['crm.campaign.step'].create([
            {'name': "Killed", 'campaign_id': campaign.id, 'channel': channel}
            for channel in ('mail', 'call', 'pricelist')])
        steps[2].write({
            'condition': 'responded',
            'pricelist_id': env['product.pricelist'].create({'name': "Killed"}).id,
            'product_ids': env['product.product'].create({'name': "Drill"}).ids})
        steps[0].action_write_mail()
        steps[0].mailing_id.write({'body_arch': "<p>Hello</p>", 'body_html': "<p>Hello</p>"})
        customers = env['res.partner'].create([
            {'name': f"Customer {number}", 'email': f'customer{number}@example.com',
             'phone': '+353 1 234 5678'} for number in range(44)])
        env['crm.campaign.member'].create([
            {'campaign_id': campaign.id, 'partner_id': customer.id,
             'state': 'planned' if place % 2 else 'responded'}
            for place, customer in enumerate(customers)])
        campaign.write({'state': 'running', 'date_start': fields.Date.today()})


class Incentives:
    """Customers who are to get a tag, and as many who are to lose theirs."""

    batch = 'crm_campaigns.models.crm_incentive_rule_grant'
    model = 'crm.incentive.rule'
    method = '_cron_grant_incentives'
    standing = """
        WITH tagged AS (
            SELECT tag.name ->> 'en_US' AS name
            FROM res_partner_res_partner_category_rel given
            JOIN res_partner_category tag ON tag.id = given.category_id
        ), granted AS (
            SELECT grants.state, rule.name ->> 'en_US' AS name
            FROM crm_incentive_grant grants JOIN crm_incentive_rule rule ON rule.id = rule_id
        )
        SELECT (SELECT count(*) FROM granted WHERE name = 'Gains') AS granted,
               (SELECT count(*) FROM tagged WHERE name = 'Gains') AS tagged,
               (SELECT count(*) FROM granted
                WHERE name = 'Loses' AND state = 'withdrawn') AS withdrawn,
               (SELECT count(*) FROM tagged WHERE name = 'Loses') AS kept"""

    @staticmethod
    def prepare(env):
        for name in ('Gains', 'Loses'):
            customers = env['res.partner'].create(
                [{'name': f"Customer {number}", 'ref': name} for number in range(25)])
            rule = env['crm.incentive.rule'].create({
                'name': name, 'reward': 'tag', 'withdraw': True,
                'tag_id': env['res.partner.category'].create({'name': name}).id,
                'audience_id': env['crm.audience'].create({
                    'name': name, 'criterion_ids': [Command.create({
                        'source': 'customer', 'partner_domain': f"[('ref', '=', '{name}')]"})],
                }).id})
            while name == 'Loses' and rule._grant_batch():
                customers.ref = 'gone'


class Offers:
    """Two rules that offer something to forty customers each, and 1100 offers that are over."""

    model = 'crm.offer.rule'
    method = '_cron_make_offers'
    standing = """
        WITH rule AS (SELECT id, run_on, name ->> 'en_US' AS name FROM crm_offer_rule),
        made AS (
            SELECT offer.* FROM crm_offer offer JOIN rule ON rule.id = offer.rule_id
            WHERE rule.name = 'Killed'
        )
        SELECT (SELECT count(*) FROM made) AS made,
               (SELECT count(*) - count(DISTINCT (rule_id, partner_id)) FROM made) AS twice,
               (SELECT count(*) FROM rule WHERE name = 'Killed' AND run_on IS NOT NULL)
                   AS followed,
               count(*) FILTER (WHERE offer.state = 'offered') AS late,
               count(*) FILTER (WHERE offer.state = 'expired') AS expired
        FROM crm_offer offer JOIN rule ON rule.id = offer.rule_id WHERE rule.name = 'Over'"""

    @staticmethod
    def prepare(env):
        customers = env['res.partner'].create(
            [{'name': f"Customer {number}"} for number in range(40)])
        audience = env['crm.audience'].create({'name': "Killed", 'criterion_ids': [Command.create({
            'source': 'customer', 'partner_domain': str([('id', 'in', customers.ids)])})]})
        rules = env['crm.offer.rule'].create([
            {'name': name, 'kind': 'audience', 'audience_id': audience.id, 'active': name != "Over"}
            for name in ("Killed", "Killed", "Over")])
        today = fields.Date.today()
        env['crm.offer'].create([{
            'rule_id': rules[2].id, 'partner_id': customers[0].id, 'state': 'offered',
            'evidence_date': today - timedelta(days=number), 'date_end': today - timedelta(days=1),
        } for number in range(1100)])


class Paper:
    """Letters to print in three parts; one of them cannot be written."""

    batch = 'crm_campaigns.models.crm_campaign_step_print', 'LETTERS', 2
    model = 'crm.campaign.step'
    method = '_cron_print_paper'
    standing = """
        WITH paper AS (
            SELECT paper.*, step.printing FROM crm_campaign_paper paper
            JOIN crm_campaign_step step ON step.id = paper.step_id
            WHERE step.name ->> 'en_US' = 'Killed'
        )
        SELECT count(*) FILTER (WHERE state = 'waiting') AS waiting,
               count(*) FILTER (WHERE state = 'done') AS written,
               count(*) FILTER (WHERE state = 'failed') AS failed,
               (SELECT count(*) FROM crm_campaign_member WHERE state = 'contacted') AS contacted,
               (SELECT COALESCE(sum(count), 0) FROM paper) AS letters,
               (SELECT count(*) FROM paper WHERE is_whole IS NOT TRUE) AS parts,
               (SELECT count(*) FROM paper WHERE is_whole) AS whole,
               (SELECT count(*) FROM ir_attachment WHERE res_model = 'crm.campaign.paper'
                AND res_id IN (SELECT id FROM paper)) AS files,
               (SELECT count(*) FROM mail_activity
                WHERE summary LIKE '%to print: Killed') AS told
        FROM crm_campaign_touch WHERE name = 'Killed'"""

    @staticmethod
    def prepare(env):
        env.company.write({'resource_calendar_id': False, 'touch_cap': 0})
        env['ir.config_parameter'].set_param('report.print_delay', '1')
        letter = env['crm.letter.template'].create({
            'name': "Killed", 'subject': "Hello", 'body': """
                <p>Your number has <t t-out="1 // int(object.ref)"/> digits.</p>"""})
        campaign = env['utm.campaign'].create({'title': "Killed"})
        customers = env['res.partner'].create([
            {'name': f"Customer {number}", 'ref': str(number % 4), 'street': "Mill Lane 1",
             'zip': f'{number:05}', 'city': "Cork"} for number in range(1, 6)])
        env['crm.campaign.member'].create([
            {'campaign_id': campaign.id, 'partner_id': customer.id} for customer in customers])
        campaign.write({'state': 'running', 'date_start': fields.Date.today()})
        step = env['crm.campaign.step'].create({
            'name': "Killed", 'campaign_id': campaign.id, 'channel': 'letter',
            'letter_template_id': letter.id})
        step._reach(0)
        step._finish()
        step.state = 'done'


class Prospects:
    """A file whose lines are to be read, and the lines of another that are to be customers."""

    sizes = {
        'crm.prospect.import': '_lines_in_a_batch', 'crm.prospect.row': '_taken_in_a_batch'}
    model = 'crm.prospect.import'
    method = '_cron_prospects'
    standing = """
        WITH line AS (
            SELECT line.*, file.name AS file FROM crm_prospect_row line
            JOIN crm_prospect_import file ON file.id = line.import_id
        ), customer AS (
            SELECT id, email FROM res_partner WHERE email LIKE '%@killed.example.com'
        )
        SELECT (SELECT count(*) FROM crm_prospect_import
                WHERE name = 'Read' AND state = 'open') AS read_wholly,
               count(*) FILTER (WHERE file = 'Read') AS read,
               count(*) - count(DISTINCT (file, line)) AS twice,
               count(*) FILTER (WHERE queued AND date_done IS NULL) AS waiting,
               count(*) FILTER (WHERE date_done IS NOT NULL) AS taken,
               count(DISTINCT partner_id) AS linked,
               (SELECT count(*) FROM customer) AS customers,
               (SELECT count(DISTINCT email) FROM customer) AS addresses,
               (SELECT count(*) FROM crm_campaign_member
                WHERE partner_id IN (SELECT id FROM customer)) AS members,
               (SELECT count(*) FROM res_partner_res_partner_category_rel
                WHERE partner_id IN (SELECT id FROM customer)) AS tagged
        FROM line"""

    @staticmethod
    def prepare(env):
        campaign = env['utm.campaign'].create(
            {'title': "Killed", 'state': 'running', 'date_start': fields.Date.today()})
        files = env['crm.prospect.import'].create([{
            'name': name, 'file_name': f'{name}.csv', 'campaign_id': campaign.id,
            'tag_ids': env['res.partner.category'].create({'name': name}).ids,
            'file': base64.b64encode('\n'.join(["Name,Mail", *(
                f'{name} {number},{name}{number}@killed.example.com'
                for number in range(count))]).encode()),
        } for name, count in (("Read", 48), ("Take", 70))])
        files[0].state = 'reading'
        files[1].action_read()
        files[1].row_ids.queued = True
