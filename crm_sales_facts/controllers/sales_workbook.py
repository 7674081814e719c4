import json

from werkzeug.exceptions import BadRequest, NotFound

from odoo.exceptions import UserError
from odoo.http import Controller, request, route
from odoo.tools import format_date

from odoo.addons.crm_roles.controllers.workbook import Column, Sheet, send_workbook
from odoo.addons.crm_roles.replica import only_read

from .. import periods

# By what each report is grouped unless it is said, and what is told.
REPORTS = {
    'crm.sales.report': (
        ['partner_id'], ['quantity', 'amount', 'cost', 'margin', 'margin_percent']),
    'crm.sales.comparison': (
        ['partner_id'],
        ['amount', 'amount_before', 'growth', 'amount_year_ago', 'growth_year', 'margin',
         'margin_before', 'margin_year_ago']),
    'crm.sales.product': (
        ['partner_id', 'product_id'], ['quantity', 'price_average', 'amount', 'margin']),
}
PERCENT = {'margin_percent', 'growth', 'growth_year'}
# So many rows a workbook may have.
ROWS = 50_000
CONTEXT = ('allowed_company_ids', 'sales_start', 'sales_end')


def asked_of(text):
    """Return what a page asks for.

    :param str text: JSON of an object
    :raise BadRequest: if it is none
    """
    try:
        asked = json.loads(text)
    except ValueError:
        raise BadRequest() from None
    if not isinstance(asked, dict):
        raise BadRequest()
    return asked


def workbook_context(asked):
    """Return of what a page has in its context what a workbook needs."""
    return {key: asked[key] for key in CONTEXT if asked.get(key)}


def period_text(env, start, end):
    return env._(
        "%(start)s to %(end)s", start=format_date(env, start), end=format_date(env, end))


class SalesWorkbookController(Controller):

    @route('/crm_sales_facts/workbook', type='http', auth='user', readonly=only_read)
    def sales_workbook(self, data=''):
        """Send what a report shows as a workbook: a row for each group, and the total.

        :param str data: JSON of the `model` of the report, its `title`, `domain`, `groupby` and
            `context`, and the `filters` in words
        """
        asked = asked_of(data)
        if not {'model', 'domain', 'groupby'} <= asked.keys():
            raise BadRequest()
        model = asked['model']
        if model not in REPORTS:
            raise NotFound()
        report = request.env[model].with_context(**workbook_context(asked.get('context') or {}))
        title = asked.get('title') or report._description
        table = SalesTable(report, asked['domain'], asked['groupby'] or REPORTS[model][0])
        return send_workbook(
            title, lambda book: table.fill(book, title, asked.get('filters') or []))


class SalesTable:
    """The groups of a report, as far as the user may see them."""

    def __init__(self, report, domain, groupby):
        self.env, self.report, self.domain = report.env, report, domain
        # Amounts in different currencies have no sum.
        self.mixed = len(self.env.companies.currency_id) > 1
        self.groupby = ['currency_id', *groupby] if self.mixed else groupby
        self.fields = report.fields_get()
        self.measures = [name for name in REPORTS[report._name][1] if name in self.fields]
        self.aggregates = [f'{name}:{self._aggregator(name)}' for name in self.measures]

    def _aggregator(self, name):
        return self.report._fields[name].aggregator

    def fill(self, book, title, filters):
        """Write the table.

        :param book: the `xlsxwriter.Workbook`
        :param list[str] filters: what was chosen, in words
        """
        sheet = Sheet(book, self.env._("Sales"), self._columns())
        sheet.title(title, *self._lines(), *filters)
        sheet.heads()
        for group in self._groups():
            sheet.row([
                *(self._label(group[spec]) for spec in self.groupby),
                *(group[aggregate] for aggregate in self.aggregates)])
        sheet.filters()
        if not self.mixed:
            [totals] = self.report._read_group(self.domain, [], self.aggregates)
            sheet.row([self.env._("Total"), *[''] * (len(self.groupby) - 1), *totals], 'total')

    def _groups(self):
        largest = 'amount:sum desc' if len(self.groupby) == 1 and (
            ':' not in self.groupby[0]) else None
        groups = self.report.formatted_read_group(
            self.domain, self.groupby, self.aggregates, order=largest, limit=ROWS + 1)
        if len(groups) > ROWS:
            raise UserError(self.env._(
                "The workbook would have more than %(rows)s rows. Filter what you need, or group "
                "by less.", rows=ROWS))
        return groups

    def _label(self, value):
        """Return how a group is called."""
        return value[1] if isinstance(value, (tuple, list)) else value or self.env._("None")

    def _columns(self):
        return [
            *(Column(self.fields[spec.split(':')[0]]['string'], width=36)
              for spec in self.groupby),
            *(Column(self.fields[name]['string'], self._kind(name), 18)
              for name in self.measures)]

    def _kind(self, name):
        if name in PERCENT:
            return 'percent'
        return 'number' if name == 'quantity' else 'money'

    def _lines(self):
        """Return what is to be known: the days, the currency, the companies."""
        return [
            *self._periods(),
            self.env._("Companies: %(names)s", names=", ".join(self.env.companies.mapped('name'))),
            self.env._("Amounts without tax, in %(currency)s", currency=", ".join(
                self.env.companies.currency_id.mapped('name'))),
        ]

    def _periods(self):
        env = self.env
        if self.report._name == 'crm.sales.comparison':
            span = self.report._period()
            return [
                env._("Period: %(days)s", days=period_text(env, *span)),
                env._("Period before: %(days)s", days=period_text(env, *periods.before(*span))),
                env._("Year before: %(days)s", days=period_text(env, *periods.year_ago(*span))),
            ]
        first, last = ('date', 'date') if 'date' in self.fields else ('date_first', 'date_last')
        [(start, end)] = self.report._read_group(
            self.domain, [], [f'{first}:min', f'{last}:max'])
        if not start:
            return []
        return [env._("Period: %(days)s", days=period_text(env, start, end))]
