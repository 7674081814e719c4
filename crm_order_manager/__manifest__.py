{
    'name': "Order Managers",
    'summary': "Every order has one manager who calls until it is paid",
    'version': '19.0.1.0.0',
    'category': 'Sales/CRM',
    'author': "CRM Suite",
    'license': 'LGPL-3',
    'depends': ['crm_calls', 'sale_management', 'account_payment'],
    'data': [
        'security/ir.model.access.csv',
        'security/account_payment_security.xml',
        'security/personal_manager_security.xml',
        'security/crm_manager_change_security.xml',
        'data/ir_cron_data.xml',
        'wizard/crm_manager_assign_views.xml',
        'views/crm_manager_change_views.xml',
        'views/crm_team_views.xml',
        'views/res_users_views.xml',
        'views/sale_order_views.xml',
        'views/crm_order_manager_menus.xml',
        'views/res_partner_views.xml',
        'views/personal_manager_views.xml',
        'wizard/crm_customer_offer_views.xml',
        'views/my_customers_views.xml',
        'views/call_desk_views.xml',
    ],
    'demo': [
        'demo/res_users_home.xml',
    ],
    'assets': {
        'web.assets_backend': [
            'crm_order_manager/static/src/**/*',
        ],
        'web.assets_tests': [
            'crm_order_manager/static/tests/tours/**/*',
        ],
    },
}
