from odoo.api import SUPERUSER_ID
from odoo.http import Controller, request, route


class ConfirmController(Controller):

    @route(
        '/requests/prove/<string:token>', type='http', auth='public', methods=['GET', 'POST'],
        website=True, sitemap=False)
    def prove(self, token):
        """Let who wrote a message prove that the address is his.

        Only the button of the page writes: programs that look at the links of a mail do not.
        A link that is wrong, too old or about nothing is answered alike.
        """
        # sudo: crm.request.unconfirmed - what is signed with the secret of the database decides
        mail_sudo = request.env(user=SUPERUSER_ID)['crm.request.unconfirmed'].sudo()._of_token(
            token)
        posted = request.httprequest.method == 'POST'
        if posted and mail_sudo:
            mail_sudo._prove()
        response = request.render('crm_service_requests.prove_page', {
            'is_known': bool(mail_sudo) and (posted or mail_sudo.state == 'waiting'),
            'is_done': posted, 'subject': mail_sudo.name, 'sender': mail_sudo.email_normalized,
            'no_breadcrumbs': True, 'no_footer': True})
        response.headers['Referrer-Policy'] = 'no-referrer'
        return response
