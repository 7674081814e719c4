def migrate(cr, version):
    """Look every minute for what is due, where nobody chose another interval."""
    cr.execute("""
        UPDATE ir_cron SET interval_number = 1
        FROM ir_model_data data
        WHERE data.module = 'crm_order_manager' AND data.name = 'ir_cron_release_untouched'
          AND data.model = 'ir.cron' AND data.res_id = ir_cron.id
          AND interval_number = 5 AND interval_type = 'minutes'
    """)
