"""AT has other data than requested: only the user decides."""

from odoo.exceptions import AccessError, RedirectWarning
from odoo.tests import tagged

from ..at_series import MeioProcessamento, NewSeries, TipoDoc, TipoSerie, lisbon_date
from .common import AtcudCommon


@tagged("post_install", "-at_install", "post_install_l10n")
class TestMismatch(AtcudCommon):
    def at_at(self, identifier="A2026", first=5, **values):
        new = NewSeries(identifier, TipoDoc.FT, first, lisbon_date(), **values)
        with self.other_program() as other:
            return other.registar_serie(new)

    def question(self, action):
        self.assertEqual(action["res_model"], "l10n_pt_atcud.series.mismatch")
        return self.env[action["res_model"]].browse(action["res_id"])

    def test_request_and_at_data_are_shown_side_by_side(self):
        self.at_at(tipo_serie=TipoSerie.TRAINING, num_cert_sw_fatur=9)
        series = self.make_series()
        wizard = self.question(series.action_register())
        self.assertEqual(
            [(one.name[:5], one.requested, one.at_at) for one in wizard.line_ids],
            [("Kind ", "N", "F"), ("First", "1", "5"), ("Softw", "0", "9")],
        )
        self.assertTrue(wizard.is_adoptable)
        self.assertEqual((series.state, series.validation_code), ("draft", False))

    def test_at_data_is_adopted_on_confirmation(self):
        info = self.at_at(
            "a2026", tipo_serie=TipoSerie.RECOVERY, num_cert_sw_fatur=9, first=5
        )
        series = self.make_series("A2026")
        asked = self.simulator.requests["registarSerie"]
        wizard = self.question(series.action_register())
        wizard.numbered_until = 77
        wizard.action_adopt()
        self.assertEqual(
            (series.state, series.identifier, series.kind, series.first_number),
            ("registered", "a2026", "recovery", 5),
        )
        self.assertEqual(series.validation_code, info.cod_validacao_serie)
        self.assertEqual(series.software_number, 9)
        self.assertFalse(series.mismatch)
        self.assertFalse(series.result_code)
        self.assertEqual(self.simulator.requests["registarSerie"], asked + 1)
        invoice = self.draft(l10n_pt_atcud_series_id=series.id)
        invoice.action_post()
        self.assertEqual(invoice.name, "FT a2026/78")

    def test_banner_opens_the_dialog_and_posting_follows(self):
        self.at_at()
        series, draft = self.make_series(), self.draft()
        model, method, ids = draft.alerts["l10n_pt_atcud_series"]["action_call"]
        wizard = self.question(getattr(self.env[model].browse(ids), method)())
        wizard.action_adopt()
        draft.action_post()
        self.assertEqual((draft.name, series.state), ("FT A2026/5", "registered"))

    def test_another_identifier_clears_the_mismatch(self):
        self.at_at()
        series = self.make_series()
        wizard = self.question(series.action_register())
        self.assertEqual(wizard.action_open_series()["res_id"], series.id)
        again = self.question(series.action_mismatch())
        self.assertEqual(again.line_ids.at_at, "5")
        series.identifier = "B2026"
        self.assertEqual((series.mismatch, series.result_code), (False, False))
        self.assertEqual(series.action_register()["params"]["type"], "success")

    def test_adopting_uses_current_at_data(self):
        self.at_at()
        series = self.make_series()
        wizard = self.question(series.action_register())
        with self.simulator.store as state:
            key = "series/509987656/FT/a2026"
            state[key] = {**state[key], "numInicialSeq": 8, "seqUltimoDocEmitido": 20}
        wizard.action_adopt()
        self.assertEqual((series.first_number, series.numbered_until), (8, 20))
        burnt = self.make_series("B")
        self.at_at("B")
        wizard = self.question(burnt.action_register())
        with self.simulator.store as state:
            key = "series/509987656/FT/b"
            state[key] = {**state[key], "estado": "N"}
        with self.assertRaises(RedirectWarning) as raised:
            wizard.action_adopt()
        self.assertIn("never be used again", raised.exception.args[0])
        self.assertEqual(burnt.state, "draft")

    def test_portal_series_is_not_adopted(self):
        self.at_at(first=1, meio_processamento=MeioProcessamento.PORTAL)
        series = self.make_series()
        wizard = self.question(series.action_register())
        self.assertFalse(wizard.is_adoptable)
        with self.assertRaises(RedirectWarning):
            wizard.action_adopt()
        self.assertEqual((series.state, series.validation_code), ("draft", False))

    def test_several_series_are_notified_without_dialog(self):
        self.at_at("BAD")
        good, bad = self.make_series("GOOD"), self.make_series("BAD")
        action = (good | bad).action_register()
        self.assertEqual(action["params"]["type"], "danger")
        self.question(bad.action_mismatch())

    def test_accountant_sees_the_difference_but_cannot_adopt(self):
        self.at_at()
        series = self.make_series().with_user(self.accountant)
        with self.assertRaises(RedirectWarning) as raised:
            series.action_register_from_document()
        self.assertIn("numInicialSeq (AT: 5, Odoo: 1)", raised.exception.args[0])
        with self.assertRaises(AccessError):
            series.action_mismatch()

    def test_prompted_password_is_requested_before_adopting(self):
        self.at_at()
        wizard = self.question(self.make_series().action_register())
        self.connection.sudo().password_mode = "prompted"
        self.assertEqual(wizard.action_adopt()["tag"], "l10n_pt_atcud_password_prompt")
