# SPDX-License-Identifier: Apache-2.0
"""Writes what a TensorFlow 1 session serves as a native TensorFlow 2 SavedModel.

For code that builds a graph and trains or restores it in a `tf.compat.v1.Session`. Instead of

    builder = tf.compat.v1.saved_model.Builder(export_dir)
    builder.add_meta_graph_and_variables(sess, ['serve'], signature_def_map=signatures)
    builder.save()

it calls

    session_module.save(sess, export_dir, signatures)

Clients of the old model find the same tags, signature keys, input and output names and method names (predict, classify,
regress or any other). What they load is a TensorFlow 2 model: an object graph with resource variables (the attributes
`variables` and `trainable_variables` of the loaded object), tables with their contents, and assets.

Only what a signature needs is kept: no optimizer slots, no step counter, no Saver. Values are those of the session at
the time of the call; initialisation ops (`main_op`, `legacy_init_op`) are not run. Gradients flow through the loaded
model, but not through loops and conditions built after `disable_v2_behavior()` or `disable_control_flow_v2()`, nor to
variables used by a loop inside a `tf.function` that the graph calls.

Needs TensorFlow 2.15 or newer and Python 3.10 or newer. Works wherever a session does: in graph mode, inside
`with tf.Graph().as_default()`, and after `tf.compat.v1.disable_v2_behavior()`.
"""

from __future__ import annotations

import itertools
import keyword
import os
import re
import uuid
import warnings
from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import tensorflow as tf  # type: ignore[import-untyped]
from tensorflow.core.protobuf import saved_model_pb2  # type: ignore[import-untyped]

_Path = str | bytes | os.PathLike[str]
_Functions = Mapping[str, Any]

_VARIABLES = {'VarHandleOp', 'VariableV2', 'Variable'}
_STATIC_TABLES = {'HashTableV2', 'HashTable'}
_DENSE_TABLES = {'MutableDenseHashTableV2', 'MutableDenseHashTable'}
_SPARSE_TABLES = {f'MutableHashTable{kind}' for kind in ('V2', '', 'OfTensorsV2', 'OfTensors')}
_TABLES = _STATIC_TABLES | _DENSE_TABLES | _SPARSE_TABLES
_FILLERS = ('InitializeTable', 'LookupTableImport')  # what the names of ops begin with that fill a static table
_STATE_OF_A_RUN = {'TensorArrayV3', 'StackV2'}
_PLACEHOLDERS = {'Placeholder', 'PlaceholderV2'}
_PYTHON_CALLS = {'PyFunc', 'PyFuncStateless', 'EagerPyFunc'}
# What changes a reference variable, and what does the same to a resource; elsewhere the name only gets a prefix.
_ASSIGNMENTS = {'Assign': 'AssignVariableOp', 'AssignAdd': 'AssignAddVariableOp', 'AssignSub': 'AssignSubVariableOp'}


