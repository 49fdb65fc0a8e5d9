"""numpy's arrays and scalars, and scipy's sparse matrices, as data."""

from __future__ import annotations

import sys
from typing import Any

from .data import NotData

PLAIN = "biufcSUmM"
SPARSE = ("csr", "csc", "coo", "dia", "bsr", "lil", "dok")


def taken_apart(x: Any) -> dict | None:
    """An array or a scalar as plain data; None for every other object of numpy."""
    numpy = sys.modules["numpy"]
    kind = type(x)
    if kind is numpy.ma.MaskedArray:
        return {"is": "masked", "data": x.data, "mask": numpy.ma.getmaskarray(x), "fill": _fill(x)}
    if isinstance(x, numpy.dtype):
        return {"is": "dtype", "of": _described(x)}
    if kind is numpy.random.Generator:
        return {"is": "generator", "state": x.bit_generator.state}
    if kind is numpy.random.RandomState:
        return {"is": "state", "state": x.get_state(legacy=False)}
    if kind is not numpy.ndarray and not isinstance(x, numpy.generic):
        return None
    shape = [int(n) for n in x.shape]
    if x.dtype.kind in PLAIN:
        return {"is": "array", "dtype": x.dtype.str, "shape": shape, "v": numpy.ascontiguousarray(x).tobytes()}
    if x.dtype.kind == "V" and x.dtype.names and not x.dtype.hasobject:
        return {"is": "array", "dtype": _described(x.dtype), "shape": shape, "v": numpy.ascontiguousarray(x).tobytes()}
    if x.dtype == object and kind is numpy.ndarray:
        return {"is": "objects", "shape": shape, "v": list(x.ravel())}
    return None


def _described(dtype: Any) -> Any:
    return [list(entry) for entry in dtype.descr] if dtype.names else dtype.str


def _fill(x: Any) -> Any:
    return None if x.dtype.kind not in "biuf" else x.fill_value.item()


def _dtype(of: Any) -> Any:
    import numpy

    made = numpy.dtype(of if type(of) is str else [tuple(entry) for entry in of])
    if made.hasobject and made.kind != "O":
        raise NotData("an array of objects cannot be carried")
    return made


def put_together(body: dict) -> Any:
    """The array or scalar that `taken_apart` took apart."""
    import numpy

    kind = body["is"]
    if kind == "masked":
        return numpy.ma.MaskedArray(body["data"], mask=body["mask"], fill_value=body["fill"])
    if kind == "dtype":
        return _dtype(body["of"])
    if kind == "generator":
        name = body["state"]["bit_generator"]
        if name not in ("PCG64", "PCG64DXSM", "MT19937", "Philox", "SFC64"):
            raise NotData("there is no such generator")
        bits = getattr(numpy.random, name)()
        bits.state = body["state"]
        return numpy.random.Generator(bits)
    if kind == "state":
        made = numpy.random.RandomState()
        made.set_state(body["state"])
        return made
    shape = [int(n) for n in body["shape"]]
    if kind == "objects":
        array = numpy.empty(len(body["v"]), dtype=object)
        for n, value in enumerate(body["v"]):
            array[n] = value
        return array.reshape(shape)
    dtype = _dtype(body["dtype"])
    if dtype.hasobject:
        raise NotData("an array of objects cannot be carried")
    array = numpy.frombuffer(body["v"], dtype).reshape(shape).copy()
    return array if array.ndim else array[()]


def sparse_taken_apart(x: Any) -> dict | None:
    """A sparse matrix or array of scipy as its coordinates; None for every other object of scipy."""
    sparse = sys.modules["scipy.sparse"]
    name = type(x).__name__
    if (
        not sparse.issparse(x)
        or name.partition("_")[0] not in SPARSE
        or getattr(sparse, name, None) is not type(x)
        or x.ndim != 2
    ):
        return None
    flat = x.tocoo()
    return {"is": name, "shape": list(x.shape), "row": flat.row, "col": flat.col, "data": flat.data}


def sparse_put_together(body: dict) -> Any:
    import scipy.sparse

    if str(body["is"]).partition("_")[0] not in SPARSE:
        raise NotData("there is no such matrix")
    flat = scipy.sparse.coo_array((body["data"], (body["row"], body["col"])), shape=tuple(body["shape"]))
    return getattr(scipy.sparse, body["is"])(flat)
