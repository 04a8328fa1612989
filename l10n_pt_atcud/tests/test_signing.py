"""Documents are signed while they are posted, in a chain per series."""

import subprocess
import tempfile
from pathlib import Path

from odoo import Command
from odoo.exceptions import RedirectWarning, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..at_series import lisbon_date
from ..at_series.signing import decoded
from .signing import OTHER_PEM, RemoteSigning, SigningCommon


@tagged("post_install", "-at_install", "post_install_l10n")
class TestSigning(SigningCommon):
    def test_documents_are_chained_in_the_order_of_their_numbers(self):
        moves = self.issued(3) | self.issued()
        ordered = moves.sorted("sequence_number")
        self.assertEqual(
            ordered.mapped("name"), [f"FT A2026/{n}" for n in (1, 2, 3, 4)]
        )
        self.assertEqual(self.breaks(moves), [])
        previous = ""
        for move in ordered:
            self.assertEqual(len(move.l10n_pt_atcud_hash), 172)
            self.assertEqual(move.l10n_pt_atcud_signed["previous"], previous)
            self.assertEqual(move.l10n_pt_atcud_hash_control, "1")
            previous = move.l10n_pt_atcud_hash
        self.assertEqual(self.series.signed_hash, previous)
        self.assertEqual(self.series.signed_number, 4)

    def test_signature_agrees_with_openssl(self):
        move = self.issued()
        signed = move.l10n_pt_atcud_signed
        names = ("date", "entry", "number", "gross_total", "previous")
        message = ";".join(signed[name] for name in names)
        self.assertEqual(signed["gross_total"], "100.00")
        with tempfile.TemporaryDirectory() as folder:
            paths = {name: Path(folder, name) for name in ("key", "hash")}
            paths["key"].write_text(self.signing.key_ids.public_key)
            paths["hash"].write_bytes(decoded(move.l10n_pt_atcud_hash))
            answer = subprocess.run(
                ["openssl", "dgst", "-sha1", "-verify", paths["key"]]
                + ["-signature", paths["hash"]],
                input=message.encode(),
                capture_output=True,
                check=True,
            )
        self.assertEqual(answer.stdout.strip(), b"Verified OK")

    def test_each_type_has_a_chain_of_its_own(self):
        credit = self.registered_series("A2026", "NC")
        debit = self.registered_series("A2026", "ND")
        simplified = self.registered_series("A2026", "FS")
        invoice = self.issued()
        notes = self.credit_note(invoice)
        notes |= self.draft(
            debit_origin_id=invoice.id, l10n_pt_atcud_reason="Portes em falta"
        )
        notes |= self.draft(l10n_pt_atcud_document_type="FS")
        notes.action_post()
        self.assertEqual(notes.l10n_pt_atcud_series_id, credit | debit | simplified)
        for note in notes:
            self.assertEqual(note.l10n_pt_atcud_signed["previous"], "")
            self.assertEqual(note.l10n_pt_atcud_signed["gross_total"], "100.00")
            self.assertEqual(self.breaks(note), [])

    def test_receipt_is_not_signed(self):
        journal = self.company_data["default_journal_bank"]
        journal.l10n_pt_atcud_receipt_type = "RG"
        self.registered_series("A2026", "RG", journal_id=journal.id)
        invoice = self.issued()
        register = self.env["account.payment.register"].with_context(
            active_model=invoice._name, active_ids=invoice.ids
        )
        payment = register.create({"journal_id": journal.id})._create_payments()
        self.assertTrue(payment.l10n_pt_atcud_value)
        self.assertNotIn("l10n_pt_atcud_hash", payment._fields)

    def test_series_is_held_alone_while_documents_are_signed(self):
        """Two who share the row and then both write it would block each other."""
        dates = self.env["l10n_pt_atcud.issue_dates"]
        self.assertEqual(dates.series_to_lock(self.draft()), self.series)
        self.signing.action_switch_off()
        self.assertFalse(dates.series_to_lock(self.draft()))

    def test_failure_leaves_neither_number_nor_signature(self):
        first = self.issued()
        drafts = self.draft() | self.draft()
        with self.assertRaises(UserError), self.cr.savepoint():
            self.signing.key_ids.action_remove_private_key()
            drafts.action_post()
        self.assertFalse(any(drafts.mapped("l10n_pt_atcud_hash")))
        self.assertFalse(any(drafts.mapped("l10n_pt_atcud_value")))
        drafts.action_post()
        self.assertEqual(self.breaks(first | drafts), [])

    def test_cancelled_document_stays_in_the_chain(self):
        moves = self.issued(3)
        for move in moves.sorted("sequence_number"):
            before = move.l10n_pt_atcud_hash, move.l10n_pt_atcud_signed
            self.cancel_issued(move)
            after = move.l10n_pt_atcud_hash, move.l10n_pt_atcud_signed
            self.assertEqual(before, after)
            self.assertIn("*E:A*", move.l10n_pt_atcud_qr_payload)
        self.assertEqual(self.breaks(moves | self.issued()), [])

    def test_qr_code_says_what_was_signed(self):
        move = self.issued()
        characters = "".join(move.l10n_pt_atcud_hash[n - 1] for n in (1, 11, 21, 31))
        self.assertTrue(
            move.l10n_pt_atcud_qr_payload.endswith(f"*O:100.00*Q:{characters}*R:0042")
        )

    def test_next_key_continues_the_chain(self):
        first = self.issued()
        self.enter_key(OTHER_PEM, 2)
        second = self.issued()
        self.assertEqual(second.l10n_pt_atcud_hash_control, "2")
        previous = second.l10n_pt_atcud_signed["previous"]
        self.assertEqual(previous, first.l10n_pt_atcud_hash)
        self.assertEqual(self.breaks(first | second), [])
        self.assertTrue(all(self.signing.key_ids.mapped("used_on")))

    def test_other_key_under_the_same_version_is_noticed_at_once(self):
        self.issued()
        with mute_logger("odoo.sql_db"):
            self.signing.key_ids.sudo().write(
                {
                    "public_key": self.signing.key_ids._halves(OTHER_PEM, "", "")[1],
                    "private_key": OTHER_PEM,
                }
            )
        with self.assertRaisesRegex(UserError, "not signed with the key"):
            self.issued()

    def test_total_is_before_withholding_and_in_euro(self):
        withholding = self.tax(-11.5)
        line = Command.create(
            {
                "name": "Consultoria",
                "price_unit": 1000,
                "tax_ids": [Command.set((self.tax(23) | withholding).ids)],
            }
        )
        move = self.issued(invoice_line_ids=[line])
        self.assertEqual(move.amount_total, 1115)
        self.assertEqual(move.l10n_pt_atcud_signed["gross_total"], "1230.00")
        self.assertIn("*O:1230.00*", move.l10n_pt_atcud_qr_payload)

    def test_rate_that_changes_afterwards_changes_nothing(self):
        dollar = self.env.ref("base.USD").sudo()
        dollar.active = True
        rate = dollar.rate_ids.create(
            {
                "currency_id": dollar.id,
                "company_id": self.company.id,
                "name": lisbon_date(),
                "rate": 2,
            }
        )
        move = self.issued(currency_id=dollar.id)
        self.assertEqual(move.l10n_pt_atcud_signed["gross_total"], "50.00")
        rate.rate = 4
        self.assertEqual(move.l10n_pt_atcud_signed["gross_total"], "50.00")
        self.assertEqual(self.breaks(move), [])

    def test_small_amounts_are_summed_before_they_are_rounded(self):
        for quantity, price, total in (
            (2000, 0.001, "2.00"),
            (3, 9.99, "29.97"),
            (1, 0.005, "0.01"),
        ):
            line = Command.create(
                {
                    "name": "Parafuso",
                    "quantity": quantity,
                    "price_unit": price,
                    "tax_ids": [Command.set(self.exempt.ids)],
                }
            )
            precision = self.env["decimal.precision"].sudo()
            precision.search([("name", "=", "Product Price")]).digits = 3
            with self.subTest(price=price):
                move = self.issued(invoice_line_ids=[line])
                self.assertEqual(move.l10n_pt_atcud_signed["gross_total"], total)

    def test_document_of_demo_is_final_once_it_is_signed(self):
        self.signing.action_switch_off()
        self.use_environment("demo")
        self.company.sudo().l10n_pt_atcud_software_number = "9999"
        self.registered_series("D2026")
        self.signing.action_switch_on()
        move = self.issued()
        self.assertTrue(move.name.startswith("DEMO-FT D2026/"))
        with self.assertRaises(RedirectWarning):
            move.button_draft()
        with self.assertRaises(RedirectWarning):
            move.unlink()

    def test_recorded_fields_cannot_be_set_by_hand(self):
        move = self.issued()
        for name in ("hash", "hash_control", "digest", "source_id"):
            with self.subTest(name), self.assertRaises(UserError):
                move.write({f"l10n_pt_atcud_{name}": "X"})

    def test_issuer_is_kept_with_the_document(self):
        move = self.draft().with_user(self.accountant)
        move.action_post()
        self.accountant.sudo().login = "outro"
        self.assertEqual(move.l10n_pt_atcud_source_id, "atcud_accountant")

    def tax(self, amount, **values):
        return self.env["account.tax"].create(
            {
                "name": f"{amount} %",
                "amount": amount,
                "type_tax_use": "sale",
                "country_id": self.env.ref("base.pt").id,
                **values,
            }
        )


