"""Tries to read every secret, and every foreign file and message, of an addon.

The same text stands in each addon, because each addon installs alone; a check on the
repository keeps the copies equal.
"""

from contextlib import suppress

from odoo import SUPERUSER_ID, Command, fields
from odoo.exceptions import AccessError, UserError
from odoo.service.model import call_kw
from odoo.tests import new_test_user
from odoo.tools import mute_logger

from .doors import ACCOUNTANT, ADDON

# Nobody but administrators, or nobody at all, reads these
CLOSED = ("base.group_system", fields.NO_ACCESS)
SECRET = "Zq7Secret"  # what is planted; it begins like GOOD and not like BAD
GOOD, BAD = "Zq7%", "Qz8%"
HOLE = "%"  # in a domain: GOOD or BAD


class Spying:
    """For test classes with :class:`Doors`: reads in every way of a client."""

    def insiders(self):
        """Return an invoicing clerk and an accountant of the test's company."""
        env = self.env(user=SUPERUSER_ID, context={"no_reset_password": True})
        company = {
            "company_id": self.company.id,
            "company_ids": [Command.set(self.company.ids)],
        }
        users = {
            "clerk": new_test_user(
                env, "spy_clerk", "account.group_account_invoice", **company
            ),
            "accountant": new_test_user(env, "spy_accountant", ACCOUNTANT, **company),
        }
        return {name: self.env(user=user, context={}) for name, user in users.items()}

    # === SECRETS === #

    def plant(self, records):
        """Write :data:`SECRET` into each secret column; return model -> field names."""
        planted = {}
        for model, record in records.items():
            if self.env[model]._abstract:
                continue
            for name, field in self.env[model]._fields.items():
                is_text = field.type in ("char", "text") and field.store
                if is_text and field.groups in CLOSED and ADDON in field._modules:
                    record.flush_recordset()
                    table = record._table
                    self.env.cr.execute(
                        f'UPDATE "{table}" SET "{name}" = %s WHERE id = %s',
                        [f"{SECRET} {name}", record.id],
                    )
                    planted.setdefault(model, set()).add(name)
        self.env.invalidate_all()
        return planted

    def spy(self, env, records, planted):
        """Try to read, guess or sort by what was planted; nothing of it comes out."""
        for model, record in records.items():
            if not self.env[model]._abstract:
                self._listen(env, model, "read", record.ids)
        for model, names in planted.items():
            number = records[model].id
            for name in names:
                self._spy_field(env, model, number, name)
                for other, path in self._relations(env, model):
                    self._spy_path(env, other, path, name, number)

    def _spy_field(self, env, model, number, name):
        for method, *args in self._reads(number, name):
            self._listen(env, model, method, *args)
        for method, *args in self._guesses(number, name):
            self._guess(env, model, method, *args)
        self._compare_order(env, model, name)
        self._spy_template(env, model, number, name)

    def _reads(self, number, name):
        """Yield methods and arguments that would show the field."""
        ids, shown = [number], {name: {}}
        progress = {"field": name, "colors": {SECRET: "x"}}
        yield "read", ids, [name]
        yield "web_read", ids, shown
        yield "web_save", ids, {}, shown
        yield "search_read", [], [name]
        yield "web_search_read", [], shown
        yield "export_data", ids, [name]
        yield "copy_data", ids
        yield "mapped", ids, name
        yield "grouped", ids, name
        yield "get_field_translations", ids, name
        yield "formatted_read_group", [], [name], ["__count"]
        yield "formatted_read_group", [], [], [f"{name}:max"]
        yield "formatted_read_group", [], [], [f"{name}:array_agg"]
        yield "web_read_group", [], [name]
        yield "read_group", [], [name], [name]
        yield "read_progress_bar", [], name, progress
        yield "search_panel_select_range", name
        yield "search_panel_select_multi_range", name
        yield "onchange", ids, {}, [], shown
        yield "onchange", ids, {}, [name], shown
        yield "get_views", [[False, "form"], [False, "list"], [False, "search"]]

    def _guesses(self, number, name):
        """Yield methods and arguments whose answer would depend on the field."""
        domain = [[name, "=like", HOLE]]
        yield "search", domain
        yield "search_count", domain
        yield "name_search", "", domain
        yield "web_search_read", domain, {"id": {}}
        yield "formatted_read_group", domain, ["id"], ["__count"]
        yield "formatted_read_group", [], ["id"], ["__count"], domain
        yield "filtered_domain", [number], domain
        yield "read_progress_bar", domain, "id", {"field": "id"}

    def _spy_template(self, env, model, number, name):
        """Send what an e-mail template says of the record, as its author wants it."""
        values = {
            "name": "x",
            "model_id": self.env["ir.model"]._get_id(model),
            "subject": f"{{{{ object.{name} }}}}",
            "body_html": f'<t t-out="object.{name}"/>',
        }
        template = self.env(user=SUPERUSER_ID)["mail.template"].create(values)
        for field in ("subject", "body_html"):
            with self.subTest(env.user.login, model=model, template=name):
                found = self._render(template.with_env(env), field, number)
                self.assertNotIn(SECRET, repr(found))
        template.unlink()

    def _render(self, template, field, number):
        try:
            with mute_logger("odoo.addons.mail.models.mail_render_mixin"):
                return template._render_field(field, [number])
        except (AccessError, UserError) as error:
            return error

    def _spy_path(self, env, model, path, name, number):
        """Read and guess through a relation of another model."""
        spec = {path: {"fields": {name: {}}}}
        with suppress(UserError):
            ids = env[model].search([(path, "!=", False)], limit=3).ids
            for method, *args in (
                ("web_read", ids, spec),
                ("export_data", ids, [f"{path}/{name}"]),
                ("mapped", ids, f"{path}.{name}"),
                ("formatted_read_group", [], [f"{path}.{name}"], ["__count"]),
                ("onchange", ids[:1], {}, [], spec),
            ):
                self._listen(env, model, method, *args)
            for value in (number, [[4, number]], [[6, 0, [number]]]):
                self._listen(env, model, "onchange", [], {path: value}, [path], spec)
        self._guess(env, model, "search", [[f"{path}.{name}", "=like", HOLE]])
        self._guess(env, model, "search", [[path, "any", [[name, "=like", HOLE]]]])
        self._compare_order(env, model, f"{path}.{name}")

    def _relations(self, env, model):
        """Yield models and fields that lead to the model."""
        for name in sorted(env.registry):
            other = env[name]
            if other._abstract or not other.has_access("read"):
                continue
            for field in other._fields.values():
                if field.comodel_name == model and not field.inherited:
                    yield name, field.name

    def _listen(self, env, model, method, *args):
        with self.subTest(env.user.login, model=model, method=method, args=args):
            self.assertNotIn(SECRET, repr(self._ask(env, model, method, *args)))

    def _guess(self, env, model, method, *args):
        """Ask twice, with the right beginning and a wrong one: equal answers."""

        def filled(value, pattern):
            if isinstance(value, list):
                return [filled(x, pattern) for x in value]
            return pattern if value == HOLE else value

        with self.subTest(env.user.login, model=model, method=method, args=args):
            good, bad = (
                repr(self._ask(env, model, method, *filled([*args], x)))
                for x in (GOOD, BAD)
            )
            self.assertEqual(good.replace(GOOD, BAD), bad)

    def _compare_order(self, env, model, name):
        """Sorting would tell which of two secrets is the greater one: refused."""
        with self.subTest(env.user.login, model=model, order=name):
            answer = self._ask(env, model, "search", [], 0, None, f"{name} desc")
            self.assertIsInstance(answer, Exception)

    def _ask(self, env, model, method, *args):
        """Return what a remote client is answered, or the error; undo the rest."""
        savepoint = self.env.cr.savepoint()
        try:
            with mute_logger("odoo.sql_db", "odoo.domains", "odoo.models"):
                return call_kw(env[model], method, [*args], {"context": {}})
        except Exception as error:  # of Odoo itself; the text matters
            return error
        finally:
            savepoint.close(rollback=True)
            self.env.invalidate_all()

    # === MESSAGES AND FILES === #

    def overhear(self, env, records):
        """Try to get at the chatter, activities and files of foreign records."""
        for model, record in records.items():
            is_own = self.env[model]._original_module == ADDON
            if not (is_own or model == "account.move") or record._transient:
                continue
            if env[model].has_access("read") and env[model].search(
                [("id", "=", record.id)]
            ):
                continue  # a record of all companies
            for method, *args in self._eavesdrops(model, record):
                with self.subTest(env.user.login, model=model, method=method):
                    target = model
                    if ":" in method:
                        target, method = method.split(":")
                    answer = self._ask(env, target, method, *args)
                    self.assertIsInstance(answer, UserError)
            self._find_files(env, model)

    def _eavesdrops(self, model, record):
        ids, number = record.ids, record.id
        if "message_ids" in record._fields:
            yield "message_post", ids
            yield "message_subscribe", ids, [1]
            yield "message_unsubscribe", ids, [1]
        if "activity_ids" in record._fields:
            model_id = self.env["ir.model"]._get_id(model)
            values = {"res_model_id": model_id, "res_id": number, "summary": "x"}
            yield "activity_schedule", ids
            yield "mail.activity:create", [values]
        name = f"{number}.{model}"
        yield (
            "ir.attachment:create",
            [{"name": name, "res_model": model, "res_id": number, "raw": "x"}],
        )

    def _find_files(self, env, model):
        """Files and messages of the model are neither found nor read."""
        for kind, column in (("ir.attachment", "res_model"), ("mail.message", "model")):
            rows = self.env[kind].sudo().search([(column, "=", model)])
            with self.subTest(env.user.login, files=kind, model=model):
                answer = self._ask(env, kind, "search", [["id", "in", rows.ids]])
                self.assertTrue(not answer or isinstance(answer, AccessError))
            for row in rows[:3]:
                with self.subTest(env.user.login, file=row.id, model=model):
                    answer = self._ask(env, kind, "read", row.ids, ["display_name"])
                    self.assertIsInstance(answer, UserError)
