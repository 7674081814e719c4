{
    'name': "Customer Roles",
    'summary': "Who may do what: the job roles of the customer side",
    'version': '19.0.1.0.0',
    'category': 'Sales/CRM',
    'author': "CRM Suite",
    'license': 'LGPL-3',
    'depends': ['sale', 'crm', 'account'],
    'data': [
        'security/crm_roles_groups.xml',
        'security/ir.model.access.csv',
        'security/crm_roles_rules.xml',
        'views/account_move_views.xml',
        'views/sale_order_views.xml',
        'views/crm_roles_menus.xml',
    ],
}
