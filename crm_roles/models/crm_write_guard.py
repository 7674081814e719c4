from odoo import api, models


class CrmWriteGuard(models.AbstractModel):
    """Let some roles write a document without letting them write all of its fields."""

    _name = 'crm.write.guard'
    _description = "Fields a Role May Write"

    @api.model
    def _field_writers(self, name):
        """Tell which groups may write a field of this model.

        :param str name: name of the field
        :return: a group specification as in the ``groups`` of a field, empty for everybody who
            may write the document
        :rtype: str
        """
        return ''

    @api.model
    def _may_write_field(self, name):
        """Tell whether the current user may write a field of this model.

        :param str name: name of the field
        :rtype: bool
        """
        writers = self._field_writers(name)
        return not writers or self.env.user.has_groups(writers)

    def _has_field_access(self, field, operation):
        return super()._has_field_access(field, operation) and (
            operation == 'read' or self.env.su or self._may_write_field(field.name))

    @api.model
    def _get_view_cache_key(self, view_id=None, view_type='form', **options):
        key = super()._get_view_cache_key(view_id, view_type, **options)
        return (*key, frozenset(self.env.user._get_group_ids()))

    @api.model
    def _get_view(self, view_id=None, view_type='form', **options):
        arch, view = super()._get_view(view_id, view_type, **options)
        for node in arch.xpath('//field[@name][not(ancestor::field)]'):
            if not self.env.su and not self._may_write_field(node.get('name')):
                node.set('readonly', '1')
        return arch, view
