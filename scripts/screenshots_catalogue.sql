-- A campaign over four thousand customers, four in ten of them left alone, for one picture.
-- Who has not ordered for 120 days orders more when he gets the catalogue. Of the others, who got
-- four mailings or more before orders less.
SELECT setseed(0.19);

CREATE TEMP TABLE catalogue ON COMMIT DROP AS
SELECT nextval('utm_campaign_id_seq') AS campaign_id, current_date - 60 AS start,
       id AS company_id, currency_id
FROM res_company ORDER BY id LIMIT 1;
INSERT INTO utm_campaign (
    id, name, title, user_id, stage_id, company_id, state, attribution, window_days,
    control_percent, active, date_start, date_end)
SELECT campaign_id, 'Spring catalogue', '{"en_US": "Spring catalogue"}', (
           SELECT id FROM res_users WHERE login = 'marketing'), (
           SELECT min(id) FROM utm_stage),
       company_id, 'done', 'window', 45, 40, TRUE, start, start + 45
FROM catalogue;
INSERT INTO ir_model_data (module, name, model, res_id, noupdate)
SELECT '__screenshots__', 'campaign_catalogue', 'utm.campaign', campaign_id, TRUE FROM catalogue;

CREATE TEMP TABLE reader ON COMMIT DROP AS
SELECT nextval('res_partner_id_seq') AS id, number, random() < 0.4 AS alone,
       5 + floor(400 * random()) AS days, floor(7 * random()) AS touches,
       1 + floor(5 * random() ^ 2) AS orders, random() AS mood
FROM generate_series(1, 4000) AS number;
INSERT INTO res_partner (
    id, name, complete_name, autopost_bills, active, is_company, partner_share,
    commercial_partner_id)
SELECT id, 'Reader ' || number, 'Reader ' || number, 'ask', TRUE, TRUE, TRUE, id FROM reader;
INSERT INTO crm_campaign_member (campaign_id, company_id, partner_id, state, stratum)
SELECT campaign_id, company_id, id, CASE WHEN alone THEN 'control' ELSE 'contacted' END, 1
FROM reader, catalogue;
INSERT INTO crm_campaign_touch (partner_id, company_id, name, channel, state, date)
SELECT id, company_id, 'Newsletter', 'mail', 'done', start - 30 * past
FROM reader, catalogue, generate_series(1, 6) AS past
WHERE past <= touches;

INSERT INTO sale_order (
    company_id, currency_id, currency_rate, partner_id, partner_invoice_id, partner_shipping_id,
    name, picking_policy, state, date_order, amount_untaxed)
SELECT company_id, currency_id, 1, id, id, id, 'W' || id || '-' || past, 'direct', 'sale',
       start - (days + 45 * past)::int, round((40 + 80 * random())::numeric, 2)
FROM reader, catalogue, generate_series(0, 4) AS past
WHERE past < orders
UNION ALL
SELECT company_id, currency_id, 1, id, id, id, 'W' || id, 'direct', 'sale',
       start + 3 + (id % 30)::int, round((40 + 80 * random())::numeric, 2)
FROM reader, catalogue
WHERE mood < CASE
    WHEN days >= 120 THEN CASE WHEN alone THEN 0.15 ELSE 0.45 END
    WHEN touches >= 4 AND NOT alone THEN 0.2
    ELSE 0.62 END;
