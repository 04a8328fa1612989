from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, new_test_user, tagged

from .common import MaventaCommon

OVT, IBAN = "003712345671", "FI2112345600000785"


@tagged("post_install", "-at_install")
class TestPartnerAddress(MaventaCommon):
    """Where e-invoices go: address, operator, what they mean, and the look-up."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.user.group_ids += cls.env.ref("account.group_account_manager")

    def _operator(self, identifier):
        return self.env["res.partner.operator.einvoice"].search(
            [("identifier", "=", identifier)]
        )

    def _address(self, edicode, operator=""):
        self.partner_a.write(
            {"edicode": edicode, "einvoice_operator_id": self._operator(operator).id}
        )

    def _format(self, move):
        return self._builder(move)._maventa_format.value

    def test_fields_and_model_match_oca(self):
        fields = self.env["res.partner"]._fields
        self.assertEqual(fields["edicode"].type, "char")
        operator = fields["einvoice_operator_id"]
        self.assertEqual(
            (operator.type, operator.comodel_name),
            ("many2one", "res.partner.operator.einvoice"),
        )
        model = self.env["res.partner.operator.einvoice"]
        self.assertEqual(
            {name: model._fields[name].type for name in ("name", "identifier")}
            | {name: model._fields[name].type for name in ("active", "sequence")}
            | {"ttype": model._fields["ttype"].get_values(self.env)},
            {
                "name": "char",
                "identifier": "char",
                "active": "boolean",
                "sequence": "integer",
                "ttype": ["bank", "broker"],
            },
        )
        # found by OCA's module instead of being made a second time
        nordea = self.env.ref("l10n_fi_edicode.operator_einvoice_ndeafihh")
        self.assertEqual((nordea.identifier, nordea.ttype), ("NDEAFIHH", "bank"))

    def test_new_operators_have_oca_external_ids(self):
        find = self.env["res.partner"]._maventa_operator
        for identifier, label in (
            ("NEWBFIHH", "newbfihh"),
            ("885790000000418", "00885790000000418"),
        ):
            made = find(identifier)
            xml_id = f"l10n_fi_edicode.operator_einvoice_{label}"
            self.assertEqual(self.env.ref(xml_id), made)
        self.assertTrue(find("0088:735"))

    def test_existing_operators_are_not_changed(self):
        nordea = self._operator("NDEAFIHH")
        nordea.write({"name": "Our name", "active": False})
        count = nordea.with_context(active_test=False).search_count([])
        self.env["res.partner"]._maventa_load_operators()
        self.assertEqual(nordea.with_context(active_test=False).search_count([]), count)
        self.assertEqual(nordea.name, "Our name")

    def test_operator_is_found_by_name_and_code(self):
        operators = self.env["res.partner.operator.einvoice"]
        for text in ("nordea", "NDEA"):
            [(found, label)] = operators.name_search(text)
            self.assertEqual(operators.browse(found), self._operator("NDEAFIHH"))
        self.assertEqual(label, "Nordea (NDEAFIHH)")

    def test_invalid_addresses_are_refused_with_reason(self):
        for typed, words in (
            ("003712345672", "OVT"),
            ("FI2112345600000786", "IBAN"),
            ("7350053850018", "GLN"),
            ("9999:1234", "scheme"),
            ("x", "35 characters"),
        ):
            with self.subTest(typed), self.assertRaisesRegex(ValidationError, words):
                self.partner_a.edicode = typed

    def test_address_is_normalised(self):
        with Form(self.partner_a) as form:
            form.edicode = " 0216: 0037 1234 5671"
        self.assertEqual(self.partner_a.edicode, "0216:003712345671")
        self.assertEqual(self.partner_a.einvoice_operator_id.identifier, "PEPPOL")

    def test_format_follows_the_address(self):
        move = self._invoice()
        for edicode, operator, kind in (
            (False, "", "PEPPOLBIS30"),
            (OVT, "", "PEPPOLBIS30"),
            (OVT, "003723327487", "FINVOICE30"),
            (OVT, "BAWCFI22", "FINVOICE30"),
            (IBAN, "NDEAFIHH", "FINVOICE30"),
            (IBAN, "", "FINVOICE30"),
            (OVT, "PEPPOL", "PEPPOLBIS30"),
            (f"0216:{OVT}", "", "PEPPOLBIS30"),
        ):
            with self.subTest(f"{edicode} {operator}"):
                self._address(edicode, operator)
                self.assertEqual(self._format(move), kind)

    def test_address_and_operator_are_uploaded(self):
        for edicode, operator, eia in (
            (OVT, "003723327487", OVT),
            (f"0216:{OVT}", "PEPPOL", f"0216:{OVT}"),
        ):
            self._address(edicode, operator)
            move = self._to_transfer(self._invoice())
            self._run_cron()
            transfer = move.maventa_transfer_id
            self.assertFalse(transfer.error)
            self.assertEqual(
                (transfer.recipient_eia, transfer.recipient_operator), (eia, operator)
            )
            held = self._held()[move.name]
            self.assertEqual(
                (held.recipient_eia, held.recipient_operator), (eia, operator)
            )

    def test_invoice_address_can_have_its_own_edicode(self):
        self._address(OVT, "003723327487")
        child = self.env["res.partner"].create(
            {
                "name": "Varasto",
                "parent_id": self.partner_a.id,
                "type": "invoice",
                "edicode": f"{OVT}77",
                "street": "Jääkatu 3",
                "zip": "33100",
                "city": "Tampere",
                "country_id": self.partner_a.country_id.id,
            }
        )
        recipient = self._recipient(self._invoice(child))
        self.assertEqual(recipient["recipient_eia"], f"{OVT}77")
        self.assertFalse(recipient["recipient_operator"])
        child.edicode = False
        recipient = self._recipient(self._invoice(child))
        self.assertEqual(recipient["recipient_eia"], OVT)
        self.assertEqual(recipient["recipient_operator"], "003723327487")

    def test_post_code_is_asked_for_only_where_the_country_has_one(self):
        self.company.write({"maventa_format": "finvoice", "maventa_send_pdf": False})
        checks = self.env["maventa.upload.checks"]
        for code, is_asked in (("hk", False), ("ie", False), ("se", True)):
            with self.subTest(code):
                country = self.env.ref(f"base.{code}")
                self.partner_a.write({"zip": False, "country_id": country.id})
                move = self._invoice()
                problems = "\n".join(checks._problems(move))
                self.assertEqual("post code" in problems, is_asked)
                if not is_asked:
                    xml = self._make_document(move).file
                    self.assertIn(b"<BuyerPostCodeIdentifier>--</Buyer", xml)

    def test_operator_without_address_is_invalid(self):
        self._address(False, "NDEAFIHH")
        move = self._to_transfer(self._invoice())
        self._run_cron()
        self.assertEqual(move.maventa_state, "invalid")
        self.assertIn("operator", move.maventa_error)
        self.assertFalse(self._held())

    # === LOOK-UP === #

    def _enter(self):
        self.simulator.add_receiver(
            network="EXTERNAL",
            eia=IBAN,
            operator="BANKFIHH",
            name="Jää Oy",
            bid="1234567-1",
        )

    def test_lookup_shows_known_addresses(self):
        self._enter()
        self.accountant.group_ids += self.env.ref("base.group_partner_manager")
        partner = self.partner_a.with_user(self.accountant)
        lookup = self.env["maventa.lookup"].browse(
            partner.action_maventa_lookup()["res_id"]
        )
        [line] = lookup.line_ids
        self.assertEqual((line.address, line.operator), (IBAN, "BANKFIHH"))
        self.assertEqual((line.name, line.business_id), ("Jää Oy", "1234567-1"))
        self.assertFalse(self.partner_a.edicode, "nothing is taken over by itself")
        line.with_user(self.accountant).action_use()
        self.assertEqual(self.partner_a.edicode, IBAN)
        self.assertEqual(self.partner_a.einvoice_operator_id.identifier, "BANKFIHH")

    def test_lookup_of_unknown_customer_shows_message(self):
        self.partner_b.write({"vat": False, "peppol_endpoint": False})
        action = self.partner_b.action_maventa_lookup()
        self.assertEqual(action["tag"], "display_notification")
        self.assertIn("Kivi Oy", action["params"]["message"])

    def test_failing_lookup_changes_nothing(self):
        with self._fault("bad_gateway"), self.assertRaisesRegex(UserError, "reached"):
            self.partner_a.action_maventa_lookup()
        self.account.state = "refused"
        with self.assertRaisesRegex(UserError, "account"):
            self.partner_a.action_maventa_lookup()
        self.assertFalse(self.simulator.requests["list_receivers"] > 1)

    def test_accountant_may_look_up_without_changing_the_customer(self):
        self._enter()
        self.accountant.group_ids -= self.env.ref("base.group_partner_manager")
        partner = self.partner_a.with_user(self.accountant)
        action = partner.action_maventa_lookup()
        lookup = self.env["maventa.lookup"].browse(action["res_id"])
        lookup = lookup.with_user(self.accountant)
        self.assertFalse(lookup.may_use)
        self.assertEqual(lookup.line_ids.address, IBAN)
        with self.assertRaises(AccessError):
            lookup.line_ids.action_use()
        self.assertFalse(self.partner_a.edicode)
        self.accountant.group_ids += self.env.ref("base.group_partner_manager")
        lookup.invalidate_recordset()
        self.assertTrue(lookup.may_use)

    def test_lookup_requires_invoicing_rights(self):
        nobody = new_test_user(self.env, "nobody", groups="base.group_user")
        with self.assertRaises(AccessError):
            self.partner_a.with_user(nobody).action_maventa_lookup()
        self.assertFalse(self.simulator.requests["list_receivers"])

    def test_operators_are_updated_from_maventa(self):
        self.env["res.partner"].action_maventa_update_operators()
        self.assertEqual(self._operator("INVENTED").name, "Invented Operator AS")
        self.assertEqual(len(self._operator("NDEAFIHH")), 1)
        with self.assertRaises(AccessError):
            self.env["res.partner"].with_user(
                self.accountant
            ).action_maventa_update_operators()
