# ruff: noqa: UP006, UP035, UP045 - the old side may be a Python 3.6, which knows no newer way to write types.
"""Runs signatures of SavedModels on stored inputs: `PYTHON worker.py REQUEST.json`.

Self-contained, for Python 3.6 and TensorFlow 1.13 up to the newest: it is copied next to its request and started with
whatever interpreter a side of a verification needs. Importing it needs no TensorFlow, only numpy: the parent uses the
same functions to write inputs and read outputs.

Tensors travel as `.npz` files without pickle. Each holds a JSON manifest, and per tensor its bytes; strings have their
offsets beside them, so that no NUL and no odd byte gets lost. Events go to a file of JSON lines, each flushed when it
happens: what was done before a crash counts.
"""

import gc
import importlib
import json
import os
import signal
import sys
import threading
from typing import Any, Dict, List, NamedTuple, Optional, Tuple

import numpy as np

# Dtypes that plain numpy lacks, and the unsigned integers that carry their bits.
RAW_TYPES = {'bfloat16': 'uint16', 'qint16': 'uint16', 'quint16': 'uint16', 'qint32': 'uint32'}
RAW_TYPES.update(dict.fromkeys(('qint8', 'quint8', 'int4', 'uint4', 'int2', 'uint2'), 'uint8'))
for _format in ('e5m2', 'e4m3fn', 'e4m3fnuz', 'e4m3b11fnuz', 'e5m2fnuz'):
    RAW_TYPES['float8_' + _format] = 'uint8'
MAX_MESSAGE = 500
# Where in an error message begins what says nothing of the model.
ADVICE = (
    '\n\nOriginal stack trace',
    '\n\nErrors may have originated',
    ' Make sure the Op and Kernel are',
    'Encountered while creating function',
)
HEADINGS = ('Graph execution error', 'Detected at node', 'Node:', '(0)', '(1)', '[[')


class Tensor(NamedTuple):
    """Values and TensorFlow's name of their dtype. Strings are an object array of bytes, RAW_TYPES are bit patterns."""

    dtype: str
    array: Any


class Unsupported(Exception):
    """Something that this TensorFlow or this file format can't do."""


def save_tensors(path: str, tensors: Dict[str, Tensor]) -> None:
    with open(path, 'wb') as file:
        write_tensors(file, tensors)


def write_tensors(file: Any, tensors: Dict[str, Tensor]) -> None:
    manifest: List[Dict[str, Any]] = []
    parts: Dict[str, Any] = {}
    for number, name in enumerate(sorted(tensors)):
        tensor = tensors[name]
        manifest.append({'name': name, 'dtype': tensor.dtype, 'shape': list(tensor.array.shape)})
        if tensor.dtype == 'string':
            data, offsets = pack_strings(tensor.array)
            parts[f'offsets{number}'] = offsets
        else:
            data = np.frombuffer(np.ascontiguousarray(tensor.array).tobytes(), dtype=np.uint8)
        parts[f'data{number}'] = data
    parts['manifest'] = np.frombuffer(json.dumps(manifest).encode('utf-8'), dtype=np.uint8)
    np.savez(file, **parts)


def load_tensors(path: Any) -> Dict[str, Tensor]:
    tensors = {}
    with np.load(path, allow_pickle=False) as parts:
        manifest = json.loads(parts['manifest'].tobytes().decode('utf-8'))
        for number, entry in enumerate(manifest):
            data = parts[f'data{number}']
            shape = tuple(entry['shape'])
            if entry['dtype'] == 'string':
                array = unpack_strings(data, parts[f'offsets{number}'], shape)
            else:
                array = np.frombuffer(data.tobytes(), dtype=numpy_type(entry['dtype'])).reshape(shape)
            tensors[entry['name']] = Tensor(entry['dtype'], array)
    return tensors


def numpy_type(dtype: str) -> Any:
    return np.dtype(RAW_TYPES.get(dtype, dtype))


def pack_strings(array: Any) -> Tuple[Any, Any]:
    values = [bytes(value) for value in array.ravel()]
    offsets = np.zeros(len(values) + 1, dtype=np.int64)
    offsets[1:] = np.cumsum([len(value) for value in values], dtype=np.int64)
    return np.frombuffer(b''.join(values), dtype=np.uint8), offsets


def unpack_strings(data: Any, offsets: Any, shape: Tuple[int, ...]) -> Any:
    joined = data.tobytes()
    flat = np.empty(len(offsets) - 1, dtype=object)
    for index in range(len(flat)):
        flat[index] = joined[offsets[index] : offsets[index + 1]]
    return flat.reshape(shape)


