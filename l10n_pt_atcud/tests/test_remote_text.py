"""What AT writes is shown as text, wherever a person reads it."""

from lxml import html
from odoo.tests import tagged

from ..at_series import RejectedError, SetupError, UnknownOutcomeError
from ..remote_text import as_html
from .common import AtcudCommon

MARKUP = (
    '<a href="https://evil.example">pay</a> <img src="x" onerror="a()">\n<b>here</b>'
)


@tagged("post_install", "-at_install", "post_install_l10n")
class TestRemoteText(AtcudCommon):
    def assert_shown(self, field):
        """Check that a browser shows the remote text as it is, on two lines."""
        self.assertTrue(field)
        shown = html.fromstring(f"<div>{field}</div>")
        self.assertFalse(shown.xpath("//img | //b | //a[contains(@href, 'evil')]"))
        text = shown.text_content()
        self.assertIn('<a href="https://evil.example">pay</a>', text)
        self.assertIn("<b>here</b>", text)
        self.assertTrue(shown.xpath("//br"))

    def test_helper_keeps_line_breaks_and_nothing_live(self):
        self.assert_shown(as_html(MARKUP))
        self.assertEqual(as_html(None), "")

    def test_error_about_a_series(self):
        outcome = self.env["l10n_pt_atcud.call_outcome"].sudo()
        for record, error in (
            (outcome.record_refused, RejectedError(MARKUP, code="4001")),
            (outcome.record_unconfirmed, UnknownOutcomeError(MARKUP, code="500")),
            (outcome.record_still_open, RejectedError(MARKUP, code="4001")),
        ):
            series = self.make_series(f"M{record.__name__[7]}{error.code}").sudo()
            record(series, error)
            with self.subTest(record.__name__):
                self.assert_shown(series.message_ids.sorted("id")[-1].body)

    def test_activities(self):
        connection, series = self.connection.sudo(), self.make_series().sudo()
        connection._alert(connection._explain(SetupError(MARKUP, code="4")))
        series._schedule_warning(MARKUP)
        for record in (connection, series):
            self.assert_shown(record.activity_ids.note)
