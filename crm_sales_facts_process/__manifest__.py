{
    'name': "Sales Facts - Processes",
    'summary': "What processes earn is seen by those who may see the margin",
    'version': '19.0.1.0.0',
    'category': 'Sales/CRM',
    'author': "CRM Suite",
    'license': 'LGPL-3',
    'depends': ['crm_sales_facts', 'crm_process'],
    'data': [
        'views/crm_process_views.xml',
    ],
    'auto_install': True,
}
