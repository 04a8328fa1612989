from odoo.tests import Form, tagged

from .common import MaventaCommon


@tagged("post_install", "-at_install")
class TestLog(MaventaCommon):
    """What happened can be read on the invoice, and searched in the log."""

    def _told(self, move):
        move.invalidate_recordset(["maventa_timeline"])
        return str(move.with_user(self.accountant).maventa_timeline)

    def test_timeline_shows_attempts_and_remote_events(self):
        move = self._to_transfer(self._invoice())
        with self._fault("invoice_refused"):
            self._run_cron()
        self._to_transfer(move)
        with self._fault("drop_after_storing"):
            self._run_cron()
        self._run_cron()
        self.simulator.polls_until_routed = 0
        self._run_cron("follow_up")
        told = self._told(move)
        second, first = told.split('<div class="o_maventa_attempt')[1:]
        self.assertIn(f"Requested by {self.accountant.name}", first)
        self.assertIn("Invoice refused", first)
        self.assertIn("text-danger", first)
        steps = [
            "Requested by",
            "Odoo will try again",
            "Demo: handed over to the simulator in Odoo.",
            "Demo: delivered by the simulator (E-invoice)",
        ]
        places = [second.index(step) for step in steps]
        self.assertEqual(places, sorted(places), "in the order of time")
        self.assertIn("Maventa: received", second)
        last = move.maventa_transfer_id.with_user(self.accountant)
        self.assertIn(
            "Demo: delivered by the simulator (E-invoice)", str(last.timeline)
        )
        self.assertNotIn("Invoice refused", str(last.timeline))
        self.assertIn("Maventa: sent (E-invoice)", second)

    def test_remote_texts_are_escaped_and_invalid_times_tolerated(self):
        move = self._to_transfer(self._invoice())
        self._run_cron()
        transfer = move.sudo().maventa_transfer_id
        transfer.actions = [
            ["soon", "ERROR", "", "<script>1</script>"],
            ["", "NEW", "", ""],
        ]
        told = self._told(move)
        self.assertNotIn("<script>", told)
        self.assertIn("Maventa: error: &lt;script&gt;", told)
        self.assertIn("Maventa: &#34;NEW&#34;", told)

    def test_history_only_grows(self):
        move = self._to_transfer(self._invoice())
        with self._fault("rate_limited"):
            self._run_cron()
        transfer = move.maventa_transfer_id
        [line] = transfer.history
        self.assertEqual(line[1], "warning")
        self.account.paused_until = False
        self._run_cron()
        self.assertEqual(transfer.history[0], line)
        self.assertEqual([row[1] for row in transfer.history], ["warning", "info"])

    def test_level_shows_required_attention(self):
        good, bad, held_up = (self._invoice(price=price) for price in (1, 2, 3))
        self._to_transfer(good)
        self._run_cron()
        self._to_transfer(bad)
        with self._fault("invoice_refused"):
            self._run_cron()
        self._to_transfer(held_up)
        with self._fault("rate_limited"):
            self._run_cron()
        log = self.env["maventa.transfer"].with_user(self.accountant)
        for level, move in (("info", good), ("error", bad), ("warning", held_up)):
            found = log.search([("level", "=", level)])
            self.assertEqual(found.move_id, move)
        good.sudo().maventa_transfer_id.warned_at = "2026-01-01"
        self.assertEqual(good.maventa_transfer_id.level, "warning")

    def test_log_can_be_searched_and_grouped(self):
        move = self._to_transfer(self._invoice())
        self._run_cron()
        log = self.env["maventa.transfer"].with_user(self.accountant)
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "account_maventa.action_maventa_transfer"
        )
        self.assertEqual(action["view_mode"], "list,kanban,form,graph,pivot")
        views = log.get_views([(False, kind) for kind in ("search", "graph", "pivot")])
        search = views["views"]["search"]["arch"]
        for name in ("move_id", "errors", "warnings", "create_date", "group_by_level"):
            self.assertIn(f'name="{name}"', search)
        for group in ("level", "partner_id", "company_id", "create_date:day", "state"):
            [(_value, count)] = log._read_group(
                [("move_id", "=", move.id)], [group], ["__count"]
            )
            self.assertEqual(count, 1)

    def test_maventas_pages_are_those_of_the_environment_it_went_to(self):
        move = self._to_transfer(self._invoice())
        self._run_cron()
        self.assertFalse(move.maventa_remote_url, "Demo has none")
        transfer = move.sudo().maventa_transfer_id
        for environment, host in (("test", "testing"), ("production", "secure")):
            values = {"company_id": self.company.id, "environment": environment}
            transfer.account_id = transfer.account_id.create(values)
            url = f"https://{host}.maventa.com"
            action = move.with_user(self.accountant).action_maventa_open_remote()
            self.assertEqual((action["url"], action["target"]), (url, "new"))
        transfer.remote_id = False
        self.assertFalse(transfer.remote_url, "nothing of it is there")

    def test_form_shows_the_timeline(self):
        move = self._to_transfer(self._invoice())
        self._run_cron()
        with Form(move.with_user(self.accountant)) as form:
            self.assertIn("handed over to the simulator", str(form.maventa_timeline))
