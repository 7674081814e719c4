from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import format_amount
from odoo.tools.misc import format_datetime

from ..correction import Wish

ACTIVITY = 'crm_selfservice_portal.mail_activity_type_correction'
LEAD = 'crm_roles.group_call_center_lead'


class CrmOrderCorrection(models.Model):
    """A correction is applied, refused or withdrawn, once, and the order tells of it."""

    _inherit = 'crm.order.correction'

    may_decide = fields.Boolean(compute='_compute_may_decide')

    @api.depends('state', 'order_manager_id')
    @api.depends_context('uid')
    def _compute_may_decide(self):
        for correction in self:
            correction.may_decide = correction.state == 'waiting' and correction._is_decider()

    def action_apply(self):
        """Do what the customer asked for.

        :raise UserError: when the order has changed meanwhile, so that it cannot be done
        """
        self._decide('applied')

    def action_refuse(self):
        """Ask for the reason why the correction is refused.

        :rtype: dict
        """
        self.ensure_one()
        self._check_decider()
        return {
            **self.env['ir.actions.act_window']._for_xml_id(
                'crm_selfservice_portal.crm_order_correction_refuse_action'),
            'context': {
                'default_correction_id': self.id, 'default_reason': self._obstacle()},
        }

    # Who decides

    def _is_decider(self):
        """Return whether the user may decide: who may change the order, its manager, his lead."""
        self.ensure_one()
        user, order = self.env.user, self.order_id
        return (
            self.env.su or user == order.order_manager_id or user.has_group(LEAD)
            or order._may_write_field('order_line') and order.has_access('write')
            and bool(order.filtered_domain(order._beyond_conversation_domain())))

    def _check_decider(self):
        self.check_access('read')
        for correction in self:
            if not correction._is_decider():
                raise AccessError(self.env._(
                    "You may not change %(order)s. Ask %(manager)s to decide.",
                    order=correction.order_id.name,
                    # sudo: sale.order - who manages an order is no secret
                    manager=correction.order_id.sudo()._correction_manager().name
                    or self.env._("a supervisor")))

    # How it is decided

    def _decide(self, state, reason=''):
        """Decide what waits, and tell the customer.

        :param str state: `applied` or `refused`
        :param str reason: why it is refused
        :raise AccessError: when the user may not decide
        :raise UserError: when it was decided before, or cannot be applied any more
        """
        self._check_decider()
        for correction in self:
            # sudo: crm.order.correction - the order is changed as its customer asked
            correction_sudo = correction.sudo().with_company(correction.company_id)
            correction_sudo.order_id._lock_for_correction()
            correction_sudo._check_transition(state)
            if state == 'refused':
                correction_sudo._refuse(reason)
            else:
                if obstacle := correction_sudo._obstacle():
                    raise UserError(self.env._(
                        "%(obstacle)s Refuse the correction, or change the order yourself.",
                        obstacle=obstacle))
                correction_sudo._apply()
            correction_sudo._answer_customer()

    def _ask(self):
        """Have somebody decide on the correction."""
        self.ensure_one()
        self.order_id._tell_manager(
            self.env._("The customer asks to have the order corrected."), self._told_changes())
        self.order_id._remind_of_correction()

    def _refuse(self, reason):
        """Refuse what waits, with a reason."""
        for correction in self:
            correction._close('refused', reason=reason)

    def _withdraw(self):
        """Take back what was asked for, as its customer wants."""
        self.ensure_one()
        self.order_id._lock_for_correction()
        self._close('withdrawn')
        self.order_id._tell_manager(self.env._("The correction of the order was withdrawn."), [])

    def _close(self, state, **values):
        """Set the state, and take away what reminds of the correction."""
        self.write({
            'state': state, 'decided_at': fields.Datetime.now(),
            'decided_by_id': self.env.user.id if self.env.user._is_internal() else False,
            **values})
        self.order_id.activity_unlink([ACTIVITY])

    def _obstacle(self):
        """Return why the correction cannot be applied to the order as it is now.

        :return: a sentence; nothing when it can
        :rtype: str
        """
        self.ensure_one()
        # sudo: sale.order - whoever decides learns what stands against it
        order = self.order_id.sudo().with_company(self.company_id)
        changed = self._changed_meanwhile()
        wish = order._complete_wish(self._wish())
        reasons = [
            order._correction_refusal(), changed,
            *([] if changed else order._correction_obstacles(wish))]
        if reason := next(filter(None, reasons), ''):
            return reason
        total = order._correction_effect(wish).total[1]
        if order.currency_id.compare_amounts(total, self.amount_to):
            return self.env._(
                "The total would be %(now)s and no longer %(then)s, as the customer has seen it.",
                now=format_amount(self.env, total, self.currency_id),
                then=format_amount(self.env, self.amount_to, self.currency_id))
        return ''

    def _changed_meanwhile(self):
        """Return which part of the order is no longer what the customer saw, as a sentence."""
        order = self.order_id
        changed = [line.name for line in self.line_ids if not line.order_line_id
                   or line.uom_id.compare(line.order_line_id.product_uom_qty, line.quantity_from)]
        if self.shipping_to_id and order.partner_shipping_id != self.shipping_from_id:
            changed.append(self.env._("Delivery Address"))
        if self.delivery_to and order.commitment_date != self.delivery_from:
            changed.append(self.env._("Delivery Date"))
        return changed and self.env._(
            "%(order)s has changed meanwhile: %(what)s.", order=order.name,
            what=", ".join(changed)) or ''

    def _wish(self):
        """Return what the customer wants.

        :rtype: Wish
        """
        self.ensure_one()
        return Wish(
            {line.order_line_id: line.quantity_to for line in self.line_ids},
            self.shipping_to_id or None, self.delivery_to or None, self.cancels)

    def _apply(self):
        """Change the order.

        :raise UserError: when that does not lead to the total the customer has seen
        """
        self.ensure_one()
        order, wish = self.order_id, self._wish()
        self._close('applied')
        if wish.cancel:
            order.action_cancel()
            return
        agreed = order._agreed_lines()
        order._apply_quantities(order, wish, agreed)
        order._apply_address(order, wish.address)
        order._apply_date(wish.date)
        if order.currency_id.compare_amounts(order.amount_total, self.amount_to):
            raise UserError(self.env._(
                "The price of %(order)s has just changed. Please look at it again.",
                order=order.name))

    # What is told

    def _changes(self):
        """Return what changes, each in words: from what to what.

        :rtype: list[str]
        """
        self.ensure_one()
        if self.cancels:
            return [self.env._("Cancel the whole order")]
        changes = [self.env._(
            "%(product)s: %(before)s → %(after)s %(unit)s", product=line.name,
            before=f'{line.quantity_from:g}', after=f'{line.quantity_to:g}',
            unit=line.uom_id.name or '') for line in self.line_ids]
        if self.shipping_to_id:
            changes.append(self.env._(
                "Delivery address: %(before)s → %(after)s",
                before=self.shipping_from_id.display_name, after=self.shipping_to_id.display_name))
        if self.delivery_to:
            changes.append(self.env._(
                "Delivery date: %(before)s → %(after)s", before=self._day(self.delivery_from),
                after=self._day(self.delivery_to)))
        return changes

    def _day(self, moment):
        return format_datetime(self.env, moment, dt_format='short') if moment else self.env._(
            "none")

    def _told_changes(self):
        """Return what changes with the total and the note of the customer, as a list."""
        parts = [*self._changes(), self.env._(
            "Total: %(before)s → %(after)s",
            before=format_amount(self.env, self.amount_from, self.currency_id),
            after=format_amount(self.env, self.amount_to, self.currency_id))]
        return parts + ([self.note] if self.note else [])

    def _answer_customer(self):
        """Tell the customer how the correction he asked for was decided."""
        for correction in self:
            told_in = correction.with_context(lang=correction.partner_id.lang or self.env.lang)
            told_in.order_id.message_post(
                body=told(told_in._decision(), told_in._told_changes()), message_type='comment',
                partner_ids=correction.partner_id.ids, subtype_xmlid='mail.mt_comment')

    def _decision(self):
        self.ensure_one()
        if self.state == 'applied':
            return self.env._("Your correction was applied.")
        return self.env._("Your correction cannot be made: %(reason)s", reason=self.reason)


def told(intro, parts):
    """Return a sentence with a list below it as HTML.

    >>> told("Two things:", ["<b>", "c"])
    Markup('<p>Two things:</p><ul><li>&lt;b&gt;</li><li>c</li></ul>')
    >>> told("One thing.", [])
    Markup('<p>One thing.</p>')
    """
    body = Markup("<p>%s</p>") % intro
    items = Markup().join(Markup("<li>%s</li>") % part for part in parts)
    return body + Markup("<ul>%s</ul>") % items if parts else body
