{
    'name': "Self-Service Portal - Stock",
    'summary': "Follow each transfer of an order, and correct what has not left",
    'version': '19.0.1.0.0',
    'category': 'Sales/CRM',
    'author': "CRM Suite",
    'license': 'LGPL-3',
    'depends': ['crm_selfservice_portal', 'sale_stock'],
    'data': [
        'security/stock_picking_security.xml',
        'views/sale_order_portal_templates.xml',
    ],
    'auto_install': True,
    'post_init_hook': 'fill_dates',
}
