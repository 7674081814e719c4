from collections import defaultdict

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL


class SaleOrder(models.Model):
    """Orders of who is away are lent to others, and come back to him with the end of his absence.

    An order is lent as long as it has a lender. Whatever changes its manager otherwise ends that.
    """

    _inherit = 'sale.order'

    lender_id = fields.Many2one(
        'res.users', "Lent by", copy=False, readonly=True, index='btree_not_null',
        help="Gets the order back after his absence, unless it is paid or handed on before.")
    lent_from = fields.Date(
        copy=False, readonly=True,
        help="The first day of the absence for which the order was lent.")
    lent_until = fields.Date(
        compute='_compute_lent_until', help="The last day of the absence, as it is planned now.")

    @api.depends('lender_id', 'lent_from')
    def _compute_lent_until(self):
        absences = self.lender_id._absences()
        today = fields.Date.context_today(self)
        for order in self:
            begun = max(order.lent_from or today, today)
            ends = [last for first, last in absences.get(order.lender_id, []) if first <= begun]
            order.lent_until = all(ends) and max(ends, default=False)

    def write(self, vals):
        if 'order_manager_id' not in vals:
            return super().write(vals)
        handed_on = self.filtered(
            lambda order: order.lender_id
            and order.order_manager_id.id != (vals['order_manager_id'] or False))
        result = super().write(vals)
        handed_on._end_loans()
        return result

    @api.model
    def _field_writers(self, name):
        if name in ('lender_id', 'lent_from'):
            return super()._field_writers('order_manager_id')
        return super()._field_writers(name)

    def _lend(self, assignment, note=None):
        """Give the orders to substitutes until their managers are back.

        :param dict assignment: the orders by their substitute, a `res.users`
        :param str note: what else there is to say
        :return: the orders whose manager is another than before
        :rtype: sale.order
        :raise ValidationError: when a substitute is no order manager
        """
        orders = self.browse().union(*assignment.values())
        begins = {
            user: absences[0][0] if absences else None
            for user, absences in orders.order_manager_id._absences().items()
        }
        loans = {}
        for substitute, part in assignment.items():
            for order in part:
                # Who borrowed it lends it on; it comes back to whom it belongs.
                lender = order.lender_id or order.order_manager_id
                begin = order.lent_from if order.lender_id else begins.get(lender)
                if lender != substitute and begin:
                    loans[order.id] = (lender.id, begin)
        return self._change_order_manager(assignment, 'absence', note, loans=loans)

    def _of_absent_managers(self):
        """Return those of the orders that are unpaid and whose manager is, or will be, away.

        :rtype: sale.order
        """
        absences = self.order_manager_id._absences()
        return self.filtered(
            lambda order: order.amount_unpaid > 0 and absences.get(order.order_manager_id))

    def _choose_substitutes(self):
        """Return which orders go to whom while their managers are away.

        The deputy gets them, else those of their team who have the fewest open orders.

        :rtype: dict[res.users, sale.order]
        """
        assignment = defaultdict(self.browse)
        everybody = self.env['res.users']._order_managers()
        absent = self.order_manager_id
        for (team, company, manager), orders in self.grouped(
            lambda order: (order.team_id, order.company_id, order.order_manager_id)
        ).items():
            people = (team.order_manager_ids or everybody) - absent
            people = people.filtered(lambda user, company=company: company in user.company_ids)
            deputy = (manager.deputy_id - absent)._able_today()
            for user, part in orders._spread_over(deputy or people, 'load').items():
                assignment[user] |= part
        return assignment

    def _by_deputy(self):
        """Return which orders go to the deputies of their managers.

        :rtype: dict[res.users, sale.order]
        """
        able = self.order_manager_id.deputy_id._able_today()
        return self.filtered(
            lambda order: order.order_manager_id.deputy_id in able
        ).grouped(lambda order: order.order_manager_id.deputy_id)

    def _by_policy_again(self):
        """Return which orders go to whom by the policies of their teams, entered anew today.

        Teams whose orders belong to who enters them, or to nobody, have no policy for that.

        :rtype: dict[res.users, sale.order]
        """
        assignment = defaultdict(self.browse)
        for team, orders in self.grouped('team_id').items():
            if team.order_manager_policy not in (False, 'none', 'creator'):
                for user, part in orders._choose_managers(team).items():
                    assignment[user] |= part
        assignment.pop(self.env['res.users'], None)
        return assignment

    def _end_loans(self):
        """Leave the orders for good with who has them now."""
        if self:
            self.flush_recordset(['lender_id', 'lent_from'])
            self.env.execute_query(SQL(
                "UPDATE sale_order SET lender_id = NULL, lent_from = NULL"
                " WHERE id = ANY(%s) RETURNING id", list(self.ids)))
            self.invalidate_recordset(['lender_id', 'lent_from'], flush=False)

    @api.model
    def _returning_domain(self, lender, absences):
        """Return the domain of the orders `lender` gets back today.

        Those are lent for an absence that is over, or was called off or put off.

        :param lender: the `res.users` who lent them
        :param list absences: his absences that are not over, see `res.users._absences`
        :rtype: Domain
        """
        lent = Domain('lender_id', '=', lender.id)
        if not absences:
            return lent
        next_day = absences[0][0]
        if next_day <= fields.Date.context_today(self):
            return Domain.FALSE
        return lent & Domain('lent_from', '<', next_day)

    def _give_back(self, lender):
        """Give the lender back what is still unpaid of these orders, and tell him once.

        What is paid or cancelled stays where it is, and so does all if he has left.
        """
        changed = self.browse()
        if lender in self.env['res.users']._order_managers():
            unpaid = self.filtered(lambda order: order.amount_unpaid > 0)
            changed = self._change_order_manager({lender: unpaid}, 'absence')
        (self - changed)._end_loans()
        changed._tell_order_manager(lender, lender)

    @api.model
    def _give_back_all(self):
        """Give everybody who is back his orders, one person after the other.

        :return: whether there was time for all of them
        :rtype: bool
        """
        lenders = self.env['res.users'].union(*(
            lender for [lender] in self._read_group([('lender_id', '!=', False)], ['lender_id'])))
        managers = self.env['res.users']._order_managers()
        for lender, absences in lenders._absences().items():
            orders = self.search(
                self._returning_domain(lender, absences if lender in managers else []))
            if orders := orders.try_lock_for_update(allow_referencing=True):
                orders._give_back(lender)
                if not self.env['ir.cron']._commit_progress(1):
                    return False
        return True

    @api.model
    def _to_lend_domain(self, manager, begin):
        """Return the domain of the orders of who is away that are lent without being asked for.

        What he was given or took since the absence began stays with him.

        :param manager: the `res.users` who is away
        :param datetime.date begin: the first day of the absence
        :rtype: Domain
        """
        return (
            Domain('order_manager_id', '=', manager.id)
            & Domain('call_state', '!=', 'done')
            & Domain('company_id.lend_when_absent', '=', True)
            & Domain('manager_change_ids', 'not any', [
                ('to_user_id', '=', manager.id), ('date', '>=', begin)])
        )

    @api.model
    def _lend_all(self):
        """Lend the orders of everybody who is away, one person after the other."""
        if not self.env['res.company'].search_count([('lend_when_absent', '=', True)], limit=1):
            return
        today = fields.Date.context_today(self)
        managers = self.env['res.users']._order_managers()
        for manager, absences in managers._absences().items():
            begin = absences[0][0] if absences else None
            if not begin or begin > today:
                continue
            orders = self.search(self._to_lend_domain(manager, begin))
            orders = orders.try_lock_for_update(allow_referencing=True)
            assignment = orders._choose_substitutes()
            lent = self._lend(assignment)
            for user, part in assignment.items():
                (part & lent)._tell_order_manager(user, manager)
            if lent and not self.env['ir.cron']._commit_progress(1):
                break

    @api.model
    def _cron_follow_absences(self):
        """Give back what was lent to who is back, and lend what those who are away have to do.

        Each person is one transaction, with the message about it.
        """
        if self._give_back_all():
            self._lend_all()
