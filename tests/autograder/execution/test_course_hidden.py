"""The course's folder is never seen from a box, wherever it lies. Each test makes one and looks for it from inside."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from uuid import uuid4

import pytest
from stock_course import RIGHT, cells, write
from tiny_course import Tiny

from autograder.classroom.options import course_folders
from autograder.execution import shown
from autograder.execution.executor import Executor
from autograder.execution.limits import Limits
from autograder.execution.plan import Config, Sheet, Step

LOOK = """
import glob, os
found = [place for place in PLACES if os.path.exists(place + '/bank/keys.yml') or os.path.exists(place + '/gradebook.db')]
assert found == [], found
seen = [place for place in PLACES if os.path.isdir(place) and set(os.listdir(place)) - {'.venv'}]
assert seen == [], seen
"""


def course(folder: Path) -> Path:
    (folder / "bank").mkdir(parents=True)
    (folder / "bank/keys.yml").write_text("answer: 42")
    (folder / "gradebook.db").write_text("grades")
    return folder


def look(hidden, *places) -> None:
    """From the learner's process and from the judge's. Raises AssertionError."""
    with Executor(Config(Limits(memory_mb=300), hidden=tuple(map(str, hidden)))) as executor:
        assert executor.level == "boxed", executor.reason
        source = LOOK.replace("PLACES", repr([str(place) for place in places]))
        steps = [Step("cell", "learner", f"{source}\nx = 1"), Step("test", "judge", f"{source}\nassert x == 1")]
        ran = executor.run(Sheet(), steps, {})
        assert not ran["learner"].error and not ran["learner"].verdict, ran["learner"]
        assert not ran["judge"].error and not ran["judge"].verdict, ran["judge"]


@pytest.fixture
def below():
    """A new folder below a shown one."""
    made = []

    def make(folder: str) -> Path:
        made.append(Path(folder, f"course-{uuid4().hex[:8]}"))
        return made[-1]

    yield make
    for folder in made:
        shutil.rmtree(folder, ignore_errors=True)


def test_below_every_folder_that_is_shown(below):
    """All in one box: as root, as in Docker, those of the system too."""
    deeper = ("/usr/src", "/usr/lib", "/usr/local/share", f"{sys.prefix}/lib", f"{sys.prefix}/share")
    folders = [folder for folder in (*shown.folders(), *deeper) if os.path.isdir(folder) and os.access(folder, os.W_OK)]
    assert sys.prefix in folders
    courses = [course(below(folder)) for folder in folders]
    open_to_see = [place for place in courses if (place / "bank/keys.yml").exists()]
    look(courses, *open_to_see, *(Path("/lib", place.name) for place in courses))


def test_one_that_is_not_named_is_seen(below):
    """The tests above would see it."""
    place = course(below(sys.prefix))
    with pytest.raises(AssertionError, match="AssertionError"):
        look([], place)


def test_by_another_name(below, tmp_path):
    """The course is named by a link; or a link below a shown folder leads to it."""
    place, other = course(below(sys.prefix)), course(tmp_path / "course")
    link, link_in = tmp_path / "link", below(sys.prefix)
    link.symlink_to(place)
    link_in.symlink_to(other)
    look([link, other], place, link_in, link)
    link_in.unlink()


def test_its_folders_that_lie_elsewhere(below):
    """The gradebook or the exchange below a shown folder, the course itself anywhere."""
    from nbgrader.coursedir import CourseDirectory
    from traitlets.config import Config as Settings

    elsewhere, exchange = course(below(sys.prefix)), course(below(f"{sys.prefix}/share"))
    settings = Settings()
    settings.CourseDirectory.db_url = f"sqlite:///{elsewhere}/gradebook.db"
    settings.CourseDirectory.submitted_directory = str(exchange / "in")
    settings.CourseDirectory.source_directory = "the-source"
    settings.Exchange.root = str(exchange)
    settings.Bank.folder = "the-bank"
    folders = course_folders(CourseDirectory(config=settings, root="/somewhere"))
    assert {str(elsewhere), str(exchange), f"{exchange}/in", "/somewhere/the-source", "/somewhere/the-bank"} < {
        *folders
    }
    assert "/somewhere" in folders and "/somewhere/autograded" in folders
    look(folders, elsewhere, exchange)


def test_a_course_that_holds_the_interpreters_folders(below):
    """As here: .venv in the course; and a course that is the very folder of its .venv."""
    root = Path(shown.__file__).parents[2]
    look([root], root / "autograder", root / "tests")
    extra = course(below(sys.prefix))
    look([sys.prefix], extra)


def test_a_class_of_such_a_course(below, _empty):
    """Graded as an instructor would, where the course lies below the interpreter's folder."""
    tiny = Tiny(below(sys.prefix), like=_empty)
    tiny.source(cells(), "plain")
    (tiny.folder / "source/plain/data.json").write_text("[1, 2, 3, 4]")
    tiny.generate("plain")
    spy = f"import os\nmean = len(os.listdir({str(tiny.folder)!r}))\nprint('seen:', mean)"
    tiny.hand_in("spy", None, write(squares=RIGHT["squares"], mean=spy), assignment="plain")
    tiny.grade("plain")
    outputs = [cell.outputs for cell in tiny.graded("spy", "plain").cells if cell.id == "mean"]
    assert outputs[0][0]["text"] == "seen: 0\n" and (tiny.folder / "source").exists()


def test_a_course_that_is_mounted_twice(tmp_path):
    """As a container may: the places are told by the kernel's list of mounts. In a namespace of the test's own."""
    place, second, part = course(tmp_path / "course"), tmp_path / "se cond", tmp_path / "part"
    second.mkdir()
    part.mkdir()
    program = f"from autograder.execution import shown\nprint(*sorted(shown.everywhere({str(place)!r})), sep='|')"
    mount = f'mount --bind "{place}" "{second}" && mount --bind "{place}/bank" "{part}" && exec "$@"'
    own = ["unshare", "--user", "--map-root-user", "--mount", "sh", "-ec", mount, "sh", sys.executable, "-c", program]
    said = subprocess.run(own, capture_output=True, text=True)
    assert said.stdout == f"{place}|{part}|{second}\n", said.stderr
