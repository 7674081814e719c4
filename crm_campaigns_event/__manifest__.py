{
    'name': "Customer Campaigns - Events",
    'summary': "Invite the members of a campaign to an event, and know who came",
    'version': '19.0.1.0.0',
    'category': 'Marketing',
    'author': "CRM Suite",
    'license': 'LGPL-3',
    'depends': ['crm_campaigns', 'event_product'],
    'data': [
        'security/crm_campaigns_event_groups.xml',
        'security/ir.model.access.csv',
        'views/crm_campaign_step_views.xml',
        'views/crm_campaign_member_views.xml',
        'views/crm_audience_criterion_views.xml',
        'views/event_invitation_templates.xml',
    ],
    'demo': ['demo/event_demo.xml'],
    'auto_install': True,
}
