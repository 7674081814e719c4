{
    'name': "Sales Facts",
    'summary': "What each customer bought, when, for how much and at what cost: exact, and quick",
    'version': '19.0.1.0.0',
    'category': 'Sales/CRM',
    'author': "CRM Suite",
    'license': 'LGPL-3',
    'depends': ['crm_roles', 'sale_margin'],
    'data': [
        'security/crm_sales_facts_groups.xml',
        'security/ir.model.access.csv',
        'security/crm_sales_facts_security.xml',
        'data/ir_cron_data.xml',
    ],
    'post_init_hook': 'fill_facts',
}
