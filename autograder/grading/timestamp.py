"""When something was handed in: `timestamp.txt`, as nbgrader, learning platforms and people write it.

nbgrader reads `+0200` as 200 seconds and a zone that it does not know, such as CEST, as UTC. Here a time that cannot be told
for sure is no time, so that nobody is late, or in time, by a slip of reading.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from dateutil import parser

from .submission import Unreadable, read_file

# Abbreviations that mean one offset all over the world, and a place whose clocks tell when they are in use.
PLACES = {
    **dict.fromkeys(("WET", "WEST"), "Europe/Lisbon"),
    **dict.fromkeys(("CET", "CEST"), "Europe/Paris"),
    **dict.fromkeys(("EET", "EEST"), "Europe/Athens"),
    **dict.fromkeys(("EST", "EDT"), "America/New_York"),
    **dict.fromkeys(("MST", "MDT"), "America/Denver"),
    "PDT": "America/Los_Angeles",
    **dict.fromkeys(("AKST", "AKDT"), "America/Anchorage"),
    **dict.fromkeys(("ACST", "ACDT"), "Australia/Adelaide"),
    **dict.fromkeys(("AEST", "AEDT"), "Australia/Sydney"),
    **dict.fromkeys(("NZST", "NZDT"), "Pacific/Auckland"),
    **{"MSK": "Europe/Moscow", "HST": "Pacific/Honolulu", "AWST": "Australia/Perth", "JST": "Asia/Tokyo"},
    **{"KST": "Asia/Seoul", "HKT": "Asia/Hong_Kong", "PKT": "Asia/Karachi", "WIB": "Asia/Jakarta"},
    **{"SAST": "Africa/Johannesburg", "EAT": "Africa/Nairobi", "CAT": "Africa/Maputo", "WAT": "Africa/Lagos"},
}
FILE = "timestamp.txt"
CURE = "Write it as 2026-03-02 13:00:00 +0100."
_COMMENT = re.compile(r"\s*\([^()]*\)$")  # of JavaScript's "GMT+0100 (Central European Standard Time)"
_UNIX = re.compile(r"^(.*\d:\d\d(?::\d\d)?(?: [AP]M)?) ([A-Za-z]{2,5}|[+-]\d{4}) (\d{4})$")  # the zone before the year
_OFFSET = re.compile(r"\s*(?:UTC|GMT)?([+-])(\d\d?)(?::?(\d\d))?$")
_NAME = re.compile(r"\s*(?<![A-Z_/.])(?![AP]M$)([A-Z][A-Z_]*(?:/[\w+-]+)*)$", re.IGNORECASE)
_TIME = re.compile(r"(?:\d:\d\d|T\d{4})(?:.*(?:\d|[AP]M))?$", re.IGNORECASE)
_YEAR_FIRST = re.compile(r"(\d{4})([-/.])(\d\d?)\2(\d\d?)(?=[T ])")
_ISO = re.compile(r"\d{4}-\d\d?-\d\d?[T ]|\d{8}[T ]\d")


class NotATime(ValueError):
    """Bytes that tell no time for sure; the text says why, and what to write."""


def submitted_at(folder: Path, course_zone: str = "") -> tuple[datetime | None, str]:
    """When the submission in `folder` was handed in, and why that cannot be told ("" where there is no timestamp.txt)."""
    try:
        data = read_file(folder, FILE, 1000)
        return (None if data is None else read_time(data, course_zone)), ""
    except (Unreadable, NotATime) as error:
        return None, f"{FILE} tells no time, so none counts: {error}"


def zone_of(config: dict) -> str:
    """The zone by which nbgrader writes timestamp.txt in this course."""
    return str(config.get("Exchange", {}).get("timezone", "") or "")


def read_time(data: bytes, course_zone: str = "") -> datetime:
    """The time in UTC, without a zone, as nbgrader keeps it; one that names no zone is in UTC, as in nbgrader.

    `course_zone` is where abbreviations are looked for first: the name of the zone that the course hands in by.
    Raises NotATime.
    """
    text = _text(data)
    if not text:
        raise NotATime(f"it is empty. {CURE}")
    line = _UNIX.sub(r"\1 \3 \2", _COMMENT.sub("", text))
    for ending in (_OFFSET, _NAME, re.compile("$")):
        found = ending.search(line)
        if found and _TIME.search(line[: found.start()]):
            break
    else:
        raise NotATime(f"it holds no date with a time of day: {_shown(text)}. {CURE}")
    when = _local(line[: found.start()], text)
    if ending is _OFFSET:
        zone = _offset(found[1], found[2], found[3], text)
    else:
        zone = _zone(found[1], when, course_zone, text) if ending is _NAME else UTC
    try:
        return when.replace(tzinfo=zone).astimezone(UTC).replace(tzinfo=None)
    except (OverflowError, ValueError):
        raise NotATime(f"there is no such time: {_shown(text)}. {CURE}") from None


def _text(data: bytes) -> str:
    wide = data.startswith((b"\xff\xfe", b"\xfe\xff"))  # as Windows' PowerShell writes files
    try:
        return data.decode("utf-16" if wide else "utf-8-sig").strip().rstrip("\0").strip()
    except UnicodeDecodeError:
        raise NotATime(f"it is no text. {CURE}") from None


def _local(when: str, text: str) -> datetime:
    """Date and time of day. Whatever could be read in two ways, or has a part missing, is not read."""
    when = _YEAR_FIRST.sub(r"\1-\3-\4", when)
    first, last = datetime(2000, 1, 1), datetime(2001, 2, 2, 1, 1)  # what would fill a missing part
    orders = [{}] if _ISO.match(when) else [{"dayfirst": day, "yearfirst": year} for day in (0, 1) for year in (0, 1)]
    found: set[datetime]
    try:
        found = {parser.parse(when, default=default, **order) for default in (first, last) for order in orders}
    except (ValueError, OverflowError, TypeError, AttributeError):
        raise NotATime(f"it cannot be understood: {_shown(text)}. {CURE}") from None
    if len(found) > 1 or any(one.tzinfo for one in found):
        raise NotATime(f"it can be read in more than one way: {_shown(text)}. {CURE}")
    (time,) = found
    return time


def _offset(sign: str, hours: str, minutes: str | None, text: str) -> tzinfo:
    away = timedelta(hours=int(hours), minutes=int(minutes or 0))
    if away > timedelta(hours=14) or int(minutes or 0) > 59:
        raise NotATime(f"no clock is so far from UTC: {_shown(text)}. {CURE}")
    return timezone(-away if sign == "-" else away)


def _zone(name: str, when: datetime, course_zone: str, text: str) -> tzinfo:
    """The offset that a zone's name or abbreviation means at `when`."""
    if name.upper() in ("UTC", "GMT", "Z"):
        return UTC
    for place in (course_zone, PLACES.get(name, ""), name if "/" in name else ""):
        try:
            there = ZoneInfo(place)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            continue
        for fold in (0, 1):  # the abbreviation tells which hour of two it is; for a place, the earlier one counts
            local = when.replace(tzinfo=there, fold=fold)
            if name in (local.tzname(), place):
                return timezone(local.utcoffset() or timedelta())
    if name in PLACES:
        raise NotATime(f"{name} is not in use at that time of the year: {_shown(text)}. {CURE}")
    raise NotATime(f"its time zone means more than one, or none that is known: {_shown(text)}. {CURE}")


def _shown(text: str) -> str:
    return repr(text[:60])
