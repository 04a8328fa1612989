"""Receipts of customer payments: RG and RC, from a registered series."""

import datetime
from unittest.mock import patch

from odoo import Command
from odoo.addons.account.tests.common import AccountTestInvoicingHttpCommon
from odoo.exceptions import RedirectWarning, UserError, ValidationError
from odoo.tests import Form, tagged

from ..at_series import lisbon_date
from .common import AtcudCommon
from .test_immutability import refused
from .test_printing import LAYOUTS, PrintedPages


class Receipts:
    """The bank journal issues receipts, for ever: the environment is Production."""

    def setUp(self):
        super().setUp()
        self.bank = self.company_data["default_journal_bank"]
        self.bank.sudo().l10n_pt_atcud_receipt_type = "RG"
        self.series = self.production("R2026", "RG", self.bank)

    def production(self, identifier, document_type, journal, **values):
        """Return a registered series of a journal."""
        return self.registered_series(
            identifier, document_type, journal_id=journal.id, **values
        )

    def payment(self, amount=100.0, **values):
        return self.env["account.payment"].create(
            {
                "payment_type": "inbound",
                "partner_type": "customer",
                "partner_id": self.partner_a.id,
                "journal_id": self.bank.id,
                "amount": amount,
                "date": lisbon_date(),
                **values,
            }
        )

    def paid(self, *arguments, **values):
        payment = self.payment(*arguments, **values)
        payment.action_post()
        return payment

    def pay(self, invoices, **values):
        """Pay invoices as the button *Pay* does; return the payments."""
        register = self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=invoices.ids
        )
        values = {"journal_id": self.bank.id, **values}
        return register.create(values)._create_payments()

    def pay_without_entries(self):
        """Let payments have no entry, as where bank statements are reconciled."""
        methods = self.bank.inbound_payment_method_line_ids.sudo()
        methods.payment_account_id = False
        moves = type(self.env["account.move"])
        accounting = patch.object(
            moves, "_get_invoice_in_payment_state", lambda move: "in_payment"
        )
        accounting.start()
        self.addCleanup(accounting.stop)


