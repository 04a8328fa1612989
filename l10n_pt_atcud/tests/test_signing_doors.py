"""Imports, renumbering and merged customers leave signed documents as they are."""

from odoo.exceptions import UserError
from odoo.tests import tagged

from .signing import SigningCommon
from .test_immutability import refused


@tagged("post_install", "-at_install", "post_install_l10n")
class TestSigningDoors(SigningCommon):
    def setUp(self):
        super().setUp()
        self.moves = self.issued(2)

    def tearDown(self):
        verification = self.env["l10n_pt_atcud.chain_verification"]
        self.assertEqual(verification.verify(self.signing).breaks, [])
        super().tearDown()

    # === IMPORT === #

    def load(self, record, field, value):
        """Import a value for a record; return the ids that were written."""
        names = self.env["ir.model.data"].sudo()
        external = names.search([("model", "=", record._name)]).filtered(
            lambda name: name.res_id == record.id
        ) or names.create(
            {
                "module": "atcud_test",
                "name": f"{record._table}_{record.id}",
                "model": record._name,
                "res_id": record.id,
            }
        )
        name = external[:1].complete_name
        return record.browse().load(["id", field], [[name, value]])["ids"]

    def test_import_changes_no_signed_document(self):
        move = self.moves[0]
        before = move.read(["invoice_date", "partner_id", "name", "l10n_pt_atcud_hash"])
        for field, value in (
            ("invoice_date", "2026-01-02"),
            ("partner_id/.id", str(self.partner_b.id)),
            ("name", "FT A2026/9"),
            ("l10n_pt_atcud_hash", self.moves[1].l10n_pt_atcud_hash),
            ("l10n_pt_atcud_hash_control", "2"),
            ("l10n_pt_atcud_source_id", "outro"),
            ("invoice_line_ids/price_unit", "7"),
            ("payment_reference", "X"),
        ):
            with self.subTest(field):
                self.assertFalse(self.load(move, field, value))
        self.assertEqual(move.read(list(before[0])), before)
        self.assertTrue(self.load(move, "invoice_date_due", "2026-12-24"))  # is agreed

    def test_import_changes_no_line_of_a_signed_document(self):
        line = self.moves[0].invoice_line_ids
        for field, value in (("price_unit", "7"), ("name", "Outro"), ("quantity", "2")):
            with self.subTest(field):
                self.assertFalse(self.load(line, field, value))
        self.assertEqual((line.price_unit, line.quantity), (100, 1))
        self.assertTrue(self.load(self.draft().invoice_line_ids, "price_unit", "7"))

    def test_imported_document_brings_no_signature(self):
        draft = self.draft()
        signature = self.moves[0].l10n_pt_atcud_hash
        self.assertFalse(self.load(draft, "l10n_pt_atcud_hash", signature))
        draft.action_post()
        self.assertNotEqual(draft.l10n_pt_atcud_hash, signature)

    # === RENUMBERING === #

    def test_signed_documents_are_not_renumbered(self):
        names = self.moves.mapped("name")
        for first, ordering in (("FT A2026/7", "keep"), ("FT A2026/2", "date")):
            wizard = self.env["account.resequence.wizard"].create(
                {
                    "move_ids": self.moves.ids,
                    "first_name": first,
                    "ordering": ordering,
                }
            )
            with self.subTest(ordering), refused(self):
                wizard.resequence()
        self.assertEqual(self.moves.mapped("name"), names)

    # === MERGED CUSTOMERS === #

    def merge(self, target, *others):
        customers = target.browse([one.id for one in (target, *others)])
        wizard = self.env["base.partner.merge.automatic.wizard"].sudo()
        values = {"partner_ids": customers.ids, "dst_partner_id": target.id}
        wizard.create(values).action_merge()

    def customer(self, **values):
        return self.env["res.partner"].sudo().create({"name": "Cliente", **values})

    def assertNotMerged(self, target, other):
        with (
            self.assertRaisesRegex(UserError, "cannot be changed"),
            self.cr.savepoint(),
        ):
            self.merge(target, other)
        self.assertTrue(other.exists())

    def test_signed_customer_is_not_merged_into_another_taxpayer(self):
        customer = self.moves.partner_id
        for vat in ("PT502757191", "PT999999990"):
            with self.subTest(vat):
                self.assertNotMerged(self.customer(vat=vat), customer)
        self.assertEqual(self.moves.partner_id, customer)

    def test_signed_customer_without_a_number_keeps_the_name(self):
        final = self.customer(name="Maria Alves")
        move = self.issued(partner_id=final.id)
        self.assertNotMerged(self.customer(name="Rui Sá"), final)
        other = self.customer(name="Maria Alves", vat="PT502757191")
        self.merge(other, final)  # the missing number is filled in
        self.assertEqual(move.partner_id, other)

    def test_two_entries_of_one_taxpayer_are_merged(self):
        customer = self.moves.partner_id
        name = customer.name
        for vat in (False, customer.vat, "599999993"):
            target = self.customer(name="Outro nome", vat=vat)
            with self.subTest(vat):
                self.merge(target, self.moves.partner_id)
                self.assertEqual(self.moves.partner_id, target)
                self.assertIn("599999993", target.vat)
        for move in self.moves:
            self.assertEqual(move.l10n_pt_atcud_content["customer"]["name"], name)

    def test_customer_without_signed_documents_is_merged_freely(self):
        customer = self.moves.partner_id
        self.merge(customer, self.customer(vat="PT502757191"))
        self.assertEqual(customer.vat, "PT599999993")
