{
    'name': "Order Managers - Time Off",
    'summary': "Who has approved time off is absent as an order manager",
    'version': '19.0.1.0.0',
    'category': 'Sales/CRM',
    'author': "CRM Suite",
    'license': 'LGPL-3',
    'depends': ['crm_order_manager', 'hr_holidays'],
    'auto_install': True,
}
