{
    'name': "Sales Facts - Personal Managers",
    'summary': "Sales and profit by personal manager",
    'version': '19.0.1.0.0',
    'category': 'Sales/CRM',
    'author': "CRM Suite",
    'license': 'LGPL-3',
    'depends': ['crm_sales_facts', 'crm_order_manager'],
    'data': [
        'views/crm_sales_views.xml',
    ],
    'auto_install': True,
}
