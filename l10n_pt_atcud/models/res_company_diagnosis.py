"""What stands between a company and AT, in words that say what to do."""

from odoo import models
from odoo.exceptions import RedirectWarning, UserError

from ..at_series import SetupError, TemporaryError

# What AT's codes mean: e-Fatura manual, section 2.2.4 (1 to 99); generic manual of
# self-billing series, section 4.1.2 (four digits, told apart by the first two).
_MEANINGS = {
    **dict.fromkeys(("1", "2", "3", "4", "5"), "user"),
    **dict.fromkeys(("6", "13", "99"), "password"),
    **dict.fromkeys(("7", "8", "11", "16", "17", "18", "20"), "cipher"),
    **dict.fromkeys(("9", "10", "19"), "clock"),
}
# Codes of ours, whose words are those of the operating system or of a library.
_SAID_HERE = (
    *("no_connection", "no_answer", "bad_answer", "bad_address", "simulator_url"),
    *("tls_", "client_certificate", "cipher_key"),
)
_RANGES = {"11": "password", "12": "permission"}


class ResCompany(models.Model):
    _inherit = "res.company"

    # Business

    def _l10n_pt_atcud_explain(self, error):
        """Return what is wrong with the connection, AT's own words quoted."""
        text = self._l10n_pt_atcud_words(error)
        return text + self._l10n_pt_atcud_quote(error)

    def _l10n_pt_atcud_quote(self, error):
        """Return the words of the other side on a line of their own, or ``""``.

        What was said on this side of the line is not taken for an answer.
        """
        if not error.message:
            return ""
        words = {"words": error.message, "code": error.code}
        if (error.code or "").startswith(_SAID_HERE):
            return "\n" + self.env._("Details: “%(words)s” (%(code)s)", **words)
        return "\n" + self.env._("Answer: “%(words)s” (%(code)s)", **words)

    def _l10n_pt_atcud_words(self, error):
        """Return what is wrong with the connection and what to do about it."""
        code = error.code or ""
        if isinstance(error, TemporaryError):
            return self.env._(
                "AT cannot be reached, or is out of order. Nothing is wrong with the "
                "settings as far as one can tell; try later."
            )
        if not isinstance(error, SetupError):
            return self.env._("AT refused the question.")
        if code.isdecimal():
            return self._l10n_pt_atcud_at_words(error)
        if code.startswith("tls_"):
            return self._l10n_pt_atcud_tls_words(code)
        if code.startswith("http_"):
            return self.env._(
                "Something between Odoo and AT does not let the message through: check "
                "the proxy or firewall of the server."
            )
        return self._l10n_pt_atcud_own_words(code) or self.env._(
            "AT did not let this company in. Check the sub-user and the certificates."
        )

    def _l10n_pt_atcud_raise_for(self, error):
        """Raise what leads an administrator to the settings, and others to him."""
        text = self._l10n_pt_atcud_explain(error)
        if not isinstance(error, SetupError):
            raise UserError(text)
        if not self.env.user.has_group("base.group_system"):
            text += "\n" + self._l10n_pt_atcud_ask_for_settings()
            raise UserError(text)
        settings = self.env.ref("account.action_account_config")
        raise RedirectWarning(text, settings.id, self.env._("Open the AT settings"))

    # Private functions

    def _l10n_pt_atcud_at_words(self, error):
        """Return the words for a number that AT answered with."""
        meaning = _meaning(error)
        if meaning == "password":
            return self._l10n_pt_atcud_password_words(error)
        if meaning == "permission":
            return self.env._(
                "The sub-user may not communicate series: give it the operation WSE "
                "on AT's portal (WFA and WDT belong to other services)."
            )
        if meaning == "user":
            return self.env._(
                "AT does not know such a sub-user. It is the tax number, a slash and "
                "the number that the portal gave it, for example 509987656/1."
            )
        if meaning == "cipher":
            return self.env._(
                "AT cannot read the encrypted password: its public key may have "
                "changed. Upload the current key (Chave Cifra Pública AT)."
            )
        if meaning == "clock":
            return self.env._(
                "AT finds the message out of date: check the clock of the server."
            )
        return self.env._(
            "AT could not make out who is speaking. If checking again does not help, "
            "this is a matter for whoever maintains this addon."
        )

    def _l10n_pt_atcud_tls_words(self, code):
        if "verify" in code:
            return self.env._(
                "The server that answered cannot prove that it is AT's. Check the "
                "authorities that the operating system trusts, and the proxy."
            )
        return self.env._(
            "AT does not accept the client certificate. Test and production have each "
            "its own; it must not have expired."
        )

    def _l10n_pt_atcud_own_words(self, code):
        """Return the words for what was found here, before AT was asked."""
        return {
            "no_nif": self.env._("The company has no valid Portuguese tax number."),
            "not_configured": self.env._(
                "The connection to AT is not set up: sub-user, password, client "
                "certificate and AT's public key are needed."
            ),
            "password_asked": self.env._(
                "AT is asked only with the password that somebody enters each time, "
                "and nobody has entered it."
            ),
            "bad_address": self.env._(
                "The address of the simulator is no address: see the system parameter "
                "l10n_pt_atcud.simulator_url."
            ),
            "simulator_url": self.env._(
                "In Demo the simulator must be on this machine: see the system "
                "parameter l10n_pt_atcud.simulator_url."
            ),
            "other_taxpayer": self.env._(
                "The sub-user belongs to another taxpayer than the company."
            ),
            "client_certificate": self.env._(
                "The client certificate or its key is unreadable."
            ),
            "client_certificate_expired": self.env._(
                "The client certificate is not valid today. Ask AT for a new one, and "
                "upload it."
            ),
            "test_certificate": self.env._(
                "AT's test certificate does not open the production service. Choose "
                "the certificate that AT issued to the producer of the software."
            ),
            "cipher_key": self.env._("AT's public key is unreadable."),
            "cipher_key_expired": self.env._(
                "AT's public key is not valid today. Upload the current one (Chave "
                "Cifra Pública AT) from AT's portal."
            ),
        }.get(code)


def _meaning(error):
    """Return what a number of AT's is about, or ``None``."""
    code = error.code or ""
    return _RANGES.get(code[:2]) if len(code) == 4 else _MEANINGS.get(code)


def is_about_password(error):
    """Tell whether AT refused the password, as far as it says what it refuses."""
    return isinstance(error, SetupError) and _meaning(error) == "password"
