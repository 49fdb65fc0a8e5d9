"""What the tests of the bank look at in a question: its entries, its reasons, which are right, and their words."""

import re


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
