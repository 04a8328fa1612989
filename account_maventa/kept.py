"""Files and notes of documents that stay as they are, by whatever door somebody comes.

The same text stands in each addon, because each addon installs alone; a check on the
repository keeps the copies equal.

Odoo stores a file field of a document as an attachment, and writes that with
``sudo()`` for whoever may write the document. Notes are deleted and rewritten with
``sudo()``, too. So it does not matter here who writes.
"""

from odoo import api, fields

# What makes a file
CONTENT = frozenset(
    "raw datas db_datas store_fname file_size checksum type url mimetype name "
    "res_model res_id res_field public".split()
)
# Where it belongs
PLACE = frozenset({"res_model", "res_id", "res_field"})
# What makes a note
NOTE = frozenset(
    "body subject date author_id email_from model res_id message_type subtype_id "
    "tracking_value_ids".split()
)


def file_fields(moves, names):
    """Return those of ``names`` that are fields with a file."""
    fields = [moves._fields[name] for name in names if name in moves._fields]
    return {x.name for x in fields if x.type == "binary" and x.store and x.attachment}


def is_kept_file(move, name):
    """Return whether a file is not for users to give: it is there, or Odoo makes it."""
    return bool(move[name]) or name in move._get_fields_to_detach()


def changed_files(rows, vals):
    """Return the attachments that ``vals`` change.

    Odoo moves a file to another store by writing its content once more.
    """
    names = CONTENT & vals.keys()
    whole = rows.sudo().with_context(bin_size=False)
    return whole.filtered(lambda row: any(row[name] != vals[name] for name in names))


def entries_of_files(rows):
    """Return the journal entries that have one of the attachments in a field."""
    rows = rows.sudo()
    rows = rows.filtered(lambda x: x.res_field and x.res_model == "account.move")
    return rows.env["account.move"].browse(rows.mapped("res_id")).exists()


def keep_notes(check):
    """Return a decorator for the class with which an addon extends ``mail.message``.

    :param check: name of its method that raises for messages with proof among them; it
        is asked before these change or go, and of what is new where it may be forged
    """

    def decorate(model):
        @api.ondelete(at_uninstall=False)
        def check_proof(messages):
            getattr(messages, check)()

        @api.model_create_multi
        def create(self, vals_list):
            # EXTENDS 'mail'
            since = fields.Datetime.now()
            messages = super(model, self).create(vals_list)
            check_proof(_forged_notes(messages, since))
            return messages

        def write(self, vals):
            # EXTENDS 'mail'
            is_note = bool(NOTE & vals.keys())
            if is_note:
                check_proof(self)
            result = super(model, self).write(vals)
            if is_note and not self.env.su:
                check_proof(self)  # another message has become one
            return result

        model.create = create
        model.write = write
        # By a name of its own: another addon's would take its place
        setattr(model, f"_unlink_except{check}", check_proof)
        return model

    return decorate


def noted_records(messages, model):
    """Return the records of ``model`` that have one of the messages as a note."""
    messages = messages.sudo()
    notes = messages.filtered(
        lambda x: x.message_type == "notification" and x.model == model and x.res_id
    )
    return messages.env[model].browse(notes.mapped("res_id")).exists()


def _forged_notes(messages, since):
    """Return the new messages that do not say who wrote them, or when.

    Odoo notes with ``sudo()``, or as the user of this moment, who is the author then.

    :param since: when their creation began
    """
    if messages.env.su:
        return messages.browse()
    now, user = fields.Datetime.now(), messages.env.user.partner_id
    return messages.filtered(
        lambda x: x.sudo().author_id != user or not since <= x.sudo().date <= now
    )


def is_other_main_file(move, vals):
    """Return whether ``vals`` show another main file in place of the document's PDF."""
    if "message_main_attachment_id" not in vals:
        return False
    main, pdf = vals["message_main_attachment_id"], move.invoice_pdf_report_id.id
    return bool(pdf) and main not in (pdf, move.message_main_attachment_id.id)
