"""The PDF that went out, and the notes about it, stay as they are."""

import base64

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..models.res_company import MOST_DAYS
from .common import PDF, MaventaCommon

FORGED = b"%PDF-1.4\n%forged\n%%EOF\n"


@tagged("post_install", "-at_install")
class TestKeptProof(MaventaCommon):
    def setUp(self):
        super().setUp()
        self.move = self._to_transfer(self._invoice())
        self._run_cron()
        self.assertEqual(self.move.maventa_state, "accepted")
        # whatever status a user has given it
        self.move.maventa_status_id = self._status("after_error")

    def _file(self, **values):
        files = self.env["ir.attachment"].with_user(self.accountant)
        return files.create(
            {
                "name": "other.pdf",
                "raw": FORGED,
                "mimetype": "application/pdf",
                "res_model": "account.move",
                "res_id": self.move.id,
                **values,
            }
        )

    def _assert_refused(self, change):
        with (
            self.assertRaisesRegex(UserError, "Maventa"),
            self.env.cr.savepoint(),
            mute_logger("odoo.models.unlink"),
        ):
            change()
            self.env.flush_all()
        self.env.invalidate_all(flush=False)

    def test_pdf_that_went_out_is_not_replaced_or_deleted(self):
        move = self.move.with_user(self.accountant)
        pdf, other = self.move.invoice_pdf_report_id, self._file()
        self.assertEqual(pdf.raw, PDF)
        new = {"invoice_pdf_report_file": base64.b64encode(FORGED)}
        for change in (
            lambda: move.write(new),
            lambda: move.write({"invoice_pdf_report_file": False}),
            lambda: move.sudo().write(new),
            lambda: pdf.sudo().write({"raw": FORGED}),
            lambda: pdf.sudo().write({"res_field": False}),
            lambda: pdf.sudo().unlink(),
            lambda: pdf.sudo()._delete_and_notify(),
            lambda: other.write({"res_field": "invoice_pdf_report_file"}),
            lambda: self._file(res_field="invoice_pdf_report_file"),
            lambda: move.write({"ubl_cii_xml_file": base64.b64encode(b"<Invoice/>")}),
            lambda: move.write({"message_main_attachment_id": other.id}),
        ):
            self._assert_refused(change)
        self.assertEqual(self.move.invoice_pdf_report_id.raw, PDF)
        pdf.sudo().write({"raw": PDF, "mimetype": pdf.mimetype})  # to another store

    def test_nobody_gives_a_pdf_to_what_went_out_without_one(self):
        self.company.maventa_send_pdf = False
        self.move = self._to_transfer(self._invoice())
        self._run_cron()
        self.assertFalse(self.move.invoice_pdf_report_id)
        move = self.move.with_user(self.accountant)
        new = {"invoice_pdf_report_file": base64.b64encode(FORGED)}
        self._assert_refused(lambda: move.write(new))
        self._assert_refused(lambda: self._file(res_field="invoice_pdf_report_file"))

    def test_looking_through_files_changes_nothing(self):
        self._file().register_as_main_attachment()
        main = self.move.message_main_attachment_id
        self.assertEqual(main, self.move.invoice_pdf_report_id)

    def test_pdf_gives_way_when_the_invoice_is_sent_again(self):
        earlier = self.move.invoice_pdf_report_id
        self.move.with_user(self.accountant).action_maventa_send_again()
        self._run_cron()
        self.assertEqual(self.move.maventa_state, "accepted")
        self.assertTrue(self.move.invoice_pdf_report_id)
        self.assertTrue(earlier.exists())

    def test_notes_about_the_delivery_stay(self):
        [proof] = self.move.message_ids.filtered(
            lambda x: "anded over" in (x.body or "")
        )
        note = proof.with_user(self.accountant)
        for change in (
            note.unlink,
            lambda: note.write({"body": "Delivered."}),
            lambda: note.write({"model": False}),
            lambda: note.sudo().write({"body": ""}),
        ):
            self._assert_refused(change)
        self.assertIn("anded over", proof.body)
        words = self.move.with_user(self.accountant).message_post(
            body="Call them.", message_type="comment"
        )
        words.unlink()
        self._invoice().message_ids.unlink()

    def test_files_of_a_note_stay(self):
        file = {"attachments": [("proof.txt", b"proof")]}
        note = self.move.sudo().message_post(body="See the file.", **file)
        proof = note.attachment_ids.with_user(self.accountant)
        for change in (
            proof.unlink,
            proof.sudo()._delete_and_notify,
            lambda: proof.write({"raw": b"forged"}),
            lambda: proof.write({"datas": base64.b64encode(b"forged")}),
            lambda: proof.write({"type": "url", "url": "https://forged.example"}),
        ):
            self._assert_refused(change)
        proof.write({"raw": b"proof", "name": "the proof.txt"})
        words = self.move.with_user(self.accountant).message_post(
            body="Look.", message_type="comment", **file
        )
        words.attachment_ids.unlink()

    def test_notes_are_not_forged(self):
        messages = self.env["mail.message"].with_user(self.accountant)
        other = self.env.ref("base.partner_root").id
        values = {"model": "account.move", "res_id": self.move.id, "body": "Fine."}
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
            self._assert_refused(forge)
        posted = self.move.with_user(self.accountant).message_post(body="Seen.")
        self.assertEqual(posted.message_type, "notification")
        self.assertEqual(posted.author_id, self.accountant.partner_id)

    def test_whatever_type_a_message_has_it_names_its_author_and_hour(self):
        robot = self.env.ref("base.partner_root").id
        theirs = self.move.with_user(self.accountant)
        early, note = {"date": "2026-01-02 10:00:00"}, "mail.mt_note"
        mine = theirs.message_post(body="Mine.", message_type="comment")
        by_odoo = self.move.sudo().message_post(
            body="Theirs.", message_type="comment", author_id=robot
        )
        changes = [
            lambda: mine.write({"author_id": robot}),
            lambda: mine.write(early),
            lambda: by_odoo.with_user(self.accountant).write({"body": "Forged."}),
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
            self._assert_refused(change)
        mine.write({"body": "Mine, still."})
        theirs.message_post(  # what is sent may be in the name of a salesperson
            body="Sent.",
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
            author_id=self.partner_a.id,
        )
        mail = {"body": "Got it.", "message_type": "email", **early}
        self.move.with_user(self.env.ref("base.user_root")).message_post(
            author_id=self.partner_a.id, **mail
        )

    def test_files_of_a_note_come_with_it_and_never_later(self):
        theirs = self.move.with_user(self.accountant)
        values = {"name": "proof.txt", "raw": b"forged"}
        forged = {"attachment_ids": [Command.create(values)]}
        by_odoo = self.move.sudo().message_post(
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
        notes = self.move.message_ids.filtered(
            lambda x: x.message_type == "notification"
        )
        for note in notes | by_odoo:
            self._assert_refused(
                lambda one=note: one.with_user(self.accountant).write(forged)
            )
        mine = theirs.message_post(
            body="Look.", message_type="comment", attachments=[("a.txt", b"a")]
        )
        mine.write(forged)
        self.assertEqual(len(mine.attachment_ids), 2)

    def test_days_until_a_warning_have_a_limit(self):
        for days in (-1, MOST_DAYS + 1):
            with self.assertRaisesRegex(ValidationError, "at most"):
                self.company.maventa_warn_days = days
        self.env.cr.execute("UPDATE res_company SET maventa_warn_days = 1000000")
        self.env.invalidate_all()
        self._run_cron("follow_up")
        self.assertFalse(self.move.maventa_transfer_id.warned_at)

    def test_period_until_the_last_day_of_all_is_refused(self):
        wizard = self.env["maventa.fetch.period"].sudo()
        wizard = wizard.create({"start": "2026-01-01", "end": "9999-12-31"})
        with self.assertRaisesRegex(UserError, "no end"):
            wizard._moments()

    def test_operators_of_all_companies_are_not_an_accountants(self):
        operators = self.env["res.partner.operator.einvoice"].with_user(self.accountant)
        operator = operators.search([], limit=1)
        for change in (lambda: operator.write({"identifier": "X"}), operator.unlink):
            with self.assertRaises(AccessError):
                change()
