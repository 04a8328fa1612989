"""Numbers ``FT A2026/1``: without gaps, and without restarts."""

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from ..at_series import lisbon_date
from .common import AtcudCommon

# How Odoo would read them: yearly, monthly, as a range of years, or not at all.
LOOK_LIKE_DATES = (
    "2026",
    "LX2026",
    "S26",
    "12",
    "26A",
    "202605",
    "26.05",
    "2026_01",
    "2026-27",
    "A",
    "CDVF",
)


@tagged("post_install", "-at_install", "post_install_l10n")
class TestNumbering(AtcudCommon):
    def post(self, *dates, **values):
        moves = self.env["account.move"]
        for date in dates:
            move = self.draft(date=date, **values)
            move.action_post()
            moves |= move
        return moves

    def numbers(self, moves):
        return [move.name.rpartition("/")[2] for move in moves]

    def test_no_identifier_restarts_the_numbers(self):
        company = self.company.sudo()
        company.l10n_pt_atcud_date_earlier = company.l10n_pt_atcud_date_later = "warn"
        for identifier in LOOK_LIKE_DATES:
            with self.subTest(identifier):
                series = self.registered_series(identifier)
                moves = self.post(
                    "2026-05-03",
                    "2026-06-01",
                    "2027-01-02",
                    "2026-05-04",
                    l10n_pt_atcud_series_id=series.id,
                )
                self.assertEqual(moves[0].name, f"FT {identifier}/1")
                self.assertEqual(self.numbers(moves), ["1", "2", "3", "4"])
                self.assertEqual(
                    moves[3].l10n_pt_atcud_value, f"{series.validation_code}-4"
                )

    def test_pattern_of_the_journal_is_not_for_series(self):
        self.registered_series()
        self.company.sudo().l10n_pt_atcud_date_earlier = "warn"
        yearly = r"(?P<year>\d{4})(?P<prefix2>\D*)(?P<seq>\d*)(?P<suffix>\D*?)$"
        for pattern in (
            rf"^(?P<prefix1>.*?){yearly}",
            r"^(?P<prefix1>.*?)(?P<seq>\d{4})(?P<suffix>.*)$",
            r"^(?P<prefix1>INV)(?P<seq>\d*)$",
        ):
            with self.subTest(pattern):
                self.journal.sudo().sequence_override_regex = pattern
                moves = self.post("2026-05-03", None)
                self.assertEqual(
                    moves.mapped("sequence_prefix"), ["FT A2026/", "FT A2026/"]
                )
                first, second = moves.mapped("sequence_number")
                self.assertEqual(second, first + 1)
                self.assertEqual(moves[1].name, f"FT A2026/{second}")
        self.assertEqual(second, 6)

    def test_first_number_is_the_registered_one(self):
        self.registered_series(first_number=101)
        moves = self.post("2026-05-03", "2026-05-03")
        self.assertEqual(self.numbers(moves), ["101", "102"])
        self.assertFalse(moves[0].made_sequence_gap)

    def test_each_series_has_its_own_numbers(self):
        self.registered_series("A")
        other = self.registered_series("B")
        self.post("2026-05-03", "2026-05-03")
        (second,) = self.post("2026-05-03", l10n_pt_atcud_series_id=other.id)
        (third,) = self.post("2026-05-03")
        self.assertEqual((second.name, third.name), ("FT B/1", "FT A/3"))

    def test_credit_and_debit_notes_have_their_own_numbers(self):
        self.registered_series("A")
        self.registered_series("A", "NC")
        self.registered_series("A", "ND")
        (invoice,) = self.post("2026-05-03")
        refund = invoice._reverse_moves([{"date": invoice.date}])
        refund.action_post()
        wizard = self.env["account.debit.note"].with_context(
            active_model="account.move", active_ids=invoice.ids
        )
        action = wizard.create({"copy_lines": True}).create_debit()
        debit_note = self.env["account.move"].browse(action["res_id"])
        debit_note.action_post()
        self.assertEqual(
            (invoice.name, refund.name, debit_note.name),
            ("FT A/1", "NC A/1", "ND A/1"),
        )

    def test_batch_is_numbered_without_gaps(self):
        self.registered_series()
        (values,) = self.draft().copy_data({"invoice_date": lisbon_date()})
        drafts = self.env["account.move"].create([values] * 500)
        drafts._post()
        numbers = sorted(int(number) for number in self.numbers(drafts))
        self.assertEqual(numbers, list(range(1, 501)))
        self.assertEqual(len(set(drafts.mapped("l10n_pt_atcud_value"))), 500)

    def test_documents_of_one_transaction_count_on(self):
        series = self.registered_series()
        for number in (1, 2, 3):
            draft = self.draft()
            draft.action_post()
            self.assertEqual(draft.name, f"FT A2026/{number}")
        series.with_user(self.new_administrator())._move_counter(9, "Talão")
        draft = self.draft()
        draft.action_post()
        self.assertEqual(draft.name, "FT A2026/10")

    def test_batch_needs_few_queries_for_its_numbers(self):
        self.registered_series()
        self.draft().action_post()

        def queries(count):
            drafts = self.env["account.move"].browse()
            for _number in range(count):
                drafts |= self.draft()
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            drafts.action_post()
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        queries(2)
        self.assertLessEqual(queries(20) - queries(10), 15)

    def test_failed_posting_uses_no_number(self):
        self.registered_series()
        self.post("2026-05-03")
        broken = self.draft(partner_id=False)
        with self.assertRaises(UserError):
            broken.action_post()
        self.assertEqual(self.numbers(self.post("2026-05-03")), ["2"])

    def test_deleted_draft_leaves_no_gap(self):
        self.registered_series()
        first, second = self.draft(), self.draft()
        second.action_post()
        first.unlink()
        self.assertEqual(second.name, "FT A2026/1")

    def test_entries_of_the_same_journal_keep_their_own_numbers(self):
        self.registered_series()
        self.post("2026-05-03", "2026-05-03")
        account = self.company_data["default_account_revenue"]
        entry = self.env["account.move"].create(
            {
                "move_type": "entry",
                "journal_id": self.journal.id,
                "date": "2026-05-04",
                "line_ids": [
                    Command.create({"account_id": account.id, "debit": 5}),
                    Command.create({"account_id": account.id, "credit": 5}),
                ],
            }
        )
        entry.action_post()
        self.assertEqual(entry.name, f"{self.journal.code}/2026/00001")
        self.assertFalse(entry.l10n_pt_atcud_value)
        self.assertEqual(self.numbers(self.post("2026-05-05")), ["3"])