def save(
    sess: Any,
    export_dir: _Path,
    signature_def_map: Mapping[str, Any],
    tags: Iterable[str] = ('serve',),
    assets_collection: Iterable[Any] | None = None,
    asset_paths: Mapping[str, str] | None = None,
) -> None:
    """Writes the signatures, and what they need of the session's graph and values, to `export_dir`.

    Args:
      sess: The session, in which all variables that the signatures need have values. It stays usable, and so does its
        graph. Where nothing in the graph reads a resource variable or exports a table yet, an op is added for it.
      export_dir: A directory that is empty or does not exist. The model appears in it as a whole or not at all.
      signature_def_map: Signature key to `SignatureDef`, as made by `tf.compat.v1.saved_model.build_signature_def` and
        `predict_signature_def`. Inputs may be any tensors of the graph: what is behind them is left out. They take
        the dtypes and shapes that these tensors have. Sparse and ragged tensors stay what they are for clients that
        run a session; `tf.saved_model.load` names their parts as it did for the old model: `x_indices`, `x_values`,
        `x_dense_shape`, or `x_component_0` and so on.
      tags: The tags of the model.
      assets_collection: String constants that hold paths of files that belong to the model; by default the graph's
        collection `ASSET_FILEPATHS`. The files are copied, like the vocabulary files of tables.
      asset_paths: Where such files are now, by the name of the tensor, if the path in the graph is out of date.

    Raises:
      ValueError: A signature needs what a SavedModel cannot hold (Python functions, queues, iterators), a placeholder
        that is not among its inputs, or a variable or table without a value; or it does not fit the session's graph.
      FileNotFoundError: A file that a signature reads is not there.
      AssertionError: `export_dir` is not empty. That is what `Builder` raises.
    """
    directory = tf.compat.as_str(os.fspath(export_dir)).rstrip('/')
    if tf.io.gfile.exists(directory) and not (tf.io.gfile.isdir(directory) and not tf.io.gfile.listdir(directory)):
        raise AssertionError(f'Export directory {directory} already exists, and is not empty.')
    graph_def = sess.graph.as_graph_def()
    functions = {function.signature.name: function for function in graph_def.library.function}
    signatures = _read_signatures(sess.graph, functions, signature_def_map)
    state = _State(sess, functions, signatures, asset_paths or {})
    state.add_assets(assets_collection)
    parts = [_Part(graph_def, signature, state.keys) for signature in signatures]
    tag_list = [tags] if isinstance(tags, str) else list(tags)

    def write() -> None:
        with tf.__internal__.eager_context.eager_mode():
            _write(directory, parts, state, tag_list)

    # `tf.saved_model.save` works in eager mode only. `tf.init_scope` does not leave a plain graph. `eager_mode` does,
    # but keeps the caller's variable creators and distribution strategy, which a new thread does not have; a thread
    # alone does not overrule `disable_eager_execution`.
    with ThreadPoolExecutor(max_workers=1) as executor:
        executor.submit(write).result()


def simple_save(session: Any, export_dir: _Path, inputs: Mapping[str, Any], outputs: Mapping[str, Any]) -> None:
    """Writes one predict signature, `serving_default`, from the tensors by their names. See `save`."""
    signature = tf.compat.v1.saved_model.predict_signature_def(inputs, outputs)
    save(session, export_dir, {tf.saved_model.DEFAULT_SERVING_SIGNATURE_DEF_KEY: signature})


@dataclass(frozen=True)
class _Signature:
    """A signature and the part of the session's graph that it runs."""

    key: str
    definition: Any
    arguments: dict[str, Any]
    """The tensors that clients feed, by a name that Python takes for an argument."""
    aliases: dict[str, str]
    """What clients call the arguments: any string."""
    outputs: dict[str, list[Any]]
    """The tensors of each output: more than one if it is sparse or ragged."""
    operations: list[Any]


def _read_signatures(graph: Any, functions: _Functions, definitions: Mapping[str, Any]) -> list[_Signature]:
    keys = sorted(key for key in definitions if not key.startswith('__saved_model_'))
    if not keys:
        raise ValueError('There is no signature to save.')
    taken = {alias for key in keys for alias in _tensor_names(definitions[key].inputs)}
    free = (name for name in map('input_{}'.format, itertools.count()) if name not in taken)
    return [_read_signature(graph, functions, key, definitions[key], free) for key in keys]


def _read_signature(graph: Any, functions: _Functions, key: str, definition: Any, free: Iterator[str]) -> _Signature:
    def find(name: str) -> Any:
        try:
            return graph.get_tensor_by_name(name if ':' in name else f'{name}:0')
        except (KeyError, ValueError) as error:
            raise ValueError(f"Signature '{key}': the session's graph has no tensor '{name}'.") from error

    arguments, aliases = {}, {}
    for alias, name in sorted(_tensor_names(definition.inputs).items()):
        plain = re.fullmatch('[A-Za-z][A-Za-z0-9_]*', alias) and not keyword.iskeyword(alias) and alias != 'self'
        argument = alias if plain else next(free)
        aliases[argument], arguments[argument] = alias, find(name)
        if arguments[argument].dtype.base_dtype in (tf.resource, tf.variant):
            raise ValueError(f"Signature '{key}': the input '{alias}' is a handle, which no client can send.")
        if alias in ('', 'self'):
            warnings.warn(f"Signature '{key}': tf.saved_model.load can't call the input '{alias}'.", stacklevel=2)
    feeds = {tensor.name for tensor in arguments.values()}
    outputs: dict[str, list[Any]] = {}
    operations: dict[str, Any] = {}
    for alias, info in sorted(definition.outputs.items()):
        outputs[alias] = [find(name) for name in _parts(info).values()]
        for op in _operations(outputs[alias], feeds):
            operations[op.name] = op
            _refuse_unservable(op, f"output '{alias}' of signature '{key}'", functions)
    return _Signature(key, definition, arguments, aliases, outputs, list(operations.values()))


