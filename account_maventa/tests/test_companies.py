from unittest.mock import patch

from odoo import Command
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from .common import ACCOUNTANT, MaventaCommon


@tagged("post_install", "-at_install")
class TestCompanies(MaventaCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other_data = cls.setup_other_company(name="Toinen Oy")
        cls.other = cls.other_data["company"]
        cls._make_finnish(cls.other, "FI98765430")
        cls.other_remote = cls._connect(cls.other)

    def _other_invoice(self):
        move = (
            self.env["account.move"]
            .with_company(self.other)
            .create(
                {
                    "move_type": "out_invoice",
                    "partner_id": self.partner_a.id,
                    "invoice_date": "2026-03-02",
                    "invoice_line_ids": [
                        Command.create(
                            {
                                "name": "Ice",
                                "price_unit": 10,
                                "tax_ids": [
                                    Command.set(self.other_data["default_tax_sale"].ids)
                                ],
                            }
                        )
                    ],
                }
            )
        )
        move.action_post()
        return move

    def test_each_company_uses_its_own_account(self):
        mine, theirs = self._invoice(), self._other_invoice()
        (mine | theirs).action_maventa_to_transfer()
        self._run_cron()
        senders = {
            held.uuid: held.company_uuid for held in self.simulator.held_invoices()
        }
        self.assertEqual(
            senders,
            {
                mine.maventa_transfer_id.uuid: self.remote.company_uuid,
                theirs.maventa_transfer_id.uuid: self.other_remote.company_uuid,
            },
        )
        self.assertEqual(
            theirs.maventa_status_id, self.other.maventa_status_after_transfer_id
        )

    def test_failing_company_does_not_stop_others(self):
        mine, theirs = self._invoice(), self._other_invoice()
        (mine | theirs).action_maventa_to_transfer()
        self.simulator.change_company(self.remote.company_uuid, state="UNVERIFIED")
        self._run_cron()
        self.assertEqual(mine.maventa_state, "queued")
        self.assertEqual(self.account.state, "unverified")
        self.assertEqual(theirs.maventa_state, "accepted")
        self.assertEqual(self.other.maventa_account_id.state, "verified")
        self.account.action_check()

    def test_unforeseen_error_in_one_company_leaves_the_others_their_turn(self):
        mine, theirs = self._invoice(), self._other_invoice()
        (mine | theirs).action_maventa_to_transfer()
        uploader = type(self.env["maventa.uploader"])
        queue = uploader._queue_waiting

        def break_off(service, account):
            if account == self.account:
                raise KeyError("unforeseen")
            queue(service, account)

        logger = "odoo.addons.account_maventa.services.remote_call"
        with (
            patch.object(uploader, "_queue_waiting", break_off),
            mute_logger(logger),
        ):
            self._run_cron()
        self.assertEqual(theirs.maventa_state, "accepted")
        self.assertIn("KeyError", self.account.problem)

    def test_account_tried_longest_ago_comes_first(self):
        other = self.other.maventa_account_id.sudo()
        followed = []

        def follow(_service, account):
            followed.append(account)
            return True

        delivery = type(self.env["maventa.delivery.tracking"])
        for first, second in ((self.account, other), (other, self.account)):
            first.sudo().tried_at = "2026-01-01 00:00:00"
            second.sudo().tried_at = "2026-01-02 00:00:00"
            followed.clear()
            with patch.object(delivery, "_follow", follow):
                self._run_cron("follow_up")
            ours = [x for x in followed if x in first | second]
            self.assertEqual(ours, [first, second])

    def test_archived_company_finishes_open_transfers_only(self):
        sent, lost, waiting = (self._other_invoice() for _number in range(3))
        sent.action_maventa_to_transfer()
        self._run_cron()
        lost.action_maventa_to_transfer()
        with self._fault("drop_after_storing"):
            self._run_cron()
        waiting.action_maventa_to_transfer()
        self.other.active = False
        sent, lost, waiting = (
            move.sudo().with_context(allowed_company_ids=self.company.ids)
            for move in (sent, lost, waiting)
        )
        self._run_cron()
        self.simulator.polls_until_routed = 0
        self._run_cron("follow_up")
        self.assertEqual(sent.maventa_state, "delivered")
        self.assertEqual(lost.maventa_state, "delivered")
        self.assertEqual(waiting.maventa_state, "queued")
        self.other.active = True
        self._run_cron()
        self.assertEqual(waiting.maventa_state, "accepted")

    def test_records_of_other_companies_are_hidden(self):
        stranger = new_test_user(
            self.env,
            "stranger",
            groups=ACCOUNTANT,
            company_id=self.other.id,
            company_ids=[Command.set(self.other.ids)],
        )
        self._to_transfer(self._invoice())
        for model in ("maventa.transfer", "maventa.invoice.status"):
            found = self.env[model].with_user(stranger).search([])
            self.assertLessEqual(found.company_id, self.other)
            self.assertTrue(self.env[model].with_user(self.accountant).search([]))

    def test_branch_without_tax_number_uses_parent_account(self):
        branch = self.env["res.company"].create(
            {"name": "Haara", "parent_id": self.company.id}
        )
        branch.vat = False
        self.assertEqual(branch._maventa_account_company(), self.company)
        branch.vat = "FI91234565"
        self.assertEqual(branch._maventa_account_company(), branch)

    def test_invoice_of_branch_is_sent_by_parent_account(self):
        branch = self.env["res.company"].create(
            {
                "name": "Haara",
                "parent_id": self.company.id,
                "country_id": self.env.ref("base.fi").id,
            }
        )
        self.env.cr.precommit.run()  # loads the chart of accounts
        branch.vat = False
        branch.partner_id.write(
            {"street": "Sivukuja 3", "zip": "00200", "city": "Espoo"}
        )
        self.env.user.company_ids |= branch
        self.env.user.company_id = branch
        self.env = self.env(context={"allowed_company_ids": branch.ids})
        move = self._invoice()
        self.assertEqual(move.company_id, branch)
        user = new_test_user(
            self.env,
            "branch_accountant",
            groups=ACCOUNTANT,
            company_id=branch.id,
            company_ids=[Command.set(branch.ids)],
        )
        move.partner_bank_id = self.company.partner_id.bank_ids[:1]
        move.with_user(user).action_maventa_to_transfer()
        self._run_cron()
        self.assertFalse(move.maventa_error)
        self.assertEqual(move.maventa_state, "accepted")
        [held] = self.simulator.held_invoices()
        self.assertEqual(held.company_uuid, self.remote.company_uuid)
        self.assertEqual(move.with_user(user).maventa_transfer_id.company_id, branch)
