"""Every door through which a document is posted keeps the same rules."""

import datetime

from odoo import Command
from odoo.exceptions import UserError
from odoo.service.model import call_kw
from odoo.tests import Form, new_test_user, tagged

from ..at_series import lisbon_date
from .common import AtcudCommon
from .test_immutability import FORGED, refused


@tagged("post_install", "-at_install", "post_install_l10n")
class TestPostingDoors(AtcudCommon):
    def setUp(self):
        super().setUp()
        self.series = self.registered_series()
        self.draft().action_post()  # today: an earlier date is not allowed any more

    # === DOORS === #

    def form(self, draft):
        draft.action_post()

    def service(self, draft):
        draft._post(soft=False)

    def rpc(self, draft):
        moves = self.env["account.move"].with_user(self.accountant)
        call_kw(moves, "action_post", [draft.ids], {"context": FORGED})

    def list_of_drafts(self, draft):
        wizards = self.env["validate.account.move"].with_context(
            active_model="account.move", active_ids=draft.ids
        )
        wizard = wizards.create({"force_post": True})
        wizard.validate_move()

    def doors(self):
        return (self.form, self.service, self.rpc, self.list_of_drafts)

    def nightly_job(self):
        job = self.env.ref("account.ir_cron_auto_post_draft_entry").sudo()
        with self.enter_registry_test_mode():
            job.method_direct_trigger()

    # === TESTS === #

    def test_each_door_gives_number_and_atcud(self):
        for number, door in enumerate(self.doors(), 2):
            with self.subTest(door.__name__):
                draft = self.draft()
                door(draft)
                self.assertEqual(draft.name, f"FT A2026/{number}")
                code = self.series.validation_code
                self.assertEqual(draft.l10n_pt_atcud_value, f"{code}-{number}")
                self.assertTrue(draft.l10n_pt_atcud_content)

    def test_each_door_refuses_dates_out_of_order(self):
        today = lisbon_date()
        for door in self.doors():
            for days in (-1, 1):
                day = today + datetime.timedelta(days=days)
                with self.subTest(door.__name__, days=days):
                    draft = self.draft(date=day)
                    with refused(self):
                        door(draft)
                    self.assertEqual((draft.state, draft.name), ("draft", False))

    def test_each_door_needs_a_registered_series(self):
        self.series.sudo().state = "finalised"
        for door in self.doors():
            with self.subTest(door.__name__):
                draft = self.draft()
                with refused(self):
                    door(draft)
                self.assertEqual(draft.state, "draft")

    def test_nightly_job_posts_what_may_be_posted(self):
        right = self.draft(auto_post="at_date")
        early = self.draft(
            date=lisbon_date() - datetime.timedelta(days=1), auto_post="at_date"
        )
        self.nightly_job()
        self.assertEqual((right.state, early.state), ("posted", "draft"))
        self.assertEqual(right.name, "FT A2026/2")
        self.assertTrue(right.l10n_pt_atcud_value)

    def test_no_value_posts_a_document(self):
        """Such a document would have a number and no ATCUD."""
        draft = self.draft()
        moves = self.env["account.move"].with_user(self.accountant)
        for values in (
            {"state": "posted"},
            {"posted_before": True},
            {"posted_before": "yes"},
            {"state": "posted", "l10n_pt_atcud_series_id": False},
            {"l10n_pt_atcud_posting": True, "state": "posted"},
        ):
            context = {**FORGED, "l10n_pt_atcud_posting": True}
            with self.subTest("write", **values), refused(self):
                values.pop("l10n_pt_atcud_posting", None)
                call_kw(moves, "write", [draft.ids, values], {"context": context})
        for name, value in (("state", "posted"), ("posted_before", True)):
            defaults = {f"default_{name}": value}
            with self.subTest("create", field=name), refused(self):
                draft.copy({name: value})
            with self.subTest("default", field=name), refused(self):
                draft.with_context(**defaults).copy()
        self.assertEqual((draft.state, draft.name), ("draft", False))

    def test_import_posts_nothing(self):
        self.env["ir.model.data"].sudo().create(
            {
                "module": "atcud_test",
                "name": "draft",
                "model": "account.move",
                "res_id": self.draft().id,
            }
        )
        for field, value in (("state", "posted"), ("posted_before", "True")):
            with self.subTest(field):
                result = self.env["account.move"].load(
                    ["id", field], [["atcud_test.draft", value]]
                )
                self.assertFalse(result["ids"])

    def test_portal_user_posts_nothing(self):
        portal = new_test_user(self.env(su=True), "atcud_portal", "base.group_portal")
        moves = self.env["account.move"].with_user(portal)
        draft = self.draft()
        with refused(self):
            call_kw(moves, "action_post", [draft.ids], {})
        self.assertEqual(draft.state, "draft")

    def test_other_entries_are_posted_as_before(self):
        entry = self.env["account.move"].create(
            {
                "move_type": "entry",
                "journal_id": self.company_data["default_journal_misc"].id,
                "line_ids": [
                    Command.create(
                        {
                            "account_id": self.company_data[name].id,
                            "debit": debit,
                            "credit": 1 - debit,
                        }
                    )
                    for name, debit in (
                        ("default_account_revenue", 1),
                        ("default_account_expense", 0),
                    )
                ],
            }
        )
        entry.write({"state": "posted"})
        self.assertEqual(entry.state, "posted")

    def test_document_of_another_addon_is_posted_by_the_same_rules(self):
        """As sales orders and the point of sale do: a draft by values, and _post()."""
        order = {"invoice_origin": "S00042", "ref": "Encomenda 42"}
        moves = self.env["account.move"].sudo().with_company(self.company)
        right = self.draft(**order).sudo()
        moves.browse(right.id)._post()
        self.assertTrue(right.l10n_pt_atcud_value)
        early = self.draft(date=lisbon_date() - datetime.timedelta(days=1), **order)
        with self.assertRaises(UserError):
            moves.browse(early.id)._post()

    def test_form_of_a_draft_offers_no_number(self):
        form = Form(self.draft())
        self.assertFalse(form.name)