def _tensor_names(infos: Mapping[str, Any]) -> dict[str, str]:
    """The names of the graph's tensors, by the names of the dense inputs that TensorFlow 2 makes of a signature's."""
    names = [(alias + suffix, name) for alias, info in infos.items() for suffix, name in _parts(info).items()]
    if len(dict(names)) < len(names):
        raise ValueError(f'A sparse or ragged tensor has a part that is called like another one: {dict(names)}')
    return dict(names)


def _parts(info: Any) -> dict[str, str]:
    """The tensor names in a `TensorInfo`, by the suffixes that TensorFlow 2 gives to the parts of a sparse tensor."""
    kind = info.WhichOneof('encoding')
    if kind == 'coo_sparse':
        parts = ('indices', 'values', 'dense_shape')
        return {f'_{part}': getattr(info.coo_sparse, f'{part}_tensor_name') for part in parts}
    if kind == 'composite_tensor':
        spec = info.composite_tensor.type_spec
        if spec.type_spec_class != spec.RAGGED_TENSOR_SPEC:
            raise ValueError(f'Only dense, sparse and ragged tensors can be saved: not a {spec.type_spec_class_name}.')
        return {f'_component_{i}': part.name for i, part in enumerate(info.composite_tensor.components)}
    return {'': info.name}


def _rename_parts(info: Any, names: Mapping[str, str]) -> None:
    kind = info.WhichOneof('encoding')
    if kind == 'coo_sparse':
        for suffix, name in names.items():
            setattr(info.coo_sparse, f'{suffix[1:]}_tensor_name', name)
    elif kind == 'composite_tensor':
        for part, name in zip(info.composite_tensor.components, names.values(), strict=True):
            part.name = name
    else:
        info.name = names['']


def _operations(tensors: Iterable[Any], feeds: set[str]) -> Iterator[Any]:
    """What computes the tensors from those that are fed."""
    seen = set()
    pending = [tensor.op for tensor in tensors if tensor.name not in feeds]
    while pending:
        op = pending.pop()
        if op.name in seen:
            continue
        seen.add(op.name)
        yield op
        pending += [tensor.op for tensor in op.inputs if tensor.name not in feeds]
        # Who only waits for a fed placeholder doesn't wait: a session replaces it.
        pending += [c for c in op.control_inputs if c.type not in _PLACEHOLDERS or c.outputs[0].name not in feeds]


def _refuse_unservable(op: Any, user: str, functions: _Functions) -> None:
    if op.type in _PLACEHOLDERS:
        raise ValueError(f"The placeholder '{op.name}', which the {user} needs, is not among the signature's inputs.")
    known = _VARIABLES | _TABLES | _STATE_OF_A_RUN
    if op.type in _PYTHON_CALLS or (_makes_state(op) and _maker(op, functions).op not in known):
        raise ValueError(f"'{op.name}', which the {user} needs, is a {op.type}: no SavedModel can hold it.")


def _makes_state(op: Any) -> bool:
    return any(map(_is_handle, op.outputs)) and not any(map(_is_handle, op.inputs))


def _maker(op: Any, functions: _Functions) -> Any:
    """The node that makes what an op returns. TensorFlow Transform has functions around those of its tables."""
    node, nodes = op.node_def, {}
    while len(op.outputs) == 1 and node.op in ('Identity', 'PartitionedCall', 'StatefulPartitionedCall'):
        source = next(iter(node.input), '')
        if node.op != 'Identity':
            body = functions[node.attr['f'].func.name]
            nodes = {inner.name: inner for inner in body.node_def}
            source = next(iter(body.ret.values()))
        node = nodes[source.split(':')[0]]
    return node if node.op in _STATIC_TABLES else op.node_def


