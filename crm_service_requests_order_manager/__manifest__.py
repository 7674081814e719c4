{
    'name': "Service Requests - Order Managers",
    'summary': "Failed payments become requests; managers see those of their customers",
    'version': '19.0.1.0.0',
    'category': 'Sales/CRM',
    'author': "CRM Suite",
    'license': 'LGPL-3',
    'depends': ['crm_service_requests', 'crm_order_manager'],
    'data': [
        'security/crm_request_security.xml',
        'views/crm_request_views.xml',
        'views/res_partner_views.xml',
        'views/sale_order_views.xml',
        'views/crm_request_menus.xml',
    ],
    'auto_install': True,
}