@tagged("post_install", "-at_install", "post_install_l10n")
class TestReceipts(Receipts, AtcudCommon):
    def test_confirmed_payment_gets_number_and_atcud(self):
        first, second = self.payment(), self.payment(50)
        self.assertFalse(first.l10n_pt_atcud_value)
        (first | second).action_post()
        self.assertEqual(first.l10n_pt_atcud_number, "RG R2026/1")
        self.assertEqual(second.l10n_pt_atcud_number, "RG R2026/2")
        code = self.series.validation_code
        self.assertEqual(second.l10n_pt_atcud_value, f"{code}-2")
        self.assertEqual(first.l10n_pt_atcud_date, lisbon_date())
        self.assertEqual(self.series._find_last_number(), 2)
        self.assertEqual(self.series.move_count, 2)

    def test_only_customer_payments_of_journals_that_issue(self):
        cash = self.company_data["default_journal_cash"]
        refund = {"payment_type": "outbound"}
        supplier = {"payment_type": "outbound", "partner_type": "supplier"}
        for values in ({"journal_id": cash.id}, refund, supplier):
            with self.subTest(values):
                payment = self.paid(**values)
                self.assertFalse(payment.l10n_pt_atcud_value)
        self.assertFalse(self.series.document_counter)

    def test_journal_without_a_series_uses_the_companys(self):
        cash = self.company_data["default_journal_cash"]
        cash.sudo().l10n_pt_atcud_receipt_type = "RG"
        self.assertEqual(self.paid(journal_id=cash.id).l10n_pt_atcud_sequence, 1)
        own = self.production("CASH", "RG", cash)
        self.assertEqual(self.paid(journal_id=cash.id).l10n_pt_atcud_series_id, own)
        self.assertEqual(self.paid().l10n_pt_atcud_series_id, self.series)

    def test_cash_scheme_has_a_type_of_its_own(self):
        self.bank.sudo().l10n_pt_atcud_receipt_type = "RC"
        with self.assertRaisesRegex(RedirectWarning, "type RC"):
            self.paid()
        self.production("C2026", "RC", self.bank)
        self.assertEqual(self.paid().l10n_pt_atcud_number, "RC C2026/1")

    def test_without_a_series_the_payment_is_refused_or_noted(self):
        self.series.sudo().state = "finalised"
        payment = self.payment()
        with self.assertRaisesRegex(RedirectWarning, "No AT series"):
            payment.action_post()
        with self.assertRaisesRegex(UserError, "No AT series"):
            payment.with_context(cron_id=1).action_post()
        self.company.sudo().l10n_pt_atcud_without_series = "warn"
        payment.action_post()
        self.assertFalse(payment.l10n_pt_atcud_value)
        self.assertIn("No AT series", str(payment.message_ids.mapped("body")))

    def test_paid_invoices_stand_on_the_receipt(self):
        self.production("A2026", "FT", self.journal)
        invoices = self.draft() | self.draft()
        invoices.action_post()
        payment = self.pay(invoices, group_payment=True)
        rows = payment.l10n_pt_atcud_content["invoices"]
        self.assertEqual([row["name"] for row in rows], invoices.mapped("name"))
        self.assertEqual([row["amount"] for row in rows], [100, 100])
        self.assertEqual(payment.l10n_pt_atcud_number, "RG R2026/1")

    def test_partial_payment_names_what_was_paid(self):
        self.production("A2026", "FT", self.journal)
        invoice = self.draft()
        invoice.action_post()
        (row,) = self.pay(invoice, amount=30).l10n_pt_atcud_content["invoices"]
        self.assertEqual((row["amount"], row["total"]), (30, 100))

    # === CASH SCHEME === #

    def cash_scheme(self):
        """Let the bank journal issue RC; return an invoice of 23 % and 6 %."""
        self.production("A2026", "FT", self.journal)
        self.bank.sudo().l10n_pt_atcud_receipt_type = "RC"
        self.production("C2026", "RC", self.bank)
        chart = self.env["account.chart.template"].with_company(self.company)
        normal = self.company_data["default_tax_sale"]
        reduced = chart.ref("iva_pt_sale_reduzida")
        invoice = self.draft(
            invoice_line_ids=[
                Command.create(
                    {"name": "Azulejo", "price_unit": price, "tax_ids": tax.ids}
                )
                for price, tax in ((100.01, normal), (33.33, reduced))
            ]
        )
        invoice.action_post()
        self.assertEqual((normal.amount, reduced.amount), (23, 6))
        return invoice

    def test_cash_scheme_names_net_rates_and_tax(self):
        invoice = self.cash_scheme()
        (row,) = self.pay(invoice).l10n_pt_atcud_content["invoices"]
        self.assertEqual((row["name"], row["amount"]), ("FT A2026/1", 158.34))
        self.assertEqual(row["date"], str(invoice.invoice_date))
        self.assertEqual(
            row["rates"],
            [
                {"rate": 23.0, "net": 100.01, "vat": 23.0},
                {"rate": 6.0, "net": 33.33, "vat": 2.0},
            ],
        )

    def test_partial_payments_together_have_the_tax_of_the_invoice(self):
        invoice = self.cash_scheme()
        sums = {23.0: [0.0, 0.0], 6.0: [0.0, 0.0]}
        for paid in (10.0, 7.77, 33.34, 107.23):
            (row,) = self.pay(invoice, amount=paid).l10n_pt_atcud_content["invoices"]
            together = sum(one["net"] + one["vat"] for one in row["rates"])
            self.assertAlmostEqual(together, paid)
            for one in row["rates"]:
                sums[one["rate"]][0] += one["net"]
                sums[one["rate"]][1] += one["vat"]
        self.assertEqual(invoice.amount_residual, 0)
        for rate, expected in ((23.0, (100.01, 23.0)), (6.0, (33.33, 2.0))):
            for amount, booked in zip(sums[rate], expected, strict=True):
                self.assertAlmostEqual(amount, booked)

    def test_receipt_of_the_cash_scheme_has_the_date_of_the_payment(self):
        self.cash_scheme()
        earlier = lisbon_date() - datetime.timedelta(days=2)
        self.assertEqual(self.paid(date=earlier).l10n_pt_atcud_date, earlier)
        payments = self.payment() | self.payment(date=earlier)
        payments.action_post()
        self.assertEqual(payments.mapped("l10n_pt_atcud_sequence"), [3, 2])
        self.paid()
        with self.assertRaisesRegex(UserError, "already issued"):
            self.paid(date=earlier)

    def test_receipt_is_not_older_than_the_registration_of_its_series(self):
        self.cash_scheme()
        self.company.sudo().l10n_pt_atcud_date_unregistered = "refuse"
        earlier = lisbon_date() - datetime.timedelta(days=2)
        with self.assertRaisesRegex(UserError, "earlier than the registration"):
            self.paid(date=earlier)
        self.assertEqual(self.paid().l10n_pt_atcud_sequence, 1)

    def test_receipt_of_the_cash_scheme_is_booked_in_the_period_of_its_date(self):
        self.cash_scheme()
        company = self.company.sudo()
        company.l10n_pt_atcud_document_rules = "refuse"
        company.fiscalyear_lock_date = "2026-05-31"
        with self.assertRaisesRegex(UserError, "period of its date"):
            self.paid(date="2026-05-03")
        company.l10n_pt_atcud_document_rules = "warn"
        payment = self.paid(date="2026-05-03")
        self.assertEqual(str(payment.l10n_pt_atcud_date), "2026-05-03")
        self.assertIn("period of its date", str(payment.message_ids.mapped("body")))

    def test_cancelled_receipt_of_the_cash_scheme_does_not_count(self):
        invoice = self.cash_scheme()
        self.pay(invoice, amount=50)._l10n_pt_atcud_cancel("Cheque returned")
        (row,) = self.pay(invoice).l10n_pt_atcud_content["invoices"]
        self.assertEqual([one["vat"] for one in row["rates"]], [23.0, 2.0])

    def test_cash_scheme_without_an_entry(self):
        """A payment method without an outstanding account makes no entry."""
        invoice = self.cash_scheme()
        self.pay_without_entries()
        payment = self.pay(invoice)
        self.assertFalse(payment.move_id)
        (row,) = payment.l10n_pt_atcud_content["invoices"]
        self.assertEqual([one["vat"] for one in row["rates"]], [23.0, 2.0])

    def test_cash_scheme_refuses_what_it_cannot_divide(self):
        invoice = self.cash_scheme()
        other = invoice.copy({"invoice_date": invoice.invoice_date})
        other.action_post()
        self.pay_without_entries()
        with self.assertRaisesRegex(UserError, "payment for each invoice"):
            self.pay(invoice | other, group_payment=True)

    def test_other_receipts_name_no_tax(self):
        self.production("A2026", "FT", self.journal)
        invoice = self.draft()
        invoice.action_post()
        (row,) = self.pay(invoice).l10n_pt_atcud_content["invoices"]
        self.assertNotIn("rates", row)

    # === OTHERS === #

    def test_payment_of_an_invoice_receipt_gets_none(self):
        self.production("A2026", "FR", self.journal)
        invoice = self.draft(l10n_pt_atcud_document_type="FR")
        invoice.action_post()
        self.assertEqual(invoice.l10n_pt_atcud_series_id.document_type, "FR")
        self.assertFalse(self.pay(invoice).l10n_pt_atcud_value)

    def test_accountant_issues_and_cancels(self):
        payment = self.payment().with_user(self.accountant)
        payment.action_post()
        wizard = self.env["l10n_pt_atcud.cancel"].with_user(self.accountant)
        action = payment.action_l10n_pt_atcud_cancel()
        form = Form(wizard.with_context(**action["context"]))
        self.assertEqual(form.number, "RG R2026/1")
        form.reason = "Cheque returned"
        form.save().action_confirm()
        self.assertEqual(payment.state, "canceled")

    def test_payment_of_the_future_has_no_receipt(self):
        with self.assertRaisesRegex(UserError, "after today"):
            self.paid(date=lisbon_date() + datetime.timedelta(days=1))

    def test_receipt_of_an_earlier_payment_is_dated_today(self):
        self.paid()
        earlier = lisbon_date() - datetime.timedelta(days=3)
        payment = self.paid(date=earlier)
        self.assertEqual(payment.l10n_pt_atcud_date, lisbon_date())
        content = payment.l10n_pt_atcud_content
        self.assertEqual(content["payment_date"], str(earlier))

    def test_dates_of_a_series_ascend(self):
        self.series.sudo().document_date = lisbon_date() + datetime.timedelta(days=1)
        with self.assertRaisesRegex(UserError, "already issued"):
            self.paid()

    def test_payment_without_customer_is_of_the_final_consumer(self):
        payment = self.paid(partner_id=False)
        self.assertEqual(payment.l10n_pt_atcud_sequence, 1)
        self.assertEqual(payment.l10n_pt_atcud_content["customer"]["name"], "")

    def test_many_payments_need_one_search(self):
        numbering = self.env["l10n_pt_atcud.document_numbering"]

        def queries(count):
            payments = self.env["account.payment"].browse()
            for _number in range(count):
                payments |= self.payment()
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            numbering.issue(payments)
            self.env.flush_all()
            numbers = payments.mapped("l10n_pt_atcud_sequence")
            self.assertEqual(numbers, list(range(numbers[0], numbers[0] + count)))
            return self.env.cr.sql_log_count - before

        queries(1)
        self.assertLessEqual(queries(20), queries(1) + 3)

    def test_first_number_and_counter(self):
        series = self.production("LATE", "RG", self.bank, first_number=46, sequence=1)
        self.assertEqual(self.paid().l10n_pt_atcud_number, "RG LATE/46")
        series.sudo().numbered_until = 60
        self.assertEqual(self.paid().l10n_pt_atcud_number, "RG LATE/61")

    def test_failed_posting_gives_no_number_away(self):
        with self.assertRaises(ZeroDivisionError), self.env.cr.savepoint():
            self.paid()
            raise ZeroDivisionError
        self.env.invalidate_all()
        self.assertEqual(self.paid().l10n_pt_atcud_number, "RG R2026/1")

    def test_successor_numbers_from_its_start(self):
        start = lisbon_date() + datetime.timedelta(days=10)
        self.production(
            "R2027", "RG", self.bank, start_date=start, predecessor_id=self.series.id
        )
        self.assertEqual(self.paid().l10n_pt_atcud_series_id, self.series)

    def test_series_of_receipts_needs_a_payment_journal(self):
        with self.assertRaisesRegex(ValidationError, "bank, cash"):
            self.make_series("X", "RG")

    def test_series_report_rows(self):
        first = self.paid(10)
        self.paid(20)
        first._l10n_pt_atcud_cancel("Typed twice")
        mixin = self.env["l10n_pt_atcud.document.mixin"]
        rows = mixin._l10n_pt_atcud_rows(self.series)
        self.assertEqual(
            [(row["number"], row["status"], row["total"]) for row in rows],
            [(1, "cancel", 10), (2, "posted", 20)],
        )
        self.assertEqual(rows[0]["atcud"], first.l10n_pt_atcud_value)
        self.assertEqual(
            (rows[0]["res_model"], rows[0]["res_id"]), (first._name, first.id)
        )

    def test_report_per_series_has_receipts(self):
        first = self.paid(10)
        self.paid(20)
        first._l10n_pt_atcud_cancel("Typed twice")
        reporter = self.env["l10n_pt_atcud.series_reporter"]
        year = lisbon_date().year
        self.assertIn(self.series, reporter.series_of(self.company, year))
        report = self.env["l10n_pt_atcud.series.report"].create(
            {"series_ids": self.series.ids}
        )
        report.action_show()
        lines = report.line_ids
        self.assertEqual(lines.mapped("document"), ["RG R2026/1", "RG R2026/2"])
        self.assertEqual(lines.mapped("status"), ["cancel", "posted"])
        self.assertEqual(lines.mapped("total"), [10, 20])
        self.assertFalse(any(lines.mapped("problem")))
        self.assertEqual(lines[0].action_open_move()["res_id"], first.id)
        self.assertTrue(self.series.is_used)

    def test_qr_code_of_a_certified_program(self):
        self.company.sudo().l10n_pt_atcud_software_number = "0042"
        payment = self.paid(123.4)
        self.assertIsNone(payment._l10n_pt_atcud_qr())
        service = self.env["l10n_pt_atcud.qr_code"]
        payload = service.payload_of_document(payment, "0")
        self.assertIn("*D:RG*E:N*", payload)
        self.assertTrue(payload.endswith("*I1:0*N:0.00*O:123.40*Q:0*R:0042"), payload)


