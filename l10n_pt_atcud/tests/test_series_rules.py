"""Rules of AT and of Odoo's numbering for series."""

from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger
from psycopg2.errors import UniqueViolation

from .common import AtcudCommon


@tagged("post_install", "-at_install", "post_install_l10n")
class TestSeriesRules(AtcudCommon):
    def test_two_journals_cannot_share_a_series(self):
        """Odoo would give the same number in each of them."""
        self.make_series()
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(UniqueViolation),
            self.cr.savepoint(),
        ):
            self.make_series(journal_id=self.journal.copy().id).flush_recordset()

    def test_reason_has_at_most_4000_characters(self):
        series = self.registered_series()
        drafts = self.draft() | self.draft()
        drafts._post()
        wizards = self.env["l10n_pt_atcud.series.close"]
        values = {"series_id": series.id, "closing": "finalise"}
        with self.assertRaises(UserError):
            wizards.create({**values, "reason": "x" * 4001})
        reason = ("Mudança <&>" * 400)[:4000]
        wizards.create({**values, "reason": reason}).action_confirm()
        (known,) = self.other_program().consultar_series()
        self.assertEqual((known.estado, known.justificacao), ("F", reason))

    def test_journal_has_only_types_that_it_issues(self):
        """Other programs issue transport and working documents; payments, receipts."""
        series = self.make_series("M", "GT", journal_id=False)
        self.assertIsNone(self.register(series))
        self.assertEqual((series.state, series.journal_id.ids), ("registered", []))
        invoices = self.make_series("I")
        refusals = {"GT": "Leave the journal", "OR": "Leave the journal"}
        for document_type, refusal in {**refusals, "RG": "bank, cash"}.items():
            with self.subTest(document_type):
                with self.assertRaisesRegex(ValidationError, refusal):
                    self.make_series("N", document_type)
                invoices.document_type = document_type
                self.assertFalse(invoices.journal_id)
                with self.assertRaisesRegex(ValidationError, refusal):
                    invoices.journal_id = self.journal
        for document_type in ("FT", "FS", "FR", "NC", "ND"):
            self.make_series("O", document_type)
