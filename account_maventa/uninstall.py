"""Leave a usable database, with the proof of what was sent and received.

Odoo removes tables, columns and views. Here the exact bytes and the history of every
attempt, and the originals that were received, move to the invoices and bills;
references to the addon are cleared.
"""

from markupsafe import Markup

from .models.transfer_state import OPEN
from .remote_text import as_html

BATCH = 200  # invoices at a time in memory


def uninstall_hook(env):
    """Leave a database that works on without the addon."""
    env = env(context=dict(env.context, active_test=False))
    _cancel_scheduled_sending(env)
    _keep_proof(env)
    _keep_received(env)
    _clear_sending_method(env)
    _release_activity_types(env)
    secrets = [("key", "=like", "account_maventa.%")]
    env["ir.config_parameter"].sudo().search(secrets).unlink()


def _cancel_scheduled_sending(env):
    """Prevent Odoo's own job from mailing invoices that Maventa sends."""
    sender = env["account.move.send"]
    for move in env["account.move"].search([("sending_data", "!=", False)]):
        settings = sender._get_default_sending_settings(move, from_cron=True)
        if move._maventa_is_carried() or "maventa" in settings["sending_methods"]:
            move.sending_data = False
            move._message_log(
                body=env._("Not sent by Odoo's job: Maventa was chosen to send it.")
            )


def _keep_proof(env):
    """Move the documents and the history of all attempts to the invoices."""
    moves = env["account.move"].search([("maventa_transfer_ids", "!=", False)])
    for start in range(0, len(moves), BATCH):
        for move in moves[start : start + BATCH]:
            move._message_log(body=_history(move), attachment_ids=_documents(move))
        env.flush_all()
        env.invalidate_all()


def _keep_received(env):
    """Hand what was received to the bills; without a bill, to the company."""
    receipts = env["maventa.receipt"].search([])
    for start in range(0, len(receipts), BATCH):
        for receipt in receipts[start : start + BATCH]:
            owner = receipt.move_id or receipt.company_id
            files = receipt.document_id + receipt.image_id + receipt.file_ids
            files.write({"res_model": owner._name, "res_id": owner.id})
            name = f"maventa-{receipt.remote_id}-{receipt.document_index}.xml"
            receipt.document_id.name = name
            if receipt.move_id:
                receipt.move_id._message_log(body=receipt._timeline())
        env.flush_all()
        env.invalidate_all()


def _documents(move):
    """Hand the exact bytes of each attempt to the invoice; return their ids."""
    kept = []
    for transfer in move.maventa_transfer_ids.filtered("attachment_id"):
        document = transfer.attachment_id
        document.write(
            {
                "name": f"maventa-{transfer.number}-{document.name}",
                "res_model": move._name,
                "res_id": move.id,
            }
        )
        kept.append(document.id)
    return kept


def _history(move):
    """Return the history of the invoice's attempts, as HTML."""
    env = move.env
    states = dict(env["maventa.transfer"]._fields["state"]._description_selection(env))
    parts = [
        Markup("<p>%s</p>")
        % env._("Transfers to Maventa, kept when the Maventa addon was removed.")
    ]
    for transfer in move.maventa_transfer_ids.sorted("id"):
        facts = [
            ("", states.get(transfer.state, transfer.state)),
            ("UUID: ", transfer.uuid),
            (env._("Id at Maventa: "), transfer.remote_id),
            ("SHA-256: ", transfer.sha256),
            ("", transfer.error),
        ]
        lines = [label + value for label, value in facts if value]
        if transfer.state in OPEN:
            lines.append(env._("Not finished; the status is not updated any more."))
        text = as_html("\n".join(lines))
        parts.append(transfer._timeline() + Markup("<p>%s</p>") % text)
    return Markup().join(parts)


def _clear_sending_method(env):
    """Clear the sending method *by Maventa* on customers."""
    for company in env["res.company"].search([]):
        partners = env["res.partner"].with_company(company)
        chosen = partners.search([("invoice_sending_method", "=", "maventa")])
        chosen.invoice_sending_method = False
    field = env["ir.model.fields"]._get("res.partner", "invoice_sending_method")
    defaults = [("field_id", "=", field.id), ("json_value", "=", '"maventa"')]
    env["ir.default"].search(defaults).unlink()


def _release_activity_types(env):
    """Make our activity types removable; Odoo overlooks completed activities."""
    names = ("error", "pending", "account", "receipt")
    types = [env.ref(f"account_maventa.mail_activity_type_{name}") for name in names]
    types = env["mail.activity.type"].union(*types)
    activities = env["mail.activity"].search([("activity_type_id", "in", types.ids)])
    activities.activity_type_id = env.ref("mail.mail_activity_data_warning")
