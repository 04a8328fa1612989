"""PDF and notes of an issued document, and the texts of the law, stay as they are."""

import base64

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..guards import as_service
from ..models.res_company import MOST_DAYS
from .common import AtcudCommon

PDF = b"%PDF-1.4\n%issued\n%%EOF\n"
FORGED = b"%PDF-1.4\n%forged\n%%EOF\n"


@tagged("post_install", "-at_install", "post_install_l10n")
class TestKeptProof(AtcudCommon):
    def setUp(self):
        super().setUp()
        self.series = self.registered_series()
        self.move = self.draft()
        self.move.action_post()
        self.clerk = self.new_user("kept_clerk", "account.group_account_invoice")

    def print_it(self):
        """Do what Odoo does when a document is sent or printed the first time."""
        values = {
            "name": "FT.pdf",
            "raw": PDF,
            "mimetype": "application/pdf",
            "res_model": "account.move",
            "res_id": self.move.id,
            "res_field": "invoice_pdf_report_file",
        }
        self.env["account.move.send"]._link_invoice_documents(
            {self.move: {"pdf_attachment_values": values}}
        )
        self.assertEqual(self.move.invoice_pdf_report_id.raw, PDF)
        self.assertTrue(self.move.is_move_sent)

    def file(self, **values):
        files = self.env["ir.attachment"].with_user(self.clerk)
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

    def assertRefused(self, change):
        with (
            self.assertRaisesRegex(UserError, "issued"),
            self.cr.savepoint(),
            mute_logger("odoo.models.unlink"),
        ):
            change()
            self.env.flush_all()
        self.env.invalidate_all(flush=False)

    # === FILES === #

    def test_pdf_is_not_replaced_or_deleted(self):
        self.print_it()
        move = self.move.with_user(self.clerk)
        pdf = self.move.invoice_pdf_report_id
        new = {"invoice_pdf_report_file": base64.b64encode(FORGED)}
        other = self.file()
        for change in (
            lambda: move.write(new),
            lambda: move.write({"invoice_pdf_report_file": False}),
            lambda: move.sudo().write(new),
            lambda: pdf.sudo().write({"raw": FORGED}),
            lambda: pdf.sudo().write({"res_field": False}),
            lambda: pdf.sudo().unlink(),
            lambda: pdf.sudo()._delete_and_notify(),
            lambda: other.write({"res_field": "invoice_pdf_report_file"}),
            lambda: self.file(res_field="invoice_pdf_report_file"),
            lambda: move.write({"message_main_attachment_id": other.id}),
            lambda: move.write({"message_main_attachment_id": False}),
        ):
            self.assertRefused(change)
        self.assertEqual(self.move.invoice_pdf_report_id.raw, PDF)
        pdf.sudo().write({"raw": PDF, "mimetype": pdf.mimetype})  # to another store

    def test_nobody_gives_a_pdf_before_odoo_makes_it(self):
        move = self.move.with_user(self.clerk)
        for name in ("invoice_pdf_report_file", "ubl_cii_xml_file"):
            value = base64.b64encode(FORGED)
            self.assertRefused(lambda n=name, v=value: move.write({n: v}))
            self.assertRefused(lambda n=name: self.file(res_field=n))
        self.print_it()

    def test_looking_through_files_changes_nothing(self):
        self.print_it()
        self.file().register_as_main_attachment()
        main = self.move.message_main_attachment_id
        self.assertEqual(main, self.move.invoice_pdf_report_id)

    def test_draft_and_bill_keep_their_freedom(self):
        draft = self.draft().with_user(self.clerk)
        draft.invoice_pdf_report_file = base64.b64encode(FORGED)
        draft.invoice_pdf_report_file = False
        other = self.file(res_id=draft.id)
        draft.message_main_attachment_id = other
        other.unlink()

    # === NOTES === #

    def test_notes_are_not_deleted_or_rewritten(self):
        [proof] = self.move.message_ids.filtered(
            lambda x: self.move.l10n_pt_atcud_value in (x.body or "")
        )
        note = proof.with_user(self.clerk)
        for change in (
            note.unlink,
            lambda: note.write({"body": "ATCUD: none"}),
            lambda: note.write({"res_id": False}),
            lambda: note.write({"message_type": "comment"}),
            lambda: note.sudo().write({"body": ""}),
            lambda: self.move.sudo()._message_update_content(
                proof, body="none", strict=False
            ),
        ):
            self.assertRefused(change)
        self.assertIn(self.move.l10n_pt_atcud_value, proof.body)

    def test_files_of_a_note_stay(self):
        file = {"attachments": [("proof.txt", b"proof")]}
        note = self.move.sudo().message_post(body="See the file.", **file)
        proof = note.attachment_ids.with_user(self.clerk)
        for change in (
            proof.unlink,
            proof.sudo()._delete_and_notify,
            lambda: proof.write({"raw": b"forged"}),
            lambda: proof.write({"datas": base64.b64encode(b"forged")}),
            lambda: proof.write({"type": "url", "url": "https://forged.example"}),
        ):
            self.assertRefused(change)
        proof.write({"raw": b"proof", "name": "the proof.txt"})
        words = self.move.with_user(self.clerk).message_post(
            body="Look.", message_type="comment", **file
        )
        words.attachment_ids.unlink()

    def test_notes_are_not_forged(self):
        messages = self.env["mail.message"].with_user(self.clerk)
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
            self.assertRefused(forge)
        posted = self.move.with_user(self.clerk).message_post(body="Seen.")
        self.assertEqual(posted.message_type, "notification")
        self.assertEqual(posted.author_id, self.clerk.partner_id)

    def test_whatever_type_a_message_has_it_names_its_author_and_hour(self):
        robot = self.env.ref("base.partner_root").id
        theirs = self.move.with_user(self.clerk)
        early, note = {"date": "2026-01-02 10:00:00"}, "mail.mt_note"
        mine = theirs.message_post(body="Mine.", message_type="comment")
        by_odoo = self.move.sudo().message_post(
            body="Theirs.", message_type="comment", author_id=robot
        )
        changes = [
            lambda: mine.write({"author_id": robot}),
            lambda: mine.write(early),
            lambda: by_odoo.with_user(self.clerk).write({"body": "Forged."}),
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
            self.assertRefused(change)
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
        theirs = self.move.with_user(self.clerk)
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
            self.assertRefused(lambda one=note: one.with_user(self.clerk).write(forged))
        mine = theirs.message_post(
            body="Look.", message_type="comment", attachments=[("a.txt", b"a")]
        )
        mine.write(forged)
        self.assertEqual(len(mine.attachment_ids), 2)

    def test_notes_of_a_series_stay(self):
        note = self.series._message_log(body="Told AT.")
        self.assertEqual(note.message_type, "notification")
        with self.assertRaisesRegex(UserError, "proof"):
            note.sudo().unlink()
        draft = self.make_series("B2026")
        draft._message_log(body="Not yet.").sudo().unlink()

    def test_what_people_write_is_theirs(self):
        words = self.move.with_user(self.clerk).message_post(
            body="Call them.", message_type="comment"
        )
        words.write({"body": "Call them tomorrow."})
        words.unlink()
        self.draft().message_ids.unlink()

    # === TEXTS OF THE LAW === #

    def test_accountants_do_not_change_texts_of_all_companies(self):
        reason = self.env.ref("l10n_pt_atcud.exemption_reason_m07")
        manager = self.new_user("kept_manager", "account.group_account_manager")
        theirs = reason.with_user(manager)
        self.assertTrue(theirs.name)
        for change in (
            lambda: theirs.write({"name": "Isento porque sim"}),
            lambda: theirs.write({"active": False}),
            lambda: theirs.copy({"code": "M98"}),
            theirs.unlink,
        ):
            with self.assertRaises(AccessError):
                change()
        reason.with_user(self.new_administrator()).active = False

    # === LIMITS === #

    def test_days_that_exchanges_are_kept_have_a_limit(self):
        company = self.company.sudo()
        with self.assertRaisesRegex(ValidationError, "at most"):
            company.l10n_pt_atcud_exchange_days = MOST_DAYS + 1
        exchanges = self.env["l10n_pt_atcud.exchange"]
        self.cr.execute("UPDATE res_company SET l10n_pt_atcud_exchange_days = 10 ^ 9")
        self.env.invalidate_all()
        self.assertEqual(exchanges._gc_exchanges(), (0, False))

    def test_company_with_a_fault_does_not_keep_exchanges_of_others(self):
        exchanges = self.env["l10n_pt_atcud.exchange"]
        kind = type(exchanges)
        whole, tried = kind._delete_old, []

        def fail_first(records, company):
            tried.append(company)
            if len(tried) == 1:
                raise ValueError("a fault")
            return whole(records, company)

        self.patch(kind, "_delete_old", fail_first)
        as_service(self.env["res.company"]).sudo().create({"name": "Another company"})
        with mute_logger("odoo.addons.l10n_pt_atcud.models.l10n_pt_atcud_exchange"):
            exchanges._gc_exchanges()
        self.assertGreater(len(tried), 1)
