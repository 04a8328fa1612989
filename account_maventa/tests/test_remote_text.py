"""What Maventa or a customer writes is shown as text, wherever a person reads it."""

from lxml import html
from odoo.tests import tagged

from ..maventa_api import SetupError
from ..models.transfer_state import TransferState
from .common import MaventaCommon

MARKUP = (
    '<a href="https://evil.example">pay</a> <img src="x" onerror="a()">\n<b>here</b>'
)


@tagged("post_install", "-at_install", "post_install_l10n")
class TestRemoteText(MaventaCommon):
    def assert_shown(self, field):
        """Check that a browser shows the remote text as it is, on two lines."""
        self.assertTrue(field)
        shown = html.fromstring(f"<div>{field}</div>")
        self.assertFalse(shown.xpath("//img | //b | //a[contains(@href, 'evil')]"))
        text = shown.text_content()
        self.assertIn('<a href="https://evil.example">pay</a>', text)
        self.assertIn("<b>here</b>", text)
        self.assertTrue(shown.xpath("//br"))

    def test_failed_transfer(self):
        self.company.maventa_notify_emails = "boss@example.com"
        move = self._to_transfer(self._invoice())
        transfer = move.sudo().maventa_transfer_id
        transfer._fail(TransferState.FAILED, MARKUP)
        transfer.actions = [["2026-03-02T10:00:00Z", MARKUP, MARKUP, MARKUP]]
        self.assert_shown(move.message_ids.sorted("id")[-1].body)
        self.assert_shown(move.sudo().activity_ids.note)
        self.assert_shown(transfer.timeline)
        self.assert_shown(move.sudo().maventa_timeline)
        self.env["maventa.failure.digest"].sudo()._send()
        mail = self.env["mail.mail"].sudo().search([], order="id desc", limit=1)
        self.assert_shown(mail.body_html)

    def test_trouble_of_the_account(self):
        account = self.account.sudo()
        account._stop(SetupError(MARKUP, code="refused"))
        self.assert_shown(account._journals().activity_ids.note)

    def test_odd_stored_events_lock_no_form(self):
        """A compute that raises would lock the invoice's form for everybody."""
        move = self._to_transfer(self._invoice())
        transfer = move.sudo().maventa_transfer_id
        odd = (
            [["x"]],
            [[1, None, {}, []]],
            [[["2026"], "ERROR", "EMAIL", "text", "more"]],
            {"a": 1},
            "text",
            [None, 7],
            [["9999-12-31T23:59:59-23:59", "ERROR", "", ""]],
        )
        for value in odd:
            with self.subTest(value=value):
                transfer.write({"actions": value, "history": value})
                self.env.invalidate_all()
                self.assertTrue(transfer.timeline)
                self.assertIsInstance(transfer.actions_text or "", str)
                self.assertTrue(move.sudo().maventa_timeline)
