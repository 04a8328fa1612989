from unittest.mock import patch

from odoo.tests import tagged

from ..services.messages import MaventaMessages
from .common import MaventaCommon


@tagged("post_install", "-at_install")
class TestLanguages(MaventaCommon):
    """Everybody reads in the own language."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("sv_SE")
        cls.env["res.lang"]._activate_lang("fi_FI")

    def _translated(self):
        """Let one text differ by language, whatever is translated already."""
        original = MaventaMessages._error

        def error(messages, problem, company):
            text = original(messages, problem, company)
            return f"[{messages.env.lang}] {text}"

        return patch.object(self.registry["maventa.messages"], "_error", error)

    def test_error_is_shown_in_the_language_of_the_reader(self):
        self.accountant.lang = "fi_FI"
        move = self._to_transfer(self._invoice())
        with self._translated(), self._fault("invoice_refused"):
            self._run_cron()
        for lang in ("en_US", "sv_SE", "fi_FI"):
            reader = move.with_context(lang=lang)
            self.assertTrue(reader.maventa_error.startswith(f"[{lang}]"), lang)
            self.assertIn(f"[{lang}]", str(reader.maventa_timeline))
        said = " ".join(move.message_ids.mapped("body"))
        self.assertIn("[fi_FI]", said, "the requester's language")
        self.assertNotIn("[sv_SE]", said)

    def test_upload_has_language_and_comment(self):
        self.company.maventa_sender_comment = "Thank you"
        company = self.company.with_context(lang="sv_SE")
        company.maventa_sender_comment = "Tack"
        self.partner_b.lang = "sv_SE"
        moves = self._invoice() | self._invoice(self.partner_b)
        self._to_transfer(moves)
        self._run_cron()
        held = self._held()
        sent = [
            (held[move.name].lang, held[move.name].sender_comment) for move in moves
        ]
        self.assertEqual(sent, [("EN", "Thank you"), ("SE", "Tack")])

    def test_statuses_have_names_in_all_languages(self):
        other = self.setup_other_company(name="Toinen Oy")["company"]
        kind = self.registry["maventa.messages"]
        original = kind._in_all_languages

        def in_all(messages, tell, main=None):
            texts = original(messages, tell, main)
            texts.update({code: f"{texts[code]} [{code}]" for code in texts})
            return texts

        with patch.object(kind, "_in_all_languages", in_all):
            other._maventa_ensure_statuses()
        status = other.maventa_status_to_transfer_id
        for lang in ("en_US", "sv_SE", "fi_FI"):
            self.assertTrue(status.with_context(lang=lang).name.endswith(f"[{lang}]"))
