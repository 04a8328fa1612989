"""The dialog that loads official rule files, one by one or as a ZIP."""

import base64
import io
import zipfile

from odoo import Command, fields, models
from odoo.exceptions import UserError

from ..guards import guarded

LARGEST_ZIP = 50_000_000  # bytes, unpacked
SUFFIXES = (".xslt", ".xsl", ".xsd")


@guarded()
class MaventaRulesUpload(models.TransientModel):
    _name = "maventa.rules.upload"
    _description = "Load Official Rule Files"

    attachment_ids = fields.Many2many(
        "ir.attachment",
        string="Files",
        help="Stylesheets (XSLT) and schemas (XSD) as their publishers offer them, or "
        "ZIP files with them.",
    )
    release = fields.Char(help="For your own records, for example 2026.5.")
    document_format = fields.Selection(
        selection=lambda self: self.env["account.edi.xml.maventa"]._maventa_selection(),
        string="Format",
        help="Empty: as the files tell.",
    )

    # === ACTIONS === #

    def action_load(self):
        """Store the files; a file of the same name is replaced."""
        self.ensure_one()
        if not self.attachment_ids:
            raise UserError(self.env._("Choose at least one file."))
        rules = self.env["maventa.rule.file"]
        made, new = rules, []
        for name, content in self._contents():
            key = self.document_format or rules._proposed_format(content)
            values = {
                "name": name,
                "document_format": key,
                "data": base64.b64encode(content),
                "release": self.release,
            }
            domain = [("name", "=", name), ("document_format", "=", key)]
            if found := rules.search(domain, limit=1):
                found.write(values)
                made |= found
            else:
                new.append(values)
        made |= rules.create(new)
        self.attachment_ids = [Command.clear()]
        return made._get_records_action(name=self.env._("Official Rule Files"))

    # === HELPERS === #

    def _contents(self):
        """Return name and bytes of every rule file."""
        found = {}
        for attachment in self.attachment_ids:
            if attachment.name.lower().endswith(".zip"):
                found |= self._unpacked(attachment)
            else:
                found[attachment.name] = attachment.raw
        if not found:
            raise UserError(
                self.env._("There is no stylesheet (XSLT) and no schema in the files.")
            )
        return found.items()

    def _unpacked(self, attachment):
        try:
            with zipfile.ZipFile(io.BytesIO(attachment.raw)) as archive:
                rows = [
                    row
                    for row in archive.infolist()
                    if row.filename.lower().endswith(SUFFIXES)
                ]
                if sum(row.file_size for row in rows) > LARGEST_ZIP:
                    raise UserError(
                        self.env._("The file %s is too large.", attachment.name)
                    )
                return {
                    row.filename.rpartition("/")[2]: archive.read(row) for row in rows
                }
        except zipfile.BadZipFile as error:
            raise UserError(
                self.env._("The file %s is not a valid ZIP.", attachment.name)
            ) from error
