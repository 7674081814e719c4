"""Take the pictures of the documentation; called by `scripts/screenshots`.

A picture is a line of the table `PICTURES`. Those that change something come last, so that each
looks the same whether it is taken alone or with all others.
"""

import argparse
import io
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path

import psycopg2
from PIL import Image
from playwright.sync_api import Error, sync_playwright

SCREEN = (1366, 768)
PHONE = (390, 844)
CHROMIUM = [
    '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
    '--disable-background-networking', '--disable-component-update', '--disable-sync',
]
# What a page shows when it is ready.
READY = '.o_action_manager .o_content, .o_call_board, .o_call_desk, .o_portal_wrap'
# The worker that keeps the connection for news is never done: only these are waited for.
AWAITED = {'xhr', 'fetch', 'image', 'font', 'stylesheet'}


@dataclass
class Picture:
    """One picture: who opens which page, what he does there, and which part is shown.

    A step is a selector to click, or a selector and a text to put in. What the demo company has
    not, a file with statements may bring before.
    """

    name: str
    login: str
    path: str
    steps: tuple = ()
    part: str = ''
    size: tuple = SCREEN
    data: str = ''


PICTURES = [
    # A day of an order manager
    Picture('orders-to-call', 'order.manager', '/odoo/orders-to-call'),
    Picture('my-orders', 'order.manager', '/odoo/my-managed-orders'),
    Picture('order-calls', 'order.manager', '/odoo/my-managed-orders', (
        '.o_data_row .o_data_cell[name=name]', '.nav-link[name=calls]')),
    Picture('register-payment', 'order.manager', '/odoo/my-managed-orders', (
        '.o_data_row .o_data_cell[name=name]', 'button[name=action_register_payment]')),
    Picture('payment-link', 'order.manager', '/odoo/my-managed-orders', (
        '.o_data_row .o_data_cell[name=name]', '.o_cp_action_menus .dropdown-toggle',
        '.o-dropdown-item:has-text("Payment Link")')),
    Picture('customer', 'order.manager', '/odoo/service-customers/{crm_roles.partner_corrib}'),
    # Processes
    Picture('process-cockpit', 'sales.manager', '/odoo/process-cockpit'),
    Picture('process', 'sales.manager', '/odoo/processes/{crm_process.crm_process_lead}'),
    Picture('process-why', 'account.rep', '/odoo/process-steps', (
        '.o_data_row:has-text("Quote") .o_data_cell[name=res_name]',
        'button[name=action_open_document]', '.o_process_strip_why')),
    Picture('process-suggestions', 'sales.manager', '/odoo/process-suggestions'),
    Picture('process-trend', 'sales.manager', '/odoo/process-trend'),
    # Those who set up the calls
    Picture('call-script', 'sales.manager', '/odoo/call-scripts', (
        '.o_data_row .o_data_cell[name=name]',)),
    Picture('script-analysis', 'sales.manager', '/odoo/script-analysis'),
    # Campaigns
    Picture('prospects', 'marketing', '/odoo/prospects'),
    Picture(
        'prospect-import', 'marketing',
        '/odoo/prospect-imports/{crm_campaigns.crm_prospect_import_fair}'),
    Picture('prospect-mail', 'marketing', '/odoo/prospects', (
        '.o_data_row:has-text("Looney") .o_list_record_open_form_view',)),
    Picture('campaigns', 'marketing', '/odoo/campaigns'),
    Picture('campaign-plan', 'marketing', '/odoo/campaigns/{crm_campaigns.campaign_back}'),
    Picture('campaign-steps', 'marketing', '/odoo/campaign-steps'),
    Picture('audience', 'marketing', '/odoo/audiences/{crm_campaigns.audience_silent}'),
    Picture('campaign-result', 'sales.manager', '/odoo/campaigns/{crm_campaigns.campaign_summer}', (
        '.nav-link[name=result]',)),
    Picture('campaign-templates', 'marketing', '/odoo/campaign-templates'),
    Picture('portal-offers', 'customer', '/my/offers'),
    Picture('portal-offer', 'customer', '/my/offers', (
        'td a:has-text("Bench vice")',), size=PHONE),
    Picture(
        'letter', 'marketing', '/odoo/letters/{crm_campaigns.crm_letter_template_workshop}',
        ('button[name=action_preview]',)),
    Picture('address-labels', 'marketing', '/odoo/audiences/{crm_campaigns.audience_silent}', (
        'button[name=action_print_labels]', ('.modal [name=start] input', '5'),
        '.modal-title')),
    # The lead
    Picture('odds', 'lead', '/odoo/call-odds'),
    Picture('manager-changes', 'lead', '/odoo/manager-changes'),
    Picture('assign-responsible', 'lead', '/odoo/orders-to-call', (
        'thead .o_list_record_selector input', '.o_cp_action_menus button:has-text("Actions")',
        '.o-dropdown-item:has-text("Assign Responsible")')),
    Picture('absences', 'lead', '/odoo/order-manager-absences'),
    Picture('lead-board', 'lead', '/odoo/orders-to-call', ('.o_switch_view.o_kanban',)),
    Picture('lead-unpaid', 'lead', '/odoo/orders-to-call', ('.o_switch_view.o_graph',)),
    Picture('lead-order', 'lead', '/odoo/orders-to-call', (
        '.o_data_row:last-child .o_data_cell[name=name]',)),
    Picture('calls', 'lead', '/odoo/calls'),
    Picture('call-board', 'lead', '/odoo/call-board', part='.o_call_board'),
    Picture('call-analysis', 'lead', '/odoo/call-analysis', ('.o_switch_view.o_pivot',)),
    # Customer service
    Picture('service-customers', 'service', '/odoo/service-customers'),
    Picture('service-orders', 'service', '/odoo/customer-orders'),
    Picture('service-bills', 'service', '/odoo/customer-bills'),
    Picture('supervisor-order', 'supervisor', '/odoo/customer-orders', ('.o_list_button_add',)),
    Picture('credit-note', 'supervisor', '/odoo/customer-bills', (
        '.o_data_row .o_data_cell[name=name]', 'button[name=action_reverse]')),
    Picture('portal-access', 'supervisor', '/odoo/service-customers/{crm_roles.partner_corrib}', (
        '.o_cp_action_menus .dropdown-toggle', '.o-dropdown-item:has-text("portal access")')),
    # Requests
    Picture('requests', 'service', '/odoo/requests'),
    Picture('request-inbox', 'service', '/odoo/request-inbox'),
    Picture('request', 'service', '/odoo/requests', (
        '.o_kanban_record:has-text("scratched")',)),
    Picture('request-intake', 'service', '/odoo/request-inbox', (
        '.o_menu_sections [data-menu-xmlid="crm_service_requests.crm_request_menu_intake"]',
        ('.modal [name=caller] input', "Corrib"))),
    Picture('request-convert', 'supervisor', '/odoo/requests', (
        '.o_kanban_record:has-text("Calibration of torque")', 'button[name=action_convert]')),
    Picture('request-type', 'supervisor', '/odoo/request-types', (
        '.o_data_row:has-text("Service") .o_data_cell[name=name]',)),
    Picture('request-report', 'supervisor', '/odoo/request-analysis'),
    Picture('request-rules', 'supervisor', '/odoo/request-rules'),
    Picture('request-debt', 'service', '/odoo/requests', (
        '.o_kanban_record:has-text("Overdue bills")',)),
    Picture('return-rejected', 'supervisor', '/odoo/returns', (
        ':is(.o_data_row, .o_kanban_record):has-text("No longer needed")',)),
    Picture('return-policy', 'supervisor', '/odoo/return-policies', (
        '.o_data_row .o_data_cell[name=name]',)),
    Picture('warranty', 'service', '/odoo/requests', (
        '.o_kanban_record:has-text("Battery is dead")',)),
    Picture('mail-quarantine', 'supervisor', '/odoo/mail-quarantine'),
    Picture('request-portal', 'customer', '/my/requests', (
        'a:has-text("Where do I find my bills")', '.o-mail-Message'), size=(1366, 1000)),
    # Those who sell
    Picture('account-orders', 'account.rep', '/odoo/orders'),
    Picture('my-customers', 'account.rep', '/odoo/my-customers'),
    Picture('customer-call', 'account.rep', '/odoo/my-customers', (
        '.o_data_row button[name=action_log_call]',)),
    Picture('make-offer', 'account.rep', '/odoo/my-customers', (
        '.o_data_row button[name=action_offer]',
        '.modal [name=template_id] input', '.o-autocomplete--dropdown-item:has-text("Training")')),
    Picture('plan-next-step', 'account.rep', '/odoo/my-customers', (
        '.o_data_row button[name=action_plan]',)),
    Picture('find-customers', 'lead', '/odoo/service-customers', (
        '.o_menu_sections button:has-text("Customers")',
        '.o-dropdown-item:has-text("Find Customers")')),
    Picture('order-customer', 'order.manager', '/odoo/my-managed-orders', (
        '.o_data_row .o_data_cell[name=name]', '.nav-link[name=customer_information]')),
    Picture('outcomes', 'sales.manager', '/odoo/call-outcomes'),
    Picture('commission-plan', 'sales.manager', '/odoo/commission-plans', (
        '.o_data_row .o_data_cell[name=name]',)),
    Picture('commissions', 'lead', '/odoo/commissions', ('.o_switch_view.o_kanban',)),
    Picture('commission-settlement', 'lead', '/odoo/commission-settlements', (
        '.o_data_row .o_data_cell[name=amount]',)),
    Picture('role-matrix', 'sales.manager', '/odoo/role-matrix'),
    # Sales and profit
    Picture('sales-analysis', 'sales.manager', '/odoo/sales-and-profit'),
    Picture('sales-chart', 'sales.manager', '/odoo/sales-and-profit', ('.o_switch_view.o_graph',)),
    Picture('sales-compared', 'sales.manager', '/odoo/sales-and-profit', (
        '.o_menu_sections button:has-text("Sales and Profit")',
        '.o-dropdown-item:has-text("Compare Periods")', '.modal [name=group_by] input',
        '.o_select_menu_item:has-text("Country")', '.modal button[name=action_compare]')),
    Picture('sales-customer', 'sales.manager',
            '/odoo/service-customers/{crm_roles.partner_pennine}/customer-sales',
            size=(1366, 1000)),
    Picture('sales-margin-setting', 'admin', '/odoo/settings', (
        '.settings_tab [data-key=sale_management]', '#crm_margin_own input')),
    # What customers see of their account
    Picture('account-status', 'customer', '/my/account-status', size=(1366, 1000)),
    Picture('start-quotation', 'customer', '/my/quotation/new', size=(1366, 900)),
    Picture('start-proposal', 'customer', '/my/proposal/new', size=(1366, 760)),
    Picture('documents', 'customer', '/my/documents'),
    Picture('shared-documents', 'marketing', '/odoo/shared-documents'),
    Picture(
        'shared-document', 'marketing',
        '/odoo/shared-documents/{crm_selfservice_portal.document_frame_agreement}'),
    Picture('statement', 'customer', '/my/statement', size=(1366, 1000)),
    Picture('portal-orders', 'customer', '/my/orders', size=(1366, 640)),
    Picture('order-tracking', 'customer', '/my/orders?filterby=underway', (
        'tr:has-text("Partly delivered") a[href^="/my/orders/"]',), size=(1366, 1000)),
    Picture('order-late', 'customer', '/my/orders?filterby=underway', (
        'tr:has-text("Partly delivered") a[href^="/my/orders/"]', 'a[href$="/late"]'),
        size=(1366, 800)),
    Picture('correct-order', 'customer', '/my/account-status', (
        'a[aria-label^="Change "]', ('[name^=quantity_]', "2"),
        '.crm_correction_form .btn-primary'), size=(1366, 640)),
    Picture('correction-waits', 'customer', '/my/orders?filterby=underway', (
        'td a[href^="/my/orders/"]',), size=(1366, 800)),
    Picture('order-correction', 'lead', '/odoo/order-corrections', (
        '.o_data_row:has-text("Bar Clamp") .o_data_cell[name=date]',)),
    Picture('pay', 'customer', '/my/pay', (
        '.crm_pay_items tbody tr:nth-child(2) .crm_pay_item',
        '.crm_pay_items tbody tr:nth-child(3) .crm_pay_item'), size=(1366, 860)),
    Picture('chosen-payments', 'supervisor', '/odoo/chosen-payments'),
    Picture('colleagues', 'customer', '/my/colleagues', size=(1366, 560)),
    Picture('colleague', 'customer', '/my/colleagues', (
        'a:has-text("Declan Walsh")',), size=(1366, 860)),
    Picture('representatives', 'supervisor', '/odoo/representatives'),
    Picture('request-new', 'customer', '/requests/new', size=(1366, 640)),
    Picture('statement-customer', 'service', '/odoo/service-customers/{crm_roles.partner_corrib}', (
        '.o_button_more', 'button[name=action_statement]')),
    # The administrator
    Picture('user-roles', 'admin', '/odoo/users/{crm_roles.user_order_manager4}'),
    # On a phone
    Picture('phone-orders-to-call', 'order.manager2', '/odoo/orders-to-call', size=PHONE),
    Picture('phone-order', 'order.manager2', '/odoo/orders-to-call', ('.o_kanban_record',),
            size=PHONE),
    # What changes something
    Picture('call-desk', 'order.manager', '/odoo/call-desk', (
        '.o_call_desk_bar .btn-primary', '.o_call_script_choice', '.o_call_script_choice')),
    Picture('next-order', 'order.manager', '/odoo/orders-to-call', (
        'button[name=action_call_next]',)),
    Picture('log-a-call', 'order.manager2', '/odoo/orders-to-call', (
        'button[name=action_call_next]', 'button[name=action_log_call]',
        '.o_call_script_choice', '.o_call_script_choice',
        ('[name=note] textarea', "Goes out with the payment run on Friday."))),
    Picture('phone-log-a-call', 'order.manager3', '/odoo/orders-to-call', (
        'button[name=action_call_next]', 'button[name=action_log_call]'), size=PHONE),
    Picture(
        'campaign-groups', 'marketing', '/odoo/campaigns/{__screenshots__.campaign_catalogue}',
        ('.nav-link[name=result]', 'button[name=action_find_groups]'), part='.o_campaign_groups',
        data='screenshots_catalogue.sql'),
]


