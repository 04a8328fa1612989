"""Numbers come from the series: none from a keyboard or a spreadsheet."""

import datetime

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from ..at_series import lisbon_date
from .common import AtcudCommon
from .test_immutability import refused
from .test_printing import Footers


@tagged("post_install", "-at_install", "post_install_l10n")
class TestTypedNumbers(AtcudCommon):
    def setUp(self):
        super().setUp()
        self.series = self.registered_series()

    def test_number_on_a_draft_is_refused_when_it_is_written(self):
        draft = self.draft()
        for name in ("FT A2026/77", "INV/2026/00001", "X"):
            with self.subTest(name), self.assertRaises(UserError):
                draft.name = name
            with self.subTest(name), self.assertRaises(UserError):
                self.draft(name=name)
            with self.subTest(name), self.assertRaises(UserError):
                moves = self.env["account.move"].with_context(default_name=name)
                moves.create({"move_type": "out_invoice"})
        draft.invalidate_recordset()
        self.assertFalse(draft.name)
        draft.name = "/"
        draft.action_post()
        self.assertEqual(draft.name, "FT A2026/1")

    def test_number_of_a_spreadsheet_is_refused(self):
        header = [
            "move_type",
            "partner_id/.id",
            "journal_id/.id",
            "name",
            "invoice_line_ids/name",
            "invoice_line_ids/price_unit",
        ]
        row = [
            "out_invoice",
            str(self.partner_a.id),
            str(self.journal.id),
            "FT A2026/12",
            "Azulejo",
            "10",
        ]
        result = self.env["account.move"].load(header, [row])
        self.assertFalse(result["ids"])
        self.assertIn("FT A2026/12", result["messages"][0]["message"])
        row[3] = ""
        result = self.env["account.move"].load(header, [row])
        self.assertTrue(result["ids"], result["messages"])

    def test_warned_company_refuses_typed_numbers_as_well(self):
        self.company.sudo().l10n_pt_atcud_without_series = "warn"
        with self.assertRaises(UserError):
            self.draft(name="FT A2026/9")

    def test_draft_never_blocks_the_numbers(self):
        """Whatever stands in its number: a fault of another addon, or an old draft."""
        draft = self.draft()
        self.env.flush_all()
        self.cr.execute(
            "UPDATE account_move SET name = 'FT A2026/50', sequence_number = 50,"
            " sequence_prefix = 'FT A2026/' WHERE id = %s",
            [draft.id],
        )
        self.env.invalidate_all()
        self.assertEqual(self.series._find_numbered(), 0)
        self.assertFalse(self.series.is_used)
        issued = self.draft()
        issued.action_post()
        self.assertEqual(issued.name, "FT A2026/1")

    def test_draft_blocks_no_registration(self):
        draft = self.draft()
        self.env.flush_all()
        self.cr.execute(
            "UPDATE account_move SET name = 'FT NEW/50', sequence_number = 50,"
            " sequence_prefix = 'FT NEW/' WHERE id = %s",
            [draft.id],
        )
        self.env.invalidate_all()
        series = self.make_series("NEW")
        self.assertEqual(series.first_number, 1)
        self.assertIsNone(self.register(series))

    def test_draft_blocks_no_annulment(self):
        self.assertEqual(self.draft().l10n_pt_atcud_series_id, self.series)
        self.assertFalse(self.series.is_used)
        self.assertIsNone(self.close(self.series, "annul"))
        self.assertEqual(self.series.state, "annulled")

    def test_first_number_is_the_same_by_every_door(self):
        self.issued_before("FT 2026/44")
        with Form(self.env["l10n_pt_atcud.series"]) as form:
            form.journal_id = self.journal
            form.identifier = "2026"
            self.assertEqual(form.first_number, 45)
        form.record.unlink()
        created = self.make_series("2026")
        self.assertEqual(created.first_number, 45)
        created.unlink()
        result = self.env["l10n_pt_atcud.series"].load(
            ["document_type", "identifier", "journal_id/.id"],
            [["FT", "2026", str(self.journal.id)]],
        )
        imported = self.env["l10n_pt_atcud.series"].browse(result["ids"])
        self.assertEqual(imported.first_number, 45)
        self.assertEqual(self.make_series("OTHER").first_number, 1)


