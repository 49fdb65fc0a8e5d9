"""Is a question a good item? What gives its key away by its form, and what is missing, with the place and the cure.

The rules are those of Haladyna, Downing and Rodriguez (2002), Applied Measurement in Education 15(3). What makes a question
unusable (no key, no reason, an id used twice) is found earlier, when its file is read.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import combinations

from courseware.questions import Question

from .form import ONE, PLACED, Form, form, normal, words

LONGEST_TO_SHORTEST = 1.5
SHORTEST_REASON = 25
MOST_ALIKE = 0.45
_POINTING = re.compile(
    r"\b(all|none|both|any|two) of (the|these|them)\b.*\b(above|below|options|answers)\b|\b[a-d] and [b-d]\b are\b|\babove\b",
    re.IGNORECASE,
)
_NEGATIVE = re.compile(r"\b(not|never|no|none|nobody|nothing|neither|except|cannot|without|\w+n't)\b", re.IGNORECASE)
_YEAR = re.compile(r"(19|20)\d\d")  # says when, not how much
_FIGURE = re.compile(r"(?<![\w.,:-])\d[\d,]*(?:\.\d+)?(?![\w:])")


@dataclass(frozen=True)
class Finding:
    """One thing to mend, its place and how."""

    place: str
    wrong: str
    cure: str

    def __str__(self) -> str:
        return f"{self.place}: {self.wrong} {self.cure}"


def check_items(questions: list[Question], facts: Callable[[str], str] | None = None) -> list[Finding]:
    """Everything to mend in these questions. `facts` gives the text of a row by its id; without it, figures are not looked up."""
    forms = [form(question) for question in questions]
    found = [mend for one in forms for mend in _one(one)]
    if facts is not None:
        found += [mend for one in forms for mend in _figures(one, facts)]
    files: dict[str, list[Form]] = {}
    for one in forms:
        files.setdefault(one.question.file, []).append(one)
    return [*found, *(mend for own in files.values() for mend in _places(own)), *_same(forms)]


def finding(one: Form, wrong: str, cure: str) -> Finding:
    return Finding(f"{one.question.file}:{one.question.line}: {one.question.id}", wrong, cure)


def _one(one: Form) -> Iterator[Finding]:
    texts = list(one.entries.values())
    plain = [normal(text) for text in texts]
    if doubles := sorted(text for text, count in Counter(plain).items() if count > 1):
        yield finding(one, f"two options read the same ({doubles[0]!r}).", "Make them differ, or drop one.")
    for text in texts:
        if _POINTING.search(text):
            yield finding(one, f"an option points at the others ({text!r}).", "Say what it claims by itself.")
    asks = re.split(r"(?<=[.:])\s", one.prompt.strip())[-1]
    if _NEGATIVE.search(asks):
        for text in texts:
            if len(_NEGATIVE.findall(text)) > 1:
                yield finding(
                    one,
                    f"the question is negative, and so is an option, twice ({text!r}).",
                    "Say one of them without 'not'.",
                )
    if len({text.rstrip()[-1:] in ".?!" for text in texts}) > 1:
        yield finding(one, "some options end with a full stop and some do not.", "Give all the same form.")
    for reason in one.reasons:
        if len(reason) < SHORTEST_REASON:
            yield finding(
                one, f"the reason {reason!r} explains too little.", "Say which mistake it is, or what makes it right."
            )
    if len({normal(reason) for reason in one.reasons}) < len(one.reasons):
        yield finding(one, "two reasons are the same.", "Each option is a mistake of its own: say which.")
    if one.question.use == "graded" and not one.question.sources:
        yield finding(one, "it rests on no fact.", "Name the rows in 'sources'.")
    if one.shape == ONE:
        yield from _standing_out(one)
    if one.shape == PLACED:
        yield from _hints(one)


def _standing_out(one: Form) -> Iterator[Finding]:
    own, others = one.entries[one.right], [text for id_, text in one.entries.items() if id_ != one.right]
    sizes = [len(text) for text in others]
    if len(own) > LONGEST_TO_SHORTEST * max(sizes) or len(own) * LONGEST_TO_SHORTEST < min(sizes):
        yield finding(one, "the right option alone is long, or short.", "Make the options about equally long.")
    if re.search(r"\d", own) and not any(re.search(r"\d", text) for text in others):
        yield finding(one, "only the right option has a figure.", "Give another option one, or say it without.")


def _hints(one: Form) -> Iterator[Finding]:
    if unused := sorted(set(one.labels) - set(one.right.values())):
        yield finding(one, f"nothing belongs to the category {unused[0]!r}.", "Add an item, or drop the category.")
    for id_, text in one.entries.items() if one.question.use == "graded" else ():
        if {label for label in one.labels if words(one.labels[label]) & words(text)} == {one.right[id_]}:
            yield finding(
                one, f"item {id_} repeats words of the category that it belongs to.", "Say it in other words."
            )


def _figures(one: Form, facts: Callable[[str], str]) -> Iterator[Finding]:
    """A figure of two digits or more stands in a row that the question cites, or belongs to a case that is said to be invented.

    Only the prompt is looked at: a wrong option may well hold a wrong figure, and a right one a computed figure.
    """
    if re.search(r"\b(invented|made-up)\b", one.prompt, re.IGNORECASE):
        return
    known = {
        _plain(number) for source in one.question.sources for number in re.findall(r"\d[\d,]*(?:\.\d+)?", facts(source))
    }
    for figure in _FIGURE.findall(one.prompt):
        if len(_plain(figure)) > 1 and _plain(figure) not in known and not _YEAR.fullmatch(figure):
            yield finding(
                one,
                f"the figure {figure} stands in no row that it cites.",
                "Cite the row, or say that the case is invented.",
            )


def _plain(number: str) -> str:
    number = number.strip(",.").replace(",", "")
    return number.rstrip("0").rstrip(".") if "." in number else number


def _places(own: list[Form]) -> Iterator[Finding]:
    """In one file, no place holds the right option in more than half of the questions, or three times running."""
    chosen = [one for one in own if one.shape == ONE]
    places = [list(one.entries).index(one.right) + 1 for one in chosen]
    for place, count in Counter(places).most_common(1):
        if len(places) >= 4 and count > len(places) / 2:
            yield finding(
                chosen[0],
                f"option {place} is right in {count} of the {len(places)} questions of this file.",
                "Move some.",
            )
    for n, (one, *next_two) in enumerate(zip(places, places[1:], places[2:], strict=False)):
        if next_two == [one, one] and chosen[n].question.use == "graded":
            yield finding(chosen[n], f"option {one} is right here and in the next two.", "Move one of the three.")


def _same(forms: list[Form]) -> Iterator[Finding]:
    """Of two questions that ask the same, the second tests the memory of the first one's feedback."""
    bags = [(one, words(" ".join([one.prompt, *one.entries.values()]))) for one in forms]
    for (first, a), (second, b) in combinations(bags, 2):
        if len(a & b) >= MOST_ALIKE * len(a | b) > 0:
            yield finding(
                second, f"it asks nearly the same as {first.question.id}.", "Ask something else, or drop one."
            )
