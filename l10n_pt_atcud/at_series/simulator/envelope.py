"""The XML that AT accepts, answers and refuses with."""

from __future__ import annotations

from functools import cache

from lxml import etree

from ..client import WSDL
from ..exchange import parse

SOAP = "http://schemas.xmlsoap.org/soap/envelope/"
SOAP_12 = "http://www.w3.org/2003/05/soap-envelope"
AT = "http://at.gov.pt/"
_XSD = "http://www.w3.org/2001/XMLSchema"
_WORK_AREA = "http://oracle.com/weblogic/soap/workarea/"
_AUTHENTICATION = (
    "http://autenticacao.portaldasfinancas.gov.pt"
    "/services/ValidateCredencialService/2012/11"
)
# A store may forget the order of a mapping; the schema does not.
_SERIES_ELEMENTS = (
    "serie",
    "tipoSerie",
    "classeDoc",
    "tipoDoc",
    "numInicialSeq",
    "numFinalSeq",
    "dataInicioPrevUtiliz",
    "seqUltimoDocEmitido",
    "meioProcessamento",
    "numCertSWFatur",
    "codValidacaoSerie",
    "dataRegisto",
    "estado",
    "motivoEstado",
    "justificacao",
    "dataEstado",
    "nifComunicou",
)
GENERIC_REFUSAL = "Erro - Pedido do Cliente"


class Fault(Exception):
    """A refusal before the operation is looked at; ``body`` is the answer."""

    def __init__(self, body: bytes):
        super().__init__()
        self.body = body


@cache
def schema() -> etree.XMLSchema:
    """Return the schema of the messages: that of our WSDL."""
    (found,) = etree.parse(str(WSDL)).iterfind(f".//{{{_XSD}}}schema")
    return etree.XMLSchema(found)


def read(content: bytes) -> tuple[etree._Element, etree._Element]:
    """Return the ``Header`` and the operation's element of a request.

    :raise Fault: it is not an envelope, or not a message of the schema
    """
    root = parse(content)
    if root is None or root.tag != f"{{{SOAP}}}Envelope":
        raise client_fault()
    header = root.find(f"{{{SOAP}}}Header")
    body = root.find(f"{{{SOAP}}}Body")
    if header is None or body is None or len(body) != 1:
        raise client_fault()
    if not schema().validate(body[0]):
        raise client_fault()
    return header, body[0]


def answer(operation: str, series: list[dict], code: int, message: str) -> bytes:
    """Return the answer of an operation; ``series`` are AT's elements by name."""
    root = etree.Element(f"{{{SOAP}}}Envelope", nsmap={"S": SOAP})
    header = etree.SubElement(root, f"{{{SOAP}}}Header")
    work = etree.SubElement(
        header,
        f"{{{_WORK_AREA}}}WorkContext",
        nsmap={None: _WORK_AREA},
    )
    work.text = "rO0ABXdUABh3ZWJsb2dpYy5hcHA="
    body = etree.SubElement(root, f"{{{SOAP}}}Body")
    response = etree.SubElement(body, f"{{{AT}}}{operation}Response", nsmap={"ns0": AT})
    inner = etree.SubElement(response, f"{operation}Resp")
    for one in series:
        info = etree.SubElement(inner, "infoSerie")
        for name in _SERIES_ELEMENTS:
            if one.get(name) is not None:
                etree.SubElement(info, name).text = str(one[name])
    result = etree.SubElement(inner, "infoResultOper")
    etree.SubElement(result, "codResultOper").text = str(code)
    etree.SubElement(result, "msgResultOper").text = message
    return _bytes(root)


def client_fault() -> Fault:
    """What AT says of a request that its schema does not allow."""
    return Fault(soap_fault("S:Client", GENERIC_REFUSAL))


def authentication_fault(
    code: int, message: str, tries_left: int | None = None
) -> Fault:
    """The fault of the service that checks credentials."""
    detail = etree.Element(
        f"{{{_AUTHENTICATION}}}AuthenticationException", nsmap={"ns2": _AUTHENTICATION}
    )
    failed = etree.SubElement(detail, "AuthenticationFailed")
    etree.SubElement(failed, "Code").text = str(code)
    etree.SubElement(failed, "Message").text = message
    if tries_left is not None:
        etree.SubElement(failed, "NumberOfTriesRemaining").text = str(tries_left)
    return Fault(soap_fault("S:Client.Authentication", message, detail))


def soap_fault(code: str, message: str, detail: etree._Element | None = None) -> bytes:
    """Return an envelope with a SOAP 1.1 fault."""
    root = etree.Element(f"{{{SOAP}}}Envelope", nsmap={"S": SOAP})
    body = etree.SubElement(root, f"{{{SOAP}}}Body")
    fault = etree.SubElement(body, f"{{{SOAP}}}Fault")
    etree.SubElement(fault, "faultcode").text = code
    etree.SubElement(fault, "faultstring").text = message
    if detail is not None:
        etree.SubElement(fault, "detail").append(detail)
    return _bytes(root)


def soap_12_fault() -> bytes:
    """Return the other generation's envelope for a failure of the server."""
    root = etree.Element(f"{{{SOAP_12}}}Envelope", nsmap={"env": SOAP_12})
    body = etree.SubElement(root, f"{{{SOAP_12}}}Body")
    fault = etree.SubElement(body, f"{{{SOAP_12}}}Fault")
    code = etree.SubElement(fault, f"{{{SOAP_12}}}Code")
    etree.SubElement(code, f"{{{SOAP_12}}}Value").text = "env:Receiver"
    reason = etree.SubElement(fault, f"{{{SOAP_12}}}Reason")
    text = etree.SubElement(reason, f"{{{SOAP_12}}}Text")
    text.text = "Internal Error (from server)"
    return _bytes(root)


def _bytes(root: etree._Element) -> bytes:
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True)
