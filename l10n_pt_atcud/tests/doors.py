"""Tries every technical field, and every public method, of an addon's models.

The same text stands in each addon, because each addon installs alone; a check on the
repository keeps the copies equal.
"""

from contextlib import suppress
from inspect import isfunction, signature

from odoo import SUPERUSER_ID, Command, models
from odoo.exceptions import AccessError, RedirectWarning, UserError
from odoo.service.model import call_kw
from odoo.tests import new_test_user
from odoo.tools import mute_logger

ADDON = __package__.split(".")[2]
ACCOUNTANT = "account.group_account_manager,account.group_account_user"
# What a client may send instead of the value that a method expects
HOSTILE = (None, False, 0, -1, "x", "<b>", 10**40, {}, {"x": []}, [], ["x"], [[None]])
BOUND = {"company_id", "company_ids"}  # fields of what belongs to companies
HOSTILE_IDS = ([], [0], [2**31 - 1], [10**15], ["x"], [None], {}, "x")


class Doors:
    """For test classes: a walk, and users who have no rights on the test's company."""

    def strangers(self):
        """Return a plain user, a portal user, and an accountant of another company."""
        env = self.env(user=SUPERUSER_ID, context={"no_reset_password": True})
        other = env["res.company"].create({"name": "Another company"})
        users = {
            "plain": new_test_user(env, "plain", "base.group_user"),
            "portal": new_test_user(env, "portal", "base.group_portal"),
            "foreign": new_test_user(
                env,
                "foreign",
                ACCOUNTANT,
                company_id=other.id,
                company_ids=[Command.set(other.ids)],
            ),
        }
        return {name: self.env(user=user, context={}) for name, user in users.items()}

    # === FIELDS === #

    def technical_fields(self):
        """Yield model and field for each technical field, also inherited, of the addon.

        A model inherits fields from the models to which it delegates.
        """
        for name in sorted(self.env.registry):
            for origin in (name, *self.env[name]._inherits):
                for part in type(self.env[origin]).mro():
                    if getattr(part, "_module", None) == ADDON:
                        for field in sorted(vars(part).get("_technical_fields", ())):
                            yield name, self.env[name]._fields[field]

    def forge(self, env, records):
        """Try to give each technical field a value, in every way of a client.

        :param records: model -> a record, for the models that somebody may write
        """
        for model, field in self.technical_fields():
            name, record = field.name, records.get(model, self.env[model])
            value = self._other_value(record, field)
            attempts = {
                "write": lambda r, x, n=name: r.with_env(env).write({n: x}),
                "create": lambda r, x, n=name: r.with_env(env).create([{n: x}]),
                "copy": lambda r, x, n=name: r.with_env(env).copy({n: x}),
            }
            for way, attempt in attempts.items():
                is_default = way != "write" and not value
                if is_default or (not record and way != "create"):
                    continue
                with self.subTest(way, model=model, field=name):
                    with self.assertRaises(UserError), self.env.cr.savepoint():
                        attempt(record, value)
            if value:
                with self.subTest("default", model=model, field=name):
                    self._forge_defaults(env, model, field, value)
            if env[model].has_access("create"):
                with self.subTest("form", model=model, field=name):
                    self._forge_form(env, model, name, value)
        self._forge_lines(env, records)

    def _forge_defaults(self, env, model, field, value):
        context = {f"default_{field.name}": value}
        for some in (env[model], env[model].sudo()):
            found = some.with_context(**context).default_get([field.name])
            self.assertNotEqual(found.get(field.name), value)
        if not field.relational and field.type != "json":
            with self.env.cr.savepoint() as savepoint:
                defaults = self.env(user=SUPERUSER_ID)["ir.default"]
                defaults.set(model, field.name, value)
                found = env[model].default_get([field.name])
                self.assertNotEqual(found.get(field.name), value)
                savepoint.rollback()

    def _forge_form(self, env, model, name, value):
        """Fill in a form that is not saved: it must show what any new form shows."""
        form = self.shown(env, model)
        filled, empty = (
            env[model].onchange({name: x}, [name], form) for x in (value, False)
        )
        self.assertEqual(filled, empty)

    def _forge_lines(self, env, records):
        """Fill in lines of forms, lines by default, and the document of a line."""
        technical = {}
        for model, field in self.technical_fields():
            record = records.get(model, self.env[model])
            if env.su or env[model]._has_field_access(field, "read"):
                value = self._other_value(record, field)
                technical.setdefault(model, {})[field.name] = value
        for field, inverse in self._fields_of_lines(env, technical):
            name, values = field.name, technical[field.comodel_name]
            line = {"fields": self.shown(env, field.comodel_name)}
            document = {"fields": self.shown(env, field.model_name)}
            parents, lines = env[field.model_name], env[field.comodel_name]
            with self.subTest("lines", field=field):
                filled, empty = (
                    self._fresh(parents, {name: [[0, "x", x]]}, {name: line})
                    for x in (values, {})
                )
                self.assertEqual(filled, empty)
                context = {f"default_{name}": [[0, "x", values]], "active_model": "x"}
                with suppress(AccessError):  # lines with secrets are denied by Odoo
                    found = parents.with_context(**context).default_get([name])
                    given = [x[2] for x in found.get(name, ()) if x[0] == 0]
                    self.assertFalse(values.keys() & {key for x in given for key in x})
            if inverse and field.model_name in technical and lines.has_access("create"):
                with self.subTest("document", field=field):
                    filled, empty = (
                        self._fresh(lines, {inverse: x}, {inverse: document})
                        for x in (technical[field.model_name], {})
                    )
                    self.assertEqual(filled, empty)

    def _fresh(self, model, values, form):
        """Return a new form; lines of earlier forms have the same name in the cache.

        Counts of an unsaved record may search for it: a warning of Odoo, without harm.
        """
        self.env.invalidate_all()
        with mute_logger("odoo.domains"):
            return model.onchange(values, [], form)

    def _fields_of_lines(self, env, technical):
        """Yield each field with lines that have technical fields, and its inverse."""
        for name in sorted(env.registry):
            model = env[name]
            if model._abstract or not model.has_access("create"):
                continue
            for field in model._fields.values():
                is_ours = field.name not in technical.get(name, ())
                if field.type in ("one2many", "many2many") and is_ours:
                    if field.comodel_name in technical and not field.inherited:
                        yield field, getattr(field, "inverse_name", None)

    def peek(self, env, move):
        """Refer in forms to a document that the user may not read: denied."""
        for model, name, values in (
            ("account.bank.statement.line", "move_id", {"move_id": move.id}),
            ("account.move.line", "move_id", {"move_id": {"id": move.id}}),
            ("account.move.line", "move_id", {"move_id": {"id": float(move.id)}}),
            ("res.partner", "invoice_ids", {"invoice_ids": [[4, move.id]]}),
            ("res.partner", "invoice_ids", {"invoice_ids": [[1, move.id, {}]]}),
            ("res.partner", "invoice_ids", {"invoice_ids": [[6, 0, [move.id]]]}),
            ("res.partner", "invoice_ids", {"invoice_ids": [move.id]}),
        ):
            form = self.shown(env, model)
            if model != "account.bank.statement.line":
                form = {name: {"fields": self.shown(env, move._name)}}
            with self.subTest(values=values), self.assertRaises(UserError):
                env[model].onchange(values, [name], form)

    def peek_by_defaults(self, env, records):
        """Name, by defaults for forms, records that the user may not read: ignored.

        :return: how many fields were tried
        """
        tried = 0
        for name in sorted(env.registry):
            model = env[name]
            is_own = model._original_module == ADDON and not model._abstract
            for field in model._fields.values() if is_own else ():
                record = records.get(field.comodel_name)
                if field.type != "many2one" or not record:
                    continue
                if not model.has_access("create") or self._may_read(env, record):
                    continue
                tried += 1
                with self.subTest(model=name, field=field.name):
                    given = {f"default_{field.name}": record.id}
                    form = {field.name: {"fields": {"display_name": {}}}}
                    with suppress(UserError):  # the dialog does not open
                        found = model.with_context(**given).onchange({}, [], form)
                        shown = found["value"].get(field.name) or {}
                        self.assertNotEqual(shown.get("id"), record.id)
        return tried

    def _may_read(self, env, record):
        return record.with_env(env).has_access("read")

    def shown(self, env, model):
        """Return the specification of a form with the addon's fields of the model."""
        names = env[model].fields_get(attributes=["type"])
        shown = [env[model]._fields[x] for x in names]
        ours = [x for x in shown if ADDON in x._modules and not x.relational]
        return {field.name: {} for field in ours}

    def _other_value(self, record, field):
        """Return a value that the field of the record does not have."""
        now = record.sudo()[field.name] if record else None
        if field.type == "selection":
            keys = [key for key in field.get_values(record.env) if key != now]
            return keys[-1]
        values = {
            "boolean": not now,
            "integer": 77,
            "float": 77.5,
            "monetary": 77.5,
            "date": "2001-02-03",
            "datetime": "2001-02-03 04:05:06",
            "json": {"x": 1},
        }
        if field.type == "many2one":
            return 1 if not now or now.id != 1 else 2
        if field.type in ("one2many", "many2many"):
            return [Command.clear() if now else Command.set([1])]
        return values.get(field.type, "forged")

    # === COMPANIES === #

    def strays(self, exempt):
        """Return the fields of the addon that could lead into another company.

        Users are of several companies, and a person may be told by whoever may choose.

        :param exempt: "model.field" -> why the field need not be checked
        """
        found = []
        technical = {field for _model, field in self.technical_fields()}
        for name in sorted(self.env.registry):
            model = self.env[name]
            is_company = name == "res.company"
            if model._abstract or not (is_company or BOUND & {*model._fields}):
                continue
            for field in model._fields.values():
                is_ours = ADDON in field._modules and field not in technical
                is_computed = field.compute and field.readonly
                is_given = field.store and not field.inherited and not is_computed
                if is_ours and is_given and self._is_of_company(model, field):
                    is_checked = field.check_company and model._check_company_auto
                    if not is_checked and str(field) not in exempt:
                        found.append(str(field))
        return found

    def _is_of_company(self, model, field):
        """Return whether the field leads to a record of a company, not of its own."""
        if field.type not in ("many2one", "many2many"):
            return False
        if field.comodel_name == "res.users":
            return False
        company = model._fields.get("company_id")
        is_origin = company and (company.related or "").split(".")[0] == field.name
        return not is_origin and bool(BOUND & {*self.env[field.comodel_name]._fields})

    # === METHODS === #

    def public_methods(self):
        """Yield model and name of each public method that the addon adds."""
        for name in sorted(self.env.registry):
            own, others = set(), set()
            for part in type(self.env[name]).mro():
                methods = {x for x, value in vars(part).items() if isfunction(value)}
                if getattr(part, "_module", None) == ADDON:
                    own |= methods
                elif getattr(part, "pool", None) is None:
                    others |= methods
            for method in sorted(own - others - set(dir(models.BaseModel))):
                if not method.startswith("_"):
                    yield name, method

    def walk(self, env, records):
        """Call everything with ids of ``records`` and hostile arguments.

        :param records: model -> records of the test's company
        :return: what was answered to known ids: (model, method) -> answer or error
        """
        answers = {}
        for model, method in self.public_methods():
            function = getattr(type(self.env[model]), method)
            number = len(signature(function).parameters) - 1
            is_of_model = getattr(function, "_api_model", False)
            is_abstract = self.env[model]._abstract
            all_ids = [[1] if is_abstract else records[model].ids]
            if not is_of_model:
                all_ids += [*HOSTILE_IDS, all_ids[0] * 2, [*all_ids[0], 2**31 - 1]]
            for place, ids in enumerate(all_ids):
                for value in HOSTILE if number else (None,):
                    arguments = [value] * number
                    with self.subTest(model=model, method=method, ids=ids, value=value):
                        found = self.knock(
                            env[model], method, is_of_model, ids, arguments
                        )
                        if not place:
                            answers[model, method] = found
        return answers

    def knock(self, model, method, is_of_model, ids, arguments):
        """Call a method as a remote client does; undo it; return answer or error."""
        args = arguments if is_of_model else [ids, *arguments]
        savepoint = self.env.cr.savepoint()
        try:
            with mute_logger("odoo.sql_db"):
                return call_kw(model, method, args, {"context": {"active_id": "x"}})
        except (UserError, RedirectWarning) as error:
            return error
        except TypeError as error:
            if "browse" in str(error) or ids in ([None], {}):
                return error  # of Odoo itself, before the method is called
            raise
        finally:
            savepoint.close(rollback=True)
