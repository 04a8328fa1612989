"""Received invoices for tests: the simulator's samples, and shortcuts."""

from dataclasses import replace
from datetime import date
from functools import cache
from zlib import crc32

from ..maventa_api.simulator.samples import sample_of, samples
from ..maventa_api.simulator.samples.catalogue import reference
from ..maventa_api.simulator.samples.parties import BUYER
from .common import MaventaCommon

TODAY = date(2026, 3, 20)


@cache
def all_samples():
    """Return the samples by key; they are addressed to the company of the tests."""
    return {sample.key: sample for sample in samples(today=TODAY)}


class MaventaReceiveCommon(MaventaCommon):
    """A company that receives, and what arrives for it.

    ``journal``: the purchase journal of the bills.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.name = BUYER.name
        cls.journal = cls.company_data["default_journal_purchase"]
        cls.journal.maventa_responsible_id = cls.env.user
        cls.company.maventa_account_id.write(
            {
                "receives": True,
                "receive_since": "2020-01-01",
                "receive_journal_id": cls.journal.id,
            }
        )

    def setUp(self):
        super().setUp()
        with self.simulator.store as state:
            for key in [key for key in state if key.startswith("inbound")]:
                del state[key]

    def _arrive(self, *keys, **options):
        """Let samples arrive at the company; return their ids at Maventa."""
        return [
            self.simulator.receive(
                self.remote.company_uuid, self._sample(key), **options
            )
            for key in keys
        ]

    def _sample(self, key):
        """Return a sample by its key; samples of a test itself stay as they are."""
        return all_samples()[key] if isinstance(key, str) else key

    def _changed(self, key, **values):
        """Return a sample whose draft has other values.

        Another number has another reference, as senders make them.
        """
        if all_samples()[key].draft.reference and "number" in values:
            digits = str(crc32(values["number"].encode()) % 10**9 + 1000)
            values.setdefault("reference", reference(digits))
        return sample_of(replace(all_samples()[key].draft, **values))

    def _fetch(self):
        self._run_cron("receive")
        return self._receipts()

    def _receipts(self):
        domain = [("company_id", "=", self.company.id)]
        return self.env["maventa.receipt"].sudo().search(domain, order="id")

    def _receive(self, key, **options):
        """Let one document arrive, fetch it, and return its receipt."""
        [remote_id] = self._arrive(key, **options)
        receipts = self._fetch().filtered(lambda row: row.remote_id == remote_id)
        return receipts.sorted("document_index")[:1]

    def _codes(self, receipt):
        """Return the codes of the points that somebody has to decide."""
        return {row["code"] for row in receipt._stops()}

    def _supplier(self, key, trusted=True, iban="", **values):
        """Return a known supplier of a sample, with its account.

        :param iban: another account than the sample's; None for none
        """
        seller = self._sample(key).draft.seller
        partner = self.env["res.partner"].create(
            {
                "name": seller.name,
                "is_company": True,
                "vat": seller.vat,
                "company_registry": seller.bid,
                "country_id": self.env["res.country"]
                .search([("code", "=", seller.country)])
                .id,
                **values,
            }
        )
        if iban is not None:
            self.env["res.partner.bank"].create(
                {
                    "acc_number": iban or seller.iban,
                    "partner_id": partner.id,
                    "allow_out_payment": trusted,
                }
            )
        return partner
