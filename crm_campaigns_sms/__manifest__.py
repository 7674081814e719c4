{
    'name': "Customer Campaigns - SMS",
    'summary': "Reach the members of a campaign by text message",
    'version': '19.0.1.0.0',
    'category': 'Marketing',
    'author': "CRM Suite",
    'license': 'LGPL-3',
    'depends': ['crm_campaigns', 'mass_mailing_sms'],
    'data': ['views/crm_campaign_step_views.xml'],
    'auto_install': True,
}
