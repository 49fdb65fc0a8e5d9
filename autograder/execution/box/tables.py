"""pandas' tables as data: their columns as arrays or lists. What an extension type adds to its values is left behind."""

from __future__ import annotations

import sys
from typing import Any


def taken_apart(value: Any) -> dict | None:
    """A DataFrame, Series or Index as plain data; None for every other object of pandas."""
    pandas = sys.modules["pandas"]
    if type(value) is pandas.DataFrame:
        columns = [_values(value.iloc[:, n]) for n in range(value.shape[1])]
        return {"is": "DataFrame", "columns": _labels(value.columns), "index": _labels(value.index), "values": columns}
    if type(value) is pandas.Series:
        return {"is": "Series", "name": value.name, "index": _labels(value.index), "values": _values(value)}
    if isinstance(value, pandas.Index):
        return {"is": "Index", **_labels(value)}
    return None


def put_together(data: dict) -> Any:
    """The table that `taken_apart` took apart."""
    import pandas

    if data["is"] == "DataFrame":
        index = _index(pandas, data["index"])
        frame = pandas.DataFrame(
            {n: pandas.Series(values, index=index) for n, values in enumerate(data["values"])}, index=index
        )
        frame.columns = _index(pandas, data["columns"])
        return frame
    if data["is"] == "Series":
        return pandas.Series(data["values"], index=_index(pandas, data["index"]), name=data["name"])
    return _index(pandas, data)


def _values(column: Any) -> Any:
    plain = type(column.dtype).__module__.startswith("numpy") and column.dtype.kind in "biufcmM"
    return column.to_numpy() if plain else column.tolist()


def _labels(index: Any) -> dict:
    names = list(index.names)
    if type(index).__name__ == "RangeIndex":
        return {"labels": range(index.start, index.stop, index.step), "names": names}
    return {"labels": index.tolist() if index.nlevels > 1 else _values(index), "names": names}


def _index(pandas: Any, data: dict) -> Any:
    labels, names = data["labels"], data["names"]
    if len(names) > 1:
        return pandas.MultiIndex.from_tuples(labels, names=names)
    return pandas.RangeIndex(labels, name=names[0]) if type(labels) is range else pandas.Index(labels, name=names[0])
