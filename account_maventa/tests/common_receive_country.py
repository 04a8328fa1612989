"""Companies of other countries than Finland receive, with the charts of these."""

from decimal import Decimal

from ..maventa_api.simulator.samples import DraftRow
from .common_receive import MaventaReceiveCommon

FORMATS = ("FINVOICE30", "PEPPOLBIS30")


def row(rate, code="S", net="100.00", **values):
    """Return a row of a document."""
    return DraftRow("Row", Decimal(net), Decimal(rate), code, **values)


class ReceiveCountryCommon(MaventaReceiveCommon):
    """``BUYER``: the receiving company, of a country with its chart in the template."""

    BUYER = None

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        buyer = cls.BUYER
        company = cls._ready_company(buyer.country).with_context(active_test=True)
        company.write(
            {
                "name": buyer.name,
                "active": True,
                "vat": buyer.vat,
                "company_registry": buyer.bid,
            }
        )
        cls.env.user.company_ids |= company
        cls.company = company
        cls.remote = cls._connect(company)
        cls.journal = cls.env["account.journal"].search(
            [("type", "=", "purchase"), ("company_id", "=", company.id)], limit=1
        )
        company.maventa_account_id.write(
            {
                "receives": True,
                "receive_since": "2020-01-01",
                "receive_journal_id": cls.journal.id,
            }
        )
        cls._ensure_rates()
        cls.number = 0

    def _bill(self, key, *rows, **values):
        """Return the receipt of a document with these rows."""
        type(self).number += 1
        values = {"buyer": self.BUYER, "number": f"C-{self.number}", **values}
        currency = self.company.currency_id.name
        values = {"rows": rows, "currency": currency, "reference": "", **values}
        values.setdefault("allowed", ())
        values.setdefault("paid", Decimal(0))
        return self._receive(self._changed(key, **values))

    def _names(self, receipt):
        return receipt.move_id.invoice_line_ids.tax_ids.mapped("name")

    def _owed(self, receipt):
        """Return the balances of the tax lines, the smallest first."""
        lines = receipt.move_id.line_ids.filtered("tax_line_id")
        return sorted(lines.mapped("balance"))