class Photographer:
    """A browser that takes pictures of one Odoo."""

    def __init__(self, page, url, database, out):
        self.page = page
        self.url = url
        self.database = database
        self.out = out
        self.login = None
        self.errors = []
        self.asked = set()
        page.on('request', lambda request: (
            request.resource_type in AWAITED and self.asked.add(request)))
        page.on('requestfinished', lambda request: self.asked.discard(request))
        page.on('requestfailed', lambda request: self.asked.discard(request))
        page.on('pageerror', lambda error: self.errors.append(str(error)))
        page.on('console', lambda message: message.type == 'error' and self.errors.append(
            f'{message.text} ({message.location.get("url", "")})'))

    def take(self, picture):
        """Take one picture.

        :raise RuntimeError: when the page shows or logs an error
        """
        self.errors.clear()
        if picture.data:
            self.fill(Path(__file__).with_name(picture.data).read_text())
        self.page.set_viewport_size(dict(zip(('width', 'height'), picture.size, strict=True)))
        self.open(picture.login, self.resolved(picture.path))
        self.settle()
        for step in picture.steps:
            self.do(step)
            self.settle()
        if self.page.locator('.o_error_dialog').count():
            self.errors.append(self.page.locator('.o_error_dialog').inner_text())
        if self.errors:
            raise RuntimeError('\n'.join(self.errors))
        self.page.mouse.move(0, 0)
        self.page.wait_for_timeout(300)
        shown = self.page.locator(picture.part).first if picture.part else self.page
        self.save(picture, shown.screenshot(animations='disabled', caret='hide'))

    def fill(self, statements):
        """Bring into the database what a picture needs."""
        with psycopg2.connect(dbname=self.database) as connection, connection.cursor() as cursor:
            cursor.execute(statements)

    def open(self, login, path):
        """Open a page as this user."""
        if login != self.login:
            self.page.goto('about:blank')
            self.page.context.clear_cookies()
            self.page.request.post(f'{self.url}/web/session/authenticate', data={
                'params': {'db': self.database, 'login': login, 'password': login},
            }, fail_on_status_code=True)
            self.login = login
        self.page.goto(self.url + path)

    def do(self, step):
        if isinstance(step, str):
            self.page.locator(step).first.click()
        else:
            selector, text = step
            self.page.locator(selector).first.fill(text)

    def settle(self):
        """Wait until everything that was asked for is there and drawn."""
        self.page.wait_for_selector(READY)
        still = 0
        while still < 3:
            self.page.wait_for_timeout(60)
            still = 0 if self.asked else still + 1
        if self.page.locator('canvas').count():
            self.page.wait_for_timeout(700)  # a chart grows

    def resolved(self, path):
        """Put the id of a record in the place of `{addon.xml_id}`."""
        if '{' not in path:
            return path
        head, _, tail = path.partition('{')
        xml_id, _, tail = tail.partition('}')
        module, _, name = xml_id.partition('.')
        with psycopg2.connect(dbname=self.database) as connection, connection.cursor() as cursor:
            cursor.execute(
                'SELECT res_id FROM ir_model_data WHERE module = %s AND name = %s', (module, name))
            row = cursor.fetchone()
        if not row:
            raise RuntimeError(f'There is no record {xml_id}.')
        return f'{head}{row[0]}{tail}'

    def save(self, picture, content):
        """Write the picture with a palette of its own, a third of the size."""
        image = Image.open(io.BytesIO(content)).convert('RGB')
        # By coverage: the few pixels of a red date stay red.
        image.quantize(256, Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE).save(
            self.out / f'{picture.name}.png', optimize=True)


