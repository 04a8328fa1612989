"""The texts for all errors and problems: one table from code or kind to text."""

from fnmatch import fnmatchcase

from odoo import api, models
from odoo.tools import LazyTranslate

from ..at_series import (
    SUSPENDED,
    WRONG_PASSWORD,
    RejectedError,
    SetupError,
    TemporaryError,
    UnknownOutcomeError,
)
from ..at_series.errors import access_problem
from ..exceptions import SeriesProblem
from ..guards import internal

_lt = LazyTranslate(__name__)

# AT's codes, and those of the protocol package, -> key of the text. Sources: e-Fatura
# manual, section 2.2.4 (1 to 99); generic manual of self-billing series, section 4.1.2
# (four digits, told apart by the first two). The first pattern that matches counts.
_KEYS = {
    **dict.fromkeys(("1", "2", "3", "4", "5"), "user"),
    **dict.fromkeys(("6", "13", "99", "11??"), "password"),
    **dict.fromkeys(("7", "8", "11", "16", "17", "18", "20"), "cipher"),
    **dict.fromkeys(("9", "10", "19"), "clock"),
    "12??": "permission",
    "tls_*verify*": "tls_server",
    "tls_*": "tls_client",
    "http_*": "proxy",
    "[0-9]*": "unknown_code",
}
# AT's codes about a series -> key of the text.
_SERIES_KEYS = {
    "4043": "no_activity",
    "4047": "single_document",
    "missing_value": "missing_value",
    "bad_request": "bad_request",
    "no_code": "no_code",
    "different": "different_answer",
    "other_series": "other_series",
    "cut_answer": "cut_answer",
    "unreadable_series": "unreadable_series",
    "ambiguous": "ambiguous",
}
# Codes whose message comes from the operating system or a library, not from AT.
_LOCAL = (
    *("no_connection", "no_answer", "bad_answer", "bad_address", "simulator_url"),
    *("tls_*", "client_certificate", "cipher_key", "credentials"),
    *("missing_value", "bad_request", "different", "cut_answer"),
)
_MOST_CONTACTS = 3  # names in one text

