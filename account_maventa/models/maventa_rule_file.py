"""The official rule files that an administrator has loaded.

They are the user's: EN 16931 and OpenPEPPOL publish stylesheets (XSLT), UBL and
Finvoice are schemas (XSD). Nothing of them is part of this addon.
"""

import base64
import hashlib
import re

from lxml import etree
from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..guards import guarded
from ..maventa_api.official_rules import RuleKind, RulesError, has_saxon, kind_of

UBL = b"urn:oasis:names:specification:ubl:schema:xsd"
DOCUMENTS = ("Invoice", "CreditNote", "Finvoice")  # root elements of what is sent
XS = "{http://www.w3.org/2001/XMLSchema}"


@guarded(*"kind document is_main sha256 problem".split())
class MaventaRuleFile(models.Model):
    _name = "maventa.rule.file"
    _description = "Official Rule File"
    _order = "document_format, kind, name"

    name = fields.Char("File", required=True)
    document_format = fields.Selection(
        "_selection_document_format",
        "Format",
        required=True,
        help="The format of the documents that are checked by this file.",
    )
    data = fields.Binary("Content", required=True, attachment=True)
    release = fields.Char(help="The release of the rules, for your own records.")
    active = fields.Boolean(default=True)
    kind = fields.Selection(
        [("xslt", "Rules (XSLT)"), ("xsd", "Schema (XSD)")],
        readonly=True,
        required=True,
    )
    document = fields.Char(
        readonly=True,
        help="The root element that the file is for; empty for all.",
    )
    is_main = fields.Boolean(
        "Describes documents",
        readonly=True,
        help="Off for schemas that only other schemas use.",
    )
    sha256 = fields.Char("SHA-256", readonly=True)
    problem = fields.Char(
        readonly=True, help="Why the file is not used. Empty if it is used."
    )

    _name_uniq = models.UniqueIndex(
        "(document_format, name) WHERE active",
        "This format already has a rule file of this name.",
    )

    @api.model
    def _selection_document_format(self):
        return self.env["account.edi.xml.maventa"]._maventa_selection()

    # === OVERRIDES === #

    @api.model_create_multi
    def create(self, vals_list):
        # EXTENDS 'base'
        files = super().create([self._with_facts(values) for values in vals_list])
        files._update_problems()
        return files

    def write(self, vals):
        # EXTENDS 'base'
        if "data" in vals or "name" in vals:
            for file in self:
                data = vals.get("data") or base64.b64encode(file.content)
                name = vals.get("name", file.name)
                facts = self._with_facts({**vals, "name": name, "data": data})
                super(MaventaRuleFile, file).write(facts)
        else:
            super().write(vals)
        if {"data", "name", "document_format", "active"} & vals.keys():
            self._update_problems()
        return True

    def unlink(self):
        # EXTENDS 'base'
        formats = set(self.mapped("document_format"))
        result = super().unlink()
        self.search([("document_format", "in", list(formats))])._update_problems()
        return result

    # === HELPERS === #

    @property
    def content(self):
        """The bytes of this one file."""
        return base64.b64decode(self.with_context(bin_size=False).data or b"")

    @api.model
    def _usable(self, document_format):
        """Return the files that check documents of a format."""
        domain = [("document_format", "=", document_format), ("problem", "=", False)]
        return self.search(domain, order="id")

    @api.model
    def _proposed_format(self, content):
        """Return the key of the format that a file is about, as its text tells."""
        return "peppol" if UBL in content else "finvoice"

    def _with_facts(self, values):
        """Return the values with what the file itself says.

        :raise ValidationError: it is no rule file
        """
        content = base64.b64decode(values.get("data") or b"")
        name = values.get("name") or ""
        try:
            kind = kind_of(name, content)
        except RulesError as error:
            rules = self.env["maventa.official.rules"]
            raise ValidationError(rules._rules_problem(error)) from error
        document = self._document_of(kind, name, content)
        return {
            **values,
            "kind": kind.value,
            "document": document,
            "is_main": kind == RuleKind.XSLT or bool(document),
            "sha256": hashlib.sha256(content).hexdigest(),
        }

    def _document_of(self, kind, name, content):
        """Return the root element that a schema describes, if we send such documents.

        Schemas of UBL declare many elements; their name tells which is the root.
        """
        if kind != RuleKind.XSD:
            return ""
        root = etree.fromstring(content, etree.XMLParser(resolve_entities=False))
        declared = {node.get("name") for node in root.findall(f"{XS}element")}
        found = [word for word in DOCUMENTS if word in declared]
        if len(found) > 1:
            found = [word for word in found if re.search(rf"\b{word}\b", name)]
        return found[0] if found else ""

    def _update_problems(self):
        """Record why files cannot be used; schemas depend on each other."""
        rules = self.env["maventa.official.rules"]
        for document_format in set(self.mapped("document_format")):
            files = self.search([("document_format", "=", document_format)])
            schemas = files.filtered(lambda row: row.kind == "xsd")
            if schemas:
                schemas._write_problem(rules._problem_of(schemas))
            for file in files - schemas:
                if file in self or file.problem or not has_saxon():
                    file._write_problem(rules._problem_of(file))

    def _write_problem(self, problem):
        """Write it without checking the files once more."""
        with self.env.protecting([self._fields["problem"]], self):
            for file in self:
                file.problem = problem
