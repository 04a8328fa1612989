"""What Billingo or a supplier writes is shown as text, wherever a person reads it."""

from lxml import html
from odoo.tests import tagged

from ..exceptions import DocumentProblem
from .common import BillingoCommon

MARKUP = (
    '<a href="https://evil.example">pay</a> <img src="x" onerror="a()">\n<b>here</b>'
)


@tagged("post_install", "-at_install", "post_install_l10n")
class TestRemoteText(BillingoCommon):
    def assert_shown(self, field):
        """Check that a browser shows the remote text as it is, on two lines."""
        self.assertTrue(field)
        shown = html.fromstring(f"<div>{field}</div>")
        self.assertFalse(shown.xpath("//img | //b | //a[contains(@href, 'evil')]"))
        text = shown.text_content()
        self.assertIn('<a href="https://evil.example">pay</a>', text)
        self.assertIn("<b>here</b>", text)
        self.assertTrue(shown.xpath("//br"))

    def test_trouble_of_the_connection(self):
        self.own.sudo().state = "active"
        self.env["billingo.connection.failures"]._suspend(self.own, MARKUP)
        self.assert_shown(self.own.sudo().activity_ids.note)
        self.assert_shown(self._messages(self.own)[:1].body)

    def test_comment_of_a_document(self):
        self.own.sudo().state = "active"
        self._fetch()
        document = self.own.sudo().document_ids.filtered(
            lambda one: one.kind == "invoice" and not one.reference_ids
        )[:1]
        self._alter(document, comment=MARKUP)
        document.action_process()
        self.assert_shown(document.move_id.narration)

    def test_error_of_a_document(self):
        self.own.sudo().state = "active"
        self._fetch()
        document = self.own.sudo().document_ids[:1]
        processor = self.env["billingo.processor"].sudo()
        processor._fail(document, DocumentProblem("refused_by_odoo", text=MARKUP))
        self.assert_shown(document.activity_ids.note)
        self.assert_shown(self._messages(document, "mt_document_error")[:1].body)