@tagged("post_install", "-at_install", "post_install_l10n")
class TestNumbersOfOthers(AtcudCommon):
    """What is no document of a series takes none of its numbers."""

    def setUp(self):
        super().setUp()
        self.series = self.registered_series()
        self.draft().action_post()
        self.misc = self.company_data["default_journal_misc"]

    def entry(self, **values):
        account = self.company_data["default_account_revenue"].id
        entries = self.env["account.move"].with_user(self.accountant)
        return entries.create(
            {
                "move_type": "entry",
                "journal_id": self.journal.id,
                "line_ids": [
                    Command.create({"account_id": account, "balance": amount})
                    for amount in (100.0, -100.0)
                ],
                **values,
            }
        )

    def test_journal_entry_has_no_number_of_a_series(self):
        for name in ("FT A2026/2", "ft a2026/2", "FT A2026/900", "FT A2026/0"):
            with self.subTest(name), refused(self):
                self.entry(name=name)
        entry = self.entry(name="MISC/1")
        for values in (
            {"name": "FT A2026/2"},
            {"sequence_prefix": "FT A2026/", "sequence_number": 2},
        ):
            with self.subTest(values), refused(self):
                entry.write(values)
        with refused(self):
            self.entry(name="FT A2026/2", l10n_pt_atcud_series_id=self.series.id)
        entry.action_post()
        with refused(self):
            entry.write({"name": "FT A2026/2"})
        entry.button_draft()
        with refused(self):
            entry.write({"name": "FT A2026/2"})
        following = self.draft()
        following.action_post()
        self.assertEqual(following.name, "FT A2026/2")
        self.assertFalse(following.made_sequence_gap)

    def test_journal_entry_does_not_bring_its_number_from_elsewhere(self):
        entry = self.entry(journal_id=self.misc.id, name="FT A2026/2")
        with refused(self):
            entry.write({"journal_id": self.journal.id, "name": "FT A2026/2"})

    def test_number_of_before_the_registration_is_not_posted_after_it(self):
        entry = self.entry(name="FT NEW/1")
        self.registered_series("NEW")
        with refused(self):
            entry.action_post()
        entry.write({"name": "MISC/7"})
        entry.action_post()
        self.assertEqual(entry.name, "MISC/7")

    def test_entries_and_older_documents_keep_their_own_numbers(self):
        entry = self.entry()
        entry.action_post()
        self.assertEqual(entry.state, "posted")
        old = self.issued_before("FT 2026/44")
        self.registered_series("2026")
        old.button_draft()
        old.action_post()
        self.assertEqual((old.name, old.state), ("FT 2026/44", "posted"))


@tagged("post_install", "-at_install", "post_install_l10n")
class TestCounter(AtcudCommon):
    def move_counter(self, series, last_number, reason="Cópia de segurança reposta"):
        context = series.action_move_counter()["context"]
        wizard = series.env["l10n_pt_atcud.series.counter"].with_context(**context)
        wizard.create({"last_number": last_number, "reason": reason}).action_confirm()

    def test_counter_moves_forward_with_a_reason_in_the_chatter(self):
        series = self.registered_series()
        self.draft().action_post()
        self.move_counter(series, 7)
        invoice = self.draft()
        invoice.action_post()
        self.assertEqual(invoice.name, "FT A2026/8")
        self.assertFalse(invoice.made_sequence_gap)
        self.assertEqual(invoice.l10n_pt_atcud_value, f"{series.validation_code}-8")
        body = series.message_ids[0].body
        self.assertIn("Cópia de segurança reposta", body)
        self.assertIn("from 1 to 7", body)

    def test_counter_never_moves_back(self):
        series = self.registered_series(first_number=5)
        for number in (0, 4):
            with self.subTest(number), self.assertRaises(UserError):
                self.move_counter(series, number)
        self.move_counter(series, 9)
        with self.assertRaises(UserError):
            self.move_counter(series, 9)
        with self.assertRaises(UserError):
            self.move_counter(series, 20, "  ")
        with self.assertRaises(UserError):
            self.move_counter(self.make_series("B"), 9)

    def test_accountants_cannot_move_it(self):
        series = self.registered_series().with_user(self.accountant)
        with self.assertRaises(AccessError):
            series._move_counter(9, "X")
        with self.assertRaises(AccessError):
            self.move_counter(series, 9)


