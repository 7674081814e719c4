{
    'name': "Service Requests - Stock",
    'summary': "Bring back what is accepted, and count time from the delivery",
    'version': '19.0.1.0.0',
    'category': 'Sales/CRM',
    'author': "CRM Suite",
    'license': 'LGPL-3',
    'depends': ['crm_service_requests', 'sale_stock'],
    'data': [
        'security/ir.model.access.csv',
        'views/crm_request_views.xml',
        'views/stock_picking_views.xml',
    ],
    'auto_install': True,
}
