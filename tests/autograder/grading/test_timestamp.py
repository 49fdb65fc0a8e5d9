"""timestamp.txt: what nbgrader, platforms and people write is read for sure or not at all."""

from __future__ import annotations

import time

import pytest
from nbgrader.utils import parse_utc

from autograder.grading.timestamp import NotATime, read_time

# what is written: the time in UTC
NBGRADERS = {  # as nbgrader itself reads it
    "2015-02-02 15:58:23.948203 America/Los_Angeles": "2015-02-02 23:58:23.948203",
    "2026-03-02 13:00:00.000001 UTC": "2026-03-02 13:00:00.000001",
    "2026-03-02 13:00:00": "2026-03-02 13:00:00",
    "2026-03-02 13:00": "2026-03-02 13:00:00",
    "2026-03-02 13:00:00 EST": "2026-03-02 18:00:00",
    "2026-03-02 13:00:00 CET": "2026-03-02 12:00:00",
    "2026-03-02 13:00:00 Etc/GMT+3": "2026-03-02 16:00:00",
    "2026-03-02T13:00:00Z": "2026-03-02 13:00:00",
    "2026-03-02T13:00:00.25+02:00": "2026-03-02 11:00:00.250000",
    "2026-03-02T13:00:00-0530": "2026-03-02 18:30:00",
    "20260302T130000+01": "2026-03-02 12:00:00",
    "Mon, 02 Mar 2026 13:00:00 +0100": "2026-03-02 12:00:00",
    "Monday, March 2, 2026 1:00:00 PM": "2026-03-02 13:00:00",
    "2026/03/02 13:00:00": "2026-03-02 13:00:00",
    "22.03.2026 13:00": "2026-03-22 13:00:00",
}
MISREAD = {  # nbgrader reads another time
    "2026-03-02 13:00:00 +0200": "2026-03-02 11:00:00",
    "2026-03-02 13:00:00 -0500": "2026-03-02 18:00:00",
    "2026-07-02 13:00:00 CEST": "2026-07-02 11:00:00",
    "2026-07-02 13:00:00.5 EDT": "2026-07-02 17:00:00.500000",
    "2026-10-25 02:30:00 CEST": "2026-10-25 00:30:00",
    "Mon Mar  2 13:00:00 CET 2026": "2026-03-02 12:00:00",
    "Mon Mar  2 01:00:00 PM CET 2026": "2026-03-02 12:00:00",
    "2026-03-02 13:00:00 AEDT": "2026-03-02 02:00:00",
}
OTHERS = {
    "2026-10-25 02:30:00 CET": "2026-10-25 01:30:00",
    "2026-10-25 02:30:00 Europe/Paris": "2026-10-25 00:30:00",
    "Mon Mar 02 2026 13:00:00 GMT+0100 (Central European Standard Time)": "2026-03-02 12:00:00",
    "2026-03-02 13:00:00 UTC+2": "2026-03-02 11:00:00",
}
UNSURE = [
    "",
    " \n",
    "soon",
    "2026-03-02",
    "13:00",
    "1772456400",
    "03/04/2026 13:00",
    "02.03.2026 13:00",
    "26-03-02 13:00",
    "2026-03-02 25:00",
    "2026-02-30 13:00 UTC",
    "2026-03-02 13:00:00 PST",
    "2026-03-02 13:00:00 IST",
    "2026-03-02 13:00:00 CST",
    "2026-03-02 13:00:00 XYZ",
    "2026-07-02 13:00:00 CET",
    "2026-03-02 13:00:00 CEST",
    "2026-03-02 13:00:00 +9900",
    "2026-03-02 13:00:00 -28800",
    "2026-03-02 13:00:00 Mars/Base",
    "2026-03-02 13:00:00 /etc/localtime",
    "2026-03-02 13:00:00 ../../etc/localtime",
    "0001-01-01 00:00 +0100",
    "9999-12-31 23:59 -0100",
    "2026-03-02 13:00:00\n2026-03-03 13:00:00",
]


@pytest.mark.parametrize("written", [*NBGRADERS, *MISREAD, *OTHERS])
def test_the_time_is_read(written):
    assert str(read_time(written.encode())) == {**NBGRADERS, **MISREAD, **OTHERS}[written]


@pytest.mark.parametrize("written", NBGRADERS)
def test_nbgrader_agrees(written):
    assert parse_utc(written) == read_time(written.encode())


@pytest.mark.parametrize("written", MISREAD)
@pytest.mark.filterwarnings("ignore:tzname")
def test_nbgrader_misreads_it(written):
    assert parse_utc(written) != read_time(written.encode())


@pytest.mark.parametrize("written", UNSURE)
def test_what_cannot_be_told_for_sure_is_no_time_and_says_what_to_write(written):
    with pytest.raises(NotATime, match=r"Write it as 2026-03-02 13:00:00 \+0100"):
        read_time(written.encode())


def test_the_courses_own_zone_tells_what_an_abbreviation_means():
    for written, zone, found in (
        (b"2026-03-02 13:00:00 PST", "America/Los_Angeles", "2026-03-02 21:00:00"),
        (b"2026-03-02 13:00:00 CST", "Asia/Shanghai", "2026-03-02 05:00:00"),
        (b"2026-03-02 13:00:00 CST", "America/Chicago", "2026-03-02 19:00:00"),
        (b"2026-07-02 13:00:00 EST", "America/Jamaica", "2026-07-02 18:00:00"),
        (b"2026-07-02 13:00:00 CEST", "no/zone", "2026-07-02 11:00:00"),
    ):
        assert str(read_time(written, zone)) == found


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "ascii"])
def test_a_byte_order_mark_is_no_part_of_the_time(encoding):
    assert str(read_time("2026-03-02 13:00:00 +0100\r\n".encode(encoding))) == "2026-03-02 12:00:00"
    with pytest.raises(NotATime, match="no text"):
        read_time(b"\xff\xfe\x00")


def test_odd_texts_cost_no_time():
    begun = time.monotonic()
    for junk in ("1:00" * 250, "T0000" * 200, " " * 999 + "x", "(" * 999 + ")", "1:00 " + "a " * 490, "9" * 1000):
        with pytest.raises(NotATime):
            read_time(junk.encode())
    assert time.monotonic() - begun < 2
