{
    'name': "Sales Facts",
    'summary': "What each customer bought, when, for how much and at what cost: exact, and quick",
    'version': '19.0.1.0.0',
    'category': 'Sales/CRM',
    'author': "CRM Suite",
    'license': 'LGPL-3',
    'depends': ['crm_roles', 'sale_margin'],
    'data': [
        'security/crm_sales_facts_groups.xml',
        'security/ir.model.access.csv',
        'security/crm_sales_facts_security.xml',
        'data/ir_cron_data.xml',
        'views/account_move_views.xml',
        'views/crm_sales_report_views.xml',
        'views/crm_sales_comparison_views.xml',
        'views/crm_sales_product_views.xml',
        'views/crm_sales_price_views.xml',
        'wizard/crm_sales_compare_views.xml',
        'views/res_config_settings_views.xml',
        'views/res_partner_views.xml',
        'views/crm_sales_facts_menus.xml',
    ],
    'demo': [
        'demo/res_partner_group.xml',
    ],
    'assets': {
        'web.assets_backend': [
            'crm_sales_facts/static/src/**/*',
        ],
        'web.assets_tests': [
            'crm_sales_facts/static/tests/tours/**/*',
        ],
    },
    'post_init_hook': 'fill_facts',
    'uninstall_hook': 'drop_functions',
}
