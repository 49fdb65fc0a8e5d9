"""Every question is a good item: it rests on facts, explains itself, and cannot be answered from its form.

The checks run on the practice questions, which anybody may read, and on the graded bank where there is one
(the learner edition has none). They compute what they compare with: no key stands in this file.
"""

import json
import random
import re
from collections import Counter
from itertools import combinations

import pytest

from courseware.questions import KINDS, asked, load_bank, load_questions, score
from courseware.questions.kinds import code
from outsourcing.evidence import facts


@pytest.fixture(scope="module")
def files(root):
    """Question file -> its questions."""
    paths = [*sorted((root / "book").rglob("questions.yml")), *sorted((root / "autograder/questions").glob("*.yml"))]
    return {path.relative_to(root).as_posix(): load_questions(path) for path in paths}


@pytest.fixture(scope="module")
def everything(files):
    return [question for questions in files.values() for question in questions]


@pytest.fixture(scope="module")
def graded(everything):
    """The graded bank; in the learner edition the practice questions stand in for it."""
    return [question for question in everything if question.use == "graded"] or everything


def entries(question):
    """What there is to choose from, to sort or to order; a number, prose and code have nothing of the kind."""
    return question.body.get("options") or question.body.get("items") or []


def reasons(question):
    """Every text that explains: of the entries, of known mistakes, of the whole question."""
    told = [
        entry["why"]
        for part in (entries(question), question.body.get("mistakes", []))
        for entry in part
        if "why" in entry
    ]
    return told + [question.body[name] for name in ("why", "model") if name in question.body]


def rights(question):
    return [n for n, option in enumerate(question.body["options"]) if option.get("correct")]


def right(question):
    return rights(question)[0]


def choices(questions, *kinds):
    found = [question for question in questions if question.kind in (kinds or ("choice",))]
    assert found
    return found


def normal(text):
    return " ".join(re.findall(r"[a-z0-9%]+", text.lower()))


def words(text):
    return {word for word in normal(text).split() if len(word) > 3}


def test_ids_are_unique_over_practice_and_graded(everything):
    assert [id_ for id_, n in Counter(question.id for question in everything).items() if n > 1] == []


def test_graded_questions_are_numbered_after_their_file(root, files):
    practice = {question.id for path, questions in files.items() if path.startswith("book/") for question in questions}
    for path, questions in files.items():
        if path.startswith("autograder/"):
            name = path.rsplit("/", 1)[1].removesuffix(".yml")
            free = (
                id_ for n in range(1, 100) if (id_ := f"{name}-{n:02}") not in practice
            )  # a chapter may have used a number first
            assert [question.id for question in questions] == [next(free) for _ in questions]
            assert {question.use for question in questions} == {"graded"}
        else:
            assert {question.use for question in questions} == {"practice"}
    if (root / "autograder/questions").is_dir():
        assert len(load_bank(root / "autograder/questions")) == sum(
            len(found) for path, found in files.items() if path.startswith("autograder/")
        )


def test_every_question_rests_on_facts_and_names_its_objective(everything):
    for question in everything:
        assert question.sources or question.use == "practice", (
            question.id
        )  # practice may ask how the course itself works
        assert set(question.sources) <= set(facts()), question.id
        assert len(question.sources) == len(set(question.sources)), question.id
        assert len(question.objective.split()) >= 3, question.id


def test_every_option_and_item_has_a_reason_of_its_own(everything):
    for question in everything:
        told = reasons(question)
        if question.kind == "code":  # its hidden tests explain themselves to the one whose function fails them
            told = [test["why"] for test in question.body["tests"]]
        elif question.kind != "decision":
            assert all("why" in entry for entry in entries(question)), question.id
        assert min(map(len, told)) >= 25, question.id
        assert len(set(map(normal, told))) == len(told), question.id
        assert not set(map(normal, told)) & {normal(entry["text"]) for entry in entries(question)}, question.id


def test_texts_are_distinct_and_none_points_at_the_others(everything):
    pointing = re.compile(
        r"\b(all|none|both|any|two) of (the|these|them)\b.*\b(above|below|options|answers)\b|\b(a|b|c|d) and (b|c|d)\b are\b|\babove\b"
    )
    for question in everything:
        texts = [normal(entry["text"]) for entry in entries(question)]
        assert len(set(texts)) == len(texts), question.id
        assert not [text for text in texts if pointing.search(text)], question.id


def test_no_double_negatives(everything):
    negative = re.compile(r"\b(not|never|no|none|nobody|nothing|neither|except|cannot|without|\w+n't)\b", re.IGNORECASE)
    for question in everything:
        asks = re.split(r"(?<=[.:])\s", question.prompt)[-1]  # the sentence that asks
        if negative.search(asks):
            doubled = [entry["text"] for entry in entries(question) if len(negative.findall(entry["text"])) > 1]
            assert not doubled, (question.id, doubled)