@tagged("post_install", "-at_install", "post_install_l10n")
class TestReceiptImmutability(Receipts, AtcudCommon):
    def test_issued_receipt_does_not_change(self):
        payment = self.paid()
        changes = {
            "amount": 99.0,
            "partner_id": self.partner_b.id,
            "date": "2026-01-01",
            "journal_id": self.company_data["default_journal_cash"].id,
            "memo": "Another",
            "payment_type": "outbound",
            "currency_id": self.env.ref("base.USD").id,
            "state": "draft",
            "l10n_pt_atcud_number": "RG R2026/9",
            "l10n_pt_atcud_value": False,
            "l10n_pt_atcud_content": False,
            "l10n_pt_atcud_sequence": 9,
            "l10n_pt_atcud_cancel_reason": "By hand",
        }
        for name, value in changes.items():
            with self.subTest(name), self.assertRaises(UserError):
                payment.write({name: value})
        payment.write({"amount": 100.0, "partner_id": self.partner_a.id})

    def test_issued_receipt_is_not_reset_cancelled_or_deleted(self):
        payment = self.paid()
        for method in ("action_draft", "action_cancel", "action_reject", "unlink"):
            with self.subTest(method), self.assertRaisesRegex(UserError, "is issued"):
                getattr(payment, method)()
        for method in ("button_draft", "button_cancel"):
            with self.subTest(method), self.assertRaisesRegex(UserError, "is issued"):
                getattr(payment.move_id, method)()
        key = {"l10n_pt_atcud_document_cancellation": True}  # what a request could send
        with self.assertRaisesRegex(UserError, "is issued"):
            payment.with_context(**key).action_draft()

    def test_number_is_not_created_by_hand(self):
        for values in (
            {"l10n_pt_atcud_value": "ABCDEFGH-1"},
            {"l10n_pt_atcud_series_id": self.series.id},
        ):
            with self.subTest(values), self.assertRaisesRegex(UserError, "by hand"):
                self.payment(**values)
        defaults = {"default_l10n_pt_atcud_number": "RG R2026/7"}
        payments = self.env["account.payment"].with_context(**defaults)
        payment = payments.create({"amount": 1, "journal_id": self.bank.id})
        self.assertFalse(payment.l10n_pt_atcud_number)

    def test_copy_has_no_receipt(self):
        copy = self.paid().copy()
        self.assertFalse(copy.l10n_pt_atcud_value)
        copy.action_post()
        self.assertEqual(copy.l10n_pt_atcud_sequence, 2)

    def test_cancellation_needs_a_reason_and_keeps_the_number(self):
        payment = self.paid()
        value, content = payment.l10n_pt_atcud_value, payment.l10n_pt_atcud_content
        for reason in ("  ", "x" * 51):
            with self.subTest(reason), self.assertRaisesRegex(UserError, "reason"):
                payment._l10n_pt_atcud_cancel(reason)
        payment._l10n_pt_atcud_cancel("Cheque returned")
        self.assertEqual(payment.state, "canceled")
        self.assertEqual(payment.l10n_pt_atcud_value, value)
        self.assertEqual(payment.l10n_pt_atcud_content, content)
        self.assertIn("Cheque returned", str(payment.message_ids.mapped("body")))
        with self.assertRaisesRegex(UserError, "not cancelled"):
            payment._l10n_pt_atcud_cancel("Again")
        for state in ("draft", "paid", "in_process"):
            with self.subTest(state), self.assertRaises(UserError):
                payment.state = state
        self.assertEqual(self.paid().l10n_pt_atcud_sequence, 2)

    def test_cancellation_opens_the_invoice_again(self):
        self.production("A2026", "FT", self.journal)
        invoice = self.draft()
        invoice.action_post()
        payment = self.pay(invoice)
        payment._l10n_pt_atcud_cancel("Wrong customer")
        self.assertEqual(invoice.amount_residual, 100)
        self.assertEqual(len(payment.l10n_pt_atcud_content["invoices"]), 1)

    def test_customer_is_not_merged_into_another_taxpayer(self):
        company = self.partner_a.create({"name": "Recibo", "vat": "PT502757191"})
        contact = company.create({"name": "Caixa", "parent_id": company.id})
        other = company.create({"name": "Outro", "vat": "PT599999993"})
        wizards = self.env["base.partner.merge.automatic.wizard"].sudo()
        values = {"partner_ids": (company | other).ids, "dst_partner_id": other.id}
        payment = self.paid(partner_id=contact.id)
        with refused(self):
            wizards.create(values).action_merge()
        payment._l10n_pt_atcud_cancel("Cheque returned")
        with refused(self):
            wizards.create(values).action_merge()
        self.assertEqual(payment.partner_id.commercial_partner_id, company)

    def test_invoice_with_a_receipt_is_not_cancelled(self):
        self.production("A2026", "FT", self.journal)
        invoice = self.draft()
        invoice.action_post()
        payment = self.pay(invoice)
        with self.assertRaisesRegex(UserError, "RG R2026/1"):
            self.cancel_issued(invoice)
        payment._l10n_pt_atcud_cancel("Wrong customer")
        self.cancel_issued(invoice)
        self.assertEqual(invoice.state, "cancel")

    def test_later_changes_of_the_customer_change_no_reprint(self):
        payment = self.paid()
        self.partner_a.sudo().name = "Another name"
        receipt = payment._l10n_pt_atcud_receipt()
        self.assertEqual(receipt["customer"]["name"], "partner_a")

    def test_receipt_of_demo_may_be_reset(self):
        self.use_environment("demo")
        self.registered_series("D2026", "RG", journal_id=self.bank.id)
        payment = self.paid()
        self.assertEqual(payment.l10n_pt_atcud_number, "DEMO-RG D2026/1")
        payment.action_draft()
        payment.unlink()


