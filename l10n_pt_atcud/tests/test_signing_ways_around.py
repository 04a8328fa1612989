"""Who enters keys, and that no way leads around signing."""

from datetime import timedelta

from lxml.html import fromstring
from odoo import Command
from odoo.exceptions import RedirectWarning, UserError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from ..at_series import load_signing_key, public_key_text
from ..services.chain_verification import UNSIGNED
from .signing import OTHER_PEM, SigningCommon
from .test_printing import LAYOUTS, Footers


@tagged("post_install", "-at_install", "post_install_l10n")
class TestSigningWaysAroundByKeys(SigningCommon):
    def entered(self, **values):
        """Return a key that an administrator has entered in the form."""
        signing = self.signing.with_user(self.new_administrator())
        with Form(signing) as form, form.key_ids.new() as key:
            key.version = 2
            for name, value in values.items():
                key[name] = value
        return self.signing.key_ids.filtered(lambda one: one.version == 2)

    def test_administrator_enters_a_private_key(self):
        key = self.entered(entered_private_key=OTHER_PEM)
        self.assertTrue(key.private_key)
        self.assertEqual(self.issued().l10n_pt_atcud_hash_control, "2")

    def test_administrator_enters_the_public_key_of_a_signer(self):
        public = public_key_text(load_signing_key(OTHER_PEM.encode()).public_key())
        key = self.entered(entered_public_key=public)
        self.assertEqual(key.public_key, public)
        self.assertFalse(key.private_key)

    def test_key_of_demo_signs_nothing_that_is_real(self):
        self.signing.action_switch_off()
        self.signing.key_ids.unlink()
        self.use_environment("demo")
        self.registered_series("D2026")
        self.signing.action_make_demo_key()
        self.signing.action_switch_on()
        self.assertEqual(self.issued().l10n_pt_atcud_hash_control, "9001")
        self.use_environment("production")
        self.company.sudo().l10n_pt_atcud_software_number = "0042"
        with self.assertRaisesRegex(UserError, "Enter the key of the producer"):
            self.signing.action_switch_on()
        self.signing.method = "remote"
        self.signing.write({"address": "https://localhost", "token": "s3gredo"})
        with self.assertRaisesRegex(UserError, "Enter the public key of the signer"):
            self.signing.action_switch_on()
        self.signing.method = "local"
        self.enter_key(OTHER_PEM)
        self.signing.action_switch_on()
        self.assertEqual(self.issued().l10n_pt_atcud_hash_control, "1")


