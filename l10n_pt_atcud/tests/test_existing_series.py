"""Series that did not begin in Odoo: already numbered, or from the portal."""

from odoo.exceptions import AccessError, RedirectWarning, UserError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger
from psycopg2.errors import UniqueViolation

from ..at_series import Annulment, NewSeries, TipoDoc, lisbon_date
from ..at_series.simulator import Account
from .common import USERNAME, AtcudCommon


@tagged("post_install", "-at_install", "post_install_l10n")
class TestNumberedSeries(AtcudCommon):
    def test_the_next_number_is_proposed(self):
        self.issued_before("FT 2026/00044")
        self.issued_before("FT 2026/00045")
        with Form(self.env["l10n_pt_atcud.series"]) as form:
            form.journal_id = self.journal
            form.identifier = "2026"
            self.assertEqual(form.first_number, 46)
        series = form.record
        self.assertIsNone(self.register(series))
        invoice = self.draft()
        invoice.action_post()
        self.assertEqual(invoice.name, "FT 2026/46")
        self.assertEqual(invoice.l10n_pt_atcud_value, f"{series.validation_code}-46")

    def test_number_is_not_given_twice(self):
        self.issued_before("FT 2026/00045")
        series = self.make_series("2026", first_number=45)
        error = self.register(series)
        self.assertEqual((error.kind, series.state), ("already_numbered", "draft"))
        self.assertIn("FT 2026/45", series._explain(error))
        self.assertFalse(self.simulator.requests)
        series.first_number = 46
        self.assertIsNone(self.register(series))

    def test_typed_first_number_stays(self):
        series = self.make_series(first_number=7)
        series.identifier = "B"
        self.assertEqual(series.first_number, 7)


@tagged("post_install", "-at_install", "post_install_l10n")
class TestPortalCode(AtcudCommon):
    def on_the_portal(self, **values):
        """Register a series there; return its code."""
        new = NewSeries("A2026", TipoDoc.FT, values.pop("first", 1), lisbon_date())
        with self.other_program() as other:
            return other.registar_serie(new).cod_validacao_serie

    def enter(self, series, code):
        context = series.action_enter_code()["context"]
        wizard = self.env["l10n_pt_atcud.series.code"].with_context(**context)
        return wizard.create({"validation_code": code}).action_confirm()

    def test_a_code_that_at_knows_is_taken_over(self):
        code = self.on_the_portal()
        series = self.make_series()
        self.enter(series, f" {code.lower()} ")
        self.assertEqual((series.state, series.validation_code), ("registered", code))
        self.assertEqual(series.registered_on, lisbon_date())
        self.assertEqual(self.simulator.requests["registarSerie"], 1)  # the portal's
        invoice = self.draft()
        invoice.action_post()
        self.assertEqual(invoice.l10n_pt_atcud_value, f"{code}-1")

    def test_code_that_differs_from_at_is_refused(self):
        series = self.make_series()
        today = lisbon_date()
        self.assertEqual(
            self.enter_code(series, "AABBBBBBBB", today).kind, "unknown_at_at"
        )
        code = self.on_the_portal(first=5)
        self.assertEqual(
            self.enter_code(series, "AABBBBBBBB", today).kind, "different_code"
        )
        error = self.enter_code(series, code, today)
        self.assertEqual(error.kind, "different")
        self.assertEqual(error.data["differences"], "numInicialSeq (AT: 5, Odoo: 1)")
        with self.other_program() as other:
            other.anular_serie(Annulment("A2026", TipoDoc.FT, code, True))
        self.assertEqual(
            self.enter_code(series, code, today).kind, "identifier_used_up"
        )
        self.assertEqual((series.state, series.validation_code), ("draft", False))

    def test_numbers_continue_after_the_last_number_elsewhere(self):
        code = self.on_the_portal()
        series = self.make_series()
        context = series.action_enter_code()["context"]
        wizard = self.env["l10n_pt_atcud.series.code"].with_context(**context)
        wizard.create({"validation_code": code, "numbered_until": 45}).action_confirm()
        self.assertEqual((series.first_number, series.numbered_until), (1, 45))
        invoices = self.draft() | self.draft()
        invoices._post()
        self.assertEqual(
            sorted(invoices.mapped("l10n_pt_atcud_value")), [f"{code}-46", f"{code}-47"]
        )
        self.assertFalse(any(invoices.mapped("made_sequence_gap")))
        with self.assertRaises(UserError):
            series.numbered_until = 7

    def test_code_is_kept_where_at_cannot_be_asked(self):
        self.simulator.faults.add("html")
        series = self.make_series()
        self.enter(series, "JFTX7RK9")
        self.assertEqual(series.state, "registered")
        self.assertIn("not compared with AT", series.message_ids[0].body)
        self.assertTrue(series.is_uncompared)
        self.use_environment("test")
        self.simulated = ()
        other = self.make_series("B")
        self.enter(other, "JFTX7RK8")
        self.assertEqual((other.state, other.environment), ("registered", "production"))

    def test_wrong_credentials_refuse_the_connection(self):
        self.simulator.accounts = {USERNAME: Account("right")}
        self.enter(self.make_series(), "JFTX7RK9")
        self.assertEqual(self.connection.display_state, "refused")

    def test_malformed_code_is_refused(self):
        series = self.make_series()
        for wrong in ("JFTX7RK", "JFTX-7RK9", "JFTX 7RK9", "JFTX7RKÇ", "A" * 21):
            with self.subTest(wrong), self.assertRaises(UserError):
                self.enter(series, wrong)
        with self.assertRaises(RedirectWarning):
            self.enter(series, "JFTX7RK9")
        self.assertEqual(series.state, "draft")

    def test_a_code_belongs_to_one_series(self):
        code = self.registered_series().validation_code
        self.simulator.faults.add("html")
        other = self.make_series("B")
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(UniqueViolation),
            self.cr.savepoint(),
        ):
            self.enter_code(other, code, lisbon_date())
            other.flush_recordset()

    def test_accountants_cannot_enter_codes(self):
        series = self.make_series().with_user(self.accountant)
        with self.assertRaises(AccessError):
            self.env["l10n_pt_atcud.series.code"].with_user(self.accountant).create(
                {"series_id": series.id, "validation_code": "JFTX7RK9"}
            )
