from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import Form, new_test_user, tagged

from .common import KEYS, BillingoCommon

CONNECTION, DOCUMENT = "mt_connection_problem", "mt_document_error"
PREFERENCES = {
    CONNECTION: "billingo_connection_messages",
    DOCUMENT: "billingo_document_messages",
}


@tagged("post_install", "-at_install")
class TestNotifications(BillingoCommon):
    """Two kinds of messages: each user chooses, and each event is reported once."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.own.state = "active"
        cls.env["res.lang"]._activate_lang("hu_HU")
        cls.readers = {
            kind: cls._user(f"reads_{kind}", **{field: "all"})
            for kind, field in PREFERENCES.items()
        }
        for kind, user in cls.readers.items():
            other = next(x for x in PREFERENCES if x != kind)
            user[PREFERENCES[other]] = "none"

    @classmethod
    def _user(cls, login, groups="account.group_account_invoice", **values):
        return new_test_user(
            cls.env,
            login,
            groups=groups,
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
            notification_type="inbox",
            **values,
        )

    def _sent(self, kind, user=None):
        subtype = self.env.ref(f"account_billingo_import.{kind}")
        messages = (
            self.env["mail.message"].sudo().search([("subtype_id", "=", subtype.id)])
        )
        partner = user and user.partner_id
        return messages.filtered(
            lambda x: not partner or partner in x.notified_partner_ids
        )

    def _assert_sent_only(self, kind, count):
        for other, user in self.readers.items():
            self.assertEqual(len(self._sent(kind, user)), count if other == kind else 0)

    def _fail(self):
        """Process a document with an error."""
        self.own.action_fetch()
        document = self._document(self.own, 1)
        self._alter(document, gross_total=1)
        self._process()
        self.assertEqual(document.state, "error")
        return document

    def test_suspension_notifies_once(self):
        self.simulator.accounts.refuse(KEYS["own_key"], 402)
        self._fetch()
        self._fetch()
        self._assert_sent_only(CONNECTION, 1)
        self._assert_sent_only(DOCUMENT, 0)

    def test_document_error_links_to_processing_by_hand(self):
        document = self._fail()
        self._process()
        self._assert_sent_only(DOCUMENT, 1)
        body = self._sent(DOCUMENT, self.readers[DOCUMENT]).body
        url = f"{document.get_base_url()}/odoo/billingo-documents/{document.id}"
        self.assertIn(f'href="{url}/billingo-process"', body)
        self.assertIn(document.name, body)
        document.action_process()
        self._assert_sent_only(DOCUMENT, 1)

    def test_link_in_the_mail_opens_processing_by_hand(self):
        document = self._fail()
        action = self.env.ref("account_billingo_import.action_billingo_process")
        self.assertEqual(action.path, "billingo-process")
        wizard = (
            self.env["billingo.correct"]
            .with_user(self.bookkeeper)
            .with_context(default_document_id=document.id, billingo_is_page=True)
        )
        raw = self.simulator.accounts.document(
            KEYS["own_key"], int(document.billingo_id)
        )
        self._alter(document, **raw)
        answer = Form(wizard).save().action_process()
        self.assertEqual(document.state, "processed")
        self.assertEqual(answer["params"]["next"]["res_id"], document.id)

    def test_each_reader_gets_the_own_language(self):
        hungarian = self._user("magyar", lang="hu_HU", billingo_document_messages="all")
        messages = type(self.env["billingo.messages"])
        original = messages._text

        def text(service, source):
            return f"{service.env.lang}: {original(service, source)}"

        self.patch(messages, "_text", text)
        self._fail()
        self.assertIn("hu_HU: ", self._sent(DOCUMENT, hungarian).body)
        self.assertIn("en_US: ", self._sent(DOCUMENT, self.readers[DOCUMENT]).body)

    def test_error_on_the_form_is_in_the_readers_language(self):
        document = self._fail()
        self.assertEqual(
            document.error, self.env["billingo.messages"]._text(document.error_source)
        )
        self.assertNotIn("\n", document.error_line)
        self.assertTrue(document.error_source.startswith("{"))

    def test_billingos_own_words_are_kept(self):
        self.simulator.accounts.refuse(KEYS["own_key"], 402)
        self._fetch()
        self.assertIn("You do not have subscription for this operation", self.own.error)

    def test_who_has_the_activity_gets_no_message_as_well(self):
        self.own.user_id = self._user("responsible", billingo_document_messages="all")
        document = self._fail()
        self.assertEqual(document.sudo().activity_ids.user_id, self.own.user_id)
        self.assertIn("billingo-process", document.sudo().activity_ids.note)
        self.assertFalse(self._sent(DOCUMENT, self.own.user_id))

    def test_followers_get_messages_unless_they_chose_none(self):
        follower, silent = self._user("follower"), self._user("silent")
        self.own.message_subscribe((follower | silent).partner_id.ids)
        silent.with_user(silent).billingo_document_messages = "none"
        self._fail()
        self.assertEqual(len(self._sent(DOCUMENT, follower)), 1)
        self.assertFalse(self._sent(DOCUMENT, silent))

    def test_users_without_access_get_nothing(self):
        user = self._user("clerk", groups="base.group_user")
        user.billingo_document_messages = "all"
        self._fail()
        self.assertFalse(self._sent(DOCUMENT, user))

    def test_user_cannot_change_the_preference_of_another(self):
        with self.assertRaises(AccessError):
            self.readers[DOCUMENT].with_user(
                self.bookkeeper
            ).billingo_document_messages = "none"

    def test_same_cause_is_one_message(self):
        self.own.action_fetch()
        rows = self.env["billingo.tax.map"].search(
            [("company_id", "=", self.company.id), ("vat_code", "=", "27%")]
        )
        rows.unlink()
        self._process()
        failed = self.own.document_ids.filtered(lambda x: x.state == "error")
        self.assertGreater(len(failed), 5)
        # The map has a row for each group of countries: one cause for each.
        causes = set(failed.mapped("error"))
        self.assertEqual(len(causes), 2)
        self._assert_sent_only(DOCUMENT, len(causes))

    def test_activity_goes_to_who_can_map_a_tax(self):
        clerk = self._user("clerk2")
        self.own.user_id = clerk
        self.assertFalse(
            self.env["billingo.tax.map"].with_user(clerk).has_access("write")
        )
        self.own.action_fetch()
        self.env["billingo.tax.map"].search([("vat_code", "=", "27%")]).unlink()
        document = self._document(self.own, 1)
        document.action_process()
        able = document.sudo().activity_ids.user_id
        self.assertNotEqual(able, clerk)
        self.assertTrue(
            self.env["billingo.tax.map"].with_user(able).has_access("write")
        )

    def test_accountant_maps_the_tax_that_the_activity_asks_for(self):
        self.own.user_id = self.bookkeeper
        self.own.action_fetch()
        row = self.env["billingo.tax.map"].search(
            [
                ("vat_code", "=", "27%"),
                ("direction", "=", "sale"),
                ("company_id", "=", self.company.id),
            ],
            limit=1,
        )
        tax = row.tax_id
        self.env["billingo.tax.map"].search([("vat_code", "=", "27%")]).unlink()
        document = self._document(self.own, 1)
        document.action_process()
        self.assertEqual(document.sudo().activity_ids.user_id, self.bookkeeper)
        context = document.alerts["error"]["action"]["context"]
        rows = self.env["billingo.tax.map"].with_user(self.bookkeeper)
        rows.with_context(**context).create({"tax_id": tax.id}).action_map_and_process()
        self.assertEqual(document.state, "processed", document.error)

    def test_responsible_user_follows(self):
        # Tests switch off what makes people follow.
        self.own.with_context(tracking_disable=False).user_id = self.bookkeeper
        self.assertIn(self.bookkeeper.partner_id, self.own.message_partner_ids)
