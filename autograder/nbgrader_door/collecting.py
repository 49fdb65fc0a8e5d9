"""nbgrader's two ways to collect submissions, from the exchange and from files: one odd name, link or folder stops no other."""

from __future__ import annotations

import functools
import os
import shutil
import stat
import tempfile
from datetime import datetime
from pathlib import Path

from nbgrader.exchange.default import ExchangeCollect
from nbgrader.plugins import FileNameCollectorPlugin

from ..grading.names import shown, trouble


def install() -> None:
    ExchangeCollect._path_to_record = _record_whatever_it_is(ExchangeCollect._path_to_record)
    ExchangeCollect.copy_files = _copy_learners(ExchangeCollect.copy_files)
    ExchangeCollect.do_copy = _copy_no_links(ExchangeCollect.do_copy)
    FileNameCollectorPlugin.collect = _collect_learners(FileNameCollectorPlugin.collect)


def _record_whatever_it_is(stock):
    """A name in the exchange's drop box that nbgrader cannot read stops no collection."""

    @functools.wraps(stock)
    def _path_to_record(self, path):
        name = os.path.basename(path)
        try:
            return stock(self, path)
        except Exception:  # noqa: BLE001 - whatever dateutil says of a name
            return {"username": name, "filename": name, "timestamp": datetime.min, "odd": True}

    return _path_to_record


def _copy_learners(stock):
    @functools.wraps(stock)
    def copy_files(self):
        for record in list(self.src_records):
            if why := "is none that nbgrader gives" if record.get("odd") else trouble(record["username"]):
                self.src_records.remove(record)
                self.log.error(
                    "Not collected: '%s', whose %s %s. Cure: have it handed in again, or copy it by hand.",
                    shown(record["filename"]),
                    "name" if record.get("odd") else "learner's id",
                    why,
                )
        return stock(self)

    return copy_files


def _copy_no_links(stock):
    """nbgrader follows links with the instructor's rights: a learner's link in the drop box would bring any file of theirs."""

    @functools.wraps(stock)
    def do_copy(self, src, dest, log=None):
        with tempfile.TemporaryDirectory() as scratch:
            copied = Path(scratch, "submission")
            try:
                left_out = copy_files_alone(src, copied, 1000 * self.coursedir.max_dir_size)
                stock(self, str(copied), dest, log)
            except (OSError, RuntimeError) as error:
                shutil.rmtree(dest, ignore_errors=True)
                self.log.error(
                    "Not collected: '%s' (%s). Cure: have it handed in again.", shown(os.path.basename(src)), error
                )
                return
        for name in left_out[:10]:
            self.log.warning("Not collected: '%s', which is no ordinary file. It was left behind.", name)

    return do_copy


def copy_files_alone(source: str, target: Path, most: int) -> list[str]:
    """Copy the ordinary files of a folder that somebody else may be changing; returns what else lay there.

    Raises OSError, also for what is no folder, and RuntimeError for more than `most` bytes.
    """
    left_out, size = [], 0
    for directory, folders, files, here in os.fwalk(source):  # never goes through a link
        inside = target / os.path.relpath(directory, source)
        inside.mkdir(parents=True)
        for name in sorted(files + folders):
            status = os.stat(name, dir_fd=here, follow_symlinks=False)
            if stat.S_ISDIR(status.st_mode):
                continue
            if not stat.S_ISREG(status.st_mode):
                left_out.append(shown(os.path.relpath(os.path.join(directory, name), source)))
                continue
            size += status.st_size
            if size > most:
                raise RuntimeError(f"it holds more than {most / 1e6:g} MB")
            handle = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=here)
            with open(handle, "rb") as file, open(inside / name, "wb") as copy:
                shutil.copyfileobj(file, copy)
    if not target.is_dir():
        raise NotADirectoryError("it is no folder")
    return left_out


def _collect_learners(stock):
    @functools.wraps(stock)
    def collect(self, submitted_file):
        found = stock(self, submitted_file)
        if not found:
            return found
        student, file = str(found.get("student_id")), str(found.get("file_id"))
        inside = not os.path.isabs(file) and ".." not in Path(file).parts
        why = trouble(student) or ("" if inside else "leads out of the learner's folder")
        if not why:
            return found
        self.log.error(
            "Not collected: '%s', whose learner's id or file %s. Cure: rename the file.",
            shown(os.path.basename(submitted_file)),
            why,
        )
        return None

    return collect
