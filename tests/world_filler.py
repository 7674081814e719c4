"""A record of each model that a story tells nothing of: what it requires, related to the story."""

from datetime import timedelta

from odoo.fields import Command
from odoo.models import MAGIC_COLUMNS

FILE = 'TmFtZSxFbWFpbApRdWlubixxdWlubkBleGFtcGxlLmNvbQo='


def special(story):
    """Return what nobody could guess that a record needs, by model."""
    return {
        'crm.audience.criterion': {
            'measure': 'count', 'source': 'order', 'operator': '>=', 'value': 1},
        'crm.campaign.group': {'limits': [['last_order', 'from', 90]]},
        'crm.debt.level': {'days': 4000},
        'crm.label.sheet': {
            'label_width': 60, 'label_height': 30, 'pitch_x': 60, 'pitch_y': 30},
        'crm.letter.preview': {'partner_id': story.customer.id},
        'crm.partner.relation': {'other_id': story.other.id},
        'crm.payment.choice': {'transaction_id': story.transaction.id, 'move_id': False},
        'crm.payment.promise': {
            'request_id': story.debt.id, 'date': story.today + timedelta(days=5)},
        'crm.process': {'model_name': 'crm.lead', 'start_domain': '[]', 'end_domain': '[]'},
        'crm.process.level': {'channel': 'activity'},
        'crm.process.step': {'norm_hours': 8},
        'crm.request.merge': {'request_ids': [Command.set(story.requests[:3].ids)]},
        'crm.request.rule': {'days': 30},
        'crm.request.type': {'code': 'GRW', 'name': "Growth"},
    }


class Filler:
    """Makes a record of each of our models that a story has none of."""

    def __init__(self, story, worlds, models):
        self.env, self.story, self.worlds = story.env, story, worlds
        self.models, self.failed, self.special = models, {}, special(story)
        self.usual = {
            record._name: record[:1] for record in (
                story.env.company, story.customer, story.manager, story.billed, story.bill,
                story.product)}
        for model in models:
            if not self._found(model):
                self._make(model)

    def _found(self, model):
        """Return the first record of the world."""
        first = self.worlds.first.get(self.env[model]._table)
        return first is not None and self.env[model].with_context(active_test=False).search(
            [('id', '>', first)], order='id', limit=1)

    def _make(self, model):
        fields_ = self.env[model]._fields.values()
        wanted = [field for field in fields_ if self._is_ours(field)]
        required = [field for field in wanted if field.required]
        for some in (wanted, required):
            try:
                with self.env.cr.savepoint():
                    record = self.env[model].create(self._values(model, some))
                    self.env.flush_all()
                    return record
            except Exception as error:  # noqa: BLE001
                self.env.invalidate_all()
                self.failed[model] = error
        return None

    def _is_ours(self, field):
        return (
            field.store and not field.related and field.name not in MAGIC_COLUMNS
            and (not field.compute or not field.readonly and field.required)
            and field.type != 'one2many')

    def _values(self, model, wanted):
        defaults = self.env[model].default_get([field.name for field in wanted])
        values = {
            field.name: value for field in wanted if field.name not in defaults
            and (value := self._value(model, field)) is not None}
        return {**values, **self.special.get(model, {})}

    def _related(self, field):
        model = field.comodel_name
        if model in self.usual:
            return self.usual[model]
        record = self._found(model)
        if not record and field.required:
            record = self._make(model) if model in self.models else self.env[model].search(
                [], order='id', limit=1)
        return record

    def _value(self, model, field):
        if field.relational:
            if field.comodel_name == model or field.comodel_name.startswith('ir.'):
                return None
            record = self._related(field)
            if not record:
                return None
            return record.id if field.type == 'many2one' else [Command.set(record.ids)]
        if field.name in ('res_model', 'res_id'):
            return {'res_model': 'sale.order', 'res_id': self.story.order.id}[field.name]
        if not field.required:
            return None
        match field.type:
            case 'selection':
                return field.get_values(self.env)[0]
            case 'date':
                return self.story.today
            case 'datetime':
                return self.story.now
            case 'integer' | 'float' | 'monetary':
                return 1
            case 'binary':
                return FILE
            case _:
                return f'growth {model}'
