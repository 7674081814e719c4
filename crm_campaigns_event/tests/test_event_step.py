import re

from odoo.tests import HttpCase, freeze_time, tagged

from .common import EventCommon


@tagged('post_install', '-at_install')
class TestEventStep(EventCommon, HttpCase):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.step = cls.env['crm.campaign.step'].create({
            'name': "Come and see", 'campaign_id': cls.campaign.id, 'channel': 'event',
            'event_id': cls.event.id, 'message': "<p>We show the new machines.</p>"})

    def _touch(self, customer):
        return self.step.touch_ids.filtered(lambda touch: touch.partner_id == customer)

    def _path(self, customer):
        _label, url = self._touch(customer)._mail_button()
        return url[url.index('/campaigns/'):]

    def _answer(self, path, answer, **values):
        """Answer an invitation as its page does; return the page that follows."""
        page = self.url_open(path)
        token = re.search(r'name="csrf_token" value="([^"]+)"', page.text).group(1)
        page = self.url_open(path, data={'csrf_token': token, 'answer': answer, **values})
        self.env.invalidate_all()
        return page

    def _registration(self, customer, **values):
        return self.env['event.registration'].create(
            {'event_id': self.event.id, 'partner_id': customer.id, **values})

    def _invite(self):
        self._start()
        self._run()

    def test_each_member_is_invited_once_but_those_who_come_anyway(self):
        contact = self.env['res.partner'].create({'name': "Bea", 'parent_id': self.birch.id})
        self._registration(contact)
        self._invite()
        self.step.state = 'running'
        self._run()
        self.assertEqual(self._skipped(self.step), {self.birch: 'registered'})
        mails = self.env['mail.mail'].search([
            ('model', '=', 'crm.campaign.touch'), ('res_id', 'in', self.step.touch_ids.ids)])
        self.assertEqual(mails.recipient_ids, self.acorn | self.cedar)
        self.assertEqual(len(mails), 2)
        mail = mails.filtered(lambda mail: mail.recipient_ids == self.acorn)
        self.assertIn(self._path(self.acorn), mail.body_html)
        self.assertIn("We show the new machines.", mail.body_html)

    def test_customer_registers_without_a_login_and_once(self):
        self._invite()
        path = self._path(self.acorn)
        page = self.url_open(path)
        self.assertIn("Open House", page.text)
        self.assertIn("Who comes?", page.text)
        for _time in range(2):
            page = self._answer(path, 'yes', guest="Ann Oak")
            self.assertIn("You are registered", page.text)
        seat = self.event.registration_ids
        self.assertEqual((seat.partner_id, seat.name, seat.state), (self.acorn, "Ann Oak", 'open'))
        self.assertEqual(seat.utm_campaign_id, self.campaign)
        member = self._member(self.acorn)
        self.assertEqual((member.state, member.registration_state), ('responded', 'open'))
        seat.action_set_done()
        self.assertEqual(
            self._as(member, 'account_representative').registration_state, 'done')

    def test_who_cannot_come_has_declined_and_leaves_his_seat(self):
        self._invite()
        path = self._path(self.acorn)
        self._answer(path, 'yes')
        page = self._answer(path, 'no')
        self.assertIn("Thank you for telling us", page.text)
        self.assertEqual(self.event.registration_ids.state, 'cancel')
        self.assertEqual(self._member(self.acorn).state, 'declined')
        self._answer(path, 'yes')
        self.assertEqual(
            sorted(self.event.registration_ids.mapped('state')), ['cancel', 'open'])

    def test_full_event_says_so(self):
        self.event.write({'seats_limited': True, 'seats_max': 1})
        self._invite()
        path = self._path(self.acorn)
        page = self.url_open(path)
        self._registration(self.birch)
        token = re.search(r'name="csrf_token" value="([^"]+)"', page.text).group(1)
        page = self.url_open(path, data={'csrf_token': token, 'answer': 'yes'})
        self.assertIn("There is no seat left", page.text)
        self.assertEqual(self.event.registration_ids.partner_id, self.birch)

    def _add_ticket(self, name, price=0.0, seats=0, **values):
        product = self.env.ref('event_product.product_product_event')
        return self.env['event.event.ticket'].create({
            'event_id': self.event.id, 'name': name, 'product_id': product.id, 'price': price,
            'seats_max': seats, **values})

    def test_guest_takes_one_of_the_tickets_that_cost_nothing(self):
        visit, dinner = self._add_ticket("Visit"), self._add_ticket("Visit and Lunch")
        self._invite()
        path = self._path(self.acorn)
        page = self._answer(path, 'yes')
        self.assertIn("This ticket cannot be had any more", page.text)
        self.assertFalse(self.event.registration_ids)
        page = self._answer(path, 'yes', ticket=dinner.id)
        self.assertIn("You are registered", page.text)
        self.assertNotIn("Which ticket?", page.text)
        self.assertEqual(self.event.registration_ids.event_ticket_id, dinner)
        self.assertNotEqual(self.event.registration_ids.event_ticket_id, visit)

    def test_tickets_that_cannot_be_taken_by_a_click_are_shown_with_the_reason(self):
        taken = self._add_ticket("Front Row", seats=1)
        self._registration(self.env['res.partner'].create({'name': "First"}),
                           event_ticket_id=taken.id)
        dear = self._add_ticket("With Dinner", price=40)
        over = self._add_ticket("Early", end_sale_datetime='2026-01-01 08:00:00')
        self._add_ticket("Visit")
        self._invite()
        path = self._path(self.acorn)
        page = self.url_open(path).text
        for text in (
                "Sold out", "40.00", "To be paid for", "Not on sale any more", "Which ticket?",
                "What is to be paid for you order from us"):
            self.assertIn(text, page)
        for ticket in (taken, dear, over):
            self.assertNotIn(f'id="ticket_{ticket.id}"', page)
            self.assertIn("cannot be had any more", self._answer(
                path, 'yes', ticket=ticket.id).text)
        self.assertEqual(self.event.registration_ids.event_ticket_id, taken)

    def test_what_is_to_be_paid_for_is_told_where_nothing_else_is_there(self):
        self._add_ticket("With Dinner", price=40)
        self._invite()
        page = self.url_open(self._path(self.acorn)).text
        self.assertIn("What is to be paid for you order from us", page)
        self.assertNotIn("We will come", page)

    def test_wrong_link_leads_nowhere(self):
        self._invite()
        own, other = self._touch(self.acorn), self._touch(self.birch)
        for path in (
                f'/campaigns/events/{other.id}/{own._invitation_token()}',
                f'/campaigns/events/{own.id}/x', '/campaigns/events/0/x'):
            with self.subTest(path=path):
                page = self.url_open(path)
                self.assertIn("This link leads nowhere", page.text)
                self.assertNotIn("Open House", page.text)

    def test_who_registers_elsewhere_has_answered_as_well(self):
        self._invite()
        contact = self.env['res.partner'].create({'name': "Ann", 'parent_id': self.acorn.id})
        seat = self._registration(contact)
        self.assertEqual(self._touch(self.acorn).registration_id, seat)
        self.assertEqual(
            [self._member(customer).state for customer in self.customers],
            ['responded', 'planned', 'planned'])

    def test_what_keeps_from_inviting(self):
        self.assertFalse(self.step.problem)
        ticket = self._add_ticket("Seat")
        self.assertFalse(self.step.problem)
        ticket.end_sale_datetime = '2026-01-01 08:00:00'
        self.assertIn("not on sale any more", self.step.problem)
        ticket.unlink()
        self.event.is_multi_slots = True
        self.assertIn("times to choose from", self.step.problem)
        self.event.is_multi_slots = False
        with freeze_time('2028-01-01'):
            self.step.invalidate_recordset(['problem'])
            self.event.invalidate_recordset()
            self.assertIn("still to come", self.step.problem)
