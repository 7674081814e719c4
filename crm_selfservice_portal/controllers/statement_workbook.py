def write_statement(book, statement):
    """Write a statement of account into a workbook.

    :param book: the `xlsxwriter.Workbook`
    :param statement: the `crm.statement`
    """
    ledger = statement._ledger()
    formats = {
        'title': book.add_format({'bold': True}),
        'head': book.add_format({'bold': True, 'bottom': 1}),
        'day': book.add_format({'num_format': 'yyyy-mm-dd'}),
        'money': book.add_format({'num_format': '#,##0.00'}),
        'total': book.add_format({'num_format': '#,##0.00', 'bold': True}),
    }
    _write_entries(book.add_worksheet(statement.env._("Statement")), formats, statement, ledger)
    _write_ageing(book.add_worksheet(statement.env._("Open")), formats, statement, ledger)


def _write_entries(sheet, formats, statement, ledger):
    env = statement.env
    kinds = statement._kind_labels()
    totals = ledger.totals()
    sheet.set_column(0, 0, 12)
    sheet.set_column(1, 3, 24)
    sheet.set_column(4, 6, 14)
    sheet.write(0, 0, statement._title(), formats['title'])
    sheet.write_row(2, 0, [
        env._("Date"), env._("Kind"), env._("Document"), env._("Reference"), env._("Due"),
        env._("Amount"), env._("Balance")], formats['head'])
    sheet.write(2, 7, ledger.currency.name, formats['head'])
    sheet.freeze_panes(3, 0)
    sheet.write_datetime(3, 0, ledger.date_from, formats['day'])
    sheet.write_string(3, 1, env._("Opening balance"))
    sheet.write_number(3, 6, totals.opening, formats['total'])
    row = 4
    for entry in ledger.entries():
        sheet.write_datetime(row, 0, entry.date, formats['day'])
        # What people have written is a text, also when it begins like a formula.
        for column, text in enumerate(
                (kinds[entry.kind], entry.name or '', entry.ref or entry.other_name or ''), 1):
            sheet.write_string(row, column, text)
        if entry.kind == 'bill':
            sheet.write_datetime(row, 4, entry.due, formats['day'])
        sheet.write_number(row, 5, entry.amount, formats['money'])
        sheet.write_number(row, 6, entry.balance, formats['money'])
        row += 1
    sheet.write_datetime(row, 0, ledger.date_to, formats['day'])
    sheet.write_string(row, 1, env._("Closing balance"))
    sheet.write_number(row, 6, totals.closing, formats['total'])


def _write_ageing(sheet, formats, statement, ledger):
    ages = statement.partner_id._age_labels()
    ageing = ledger.ageing()
    sheet.set_column(0, 0, 24)
    sheet.set_column(1, 1, 14)
    for row, age in enumerate(ages):
        sheet.write_string(row, 0, ages[age])
        sheet.write_number(row, 1, ageing[age], formats['money'])
    sheet.write_string(len(ages), 0, statement.env._("Balance"), formats['title'])
    sheet.write_number(len(ages), 1, sum(ageing.values()), formats['total'])
