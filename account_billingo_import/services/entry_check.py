"""Whether an entry still says what Billingo's document says.

That is its type, partner, number and currency, its amounts, VAT and dates.

What is imported is stated on the entry once. A user may change a draft; what then
differs is shown above the entry, and is not posted without a yes.
"""

from collections import defaultdict
from decimal import Decimal

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from ..guards import internal
from ..remote_text import as_html

DATES = ("invoice_date", "delivery_date", "date", "invoice_date_due")


@internal
class BillingoEntryCheck(models.AbstractModel):
    _name = "billingo.entry.check"
    _description = "Comparison of entries with Billingo"

    # === PUBLIC === #

    def _stated(self, plan, values):
        """Return what is imported, for the comparison when a person posts.

        :param plan: a ``move_builder.Plan``
        :param values: of the entry
        :return: net, vat and gross, net and vat in forint; the VAT of each rate
            (``rates``) and the net of each tax (``taxes``), in both currencies; the
            dates; type, partner, number and currency (``document``)
        """
        booking = plan.booking
        return {
            "net": float(booking.net + booking.difference),
            "vat": float(booking.vat),
            "gross": float(booking.gross),
            "local_net": float(booking.local_net + booking.local_difference),
            "local_vat": float(booking.local_vat),
            "rates": self._vat_by_rate(plan),
            "taxes": self._net_by_tax(plan),
            "dates": {name: fields.Date.to_string(values[name]) for name in DATES},
            "document": {name: values[name] for name in self._document_fields(plan)},
        }

    def _document_fields(self, plan):
        """Return the fields that say which document of whom an entry is."""
        number = "name" if plan.document.mode == "customer" else "ref"
        return ("move_type", "partner_id", number, "currency_id")

    def _differences(self, move):
        """Return what differs from what was imported, as texts by topic.

        :return: of ``document``, ``amounts``, ``regime`` and ``dates`` those that
            differ
        """
        found = {}
        if not move.billingo_amounts:
            return found
        if text := self._document_text(move):
            found["document"] = text
        if self._amounts_differ(move) or self._rates_differ(move):
            found["amounts"] = self._amounts_text(move)
        if text := self._regime_text(move, "amounts" in found):
            found["regime"] = text
        if text := self._dates_text(move):
            found["dates"] = text
        return found

    def _check(self, move):
        """Refuse to post what differs, or note that a user wants it so.

        :raise UserError: it differs, and nobody has agreed; or its VAT is not due
        """
        self._check_due(move)
        self._check_confirmed(move)
        texts = self._differences(move)
        if not texts:
            return
        lines = "\n".join(texts.values())
        if move.is_billingo_difference_accepted:
            note = self.env._("Posted although it differs from Billingo's document:")
            move.message_post(body=as_html(f"{note}\n{lines}"))
            return
        raise UserError(
            self.env._(
                "This entry differs from Billingo's document.\n%(differences)s\n"
                'Press "Restore Billingo\'s data" above the entry, or select "Post '
                'although it differs from Billingo".',
                differences=lines,
            )
        )

    def _check_confirmed(self, move):
        """Refuse an invoice of ours that nobody but a file knows.

        :raise UserError: no administrator has agreed to it
        """
        if not move.sudo().billingo_document_id._is_unconfirmed():
            return
        is_manager = self.env.user.has_group("account.group_account_manager")
        if is_manager and move.is_billingo_difference_accepted:
            note = self.env._("Posted although Billingo has not confirmed the file.")
            move.message_post(body=as_html(note))
            return
        raise UserError(
            self.env._(
                "%s came as a file, and Billingo has not confirmed it: NAV may not "
                "know it. Read it again from Billingo. Without an answer, an "
                'accounting administrator can select "Post although it differs from '
                'Billingo" and post it.',
                move.display_name,
            )
        )

    def _check_due(self, move):
        """Refuse VAT on both sides before it is due, whatever a user has agreed to.

        :raise UserError: on an advance, or before the fulfilment
        """
        document = move.sudo().billingo_document_id
        fulfilled = document.fulfillment_date
        is_early = bool(fulfilled) and move.date < fulfilled
        taxes = move.invoice_line_ids.tax_ids.sudo()
        if not (is_early or document.kind == "advance"):
            return
        if not any(taxes.mapped("has_negative_factor")):
            return
        reason = self.env["billingo.vat.regime"]._why_not_due(document, move.date)
        if reason:
            raise UserError(
                self.env._(
                    "%(entry)s: %(reason)s Enter the accounting date on which it is "
                    "due, or choose a tax without VAT.",
                    entry=document.display_name,
                    reason=reason,
                )
            )

    # === WHAT IS STATED === #

    def _vat_by_rate(self, plan):
        """Return the VAT that Billingo charges at each rate, also in forint.

        None where a tax consists of others: these have rates of their own.
        """
        if any(tax.amount_type != "percent" for tax in plan.decision.taxes):
            return None
        return self._sums(
            (str(tax.amount), line.vat, line.local_vat)
            for line, tax in self._lines(plan)
            if line.vat or line.local_vat
        )

    def _net_by_tax(self, plan):
        """Return the net that is booked with each tax (by id), also in forint."""
        rows = [
            (str(tax.id), line.net, line.local_net) for line, tax in self._lines(plan)
        ]
        booking = plan.booking
        if booking.difference:
            rows.append(("", booking.difference, booking.local_difference))
        return self._sums(rows)

    def _lines(self, plan):
        return zip(plan.booking.lines, plan.decision.taxes, strict=True)

    def _sums(self, rows):
        sums = defaultdict(lambda: [Decimal(0), Decimal(0)])
        for key, amount, local_amount in rows:
            sums[key][0] += amount
            sums[key][1] += local_amount
        return {key: [float(x) for x in found] for key, found in sums.items()}

    # === DOCUMENT === #

    def _document_text(self, move):
        """Return what differs of type, partner, number and currency, or nothing."""
        stated = move.billingo_amounts.get("document") or {}
        rows = [self._document_row(move, name, stated[name]) for name in stated]
        return "\n".join(filter(None, rows))

    def _document_row(self, move, name, stated):
        """Return how one field differs; a contact of the same company does not."""
        field, now = move._fields[name], move.sudo()[name]
        if field.type == "many2one":
            wanted = self.env[field.comodel_name].sudo().browse(stated or ()).exists()
            if not wanted:
                return None
            if name == "partner_id":
                is_same = wanted.commercial_partner_id == now.commercial_partner_id
            else:
                is_same = wanted == now
            texts = wanted.display_name, now.display_name
        else:
            is_same = (stated or False) == (now or False)
            labels = {}
            if field.type == "selection":
                labels = dict(field._description_selection(self.env))
            texts = labels.get(stated, stated), labels.get(now, now)
        return None if is_same else self._difference(move, name, *texts)

    def _difference(self, move, name, stated, entry):
        return self.env._(
            "%(name)s: imported as %(stated)s, now %(entry)s.",
            name=move._fields[name]._description_string(self.env),
            stated=stated or "-",
            entry=entry or "-",
        )

    # === AMOUNTS === #

    def _amounts_differ(self, move):
        stated, sign = move.billingo_amounts, move.direction_sign
        forint, own = move.company_currency_id, move.currency_id
        products = move.line_ids.filtered(lambda x: x.display_type == "product")
        return bool(
            own.compare_amounts(move.amount_total, stated["gross"])
            or own.compare_amounts(move.amount_tax, stated["vat"])
            or forint.compare_amounts(
                -sign * move.amount_tax_signed, stated["local_vat"]
            )
            or forint.compare_amounts(
                sign * sum(products.mapped("balance")), stated["local_net"]
            )
        )

    def _rates_differ(self, move):
        """Tell whether the VAT of a rate differs: the VAT return takes these sums."""
        stated = move.billingo_amounts.get("rates")
        if stated is None:
            return False
        lines = move.line_ids.filtered("tax_line_id")
        return self._sums_differ(
            move, stated, lines.grouped(lambda x: str(x.tax_line_id.amount))
        )

    def _sums_differ(self, move, stated, booked):
        """Tell whether sums of lines differ, in the currency or in forint.

        :param stated: key -> sum in the document's currency and in forint
        :param booked: key -> lines
        """
        for key in stated.keys() | booked.keys():
            lines = booked.get(key, move.line_ids.browse())
            wanted = stated.get(key, (0, 0))
            for currency, name, amount in (
                (move.currency_id, "amount_currency", wanted[0]),
                (move.company_currency_id, "balance", wanted[1]),
            ):
                got = sum(lines.mapped(name)) * move.direction_sign
                if currency.compare_amounts(got, amount):
                    return True
        return False

    def _amounts_text(self, move):
        return self.env._(
            "The amounts at Billingo are different: VAT %(vat)s, gross %(gross)s.",
            vat=self._vat_text(move),
            gross=move.currency_id.format(move.billingo_amounts["gross"]),
        )

    def _vat_text(self, move):
        """Return the VAT at Billingo, by rate where there are several."""
        stated, own = move.billingo_amounts, move.currency_id
        rates = stated.get("rates") or {}
        text = own.format(stated["vat"])
        if len(rates) < 2:
            return text
        parts = (f"{float(x):g}%: {own.format(vat)}" for x, (vat, _) in rates.items())
        return f"{text} ({', '.join(parts)})"

    # === REGIME === #

    def _regime_text(self, move, is_amount_known):
        """Return how the taxes differ in law from those that were imported, or None.

        Taxes are the same if they are due at the same time and fill the same boxes:
        a user may choose one for assets.

        :param is_amount_known: other amounts are told already
        """
        stated = move.billingo_amounts.get("taxes")
        if stated is None:
            return None
        products = move.line_ids.filtered(lambda x: x.display_type == "product")
        booked = products.grouped("tax_ids")
        wanted = [(self._stated_taxes(key), key, x) for key, x in stated.items()]
        sums, lines = defaultdict(lambda: [0.0, 0.0]), {}
        for taxes, key, (net, local_net) in wanted:
            total = sums[taxes._billingo_regime() if taxes or not key else key]
            total[0] += net
            total[1] += local_net
        for taxes, group in booked.items():
            regime = taxes.sudo()._billingo_regime()
            lines[regime] = lines.get(regime, group) | group
        if is_amount_known and sums.keys() == lines.keys():
            return None
        if not self._sums_differ(move, sums, lines):
            return None
        return self.env._(
            "VAT regime: imported as %(stated)s, now %(entry)s.",
            stated=self._taxes_text(move, ((x[0], x[2][0]) for x in wanted)),
            entry=self._taxes_text(
                move,
                (
                    (x, sum(group.mapped("amount_currency")) * move.direction_sign)
                    for x, group in booked.items()
                ),
            ),
        )

    def _stated_taxes(self, key):
        """Return the taxes of a key of the stated ``taxes``; none if deleted."""
        return self.env["account.tax"].sudo().browse(int(key) if key else ()).exists()

    def _taxes_text(self, move, sums):
        """Return taxes with the net of each, as users read them.

        :param sums: pairs of taxes and net
        """
        return ", ".join(
            f"{' + '.join(taxes.mapped('name')) or '-'}: "
            f"{move.currency_id.format(amount)}"
            for taxes, amount in sums
        )

    # === DATES === #

    def _dates_text(self, move):
        """Return the dates that a user has changed, or nothing."""
        rows = []
        for name, stated in (move.billingo_amounts.get("dates") or {}).items():
            wanted, now = fields.Date.to_date(stated), move[name]
            if wanted == now or (name == "date" and self._had_to_move(move, wanted)):
                continue
            texts = (format_date(self.env, day) for day in (wanted, now))
            rows.append(self._difference(move, name, *texts))
        return "\n".join(rows)

    def _had_to_move(self, move, wanted):
        """Tell whether the imported date is in a closed period, so that another is."""
        return bool(move._get_violated_lock_dates(wanted, True)) and move.date > wanted