def test_options_begin_or_end_alike_in_form(everything):
    """A right option that alone has a full stop or a figure would give itself away."""
    for question in everything:
        texts = [entry["text"] for entry in entries(question)]
        assert len({text[-1] in ".?!" for text in texts}) <= 1, question.id
        if question.kind == "choice":
            figures = [bool(re.search(r"\d", text)) for text in texts]
            assert not (figures[right(question)] and sum(figures) == 1), question.id


def test_length_gives_nothing_away(graded):
    found = choices(graded)
    longest = shortest = 0
    for question in found:
        sizes = [len(option["text"]) for option in question.body["options"]]
        mine = sizes[right(question)]
        assert max(sizes) <= 1.5 * min(sizes), question.id
        longest += mine == max(sizes)
        shortest += mine == min(sizes)
    share = 1 / 4 if found[0].use == "graded" else 1 / 3
    assert longest <= len(found) * share and shortest <= len(found) / 3, (longest, shortest, len(found))
    for question in graded:
        if question.kind in ("choices", "order"):
            sizes = [len(entry["text"]) for entry in entries(question)]
            assert question.kind == "order" or max(sizes) <= 1.5 * min(sizes), question.id
            assert question.kind == "choices" or sizes not in (sorted(sizes), sorted(sizes, reverse=True)), question.id


def test_no_place_is_favoured(files):
    for path, questions in files.items():
        places = Counter(right(question) for question in questions if question.kind == "choice")
        total = sum(places.values())
        if total >= 4:
            assert max(places.values()) <= total / 2, (path, places)
        if path.startswith("autograder/"):
            assert max(places.values()) - min(places[n] for n in range(4)) <= 1, (path, places)
            order = [right(question) for question in questions if question.kind == "choice"]
            assert not any(a == b == c for a, b, c in zip(order, order[1:], order[2:])), (path, order)


def test_no_category_is_favoured(graded):
    uneven = 0
    for question in graded:
        if question.kind == "classify":
            used = Counter(item["answer"] for item in question.body["items"])
            assert set(used) == set(question.body["categories"]), question.id
            most, least = max(used.values()), min(used.values())
            assert most <= 2 * least if question.use == "graded" else most - least <= 2, question.id
            uneven += most > least
            for item in question.body["items"]:  # an item that repeats the words of one category's label
                hints = {
                    id_ for id_, label in question.body["categories"].items() if words(label) & words(item["text"])
                }
                assert question.use == "practice" or hints != {item["answer"]}, (question.id, item["id"])
    assert uneven  # who knows that all categories are equally full has the last items for nothing


def test_how_many_to_choose_is_not_always_the_same(graded):
    """Of the options of `choices` neither a fixed number nor a fixed share is right."""
    found = [question for question in graded if question.kind == "choices"]
    if len(found) >= 4:
        assert len({len(rights(question)) for question in found}) > 1
        assert len({(len(rights(question)), len(question.body["options"])) for question in found}) > 1
        assert max(Counter(n for question in found for n in rights(question)).values()) <= len(found) * 3 / 4


def guessers():
    """Ways to choose by form alone: question -> the weight of each option."""

    def by(measure, pick):
        def guess(question):
            values = [measure(question, option["text"]) for option in question.body["options"]]
            return [float(value == pick(values)) for value in values]

        return guess

    def shared(question, text):
        return len(words(text) & words(question.prompt))

    def like_the_others(question, text):
        return sum(len(words(text) & words(other["text"])) for other in question.body["options"])

    def hedged(_question, text):
        return len(re.findall(r"\b(may|can|could|might|some|often|depends|most|about|both|also|yet)\b", text.lower()))

    def absolute(_question, text):
        return len(re.findall(r"\b(all|always|never|only|must|no|none|every|any|alone|cannot)\b", text.lower()))

    ways = {
        "longest": by(lambda q, text: len(text), max),
        "shortest": by(lambda q, text: len(text), min),
        "shares most words with the prompt": by(shared, max),
        "shares fewest": by(shared, min),
        "most like the other options": by(like_the_others, max),
        "least like them": by(like_the_others, min),
        "most careful words": by(hedged, max),
        "fewest absolute words": by(absolute, min),
    }
    for place in range(4):
        ways[f"place {place + 1}"] = lambda question, place=place: [
            float(n == place) for n in range(len(question.body["options"]))
        ]
    return ways


@pytest.mark.parametrize("way", guessers())
def test_a_test_wise_guesser_gains_nothing(graded, way):
    """A guesser by form who picks one option stays near chance: at most 10 points above it for each single way."""
    for found in (choices(graded), choices(graded, "choice", "choices")):
        gained = chance = 0.0
        for question in found:
            weights, good = guessers()[way](question), rights(question)
            gained += sum(weights[n] for n in good) / sum(weights) / len(good) if sum(weights) else 1 / len(weights)
            chance += 1 / len(weights)
        assert (gained - chance) / len(found) <= 0.10, (
            f"{way}: {gained / len(found):.2f} against chance {chance / len(found):.2f}"
        )


