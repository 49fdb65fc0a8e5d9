"""What a box shows of this machine: the interpreter and its packages, read-only, and nothing of the course, wherever."""

from __future__ import annotations

import importlib.util
import json
import os
import re
import site
import sys
from collections.abc import Iterable, Iterator
from importlib.metadata import Distribution, distributions
from pathlib import Path
from urllib.parse import unquote, urlsplit

# What of an interpreter's folder is shown where the course lies in the very same folder.
PARTS = ("bin", "lib", "lib32", "lib64", "include", "share", "pyvenv.cfg")
OURS = {"autograder", "courseware"}  # what a course's notebooks need to ask their questions
SYSTEM = ("/etc/ld.so.cache", "/etc/localtime", "/etc/alternatives", "/etc/fonts")
ROOTS = ("lib", "lib32", "lib64", "bin", "sbin")


def folders() -> list[str]:
    """Folders and files that are shown. Of a package that is installed from its sources ("pip install -e") only its own
    folder is shown; of this one, nothing."""
    found = {os.path.realpath(sys.base_prefix), sys.prefix, "/usr", *SYSTEM}
    found |= {f"/{name}" for name in ROOTS if not os.path.islink(f"/{name}")}
    if site.ENABLE_USER_SITE:
        found.add(site.getusersitepackages())
    for distribution in distributions():
        if '"editable": true' in (distribution.read_text("direct_url.json") or ""):
            for name in top_level(distribution):
                spec = importlib.util.find_spec(name) if name != "autograder" else None
                found.update(spec.submodule_search_locations or () if spec else ())
    return [folder for folder in sorted(found) if os.path.exists(folder)]


def top_level(distribution: Distribution) -> list[str]:
    """The names that are imported from a distribution."""
    return (distribution.read_text("top_level.txt") or "").split()


def library(course: Iterable[str]) -> dict[str, list[str]]:
    """The packages of the course's own library by name, each with every place at which a box shows it: those that are
    installed from their sources, or from a folder of the `course`."""
    found: dict[str, list[str]] = {}
    roots = [os.path.realpath(folder) + "/" for folder in course]
    shown = folders()
    for distribution in distributions():
        source = json.loads(distribution.read_text("direct_url.json") or "{}")
        folder = os.path.realpath(unquote(urlsplit(source.get("url", "")).path)) + "/"
        if "dir_info" not in source:
            continue
        if source["dir_info"].get("editable") or any(folder.startswith(root) for root in roots):
            for name in set(top_level(distribution)) - OURS:
                spec = importlib.util.find_spec(name)
                places = [*(spec.submodule_search_locations or ([spec.origin] if spec.origin else []))] if spec else []
                found[name] = [place for one in places for place in _seen_at(one, shown) if os.path.exists(one)]
    return found


def words(hidden: Iterable[str]) -> tuple[list[str], list[str]]:
    """(bubblewrap's words for all that is shown and hidden, shown folders below /tmp). `hidden` are the course's folders.

    Where one lies in another, the inner one decides: an empty folder lies over a course below /usr, and its .venv on top.
    """
    shown = folders()
    hide = {place for folder in hidden if folder and os.path.exists(folder) for place in _seen_at(folder, shown)}
    prefixes = {os.path.realpath(sys.base_prefix), sys.prefix}
    parts = {f"{prefix}/{part}" for prefix in prefixes & hide for part in PARTS}
    show = {place for place in {*shown, *parts} if os.path.exists(place)} - hide
    made, said, closed = {"/", "/tmp"}, [], []
    kept: dict[str, bool] = {}
    for place in sorted(show | hide):
        around = next((kept[str(parent)] for parent in Path(place).parents if str(parent) in kept), False)
        if around == (place in show):
            continue  # it is as what it lies in
        kept[place] = place in show
        if place in show:
            said += [word for parent in _missing(place, kept, made) for word in ("--perms", "0755", "--dir", parent)]
            said += ["--ro-bind", place, place]
        elif os.path.isdir(place):
            said += ["--perms", "0755", "--tmpfs", place]
            closed.append(place)
        else:
            said += ["--ro-bind", "/dev/null", place]
    for name in ROOTS:
        said += ["--symlink", os.readlink(f"/{name}"), f"/{name}"] if os.path.islink(f"/{name}") else []
    for place in closed:
        said += ["--remount-ro", place]
    return said, [place for place in kept if kept[place] and place.startswith("/tmp/")]


def _missing(place: str, kept: dict[str, bool], made: set[str]) -> list[str]:
    """The folders that a shown one lies in and that are not there yet, from the root on."""
    missing = []
    for parent in map(str, Path(place).parents):
        if parent in made or parent in kept:
            break
        missing.append(parent)
    made.update(missing)
    return missing[::-1]


def _seen_at(folder: str, shown: list[str]) -> Iterator[str]:
    """Every place in the box at which a folder of this machine would be seen."""
    for real in everywhere(os.path.realpath(folder)):
        if real == "/":
            continue
        yield real
        for place in shown:  # a folder may be shown by a name that leads to it
            source = os.path.realpath(place)
            if source != place and (real == source or real.startswith(source + "/")):
                yield place + real[len(source) :]


def everywhere(folder: str) -> set[str]:
    """A folder, and where else on this machine it, or a part of it, is mounted."""
    mounts = []
    try:
        with open("/proc/self/mountinfo", encoding="utf8", errors="surrogateescape") as file:
            for line in file:
                device, root, place = (re.sub(r"\\(\d{3})", _character, word) for word in line.split()[2:5])
                mounts.append((device, root.rstrip("/"), place.rstrip("/")))
    except OSError:
        return {folder}
    inside = [mount for mount in mounts if f"{folder}/".startswith(mount[2] + "/")]
    if not inside:
        return {folder}
    device, root, place = max(
        reversed(inside), key=lambda mount: len(mount[2])
    )  # of two in one place the later is seen
    within = root + folder[len(place) :]
    found = {folder}
    for other, top, at in mounts:
        if other == device and f"{within}/".startswith(top + "/"):
            found.add(at + within[len(top) :])
        elif other == device and top.startswith(within + "/"):
            found.add(at)
    return {path for path in found if os.path.exists(path)}


def _character(match: re.Match) -> str:
    return chr(int(match[1], 8))
