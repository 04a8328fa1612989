"""Files that go along: types, sizes, names, and their place in a package."""

import io
import zipfile

import pytest
from maventa_api import FileProblem, file_problem, package_names
from maventa_api.finvoice import packed
from maventa_samples import PDF

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@pytest.mark.parametrize(
    ("mimetype", "size", "embedded", "packed"),
    [
        ("application/pdf", 10, None, None),
        (XLSX, 10, None, None),
        ("text/csv", 10, None, FileProblem.TYPE),
        ("image/gif", 10, FileProblem.TYPE, None),
        ("application/xml", 10, FileProblem.TYPE, FileProblem.TYPE),
        ("application/zip", 10, FileProblem.TYPE, FileProblem.TYPE),
        ("image/png", 10_000_000, None, None),
        ("image/png", 10_000_001, FileProblem.SIZE, FileProblem.SIZE),
        ("image/png", 0, FileProblem.EMPTY, FileProblem.EMPTY),
    ],
)
def test_what_may_go_along(mimetype, size, embedded, packed):
    assert file_problem(mimetype, size, packed=False) == embedded
    assert file_problem(mimetype, size, packed=True) == packed


def test_names_are_safe_different_and_have_an_ending_that_fits():
    files = [
        ("Tunnit åäö/3.pdf", "application/pdf"),
        ("tunnit_aao_3.PDF", "application/pdf"),
        ("kuva", "image/jpeg"),
        ("kuva.jpeg", "image/jpeg"),
        ("taulu.bin", XLSX),
        ("x" * 60 + ".png", "image/png"),
        ("x" * 61 + ".png", "image/png"),
    ]
    names = package_names(files, ["taken.pdf"])
    assert names[:5] == [
        "Tunnit_aao_3.pdf",
        "tunnit_aao_3_2.PDF",
        "kuva.jpg",
        "kuva.jpeg",
        "taulu.bin.xlsx",
    ]
    assert [len(name) for name in names[5:]] == [50, 50]
    assert len({name.lower() for name in names}) == len(names)


def test_a_name_that_is_only_an_ending_gets_one():
    assert package_names([("pdf", "application/pdf")]) == ["pdf.pdf"]


def test_no_attachment_takes_the_place_of_the_image():
    files = [
        ("invoice.pdf", "application/pdf", PDF),
        ("INV_1.pdf", "application/pdf", PDF + b"1"),
        ("inv_1.XML.pdf", "application/pdf", PDF + b"2"),
    ]
    name, data = packed("INV_1", b"<Finvoice/>", files)
    assert name == "INV_1.zip"
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        held = {name: archive.read(name) for name in archive.namelist()}
    assert held["INV_1.pdf"] == PDF
    assert list(held) == ["INV_1.xml", "INV_1.pdf", "INV_1_2.pdf", "inv_1.XML.pdf"]


def test_without_a_pdf_of_ours_no_attachment_becomes_the_image():
    files = [("photo.png", "image/png", b"x"), ("INV_1.pdf", "application/pdf", PDF)]
    _name, data = packed("INV_1", b"<Finvoice/>", files)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.namelist() == ["INV_1.xml", "photo.png", "INV_1_2.pdf"]
