"""The message for an identifier that another series has."""

from odoo.tests import tagged
from odoo.tools import mute_logger
from psycopg2.errors import UniqueViolation

from ..at_series import lisbon_date
from .common import AtcudCommon


@tagged("post_install", "-at_install", "post_install_l10n")
class TestIdentifierTaken(AtcudCommon):
    def refusal(self, user=None, **values):
        """Return what the user reads who wants the identifier once more."""
        series = self.env["l10n_pt_atcud.series"].with_user(user or self.env.user)
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(UniqueViolation) as refused,
            self.cr.savepoint(),
        ):
            series.create(
                {
                    "journal_id": self.journal.id,
                    "identifier": "a2026",
                    "document_type": "FT",
                    **values,
                }
            ).flush_recordset()
        return series._sql_error_to_message(refused.exception)

    def test_a_series_in_use_is_named(self):
        self.registered_series()
        message = self.refusal()
        self.assertIn(f"FT A2026 of {self.company.name} is in use", message)
        self.assertNotIn("archived", message)

    def test_draft_series_is_named(self):
        self.make_series()
        self.assertIn("is still to be registered", self.refusal())

    def test_an_annulled_series_is_named(self):
        series = self.registered_series()
        self.close(series, "annul")
        self.assertEqual(series.state, "annulled")
        self.assertIn("FT A2026", self.refusal())
        self.assertIn("was annulled", self.refusal())

    def test_a_finalised_series_is_named(self):
        series = self.registered_series()
        (self.draft() | self.draft(date=lisbon_date()))._post()
        self.close(series, "finalise", last_number=2)
        self.assertEqual(series.state, "finalised")
        self.assertIn("was finalised", self.refusal())

    def test_archived_series_names_the_filter(self):
        self.registered_series().active = False
        message = self.refusal()
        self.assertIn("is in use", message)
        self.assertIn("It is archived", message)

    def test_changed_identifier_is_refused_too(self):
        self.registered_series()
        other = self.make_series("B")
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(UniqueViolation) as refused,
            self.cr.savepoint(),
        ):
            other.identifier = "A2026"
            other.flush_recordset()
        message = other._sql_error_to_message(refused.exception)
        self.assertIn("FT A2026 of", message)

    def test_series_of_a_hidden_company_is_not_named(self):
        companies = self.env["res.company"].sudo()
        sister = companies.create(
            {"name": "Irmã Secreta", "vat": self.company.vat, "country_id": False}
        )
        sister._l10n_pt_atcud_use_environment("production")
        self.env["l10n_pt_atcud.series"].sudo().create(
            {"company_id": sister.id, "identifier": "A2026", "document_type": "FT"}
        )
        manager = self.new_user("atcud_manager", "account.group_account_manager")
        message = self.refusal(manager)
        self.assertIn("that you cannot access", message)
        self.assertNotIn("Secreta", message)

    def test_two_created_together_get_the_general_message(self):
        series = self.env["l10n_pt_atcud.series"]
        values = {"journal_id": self.journal.id, "document_type": "FT"}
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(UniqueViolation) as refused,
            self.cr.savepoint(),
        ):
            series.create(
                [{**values, "identifier": "X"}, {**values, "identifier": "x"}]
            )
        message = series._sql_error_to_message(refused.exception)
        self.assertIn("AT never allows an identifier to be used again", message)
