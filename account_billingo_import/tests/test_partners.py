from odoo.fields import Date
from odoo.tests import tagged

from ..billingo_api.simulator import samples
from ..billingo_api.simulator.samples.parties import german_vat, tax_number
from .common import KEYS, BillingoCommon

GROUP = tax_number("1777001", 5, 44)
MEMBER, SISTER = tax_number("1777002", 4, 44), tax_number("1777003", 4, 44)


@tagged("post_install", "-at_install")
class TestPartners(BillingoCommon):
    """Partners are matched by tax number, and created only if new."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        (cls.supplier | cls.own).state = "active"
        cls.partners = cls.env["res.partner"].with_context(no_vat_validation=True)

    def _company(self, name, vat, **values):
        return self.partners.create(
            {"name": name, "vat": vat, "is_company": True, **values}
        )

    def _fetched(self, **partner):
        """Return the first document, as issued to somebody else."""
        raw = samples.own_account().documents[0]
        raw["document_partner"] = raw["document_partner"] | partner
        raw["partner"] = dict(raw["document_partner"])
        self.simulator.accounts.change(KEYS["own_key"], raw, self.env.cr.now())
        self.own.action_fetch()
        return self._document(self.own, 1)

    def _booked(self, document):
        document.action_process()
        self.assertEqual(document.state, "processed", document.error)
        return document.move_id.partner_id

    def test_eu_numbers_match_in_any_notation(self):
        number = german_vat("13572468")
        mine = self._company("Somebody GmbH", f"DE {number[2:5]} {number[5:]}")
        self._company("Another GmbH", german_vat("13572469"))
        for written in (number, number.lower(), number[2:], f"DE-{number[2:]}"):
            found = self.partners._billingo_candidates(self.company, written, "DE")
            self.assertEqual(found, mine, written)
        self.assertFalse(
            self.partners._billingo_candidates(self.company, number[2:], "AT")
        )

    def test_wildcards_match_nobody(self):
        self._company("Somebody", "DE91949")
        for written in ("%", "DE%", "_____", "--", "", "DE999", "999"):
            self.assertFalse(
                self.partners._billingo_candidates(self.company, written, "DE"), written
            )

    def test_member_of_vat_group_is_matched(self):
        member, sister = (
            self._company(name, vat, l10n_hu_group_vat=GROUP)
            for name, vat in (("Egyik Kft.", MEMBER), ("Másik Kft.", SISTER))
        )
        document = self._fetched(
            taxcode=GROUP, name="Nobody's name", group_member_tax_number=SISTER
        )
        self.assertEqual(self._booked(document), sister)
        self.assertNotEqual(member, sister)

    def test_new_member_of_vat_group_has_both_numbers(self):
        document = self._fetched(
            taxcode=GROUP, name="Új tag Kft.", group_member_tax_number=MEMBER
        )
        partner = self._booked(document)
        self.assertEqual((partner.vat, partner.l10n_hu_group_vat), (MEMBER, GROUP))

    def test_documents_for_other_group_members_are_not_stored(self):
        self.company.partner_id.l10n_hu_group_vat = GROUP
        raw = samples.supplier_account().documents[0]
        for index, member in enumerate((samples.COMPANY.tax_number, MEMBER)):
            buyer = raw["document_partner"] | {
                "taxcode": GROUP,
                "group_member_tax_number": member,
            }
            self.simulator.accounts.add(
                KEYS["supplier_key"],
                raw
                | {
                    "id": 61_900_000 + index,
                    "invoice_number": f"TP / 2026-0009{index:02d}",
                    "document_partner": buyer,
                },
            )
        self.supplier.action_fetch()
        self.assertEqual(self.supplier.last_foreign, 3, "two strangers and our sister")
        self.assertTrue(self._document(self.supplier, 900))

    def test_ambiguous_partner_is_chosen_and_remembered(self):
        number = tax_number("1555001")
        twins = self._company("Ikrek A", number) | self._company("Ikrek B", number)
        document = self._fetched(taxcode=number, name="Ikrek Kft.", id=777)
        document.action_process()
        self.assertEqual(document.error_kind, "partner")
        for twin in twins:
            self.assertIn(twin.name, document.error)
        action = document.alerts["error"]["action"]
        wizard = (
            self.env[action["res_model"]]
            .with_user(self.bookkeeper)
            .with_context(**action["context"])
            .create({"partner_id": twins[1].id})
        )
        self.assertEqual(wizard.candidate_ids, twins)
        wizard.action_choose()
        self.assertEqual(document.state, "processed")
        self.assertEqual(document.move_id.partner_id, twins[1])
        raw = document._raw() | {
            "id": 72_900_000,
            "invoice_number": "FOLY / 2026-000091",
            "invoice_date": Date.to_string(Date.today()),
        }
        self.simulator.accounts.add(KEYS["own_key"], raw)
        self.own.action_fetch()
        self.assertEqual(self._booked(self._document(self.own, 91)), twins[1])

    def test_new_vendor_bank_account_is_not_trusted(self):
        self.supplier.action_fetch()
        first, second = (self._document(self.supplier, x) for x in (1, 2))
        partner = self._booked(first) | self._booked(second)
        bank = first.move_id.partner_bank_id
        stated = first._parsed().organization.bank_account.account_number
        self.assertTrue(stated)
        self.assertEqual(bank.acc_number, stated)
        self.assertFalse(bank.allow_out_payment)
        self.assertEqual(second.move_id.partner_bank_id, bank)
        self.assertEqual(partner.bank_ids, bank)
        bank.active = False
        third = self._document(self.supplier, 4)
        self._booked(third)
        self.assertFalse(third.move_id.partner_bank_id, "somebody put it away")

    def test_own_bank_account_is_used_but_not_created(self):
        self.own.action_fetch()
        first, second = (self._document(self.own, x) for x in (1, 2))
        ours = self.company.partner_id.bank_ids
        self._booked(first)
        self.assertFalse(first.move_id.partner_bank_id)
        self.assertEqual(self.company.partner_id.bank_ids, ours)
        stated = first._parsed().organization.bank_account.account_number
        bank = self.env["res.partner.bank"].create(
            {"partner_id": self.company.partner_id.id, "acc_number": stated}
        )
        self._booked(second)
        self.assertEqual(second.move_id.partner_bank_id, bank)

    def test_same_tax_number_is_distinguished_by_name_or_zip(self):
        number = tax_number("1555002")
        by_name = self._company("Torony Kft.", number, zip="1111")
        by_zip = self._company("Torony raktár", number, zip="2222")
        matcher = self.env["billingo.partner.matcher"]
        parse = self._fetched(taxcode=number)._parsed()
        both = by_name | by_zip
        for name, zip_code, wanted in (
            ("Torony Kft.", "9999", by_name),
            ("Toronyka", "2222", by_zip),
            ("Toronyka", "9999", both),
        ):
            party = parse.document_partner
            address = type(party.address)(post_code=zip_code)
            party = type(party)(
                id="", name=name, taxcode=number, tax_type="", address=address
            )
            self.assertEqual(matcher._narrow(both, party), wanted)

    def test_hungarian_number_of_a_foreign_partner_stays_as_it_is(self):
        number = tax_number("1555003", 2, 51)
        address = {"country_code": "DE", "post_code": "1", "city": "B", "address": "C"}
        document = self._fetched(taxcode=number, name="Fremd GmbH", address=address)
        partner = self._booked(document)
        self.assertEqual((partner.vat, partner.country_id.code), (number, "DE"))
        partner.street = "D"
        partner.with_context(no_vat_validation=False).vat = number
        self.assertEqual(partner.vat, number)

    def test_archived_partner_is_found_after_active_ones(self):
        number = tax_number("1555004")
        archived = self._company("Régi Kft.", number, active=False)
        found = self.partners._billingo_candidates(self.company, number, "HU")
        self.assertEqual(found, archived)
        active = self._company("Új Kft.", number)
        found = self.partners._billingo_candidates(self.company, number, "HU")
        self.assertEqual(found, active)

    def test_supplier_without_a_number_is_found_by_name(self):
        known = self._company("TÖLGYES PAPIR KFT", False)
        self._company("Tölgyes Fa Kft.", False)
        self.supplier.action_fetch()
        self.assertEqual(self._booked(self._document(self.supplier, 1)), known)

    def test_person_is_found_by_an_address_that_is_written_otherwise(self):
        person = self.partners.create(
            {"name": "Kis Anna", "street": "Fő utca 8", "zip": "2000"}
        )
        self.partners.create({"name": "Kis Anna", "street": "Fő tér 8", "zip": "2000"})
        address = {
            "country_code": "HU",
            "post_code": "2000",
            "city": "Szentendre",
            "address": "Fő u. 8.",
        }
        document = self._fetched(taxcode="", name="Kis Anna", address=address)
        self.assertEqual(self._booked(document), person)
