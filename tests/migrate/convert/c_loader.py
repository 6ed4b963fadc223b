"""Loads SavedModels by TensorFlow's C++ loader, as TensorFlow Serving and clients in C, Java or Go do."""

from __future__ import annotations

import ctypes
import importlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

_FLOAT = 1
_Output = type('_Output', (ctypes.Structure,), {'_fields_': [('operation', ctypes.c_void_p), ('index', ctypes.c_int)]})
_POINTERS = (
    'TF_NewStatus TF_NewGraph TF_NewSessionOptions TF_LoadSessionFromSavedModel TF_GraphOperationByName '
    'TF_AllocateTensor TF_TensorData'
).split()


def load_and_run(model: Path, tags: Sequence[str], feeds: Mapping[str, Any], fetch: str) -> Any:
    """What a float tensor `fetch` is for the float tensors in `feeds`, both by the names in the graph."""
    return Session(model, tags).run(feeds, fetch)


class Session:
    """A model that is loaded: its values are restored, and what initialises it has run."""

    def __init__(self, model: Path, tags: Sequence[str]) -> None:
        self._library = library = _library()
        self._status = ctypes.c_void_p(library.TF_NewStatus())
        self._graph = ctypes.c_void_p(library.TF_NewGraph())
        names = (ctypes.c_char_p * len(tags))(*(tag.encode() for tag in tags))
        options = ctypes.c_void_p(library.TF_NewSessionOptions())
        arguments = (options, None, str(model).encode(), names, len(tags), self._graph, None, self._status)
        self._session = ctypes.c_void_p(library.TF_LoadSessionFromSavedModel(*arguments))
        self._check()

    def run(self, feeds: Mapping[str, Any], fetch: str) -> Any:
        """What a float tensor `fetch` is for the float tensors in `feeds`, both by the names in the graph."""
        library = self._library
        inputs = (_Output * len(feeds))(*map(self._output, feeds))
        values = (ctypes.c_void_p * len(feeds))(*(_tensor(library, value) for value in feeds.values()))
        results = (ctypes.c_void_p * 1)()
        fetches = (_Output * 1)(self._output(fetch))
        fed = (None, inputs, values, len(feeds))
        library.TF_SessionRun(self._session, *fed, fetches, results, 1, None, 0, None, self._status)
        self._check()
        result = ctypes.c_void_p(results[0])
        shape = [library.TF_Dim(result, axis) for axis in range(library.TF_NumDims(result))]
        data = ctypes.cast(library.TF_TensorData(result), ctypes.POINTER(ctypes.c_float))
        return np.ctypeslib.as_array(data, shape=shape).copy()

    def _output(self, name: str) -> Any:
        operation, _, index = name.partition(':')
        found = self._library.TF_GraphOperationByName(self._graph, operation.encode())
        assert found, f'there is no {name}'
        return _Output(found, int(index or 0))

    def _check(self) -> None:
        assert self._library.TF_GetCode(self._status) == 0, self._library.TF_Message(self._status).decode()


def _library() -> Any:
    tf: Any = importlib.import_module('tensorflow')
    library = ctypes.CDLL(str(Path(tf.__file__).parent / 'libtensorflow_cc.so.2'))
    for name in _POINTERS:
        getattr(library, name).restype = ctypes.c_void_p
    library.TF_Message.restype = ctypes.c_char_p
    library.TF_Dim.restype = ctypes.c_int64
    return library


def _tensor(library: Any, value: Any) -> int:
    array = np.asarray(value, np.float32, order='C')
    dims = (ctypes.c_int64 * array.ndim)(*array.shape)
    tensor = library.TF_AllocateTensor(_FLOAT, dims, array.ndim, ctypes.c_size_t(array.nbytes))
    ctypes.memmove(library.TF_TensorData(ctypes.c_void_p(tensor)), array.ctypes.data, array.nbytes)
    return int(tensor)
