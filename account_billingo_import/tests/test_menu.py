from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from .common import KEYS, BillingoCommon


@tagged("post_install", "-at_install")
class TestMenu(BillingoCommon):
    """The menu shows in Hungary, and where a connection exists."""

    def _sees_it(self, user):
        menu = self.env.ref("account_billingo_import.menu_billingo")
        return menu.id in self.env["ir.ui.menu"].with_user(user).load_menus(False)

    def test_menu_shows_in_hungary_or_with_a_connection(self):
        other = self.setup_other_company(name="Elsewhere")["company"]
        other.account_fiscal_country_id = self.env.ref("base.be")
        user = new_test_user(
            self.env,
            "elsewhere",
            groups="account.group_account_manager",
            company_id=other.id,
            company_ids=[Command.set(other.ids)],
        )
        self.assertTrue(self._sees_it(self.bookkeeper))
        self.assertFalse(self._sees_it(user))
        user.company_ids |= self.company
        self.assertTrue(self._sees_it(user), "one of the companies is Hungarian")
        user.company_ids -= self.company
        self.assertFalse(self._sees_it(user))
        other.account_fiscal_country_id = self.env.ref("base.hu")
        self.assertTrue(self._sees_it(user))
        self._connect("customer", KEYS["own_key"], other)
        other.account_fiscal_country_id = self.env.ref("base.be")
        self.assertTrue(self._sees_it(user), "it is used")
