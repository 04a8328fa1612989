"""Who has sent a received invoice, who is paid, and for whom it is.

Some answers are remembered for the supplier: the same question comes every month.
"""

from odoo import api, models
from odoo.tools import LazyTranslate

from ..guards import internal
from ..maventa_api import same_business, same_name
from ..maventa_api.identifiers import organisation_number
from ..maventa_api.legal_numbers import contradicts, is_of_register, legal_number
from ..maventa_api.party_identifiers import ALAND
from ..maventa_api.party_names import is_unit_of
from ..models.point_kinds import Label, PointKind, Question, declare, point

_lt = LazyTranslate(__name__)

REMEMBERED = (
    *(
        "factored",
        "payee_other",
        "recipient_name",
        "recipient_other",
        "recipient_unnumbered",
    ),
    "seller_numbers",
)

declare(
    Question(
        "factored",
        Label.PAYEE,
        _lt("Payable to a finance company: %(payee)s"),
        about=("payee",),
    ),
    Question(
        "payee_other",
        Label.PAYEE,
        _lt(
            "Payable to %(payee)s, not to the seller %(name)s. Ask the supplier, at "
            "a number that you know, unless you know why."
        ),
        is_urgent=True,
        about=("payee",),
    ),
    PointKind(
        "sender_other",
        Label.SENDER,
        _lt("The invoice was sent by %(name)s (%(number)s), who is not its seller."),
    ),
    Question(
        "seller_numbers",
        Label.SUPPLIER,
        _lt(
            "The VAT number %(number)s and the business id %(known)s of the seller "
            "%(name)s belong to two companies. Confirm it if the seller is in a VAT "
            "group of that number: you are asked once. Otherwise ask the supplier."
        ),
        about=("number", "known"),
    ),
    Question(
        "vat_without_number",
        Label.VAT,
        _lt(
            "The seller %(name)s charges VAT, but names no VAT number: it may not "
            "be deducted."
        ),
    ),
    Question(
        "recipient_other",
        Label.RECIPIENT,
        _lt("The invoice is for %(name)s (%(number)s), not for your company."),
        about=("name", "number"),
    ),
    Question(
        "recipient_name",
        Label.RECIPIENT,
        _lt(
            "The invoice is for %(name)s, but has the number of %(known)s. Is it "
            "for your company?"
        ),
        about=("name",),
    ),
    Question(
        "recipient_unnumbered",
        Label.RECIPIENT,
        _lt(
            "The invoice is for %(name)s, not for %(known)s, and names no number of "
            "the buyer. Its VAT may be deducted only if it is for your company."
        ),
        about=("name",),
    ),
    Question(
        "recipient_unknown",
        Label.RECIPIENT,
        _lt("The invoice does not say for whom it is."),
    ),
)


@internal
class MaventaBillParties(models.AbstractModel):
    _name = "maventa.bill.parties"
    _description = "Parties of Received Bills"

    # === PUBLIC === #

    @api.model
    def _points(self, receipt, document):
        """Yield what a person decides about payee, sender and recipient.

        :return: as ``maventa.bill.checks`` has them
        """
        checks = self.env["maventa.bill.checks"]
        for row in (
            *self._of_payee(document),
            *self._of_sender(receipt, document),
            *self._of_recipient(receipt.company_id, document),
        ):
            is_known = row["code"] in REMEMBERED
            if not is_known or not checks._is_decided_before(receipt, row):
                yield row

    # === HELPERS === #

    def _of_payee(self, document):
        payee, seller = document.payee, document.seller.name
        if document.is_factored:
            yield point("factored", payee=payee or "-")
        elif self._is_other(payee, seller):
            yield point("payee_other", payee=payee, name=seller)

    def _is_other(self, payee, seller):
        """Return whether the money goes to another name; banks cut long ones off."""
        if not payee or not seller or same_name(seller, payee):
            return False
        return not seller.casefold().startswith(payee.casefold())

    def _of_sender(self, receipt, document):
        """Compare the seller with who sent it, and with what its VAT needs."""
        seller, sender = document.seller, receipt.sender_bid or ""
        country = (seller.country or seller.vat[:2]).upper()
        legal = legal_number(seller.business_id, seller.business_scheme, country)
        theirs = list(filter(None, (legal.value, seller.vat)))
        if sender and theirs and not any(same_business(sender, x) for x in theirs):
            name = receipt.sender_name or "-"
            yield point("sender_other", "note", name=name, number=sender)
        inside = organisation_number(country, seller.vat)
        if inside and is_of_register(legal):
            if contradicts(legal, (inside, seller.vat), country):
                yield point(
                    "seller_numbers",
                    name=seller.name or "-",
                    number=seller.vat,
                    known=seller.business_id,
                )
        is_finnish = seller.country in ("", "FI", ALAND) and seller.business_id
        if document.figures.vat and not seller.vat and not is_finnish:
            yield point("vat_without_number", name=seller.name or "-")

    def _of_recipient(self, company, document):
        buyer = document.buyer
        others, is_ours = self._compared(company, buyer)
        names = {company.name, company.partner_id.name, company.root_id.name}
        if others:
            name = buyer.name or "-"
            yield point("recipient_other", name=name, number=others[0])
        elif not buyer.name and not is_ours:
            yield point("recipient_unknown")
        elif buyer.name and not any(same_name(x, buyer.name) for x in names if x):
            code = "recipient_name" if is_ours else "recipient_unnumbered"
            is_unit = is_ours and any(is_unit_of(x, buyer.name) for x in names if x)
            if not is_unit:
                yield point(code, name=buyer.name, known=company.name)

    def _compared(self, company, buyer):
        """Return the buyer's numbers that are another's, and whether one is ours.

        Beside our VAT number, a number of a list of which we have none says nothing,
        nor does that of a place, or one without a list: the seller's own of a customer.
        """
        registrations = self.env["maventa.vat.registrations"]
        mine = [*company._maventa_business_ids(), *registrations._numbers(company)]
        country = company.country_code or ""
        legal = legal_number(
            buyer.business_id, buyer.business_scheme, buyer.country or country
        )
        if not (legal or buyer.vat):
            # The Finnish address has the business id in it, before a part of its own.
            address = buyer.address.rpartition(":")[2]
            legal = legal_number(address if address.startswith("0037") else "")
        ours = {
            number: any(same_business(number, known) for known in mine)
            for number in filter(None, (legal.value, buyer.vat))
        }
        if legal and not ours[legal.value]:
            has_vat = ours.get(buyer.vat, False)
            is_other = is_of_register(legal) and not has_vat
            is_of_seller = has_vat and not legal.scheme
            if is_of_seller or not (is_other or contradicts(legal, mine, country)):
                del ours[legal.value]
        return [number for number in ours if not ours[number]], any(ours.values())
