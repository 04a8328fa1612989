from odoo import models
from odoo.orm.model_classes import add_to_registry
from odoo.tests import tagged

from ..maventa_api import InvoiceFormat
from .common import PDF, MaventaCommon


class Teapps(models.AbstractModel):
    """A format as somebody else's addon would bring it."""

    _module = None
    _register = False
    _name = "account.edi.xml.maventa_teapps"
    _inherit = ["account.edi.xml.maventa"]
    _description = "TEAPPS by Maventa"

    _maventa_key = "teapps"
    _maventa_label = "TEAPPS 3.0"
    _maventa_format = InvoiceFormat.TEAPPS30

    def _maventa_export(self, invoice, files):
        return "i.xml", b"<INVOICE_CENTER/>" + b"".join(file[2] for file in files)

    def _maventa_check(self, invoice):
        return ["TEAPPS wants a reference."] if not invoice.ref else []


@tagged("post_install", "-at_install")
class TestFormats(MaventaCommon):
    """One small model adds a format: settings, customers, document, checks."""

    def setUp(self):
        super().setUp()
        add_to_registry(self.registry, Teapps)
        self.addCleanup(self._take_away)
        self.registry._setup_models__(self.env.cr, [])

    def _take_away(self):
        base = self.registry["account.edi.xml.maventa"]
        base._inherit_children.discard(Teapps._name)
        del self.registry[Teapps._name]
        self.registry._setup_models__(self.env.cr, [])

    def test_new_format_can_be_chosen_and_built(self):
        company = self.company
        for record in (company, self.partner_a):
            keys = dict(
                record._fields["maventa_format"]._description_selection(self.env)
            )
            self.assertEqual(keys["teapps"], "TEAPPS 3.0")
        self.partner_a.maventa_format = "teapps"
        move = self._invoice(ref="Tilaus 7")
        document = self._make_document(move)
        self.assertEqual(document.format, "TEAPPS30")
        self.assertEqual(document.file, b"<INVOICE_CENTER/>" + PDF)
        company.maventa_format = "teapps"
        self.partner_a.maventa_format = False
        self.assertEqual(self._builder(move)._name, Teapps._name)

    def test_checks_of_format_are_shown_with_others(self):
        self.company.maventa_format = "teapps"
        self.partner_a.street = False
        problems = "\n".join(self._problems(self._invoice()))
        self.assertIn("street", problems)
        self.assertIn("TEAPPS wants a reference.", problems)

    def test_format_is_uploaded_under_remote_name(self):
        self.company.maventa_format = "teapps"
        move = self._to_transfer(self._invoice(ref="Tilaus 7"))
        self._run_cron()
        transfer = move.maventa_transfer_id
        self.assertEqual(transfer.document_format, "TEAPPS30")
        self.assertEqual(transfer._upload().format, InvoiceFormat.TEAPPS30)
