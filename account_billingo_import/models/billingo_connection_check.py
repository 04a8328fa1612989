from odoo import fields, models

from ..billingo_api import errors
from .res_partner import tax_base


class BillingoConnection(models.Model):
    """Whose key this is, until when it works, and what it may do."""

    _inherit = "billingo.connection"

    def action_check(self):
        """Ask Billingo whose key this is; a good answer ends a suspension."""
        self.ensure_one()
        self.check_access("write")
        problem, found = self._check()
        if not problem and self.state == "suspended":
            self.write({"state": "active", "next_fetch_at": False})
            self._close_activities()
            self._trigger_jobs()
        return self._tell_check(problem, found)

    def _tell_check(self, problem, found=""):
        is_on_form = problem and problem == self.error
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "danger" if problem else "success",
                "sticky": bool(problem) and not is_on_form,
                "message": (
                    self.env._("This key will not do. The form says why.")
                    if is_on_form
                    else problem or found
                ),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def _check(self):
        """Write down what Billingo says of the key.

        :return: what is wrong, or False, and what was found
        """
        self.ensure_one()
        day = self.start_date or fields.Date.today()
        try:
            with self._client() as client:
                organization = client.organization()
                # Whether the key may read documents shows only when it does.
                page = self._read_page(client, 1, start_date=day)
                blocks = client.blocks()
        except errors.SetupError as error:
            return self._refuse_key(self._explain(error)), ""
        except errors.BillingoError as error:
            # This says nothing about the key: what was known of it stays.
            return self._explain(error), ""
        problem = self._wrong_company(organization.tax_code)
        if problem:
            return self._refuse_key(problem), ""
        # The list belongs to the check, not to the user who presses the button.
        self.env["billingo.block"].sudo()._renew(self, blocks)
        self.error = False
        self._write_organization(organization)
        return False, self._found_text(page.total, day, len(blocks))

    def _forget_key(self):
        """Forget whose the last key was, unless its documents are here."""
        for connection in self.filtered(lambda x: not x._has_documents()):
            connection.organization_tax_number = False
        self.filtered(lambda x: x.state == "draft").error = False

    def _refuse_key(self, text):
        """Let nothing go on with a key that will not do."""
        if self.state == "active":
            self._switch_off(text)
        else:
            self.write({"error": text, "checked_at": False})
        return text

    def _verify(self, client):
        """Look whose key this is before its documents are taken for ours."""
        organization = client.organization()
        problem = self._wrong_company(organization.tax_code)
        if problem:
            self._switch_off(problem)
            return False
        self._write_organization(organization)
        return True

    def _write_organization(self, organization):
        self.write(
            {
                "organization_tax_number": organization.tax_code,
                "subscription_end": organization.subscription.expiration_date,
                "checked_at": fields.Datetime.now(),
            }
        )

    def _wrong_company(self, tax_number):
        """Return why this account cannot be the one meant, or False."""
        is_ours = tax_base(tax_number) in self._own_tax_bases()
        if self.mode != "supplier" and not is_ours:
            return self.env._(
                "This API key belongs to another company: its tax number is "
                "%(theirs)s, ours is %(ours)s.",
                theirs=tax_number or "?",
                ours=self._taxpayer().vat or "?",
            )
        if self.mode == "supplier" and tax_base(tax_number) == self._own_tax_base():
            return self.env._(
                "This API key belongs to our own Billingo account (tax number %s), "
                "and nobody is his own supplier. Ask the supplier for a key, or "
                "choose that the documents are our customer invoices or our "
                "spendings.",
                tax_number,
            )
        before = self.organization_tax_number
        if self._has_documents() and tax_base(before) != tax_base(tax_number):
            return self.env._(
                "This API key belongs to another Billingo account (tax number "
                "%(now)s) than the documents fetched so far (%(before)s). Make another "
                "connection for it.",
                now=tax_number or "?",
                before=before or "?",
            )
        return False

    def _taxpayer(self):
        """The company, or whose branch it is when it has no tax number of its own."""
        line = self.company_id.sudo().parent_ids[::-1]
        return line.filtered("vat")[:1] or self.company_id

    def _own_tax_bases(self):
        """The eight-digit numbers by which documents may call the company."""
        company = self._taxpayer()
        bases = {tax_base(company.vat), tax_base(company.l10n_hu_group_vat)}
        return bases - {""}

    def _own_tax_base(self):
        """The number that is this company's alone: a VAT group has members.

        Empty where there is none, as when the company's number is the group's.
        """
        company = self._taxpayer()
        own = tax_base(company.vat)
        return own if own != tax_base(company.l10n_hu_group_vat) else ""

    def _found_text(self, documents, day, blocks):
        return self.env._(
            "Billingo answers: tax number %(number)s, subscription until %(end)s. "
            "This key may read: %(documents)s documents issued since %(day)s, "
            "%(blocks)s blocks. It need not be able to do more.",
            number=self.organization_tax_number,
            end=self.subscription_end or "?",
            documents=documents,
            day=day,
            blocks=blocks,
        )
