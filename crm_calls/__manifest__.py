{
    'name': "Calls",
    'summary': "Phone work: calls, outcomes, call-backs, and a queue any document can join",
    'version': '19.0.1.0.0',
    'category': 'Sales/CRM',
    'author': "CRM Suite",
    'license': 'LGPL-3',
    'depends': ['mail', 'phone_validation', 'crm_roles'],
    'data': [
    ],
}
