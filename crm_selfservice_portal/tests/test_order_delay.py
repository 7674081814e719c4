from datetime import datetime

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import HttpCase, freeze_time, tagged
from odoo.tools import mute_logger

from .tracking_common import TrackingCommon

PROMISED = datetime(2026, 3, 5, 12)


@tagged('post_install', '-at_install')
class TestOrderDelay(TrackingCommon, HttpCase):
    """Work is from nine to five in UTC, Monday to Friday. What was ordered on Monday 2 March is
    promised for Thursday noon: four working hours before are Thursday's first three and the last
    of Wednesday."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env['crm.request.routing'].search([]).active = False
        cls.company.resource_calendar_id = cls.env['resource.calendar'].create({
            'name': "Nine to Five", 'tz': 'UTC', 'hours_per_day': 8,
            'attendance_ids': [Command.create({
                'name': "Work", 'dayofweek': str(day), 'hour_from': 9, 'hour_to': 17})
                for day in range(5)]})
        cls.company.late_notice = True
        cls.ann.partner_id.lang = 'en_US'
        cls.manager = cls.roles['order_manager']
        with freeze_time('2026-03-02 09:00:00'):
            cls.order = cls._order(
                partner=cls.ann.partner_id, commitment_date=PROMISED,
                order_manager_id=cls.manager.id)
            cls.env.flush_all()
        cls.url = f'/my/orders/{cls.order.id}/late'

    def _run(self, moment):
        with freeze_time(moment), self.enter_registry_test_mode():
            self.env.ref('crm_selfservice_portal.ir_cron_tell_delays').method_direct_trigger()
        self.env.invalidate_all()

    def _mails(self, order=None):
        return self.env['mail.mail'].search([
            ('model', '=', 'sale.order'), ('res_id', '=', (order or self.order).id),
            ('subject', 'like', "later than promised")])

    def _delay(self, order=None, **values):
        # sudo: nobody makes them by hand
        return self.env['crm.order.delay'].sudo().create({
            'order_id': (order or self.order).id, 'date_promised': PROMISED,
            'date_noticed': datetime(2026, 3, 4, 16), **values})

    def _right(self, user, **values):
        self.env['crm.representative.right'].search(
            [('partner_id', '=', user.partner_id.id)]).write(values)

    # Telling

    def test_told_once_before_the_date_in_working_hours(self):
        self._run('2026-03-04 15:30:00')
        self.assertFalse(self._mails(), "more than four working hours are left")
        self._run('2026-03-05 08:00:00')
        self.assertFalse(self._mails(), "nobody works yet")
        for hour in (9, 10, 11):
            self._run(f'2026-03-05 {hour:02}:00:00')
        mail = self._mails()
        self.assertEqual(len(mail), 1)
        self.assertEqual(mail.recipient_ids, self.ann.partner_id)
        for words in (
                "03/05/2026", "5 of 5 Units to come: Planing Bench", f'{self.url}?remedy=split'):
            self.assertIn(words, mail.body_html)
        self.assertIn(mail.mail_message_id, self.order.message_ids)
        self.assertRecordValues(self.order.delay_ids, [{
            'date_promised': PROMISED, 'mailed': True, 'remedy': False,
            'date_noticed': datetime(2026, 3, 5, 9)}])

    def test_new_promise_that_is_broken_is_told_again(self):
        self._run('2026-03-05 09:00:00')
        self.order.commitment_date = datetime(2026, 3, 10, 12)
        self._run('2026-03-06 09:00:00')
        self.assertEqual(len(self._mails()), 1)
        self._run('2026-03-10 09:00:00')
        self.assertEqual(len(self._mails()), 2)

    def test_nobody_is_told_what_is_not_so(self):
        self.company.late_notice = False
        self._run('2026-03-05 09:00:00')
        self.company.late_notice = True
        self._run('2026-03-05 12:01:00')
        self.assertFalse(self._mails(), "the promise is broken already")
        self.order.order_line.qty_delivered = 5
        self._run('2026-03-05 09:00:00')
        self.assertFalse(self._mails(), "everything was delivered")
        self.order.order_line.qty_delivered = 1
        self.order._action_cancel()
        self._run('2026-03-05 09:00:00')
        self.assertFalse(self._mails(), "the order is cancelled")

    def test_usual_time_beyond_the_promise_is_told_early(self):
        with freeze_time('2026-03-02 09:00:00'):
            self._past(20, 7)
            self.env['crm.delivery.time']._cron_learn()
        self._run('2026-03-02 10:00:00')
        self.assertEqual(len(self._mails()), 1)
        self.assertEqual(self.order.delay_ids.date_expected.date().isoformat(), '2026-03-09')

    def test_who_has_no_address_is_called_by_the_manager(self):
        self.order.partner_id = self._create_customer("Cedar", email=False)
        self._run('2026-03-05 09:00:00')
        self.assertFalse(self._mails())
        self.assertFalse(self.order.delay_ids.mailed)
        self.assertEqual(self.order.activity_ids.user_id, self.manager)
        self.assertIn("there is no mail address", self.order.activity_ids.summary)

    def test_who_does_not_use_the_portal_is_asked_to_answer(self):
        self.order.partner_id = self._create_customer("Cedar", lang='en_US')
        self._run('2026-03-05 09:00:00')
        body = self._mails().body_html
        self.assertIn("Please answer this mail", body)
        self.assertNotIn(self.url, body)

    def test_company_without_calendar_works_always(self):
        self.company.resource_calendar_id = False
        self._run('2026-03-05 08:30:00')
        self.assertEqual(len(self._mails()), 1)

    # Choosing

    def test_each_choice_but_waiting_makes_a_request(self):
        for remedy in ('split', 'swap', 'cancel'):
            with self.subTest(remedy=remedy):
                order = self._order(
                    partner=self.ann.partner_id, order_manager_id=self.manager.id)
                delay = self._delay(order)
                page = self._post(
                    self.ann, f'/my/orders/{order.id}/late', remedy=remedy, note="  Please\nsoon ")
                self.assertIn("Thank you", page.text)
                self.env.invalidate_all()
                self.assertRecordValues(delay, [{
                    'remedy': remedy, 'note': "Please soon", 'chosen_by_id': self.ann.id}])
                request = delay.request_id
                self.assertRecordValues(request, [{
                    'partner_id': self.ann.partner_id.id, 'user_id': self.manager.id,
                    'channel': 'portal', 'origin_ref': order}])
                self.assertIn("5 of 5 Units to come", request.description)
                self.assertIn("Please soon", order.message_ids[0].body)
                act = self.env['crm.representative.act'].search(
                    [('user_id', '=', self.ann.id)], limit=1)
                self.assertEqual((act.act, act.document), ('request', order.name))

    def test_who_waits_tells_the_manager(self):
        delay = self._delay()
        self._post(self.ann, self.url, remedy='wait')
        self.env.invalidate_all()
        self.assertEqual(delay.remedy, 'wait')
        self.assertFalse(delay.request_id)
        self.assertRecordValues(self.order.activity_ids, [{
            'user_id': self.manager.id,
            'summary': "The customer waits: set the new delivery date."}])

    def test_first_choice_stands(self):
        delay = self._delay()
        self._post(self.ann, self.url, remedy='split')
        page = self._post(self.ben, self.url, remedy='cancel')
        self.assertIn("decided before", page.text)
        self.env.invalidate_all()
        self.assertEqual((delay.remedy, delay.chosen_by_id), ('split', self.ann))
        self.assertEqual(self.env['crm.request'].search_count(
            [('name', 'like', self.order.name)]), 1)

    def test_nothing_is_chosen_of_what_has_arrived_or_is_no_choice(self):
        delay = self._delay()
        self._post(self.ann, self.url, remedy='refund')
        self._post(self.ann, self.url)
        self.order.order_line.qty_delivered = 5
        self._post(self.ann, self.url, remedy='wait')
        self.env.invalidate_all()
        self.assertFalse(delay.remedy)
        self.assertIn("nothing to decide", self._page(self.ann, self.url).text)

    def test_choice_of_the_mail_is_ticked(self):
        self._delay()
        page = self._page(self.ann, f'{self.url}?remedy=swap').text
        ticked = [tag for tag in page.split('<input')
                  if 'name="remedy"' in tag.split('>')[0] and 'checked' in tag.split('>')[0]]
        self.assertEqual(len(ticked), 1)
        self.assertIn('value="swap"', ticked[0])
        self.assertIn(
            "Tell us what to do about the delay", self._page(self.ann, self.url[:-5]).text)

    # Who may

    @mute_logger('odoo.http')
    def test_only_buyers_of_the_customer_choose(self):
        delay = self._delay()
        self._right(self.ben, can_buy=False)
        self.assertEqual(self._page(self.ann, self.url).status_code, 200)
        self.assertEqual(self._page(self.ben, self.url).status_code, 403)
        self.assertEqual(self._post(self.ben, self.url, remedy='wait').status_code, 403)
        self.assertNotIn(
            "Tell us what to do", self._page(self.ben, f'/my/orders/{self.order.id}').text)
        foreign = self._page(self.bea, self.url)
        missing = self.url_open('/my/orders/99999999/late')
        self.assertEqual((foreign.status_code, missing.status_code), (404, 404))
        self.assertEqual(self._post(self.bea, self.url, remedy='wait').status_code, 404)
        self.assertEqual(self._page(self.manager, self.url).status_code, 404)
        self._right(self.ann, scope='own')
        self.order.partner_id = self.acorn
        self.assertEqual(self._page(self.ann, self.url).status_code, 404)
        self.env.invalidate_all()
        self.assertFalse(delay.remedy)

    @mute_logger('odoo.http')
    def test_form_without_its_token_does_nothing(self):
        delay = self._delay()
        self._page(self.ann, self.url)
        self.assertEqual(self.url_open(self.url, data={'remedy': 'wait'}).status_code, 400)
        self.env.invalidate_all()
        self.assertFalse(delay.remedy)

    def test_colleagues_see_what_was_told_as_far_as_they_see_orders(self):
        delay = self._delay()
        delays = self.env['crm.order.delay']
        for role in ('order_manager', 'service_representative', 'account_representative'):
            with self.subTest(role=role):
                self.assertIn(delay, delays.with_user(self.roles[role]).search([]))
        self.assertNotIn(delay, delays.with_user(self.colleague).search([]))
        with self.assertRaises(AccessError):
            delays.with_user(self.ann).search([])
        with self.assertRaises(AccessError):
            delay.with_user(self.manager).remedy = 'wait'

    def test_mail_can_be_read_for_an_order_that_is_not_late(self):
        template = self.env.ref('crm_selfservice_portal.mail_template_order_delay')
        body = template._render_field('body_html', self.order.ids)[self.order.id]
        self.assertIn(self.order.name, body)
