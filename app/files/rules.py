"""Which files may come in: a closed list of types, each told by what the file holds, not by what is said of it."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

_ZIP = b"PK\x03\x04"
_TEXT_CODECS = ("utf-8", "gb18030")  # what offices write
_BINARY = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f]")


class MediaType(StrEnum):
    PDF = "application/pdf"
    OFD = "application/ofd"
    PNG = "image/png"
    JPEG = "image/jpeg"
    DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    TEXT = "text/plain"


@dataclass(frozen=True, slots=True)
class _Type:
    suffixes: tuple[str, ...]
    holds: Callable[[bytes], bool]


def _begins(mark: bytes) -> Callable[[bytes], bool]:
    return lambda data: data.startswith(mark)


def _packs(member: bytes) -> Callable[[bytes], bool]:
    # The names of a package's members stand uncompressed in it. Nothing is unpacked: a package may be a bomb.
    return lambda data: data.startswith(_ZIP) and member in data


def _is_text(data: bytes) -> bool:
    for codec in _TEXT_CODECS:
        try:
            return _BINARY.search(data.decode(codec)) is None
        except UnicodeDecodeError:
            continue
    return False


_TYPES: dict[MediaType, _Type] = {
    MediaType.PDF: _Type((".pdf",), _begins(b"%PDF-")),
    MediaType.OFD: _Type((".ofd",), _packs(b"OFD.xml")),
    MediaType.PNG: _Type((".png",), _begins(b"\x89PNG\r\n\x1a\n")),
    MediaType.JPEG: _Type((".jpg", ".jpeg"), _begins(b"\xff\xd8\xff")),
    MediaType.DOCX: _Type((".docx",), _packs(b"word/document.xml")),
    MediaType.XLSX: _Type((".xlsx",), _packs(b"xl/workbook.xml")),
    MediaType.TEXT: _Type((".txt",), _is_text),
}


def media_type_of(declared: str) -> MediaType | None:
    """The type that is declared, without its parameters; None for one that is not accepted."""
    essence = declared.partition(";")[0].strip().lower()
    return MediaType(essence) if essence in set(MediaType) else None


def is_what_it_says(media_type: MediaType, name: str, data: bytes) -> bool:
    """Whether name and content are those of the type."""
    known = _TYPES[media_type]
    return name.lower().endswith(known.suffixes) and known.holds(data)
