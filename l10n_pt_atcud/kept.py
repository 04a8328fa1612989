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
# Of these, what is in it
DATA = frozenset("raw datas db_datas store_fname type url".split())
# Where it belongs
PLACE = frozenset({"res_model", "res_id", "res_field"})
# What makes a note
NOTE = frozenset(
    "body subject date author_id email_from model res_id message_type subtype_id "
    "tracking_value_ids attachment_ids".split()
)
# Of these, what says who wrote it, when, and about what
ORIGIN = frozenset("date author_id email_from model res_id message_type".split())


def file_fields(moves, names):
    """Return those of ``names`` that are fields with a file."""
    fields = [moves._fields[name] for name in names if name in moves._fields]
    return {x.name for x in fields if x.type == "binary" and x.store and x.attachment}


def is_kept_file(move, name):
    """Return whether a file is not for users to give: it is there, or Odoo makes it."""
    return bool(move[name]) or name in move._get_fields_to_detach()


def changed_files(rows, vals, names=CONTENT):
    """Return the attachments of which ``vals`` change some of ``names``.

    Odoo moves a file to another store by writing its content once more.
    """
    names = names & vals.keys()
    whole = rows.sudo().with_context(bin_size=False)
    return whole.filtered(lambda row: any(row[name] != vals[name] for name in names))


def entries_of_files(rows):
    """Return the journal entries that have one of the attachments in a field."""
    rows = rows.sudo()
    rows = rows.filtered(lambda x: x.res_field and x.res_model == "account.move")
    return rows.env["account.move"].browse(rows.mapped("res_id")).exists()


def notes_with_files(rows):
    """Return the notes that show one of the attachments."""
    messages = rows.env["mail.message"].sudo()
    return _notes(messages.search([("attachment_ids", "in", rows.ids)]))


def keep_notes(check):
    """Return a decorator for the class with which an addon extends ``mail.message``.

    :param check: name of its method that raises for messages of records with proof; it
        is asked before notes change or go, and for what is forged, by whatever type
    """

    def decorate(model):
        def check_proof(messages):
            getattr(messages, check)()

        @api.ondelete(at_uninstall=False)
        def check_notes(messages):
            check_proof(_notes(messages))

        @api.model_create_multi
        def create(self, vals_list):
            # EXTENDS 'mail'
            since = fields.Datetime.now()
            messages = super(model, self).create(vals_list)
            check_proof(_forged(messages, since))
            return messages

        def write(self, vals):
            # EXTENDS 'mail'
            since, names = fields.Datetime.now(), NOTE & vals.keys()
            if names:
                settled = _settled(self, names)
                check_proof(_notes(settled) | _of_others(settled))
            result = super(model, self).write(vals)
            if names and not self.env.su:
                # Another message has become a note, or somebody else's.
                check_proof(_notes(_settled(self, names)))
                check_proof(_forged(self, since) if ORIGIN & names else self.browse())
            return result

        model.create = create
        model.write = write
        # By a name of its own: another addon's would take its place
        setattr(model, f"_unlink_except{check}", check_notes)
        return model

    return decorate


def noted_records(messages, model):
    """Return the records of ``model`` that the messages are about."""
    messages = messages.sudo().filtered(lambda x: x.model == model and x.res_id)
    return messages.env[model].browse(messages.mapped("res_id")).exists()


def _notes(messages):
    """Return those of the messages that tell what happened, as Odoo writes them."""
    return messages.filtered(lambda x: x.sudo().message_type == "notification")


def _settled(messages, names):
    """Return the messages that a change of these fields would rewrite.

    Odoo gives a message its files right after it, in the same transaction.
    """
    if names != {"attachment_ids"}:
        return messages
    now = messages.env.cr.now()
    return messages.filtered(lambda x: x.sudo().create_date != now)


def _of_others(messages):
    """Return what the user would rewrite of somebody else's; Odoo does with sudo."""
    if messages.env.su:
        return messages.browse()
    user = messages.env.user.partner_id
    return messages.filtered(lambda x: x.sudo().author_id != user)


def _forged(messages, since):
    """Return the messages that do not say who wrote them, or when.

    Odoo writes with ``sudo()``, mail that comes in as well; or as the user of this
    moment, who is the author then. Only what goes out by mail may name another author,
    whom a template chooses.

    :param since: when their creation began
    """
    if messages.env.su:
        return messages.browse()
    now, user = fields.Datetime.now(), messages.env.user.partner_id
    robot = messages.env.ref("base.partner_root")

    def is_forged(message):
        author, kind = message.author_id, message.message_type
        is_now = message.date and since <= message.date <= now
        if kind == "email" or not is_now:
            return True
        is_note = kind == "notification" or not _goes_out(message)
        return author == robot != user or (is_note and author != user)

    return messages.filtered(lambda x: is_forged(x.sudo()))


def _goes_out(message):
    """Return whether more people than those in the office read the message."""
    is_notice = message.message_type == "user_notification"  # to one, not in the record
    return is_notice or bool(message.subtype_id and not message.subtype_id.internal)


def is_other_main_file(move, vals):
    """Return whether ``vals`` show another main file in place of the document's PDF."""
    if "message_main_attachment_id" not in vals:
        return False
    main, pdf = vals["message_main_attachment_id"], move.invoice_pdf_report_id.id
    return bool(pdf) and main not in (pdf, move.message_main_attachment_id.id)
