from odoo.tests import tagged

from .common import PDF, MaventaCommon


@tagged("post_install", "-at_install")
class TestAllAttachments(MaventaCommon):
    """All attachments go along by a setting; a choice on the invoice comes first."""

    def _attach(self, move, name="hours.pdf", **values):
        place = {"res_model": "account.move", "res_id": move.id}
        return self.env["ir.attachment"].create(
            {"name": name, "raw": PDF + name.encode(), **place, **values}
        )

    def _chosen(self, move):
        self.env.invalidate_all()
        return move._maventa_chosen_files()

    def test_none_go_along_by_default(self):
        move = self._invoice()
        self._attach(move)
        self.assertFalse(self._chosen(move))

    def test_all_go_along_by_the_setting(self):
        self.company.maventa_all_attachments = True
        move = self._invoice()
        files = self._attach(move) | self._attach(move, "plan.pdf")
        self.assertEqual(self._chosen(move), files)
        self._to_transfer(move)
        self._run_cron()
        self.assertEqual(len(self._held()[move.name].pdfs), 3)

    def test_customer_comes_before_the_company(self):
        move = self._invoice()
        file = self._attach(move)
        self.partner_a.maventa_attachments = "all"
        self.assertEqual(self._chosen(move), file)
        self.company.maventa_all_attachments = True
        self.partner_a.maventa_attachments = "chosen"
        self.assertFalse(self._chosen(move))

    def test_choice_on_the_invoice_comes_first(self):
        self.company.maventa_all_attachments = True
        move = self._invoice()
        file, other = self._attach(move), self._attach(move, "plan.pdf")
        file.maventa_send = False
        self.assertEqual(self._chosen(move), other)
        self.company.maventa_all_attachments = False
        other.maventa_send = True
        self.assertEqual(self._chosen(move), other)

    def test_files_of_odoo_do_not_go_along(self):
        self.company.maventa_all_attachments = True
        move = self._invoice()
        self.env["account.move.send"]._generate_and_send_invoices(
            move, sending_methods=set()
        )
        earlier = move.invoice_pdf_report_id
        self.env["ir.attachment"].search([("name", "=", "factur-x.xml")]).unlink()
        move.button_draft()
        move.action_post()
        self.assertFalse(earlier.res_field, "detached by Odoo")
        self.assertFalse(self._chosen(move))

    def test_file_that_cannot_go_names_the_way_out(self):
        self.company.maventa_all_attachments = True
        move = self._invoice()
        self._attach(move, "song.mp3", mimetype="audio/mpeg")
        [problem] = self._problems(move)
        self.assertIn("song.mp3", problem)
        self.assertIn('clear "Send"', problem)
