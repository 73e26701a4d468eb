"""The bytes of a task document as text: size, encoding, nothing else."""

from codecs import BOM_UTF16_BE, BOM_UTF16_LE

from app.core.refusals import RefusalCode, invalid

MAX_FILE_BYTES = 4 * 1024 * 1024


def decode_task_file(data: bytes) -> str:
    """UTF-8, UTF-16 with its mark, or GB 18030, as office machines write them. The mark stays with the text."""
    if len(data) > MAX_FILE_BYTES:
        raise invalid(RefusalCode.FILE_TOO_LARGE, "file", limit=MAX_FILE_BYTES)
    # GB 18030 comes last: it can read most bytes, UTF-8 only its own
    encodings = ("utf-16",) if data.startswith((BOM_UTF16_LE, BOM_UTF16_BE)) else ("utf-8", "gb18030")
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if not text.strip("\ufeff \t\r\n"):
            raise invalid(RefusalCode.REQUIRED, "file")
        return text
    raise invalid(RefusalCode.BAD_TEXT, "file")
