"""Writes odd values into every column of an addon, and reads every field then.

No read raises, neither does the page for administrators, and no markup becomes live in
a field that shows HTML.

The same text stands in each addon, because each addon installs alone; a check on the
repository keeps the copies equal.
"""

from odoo.tools import mute_logger
from psycopg2 import DataError, IntegrityError
from psycopg2.extras import Json

from ..overview import overview_rows
from .doors import ADDON

LONG = "9" * 400
LIVE = '<img src="x" onerror="a()">'
ODD_SOURCES = ('{"x": [', '{"problem": {}, "doubts": 5}', '{"text": [], "moved": "x"}')
ODD_TEXTS = ("", f"{LIVE}&", LONG, *ODD_SOURCES, "2026-13-45 \u202e\u2028")
ODD_JSON = (5, [[LIVE] * 4], [], ["x"], [[None]], [{}], {"x": 1}, {"x": {"y": [0]}})
ODD_ROW = {"code": LIVE, "level": [], "values": "x", "kind": {}}
ODD = {
    "char": ODD_TEXTS,
    "text": ODD_TEXTS,
    "html": ODD_TEXTS,
    "selection": ("odd",),
    "json": [*map(Json, (*ODD_JSON, [ODD_ROW]))],
    "date": ("0001-01-01", "9999-12-31"),
    "datetime": ("0001-01-01 00:00:00", "9999-12-31 23:59:59"),
    "integer": (-1, 2**31 - 1),
}


class OddValues:
    """For test classes: a walk over columns."""

    def columns(self):
        """Yield model and field for each column of the addon that may be odd."""
        for name in sorted(self.env.registry):
            model = self.env[name]
            if model._abstract or not model._auto:
                continue
            for field in model._fields.values():
                is_column = field.store and field.column_type and field.type in ODD
                if is_column and ADDON in field._modules and not field.translate:
                    yield name, field

    def spoil(self, records):
        """Write each odd value into each column, and read all that may depend on it.

        :param records: model -> a record
        :return: names of the models of which there is no record, without dialogs
        """
        missing = set()
        self.env.flush_all()
        for model, field in self.columns():
            record = records.get(model)
            if not record:
                record = self.env[model].sudo().search([], limit=1)
            if not record:
                missing |= set() if self.env[model]._transient else {model}
                continue
            readers = self._readers(field, {**records, model: record[:1]})
            for value in ODD[field.type]:
                with self.subTest(model=model, field=field.name, value=value):
                    self._spoil_column(record[:1], field, value, readers)
        return missing

    def _readers(self, field, records):
        """Return records, each with the names of its fields that depend on the field.

        The names of the field's own record are those of all fields of the addon.
        """
        own = records[field.model_name]
        ours = {name for name, x in own._fields.items() if ADDON in x._modules}
        names = {field.model_name: {field.name, "display_name", *ours}}
        for other in self.env.registry.get_dependent_fields(field):
            if other.model_name in records:
                names.setdefault(other.model_name, set()).add(other.name)
        return [(records[model][:1], [*shown]) for model, shown in names.items()]

    def _spoil_column(self, record, field, value, readers):
        query = f'UPDATE "{record._table}" SET "{field.name}" = %s WHERE id = %s'
        savepoint = self.env.cr.savepoint(flush=False)
        try:
            with mute_logger("odoo.sql_db"):
                self.env.cr.execute(query, [value, record.id])
        except (DataError, IntegrityError):  # the database does not let it in
            return
        else:
            for reader, names in readers:
                self.env.invalidate_all(flush=False)
                [row] = reader.sudo().with_context(bin_size=True).read(names)
                for name in names:
                    if reader._fields[name].type == "html":
                        self.assertNotIn("<img", row[name] or "")
            if not record._transient and record._original_module == ADDON:
                overview_rows(self.env(su=True))
        finally:
            self.env.invalidate_all(flush=False)
            savepoint.close(rollback=True)
