from odoo import api, models
from odoo.tools import plaintext2html


class CrmLead(models.Model):
    """A customer proposes to work together."""

    _inherit = 'crm.lead'

    @api.model
    def _propose(self, user, data, files=()):
        """Make the lead of what a user of the portal proposes.

        :param user: who proposes, a `res.users`
        :param dict data: `subject` and `text`
        :param files: names and contents of what came with it, which were checked
        :type files: Iterable[tuple[str, bytes]]
        :return: the lead, with all rights
        :rtype: crm.lead
        """
        # sudo: crm.lead - a customer proposes, though he sees no leads; nor follows them
        lead_sudo = self.sudo().with_context(mail_create_nosubscribe=True).create(
            self._prepare_proposal_values(user, data))
        # sudo: ir.attachment - what he proposes comes with it
        self.env['ir.attachment'].sudo().create([
            {'name': name, 'raw': content, 'res_model': self._name, 'res_id': lead_sudo.id}
            for name, content in files])
        if responsible := lead_sudo.user_id or lead_sudo.team_id.user_id:
            lead_sudo.activity_schedule(
                'mail.mail_activity_data_todo', user_id=responsible.id,
                summary=self.env._("Answer the proposal"))
        return lead_sudo

    @api.model
    def _prepare_proposal_values(self, user, data):
        manager = self._proposal_manager(user)
        # sudo: res.users - whether those who work with leads have them apart
        reader_sudo = (manager or self.env.ref('base.user_root')).sudo()
        values = {
            'name': data['subject'],
            'description': plaintext2html(data['text']),
            'partner_id': user.partner_id.id,
            'user_id': manager.id,
            'company_id': self.env.company.id,
            'type': 'lead' if reader_sudo.has_group('crm.group_use_lead') else 'opportunity',
        }
        return values if manager else {**values, 'team_id': self._proposal_team().id}

    @api.model
    def _proposal_manager(self, user):
        """Return who looks after the user, unless he has nothing to do with leads."""
        manager = user._portal_contact()
        return manager if manager and self.with_user(manager).has_access(
            'write') else manager.browse()

    @api.model
    def _proposal_team(self):
        """Return the team that gets what nobody in particular gets.

        :rtype: crm.team
        """
        # sudo: crm.team - customers see no teams
        return self.env['crm.team'].sudo().search(
            [('company_id', 'in', [False, self.env.company.id])], limit=1)
