"""The day on which an instant falls in Asia/Shanghai, as a column: each database has its own words for it.

China has had one time, eight hours ahead of UTC, without summer time since 1992; what is counted here is younger.
"""

from typing import Any

from sqlalchemy import ColumnElement, Date, cast, func, literal_column

from app.reads.sets import POSTGRESQL


def day_of(instant: ColumnElement[Any], dialect: str) -> ColumnElement[Any]:
    if dialect == POSTGRESQL:
        return cast(func.timezone(literal_column("'Asia/Shanghai'"), instant), Date)
    return func.date(instant, literal_column("'+8 hours'"), type_=Date)
