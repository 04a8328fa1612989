"""An import shows a refusal as text: it has no buttons."""

from odoo import Command
from odoo.tests import new_test_user, tagged

from .common import BillingoCommon

ADMINISTRATOR = (
    "base.group_system,account.group_account_manager,base.group_partner_manager"
)


@tagged("post_install", "-at_install", "post_install_l10n")
class TestImports(BillingoCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.administrator = new_test_user(
            cls.env,
            "import_administrator",
            ADMINISTRATOR,
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
        )

    def _load(self, record, name, value, user=None):
        """Import one value of a record; return what the user reads."""
        env = self.env(user=user or self.bookkeeper, context={})
        model = env[record._name]
        found = model.load([".id", name], [[str(record.id), value]])
        if found["ids"]:
            return ""
        [message] = found["messages"]
        return message["message"]

    def test_refusal_with_a_button_is_text(self):
        self.own.sudo().state = "active"
        values = {"journal_id": self.own.journal_id.id, "product_id": self.product_a}
        draft = self._create_invoice_one_line(move_type="out_invoice", **values)
        text = self._load(draft, "state", "Posted")
        self.assertIn("has the documents that Billingo numbers", text)
        self.assertNotIn("RedirectWarning", text)
        self.assertNotIn("Open Billingo", text)
        self.assertEqual(draft.state, "draft")

    def test_what_odoo_writes_is_refused_in_words(self):
        """Of all models with fields that no client may write."""
        self.own.sudo().state = "active"
        self._fetch()
        self._process()
        document = self.own.document_ids.filtered("move_id")[:1]
        unstored = self.env["billingo.unstored"].sudo()
        row = unstored.create({"connection_id": self.own.id, "billingo_id": "9"})
        changes = (
            (self.own, "state", "Draft"),
            (self.own, "fetched_until", "2026-01-01 00:00:00"),
            (document, "state", "To process"),
            (document.move_id, "billingo_document_id/.id", "0"),
            (document.move_id, "amount_total", "1"),
            (document.move_id, "state", "Draft"),
            (self.own.run_id, "state", "Stopped"),
            (row, "name", "x"),
        )
        for record, name, value in changes:
            before = record[name.partition("/")[0]]
            text = self._load(record, name, value, self.administrator)
            with self.subTest(record._name, field=name):
                self.assertNotIn("Unknown error", text)
                self.assertNotIn("Exception", text)
                self.assertEqual(record[name.partition("/")[0]], before)

    def test_partner_is_imported_as_ever(self):
        self._fetch()
        text = self._load(self.partner_a, "name", "Renamed Kft.", self.administrator)
        self.assertEqual((text, self.partner_a.name), ("", "Renamed Kft."))
