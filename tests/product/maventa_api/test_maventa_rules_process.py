"""The official rules in a process of their own."""

import os
import signal

import pytest
from maventa_api.official_rules import (
    CheckFailedError,
    RuleFile,
    RuleKind,
    RulesError,
    RulesProblem,
)
from maventa_api.rules_process import RulesProcess

SCHEMA = b"""<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">
  <xs:element name="a"><xs:complexType><xs:sequence>
    <xs:element name="b" type="xs:integer"/>
  </xs:sequence></xs:complexType></xs:element>
</xs:schema>"""
FILES = (RuleFile("a.xsd", SCHEMA, RuleKind.XSD, "a"),)


def test_findings_come_back_as_from_the_rules_themselves():
    with RulesProcess(FILES) as rules:
        assert rules.check(b"<a><b>1</b></a>") == ()
        [finding] = rules.check(b"<a><b>x</b></a>")
    assert (finding.rule, finding.file) == ("XSD", "a.xsd")


def test_one_process_checks_many_documents():
    with RulesProcess(FILES) as rules:
        rules.check(b"<a><b>1</b></a>")
        first = rules._child.pid
        rules.check(b"<a><b>2</b></a>")
        assert rules._child.pid == first


def test_a_process_that_ended_is_started_again():
    with RulesProcess(FILES) as rules:
        rules.start()
        os.kill(rules._child.pid, signal.SIGKILL)
        rules._child.wait()
        assert rules.check(b"<a><b>1</b></a>") == ()


def test_a_file_that_cannot_be_used_is_named():
    broken = RuleFile("a.xsd", SCHEMA.replace(b"xs:integer", b"none"), RuleKind.XSD)
    with RulesProcess((broken,)) as rules, pytest.raises(RulesError) as caught:
        rules.start()
    assert caught.value.problem is RulesProblem.NOT_USABLE
    assert caught.value.name == "a.xsd"


def test_an_answer_that_does_not_come_in_time_is_no_verdict():
    with RulesProcess(FILES) as rules:
        rules.start()
        rules._seconds = 0.0
        with pytest.raises(CheckFailedError, match="in time"):
            rules.check(b"<a><b>1</b></a>")
        assert rules._child is None


def test_a_small_limit_of_the_parent_does_not_matter():
    resource = pytest.importorskip("resource")
    before = resource.getrlimit(resource.RLIMIT_AS)
    stylesheet = b"""<xsl:stylesheet version="2.0"
        xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
        xmlns:svrl="http://purl.oclc.org/dsdl/svrl">
      <xsl:template match="/"><svrl:schematron-output/></xsl:template>
    </xsl:stylesheet>"""
    resource.setrlimit(resource.RLIMIT_AS, (2_684_354_560, before[1]))
    try:
        with RulesProcess((RuleFile("a.xslt", stylesheet),)) as rules:
            assert rules.check(b"<a/>") == ()
    finally:
        resource.setrlimit(resource.RLIMIT_AS, before)