@tagged("post_install", "-at_install", "post_install_l10n")
class TestSigningWaysAround(SigningCommon):
    def refused(self, move, text):
        with self.assertRaisesRegex(UserError, text), self.cr.savepoint():
            move.action_post()
        self.assertFalse(move.l10n_pt_atcud_value)

    # === COMPANY === #

    def test_signing_stays_with_its_company(self):
        other = self.company.sudo().create({"name": "Outra"})
        with self.assertRaisesRegex(UserError, "stays with its company"):
            self.signing.company_id = other
        self.signing.company_id = self.company

    def test_country_of_a_company_without_a_chart_stays(self):
        company = self.company.sudo()
        company.chart_template = False
        with self.assertRaisesRegex(ValidationError, "law of Portugal"):
            company.account_fiscal_country_id = self.env.ref("base.es")
            self.env.flush_all()

    def test_document_of_another_country_takes_no_number_of_a_signed_series(self):
        self.issued()
        draft = self.draft()
        self.env.flush_all()
        self.cr.execute(
            "UPDATE res_company SET account_fiscal_country_id = %s WHERE id = %s",
            [self.env.ref("base.es").id, self.company.id],
        )
        self.env.invalidate_all()
        self.assertFalse(draft._l10n_pt_atcud_is_document())
        with mute_logger("odoo.addons.base.models.ir_rule"):
            self.refused(draft, "law of Portugal")

    def test_unsigned_documents_of_the_time_are_named(self):
        old = self.issued_before("INV/2026/00007")
        verification = self.env["l10n_pt_atcud.chain_verification"]
        self.signing.switched_on -= timedelta(days=1)
        self.issued(2)
        for tail in (False, True):
            found = verification.verify(self.signing, tail=tail).breaks
            self.assertEqual(
                [(one.kind, one.number) for _series, one in found],
                [(UNSIGNED, old.name)],
            )
        self.assertIn("not signed", verification.describe(found[0][1]))
        self.signing.switched_on += timedelta(days=2)
        self.assertFalse(verification.verify(self.signing).breaks)

    # === RECOVERY === #

    def recovered(self, origin, number):
        series = self.env["l10n_pt_atcud.series"].search(
            [("kind", "=", "recovery"), ("company_id", "=", self.company.id)]
        ) or self.registered_series("R2026", kind="recovery")
        return self.draft(
            l10n_pt_atcud_series_id=series.id,
            l10n_pt_atcud_origin=origin,
            l10n_pt_atcud_original_number=number,
        )

    def test_document_is_recovered_once_however_its_number_is_written(self):
        for origin, first, others in (
            (
                "manual",
                " abc/00001 ",
                ("ABC/1", "abc /1", "FTM abc/1", "abc/0001", "ftm  abc/1"),
            ),
            (
                "duplicate",
                "ft  a2025/9",
                ("FT A2025/09", "FTD FT A2025/9", "Ft a2025/9"),
            ),
        ):
            move = self.recovered(origin, first)
            move.action_post()
            for other in others:
                with self.subTest(other):
                    self.refused(self.recovered(origin, other), "already recovered")
            expected = {"manual": "1-FTM abc/00001", "duplicate": "1-FTD FT a2025/9"}
            self.assertEqual(move.l10n_pt_atcud_hash_control, expected[origin])

    def test_lost_document_has_its_whole_number(self):
        for number in ("A2025/9", "FTD A2025/9", "NC A2025/9", "FT A2025"):
            with self.subTest(number):
                self.refused(self.recovered("duplicate", number), "no number")

    def test_document_that_is_here_is_found_however_it_is_written(self):
        name = self.issued().name
        for number in (name.replace(" ", "  "), name.replace("/", "/00")):
            with self.subTest(number):
                self.refused(self.recovered("duplicate", number), "is not lost")

    def test_original_of_a_normal_series_is_forgotten(self):
        credit = self.registered_series("A2026", "NC")
        draft = self.recovered("manual", "abc/1")
        draft.l10n_pt_atcud_series_id = self.series
        draft.action_post()
        self.assertFalse(draft.l10n_pt_atcud_origin)
        self.assertFalse(draft.l10n_pt_atcud_original_number)
        self.env.flush_all()
        self.cr.execute(
            "UPDATE account_move SET l10n_pt_atcud_original_number = 'abc/1'"
            " WHERE id = %s",
            [draft.id],
        )
        self.env.invalidate_all()
        note = self.credit_note(draft)
        note.action_post()
        self.assertEqual(note.l10n_pt_atcud_series_id, credit)
        data = self.env["l10n_pt_atcud.saft_data"].of(note)
        self.assertEqual(data["References"]["Reference"], draft.name)
        printed = note.l10n_pt_atcud_content["corrected"]["number"]
        self.assertEqual(printed, draft.name)

    # === CORRECTIONS === #

    def test_debit_note_that_was_credited_is_not_cancelled(self):
        for document_type in ("NC", "ND"):
            self.registered_series("A2026", document_type)
        invoice = self.issued()
        debit, spare = (
            self.issued(debit_origin_id=invoice.id, l10n_pt_atcud_reason="Portes")
            for _note in range(2)
        )
        line = {"name": "Azulejo", "quantity": 1, "price_unit": 200}
        note = self.draft(
            "out_refund",
            reversed_entry_id=invoice.id,
            l10n_pt_atcud_reason="Devolução",
            invoice_line_ids=[Command.create(line)],
        )
        note.action_post()
        self.cancel_issued(spare)
        with self.assertRaisesRegex(UserError, "without ND A2026/1"):
            self.cancel_issued(debit)
        self.cancel_issued(note)
        self.cancel_issued(debit)
        self.assertEqual(debit.state, "cancel")

    def test_notes_correct_invoices(self):
        for document_type in ("NC", "ND"):
            self.registered_series("A2026", document_type)
        invoice = self.issued()
        debit = self.issued(debit_origin_id=invoice.id, l10n_pt_atcud_reason="Portes")
        credit = self.credit_note(invoice)
        credit.action_post()
        entry = self.env["account.move"].create({"move_type": "entry"})
        text = "corrects an invoice or a debit note"
        for corrected in (credit, entry):
            note = self.draft(
                "out_refund", reversed_entry_id=corrected.id, l10n_pt_atcud_reason="X"
            )
            with self.subTest(corrected.move_type):
                self.refused(note, text)
        for corrected in (credit, debit):
            note = self.draft(debit_origin_id=corrected.id, l10n_pt_atcud_reason="X")
            with self.subTest(corrected.name):
                self.refused(note, text)
        self.credit_note(debit).action_post()
        self.assertEqual(debit.reversal_move_ids.state, "posted")

    def test_reason_has_room_in_saft(self):
        self.registered_series("A2026", "NC")
        invoice = self.issued()
        note = self.credit_note(invoice, l10n_pt_atcud_reason="Troca " * 9)
        self.refused(note, "at most 50 characters")
        note.l10n_pt_atcud_reason = "Troca"
        note.action_post()
        self.env.flush_all()
        self.cr.execute(
            "UPDATE account_move SET l10n_pt_atcud_reason = %s WHERE id = %s",
            ["Troca " * 9, note.id],
        )
        self.env.invalidate_all()
        data = self.env["l10n_pt_atcud.saft_data"].of(note)
        reason = data["References"]["Reason"]
        self.assertEqual(reason, f"{'Troca ' * 8}…")

    # === AMOUNTS === #

    def taxed(self, **values):
        chart = self.env["account.chart.template"].with_company(self.company)
        normal = chart.ref("iva_pt_sale_normal")
        line = {
            "name": "Azulejo",
            "price_unit": 100,
            "tax_ids": [Command.set(normal.ids)],
            **values,
        }
        return self.draft(invoice_line_ids=[Command.create(line)])

    def type_tax(self, move, amount):
        """Type the amount of the tax into the summary of a draft."""
        totals = move.tax_totals
        (group,) = totals["subtotals"][0]["tax_groups"]
        delta = amount - group["tax_amount_currency"]
        group["tax_amount_currency"] = amount
        group["tax_amount"] = amount
        totals["total_amount_currency"] += delta
        move.tax_totals = totals

    def test_typed_tax_is_refused(self):
        draft = self.taxed()
        self.type_tax(draft, 10)
        self.assertEqual(draft.amount_tax, 10)
        self.refused(draft, "its rate gives")
        self.assertIn("its rate gives", str(draft.alerts))
        draft = self.taxed()
        self.type_tax(draft, 23.01)  # as another program rounds
        draft.action_post()
        self.assertEqual(draft.l10n_pt_atcud_signed["gross_total"], "123.01")

    def test_discount_above_100_percent_is_named_as_a_discount(self):
        with self.assertRaises(UserError) as refusal, self.cr.savepoint():
            self.taxed(discount=100.5).action_post()
        self.assertIn("discount that is not from", str(refusal.exception))
        self.assertNotIn("is negative", str(refusal.exception))

    def test_tax_is_not_lowered_before_the_discount_is_granted(self):
        terms = self.env["account.payment.term"].create(
            {
                "name": "2/7",
                "early_discount": True,
                "early_pay_discount_computation": "mixed",
            }
        )
        draft = self.taxed()
        draft.invoice_payment_term_id = terms
        self.refused(draft, "changes the VAT without a credit note")
        terms.early_pay_discount_computation = "excluded"
        draft.action_post()
        self.assertTrue(draft.l10n_pt_atcud_hash)

    def test_refusal_shows_no_object_of_the_program(self):
        self.exempt.l10n_pt_atcud_exemption_reason_id = False
        with self.assertRaises(RedirectWarning) as refusal, self.cr.savepoint():
            self.issued()
        self.assertNotIn(" object at ", repr(refusal.exception.args))


