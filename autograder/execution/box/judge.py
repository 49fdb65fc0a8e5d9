"""The judge: runs the instructor's test cells, in a process that no learner's code has ever been in.

It starts as a fork of a process that has run only the instructor's own cells. A name that these do not define is asked of
the learner's box, each time a test looks for it: data comes as data, objects as handles (remote.py), files as copies.
"""

from __future__ import annotations

import contextlib
import os
import re
import signal
import sys
import tempfile
import types
from typing import Any

from . import seeding
from .folder import Folder
from .frontend import Unheard
from .kernel import SIGNS
from .link import Link, RemoteError
from .names import Names, bound
from .results import line_of, number_of, text_of
from .wall import ANYTHING, THEIRS, Refused, Wall
from .wire import encode, same_data

FILES = re.compile(r"open|exist|file|path|dir|glob|stat|connect|load|read|csv|json|\.txt|%", re.IGNORECASE)
CHANGED = "the code changes {}, which was given, and the test passes only on what the code made of it"


class Judge:
    """The instructor's namespace, in IPython's shell."""

    def __init__(self, kernel, theirs: list[str]):
        self._shell, self._names, self._theirs = kernel.shell, Names(), set(theirs)
        self._own = self._shell.user_ns
        self._own["__builtins__"] = self._names
        self._tested: set[str] = set()  # names that tests have set since the learner did
        self._raised: BaseException | None = None  # by the cell that runs, or by one within it (%%capture)
        self._shell.showtraceback = self._note_error  # a traceback that nobody sees costs 10 ms
        self._shell.showsyntaxerror = lambda *_, **__: None
        self._shell.ask_exit = lambda: None  # `exit()` left in a test: a kernel under nbgrader goes on
        self._shell.display_formatter.active_types = ["text/plain"]

    def open(self, cells: list[str], imports: str) -> int:
        """Run the instructor's first cells, for every fork; the number that ran through. The first that fails is undone, and the
        first that leaves a file open: forks would share how far it is read."""
        self._run(imports)
        opened = set(os.listdir("/dev/fd"))
        for n, source in enumerate(cells):
            before = dict(self._own)
            ran_through = self._run(source).success
            if not ran_through or set(os.listdir("/dev/fd")) - opened:
                self._own.clear()
                self._own.update(before)
                return n
        return len(cells)

    def serve(self, receive, send) -> None:
        """The judge's child: runs what it is sent until the other side hangs up."""

        def ask(request: dict) -> dict:
            send({"t": "ask", "content": request})
            reply = receive()
            if reply is None:
                raise SystemExit
            return reply["answer"]

        signal.signal(signal.SIGINT, signal.default_int_handler)
        self._folder, self._stale, self._wrote = Folder(), True, False
        self._given = frozenset(self._folder._seen)
        # a file that a test makes for the learner's function has the same path there
        tempfile.tempdir = self._folder.root
        sys.addaudithook(self._audit)
        self._names.link = self._link = Link(ask, self._own)
        self._link.before, self._link.after = self._before, self._after
        while (request := receive()) is not None:
            self._names.forget_all()
            told = request.get("told")
            self._names.told = told if type(told) is dict and all(type(one) is dict for one in told.values()) else {}
            self._tested -= set(request.get("defined", ()))
            reply = self._test(request) if "test" in request else self._own_cell(request["cell"])
            send({"t": "verdict", "content": reply})

    def _own_cell(self, source: str) -> dict:
        result = self._run(source)
        return {"error": None if result.success else type(result.error_in_exec or result.error_before_exec).__name__}

    def _test(self, request: dict) -> dict:
        """{"value": None | number | "other"} when the cell ran through, {"error", "text", "line"} when it did not; and how it used the
        wall. `licence` is what it may ask of the learner's objects, `share` the names that the learner's later cells use."""
        source, licence = request["test"], request.get("licence") or []
        wall = self._link.wall = Wall(licence)
        self._link.test = source
        ours = sorted(self._names.ours & set(re.findall(r"\w+", source)) & set(self._own))
        seeding.watch(source)
        if FILES.search(source):
            self._see_files()
        try:
            changed = {name[len(THEIRS) :] for name in licence if name.startswith(THEIRS)}
            given = [] if ANYTHING in licence else self._changed(ours, changed | self._tested)
            reply = self._judged(source, changed.union(given))
            if given and "error" not in reply and (again := self._judged(source, changed)) != reply:
                wall.doubt(CHANGED.format(", ".join(given)))
                reply = again
            if wall.changed and "error" not in reply:
                wall.follow = True
                again = self._judged(source, changed)
                if again != reply:
                    wall.doubt("the code changes what the test gave it, and the test passes only on what it was before")
                    reply = again
        except Refused as refused:
            reply = {"error": "Refused", "text": str(refused), "line": 0}
        if ANYTHING in licence:
            for name in self._changed(ours, certain=False):
                wall.used[THEIRS + name] = None
        reply["shared"] = {}
        for name in [name for name in request.get("share", ()) if name in self._own]:
            with contextlib.suppress(Exception):  # no data
                reply["shared"][name] = encode(self._own[name], self._link.home, self._link.sent_subclass)
        return {**reply, "refused": wall.refused[:5], "doubts": wall.doubts[:5], "used": list(wall.used)}

    def _judged(self, source: str, changed: set[str]) -> dict:
        """Run the test where the names that are the learner's to define are theirs."""
        hidden = {}
        for name in (self._theirs | changed) - self._tested:
            if not re.search(rf"\b{re.escape(name)}\b", source):
                continue
            if name in self._names and name not in self._names._fetched:  # one of Python's own, such as sum
                try:
                    self._own[name] = self._names.fetch(name)
                except KeyError:
                    return {"error": "NameError", "text": f"name '{name}' is not defined", "line": 0}
                except RemoteError as error:
                    return {"error": type(error).__name__, "text": str(error), "line": 0}
                hidden[name] = self._names  # no value of ours: it goes when the test is over
            elif name in self._own:
                hidden[name] = self._own.pop(name)
                self._names.ours.discard(name)
        new, self._raised = bound(source), None
        try:
            self._shell.automagic = False  # `save(10) == 11` calls the learner's function, whatever magic has its name
            result = self._run(source)
        finally:
            self._shell.automagic = True
            for name, value in hidden.items():
                if name in new:
                    continue  # the test has set it anew
                if value is self._names:
                    self._own.pop(name, None)
                else:
                    self._own[name] = value
                    self._names.ours.add(name)
            self._tested |= new
        error = result.error_in_exec or result.error_before_exec or self._raised
        if error is None:
            return {"value": number_of(result.result)}
        return {"error": type(error).__name__, "text": text_of(error), "line": self._line(error, source)}

    def _line(self, error: BaseException, source: str) -> int:
        """The line of the test, 0 where IPython runs other lines than those: below %%time, or after a command of several lines."""
        line, whole = line_of(error), source.splitlines()
        empty = next((n for n, text in enumerate(whole) if text.strip()), 0)  # it leaves out the first ones
        same = len(self._shell.transform_cell(source).splitlines()) == len(whole) - empty
        return line + empty if line and same and not source.lstrip().startswith("%%") else 0

    def _changed(self, ours: list[str], but: set[str] = frozenset(), certain: bool = True) -> list[str]:
        """Which of these names of the instructor's have data that the learner's cells have changed. What is no data counts as
        changed, unless it must be `certain`."""
        changed = []
        for name in ours:
            mine = self._own.get(name)
            if name in but or (callable(mine) and not isinstance(mine, type)) or isinstance(mine, types.ModuleType):
                continue
            try:
                encoded = None if isinstance(mine, type) else encode(mine)
                theirs = self._link.raw({"op": "get", "name": name}).get("value")
                same = isinstance(mine, type) or same_data(theirs, encoded)
            except TypeError:
                same = certain  # no data: a connection, a figure
            changed += [] if same else [name]
        return changed

    def _note_error(self, *_: Any, **__: Any) -> None:
        self._raised = sys.exc_info()[1]

    def _audit(self, event: str, arguments: tuple) -> None:
        """Files are the learner's too: looked at anew before a test opens one, and sent before their code may read it."""
        if event == "open":
            mode, flags = arguments[1], arguments[2]
            if (isinstance(mode, str) and set(mode) & set("wax+")) or (
                isinstance(flags, int) and flags & (os.O_WRONLY | os.O_RDWR)
            ):
                self._wrote = True
            elif self._stale and isinstance(arguments[0], str) and self._inside(arguments[0]):
                self._see_files()
        elif event in ("os.remove", "os.rename", "os.mkdir", "shutil.rmtree"):
            self._wrote = True
        elif event in ("os.listdir", "os.scandir", "glob.glob", "sqlite3.connect") and self._stale:
            self._see_files()
        elif event == "pickle.find_class" and self._link.wall:  # whoever wrote the file would run what they like here
            self._link.wall.refuse("the test unpickles a file that a learner may have written")

    def _inside(self, name: str) -> bool:
        return os.path.normpath(os.path.join(self._folder.root, name)).startswith(self._folder.root + os.sep)

    def _see_files(self) -> None:
        self._stale = False
        reply = self._link.raw({"op": "folder", **self._files_of_the_test()})
        if type(reply.get("files")) is dict and type(reply.get("gone")) is list:
            if reply.get("left out"):
                self._link.wall.doubt("not all files of the learner's could be copied: they are too many or too large")
            wrote = self._wrote
            self._folder.write(reply, self._given, importable=False)
            self._wrote = wrote  # that was no file of the test's

    def _before(self, request: dict) -> None:
        if seeds := seeding.told():
            request["seeds"] = seeds
        request |= self._files_of_the_test()

    def _files_of_the_test(self) -> dict:
        """What the test has written since the last request, to go along with the next."""
        wrote, self._wrote = self._wrote, False
        return {"files": self._folder.changed()} if wrote else {}

    def _after(self) -> None:
        self._stale = True
        self._names.forget()
        if FILES.search(self._link.test):
            self._see_files()

    def _run(self, source: str):
        try:
            return self._run_cell(source)
        finally:
            more = source[:1].isspace() or SIGNS.search(source)
            self._names.ours |= bound(self._shell.transform_cell(source) if more else source) - self._theirs

    def _run_cell(self, source: str):
        with contextlib.redirect_stdout(Unheard()), contextlib.redirect_stderr(Unheard()):
            return self._shell.run_cell(source, store_history=False, silent=False)