@tagged("post_install", "-at_install", "post_install_l10n")
class TestSigningRemote(RemoteSigning):
    def test_batch_is_one_call_per_series(self):
        self.registered_series("B2026")
        moves = self.draft() | self.draft() | self.draft()
        moves[2].l10n_pt_atcud_series_id = self.env["l10n_pt_atcud.series"].search(
            [("identifier", "=", "B2026")]
        )
        moves.action_post()
        self.assertEqual(self.signer.requests["/v1/signatures"], 2)
        self.assertEqual(self.breaks(moves[:2]), [])
        self.assertEqual(self.breaks(moves[2]), [])

    def test_nothing_is_issued_without_a_usable_answer(self):
        for fault, text in (
            ("drop", "does not answer"),
            ("drop_after", "does not answer"),
            ("500", "does not answer"),
            ("garbage", "does not answer"),
            ("unauthorised", "does not accept"),
            ("too_few", "wrong signature"),
            ("wrong_length", "wrong signature"),
            ("other_document", "wrong signature"),
        ):
            draft = self.draft()
            self.signer.faults.add(fault)
            with (
                self.subTest(fault),
                self.assertRaisesRegex(UserError, text),
                self.cr.savepoint(),
            ):
                draft.action_post()
            self.assertEqual(draft.state, "draft")
        move = self.issued()
        self.assertEqual(move.name, "FT A2026/1")
        self.assertEqual(self.breaks(move), [])

    def test_number_may_be_signed_again_after_a_rollback(self):
        with self.assertRaises(ZeroDivisionError), self.cr.savepoint():
            self.issued()
            raise ZeroDivisionError
        line = Command.create({"name": "Outro", "quantity": 1, "price_unit": 7})
        move = self.issued(invoice_line_ids=[line])
        self.assertEqual(move.l10n_pt_atcud_signed["gross_total"], "7.00")
        self.assertEqual(self.breaks(move | self.issued()), [])

    def test_database_older_than_the_signer_is_refused(self):
        self.issued()
        with self.assertRaises(ZeroDivisionError), self.cr.savepoint():
            self.issued()
            self.issued()
            raise ZeroDivisionError
        with self.assertRaisesRegex(UserError, "older than what was signed"):
            self.issued()

    def test_unknown_version_is_refused(self):
        self.signer.version = 2
        with self.assertRaisesRegex(UserError, "not entered here"):
            self.issued()
