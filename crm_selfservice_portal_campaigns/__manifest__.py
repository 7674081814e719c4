{
    'name': "Self-Service Portal - Campaigns",
    'summary': "Representatives see and answer offers as far as their rights go",
    'version': '19.0.1.0.0',
    'category': 'Sales/CRM',
    'author': "CRM Suite",
    'license': 'LGPL-3',
    'depends': ['crm_selfservice_portal', 'crm_campaigns'],
    'data': [
        'data/crm_portal_block_data.xml',
    ],
    'auto_install': True,
}
