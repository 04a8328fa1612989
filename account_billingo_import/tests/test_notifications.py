from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from .common import KEYS, BillingoCommon


@tagged("post_install", "-at_install")
class TestNotifications(BillingoCommon):
    """Two kinds of messages: each user chooses, and each event is reported once."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.own.state = "active"
        cls.kinds = {
            name: cls.env.ref(f"account_billingo_import.{name}")
            for name in ("mt_connection_problem", "mt_document_error")
        }
        cls.readers = {}
        for name, kind in cls.kinds.items():
            user = new_test_user(
                cls.env,
                f"reads_{name}",
                groups="account.group_account_invoice",
                company_id=cls.company.id,
                company_ids=[Command.set(cls.company.ids)],
                notification_type="inbox",
            )
            cls.own.message_subscribe(user.partner_id.ids, kind.ids)
            cls.readers[name] = user

    def _told(self, name):
        return self.own.message_ids.filtered(
            lambda message: message.subtype_id == self.kinds[name]
        )

    def _assert_told_only(self, name, count):
        messages = self._told(name)
        self.assertEqual(len(messages), count)
        for message in messages:
            self.assertIn(self.readers[name].partner_id, message.notified_partner_ids)
            for other, user in self.readers.items():
                if other != name:
                    self.assertNotIn(user.partner_id, message.notified_partner_ids)

    def test_suspension_notifies_its_followers(self):
        self.simulator.accounts.refuse(KEYS["own_key"], 402)
        self._fetch()
        self._fetch()
        self._assert_told_only("mt_connection_problem", 1)
        self._assert_told_only("mt_document_error", 0)

    def test_document_error_message_links_to_the_document(self):
        self.own.action_fetch()
        document = self._document(self.own, 1)
        self._alter(document, gross_total=1)
        self._process()
        self._process()
        self._assert_told_only("mt_document_error", 1)
        self.assertIn(
            f'data-oe-id="{document.id}"', self._told("mt_document_error").body
        )
        self.assertIn(document.name, self._told("mt_document_error").body)
        self.assertNotIn("validation error", self._told("mt_document_error").body)
        for kind in self.kinds.values():
            self.assertFalse(kind.description, "it would stand above each message")
        document.action_process()
        self._assert_told_only("mt_document_error", 1)

    def test_same_cause_is_one_message(self):
        self.own.action_fetch()
        rows = self.env["billingo.tax.map"].search(
            [("company_id", "=", self.company.id), ("vat_code", "=", "27%")]
        )
        rows.unlink()
        self._process()
        failed = self.own.document_ids.filtered(lambda x: x.state == "error")
        self.assertGreater(len(failed), 5)
        self._assert_told_only("mt_document_error", 1)

    def test_responsible_user_follows(self):
        # Tests switch off what makes people follow.
        self.own.with_context(tracking_disable=False).user_id = self.bookkeeper
        self.assertIn(self.bookkeeper.partner_id, self.own.message_partner_ids)
