"""The log of requests and answers: without secrets, and for a limited time."""

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..at_series import SetupError
from ..at_series.simulator import Account
from .common import USERNAME, AtcudCommon


@tagged("post_install", "-at_install", "post_install_l10n")
class TestExchange(AtcudCommon):
    def exchanges(self, series):
        domain = series.action_open_exchanges()["domain"]
        return self.env["l10n_pt_atcud.exchange"].search(domain, order="id")

    def test_every_call_is_logged(self):
        series = self.make_series()
        self.simulator.faults.add("accept_then_drop")
        self.register(series.with_user(self.accountant))
        self.register(series)
        lost, found = self.exchanges(series)
        self.assertEqual(
            (lost.operation, lost.code, lost.status, lost.answer, lost.user_id),
            ("registarSerie", "no_answer", 0, False, self.accountant),
        )
        self.assertEqual(
            (found.operation, found.code, found.status, found.user_id),
            ("consultarSeries", "2002", 200, self.env.user),
        )
        self.assertEqual(found.environment, "production")
        self.assertEqual(found.company_id, self.company)
        self.assertTrue(found.create_date)
        self.assertIn("<serie>A2026</serie>", lost.request)
        self.assertIn("2002", found.answer)

    def test_refusal_keeps_the_code_of_at(self):
        series = self.make_series()
        self.simulator.accounts = {USERNAME: Account("right")}
        self.assertIsInstance(self.register(series), SetupError)
        self.assertEqual(self.exchanges(series).code, "99")

    def test_secrets_are_masked(self):
        series = self.registered_series()
        request = self.exchanges(series).request
        for name in ("Password", "Nonce", "Created"):
            self.assertRegex(request, rf"<\w+:{name}>\*\*\*</")
        self.assertNotIn("demo", request)

    def test_check_is_logged(self):
        self.check()
        exchange = self.env["l10n_pt_atcud.exchange"].search([])
        self.assertEqual(exchange.operation, "consultarSeries")
        self.assertFalse(exchange.series_id)

    def test_exchanges_cannot_be_changed(self):
        self.registered_series()
        manager = self.new_user("atcud_manager", "account.group_account_manager")
        exchange = self.env["l10n_pt_atcud.exchange"].with_user(manager).search([])
        self.assertTrue(exchange.request)
        with self.assertRaises(UserError):
            exchange.answer = "2001"
        for operation in ("write", "create", "unlink"):
            self.assertFalse(exchange.has_access(operation))
        with self.assertRaises(AccessError):
            exchange.unlink()
        with self.assertRaises(UserError):
            exchange.create({"company_id": self.company.id})

    def test_exchanges_are_deleted_after_the_days_of_the_setting(self):
        self.registered_series()
        self.check()
        old, new = self.env["l10n_pt_atcud.exchange"].search([], order="id")
        self.cr.execute(
            "UPDATE l10n_pt_atcud_exchange "
            "SET create_date = create_date - interval '11 days' WHERE id = %s",
            [old.id],
        )
        self.env.invalidate_all()
        self.company.sudo().l10n_pt_atcud_exchange_days = 0
        self.env["l10n_pt_atcud.exchange"]._gc_exchanges()
        self.assertEqual(len((old | new).exists()), 2)
        self.company.sudo().l10n_pt_atcud_exchange_days = 10
        result = self.env["l10n_pt_atcud.exchange"]._gc_exchanges()
        self.assertEqual(((old | new).exists(), result), (new, (1, False)))
