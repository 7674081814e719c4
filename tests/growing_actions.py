"""What makes something to do for the scheduled actions, in all worlds at once: SQL by their names.

An action of which nothing is said finds enough to do in the worlds as they are. What people set up
by hand, a rule or a process, is one for all worlds.
"""

DUE = {
    'crm_campaigns.ir_cron_run_steps': """
        UPDATE utm_campaign SET state = 'running' WHERE is_template IS NOT TRUE;
        UPDATE crm_campaign_step SET state = 'planned', date_due = now() - interval '1 day'
         WHERE channel = 'call'""",
    'crm_campaigns.ir_cron_note_orders': """
        UPDATE utm_campaign SET state = 'running', attribution = 'utm'
         WHERE is_template IS NOT TRUE;
        UPDATE sale_order SET campaign_id = crm_campaign_member.campaign_id,
               date_order = now() AT TIME ZONE 'UTC'
          FROM crm_campaign_member WHERE crm_campaign_member.partner_id = sale_order.partner_id""",
    'crm_campaigns.ir_cron_propose': """
        UPDATE crm_request SET partner_id = NULL,
               email_normalized = 'stranger' || id || '@example.com'
         WHERE name = 'About complaint'""",
    'crm_campaigns.ir_cron_prospects': "UPDATE crm_prospect_import SET state = 'reading'",
    'crm_campaigns.ir_cron_print_paper': """
        DELETE FROM crm_campaign_paper;
        UPDATE crm_campaign_step SET printing = TRUE WHERE channel = 'letter'""",
    'crm_campaigns.ir_cron_make_offers': """
        UPDATE crm_offer_rule SET is_approved = TRUE, run_on = CASE
               WHEN id > (SELECT min(id) FROM crm_offer_rule) THEN current_date END""",
    'crm_campaigns.ir_cron_grant_incentives': """
        UPDATE crm_incentive_rule SET run_on = CASE
               WHEN id > (SELECT min(id) FROM crm_incentive_rule) THEN current_date END""",
    'crm_order_manager.ir_cron_release_untouched': """
        UPDATE sale_order SET call_user_id = order_manager_id,
               call_held_at = now() AT TIME ZONE 'UTC' - interval '9 days'
         WHERE order_manager_id IS NOT NULL AND call_state != 'done'""",
    'crm_order_manager.ir_cron_update_commissions': """
        UPDATE sale_order SET commission_due = TRUE WHERE state = 'sale'""",
    'crm_order_manager.ir_cron_start_duties': """
        UPDATE sale_order SET duties_checked = FALSE, amount_unpaid = 0,
               date_order = now() AT TIME ZONE 'UTC' WHERE state = 'sale'""",
    'crm_order_manager.ir_cron_follow_absences': """
        UPDATE sale_order SET lender_id = order_manager_id WHERE order_manager_id IS NOT NULL""",
    'crm_process.ir_cron_warn': """
        UPDATE crm_process_task SET date_start = now() AT TIME ZONE 'UTC' - interval '30 days',
               date_deadline = now() AT TIME ZONE 'UTC' - interval '1 day',
               date_warning = now() AT TIME ZONE 'UTC' - interval '1 hour'
         WHERE date_end IS NULL AND res_model = 'sale.order'""",
    'crm_process.ir_cron_schedule': """
        UPDATE crm_process_task SET stale = TRUE WHERE date_end IS NULL""",
    'crm_process.ir_cron_predict': """
        UPDATE crm_process_task SET date_prediction = now() AT TIME ZONE 'UTC' - interval '1 hour'
         WHERE date_end IS NULL""",
    'crm_process.ir_cron_learn': """
        UPDATE crm_process SET date_learnt = CASE WHEN id > (
               SELECT min(id) FROM crm_process WHERE state = 'active')
               THEN now() AT TIME ZONE 'UTC' END""",
    'crm_process.ir_cron_suggest': """
        UPDATE crm_process SET date_examined = CASE WHEN id > (
               SELECT min(id) FROM crm_process WHERE state = 'active')
               THEN now() AT TIME ZONE 'UTC' END""",
    'crm_process.ir_cron_sweep': """
        UPDATE crm_process SET state = 'stopped' WHERE id > (
               SELECT min(id) FROM crm_process WHERE state = 'active' AND model_name = 'crm.lead');
        DELETE FROM crm_process_run WHERE res_model = 'crm.lead'""",
    'crm_sales_facts.ir_cron_check': "UPDATE crm_sales_fact SET amount = amount + 1",
    'crm_selfservice_portal.ir_cron_tell_delays': """
        UPDATE sale_order SET commitment_date = now() AT TIME ZONE 'UTC' + interval '2 hours'
         WHERE state = 'sale'""",
    'crm_selfservice_portal.ir_cron_shared_document': """
        UPDATE crm_shared_document SET state = 'published', date_from = current_date - 1,
               date_to = NULL, mail_pending = TRUE""",
    'crm_selfservice_portal.ir_cron_request_lookup': """
        UPDATE crm_request_lookup SET request_id = NULL""",
    'crm_service_requests.ir_cron_end_silence': """
        UPDATE crm_request_type SET close_days = 10, close_warning_days = 3;
        UPDATE crm_request SET state = 'waiting',
               silent_since = now() AT TIME ZONE 'UTC' - interval '30 days'
         WHERE name = 'About information'""",
    'crm_service_requests.ir_cron_follow_debts': """
        UPDATE crm_debt_level SET automatic = TRUE;
        UPDATE crm_request SET debt_level_id = NULL WHERE state IN ('new', 'open')""",
    'crm_service_requests.ir_cron_route': """
        UPDATE crm_request_routing SET active = FALSE
         WHERE id > (SELECT min(id) FROM crm_request_routing WHERE active);
        UPDATE crm_request_routing SET target = 'role', domain = '[]', channel = NULL, kind = NULL,
               customer_kind = NULL, origin_model = NULL, lang = NULL, managed = NULL, group_id = (
               SELECT res_id FROM ir_model_data
                WHERE module = 'crm_roles' AND name = 'group_service_representative');
        DELETE FROM crm_request_routing_res_partner_category_rel;
        DELETE FROM crm_request_routing_res_country_rel;
        DELETE FROM crm_request_routing_crm_request_type_rel;
        UPDATE crm_request SET user_id = NULL, routed_group_id = NULL, routed_user_id = NULL
         WHERE state = 'new'""",
    'crm_service_requests.ir_cron_run_rules': """
        UPDATE crm_request_rule SET run_unfinished = FALSE, date_run = CASE
               WHEN id > (SELECT min(id) FROM crm_request_rule WHERE active)
               THEN now() AT TIME ZONE 'UTC' END""",
    'crm_service_requests.ir_cron_retry_mail': """
        UPDATE crm_mail_quarantine SET state = 'waiting',
               next_try = now() AT TIME ZONE 'UTC' - interval '1 hour'""",
}
