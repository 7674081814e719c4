"""Products and customers, of very different size, and their contacts."""

from bulk import Clone

LOTS = [
    """
    CREATE TABLE bench.customer AS
    SELECT c, %(partner)s + c AS id,
           CASE WHEN bench.lot(c, 1) < 0.4
                THEN %(person)s + floor(%(people)s * bench.lot(c, 2))::int END AS manager_id
    FROM generate_series(1, %(companies)s) AS c
    """,
]
COMPUTED = {
    'res.partner': [
        'commercial_partner_id', 'complete_name', 'email_normalized', 'phone_sanitized',
        'commercial_company_name', 'partner_share', 'call_tz', 'family_id',
    ],
}
TABLES = {
    'product_template': [Clone(
        'product_template', 'template', "generate_series(1, %(products)s) AS p", {
            'id': "%(first_template)s + p", 'list_price': "2 * ceil(500 * bench.lot(p, 23))",
            'name': "jsonb_build_object('en_US', 'Product ' || p)"})],
    'product_product': [Clone(
        'product_product', 'product', "generate_series(1, %(products)s) AS p", {
            'id': "%(variant)s + p", 'product_tmpl_id': "%(first_template)s + p",
            'standard_price': "jsonb_build_object('1', round((2 * ceil(500 * bench.lot(p, 23))"
                              " * (0.5 + 0.6 * bench.lot(p, 24)))::numeric, 2))",
            'combination_indices': "''"})],
    'product_taxes_rel': ["""
        INSERT INTO product_taxes_rel (prod_id, tax_id)
        SELECT %(first_template)s + p, %(tax)s FROM generate_series(1, %(products)s) AS p
        """],
    'res_partner': [
        Clone('res_partner', 'company', "bench.customer", {
            'id': "customer.id", 'commercial_partner_id': "customer.id",
            'family_id': "customer.id", 'name': "'Customer ' || c",
            'complete_name': "'Customer ' || c", 'commercial_company_name': "'Customer ' || c",
            'email': "'customer' || c || '@customer.example'",
            'email_normalized': "'customer' || c || '@customer.example'",
            'phone': "'+1212' || 2000000 + c", 'phone_sanitized': "'+1212' || 2000000 + c",
            'personal_manager_id': "manager_id", 'customer_rank': "1"}),
        Clone('res_partner', 'contact', "bench.customer WHERE c <= %(contacts)s", {
            'id': "%(partner)s + %(companies)s + c", 'commercial_partner_id': "customer.id",
            'family_id': "customer.id",
            'parent_id': "customer.id", 'name': "'Contact ' || c",
            'complete_name': "'Customer ' || c || ', Contact ' || c",
            'commercial_company_name': "'Customer ' || c",
            'email': "'contact' || c || '@customer.example'",
            'email_normalized': "'contact' || c || '@customer.example'",
            'phone': "'+1212' || 4000000 + c", 'phone_sanitized': "'+1212' || 4000000 + c",
            'personal_manager_id': "manager_id"})],
}
