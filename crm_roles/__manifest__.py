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
        'views/crm_role_matrix_views.xml',
        'views/crm_roles_menus.xml',
    ],
    'demo': [
        'demo/res.partner.category.csv',
        'demo/product.category.csv',
        'demo/product.product.csv',
        'demo/res_users_staff.xml',
        'demo/res.partner.csv',
        'demo/res.partner-contacts.csv',
        'demo/res_users_portal.xml',
        'demo/crm_team.xml',
        'demo/utm_campaign.xml',
        'demo/crm_lead.xml',
    ],
    'assets': {
        'web.assets_backend': [
            'crm_roles/static/src/**/*',
        ],
        'web.assets_tests': [
            'crm_roles/static/tests/tours/**/*',
        ],
    },
}
