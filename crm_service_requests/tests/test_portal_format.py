from datetime import datetime

from odoo.tests import tagged
from odoo.tools.misc import format_date

from odoo.addons.base.tests.common import BaseCommon

from ..portal_format import PortalFormat

AMOUNTS = (0, -0.0, -0.001, 0.1 + 0.2, 7, 999.99, 1000, -1234.5, 1234567.891, -98765432.1)
MOMENTS = (datetime(2026, 1, 31, 23, 59, 59), datetime(2026, 7, 1, 4, 5, 6), False)


@tagged('post_install', '-at_install')
class TestPortalFormat(BaseCommon):
    """Pages write dates and amounts as Odoo does, in the language of each reader."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        langs = cls.env['res.lang']
        for code in ('fr_FR', 'de_CH'):
            langs._activate_lang(code)
        langs.search([('code', '=', 'de_CH')]).write({
            'grouping': '[3,2,0]', 'thousands_sep': "'", 'decimal_point': '.'})
        cls.currencies = cls.env['res.currency'].create([
            {'name': name, 'symbol': symbol, 'position': position, 'rounding': rounding}
            for name, symbol, position, rounding in (
                ('QQA', "<Q>", 'before', 0.01), ('QQB', "Q", 'after', 1),
                ('QQC', "q", 'after', 0.001))])

    def _environments(self):
        return [
            self.env(context={'lang': code, 'tz': zone})
            for code, zone in (
                ('en_US', 'UTC'), ('fr_FR', 'Europe/Paris'), ('de_CH', 'Asia/Tokyo'))]

    def test_amounts_are_written_as_odoo_writes_them(self):
        for env in self._environments():
            form, odoo = PortalFormat(env), env['ir.qweb.field.monetary']
            for currency in self.currencies:
                for amount in map(currency.round, AMOUNTS):
                    with self.subTest(lang=env.lang, currency=currency.name, amount=amount):
                        self.assertEqual(
                            form.money(amount, currency),
                            odoo.value_to_html(amount, {'display_currency': currency}))

    def test_days_and_times_are_written_as_odoo_writes_them(self):
        for env in self._environments():
            form = PortalFormat(env)
            for moment in MOMENTS:
                with self.subTest(lang=env.lang, moment=moment):
                    self.assertEqual(
                        form.date(moment and moment.date()),
                        format_date(env, moment and moment.date()))
                    self.assertEqual(form.moment_of(moment), env[
                        'ir.qweb.field.datetime'].value_to_html(
                            moment, {'hide_seconds': True}))

    def test_a_currency_that_changes_is_written_anew(self):
        currency = self.currencies[0]
        self.assertIn('1.50', PortalFormat(self.env).money(1.5, currency))
        currency.rounding = 0.001
        self.assertIn('1.500', PortalFormat(self.env).money(1.5, currency))
        currency.symbol = "Z"
        self.assertIn('Z', PortalFormat(self.env).money(1.5, currency))

    def test_a_currency_out_of_use_is_still_written(self):
        self.currencies[1].active = False
        self.assertIn('Q', PortalFormat(self.env).money(3, self.currencies[1]))
