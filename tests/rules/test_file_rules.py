"""Which files may come in: declared type, name and content have to agree."""

from itertools import product

import pytest

from app.files.rules import MediaType, is_what_it_says, media_type_of

ZIP = b"PK\x03\x04\x14\x00"
GOOD = {
    MediaType.PDF: ("盖章.pdf", b"%PDF-1.7\n%\xe2\xe3\x00"),
    MediaType.OFD: ("公文.OFD", ZIP + b"OFD.xml"),
    MediaType.PNG: ("照片.png", b"\x89PNG\r\n\x1a\n\x00"),
    MediaType.JPEG: ("照片.jpeg", b"\xff\xd8\xff\xe0"),
    MediaType.DOCX: ("报告.docx", ZIP + b"word/document.xml"),
    MediaType.XLSX: ("台账.xlsx", ZIP + b"xl/workbook.xml"),
    MediaType.TEXT: ("说明.txt", "情况说明\r\n".encode("gb18030")),
}


@pytest.mark.parametrize(("declared", "shown"), list(product(MediaType, MediaType)))
def test_a_file_is_what_its_name_and_its_bytes_both_say(declared: MediaType, shown: MediaType) -> None:
    name, data = GOOD[declared][0], GOOD[shown][1]
    assert is_what_it_says(declared, name, data) is (declared is shown)


@pytest.mark.parametrize("name", ["盖章.exe", "盖章", "pdf", "盖章.pdf.html"])
def test_a_good_file_under_a_false_name(name: str) -> None:
    assert not is_what_it_says(MediaType.PDF, name, b"%PDF-1.7\n")


@pytest.mark.parametrize("data", ["说明".encode(), b"\xef\xbb\xbfok", b"a\tb\r\n\x0c"])
def test_text(data: bytes) -> None:
    assert is_what_it_says(MediaType.TEXT, "a.txt", data)


@pytest.mark.parametrize("data", [b"\x00", b"MZ\x90\x00\x03", b"\xff\xfea\x00", b"\x80\xff\xff"])
def test_not_text(data: bytes) -> None:
    assert not is_what_it_says(MediaType.TEXT, "a.txt", data)


@pytest.mark.parametrize(
    ("declared", "found"),
    [
        ("application/pdf", MediaType.PDF),
        ("Application/PDF ; q=1", MediaType.PDF),
        ("text/plain; charset=utf-8", MediaType.TEXT),
        ("text/html", None),
        ("image/svg+xml", None),
        ("application/zip", None),
        ("", None),
    ],
)
def test_declared_types(declared: str, found: MediaType | None) -> None:
    assert media_type_of(declared) is found
