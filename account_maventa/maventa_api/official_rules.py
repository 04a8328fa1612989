"""The official rules, run before the upload: rule files that the company brings.

The files are the user's: EN 16931 and OpenPEPPOL publish their Schematron rules as
XSLT, the schemas are XSD. lxml runs schemas; XSLT 2 needs ``saxonche`` (SaxonC-HE),
which is optional: without it such rules cannot be loaded, and ``has_saxon`` says so.
Nothing here reaches the network, or files beyond those that were handed over.
"""

from __future__ import annotations

import importlib
import importlib.util
import re
import tempfile
import time
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

from lxml import etree

SVRL = "http://purl.oclc.org/dsdl/svrl"
SCHEMATRON = "http://purl.oclc.org/dsdl/schematron"
XSL = "http://www.w3.org/1999/XSL/Transform"
XSD = "http://www.w3.org/2001/XMLSchema"
LARGEST_RULES = 20_000_000  # bytes; the largest published file has one million
LARGEST_DOCUMENT = 150_000_000
LONGEST_TEXT = 1000
MOST_FINDINGS = 200
# What reaches beyond the document: other files, programs, the network
REACHING = re.compile(
    r"\b(document|doc|doc-available|unparsed-text|unparsed-text-lines|"
    r"unparsed-text-available|collection|uri-collection|json-doc|transform|"
    r"environment-variable|available-environment-variables|load-xquery-module|"
    r"function-lookup)\s*[(#]"
)


class RuleKind(StrEnum):
    XSLT = "xslt"  # Schematron, compiled to XSLT by its publisher
    XSD = "xsd"


class RuleSeverity(StrEnum):
    ERROR = "error"
    WARNING = "warning"


class RulesProblem(StrEnum):
    """Why a rule file cannot be used; the texts are the caller's."""

    SAXON_MISSING = "saxon_missing"
    TOO_LARGE = "too_large"
    NOT_XML = "not_xml"
    UNCOMPILED = "uncompiled_schematron"  # .sch: the publisher's .xslt is needed
    UNKNOWN_KIND = "unknown_kind"
    REACHES_OUT = "reaches_out"  # wants other files or the network
    NOT_USABLE = "not_usable"  # does not compile
    FILE_MISSING = "file_missing"  # an imported schema was not handed over


class RulesError(Exception):
    """A rule file cannot be used, or the check itself failed.

    :param problem: why
    :param name: of the file
    :param detail: the words of the parser or compiler, if there are any
    """

    def __init__(self, problem: RulesProblem, name: str, detail: str = "") -> None:
        super().__init__(f"{name}: {problem}: {detail}" if detail else name)
        self.problem, self.name, self.detail = problem, name, detail


class CheckFailedError(Exception):
    """The rules gave no answer for a document: its validity is not known."""


@dataclass(frozen=True)
class RuleFile:
    """A file of rules.

    :param name: as published; schemas import each other by their names
    :param document: local name of the root element that the rules are for, for
        example ``Invoice``; empty for every document
    :param is_main: of schemas, the one that describes whole documents
    """

    name: str
    content: bytes
    kind: RuleKind = RuleKind.XSLT
    document: str = ""
    is_main: bool = True


@dataclass(frozen=True)
class Finding:
    """One rule that a document breaks."""

    rule: str
    text: str
    location: str
    severity: RuleSeverity = RuleSeverity.ERROR
    file: str = ""


def has_saxon() -> bool:
    """Tell whether rules in XSLT can be run on this machine."""
    return importlib.util.find_spec("saxonche") is not None


def kind_of(name: str, content: bytes) -> RuleKind:
    """Return what a file is, by its root element.

    :raise RulesError: it is none of the kinds, or is no XML
    """
    root = _parse(name, content)
    namespace = etree.QName(root).namespace
    if namespace == XSL:
        return RuleKind.XSLT
    if namespace == XSD:
        return RuleKind.XSD
    if namespace == SCHEMATRON:
        raise RulesError(RulesProblem.UNCOMPILED, name)
    raise RulesError(RulesProblem.UNKNOWN_KIND, name, str(root.tag))


