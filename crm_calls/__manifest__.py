{
    'name': "Calls",
    'summary': "Phone work: calls, outcomes, call-backs, and a queue any document can join",
    'version': '19.0.1.0.0',
    'category': 'Sales/CRM',
    'author': "CRM Suite",
    'license': 'LGPL-3',
    'depends': ['mail', 'phone_validation', 'crm_roles'],
    'data': [
        'security/ir.model.access.csv',
        'security/crm_call_security.xml',
        'security/crm_call_answer_security.xml',
        'data/crm_call_outcome_data.xml',
        'wizard/crm_call_log_views.xml',
        'views/crm_call_outcome_views.xml',
        'views/crm_call_script_views.xml',
        'views/crm_call_views.xml',
        'views/res_partner_views.xml',
        'views/crm_calls_menus.xml',
    ],
    'assets': {
        'web.assets_backend': [
            'crm_calls/static/src/**/*',
        ],
    },
}
