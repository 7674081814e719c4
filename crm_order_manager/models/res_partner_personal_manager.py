from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Domain
from odoo.tools import SQL

from .circle import circles, contact_keys

PERSONAL_GROUPS = ('crm_roles.group_account_representative', 'crm_roles.group_order_manager')
# Who may give any customer to anybody.
ASSIGNERS = 'crm_roles.group_call_center_lead,crm_roles.group_sales_manager'
# What says with whom a contact belongs together.
IDENTITY_FIELDS = {'email', 'parent_id', 'is_company', 'company_id'}
# So many contacts are named before somebody changes them all at once.
NAMED = 8


class ResPartner(models.Model):
    """One address, one manager: who shares an address or a company shares the personal manager."""

    _inherit = 'res.partner'

    personal_manager_id = fields.Many2one(
        'res.users', copy=False, index='btree_not_null', ondelete='restrict',
        domain=lambda self: self._personal_manager_choices(),
        help="Looks after this customer, whoever gets his orders paid. All contacts with the same "
             "e-mail address and all contacts of the same company share him.")

    may_choose_manager = fields.Boolean(compute='_compute_may_choose_manager')

    # Inbound mail is matched by it, and so is the personal manager.
    _email_normalized_idx = models.Index("(email_normalized) WHERE email_normalized IS NOT NULL")

    @api.depends('personal_manager_id')
    @api.depends_context('uid')
    def _compute_may_choose_manager(self):
        # While somebody chooses, it still counts who looks after the customer now.
        taken = self.browse() if self.env.su else self._origin._looked_after_by_others()
        for partner in self:
            partner.may_choose_manager = partner._origin not in taken

    @api.model_create_multi
    def create(self, vals_list):
        partners = super().create(vals_list)
        chosen = partners.filtered('personal_manager_id')
        for manager, partners_of_his in chosen.grouped('personal_manager_id').items():
            partners_of_his._check_personal_manager(manager, partners_of_his)
        self.env['crm.manager.change']._log(chosen, {}, 'created')
        arriving = partners.filtered(lambda partner: partner.parent_id or partner.email_normalized)
        arriving._join_circles(arriving, 'created')
        return partners

    def write(self, vals):
        vals = dict(vals)
        chosen = 'personal_manager_id' in vals
        manager = self.env['res.users'].browse(vals.pop('personal_manager_id', False) or [])
        if chosen:
            self.check_access('write')
            self._check_field_access(self._fields['personal_manager_id'], 'write')
        # Those who come along when a contact moves to another address or company.
        moving = self._circle() if IDENTITY_FIELDS & vals.keys() else self.browse()
        result = super().write(vals)
        if moving:
            self._join_circles(moving, 'other')
        if chosen:
            self._set_personal_manager(manager, 'taken' if manager == self.env.user else 'other')
        return result

    @api.onchange('personal_manager_id')
    def _onchange_personal_manager_id(self):
        return self._origin._warn_of_circle(self.personal_manager_id._origin)

    def action_edit_information(self):
        """Open what is known about the contact in a dialog, to correct it."""
        self.ensure_one()
        return {
            'name': self.display_name,
            'type': 'ir.actions.act_window',
            'res_model': self._name,
            'res_id': self.id,
            'views': [(
                self.env.ref('crm_order_manager.res_partner_view_form_information').id, 'form')],
            'target': 'new',
        }

    def action_view_manager_changes(self):
        """Open the ledger of who managed the contact and his orders."""
        self.ensure_one()
        action = self.env['ir.actions.act_window']._for_xml_id(
            'crm_order_manager.crm_manager_change_action')
        action['domain'] = [('partner_id', 'child_of', self.commercial_partner_id.id)]
        return action

    @api.model
    def _field_writers(self, name):
        if name == 'personal_manager_id':
            # Who may merge contacts hands on the manager they have; the rest is checked on write.
            return ','.join([ASSIGNERS, *PERSONAL_GROUPS, 'base.group_partner_manager'])
        return super()._field_writers(name)

    @api.model
    def _personal_manager_domain(self):
        """Return the domain of the users who may look after a customer.

        :rtype: Domain
        """
        groups = [self.env.ref(group).id for group in PERSONAL_GROUPS]
        return Domain('all_group_ids', 'in', groups)

    @api.model
    def _personal_manager_choices(self):
        """Return the domain of whom the user may choose: anybody, or only himself.

        :rtype: Domain
        """
        anybody = self.env.su or self.env.user.has_groups(ASSIGNERS)
        mine = Domain.TRUE if anybody else Domain('id', '=', self.env.uid)
        return self._personal_manager_domain() & mine

    def _looked_after_by_others(self):
        """Return those of the contacts whose personal manager is not for the user to change."""
        me = self.env.user
        if me.has_groups(ASSIGNERS):
            return self.browse()
        if not me.has_groups(','.join(PERSONAL_GROUPS)):
            return self
        return self.filtered(
            lambda partner: partner.personal_manager_id not in (me.browse(), me))

    def _set_personal_manager(self, manager, reason, note=None):
        """Give the contacts, and all who belong together with them, to a personal manager.

        :param manager: the `res.users` who is to look after them, empty for nobody
        :param str reason: one of the reasons of the ledger
        :param str note: what else there is to say
        :return: the contacts whose manager is another than before
        :rtype: res.partner
        :raise AccessError: when the user has no right to give them to `manager`
        :raise ValidationError: when `manager` has no role that looks after customers
        :raise UserError: when the user may not take so many, or not now
        """
        circle = self._circle()
        changing = circle.filtered(lambda partner: partner.personal_manager_id != manager)
        self._check_personal_manager(manager, changing)
        changing._put_personal_manager(manager, reason, note)
        return changing.sudo(self.env.su)

    def _put_personal_manager(self, manager, reason, note=None):
        """Write the personal manager of just these contacts, the ledger, and that commissions on
        their orders are to be updated: one statement, however many they are."""
        if not self:
            return
        self.env.flush_all()
        self.env.execute_query(self._put_personal_manager_query(manager, reason, note))
        self.invalidate_recordset(['personal_manager_id', 'write_uid', 'write_date'])
        self.modified(['personal_manager_id'])
        # The statement has marked them already; nothing else waited, all was flushed.
        orders = self.env['sale.order']
        due = orders._fields['commission_due']
        orders.invalidate_model(['commission_due'], flush=False)
        self.env.remove_to_compute(due, self.env.records_to_compute(due))

    def _put_personal_manager_query(self, manager, reason, note):
        """Return the statement that writes the manager of the contacts, and what follows from it.

        :rtype: SQL
        """
        return SQL(
            """
            WITH changed AS (
                UPDATE res_partner SET personal_manager_id = %(manager)s,
                                       write_uid = %(uid)s, write_date = %(now)s
                FROM res_partner AS former
                WHERE res_partner.id = ANY(%(ids)s) AND former.id = res_partner.id
                  AND res_partner.personal_manager_id IS DISTINCT FROM %(manager)s
                RETURNING res_partner.id, res_partner.company_id,
                          former.personal_manager_id AS from_id
            ), due AS (
                UPDATE sale_order SET commission_due = TRUE
                FROM changed
                WHERE sale_order.partner_id = changed.id AND commission_due IS NOT TRUE
                  AND (sale_order.state = 'sale' OR EXISTS (
                    SELECT FROM crm_commission_entry entry WHERE entry.order_id = sale_order.id))
            ), ledger AS (
                INSERT INTO crm_manager_change (
                    kind, partner_id, company_id, from_user_id, to_user_id, user_id, date, reason,
                    note, create_uid, create_date, write_uid, write_date)
                SELECT 'personal', id, company_id, from_id, %(manager)s, %(uid)s, %(now)s,
                       %(reason)s, %(note)s, %(uid)s, %(now)s, %(uid)s, %(now)s
                FROM changed
            )
            SELECT id FROM changed
            """,
            ids=list(self.ids), manager=SQL("%s::int", manager.id or None), uid=self.env.uid,
            now=fields.Datetime.now(), reason=reason, note=note or None)

    def _check_personal_manager(self, manager, changing):
        """Refuse a personal manager who cannot be one, or whom the user may not choose.

        :param manager: who is to look after the contacts, empty for nobody
        :param changing: the contacts of somebody or nobody that are to come to him
        :raise ValidationError: when he has no role that looks after customers
        :raise AccessError: when the user has no right to give them to him
        :raise UserError: when the user may not take so many, or not now
        """
        if manager and not manager.has_groups(','.join(PERSONAL_GROUPS)):
            raise ValidationError(self.env._(
                "%(customer)s: %(user)s cannot be a personal manager. Choose an account "
                "representative or an order manager, or give him the role in his user settings.",
                customer=self[:1].display_name, user=manager.name))
        if not changing or self.env.su or self.env.user.has_groups(ASSIGNERS):
            return
        me = self.env.user
        if manager not in (me, manager.browse()):
            raise AccessError(self.env._(
                "%(customer)s: you cannot give a customer to somebody else. "
                "Ask a call center lead or a sales manager.", customer=self[:1].display_name))
        if others := changing._looked_after_by_others():
            raise AccessError(self.env._(
                "%(customer)s is looked after by %(user)s. "
                "Ask a call center lead or a sales manager to change that.",
                customer=others[0].display_name, user=others[0].personal_manager_id.name))
        if manager:
            changing._check_taking()

    def _circle(self):
        """Return all contacts who share an address or a company with these, and these.

        :return: the contacts of whatever company, archived ones too, with all rights
        :rtype: res.partner
        """
        # sudo: res.partner - the circles were found so, see there
        return self.browse().sudo().union(*self._circles())

    def _circles(self):
        """Return the contacts who belong together with these, each circle by itself.

        Each round looks for those who share what the last one found; so the number of queries
        goes with how far a circle is stretched, not with how many are in it.

        :rtype: list[res.partner]
        """
        # sudo: res.partner - who looks after a customer does so for all of his contacts
        known_sudo = self.sudo().with_context(active_test=False).browse(self.ids)
        customers, emails = set(), set()
        while True:
            new_customers = set(known_sudo.commercial_partner_id.ids) - customers
            new_emails = set(known_sudo.mapped('email_normalized')) - emails - {False}
            if not new_customers and not new_emails:
                break
            customers |= new_customers
            emails |= new_emails
            known_sudo |= known_sudo.search_fetch(
                Domain('commercial_partner_id', 'in', new_customers)
                | Domain('email_normalized', 'in', new_emails),
                ['commercial_partner_id', 'email_normalized', 'company_id', 'personal_manager_id'],
                order='id')
        keys = contact_keys([
            (partner.id, partner.commercial_partner_id.id, partner.company_id.id,
             partner.email_normalized)
            for partner in known_sudo.sorted('id')
        ])
        mine = set(self.ids)
        return [known_sudo.browse(sorted(ids)) for ids in circles(keys) if ids & mine]

    def _join_circles(self, newcomers, reason):
        """Let contacts who have a new address or company share the manager they find there.

        Who was there first decides: the manager of the address, else the one of the company, else
        the newcomer brings his own.

        :param newcomers: the contacts who have come, and those who belonged together with them
        :param str reason: one of the reasons of the ledger
        """
        joining = {}
        for circle in self._circles():
            # sudo: res.partner - the circles were found so, see there
            manager = circle._shared_manager(newcomers.sudo() & circle)
            joining[manager] = joining.get(manager, circle.browse()) | circle.filtered(
                lambda partner, manager=manager: partner.personal_manager_id != manager)
        for manager, partners in joining.items():
            partners._put_personal_manager(manager, reason)

    def _shared_manager(self, newcomers):
        """Return the manager the contacts of a circle share once `newcomers` are in it."""
        addresses = set(newcomers.mapped('email_normalized')) - {False}
        ranked = self.filtered('personal_manager_id').sorted(lambda partner: (
            partner in newcomers, partner.email_normalized not in addresses,
            partner != partner.commercial_partner_id, partner.id))
        return ranked[:1].personal_manager_id

    def _warn_of_circle(self, manager):
        """Return a warning, as of an onchange, of what else a choice of manager changes.

        :param manager: who is about to be chosen, empty for nobody
        :return: None when nobody but the contact itself changes
        """
        changing = self._circle().filtered(
            lambda partner: partner.personal_manager_id != manager)
        if len(changing) < 2:
            return None
        orders = self.env['sale.order'].search_count([('partner_id', 'in', changing.ids)])
        names = changing.mapped('display_name')
        return {'warning': {
            'title': self.env._("%s contacts change together", len(changing)),
            'message': self.env._(
                "They share an e-mail address or a company, and with it the personal manager: "
                "%(names)s. All of their orders follow, %(orders)s now.",
                names="; ".join(names[:NAMED]) + ("; …" if len(names) > NAMED else ""),
                orders=orders),
        }}
