from odoo.tests import tagged

from ..billingo_api.parsing import parse_document
from ..billingo_api.simulator import samples
from .common import BillingoCommon

SHOWN = ("kind_text", "payment_status_text", "payment_method_text", "nav_status_text")


@tagged("post_install", "-at_install")
class TestLabels(BillingoCommon):
    """Codes have labels in the user's language; unknown codes are shown as they are."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.own.organization_tax_number = samples.COMPANY.tax_number
        cls.document = (
            cls.env["billingo.document"]
            .sudo()
            .create(
                {
                    "connection_id": cls.own.id,
                    "billingo_id": "1",
                    "kind": "cancellation",
                    "payment_status": "partially_paid",
                    "payment_method": "szep_card",
                    "nav_status": "nav_warn",
                }
            )
        )

    def _shown(self):
        return [self.document[name] for name in SHOWN]

    def test_known_codes_have_labels(self):
        labels = [
            "Storno invoice",
            "Partially paid",
            "SZÉP card",
            "Accepted by NAV with a warning",
        ]
        self.assertEqual(self._shown(), labels)

    def test_unknown_codes_are_shown_as_they_are(self):
        new = ("kind", "payment_status", "payment_method", "nav_status")
        self.document.write({name: f"new_{name}" for name in new})
        self.assertEqual(self._shown(), [f"new_{name}" for name in new])
        self.document.write(dict.fromkeys(new, False))
        self.assertFalse(any(self._shown()))

    def test_views_show_labels_instead_of_codes(self):
        for view in ("form", "list", "kanban"):
            arch = self.env["billingo.document"].get_view(view_type=view)["arch"]
            for name in ("kind", "payment_status", "payment_method", "nav_status"):
                self.assertNotIn(f'name="{name}"', arch, view)

    def test_groups_by_type_have_labels(self):
        found = self.env["billingo.document"].formatted_read_group(
            [("id", "=", self.document.id)], ["kind"], ["__count"]
        )
        self.assertEqual(found[0]["kind"], "Storno invoice")
        domain = found[0]["__extra_domain"]
        self.assertEqual(self.env["billingo.document"].search(domain), self.document)

    def test_payment_shows_label_of_its_method(self):
        payment = (
            self.env["billingo.payment"]
            .sudo()
            .create(
                {
                    "document_id": self.document.id,
                    "date": "2026-01-01",
                    "method": "paypal",
                }
            )
        )
        self.assertEqual(payment.method_text, "PayPal")
        payment.method = "new_coin"
        self.assertEqual(payment.method_text, "new_coin")

    def test_activity_names_changed_parts_by_label(self):
        self.own.state = "active"
        self.own.action_fetch()
        document = self._document(self.own, 1).sudo()
        document.action_process()
        raw = document._raw()
        changed = raw | {"gross_total": 1, "new_part": 2}
        self.env["billingo.document.store"].sudo()._update(
            document, parse_document(changed)
        )
        note = document.activity_ids.note
        self.assertIn("gross total, new_part", note)

    def test_missing_amounts_are_named_by_label(self):
        self.own.state = "active"
        self.own.action_fetch()
        document = self._document(self.own, 1)
        self._alter(document, gross_total=None)
        document.action_process()
        self.assertIn("no amount for: gross total", document.error)