def _is_handle(tensor: Any) -> bool:
    return tensor.dtype == tf.resource or _is_reference(tensor)


def _is_reference(tensor: Any) -> bool:
    """Whether it is a variable or table from before there were resources, or what an assignment to one returns."""
    return bool(tensor.dtype != tensor.dtype.base_dtype)


class _State:
    """Variables, tables and assets of the signatures: their values, and how to make them anew."""

    def __init__(self, sess: Any, functions: _Functions, signatures: list[_Signature], paths: Mapping[str, str]):
        self._sess = sess
        self._paths = paths
        needed = {op.name for signature in signatures for op in signature.operations}
        self._needed = {op.name: op for op in sess.graph.get_operations() if op.name in needed}
        self.makers: dict[str, Callable[[], Any]] = {}
        self.keys: dict[str, str] = {}
        """The key in `makers` by the name of the tensor that is replaced."""
        nodes = {name: _maker(op, functions) for name, op in self._needed.items() if _makes_state(op)}
        self._add_variables({name: node for name, node in nodes.items() if node.op in _VARIABLES})
        for name, node in nodes.items():
            if node.op in _TABLES:
                self._add(self._needed[name], node, self._table_maker(self._needed[name], node))

    def add_assets(self, tensors: Iterable[Any] | None) -> None:
        if tensors is None:
            tensors = self._sess.graph.get_collection(tf.compat.v1.GraphKeys.ASSET_FILEPATHS)
        for name in dict.fromkeys([*(tensor.name for tensor in tensors), *self._paths]):
            op = self._sess.graph.get_tensor_by_name(name).op
            if op.type != 'Const':
                raise ValueError(f"The path of an asset is not a constant: '{name}'.")
            path = self._path(op.outputs[0])
            if tf.io.gfile.exists(path):
                self._add(op, op.node_def, partial(tf.saved_model.Asset, path))
            elif op.name in self._needed:
                raise FileNotFoundError(f"{path} is not there: say in asset_paths where the file of '{name}' is.")
            else:
                warnings.warn(f"{path} ('{name}') is not there, and is no asset of the new model.", stacklevel=3)

    def _add(self, op: Any, node: Any, make: Callable[[], Any]) -> None:
        # Ops with the same shared name are handles of the same thing.
        key = f'{node.op} {node.attr["shared_name"].s.decode() or op.name}'
        self.keys[op.outputs[0].name] = key
        self.makers.setdefault(key, make)

    def _add_variables(self, nodes: Mapping[str, Any]) -> None:
        trainable = {v.op.name for v in self._sess.graph.get_collection(tf.compat.v1.GraphKeys.TRAINABLE_VARIABLES)}
        ops = [self._needed[name] for name in nodes]
        for op, value in zip(ops, self._run([self._variable_value(op) for op in ops]), strict=True):
            dtype = tf.as_dtype(op.get_attr('dtype'))
            shape = tf.TensorShape(op.get_attr('shape')) if op.type == 'VarHandleOp' else op.outputs[0].shape
            make = partial(tf.Variable, value, op.name in trainable, name=op.name, dtype=dtype, shape=shape)
            self._add(op, nodes[op.name], make)

    def _variable_value(self, op: Any) -> Any:
        handle = op.outputs[0]
        if op.type != 'VarHandleOp':
            return handle
        return self._reader('ReadVariableOp', handle, resource=handle, dtype=op.get_attr('dtype'))[0]

    def _table_maker(self, op: Any, node: Any) -> Callable[[], Any]:
        handle = op.outputs[0]
        dtypes = tf.as_dtype(node.attr['key_dtype'].type), tf.as_dtype(node.attr['value_dtype'].type)
        kind = 'LookupTableExport' if _is_reference(handle) else 'LookupTableExportV2'
        read = partial(self._reader, kind, handle, table_handle=handle, Tkeys=dtypes[0], Tvalues=dtypes[1])
        if node.op not in _STATIC_TABLES:
            keys, values = self._run(read())
            if node.op not in _DENSE_TABLES:
                return partial(_mutable_table, keys, values, *dtypes)
            empty_key, deleted_key = self._run(list(op.inputs))
            return partial(_dense_table, keys, values, *dtypes, empty_key, deleted_key, op.get_attr('value_shape'))
        # What fills such a table once is what it contains for good, whether this session has run it or not.
        fillers = [user for user in handle.consumers() if user.type.startswith(_FILLERS)]
        filling = list(fillers[0].inputs)[1:] if len(fillers) == 1 else []
        if len(filling) == 1 and 'TextFile' in fillers[0].type and tf.io.gfile.exists(path := self._path(filling[0])):
            return partial(_table_of_file, path, fillers[0].node_def.attr, *dtypes)
        keys, values = self._static_contents(filling, read)
        return partial(_static_table, keys, values, *dtypes)

    def _static_contents(self, filling: list[Any], read: Callable[[], Any]) -> Any:
        if len(filling) != 2:
            return self._run(read())
        values = [tf.get_static_value(tensor) for tensor in filling]
        if any(value is None for value in values):
            try:
                return self._run(read())
            except ValueError:
                return self._run(filling)
        return values

    def _path(self, tensor: Any) -> str:
        return str(tf.compat.as_str(np.asarray(self._run(tensor)).item()))

    def _run(self, fetches: Any) -> Any:
        try:
            return self._sess.run(fetches, self._paths)
        except (tf.errors.FailedPreconditionError, tf.errors.AbortedError, tf.errors.InvalidArgumentError) as error:
            reason = f"'{error.op.name}' fails" if error.op else ' '.join(error.message.split())
            raise ValueError(f'A variable or table has no value in this session: {reason}') from error

    def _reader(self, kind: str, handle: Any, **inputs: Any) -> list[Any]:
        """The outputs of an op that reads a handle and waits for nothing: one of the graph's, or a new one."""
        for user in handle.consumers():
            if user.type == kind and not user.control_inputs:
                return list(user.outputs)
        with _open(self._sess.graph), tf.control_dependencies(None), tf.device(None):
            outputs = getattr(tf.raw_ops, kind)(**inputs)
        return list(outputs) if isinstance(outputs, tuple) else [outputs]


