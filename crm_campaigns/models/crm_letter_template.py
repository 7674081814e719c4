import re

from markupsafe import Markup

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

# Room that is left free at the top and bottom of each page, and at its sides, in millimetres.
MARGIN, SIDE = 12, 20
WEB_FONT = re.compile(r'@font-face\s*{[^}]*}')


class CrmLetterTemplate(models.Model):
    """A letter, written once and printed for many customers, for each in his language."""

    _name = 'crm.letter.template'
    _description = "Letter"
    _inherit = ['mail.render.mixin']
    _order = 'name, id'

    # Only who may write placeholders of any kind may write a letter with them.
    _unrestricted_rendering = True

    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
    subject = fields.Char(
        translate=True, help="Placeholders may be used, e.g. {{ object.name }} for the customer.")
    body = fields.Html(
        "Text", translate=True, prefetch=True, sanitize='email_outgoing', render_engine='qweb',
        render_options={'post_process': True})
    step_ids = fields.One2many('crm.campaign.step', 'letter_template_id', "Steps")

    def _compute_render_model(self):
        self.render_model = 'res.partner'

    def action_preview(self):
        """Open the letter as one customer gets it."""
        self.ensure_one()
        return {
            'name': self.env._("Preview of %(letter)s", letter=self.name),
            'type': 'ir.actions.act_window',
            'res_model': 'crm.letter.preview',
            'view_mode': 'form',
            'target': 'new',
            'context': {'default_template_id': self.id},
        }

    def _letters(self, partners, company, user=None):
        """Return the letters to customers, in the order of these.

        :param res.partner partners: the customers
        :param res.company company: whose letterhead they bear
        :param res.users user: who writes them, for placeholders
        :return: of each its `lang`, `address`, `date`, `subject` and `body`; and why it cannot be
            written, by the customers to whom it cannot
        :rtype: tuple[list[dict], dict]
        """
        self = self.with_company(company).with_context(lang=company.partner_id.lang)
        context = {'user': user or self.env.user, 'company': company}
        # Odoo asks each by himself for his language.
        partners.fetch(['lang'])
        try:
            return self._written(partners, context), {}
        except UserError:
            # A letter that cannot be written holds up no other.
            return self._written_one_by_one(partners, context)

    def _written_one_by_one(self, partners, context):
        letters, failed = [], {}
        for partner in partners:
            try:
                letters += self._written(partner, context)
            except UserError as error:
                failed[partner] = self._reason(error)
        return letters, failed

    def _reason(self, error):
        """Return in one line why a letter cannot be written."""
        while error.__cause__:
            error = error.__cause__
        return self.env._("A placeholder has no value: %(error)s", error=error)

    def _written(self, partners, context):
        subjects, bodies = (
            self._render_field(name, partners.ids, compute_lang=True, add_context=context)
            for name in ('subject', 'body'))
        today = fields.Date.context_today(self)
        return [{
            'lang': lang,
            'address': partner.with_context(lang=lang)._postal_lines(self.env.company),
            'date': format_date(self.env, today, lang_code=lang, date_format='long'),
            'subject': subjects[partner.id],
            'body': bodies[partner.id],
        } for partner, lang in self._with_languages(partners)]

    def _with_languages(self, partners):
        langs = self._render_lang(partners.ids)
        return [(partner, langs[partner.id] or self.env.lang) for partner in partners]

    def _letters_html(self, letters, company):
        """Return letters as one document, each of them on pages of its own.

        :param list letters: as from `_letters`
        :param res.company company: whose letterhead they bear
        :rtype: str
        """
        report = self.env['ir.actions.report'].with_company(company)
        return report._render_template('crm_campaigns.crm_letters', {
            'letters': letters, 'company': company, 'report_type': 'letter',
            'css': self._letter_style(), 'base_url': report._get_report_url(),
            **self._letter_sizes(report.get_paperformat())}).decode()

    def _letter_style(self):
        """Return the style of reports; in the letters, so that nobody has to ask the server for it.

        :rtype: Markup
        """
        bundles = (
            self.env['ir.qweb']._get_asset_bundle(name, js=False, autoprefix=True)
            for name in ('web.report_assets_pdf', 'web.report_assets_common'))
        style = "\n".join(bundle.css().raw.decode() for bundle in bundles)
        return Markup(WEB_FONT.sub('', style))

    def _letter_sizes(self, paper):
        """Return how wide the sides of a page are, in percent of what is printed, and how high it
        is, in percent of its text."""
        width = paper.print_page_width - paper.margin_left - paper.margin_right
        side = max(SIDE - paper.margin_left, 0)
        # A hair less than the whole page, or rounding might begin another.
        height = paper.print_page_height - 2 * MARGIN - 2
        return {
            'side': round(100 * side / width, 2),
            'height': round(100 * height / (width - 2 * side), 2)}

    def _letters_pdf(self, letters, company):
        """Return letters as one PDF.

        :rtype: bytes
        :raise UserError: when it cannot be made on this server
        """
        report = self.env['ir.actions.report'].with_company(company)
        if report.get_wkhtmltopdf_state() == 'install':
            raise UserError(self.env._(
                "Letters cannot be printed: install wkhtmltopdf on the server first."))
        return report._run_wkhtmltopdf(
            [self._letters_html(letters, company)],
            specific_paperformat_args={
                'data-report-margin-top': MARGIN, 'data-report-margin-bottom': MARGIN,
                'data-report-header-spacing': 0})
