from lxml import etree
from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from .common_documents import DocumentsCommon

REFERENCE = ".//EpiRemittanceInfoIdentifier"
TRIANGULAR = "Exempt triangular transaction - Article 141"


@tagged("post_install", "-at_install")
class TestLawOfDocuments(DocumentsCommon):
    """What the law wants of an invoice, in both formats and on paper."""

    # === WHOSE NUMBER === #

    def test_goods_to_the_union_need_a_number_of_a_member_state(self):
        self._dress_buyer("NO", "FI")
        place = self._place("de")
        goods = self.taxes["FI"]["goods"]
        move = self._move("FI", [goods], partner_shipping_id=place.id)
        self._assert_refused(
            move,
            "other than Finland: that of Buyer AB is of Norway",
            "choose another tax (one with VAT",
        )
        self.buyer.with_context(no_vat_validation=True).vat = "DE123456788"
        self._assert_passes(move)

    def test_reverse_charge_needs_the_vat_number_and_no_other(self):
        move = self._move("FI", [self.taxes["FI"]["services"]], "DE")
        self.buyer.write(
            {
                "vat": False,
                "company_registry": "HRB 12345",
                "peppol_eas": "0088",
                "peppol_endpoint": "7300010000001",
            }
        )
        text = "AE requires the tax number of Buyer AB"
        self._assert_refused(move, text, "is charged VAT")
        dutch = self._move("NL", [self.taxes["NL"]["construction"]], "NL")
        self._assert_passes(dutch)
        self.buyer.vat = False
        self._assert_refused(dutch, text)

    def test_in_norway_the_organisation_number_is_that_of_vat(self):
        move = self._move("NO", [self.taxes["NO"]["construction"]], "NO")
        self.buyer.write({"vat": False, "company_registry": "974760673"})
        self._assert_passes(move)

    def test_reverse_charge_at_home_needs_the_law_that_it_is_of(self):
        tax = self._tax("SE", ubl_cii_tax_category_code="AE")
        move = self._move("SE", [tax], "SE")
        self._assert_refused(
            move,
            "though seller and customer are in Sweden",
            "name the law in the legal notes of the tax",
            "one with VAT",
        )
        link = self.env["maventa.invoice.alerts"]._link_to_cause(move)
        self.assertEqual(link["action"]["res_id"], tax.id)
        tax.invoice_legal_notes = "<p>Omvänd betalningsskyldighet, 16 kap. 13 §</p>"
        self._assert_passes(move)
        chart = self._tax("FI", xmlid="vat0triangulation")
        move = self._move("FI", [chart], "FI")
        self._assert_refused(move, "does not fit a sale", without=("name the law",))

    def test_reverse_charge_for_a_consumer_is_refused_with_vat_as_the_way_out(self):
        move = self._move("FI", [self.taxes["FI"]["construction"]], "person")
        self._assert_refused(move, "a customer without one is charged VAT")

    # === WHERE GOODS GO, AND WHAT IS PROPOSED === #

    def test_goods_for_the_union_are_no_export_whoever_buys(self):
        export = self.taxes["FI"]["export"]
        goods = self.env["product.product"].create({"name": "Snow", "type": "consu"})
        work = self.env["product.product"].create({"name": "Work", "type": "service"})
        self._dress_buyer("US", "FI")
        place = {"partner_shipping_id": self._place("de").id}
        move = self._move("FI", [export], product=goods, **place)
        self._assert_refused(move, "does not fit a sale from Finland", "(one with VAT)")
        home = {"partner_shipping_id": self.buyer.id}
        for values in (place | {"product": work}, home | {"product": goods}):
            move = self._move("FI", [export], **values)
            problems = "\n".join(self._builder_of("finvoice")._maventa_check(move))
            self.assertFalse(problems)

    def _products(self):
        products = self.env["product.product"]
        return (
            products.create({"name": "Snow", "type": "consu"}),
            products.create({"name": "Work", "type": "service"}),
        )

    def test_tax_of_goods_is_none_of_a_service_nor_the_other_way(self):
        goods, work = self._products()
        taxes = self.taxes["FI"]
        move = self._move("FI", [taxes["goods"]], "DE", product=work)
        self._assert_refused(move, "K, which is for goods, but", '"services of matrix"')
        move = self._move("FI", [taxes["services"]], "DE", product=goods)
        self._assert_refused(
            move, "AE, which is for services, but", '"goods of matrix"'
        )
        for kind, product in (("goods", goods), ("services", work), ("goods", None)):
            self._assert_passes(self._move("FI", [taxes[kind]], "DE", product=product))
        triangular = self._tax("FI", xmlid="vat0triangulation")
        self._assert_passes(self._move("FI", [triangular], "DE", product=goods))

    def test_freight_has_the_category_of_the_goods(self):
        goods, work = self._products()
        tax = self.taxes["FI"]["goods"]
        move = self._move("FI", [tax, tax], "DE", product=goods)
        move.button_draft()
        move.invoice_line_ids[1].product_id = work
        move.invoice_line_ids.tax_ids = tax
        move.action_post()
        self._assert_passes(move)

    def test_canary_islands_are_exported_to(self):
        taxes = self.taxes["FI"]
        moves = [self._move("FI", [taxes[kind]], "DE") for kind in ("goods", "export")]
        spain = self.env.ref("base.es").id
        self.buyer.write({"vat": False, "country_id": spain, "zip": "35001"})
        self._assert_refused(
            moves[0], "delivery in the Canary Islands", '"export of matrix"'
        )
        problems = self._builder_of("finvoice")._maventa_check(moves[1])
        self.assertNotIn("does not fit", "\n".join(problems))

    def test_proposals_are_lawful(self):
        export = self.taxes["SE"]["export"]
        german = self._move("SE", [export], "DE")
        self.buyer.write({"vat": False, "is_company": False})
        self._assert_refused(german, "(one with VAT)", without=("goods of matrix",))
        home = self._move("SE", [export], "SE")
        (self.taxes["SE"]["zero"] | self.taxes["SE"]["exempt"]).active = False
        self._assert_refused(home, "Choose another tax (one with VAT)")

    # === AMOUNTS === #

    def test_rate_that_charges_nothing_is_refused_with_line_and_tax(self):
        def parts():
            taxes = [{"repartition_type": "tax", "factor_percent": 100}]
            taxes.append({"repartition_type": "tax", "factor_percent": -100})
            return [
                Command.create(row) for row in ({"repartition_type": "base"}, *taxes)
            ]

        tax = self._tax(
            "SE",
            25,
            name="25% Tr",
            invoice_repartition_line_ids=parts(),
            refund_repartition_line_ids=parts(),
        )
        move = self._move("SE", [tax], "SE")
        self.assertFalse(move.amount_tax)
        self._assert_refused(
            move, 'tax "25% Tr" of the line "Snow" has a rate of 25 %', "charges 0 %"
        )

    def test_vat_changed_by_hand_is_refused_with_line_and_tax(self):
        tax = self.taxes["FI"]["standard"]
        for move_type in ("out_invoice", "out_refund"):
            move = self._move("FI", [tax], "FI", move_type=move_type)
            self._assert_passes(move)
            move.button_draft()
            row = move.line_ids.filtered("tax_line_id")
            changed = {"amount_currency": row.amount_currency - move.direction_sign * 5}
            move.write({"line_ids": [Command.update(row.id, changed)]})
            move.action_post()
            self._assert_refused(
                move, "is 20.50, which is not 25.5 % of 100.00 (lines: Snow)"
            )

    def test_deposit_outside_the_scope_has_a_way_out(self):
        deposit = self._tax(
            "NL", 0.1, amount_type="fixed", ubl_cii_tax_category_code="O", sequence=-5
        )
        standard = self.taxes["NL"]["standard"]
        move = self._move("NL", [deposit | standard], "NL")
        problems = "\n".join(self._builder_of("peppol")._maventa_check(move))
        self.assertIn(f'"{deposit.name}" is an amount outside the scope', problems)
        self.assertIn("as a line of its own", problems)
        self.assertNotIn("Make two invoices", problems)

    # === GROUNDS === #

    def test_triangulation_is_called_reverse_charge(self):
        for code, xmlid in (
            ("FI", "vat0triangulation"),
            ("SE", "triangular_tax_0_goods"),
            ("NL", "btw_X0_ABC_levering"),
        ):
            note = f"<p>{TRIANGULAR}</p>"
            tax = self._tax(code, xmlid=xmlid, invoice_legal_notes=note)
            move = self._move(code, [tax], "DE")
            with self.subTest(code):
                self._assert_said(move, f"Reverse charge. {TRIANGULAR}")

    def test_ground_of_each_category_is_on_paper_too(self):
        export = self._tax("SE", xmlid="sale_tax_goods_NEC")
        move = self._move("SE", [export], "US")
        self.assertIn("Export outside the EU", self._printed(move))
        for code, xmlid, ground in (
            ("FI", "tax_construct_sales_0", "Käännetty verovelvollisuus, AVL 8 c §"),
            ("NO", "tax18", "Omvendt avgiftsplikt - Merverdiavgift ikke beregnet"),
            ("NO", "tax5", "Exempt under the Norwegian VAT Act, chapter 3"),
        ):
            with self.subTest(xmlid):
                move = self._move(code, [self._tax(code, xmlid=xmlid)], code)
                self._assert_said(move, ground)

    def test_margin_scheme_is_called_so(self):
        tax = self._tax(
            "NL",
            ubl_cii_tax_category_code="E",
            ubl_cii_tax_exemption_reason_code="VATEX-EU-F",
        )
        move = self._move("NL", [tax], "NL")
        self._assert_said(move, "Margin scheme - Second-hand goods")

    def test_ground_of_a_zero_rate_is_free_text(self):
        notes = "<p>Tabel II</p>"
        coded = {"ubl_cii_tax_category_code": "Z", "invoice_legal_notes": notes}
        law = "Zero-rated under the Norwegian VAT Act"
        for code, tax, ground in (
            ("NO", self._tax("NO", xmlid="tax4"), law),
            ("NL", self._tax("NL", **coded), "Tabel II"),
        ):
            with self.subTest(ground):
                move = self._move(code, [tax], code)
                self.assertIn(ground, self._ubl(move).findtext("{*}Note"))
                self.assertIn(ground, " ".join(self._free_texts(move)))
                self.assertEqual(self._printed(move).count(ground), 1)

    def test_dutch_zero_without_a_stated_ground_is_refused(self):
        for xmlid in ("btw_0", "btw_0_d"):
            tax = self._tax("NL", xmlid=xmlid)
            move = self._move("NL", [tax], "NL")
            self._assert_refused(move, "charges 0 % at home without a ground")
            tax.invoice_legal_notes = "<p>Tabel II</p>"
            self._assert_passes(move)

    def test_norway_has_words_of_its_own_and_no_code_of_the_union(self):
        export = self.taxes["NO"]["export"]
        construction = self.taxes["NO"]["construction"]
        work = self._products()[1]
        for tax, buyer, product, ground in (
            (export, "DE", None, "Export of goods from Norway, zero-rated"),
            (export, "DE", work, "Export of services from Norway, zero-rated"),
            (construction, "NO", None, "Omvendt avgiftsplikt - Merverdiavgift ikke"),
        ):
            with self.subTest(ground):
                move = self._move("NO", [tax], buyer, product=product)
                self._assert_passes(move)
                self._assert_no_code(move, ground)

    def _assert_no_code(self, move, ground):
        [reason] = self._ubl(move).iter("{*}TaxExemptionReason")
        self.assertIn(ground, reason.text)
        self.assertIn(ground, self._printed(move))
        texts = [node.text for node in self._finvoice(move).iter("VatFreeText")]
        self.assertIn(ground, " ".join(texts))
        for root in (self._ubl(move), self._finvoice(move)):
            self.assertNotIn("VATEX-EU", etree.tostring(root, encoding="unicode"))

    def test_service_abroad_is_no_export(self):
        goods, work = self._products()
        export = self.taxes["SE"]["export"]
        self._assert_no_code(
            self._move("SE", [export], "NO", product=work),
            "Service supplied outside the scope of VAT",
        )
        move = self._move("SE", [export], "NO", product=goods)
        self._assert_said(move, "Export outside the EU")

    def test_second_ground_of_a_category_is_not_lost(self):
        taxes = [
            self._tax(
                "FI",
                ubl_cii_tax_category_code="E",
                invoice_legal_notes=f"<p>{note}</p>",
            )
            for note in ("AVL 34 §", "AVL 41 §")
        ]
        move = self._move("FI", taxes, "FI")
        reason = self._ubl(move).findtext(".//{*}TaxExemptionReason")
        self.assertEqual(reason, "AVL 34 §")
        self.assertEqual(self._ubl(move).findtext("{*}Note"), "AVL 41 §")
        self.assertIn("AVL 41 §", self._free_texts(move))
        self.assertEqual(self._finvoice(move).findtext(".//VatFreeText"), reason)

    def test_registration_is_stated_in_both_formats_and_on_paper(self):
        path = "SellerInformationDetails/SellerTaxRegistrationText"
        for code, statement in (
            ("SE", "Godkänd för F-skatt"),
            ("NO", "Foretaksregisteret"),
        ):
            move = self._move(code, [self.taxes[code]["standard"]], code)
            for answer in ("yes", "no"):
                with self.subTest(f"{code} {answer}"):
                    self.sellers[code].maventa_registered = answer
                    is_said = answer == "yes"
                    found = self._finvoice(move).findtext(path)
                    self.assertEqual(found, statement if is_said else None)
                    self.assertEqual(statement in self._printed(move), is_said)

    # === PAYMENT AND CURRENCY === #

    def test_reference_that_no_finnish_bank_reads_is_free_text(self):
        for code, typed in (
            ("SE", "1602"),
            ("NL", "Contract 77 / mei"),
            ("NO", "12345672"),
        ):
            with self.subTest(code):
                standard = self.taxes[code]["standard"]
                move = self._move(code, [standard], code, payment_reference=typed)
                self.assertIsNone(self._finvoice(move).find(REFERENCE))
                self.assertIn(f"Payment reference: {typed}", self._free_texts(move))

    def test_reference_of_a_finnish_payee_and_rf_are_for_the_bank(self):
        for code, typed, scheme in (
            ("FI", "12345672", "SPY"),
            ("SE", "RF18539007547034", "ISO"),
        ):
            standard = self.taxes[code]["standard"]
            move = self._move(code, [standard], code, payment_reference=typed)
            node = self._finvoice(move).find(REFERENCE)
            found = (node.text, node.get("IdentificationSchemeName"))
            self.assertEqual(found, (typed, scheme))
            self.assertNotIn("Payment reference", " ".join(self._free_texts(move)))
        move.payment_reference = move.name
        self.assertNotIn("Payment reference", " ".join(self._free_texts(move)))

    def test_vat_in_the_currency_of_the_books_is_said(self):
        euro = self.env.ref("base.EUR").id
        standard = self.taxes["SE"]["standard"]
        move = self._move("SE", [standard], "person", currency_id=euro)
        path = "InvoiceDetails/InvoiceTotalVatAccountingAmount"
        self.assertIsNone(self._finvoice(move).find(path), "it is for euros")
        [text] = [text for text in self._free_texts(move) if "VAT in" in text]
        self.assertIn(f"VAT in SEK: {move.amount_tax_signed:.2f}", text)

    def _foreign(self, **rates):
        currency = self.env["res.currency"].create({"name": "XQQ", "symbol": "Q"})
        for day, rate in rates.items():
            self.env["res.currency.rate"].create(
                {
                    "currency_id": currency.id,
                    "name": day.removeprefix("on_").replace("_", "-"),
                    "rate": rate,
                }
            )
        standard = self.taxes["FI"]["standard"]
        return self._move("FI", [standard], "FI", currency_id=currency.id)

    def test_rate_of_other_years_is_refused(self):
        move = self._foreign(on_2020_01_01=2)
        self._assert_refused(move, "The rate of XQQ is 2252 days older")
        move.button_draft()
        move.invoice_currency_rate = 3
        move.action_post()
        self._assert_passes(move)

    def test_rate_of_the_month_is_a_remark(self):
        move = self._foreign(on_2026_02_10=2)
        self._assert_passes(move)
        remarks = "\n".join(self._builder_of("finvoice")._maventa_remarks(move))
        self.assertIn("The rate of XQQ is 20 days older", remarks)

    def test_rate_of_the_books_is_none_of_another_currency(self):
        own = self.sellers["FI"].currency_id
        rates = self.env["res.currency.rate"]
        rates.search([("currency_id", "=", own.id)]).rate = 5
        self._assert_refused(self._foreign(), "There is no rate of XQQ")

    # === DATES AND CORRECTIONS === #

    def test_delivery_date_is_that_of_a_person_or_none(self):
        values = {"delivery_date": False}
        move = self._move("FI", [self.taxes["FI"]["services"]], "DE", **values)
        self.assertIsNone(self._ubl(move).find(".//{*}ActualDeliveryDate"))
        self.assertIsNone(self._finvoice(move).find(".//DeliveryDate"))
        self.assertTrue(move.show_delivery_date, "there is a field to enter it")
        goods = self._move("FI", [self.taxes["FI"]["goods"]], "DE", **values)
        self._assert_refused(goods, "enter the delivery date in the tab Other Info")

    def test_correction_of_goods_has_the_delivery_date_of_its_original(self):
        note = self._credit(self._move("FI", [self.taxes["FI"]["goods"]], "DE"))
        self.assertFalse(note.delivery_date)
        day = self._ubl(note).findtext(".//{*}ActualDeliveryDate")
        self.assertEqual(day, "2026-03-01")
        self.assertEqual(self._finvoice(note).findtext(".//DeliveryDate"), "20260301")

    def test_credit_note_says_its_reason_and_what_it_credits(self):
        note = self._credit(self._move("FI", [self.taxes["FI"]["standard"]], "FI"))
        self.assertEqual(self._ubl(note).findtext("{*}Note"), "Melted")
        self.assertIn("Melted", self._free_texts(note))
        self.assertFalse(note.amount_residual, "set off against its original")
        self.assertNotIn("Amount Due", self._printed(note))

    def test_original_without_a_number_is_none(self):
        standard = self.taxes["FI"]["standard"]
        values = {"move_type": "out_refund", "ref": "asdf"}
        note = self._move("FI", [standard], "FI", **values)
        for ref in ("asdf", "Refund for 2 damaged parts", "PO-4711", "2026", False):
            note.ref = ref
            self._assert_refused(note, "must name its original", "Original invoice")
        note.write({"ref": "PO-4711", "maventa_original_number": "F-2024/77"})
        self._assert_passes(note)
        self.assertEqual(self._references(note), ("F-2024/77", None, "PO-4711"))
        remarks = self._builder_of("peppol")._maventa_remarks(note)
        self.assertIn("names F-2024/77 as its original", "\n".join(remarks))
        note.ref = "F-2024/77"
        self.assertEqual(self._references(note), ("F-2024/77", None, "NA"))

    def _references(self, move):
        """Return original, its date and order number, the same in both formats."""
        ubl, details = self._ubl(move), self._finvoice(move).find("InvoiceDetails")
        path = "{*}BillingReference/{*}InvoiceDocumentReference/{*}"
        number, day = ubl.findtext(f"{path}ID"), ubl.findtext(f"{path}IssueDate")
        order = ubl.findtext("{*}OrderReference/{*}ID")
        self.assertEqual(details.findtext("OriginalInvoiceNumber"), number)
        self.assertEqual(details.findtext("OrderIdentifier") or "NA", order)
        return number, day, order

    def test_original_that_is_named_has_its_date_and_its_order(self):
        standard = self.taxes["FI"]["standard"]
        move = self._move("FI", [standard], "FI")
        wanted = (move.name, "2026-03-02")
        values = {"move_type": "out_refund"}
        for ref, typed, order in (
            (move.name, False, "PO 7"),
            (f"Broken parts of {move.name}.", False, "PO 7"),
            ("PO 8", move.name, "PO 8"),
        ):
            with self.subTest(ref):
                values |= {"ref": ref, "maventa_original_number": typed}
                note = self._move("FI", [standard], **values)
                self.assertEqual(self._references(note), (*wanted, order))

    def test_two_invoices_in_a_reference_are_no_original(self):
        standard = self.taxes["FI"]["standard"]
        numbers = [self._move("FI", [standard], "FI").name for _turn in range(2)]
        values = {"move_type": "out_refund", "ref": " and ".join(numbers)}
        note = self._move("FI", [standard], **values)
        self._assert_refused(note, "must name its original", "the one invoice")
        note.maventa_original_number = numbers[1]
        self._assert_passes(note)

    def test_correction_of_a_correction_has_the_order_of_the_first_invoice(self):
        note = self._credit(self._move("FI", [self.taxes["FI"]["standard"]], "FI"))
        again = note._reverse_moves(
            [{"invoice_date": "2026-03-03", "ref": f"Reversal of: {note.name}, oops"}]
        )
        again.action_post()
        self.assertEqual(again.move_type, "out_invoice")
        self.assertEqual(self._references(again), (note.name, "2026-03-03", "PO 7"))
        third = self._credit(again)
        self.assertEqual(self._references(third)[2], "PO 7")

    def test_original_in_a_sentence_is_an_invoice_of_this_customer(self):
        standard = self.taxes["FI"]["standard"]
        number = self._move("FI", [standard], "FI").name
        values = {"move_type": "out_refund", "ref": f"Broken parts of {number}."}
        note = self._move("FI", [standard], "FI", **values)
        self._assert_passes(note)
        path = "{*}BillingReference/{*}InvoiceDocumentReference/{*}ID"
        self.assertEqual(self._ubl(note).findtext(path), number)
        self.assertIn(values["ref"], self._ubl(note).findtext("{*}Note"))
        other = self.buyer.copy({"name": "Other Oy"})
        note = self._move("FI", [standard], partner_id=other.id, **values)
        self._assert_refused(note, "must name its original")

    def test_norwegian_invoice_without_a_delivery_date_is_remarked(self):
        standard = self.taxes["NO"]["standard"]
        for day, is_said in ((False, True), ("2026-03-01", False)):
            move = self._move("NO", [standard], "NO", delivery_date=day)
            self._assert_passes(move)
            remarks = "\n".join(self._builder_of("peppol")._maventa_remarks(move))
            self.assertEqual("§ 5-1-1" in remarks, is_said)

    # === UNUSUAL DATES === #

    def test_delivery_far_from_the_invoice_is_asked(self):
        standard = self.taxes["FI"]["standard"]
        way_out = 'tick "The dates are right" in the tab Other Info'
        for day, is_odd in (
            ("2206-03-01", "more than six months after"),
            ("2026-09-02", "more than six months after"),
            ("2025-08-30", "more than six months before"),
            ("0206-03-01", "more than six months before"),
            ("2026-09-01", False),
            ("2025-08-31", False),
            (False, False),
        ):
            with self.subTest(day):
                move = self._move("FI", [standard], "FI", delivery_date=day)
                self.assertEqual(move.maventa_has_odd_dates, bool(is_odd))
                if is_odd:
                    self._assert_refused(move, is_odd, way_out)
                else:
                    self._assert_passes(move)

    def test_unusual_date_is_right_once_somebody_says_so(self):
        standard = self.taxes["FI"]["standard"]
        move = self._move("FI", [standard], "FI", delivery_date="2026-12-24")
        self._assert_refused(move, "The delivery date 12/24/2026 is more than six")
        move.with_user(self.accountant).maventa_dates_are_right = True
        self._assert_passes(move)
        move.button_draft()
        move.delivery_date = "2062-12-24"
        move.action_post()
        self.assertFalse(move.maventa_dates_are_right)
        self._assert_refused(move, "The delivery date 12/24/2062 is more than six")

    def test_due_date_of_another_year_is_asked(self):
        standard = self.taxes["FI"]["standard"]
        for day, text in (
            ("2027-03-04", "The due date 03/04/2027 is more than a year after"),
            ("2025-03-16", "The due date 03/16/2025 is before the invoice date"),
            ("2026-03-02", False),
        ):
            with self.subTest(day):
                move = self._move("FI", [standard], "FI", invoice_date_due=day)
                if text:
                    self._assert_refused(move, text, "The dates are right")
                else:
                    self._assert_passes(move)

    def test_correction_may_be_about_an_earlier_delivery(self):
        standard = self.taxes["FI"]["standard"]
        move = self._move("FI", [standard], "FI", delivery_date="2025-06-01")
        note = self._credit(move)
        note.button_draft()
        note.delivery_date = "2025-06-01"
        note.action_post()
        self._assert_passes(note)

    # === CHECKLIST, REGISTRATION, PRINT === #

    def test_checklist_looks_for_the_numbers_on_paper(self):
        checklist = self.env["maventa.go.live.checklist"]
        company = self.sellers["NL"]
        layout = self.env.ref("web.external_layout_standard")
        company.write(
            {
                "external_report_layout_id": layout.id,
                "company_details": "<p>Seller NL</p>",
                "report_footer": False,
            }
        )
        line = checklist._layout(company)
        self.assertEqual(line.level, "bad")
        self.assertIn("lacks NL123456782B90, 12345678", line.text)
        self.assertEqual(line.action["res_model"], "base.document.layout")
        company.report_footer = "<p>VAT NL 1234.56.782.B90</p>"
        self.assertIn("lacks 12345678.", checklist._layout(company).text)
        company.company_details = "<p>KVK 12345678</p>"
        self.assertEqual(checklist._layout(company).level, "good")
        norwegian = self.sellers["NO"]
        norwegian.report_footer = "<p>Org.nr. 923 609 016</p>"
        self.assertIn("lacks 923609016MVA", checklist._layout(norwegian).text)
        norwegian.report_footer = "<p>923 609 016 MVA</p>"
        self.assertEqual(checklist._layout(norwegian).level, "good")

    def test_numbers_that_the_layout_lacks_are_printed(self):
        company = self.sellers["NL"]
        company.write({"company_details": "<p>NL</p>", "report_footer": False})
        move = self._move("NL", [self.taxes["NL"]["standard"]], "NL")
        move.partner_id.vat = False  # Odoo prints the buyer's
        printed = self._printed(move)
        for number in ("NL123456782B90", "12345678"):
            self.assertIn(f": {number}", printed)
        company.report_footer = "<p>VAT NL123456782B90 KVK 12345678</p>"
        for number in ("NL123456782B90", "12345678"):
            self.assertNotIn(f": {number}", self._printed(move))

    def test_paper_has_the_overdue_interest_of_the_e_invoice(self):
        self.sellers["SE"].maventa_overdue_percent = 11.5
        move = self._move("SE", [self.taxes["SE"]["standard"]], "SE")
        self.assertIn("11.5 %", self._printed(move))

    def test_finvoice_names_the_giro_of_a_swedish_seller(self):
        move = self._move("SE", [self.taxes["SE"]["standard"]], "SE")
        self.assertIn("Bankgiro 5050-1055", self._free_texts(move))

    def test_checklist_names_a_tax_that_is_printed_as_another(self):
        company = self.sellers["NO"]
        group = self.env["account.tax.group"].create(
            {"name": "VAT 15%", "company_id": company.id}
        )
        fish = self._tax("NO", 11, name="11% Cod", tax_group_id=group.id)
        lines = self.env["maventa.go.live.checklist"]._lines(company)
        [line] = [line for line in lines if line.record == fish]
        self.assertIn("has 11 %, but the printed invoice says VAT 15%", line.text)
        self.assertIn("11.11", line.text)
        group.name = "VAT 11%"
        found = self.env["maventa.printed.taxes"]._misprinted(company)
        self.assertNotIn(fish, [misprint.tax for misprint in found])

    def test_zero_in_a_group_of_another_rate_is_told_before_it_is_printed(self):
        company = self.sellers["SE"]
        group = self.env["account.tax.group"].create(
            {"name": "VAT 25%", "company_id": company.id}
        )
        note = "<p>Omvänd betalningsskyldighet, byggtjänster</p>"
        reverse = self._tax(
            "SE",
            name="Bygg",
            tax_group_id=group.id,
            ubl_cii_tax_category_code="AE",
            invoice_legal_notes=note,
        )
        said = "The tax Bygg has 0 %, but the printed invoice says VAT 25%"
        lines = self.env["maventa.go.live.checklist"]._lines(company)
        [line] = [line for line in lines if line.record == reverse]
        self.assertEqual(line.level, "bad")
        self.assertTrue(line.text.startswith(said))
        self.assertNotIn("Rates in force", line.text)
        move = self._move("SE", [reverse], "SE")
        self._assert_refused(move, said, "Choose another tax group")
        self.assertIn("VAT 25%", self._printed(move))
        link = self.env["maventa.invoice.alerts"]._link_to_cause(move)
        self.assertEqual(link["action"]["res_id"], reverse.id)
        for is_sent in (False, True):
            company.maventa_send_pdf = is_sent
            move.invalidate_recordset(["maventa_sends_files"])
            self.assertEqual(
                bool(self._builder_of("peppol")._maventa_check(move)), is_sent
            )
        group.name = "VAT 0%"
        self._assert_passes(move)

    def test_label_of_another_rate_is_told_in_the_language_of_the_customer(self):
        self.env["res.lang"]._activate_lang("sv_SE")
        tax = self.taxes["SE"]["standard"]
        tax.invoice_label = "25%"
        tax.with_context(lang="sv_SE").invoice_label = "12 %"
        move = self._move("SE", [tax], "SE")
        self._assert_passes(move)
        self.buyer.lang = "sv_SE"
        self._assert_refused(
            move, "has 25 %, but the printed invoice says 12 %, its label on invoices"
        )
        found = self.env["maventa.printed.taxes"]._misprinted(self.sellers["SE"])
        self.assertIn(tax, [misprint.tax for misprint in found])

    def test_dutch_company_is_asked_for_its_kvk_by_name(self):
        company = self.sellers["NL"]
        company.partner_id.company_registry = False
        registration = self.env["maventa.registration"]
        values = registration._values(company)
        [text] = registration._missing(company, values)[:1]
        self.assertEqual(text, "number at the KVK (8 digits, in the field Company ID)")

    def test_demo_account_is_of_the_simulator_that_answers(self):
        parameters = self.env["ir.config_parameter"].sudo()
        parameters.set_param("account_maventa.simulator_url", "http://127.0.0.1:1")
        with self.assertRaisesRegex(UserError, "Enter the keys of one of its accounts"):
            self.account.action_use_demo_account()

    def test_print_has_the_second_line_of_the_address(self):
        move = self._move("FI", [self.taxes["FI"]["standard"]], "FI")
        dialogs = self.env["maventa.reroute.wizard"]
        for line, said in (("Floor 7", "Floor 7"), (False, None)):
            self.buyer.street2 = line
            dialog = dialogs.create({"move_id": move.id, "route": "print"})
            recipient = dialog._target().recipient
            self.assertEqual(recipient.get("recipient_address2"), said)
            self.assertEqual(recipient["recipient_address1"], self.buyer.street)
