"""Test kit: the company signs, with a fresh key or by a signer in this process."""

from unittest.mock import patch

from ..at_series import (
    SignedDocument,
    SignerClient,
    load_signing_key,
    new_signing_key,
    open_session,
    verify_chain,
)
from ..at_series.simulation import MemoryStore
from ..at_series.simulator import Signer
from .common import ORIGIN, AtcudCommon

NUMBER = "0042"
TOKEN = "s3gredo"
PEM = new_signing_key().decode()
OTHER_PEM = new_signing_key().decode()


class SigningCommon(AtcudCommon):
    """``series`` is registered for invoices; ``signing`` is on, with a local key."""

    def setUp(self):
        super().setUp()
        self.partner_a.sudo().write(
            {
                "vat": "PT599999993",
                "country_id": self.env.ref("base.pt").id,
                "street": "Rua do Ouro 1",
                "zip": "1100-060",
                "city": "Lisboa",
            }
        )
        self.series = self.registered_series()
        self.signing = self.new_signing()
        self.enter_key(PEM)
        self.signing.action_switch_on()

    def new_signing(self, **values):
        company = self.company.sudo()
        company.l10n_pt_atcud_software_number = NUMBER
        company.l10n_pt_atcud_producer = "Olaria de Software Lda"
        signing = self.env["l10n_pt_atcud.signing"].sudo()
        return signing.create(
            {
                "company_id": self.company.id,
                "producer_vat": "PT502757191",
                "producer_address": "Rua da Prata 7, 1100-414 Lisboa",
                "method": "local",
                **values,
            }
        )

    def enter_key(self, pem, version=1, **values):
        return self.signing.key_ids.create(
            {
                "signing_id": self.signing.id,
                "version": version,
                "entered_private_key": pem,
                **values,
            }
        )

    def issued(self, number=1, **values):
        """Return ``number`` documents that were posted together."""
        moves = self.env["account.move"]
        for _document in range(number):
            moves |= self.draft(**values)
        moves.action_post()
        return moves

    def credit_note(self, invoice, **values):
        """Return a draft that corrects a whole invoice."""
        return invoice._reverse_moves(
            [{"date": invoice.date, "l10n_pt_atcud_reason": "Devolução", **values}]
        )

    def breaks(self, moves):
        """Return the breaks of a chain by its public keys."""
        keys = self.env["l10n_pt_atcud.signature_provider"].public_keys(self.signing)
        documents = [
            SignedDocument(
                number=move.name,
                date=str(move.invoice_date),
                entry=move.l10n_pt_atcud_signed["entry"],
                gross_total=move.l10n_pt_atcud_signed["gross_total"],
                signature=move.l10n_pt_atcud_hash,
                hash_control=move.l10n_pt_atcud_hash_control,
            )
            for move in moves
        ]
        return list(verify_chain(documents, keys))


class RemoteSigning(SigningCommon):
    """The same with ``signer``, the producer's service; its key is not here.

    ``is_stubbed``: it answers in this process, without a network.
    """

    is_stubbed = True

    def setUp(self):
        super().setUp()
        self.signer = Signer(
            MemoryStore(),
            load_signing_key(PEM.encode()),
            certificate=NUMBER,
            token=TOKEN,
        )
        self.signing.write({"method": "remote", "address": ORIGIN, "token": TOKEN})
        self.signing.key_ids.action_remove_private_key()
        if self.is_stubbed:
            self.stub_signer()

    def stub_signer(self):
        provider = type(self.env["l10n_pt_atcud.signature_provider"])
        client = patch.object(
            provider,
            "_signer",
            lambda _provider, signing: SignerClient(
                open_session(ORIGIN, simulator=self.signer), ORIGIN, signing.token
            ),
        )
        client.start()
        self.addCleanup(client.stop)
