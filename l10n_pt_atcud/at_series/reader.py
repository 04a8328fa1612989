"""Read the answer of an operation by the names of its elements.

AT has added elements to its answers before, and its manual and its WSDL disagree on
which there are. So neither order nor depth nor number of elements means anything
here: what is needed is found by name, and what is in doubt is not guessed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from lxml import etree

from .series_info import SeriesInfo, info_from_texts
from .text import whole_number

_OPERATIONS = ("registarSerie", "finalizarSerie", "anularSerie", "consultarSeries")
_ROW = "infoSerie"


class UnreadableAnswer(ValueError):
    """The answer is XML, but not the one that was promised."""


@dataclass(frozen=True)
class Answer:
    """What AT answered.

    :ivar code: ``codResultOper``
    :ivar message: ``msgResultOper``
    :ivar series: one for each ``infoSerie``
    """

    code: int
    message: str
    series: tuple[SeriesInfo, ...]


def read_answer(root: etree._Element, operation: str) -> Answer:
    """Return what the envelope ``root`` answers to ``operation``.

    :raise UnreadableAnswer: no result code, or several ones, or the answer to another
        operation
    """
    rows: list[etree._Element] = []
    results: dict[str, set[str]] = {}
    for element, name in _outside_rows(root):
        if name == _ROW:
            rows.append(element)
        elif _belongs_to_another(name, operation):
            raise UnreadableAnswer(name)
        elif not _has_elements(element):
            results.setdefault(name, set()).add(text_of(element))
    codes = results.get("codResultOper", set())
    code = whole_number(next(iter(codes))) if len(codes) == 1 else None
    if code is None:
        raise UnreadableAnswer("codResultOper")
    return Answer(
        code=code,
        message="\n".join(sorted(results.get("msgResultOper", ()))),
        series=tuple(info_from_texts(_texts(row)) for row in rows),
    )


def local_name(element: etree._Element) -> str:
    """Return the name of an element without its namespace."""
    return etree.QName(element).localname


def text_of(element: etree._Element) -> str:
    """Return the text of an element; comments and instructions in it are nothing."""
    tails = "".join(child.tail or "" for child in element)
    return ((element.text or "") + tails).strip()


def _outside_rows(element: etree._Element) -> Iterator[tuple[etree._Element, str]]:
    """Yield what is in ``element``, rows as wholes."""
    waiting = [element]
    while waiting:
        current = waiting.pop()
        name = local_name(current)
        yield current, name
        if name != _ROW:
            waiting += reversed(list(current.iterchildren(etree.Element)))


def _has_elements(element: etree._Element) -> bool:
    return next(element.iterchildren(etree.Element), None) is not None


def _belongs_to_another(name: str, operation: str) -> bool:
    for other in _OPERATIONS:
        if name in (f"{other}Response", f"{other}Resp"):
            return other != operation
    return False


def _texts(row: etree._Element) -> dict[str, str]:
    """Return the texts in a row by name; what is there twice in two ways is not.

    An element of the row itself comes before one of the same name that is deeper.
    """
    deeper = _leaves(row.iterdescendants(etree.Element))
    own = _leaves(row.iterchildren(etree.Element))
    return {
        name: next(iter(texts))
        for name, texts in {**deeper, **own}.items()
        if len(texts) == 1
    }


def _leaves(elements: Iterable[etree._Element]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for element in elements:
        if not _has_elements(element):
            found.setdefault(local_name(element), set()).add(text_of(element))
    return found
