import base64
import io
import zipfile

from odoo import Command
from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged

from ..maventa_api.official_rules import has_saxon
from ..services import official_rules
from .common import MaventaCommon

# Two invented rules, in the form in which publishers compile theirs.
RULES = """<xsl:stylesheet version="2.0"
    xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
    xmlns:svrl="http://purl.oclc.org/dsdl/svrl"
    xmlns:cac="urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2"
    xmlns:cbc="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2">
  <xsl:template match="/">
    <svrl:schematron-output>
      <xsl:for-each select="//cac:InvoiceLine[cac:Item/cbc:Name = 'Rain']">
        <svrl:failed-assert id="INV-1" flag="fatal"
            location="/*:Invoice[1]/*:InvoiceLine[2]">
          <svrl:text>[INV-1]-Rain is not for sale.</svrl:text>
        </svrl:failed-assert>
      </xsl:for-each>
      <svrl:failed-assert id="INV-2" flag="warning" location="/*:Invoice[1]">
        <svrl:text>[INV-2]-A warning.</svrl:text>
      </svrl:failed-assert>
    </svrl:schematron-output>
  </xsl:template>
</xsl:stylesheet>"""
XS = 'xmlns:xs="http://www.w3.org/2001/XMLSchema"'
SCHEMA = f"""<xs:schema {XS}>
  <xs:include schemaLocation="../common/types.xsd"/>
  <xs:element name="Finvoice" type="nothing"/>
</xs:schema>"""
TYPES = f"""<xs:schema {XS}>
  <xs:complexType name="nothing"><xs:sequence/></xs:complexType>
</xs:schema>"""


@tagged("post_install", "-at_install")
class TestOfficialRules(MaventaCommon):
    """Rule files of an administrator, checked before the upload."""

    def setUp(self):
        super().setUp()
        self.addCleanup(self._end_process)

    @staticmethod
    def _end_process():
        """End the process that the service keeps for the next document."""
        if rules := getattr(official_rules._kept, "rules", None):
            rules.close()

    def _load(self, *files, **values):
        attachments = self.env["ir.attachment"].create(
            [{"name": name, "raw": content} for name, content in files]
        )
        dialog = self.env["maventa.rules.upload"].create(
            {"attachment_ids": [Command.set(attachments.ids)], **values}
        )
        dialog.action_load()
        return self.env["maventa.rule.file"].search([])

    def _sale(self, second):
        move = self._invoice()
        return self._invoice(
            invoice_line_ids=[
                Command.create(
                    {
                        "name": name,
                        "price_unit": 10,
                        "tax_ids": [Command.set(move.invoice_line_ids.tax_ids.ids)],
                    }
                )
                for name in ("Snow", second)
            ]
        )

    def test_what_the_rules_refuse_is_invalid_with_rule_text_and_line(self):
        self.assertTrue(has_saxon(), "the test list of setup.cfg has saxonche")
        self._load(("rules.xslt", RULES.encode()))
        moves = self._to_transfer(self._sale("Rain"), self._sale("Ice"))
        self._run_cron()
        rain, ice = moves
        self.assertEqual(rain.maventa_state, "invalid")
        for text in ('Line "Rain"', "INV-1", "Rain is not for sale"):
            self.assertIn(text, rain.maventa_error)
        self.assertNotIn("INV-2", rain.maventa_error)
        self.assertEqual(ice.maventa_state, "accepted")
        self.assertEqual(list(self._held()), [ice.name])

    def test_company_can_switch_the_check_off(self):
        self._load(("rules.xslt", RULES.encode()))
        self.company.maventa_check_rules = False
        self._make_document(self._sale("Rain"))

    def test_without_files_the_settings_say_so(self):
        settings = self.env["res.config.settings"].create({})
        self.assertIn("No rule files", settings.maventa_rules_text)
        self._load(("rules.xslt", RULES.encode()))
        settings = self.env["res.config.settings"].create({})
        self.assertIn("1 rule files", settings.maventa_rules_text)

    def test_schemas_of_a_zip_find_each_other_by_name(self):
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w") as archive:
            archive.writestr("maindoc/Finvoice9.xsd", SCHEMA)
            archive.writestr("common/types.xsd", TYPES)
            archive.writestr("readme.txt", "not a rule")
        files = self._load(("schemas.zip", buffer.getvalue()), release="9")
        self.assertEqual(set(files.mapped("name")), {"Finvoice9.xsd", "types.xsd"})
        self.assertEqual(set(files.mapped("document_format")), {"finvoice"})
        self.assertFalse(any(files.mapped("problem")))
        main = files.filtered("is_main")
        self.assertEqual(main.document, "Finvoice")
        self.company.maventa_format = "finvoice"
        move = self._invoice()
        with self.assertRaisesRegex(ValidationError, "XSD"):
            self._make_document(move)
        (files - main).unlink()
        self.assertIn("types.xsd", main.problem)
        self._make_document(move)

    def test_what_is_no_rule_file_is_refused_with_a_reason(self):
        for name, content, text in (
            ("x.xslt", b"no xml", "not valid XML"),
            ("x.xslt", b"<a/>", "neither a stylesheet"),
            (
                "x.sch",
                b'<schema xmlns="http://purl.oclc.org/dsdl/schematron"/>',
                "XSLT",
            ),
        ):
            with self.assertRaisesRegex(ValidationError, text):
                self._load((name, content))

    def test_stylesheet_that_reads_other_files_is_not_used(self):
        reaching = RULES.replace("'Rain'", "document('file:///etc/passwd')")
        files = self._load(("rules.xslt", reaching.encode()))
        self.assertIn("other files", files.problem)
        self._make_document(self._sale("Rain"))

    def test_accountants_cannot_change_rule_files(self):
        files = self._load(("rules.xslt", RULES.encode()))
        with self.assertRaises(AccessError):
            files.with_user(self.accountant).unlink()
        with self.assertRaises(AccessError):
            self.env["maventa.rules.upload"].with_user(self.accountant).create({})

    def test_file_of_the_same_name_is_replaced(self):
        self._load(("rules.xslt", RULES.encode()))
        changed = RULES.replace("INV-1", "INV-9").encode()
        files = self._load(("rules.xslt", changed))
        self.assertEqual(len(files), 1)
        self.assertEqual(base64.b64decode(files.data), changed)
        with self.assertRaisesRegex(ValidationError, "INV-9"):
            self._make_document(self._sale("Rain"))
