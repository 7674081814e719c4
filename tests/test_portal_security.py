"""Who gets what from every route of the portal, as a table that a person can check.

`portal_routes.csv` has a row per route and method and a column per kind of visitor. A cell is the
status of the answer: of a redirection with where it leads, of JSON with the error. The test
compares it with what the server answers, so a page that opens or closes by accident is seen. After
a change that is meant, write the table anew and read the difference:

    UPDATE_PORTAL_ROUTES=1 scripts/test tests/test_portal_security.py
    git diff tests/portal_routes.csv
"""

import csv
import json
import os
import re
import threading
from pathlib import Path
from urllib.parse import urlparse

from common import ADDONS
from werkzeug.exceptions import MethodNotAllowed

from odoo.exceptions import AccessError, MissingError, UserError
from odoo.fields import Command
from odoo.http import Request
from odoo.service.model import call_kw
from odoo.tests import HttpCase, tagged

from odoo.addons.crm_selfservice_portal.tests.common import SelfServiceCommon

TABLE = Path(__file__).with_name('portal_routes.csv')
VISITORS = ['nobody', 'other', 'viewer', 'technical', 'holder', 'administrator', 'staff']
# Beside the routes of the suite: Odoo's own in which a customer meets documents.
GUARDED = re.compile(r'/my(/|$)|/invoice/transaction|/mail/message/post')
SIGNATURE = (
    'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk'
    '+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==')
MISSING = 2 ** 31 - 2
# What some of Odoo's forms do not go without.
FORM = dict.fromkeys(['validation', 'password', 'old', 'new1', 'new2'], "wrong")
HOSTILE = [
    "'; DROP TABLE res_users; --", '<script>alert(1)</script>', '{{7*7}}', '%00', '-1', '0',
    str(10 ** 20), '../../etc/passwd', 'ﷺ' * 300, '[]']
# What the pages of lists and forms read from their address.
ARGUMENTS = [
    'page', 'sortby', 'filterby', 'groupby', 'search', 'search_in', 'date_begin', 'date_end',
    'date_from', 'date_to', 'customer', 'account', 'colleague', 'done', 'call', 'sent', 'refused',
    'access_token', 'report_type', 'download', 'message', 'product', 'quantity', 'name', 'email',
    'number', 'text', 'note', 'when', 'phone', 'amount', 'scope', 'filter']
ACORN = ["Acornfir", "ann@example.com", "Acornoak", "Acornelm", "Acornyew", "Acornash", "Tesstree"]
BIRCH = ["Birchfir", "bea@example.com", "Birchoak", "Birchelm", "Birchyew", "Birchash", "Beatrice"]


