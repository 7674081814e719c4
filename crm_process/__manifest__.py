{
    'name': "Processes",
    'summary': "How long each step of a process may take, and a warning before it is late",
    'version': '19.0.1.0.0',
    'category': 'Sales/CRM',
    'author': "CRM Suite",
    'license': 'LGPL-3',
    'depends': ['crm_roles', 'resource', 'mail', 'sale_crm', 'sale_margin'],
    'data': [
        'security/ir.model.access.csv',
        'security/crm_process_security.xml',
        'data/crm_process_cause_data.xml',
        'data/crm_process_data.xml',
        'data/ir_cron_data.xml',
        'views/crm_process_views.xml',
        'views/crm_process_task_views.xml',
        'views/crm_process_run_views.xml',
        'views/crm_process_cause_views.xml',
        'views/crm_process_menus.xml',
        'views/sale_order_views.xml',
        'views/crm_lead_views.xml',
        'views/account_move_views.xml',
    ],
    'assets': {
        'web.assets_backend': [
            'crm_process/static/src/**/*',
        ],
    },
}
