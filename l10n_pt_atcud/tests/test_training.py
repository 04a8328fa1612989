"""Training documents: their mention, and their own series."""

from odoo.tests import tagged

from .common import AtcudCommon
from .test_printing import LAYOUTS, Footers

MENTION = "Documento emitido para fins de Formação"


@tagged("post_install", "-at_install", "post_install_l10n")
class TestTraining(Footers, AtcudCommon):
    def setUp(self):
        super().setUp()
        self.training = self.registered_series("T", kind="training", sequence=1)

    def posted(self, **values):
        invoice = self.draft(**values)
        invoice.action_post()
        return invoice

    def test_training_series_is_never_proposed(self):
        draft = self.draft()
        self.assertFalse(draft.l10n_pt_atcud_series_id)
        self.assertIn(self.training, draft.l10n_pt_atcud_allowed_series_ids)
        normal = self.registered_series("A")
        self.assertEqual(draft.l10n_pt_atcud_series_id, normal)
        self.registered_series("R", kind="recovery", sequence=0)
        self.assertEqual(self.draft().l10n_pt_atcud_series_id, normal)

    def test_training_documents_are_corrected_by_training_documents(self):
        self.registered_series("A")
        normal = self.registered_series("N", "NC")
        training = self.registered_series("T", "NC", kind="training", sequence=1)
        for invoice, expected in (
            (self.posted(), normal),
            (self.posted(l10n_pt_atcud_series_id=self.training.id), training),
        ):
            refund = invoice._reverse_moves([{"date": invoice.date}])
            self.assertEqual(refund.l10n_pt_atcud_series_id, expected)
            self.assertEqual(refund.l10n_pt_atcud_allowed_series_ids, expected)

    def test_training_series_is_not_proposed_for_credit_notes(self):
        old = self.draft()
        self.registered_series("T", "NC", kind="training")
        refund = self.draft("out_refund", reversed_entry_id=old.id)
        self.assertFalse(refund.l10n_pt_atcud_series_id)

    def test_mention_has_the_producer_and_stays_as_it_was(self):
        self.company.sudo().l10n_pt_atcud_producer = "Olaria de Software Lda"
        invoice = self.posted(l10n_pt_atcud_series_id=self.training.id)
        self.company.sudo().l10n_pt_atcud_producer = "Outra"
        mention = f"{MENTION} - Olaria de Software Lda"
        self.assertIn(mention, str(self.footers(invoice)))

    def test_training_documents_are_kept_apart(self):
        """They are in the books; form and filter say how to take them out."""
        self.registered_series("A")
        normal = self.posted()
        invoice = self.posted(l10n_pt_atcud_series_id=self.training.id)
        alert = invoice.alerts["l10n_pt_atcud_training"]["message"]
        self.assertIn("training credit note", alert)
        self.assertNotIn("l10n_pt_atcud_training", normal.alerts or {})
        domain = [("l10n_pt_atcud_series_id.kind", "=", "training")]
        found = self.env["account.move"].search(domain)
        self.assertEqual(found, invoice)

    def test_mention_is_on_every_page_of_every_layout(self):
        self.registered_series("A")
        normal = self.posted()
        invoice = self.posted(l10n_pt_atcud_series_id=self.training.id)
        for layout in LAYOUTS:
            with self.subTest(layout):
                self.company.sudo().external_report_layout_id = self.env.ref(
                    f"web.external_layout_{layout}"
                )
                self.assertEqual(str(self.footers(invoice)).count(MENTION), 1)
                self.assertNotIn(MENTION, str(self.footers(normal)))