class OfficialRules:
    """Rule files, compiled once, for many documents. Not for several threads.

    :param seconds: after this time no further file is begun for a document
    """

    def __init__(self, files: tuple[RuleFile, ...], *, seconds: float = 30) -> None:
        self._seconds = seconds
        self._schemas = _schemas(files)
        self._stylesheets = _Stylesheets(
            tuple(file for file in files if file.kind is RuleKind.XSLT)
        )

    def check(self, document: bytes) -> tuple[Finding, ...]:
        """Return the rules that a document breaks; nothing if it is valid.

        A document that its schema refuses is not shown to the other rules.
        :raise CheckFailedError: the rules gave no answer, or not in time
        """
        if len(document) > LARGEST_DOCUMENT:
            raise CheckFailedError("the document is too large")
        try:
            root = etree.fromstring(document, _parser())
        except etree.XMLSyntaxError as error:
            return (Finding("XML", str(error)[:LONGEST_TEXT], ""),)
        if root.getroottree().docinfo.internalDTD is not None:
            return (Finding("XML", "a document type declaration is not allowed", ""),)
        _drop_embedded(root)
        name = etree.QName(root).localname
        findings = self._by_schema(root, name)
        if not findings:
            deadline = time.monotonic() + self._seconds
            findings = self._stylesheets.check(root, name, deadline)
        return tuple(dict.fromkeys(findings))[:MOST_FINDINGS]

    def _by_schema(self, root: etree._Element, name: str) -> list[Finding]:
        findings = []
        for file, schema in self._schemas:
            if file.document in ("", name) and not schema.validate(root):
                findings += [
                    Finding(
                        "XSD",
                        str(entry.message)[:LONGEST_TEXT],
                        str(entry.path or ""),
                        file=file.name,
                    )
                    for entry in list(schema.error_log)
                ]
        return findings


# === READING === #


def _parser() -> etree.XMLParser:
    return etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=True
    )


def _parse(name: str, content: bytes) -> etree._Element:
    if len(content) > LARGEST_RULES:
        raise RulesError(RulesProblem.TOO_LARGE, name)
    try:
        root = etree.fromstring(content, _parser())
    except etree.XMLSyntaxError as error:
        raise RulesError(RulesProblem.NOT_XML, name, str(error)) from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise RulesError(RulesProblem.REACHES_OUT, name, "DOCTYPE")
    return root


def _drop_embedded(root: etree._Element) -> None:
    """Shorten embedded files: no rule reads what is in them, but all of them wait."""
    for node in root.iter("{*}EmbeddedDocumentBinaryObject"):
        if node.text and len(node.text) > 8:
            node.text = "AAAA"


# === SCHEMAS === #


def _schemas(
    files: tuple[RuleFile, ...],
) -> list[tuple[RuleFile, etree.XMLSchema]]:
    files = tuple(file for file in files if file.kind is RuleKind.XSD)
    return [(file, _schema(file, files)) for file in files if file.is_main]


def _schema(main: RuleFile, files: tuple[RuleFile, ...]) -> etree.XMLSchema:
    """Compile a schema with the files that it imports, by their names.

    libxml2 asks no resolver for imported schemas under every release: the files lie in
    a folder of their own while it reads them.
    """
    with tempfile.TemporaryDirectory(prefix="rules") as folder:
        for file in files:
            _check_name(file.name)
            tree = _parse(file.name, file.content)
            _imports_of(tree, file.name, files)
            Path(folder, file.name).write_bytes(etree.tostring(tree))
        try:
            return etree.XMLSchema(etree.parse(str(Path(folder, main.name)), _parser()))
        except etree.XMLSchemaParseError as error:
            detail = str(error)[:LONGEST_TEXT]
            raise RulesError(RulesProblem.NOT_USABLE, main.name, detail) from error


def _check_name(name: str) -> None:
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._ -]{0,120}", name):
        raise RulesError(RulesProblem.UNKNOWN_KIND, name)


def _imports_of(tree: etree._Element, name: str, files: tuple[RuleFile, ...]) -> None:
    """Point imports at the files handed over; those of others are not looked for."""
    known = {file.name for file in files}
    for node in tree.iter(f"{{{XSD}}}import", f"{{{XSD}}}include"):
        location = node.get("schemaLocation")
        if location is None:
            continue
        bare = location.replace("\\", "/").rpartition("/")[2]
        if bare not in known:
            raise RulesError(RulesProblem.FILE_MISSING, bare, name)
        node.set("schemaLocation", bare)


# === XSLT === #