_TEXTS = {
    # the connection
    "not_configured": _lt(
        "No connection to AT is configured for this company. Choose an environment in "
        "the AT settings."
    ),
    "no_nif": _lt("The company has no valid Portuguese tax number."),
    "incomplete": _lt(
        "The connection to AT is not set up completely: sub-user, password, client "
        "certificate and AT's public key are needed."
    ),
    "password_required": _lt(
        "The password for AT is requested each time, and no password was entered."
    ),
    "bad_address": _lt(
        "Invalid simulator URL. Correct the system parameter "
        "l10n_pt_atcud.simulator_url."
    ),
    "simulator_url": _lt(
        "In the Demo environment the simulator must run on this machine. Correct the "
        "system parameter l10n_pt_atcud.simulator_url."
    ),
    "other_taxpayer": _lt("The sub-user belongs to another taxpayer than the company."),
    "client_certificate": _lt("The client certificate or its key is unreadable."),
    "client_certificate_expired": _lt(
        "The client certificate is not valid today. Ask AT for a new one and upload it."
    ),
    "test_certificate": _lt(
        "AT's test certificate does not open the production service. Choose the "
        "certificate that AT issued to the producer of the software."
    ),
    "cipher_key": _lt("AT's public key is unreadable."),
    "cipher_key_expired": _lt(
        "AT's public key is not valid today. Upload the current one (Chave Cifra "
        "Pública AT) from AT's portal."
    ),
    "user": _lt(
        "AT does not know this sub-user. A sub-user is the tax number, a slash and the "
        "number that the portal assigned, for example 509987656/1."
    ),
    "suspended": _lt(
        "AT has suspended the sub-user after too many wrong passwords. Set a new "
        "password on AT's portal."
    ),
    "suspended_stored": _lt("Enter it here and check the connection again."),
    "password": _lt(
        "Either AT does not accept the sub-user or its password, or it has suspended "
        "the sub-user. AT does not say which."
    ),
    "wrong_password": _lt(
        "AT does not accept the sub-user %(user)s or its password. It has not "
        "suspended the sub-user."
    ),
    "wrong_password_entered": _lt(
        "AT does not accept the password that was entered for %(user)s, or does not "
        "know this sub-user. It has not suspended the sub-user."
    ),
    "password_advice": _lt(
        "Sign in on AT's portal with this sub-user and password to find the cause."
    ),
    "password_entered": _lt(
        "AT does not accept the password that was entered for %(user)s, does not know "
        "this sub-user, or has suspended it."
    ),
    "password_entered_advice": _lt(
        "Enter the password again with care: too many wrong passwords suspend the "
        "sub-user."
    ),
    "credentials": _lt(
        "The sub-user or the password has characters that cannot be sent to AT. Enter "
        "both again."
    ),
    "tries_left": _lt("Tries left: %(tries)s."),
    "permission": _lt(
        "The sub-user may not communicate series. Give it the operation WSE on AT's "
        "portal (WFA and WDT belong to other services)."
    ),
    "cipher": _lt(
        "AT cannot read the encrypted password: its public key may have changed. "
        "Upload the current key (Chave Cifra Pública AT)."
    ),
    "clock": _lt(
        "AT considers the message out of date. Check the clock of the server."
    ),
    "unknown_code": _lt(
        "AT could not identify the sub-user. If another check does not help, contact "
        "the team that maintains this addon."
    ),
    "tls_server": _lt(
        "The server that answered cannot prove that it is AT's. Check the certificate "
        "authorities that the operating system trusts, and the proxy."
    ),
    "tls_client": _lt(
        "AT does not accept the client certificate. Test and production need different "
        "certificates, and an expired certificate is refused."
    ),
    "proxy": _lt(
        "Something between Odoo and AT blocks the message. Check the proxy or firewall "
        "of the server."
    ),
    "refused": _lt(
        "AT refused access to this company. Check the sub-user and the certificates."
    ),
    "unavailable": _lt(
        "AT cannot be reached or is out of order. The settings seem to be correct; try "
        "later."
    ),
    "request_refused": _lt("AT refused the request."),
    # a series
    "identifier_used_up": _lt(
        "AT knows this series as annulled or finalised. Its identifier can never be "
        "used again. Choose another one."
    ),
    "different": _lt(
        "AT knows a series with this identifier, but with other data. These values "
        "differ: %(differences)s. Correct the series or choose another identifier."
    ),
    "already_numbered": _lt(
        "The journal has documents up to %(prefix)s%(number)s. Register the series "
        "from its next number on."
    ),
    "missing_value": _lt(
        "The request to AT about the series %(series)s lacks a value. Nothing was "
        "sent. Complete the series."
    ),
    "bad_request": _lt(
        "The request to AT about the series %(series)s has a value that AT does not "
        "allow. Nothing was sent. Correct the series."
    ),
    "no_code": _lt(
        "AT agreed, but its answer has no validation code for the series %(series)s. "
        "Try again: Odoo first asks AT for the result."
    ),
    "no_code_at_at": _lt(
        "AT knows the series %(series)s, but its answer has no valid code. Try again "
        "later, or look at the series on AT's portal."
    ),
    "different_answer": _lt(
        "AT confirmed other data than was sent for the series %(series)s. Try again: "
        "Odoo first asks AT for the result, and shows the differences."
    ),
    "other_series": _lt(
        "AT's answer is about another series than %(series)s. Try again: Odoo first "
        "asks AT for the result."
    ),
    "cut_answer": _lt(
        "Only a part of AT's answer about the series %(series)s arrived. Try again: "
        "Odoo first asks AT for the result."
    ),
    "unreadable_series": _lt(
        "AT's answer has a series that cannot be read, so it is not certain whether AT "
        "knows the series %(series)s. Try later, or look at it on AT's portal."
    ),
    "ambiguous": _lt(
        "AT's answer has several series with the identifier of %(series)s. Look at "
        "them on AT's portal."
    ),
    "registered_in_future": _lt(
        "The registration date %(day)s is in the future. Enter the date from AT's "
        "portal."
    ),
    "registered_too_early": _lt(
        "The registration date %(day)s is before 2021, when AT registered no series. "
        "Enter the date from AT's portal."
    ),
    "unknown_at_at": _lt("AT does not know the series %(series)s."),
    "different_code": _lt("AT gave another validation code to the series %(series)s."),
    "no_activity": _lt(
        "At AT the company has no open activity. Correct this on AT's portal, then "
        "register the series %(series)s."
    ),
    "series_refused": _lt("AT refused the series %(series)s."),
    "series_unconfirmed": _lt(
        "AT has not confirmed the series %(series)s, so it may or may not be "
        "registered. Try again: Odoo first asks AT for the result."
    ),
    "unreachable": _lt("AT cannot be reached. Nothing was changed there; try later."),
    "closing_refused": _lt("AT did not close the series %(series)s."),
    "closing_unconfirmed": _lt(
        "AT has not confirmed that the series %(series)s is closed. No document can be "
        "posted in it. Try again: Odoo first asks AT for the result."
    ),
    "has_documents": _lt(
        "The series %(series)s has documents, so it cannot be annulled. Finalise it."
    ),
    "annulment_period_over": _lt(
        "AT allows a series to be annulled on the day of its registration and on the "
        "next day. For the series %(series)s this period ended on %(day)s. Archive the "
        "series, so that it is no longer proposed."
    ),
    "no_documents": _lt(
        "The series %(series)s has no documents. A series without documents cannot be "
        "finalised. Annul or archive it."
    ),
    "last_number_changed": _lt(
        "A document was issued in the meantime: the last number of the series is "
        "%(number)s. Check it and finalise again."
    ),
    "last_number_missing": _lt(
        "The documents of the series %(series)s are not issued in Odoo. Enter the last "
        "number that was issued, at least %(number)s. If no document was issued, annul "
        "or archive the series."
    ),
    "single_document": _lt(
        "AT does not finalise a series whose last number is also its first one. "
        "Archive the series %(series)s, so that it is no longer proposed, or issue "
        "another document in it."
    ),
    # an identifier that another series has
    "taken_hidden": _lt(
        "This taxpayer already has a series with this identifier for this document "
        "type, in a company that you cannot access. AT never allows an identifier to "
        "be used again. Choose another one."
    ),
    "taken_draft": _lt(
        "The series %(series)s of %(company)s already exists and is still to be "
        "registered. Open it, or choose another identifier."
    ),
    "taken_annulled": _lt(
        "The series %(series)s of %(company)s was annulled. AT never allows its "
        "identifier to be used again, in upper or lower case. Choose another one."
    ),
    "taken_finalised": _lt(
        "The series %(series)s of %(company)s was finalised. AT never allows its "
        "identifier to be used again, in upper or lower case. Choose another one."
    ),
    "taken_in_use": _lt(
        "The series %(series)s of %(company)s is in use. AT ignores upper and lower "
        "case and allows each identifier only once. Choose another one."
    ),
    "taken_archived": _lt("It is archived: use the filter “Archived” to find it."),
}


