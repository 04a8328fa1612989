"""A draft has a document type first, then a series of that type."""

from odoo.exceptions import RedirectWarning, UserError, ValidationError
from odoo.tests import Form, tagged

from .common import AtcudCommon


@tagged("post_install", "-at_install", "post_install_l10n")
class TestDocumentType(AtcudCommon):
    def alert(self, move):
        return (move.alerts or {}).get("l10n_pt_atcud_series", {}).get("message", "")

    def test_every_kind_of_document_has_its_type(self):
        invoice = self.draft()
        debit_note = self.draft(debit_origin_id=invoice.id)
        found = [
            move.l10n_pt_atcud_document_type
            for move in (invoice, self.draft("out_refund"), debit_note)
        ]
        self.assertEqual(found, ["FT", "NC", "ND"])
        receipt = self.draft("out_receipt")
        self.assertEqual(receipt.l10n_pt_atcud_document_type, "FS")
        journal = self.company_data["default_journal_purchase"]
        bill = self.draft("in_invoice", journal_id=journal.id)
        self.assertFalse(bill.l10n_pt_atcud_document_type)

    def test_journal_has_a_default_type(self):
        self.journal.l10n_pt_atcud_default_type = "FR"
        self.assertEqual(self.draft().l10n_pt_atcud_document_type, "FR")
        receipt = self.draft("out_receipt")
        self.assertEqual(receipt.l10n_pt_atcud_document_type, "FR")
        refund = self.draft("out_refund")
        self.assertEqual(refund.l10n_pt_atcud_document_type, "NC")

    def test_series_of_another_type_is_refused_when_it_is_written(self):
        self.registered_series()
        simplified = self.registered_series("S2026", "FS")
        credit = self.registered_series("S2026", "NC")
        refused = self.assertRaisesRegex(ValidationError, "not for documents of type")
        values = {
            "l10n_pt_atcud_document_type": "FT",
            "l10n_pt_atcud_series_id": simplified.id,
        }
        with refused:
            self.draft(**values)
        draft = self.draft()
        for wrong in (values, {"l10n_pt_atcud_series_id": credit.id}):
            with self.subTest(wrong), refused:
                draft.write(wrong)
            draft.invalidate_recordset()

    def test_import_of_a_series_of_another_type_names_the_row(self):
        self.registered_series("S", "FS")
        columns = (
            "move_type journal_id/.id l10n_pt_atcud_document_type "
            "l10n_pt_atcud_series_id"
        )
        result = self.env["account.move"].load(
            columns.split(), [["out_invoice", str(self.journal.id), "FT", "FS S"]]
        )
        self.assertFalse(result["ids"])
        self.assertIn("type FT", result["messages"][0]["message"])

    def test_receipt_is_no_invoice_by_chance(self):
        self.registered_series()
        receipt = self.draft("out_receipt")
        self.assertFalse(receipt.l10n_pt_atcud_series_id)
        self.assertIn("FS", self.alert(receipt))
        with self.assertRaises(RedirectWarning):
            receipt.action_post()

    def test_series_never_change_the_type(self):
        series = self.registered_series()
        draft = self.draft()
        self.registered_series("S", "FS", sequence=1)
        self.assertEqual(draft.l10n_pt_atcud_series_id, series)
        series.active = False
        self.assertEqual(draft.l10n_pt_atcud_document_type, "FT")
        self.assertFalse(draft.l10n_pt_atcud_series_id)
        self.assertIn("type FT", self.alert(draft))
        series.active = True
        self.assertEqual(draft.l10n_pt_atcud_series_id, series)
        series.sudo().state = "finalised"
        self.assertEqual(draft.l10n_pt_atcud_document_type, "FT")
        self.assertFalse(draft.l10n_pt_atcud_series_id)
        self.assertIn("type FT", self.alert(draft))

    def test_type_decides_the_series(self):
        self.registered_series()
        simplified = self.registered_series("S", "FS")
        draft = self.draft()
        draft.l10n_pt_atcud_document_type = "FS"
        self.assertEqual(draft.l10n_pt_atcud_series_id, simplified)
        with Form(draft) as form:
            form.l10n_pt_atcud_document_type = "FT"
            self.assertEqual(form.l10n_pt_atcud_series_id.document_type, "FT")
        draft.l10n_pt_atcud_document_type = "FS"
        draft.action_post()
        self.assertEqual(draft.name, "FS S/1")

    def test_series_chosen_by_an_import_brings_its_type(self):
        self.registered_series()
        simplified = self.registered_series("S", "FS")
        draft = self.draft(l10n_pt_atcud_series_id=simplified.id)
        self.assertEqual(draft.l10n_pt_atcud_document_type, "FS")
        self.assertEqual(draft.l10n_pt_atcud_series_id, simplified)
        other = self.draft()
        other.l10n_pt_atcud_series_id = simplified
        self.assertEqual(other.l10n_pt_atcud_document_type, "FS")
        self.assertEqual(other.l10n_pt_atcud_series_id, simplified)

    def test_type_that_does_not_fit_is_refused(self):
        draft = self.draft()
        for document_type in ("NC", "ND"):
            with self.subTest(document_type), self.assertRaises(ValidationError):
                draft.l10n_pt_atcud_document_type = document_type
        with self.assertRaises(ValidationError):
            self.draft("out_refund", l10n_pt_atcud_document_type="FT")

    def test_duplicate_has_the_same_type_and_a_credit_note_its_own(self):
        self.registered_series("S", "FS")
        draft = self.draft(l10n_pt_atcud_document_type="FS")
        self.assertEqual(draft.copy().l10n_pt_atcud_document_type, "FS")
        draft.action_post()
        refund = draft._reverse_moves([{"date": draft.date}])
        self.assertEqual(refund.l10n_pt_atcud_document_type, "NC")

    def test_default_series_is_proposed(self):
        first = self.registered_series("A")
        second = self.registered_series("B")
        self.assertEqual(self.draft().l10n_pt_atcud_series_id, first)
        waiting = self.draft()
        self.env.flush_all()
        second.is_default = True
        self.assertEqual(waiting.l10n_pt_atcud_series_id, first)
        self.assertEqual(self.draft().l10n_pt_atcud_series_id, second)
        first.is_default = True
        self.assertFalse(second.is_default)
        self.assertEqual(self.draft().l10n_pt_atcud_series_id, first)
        simplified = self.registered_series("S", "FS", is_default=True)
        self.assertTrue(simplified.is_default and first.is_default)
        second.is_default = True
        second.sudo().state = "finalised"
        self.assertEqual(self.draft().l10n_pt_atcud_series_id, first)

    def test_training_series_is_no_default(self):
        with self.assertRaises(ValidationError):
            self.make_series("T", kind="training", is_default=True)


