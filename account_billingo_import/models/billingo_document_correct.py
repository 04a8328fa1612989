from decimal import Decimal

from odoo import fields, models

from .problem import DocumentProblem


class BillingoDocument(models.Model):
    """What a person corrects before a document is booked; amounts stay Billingo's."""

    _inherit = "billingo.document"

    # {"date": "2026-03-01", "lines": {"0": {"tax_id": 5, "account_id": 7}}}: lines by
    # their place in the document. Whoever wrote it is told in the entry.
    corrections = fields.Json(readonly=True, copy=False)

    def action_correct(self):
        """Correct partner, date, taxes and accounts, and process."""
        self.ensure_one()
        self._check_bookkeeper()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Process with corrections"),
            "res_model": "billingo.correct",
            "views": [[False, "form"]],
            "target": "new",
            "context": {"default_document_id": self.id},
        }

    def _correct_remedy(self):
        return {
            "action_text": self.env._("Correct and process"),
            "action": self.action_correct(),
        }

    def _corrected_date(self):
        return fields.Date.to_date((self.corrections or {}).get("date"))

    def _line_correction(self, line, booking):
        """Return the tax and the account that a person chose for a line, if any."""
        place = next(i for i, other in enumerate(booking.lines) if other is line)
        fix = (self.corrections or {}).get("lines", {}).get(str(place), {})
        chosen = {
            "tax": self.env["account.tax"].browse(fix.get("tax_id")),
            "account": self.env["account.account"].browse(fix.get("account_id")),
        }
        return {name: record for name, record in chosen.items() if record}

    def _check_tax(self, line, tax):
        """Refuse a tax that cannot have made the line's VAT.

        The amounts would be Billingo's all the same, under a wrong heading of the
        VAT return. A rounding or two per line is none of our business.
        """
        if tax.amount_type != "percent" or not line.vat:
            return
        expected = line.net * Decimal(str(tax.amount)) / 100
        slack = 3 * Decimal(str(max(self.currency_id.rounding, 0.01)))
        slack += 3 * (self.currency_id.name == "HUF") + abs(line.net) / 50
        if not tax.amount or abs(expected - line.vat) > slack:
            raise DocumentProblem(
                "tax",
                self.env._(
                    "%(line)s: the tax %(tax)s does not fit. Billingo has %(vat)s VAT "
                    "on %(net)s net. Map another tax to the VAT code %(code)s, or "
                    "correct the document.",
                    line=line.name,
                    tax=tax.name,
                    vat=line.vat,
                    net=line.net,
                    code=line.vat_code or "?",
                ),
                unfit_tax_id=tax.id,
            )

    def _tell_corrections(self, move):
        """Write into the entry what a person corrected."""
        if not self.corrections:
            return
        told = [self.env._("Processed with corrections by a user:")]
        if date := self._corrected_date():
            told.append(self.env._("Accounting date: %s", date))
        for place, fix in sorted(self.corrections.get("lines", {}).items()):
            tax = self.env["account.tax"].browse(fix.get("tax_id"))
            account = self.env["account.account"].browse(fix.get("account_id"))
            chosen = ", ".join(filter(None, (tax.name, account.display_name)))
            told.append(
                self.env._(
                    "Line %(number)s: %(chosen)s", number=int(place) + 1, chosen=chosen
                )
            )
        move.message_post(body="\n".join(told))

    def _drop_corrections(self):
        """Forget what was chosen for lines that Billingo has changed since."""
        self.corrections = False
