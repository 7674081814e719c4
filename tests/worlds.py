"""One small world of records, and as many more like it as a test asks for.

What was made since a moment is a world: its rows are found by their ids. Each table is filled by
one statement with the same rows again, once per world, in which every relation leads to the row of
the same world; so nothing that a method loops over is the same record twice. What was there before
is shared by all worlds.
"""

import re

from odoo.tools import SQL

# Odoo's own machinery, and what there is one of.
SHARED = re.compile(
    r'ir_(?!attachment$).*|bus_.*|res_company|res_lang|res_currency.*|mail_alias_domain'
    r'|discuss_.*|res_users_log|mail_(compose|resend|template|activity_schedule).*')
# What must differ from world to world, besides what is unique.
ADDRESSES = re.compile(r'email(_\w+)?')
NUMBERS = re.compile(r'(\w+_)?phone(_sanitized)?')


class Worlds:
    """The world that is made from now on, and its copies."""

    def __init__(self, env):
        env.flush_all()
        self.env = env
        self.count = 1
        self.tables = {
            model._table: name for name, model in env.registry.items()
            if model._auto and not model._abstract and not SHARED.fullmatch(model._table)}
        self.first = self._last()
        self.size = {}

    def _last(self):
        """Return the last id that was given to a row of each table."""
        given = dict(self.env.execute_query(SQL(
            "SELECT sequencename, coalesce(last_value, 0) FROM pg_sequences"
            " WHERE schemaname = current_schema")))
        return {
            table: given[f'{table}_id_seq'] for table in self.tables
            if f'{table}_id_seq' in given}

    def grow(self, count, shared=()):
        """Have so many worlds.

        :param int count: with the first one
        :param shared: tables of which the worlds that are added have no rows of their own; theirs
            are those of the first one
        """
        self.env.flush_all()
        if not self.size:
            self.size = {
                table: last - self.first[table] for table, last in self._last().items()
                if last > self.first[table]}
            self._defer_keys()
        size = self.size
        self.size = {table: rows for table, rows in size.items() if table not in shared}
        self._copy(SQL("generate_series(%s, %s) AS world", self.count, count - 1))
        self.size, self.count = size, count
        self.env.invalidate_all()

    def _copy(self, made):
        """Fill the tables with the worlds of a series."""
        self.env.cr.execute("SET CONSTRAINTS ALL DEFERRED")
        for table in self.size:
            self._copy_rows(table, made)
        for relation in self._relations():
            self._copy_relation(*relation, made)
        # That every relation leads somewhere is checked here.
        self.env.cr.execute("SET CONSTRAINTS ALL IMMEDIATE")
        self.env.cr.execute(SQL("ANALYZE %s", SQL(', ').join(map(SQL.identifier, self.size))))

    def _defer_keys(self):
        """Let the foreign keys of the tables be checked when all rows are there."""
        keys = self.env.execute_query(SQL(
            """ SELECT conrelid::regclass::text, conname FROM pg_constraint
                 WHERE contype = 'f' AND NOT condeferrable AND conrelid IN (
                       SELECT oid FROM pg_class WHERE relname = ANY (%s)) """, list(self.size)))
        self.env.cr.execute(SQL('; ').join(
            SQL("ALTER TABLE %s ALTER CONSTRAINT %s DEFERRABLE", SQL.identifier(table),
                SQL.identifier(name)) for table, name in keys))

    def ids(self, model, count):
        """Return the ids of the records of a model in the first worlds."""
        table = self.env[model]._table
        if table not in self.size:
            return []
        return [row[0] for row in self.env.execute_query(SQL(
            "SELECT id FROM %s WHERE id > %s AND id <= %s ORDER BY id", SQL.identifier(table),
            self.first[table], self.first[table] + count * self.size[table]))]

    def _copy_rows(self, table, made):
        unique = self._unique(table)
        model = self.env[self.tables[table]]
        columns = {'id': self._moved(SQL.identifier('id'), table)}
        for name, field in model._fields.items():
            if field.store and field.column_type and name != 'id':
                columns[name] = self._value(model, field, unique)
        self.env.execute_query(SQL(
            "INSERT INTO %s (%s) SELECT %s FROM %s, %s WHERE id > %s AND id <= %s RETURNING 0",
            SQL.identifier(table), SQL(', ').join(map(SQL.identifier, columns)),
            SQL(', ').join(columns.values()), SQL.identifier(table), made, self.first[table],
            self.first[table] + self.size[table]))
        self.env.execute_query(SQL(
            "SELECT setval(%s, (SELECT max(id) FROM %s))", f'{table}_id_seq',
            SQL.identifier(table)))

    def _unique(self, table):
        """Return the columns that must differ, since an index does not allow them twice.

        One that holds a relation into the world does so by itself.
        """
        fields = self.env[self.tables[table]]._fields
        found = set()
        for definition, in self.env.execute_query(SQL(
                """ SELECT pg_get_indexdef(indexrelid) FROM pg_index
                     WHERE indrelid = %s::regclass AND indisunique AND NOT indisprimary """,
                table)):
            names = set(re.findall(r'\w+', definition.split('(', 1)[1].split(' WHERE ')[0]))
            names &= fields.keys()
            if not any(
                    fields[name].type in ('many2one', 'many2one_reference') and (
                        fields[name].type != 'many2one'
                        or self.env[fields[name].comodel_name]._table in self.size)
                    for name in names):
                found |= names
        return found

    def _value(self, model, field, unique):
        """Return what a column holds in another world."""
        column = SQL.identifier(field.name)
        if field.type == 'many2one' and field.column_type[0] == 'int4':
            return self._moved(column, self.env[field.comodel_name]._table)
        if field.type == 'many2one_reference':
            return self._referred(column, SQL.identifier(field.model_field))
        if field.type == 'reference':
            return SQL("CASE WHEN %s IS NOT NULL THEN split_part(%s, ',', 1) || ',' || %s END",
                       column, column, self._referred(
                           SQL("split_part(%s, ',', 2)::int", column),
                           SQL("split_part(%s, ',', 1)", column)))
        if field.type in ('char', 'text') and not field.translate:
            if ADDRESSES.fullmatch(field.name):
                return SQL("replace(%s, '@', '.' || world || '@')", column)
            if field.name in unique or NUMBERS.fullmatch(field.name):
                return SQL("%s || lpad(world::text, 3, '0')", column)
        if field.name in unique and field.type in ('integer', 'date'):
            return SQL("%s + world", column)
        if field.translate and field.name in unique:
            return SQL("(SELECT jsonb_object_agg(key, value || ' ' || world)"
                       " FROM jsonb_each_text(%s))", column)
        return column

    def _moved(self, column, table):
        """Return the id of the same row in another world."""
        if table not in self.size:
            return column
        return SQL("CASE WHEN %s > %s THEN %s + world * %s ELSE %s END", column,
                   self.first[table], column, self.size[table], column)

    def _referred(self, column, model):
        """Return the id of the same row in another world, of a table that a column names."""
        cases = [
            SQL("WHEN %s THEN %s", self.tables[table], self._moved(column, table))
            for table in self.size]
        return SQL("CASE %s %s ELSE %s END", model, SQL(' ').join(cases), column)

    def _relations(self):
        """Return the tables of many2many fields with rows of the world."""
        models = {model._table for model in self.env.registry.values()}
        return {
            (field.relation, field.column1, field.column2, model._table,
             self.env[field.comodel_name]._table)
            for model in self.env.registry.values() if not model._abstract
            for field in model._fields.values()
            if field.type == 'many2many' and field.store and field.relation
            and field.relation not in models
            and {model._table, self.env[field.comodel_name]._table} & self.size.keys()}

    def _copy_relation(self, relation, column1, column2, table1, table2, made):
        ends = ((column1, table1), (column2, table2))
        inside = SQL(' OR ').join(
            SQL("%s > %s AND %s <= %s", SQL.identifier(column), self.first[table],
                SQL.identifier(column), self.first[table] + self.size[table])
            for column, table in ends if table in self.size)
        self.env.execute_query(SQL(
            "INSERT INTO %s (%s, %s) SELECT %s, %s FROM %s, %s WHERE %s"
            " ON CONFLICT DO NOTHING RETURNING 0", SQL.identifier(relation),
            SQL.identifier(column1), SQL.identifier(column2),
            *(self._moved(SQL.identifier(column), table) for column, table in ends),
            SQL.identifier(relation), made, inside))
