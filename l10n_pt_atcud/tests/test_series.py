"""The record: accepted values, and values that never change."""

from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger
from psycopg2.errors import UniqueViolation

from .common import AtcudCommon


@tagged("post_install", "-at_install", "post_install_l10n")
class TestSeries(AtcudCommon):
    def test_identifiers_that_at_refuses_are_refused(self):
        for wrong in ("A/1", "A 1", ".a", "a-", "a..b", "Ç", "AT2026", "at1", "x" * 36):
            with self.subTest(wrong), self.assertRaises(ValidationError):
                self.make_series(wrong)

    def test_upper_case_is_not_another_series(self):
        self.make_series("ab")
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(UniqueViolation),
            self.cr.savepoint(),
        ):
            self.make_series("AB").flush_recordset()

    def test_the_same_identifier_serves_several_types(self):
        series = self.registered_series("A2026") | self.registered_series("A2026", "NC")
        self.assertEqual(len(set(series.mapped("validation_code"))), 2)

    def test_another_company_of_the_taxpayer_cannot_take_it(self):
        self.make_series("A2026")
        branch = (
            self.env["res.company"]
            .sudo()
            .create({"name": "Loja do Porto", "parent_id": self.company.id})
        )
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(UniqueViolation),
            self.cr.savepoint(),
        ):
            self.env["l10n_pt_atcud.series"].sudo().create(
                {
                    "company_id": branch.id,
                    "identifier": "a2026",
                    "document_type": "FT",
                }
            ).flush_recordset()

    def test_a_communicated_series_is_frozen(self):
        series = self.registered_series()
        for values in (
            {"identifier": "B"},
            {"document_type": "NC"},
            {"first_number": 2},
            {"kind": "training"},
            {"journal_id": False},
            {"start_date": "2030-01-01"},
        ):
            with self.subTest(values), self.assertRaises(UserError):
                series.write(values)
        series.sequence = 3
        with self.assertRaises(UserError):
            series.unlink()

    def test_a_pending_series_is_frozen_as_well(self):
        series = self.make_series()
        self.simulator.faults.add("accept_then_drop")
        self.register(series)
        with self.assertRaises(UserError):
            series.identifier = "B"

    def test_state_and_code_cannot_be_written(self):
        series = self.make_series()
        for values in ({"state": "registered"}, {"validation_code": "AAAAAAAA"}):
            with self.subTest(values), self.assertRaises(UserError):
                series.write(values)
            with self.subTest(values), self.assertRaises(UserError):
                self.make_series("B", **values)

    def test_a_change_of_the_tax_number_leaves_registered_series_alone(self):
        registered, draft = self.registered_series(), self.make_series("B")
        self.company.sudo().vat = "PT599999993"
        self.assertEqual(registered.nif, "509987656")
        self.assertEqual(draft.nif, "599999993")

    def test_a_copy_is_a_new_draft(self):
        copy = self.registered_series().copy({"identifier": "B2026"})
        self.assertEqual((copy.state, copy.validation_code), ("draft", False))