def same_bits(left: Dict[str, Tensor], right: Dict[str, Tensor]) -> bool:
    return sorted(left) == sorted(right) and all(_same_tensor(left[name], right[name]) for name in left)


def _same_tensor(left: Tensor, right: Tensor) -> bool:
    if left.dtype != right.dtype or left.array.shape != right.array.shape:
        return False
    if left.dtype == 'string':
        return bool(list(left.array.ravel()) == list(right.array.ravel()))
    return bool(left.array.tobytes() == right.array.tobytes())


def split_names(name: str, encoding: Any) -> Dict[str, str]:
    """The dense tensors behind an input or output of a signature, under the names that TensorFlow 2 gives them."""
    kind = encoding.WhichOneof('encoding')
    if kind == 'coo_sparse':
        sparse = encoding.coo_sparse
        return {
            name + '_indices': sparse.indices_tensor_name,
            name + '_values': sparse.values_tensor_name,
            name + '_dense_shape': sparse.dense_shape_tensor_name,
        }
    if kind == 'composite_tensor':
        components = encoding.composite_tensor.components
        return {f'{name}_component_{index}': part.name for index, part in enumerate(components)}
    return {name: encoding.name}


class SessionModel:
    """A model as TensorFlow Serving and TF1 clients load it: graph, session, tensors by name."""

    def __init__(self, tf: Any, job: Dict[str, Any]) -> None:
        v1 = tf.compat.v1
        self._session = v1.Session(graph=v1.Graph())
        with self._session.graph.as_default():
            self._meta_graph = v1.saved_model.loader.load(self._session, job['tags'], job['model'], clear_devices=True)
            if job['initialise_tables'] and not self._initialises_itself():
                self._session.run(v1.tables_initializer(), self._asset_paths(job['model']))

    def _initialises_itself(self) -> bool:
        collections = self._meta_graph.collection_def
        signatures = self._meta_graph.signature_def
        return (
            'saved_model_main_op' in collections
            or 'legacy_init_op' in collections
            or '__saved_model_init_op' in signatures
        )

    def _asset_paths(self, path: str) -> Dict[str, str]:
        """Where the assets are now: the graph knows only where they were when it was trained."""
        assets = list(self._meta_graph.asset_file_def)
        if not assets and 'saved_model_assets' in self._meta_graph.collection_def:
            for packed in self._meta_graph.collection_def['saved_model_assets'].any_list.value:
                assets.append(self._meta_graph.asset_file_def.add())
                packed.Unpack(assets[-1])
        return {asset.tensor_info.name: os.path.join(path, 'assets', asset.filename) for asset in assets}

    def run(self, key: str, tensors: Dict[str, Tensor]) -> Dict[str, Tensor]:
        return self._run(key, tensors, self._outputs(key))

    def run_in_order(
        self, key: str, tensors: Dict[str, Tensor], in_races: List[str]
    ) -> Tuple[Dict[str, Tensor], Dict[str, Tensor]]:
        """All outputs, those in races as they were before the call of the others; and as they are after it."""
        names = self._outputs(key)
        reads = {name: place for name, place in names.items() if name in in_races}
        outputs = self._run(key, tensors, reads)
        outputs.update(self._run(key, tensors, {name: names[name] for name in names if name not in reads}))
        return outputs, self._run(key, tensors, reads)

    def _outputs(self, key: str) -> Dict[str, str]:
        names: Dict[str, str] = {}
        for name, info in self._meta_graph.signature_def[key].outputs.items():
            names.update(split_names(name, info))
        return names

    def _run(self, key: str, tensors: Dict[str, Tensor], names: Dict[str, str]) -> Dict[str, Tensor]:
        graph = self._session.graph
        signature = self._meta_graph.signature_def[key]
        places: Dict[str, str] = {}
        for name, info in signature.inputs.items():
            places.update(split_names(name, info))
        feeds = {}
        for name, tensor in tensors.items():
            place = graph.get_tensor_by_name(places[name])
            feeds[place] = to_numpy(tensor, place.dtype.base_dtype)
        fetches = {name: graph.get_tensor_by_name(place) for name, place in names.items()}
        values = self._session.run(fetches, feeds)
        return {name: from_numpy(fetches[name].dtype.base_dtype, value) for name, value in values.items()}

    def close(self) -> None:
        self._session.close()


