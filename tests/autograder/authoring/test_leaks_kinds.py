"""The leak search knows the key of every kind of question, and takes nothing that learners may see for one."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from autograder.authoring.leaks import SHORTEST_REASON, keys_of_bank, search, squash
from courseware.questions import KINDS, dump_release, load_bank

DEMOS = Path(__file__).resolve().parents[2] / "data/kinds"
BANK = {question.kind: question for question in load_bank(DEMOS).values()}


@pytest.fixture(scope="module")
def keys():
    return keys_of_bank(DEMOS)


def found(tmp_path, keys, data) -> set[str]:
    path = tmp_path / "x.json"
    path.write_bytes(data if isinstance(data, bytes) else json.dumps(data, ensure_ascii=False).encode())
    return {leak.question for leak in search([path], keys).leaks}


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_a_key_of_each_kind_is_found_and_a_release_is_none(tmp_path, keys, kind):
    question, secrets = BANK[kind], KINDS[kind].secrets(BANK[kind])
    assert found(tmp_path, keys, dump_release("demo", [question])) == set()
    assert found(tmp_path, keys, {"flags": {question.id: True}, "points": {question.id: 17}}) == set()
    for text in secrets.texts:  # shorter ones may stand anywhere by chance
        assert found(tmp_path, keys, text) == ({question.id} if len(squash(text)) >= SHORTEST_REASON else set()), text
    for field in secrets.fields:
        assert found(tmp_path, keys, [{"id": question.id, "deeper": [{field: 7}]}]) == {question.id}, field
    for right in secrets.right:
        assert found(tmp_path, keys, {question.id: right}) == {question.id}
        assert found(tmp_path, keys, {"answers": {question.id: {"answer": right}}}) == {question.id}
        if isinstance(right, (dict, list)):
            assert found(tmp_path, keys, {"id": question.id, "x": {"y": right}}) == {question.id}
