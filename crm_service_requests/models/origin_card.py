"""What is essential of the documents that requests are about, for each kind of document."""

from collections.abc import Callable
from typing import NamedTuple


def nothing(document):
    return False


def share(part, whole):
    """Return a part in percent of the whole, without decimals.

    >>> share(2.0, 3.0)
    67
    >>> share(1.0, 0.0)
    0
    """
    return round(100 * part / whole) if whole else 0


def label_of(document, name):
    """Return the label of the value of a selection field."""
    return dict(document._fields[name]._description_selection(document.env))[document[name]]


def model_label(document):
    return document.env['ir.model']._get(document._name).name


def bill_kind(bill):
    return label_of(bill, 'move_type')


def state_label(document):
    return label_of(document, 'state')


def bill_state(bill):
    """Return the state of a bill, and of its payment once it is posted."""
    if bill.state != 'posted':
        return state_label(bill)
    return f'{state_label(bill)}, {label_of(bill, "payment_state")}'


def order_open(order):
    """Return what is still to be paid of an order, whether it was billed or not."""
    if order.state == 'cancel':
        return 0.0
    # sudo: account.move - who sees the order may know what is open of it
    bills_sudo = order.sudo().invoice_ids.filtered(
        lambda bill: bill.state == 'posted' and bill.currency_id == order.currency_id)
    return order.amount_to_invoice + sum(
        bill.amount_residual if bill.move_type == 'out_invoice' else -bill.amount_residual
        for bill in bills_sudo)


def order_progress(order):
    """Return how much of an order is delivered and billed."""
    lines = order.order_line.filtered(lambda line: not line.display_type)
    ordered = sum(lines.mapped('product_uom_qty'))
    return order.state == 'sale' and order.env._(
        "%(delivered)s %% delivered, %(billed)s %% billed",
        delivered=share(sum(lines.mapped('qty_delivered')), ordered),
        billed=share(sum(lines.mapped('qty_invoiced')), ordered))


def purchase_progress(order):
    """Return how much of a purchase order is received and billed."""
    lines = order.order_line.filtered(lambda line: not line.display_type)
    ordered = sum(lines.mapped('product_qty'))
    return order.state in ('purchase', 'done') and order.env._(
        "%(received)s %% received, %(billed)s %% billed",
        received=share(sum(lines.mapped('qty_received')), ordered),
        billed=share(sum(lines.mapped('qty_invoiced')), ordered))


def transfer_progress(transfer):
    """Return how much of a transfer is there, or was moved."""
    moves = transfer.move_ids.filtered(lambda move: move.state != 'cancel')
    return transfer.env._("%(share)s %% at hand or moved", share=share(
        sum(moves.mapped('quantity')), sum(moves.mapped('product_uom_qty'))))


def payment_progress(payment):
    """Return whether a payment was put to bills."""
    if payment.is_reconciled:
        return payment.env._("Put to bills")
    return payment.env._("Not put to bills yet")


class Essentials(NamedTuple):
    """Where the essentials of a kind of document are found."""

    date: str
    amount: str = ''
    open_amount: Callable = nothing
    kind: Callable = model_label
    state: Callable = state_label
    progress: Callable = nothing


ESSENTIALS = {
    'sale.order': Essentials(
        'date_order', 'amount_total', open_amount=order_open, progress=order_progress),
    'purchase.order': Essentials('date_order', 'amount_total', progress=purchase_progress),
    'stock.picking': Essentials('scheduled_date', progress=transfer_progress),
    'account.move': Essentials(
        'date', 'amount_total', open_amount=lambda bill: bill.amount_residual, kind=bill_kind,
        state=bill_state),
    'account.payment': Essentials('date', 'amount', progress=payment_progress),
}


def is_of_supplier(document):
    """Return whether a document is a supplier's, who is not the one who asks."""
    return document._name == 'purchase.order' or (
        document._name == 'account.move' and document.is_purchase_document(True)) or (
        document._name == 'stock.picking' and document.picking_type_code == 'incoming')