class ObjectModel:
    """A model as TF2 clients load it: `tf.saved_model.load(path).signatures[key](**inputs)`."""

    def __init__(self, tf: Any, job: Dict[str, Any]) -> None:
        if int(tf.__version__.split('.')[0]) < 2:
            raise Unsupported(f'TensorFlow {tf.__version__} cannot run tf.saved_model.load; version 2 can')
        self._tf = tf
        self._model = tf.saved_model.load(job['model'], tags=job['tags'])

    def run(self, key: str, tensors: Dict[str, Tensor]) -> Dict[str, Tensor]:
        tf = self._tf
        arguments = {}
        for name, tensor in tensors.items():
            dtype = tf.as_dtype(tensor.dtype)
            arguments[name] = tf.constant(to_numpy(tensor, dtype), dtype=dtype, shape=tensor.array.shape)
        results = {}
        for name, value in self._model.signatures[key](**arguments).items():
            for part, tensor in self._dense_parts(name, value).items():
                results[part] = from_numpy(tensor.dtype, tensor.numpy())
        return results

    def _dense_parts(self, name: str, value: Any) -> Dict[str, Any]:
        if isinstance(value, self._tf.SparseTensor):
            parts = {'indices': value.indices, 'values': value.values, 'dense_shape': value.dense_shape}
            return {name + '_' + part: tensor for part, tensor in parts.items()}
        if isinstance(value, self._tf.RaggedTensor):
            components = self._tf.nest.flatten(value, expand_composites=True)
            return {f'{name}_component_{index}': tensor for index, tensor in enumerate(components)}
        return {name: value}

    def close(self) -> None:
        del self._model


LOADERS: Dict[str, Any] = {'session': SessionModel, 'object': ObjectModel}


def to_numpy(tensor: Tensor, dtype: Any) -> Any:
    if tensor.dtype in RAW_TYPES and dtype.name == tensor.dtype:
        return tensor.array.view(dtype.as_numpy_dtype)
    return tensor.array


def from_numpy(dtype: Any, value: Any) -> Tensor:
    if dtype.name == 'string':
        array = np.array(value, dtype=object)
        for index, item in np.ndenumerate(array):
            array[index] = item.encode('utf-8') if isinstance(item, str) else bytes(item)
        return Tensor('string', array)
    if dtype.name in ('resource', 'variant'):
        raise Unsupported(f'an output is a {dtype.name}, which has no value to compare')
    array = np.ascontiguousarray(value).reshape(np.shape(value))
    if dtype.name in RAW_TYPES:
        array = array.view(numpy_type(dtype.name))
    return Tensor(dtype.name, array)


def describe(error: BaseException) -> str:
    """Class and message of an error in one line, without the stack and the headings that TensorFlow puts around it."""
    message = str(error)
    for advice in ADVICE:
        message = message.split(advice)[0]
    lines = [line.replace('<stack traces unavailable>', '').strip() for line in message.splitlines()]
    telling = [line for line in lines if line and not line.startswith(HEADINGS)]
    return f'{type(error).__name__}: {" ".join(telling)[:MAX_MESSAGE]}'


class Loaded:
    """The model that is loaded: kept for the next signature if that wants the same and may have it."""

    def __init__(self, tf: Any) -> None:
        self._tf = tf
        self._model: Any = None
        self._what: Any = None

    def model(self, job: Dict[str, Any]) -> Any:
        what = (job['model'], job['tags'], job['loader'], job['initialise_tables'])
        if self._what != what or not job['leaves_nothing']:
            self.drop()
            self._model = LOADERS[job['loader']](self._tf, job)
            self._what = what if job['leaves_nothing'] else None
        return self._model

    def drop(self) -> None:
        if self._model is not None:
            self._model.close()
        self._model = self._what = None
        gc.collect()


def run_job(loaded: Loaded, request: Dict[str, Any], number: int) -> Dict[str, Any]:
    """Runs one signature twice per case in a fresh model, then does all of that again in another fresh model.

    Values that change between the calls of one model show state or chance, those that change between models chance.
    Where calls leave nothing behind, the model need not be fresh, and one will do. `once` is one call for each case.
    """
    job = request['jobs'][number]
    cases: List[Dict[str, Any]] = [{'files': {}, 'errors': {}} for _ in job['cases']]
    rounds = [('first',)] if job['once'] else [('first', 'again'), ('fresh', 'fresh again')]
    for attempts in rounds[:1] if job['leaves_nothing'] else rounds:
        try:
            model = loaded.model(job)
        except Unsupported as error:
            return {'error': str(error), 'unsupported': True, 'cases': []}
        except Exception as error:
            return {'error': describe(error), 'out_of_memory': is_out_of_memory(error), 'cases': []}
        for index, case in enumerate(job['cases']):
            if job['anew'] and index:
                model = loaded.model(job)
            for attempt in attempts:
                path = os.path.join(request['directory'], f'job{number}-case{index}-{attempt}.npz')
                if not run_case(model, job, case, attempt, path, cases[index]):
                    return {'error': cases[index]['errors'][attempt], 'out_of_memory': True, 'cases': []}
    if job['leaves_nothing']:
        for case in cases:
            for found in (case['files'], case['errors']):
                if 'again' in found:
                    found['fresh'] = found['again']
    return {'error': '', 'cases': cases}


