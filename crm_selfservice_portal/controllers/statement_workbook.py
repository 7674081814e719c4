from odoo.addons.crm_roles.controllers.workbook import Column, Sheet


def write_statement(book, statement):
    """Write a statement of account into a workbook.

    :param book: the `xlsxwriter.Workbook`
    :param statement: the `crm.statement`
    """
    ledger = statement._ledger()
    _write_entries(book, statement, ledger)
    _write_ageing(book, statement, ledger)


def _write_entries(book, statement, ledger):
    env = statement.env
    kinds = statement._kind_labels()
    totals = ledger.totals()
    sheet = Sheet(book, env._("Statement"), [
        Column(env._("Date"), 'day', 12), Column(env._("Kind"), width=24),
        Column(env._("Document"), width=24), Column(env._("Reference"), width=24),
        Column(env._("Due"), 'day', 14), Column(env._("Amount"), 'money', 14),
        Column(env._("Balance"), 'money', 14), Column(ledger.currency.name)])
    sheet.title(statement._title())
    sheet.heads()
    sheet.row(
        [ledger.date_from, env._("Opening balance"), *[''] * 4, totals.opening], 'bold')
    for entry in ledger.entries():
        sheet.row([
            entry.date, kinds[entry.kind], entry.name, entry.ref or entry.other_name,
            entry.due if entry.kind == 'bill' else None, entry.amount, entry.balance])
    sheet.row(
        [ledger.date_to, env._("Closing balance"), *[''] * 4, totals.closing], 'total')


def _write_ageing(book, statement, ledger):
    env = statement.env
    ages = statement.partner_id._age_labels()
    ageing = ledger.ageing()
    sheet = Sheet(book, env._("Open"), [
        Column('', width=24), Column('', 'money', 14)])
    for age, label in ages.items():
        sheet.row([label, ageing[age]])
    sheet.row([env._("Balance"), sum(ageing.values())], 'total')
