from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged

from ..billingo_api.simulator import samples
from .common import KEYS, BillingoCommon


@tagged("post_install", "-at_install")
class TestErrors(BillingoCommon):
    """Documents that cannot be booked, and how the error is resolved."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        (cls.supplier | cls.own).state = "active"
        cls.maps = cls.env["billingo.tax.map"]

    def _fetched(self, number, **changes):
        """Fetch, and change what Billingo sent."""
        self.own.action_fetch()
        document = self._document(self.own, number)
        self._alter(document, **changes)
        return document

    def _assert_refused(self, document, kind, *words):
        moves = self.env["account.move"].search_count([])
        document.action_process()
        self.assertEqual((document.state, document.error_kind), ("error", kind))
        for word in words:
            self.assertIn(word, document.error)
        self.assertEqual(self.env["account.move"].search_count([]), moves)
        self.assertEqual(len(document.activity_ids), 1)
        document.action_process()
        self.assertEqual(len(document.activity_ids), 1, "told once")
        self.assertTrue({"action", "action_call"} & document.alerts["error"].keys())

    def test_unmapped_tax_is_named_and_can_be_mapped(self):
        item = samples.own_account().documents[4]["items"][0]
        odd = {"vat": "0%", "entitlement": "WITHOUT_ENTITLEMENT"}
        document = self._fetched(5, items=[item | odd])
        self._assert_refused(document, "tax", "0%", "WITHOUT_ENTITLEMENT")
        context = document.alerts["error"]["action"]["context"]
        defaults = {
            key.removeprefix("default_"): value for key, value in context.items()
        }
        tax = self.maps._find_tax(self.company, "sale", "TAM", "")
        row = self.maps.with_context(**context).create({"tax_id": tax.id})
        self.assertEqual(
            (row.direction, row.vat_code, row.entitlement),
            tuple(defaults[x] for x in ("direction", "vat_code", "entitlement")),
        )
        row.action_map_and_process()
        self.assertEqual(document.state, "processed")
        self.assertFalse(document.error)
        self.assertFalse(document.activity_ids)

    def test_mapped_pair_releases_waiting_documents(self):
        self.own.action_fetch()
        rows = self.maps.search(
            [
                ("company_id", "=", self.company.id),
                ("direction", "=", "sale"),
                ("vat_code", "in", ("5%", "18%")),
            ]
        )
        taxes = {row.vat_code: row.tax_id.id for row in rows}
        rows.unlink()
        self._process()
        waiting = self.own.document_ids.filtered(lambda x: x.error_kind == "tax")
        self.assertGreater(len(waiting), 3)
        self.maps.create(
            {
                "company_id": self.company.id,
                "direction": "sale",
                "vat_code": "5%",
                "tax_id": taxes["5%"],
            }
        )
        released = waiting.filtered(lambda x: x.state == "fetched")
        self.assertTrue(released)
        self.assertEqual(
            {x.error_data["vat_code"] for x in waiting - released}, {"18%"}
        )
        self._process()
        self.assertNotIn("fetched", released.mapped("state"))
        self.assertIn("processed", released.mapped("state"))

    def test_contradicting_totals_name_both_sums(self):
        document = self._fetched(1, gross_total=158_250)
        self._assert_refused(document, "amounts", "158250", "158242")

    def test_contradicting_document_is_read_again(self):
        raw = samples.own_account().documents[0]
        now = fields.Datetime.now()
        self.simulator.accounts.change(KEYS["own_key"], raw | {"gross_total": 5}, now)
        document = self._fetched(1)
        self._assert_refused(document, "amounts", "158242")
        model, method, ids = document.alerts["error"]["action_call"]
        again = getattr(self.env[model].with_user(self.bookkeeper).browse(ids), method)
        again()
        self.assertEqual(document.state, "error", "Billingo has it wrong still")
        self.simulator.faults.add("500")
        with self.assertRaises(UserError):
            again()
        self.simulator.accounts.change(KEYS["own_key"], raw, now)
        again()
        self.assertEqual((document.state, document.error), ("processed", False))
        self.assertEqual(document.move_id.amount_total, 158_242)
        self.assertEqual(document._raw(), raw)
        with self.assertRaises(UserError):
            again()

    def test_contradicting_line_is_named(self):
        item = samples.own_account().documents[0]["items"][0]
        odd = {"gross_amount": item["gross_amount"] + 5}
        document = self._fetched(1, items=[item | odd])
        self._assert_refused(document, "amounts", "Hajóút, felnőtt")

    def test_totals_off_by_one_remain_a_draft(self):
        document = self._fetched(1, gross_total=158_243)
        document.action_process()
        self.assertEqual(document.state, "processed")
        self.assertEqual(document.move_id.state, "draft")
        self.assertIn("158243", document.remark)

    def test_inactive_currency_is_an_error(self):
        self.own.action_fetch()
        self.env.ref("base.EUR").active = False
        document = self._document(self.own, 11)
        self._assert_refused(document, "currency", "EUR")
        self.env.ref("base.EUR").active = True
        document.action_process()
        self.assertEqual(document.state, "processed")

    def test_closed_period_is_an_error(self):
        self.company.sale_lock_date = fields.Date.to_date("2026-01-31")
        self.own.action_fetch()
        document = self._document(self.own, 1)
        self._assert_refused(document, "period", "2026-01-05")
        self.company.sale_lock_date = False
        document.action_process()
        self.assertEqual(document.state, "processed")
        self.assertEqual(str(document.move_id.date), "2026-01-05")

    def test_closed_period_moves_to_first_open_day_by_policy(self):
        self.company.sale_lock_date = fields.Date.to_date("2026-01-31")
        self.own.closed_policy = "first_open"
        self.own.action_fetch()
        document = self._document(self.own, 1)
        document.action_process()
        move = document.move_id
        self.assertEqual((move.state, move.name), ("posted", document.name))
        self.assertEqual(str(move.date), "2026-02-01")
        self.assertEqual(move.invoice_date, document.invoice_date)
        self.assertIn("2026-02-01", document.remark)
        later = self._document(self.own, 39)
        later.action_process()
        self.assertFalse(later.remark)
        self.assertEqual(later.move_id.date, later.fulfillment_date)

    def test_recorded_by_hand_is_skipped(self):
        partner = self.env["res.partner"].create(
            {"name": "Tölgyes", "vat": "HU19746308", "is_company": True}
        )
        bill = self._create_invoice_one_line(
            move_type="in_invoice", partner_id=partner, price_unit=47_250
        )
        self.supplier.action_fetch()
        document = self._document(self.supplier, 1)
        self._enter(bill, document.name, document.invoice_date, document.gross_total)
        document.action_process()
        self.assertEqual(
            (document.state, document.skip_reason, document.move_id),
            ("skipped", "recorded", bill),
        )

    def test_skipped_document_can_be_processed(self):
        self.own.action_fetch()
        document = self._document(self.own, 1)
        document.action_skip()
        self.assertEqual((document.state, document.skip_reason), ("skipped", "user"))
        self._process()
        self.assertFalse(document.move_id)
        document.action_process()
        self.assertEqual(document.state, "processed")
        with self.assertRaises(UserError):
            document.action_process()

    def test_error_does_not_stop_other_documents(self):
        document = self._fetched(1, gross_total=1)
        self._process()
        self.assertEqual(document.state, "error")
        others = self.own.document_ids - document
        self.assertEqual(set(others.mapped("state")), {"processed"})

    def test_document_corrected_at_billingo_is_processed_again(self):
        document = self._fetched(1)
        raw = document._raw()
        self.simulator.accounts.change(
            KEYS["own_key"], raw | {"gross_total": 1}, fields.Datetime.now()
        )
        self.own.action_fetch()
        self._process()
        self.assertEqual(document.state, "error")
        self.simulator.accounts.change(KEYS["own_key"], raw, fields.Datetime.now())
        self.own.action_fetch()
        self.assertEqual(document.state, "fetched")
        self._process()
        self.assertEqual(document.state, "processed")