@contextmanager
def _open(graph: Any) -> Iterator[None]:
    """Makes it the default graph, to which ops can be added even if it is finalized, as monitored sessions do."""
    finalized = graph.finalized
    graph._unsafe_unfinalize()
    try:
        with graph.as_default():
            yield
    finally:
        if finalized:
            graph.finalize()


def _table_of_file(path: str, attributes: Mapping[str, Any], key_dtype: Any, value_dtype: Any) -> Any:
    initializer = tf.lookup.TextFileInitializer(
        path,
        key_dtype,
        attributes['key_index'].i,
        value_dtype,
        attributes['value_index'].i,
        vocab_size=None if attributes['vocab_size'].i == -1 else attributes['vocab_size'].i,
        delimiter=attributes['delimiter'].s.decode(),
        value_index_offset=attributes['offset'].i,
    )
    # The default that counts is an input of the lookup ops, here and below.
    return tf.lookup.StaticHashTable(initializer, tf.zeros([], value_dtype))


def _static_table(keys: Any, values: Any, key_dtype: Any, value_dtype: Any) -> Any:
    initializer = tf.lookup.KeyValueTensorInitializer(keys, values, key_dtype, value_dtype)
    return tf.lookup.StaticHashTable(initializer, tf.zeros([], value_dtype))


def _mutable_table(keys: Any, values: Any, key_dtype: Any, value_dtype: Any) -> Any:
    default = tf.zeros(values.shape[1:], value_dtype)
    table = tf.lookup.experimental.MutableHashTable(key_dtype, value_dtype, default)
    table.insert(tf.constant(keys, key_dtype), tf.constant(values, value_dtype))
    return table


