"""When which sweep runs: the rhythm of arq's alarm, and from what age on somebody else must step in.

An age is the distance to the last success either way: a clock that was set back must not silence a sweep.
"""

from datetime import timedelta

_FIELDS = (("second", 1, 60), ("minute", 60, 60), ("hour", 3600, 24))
_STEP_IN_AFTER = 1.5
_LATE_AFTER = 3
_LATE_AT_LEAST = timedelta(seconds=30)  # a restart is no alarm


def cron_fields(every: timedelta) -> dict[str, set[int]]:
    """The cron fields for "every so often", counted from midnight. Only what divides a day evenly is a rhythm."""
    seconds, fraction = divmod(every, timedelta(seconds=1))
    fields: dict[str, set[int]] = {}
    for name, size, whole in _FIELDS:
        step, rest = divmod(seconds, size)
        if not fraction and not rest and step > 0 and whole % step == 0:
            return fields | {name: set(range(0, whole, step))}
        fields[name] = {0}
    raise ValueError(f"{every} does not divide a minute, an hour or a day")


def must_step_in(every: timedelta, age: timedelta | None) -> bool:
    """The plain loop's question: has nobody done this round, although its time has come?"""
    return age is None or abs(age) > every * _STEP_IN_AFTER


def is_late(every: timedelta, age: timedelta | None) -> bool:
    """The alarm's question: has this been left undone for so long that an operator must look?"""
    return age is None or abs(age) > max(every * _LATE_AFTER, _LATE_AT_LEAST)
