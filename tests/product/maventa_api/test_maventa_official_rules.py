"""Rule files of the user: what is run, what is refused, what is found."""

import importlib.util

import pytest
from maventa_api import official_rules
from maventa_api.official_rules import (
    CheckFailedError,
    Finding,
    OfficialRules,
    RuleFile,
    RuleKind,
    RulesError,
    RuleSeverity,
    RulesProblem,
    kind_of,
    short_location,
)

needs_saxon = pytest.mark.skipif(
    importlib.util.find_spec("saxonche") is None, reason="saxonche is not installed"
)
XSL = 'xmlns:xsl="http://www.w3.org/1999/XSL/Transform"'
SCHEMA = b"""<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">
  <xs:include schemaLocation="../common/types.xsd"/>
  <xs:element name="Note"><xs:complexType><xs:sequence>
    <xs:element name="Amount" type="Money"/>
  </xs:sequence></xs:complexType></xs:element>
</xs:schema>"""
TYPES = b"""<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">
  <xs:simpleType name="Money"><xs:restriction base="xs:decimal"/></xs:simpleType>
</xs:schema>"""
MAIN = RuleFile("note.xsd", SCHEMA, RuleKind.XSD, document="Note")
PART = RuleFile("types.xsd", TYPES, RuleKind.XSD, is_main=False)


def stylesheet(body, more=""):
    return f"""<xsl:stylesheet {XSL} version="2.0"
      xmlns:svrl="http://purl.oclc.org/dsdl/svrl">{more}
      <xsl:template match="/"><svrl:schematron-output>{body}</svrl:schematron-output>
      </xsl:template></xsl:stylesheet>""".encode()


POSITIVE = stylesheet(
    """<xsl:if test="not(/*/Amount &gt; 0)">
      <svrl:failed-assert id="R-1" flag="fatal" location="/*:Note[1]/*:Amount[2]">
        <svrl:text>  The amount
          is not positive.</svrl:text></svrl:failed-assert></xsl:if>
    <xsl:if test="/*/Amount &gt; 100">
      <svrl:failed-assert id="R-2" flag="warning" location="/Note">
        <svrl:text>Much</svrl:text></svrl:failed-assert></xsl:if>"""
)


def test_a_schema_finds_its_includes_by_name_among_the_files():
    rules = OfficialRules((MAIN, PART))
    assert rules.check(b"<Note><Amount>1.5</Amount></Note>") == ()
    [finding] = rules.check(b"<Note><Amount>much</Amount></Note>")
    assert (finding.rule, finding.severity) == ("XSD", RuleSeverity.ERROR)
    assert finding.location == "/Note/Amount"
    assert "much" in finding.text


def test_a_schema_is_for_its_documents_only():
    assert OfficialRules((MAIN, PART)).check(b"<Other/>") == ()


@pytest.mark.parametrize(
    ("files", "problem"),
    [
        ((MAIN,), RulesProblem.FILE_MISSING),
        ((RuleFile("a.xsd", b"<a", RuleKind.XSD),), RulesProblem.NOT_XML),
        ((RuleFile("../a.xsd", TYPES, RuleKind.XSD),), RulesProblem.UNKNOWN_KIND),
        (
            (RuleFile("a.xsd", TYPES.replace(b"decimal", b"nothing"), RuleKind.XSD),),
            RulesProblem.NOT_USABLE,
        ),
    ],
)
def test_a_schema_that_cannot_be_used_is_refused(files, problem):
    with pytest.raises(RulesError) as caught:
        OfficialRules(files)
    assert caught.value.problem is problem


@pytest.mark.parametrize(
    ("content", "outcome"),
    [
        (POSITIVE, RuleKind.XSLT),
        (TYPES, RuleKind.XSD),
        (
            b'<schema xmlns="http://purl.oclc.org/dsdl/schematron"/>',
            RulesProblem.UNCOMPILED,
        ),
        (b"<html/>", RulesProblem.UNKNOWN_KIND),
        (b"no XML", RulesProblem.NOT_XML),
        (b'<!DOCTYPE a [<!ENTITY b "c">]><a/>', RulesProblem.REACHES_OUT),
    ],
)
def test_a_file_is_known_by_its_root(content, outcome):
    if isinstance(outcome, RuleKind):
        assert kind_of("file", content) is outcome
        return
    with pytest.raises(RulesError) as caught:
        kind_of("file", content)
    assert caught.value.problem is outcome


