"""Opens new forms of all models that have fields of the addon, as a client may.

The same text stands in each addon, because each addon installs alone; a check on the
repository keeps the copies equal.
"""

from contextlib import suppress

from odoo.exceptions import RedirectWarning, UserError
from odoo.tools import mute_logger

from ..guards import _TECHNICAL, _is_technical
from .doors import ADDON

ODD = (False, 0, -1, 2**31 - 1, "x", [], {})


class OpenForms:
    """For test classes with ``Doors``."""

    def open_empty_forms(self, env):
        """Open forms with nothing, and with odd values: denied, or without a fault."""
        for model, fields in self._models_with_fields(env):
            for field in fields:
                with self.subTest("alone", field=field):
                    self._open(model, {}, {field.name: {}})
            for field in self._links(model):
                for value in ODD:
                    with self.subTest("odd", field=field, value=value):
                        self._open(model, {field.name: value}, self._form(fields))

    def open_forms_of_others(self, env, company):
        """Open forms that lead to records of a company of others: denied.

        :return: the fields with which it was tried
        """
        tried = set()
        for model, fields in self._models_with_fields(env):
            for field in self._links(model):
                record = self._record_of(field, company)
                is_known = bool(record) and not record.with_env(env).has_access("read")
                if not is_known or _is_technical(field):
                    continue
                tried.add(str(field))
                values = {field.name: record.id}
                with self.subTest("others", field=field), self.assertRaises(UserError):
                    model.onchange(values, [field.name], self._form(fields))
        return tried

    def _models_with_fields(self, env):
        for name in sorted(env.registry):
            model = env[name]
            ours = [x for x in model._fields.values() if ADDON in x._modules]
            fields = [x for x in ours if model._has_field_access(x, "read")]
            if fields and not model._abstract:
                yield model, fields

    def _links(self, model):
        """Return what leads to others: links of the addon, and the company."""
        is_own = model._original_module == ADDON
        has_company = {model._name, *model._inherits} & _TECHNICAL.keys()
        for field in model._fields.values():
            is_company = has_company and field.name == "company_id"
            is_ours = is_own or is_company or ADDON in field._modules
            if is_ours and field.type == "many2one" and field.comodel_name:
                if field.comodel_name != "res.users":
                    yield field

    def _record_of(self, field, company):
        comodel = self.env[field.comodel_name].sudo().with_context(active_test=False)
        if comodel._name == "res.company":
            return company
        if comodel._transient or "company_id" not in comodel._fields:
            return None
        return comodel.search([("company_id", "=", company.id)], limit=1)

    def _form(self, fields):
        return {field.name: {} for field in fields}

    def _open(self, model, values, form):
        with mute_logger("odoo.domains"), suppress(UserError, RedirectWarning):
            model.onchange(values, [*values], form)
        self.env.invalidate_all(flush=False)