@dataclass
class _Stylesheets:
    """Stylesheets under Saxon; the processor lives as long as they do."""

    files: tuple[RuleFile, ...]
    saxon: Any = None
    compiled: list[tuple[RuleFile, Any]] = field(default_factory=list)

    def __post_init__(self) -> None:
        if not self.files:
            return
        if not has_saxon():
            raise RulesError(RulesProblem.SAXON_MISSING, self.files[0].name)
        module = importlib.import_module("saxonche")
        self.saxon = module.PySaxonProcessor(license=False)
        for name in ALLOWED_NOTHING:
            self.saxon.set_configuration_property(*name)
        for file in self.files:
            self.compiled.append((file, self._compile(file)))

    def _compile(self, file: RuleFile) -> Any:
        tree = _parse(file.name, file.content)
        _refuse_reaching(file.name, tree)
        processor = self.saxon.new_xslt30_processor()
        try:
            compiled = processor.compile_stylesheet(
                stylesheet_text=etree.tostring(tree, encoding="unicode")
            )
        except Exception as error:  # saxonche raises its own class, or RuntimeError
            detail = str(error)[:LONGEST_TEXT]
            raise RulesError(RulesProblem.NOT_USABLE, file.name, detail) from error
        if compiled is None:
            detail = str(processor.error_message or "")[:LONGEST_TEXT]
            raise RulesError(RulesProblem.NOT_USABLE, file.name, detail)
        return compiled

    def check(self, root: etree._Element, name: str, deadline: float) -> list[Finding]:
        wanted = [pair for pair in self.compiled if pair[0].document in ("", name)]
        if not wanted:
            return []
        node = self.saxon.parse_xml(xml_text=etree.tostring(root, encoding="unicode"))
        findings: list[Finding] = []
        for file, compiled in wanted:
            if time.monotonic() > deadline:
                raise CheckFailedError(f"{file.name}: no time left")
            findings += _read(file, self._transform(file, compiled, node))
        return findings

    def _transform(self, file: RuleFile, compiled: Any, node: Any) -> bytes:
        try:
            answer = compiled.transform_to_string(xdm_node=node)
        except Exception as error:  # saxonche raises its own class, or RuntimeError
            raise CheckFailedError(f"{file.name}: {error}"[:LONGEST_TEXT]) from error
        if not answer:
            raise CheckFailedError(f"{file.name}: {compiled.error_message}")
        return bytes(answer, "utf-8")


# Saxon's features: no functions in Java or C, no other files, no DOCTYPE
ALLOWED_NOTHING = (
    ("http://saxon.sf.net/feature/allow-external-functions", "false"),
    ("http://saxon.sf.net/feature/allowedProtocols", "none"),
)


def _refuse_reaching(name: str, tree: etree._Element) -> None:
    """Refuse a stylesheet that would read or write anything but the document."""
    for node in tree.iter("*"):
        qualified = etree.QName(node)
        if qualified.namespace == XSL and qualified.localname in (
            "import",
            "include",
            "result-document",
            "source-document",
            "use-package",
            "evaluate",
            "import-schema",
        ):
            raise RulesError(RulesProblem.REACHES_OUT, name, qualified.localname)
        if node.get("expand-text") or node.get(f"{{{XSL}}}expand-text"):
            raise RulesError(RulesProblem.REACHES_OUT, name, "expand-text")
        for value in node.attrib.values():
            if found := REACHING.search(str(value)):
                raise RulesError(RulesProblem.REACHES_OUT, name, found[1])


def _read(file: RuleFile, answer: bytes) -> list[Finding]:
    """Return the findings of a report (SVRL).

    :raise CheckFailedError: it is no report: the stylesheet is no compiled Schematron
    """
    try:
        report = etree.fromstring(answer, _parser())
    except etree.XMLSyntaxError as error:
        raise CheckFailedError(f"{file.name}: {error}") from error
    if report.tag != f"{{{SVRL}}}schematron-output":
        raise CheckFailedError(f"{file.name}: {report.tag!r} is not a report")
    return [
        _finding(file, node)
        for name in ("failed-assert", "successful-report")
        for node in report.iter(f"{{{SVRL}}}{name}")
    ]


def _finding(file: RuleFile, node: etree._Element) -> Finding:
    text = " ".join("".join(str(part) for part in node.itertext()).split())
    flag = str(node.get("flag") or node.get("role") or "").lower()
    return Finding(
        rule=str(node.get("id") or ""),
        text=text[:LONGEST_TEXT],
        location=short_location(str(node.get("location") or "")),
        severity=RuleSeverity.WARNING if flag in LENIENT else RuleSeverity.ERROR,
        file=file.name,
    )


LENIENT = {"warning", "warn", "info", "information"}


def short_location(location: str) -> str:
    """Return a place as people read it: ``/Invoice/InvoiceLine[2]/Price``."""
    location = re.sub(r"\[namespace-uri\(\)='[^']*'\]", "", location)
    location = re.sub(r"\*:|[A-Za-z0-9_-]+:|Q\{[^}]*\}", "", location)
    return location.replace("[1]", "")
