{
    'name': "Service Requests",
    'summary': "Every request of a customer, from receipt to the document that answers it",
    'version': '19.0.1.0.0',
    'category': 'Sales/CRM',
    'author': "CRM Suite",
    'license': 'LGPL-3',
    'depends': ['crm_process', 'crm_calls', 'sale', 'account', 'portal', 'rating', 'calendar'],
    'data': [
        'security/ir.model.access.csv',
        'security/crm_request_security.xml',
        'data/mail_message_subtype_data.xml',
        'data/crm_request_resolution_data.xml',
        'data/crm_process_data.xml',
        'data/crm_request_type_data.xml',
        'views/crm_request_resolution_views.xml',
        'views/crm_request_type_views.xml',
        'views/crm_request_views.xml',
        'views/crm_request_inbox_views.xml',
        'views/res_partner_views.xml',
        'views/sale_order_views.xml',
        'views/account_move_views.xml',
        'wizard/crm_request_scan_views.xml',
        'views/crm_request_menus.xml',
    ],
    'assets': {
        'web.assets_backend': [
            'crm_service_requests/static/src/**/*',
        ],
        'web.assets_tests': [
            'crm_service_requests/static/tests/tours/**/*',
        ],
    },
}