def test_rules_in_xslt_without_saxon_are_refused(monkeypatch):
    monkeypatch.setattr(official_rules, "has_saxon", lambda: False)
    with pytest.raises(RulesError) as caught:
        OfficialRules((RuleFile("a.xslt", POSITIVE),))
    assert caught.value.problem is RulesProblem.SAXON_MISSING


def test_schemas_need_no_saxon(monkeypatch):
    monkeypatch.setattr(official_rules, "has_saxon", lambda: False)
    assert OfficialRules((MAIN, PART)).check(b"<Other/>") == ()


def test_a_file_that_is_too_large_is_refused(monkeypatch):
    monkeypatch.setattr(official_rules, "LARGEST_RULES", 10)
    with pytest.raises(RulesError) as caught:
        kind_of("file", TYPES)
    assert caught.value.problem is RulesProblem.TOO_LARGE


def test_a_document_with_entities_is_a_finding():
    document = b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///other">]><a>&b;</a>'
    [finding] = OfficialRules(()).check(document)
    assert finding.rule == "XML"


def test_a_document_that_is_too_large_has_no_answer(monkeypatch):
    monkeypatch.setattr(official_rules, "LARGEST_DOCUMENT", 3)
    with pytest.raises(CheckFailedError):
        OfficialRules(()).check(b"<Note/>")


@pytest.mark.parametrize(
    ("long", "short"),
    [
        (
            "/*:Invoice[namespace-uri()='urn:x'][1]/*:InvoiceLine[2]/*:Price[1]",
            "/Invoice/InvoiceLine[2]/Price",
        ),
        ("/ubl:Invoice[1]/cac:TaxTotal[1]", "/Invoice/TaxTotal"),
        ("/Q{urn:x}Invoice[1]", "/Invoice"),
        ("", ""),
    ],
)
def test_a_location_is_short(long, short):
    assert short_location(long) == short


@needs_saxon
def test_rules_in_xslt_tell_id_text_place_and_severity():
    rules = OfficialRules((RuleFile("a.xslt", POSITIVE),))
    assert rules.check(b"<Note><Amount>1</Amount></Note>") == ()
    wanted = Finding(
        "R-1", "The amount is not positive.", "/Note/Amount[2]", file="a.xslt"
    )
    assert rules.check(b"<Note><Amount>-1</Amount></Note>") == (wanted,)
    [finding] = rules.check(b"<Note><Amount>101</Amount></Note>")
    assert finding.severity is RuleSeverity.WARNING


@needs_saxon
def test_what_a_schema_refuses_is_not_shown_to_the_other_rules():
    rules = OfficialRules((MAIN, PART, RuleFile("a.xslt", POSITIVE)))
    found = rules.check(b"<Note><Amount>-much</Amount></Note>")
    assert {finding.rule for finding in found} == {"XSD"}


@needs_saxon
@pytest.mark.parametrize(
    "content",
    [
        stylesheet("", '<xsl:import href="other.xslt"/>'),
        stylesheet("<xsl:value-of select=\"doc('other.txt')\"/>"),
        stylesheet("<a b=\"{unparsed-text('other.txt')}\"/>"),
        stylesheet('<xsl:result-document href="other.xml"/>'),
        stylesheet('<xsl:value-of select="doc#1"/>'),
        stylesheet('<svrl:text xsl:expand-text="yes">{1 + 1}</svrl:text>'),
    ],
)
def test_a_stylesheet_that_reaches_out_is_refused(content):
    with pytest.raises(RulesError) as caught:
        OfficialRules((RuleFile("a.xslt", content),))
    assert caught.value.problem is RulesProblem.REACHES_OUT


@needs_saxon
def test_a_stylesheet_that_does_not_compile_is_refused():
    broken = stylesheet('<xsl:value-of select="1 +"/>')
    with pytest.raises(RulesError) as caught:
        OfficialRules((RuleFile("a.xslt", broken),))
    assert caught.value.problem is RulesProblem.NOT_USABLE


@needs_saxon
def test_a_stylesheet_that_makes_no_report_gives_no_answer():
    text = f"<xsl:stylesheet {XSL} version='2.0'><xsl:template match='/'><a/>"
    text += "</xsl:template></xsl:stylesheet>"
    rules = OfficialRules((RuleFile("a.xslt", text.encode()),))
    with pytest.raises(CheckFailedError):
        rules.check(b"<Note/>")


@needs_saxon
def test_after_the_time_no_further_file_is_begun():
    rules = OfficialRules((RuleFile("a.xslt", POSITIVE),), seconds=-1)
    with pytest.raises(CheckFailedError):
        rules.check(b"<Note/>")
