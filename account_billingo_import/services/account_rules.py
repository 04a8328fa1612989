"""Which account a line of a document is booked on."""

from odoo import models


class BillingoAccountRules(models.AbstractModel):
    _name = "billingo.account.rules"
    _description = "Accounts of Billingo documents"

    # === PUBLIC === #

    def _account(self, document, line, position):
        """Return the account: the user's choice, else the connection's.

        :param line: a ``BookedLine``; lines of advances have an account of their own
        :param position: of the line in the document, from 0
        """
        chosen = document._corrected_line(position).get("account")
        connection = document.connection_id
        if chosen:
            return chosen
        return (
            connection.advance_account_id if line.is_advance else connection.account_id
        )
