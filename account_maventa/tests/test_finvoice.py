from decimal import Decimal
from itertools import product

from odoo import Command
from odoo.tests import tagged

from .common import PDF
from .common_finvoice import TOTALS, FinvoiceCommon


@tagged("post_install", "-at_install")
class TestFinvoice(FinvoiceCommon):
    def _assert_adds_up(self, move):
        """Hold the document against itself and against Odoo."""
        tree = self._tree(move)
        sign = -1 if move.move_type == "out_refund" else 1
        rows = [
            Decimal(text.replace(",", "."))
            for text in self._texts(tree, "InvoiceRow/RowVatExcludedAmount")
        ]
        groups = tree.findall("InvoiceDetails/VatSpecificationDetails")
        net = self._number(tree, f"{TOTALS}ExcludedAmount")
        vat = self._number(tree, f"{TOTALS}Amount")
        total = self._number(tree, f"{TOTALS}IncludedAmount")
        self.assertEqual(sum(rows), net)
        self.assertEqual(sum(self._number(row, "VatBaseAmount") for row in groups), net)
        self.assertEqual(sum(self._number(row, "VatRateAmount") for row in groups), vat)
        self.assertEqual(net + vat, total)
        self.assertEqual(net, Decimal(f"{move.amount_untaxed:.2f}") * sign)
        self.assertEqual(total, Decimal(f"{move.amount_total:.2f}") * sign)
        payment = "EpiDetails/EpiPaymentInstructionDetails/EpiInstructedAmount"
        self.assertEqual(self._number(tree, payment), total)
        return tree

    def test_totals_equal_odoo_for_all_document_kinds(self):
        kinds = {
            "plain": [("Snow", 1, 100, 0, self.standard)],
            "rates": [
                ("Snow", 3, 33.33, 0, self.standard),
                ("Ice", 7, 1.07, 0, self.reduced),
            ],
            "discount": [("Snow", 3, 19.99, 12.5, self.standard)],
            "included": [("Snow", 3, 9.99, 0, self.included)],
            "reverse": [("Snow", 2, 50, 0, self.reverse)],
            "negative": [
                ("Snow", 1, 100, 0, self.standard),
                ("Less", 1, -20, 0, self.standard),
            ],
            "fraction": [("Snow", 0.333, 1234.56789, 0, self.standard)],
        }
        currencies = (self.env.ref("base.EUR"), self.env.ref("base.SEK"))
        currencies[1].active = True
        for (kind, rows), move_type, currency in product(
            kinds.items(), ("out_invoice", "out_refund"), currencies
        ):
            with self.subTest(f"{kind} {move_type} {currency.name}"):
                move = self._document(
                    self._lines(*rows), move_type=move_type, currency_id=currency.id
                )
                tree = self._assert_adds_up(move)
                code = "INV01" if move_type == "out_invoice" else "INV02"
                self.assertEqual(
                    self._texts(tree, "InvoiceDetails/InvoiceTypeCode"), [code]
                )
                for price in self._texts(tree, "InvoiceRow/UnitPriceAmount"):
                    self.assertFalse(price.startswith("-"))

    def test_finvoice_arrives_with_pdf(self):
        move = self._to_transfer(self._invoice())
        self._run_cron()
        self.assertFalse(move.maventa_error)
        self.assertEqual(move.maventa_state, "accepted")
        held = self._held()[move.name]
        self.assertEqual(held.pdfs, (PDF,))
        self.assertEqual(held.sum_tax, Decimal(f"{move.amount_total:.2f}"))
        transfer = move.maventa_transfer_id
        self.assertEqual(transfer.document_format, "FINVOICE30")
        self.assertEqual(transfer.attachment_id.mimetype, "application/zip")
        self._run_cron("follow_up")
        self._run_cron("follow_up")
        self.assertEqual(move.maventa_state, "delivered")

    def test_data_only_sends_xml(self):
        self.company.maventa_send_pdf = False
        document = self._make_document(self._invoice())
        self.assertTrue(document.filename.endswith(".xml"))
        self.assertTrue(document.file.startswith(b"<?xml"))

    def test_document_contains_parties_account_and_reference(self):
        move = self._invoice(payment_reference="1234 5672", ref="Tilaus 7")
        tree = self._tree(move)
        for path, value in (
            ("SellerPartyDetails/SellerPartyIdentifier", "2345678-0"),
            ("SellerPartyDetails/SellerOrganisationTaxCode", "FI23456780"),
            ("SellerOrganisationUnitNumber", "003723456780"),
            ("SellerInformationDetails/SellerAccountDetails/SellerBic", "NDEAFIHH"),
            ("BuyerPartyDetails/BuyerPartyIdentifier", "1234567-1"),
            ("BuyerPartyDetails/BuyerPostalAddressDetails/CountryCode", "FI"),
            ("BuyerOrganisationUnitNumber", "003712345671"),
            ("InvoiceDetails/OrderIdentifier", "Tilaus 7"),
            (
                "EpiDetails/EpiPaymentInstructionDetails/EpiRemittanceInfoIdentifier",
                "12345672",
            ),
        ):
            self.assertEqual(self._texts(tree, path), [value], path)

    def test_credit_note_refers_to_invoice_and_seller_account(self):
        invoice = self._invoice()
        note = invoice._reverse_moves([{"invoice_date": "2026-03-03"}])
        note.action_post()
        tree = self._assert_adds_up(note)
        path = "InvoiceDetails/OriginalInvoiceNumber"
        self.assertEqual(self._texts(tree, path), [invoice.name])
        path = "EpiDetails/EpiPartyDetails/EpiBeneficiaryPartyDetails/EpiAccountID"
        self.assertEqual(self._texts(tree, path), ["FI2112345600000785"])

    def test_headings_and_notes_are_text_rows(self):
        lines = self._lines(("Snow\nheavy", 1, 10, 0, self.standard))
        lines.insert(
            0, Command.create({"display_type": "line_section", "name": "Winter"})
        )
        lines.append(
            Command.create({"display_type": "line_note", "name": "Brr – cold"})
        )
        tree = self._assert_adds_up(self._document(lines))
        self.assertEqual(
            self._texts(tree, "InvoiceRow/ArticleName"), ["Winter", "Snow"]
        )
        self.assertEqual(
            self._texts(tree, "InvoiceRow/RowFreeText"), ["heavy", "Brr - cold"]
        )

    def test_paid_amount_is_deducted(self):
        move = self._invoice()
        wizard = self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=move.ids
        )
        wizard.create({"amount": 25.5})._create_payments()
        tree = self._tree(move)
        path = "EpiDetails/EpiPaymentInstructionDetails/EpiInstructedAmount"
        self.assertEqual(
            self._texts(tree, "InvoiceDetails/InvoicePaidAmount"), ["25,50"]
        )
        self.assertEqual(
            self._number(tree, path), Decimal(f"{move.amount_residual:.2f}")
        )

    def test_cash_rounding_is_not_a_row(self):
        rounding = self.env["account.cash.rounding"].create(
            {
                "name": "5 cents",
                "rounding": 0.05,
                "strategy": "add_invoice_line",
                "profit_account_id": self.company_data["default_account_revenue"].id,
                "loss_account_id": self.company_data["default_account_expense"].id,
            }
        )
        move = self._document(
            self._lines(("Snow", 1, 10.01, 0, self.reverse)),
            invoice_cash_rounding_id=rounding.id,
        )
        tree = self._tree(move)
        self.assertEqual(move.amount_total, 10.0)
        for path, value in (
            (f"{TOTALS}IncludedAmount", "10,01"),
            ("InvoiceDetails/InvoiceTotalRoundoffAmount", "-0,01"),
            ("EpiDetails/EpiPaymentInstructionDetails/EpiInstructedAmount", "10,00"),
        ):
            self.assertEqual(self._texts(tree, path), [value])

    def test_unsupported_document_is_refused_with_all_reasons(self):
        move = self._document(
            self._lines(("Snow", 1, 10, 0, self.standard | self.reduced))
        )
        self.partner_a.street = False
        move.partner_bank_id = False
        self.company.partner_id.bank_ids.active = False
        self._to_transfer(move)
        self._run_cron()
        self.assertEqual(move.maventa_state, "invalid")
        for words in ("street", "several taxes", "bank account"):
            self.assertIn(words, move.maventa_error)

    def test_too_long_number_is_refused(self):
        move = self._invoice(name="INVOICE/2026/000000001")
        self._to_transfer(move)
        self._run_cron()
        self.assertEqual(move.maventa_state, "invalid")
        self.assertIn("20 characters", move.maventa_error)
        self.assertIn("give it a shorter number", move.maventa_error)

    def test_email_off_omits_the_address(self):
        path = "BuyerCommunicationDetails/BuyerEmailaddressIdentifier"
        move = self._invoice()
        self.assertEqual(self._texts(self._tree(move), path), ["jaa@example.com"])
        self.company.maventa_send_email = False
        self.assertFalse(self._texts(self._tree(move), path))

    def _take_addresses_away(self):
        names = ("vat", "company_registry", "peppol_eas", "peppol_endpoint")
        self.partner_a.write(dict.fromkeys(names, False))

    def test_customer_without_electronic_address_gets_no_peppol_document(self):
        self.company.maventa_format = "peppol"
        self._take_addresses_away()
        move = self._invoice()
        self.assertEqual(self._builder(move)._maventa_key, "finvoice")
        remarks = "\n".join(self._make_document(move).remarks)
        self.assertIn("e-mail and print", remarks)
        partner = self.company.partner_id
        partner.bank_ids.unlink()
        self.env["res.partner.bank"].create(
            {
                "acc_number": "12345",
                "partner_id": partner.id,
                "allow_out_payment": True,
            }
        )
        move = self._invoice()
        self.assertEqual(self._builder(move)._maventa_key, "peppol")
        problems = "\n".join(self._builder(move)._maventa_check(move))
        self.assertIn("IBAN", problems)
        self.assertIn("PEPPOL-EN16931-R010", problems)

    def test_way_out_names_peppol_only_where_it_is_one(self):
        number = "INVOICE/2026/000000001"
        move = self._invoice(name=number)
        builder = self.env["account.edi.xml.maventa_finvoice"]
        self.assertIn("Choose Peppol", "\n".join(builder._maventa_check(move)))
        self._take_addresses_away()
        problems = "\n".join(builder._maventa_check(move))
        self.assertNotIn("Choose Peppol", problems)
        self.assertIn("electronic address", problems)

    def test_format_is_chosen_by_customer_company_or_address(self):
        move = self._invoice()

        def chosen():
            return self._builder(move)._maventa_format.value

        self.assertEqual(chosen(), "FINVOICE30")
        self.partner_a.maventa_format = "peppol"
        self.assertEqual(chosen(), "PEPPOLBIS30")
        self.partner_a.maventa_format = False
        self.company.maventa_format = "auto"
        self.assertEqual(chosen(), "PEPPOLBIS30")
        self.partner_a.write(
            {"peppol_eas": "9918", "peppol_endpoint": "FI2112345600000785"}
        )
        self.assertEqual(chosen(), "FINVOICE30")
        self.assertEqual(self._recipient(move)["recipient_eia"], "FI2112345600000785")
