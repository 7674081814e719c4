from collections import defaultdict

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools import SQL

from .assignment import spread_by_load, spread_in_turn

# So many orders are named in the message to who gets them; the rest is counted.
NAMED_ORDERS = 10


class SaleOrder(models.Model):
    _inherit = 'sale.order'

    manager_change_ids = fields.One2many(
        'crm.manager.change', 'order_id', "Changes of Manager", readonly=True)
    is_manager_wrong = fields.Boolean(
        "With Somebody Who Is No Order Manager", compute='_compute_is_manager_wrong',
        search='_search_is_manager_wrong')

    @api.depends('order_manager_id')
    def _compute_is_manager_wrong(self):
        wrong = self.filtered_domain(self._wrong_manager_domain())
        wrong.is_manager_wrong = True
        (self - wrong).is_manager_wrong = False

    def _search_is_manager_wrong(self, operator, value):
        if operator != 'in':
            return NotImplemented
        return self._wrong_manager_domain()

    @api.model
    def _wrong_manager_domain(self):
        """Return the domain of the orders managed by somebody who has not, or no more, the role.

        :rtype: Domain
        """
        return Domain('order_manager_id', '!=', False) & Domain(
            'order_manager_id', 'not in', self.env['res.users']._order_managers().ids)

    @api.model_create_multi
    def create(self, vals_list):
        orders = super().create(vals_list)
        managed = orders.filtered('order_manager_id')
        self.env['crm.manager.change']._log(managed, {}, 'created')
        (orders - managed)._assign_by_policy()
        return orders

    def write(self, vals):
        if 'order_manager_id' not in vals:
            return super().write(vals)
        before = {order.id: order.order_manager_id.id for order in self}
        result = super().write(vals)
        self.env['crm.manager.change']._log(self, before, 'transfer')
        return result

    def _assign_by_policy(self):
        """Give the orders to managers by the policy of their sales teams."""
        # sudo: sale.order - whoever enters an order, the policy decides who manages it
        orders_sudo = self.sudo()
        assignment = defaultdict(self.browse)
        for team, orders in orders_sudo.grouped('team_id').items():
            for user, part in orders._choose_managers(team).items():
                assignment[user] |= part
        assignment.pop(self.env['res.users'], None)
        orders_sudo._change_order_manager(assignment, 'created')

    def _choose_managers(self, team):
        """Return which of the orders go to whom by the policy of `team`.

        :rtype: dict[res.users, sale.order]
        """
        policy = team.order_manager_policy
        if policy == 'creator':
            # Orders without a person at the keyboard (shop, import) have no such creator.
            return {self.env.user._available_order_managers()[:1]: self}
        if policy == 'personal':
            return self._choose_personal_managers()
        if policy == 'rule':
            return self._choose_by_rules(team.order_manager_rule_ids)
        if policy in ('load', 'turn'):
            people = team.order_manager_ids or self.env['res.users']._order_managers()
            return self._spread_over(people, policy)
        return {}

    def _choose_personal_managers(self):
        """Return the orders by their personal manager, where he may manage orders."""
        managers = self.partner_id.personal_manager_id._available_order_managers()
        return {
            manager: orders
            for manager, orders in self.grouped(
                lambda order: order.partner_id.personal_manager_id
            ).items()
            if manager in managers
        }

    def _choose_by_rules(self, rules):
        """Return the orders by the people of the first rule that fits them, in turn."""
        assignment = defaultdict(self.browse)
        rest = self
        for rule in rules:
            fitting = rest.filtered_domain(rule._order_domain())
            rest -= fitting
            for user, part in fitting._spread_over(rule.user_ids, 'turn').items():
                assignment[user] |= part
        return assignment

    def _spread_over(self, people, policy):
        """Return the orders spread over those of `people` who can be given one today.

        :param people: candidates, `res.users`
        :param str policy: `load` (the fewest open orders first) or `turn` (who was given one
            longest ago first)
        :rtype: dict[res.users, sale.order]
        """
        able = people._available_order_managers()
        if policy == 'load':
            chosen = spread_by_load(self._open_orders_of(able), len(self))
        else:
            chosen = spread_in_turn(self._in_turn(able), len(self))
        assignment = defaultdict(self.browse)
        for user, order in zip(chosen, self, strict=False):
            assignment[user] |= order
        return assignment

    @api.model
    def _open_orders_of(self, users):
        """Return how many orders each of the users has to call about.

        :rtype: dict[res.users, int]
        """
        counts = dict(self._read_group(
            [('order_manager_id', 'in', users.ids), ('call_state', '!=', 'done')],
            ['order_manager_id'], ['__count']))
        return {user: counts.get(user, 0) for user in users}

    @api.model
    def _in_turn(self, users):
        """Return the users, who was given an order by policy longest ago first.

        :rtype: list[res.users]
        """
        last = dict(self.env['crm.manager.change']._read_group(
            [('to_user_id', 'in', users.ids), ('kind', '=', 'order'), ('reason', '=', 'created')],
            ['to_user_id'], ['id:max']))
        return sorted(users, key=lambda user: (last.get(user, 0), user.id))

    @api.model
    def _change_order_manager(self, assignment, reason, note=None, track=True, loans=None):
        """Put other managers on many orders at once, with the ledger and the history of each.

        The number of statements does not depend on the number of orders.

        :param dict assignment: the orders by their new manager (`res.users`, empty for nobody)
        :param str reason: one of the reasons of the ledger
        :param str note: what else there is to say
        :param bool track: whether the change shows in the chatter of the orders, too
        :param dict loans: for orders that are only lent, by id, the id of who gets them back and
            the first day of his absence; all others are nobody's loan any more
        :return: the orders whose manager is another than before
        :rtype: sale.order
        :raise ValidationError: when somebody is no order manager
        """
        users = self.env['res.users'].union(*assignment)
        strangers = users - users._order_managers()
        if strangers:
            raise ValidationError(self.env._(
                "%s: no order manager. Choose somebody with the role, or give it first.",
                ", ".join(strangers.mapped('name'))))
        return self._put_order_manager(assignment, reason, note, track, loans)

    @api.model
    def _put_order_manager(self, assignment, reason, note=None, track=True, loans=None):
        """Do what `_change_order_manager` does, for people known to be order managers."""
        loans = loans or {}
        wanted = [
            (order_id, user.id, *loans.get(order_id, (None, None)))
            for user, orders in assignment.items() for order_id in orders._ids
        ]
        if not wanted:
            return self.browse()
        self.env.flush_all()
        rows = self.env.execute_query(self._change_order_manager_query(wanted, reason, note))
        changed = self.browse(row[0] for row in rows)
        if track and changed:
            self.env.execute_query(self._track_order_manager_query(rows))
        changed.invalidate_recordset([
            'order_manager_id', 'lender_id', 'lent_from', 'manager_change_ids', 'message_ids',
            'commission_due'])
        changed.modified(['order_manager_id'])
        # The statement has marked them already.
        self.env.remove_to_compute(self._fields['commission_due'], changed)
        return changed

    @api.model
    def _change_order_manager_query(self, wanted, reason, note):
        """Return the statement that writes the managers and the ledger.

        What is wanted are tuples of the ids of the order, the user and who gets the order back,
        and the first day of his absence. The statement gives a row per order that changes: its id,
        the former and the new manager.
        """
        return SQL(
            """
            WITH wanted AS (
                SELECT * FROM unnest(
                    %(orders)s::int[], %(users)s::int[], %(lenders)s::int[], %(days)s::date[]
                ) AS row(order_id, user_id, lender_id, lent_from)
            ), changed AS (
                UPDATE sale_order
                SET order_manager_id = wanted.user_id, lender_id = wanted.lender_id,
                    lent_from = wanted.lent_from,
                    commission_due = sale_order.state = 'sale' OR EXISTS (
                        SELECT FROM crm_commission_entry entry
                        WHERE entry.order_id = sale_order.id)
                FROM wanted, sale_order AS former
                WHERE sale_order.id = wanted.order_id AND former.id = wanted.order_id
                  AND sale_order.order_manager_id IS DISTINCT FROM wanted.user_id
                RETURNING sale_order.id, sale_order.partner_id, sale_order.company_id,
                          former.order_manager_id AS from_id, wanted.user_id AS to_id
            ), ledger AS (
                INSERT INTO crm_manager_change (
                    kind, order_id, partner_id, company_id, from_user_id, to_user_id, user_id, date,
                    reason, note, create_uid, create_date, write_uid, write_date)
                SELECT 'order', id, partner_id, company_id, from_id, to_id, %(uid)s, %(now)s,
                       %(reason)s, %(note)s, %(uid)s, %(now)s, %(uid)s, %(now)s
                FROM changed
            )
            SELECT id, from_id, to_id FROM changed
            """,
            orders=[row[0] for row in wanted],
            users=[row[1] or None for row in wanted],
            lenders=[row[2] for row in wanted],
            days=[row[3] for row in wanted],
            uid=self.env.uid, now=fields.Datetime.now(), reason=reason, note=note or None)

    @api.model
    def _track_order_manager_query(self, rows):
        """Return the statement that tells the change in the chatter of each order."""
        field = self.env['ir.model.fields']._get(self._name, 'order_manager_id')
        return SQL(
            """
            WITH changed AS (
                SELECT * FROM unnest(%(orders)s::int[], %(former)s::int[], %(new)s::int[])
                    AS row(order_id, from_id, to_id)
            ), message AS (
                INSERT INTO mail_message (
                    model, res_id, message_type, subtype_id, author_id, date, is_internal,
                    create_uid, create_date, write_uid, write_date)
                SELECT 'sale.order', order_id, 'notification', %(subtype)s, %(author)s, %(now)s,
                       TRUE, %(uid)s, %(now)s, %(uid)s, %(now)s
                FROM changed
                RETURNING id, res_id
            )
            INSERT INTO mail_tracking_value (
                mail_message_id, field_id, old_value_integer, old_value_char, new_value_integer,
                new_value_char, create_uid, create_date, write_uid, write_date)
            SELECT message.id, %(field)s, from_id, from_partner.name, to_id, to_partner.name,
                   %(uid)s, %(now)s, %(uid)s, %(now)s
            FROM message
            JOIN changed ON changed.order_id = message.res_id
            LEFT JOIN res_users from_user ON from_user.id = from_id
            LEFT JOIN res_partner from_partner ON from_partner.id = from_user.partner_id
            LEFT JOIN res_users to_user ON to_user.id = to_id
            LEFT JOIN res_partner to_partner ON to_partner.id = to_user.partner_id
            RETURNING id
            """,
            orders=[row[0] for row in rows],
            former=[row[1] for row in rows],
            new=[row[2] for row in rows],
            field=field.id,
            uid=self.env.uid,
            subtype=self.env['ir.model.data']._xmlid_to_res_id('mail.mt_note'),
            author=self.env.user.partner_id.id,
            now=fields.Datetime.now(),
        )

    def _tell_order_manager(self, user, lender=None):
        """Send `user` one message about all these orders, which he got.

        :param user: the `res.users`; who gives himself something is told nothing
        :param lender: for whose absence he got them, or himself when he gets them back
        """
        if not user or not self or user == self.env.user:
            return
        orders = self.with_context(lang=user.lang)
        named = Markup(", ").join(order._get_html_link() for order in orders[:NAMED_ORDERS])
        more = len(orders) - NAMED_ORDERS
        body = orders.env._(
            "%(count)s orders are yours now: %(orders)s", count=len(orders), orders=named)
        if more > 0:
            body += orders.env._(" and %s more.", more)
        if lender:
            why = orders.env._("Back from your absence") if lender == user else orders.env._(
                "For the absence of %s", lender.name)
            body = Markup("%s. %s") % (why, body)
        orders.env['mail.thread'].message_notify(
            partner_ids=user.partner_id.ids, body=body,
            subject=orders.env._("%s orders to look after", len(orders)))
