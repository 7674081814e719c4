{
    'name': "Order Managers",
    'summary': "Every order has one manager who calls until it is paid",
    'version': '19.0.1.0.0',
    'category': 'Sales/CRM',
    'author': "CRM Suite",
    'license': 'LGPL-3',
    'depends': ['crm_calls', 'sale_management', 'account_payment'],
    'data': [
    ],
}
