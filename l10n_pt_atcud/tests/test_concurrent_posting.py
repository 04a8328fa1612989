"""Two users post at once, in real transactions: no gap, no duplicate number."""

import datetime
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from unittest import TestCase
from unittest.mock import patch

from odoo import SUPERUSER_ID, Command, api
from odoo.exceptions import UserError
from odoo.modules.registry import Registry
from odoo.service.model import retrying
from odoo.tests import BaseCase, get_db_name, tagged
from odoo.tools import SQL, mute_logger

from ..at_series import lisbon_date
from .committed import remove_company
from .common import NIF

CODE = "TGTHR234"


@tagged("post_install", "-at_install", "post_install_l10n")
class TestConcurrentPosting(BaseCase):
    """Everything is committed, so everything is deleted afterwards."""

    def setUp(self):
        super().setUp()
        self.registry = Registry(get_db_name())
        # Whoever runs tests holds the lock, which other threads need in order to work.
        unlocked = patch.object(Registry, "_lock", threading.RLock())
        unlocked.start()
        self.addCleanup(unlocked.stop)
        with self.registry.cursor() as cursor:
            self.make(self.env(cursor))
        self.addCleanup(self.remove)

    def env(self, cursor):
        return api.Environment(cursor, SUPERUSER_ID, {})

    def make(self, env):
        # The context keeps Odoo from loading a chart of accounts for the country.
        companies = env["res.company"].with_context(chart_template_load=True)
        company = companies.create(
            {
                "name": "Azulejo ao mesmo tempo Lda",
                "vat": f"PT{NIF}",
                "country_id": env.ref("base.pt").id,
                "currency_id": env.ref("base.EUR").id,
            }
        ).with_env(env(context={}))
        self.company_id = company.id
        env = company.with_company(company).env
        receivable, income = env["account.account"].create(
            [
                {"code": "2111", "name": "A", "account_type": "asset_receivable"},
                {"code": "711", "name": "B", "account_type": "income"},
            ]
        )
        # Two, who do not wait for one another's rank: only for the number.
        customer = {"name": "Cliente", "property_account_receivable_id": receivable.id}
        customers = env["res.partner"].create([customer] * 2)
        self.customer_ids = customers.ids
        journal = env["account.journal"].create(
            {
                "name": "Vendas",
                "code": "TGTHR",
                "type": "sale",
                "default_account_id": income.id,
            }
        )
        series = env["l10n_pt_atcud.series"].create(
            {"journal_id": journal.id, "identifier": "TOGETHER"}
        )
        series.write({"state": "registered", "validation_code": CODE})
        tax = self.exempt(env, company)
        line = Command.create({"name": "Azulejo", "price_unit": 1, "tax_ids": tax.ids})
        moves = env["account.move"].create(
            [
                {
                    "move_type": "out_invoice",
                    "journal_id": journal.id,
                    "partner_id": customers[place % 2].id,
                    "invoice_line_ids": [line],
                }
                for place in range(12)
            ]
        )
        self.move_ids = moves.ids

    def exempt(self, env, company):
        """Return a tax that says why there is no VAT."""
        group = env["account.tax.group"].create(
            {
                "name": "IVA",
                "company_id": company.id,
                "country_id": env.ref("base.pt").id,
            }
        )
        reason = env.ref("l10n_pt_atcud.exemption_reason_m07")
        return env["account.tax"].create(
            {
                "name": "Isento",
                "amount": 0,
                "type_tax_use": "sale",
                "company_id": company.id,
                "country_id": group.country_id.id,
                "tax_group_id": group.id,
                "l10n_pt_atcud_exemption_reason_id": reason.id,
            }
        )

    def remove(self):
        """Delete by SQL what Odoo rightly never deletes."""
        with self.registry.cursor() as cursor:
            env = self.env(cursor)
            for table in (
                "account_partial_reconcile",
                "account_move_line",
                "account_move",
                "l10n_pt_atcud_series",
            ):
                cursor.execute(
                    SQL(
                        "DELETE FROM %s WHERE company_id = %s",
                        SQL.identifier(table),
                        self.company_id,
                    )
                )
            env.invalidate_all()
            company = env["res.company"].browse(self.company_id)
            env["res.partner"].browse(self.customer_ids).unlink()
            domain = [("company_id", "=", company.id)]
            env["account.tax"].with_context(active_test=False).search(domain).unlink()
            env["account.tax.group"].search(domain).unlink()
            env["account.journal"].with_context(active_test=False).search(
                domain
            ).unlink()
            env["account.account"].search([("company_ids", "in", company.ids)]).unlink()
            remove_company(company)

    def post(self, cursor, place):
        move = self.env(cursor)["account.move"].browse(self.move_ids[place])
        move._post(soft=False)
        return move.name

    def post_as_a_request_does(self, *places):
        """Post in a transaction of its own, begun anew when Odoo would begin anew."""
        names = []
        for place in places:
            with self.registry.cursor() as cursor:
                post = partial(self.post, cursor, place)
                names.append(retrying(post, self.env(cursor)))
        return names

    def names(self):
        with self.registry.cursor() as cursor:
            moves = self.env(cursor)["account.move"].browse(self.move_ids)
            posted = moves.filtered(lambda move: move.state == "posted")
            for move in posted:
                number = move.name.removeprefix("FT TOGETHER/")
                self.assertEqual(move.l10n_pt_atcud_value, f"{CODE}-{number}")
                self.assertFalse(move.made_sequence_gap)
            return sorted(posted.mapped("name"))

    def race(self, end):
        """Post one, then a second before the first transaction ends with ``end``."""
        with ThreadPoolExecutor(1) as other, self.registry.cursor() as first:
            self.assertEqual(self.post(first, 0), "FT TOGETHER/1")
            self.env(first).flush_all()
            later = other.submit(self.post_as_a_request_does, 1)
            self.wait_for_who_waits(later)
            end(first)
            return later.result(timeout=60)

    @mute_logger("odoo.sql_db")  # tells of the number that was taken
    def test_second_transaction_gets_the_next_number(self):
        self.assertEqual(self.race(lambda first: first.commit()), ["FT TOGETHER/2"])
        self.assertEqual(self.names(), ["FT TOGETHER/1", "FT TOGETHER/2"])

    def test_number_of_a_rollback_is_used_again(self):
        self.assertEqual(self.race(lambda first: first.rollback()), ["FT TOGETHER/1"])
        self.assertEqual(self.names(), ["FT TOGETHER/1"])

    @mute_logger("odoo.sql_db")  # who signs begins anew after the wait
    def test_earlier_date_waits_for_a_posting_under_way(self):
        """It would be given the next number after a later date."""
        yesterday = lisbon_date() - datetime.timedelta(days=1)
        with self.registry.cursor() as cursor:
            moves = self.env(cursor)["account.move"].browse(self.move_ids)
            moves[1].invoice_date = yesterday
        with TestCase.assertRaises(self, UserError):
            self.race(lambda first: first.commit())
        self.assertEqual(self.names(), ["FT TOGETHER/1"])

    def test_earlier_date_is_allowed_after_a_rollback(self):
        yesterday = lisbon_date() - datetime.timedelta(days=1)
        with self.registry.cursor() as cursor:
            moves = self.env(cursor)["account.move"].browse(self.move_ids)
            moves[1].invoice_date = yesterday
        self.assertEqual(self.race(lambda first: first.rollback()), ["FT TOGETHER/1"])

    @mute_logger("odoo.sql_db", "odoo.service.model")
    def test_two_credit_notes_at_once_do_not_exceed_the_document(self):
        with self.registry.cursor() as cursor:
            env = self.env(cursor)
            self.post(cursor, 0)
            invoice = env["account.move"].browse(self.move_ids[0])
            series = env["l10n_pt_atcud.series"].create(
                {
                    "journal_id": invoice.journal_id.id,
                    "identifier": "TOGETHER",
                    "document_type": "NC",
                }
            )
            series.write({"state": "registered", "validation_code": "TGTHR235"})
            values = {
                "invoice_date": lisbon_date(),
                "l10n_pt_atcud_reason": "Devolução",
            }
            notes = env["account.move"]
            for _number in range(2):
                notes |= invoice._reverse_moves([values])
            self.move_ids = notes.ids
        with ThreadPoolExecutor(1) as other, self.registry.cursor() as first:
            self.assertEqual(self.post(first, 0), "NC TOGETHER/1")
            self.env(first).flush_all()
            later = other.submit(self.post_as_a_request_does, 1)
            self.wait_for_who_waits(later)
            first.commit()
            with TestCase.assertRaises(self, UserError):
                later.result(timeout=60)

    @mute_logger("odoo.sql_db", "odoo.service.model")
    def test_many_at_once(self):
        start = threading.Barrier(2)

        def work(*places):
            start.wait(timeout=60)  # both begin together
            return self.post_as_a_request_does(*places)

        with ThreadPoolExecutor(2) as workers:
            work = [workers.submit(work, *range(n, 12, 2)) for n in (0, 1)]
            names = [name for done in work for name in done.result(timeout=120)]
        expected = sorted(f"FT TOGETHER/{number}" for number in range(1, 13))
        self.assertEqual(sorted(names), expected)
        self.assertEqual(self.names(), expected)

    def wait_for_who_waits(self, later):
        """Return when another transaction of this database waits for a lock."""
        waiting = """
            SELECT FROM pg_stat_activity
             WHERE datname = current_database() AND wait_event_type = 'Lock'
        """
        deadline = time.monotonic() + 60
        with self.registry.cursor() as cursor:
            cursor.execute(waiting)
            while not cursor.rowcount:
                self.assertFalse(later.done(), "the second did not wait")
                self.assertLess(time.monotonic(), deadline, "nobody waits")
                cursor.rollback()  # the view is frozen within a transaction
                cursor.execute(waiting)
