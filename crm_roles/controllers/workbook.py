import io

import xlsxwriter

from odoo.http import content_disposition, request

XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'


def send_workbook(name, write):
    """Return the response with a workbook.

    :param str name: what the file is called, without its ending
    :param write: a function that fills the `xlsxwriter.Workbook` it is given
    """
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {'in_memory': True}) as book:
        write(book)
    return request.make_response(stream.getvalue(), [
        ('Content-Type', XLSX),
        ('Content-Disposition', content_disposition(f'{name}.xlsx')),
    ])