def run_case(
    model: Any, job: Dict[str, Any], case: Dict[str, Any], attempt: str, path: str, record: Dict[str, Any]
) -> bool:
    """Notes the file of the outputs (that of the first attempt where they are the same) or the error.

    False if there was not memory enough: that says nothing of the model, but a lot of what is still to come.
    """
    try:
        stored = load_tensors(case['file'])
        inputs = {name: stored[name] for name in case['inputs']}
        if job['in_races']:
            outputs, after = model.run_in_order(job['key'], inputs, job['in_races'])
            record['files']['after ' + attempt] = path.replace('.npz', '-after.npz')
            save_tensors(record['files']['after ' + attempt], after)
        else:
            outputs = model.run(job['key'], inputs)
    except Exception as error:
        record['errors'][attempt] = describe(error)
        return not is_out_of_memory(error)
    first = record['files'].get('first')
    if first and same_bits(outputs, load_tensors(first)):
        path = first
    else:
        save_tensors(path, outputs)
    record['files'][attempt] = path
    return True


def is_out_of_memory(error: BaseException) -> bool:
    return isinstance(error, MemoryError) or type(error).__name__ == 'ResourceExhaustedError'


class Events:
    """The file of JSON lines that tells the parent what happened."""

    def __init__(self, path: str) -> None:
        self._file = open(path, 'a', encoding='utf-8')  # noqa: SIM115 - open as long as the process lives

    def write(self, event: str, **details: Any) -> None:
        self._file.write(json.dumps(dict(details, event=event)) + '\n')
        self._file.flush()
        os.fsync(self._file.fileno())


def import_tensorflow(events: Events) -> Optional[Any]:
    try:
        tf = importlib.import_module('tensorflow')
        version = tf.__version__
    except Exception as error:
        # A broken installation raises all kinds of errors, a stray directory `tensorflow` has no version.
        events.write('no tensorflow', message=describe(error))
        return None
    problem = load_op_libraries(tf)
    if problem:
        events.write('no library', message=problem)
        return None
    # TensorFlow is millions of objects: without looking at them, finding a model's cycles takes a tenth of the time.
    if hasattr(gc, 'freeze'):  # since Python 3.7
        gc.freeze()
    events.write('started', tensorflow=version, python='.'.join(map(str, sys.version_info[:3])))
    return tf


def load_op_libraries(tf: Any) -> str:
    """Loads the ops of libraries that were built for this TensorFlow. If none of those that are given is: why."""
    paths = [path for path in os.environ.get('SAVEDMODEL_MIGRATE_OP_LIBRARIES', '').split(os.pathsep) if path]
    errors = []
    for path in paths:
        try:
            tf.load_op_library(path)
        except Exception as error:
            errors.append(describe(error))
    return errors[0] if paths and len(errors) == len(paths) else ''


def limit_memory(size: int) -> None:
    """So that a model that wants too much gets an error, before the machine is out of memory and ends others."""
    try:
        import resource

        resource.setrlimit(resource.RLIMIT_DATA, (size, size))
    except (ImportError, ValueError, OSError):
        pass  # not on this system


def end_with_parent() -> None:
    """Ends this process and all that it started when its stdin closes: that is when its parent ended."""

    def wait() -> None:
        while os.read(0, 1):
            pass
        os.killpg(0, signal.SIGKILL)

    threading.Thread(target=wait, daemon=True).start()


def main(request_path: str) -> None:
    with open(request_path, encoding='utf-8') as file:
        request = json.load(file)
    end_with_parent()
    limit_memory(request['memory'])
    events = Events(request['events'])
    tf = import_tensorflow(events)
    if tf is None:
        return
    loaded = Loaded(tf)
    for number in request['numbers']:
        events.write('running', job=number)
        events.write('done', job=number, result=run_job(loaded, request, number))


if __name__ == '__main__':
    main(sys.argv[1])
