"""Received bills in a database where other addons receive bills, too."""

from unittest.mock import patch

from odoo.tests import tagged
from odoo.tools import mute_logger
from psycopg2.errors import DiskFull

from .common_receive import MaventaReceiveCommon


@tagged("post_install", "-at_install", "post_install_l10n")
class TestReceiveBeside(MaventaReceiveCommon):
    def _by_peppol(self, key):
        """Return the bill that another receiver makes of a sample.

        With ``account_peppol`` as that does it; otherwise as one who uploads the file.
        """
        file = self.env["ir.attachment"].create(
            {
                "name": "bill.xml",
                "raw": self._sample(key).formats["PEPPOLBIS30"],
                "mimetype": "application/xml",
            }
        )
        if "account_edi_proxy_client.user" in self.env:
            receiver = self.env["account_edi_proxy_client.user"].new({})
            done = receiver._peppol_import_invoice(file, "done", "uuid", self.journal)
            return done["move"]
        return self.journal._create_document_from_attachment(file.ids)

    def test_bill_that_came_by_peppol_before_is_suspected(self):
        self._supplier("peppol_finland")
        earlier = self._by_peppol("peppol_finland")
        self.assertEqual(earlier.ref, "P-1")
        receipt = self._receive("peppol_finland")
        self.assertEqual(receipt.state, "duplicate")
        self.assertIn(earlier.display_name, receipt.points_text)
        self.assertEqual(receipt.move_id.state, "draft")

    def test_bill_that_comes_by_peppol_later_is_suspected_on_both(self):
        self._supplier("peppol_finland")
        receipt = self._receive("peppol_finland")
        self.assertNotIn("duplicate", self._codes(receipt))
        later = self._by_peppol("peppol_finland")
        self.assertEqual(later.duplicated_ref_ids, receipt.move_id)
        later.action_post()
        self.assertEqual(receipt.state, "duplicate")
        self.assertIn(later.display_name, receipt.points_text)

    def test_decoders_of_others_do_not_read_received_finvoice(self):
        self._supplier("clean")
        asked = []

        def decoder(moves, file, new=False):
            asked.append(file["name"])
            return {"priority": 20, "decoder": lambda *_args: "foreign"}

        moves = self.env.registry["account.move"]
        raw = self._sample("clean").formats["FINVOICE30"]
        files = (("copy.xml", "application/xml", raw),)
        sample = self._changed("clean", files=files)
        with patch.object(moves, "_get_edi_decoder", decoder):
            receipt = self._receive(sample)
        self.assertEqual(receipt.state, "billed", receipt.points_text)
        self.assertEqual(receipt.move_id.amount_untaxed, 240)
        self.assertEqual(asked, [])

    def test_decoder_of_others_that_fails_leaves_a_draft_with_the_reason(self):
        def decoder(moves, file, new=False):
            return {"priority": 20, "decoder": lambda *_args: "foreign"}

        moves = self.env.registry["account.move"]
        with patch.object(moves, "_get_edi_decoder", decoder):
            receipt = self._receive("peppol_finland")
        self.assertEqual(receipt.state, "unreadable")
        self.assertFalse(receipt.move_id.invoice_line_ids)
        self.assertEqual(receipt.move_id.state, "draft")

    def test_full_disk_makes_no_document_unreadable(self):
        def decode(*_args):
            raise DiskFull("no space left")

        def decoder(moves, file, new=False):
            return {"priority": 20, "decoder": decode}

        moves = self.env.registry["account.move"]
        logger = "odoo.addons.account_maventa.services.receiver"
        with patch.object(moves, "_get_edi_decoder", decoder), mute_logger(logger):
            receipt = self._receive("peppol_finland")
        self.assertEqual(receipt.state, "stored")
        self.assertFalse(receipt.move_id)
        receipt.next_try = False
        self._run_cron("receive")
        self.assertAlmostEqual(receipt.move_id.amount_untaxed, 59.94)
