"""Which account and which product a line of a document is booked with, and why.

A person's choice for the line comes first, then the account of its product, the rules
(``billingo.account.rule``), what Odoo predicts for the partner, foreign sales, and the
connection's own account at last. Lines of advances have an account of their own.
"""

from dataclasses import dataclass, field
from typing import NamedTuple

from odoo import models
from odoo.fields import Domain

from ..billingo_api.regimes import Group
from ..guards import internal
from ..remote_text import as_html

# Billingo's units are free text; these are Odoo's own.
UNITS = {
    "db": "uom.product_uom_unit",
    "pcs": "uom.product_uom_unit",
    "fő": "uom.product_uom_unit",
    "óra": "uom.product_uom_hour",
    "h": "uom.product_uom_hour",
    "nap": "uom.product_uom_day",
    "kg": "uom.product_uom_kgm",
    "g": "uom.product_uom_gram",
    "l": "uom.product_uom_litre",
    "m": "uom.product_uom_meter",
    "km": "uom.product_uom_km",
}


class Why(NamedTuple):
    """Why a line has an account, as JSON keeps it; ``messages`` has the text.

    :ivar line: its name
    :ivar account: id
    :ivar kind: ``product``, ``rule`` or ``usual``
    :ivar name: of the product, the rule or the partner
    """

    line: str
    account: int
    kind: str
    name: str


@dataclass(frozen=True)
class Choice:
    """How a line is booked.

    :ivar account: an ``account.account`` record
    :ivar why: a :class:`Why` if neither a user nor the connection chose it
    :ivar values: further values of the line: product, unit, line of a purchase order
    """

    account: models.BaseModel
    why: Why | None = None
    values: dict = field(default_factory=dict)