def _dense_table(
    keys: Any, values: Any, key_dtype: Any, value_dtype: Any, empty_key: Any, deleted_key: Any, shape: Any
) -> Any:
    default = tf.zeros(shape, value_dtype)
    table = tf.lookup.experimental.DenseHashTable(key_dtype, value_dtype, default, empty_key, deleted_key)
    # What such a table exports is all of its memory: most of it is empty.
    rows = keys.reshape([len(keys), -1])
    used = ~np.any([(rows == np.ravel(key)).all(axis=1) for key in (empty_key, deleted_key)], axis=0)
    keys, values = keys.reshape([-1, *np.shape(empty_key)])[used], values.reshape([-1, *default.shape])[used]
    table.insert(tf.constant(keys, key_dtype), tf.constant(values, value_dtype))
    return table


class _Part:
    """A copy of the part of the graph that a signature runs. Its state comes from outside, as resource handles."""

    def __init__(self, graph_def: Any, signature: _Signature, replaced: Container[str]):
        self.signature = signature
        self._feeds = {tensor.name for tensor in signature.arguments.values()}
        self._replaced = replaced
        self._numbers = itertools.count()
        self._graph_def = tf.compat.v1.GraphDef(versions=graph_def.versions)
        originals = {node.name: node for node in graph_def.node}
        kept = [op for op in signature.operations if not any(tensor.name in replaced for tensor in op.outputs)]
        names = {op.name for op in kept}
        for op in kept:
            self._copy(op, originals[op.name], [f'^{other.name}' for other in op.control_inputs if other.name in names])
        self._outputs = {alias: list(map(self._value, tensors)) for alias, tensors in signature.outputs.items()}
        self._graph_def.library.CopyFrom(_take_functions(self._graph_def.node, graph_def.library))
        for node in [*self._graph_def.node, *(n for f in self._graph_def.library.function for n in f.node_def)]:
            node.device = ''
            node.attr.pop('_class', None)
            if node.op in _PYTHON_CALLS:
                raise ValueError(f"'{node.name}', which signature '{signature.key}' needs, is a {node.op}.")

    def function(self, handles: Mapping[str, Any]) -> Any:
        """The signature as a function. `handles` has the new state by the tensors that it replaces."""
        used = {name for node in self._graph_def.node for name in node.input}
        wanted = {name for names in self._outputs.values() for name in names}
        arguments = self.signature.arguments

        def compute(*values: Any) -> dict[str, Any]:
            graph = tf.compat.v1.get_default_graph()
            known = {name: graph.capture(handle) for name, handle in handles.items() if name in used | wanted}
            known.update(zip((tensor.name for tensor in arguments.values()), values, strict=True))
            missing = sorted(wanted - known.keys())
            inputs = {name: tensor for name, tensor in known.items() if name in used}
            found = tf.graph_util.import_graph_def(self._graph_def, inputs, return_elements=missing, name='graph')
            known.update(zip(missing, found, strict=True))
            return {
                alias: _join([tf.identity(known[name]) for name in names], self.signature.definition.outputs[alias])
                for alias, names in self._outputs.items()
            }

        specs = [tf.TensorSpec(tensor.shape, tensor.dtype.base_dtype, name) for name, tensor in arguments.items()]
        # A plain tf.function can't hold the loops and conditions of graph mode; a wrapped one has no argument names.
        wrapped = tf.compat.v1.wrap_function(compute, specs)
        return tf.function(lambda *values: wrapped(*values), input_signature=specs, autograph=False)

    def _copy(self, op: Any, original: Any, controls: list[str]) -> None:
        node = self._graph_def.node.add()
        node.CopyFrom(original)
        inputs: list[str] = []
        after: list[str] = []
        references = False
        for tensor, by_reference in zip(op.inputs, _takes_references(op), strict=True):
            if controls and self._is_plain_read(tensor):
                # Reads share the memory of a reference variable: who waits for an assignment sees what it assigned.
                tensor = tensor.op.inputs[0]
            if tensor.name in self._feeds or not _is_reference(tensor):
                inputs.append(tensor.name)
            elif by_reference:
                handle, assignments = self._handle(tensor)
                inputs.append(handle)
                after += assignments
                references = True
            else:
                inputs.append(self._read(tensor, controls))
        node.input[:] = [*inputs, *dict.fromkeys(controls + after)]
        if references:
            _use_resource(node)

    def _is_plain_read(self, tensor: Any) -> bool:
        op = tensor.op
        if tensor.name in self._feeds or op.type != 'Identity' or op.control_inputs:
            return False
        return _is_reference(op.inputs[0]) and op.inputs[0].name not in self._feeds

    def _handle(self, reference: Any) -> tuple[str, list[str]]:
        """The resource handle that stands for a reference, and the assignment that comes before its use."""
        if reference.name in self._replaced or reference.op.type.startswith('Ref'):
            return reference.name, []
        return self._handle(reference.op.inputs[0])[0], [f'^{reference.op.name}']

    def _read(self, reference: Any, controls: Iterable[str]) -> str:
        """Adds a read of a variable where and when the graph reads it: it may assign to it before."""
        handle, assignments = self._handle(reference)
        name = f'{reference.op.name}/read_for_session_module_{next(self._numbers)}'
        node = self._graph_def.node.add(name=name, op='ReadVariableOp')
        node.input[:] = [handle, *dict.fromkeys([*controls, *assignments])]
        dtype = reference.dtype.base_dtype if _is_reference(reference) else reference.op.get_attr('dtype')
        node.attr['dtype'].type = dtype.as_datatype_enum
        return f'{name}:0'

    def _value(self, tensor: Any) -> str:
        """The name of the tensor that holds the value of an output, which may be given as a variable."""
        if tensor.name in self._feeds:
            return str(tensor.name)
        if _is_reference(tensor) or tensor.op.type == 'VarHandleOp':
            return self._read(tensor, ())
        if tensor.dtype in (tf.resource, tf.variant):
            raise ValueError(f"Signature '{self.signature.key}': the output '{tensor.name}' is a handle, not a value.")
        return str(tensor.name)


