{
    'name': "Customer Campaigns - Promotions",
    'summary': "Promotions and coupons begin, end and are counted with their campaign",
    'version': '19.0.1.0.0',
    'category': 'Marketing',
    'author': "CRM Suite",
    'license': 'LGPL-3',
    'depends': ['crm_campaigns', 'sale_loyalty'],
    'data': [
        'security/ir.model.access.csv',
        'data/mail_template_incentive_coupon.xml',
        'views/loyalty_program_views.xml',
        'views/utm_campaign_views.xml',
        'views/crm_campaign_step_views.xml',
        'views/crm_campaign_sale_views.xml',
        'views/crm_incentive_views.xml',
    ],
    'auto_install': True,
}