@internal
class BillingoAccountRules(models.AbstractModel):
    _name = "billingo.account.rules"
    _description = "Accounts of Billingo documents"

    # === PUBLIC === #

    def _choices(self, document, parsed, booking, decision, partner, usual=None):
        """Return a :class:`Choice` for each line of a document.

        :param decision: its VAT (``vat_regime.Decision``)
        :param partner: a ``res.partner``, may be empty
        :param usual: what ``_usual`` returned, by partner and group of countries, for
            documents of one connection before any of them is booked; is added to
        """
        usual = {} if usual is None else usual
        rules = self.env["billingo.account.rule"]._candidates(
            document, partner, parsed.category
        )
        products = self._products(document, booking)
        order = self._purchase_order(document, parsed, partner)
        choices = []
        for position, line in enumerate(booking.lines):
            product = products.get(line.sku) or products.get(line.ean)
            account, why = self._account(
                document,
                line,
                position,
                rules,
                product,
                lambda: self._usual(document, decision, partner, usual),
            )
            values = {}
            if product:
                values = {"product_id": product.id, **self._unit(line, product)}
            if order:
                values |= self._order_line(order, line, product)
            choices.append(Choice(account, why, values))
        return tuple(choices)

    def _account(self, document, line, position, rules, product, usual):
        """Return the account of a line, and a :class:`Why` or None.

        :param line: a ``BookedLine``
        :param position: of the line in the document, from 0
        :param usual: returns what ``_usual`` does
        """
        chosen = document._corrected_line(position).get("account")
        if chosen:
            return chosen, None
        if line.is_advance:
            return document.connection_id.advance_account_id, None
        own = product and self._product_account(document, product)
        if own:
            return own, Why(line.name, own.id, "product", product.display_name)
        for rule in rules:
            if rule._applies(line):
                account = rule.account_id.sudo(self.env.su)
                return account, Why(line.name, account.id, "rule", rule._reason())
        account, name = usual()
        return account, Why(line.name, account.id, "usual", name) if name else None

    def _usual(self, document, decision, partner, known):
        """Return the account where nothing is known of a line.

        Also the name of the partner for whom it is usual, or no text.

        :param known: earlier answers, is added to: Odoo counts all lines of a partner
        """
        key = partner, decision.regime.party.group
        if key not in known:
            known[key] = self._find_usual(document, decision, partner)
        return known[key]

    def _find_usual(self, document, decision, partner):
        connection = document.connection_id
        predicted = self._predicted(document, partner)
        if predicted:
            return predicted, partner.display_name
        foreign = connection.foreign_account_id
        is_abroad = decision.regime.party.group in (Group.EU, Group.OTHER)
        if document.mode == "customer" and foreign and is_abroad:
            return foreign, ""
        return connection.account_id, ""

    def _learn_confirmed(self, moves):
        """Remember the accounts that a user changed on entries before posting them."""
        for move in moves:
            lines = move.invoice_line_ids.filtered(
                lambda x: x._billingo_proposed_account() is not None
            )
            if not move._billingo_learnt_rules():  # else the user may take it back
                lines = lines.filtered(
                    lambda x: x._billingo_proposed_account() != x.account_id.id
                )
            self._learn(lines)

    def _learn(self, lines):
        """Make rules of the accounts that a user gave to lines of an entry; say so.

        If all lines have one account now, it is for the supplier, otherwise for lines
        with this text.

        :param lines: ``account.move.line`` records of one entry
        """
        move = lines.move_id
        partner = move.commercial_partner_id
        advance = lines._billingo_connection().advance_account_id
        lines = lines.filtered(lambda x: x.account_id != advance)
        if not lines or not partner:
            return
        products = move.invoice_line_ids.filtered(
            lambda x: x.display_type == "product" and x.account_id != advance
        )
        is_for_all = len(products.account_id) == 1
        rules = self.env["billingo.account.rule"].sudo()
        for line in lines[:1] if is_for_all else lines:
            text = False if is_for_all else (line.name or "").split("\n")[0]
            rules |= self._learn_one(move, partner, line.account_id, text)
        if rules:
            self._tell(move, rules)

    def _learn_one(self, move, partner, account, text):
        """Return the new or changed rule, none if it was so already."""
        rules = self.env["billingo.account.rule"].sudo()
        key = {
            "company_id": move.company_id.id,
            "direction": move.sudo().billingo_document_id._tax_direction(),
            "partner_id": partner.id,
            "text": text,
            "is_learnt": True,
        }
        known = rules.search([(name, "=", value) for name, value in key.items()])[:1]
        if known.account_id == account:
            return rules
        values = {"account_id": account.id, "learnt_move_id": move.id}
        if known:
            known.write(values)
            return known
        return rules.create({**key, **values})

    def _tell(self, move, rules):
        """Tell the user, and note on the entry, which rules were made."""
        text = "\n".join(rules.mapped(lambda x: x._learnt_text()))
        move.message_post(body=as_html(text))
        self.env.user._bus_send(
            "simple_notification",
            {"type": "info", "title": "Billingo", "message": text, "sticky": False},
        )

    # === HELPERS === #

    def _predicted(self, document, partner):
        """Return the account that Odoo predicts for a supplier, or none."""
        accounts = self.env["account.account"]
        if document.mode == "customer" or not partner:
            return accounts
        if not document.connection_id.has_predictions:
            return accounts
        found = accounts._get_most_frequent_account_for_partner(
            document.company_id.id, partner.id, "in_invoice"
        )
        account = accounts.browse(found or ())
        own = document.connection_id
        return account - own.account_id - own.advance_account_id

    def _products(self, document, booking):
        """Return the products by the codes that the lines name, in one query."""
        codes = {code for x in booking.lines for code in (x.sku, x.ean) if code}
        if not codes:
            return {}
        by_code = Domain("default_code", "in", [*codes])
        by_code |= Domain("barcode", "in", [*codes])
        own = Domain("company_id", "in", [False, document.company_id.id])
        found = {}
        for product in self.env["product.product"].search(by_code & own):
            for code in (product.default_code, product.barcode):
                if code in codes:
                    # A code that several products have names none of them.
                    found[code] = None if code in found else product
        return found

    def _product_account(self, document, product):
        """Return the account that is set on the product or its category."""
        product = product.with_company(document.company_id)
        name = "income" if document.mode == "customer" else "expense"
        return (
            product[f"property_account_{name}_id"]
            or product.categ_id[f"property_account_{name}_categ_id"]
        )

    def _unit(self, line, product):
        """Return the unit as Odoo has it, where both mean the same."""
        xmlid = UNITS.get(line.unit.strip().casefold())
        unit = xmlid and self.env.ref(xmlid, raise_if_not_found=False)
        return {"product_uom_id": (unit or product.uom_id).id}

    def _purchase_order(self, document, parsed, partner):
        """Return the purchase order that a bill names, if *Purchase* is installed."""
        if document.mode == "customer" or "purchase.order" not in self.env:
            return None
        number = parsed.order_number.strip()
        if not number or not partner:
            return None
        domain = Domain("partner_id", "child_of", partner.commercial_partner_id.id)
        domain &= Domain("company_id", "=", document.company_id.id)
        domain &= Domain("state", "=", "purchase")
        domain &= Domain("name", "=", number) | Domain("partner_ref", "=", number)
        found = self.env["purchase.order"].sudo().search(domain, limit=2)
        return found if len(found) == 1 else None

    def _order_line(self, order, line, product):
        """Return the line of the order that a bill's line is for, if only one is."""
        rows = order.order_line.filtered(lambda x: not x.display_type)
        fitting = (
            rows.filtered(lambda x: product and x.product_id == product)
            or rows.filtered(lambda x: x.name == line.name)
            or rows.filtered(
                lambda x: (
                    not x.currency_id.compare_amounts(
                        x.price_unit, float(line.unit_price)
                    )
                )
            )
        )
        return {"purchase_line_id": fitting.id} if len(fitting) == 1 else {}
