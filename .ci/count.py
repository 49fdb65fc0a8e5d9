"""How much the course holds, counted from its own files.

python .ci/count.py
"""

import re
from collections import Counter
from pathlib import Path

import yaml

from courseware.questions import Question, find_samples, load_bank, load_questions
from outsourcing import evidence
from outsourcing import widgets as subject

ROOT = Path(__file__).resolve().parent.parent
NOT_CHAPTERS = re.compile(r"book/(home$|about$|reference/|teaching/|samples/)|/(review|progress)$")


def listed() -> list[str]:
    """Every page of the table of contents."""
    toc = yaml.safe_load((ROOT / "_toc.yml").read_text("utf8"))
    return [toc["root"], *(chapter["file"] for part in toc["parts"] for chapter in part["chapters"])]


def cited(text: str) -> set[str]:
    return {id.strip() for group in re.findall(r"\{fact\}`([^`]*)`", text) for id in group.split(",")}


def by_kind(questions: list[Question]) -> str:
    kinds = Counter(question.kind for question in questions)
    return f"{len(questions):4}" + (
        f"  ({', '.join(f'{count} {kind}' for kind, count in sorted(kinds.items()))})" if kinds else ""
    )


def main() -> None:
    pages = listed()
    chapters = [page for page in pages if not NOT_CHAPTERS.search(page)]
    text = {page: (ROOT / f"{page}.md").read_text("utf8") for page in pages}
    claims = [row["id"] for row in evidence.rows("seed_claims")]
    taught = set().union(*(cited(text[page]) for page in chapters)) & set(claims)
    practice = [
        question for path in sorted((ROOT / "book").rglob("questions.yml")) for question in load_questions(path)
    ]
    samples = [question for path in find_samples(ROOT / "book") for question in load_questions(path)]
    sides = Counter(question.body["side"].upper() for question in samples)
    shown = [
        name
        for name in subject.__all__
        if any(re.search(rf"^\s*(?:\w+ = )?{name}\(", text[page], re.MULTILINE) for page in chapters)
    ]
    bank = ROOT / "autograder/questions"
    graded = by_kind(list(load_bank(bank).values())) if bank.is_dir() else "   -  (the learner edition has none)"

    print(f"claims              {len(claims):4}  ({len(taught)} taught in a chapter)")
    for id in (id for id in claims if id not in taught):
        where = [page for page in pages if id in cited(text[page])]
        print(f"{'':26}{id}: {'only in ' + ', '.join(where) if where else 'not yet'}")
    print(
        f"chapters            {len(chapters):4}  (in {len({Path(page).parent for page in chapters})} parts; {len(pages)} pages in all)"
    )
    print(f"practice questions  {by_kind(practice)}")
    print(f"work samples        {len(samples):4}  ({', '.join(f'{n} {side}' for side, n in sorted(sides.items()))})")
    print(f"graded questions    {graded}")
    print(f"widgets             {len(subject.__all__):4}  ({len(shown)} shown in a chapter: {', '.join(shown)})")
    print(f"figures             {sum(len(re.findall(r'Figure[.]of[(]', body)) for body in text.values()):4}")


if __name__ == "__main__":
    main()
