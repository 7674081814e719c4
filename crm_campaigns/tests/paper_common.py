from .step_common import StepCommon


class PaperCommon(StepCommon):
    """Acorn in Cork, Birch in Athlone, Cedar in Bordeaux; the company is in Ireland. Cedar reads
    French."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env['res.lang']._activate_lang('fr_FR')
        ireland, france = cls.env.ref('base.ie'), cls.env.ref('base.fr')
        cls.env.company.country_id = ireland
        cls.acorn.write({
            'street': "1 Quay Street", 'city': "Cork", 'zip': 'T12 AB34', 'country_id': ireland.id})
        cls.birch.write({
            'street': "2 Church Lane", 'city': "Athlone", 'zip': 'N37 AB12',
            'country_id': ireland.id})
        cls.cedar.write({
            'street': "3 rue du Port", 'city': "Bordeaux", 'zip': '33000', 'lang': 'fr_FR',
            'country_id': france.id})
        cls.letter = cls.env['crm.letter.template'].create({
            'name': "We miss you", 'subject': "News for {{ object.name }}",
            'body': "<p>Dear <t t-out=\"object.name\"/>, your town is <t t-out=\"object.city\"/>."
                    " <t t-out=\"user.name\"/></p>"})
        cls.letter.with_context(lang='fr_FR').subject = "Des nouvelles pour {{ object.name }}"
        cls.sheet = cls.env.ref('crm_campaigns.crm_label_sheet_l7160')

    def _print(self, moment='2026-03-02 12:30:00'):
        """Let the scheduled action run that makes the PDFs."""
        self._trigger('crm_campaigns.ir_cron_print_paper', moment)