@internal
class L10nPtAtcudMessages(models.AbstractModel):
    """Turns errors of AT and problems of ours into translated text. Commits nothing."""

    _name = "l10n_pt_atcud.messages"
    _description = "AT: texts of errors"

    # === PUBLIC === #

    @api.model
    def explain(self, error, connection, series=None):
        """Return what happened and what to do, with AT's own message quoted.

        :param error: a ``SeriesError`` or a ``SeriesProblem``
        :param connection: the connection that was used, or an empty one
        :param series: the series that it is about, if it is about one
        """
        key = self._key(error, series)
        if key == "password":
            text = self._password_text(error, connection)
        else:
            text = self._text(key, error, series)
        return text + self._quote(error)

    @api.model
    def explain_taken(self, series):
        """Return why ``series`` keeps its identifier from being used by another one."""
        if not series.has_access("read"):
            return self._text("taken_hidden")
        state = series.state
        if state not in ("draft", "annulled", "finalised"):
            state = "in_use"
        company = series.company_id.sudo().display_name
        text = self._text(f"taken_{state}", series=series, company=company)
        if not series.active:
            text += " " + self._text("taken_archived")
        return text

    @api.model
    def is_about_password(self, error):
        """Return whether AT refused the password, as far as its code tells."""
        return isinstance(error, SetupError) and self._code_key(error) == "password"

    @api.model
    def contact_for_series(self, company):
        """Return whom to contact about series, for users who may not change them."""
        names = self._names(company, "account.group_account_manager")
        if not names:
            return self.env._("Ask an accounting administrator.")
        return self.env._("Ask an accounting administrator: %s.", names)

    @api.model
    def contact_for_settings(self, company):
        """Return whom to contact about the connection, for users without settings."""
        names = self._names(company, "base.group_system")
        if not names:
            return self.env._("Ask an administrator to check the AT settings.")
        return self.env._("Ask an administrator to check the AT settings: %s.", names)

    # === HELPERS === #

    def _key(self, error, series):
        """Return the key of the text for an error."""
        if isinstance(error, SeriesProblem):
            return self._code_key(error) if error.kind == "refused" else error.kind
        if isinstance(error, SetupError):
            return self._code_key(error)
        if series:
            return self._series_key(error, series)
        if isinstance(error, TemporaryError):
            return "unavailable"
        return "request_refused"

    def _code_key(self, error):
        """Return the key for AT's refusal of the connection."""
        code = _code(error)
        for pattern, key in _KEYS.items():
            if fnmatchcase(code, pattern):
                return key
        return code if code in _TEXTS else "refused"

    def _series_key(self, error, series):
        """Return the key for AT's answer about a series in its present state."""
        if error.code in _SERIES_KEYS:
            return _SERIES_KEYS[error.code]
        is_closing = series.state == "closing"
        if isinstance(error, RejectedError):
            return "closing_refused" if is_closing else "series_refused"
        if isinstance(error, UnknownOutcomeError) and is_closing:
            return "closing_unconfirmed"
        if isinstance(error, UnknownOutcomeError) or series.state == "pending":
            return "series_unconfirmed"
        return "unreachable"

    def _text(self, key, error=None, series=None, **values):
        if isinstance(error, SeriesProblem):
            values.update(error.data)
        if series:
            values["series"] = series.display_name
            values["prefix"] = series._number_prefix()
        text = self.env._(_TEXTS[key])
        return text % values

    def _password_text(self, error, connection):
        """Return what the refusal of a password means: the cause, then the tries.

        Where AT's answer leaves open whether the password is wrong or the sub-user is
        suspended, the text names both.
        """
        tries = _refusal(error).get("tries_left")
        is_prompted = connection.password_mode == "prompted"
        advice = "password_entered_advice" if is_prompted else "password_advice"
        access = access_problem(_code(error), tries)
        if access == SUSPENDED or tries == 0:
            parts = ["suspended"] if is_prompted else ["suspended", "suspended_stored"]
        elif access == WRONG_PASSWORD:
            cause = "wrong_password_entered" if is_prompted else "wrong_password"
            parts = [cause, "tries_left", advice]
        else:
            cause = "password_entered" if is_prompted else "password"
            left = [] if tries is None else ["tries_left"]
            parts = [cause, *left, advice]
        user = connection._effective_username()
        return " ".join(self._text(part, user=user, tries=tries) for part in parts)

    def _quote(self, error):
        """Return the message of the other side on a line of its own, or ``""``.

        A message that comes from this side is not shown as an answer.
        """
        code = _code(error)
        message = _refusal(error).get("message")
        if not message:
            return ""
        values = {"message": message, "code": code}
        if any(fnmatchcase(code, pattern) for pattern in _LOCAL):
            return "\n" + self.env._("Details: “%(message)s” (%(code)s)", **values)
        return "\n" + self.env._("Answer: “%(message)s” (%(code)s)", **values)

    def _names(self, company, group):
        """Return the names of some users who have ``group`` in the company, or ``""``.

        :param group: external id
        """
        users = self.env["res.users"].sudo()
        found = users.search(
            [
                ("all_group_ids", "in", self.env.ref(group).ids),
                ("company_ids", "in", company.ids),
                ("share", "=", False),
            ],
            order="id",
            limit=_MOST_CONTACTS,
        )
        return ", ".join(found.mapped("name"))


def _refusal(error):
    """Return message and tries left, of an error or of a refusal that was stored."""
    if isinstance(error, SeriesProblem):
        return error.data
    tries_left = getattr(error, "tries_left", None)
    return {"message": error.message, "tries_left": tries_left}


def _code(error):
    if isinstance(error, SeriesProblem):
        return error.data.get("code") or error.kind
    return error.code or ""
