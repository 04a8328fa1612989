"""From a received document to the values of a draft bill.

Finvoice is built here, line by line, to the document's amounts. UBL is decoded by
Odoo, from a copy without what Odoo would change elsewhere (contacts, bank accounts) or
hide (VAT forced onto a tax line); then supplier, taxes and account are set as for
Finvoice.
"""

from copy import deepcopy
from decimal import ROUND_HALF_UP, Decimal
from itertools import repeat

from lxml import etree
from odoo import Command, api, models
from odoo.tools import format_date, formatLang
from psycopg2 import OperationalError

from ..exceptions import UndecodedError
from ..guards import as_service, internal
from ..maventa_api import FINVOICE, signs_of_row, vat_groups
from ..maventa_api.finvoice import line_of
from ..maventa_api.finvoice.source import tree
from ..maventa_api.inbound_ubl import spell_indicators
from ..models.decoding import decoding
from ..models.expected_account import expecting
from ..remote_text import as_html
from .purchase_taxes import ROUNDING_KEY, VatKey

STRIPPED = (
    "AccountingSupplierParty/Party",
    "AdditionalDocumentReference",
    "PaymentMeans",
    "TaxTotal",
)
PRICE_DIGITS = 8


@internal
class MaventaBillBuilder(models.AbstractModel):
    _name = "maventa.bill.builder"
    _description = "Builder of Received Bills"

    # === PUBLIC === #

    @api.model
    def _build(self, receipt, document, partner, bank):
        """Make or renew the draft bill of a receipt, and return it.

        :param document: :class:`~..maventa_api.Received`
        :param bank: the account to pay to; may be empty, and is none of a credit note
        """
        accounts = self.env["maventa.expense.accounts"]
        account = accounts._account(receipt.company_id, partner, self._journal(receipt))
        receipt = expecting(as_service(receipt), account)
        head = self._head(receipt, document, partner)
        if not document.is_refund:
            head["partner_bank_id"] = bank.id
        if document.format == FINVOICE:
            head["invoice_line_ids"] = self._finvoice_lines(receipt, document, partner)
            move = self._draft(receipt, document, head)
        else:
            move = self._draft(receipt, document, {"currency_id": head["currency_id"]})
            move_type = move.move_type
            decoded = decoding(move)
            self._decode(receipt, decoded, document, partner)
            if move.move_type != move_type:  # Odoo goes by the root, not by the type
                decoded.move_type = move_type
            decoded.write(head)
            self._finish_ubl_lines(receipt, decoded, document, partner)
            move._validate_taxes_country()
        self.env["maventa.order.matcher"]._link(move, document)
        accounts._set(move, account)
        # Odoo chooses an account and a term of its own for each new supplier.
        if move.partner_bank_id != bank and not document.is_refund:
            move.partner_bank_id = bank.id
        self._restore_dates(move, document)
        return move

    @api.model
    def _empty(self, receipt, journal):
        """Link a draft without lines, for a document that cannot be read."""
        if not receipt.move_id:
            receipt.move_id = self.env["account.move"].create(
                {"move_type": "in_invoice", "journal_id": journal.id}
            )

    # === HEAD === #

    def _draft(self, receipt, document, values):
        """Return the draft with these values: the earlier one, or a new one, linked."""
        move_type = "in_refund" if document.is_refund else "in_invoice"
        if move := receipt.move_id:
            move.invoice_line_ids.unlink()
            if move.move_type != move_type:
                move.move_type = move_type
            move.write(values)
            return move
        journal = self._journal(receipt)
        move = receipt.move_id.create(
            {**values, "move_type": move_type, "journal_id": journal.id}
        )
        receipt.move_id = move
        return move

    def _journal(self, receipt):
        return receipt.move_id.journal_id or receipt.account_id._purchase_journal()

    def _head(self, receipt, document, partner):
        company = receipt.company_id
        currency = self._currency(document, company)
        credited = self.env["maventa.credited.bills"]
        values = {
            "partner_id": partner.id,
            "currency_id": currency.id,
            "ref": document.number or False,
            "invoice_date": document.date,
            "payment_reference": document.reference or False,
            "invoice_origin": ", ".join(document.orders) or False,
            "narration": self._narration(document),
            "reversed_entry_id": credited._original(company, partner, document).id,
        }
        values |= self._fiscal_position(receipt.company_id, document, partner)
        if document.due_date:
            values["invoice_payment_term_id"] = False
            values["invoice_date_due"] = document.due_date
        return values

    def _fiscal_position(self, company, document, partner):
        """Return the fiscal position, where the seller's own would be wrong.

        That of another country, under whose number a company buys, allows no taxes but
        of that country: where the document does not name the number, it is another.
        """
        positions = self.env["account.fiscal.position"].with_company(company)
        place = self.env["maventa.purchase.taxes"]._place(company, partner, document)
        own = self.env["maventa.vat.registrations"]._position(company, place)
        if own or positions._get_fiscal_position(partner).foreign_vat:
            return {"fiscal_position_id": own.id}
        return {}

    def _restore_dates(self, move, document):
        """Set the document's due date, or its own date where it has none."""
        if not document.due_date and move.invoice_payment_term_id:
            return  # of the supplier
        due = document.due_date or document.date
        if due and move.invoice_date_due != due:
            move.invoice_payment_term_id = False
            move.invoice_date_due = due

    def _currency(self, document, company):
        """Return the document's currency, active or not."""
        currencies = self.env["res.currency"].with_context(active_test=False)
        found = currencies.search([("name", "=", document.currency)], limit=1)
        return found or company.currency_id

    def _narration(self, document):
        """Return what the document says beside its sums, as plain text."""
        doc, texts = document.finvoice, list(document.texts)
        if doc:
            texts += self._terms(doc.terms)
        dates = [format_date(self.env, day) for day in document.period if day]
        texts += [" – ".join(dates)] if dates else []
        pairs = (
            (self.env._("Buyer's reference"), document.buyer_reference),
            (self.env._("VAT for the books"), self._accounting_vat(document)),
            (self.env._("Agreement"), document.agreement),
            (self.env._("Project"), document.project),
            (self.env._("Proposed account"), document.account_proposal),
            (self.env._("Customer number"), doc and doc.customer_number),
            (self.env._("Seller's reference"), doc and doc.seller_reference),
        )
        texts += [f"{label}: {text}" for label, text in pairs if text]
        texts += [f"{name}: {url}" for name, url in document.links]
        return as_html("\n".join(texts)) if texts else False

    def _accounting_vat(self, document):
        """Return the VAT that the document states in another currency, as text."""
        if not document.accounting_vat:
            return ""
        amount, currency = document.accounting_vat
        return f"{formatLang(self.env, float(amount))} {currency}"

    def _terms(self, terms):
        """Yield cash discount and overdue interest as text: the total stays full."""
        if terms.cash_discount_percent or terms.cash_discount_amount:
            yield self.env._(
                "Cash discount until %(date)s: %(percent)s %%",
                date=format_date(self.env, terms.cash_discount_date) or "-",
                percent=terms.cash_discount_percent or "-",
            )
        if len(terms.due_dates) > 1:
            days = [format_date(self.env, day) for day in terms.due_dates]
            yield self.env._("Due dates: %s", ", ".join(days))
        if terms.overdue_percent:
            yield self.env._("Overdue interest: %s %%", terms.overdue_percent)

    # === FINVOICE === #

    def _finvoice_lines(self, receipt, document, partner):
        doc = document.finvoice
        make = _LineMaker(self, receipt, document, partner)
        commands = []
        for row in doc.rows:
            commands.append(self._note(row) if row.is_text else make(row))
        # Those of discounts and charges stand behind those of the rows.
        rest = document.row_signs[-len(doc.allowances) :] or repeat(())
        for one, signs in zip(doc.allowances, rest, strict=False):
            kind = self.env._("Charge") if one.is_charge else self.env._("Discount")
            key = make.key(one)
            commands.append(make.plain(one.reason or kind, one.signed, key, signs))
        if not document.has_lines:
            commands += self._lines_of_groups(document, make)
        commands += self.env["maventa.foreign.vat"]._lines(
            receipt.company_id, partner, document
        )
        if document.round_off:
            commands.append(make.rounding(document.round_off))
        make.settle()
        return [command for command in commands if command]

    def _lines_of_groups(self, document, make):
        """Return a line per VAT rate, for a scan that has only totals."""
        name = self.env._("Invoice %s", document.number or "-")
        groups = [one for one in vat_groups(document) if one.base]
        if groups:
            return [
                make.plain(
                    name, one.base, VatKey(*document.vat_key(one.code, one.rate))
                )
                for one in groups
            ]
        net = document.figures.net
        amount = document.figures.total if net is None else net
        return [make.plain(name, amount, None)] if amount else []

    def _note(self, row):
        text = "\n".join(filter(None, [row.name, *row.texts]))
        return text and Command.create({"display_type": "line_note", "name": text})

    # === UBL === #

    def _decode(self, receipt, move, document, partner):
        """Let Odoo's decoder fill a draft from the stripped document.

        :raise UndecodedError: no decoder can read the document
        """
        move = move.with_context(
            maventa_receipt_id=receipt.id, maventa_supplier_id=partner.id
        )
        root, _odd = tree(document.data)
        root = deepcopy(root)
        for path in STRIPPED:
            steps = "/".join(f"{{*}}{name}" for name in path.split("/"))
            for node in root.findall(steps):
                node.getparent().remove(node)
        spell_indicators(root)
        raw = etree.tostring(root)
        file = {
            "name": "document.xml",
            "raw": raw,
            "mimetype": "application/xml",
            "xml_tree": root,
            "attachment": self.env["ir.attachment"],
            "origin_attachment": self.env["ir.attachment"],
        }
        file["import_file_type"] = move._get_import_file_type(file)
        file["origin_import_file_type"] = file["import_file_type"]
        decoder = move._get_edi_decoder(file, new=True)
        if not decoder:
            raise UndecodedError("no decoder")
        before = move.message_ids
        try:
            reason = decoder["decoder"](move, file, True)
        except OperationalError:
            raise  # of the database: a lock, a full disk; not of the document
        except Exception as error:  # whatever the sender wrote
            raise UndecodedError(type(error).__name__) from error
        if reason:
            raise UndecodedError(reason)
        # Odoo's own message tells of the stripped parts; the history tells the rest.
        (move.message_ids - before).sudo().unlink()

    def _finish_ubl_lines(self, receipt, move, document, partner):
        """Set accounts, taxes and keys on the decoded lines."""
        lines = move.invoice_line_ids.filtered(lambda x: x.display_type == "product")
        self.env.add_to_compute(lines._fields["account_id"], lines)
        taxes = self.env["maventa.purchase.taxes"]
        place = taxes._place(receipt.company_id, partner, document)
        left = list(zip(document.rows, document.row_signs, strict=True))
        for line in lines:
            key, signs = self._key_of(line, left, document)
            if key is None:
                line.maventa_vat_key = ROUNDING_KEY
                continue
            tax, _source = taxes._tax(receipt.company_id, partner, place, key, signs)
            line.write(
                {
                    "maventa_vat_key": str(key),
                    "maventa_supply_signs": _written(signs),
                    "tax_ids": [Command.set(tax.ids)],
                }
            )
        lines.is_imported = True
        commands = self.env["maventa.foreign.vat"]._lines(
            receipt.company_id, partner, document
        )
        if commands:
            move.write({"invoice_line_ids": commands})

    def _key_of(self, line, left, document):
        """Return key and signs of the document's row that became this line.

        :param left: rows and signs without a line yet; those of the line are taken out
        :return: None as the key of the rounding
        """
        amount = Decimal(str(line.price_subtotal)).quantize(Decimal("0.01"))
        rates = {Decimal(str(tax.amount)) for tax in line.tax_ids}
        same = [pair for pair in left if pair[0][2] == amount]
        exact = [pair for pair in same if pair[0][1] in rates or not rates]
        if pair := next(iter(exact or same), None):
            left.remove(pair)
            (code, rate, _net), signs = pair
            return VatKey(*document.vat_key(code, rate)), signs
        if amount == document.round_off and not rates:
            return None, ()
        keys = {(code, rate) for code, rate, _net in document.rows}
        fitting = [key for key in keys if key[1] in rates] or list(keys)
        if len(fitting) == 1:
            return VatKey(*document.vat_key(*fitting[0])), ()
        return VatKey("", None), ()


