from dataclasses import dataclass

from odoo import api, fields, models

from ..billingo_api.booking import Booking
from ..billingo_api.messages import Document
from .problem import DocumentProblem


@dataclass(frozen=True)
class Plan:
    """All that is known of a document before its entry is made."""

    record: models.BaseModel
    document: Document
    booking: Booking
    relatives: models.BaseModel
    values: dict


class BillingoDocument(models.Model):
    """From a document to its entry; many at once cost less than one by one."""

    _inherit = "billingo.document"

    def _plan(self):
        """Check all that can be checked without an entry, and prepare its values."""
        self.ensure_one()
        self._check_connection()
        document = self._parsed()
        relatives = self._relatives()
        booking, original = self._check_amounts(document, relatives)
        values = self._prepare_move(document, booking, original)
        self._check_period(values["date"])
        self._check_number(values)
        return Plan(self, document, booking, relatives, values)

    @api.model
    def _book_plans(self, plans):
        """Create the entries, post them where wanted, link them with relatives."""
        if not plans:
            return
        moves = self.env["account.move"].create([plan.values for plan in plans])
        to_post = moves.browse()
        for plan, move in zip(plans, moves, strict=True):
            plan.record._check_move(move, plan.booking)
            if plan.record.connection_id.is_auto_post and plan.booking.is_exact:
                to_post |= move
        if to_post:
            to_post._post(soft=False)
        for plan, move in zip(plans, moves, strict=True):
            if move in to_post:
                plan.record._check_move(move, plan.booking)
            plan.record._settle_booked(plan, move)
        self.env.ref("account_billingo_import.ir_cron_billingo_pdf")._trigger()

    def _settle_booked(self, plan, move):
        remark = self._remark(plan.document, plan.booking, move)
        self._settle_as(
            "processed",
            move_id=move.id,
            note=remark,
            is_changed=False,
            # Billingo keeps no PDFs of spendings.
            pdf_state=self.mode != "spending" and "waiting",
            pdf_tries=0,
            pdf_next_try=fields.Datetime.now(),
        )
        if remark:
            move.message_post(body=remark)
        self._tell_corrections(move)
        self._attach_pdf()
        self._adopt_followers(plan.relatives)

    def _check_number(self, values):
        """Refuse a number that the journal has: the database would, less kindly."""
        if self.mode == "customer" and self.env["account.move"].search_count(
            [
                ("journal_id", "=", values["journal_id"]),
                ("name", "=", values["name"]),
                ("state", "!=", "cancel"),
            ],
            limit=1,
        ):
            raise DocumentProblem(
                "other",
                self.env._(
                    "The journal has an entry with the number %s already. Give each "
                    "block of Billingo a journal and a connection of its own.",
                    self.display_name,
                ),
            )

    def _check_connection(self):
        connection = self.connection_id
        if not (
            connection.journal_id
            and connection.account_id
            and connection.advance_account_id
        ):
            raise DocumentProblem(
                "other",
                self.env._("The connection has no journal or lacks an account."),
            )

    def _remark(self, document, booking, move):
        """Say what a person should know of the amounts and the date, or nothing."""
        remarks = []
        if not booking.is_exact:
            remarks.append(
                self.env._(
                    "Billingo's own figures do not add up: net %(net)s, VAT %(vat)s, "
                    "gross %(gross)s. The entry has gross less net as VAT and waits as "
                    "a draft.",
                    net=document.summary.net_amount,
                    vat=document.summary.vat_amount,
                    gross=document.gross_total,
                )
            )
        wanted = self._wanted_date(document)
        if move.date != wanted:
            remarks.append(
                self.env._(
                    "%(wanted)s is in a closed period: booked on %(date)s, the first "
                    "open day.",
                    wanted=wanted,
                    date=move.date,
                )
            )
        return "\n".join(remarks) or False

    def _explain_amounts(self, error):
        """Name both sums that contradict each other."""
        if error.code == "missing":
            return self.env._(
                "Billingo gives no amount for: %s.",
                self._in_words("PARTS", error.where),
            )
        if error.code == "rate":
            return self.env._("Billingo gives no exchange rate for this document.")
        what = {
            "line": self.env._("Line %s", error.where),
            "net": self.env._("Sum of the lines' net amounts"),
            "vat": self.env._("Sum of the lines' VAT"),
            "total": self.env._("Gross total"),
            "local": self.env._(
                "Amount in forint (%s)", self._in_words("PARTS", error.where)
            ),
        }.get(error.code, error.where)
        return self.env._(
            "%(what)s: Billingo says %(stated)s, its other figures give "
            "%(computed)s. Nothing was posted.",
            what=what,
            stated=error.stated,
            computed=error.computed,
        )