@tagged('post_install', '-at_install')
class PortalCase(SelfServiceCommon, HttpCase):
    """Two customers, each with every kind of document, and everybody who might come."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.acorn.write({'name': "Acornfir", 'email': 'fir@acorn.example'})
        cls.birch.write({'name': "Birchfir", 'email': 'fir@birch.example'})
        cls.bea.partner_id.name = "Beatrice"
        cls.tess, cls.ada, cls.cole = (
            cls._create_portal_user(login, cls.acorn) for login in ('tess', 'ada', 'cole'))
        cls.tess.partner_id.name = "Tesstree"
        for user, role in [
                (cls.ann, 'viewer'), (cls.tess, 'technical'), (cls.ada, 'administrator'),
                (cls.cole, 'viewer')]:
            cls._right(user).role = role
        cls.visitors = {
            'nobody': None, 'other': cls.bea, 'viewer': cls.ann, 'technical': cls.tess,
            'holder': cls.ben, 'administrator': cls.ada,
            'staff': cls.roles['service_representative']}
        cls.theirs = cls._create_documents(cls.acorn, cls.ann, "Acorn")
        cls.others = cls._create_documents(cls.birch, cls.bea, "Birch")
        cls.rules = sorted(
            cls._rules(), key=lambda rule: (rule.rule, sorted(rule.methods or [])))

    @classmethod
    def _right(cls, user):
        return cls.env['crm.representative.right'].search(
            [('partner_id', '=', user.partner_id.id)])

    @classmethod
    def _create_documents(cls, customer, user, word):
        """Return the documents of a customer by what routes call their ids."""
        product = cls.env['product.product'].create({
            'name': f"{word}oak", 'type': 'service', 'taxes_id': [Command.clear()]})
        order = cls.env['sale.order'].create({
            'partner_id': customer.id, 'require_signature': True, 'require_payment': False,
            'state': 'sent', 'client_order_ref': f"{word}elm",
            'order_line': [Command.create({'product_id': product.id})]})
        confirmed = order.copy({'client_order_ref': f"{word}elm"})
        confirmed.action_confirm()
        bill = cls._bill(100, '2026-01-10', partner=customer, ref=f"{word}yew")
        case = cls.env['crm.request'].create({
            'name': f"{word}ash", 'partner_id': user.partner_id.id,
            'type_id': cls.env.ref('crm_service_requests.crm_request_type_service').id})
        file = cls.env['ir.attachment'].with_user(user).sudo().create({
            'name': f"{word}ash.txt", 'raw': b"text", 'res_model': 'crm.request',
            'res_id': case.id})
        statement = cls._statement('2026-01-01', '2026-12-31', partner=customer)
        cls.env['crm.representative.act'].with_user(user)._note('statement', bill, f"{word}yew")
        offer_id = cls._create_offer(customer, product)
        cls.env.flush_all()
        return {
            'offer_id': offer_id,
            'order_id': order.id, 'confirmed_id': confirmed.id, 'invoice_id': bill.id,
            'request_id': case.id, 'attachment_id': file.id, 'statement_id': statement.id,
            'right_id': cls._right(cls.cole if customer == cls.acorn else user).id,
            'line_id': order.order_line.id, 'partner_id': customer.id, 'product_id': product.id}

    @classmethod
    def _create_offer(cls, customer, product):
        """Return the number under which a customer finds an offer in the portal."""
        # sudo: offers are made by rules, in the night
        rule = cls.env['crm.offer.rule'].sudo().create({
            'name': f"{product.name} again", 'in_portal': True, 'months': 0,
            'product_ids': product.ids, 'offered_product_ids': product.ids})
        offer = rule.offer_ids.create({
            'rule_id': rule.id, 'partner_id': customer.id, 'evidence_product_id': product.id})
        return rule.env['crm.portal.offer'].search([('offer_id', '=', offer.id)]).id

    @classmethod
    def _rules(cls):
        """Return the rules of the routes that the table is about."""
        # Odoo asks its threads of which database the routes are.
        threading.current_thread().dbname = cls.env.cr.dbname
        return [
            rule for rule in cls.env['ir.http'].routing_map().iter_rules()
            if (rule.endpoint.original_endpoint.__module__.split('.')[2] in ADDONS
                or GUARDED.match(rule.rule))
            # It takes files only; what of them is taken is tested with the requests.
            and rule.rule != '/mail/attachment/upload']

    def _ways(self):
        """Return each route with the way it is asked: GET, POST or JSON."""
        for rule in self.rules:
            routing = rule.endpoint.routing
            if routing['type'] == 'jsonrpc':
                yield rule, 'JSON'
            elif not rule.methods or 'GET' in rule.methods:
                yield rule, 'GET'
            if routing['type'] == 'http' and rule.methods and 'POST' in rule.methods:
                yield rule, 'POST'

    def _path(self, rule, documents):
        """Return the address of a route for the documents of somebody."""
        known = {
            **documents, 'page': 1, 'token': 'guessed', 'rate': 5,
            'type_id': self.env.ref('crm_service_requests.crm_request_type_information').id,
            'country': self.env.ref('base.be').id}
        return re.sub(
            r'<(?:[^:<>]*(?:\("[^"]*"\))?:)?(\w+)>',
            lambda match: str(known.get(match[1], MISSING)), rule.rule)

    def _ask(self, path, way, documents=(), **values):
        """Return the answer to a request, with what the request changed undone."""
        with self._undone(way):
            if way == 'GET':
                return self.url_open(path, allow_redirects=False)
            if way == 'POST':
                return self.url_open(path, method='POST', allow_redirects=False, data={
                    'csrf_token': Request.csrf_token(self), **FORM, **values})
            documents = dict(documents)
            return self.url_open(path, allow_redirects=False, data=json.dumps({'params': {
                'name': "Somebody", 'signature': SIGNATURE, 'counters': ['order_count'],
                'line_id': documents.get('line_id', MISSING),
                'partner_id': documents.get('partner_id', MISSING), 'address_type': 'billing',
                'thread_model': 'sale.order', 'thread_id': documents.get('order_id', MISSING),
                'post_data': {'body': "Hello"}, 'access_token': 'guessed', **values}}),
                headers={'Content-Type': 'application/json'})

    def _undone(self, way='GET'):
        """Undo what a request changes; what is kept in memory only after one that may change it."""
        case = self

        class Undone:
            def __enter__(self):
                case.env.flush_all()
                self.savepoint = case.cr.savepoint(flush=False)

            def __exit__(self, *args):
                self.savepoint.close(rollback=True)
                case.env.invalidate_all(flush=False)
                if way != 'GET':
                    case.env.registry.clear_cache()

        return Undone()

    def _visit(self, visitor):
        user = self.visitors[visitor]
        self.authenticate(user and user.login, user and user.login)

    @staticmethod
    def _cell(answer):
        """Return an answer in a word or two."""
        if answer.is_redirect:
            path = urlparse(answer.headers['Location']).path
            return f'{answer.status_code} {re.sub(r"[0-9]+", "#", path)}'
        if answer.status_code == 200 and 'json' in answer.headers.get('Content-Type', ''):
            error = 'error' in (body := answer.json()) and body['error']
            if error:
                return error['data']['name'].rpartition('.')[2]
            result = body.get('result')
            return 'refused' if isinstance(result, dict) and 'error' in result else 'ok'
        return str(answer.status_code)


class TestPortalRoutes(PortalCase):

    def test_every_route_answers_as_the_table_says(self):
        found = {}
        for visitor in VISITORS:
            self._visit(visitor)
            for rule, way in self._ways():
                answer = self._ask(self._path(rule, self.theirs), way, self.theirs.items())
                found.setdefault((rule.rule, way), {})[visitor] = self._cell(answer)
        if os.environ.get('UPDATE_PORTAL_ROUTES'):
            self._write(found)
        table = self._read()
        self.assertFalse(
            set(found) - set(table), "Say in portal_routes.csv who gets what from these routes.")
        for route, cells in found.items():
            for visitor, cell in cells.items():
                with self.subTest(route=route, visitor=visitor):
                    self.assertEqual(cell, table[route][visitor])
                    self.assertFalse(cell.startswith('5'))

    def test_what_is_foreign_is_answered_like_what_is_missing(self):
        self._visit('other')
        missing = dict.fromkeys(self.theirs, MISSING)
        for rule, way in self._ways():
            if '<int:' not in rule.rule or 'page' in rule.arguments or 'type_id' in rule.arguments:
                continue
            with self.subTest(route=rule.rule, way=way):
                answers = [
                    self._ask(self._path(rule, documents), way, documents.items())
                    for documents in (self.theirs, missing)]
                cells = [self._cell(answer) for answer in answers]
                # Odoo's own way to pay says of either that it is not to be paid.
                self.assertIn(
                    cells[1], {cells[0], 'MissingError'} if way == 'JSON' else {cells[0]})
                if way != 'JSON':
                    pages = {self._plain(answer.text) for answer in answers}
                    self.assertEqual(len(pages), 1, "The pages differ.")

    def _plain(self, text):
        """Return what a page says, without numbers and the token of its session."""
        text = text.partition('<main')[2].partition('</main')[0] or text
        return re.sub(r'[0-9]+', '', re.sub(r'[0-9a-f]{32,}o?[0-9]*', '', text))

    def test_a_guessed_token_opens_nothing(self):
        for visitor in ('nobody', 'other'):
            self._visit(visitor)
            for path in (
                    f'/my/orders/{self.theirs["order_id"]}',
                    f'/my/invoices/{self.theirs["invoice_id"]}',
                    f'/my/requests/{self.theirs["request_id"]}'):
                for token in ('guessed', '', 'None', 'False', '0' * 36, "' OR '1'='1"):
                    with self.subTest(visitor=visitor, path=path, token=token):
                        answer = self._ask(f'{path}?access_token={token}', 'GET')
                        self.assertNotEqual(answer.status_code, 200)

    def test_forms_are_refused_without_their_token(self):
        self._visit('administrator')
        for rule, way in self._ways():
            if way != 'POST' or rule.rule == '/crm_calls/telephony':
                continue
            with self.subTest(route=rule.rule), self._undone():
                answer = self.url_open(
                    self._path(rule, self.theirs), method='POST', data={'name': "A"},
                    allow_redirects=False)
                self.assertEqual(answer.status_code, 400)

    def test_routes_take_their_own_methods_only(self):
        adapter = self.env['ir.http'].routing_map().bind('')
        by_path = {}
        for rule in self.rules:
            by_path.setdefault(rule.rule, set()).update(rule.methods or {'GET', 'POST'})
        for rule in self.rules:
            for method in {'GET', 'POST', 'PUT', 'DELETE', 'PATCH'} - by_path[rule.rule]:
                if rule.methods:
                    with self.subTest(route=rule.rule, method=method):
                        with self.assertRaises(MethodNotAllowed):
                            adapter.match(self._path(rule, self.theirs), method=method)

    def test_whatever_stands_in_an_address_is_answered(self):
        self._visit('administrator')
        for rule, way in self._ways():
            if way != 'GET' or rule.endpoint.original_endpoint.__module__.split('.')[
                    2] not in ADDONS:
                continue
            for hostile in self._hostile():
                with self.subTest(route=rule.rule, page=hostile['page']), self._undone():
                    answer = self.url_open(
                        self._path(rule, self.theirs), params=hostile, allow_redirects=False)
                    self.assertLess(answer.status_code, 500)
                    self.assertFalse('<script>alert(1)' in answer.text)

    def test_whatever_is_typed_into_a_form_is_answered(self):
        self._visit('administrator')
        for rule, way in self._ways():
            if way != 'POST' or rule.endpoint.original_endpoint.__module__.split('.')[
                    2] not in ADDONS:
                continue
            for hostile in self._hostile():
                with self.subTest(route=rule.rule, page=hostile['page']):
                    answer = self._ask(self._path(rule, self.theirs), 'POST', **hostile)
                    self.assertLess(answer.status_code, 500)
                    self.assertFalse('<script>alert(1)' in answer.text)

    def _hostile(self):
        """Return sets of arguments in which each has another of the hostile values."""
        return [
            {name: HOSTILE[(index + shift) % len(HOSTILE)]
             for index, name in enumerate(ARGUMENTS)}
            for shift in (0, 6)]

    def test_huge_numbers_are_answered(self):
        self._visit('administrator')
        for rule, way in self._ways():
            if '<int:' not in rule.rule or rule.endpoint.original_endpoint.__module__.split('.')[
                    2] not in ADDONS:
                continue
            with self.subTest(route=rule.rule, way=way):
                path = re.sub(r'<int:\w+>', str(10 ** 20), rule.rule)
                answer = self._ask(re.sub(r'<[^>]*>', 'x', path), way)
                self.assertLess(answer.status_code, 500)

    def test_no_page_tells_anything_of_another_customer(self):
        for visitor, user, words, documents in [
                ('other', self.bea, ACORN, self.others),
                ('administrator', self.ada, BIRCH, self.theirs)]:
            self._visit(visitor)
            pages = 0
            for rule, way in self._ways():
                if way != 'GET' or not rule.rule.startswith('/my'):
                    continue
                answer = self._ask(self._path(rule, documents), 'GET')
                pages += answer.status_code == 200
                with self.subTest(route=rule.rule, user=user.login):
                    self.assertFalse([word for word in words if word in answer.text])
            self.assertGreater(pages, 15)

    def test_pages_tell_ones_own(self):
        self._visit('administrator')
        pages = [
            self._ask(self._path(rule, self.theirs), 'GET').text
            for rule, way in self._ways() if way == 'GET' and rule.rule.startswith('/my')]
        for word in ACORN:
            with self.subTest(word=word):
                self.assertTrue(any(word in page for page in pages))

    def _write(self, found):
        with TABLE.open('w') as file:
            writer = csv.writer(file, lineterminator='\n')
            writer.writerow(['route', 'method', *VISITORS])
            for (route, way), cells in found.items():
                writer.writerow([route, way, *(cells[visitor] for visitor in VISITORS)])

    def _read(self):
        if not TABLE.exists():
            return {}
        with TABLE.open() as file:
            return {(row['route'], row['method']): row for row in csv.DictReader(file)}


# Of Odoo's models and ours, what a user of the portal may write by himself.
WRITTEN = {
    'auth.passkey.key', 'discuss.channel.member', 'gamification.badge.user', 'gamification.goal',
    'ir.filters', 'mail.message', 'res.users.apikeys.description', 'res.users.identitycheck',
    'res.users.settings', 'res.users.settings.embedded.action', 'res.users.settings.volumes'}
REFUSED = (AccessError, MissingError, UserError, TypeError, ValueError, AttributeError)


class TestPortalMethods(PortalCase):
    """What a user of the portal gets without any page, by calling methods."""

    def _models(self):
        return {
            name: model for name, model in self.env.items()
            if not model._abstract and model._auto and not model._transient}

    def test_nothing_of_another_customer_is_read(self):
        for user, words in [(self.bea, ACORN), (self.ada, BIRCH)]:
            for name in self._models():
                model = self.env[name].with_user(user)
                if not model.has_access('read'):
                    continue
                with self.subTest(user=user.login, model=name):
                    told = str(self._told(model))
                    self.assertFalse([word for word in words if word in told])

    def _told(self, model):
        """Return all that a user reads of a model, in every way there is."""
        records = model.search([], limit=500)
        names = [
            name for name, field in model._fields.items()
            if field.type not in ('binary', 'image') and model._has_field_access(field, 'read')
            and field.store]
        yield records.read(names)
        yield model.name_search('', limit=500)
        for name in names:
            if model._fields[name].type in ('char', 'many2one') and name != 'id':
                yield model.formatted_read_group([], [name], ['__count'])

    def test_documents_of_another_customer_are_not_opened_by_their_ids(self):
        for name, key in [
                ('sale.order', 'order_id'), ('account.move', 'invoice_id'),
                ('crm.request', 'request_id'), ('crm.representative.right', 'right_id'),
                ('crm.statement', 'statement_id'), ('sale.order.line', 'line_id'),
                ('res.partner', 'partner_id'), ('ir.attachment', 'attachment_id')]:
            record = self.env[name].browse(self.theirs[key]).with_user(self.bea)
            for operation in ('read', 'write', 'unlink'):
                with self.subTest(model=name, operation=operation):
                    self.assertFalse(record.has_access(operation))
            if record.browse().has_access('read'):
                with self.subTest(model=name):
                    self.assertFalse(record.search([('id', '=', record.id)]))

    def test_little_is_written(self):
        for name in self._models():
            model = self.env[name].with_user(self.ada)
            for operation in ('write', 'create', 'unlink'):
                with self.subTest(model=name, operation=operation):
                    if name not in WRITTEN:
                        self.assertFalse(model.has_access(operation))

    def test_methods_of_ours_neither_tell_nor_write_for_another_customer(self):
        for name, record in self._own_records().items():
            for method in self._methods(record):
                with self.subTest(model=name, method=method):
                    told = self._call(record, method)
                    self.assertFalse([word for word in ACORN if word in told])

    def _own_records(self):
        """Return a record of another customer by each model of ours and of what ours extends."""
        return {
            name: self.env[name].browse(self.theirs.get(key, 1)).with_user(self.bea)
            for name, key in {
                **{name: '' for name, model in self._models().items()
                   if model._original_module in ADDONS},
                'sale.order': 'order_id', 'account.move': 'invoice_id',
                'crm.request': 'request_id', 'crm.representative.right': 'right_id',
                'crm.statement': 'statement_id', 'res.partner': 'partner_id'}.items()}

    def _methods(self, record):
        """Return the public methods that our addons add to a model."""
        return sorted(
            name for name in dir(type(record))
            if not name.startswith('_') and any(
                name in vars(part) and callable(vars(part)[name])
                and getattr(part, '__module__', '').split('.')[2:3] in [[a] for a in ADDONS]
                for part in type(record).__mro__))

    def _call(self, record, method):
        """Return what a call without arguments tells; one that is not refused may not write."""
        told = ''
        for mode in ('off', 'on'):
            with self._undone():
                try:
                    self.cr.execute(f"SET LOCAL transaction_read_only = {mode}")
                    told = str(call_kw(record.browse(), method, [record.ids], {}))
                    self.env.flush_all()
                except REFUSED:
                    return ''
        return told
