"""The kinds of question, one small module each. Every module here has the same nine functions:

check(question) -> list[Problem]       the author's mistakes in `question.body`
public(question) -> dict               the fields of `question.body` that a learner may see
parse(raw) -> answer                   a plain answer, None when there is none; raises NotAnAnswer with the reason
unfinished(public, answer) -> str      what of the answer is still missing, in the learner's words; "" when it is whole
score(question, answer) -> Score       credit and feedback for an answer that `parse` gave
samples(question) -> list[Sample]      right, half-right, wrong, empty and invalid answers with the score each must get
in_words(public, raw) -> tuple[str]    a raw answer of whatever type in the learner's words; never raises
as_lines(public) -> list[str]          what there is to choose or to do, as lines of text with the ids that an answer uses
secrets(question) -> Secrets           what gives the key away

and FIELDS, the names of its own fields in the YAML. TYPED is an answer as one types it in Python. A kind that is answered in a cell
of its own (`code`) has in its place

CELL                                   the end of that cell's grade_id, after the question's id
starter(question) -> str               the text that the learner's cell begins with
chosen(question, cell, kept) -> raw    which counts: the text of the cell, or the kept answer
calls(question), score_outcomes(question, outcomes)   what is run, and the score of what came back

Nothing outside this folder and widgets/kinds/ knows those fields. A new kind is a module here, one in widgets/kinds/ and a test.
"""

from importlib import import_module
from pkgutil import iter_modules

KINDS = {
    found.name: import_module(f"{__name__}.{found.name}")
    for found in iter_modules(__path__)
    if not found.name.startswith("_")
}
