{
    'name': "Self-Service Portal",
    'summary': "The customer does it himself: account, statement, payment, requests, corrections",
    'version': '19.0.1.0.0',
    'category': 'Sales/CRM',
    'author': "CRM Suite",
    'license': 'LGPL-3',
    'depends': ['crm_service_requests', 'crm_order_manager'],
    'post_init_hook': 'give_rights',
    'data': [
        'security/ir.model.access.csv',
        'security/crm_representative_security.xml',
        'security/crm_statement_security.xml',
        'report/crm_statement_report.xml',
        'data/mail_template_data.xml',
        'views/crm_statement_views.xml',
        'views/res_partner_views.xml',
        'views/crm_selfservice_portal_menus.xml',
        'views/portal_contact_templates.xml',
        'views/crm_statement_portal_templates.xml',
        'views/account_status_portal_templates.xml',
    ],
    'assets': {
        'web.assets_tests': [
            'crm_selfservice_portal/static/tests/tours/**/*',
        ],
    },
}