@pytest.mark.parametrize("way", guessers())
def test_who_picks_several_options_by_form_gains_nothing(graded, way):
    """Even a guesser who knows how many are right: the options that score highest by form, against that number drawn at random."""
    found, gained = choices(graded, "choices"), 0.0
    for question in found:
        options = [option["id"] for option in question.body["options"]]
        many = sum(bool(option.get("correct")) for option in question.body["options"])
        weights = guessers()[way](question)
        ranked = sorted(zip(weights, options), key=lambda pair: -pair[0])
        sure = [id_ for weight, id_ in ranked if weight > 0][:many]
        rest = [id_ for id_ in options if id_ not in sure]
        blind = [score(question, list(picked)).credit for picked in combinations(options, many)]
        told = [score(question, [*sure, *more]).credit for more in combinations(rest, many - len(sure))]
        gained += sum(told) / len(told) - sum(blind) / len(blind)
    assert gained / len(found) <= 0.10, gained / len(found)


ORDERS = {
    "shortest first": lambda item: len(item["text"]),
    "longest first": lambda item: -len(item["text"]),
    "smallest number first": lambda item: float((re.findall(r"\d+", item["text"]) or ["0"])[0]),
    "largest number first": lambda item: -float((re.findall(r"\d+", item["text"]) or ["0"])[0]),
    "by alphabet": lambda item: item["text"],
    "by id": lambda item: item["id"],
}


@pytest.mark.parametrize("way", ORDERS)
def test_who_puts_in_order_by_form_gains_nothing(graded, way):
    found, gained, draw = choices(graded, "order"), 0.0, random.Random(1)
    for question in found:
        items = question.body["items"]
        ids = [item["id"] for item in items]
        blind = [score(question, draw.sample(ids, len(ids))).credit for _ in range(200)]
        by_form = [item["id"] for item in sorted(draw.sample(items, len(items)), key=ORDERS[way])]
        gained += score(question, by_form).credit - sum(blind) / len(blind)
    assert gained / len(found) <= 0.10, gained / len(found)


def ran(question, source):
    """What the hidden calls give for a source of the bank's own author: no box is needed for it."""
    outcomes = []
    for call in code.calls(question):
        names = {}
        try:
            exec(source, names)  # noqa: S102 - from our own bank
            outcomes.append({"value": names[call["function"]](*call["args"])})
        except Exception as error:  # noqa: BLE001 - a wrong solution may fail in any way
            outcomes.append({"error": type(error).__name__, "text": str(error)})
    return outcomes


def test_samples_of_every_question_score_as_they_must(everything):
    for question in everything:
        for sample in KINDS[question.kind].samples(question):
            result = (
                code.score_outcomes(question, ran(question, sample.raw)) if sample.run else score(question, sample.raw)
            )
            assert (result.verdict, result.credit) == (sample.verdict, pytest.approx(sample.credit)), (
                question.id,
                sample.raw,
            )


def test_prompts_are_plain(everything):
    """Second-language readers: short sentences, and no prompt that is a page."""
    for question in everything:
        assert len(question.prompt) <= 420, (question.id, len(question.prompt))
        longest = max(re.split(r"(?<=[.?!:;])\s", question.prompt), key=lambda part: len(part.split()))
        assert len(longest.split()) <= 34, (question.id, longest)


def test_no_two_questions_ask_the_same(everything):
    """A graded question that repeats a practice question would test memory of its feedback."""
    for one, other in combinations(everything, 2):
        a, b = (
            words(question.prompt) | {word for entry in entries(question) for word in words(entry["text"])}
            for question in (one, other)
        )
        assert len(a & b) / len(a | b) < 0.45, (one.id, other.id)


def test_each_assignment_asks_its_questions_in_order(root, files):
    source = root / "autograder/source"
    names = sorted(path.name for path in (source if source.is_dir() else root / "exercises").iterdir() if path.is_dir())
    assert names
    for name in names:
        notebook = json.loads(
            ((source if source.is_dir() else root / "exercises") / name / f"{name}.ipynb").read_text("utf8")
        )
        cells = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
        ids = [id_ for cell in cells if (id_ := asked("".join(cell["source"])))]
        if source.is_dir():
            points = {question.id: question.points for question in files[f"autograder/questions/{name}.yml"]}
        else:
            points = {
                question["id"]: question["points"]
                for question in json.loads((root / f"exercises/{name}/questions.json").read_text("utf8"))["questions"]
            }
        assert ids == list(points)
        settings = [cell["metadata"]["nbgrader"] for cell in cells if asked("".join(cell["source"]))]
        assert [(one["grade_id"], one["points"], one["grade"], one["locked"]) for one in settings] == [
            (id_, points[id_], True, True) for id_ in ids
        ]
        for cell, text in ((cells[0], "from courseware import ask, progress"), (cells[-1], "progress()")):
            assert (
                "".join(cell["source"]) == text
                and cell["metadata"]["nbgrader"]["locked"]
                and not cell["metadata"]["nbgrader"]["grade"]
            )
        assert not any(cell["outputs"] or cell["execution_count"] for cell in cells)
        assert len({cell["id"] for cell in notebook["cells"]}) == len(notebook["cells"])
