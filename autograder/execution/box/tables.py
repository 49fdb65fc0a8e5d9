"""pandas' tables, and the values that they are made of, as data: with their types, or not at all."""

from __future__ import annotations

import re
import sys
from typing import Any

from .data import NotData

# The types of columns beside numpy's that their values, None for what is missing, rebuild.
BY_NAME = re.compile(r"(str|string|boolean|U?Int(8|16|32|64)|Float(32|64))(\[python\])?")


def taken_apart(x: Any) -> dict | None:
    """A table, an index, a scalar or a type of pandas as plain data; None for every other object, and for what would lose its type."""
    pandas = sys.modules["pandas"]
    kind = type(x)
    if kind is pandas.DataFrame:
        columns = [_column(x.iloc[:, n].array) for n in range(x.shape[1])]
        parts = [_index(x.columns), _index(x.index)]
        return (
            None
            if None in columns or None in parts
            else {"is": "DataFrame", "columns": parts[0], "index": parts[1], "values": columns}
        )
    if kind is pandas.Series:
        parts = [_column(x.array), _index(x.index)]
        return None if None in parts else {"is": "Series", "name": x.name, "values": parts[0], "index": parts[1]}
    if isinstance(x, pandas.Index):
        index = _index(x)
        return None if index is None else {"is": "Index", "index": index}
    if x is pandas.NaT or x is pandas.NA:
        return {"is": "missing", "name": "NaT" if x is pandas.NaT else "NA"}
    if kind is pandas.Timestamp:
        return (
            {"is": "Timestamp", "v": int(x.value), "zone": _zone(x.tz), "unit": x.unit}
            if _zone(x.tz) is not None
            else None
        )
    if kind is pandas.Timedelta:
        return {"is": "Timedelta", "v": int(x.value), "unit": x.unit}
    if kind is pandas.Interval:
        return {"is": "Interval", "v": [x.left, x.right, x.closed]}
    if kind is pandas.Period:
        return {"is": "Period", "v": [int(x.ordinal), x.freqstr]}
    if isinstance(x, pandas.api.extensions.ExtensionArray):
        column = _column(x)
        return None if column is None else {"is": "array", "v": column}
    if isinstance(x, pandas.api.extensions.ExtensionDtype):
        column = _column(pandas.array([], dtype=x))
        return None if column is None else {"is": "dtype", "v": column}
    return None


def _zone(zone: Any) -> str | None:
    """A time zone's name, "" for none; None for one that a name does not rebuild."""
    name = "" if zone is None else getattr(zone, "key", None) or str(zone)
    return name if re.fullmatch(r"[\w/+-]*", name) else None


def _column(array: Any) -> dict | None:
    """A column's values with their type; None where they could not be rebuilt alike."""
    pandas = sys.modules["pandas"]
    dtype = array.dtype
    if type(dtype).__name__ == "NumpyEADtype" or type(dtype).__module__.startswith("numpy"):
        values = array.to_numpy()
        return {"as": "numpy", "v": values} if values.dtype.kind in "biufcmMO" else None
    if isinstance(dtype, pandas.CategoricalDtype):
        categories = _index(dtype.categories)
        return categories and {
            "as": "category",
            "categories": categories,
            "codes": array.codes,
            "ordered": bool(dtype.ordered),
        }
    if isinstance(dtype, pandas.DatetimeTZDtype):
        zone = _zone(dtype.tz)
        return zone and {"as": "zoned", "v": array.asi8, "zone": zone, "unit": dtype.unit}
    if isinstance(dtype, pandas.PeriodDtype):
        return {"as": "period", "v": array.asi8, "freq": dtype.freq.freqstr}
    if isinstance(dtype, pandas.IntervalDtype):
        left, right = _column(array.left.array), _column(array.right.array)
        return left and right and {"as": "interval", "left": left, "right": right, "closed": dtype.closed}
    name = str(dtype)
    if BY_NAME.fullmatch(name):
        return {
            "as": "named",
            "of": name,
            "v": [None if value is pandas.NA or value != value else value for value in array],
        }
    return None


def _array(body: dict) -> Any:
    import pandas

    kind = body["as"]
    if kind == "numpy":
        return body["v"]
    if kind == "category":
        categories = _index_made(body["categories"])
        return pandas.Categorical.from_codes(
            body["codes"], dtype=pandas.CategoricalDtype(categories, ordered=body["ordered"])
        )
    if kind == "zoned":
        return pandas.DatetimeIndex(body["v"].view(f"M8[{body['unit']}]"), tz="UTC").tz_convert(body["zone"]).array
    if kind == "period":
        return pandas.PeriodIndex.from_ordinals(body["v"], freq=str(body["freq"])).array
    if kind == "interval":
        return pandas.arrays.IntervalArray.from_arrays(
            _array(body["left"]), _array(body["right"]), closed=body["closed"]
        )
    if kind == "named" and BY_NAME.fullmatch(body["of"]):
        return pandas.array(body["v"], dtype=body["of"])
    raise NotData("there is no such column")


def _index(index: Any) -> dict | None:
    names = list(index.names)
    if type(index).__name__ == "RangeIndex":
        return {"range": [index.start, index.stop, index.step], "names": names}
    if index.nlevels > 1:
        levels, codes = [_index(level) for level in index.levels], [list(map(int, code)) for code in index.codes]
        return None if None in levels else {"levels": levels, "codes": codes, "names": names}
    column = _column(index.array)
    return column and {"v": column, "names": names, "freq": getattr(index, "freqstr", None), "of": type(index).__name__}


def _index_made(body: dict) -> Any:
    import pandas

    names = body["names"]
    if "range" in body:
        return pandas.RangeIndex(*body["range"], name=names[0])
    if "levels" in body:
        return pandas.MultiIndex(
            levels=[_index_made(level) for level in body["levels"]], codes=body["codes"], names=names
        )
    index = pandas.Index(_array(body["v"]), name=names[0])
    if body["freq"] and body["of"] in ("DatetimeIndex", "TimedeltaIndex"):
        index.freq = str(body["freq"])  # pandas checks that it fits
    return index


def put_together(body: dict) -> Any:
    """What `taken_apart` took apart."""
    import pandas

    kind = body["is"]
    if kind == "DataFrame":
        index = _index_made(body["index"])
        columns = {n: pandas.Series(_array(column), index=index) for n, column in enumerate(body["values"])}
        frame = pandas.DataFrame(columns, index=index)
        frame.columns = _index_made(body["columns"])
        return frame
    if kind == "Series":
        return pandas.Series(_array(body["values"]), index=_index_made(body["index"]), name=body["name"])
    if kind == "Index":
        return _index_made(body["index"])
    if kind == "missing":
        return pandas.NaT if body["name"] == "NaT" else pandas.NA
    if kind == "Timestamp":
        return pandas.Timestamp(body["v"], unit="ns", tz=body["zone"] or None).as_unit(str(body["unit"]))
    if kind == "Timedelta":
        return pandas.Timedelta(body["v"], unit="ns").as_unit(str(body["unit"]))
    if kind == "Interval":
        return pandas.Interval(*body["v"])
    if kind == "Period":
        return pandas.Period(ordinal=body["v"][0], freq=str(body["v"][1]))
    if kind == "array":
        return _array(body["v"])
    if kind == "dtype":
        return _array(body["v"]).dtype
    raise NotData("there is no such table")
