"""Every number of a series, with gaps, backward dates and missing codes."""

import base64
import datetime
import io
import subprocess

from odoo import Command
from odoo.addons.account.tests.common import AccountTestInvoicingHttpCommon
from odoo.addons.http_routing.tests.common import MockRequest
from odoo.exceptions import UserError
from odoo.tests import tagged

from ..at_series import lisbon_date
from .common import AtcudCommon


class Reports:
    def setUp(self):
        super().setUp()
        self.series = self.registered_series()
        self.today = lisbon_date()

    def issued(self, days=0, **values):
        day = self.today - datetime.timedelta(days=days)
        invoice = self.draft(date=day, **values)
        invoice.action_post()
        return invoice

    def report(self, *series, **values):
        ids = [one.id for one in series]
        report = self.env["l10n_pt_atcud.series.report"].with_user(self.accountant)
        return report.create({"series_ids": [Command.set(ids)], **values})

    def lines(self, report):
        action = report.action_show()
        return report.env[action["res_model"]].search(action["domain"])

    def damage(self, invoice, assignment, *values):
        """Change by SQL what Odoo never changes."""
        self.env.flush_all()
        self.cr.execute(
            f"UPDATE account_move SET {assignment} WHERE id = %s",  # noqa: S608
            (*values, invoice.id),
        )
        self.env.invalidate_all()


@tagged("post_install", "-at_install", "post_install_l10n")
class TestSeriesReport(Reports, AtcudCommon):
    def test_every_number_from_first_to_last(self):
        first, second = self.issued(2), self.issued(1)
        self.cancel_issued(second)
        third = self.issued()
        self.draft()  # counts for nothing
        lines = self.lines(self.report(self.series))
        self.assertEqual(
            [(one.numbers, one.date, one.status, one.atcud) for one in lines],
            [
                ("1", first.invoice_date, "posted", first.l10n_pt_atcud_value),
                ("2", second.invoice_date, "cancel", second.l10n_pt_atcud_value),
                ("3", third.invoice_date, "posted", third.l10n_pt_atcud_value),
            ],
        )
        self.assertEqual(lines.mapped("total"), [100.0] * 3)
        self.assertFalse(any(lines.mapped("problem")))

    def test_gaps_backward_dates_and_missing_codes_stand_out(self):
        invoices = [self.issued(3) for _number in range(6)]
        self.damage(
            invoices[1],
            "sequence_number = 77, name = 'X/77', l10n_pt_atcud_series_id = NULL",
        )
        self.damage(
            invoices[2],
            "sequence_number = 78, name = 'X/78', l10n_pt_atcud_series_id = NULL",
        )
        self.damage(invoices[3], "invoice_date = %s", "2026-01-01")
        self.damage(invoices[4], "l10n_pt_atcud_value = NULL")
        lines = self.lines(self.report(self.series))
        self.assertEqual(
            [(one.numbers, one.status) for one in lines],
            [
                ("1", "posted"),
                ("2 – 3", "missing"),
                ("4", "posted"),
                ("5", "posted"),
                ("6", "posted"),
            ],
        )
        problems = lines.mapped("problem")
        self.assertEqual([bool(one) for one in problems], [0, 1, 1, 1, 0])
        self.assertIn("missing", problems[1])
        self.assertIn("date", problems[2])
        self.assertIn("no ATCUD", problems[3])

    def test_a_gap_before_the_first_document(self):
        invoice = self.issued()
        self.damage(invoice, "sequence_number = 3")
        lines = self.lines(self.report(self.series))
        self.assertEqual(lines.mapped("numbers"), ["1 – 2", "3"])

    def test_numbers_of_another_program_are_no_gap(self):
        self.series._move_counter(4, "Outro programa")
        self.issued()
        lines = self.lines(self.report(self.series))
        self.assertEqual(
            [(one.numbers, one.status, one.problem) for one in lines],
            [("1 – 4", "elsewhere", False), ("5", "posted", False)],
        )

    def test_all_series_of_a_year_at_once(self):
        other = self.registered_series("A2026", "NC")
        unregistered = self.make_series("LATER")
        self.issued()
        refund = self.draft("out_refund")
        refund.action_post()
        lines = self.lines(self.report(year=self.today.year))
        self.assertEqual(lines.series_id, self.series | other)
        self.assertNotIn(unregistered, lines.series_id)
        with self.assertRaises(UserError):
            self.report(year=2001).action_show()

    def test_xlsx_has_a_sheet_per_series(self):
        import openpyxl

        credit = self.registered_series("A2026", "NC")
        invoices = [self.issued() for _number in range(3)]
        self.damage(invoices[1], "l10n_pt_atcud_value = NULL")
        self.draft("out_refund").action_post()
        action = self.report(self.series, credit).action_xlsx()
        attachment = self.env["ir.attachment"].browse(
            int(action["url"].split("/")[-1].split("?")[0])
        )
        content = base64.b64decode(attachment.datas)
        book = openpyxl.load_workbook(io.BytesIO(content))
        self.assertEqual(book.sheetnames, ["FT A2026", "NC A2026"])
        rows = list(book["FT A2026"].iter_rows(values_only=True))
        self.assertEqual(len(rows), 4)
        self.assertEqual(rows[1][:2], ("1", "FT A2026/1"))
        self.assertEqual(rows[1][2].date(), self.today)
        self.assertEqual(rows[1][5], 100)
        self.assertIn("no ATCUD", rows[2][6])

    def test_demo_and_real_series_of_one_name_are_told_apart(self):
        import openpyxl

        self.issued()
        self.use_environment("demo")
        demo = self.registered_series()
        self.issued()
        lines = self.lines(self.report(year=self.today.year))
        found = {(x.series_id.display_name, x.environment) for x in lines}
        self.assertEqual(found, {("FT A2026", "production"), ("DEMO-FT A2026", "demo")})
        action = self.report(self.series, demo).action_xlsx()
        attachment = self.env["ir.attachment"].browse(
            int(action["url"].split("/")[-1].split("?")[0])
        )
        content = base64.b64decode(attachment.datas)
        book = openpyxl.load_workbook(io.BytesIO(content))
        self.assertEqual(set(book.sheetnames), {"FT A2026", "DEMO-FT A2026"})
        for name, text in (("FT A2026", "Production"), ("DEMO-FT A2026", "no fiscal")):
            rows = list(book[name].iter_rows(values_only=True))
            self.assertEqual(rows[0][7], "Environment")
            self.assertIn(text, rows[1][7])

    def test_columns_filters_and_groups_of_the_invoice_list(self):
        invoice = self.issued()
        moves = self.env["account.move"]
        view = moves.get_view(self.env.ref("account.view_out_invoice_tree").id, "list")
        for name in ("l10n_pt_atcud_value", "l10n_pt_atcud_series_id"):
            self.assertIn(f'name="{name}"', view["arch"])
        search = self.env.ref("account.view_account_invoice_filter")
        arch = moves.get_view(search.id, "search")["arch"]
        for name in (
            "l10n_pt_atcud_with",
            "l10n_pt_atcud_is_missing",
            "group_by_l10n_pt_atcud_series",
            "group_by_l10n_pt_atcud_document_type",
        ):
            self.assertIn(f'name="{name}"', arch)
        groups = moves.formatted_read_group(
            [("l10n_pt_atcud_value", "!=", False)],
            ["l10n_pt_atcud_series_id"],
            ["__count"],
        )
        found = {one["l10n_pt_atcud_series_id"][0]: one["__count"] for one in groups}
        self.assertEqual(found, {invoice.l10n_pt_atcud_series_id.id: 1})


