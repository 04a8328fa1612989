"""Safe to pay: accounts, the rule that posts, frauds, and who sees and decides."""

from dataclasses import replace
from datetime import date

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from .common_receive import MaventaReceiveCommon

IBAN = "FI8857493257383447"  # of the sample's sender
VALIDATOR = (
    "account.group_account_invoice,account.group_validate_bank_account,"
    "base.group_partner_manager"
)


@tagged("post_install", "-at_install", "post_install_l10n")
class TestReceiveSafety(MaventaReceiveCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.validator = new_test_user(
            cls.env,
            "validator",
            groups=VALIDATOR,
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
        )

    def _known(self, key="clean", **values):
        """Return a supplier of whom a bill is posted already."""
        supplier = self._supplier(key, **values)
        earlier = self.init_invoice(
            "in_invoice", supplier, "2026-01-02", amounts=[7], post=False
        )
        earlier.ref = "earlier"
        earlier.action_post()
        return supplier

    # === ACCOUNTS === #

    def test_known_and_trusted_account_is_set(self):
        supplier = self._supplier("clean")
        receipt = self._receive("clean")
        self.assertEqual(receipt.move_id.partner_bank_id, supplier.bank_ids)

    def test_no_other_account_is_ever_set_created_or_trusted(self):
        def prepare_untrusted():
            self._supplier("clean", trusted=False)

        def prepare_archived():
            self._supplier("clean").bank_ids.active = False

        def prepare_changed():
            self._supplier("clean", iban="FI2459639321765419")

        def prepare_other():
            self._supplier("clean", iban=None)
            self.env["res.partner.bank"].create(
                {
                    "acc_number": self._sample("clean").draft.seller.iban,
                    "partner_id": self.partner_a.id,
                }
            )

        def prepare_new():
            self._supplier("clean", iban=None)

        for prepare in (
            prepare_untrusted,
            prepare_archived,
            prepare_changed,
            prepare_other,
            prepare_new,
        ):
            code = prepare.__name__.replace("prepare", "account")
            with self.subTest(code):
                self.env["res.partner"].search([("vat", "=", "FI29770658")]).write(
                    {"vat": False, "company_registry": False}
                )
                banks = self.env["res.partner.bank"].with_context(active_test=False)
                banks.search([("sanitized_acc_number", "=", IBAN)]).unlink()
                prepare()
                banks = self.env["res.partner.bank"].with_context(active_test=False)
                before = banks.search([]).read(["acc_number", "active"])
                trusted = banks.search([("allow_out_payment", "=", True)])
                receipt = self._receive("clean")
                self.assertFalse(receipt.move_id.partner_bank_id)
                self.assertIn(code, self._codes(receipt))
                after = banks.search([]).read(["acc_number", "active"])
                self.assertEqual(after, before)
                now = banks.search([("allow_out_payment", "=", True)])
                self.assertEqual(now, trusted)
                receipt.move_id.unlink()

    def test_account_that_is_trusted_in_its_own_form_settles_the_waiting_bill(self):
        supplier = self._known(trusted=False)
        receipt = self._receive("clean")
        self.assertIn("account_untrusted", self._codes(receipt))
        bank = supplier.bank_ids
        bank.allow_out_payment = True
        self.assertFalse(receipt._points())
        self.assertEqual(receipt.move_id.partner_bank_id, bank)
        self.assertFalse(receipt.move_id.activity_ids)
        bank.active = False
        self.assertIn("account_archived", self._codes(receipt))

    def test_account_that_is_entered_by_hand_is_set_only_if_it_is_trusted(self):
        supplier = self._known(iban=None)
        receipt = self._receive("clean")
        self.assertIn("account_new", self._codes(receipt))
        values = {"acc_number": IBAN, "partner_id": supplier.id}
        bank = self.env["res.partner.bank"].create(values)
        self.assertEqual(self._codes(receipt), {"account_untrusted"})
        self.assertFalse(receipt.move_id.partner_bank_id)
        bank.unlink()  # Odoo archives it
        self.assertEqual(self._codes(receipt), {"account_archived"})

    def test_payee_of_another_name_is_asked_once(self):
        self._supplier("clean")
        draft = self._sample("clean").draft
        long = "Siivous Žižek Palvelut ja Kiinteistöhuolto Oy"
        other = replace(draft.seller, name="Aurinko Rahoitus Oy")
        for number, changes, is_asked in (
            ("Y-1", {"payee": other}, True),
            ("Y-2", {"payee": other}, False),
            ("Y-3", {"payee": replace(other, name="SIIVOUS ŽIŽEK")}, False),
            ("Y-4", {"seller": replace(draft.seller, name=long)}, False),
        ):
            with self.subTest(number):
                sample = self._changed("clean", number=number, **changes)
                receipt = self._receive(sample)
                self.assertEqual("payee_other" in self._codes(receipt), is_asked)
                receipt.action_confirm()

    def test_account_that_is_trusted_no_more_is_taken_off_the_draft(self):
        supplier = self._known()
        receipt = self._receive("clean")
        bank = supplier.bank_ids
        self.assertEqual(receipt.move_id.partner_bank_id, bank)
        bank.allow_out_payment = False
        self.assertFalse(receipt.move_id.partner_bank_id)
        self.assertIn("account_untrusted", self._codes(receipt))

    def test_credit_note_is_paid_to_no_account_of_its_supplier(self):
        supplier = self._supplier("plain", trusted=False)
        receipt = self._receive("credit_negative")
        move = receipt.move_id
        self.assertEqual(move.move_type, "in_refund")
        self.assertNotIn(move.partner_bank_id, supplier.bank_ids)
        self.assertFalse({x for x in self._codes(receipt) if "account" in x})
        supplier.bank_ids.allow_out_payment = True
        self.assertNotIn(move.partner_bank_id, supplier.bank_ids)

    def test_account_that_differs_by_one_digit_is_not_paid(self):
        number = f"{IBAN[:-1]}{(int(IBAN[-1]) + 1) % 10}"
        self._known()
        sample = self._changed("clean", number="F-1", other_iban=number)
        receipt = self._receive(sample)
        self.assertFalse(receipt.move_id.partner_bank_id)
        self.assertIn("account_changed", self._codes(receipt))
        self.assertIn("not valid", receipt.points_text)

    def test_earlier_due_date_than_agreed_is_told(self):
        terms = self.env.ref("account.account_payment_term_30days")
        self._known().property_supplier_payment_term_id = terms
        receipt = self._receive("clean")
        self.assertEqual([row["code"] for row in receipt._points()], ["due_early"])
        self.assertIn(terms.name, receipt.points_text)
        self.assertEqual(receipt.state, "billed")
        due = self._sample("clean").draft.due
        self.assertEqual(receipt.move_id.invoice_date_due, due)

    def test_banner_shows_old_and_new_number(self):
        supplier = self._supplier("plain")
        receipt = self._receive("account_changed")
        text = receipt.points_text
        self.assertIn("FI2459639321765419", text)
        self.assertIn(supplier.bank_ids.acc_number, text)
        alerts = receipt.move_id.with_user(self.accountant).alerts
        [alert] = [x for x in alerts.values() if "FI2459639321765419" in x["message"]]
        self.assertEqual(alert["level"], "danger")
        self.assertEqual(alert["action"]["res_model"], "maventa.account.review")

    def test_only_a_validator_trusts_and_only_what_the_invoice_names(self):
        supplier = self._supplier("plain")
        receipt = self._receive("account_changed")
        number = "FI2459639321765419"
        values = {"receipt_id": receipt.id}
        dialog = self.env["maventa.account.review"].with_user(self.accountant)
        dialog = dialog.create(values)
        self.assertEqual(dialog.number, number)
        self.assertEqual(dialog.known, supplier.bank_ids.acc_number)
        with self.assertRaises(AccessError):
            dialog.action_trust()
        dialog = self.env["maventa.account.review"].with_user(self.validator)
        dialog = dialog.create({**values, "number": "FI9353114367006637"})
        with self.assertRaises(UserError):
            dialog.action_trust()
        dialog.number = number
        dialog.action_trust()
        move = receipt.move_id
        self.assertEqual(move.partner_bank_id.sanitized_acc_number, number)
        self.assertTrue(move.partner_bank_id.allow_out_payment)
        self.assertNotIn("account_changed", self._codes(receipt))
        self.assertIn("validator", str(receipt.timeline))

    def test_any_trusted_account_of_several_is_enough(self):
        supplier = self._supplier("account_changed", iban="FI2459639321765419")
        receipt = self._receive("account_changed")
        self.assertEqual(receipt.move_id.partner_bank_id, supplier.bank_ids)

    def test_account_that_a_person_chooses_against_the_invoice_is_told(self):
        supplier = self._supplier("clean")
        other = self.env["res.partner.bank"].create(
            {"acc_number": "FI9353114367006637", "partner_id": supplier.id}
        )
        receipt = self._receive("clean")
        receipt.move_id.partner_bank_id = other
        self.assertIn("account_differs", self._codes(receipt))
        receipt.move_id.partner_bank_id = supplier.bank_ids - other
        self.assertNotIn("account_differs", self._codes(receipt))

    def test_activity_about_an_account_goes_to_a_validator(self):
        self._supplier("plain")
        self.journal.maventa_responsible_id = self.accountant
        receipt = self._receive(self._changed("account_changed", origin="SCAN"))
        activities = receipt.move_id.activity_ids
        about = activities.filtered(lambda x: "2459639321765419" in str(x.note))
        group = "account.group_validate_bank_account"
        self.assertTrue(about.user_id.has_group(group))
        self.assertEqual((activities - about).user_id, self.accountant)

    # === THE RULE === #

    def _rule(self, key="clean", **values):
        supplier = self._known(key)
        supplier.autopost_bills = "always"
        self.company.write({"maventa_autopost": True, **values})
        return supplier

    def test_nothing_posts_by_itself(self):
        self._known().autopost_bills = "always"
        self.company.autopost_bills = True
        receipt = self._receive("clean")
        self.assertEqual((receipt.state, receipt.move_id.state), ("billed", "draft"))

    def test_rule_posts_what_has_nothing_to_decide(self):
        self._rule()
        receipt = self._receive("clean")
        self.assertEqual(receipt.move_id.state, "posted", receipt.points_text)
        self.assertTrue(receipt.is_posted_by_rule)

    def _next(self, number, **values):
        """Return an invoice of another day: Odoo itself suspects equal ones."""
        day = date(2026, 2, int(number))
        return self._changed(
            "clean", number=number, date=day, due=date(2026, 4, 1), **values
        )

    def test_rule_posts_nothing_over_the_limit_from_a_scan_or_against_a_wish(self):
        supplier = self._rule(maventa_autopost_limit=300)
        self.assertEqual(self._receive(self._next("1")).move_id.state, "draft")
        self.company.maventa_autopost_limit = 400
        self.assertEqual(self._receive(self._next("2")).move_id.state, "posted")
        scan = self._next("3", origin="SCAN")
        self.assertEqual(self._receive(scan).move_id.state, "draft")
        supplier.autopost_bills = "ask"
        self.assertEqual(self._receive(self._next("4")).move_id.state, "draft")
        supplier.autopost_bills = "always"
        supplier.bank_ids.allow_out_payment = False
        self.assertEqual(self._receive(self._next("5")).move_id.state, "draft")

    def test_rule_posts_nothing_in_a_journal_that_is_locked_by_hashes(self):
        self._rule()
        self.journal.restrict_mode_hash_table = True
        receipt = self._receive("clean")
        self.assertEqual((receipt.state, receipt.move_id.state), ("billed", "draft"))
        self.assertFalse(receipt.is_posted_by_rule)

    def test_rule_needs_an_earlier_bill_of_the_supplier(self):
        self._supplier("clean").autopost_bills = "always"
        self.company.maventa_autopost = True
        receipt = self._receive("clean")
        self.assertEqual((receipt.state, receipt.move_id.state), ("billed", "draft"))

    def test_odoos_own_autopost_is_held_to_the_same(self):
        self._rule()
        supplier = self.env["res.partner"].search([("vat", "=", "FI29770658")])
        supplier.bank_ids.allow_out_payment = False
        receipt = self._receive("clean")
        receipt.move_id._autopost_bill()
        self.assertEqual(receipt.move_id.state, "draft")

    def test_autopost_of_other_bills_is_as_before(self):
        supplier = self._known()
        supplier.autopost_bills = "always"
        bill = self.init_invoice("in_invoice", supplier, "2026-02-02", amounts=[9])
        bill.ref = "typed"
        bill._autopost_bill()
        self.assertEqual(bill.state, "posted")

    # === DETECT, FRAUD === #

    def test_warning_of_maventas_checks_stops_the_rule(self):
        self._rule()
        self.account.detects = True
        detects = [("BANK_ACCOUNT_CHANGED", "WARNING"), ("VAT", "OK")]
        receipt = self._receive("clean", detects=detects)
        self.assertEqual(receipt.move_id.state, "draft")
        self.assertEqual(self._codes(receipt), {"detect"})
        receipt = self._receive(self._next("2"), detects=[("VAT", "PENDING")])
        self.assertEqual((receipt.state, receipt.move_id.state), ("billed", "draft"))
        receipt = self._receive(self._next("3"), detects=[("VAT", "OK")])
        self.assertEqual(receipt.move_id.state, "posted")
        receipt = self._receive(self._next("4"), detects=[])
        self.assertEqual(receipt.move_id.state, "draft")
        self.assertIn("not complete", receipt.points_text)

    def test_checks_are_not_asked_for_unless_switched_on(self):
        self._receive("clean", detects=[("VAT", "WARNING")])
        self.assertFalse(self.simulator.requests["detect_results"])

    def test_fraud_is_reported_once_and_again_without_harm(self):
        receipt = self._receive("clean")
        for _time in range(2):
            dialog = self.env["maventa.fraud.report"].with_user(self.accountant)
            dialog = dialog.create(
                {
                    "receipt_id": receipt.id,
                    "reason": "UNKNOWN_COMPANY",
                    "contact_email": "a@lumi.example",
                }
            )
            dialog.action_report()
        self.assertTrue(receipt.is_reported_fraud)
        self.assertEqual(self.simulator.requests["report"], 2)

    # === PEOPLE === #

    def test_activity_per_cause_is_closed_by_the_cure(self):
        supplier = self._supplier("clean", iban="FI2459639321765419")
        receipt = self._receive("clean")
        self.assertEqual(len(receipt.move_id.activity_ids), 1)
        line = receipt.move_id.invoice_line_ids
        receipt.move_id.write(
            {"invoice_line_ids": [Command.update(line.id, {"price_unit": 1})]}
        )
        self.assertEqual(len(receipt.move_id.activity_ids), 2)
        receipt.move_id.write(
            {"invoice_line_ids": [Command.update(line.id, {"price_unit": 30})]}
        )
        self.assertEqual(len(receipt.move_id.activity_ids), 1)
        about_account = receipt.move_id.activity_ids
        receipt.move_id.action_post()
        self.assertEqual(receipt.move_id.activity_ids, about_account)
        self.assertEqual(receipt.state, "billed")
        bank = supplier.bank_ids
        bank.allow_out_payment = False
        bank.acc_number = self._sample("clean").draft.iban
        bank.allow_out_payment = True
        self.assertFalse(receipt.move_id.activity_ids)

    def test_reminder_is_an_activity_for_a_person_and_no_bill(self):
        receipt = self._receive("reminder")
        self.assertFalse(receipt.move_id)
        self.assertEqual(receipt.state, "not_a_bill")
        self.assertTrue(self.journal.activity_ids)

    def test_ignored_with_a_reason_is_cancelled_and_stays(self):
        receipt = self._receive("clean")
        dialog = self.env["maventa.receipt.ignore"].with_user(self.accountant)
        dialog.create({"receipt_id": receipt.id, "reason": "Not ours"}).action_ignore()
        self.assertEqual(receipt.state, "ignored")
        self.assertIn("Not ours", receipt.ignored_reason)
        self.assertEqual(receipt.move_id.state, "cancel")
        self._fetch()
        self.assertEqual(len(self._receipts()), 1)

    def test_posted_bill_is_neither_read_again_nor_ignored(self):
        receipt = self._receive("clean")
        receipt.move_id.action_post()
        with self.assertRaises(UserError):
            receipt.with_user(self.accountant).action_read_again()
        dialog = self.env["maventa.receipt.ignore"].create(
            {"receipt_id": receipt.id, "reason": "x"}
        )
        with self.assertRaises(UserError):
            dialog.action_ignore()

    def test_receipts_are_never_deleted(self):
        receipt = self._receive("clean")
        with self.assertRaises(UserError):
            receipt.unlink()

    def test_card_of_the_journal_counts(self):
        self._arrive("clean", "scan")
        broken = self._changed("clean", number="X-1")
        broken.formats["FINVOICE30"] = b"<Order/>"
        self._receive(broken)
        data = self.journal._get_journal_dashboard_data_batched()[self.journal.id]
        self.assertEqual(data["maventa_unreadable"], 1)
        self.assertGreaterEqual(data["maventa_to_review"], 2)
        action = self.journal.with_context(
            maventa_counted="unreadable"
        ).action_maventa_open_receipts()
        found = self.env["maventa.receipt"].search(action["domain"])
        self.assertEqual(found.mapped("state"), ["unreadable"])

    def test_digest_tells_once_a_day_what_came_and_what_waits(self):
        self.company.maventa_notify_emails = "boss@lumi.example"
        self._receive("scan")
        mails = self.env["mail.mail"].search([("email_to", "=", "boss@lumi.example")])
        self.assertEqual(len(mails), 1)
        self.assertIn("SK-1", mails.body_html)
        self._receive("clean")
        mails = self.env["mail.mail"].search([("email_to", "=", "boss@lumi.example")])
        self.assertEqual(len(mails), 1)

    def test_accountant_reads_receipts_and_a_stranger_does_not(self):
        receipt = self._receive("clean")
        self.assertTrue(receipt.with_user(self.accountant).read(["number"]))
        with self.assertRaises(UserError):
            receipt.with_user(self.accountant).write({"number": "1"})
        other = self.env["res.company"].create({"name": "Other"})
        stranger = new_test_user(
            self.env,
            "stranger",
            groups="account.group_account_invoice",
            company_id=other.id,
            company_ids=[Command.set(other.ids)],
        )
        with self.assertRaises(AccessError):
            receipt.with_user(stranger).read(["number"])
        with self.assertRaises(AccessError):
            receipt.document_id.with_user(stranger).read(["raw"])

    def test_points_are_in_the_language_of_the_reader(self):
        self.env["res.lang"]._activate_lang("fi_FI")
        receipt = self._receive("scan")
        self.assertTrue(receipt.with_context(lang="fi_FI").points_text)
        self.assertTrue(receipt.reason)
