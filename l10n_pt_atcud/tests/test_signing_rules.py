"""What a certified program refuses, and what stays once documents are signed."""

from unittest.mock import patch

from cryptography.hazmat.primitives.asymmetric import ec, rsa
from odoo import Command
from odoo.exceptions import AccessError, RedirectWarning, UserError, ValidationError
from odoo.tests import tagged

from ..at_series import (
    lisbon_date,
    load_signing_key,
    private_key_text,
    public_key_text,
)
from ..models import l10n_pt_atcud_signing
from .signing import OTHER_PEM, PEM, SigningCommon


@tagged("post_install", "-at_install", "post_install_l10n")
class TestSigningRules(SigningCommon):
    def line(self, **values):
        return Command.create(
            {
                "name": "Azulejo",
                "quantity": 1,
                "price_unit": 100,
                "tax_ids": [Command.set(self.exempt.ids)],
                **values,
            }
        )

    def refused(self, move, text):
        with self.assertRaisesRegex(UserError, text), self.cr.savepoint():
            move.action_post()
        self.assertFalse(move.l10n_pt_atcud_value)

    # === LINES === #

    def test_negative_lines_are_refused(self):
        for values in ({"quantity": -1}, {"price_unit": -1}):
            draft = self.draft(invoice_line_ids=[self.line(), self.line(**values)])
            with self.subTest(values):
                self.refused(draft, "is negative")

    def test_discount_is_from_0_to_100_percent(self):
        for discount in (-1, 100.01):
            with self.subTest(discount):
                draft = self.draft(invoice_line_ids=[self.line(discount=discount)])
                self.refused(draft, "discount|negative")
        for discount in (0, 100):
            draft = self.draft(invoice_line_ids=[self.line(discount=discount)])
            with self.subTest(discount):
                draft.action_post()
                self.assertTrue(draft.l10n_pt_atcud_hash)

    def test_line_without_tax_is_refused(self):
        draft = self.draft(invoice_line_ids=[self.line(tax_ids=[Command.clear()])])
        self.refused(draft, "has no tax")

    # === CORRECTIONS === #

    def test_credit_note_exceeds_neither_quantity_nor_amount(self):
        self.registered_series("A2026", "NC")
        invoice = self.issued()
        self.credit_note(invoice).action_post()
        self.refused(self.credit_note(invoice), "more than its total")

    def test_cancelled_document_gets_no_credit_note(self):
        self.registered_series("A2026", "NC")
        invoice = self.issued()
        note = self.credit_note(invoice)
        self.cancel_issued(invoice)
        self.refused(note, "cannot be corrected")

    def test_document_of_the_time_before_is_corrected_by_a_signed_note(self):
        self.registered_series("A2026", "NC")
        old = self.issued_before("INV/2025/00007", "2025-05-03")
        note = self.credit_note(old)
        note.invoice_date = lisbon_date()
        note.action_post()
        self.assertEqual(self.breaks(note), [])
        data = self.env["l10n_pt_atcud.saft_data"].of(note)
        self.assertEqual(data["References"]["Reference"], old.name)

    def test_document_with_a_credit_note_is_not_cancelled(self):
        self.registered_series("A2026", "NC")
        invoice = self.issued()
        self.credit_note(invoice).action_post()
        with self.assertRaisesRegex(UserError, "Cancel these first"):
            self.cancel_issued(invoice)

    # === CUSTOMER, PRODUCT, USER === #

    def test_tax_number_of_the_customer_stays(self):
        self.issued()
        with self.assertRaisesRegex(UserError, "cannot be changed"):
            self.partner_a.sudo().vat = "PT502757191"
        self.partner_a.sudo().name = "Outro nome"  # the number tells who it is

    def test_missing_tax_number_is_filled_in_and_the_name_stays(self):
        for vat in (False, "PT999999990"):
            self.partner_b.sudo().write({"vat": vat})
            self.issued(partner_id=self.partner_b.id)
            with self.subTest(vat):
                with self.assertRaisesRegex(UserError, "cannot be changed"):
                    self.partner_b.sudo().name = "Outro nome"
        self.partner_b.sudo().vat = "PT502757191"

    def test_customer_without_documents_changes_freely(self):
        customer = self.partner_b.sudo()
        customer.write({"vat": "PT502757191", "name": "Outro"})
        customer.vat = "PT599999993"
        self.assertEqual(customer.name, "Outro")

    def test_name_of_an_invoiced_product_stays(self):
        product = self.product_a
        self.issued(invoice_line_ids=[self.line(product_id=product.id)])
        with self.assertRaisesRegex(UserError, "cannot be changed"):
            product.sudo().name = "Outro"
        for one in (product.product_tmpl_id, product):
            with self.assertRaisesRegex(UserError, "cannot be changed"):
                one.sudo().update_field_translations("name", {"en_US": "Outro"})
        product.sudo().list_price = 7
        self.product_b.sudo().name = "Outro"

    def test_values_of_a_variants_description_stay(self):
        attribute = self.env["product.attribute"].sudo().create({"name": "Cor"})
        blue, white = (
            attribute.value_ids.create({"name": name, "attribute_id": attribute.id})
            for name in ("Azul", "Branco")
        )
        values = [Command.set((blue | white).ids)]
        line = {"attribute_id": attribute.id, "value_ids": values}
        template = self.env["product.template"].sudo()
        template = template.create(
            {"name": "Jarra", "attribute_line_ids": [Command.create(line)]}
        )
        self.issued(
            invoice_line_ids=[self.line(product_id=template.product_variant_ids[0].id)]
        )
        on_template = template.attribute_line_ids.product_template_value_ids[0]
        self.assertEqual(on_template.product_attribute_value_id, blue)
        for change in (
            lambda: blue.write({"name": "Verde"}),
            lambda: blue.update_field_translations("name", {"en_US": "Verde"}),
            lambda: on_template.update_field_translations("name", {"en_US": "Verde"}),
            lambda: template.product_variant_ids[0].write({"name": "Outra"}),
        ):
            with self.assertRaisesRegex(UserError, "cannot be changed"):
                change()
        white.name = "Bege"
        self.assertEqual(blue.name, "Azul")

    def test_login_of_an_issuer_is_nobody_elses(self):
        draft = self.draft().with_user(self.accountant)
        draft.action_post()
        with self.assertRaisesRegex(UserError, "Archive the user"):
            self.accountant.sudo().unlink()
        self.accountant.sudo().login = "outro"
        self.accountant.sudo().login = "atcud_accountant"
        self.accountant.sudo().login = "outro"
        self.env.flush_all()
        with self.assertRaisesRegex(ValidationError, "another user"):
            self.new_user("atcud_accountant", "account.group_account_invoice")

    def test_login_of_who_cancelled_is_nobody_elses(self):
        move = self.issued()
        move.with_user(self.accountant)._l10n_pt_atcud_cancel("Engano")
        self.accountant.sudo().login = "outro"
        status = self.env["l10n_pt_atcud.saft_data"].of(move)["DocumentStatus"]
        self.assertEqual(status["SourceID"], "atcud_accountant")
        with self.assertRaisesRegex(UserError, "Archive the user"):
            self.accountant.sudo().unlink()
        self.env.flush_all()
        with self.assertRaisesRegex(ValidationError, "another user"):
            self.new_user("atcud_accountant", "account.group_account_invoice")

    def test_long_logins_are_told_apart(self):
        group = "account.group_account_invoice"
        users = [
            self.new_user(f"maria.fernandes.alves@exemplo-{name}.pt", group)
            for name in ("norte", "sul")
        ]
        moves = self.draft() | self.draft()
        for move, user in zip(moves, users, strict=True):
            move.with_user(user).action_post()
        first, second = moves.mapped("l10n_pt_atcud_source_id")
        self.assertNotEqual(first, second)
        self.assertEqual((len(first), len(second)), (30, 30))

    # === SAF-T === #

    def message(self, draft):
        draft.invalidate_recordset(["alerts"])
        return (draft.alerts or {}).get("l10n_pt_atcud_saft", {}).get("message", "")

    def test_draft_says_what_saft_will_lack(self):
        self.product_a.default_code = "AZ-1"
        draft = self.draft()
        self.assertIn("on the lines: Azulejo.", self.message(draft))
        draft.invoice_line_ids.product_id = self.product_a
        draft.invoice_line_ids.price_unit = 100  # so that the buyer may be unnamed
        self.assertEqual(self.message(draft), "")
        self.partner_a.sudo().write({"street": False, "zip": False})
        for label in ("Street", "Zip"):
            self.assertIn(label, self.message(draft))
        self.assertNotIn("City", self.message(draft))
        self.partner_b.sudo().write({"vat": False, "street": False})
        draft.partner_id = self.partner_b  # a final consumer
        self.assertEqual(self.message(draft), "")
        self.assertFalse(draft.l10n_pt_atcud_hash)
        draft.action_post()
        self.assertEqual(self.message(draft), "")

    # === SERIES === #

    def test_series_with_unsigned_documents_is_not_continued(self):
        self.signing.action_switch_off()
        self.issued()
        self.signing.action_switch_off()
        new = self.registered_series("N2026")
        self.signing.action_switch_on()
        self.refused(self.draft(), "not signed")
        move = self.issued(l10n_pt_atcud_series_id=new.id)
        self.assertEqual(self.breaks(move), [])

    def test_document_of_the_time_before_is_not_issued_once_more(self):
        old = self.issued_before("INV/2025/00007", "2025-05-03")
        text = "before documents were signed"
        with self.assertRaisesRegex(UserError, text):
            old.button_draft()
        self.env.flush_all()
        self.cr.execute(
            "UPDATE account_move SET state = 'draft' WHERE id = %s", [old.id]
        )
        self.env.invalidate_all()
        self.refused(old, text)

    def test_no_setting_takes_documents_out_of_signing(self):
        company = self.company.sudo()
        for country in (self.env.ref("base.es"), self.env["res.country"]):
            with (
                self.subTest(country.name),
                self.assertRaisesRegex(ValidationError, "law of Portugal"),
                self.cr.savepoint(),
            ):
                company.account_fiscal_country_id = country
                self.env.flush_all()
        branch = company.create({"name": "Loja", "parent_id": company.id})
        for vat in (company.vat, company.vat.removeprefix("PT")):
            branch.vat = vat  # the same taxpayer
            self.assertEqual(branch._l10n_pt_atcud_signing(), self.signing)

    def test_number_of_a_certificate_signs_nothing_in_demo(self):
        with (
            self.assertRaisesRegex(ValidationError, "never a real one"),
            self.cr.savepoint(),
        ):
            self.use_environment("demo")
        self.use_environment("test")
        self.assertEqual(self.signing.state, "on")

    def test_signed_series_has_no_unsigned_documents(self):
        self.issued()
        self.signing.sudo().state = "off"
        self.refused(self.draft(), "signing is switched off")

    def test_counter_of_a_signed_series_is_not_moved(self):
        self.issued()
        with self.assertRaisesRegex(UserError, "no gaps"):
            self.series.sudo()._move_counter(9, "Talão")

    def test_training_documents_have_a_chain_of_their_own(self):
        training = self.registered_series("T2026", kind="training")
        normal = self.issued()
        move = self.issued(l10n_pt_atcud_series_id=training.id)
        self.assertEqual(move.l10n_pt_atcud_signed["previous"], "")
        self.assertEqual(self.breaks(move), [])
        self.assertEqual(self.breaks(normal), [])

    # === SWITCHING ON === #

    def test_switching_on_names_all_that_is_missing(self):
        self.signing.action_switch_off()
        self.company.sudo().l10n_pt_atcud_software_number = False
        self.signing.producer_address = False
        self.signing.key_ids.action_remove_private_key()
        self.issued()
        with self.assertRaises(UserError) as missing:
            self.signing.action_switch_on()
        for text in ("certificate", "producer", "key", "new series"):
            self.assertIn(text, str(missing.exception))

    def test_number_9999_is_no_certificate(self):
        self.signing.action_switch_off()
        self.company.sudo().l10n_pt_atcud_software_number = "9999"
        with self.assertRaisesRegex(UserError, "Demo and Test"):
            self.signing.action_switch_on()

    def test_demo_never_signs_with_a_real_number(self):
        self.signing.action_switch_off()
        self.use_environment("demo")
        self.registered_series("D2026")
        with self.assertRaisesRegex(UserError, "never a real one"):
            self.signing.action_switch_on()
        self.signing.action_make_demo_key()
        self.signing.action_switch_on()
        self.assertEqual(self.issued().l10n_pt_atcud_hash_control, "9001")

    def test_settings_that_only_warn_go_off_and_stay_off(self):
        company = self.company.sudo()
        self.assertEqual(company.l10n_pt_atcud_document_rules, "refuse")
        with self.assertRaises(ValidationError):
            company.l10n_pt_atcud_date_earlier = "warn"

    def test_signing_is_not_switched_off_after_documents_that_count(self):
        self.issued()
        with self.assertRaisesRegex(UserError, "not switched off"):
            self.signing.action_switch_off()

    def test_two_signing_addons_are_refused(self):
        self.signing.action_switch_off()
        ours = ("l10n_pt_atcud_hash",)  # stands for a field of the neighbour
        with (
            patch.object(l10n_pt_atcud_signing, "_OTHER_SIGNERS", ours),
            self.assertRaisesRegex(UserError, "Another addon"),
        ):
            self.signing.action_switch_on()

    # === KEYS === #

    def test_only_keys_of_the_law_are_taken(self):
        long, curve = rsa.generate_private_key(65537, 2048), ec.SECP256R1()
        public = public_key_text(load_signing_key(OTHER_PEM.encode()).public_key())
        for pem, text in (
            (private_key_text(long), "exactly 1024"),
            (private_key_text(ec.generate_private_key(curve)), "another kind"),
            (public, "no key"),
            ("segredo", "no key"),
        ):
            with self.subTest(text), self.assertRaisesRegex(ValidationError, text):
                self.enter_key(pem, 2)
        self.assertEqual(len(self.signing.key_ids), 1)

    def test_version_of_a_key_is_used_once_and_in_order(self):
        self.enter_key(OTHER_PEM, 3)
        with self.assertRaisesRegex(ValidationError, "higher than"):
            self.enter_key(PEM, 2)
        key = self.signing.key_ids.filtered(lambda one: one.version == 3)
        with self.assertRaisesRegex(UserError, "never becomes another"):
            key.version = 7
        self.issued()
        with self.assertRaisesRegex(UserError, "nobody can verify"):
            key.unlink()

    def test_private_key_is_shown_to_nobody(self):
        administrator = self.new_administrator()
        key = self.signing.key_ids.with_user(administrator)
        names = [name for name in key._fields if name != "private_key"]
        values = key.read(names)[0]
        self.assertNotIn("PRIVATE KEY", str(values))
        self.assertNotIn("PRIVATE KEY", str(key.export_data(["version"])))
        with self.assertRaises(AccessError):
            key.read(["private_key"])
        key.action_remove_private_key()
        self.assertFalse(key.sudo().private_key)
        self.assertTrue(key.public_key)

    # === RECOVERY === #

    def recovery(self, document="FT"):
        return self.registered_series("R2026", document, kind="recovery")

    def test_recovered_document_names_its_original(self):
        series = self.recovery()
        draft = self.draft(l10n_pt_atcud_series_id=series.id)
        self.refused(draft, "recovered documents")
        draft.write(
            {"l10n_pt_atcud_origin": "manual", "l10n_pt_atcud_original_number": "abc/1"}
        )
        draft.action_post()
        self.assertEqual(draft.l10n_pt_atcud_hash_control, "1-FTM abc/1")
        again = self.draft(
            l10n_pt_atcud_series_id=series.id,
            l10n_pt_atcud_origin="manual",
            l10n_pt_atcud_original_number="abc/1",
        )
        self.refused(again, "already recovered")
        again.l10n_pt_atcud_original_number = "ABC/1"
        self.refused(again, "already recovered")
        again.l10n_pt_atcud_original_number = "abc/1"
        self.cancel_issued(draft)
        other = again.copy(
            {
                "l10n_pt_atcud_series_id": series.id,
                "l10n_pt_atcud_origin": "manual",
                "l10n_pt_atcud_original_number": "ABC/01",
                "invoice_date": again.invoice_date,
            }
        )
        self.refused(again, "another draft")
        other.unlink()
        again.action_post()
        self.assertEqual(self.breaks(draft | again), [])

    def test_document_that_is_here_is_not_lost(self):
        series = self.recovery()
        move = self.issued()
        again = self.draft(
            l10n_pt_atcud_series_id=series.id,
            l10n_pt_atcud_origin="duplicate",
            l10n_pt_atcud_original_number=move.name.lower(),
        )
        self.refused(again, "is not lost")
        self.cancel_issued(move)
        self.refused(again, "is not lost")

    def test_recovered_documents_have_the_dates_of_their_originals(self):
        series = self.recovery()
        moves = self.env["account.move"]
        for number, date in ((23, "2026-01-14"), (3, "2026-01-12")):
            moves |= self.issued(
                date=date,
                l10n_pt_atcud_series_id=series.id,
                l10n_pt_atcud_origin="duplicate",
                l10n_pt_atcud_original_number=f"FT A2025/{number}",
            )
        self.assertEqual(
            moves.mapped("l10n_pt_atcud_hash_control"),
            ["1-FTD FT A2025/23", "1-FTD FT A2025/3"],
        )
        self.assertEqual(self.breaks(moves), [])
        for move in moves:
            entry = move.l10n_pt_atcud_signed["entry"]
            self.assertEqual(entry[:10], str(lisbon_date()))

    def test_document_of_another_certified_program_keeps_its_signature(self):
        signature = self.issued().l10n_pt_atcud_hash
        manager = self.new_administrator()
        draft = self.env["account.move"].with_user(manager).browse()
        draft = self.draft(name="FT ZAF/1", l10n_pt_atcud_is_external=True)
        with self.assertRaises(ValidationError):
            draft.write(
                {
                    "l10n_pt_atcud_external_hash": "curta",
                    "l10n_pt_atcud_external_hash_control": "9999.1",
                }
            )
        draft.write(
            {
                "l10n_pt_atcud_external_value": "ABCD1234-1",
                "l10n_pt_atcud_external_hash": signature,
                "l10n_pt_atcud_external_hash_control": "9999.1",
            }
        )
        draft.action_post()
        self.assertFalse(draft.l10n_pt_atcud_hash)
        data = self.env["l10n_pt_atcud.saft_data"].of(draft)
        self.assertEqual(data["Hash"], signature)
        self.assertEqual(data["HashControl"], "9999.1")
        self.assertEqual(data["GrossTotal"], "100.00")
        self.assertEqual(data["DocumentStatus"]["SourceBilling"], "I")

    # === DATES === #

    def test_dates_are_refused_as_the_law_has_them(self):
        self.issued()
        self.refused(self.draft(date="2026-01-02"), "first day that is allowed")

    def test_frozen_fields_of_a_signed_document(self):
        move = self.issued()
        for values in (
            {"invoice_date": "2026-01-02"},
            {"partner_id": self.partner_b.id},
            {"currency_id": self.env.ref("base.USD").id},
            {"invoice_line_ids": [Command.clear()]},
            {"ref": "outra"},
            {"name": "FT A2026/9"},
            {"l10n_pt_atcud_original_number": "abc/2"},
        ):
            with self.subTest(values), self.assertRaises(RedirectWarning):
                move.write(values)
