"""Who holds the key: the one place of the addon that knows keys and signers.

Another producer's addon extends ``sign`` and ``problem`` for a method of its own: it
adds the method to the selection of ``l10n_pt_atcud.signing``.
"""

import base64
import ssl
from functools import lru_cache
from urllib.parse import urlsplit

from odoo import api, models

from ..at_series import (
    Head,
    SignerClient,
    check_follows,
    client_context,
    load_signing_key,
    load_verification_key,
    open_session,
    sign_batch,
)
from ..at_series.transport import Limits
from ..guards import internal

_SECONDS = 10  # a document waits no longer for its signature


@internal
class L10nPtAtcudSignatureProvider(models.AbstractModel):
    """Commits nothing. Reads secrets, and shows them to nobody."""

    _name = "l10n_pt_atcud.signature_provider"
    _description = "AT: provider of signatures"

    # === PUBLIC === #

    @api.model
    def sign(self, signing, batch):
        """Return the signatures of a batch, in its order, and the version of the key.

        They are verified by the caller before anything is stored.

        :param signing: the taxpayer's l10n_pt_atcud.signing, with ``sudo``
        :param batch: :class:`~..at_series.Batch` of one series
        :raise SigningError: the key or a value is none that the law allows
        :raise SeriesError: the signer refuses, or does not answer
        """
        if signing.method == "remote":
            return self._signer(signing).sign(batch)
        key = self._local_key(signing)
        heartbeat = self.env["l10n_pt_atcud.heartbeat"]
        check_follows(batch, heartbeat.last(batch.nif, batch.series))
        signatures = sign_batch(_private(key.private_key or ""), batch)
        last = batch.first_number + len(signatures) - 1
        heartbeat.note(batch.nif, Head(batch.series, last, signatures[-1]))
        return signatures, key.version

    @api.model
    def public_keys(self, signing):
        """Return the public keys by the text of their version; they stay for ever."""
        return {
            str(key.version): _public(key.public_key) for key in signing.sudo().key_ids
        }

    @api.model
    def lost_heads(self, signing, heads):
        """Return the last documents that a witness knows and the database has lost.

        :param heads: list of :class:`~..at_series.Head`, what the database has
        :raise SeriesError: the signer does not answer
        """
        if signing.method != "remote":
            return self.env["l10n_pt_atcud.heartbeat"].compare(signing, heads)
        company = signing.company_id
        return self._signer(signing).compare(
            company._l10n_pt_atcud_certificate_number(),
            company._l10n_pt_atcud_nif(),
            heads,
        )

    @api.model
    def problem(self, signing):
        """Return why nothing can be signed, as a message, or ``None``."""
        if signing.method == "remote" and not signing.address:
            return self.env._("Enter the address of the signer.")
        if signing.method == "remote" and not (
            signing.token or signing.client_certificate_id
        ):
            return self.env._(
                "Enter the token for the signer, or the certificate that it wants."
            )
        if signing.method == "remote" and not signing._own_keys():
            return self.env._(
                "Enter the public key of the signer: each signature is verified."
            )
        if signing.method == "local" and not self._local_key(signing):
            return self.env._("Enter the key of the producer.")
        return None

    @api.model
    def is_address(self, address):
        """Return whether a signer can be called there: HTTPS, and no path."""
        parts = urlsplit(address)
        return bool(
            parts.scheme == "https"
            and parts.hostname
            and not parts.username
            and parts.path in ("", "/")
            and not parts.query
        )

    # === HELPERS === #

    def _local_key(self, signing):
        """Return the newest key whose private half is here, or none.

        What was made in Demo signs nothing elsewhere.
        """
        is_demo = signing._environment() == "demo"
        keys = signing.key_ids if is_demo else signing._own_keys()
        return keys.filtered("private_key").sorted("version", reverse=True)[:1]

    def _signer(self, signing):
        """Return a client of the producer's signer."""
        session = open_session(
            signing.address,
            ssl_context=self._tls_context(signing),
            read_seconds=_SECONDS,
            limits=Limits(seconds=_SECONDS),
        )
        return SignerClient(session, signing.address, signing.token or "")

    def _tls_context(self, signing):
        certificate = signing.client_certificate_id
        if not certificate:
            return _trusting(signing.authority) if signing.authority else None
        key = certificate.private_key_id
        return client_context(
            base64.b64decode(certificate.pem_certificate or b""),
            base64.b64decode(key.pem_key or b""),
            password=key.password or None,
            authority=signing.authority or None,
        )


# Loading a key takes many times as long as signing with it.
@lru_cache(maxsize=16)
def _private(pem):
    return load_signing_key(pem.encode())


@lru_cache(maxsize=64)
def _public(pem):
    return load_verification_key(pem.encode())


def _trusting(authority):
    return ssl.create_default_context(cadata=authority)
