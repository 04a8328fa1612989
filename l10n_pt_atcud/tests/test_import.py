"""The import of series from AT."""

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..at_series import Finalisation, NewSeries, TipoDoc, TipoSerie, lisbon_date
from ..at_series.simulator import Account
from .common import USERNAME, AtcudCommon


@tagged("post_install", "-at_install", "post_install_l10n")
class TestImport(AtcudCommon):
    def at_at(self, identifier="A2026", tipo_doc=TipoDoc.FT, first=1, **values):
        new = NewSeries(identifier, tipo_doc, first, lisbon_date(), **values)
        with self.other_program() as other:
            return other.registar_serie(new)

    def wizard(self):
        action = self.journal.action_l10n_pt_atcud_import()
        return self.env[action["res_model"]].browse(action["res_id"])

    def imported(self, wizard, last=0):
        """Import all series; a number of the other program, or none was issued."""
        for line in wizard.line_ids.filtered(lambda one: not one.numbered_until):
            line.write({"numbered_until": last, "is_unused": not last})
        wizard.line_ids.is_selected = True
        (domain,) = wizard.action_confirm()["domain"]
        return self.env["l10n_pt_atcud.series"].browse(domain[2])

    def test_proposal_creates_nothing(self):
        self.registered_series("HERE")
        self.at_at(first=5, tipo_serie=TipoSerie.TRAINING)
        before = self.env["l10n_pt_atcud.series"].search_count([])
        line = self.wizard().line_ids
        self.assertEqual(
            (line.document_type, line.identifier, line.first_number, line.is_selected),
            ("FT", "A2026", 5, False),
        )
        self.assertEqual((line.at_status, line.has_draft), ("active", False))
        self.assertEqual(self.env["l10n_pt_atcud.series"].search_count([]), before)

    def test_imported_series_continues_its_numbers(self):
        info = self.at_at(first=5, tipo_serie=TipoSerie.RECOVERY, num_cert_sw_fatur=9)
        wizard = self.wizard()
        wizard.line_ids.numbered_until = 77
        series = self.imported(wizard)
        self.assertEqual((series.state, series.kind), ("registered", "recovery"))
        self.assertEqual(series.validation_code, info.cod_validacao_serie)
        self.assertEqual((series.first_number, series.software_number), (5, 9))
        invoice = self.draft(l10n_pt_atcud_series_id=series.id)
        invoice.action_post()
        self.assertEqual(invoice.name, "FT A2026/78")
        self.assertFalse(self.wizard().line_ids)

    def test_types_that_odoo_does_not_issue_have_no_journal(self):
        self.at_at("G2026", TipoDoc.GT)
        series = self.imported(self.wizard())
        self.assertEqual((series.document_type, series.journal_id.ids), ("GT", []))
        self.assertEqual(series.company_id, self.company)

    def test_draft_is_matched_in_any_case_unless_it_differs(self):
        self.at_at("A_1")
        self.at_at("AB1")
        series = self.make_series("A_1")
        wizard = self.wizard()
        matches = {one.identifier: one.has_draft for one in wizard.line_ids}
        self.assertEqual(matches, {"A_1": True, "AB1": False})
        self.assertIn(series, self.imported(wizard))
        self.assertEqual(series.state, "registered")
        self.at_at("C", first=5)
        self.make_series("C")
        with self.assertRaises(UserError) as raised:
            self.imported(self.wizard())
        self.assertIn("numInicialSeq", str(raised.exception))

    def test_closed_series_is_imported_only_when_selected(self):
        info = self.at_at()
        with self.other_program() as other:
            code = info.cod_validacao_serie
            other.finalizar_serie(Finalisation("A2026", TipoDoc.FT, code, 9))
        wizard = self.wizard()
        self.assertEqual(
            (wizard.line_ids.at_status, wizard.line_ids.is_selected),
            ("finalised", False),
        )
        with self.assertRaises(UserError):
            wizard.action_confirm()
        series = self.imported(wizard)
        self.assertEqual((series.state, series.last_number), ("finalised", 9))
        self.assertFalse(self.draft().l10n_pt_atcud_series_id)

    def test_import_uses_current_at_data(self):
        info = self.at_at()
        wizard = self.wizard()
        wizard.line_ids.sudo().write({"validation_code": "JFTX7RK9", "first_number": 3})
        series = self.imported(wizard)
        self.assertEqual(series.validation_code, info.cod_validacao_serie)
        self.assertEqual(series.first_number, 1)

    def test_number_of_the_journal_is_not_given_again(self):
        self.at_at()
        self.issued_before("FT A2026/12")
        self.assertEqual(self.imported(self.wizard()).numbered_until, 12)

    def test_import_asks_for_the_last_number_before_it_starts_at_1(self):
        self.at_at()
        self.at_at("G2026", TipoDoc.GT)
        wizard = self.wizard()
        selected = {one.identifier: one.is_selected for one in wizard.line_ids}
        self.assertEqual(selected, {"A2026": False, "G2026": True})
        invoices = wizard.line_ids.filtered(lambda one: one.document_type == "FT")
        invoices.is_selected = True
        with self.assertRaisesRegex(UserError, "FT A2026"):
            wizard.action_confirm()
        invoices.numbered_until = 31
        series = self.imported(wizard)
        self.assertEqual(series.filtered("journal_id").numbered_until, 31)

    def test_refused_connection_explains_itself(self):
        self.simulator.accounts = {USERNAME: Account("right")}
        with self.assertRaises(UserError) as raised:
            self.wizard()
        self.assertIn("Tries left: 4", str(raised.exception))

    def test_accountants_cannot_import(self):
        with self.assertRaises(AccessError):
            self.journal.with_user(self.accountant).action_l10n_pt_atcud_import()
        self.assertFalse(self.simulator.requests)