@tagged("post_install", "-at_install", "post_install_l10n")
class TestSigningWaysAroundOnPages(Footers, SigningCommon):
    def test_every_page_of_every_layout_names_the_document(self):
        self.partner_a.sudo().country_id = self.env.ref("base.pt")
        move = self.issued()
        for layout in LAYOUTS:
            self.company.sudo().external_report_layout_id = self.env.ref(
                f"web.external_layout_{layout}"
            )
            with self.subTest(layout):
                footer = str(self.footers(move))
                self.assertEqual(footer.count("Fatura FT A2026/1<"), 1)
                self.assertIn('class="page"', footer)

    def test_amount_to_pay_stands_below_what_is_withheld(self):
        chart = self.env["account.chart.template"].with_company(self.company)
        withholding = self.env["account.tax"].create(
            {
                "name": "Retenção",
                "amount": -11.5,
                "type_tax_use": "sale",
                "country_id": self.env.ref("base.pt").id,
            }
        )
        taxes = chart.ref("iva_pt_sale_normal") | withholding
        line = {"name": "X", "price_unit": 1000, "tax_ids": [Command.set(taxes.ids)]}
        move = self.issued(invoice_line_ids=[Command.create(line)])
        html, _kind = self.env["ir.actions.report"]._render_qweb_html(
            "account.account_invoices", move.ids
        )
        (amount,) = fromstring(html).xpath("//td[@name='l10n_pt_atcud_to_pay']")
        self.assertIn("1,115.00", amount.text_content())
