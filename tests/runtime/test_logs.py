"""What a log line tells of an error: its type and its code, so that a full disk is seen; never its words."""

import sqlite3

import pytest
from asyncpg import DiskFullError
from sqlalchemy.exc import OperationalError

from app.core.logs import code_of, place_instead_of_words


def full_disk() -> sqlite3.OperationalError:
    database = sqlite3.connect(":memory:")
    database.execute("CREATE TABLE t (words)")
    database.execute("PRAGMA max_page_count = 1")
    with pytest.raises(sqlite3.OperationalError) as raised:
        database.execute("INSERT INTO t VALUES (?)", ["密" * 10_000])
    database.close()
    return raised.value


def test_a_code_is_told_and_no_words() -> None:
    assert code_of(OperationalError("INSERT", {}, full_disk())) == " SQLITE_FULL"
    assert code_of(DiskFullError("could not extend file")) == " 53100"
    assert code_of(OSError(28, "No space left on device: /密")) == " ENOSPC"
    assert code_of(OSError("密")) == code_of(ValueError("密")) == ""
    event = place_instead_of_words(None, "error", {"exc_info": OSError(28, "密")})
    assert event == {"exception": "OSError ENOSPC: "}
