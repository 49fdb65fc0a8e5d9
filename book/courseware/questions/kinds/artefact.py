"""`artefact`: a piece of work as it lies on a desk. The learner marks its faulty parts, fills a form about it, or both.

The answer is {"marks": {part: label}, "fields": {field: option or typed number}}; either may be left out where the question has none.
What the pieces look like: `_pieces.py`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from typing import Any

from ..model import NotAnAnswer, Part, Problem, Question, Sample, Score, Secrets
from . import _pieces, number
from ._fields import MOST_PARTS, a_type, clean_id, cut, empty, id_problem, in_json, near, text_problem

FIELDS = ("side", "setting", "rules", "artefact", "labels", "unmarked", "faults", "sound", "others", "fields", "model")
TYPED = '{"marks": {"r04": "wrong"}, "fields": {"total": "12.5"}}'
SIDES = ("bpo", "kpo")
ONE_OF, TYPED_IN = ("id", "text", "options", "answer", "why"), ("id", "text", "unit", "answer", "tolerance", "why")


def check(question: Question) -> list[Problem]:
    body = question.body
    problems = [
        Problem((), f'no "{name}".', cure)
        for name, cure in (
            ("setting", "Say who the learner is, what lies on the desk, and that it is invented."),
            ("artefact", "Give its pieces, as '- form: table'."),
            ("faults", "Plant them, each as '- {at: r04, why: ...}'."),
            ("sound", "Name at least two parts that look wrong and are not, each as '- {at: r05, why: ...}'."),
            ("others", "Say why all other parts are in order."),
            ("model", "Write the answer of somebody who knows the work."),
        )
        if name not in body
    ]
    for name in ("setting", "others", "model", "unmarked"):
        if name in body and (problem := text_problem(body[name], (name,), f'"{name}"')):
            problems.append(problem)
    if body.get("side", "bpo") not in SIDES:
        problems.append(Problem(("side",), f"unknown side {body['side']!r}.", "Write bpo or kpo."))
    rules = body.get("rules", [])
    if not isinstance(rules, list):
        problems.append(Problem(("rules",), '"rules" must be a list of texts.', "Write each with '- '."))
    else:
        problems += filter(None, (text_problem(rule, ("rules", n), f"rule {n + 1}") for n, rule in enumerate(rules)))
    if not body.get("labels") and not body.get("fields"):
        cure = "Give 'labels' to mark with, or 'fields' to fill, or both."
        problems.append(Problem((), "there is nothing to mark and nothing to fill.", cure))
    if "labels" in body:
        problems += _pieces.labels_problems(body["labels"], ("labels",), '"labels"')
    if "artefact" in body:
        problems += _pieces.check(body["artefact"])
    if not problems:  # only then is it known which parts there are
        problems += [*_fault_problems(body), *_sound_problems(body)]
    return problems + list(_field_problems(question, body.get("fields", [])))


def _fault_problems(body: dict[str, Any]) -> Iterator[Problem]:
    marked, labels = _pieces.parts(body["artefact"], fixed="labels" not in body), body.get("labels", {})
    yield from _explained(body["faults"], "faults", 1, marked, ("label",) if labels else ())
    for n, fault in enumerate(body["faults"] if isinstance(body["faults"], list) else []):
        label = fault.get("label") if isinstance(fault, dict) else None
        if labels and label is not None and (not isinstance(label, str) or label not in labels):
            yield Problem(
                ("faults", n, "label"), f"fault {n + 1} has the unknown label {label!r}.", near(label, labels)
            )


def _sound_problems(body: dict[str, Any]) -> Iterator[Problem]:
    yield from _explained(body["sound"], "sound", 2, _pieces.parts(body["artefact"], fixed=True), ())
    faults = (
        {fault.get("at") for fault in body["faults"] if isinstance(fault, dict)}
        if isinstance(body["faults"], list)
        else set()
    )
    for n, entry in enumerate(body["sound"] if isinstance(body["sound"], list) else []):
        if isinstance(entry, dict) and entry.get("at") in faults:
            yield Problem(("sound", n, "at"), f'"{entry["at"]}" is named as a fault and as sound.', "Keep one.")


def _explained(entries: Any, name: str, least: int, known: dict[str, str], more: tuple[str, ...]) -> Iterator[Problem]:
    if not isinstance(entries, list) or not least <= len(entries) <= MOST_PARTS:
        yield Problem(
            (name,), f'"{name}" must be a list of at least {least}.', "Write each as '- {at: r04, why: ...}'."
        )
        return
    seen = set()
    for n, entry in enumerate(entries):
        at, what = (name, n), f"entry {n + 1} of {name}"
        yield from _pieces.mapping_problems(entry, at, what, ("at", *more, "why"))
        if not isinstance(entry, dict) or "at" not in entry:
            continue
        if "why" in entry and (problem := text_problem(entry["why"], (*at, "why"), f'"why" of {what}')):
            yield problem
        if not isinstance(entry["at"], str) or entry["at"] not in known:
            yield Problem((*at, "at"), f"{what} names the unknown part {entry['at']!r}.", near(entry["at"], known))
        elif entry["at"] in seen:
            yield Problem((*at, "at"), f'"{entry["at"]}" is named twice.', "Keep one.")
        else:
            seen.add(entry["at"])


def _field_problems(question: Question, fields: Any) -> Iterator[Problem]:
    if not isinstance(fields, list) or len(fields) > 40:
        yield Problem(("fields",), '"fields" must be a list of at most 40.', "Write each as '- {id: ..., text: ...}'.")
        return
    seen = set()
    for n, field in enumerate(fields):
        at, what = ("fields", n), f"field {n + 1}"
        chosen = isinstance(field, dict) and "options" in field
        yield from _pieces.mapping_problems(
            field, at, what, ONE_OF if chosen else TYPED_IN, () if chosen else ("mistakes",)
        )
        if not isinstance(field, dict):
            continue
        yield from filter(None, [id_problem(field.get("id"), (*at, "id"), f"the id of {what}")])
        yield from filter(None, [text_problem(field.get("text"), (*at, "text"), f'"text" of {what}')])
        if field.get("id") in seen:
            yield Problem((*at, "id"), f'the field id "{field["id"]}" is used twice.', "Give each its own.")
        seen.add(field.get("id") if isinstance(field.get("id"), str) else None)
        if not chosen:
            for problem in number.check(_alone(question, field)):
                yield Problem((*at, *problem.at), f"{what}: {problem.wrong}", problem.cure)
            continue
        yield from _pieces.labels_problems(field["options"], (*at, "options"), f"the options of {what}", least=2)
        yield from filter(None, [text_problem(field.get("why"), (*at, "why"), f'"why" of {what}')])
        answer = field.get("answer")
        if "answer" in field and (not isinstance(answer, str) or answer not in field["options"]):
            yield Problem(
                (*at, "answer"), f"the answer of {what} is no option: {answer!r}.", near(answer, field["options"] or ())
            )


def _alone(question: Question, field: dict[str, Any]) -> Question:
    """A field for a number, as the question of the kind `number` that it is."""
    return replace(question, kind="number", body={name: field[name] for name in field if name not in ("id", "text")})


def public(question: Question) -> dict[str, Any]:
    body = question.body
    names = ("side", "setting", "rules", "artefact", "labels", "unmarked")
    shown: dict[str, Any] = {name: body[name] for name in names if name in body}
    fields = [
        {name: field[name] for name in ("id", "text", "options", "unit") if name in field}
        for field in body.get("fields", ())
    ]
    return {**shown, "fields": fields}


def parse(raw: Any) -> dict[str, dict[str, Any]] | None:
    if empty(raw):
        return None
    if type(raw) is not dict:
        raise NotAnAnswer(f"The answer is {a_type(raw)}; it must give marks and fields.")
    if set(raw) - {"marks", "fields"}:
        raise NotAnAnswer("The answer holds something else than marks and fields.")
    out = {}
    for name, given in raw.items():
        if given is None:
            continue
        if type(given) is not dict:
            raise NotAnAnswer(f"The {name} are {a_type(given)}; they must be given by their ids.")
        if len(given) > MOST_PARTS:
            raise NotAnAnswer(f"The answer gives {len(given):,} {name}, far more than any question has.")
        clean = {clean_id(id_, "a part"): _clean(value) for id_, value in given.items() if not empty(value)}
        if clean:
            out[name] = clean
    return out or None


def _clean(value: Any) -> str | float:
    if type(value) in (int, float):
        typed = number.parse(value)
        assert isinstance(typed, float)
        return typed
    return clean_id(value, "a label or what was typed")


def unfinished(public: dict[str, Any], answer: dict[str, dict[str, Any]] | None) -> str:
    marks, given = ((answer or {}).get(name, {}) for name in ("marks", "fields"))
    if public.get("labels") and not marks:
        return "Mark at least one part first."
    fields = public["fields"]
    left = [
        field
        for field in fields
        if field["id"] not in given or given[field["id"]] not in field.get("options", given.values())
    ]
    if left:
        return f"{len(left)} of {len(fields)} fields {'is' if len(left) == 1 else 'are'} empty."
    for field in fields:
        if "options" not in field and (problem := number.unfinished(field, number.parse(given[field["id"]]))):
            return f"{field['text']}: {problem}"
    return ""


def score(question: Question, answer: dict[str, dict[str, Any]]) -> Score:
    """A fault that is marked with its label earns 1, with another label one half; a mark on a sound part takes 1 back.

    A field that is right earns 1; a wrong choice among k takes 1 / (k - 1) back, so that guessing earns nothing on the average. Neither
    the marks nor the fields go below 0. The credit is what is earned of all faults (if there is anything to mark) and fields.
    """
    body = question.body
    marks, given = answer.get("marks", {}), answer.get("fields", {})
    fields = {field["id"]: field for field in body.get("fields", ())}
    if set(marks) - set(_pieces.parts(body["artefact"])):
        return Score.invalid("The answer marks a part that this question does not have.")
    if set(marks.values()) - set(body.get("labels", {})):
        return Score.invalid("The answer uses a label that this question does not have.")
    if set(given) - set(fields):
        return Score.invalid("The answer fills a field that this question does not have.")
    for id_, value in given.items():
        if "options" in fields[id_] and (type(value) is not str or value not in fields[id_]["options"]):
            return Score.invalid("The answer chooses an option that this question does not have.")
    found, parts = _marked(body, marks) if body.get("labels") else (Fraction(0), [])
    filled, told = _filled(question, given)
    places = len(body["faults"]) if body.get("labels") else 0
    reasons = [in_short(body, marks)] if places else []
    right = sum(part.credit == 1 for part in told)
    reasons += [f"{right} of {len(told)} fields right."] if told else []
    return Score.of(float((found + filled) / (places + len(told))), " ".join(reasons), [*parts, *told])


def _marked(body: dict[str, Any], marks: dict[str, Any]) -> tuple[Fraction, list[Part]]:
    faults = {fault["at"]: fault for fault in body["faults"]}
    parts = [
        Part(at, 1.0 if marks.get(at) == fault["label"] else 0.5 if at in marks else 0.0, fault["why"])
        for at, fault in faults.items()
    ]
    sound = {entry["at"]: entry["why"] for entry in body["sound"]}
    wrong = [at for at in marks if at not in faults]
    parts += [Part(at, 0.0, sound.get(at, body["others"])) for at in wrong]
    earned = sum((Fraction(part.credit) for part in parts), Fraction(0)) - len(wrong)
    return max(earned, Fraction(0)), parts


def in_short(body: dict[str, Any], marks: dict[str, Any]) -> str:
    """How far the marks are right: artefact.js has the same words."""
    faults = {fault["at"]: fault["label"] for fault in body["faults"]}
    right = sum(marks.get(at) == label for at, label in faults.items())
    near_, wrong = sum(at in faults for at in marks) - right, sum(at not in faults for at in marks)
    more = [f"{near_} with another label"] * bool(near_) + [f"{wrong} mark{'s' * (wrong != 1)} on sound parts"] * bool(
        wrong
    )
    return f"{', '.join([f'{right} of {len(faults)} faults marked right', *more])}."


def _filled(question: Question, given: dict[str, Any]) -> tuple[Fraction, list[Part]]:
    earned, parts = Fraction(0), []
    for field in question.body.get("fields", ()):
        value, right, why = given.get(field["id"]), False, field["why"]
        if value is not None and "options" in field:
            right = value == field["answer"]
            earned += 1 if right else Fraction(-1, len(field["options"]) - 1)
        elif value is not None:
            typed = number.parse(value)
            found = number.score(_alone(question, field), typed) if typed is not None else None
            right = found is not None and found.credit == 1
            earned += right
            if found is not None and not right:
                why = (found.parts[0].feedback if found.parts else found.reason) or why
        parts.append(Part(field["id"], float(right), why))
    return max(earned, Fraction(0)), parts


def samples(question: Question) -> list[Sample]:
    body = question.body
    labels, faults, fields = list(body.get("labels", {})), body["faults"], body.get("fields", [])
    places = len(faults) if labels else 0
    every = places + len(fields)
    marked = {fault["at"]: fault["label"] for fault in faults} if labels else {}
    given = {field["id"]: field["answer"] for field in fields}
    other = {
        field["id"]: next((id_ for id_ in field.get("options", ()) if id_ != field["answer"]), "no number")
        for field in fields
    }
    stray = next(part for part in _pieces.parts(body["artefact"], fixed=not labels) if part not in marked)
    whole = _whole(marked, given)
    nothing = _whole({stray: labels[0]} if labels else {}, other)
    all_marked = _whole(dict.fromkeys(_pieces.parts(body["artefact"]), labels[0]) if labels else {}, {})
    found = [Sample(whole, 1.0, "correct"), Sample(nothing, 0.0, "wrong")]
    if labels and len(_pieces.parts(body["artefact"])) >= 2 * places:
        found.append(Sample(all_marked, 0.0, "wrong"))
    if labels:
        one = _whole(dict(list(marked.items())[:1]), given)
        found.append(Sample(one, (1 + len(fields)) / every, "correct" if places == 1 else "partly"))
        off = (places - 1 + len(fields)) / every
        found.append(Sample(_whole({**marked, stray: labels[0]}, given), off, "partly" if off else "wrong"))
    if labels and fields:
        found.append(Sample({"marks": marked}, places / every, "partly"))
    if len(labels) > 1:
        named = {at: next(one for one in labels if one != label) for at, label in marked.items()}
        found.append(Sample(_whole(named, given), (places / 2 + len(fields)) / every, "partly"))
    broken: list[Any] = [
        "r04",
        [whole],
        {"marks": "r04"},
        {"marks": [stray]},
        {"marks": {"no-such-part": "x"}},
        {"more": {}},
    ]
    broken += [
        {"marks": {stray: "no-such-label"}},
        {"fields": {"no-such-field": "1"}},
        {"fields": {"a": True}},
        0.5,
        True,
    ]
    nothing_given: list[Any] = [None, {}, "", {"marks": {}}, {"marks": {stray: ""}}]
    return [
        *found,
        *(Sample(raw, 0.0, "invalid") for raw in broken),
        *(Sample(raw, 0.0, "unanswered") for raw in nothing_given),
    ]


def _whole(marks: dict, fields: dict) -> dict[str, dict]:
    return {name: given for name, given in (("marks", marks), ("fields", fields)) if given}


def in_words(public: dict[str, Any], raw: Any) -> tuple[str, ...]:
    if type(raw) is not dict:
        return () if empty(raw) else in_json(raw)
    texts, labels = _pieces.parts(public["artefact"]), public.get("labels", {})
    fields = {field["id"]: field for field in public["fields"]}
    lines = []
    marks: dict[Any, Any]
    given: dict[Any, Any]
    marks, given = (found if type(found := raw.get(name)) is dict else {} for name in ("marks", "fields"))
    for at, label in list(marks.items())[:MOST_PARTS]:
        lines.append(f"{cut(str(texts.get(at, at)))[:80]} → {_named(labels, label)}")
    for id_, value in list(given.items())[:MOST_PARTS]:
        field = fields.get(id_, {"text": str(id_)})
        lines.append(f"{cut(field['text'])}: {_named(field.get('options', {}), value)}")
    return tuple(lines) or (in_json(raw) if raw else ())


def _named(labels: dict[str, str], value: Any) -> str:
    return cut(labels.get(value, value)) if type(value) is str else "".join(in_json(value)) or "null"


def as_lines(public: dict[str, Any]) -> list[str]:
    lines = [public["setting"], *public.get("rules", ())]
    for piece in public["artefact"]:
        lines.append(f"{piece['title']}:")
        lines += [f"({id_}) {text}" for id_, text in _pieces.parts([piece], fixed=True).items()]
    if labels := public.get("labels"):
        lines.append(f"Mark with: {', '.join(f'({id_}) {text}' for id_, text in labels.items())}.")
    for field in public["fields"]:
        options = ", ".join(f"({id_}) {text}" for id_, text in field.get("options", {}).items())
        typed = number.as_lines(field)[0] if "unit" in field else ""
        lines.append(f"({field['id']}) {field['text']}: {options or typed}")
    return lines


def secrets(question: Question) -> Secrets:
    body = question.body
    entries = [*body["faults"], *body["sound"], *body.get("fields", ())]
    entries += [mistake for field in body.get("fields", ()) for mistake in field.get("mistakes", ())]
    marks = {fault["at"]: fault["label"] for fault in body["faults"]} if body.get("labels") else {}
    return Secrets(
        texts=(body["others"], body["model"], *(entry["why"] for entry in entries)),
        right=(_whole(marks, {field["id"]: field["answer"] for field in body.get("fields", ())}),),
        fields=("faults", "sound", "others", "model", "answer", "tolerance", "why", "mistakes"),
        shown=tuple(field["text"] for field in body.get("fields", ())),
    )