@tagged("post_install", "-at_install", "post_install_l10n")
class TestSeriesJournal(AtcudCommon):
    def test_journal_is_proposed(self):
        series = self.env["l10n_pt_atcud.series"]
        created = series.create({"identifier": "A"})
        self.assertEqual(created.journal_id, self.journal)
        with Form(series) as form:
            form.identifier = "B"
            self.assertEqual(form.journal_id, self.journal)
            form.document_type = "GT"
            self.assertFalse(form.journal_id)
            form.document_type = "NC"
            self.assertEqual(form.journal_id, self.journal)

    def test_types_that_odoo_issues_need_a_journal(self):
        with self.assertRaises(ValidationError):
            self.make_series("A", journal_id=False)
        self.assertFalse(self.make_series("A", "GT", journal_id=False).journal_id)

    def test_unused_series_can_still_be_given_a_journal(self):
        series = self.registered_series()
        self.env.flush_all()
        self.cr.execute(
            "UPDATE l10n_pt_atcud_series SET journal_id = NULL WHERE id = %s",
            [series.id],
        )
        series.invalidate_recordset()
        self.assertTrue(series.may_get_journal)
        series.journal_id = self.journal
        series.invalidate_recordset()
        self.assertFalse(series.may_get_journal)
        draft = self.draft()
        self.assertEqual(draft.l10n_pt_atcud_series_id, series)
        with self.assertRaises(UserError):
            series.journal_id = False

    def test_series_is_found_by_all_that_it_shows(self):
        series = self.make_series("A2026")
        credit = self.make_series("A2026", "NC")
        other = self.make_series("B_2026")
        series.sudo().validation_code = "JFTX7RK9"
        model = self.env["l10n_pt_atcud.series"]
        for text, expected in (
            ("FT A2026", series),
            ("ft a2026", series),
            ("A2026", series | credit),
            ("NC", credit),
            ("JFTX7RK9", series),
            ("jftx", series),
            ("FT B_2026", other),
            ("FT A20", series),
            (self.journal.name, series | credit | other),
            (f"A2026 {self.journal.name}", series | credit),
        ):
            with self.subTest(text):
                found = [one for one, _name in model.name_search(text)]
                self.assertEqual(sorted(found), sorted(expected.ids))
                self.assertEqual(
                    model.search([("display_name", "ilike", text)]), expected
                )
        for text, expected in (
            ("FT A2026", series),
            ("NC A2026", credit),
            ("JFTX7RK9", series),
            ("FT B_2026", other),
            ("FT B12026", model),
            ("FT A20", model),
        ):
            with self.subTest(exact=text):
                self.assertEqual(model.search([("display_name", "=", text)]), expected)

    def test_import_of_documents_finds_the_series_by_its_name(self):
        self.registered_series("A")
        second = self.registered_series("B")
        result = self.env["account.move"].load(
            ["move_type", "journal_id/.id", "l10n_pt_atcud_series_id"],
            [["out_invoice", str(self.journal.id), "FT B"]],
        )
        self.assertTrue(result["ids"], result["messages"])
        move = self.env["account.move"].browse(result["ids"])
        self.assertEqual(move.l10n_pt_atcud_series_id, second)
