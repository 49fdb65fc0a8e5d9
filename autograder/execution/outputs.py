"""What a learner's cell sent out, as outputs of a notebook that harm no page: text and pictures, of bounded size."""

from __future__ import annotations

import base64
import binascii
import contextlib
import math
import re

from ..verdicts import STOPPED
from .links import dead_addresses

LONGEST_TEXT = 50_000  # characters of one cell
LONGEST_PICTURE = 3_000_000  # characters of base64
MOST_OUTPUTS = 50
PICTURES = ("image/png", "image/jpeg")
WHOLE, WHOLE_TEXT = 20_000_000, 500_000  # characters of all cells of a notebook
MOST_COLOURS = 1_000  # of a cell's text: a page has an element for each
_COLOUR = re.compile(r"\x1b(?:\[[0-9;?]*[a-zA-Z]?)?")
_NUMPY = re.compile(r"^np\.\w+\((.*)\)$")  # how numpy shows a number


class Room:
    """What is left of the size that all outputs of a notebook may have."""

    def __init__(self):
        self.left, self.text = WHOLE, WHOLE_TEXT


class Outputs:
    """Collects a cell's messages. Every field of them is a learner's: checked for its type, cut to size."""

    def __init__(self, room: Room):
        self._outputs: list[dict] = []
        self._room, self._left, self._value = room, LONGEST_TEXT, None

    def hear(self, frame: dict) -> None:
        kind, content = frame["t"], frame["content"]
        if not isinstance(content, dict):
            return
        if kind == "clear_output":
            self._outputs.clear()
        elif len(self._outputs) >= MOST_OUTPUTS:
            return
        elif kind == "stream":
            self._stream("stderr" if content.get("name") == "stderr" else "stdout", self._text(content.get("text")))
        elif kind == "error":
            lines = content.get("traceback") if isinstance(content.get("traceback"), list) else []
            name, text = self._text(content.get("ename"))[:100], self._text(content.get("evalue"))[:2000]
            trace = [self._text(line) for line in lines[:100]]
            self._outputs.append({"output_type": "error", "ename": name, "evalue": text, "traceback": trace})
        elif kind in ("display_data", "execute_result"):
            data = content.get("data") if isinstance(content.get("data"), dict) else {}
            kept = {mime: data[mime] for mime in PICTURES if self._picture(data.get(mime))}
            if isinstance(data.get("text/plain"), str):
                kept["text/plain"] = self._text(data["text/plain"])
            if kind == "execute_result" and self._value is None:
                self._value = data["text/plain"][:LONGEST_TEXT] if "text/plain" in kept else ""
            if kept:
                output = {"output_type": kind, "metadata": {}, "data": kept}
                self._outputs.append(output | ({"execution_count": None} if kind == "execute_result" else {}))

    def _text(self, text: object) -> str:
        text = text if isinstance(text, str) else ""
        most = min(self._left, self._room.text)
        if len(text) > most:
            text = text[:most] + ("\n... cut here by the autograder ...\n" if most else "")
        self._left = max(0, self._left - len(text))
        self._room.text = max(0, self._room.text - len(text))
        return text.encode("utf8", "replace").decode("utf8")

    def _picture(self, data: object) -> bool:
        if not isinstance(data, str) or len(data) > min(LONGEST_PICTURE, self._room.left) or not is_base64(data):
            return False
        self._room.left -= len(data)
        return True

    def _stream(self, name: str, text: str) -> None:
        last = self._outputs[-1] if self._outputs else {}
        if last.get("output_type") == "stream" and last["name"] == name:
            last["text"] += text
        elif text:
            self._outputs.append({"output_type": "stream", "name": name, "text": text})

    def note(self, verdict: str, why: str) -> None:
        """Say what stopped the cell, or hindered it, where its outputs end."""
        if verdict:
            said = f"{verdict}: {why or STOPPED[verdict]}"
            self._outputs.append({"output_type": "error", "ename": verdict, "evalue": "", "traceback": [said]})
        elif why:
            self._outputs.append({"output_type": "stream", "name": "stderr", "text": f"The autograder: {why}\n"})

    def text(self) -> str:
        """What was printed, and the message of an error."""
        errors = (one for one in self._outputs if one["output_type"] == "error")
        return "\n".join([*(one.get("text", "") for one in self._outputs), *(one["evalue"] for one in errors)])

    def value(self) -> float | str | None:
        """The cell's result as a test's, as the judge tells it: nothing, a number, a number in words, or "other"."""
        if self._value is None:
            return None
        with contextlib.suppress(ValueError):
            number = float(self._value)
            return number if math.isfinite(number) else repr(number)
        text = _NUMPY.sub(r"\1", self._value.strip("'\""))
        if text in ("False", "np.False_"):
            return "False"
        try:
            return repr(float(text))
        except ValueError:
            return "array" if text.startswith("array(") else "other"

    def as_tuple(self) -> tuple[dict, ...]:
        for output in self._outputs:
            if output["output_type"] == "error":
                output["traceback"] = [_tame(line) for line in output["traceback"]]
            elif output["output_type"] == "stream":
                output["text"] = _tame(output["text"])
            elif "text/plain" in output["data"]:
                output["data"]["text/plain"] = _tame(output["data"]["text/plain"])
        return tuple(self._outputs)


def _tame(text: str) -> str:
    """Without addresses that a page would make links of, also where colours stand between their letters, and without too many colours."""
    plain = _COLOUR.sub("", text)
    dead = dead_addresses(plain)
    return dead if dead != plain or text.count("\x1b") > MOST_COLOURS else text


def is_base64(data: str) -> bool:
    try:
        base64.b64decode("".join(data.split()), validate=True)
    except (binascii.Error, ValueError):
        return False
    return True