def chosen(names):
    """Return the pictures of these names in the order of the table, or all of them."""
    unknown = set(names) - {picture.name for picture in PICTURES}
    if unknown:
        sys.exit(f'There is no picture {", ".join(sorted(unknown))}. '
                 'scripts/screenshots --list says which there are.')
    return [picture for picture in PICTURES if not names or picture.name in names]


def wait_for(url, seconds=60):
    """Wait until Odoo answers."""
    end = time.monotonic() + seconds
    while True:
        try:
            with urllib.request.urlopen(f'{url}/web/health'):
                return
        except (urllib.error.URLError, ConnectionError):
            if time.monotonic() > end:
                sys.exit(f'Odoo does not answer at {url}.')
            time.sleep(0.3)


def take_all(options):
    """Take the pictures that were asked for, and return the names of those that failed."""
    failed = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=options.browser, args=CHROMIUM)
        context = browser.new_context(
            locale='en-GB', timezone_id='Europe/Dublin', reduced_motion='reduce')
        photographer = Photographer(context.new_page(), options.url, options.database, options.out)
        photographer.page.set_default_timeout(20_000)
        for picture in chosen(options.names):
            start = time.monotonic()
            try:
                photographer.take(picture)
            except (Error, RuntimeError) as error:
                failed.append(picture.name)
                print(f'  {picture.name}: {error}', file=sys.stderr)
                continue
            size = (options.out / f'{picture.name}.png').stat().st_size / 1000
            print(f'  {picture.name} ({size:.0f} kB, {time.monotonic() - start:.1f} s)', flush=True)
        browser.close()
    return failed


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('names', nargs='*')
    parser.add_argument('--list', action='store_true')
    parser.add_argument('--check', action='store_true')
    parser.add_argument('--url')
    parser.add_argument('--database')
    parser.add_argument('--browser')
    parser.add_argument('--out', type=Path)
    options = parser.parse_args()
    pictures = chosen(options.names)
    if options.list:
        print('\n'.join(picture.name for picture in pictures))
    if options.list or options.check:
        return
    wait_for(options.url)
    if failed := take_all(options):
        sys.exit(f'Failed: {", ".join(failed)}')


if __name__ == '__main__':
    main()