@tagged("post_install", "-at_install", "post_install_l10n")
class TestSeriesReportPdf(Reports, AtcudCommon, AccountTestInvoicingHttpCommon):
    def test_pdf_lists_every_number_and_gap(self):
        invoices = [self.issued() for _number in range(3)]
        self.damage(invoices[1], "l10n_pt_atcud_series_id = NULL")
        # A dialog is its user's own: who prints it has made it.
        reports = self.env["l10n_pt_atcud.series.report"]
        report = reports.create({"series_ids": [Command.set(self.series.ids)]})
        self.assertEqual(report.action_pdf()["type"], "ir.actions.report")
        self.env.flush_all()
        reports = report.env["ir.actions.report"].with_context(
            force_report_rendering=True
        )
        login = self.accountant.login
        with MockRequest(report.env) as request:
            request.session = self.authenticate(login, login)
            pdf, _kind = reports._render_qweb_pdf(
                "l10n_pt_atcud.action_report_l10n_pt_atcud_series", report.ids
            )
        text = subprocess.run(
            ["pdftotext", "-layout", "-", "-"],
            input=pdf,
            capture_output=True,
            check=True,
        ).stdout.decode()
        self.assertIn("FT A2026", text)
        for invoice in (invoices[0], invoices[2]):
            self.assertIn(invoice.l10n_pt_atcud_value, text)
        self.assertIn("The number is missing.", text)
        self.assertNotIn("no fiscal value", text)

    def test_pdf_says_what_a_demo_series_is_worth(self):
        self.use_environment("demo")
        series = self.registered_series()
        self.issued()
        report = self.report(series)
        report._fill()
        html, _kind = report.env["ir.actions.report"]._render(
            "l10n_pt_atcud.report_series", report.ids, data={"report_type": "html"}
        )
        self.assertIn("DEMO-FT A2026", html.decode())
        self.assertIn("Documents have no fiscal value", html.decode())
