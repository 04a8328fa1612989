"""The original, identity and notes of what came from Billingo stay as they are."""

import base64
from datetime import datetime, timedelta

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, new_test_user, tagged
from odoo.tools import mute_logger

from .common import KEYS, BillingoCommon

FORGED = b"%PDF-1.4\n%forged\n%%EOF\n"


@tagged("post_install", "-at_install")
class TestKeptProof(BillingoCommon):
    def setUp(self):
        super().setUp()
        (self.own | self.supplier).write({"state": "active"})
        self._fetch()
        documents = self._document(self.own, 1) | self._document(self.supplier, 1)
        noted = documents.sudo().with_env(self.env(su=True, context={}))  # as in life
        for document in noted:
            self.env["billingo.processor"].sudo()._process(document)
        self.sale, self.bill = documents.move_id
        self.assertEqual({self.sale.state, self.bill.state}, {"posted"})

    def _get_originals(self):
        """Download the PDFs; Billingo makes them when it is asked first."""
        self._run("ir_cron_billingo_pdf")
        with freeze_time(datetime.now() + timedelta(minutes=2)):
            self._run("ir_cron_billingo_pdf")
        self.assertTrue(self.sale.invoice_pdf_report_id)

    def _refused(self, *changes):
        for change in changes:
            with (
                self.assertRaisesRegex(UserError, "Billingo"),
                self.env.cr.savepoint(),
                mute_logger("odoo.models.unlink"),
            ):
                change()
                self.env.flush_all()
            self.env.invalidate_all(flush=False)

    def _file(self, move, **values):
        files = self.env["ir.attachment"].with_user(self.bookkeeper)
        return files.create(
            {
                "name": "other.pdf",
                "raw": FORGED,
                "mimetype": "application/pdf",
                "res_model": "account.move",
                "res_id": move.id,
                **values,
            }
        )

    # === FILES === #

    def test_original_of_an_invoice_is_not_replaced_or_deleted(self):
        self._get_originals()
        move = self.sale.with_user(self.bookkeeper)
        pdf, other = self.sale.invoice_pdf_report_id, self._file(self.sale)
        raw = pdf.raw
        new = {"invoice_pdf_report_file": base64.b64encode(FORGED)}
        self._refused(
            lambda: move.write(new),
            lambda: move.write({"invoice_pdf_report_file": False}),
            lambda: move.write({"l10n_hu_edi_attachment": False} | new),
            lambda: pdf.sudo().write({"raw": FORGED}),
            lambda: pdf.sudo().unlink(),
            lambda: other.write({"res_field": "invoice_pdf_report_file"}),
            lambda: self._file(self.sale, res_field="invoice_pdf_report_file"),
            lambda: move.write({"message_main_attachment_id": other.id}),
        )
        other.register_as_main_attachment()
        self.assertEqual(self.sale.message_main_attachment_id, pdf)
        self.assertEqual(pdf.raw, raw)

    def test_nobody_gives_a_pdf_before_the_original_comes(self):
        move = self.sale.with_user(self.bookkeeper)
        new = {"invoice_pdf_report_file": base64.b64encode(FORGED)}
        self._refused(
            lambda: move.write(new),
            lambda: self._file(self.sale, res_field="invoice_pdf_report_file"),
        )
        move.button_draft()
        self._refused(lambda: move.write(new))

    def test_printed_pdf_gives_way_to_the_original(self):
        values = {"name": "x.pdf", "raw": FORGED, "res_model": "account.move"}
        values |= {"res_id": self.sale.id, "res_field": "invoice_pdf_report_file"}
        self.env["account.move.send"]._link_invoice_documents(
            {self.sale: {"pdf_attachment_values": values}}
        )
        printed = self.sale.invoice_pdf_report_id
        self._refused(lambda: printed.sudo().unlink())
        self._get_originals()
        self.assertIn(self.sale.name.encode(), self.sale.invoice_pdf_report_id.raw)
        self.assertFalse(printed.res_field)

    def test_original_of_a_bill_is_not_replaced_or_deleted(self):
        self._get_originals()
        document = self.bill.billingo_document_id
        pdf, other = self.bill.message_main_attachment_id, self._file(self.bill)
        self.assertEqual(pdf.checksum, document.pdf_attachment_id.checksum)
        theirs = pdf.with_user(self.bookkeeper).sudo()
        self._refused(
            theirs.unlink,
            lambda: theirs.write({"raw": FORGED}),
            lambda: theirs.write({"res_id": self.sale.id}),
            lambda: self.bill.write({"message_main_attachment_id": other.id}),
        )
        other.unlink()

    def test_data_of_a_document_are_nobodys_to_write(self):
        self._get_originals()
        document = self.sale.billingo_document_id
        for file in document.raw_attachment_id | document.pdf_attachment_id:
            theirs = file.with_user(self.bookkeeper)
            for change in (lambda x=theirs: x.write({"raw": b"{}"}), theirs.unlink):
                with self.assertRaises(AccessError), self.env.cr.savepoint():
                    change()

    def test_data_of_a_document_stay_by_every_door(self):
        """Odoo writes many attachments with sudo, and deletes those of messages."""
        self._get_originals()
        document = self.sale.billingo_document_id
        raw = self.simulator.accounts.document(
            KEYS["own_key"], int(document.billingo_id)
        )
        self.simulator.accounts.change(
            KEYS["own_key"], raw | {"comment": "new words"}, datetime.now()
        )
        self._fetch()
        self.assertTrue(document.changed_attachment_id)
        message = self.sale.with_user(self.bookkeeper).message_post(
            body="Look.", message_type="comment"
        )
        files = document.sudo()._files()
        self.assertEqual(len(files), 3)
        message.sudo().attachment_ids = files
        for file in files:
            self._refused(
                file.unlink,
                file._delete_and_notify,
                lambda x=file: x.write({"raw": FORGED}),
                lambda x=file: x.write({"datas": base64.b64encode(FORGED)}),
                lambda x=file: x.write({"res_id": 0}),
                lambda x=file: x.write({"res_model": "account.move"}),
                lambda x=file: x.write({"name": "other.pdf"}),
                lambda x=file: message.sudo().write(
                    {"attachment_ids": [Command.delete(x.id)]}
                ),
            )
        self._refused(
            lambda: self.sale.sudo()._message_update_content(
                message.sudo(), body="x", attachment_ids=[], strict=False
            )
        )
        self.assertEqual(document.sudo()._files(), files)

    # === IDENTITY === #

    def test_identity_of_a_posted_entry_stays(self):
        day = fields.Date.to_string(self.sale.invoice_date - timedelta(days=40))
        other = self.partner_b.id
        amounts = dict.fromkeys(
            "amount_total amount_tax amount_untaxed amount_total_signed".split(), 1.0
        )
        numbers = {"sequence_number": 77, "sequence_prefix": "X", "posted_before": 0}
        changes = {
            self.sale: {
                "name": "FAKE/1",
                "ref": "x",
                "taxable_supply_date": day,
                "payment_reference": "x",
                "partner_shipping_id": other,
                "reversed_entry_id": self.bill.id,
            },
            self.bill: {"ref": "x", "debit_origin_id": self.sale.id},
        }
        for move, values in changes.items():
            values |= {"invoice_date": day, "delivery_date": day, "date": day}
            values |= {"partner_id": other, "currency_id": self.env.ref("base.CHF").id}
            values |= amounts | numbers
            theirs = move.with_user(self.bookkeeper)
            for name, value in values.items():
                with self.subTest(name, move=move.name):
                    self._refused(lambda m=theirs, v={name: value}: m.write(v))
            theirs.write({"name": move.name, "ref": move.ref})
            theirs.write({"invoice_date_due": fields.Date.to_string(move.date)})

    def test_state_changes_by_the_buttons_alone(self):
        for move in self.sale, self.bill:
            theirs = move.with_user(self.bookkeeper)
            forged = theirs.with_context(billingo_button=True)
            self._refused(
                lambda x=theirs: x.write({"state": "draft"}),
                lambda x=forged: x.write({"state": "cancel"}),
            )
            theirs.write({"state": "posted"})
            theirs.button_draft()
            self._refused(lambda x=theirs: x.write({"state": "posted"}))
            theirs.action_post()
            self.assertEqual(move.state, "posted")
        theirs.button_cancel()
        self.assertEqual(move.state, "cancel")

    def test_hash_is_given_by_odoo_alone(self):
        theirs = self.sale.with_user(self.bookkeeper)
        self._refused(lambda: theirs.write({"inalterable_hash": "$4$forged"}))
        self.sale.button_hash()
        self.assertTrue(self.sale.inalterable_hash)

    def test_what_odoo_reports_to_nav_is_not_given_by_hand(self):
        theirs = self.sale.with_user(self.bookkeeper)
        for name, value in {
            "l10n_hu_edi_state": "confirmed",
            "l10n_hu_edi_transaction_code": "ABC123",
            "l10n_hu_edi_messages": {"error_title": "x"},
            "l10n_hu_invoice_chain_index": 4,
            "l10n_hu_payment_mode": "CASH",
        }.items():
            with self.subTest(name):
                self._refused(lambda n=name, v=value: theirs.write({n: v}))

    def test_billingo_alone_annuls_at_nav(self):
        self.env.cr.execute(
            "UPDATE account_move SET l10n_hu_edi_state = 'confirmed', "
            "l10n_hu_edi_transaction_code = 'ABC123' WHERE id = %s",
            [self.sale.id],
        )
        self.sale.invalidate_recordset()
        self.assertFalse(self.sale._l10n_hu_edi_get_valid_actions())

    def test_paid_is_what_payments_say(self):
        for move in self.sale, self.bill:
            theirs = move.with_user(self.bookkeeper)
            self._refused(
                lambda x=theirs: x.write({"payment_state": "paid"}),
                lambda x=theirs: x.write({"payment_state": "reversed"}),
                lambda x=theirs: x.write({"made_sequence_gap": True}),
            )
        theirs.action_toggle_block_payment()
        self.assertEqual(self.bill.payment_state, "blocked")
        theirs.action_toggle_block_payment()
        self.assertEqual(self.bill.payment_state, "not_paid")

    def test_document_is_not_the_entry_of_a_payment(self):
        payments = self.env["account.payment"].with_user(self.bookkeeper)
        own = payments.create({"amount": 1, "partner_id": self.partner_a.id})
        for move in self.sale, self.bill:
            values = {"move_id": move.id, "amount": 1}
            self._refused(
                lambda v=values: payments.create(v),
                lambda x=move: own.write({"move_id": x.id}),
            )

    def test_tax_without_vat_stays_on_posted_entries(self):
        manager = new_test_user(
            self.env,
            "manager of taxes",
            "account.group_account_manager",
            company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )
        line = self.bill.invoice_line_ids[0]
        tax = line.tax_ids.copy({"name": "0 %", "amount": 0})
        free = tax.copy({"name": "Nowhere"})
        self.env.cr.execute(
            "UPDATE account_move_line_account_tax_rel SET account_tax_id = %s "
            "WHERE account_move_line_id = %s",
            [tax.id, line.id],
        )
        line.invalidate_recordset()
        part = tax.copy({"name": "Part"})
        tax.write({"amount_type": "group", "children_tax_ids": part.ids})
        for kept in tax, part:
            self._refused(kept.with_user(manager).unlink)
        free.with_user(manager).unlink()
        self.assertEqual(line.tax_ids, tax)

    def test_texts_of_a_posted_sale_stay(self):
        line, theirs = (
            move.invoice_line_ids[0].with_user(self.bookkeeper)
            for move in (self.sale, self.bill)
        )
        self._refused(lambda: line.write({"name": "Something else"}))
        line.write({"name": line.name})
        theirs.write({"name": "What we call it"})
        self.assertEqual(theirs.name, "What we call it")

    def test_posting_does_not_take_another_identity_along(self):
        self.sale.button_draft()
        values = {"state": "posted", "name": "FAKE/1"}
        self._refused(lambda: self.sale.with_user(self.bookkeeper).write(values))

    def test_amounts_of_a_posted_entry_stay(self):
        for move in self.sale, self.bill:
            line = move.invoice_line_ids[0].with_user(self.bookkeeper)
            self._refused(
                lambda x=line: x.write({"price_unit": 1}),
                lambda x=line: x.write({"tax_ids": [Command.clear()]}),
                lambda x=line: x.write({"tax_tag_ids": [Command.clear()]}),
            )
            line.write({"price_unit": line.price_unit, "quantity": line.quantity})

    # === NOTES === #

    def test_notes_about_the_origin_stay(self):
        [origin] = self.sale.message_ids.filtered(
            lambda x: "Imported from Billingo" in (x.body or "")
        )
        note = origin.with_user(self.bookkeeper)
        changes = (
            note.unlink,
            lambda: note.write({"body": "Created by hand."}),
            lambda: note.sudo().write({"subtype_id": False}),
        )
        self._refused(*changes)
        self.sale.button_draft()
        self._refused(*changes)
        words = self.sale.with_user(self.bookkeeper).message_post(
            body="Call them.", message_type="comment"
        )
        words.unlink()

    def test_notes_are_not_forged(self):
        messages = self.env["mail.message"].with_user(self.bookkeeper)
        other = self.env.ref("base.partner_root").id
        values = {"model": "account.move", "res_id": self.sale.id, "body": "Fine."}
        note = values | {"message_type": "notification"}
        own = messages.create(values | {"message_type": "comment"})
        hidden = messages.with_context(
            default_message_type="notification", default_author_id=other
        )
        for forge in (
            lambda: messages.create(note | {"author_id": other}),
            lambda: messages.create(note | {"author_id": False}),
            lambda: messages.create(note | {"date": "2020-01-01 10:00:00"}),
            lambda: hidden.create(values),
            lambda: own.write({"message_type": "notification", "author_id": other}),
        ):
            self._refused(forge)
        posted = self.sale.with_user(self.bookkeeper).message_post(body="Seen.")
        self.assertEqual(posted.message_type, "notification")
        self.assertEqual(posted.author_id, self.bookkeeper.partner_id)

    def test_whatever_type_a_message_has_it_names_its_author_and_hour(self):
        robot = self.env.ref("base.partner_root").id
        theirs = self.sale.with_user(self.bookkeeper)
        early, note = {"date": "2026-01-02 10:00:00"}, "mail.mt_note"
        mine = theirs.message_post(body="Mine.", message_type="comment")
        by_odoo = self.sale.sudo().message_post(
            body="Theirs.", message_type="comment", author_id=robot
        )
        changes = [
            lambda: mine.write({"author_id": robot}),
            lambda: mine.write(early),
            lambda: by_odoo.with_user(self.bookkeeper).write({"body": "Forged."}),
        ]
        for kind in ("comment", "auto_comment", "email", "notification"):
            values = {"body": "Forged.", "message_type": kind}
            changes += [
                lambda v=values: theirs.message_post(author_id=robot, **v),
                lambda v=values: theirs.message_post(
                    author_id=robot, subtype_xmlid="mail.mt_comment", **v
                ),
                lambda v=values: theirs.message_post(
                    author_id=self.partner_a.id, subtype_xmlid=note, **v
                ),
                lambda v=values: theirs.message_post(**early, **v),
            ]
        for change in changes:
            self._refused(change)
        mine.write({"body": "Mine, still."})
        theirs.message_post(  # what is sent may be in the name of a salesperson
            body="Sent.",
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
            author_id=self.partner_a.id,
        )
        mail = {"body": "Got it.", "message_type": "email", **early}
        self.sale.with_user(self.env.ref("base.user_root")).message_post(
            author_id=self.partner_a.id, **mail
        )

    def test_files_of_a_note_come_with_it_and_never_later(self):
        theirs = self.sale.with_user(self.bookkeeper)
        values = {"name": "proof.txt", "raw": b"forged"}
        forged = {"attachment_ids": [Command.create(values)]}
        by_odoo = self.sale.sudo().message_post(
            body="x", message_type="comment", author_id=self.partner_a.id
        )
        fresh = theirs.message_post(body="Done.")
        fresh.write(forged)  # as an activity that is done gives its files
        self.assertTrue(fresh.attachment_ids)
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE mail_message SET create_date = create_date - interval '1 hour'"
        )
        self.env.invalidate_all()
        notes = self.sale.message_ids.filtered(
            lambda x: x.message_type == "notification"
        )
        for note in notes | by_odoo:
            self._refused(lambda one=note: one.with_user(self.bookkeeper).write(forged))
        mine = theirs.message_post(
            body="Look.", message_type="comment", attachments=[("a.txt", b"a")]
        )
        mine.write(forged)
        self.assertEqual(len(mine.attachment_ids), 2)

    def test_files_of_a_note_stay(self):
        file = {"attachments": [("proof.txt", b"proof")]}
        note = self.sale.sudo().message_post(body="See the file.", **file)
        proof = note.attachment_ids.with_user(self.bookkeeper)
        self._refused(
            proof.unlink,
            proof.sudo()._delete_and_notify,
            lambda: proof.write({"raw": b"forged"}),
            lambda: proof.write({"datas": base64.b64encode(b"forged")}),
            lambda: proof.write({"type": "url", "url": "https://billingo.example"}),
        )
        proof.write({"raw": b"proof", "name": "the proof.txt"})
        words = self.sale.with_user(self.bookkeeper).message_post(
            body="Look.", message_type="comment", **file
        )
        words.attachment_ids.unlink()

    def test_notes_go_with_a_draft_that_is_deleted(self):
        self.bill.sudo().message_post(body="x", attachments=[("a.txt", b"a")])
        notes, document = self.bill.message_ids, self.bill.billingo_document_id
        self.assertTrue(notes)
        self.bill.button_draft()
        self.bill.unlink()
        self.assertFalse(notes.exists())
        self.assertEqual(document.state, "fetched")
