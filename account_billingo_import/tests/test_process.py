from decimal import Decimal

from odoo import fields
from odoo.tests import tagged

from ..billingo_api.simulator import samples
from .common import BillingoCommon


def exact(value):
    return Decimal(str(value)).quantize(Decimal("0.01"))


@tagged("post_install", "-at_install")
class TestProcess(BillingoCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        (cls.supplier | cls.own).state = "active"

    def _sums(self, move):
        """Net, VAT, rounding and gross of an entry, and the first two in forint."""
        sign = move.direction_sign
        kinds = {
            kind: move.line_ids.filtered(lambda x, kind=kind: x.display_type == kind)
            for kind in ("product", "tax", "rounding")
        }
        return {
            kind: exact(sum(lines.mapped("amount_currency")) * sign)
            for kind, lines in kinds.items()
        } | {
            f"{kind}_local": exact(sum(lines.mapped("balance")) * sign)
            for kind, lines in kinds.items()
        }

    def _assert_equal_to_billingo(self, document, raw, raws):
        """Compare with the service's own JSON, independently of the mapper.

        :param raws: the JSON of all documents by id
        """
        move = document.move_id
        is_reverse_charge = any(x["vat"] in ("FAD", "F.AFA") for x in raw["items"])
        # Odoo's tax report has no box for such a sale: a person posts it.
        is_draft = is_reverse_charge and document.mode == "customer"
        state = "draft" if is_draft else "posted"
        self.assertEqual(move.state, state, document.name)
        is_amended = raw["type"] in ("modification", "cancellation")
        own_day = not is_draft and (
            is_reverse_charge
            or move.move_type.endswith("refund")
            or any(x.get("entitlement") == "KBAET" for x in raw["items"])
            # What a correction adds to a bill was not there before.
            or (is_amended and document.mode == "supplier")
        )
        summary = raw["summary"]
        sums = self._sums(move)
        with self.subTest(document.name, type=raw["type"]):
            self.assertEqual(sums["product"], abs(exact(summary["net_amount"])))
            self.assertEqual(sums["tax"], abs(exact(summary["vat_amount"])))
            self.assertEqual(exact(move.amount_tax), abs(exact(summary["vat_amount"])))
            self.assertEqual(exact(move.amount_total), abs(exact(raw["gross_total"])))
            self.assertEqual(
                exact(move.amount_untaxed) - sums["rounding"],
                abs(exact(summary["net_amount"])),
            )
            self.assertEqual(
                sums["product_local"], abs(exact(summary["net_amount_local"]))
            )
            self.assertEqual(sums["tax_local"], abs(exact(summary["vat_amount_local"])))
            numbers = (move.name, move.ref)
            self.assertIn(raw["invoice_number"], numbers)
            self.assertEqual(str(move.invoice_date), raw["invoice_date"])
            day = raw["invoice_date" if own_day else "fulfillment_date"]
            for related in raw["related_documents"]:
                original = raws[related["id"]]
                if is_amended and original["type"] == "modification":
                    day = original["invoice_date"]  # undone in its own period
            self.assertEqual(str(move.date), day)
            self.assertEqual(str(move.invoice_date_due), raw["due_date"])

    def test_all_sample_documents_equal_billingo(self):
        self.supplier.receipt_policy = "issue"
        self._fetch()
        self._process()
        booked = {"invoice", "advance", "cancellation", "modification"}
        for connection, account, expected in (
            (self.supplier, samples.supplier_account(), 32),
            (self.own, samples.own_account(), 37),
        ):
            documents = connection.document_ids
            self.assertFalse(
                [(x.name, x.error) for x in documents if x.state != "processed"]
            )
            ours = [
                raw
                for raw in account.documents
                if raw["type"] in booked
                and (
                    connection == self.own
                    or raw["document_partner"]["taxcode"] == samples.COMPANY.tax_number
                )
            ]
            self.assertEqual(len(ours), expected)
            self.assertEqual(len(documents), expected)
            by_id = {document.billingo_id: document for document in documents}
            raws = {raw["id"]: raw for raw in account.documents}
            for raw in ours:
                self._assert_equal_to_billingo(by_id[str(raw["id"])], raw, raws)
        moves = self.env["account.move"].search_count([])
        self._fetch()
        self._process()
        self.assertEqual(self.env["account.move"].search_count([]), moves)

    def test_amounts_survive_edits_of_account_and_label(self):
        self._fetch()
        trap = self._document(self.supplier, 11)
        trap.action_process()
        move = trap.move_id
        self.assertEqual((move.amount_tax, move.amount_total), (480, 2256))
        other = self.company_data["default_account_expense"].copy({"code": "899999"})
        move.button_draft()
        for line in move.invoice_line_ids:
            line.write({"account_id": other.id, "name": "edited"})
        move.action_post()
        self.assertEqual((move.amount_tax, move.amount_total), (480, 2256))

    def test_imported_invoice_is_not_reported_to_nav(self):
        self._fetch()
        document = self._document(self.own, 1)
        document.action_process()
        move = document.move_id
        self.assertNotIn("upload", move._l10n_hu_edi_get_valid_actions())
        send = self.env["account.move.send"]
        self.assertNotIn("hu_nav_30", send._get_default_extra_edis(move))
        native = self._create_invoice_one_line(
            move_type="out_invoice",
            journal_id=self.company_data["default_journal_sale"].id,
            post=True,
            product_id=self.product_a,
        )
        self.assertIn("upload", native._l10n_hu_edi_get_valid_actions())

    def test_recorded_invoice_is_not_reported_to_nav(self):
        self._fetch()
        document = self._document(self.own, 1)
        native = self._create_invoice_one_line(
            move_type="out_invoice",
            journal_id=self.company_data["default_journal_sale"].id,
            product_id=self.product_a,
        )
        native.ref = document.name
        native.invoice_date = fields.Date.today()
        native.action_post()
        self.assertIn("upload", native._l10n_hu_edi_get_valid_actions())
        document.sudo().write(
            {"gross_total": native.amount_total, "invoice_date": native.invoice_date}
        )
        document.action_process()
        self.assertEqual((document.skip_reason, document.move_id), ("recorded", native))
        self.assertNotIn("upload", native._l10n_hu_edi_get_valid_actions())
        send = self.env["account.move.send"]
        self.assertNotIn("hu_nav_30", send._get_default_extra_edis(native))
        native.l10n_hu_edi_state = "rejected"
        self.assertFalse(native._l10n_hu_edi_get_valid_actions(), "Billingo tells NAV")
        native.l10n_hu_edi_state = "confirmed"
        actions = native._l10n_hu_edi_get_valid_actions()
        self.assertIn("request_cancel", actions, "Odoo had told NAV before")

    def test_notes_on_imported_invoices_are_not_reported_to_nav(self):
        self._fetch()
        document = self._document(self.own, 1)
        document.action_process()
        move = document.move_id
        other = {"journal_id": self.company_data["default_journal_sale"].id}
        today = {"invoice_date": fields.Date.today()}
        refund = move._reverse_moves([{**today, **other}])
        refund.action_post()
        charge = move.copy({"debit_origin_id": move.id, "name": "/", **other})
        charge.invoice_date = fields.Date.today()
        charge.action_post()
        again = charge._reverse_moves([today])
        again.action_post()
        send = self.env["account.move.send"]
        for note in (refund, charge, again):
            self.assertFalse(note.billingo_document_id)
            self.assertNotIn("upload", note._l10n_hu_edi_get_valid_actions())
            self.assertNotIn("hu_nav_30", send._get_default_extra_edis(note))
            self.assertIn(move.name, note.alerts["billingo_origin"]["message"])
        self.assertNotIn("billingo_origin", move.alerts or {})

    def test_issue_date_policy(self):
        self.own.date_policy = "issue"
        self._fetch()
        document = self._document(self.own, 1)
        self._alter(document, invoice_date="2026-01-09", fulfillment_date="2026-01-07")
        document.action_process()
        self.assertEqual(str(document.move_id.date), "2026-01-09")
        self.assertEqual(str(document.move_id.delivery_date), "2026-01-07")

    def test_payment_method_is_mapped_to_nav(self):
        self._fetch()
        for number, mode in ((3, "CARD"), (1, "TRANSFER")):
            document = self._document(self.own, number)
            document.action_process()
            self.assertEqual(document.move_id.l10n_hu_payment_mode, mode)
        bill = self._document(self.supplier, 1)
        self._alter(bill, payment_method="cash")
        bill.action_process()
        self.assertEqual(bill.move_id.l10n_hu_payment_mode, "CASH")

    def test_number_stays_when_fulfilment_is_in_another_year(self):
        self._fetch()
        document = self._document(self.own, 1)
        self._alter(document, invoice_date="2026-01-02", fulfillment_date="2025-12-30")
        document.action_process()
        move = document.move_id
        self.assertEqual((move.state, move.name), ("posted", document.name))
        self.assertEqual(str(move.date), "2025-12-30")
        self.assertEqual(str(move.delivery_date), "2025-12-30")
        self.assertEqual(str(move.invoice_date), "2026-01-02")

    def test_billingos_exchange_rate_is_used(self):
        self.env["res.currency.rate"].create(
            {
                "currency_id": self.env.ref("base.EUR").id,
                "company_id": self.company.id,
                "name": "2026-01-01",
                "inverse_company_rate": 500,
            }
        )
        self._fetch()
        document = self._document(self.own, 27)
        document.action_process()
        self.assertAlmostEqual(1 / document.move_id.invoice_currency_rate, 390.01)
        self.assertEqual(
            document.move_id.amount_untaxed_signed, 565_807.01, "not 500 for a euro"
        )

    def test_partner_is_matched_by_tax_number_before_creation(self):
        shop = self.env["res.partner"].create(
            {"name": "Somehow written", "vat": "HU13860524", "is_company": True}
        )
        self._fetch()
        document = self._document(self.own, 1)
        shop.with_context(
            no_vat_validation=True
        ).vat = f"HU{document.partner_tax_number[:8]}"
        document.action_process()
        self.assertEqual(document.move_id.partner_id, shop)
        person = self._document(self.own, 3)
        person.action_process()
        again = self._document(self.own, 6)
        again.action_process()
        self.assertEqual(again.move_id.partner_id, person.move_id.partner_id)
        self.assertFalse(person.move_id.partner_id.is_company)

    def test_entries_remain_drafts_without_automatic_posting(self):
        self.own.is_auto_post = False
        self._fetch()
        for number in (1, 2, 11):
            document = self._document(self.own, number)
            document.action_process()
            self.assertEqual(document.move_id.state, "draft")
            self.assertEqual(document.move_id.name, document.name)

    def test_document_of_deleted_entry_is_to_process_again(self):
        self.own.is_auto_post = False
        self._fetch()
        document = self._document(self.own, 1)
        document.action_process()
        document.move_id.unlink()
        self.assertEqual((document.state, document.pdf_state), ("fetched", False))
        document.action_process()
        self.assertTrue(document.move_id)

    def test_counters(self):
        self._fetch()
        self.assertEqual(self.own.count_fetched, 37)
        self.env["billingo.processor"].sudo()._process(
            self._document(self.own, 1).sudo()
        )
        self._document(self.own, 2).action_skip()
        self.assertRecordValues(
            self.own,
            [
                {
                    "count_documents": 37,
                    "count_fetched": 35,
                    "count_processed": 1,
                    "count_skipped": 1,
                    "count_by_user": 1,
                    "count_recorded": 0,
                    "count_pdf_waiting": 1,
                }
            ],
        )
