from .domain_text import Text, words


class ModelText(Text):
    """Says domains of a model with the labels of its fields, in the language of the user.

    :param env: the environment of who reads it
    :param str model_name: the model that the domains are of
    """

    def __init__(self, env, model_name):
        self.env = env
        self.model_name = model_name
        super().__init__(
            lambda path: self._path_label(model_name, path),
            self._selection_label,
            lambda path: self._path_label('res.users', path),
            words(env),
        )

    def _path_label(self, model_name, path):
        """Return the labels of the fields along a dotted path."""
        labels = self.env['ir.model.fields'].get_field_string
        return " > ".join(
            labels(field.model_name).get(field.name) or field.name
            for field in self._fields_along(model_name, path))

    def _selection_label(self, path, value):
        """Return how a value of the field at the end of a dotted path is shown."""
        fields = self._fields_along(self.model_name, path)
        if not fields:
            return None
        if fields[-1].type == 'selection':
            return dict(fields[-1]._description_selection(self.env)).get(value)
        if fields[-1].type == 'boolean':
            return self.env._("yes") if value else self.env._("no")
        return None

    def _fields_along(self, model_name, path):
        """Return the fields of a dotted path, none when it is no path of fields."""
        fields = []
        for name in path.split('.'):
            field = model_name and self.env[model_name]._fields.get(name)
            if not field:
                return []
            fields.append(field)
            model_name = field.comodel_name if field.relational else None
        return fields