@tagged("post_install", "-at_install", "post_install_l10n")
class TestReceiptPdf(
    Receipts, PrintedPages, AtcudCommon, AccountTestInvoicingHttpCommon
):
    report = "account.action_report_payment_receipt"

    def many_invoices_paid(self):
        self.production("A2026", "FT", self.journal)
        invoices = self.env["account.move"].create(
            [
                {
                    "move_type": "out_invoice",
                    "partner_id": self.partner_a.id,
                    "journal_id": self.journal.id,
                    "invoice_date": lisbon_date(),
                    "invoice_line_ids": [
                        Command.create({"name": "Azulejo", "price_unit": 10})
                    ],
                }
                for _number in range(60)
            ]
        )
        invoices.action_post()
        return self.pay(invoices, group_payment=True)

    def test_atcud_and_tax_number_on_every_page_of_every_layout(self):
        self.partner_a.sudo().country_id = self.env.ref("base.pt")
        payment = self.many_invoices_paid()
        for layout in LAYOUTS:
            with self.subTest(layout):
                self.company.sudo().external_report_layout_id = self.env.ref(
                    f"web.external_layout_{layout}"
                )
                pages = self.pages(payment)
                self.assertGreater(len(pages), 1)
                for page in pages:
                    printed = f"ATCUD:{payment.l10n_pt_atcud_value}"
                    self.assertEqual(page.count(printed), 1)
                    self.assertIn(f"NIF {self.series.nif}", page)
        self.assertIn("Recibo RG R2026/1", pages[0])
        self.assertIn("não serve de fatura", pages[-1])

    def test_receipt_of_the_cash_scheme_prints_the_tax(self):
        self.partner_a.sudo().country_id = self.env.ref("base.pt")
        self.production("A2026", "FT", self.journal)
        self.bank.sudo().l10n_pt_atcud_receipt_type = "RC"
        self.production("C2026", "RC", self.bank)
        tax = self.company_data["default_tax_sale"]
        line = {"name": "Azulejo", "price_unit": 200, "tax_ids": tax.ids}
        invoice = self.draft(invoice_line_ids=[Command.create(line)])
        invoice.action_post()
        (page,) = self.pages(self.pay(invoice, amount=123))
        self.assertRegex(page, r"FT A2026/1 +23 % +\D*100[.,]00\D+23[.,]00")
        self.assertIn("IVA - regime de caixa", page)

    def test_payment_without_receipt_is_printed_as_before(self):
        self.bank.sudo().l10n_pt_atcud_receipt_type = False
        (page,) = self.pages(self.paid())
        self.assertIn("Payment Amount", page)
        self.assertNotIn("ATCUD", page)

    def test_customer_without_a_language_reads_portuguese(self):
        self.env["res.lang"].sudo()._activate_lang("pt_PT")
        country = self.env.ref("base.pt")
        self.partner_a.sudo().write({"lang": False, "country_id": country.id})
        payment = self.paid()
        self.assertEqual(payment.l10n_pt_atcud_content["lang"], "pt_PT")
        (page,) = self.pages(payment)
        self.assertIn(payment.l10n_pt_atcud_date.strftime("%d/%m/%Y"), page)

    def test_cancelled_receipt_says_so(self):
        self.partner_a.sudo().country_id = self.env.ref("base.pt")
        payment = self.paid()
        payment._l10n_pt_atcud_cancel("Cheque returned")
        (page,) = self.pages(payment)
        self.assertIn("documento anulado", page)
        self.assertIn("Cheque returned", page)