def _takes_references(op: Any) -> list[bool]:
    flags: list[bool] = []
    for argument in op.op_def.input_arg:
        count = op.get_attr(argument.number_attr) if argument.number_attr else 1
        count = len(op.get_attr(argument.type_list_attr)) if argument.type_list_attr else count
        flags += [argument.is_ref] * count
    return flags


def _use_resource(node: Any) -> None:
    """Turns an op that takes a reference into the one that does the same to a resource."""
    changes_value = node.op.startswith(('Assign', 'Scatter')) and not node.op.startswith('ScatterNd')
    if node.op.startswith('LookupTable'):
        twin = f'{node.op}V2'
    elif node.op.startswith('Ref'):
        twin = node.op.removeprefix('Ref')
        node.attr['T'].type = tf.resource.as_datatype_enum
    else:
        twin = _ASSIGNMENTS.get(node.op, f'Resource{node.op}')
    if not hasattr(tf.raw_ops, twin) or twin == 'Select':
        raise ValueError(f"'{node.name}' does to a reference variable what none does to a resource: {node.op}.")
    node.op = twin
    if changes_value:
        node.attr['dtype'].CopyFrom(node.attr.pop('T'))
        node.attr.pop('use_locking', None)


def _take_functions(nodes: Iterable[Any], library: Any) -> Any:
    """What nodes use of the library of their graph. Under new names: the process may know others by the old ones."""
    functions = {function.signature.name: function for function in library.function}
    gradients = {gradient.function_name: gradient.gradient_func for gradient in library.gradient}
    suffix = f'_{uuid.uuid4().hex}'
    taken = type(library)()
    pending = list(nodes)

    def take(name: str) -> str:
        function = functions.pop(name, None)
        if function is not None:
            names[name] = name + suffix
            taken.function.append(function)
            taken.function[-1].signature.name = name + suffix
            pending.extend(taken.function[-1].node_def)
            if name in gradients:
                taken.gradient.add(function_name=name + suffix, gradient_func=take(gradients[name]))
        return names.get(name, name)

    names: dict[str, str] = {}
    while pending:
        node = pending.pop()
        node.op = take(node.op)
        for value in node.attr.values():
            for call in [value.func, *value.list.func] if value.HasField('func') else value.list.func:
                call.name = take(call.name)
    return taken