@tagged("post_install", "-at_install", "post_install_l10n")
class TestExternalDocuments(Footers, AtcudCommon):
    """Documents that another program has issued."""

    def setUp(self):
        super().setUp()
        self.manager = self.new_user(
            "atcud_manager",
            "account.group_account_manager",
            "account.group_account_invoice",
        )

    def external(self, name="FT 2025/45", **values):
        moves = self.draft(
            name=name,
            date="2026-05-03",
            l10n_pt_atcud_is_external=True,
            **{"l10n_pt_atcud_external_value": "JFTX7RK9-45", **values},
        )
        return moves

    def test_it_keeps_its_number_and_code(self):
        self.registered_series()
        old = self.external()
        self.assertFalse(old.l10n_pt_atcud_series_id)
        self.assertNotIn("l10n_pt_atcud_series", old.alerts or {})
        old.action_post()
        self.assertEqual(
            (old.name, old.l10n_pt_atcud_value, old.state),
            ("FT 2025/45", "JFTX7RK9-45", "posted"),
        )
        new = self.draft()
        new.action_post()
        self.assertEqual(new.name, "FT A2026/1")
        self.assertEqual(self.company.l10n_pt_atcud_without_series, "refuse")

    def test_paper_says_that_it_is_a_copy(self):
        old = self.external()
        old.action_post()
        footer = str(self.footers(old))
        self.assertIn("Cópia do documento original", footer)
        self.assertIn("ATCUD:JFTX7RK9-45", footer)

    def test_the_code_may_be_missing(self):
        old = self.external(l10n_pt_atcud_external_value=False)
        old.action_post()
        self.assertEqual((old.name, old.l10n_pt_atcud_value), ("FT 2025/45", False))

    def test_number_and_form_of_the_code_are_checked(self):
        with self.assertRaises(UserError):
            self.external(name=False).action_post()
        for value in ("JFTX7RK9", "JFTX-1", "jftx7rk9-1", "JFTX7RK9-"):
            with self.subTest(value), self.assertRaises(UserError):
                self.external(l10n_pt_atcud_external_value=value)

    def test_it_can_be_imported_from_a_spreadsheet(self):
        header = [
            "move_type",
            "partner_id/.id",
            "journal_id/.id",
            "invoice_date",
            "name",
            "l10n_pt_atcud_is_external",
            "l10n_pt_atcud_external_value",
            "invoice_line_ids/name",
            "invoice_line_ids/price_unit",
        ]
        rows = [
            [
                "out_invoice",
                str(self.partner_a.id),
                str(self.journal.id),
                "2026-01-02",
                f"FT 2025/{number}",
                "1",
                f"JFTX7RK9-{number}",
                "Azulejo",
                "10",
            ]
            for number in (3, 4)
        ]
        result = self.env["account.move"].load(header, rows)
        self.assertTrue(result["ids"], result["messages"])
        moves = self.env["account.move"].browse(result["ids"])
        moves._post()
        self.assertEqual(
            moves.mapped("l10n_pt_atcud_value"), ["JFTX7RK9-3", "JFTX7RK9-4"]
        )

    def test_a_draft_of_the_same_document_is_found(self):
        old = self.external()
        for values in (
            {"l10n_pt_atcud_external_value": False},
            {"name": "FT 2024/45"},
        ):
            with self.subTest(values):
                twin = self.external(**values)
                with self.assertRaisesRegex(UserError, "already in Odoo"):
                    old.action_post()
                twin.unlink()
        old.action_post()
        self.assertEqual(old.state, "posted")

    def test_numbers_of_odoo_are_not_entered(self):
        series = self.registered_series("A2026")
        old = self.external("FT A2026/3", l10n_pt_atcud_external_value="JFTX7RK9-3")
        with self.assertRaisesRegex(UserError, "FT A2026/3"):
            old.action_post()
        series._move_counter(3, "Outro programa")
        old.action_post()
        new = self.draft()
        new.action_post()
        self.assertEqual((old.name, new.name), ("FT A2026/3", "FT A2026/4"))

    def test_only_administrators_enter_them(self):
        values = {
            "move_type": "out_invoice",
            "journal_id": self.journal.id,
            "l10n_pt_atcud_is_external": True,
            "name": "FT 2025/1",
        }
        moves = self.env["account.move"]
        with self.assertRaises(AccessError):
            moves.with_user(self.accountant).create(values)
        draft = self.draft().with_user(self.accountant)
        with self.assertRaises(AccessError):
            draft.l10n_pt_atcud_is_external = True
        self.assertTrue(moves.with_user(self.manager).create(values))

    def test_only_administrators_change_confirm_and_delete_them(self):
        draft = self.external("FT OLD/6", l10n_pt_atcud_external_value="ABCDEFGH-6")
        entered = self.external("FT OLD/5", l10n_pt_atcud_external_value="ABCDEFGH-5")
        entered.action_post()
        for move in draft, entered:
            self.assertAdministrators(move)
        with self.assertRaises(AccessError), self.cr.savepoint():
            draft.with_user(self.accountant).action_post()
        self.assertEqual((draft.state, entered.state), ("draft", "posted"))
        theirs = draft.with_user(self.manager)
        theirs.invoice_line_ids.price_unit = 7.0
        theirs.action_post()
        theirs.button_draft()
        theirs.unlink()

    def assertAdministrators(self, move):
        """Try all doors to a document of another program as an accountant."""
        theirs, line = move.with_user(self.accountant), move.invoice_line_ids
        values = {"price_unit": 9999.0}
        for change in (
            {"name": "FT OLD/77"},
            {"l10n_pt_atcud_external_value": "ZZZZZZZZ-77"},
            {"l10n_pt_atcud_external_hash_control": "1.1"},
            {"l10n_pt_atcud_is_external": False, "name": False},
            {"invoice_date": "2026-06-01"},
            {"partner_id": self.partner_b.id},
            {"move_type": "out_refund"},
            {"auto_post": "at_date"},
            {"state": "cancel"},
            {"invoice_line_ids": [Command.update(line.id, values)]},
        ):
            with self.subTest(change), self.assertRaises(AccessError):
                theirs.write(change)
        new = {"move_id": move.id, "name": "X", "price_unit": 1.0}
        elsewhere = self.draft().with_user(self.accountant).invoice_line_ids
        for change in (
            lambda: theirs.invoice_line_ids.write(values),
            lambda: theirs.invoice_line_ids.unlink(),
            lambda: theirs.invoice_line_ids.create(new),
            lambda: elsewhere.write({"move_id": move.id}),
            lambda: theirs.button_draft(),
            lambda: theirs.button_cancel(),
            lambda: theirs.unlink(),
        ):
            with refused(self):
                change()

    def test_accountants_settle_and_correct_them(self):
        self.registered_series("A2026", "NC")
        old = self.external()
        old.action_post()
        theirs = old.with_user(self.accountant)
        register = self.env["account.payment.register"].with_user(self.accountant)
        context = {"active_model": "account.move", "active_ids": old.ids}
        register.with_context(**context).create({"amount": 30})._create_payments()
        self.assertEqual(old.amount_residual, 70)
        reason = {"l10n_pt_atcud_reason": "Devolução", "invoice_date": False}
        theirs._reverse_moves([reason], cancel=True)
        self.assertTrue(old.reversal_move_ids)

    def test_it_is_not_of_the_future(self):
        old = self.external()
        old.invoice_date = lisbon_date() + datetime.timedelta(days=1)
        with self.assertRaisesRegex(UserError, "in the future"):
            old.action_post()

    def test_code_has_the_number_of_the_document(self):
        old = self.external(l10n_pt_atcud_external_value="JFTX7RK9-46")
        with self.assertRaisesRegex(UserError, "same number"):
            old.action_post()

    def test_number_and_code_are_entered_once(self):
        self.external().action_post()
        other = self.journal.copy({"code": "ANT"})
        for name in ("FT 2025/45", "FT 2024/45"):
            with self.subTest(name), self.assertRaisesRegex(UserError, "already in"):
                self.external(name, journal_id=other.id).action_post()
        old = self.external(
            "FT 2025/45",
            journal_id=other.id,
            l10n_pt_atcud_external_value="JFTX7RK8-45",
        )
        with self.assertRaisesRegex(UserError, "already in"):
            old.action_post()

    def test_issued_document_does_not_become_external(self):
        self.registered_series()
        invoice = self.draft()
        invoice.action_post()
        with refused(self):
            invoice.l10n_pt_atcud_is_external = True

    def test_entry_can_be_corrected(self):
        old = self.external()
        old.action_post()
        old.button_draft()
        self.assertFalse(old.l10n_pt_atcud_value)
        old.name = "FT 2025/46"
        old.l10n_pt_atcud_external_value = "JFTX7RK9-46"
        old.action_post()
        self.assertEqual(
            (old.name, old.l10n_pt_atcud_value), ("FT 2025/46", "JFTX7RK9-46")
        )

    def test_it_is_corrected_by_a_credit_note_of_odoo(self):
        self.registered_series("A2026", "NC")
        old = self.external()
        old.action_post()
        refund = old._reverse_moves(
            [{"l10n_pt_atcud_reason": "Devolução", "invoice_date": False}]
        )
        self.assertFalse(refund.l10n_pt_atcud_is_external)
        refund.action_post()
        self.assertEqual(refund.name, "NC A2026/1")
