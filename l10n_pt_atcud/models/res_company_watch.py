"""The watch of every night: what AT changed without us, and what is about to expire."""

from odoo import api, fields, models

from ..at_series import SeriesError, SetupError
from .open_lines import lines_stay_open

_DAYS_BEFORE = (7, 30, 60)
_CERTIFICATES = (
    "l10n_pt_atcud_client_certificate_id",
    "l10n_pt_atcud_cipher_certificate_id",
)


class ResCompany(models.Model):
    _inherit = "res.company"

    # certificate and its end -> the days before it that were warned of
    l10n_pt_atcud_warned = fields.Json(
        readonly=True, copy=False, groups="base.group_system"
    )

    # Cron

    @api.model
    def _cron_l10n_pt_atcud_watch(self):
        """Look after every taxpayer, one after the other."""
        companies = self.sudo().search([("account_fiscal_country_id.code", "=", "PT")])
        taxpayers = companies.filtered(
            lambda company: company == company._l10n_pt_atcud_taxpayer()
        )
        self.env["ir.cron"]._commit_progress(remaining=len(taxpayers))
        for company in taxpayers:
            company._l10n_pt_atcud_warn_of_expiry()
            company._l10n_pt_atcud_remind_of_year()
            with lines_stay_open():
                company._l10n_pt_atcud_compare()
            if not self.env["ir.cron"]._commit_progress(1):
                break

    # Business

    def _l10n_pt_atcud_warn_of_expiry(self):
        """Tell an administrator 60, 30 and 7 days before a certificate expires."""
        warned = dict(self.l10n_pt_atcud_warned or {})
        for name in _CERTIFICATES:
            certificate = self[name]
            if not certificate.date_end:
                continue
            left = (certificate.date_end - fields.Datetime.now()).days
            due = next((days for days in _DAYS_BEFORE if left <= days), None)
            key = f"{certificate.id}/{certificate.date_end.date()}"
            if due is None or due >= warned.get(key, due + 1):
                continue
            warned[key] = due
            self._l10n_pt_atcud_alert(
                self.env._(
                    "%(what)s of %(company)s expires on %(day)s. AT is not reached "
                    "without it: get the next one in time.",
                    what=self._fields[name]._description_string(self.env),
                    company=self.display_name,
                    day=certificate.date_end.date(),
                )
            )
        self.l10n_pt_atcud_warned = warned

    def _l10n_pt_atcud_compare(self):
        """Compare the series of this taxpayer with what AT knows of them."""
        series = self._l10n_pt_atcud_live_series()
        if not series:
            return
        try:
            client = self._l10n_pt_atcud_client()
        except SetupError:
            return  # the settings say why, and somebody was told when it began
        outcome, known = None, ()
        with client:
            try:
                known = client.consultar_series()
            except SeriesError as error:
                outcome = error
        self._l10n_pt_atcud_note(outcome)
        if isinstance(outcome, SetupError):
            self._l10n_pt_atcud_alert(self._l10n_pt_atcud_explain(outcome))
        if outcome:
            return
        by_name = {(info.tipo_doc, info.serie.casefold()): info for info in known}
        for one in series:
            # Alone: after each commit it would be read anew with all the others.
            one = one.with_prefetch()
            name = one.document_type, one.identifier.casefold()
            one._compare(by_name.get(name))
        self._l10n_pt_atcud_tell_of_unknown(known)

    # Private functions

    def _l10n_pt_atcud_live_series(self):
        """Return the series of this taxpayer that can still change at AT."""
        series = self.env["l10n_pt_atcud.series"].sudo()
        return series.with_context(active_test=False).search(
            [
                ("nif", "=", self._l10n_pt_atcud_nif()),
                ("environment", "=", self.l10n_pt_atcud_environment),
                ("state", "in", ("pending", "registered", "closing")),
            ]
        )

    def _l10n_pt_atcud_alert(self, text):
        """Give an administrator of the company something to do."""
        self.partner_id.activity_schedule(
            "mail.mail_activity_data_warning",
            summary=self.env._("Connection to AT"),
            note=text,
            user_id=self._l10n_pt_atcud_administrator().id,
        )

    def _l10n_pt_atcud_administrator(self):
        users = self.env["res.users"].sudo()
        domain = [
            ("all_group_ids", "in", self.env.ref("base.group_system").ids),
            ("company_ids", "in", self.ids),
            ("share", "=", False),
        ]
        return users.search(domain, order="id", limit=1) or self.env.ref(
            "base.user_admin"
        )
