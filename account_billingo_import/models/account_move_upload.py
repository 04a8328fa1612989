from odoo import api, models

from ..billingo_api import uploads

FILE_TYPE = "billingo.json"


class AccountMove(models.Model):
    """A data file of Billingo that is dropped on Odoo's own upload."""

    _inherit = "account.move"

    @api.model
    def _get_import_file_type(self, file_data):
        # EXTENDS 'account'
        if uploads.read_upload(file_data["name"], file_data["raw"]):
            return FILE_TYPE
        return super()._get_import_file_type(file_data)

    @api.model
    def _create_records_from_attachments(self, attachments, grouping_method=None):
        # EXTENDS 'account': such a file is booked as if it had been fetched.
        ours = attachments.filtered(lambda x: uploads.read_upload(x.name, x.raw))
        moves = self.browse()
        if attachments - ours:
            moves |= super()._create_records_from_attachments(
                attachments - ours, grouping_method
            )
        if ours:
            journal = self.env["account.journal"].browse(
                self.env.context.get("default_journal_id")
            )
            booked = self.env["billingo.document"]._book_uploads(ours, journal)
            moves |= booked.with_env(self.env)
        return moves

    def _get_edi_decoder(self, file_data, new=False):
        # EXTENDS 'account': in an entry that exists already it is too late.
        if file_data.get("import_file_type") == FILE_TYPE:
            return {"priority": 20, "decoder": self._billingo_decode}
        found = super()._get_edi_decoder(file_data, new=new)
        if not found and uploads.is_json_name(file_data["name"]):
            # Nobody reads it: without a word the entry would just stay empty.
            return {"priority": 1, "decoder": self._billingo_refuse}
        return found

    def _billingo_decode(self, _move, _file_data, _new):
        return self.env._(
            "This is a data file of Billingo. Drop it on the journal in the "
            "accounting dashboard, or on the list of invoices or bills: it becomes an "
            "entry of its own."
        )

    def _billingo_refuse(self, _move, file_data, _new):
        """Say what is wrong with a file that nobody can read."""
        fault, where = uploads.why_not(file_data["raw"])
        reasons = {
            "empty": self.env._("The file is empty."),
            "broken": self.env._(
                "The file is damaged: it is no JSON from line %(line)s, column "
                "%(column)s on.",
                line=where.partition(":")[0],
                column=where.partition(":")[2],
            )
            if where
            else self.env._("The file is damaged: it is no JSON."),
            "list": self.env._(
                "The file has a list. Drop each document of Billingo as a file of its "
                "own."
            ),
            "lacks": self.env._(
                "This is no document of Billingo, since it lacks: %s.", where
            ),
        }
        return self.env._(
            "%(reason)s Nothing was filled in here. Fetch the document with a Billingo "
            "connection, drop its file again as Billingo gives it, or enter the bill "
            "by hand.",
            reason=reasons[fault],
        )

    def _autopost_bill(self):
        # EXTENDS 'account': the connection says what is posted at once.
        if self.billingo_document_id:
            return None
        return super()._autopost_bill()
