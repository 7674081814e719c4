{
    'name': "Customer Campaigns - Surveys",
    'summary': "Ask the members of a campaign by a survey, and choose customers by what they said",
    'version': '19.0.1.0.0',
    'category': 'Marketing',
    'author': "CRM Suite",
    'license': 'LGPL-3',
    'depends': ['crm_campaigns', 'survey'],
    'data': [
        'security/crm_campaigns_survey_groups.xml',
        'security/ir.model.access.csv',
        'views/crm_campaign_step_views.xml',
        'views/crm_campaign_member_views.xml',
        'views/crm_audience_criterion_views.xml',
    ],
    'demo': ['demo/survey_demo.xml'],
    'auto_install': True,
}