def _join(tensors: list[Any], info: Any) -> Any:
    kind = info.WhichOneof('encoding')
    if kind == 'coo_sparse':
        return tf.SparseTensor(*tensors)
    if kind == 'composite_tensor':
        return tf.RaggedTensor.from_nested_row_splits(tensors[0], tensors[1:], validate=False)
    return tensors[0]


class _Model(tf.Module):  # type: ignore[misc]
    """What is saved. Its attributes are those of a loaded TensorFlow 1 model, which `tf.Module` does not save."""

    variables: Any = ()
    trainable_variables: Any = ()
    resources: Any = ()


def _write(directory: str, parts: list[_Part], state: _State, tags: list[str]) -> None:
    objects = {key: make() for key, make in state.makers.items()}
    model = _Model()
    model.variables = [made for made in objects.values() if isinstance(made, tf.Variable)]
    model.trainable_variables = [variable for variable in model.variables if variable.trainable]
    model.resources = [made for made in objects.values() if not isinstance(made, tf.Variable)]
    handles = {tensor: _handle(objects[key]) for tensor, key in state.keys.items()}
    functions = {part.signature.key: part.function(handles) for part in parts}
    temporary = f'{directory}.tmp-{uuid.uuid4().hex}'
    try:
        tf.saved_model.save(model, temporary, signatures=functions)
        _restore_contract(temporary, [part.signature for part in parts], tags)
        if os.path.isdir(directory):
            os.rmdir(directory)
        tf.io.gfile.rename(temporary, directory)
    finally:
        if tf.io.gfile.exists(temporary):
            tf.io.gfile.rmtree(temporary)


def _handle(made: Any) -> Any:
    if isinstance(made, tf.Variable):
        return made.handle
    return made.asset_path if isinstance(made, tf.saved_model.Asset) else made.resource_handle


def _restore_contract(directory: str, signatures: list[_Signature], tags: list[str]) -> None:
    """Gives a model the tags, method names and input names that it had: `tf.saved_model.save` has its own."""
    path = os.path.join(directory, 'saved_model.pb')
    with tf.io.gfile.GFile(path, 'rb') as file:
        model = saved_model_pb2.SavedModel.FromString(file.read())
    meta_graph = model.meta_graphs[0]
    meta_graph.meta_info_def.tags[:] = tags
    for signature in signatures:
        saved = meta_graph.signature_def[signature.key]
        saved.CopyFrom(_contract(signature, saved))
    aliases = {argument: alias for signature in signatures for argument, alias in signature.aliases.items()}
    for node in meta_graph.object_graph_def.nodes:
        # What `tf.saved_model.load` goes by. Only '' and 'self' it can't call then: all other strings are fine.
        if node.WhichOneof('kind') == 'bare_concrete_function':
            keywords = node.bare_concrete_function.argument_keywords
            keywords[:] = [aliases.get(keyword, keyword) for keyword in keywords]
    with tf.io.gfile.GFile(path, 'wb') as file:
        file.write(model.SerializeToString(deterministic=True))
    # It holds a checksum of the file before, and no loader needs it.
    fingerprint = os.path.join(directory, 'fingerprint.pb')
    if tf.io.gfile.exists(fingerprint):
        tf.io.gfile.remove(fingerprint)


def _contract(signature: _Signature, saved: Any) -> Any:
    """The old signature, with the names of the new graph's tensors."""
    contract = type(saved)()
    contract.CopyFrom(signature.definition)
    tensors = {signature.aliases[argument]: info for argument, info in saved.inputs.items()}
    for alias, info in contract.inputs.items():
        parts = {suffix: tensors[alias + suffix] for suffix in _parts(info)}
        _complete(info, parts.get('', info))
        _rename_parts(info, {suffix: part.name for suffix, part in parts.items()})
    for alias, info in contract.outputs.items():
        _complete(info, saved.outputs[alias])
        _rename_parts(info, _parts(saved.outputs[alias]))
    return contract


def _complete(info: Any, saved: Any) -> None:
    """Corrects the dtype, which may be that of a reference, and adds the shape that TensorFlow 1.0 left out."""
    info.dtype = saved.dtype
    if not info.HasField('tensor_shape'):
        info.tensor_shape.CopyFrom(saved.tensor_shape)
