"""Auditors verify all series; each break is named, and a restored backup noticed."""

import csv
import errno
import io
import json
import os
import shutil
import zipfile
from base64 import b64decode
from contextlib import contextmanager
from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import config, file_path

from ..at_series.hash_chain import CHANGED, FORM, GAP, HASH
from ..hooks import post_init_hook, uninstall_hook
from ..services.chain_verification import LOST
from .common import NIF
from .signing import RemoteSigning, SigningCommon


class Verification:
    def found(self, **options):
        self.env.flush_all()
        self.env.invalidate_all()
        verification = self.env["l10n_pt_atcud.chain_verification"]
        finding = verification.verify(self.signing, **options)
        return [(one.kind, one.number) for _series, one in finding.breaks]

    @contextmanager
    def undone(self):
        """Take the database back to now when the block ends."""
        self.env.flush_all()
        self.env.cr.execute("SAVEPOINT undone")
        yield
        self.env.invalidate_all(flush=False)
        self.env.cr.execute("ROLLBACK TO undone")
        self.env["account.move"]._get_sequence_cache().clear()

    def sql(self, query, *arguments):
        """Change the database past the application."""
        self.env.flush_all()
        self.env.cr.execute(query, arguments)
        self.env.invalidate_all()


@tagged("post_install", "-at_install", "post_install_l10n")
class TestSigningVerification(Verification, SigningCommon):
    def test_whole_series_have_no_break(self):
        self.registered_series("A2026", "NC")
        moves = self.issued(3)
        self.credit_note(moves[0]).action_post()
        self.cancel_issued(moves[1])
        self.assertEqual(self.found(), [])
        self.assertEqual(self.found(tail=True), [])

    def test_changes_past_the_application_are_named(self):
        _first, second, _third = self.issued(3).sorted("sequence_number")
        line = second.invoice_line_ids
        update = "UPDATE account_move SET"
        for query, argument in (
            (f"{update} invoice_date = '2026-01-02' WHERE id = %s", second.id),
            (f"{update} name = 'FT A2026/7' WHERE id = %s", second.id),
            ("UPDATE account_move_line SET quantity = 2 WHERE id = %s", line.id),
            ("UPDATE account_move_line SET name = 'Outro' WHERE id = %s", line.id),
            ("UPDATE account_move_line SET balance = -1 WHERE id = %s", line.id),
            (
                "DELETE FROM account_move_line_account_tax_rel"
                " WHERE account_move_line_id = %s",
                line.id,
            ),
        ):
            with self.subTest(query), self.undone():
                self.sql(query, argument)
                self.assertEqual(self.found(), [(CHANGED, "FT A2026/2")])
        self.assertEqual(self.found(), [])

    def test_signed_texts_and_signatures_are_verified(self):
        first, second, _third = self.issued(3).sorted("sequence_number")
        forged = json.dumps({**second.l10n_pt_atcud_signed, "gross_total": "1.00"})
        for change, arguments, kind in (
            ("l10n_pt_atcud_signed = %s", [forged], CHANGED),
            ("l10n_pt_atcud_hash = left(l10n_pt_atcud_hash, 168)", [], HASH),
            ("l10n_pt_atcud_hash = %s", [first.l10n_pt_atcud_hash], CHANGED),
            ("l10n_pt_atcud_hash = NULL, l10n_pt_atcud_signed = NULL", [], FORM),
        ):
            with self.subTest(change), self.undone():
                self.sql(
                    f"UPDATE account_move SET {change} WHERE id = %s",
                    *arguments,
                    second.id,
                )
                self.assertIn((kind, "FT A2026/2"), self.found())

    def test_missing_documents_are_named(self):
        first, second, third = self.issued(3).sorted("sequence_number")
        for move, expected in (
            (second, (GAP, "FT A2026/3")),
            (third, (LOST, "FT A2026/3")),
            (first, (GAP, "FT A2026/2")),
        ):
            with self.subTest(expected), self.undone():
                self.sql("DELETE FROM account_move_line WHERE move_id = %s", move.id)
                self.sql("DELETE FROM account_move WHERE id = %s", move.id)
                self.assertIn(expected, self.found())

    def test_report_exports_what_openssl_needs(self):
        self.issued(2)
        report = self.env["l10n_pt_atcud.verification"].create(
            {"company_id": self.company.id}
        )
        action = report.action_export()
        attachment = self.env["ir.attachment"].browse(
            int(action["url"].split("/")[3].partition("?")[0])
        )
        archive = zipfile.ZipFile(io.BytesIO(b64decode(attachment.datas)))
        key = archive.read("public-key-1.txt").decode()
        self.assertEqual(key, self.signing.key_ids.public_key)
        text = archive.read("documents.csv").decode("utf-8-sig")
        rows = list(csv.DictReader(io.StringIO(text), delimiter=";"))
        self.assertEqual([row["Number"] for row in rows], ["FT A2026/1", "FT A2026/2"])
        self.assertTrue(rows[1]["Message"].endswith(";" + rows[0]["Hash"]))
        self.assertNotIn("PRIVATE", text)

    def test_report_shows_breaks_and_prints(self):
        move = self.issued(2)[:1]
        line = move.invoice_line_ids
        self.sql("UPDATE account_move_line SET quantity = 2 WHERE id = %s", line.id)
        report = self.env["l10n_pt_atcud.verification"].create(
            {"company_id": self.company.id}
        )
        report.action_verify()
        self.assertEqual(report.document_count, 2)
        self.assertEqual(report.line_ids.number, move.name)
        html, _kind = self.env["ir.actions.report"]._render_qweb_html(
            "l10n_pt_atcud.report_verification", report.ids
        )
        self.assertIn(move.name, html.decode())
        self.assertIn("BEGIN PUBLIC KEY", html.decode())

    def test_restored_backup_is_noticed_by_the_file(self):
        self.addCleanup(shutil.rmtree, self.heartbeat().folder(NIF))
        witness = self.env["l10n_pt_atcud.witness"]
        self.issued()
        with self.undone():
            self.issued(2)
            witness.check(self.signing)
            self.assertFalse(self.signing.finding)
        witness.check(self.signing)
        self.assertIn("FT A2026/3 was signed", self.signing.finding)
        self.assertEqual(self.series.lost_number, 3)
        text = "a backup was restored"
        with self.assertRaisesRegex(UserError, text), self.cr.savepoint():
            self.issued()
        self.series.sudo().lost_number = 0
        text = "older than what was signed"
        with self.assertRaisesRegex(UserError, text), self.cr.savepoint():
            self.issued()
        self.series.sudo().lost_number = 3
        self.assertIn((LOST, "FT A2026/2"), self.found())

    def test_signatures_can_be_verified_after_a_removal(self):
        self.issued(2)
        env = self.env(su=True)
        facts = ("version", "is_demo", "public_key", "used_on")
        before = self.signing.sudo().key_ids.read(facts, load=False)
        uninstall_hook(env)
        for query in (  # as Odoo does when it removes columns and tables
            "UPDATE account_move SET l10n_pt_atcud_series_id = NULL,"
            " l10n_pt_atcud_value = NULL, l10n_pt_atcud_hash = NULL,"
            " l10n_pt_atcud_hash_control = NULL, l10n_pt_atcud_signed = NULL,"
            " l10n_pt_atcud_digest = NULL",
            "DELETE FROM l10n_pt_atcud_signing_key",
            "DELETE FROM l10n_pt_atcud_signing",
            "DELETE FROM l10n_pt_atcud_exchange",
            "UPDATE res_company SET l10n_pt_atcud_connection_id = NULL",
            "DELETE FROM l10n_pt_atcud_series",
            "DELETE FROM l10n_pt_atcud_connection",
        ):
            self.sql(query)
        post_init_hook(env)
        self.signing = self.company.sudo().l10n_pt_atcud_signing_ids
        self.assertEqual(self.signing.state, "off")
        self.assertFalse(self.signing.key_ids.has_private_key)
        after = self.signing.key_ids.read(facts, load=False)
        self.assertEqual(*({**one, "id": 0} for [one] in (before, after)))
        self.assertTrue(after[0]["used_on"])
        verification = self.env["l10n_pt_atcud.chain_verification"]
        finding = verification.verify(self.signing)
        self.assertEqual(list(finding.counts.values()), [2])
        self.assertEqual(finding.breaks, [])

    def test_neutralised_copy_has_no_key_and_signs_nothing(self):
        path = file_path("l10n_pt_atcud/data/neutralize.sql")
        with open(path, encoding="utf-8") as file:
            self.sql(file.read())
        self.assertEqual(self.signing.state, "off")
        self.assertFalse(self.signing.key_ids.private_key)
        self.assertTrue(self.signing.key_ids.public_key)
        self.assertFalse(self.signing.address or self.signing.token)

    def test_last_document_is_written_down_after_the_commit(self):
        self.addCleanup(shutil.rmtree, self.heartbeat().folder(NIF))
        self.issued(2)
        self.assertIsNone(self.heartbeat().last(NIF, "FT A2026"))
        self.env.cr.postcommit.run()
        self.assertEqual(self.heartbeat().last(NIF, "FT A2026").number, 2)

    def test_damaged_file_stops_no_document_and_is_told_until_it_is_gone(self):
        folder = self.heartbeat().folder(NIF)
        self.addCleanup(shutil.rmtree, folder)
        self.issued()
        self.env.cr.postcommit.run()
        file = folder / "FT A2026.json"
        whole = json.loads(file.read_text())
        aside = folder / "FT A2026.json.unreadable"
        for damage in (
            b"",
            b"{",
            b"\xff",
            b"null",
            b"[]",
            b"7",
            json.dumps({"series": "FT A2026"}).encode(),
            json.dumps({**whole, "number": "1"}).encode(),
            json.dumps({**whole, "hash": None}).encode(),
            json.dumps({**whole, "series": "FT B2026"}).encode(),
        ):
            with self.subTest(damage):
                file.write_bytes(damage)
                move = self.issued()
                self.env.cr.postcommit.run()
                last = self.heartbeat().last(NIF, "FT A2026")
                self.assertEqual(last.number, move.sequence_number)
                self.assertEqual(aside.read_bytes(), damage)
                for _night in range(2):
                    self.env["l10n_pt_atcud.witness"].check(self.signing)
                    self.assertIn(aside.name, self.signing.finding)
                aside.unlink()
                self.env["l10n_pt_atcud.witness"].check(self.signing)
                self.assertFalse(self.signing.finding)

    def test_night_mends_a_damaged_file_by_itself(self):
        folder = self.heartbeat().folder(NIF)
        self.addCleanup(shutil.rmtree, folder)
        self.issued()
        self.env.cr.postcommit.run()
        file = folder / "FT A2026.json"
        file.write_text("")
        self.env["l10n_pt_atcud.witness"].check(self.signing)
        self.assertIn("could not be read", self.signing.finding)
        self.assertEqual(json.loads(file.read_text())["number"], 1)
        file.write_text(json.dumps({**json.loads(file.read_text()), "more": 1}))
        self.assertEqual(self.heartbeat().last(NIF, "FT A2026").number, 1)

    def test_file_is_on_the_disk_before_it_takes_its_place(self):
        folder = self.heartbeat().folder(NIF)
        self.addCleanup(shutil.rmtree, folder)
        done = []
        for name in ("fsync", "replace"):
            whole = getattr(os, name)

            def noted(*arguments, name=name, whole=whole):
                done.append(name)
                return whole(*arguments)

            self.patch(os, name, noted)
        self.issued()
        self.env.cr.postcommit.run()
        self.assertEqual(done, ["fsync", "replace", "fsync"])

    def test_full_disk_breaks_nothing_after_the_commit(self):
        folder = self.heartbeat().folder(NIF)
        self.addCleanup(shutil.rmtree, folder)
        self.issued()

        def full(_number):
            raise OSError(errno.ENOSPC, "No space left on device")

        logger = "odoo.addons.l10n_pt_atcud.services.heartbeat"
        with self.assertLogs(logger, "ERROR"), patch.object(os, "fsync", full):
            self.env.cr.postcommit.run()
        self.assertFalse(list(folder.iterdir()))
        self.env["l10n_pt_atcud.witness"].check(self.signing)
        self.assertEqual(self.heartbeat().last(NIF, "FT A2026").number, 1)

    def heartbeat(self):
        # Odoo counts a customer's documents by a transaction of its own.
        self.patch(self.registry["res.partner"], "_increase_rank", lambda *_all: None)
        self.assertTrue(config["data_dir"])
        return self.env["l10n_pt_atcud.heartbeat"]

    def test_saft_data_is_what_was_signed(self):
        self.registered_series("A2026", "NC")
        move = self.issued()
        note = self.credit_note(move)
        note.action_post()
        seam = self.env["l10n_pt_atcud.saft_data"]
        data = seam.of(move)
        self.assertEqual(data["Hash"], move.l10n_pt_atcud_hash)
        self.assertEqual(data["HashControl"], "1")
        self.assertEqual(data["SystemEntryDate"], move.l10n_pt_atcud_signed["entry"])
        self.assertEqual(data["SourceID"], self.env.user.login[:30])
        self.assertEqual(data["DocumentStatus"]["InvoiceStatus"], "N")
        self.assertEqual(data["DocumentStatus"]["SourceBilling"], "P")
        self.assertEqual(seam.of(note)["References"]["Reference"], move.name)
        self.cancel_issued(note)
        status = seam.of(note)["DocumentStatus"]
        self.assertEqual((status["InvoiceStatus"], status["Reason"]), ("A", "Engano"))
        self.assertRegex(
            status["InvoiceStatusDate"], r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$"
        )


@tagged("post_install", "-at_install", "post_install_l10n")
class TestSigningWitness(Verification, RemoteSigning):
    def test_restored_backup_is_noticed_by_the_signer(self):
        self.issued()
        with self.undone():
            self.issued()
            self.env["l10n_pt_atcud.witness"].check(self.signing)
            self.assertFalse(self.signing.finding)
        self.env["l10n_pt_atcud.witness"].check(self.signing)
        self.assertIn("FT A2026/2 was signed", self.signing.finding)
        self.assertEqual(self.series.lost_number, 2)

    def test_signer_that_is_away_is_told_and_breaks_nothing(self):
        self.issued()
        self.signer.faults.add("drop")
        self.env["l10n_pt_atcud.witness"].check(self.signing)
        self.assertIn("did not answer", self.signing.finding)
        self.env["l10n_pt_atcud.witness"].check(self.signing)
        self.assertFalse(self.signing.finding)
