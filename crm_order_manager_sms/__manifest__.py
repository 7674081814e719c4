{
    'name': "Order Managers - SMS",
    'summary': "Send the link to pay as a text message",
    'version': '19.0.1.0.0',
    'category': 'Sales/CRM',
    'author': "CRM Suite",
    'license': 'LGPL-3',
    'depends': ['crm_order_manager', 'sms'],
    'data': [
        'data/sms_template_data.xml',
        'views/sale_order_views.xml',
    ],
    'auto_install': True,
}