class _LineMaker:
    """Commands for the lines of one bill: amounts, taxes, products."""

    def __init__(self, builder, receipt, document, partner):
        self.env = builder.env
        self.company, self.partner = receipt.company_id, partner
        self.taxes = self.env["maventa.purchase.taxes"]
        self.place = self.taxes._place(self.company, partner, document)
        self.document = document
        fields = self.env["account.move.line"]._fields
        currency = builder._currency(document, self.company)
        self.digits = {
            "quantity_digits": fields["quantity"].get_digits(self.env)[1],
            "discount_digits": fields["discount"].get_digits(self.env)[1],
            "price_digits": PRICE_DIGITS,
            "amount_digits": currency.decimal_places,
        }
        self.found = {}
        self.made = {}  # by key: row, line, values

    def __call__(self, row):
        """Return the line of a priced row."""
        line = line_of(row, **self.digits)
        texts = [row.name, *row.texts]
        if line.is_collapsed and row.price is not None:
            texts.append(self._computation(row))
        days = [format_date(self.env, day) for day in (row.start, row.end) if day]
        texts += [" – ".join(days)] if days else []
        if row.account_proposal or row.dimension:
            label = self.env._("Proposed account")
            texts.append(f"{label}: {row.account_proposal} {row.dimension}".rstrip())
        product = self._product(row)
        values = {
            "name": "\n".join(filter(None, texts)) or row.article or "-",
            "quantity": float(line.quantity),
            "price_unit": float(line.price),
            "discount": float(line.discount),
            "is_imported": True,
            "product_id": product.id,
            **self._tax_values(self.key(row), signs_of_row(row)),
        }
        if product:
            values["product_uom_id"] = product.uom_id.id
        key = self.key(row)
        self.made.setdefault(key, []).append((row, line, values))
        return Command.create(values)

    def key(self, row):
        """Return category and rate of a row, a discount or a charge."""
        return VatKey(*self.document.vat_key(row.vat_code, row.vat_rate))

    def settle(self):
        """Make lines exact where their fractions of a cent would add up.

        Odoo taxes the sum of the exact amounts, a document that of the rounded ones.
        A price that stands only for its line's amount then takes the place of the
        document's, which the line's text keeps.
        """
        pairs = [
            (key, row, line, values, line.quantity * line.price * _kept(line))
            for key, made in self.made.items()
            for row, line, values in made
        ]
        if self._same_sums(pairs):
            return
        for _key, row, line, values, amount in pairs:
            if amount != line.net:
                values["price_unit"] = float(line.net / line.quantity)
                values["discount"] = 0
                values["name"] += "\n" + self._computation(row)

    def _same_sums(self, pairs):
        """Return whether base and VAT of each rate, and the total, round alike."""
        sums = {}
        for key, _row, line, _values, amount in pairs:
            for place, factor in (
                (key, 1),
                (key, (key.rate or Decimal(0)) / 100),
                (None, 1),
            ):
                exact, net = sums.get((place, factor), (0, 0))
                sums[place, factor] = exact + amount * factor, net + line.net * factor
        unit = Decimal(1).scaleb(-self.digits["amount_digits"])
        return all(
            exact.quantize(unit, ROUND_HALF_UP) == net.quantize(unit, ROUND_HALF_UP)
            for exact, net in sums.values()
        )

    def plain(self, name, amount, key, signs=()):
        """Return a line of one piece."""
        values = {"name": name, "quantity": 1, "price_unit": float(amount)}
        values["is_imported"] = True
        return Command.create({**values, **self._tax_values(key, signs)})

    def rounding(self, amount):
        return Command.create(
            {
                "name": self.env._("Rounding"),
                "quantity": 1,
                "price_unit": float(amount),
                "is_imported": True,
                "tax_ids": [Command.clear()],
                "maventa_vat_key": ROUNDING_KEY,
            }
        )

    def _tax_values(self, key, signs):
        if key is None or key.rate is None and not key.code:
            return {"tax_ids": [Command.clear()], "maventa_vat_key": "|"}
        if (key, signs) not in self.found:
            where = (self.company, self.partner, self.place)
            self.found[key, signs] = self.taxes._tax(*where, key, signs)[0]
        return {
            "tax_ids": [Command.set(self.found[key, signs].ids)],
            "maventa_vat_key": str(key),
            "maventa_supply_signs": _written(signs),
        }

    def _computation(self, row):
        """Return quantity and price as the document has them, as text."""
        return self.env._(
            "%(quantity)s %(unit)s at %(price)s per %(base)s",
            quantity=formatLang(self.env, float(row.quantity or 1)),
            unit=row.unit,
            price=formatLang(self.env, float(row.price)),
            base=f"{row.base_quantity.normalize():f}",
        )

    def _product(self, row):
        return self.env["maventa.product.matcher"]._product(
            self.company, self.partner, row.ean, row.buyer_article, row.article
        )


def _written(signs):
    """Return signs of goods or services as a line keeps them."""
    return [[sign.what, sign.text, sign.supply.value] for sign in signs] or False


def _kept(line):
    """Return the part of a line's amount that its discount leaves."""
    return 1 - line.discount / 100
