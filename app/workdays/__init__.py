"""Which days are worked: the State Council's yearly notices, local closures, and counting by them.

Rules import from `app.workdays.rules`, which is pure; everybody else may import from here.
"""

from app.workdays.queries import current_calendar
from app.workdays.rules import Calendar, YearNotice
from app.workdays.service import import_year, set_local_day

__all__ = ["Calendar", "YearNotice", "current_calendar", "import_year", "set_local_day"]
