"""Finalising and annulling series whose documents another program issues."""

from lxml import etree
from odoo.exceptions import RedirectWarning
from odoo.tests import tagged
from odoo.tools.safe_eval import safe_eval

from ..at_series import UnknownOutcomeError
from .common import AtcudCommon


@tagged("post_install", "-at_install", "post_install_l10n")
class TestClosingManual(AtcudCommon):
    def manual_series(self, document_type="GT", **values):
        return self.registered_series(
            "ARM2026", document_type, journal_id=False, **values
        )

    def wizard(self, series, **values):
        action = series.action_finalise()
        wizard = self.env[action["res_model"]].with_context(**action["context"])
        return wizard.create(values)

    def test_user_enters_the_last_number(self):
        for document_type in ("GT", "OR", "RG"):
            with self.subTest(document_type):
                series = self.manual_series(document_type)
                wizard = self.wizard(series, last_number=212, reason="Fim do ano")
                self.assertTrue(wizard.is_entered)
                wizard.action_confirm()
                self.assertEqual((series.state, series.last_number), ("finalised", 212))
                new = series._new_series()
                known = self.other_program().find(new)
                self.assertEqual(known.estado, "F")
                self.assertEqual(known.seq_ultimo_doc_emitido, 212)

    def test_without_a_number_nothing_is_sent(self):
        series = self.manual_series(first_number=7)
        for number in (0, 6):
            with self.subTest(number), self.assertRaises(RedirectWarning) as raised:
                self.wizard(series, last_number=number).action_confirm()
            self.assertIn("at least 7", raised.exception.args[0])
            self.assertEqual((series.state, series.last_number), ("registered", 0))
        self.assertEqual(self.simulator.requests["finalizarSerie"], 0)

    def test_lost_answer_keeps_the_entered_number(self):
        series = self.manual_series()
        self.simulator.faults.add("drop_before")
        error = self.close(series, "finalise", last_number=9)
        self.assertIsInstance(error, UnknownOutcomeError)
        self.assertEqual((series.state, series.last_number), ("closing", 9))
        self.assertTrue(series.action_resume_closing())
        self.assertEqual((series.state, series.last_number), ("finalised", 9))

    def test_unused_series_can_be_annulled(self):
        series = self.manual_series()
        self.assertIsNone(self.close(series, "annul"))
        self.assertEqual(series.state, "annulled")

    def test_buttons_follow_state_and_documents(self):
        def has_button(series, name):
            view = self.env["l10n_pt_atcud.series"].get_view(view_type="form")
            (button,) = etree.fromstring(view["arch"]).xpath(
                f"//header/button[@name='{name}']"
            )
            values = {
                "state": series.state,
                "journal_id": series.journal_id.id,
                "is_used": series.is_used,
            }
            return not safe_eval(button.get("invisible"), values)

        manual, unused = self.manual_series(), self.registered_series("B")
        self.assertTrue(has_button(manual, "action_finalise"))
        self.assertTrue(has_button(manual, "action_annul"))
        self.assertFalse(has_button(unused, "action_finalise"))
        self.assertTrue(has_button(unused, "action_annul"))
        self.draft(l10n_pt_atcud_series_id=unused.id).action_post()
        unused.invalidate_recordset()
        self.assertTrue(has_button(unused, "action_finalise"))
        self.assertFalse(has_button(unused, "action_annul"))
