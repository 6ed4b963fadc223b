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

How it works: for each signature, the ops between its inputs and its outputs are copied (`_GraphCopy`) into a function
that takes variables, tables and assets from outside. `_State` makes these anew. `tf.saved_model.save` writes both, and
`_restore_contract` puts back what it has no room for, such as method names.
"""

from __future__ import annotations

import keyword
import os
import re
import uuid
import warnings
from collections.abc import Container, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import numpy as np
import tensorflow as tf  # type: ignore[import-untyped]
from tensorflow.core.protobuf import saved_model_pb2  # type: ignore[import-untyped]

_VARIABLES = {'VarHandleOp', 'VariableV2', 'Variable'}
_PLACEHOLDERS = {'Placeholder', 'PlaceholderV2'}
_PYTHON_CALLS = {'PyFunc', 'PyFuncStateless', 'EagerPyFunc'}
_STATE_OF_A_RUN = {'TensorArrayV3', 'StackV2'}
_TABLE = '(Mutable(Dense)?)?HashTable(OfTensors)?(V2)?'
_KNOWN_STATE = '|'.join([*_VARIABLES, *_STATE_OF_A_RUN, _TABLE])
_FILLERS = ('InitializeTable', 'LookupTableImport')  # what the names of ops begin with that fill a static table
# What changes a reference variable, and what does the same to a resource; elsewhere the name only gets a prefix.
_ASSIGNMENTS = {'Assign': 'AssignVariableOp', 'AssignAdd': 'AssignAddVariableOp', 'AssignSub': 'AssignSubVariableOp'}


def save(
    sess: Any,
    export_dir: str | bytes | os.PathLike[str],
    signature_def_map: Mapping[str, Any],
    tags: Iterable[str] = ('serve',),
    assets_collection: Iterable[Any] | None = None,
    asset_paths: Mapping[str, str] | None = None,
) -> bytes:
    """Writes the signatures, and what they need of the session's graph and values, to `export_dir`.

    Args:
      sess: The session, in which all variables that the signatures need have values. It stays usable, and so does its
        graph. Where nothing in the graph reads a resource variable or exports a table yet, an op is added for it.
      export_dir: A directory that is empty or does not exist. The model appears in it as a whole or not at all.
      signature_def_map: Signature key to `SignatureDef`, as made by `tf.compat.v1.saved_model.build_signature_def` and
        `predict_signature_def`. Inputs may be any tensors of the graph: what is behind them is left out. They take
        the dtypes and shapes that these tensors have. Sparse and ragged tensors stay what they are for clients that
        run a session; `tf.saved_model.load` names their parts as it did for the old model: `x_indices`, `x_values`,
        `x_dense_shape`, or `x_component_0` and so on. Where an output needs a placeholder that is not among the
        inputs, a warning says so: the signature is written, and no call of it can succeed.
      tags: The tags of the model.
      assets_collection: String constants that hold paths of files that belong to the model; by default the graph's
        collection `ASSET_FILEPATHS`. The files are copied, like the vocabulary files of tables.
      asset_paths: Where such files are now, by the name of the tensor, if the path in the graph is out of date.

    Returns:
      The path of the file `saved_model.pb`, as `Builder.save` returns it.

    Raises:
      ValueError: A signature needs what a SavedModel cannot hold (Python functions, queues, iterators), or a variable
        or table without a value; or it does not fit the session's graph.
      FileNotFoundError: A file that a signature reads is not there.
      AssertionError: `export_dir` is not empty. That is what `Builder` raises.
    """
    directory = tf.compat.as_str(os.fspath(export_dir)).rstrip('/')
    if tf.io.gfile.exists(directory) and not (tf.io.gfile.isdir(directory) and not tf.io.gfile.listdir(directory)):
        raise AssertionError(f'Export directory {directory} already exists, and is not empty.')

    # `tf.saved_model.save` works in eager mode only. `tf.init_scope` does not leave a plain graph. `eager_mode` does,
    # but keeps the caller's variable creators and distribution strategy, which a new thread does not have; a thread
    # alone does not overrule `disable_eager_execution`.
    def convert() -> None:
        with tf.__internal__.eager_context.eager_mode():
            tag_list = [tags] if isinstance(tags, str) else list(tags)
            _save(sess, directory, signature_def_map, tag_list, assets_collection, asset_paths or {})

    with ThreadPoolExecutor(max_workers=1) as executor:
        executor.submit(convert).result()
    return os.fsencode(os.path.join(directory, 'saved_model.pb'))


def simple_save(
    session: Any, export_dir: str | bytes | os.PathLike[str], inputs: Mapping[str, Any], outputs: Mapping[str, Any]
) -> None:
    """Writes one predict signature, `serving_default`, from the tensors by their names. See `save`."""
    signature = tf.compat.v1.saved_model.predict_signature_def(inputs, outputs)
    save(session, export_dir, {tf.saved_model.DEFAULT_SERVING_SIGNATURE_DEF_KEY: signature})


def _save(sess: Any, directory: str, definitions: Mapping[str, Any], tags: list[str], assets: Any, paths: Any) -> None:
    keys = sorted(key for key in definitions if not key.startswith('__saved_model_'))
    if not keys:
        raise ValueError('There is no signature to save.')
    graph_def = sess.graph.as_graph_def()
    functions = {function.signature.name: function for function in graph_def.library.function}
    signatures = [_Signature(sess.graph, functions, key, definitions[key]) for key in keys]
    state = _State(sess, functions, {name for signature in signatures for name in signature.operations}, paths)
    state.add_assets(assets)
    model = _Model()
    model.variables = [made for made in state.objects.values() if isinstance(made, tf.Variable)]
    model.trainable_variables = [variable for variable in model.variables if variable.trainable]
    model.resources = [made for made in state.objects.values() if not isinstance(made, tf.Variable)]
    served = {signature.key: signature.function(graph_def, state.handles) for signature in signatures}
    temporary = f'{directory}.tmp-{uuid.uuid4().hex}'
    try:
        tf.saved_model.save(model, temporary, signatures=served)
        _restore_contract(temporary, signatures, tags)
        if os.path.isdir(directory):
            os.rmdir(directory)
        tf.io.gfile.rename(temporary, directory)
    finally:
        if tf.io.gfile.exists(temporary):
            tf.io.gfile.rmtree(temporary)


class _Model(tf.Module):  # type: ignore[misc]
    """What is saved. Its attributes are those of a loaded TensorFlow 1 model, which `tf.Module` does not save."""

    variables: Any = ()
    trainable_variables: Any = ()
    resources: Any = ()


class _Signature:
    """What clients feed and fetch, and the ops of the session's graph that lie between."""

    def __init__(self, graph: Any, functions: Mapping[str, Any], key: str, definition: Any):
        def find(name: str) -> Any:
            try:
                return graph.get_tensor_by_name(name if ':' in name else f'{name}:0')
            except (KeyError, ValueError) as error:
                value = _value_after_assignment(graph, name)
                if value is None:
                    raise ValueError(f"Signature '{key}': the session's graph has no tensor '{name}'.") from error
                return value

        self.key = key
        self.definition = definition
        self.inputs = {alias: find(name) for alias, name in sorted(_tensor_names(definition.inputs).items())}
        for alias, tensor in self.inputs.items():
            if tensor.dtype.base_dtype in (tf.resource, tf.variant):
                raise ValueError(f"Signature '{key}': the input '{alias}' is a handle, which no client can send.")
            if alias in ('', 'self'):
                warnings.warn(f"Signature '{key}': tf.saved_model.load can't call the input '{alias}'.", stacklevel=2)
        outputs = sorted(definition.outputs.items())
        self.outputs = {alias: [find(name) for name in _names(info).values()] for alias, info in outputs}
        self.operations: dict[str, Any] = {}
        feeds = {tensor.name for tensor in self.inputs.values()}
        for alias, tensors in self.outputs.items():
            for op in _operations(tensors, feeds):
                _check_servable(op, f"output '{alias}' of signature '{key}'", functions)
                self.operations[op.name] = op

    def function(self, graph_def: Any, handles: Mapping[str, Any]) -> Any:
        """The signature as a function. `handles` has the new state by the tensors that it replaces."""
        feeds = [tensor.name for tensor in self.inputs.values()]
        copy = _GraphCopy(graph_def, self, feeds, handles)
        used = {name for node in copy.graph_def.node for name in node.input}
        fetches = sorted({name for names in copy.outputs.values() for name in names}.difference(feeds))

        def compute(*values: Any) -> dict[str, Any]:
            capture = tf.compat.v1.get_default_graph().capture
            fed = dict(zip(feeds, values, strict=True))
            inputs = {name: capture(handles[name]) for name in handles if name in used.difference(fed)}
            inputs |= {name: fed[name] for name in fed if name in used}
            fetched = tf.graph_util.import_graph_def(copy.graph_def, inputs, fetches, name='graph')
            found = fed | dict(zip(fetches, fetched, strict=True))
            return {
                alias: _join([tf.identity(found[name]) for name in names], self.definition.outputs[alias])
                for alias, names in copy.outputs.items()
            }

        specs = [tf.TensorSpec(t.shape, t.dtype.base_dtype, _argument(alias)) for alias, t in self.inputs.items()]
        # A plain tf.function can't hold the loops and conditions of graph mode; a wrapped one has no argument names.
        wrapped = tf.compat.v1.wrap_function(compute, specs)
        return tf.function(lambda *values: wrapped(*values), input_signature=specs, autograph=False)


def _value_after_assignment(graph: Any, name: str) -> Any:
    """A new read of a resource variable if `name` assigns to one: `v.assign_add(1)` is an op and no tensor."""
    for op in graph.get_operations():
        if op.name == name and re.fullmatch('Assign.*VariableOp', op.type):
            with _open(graph), tf.control_dependencies([op]):
                return tf.raw_ops.ReadVariableOp(resource=op.inputs[0], dtype=op.get_attr('dtype'))
    return None


@contextmanager
def _open(graph: Any) -> Iterator[None]:
    """Makes it the default graph, to which ops can be added even if it is finalized, as monitored sessions do."""
    finalized = graph.finalized
    graph._unsafe_unfinalize()
    try:
        with graph.as_default(), tf.control_dependencies(None), tf.device(None):
            yield
    finally:
        if finalized:
            graph.finalize()


def _tensor_names(infos: Mapping[str, Any]) -> dict[str, str]:
    """The names of the graph's tensors, by the names of the dense inputs that TensorFlow 2 makes of a signature's."""
    names = [(alias + suffix, name) for alias, info in infos.items() for suffix, name in _names(info).items()]
    if len(dict(names)) < len(names):
        raise ValueError(f'A sparse or ragged tensor has a part that is called like another one: {dict(names)}')
    return dict(names)


def _names(info: Any) -> dict[str, str]:
    """The tensor names in a `TensorInfo`, by the suffixes that TensorFlow 2 gives to the parts of a sparse tensor."""
    return {suffix: getattr(message, field) for suffix, (message, field) in _name_fields(info).items()}


def _name_fields(info: Any) -> dict[str, tuple[Any, str]]:
    kind = info.WhichOneof('encoding')
    if kind == 'coo_sparse':
        parts = ('indices', 'values', 'dense_shape')
        return {f'_{part}': (info.coo_sparse, f'{part}_tensor_name') for part in parts}
    if kind == 'composite_tensor':
        spec = info.composite_tensor.type_spec
        if spec.type_spec_class != spec.RAGGED_TENSOR_SPEC:
            raise ValueError(f'Only dense, sparse and ragged tensors can be saved: not a {spec.type_spec_class_name}.')
        return {f'_component_{i}': (part, 'name') for i, part in enumerate(info.composite_tensor.components)}
    return {'': (info, 'name')}


def _argument(alias: str) -> str:
    """What an input is called as an argument. `tf.saved_model.save` takes no names that Python would not take."""
    plain = re.fullmatch('[A-Za-z][A-Za-z0-9_]*', alias) and not keyword.iskeyword(alias) and alias != 'self'
    return alias if plain else f'alias_{alias.encode().hex()}'


def _operations(tensors: Iterable[Any], feeds: set[str]) -> Iterator[Any]:
    """What computes the tensors from those that are fed."""
    seen = set()
    pending = [tensor.op for tensor in tensors if tensor.name not in feeds]
    while pending:
        op = pending.pop()
        if op.name not in seen:
            seen.add(op.name)
            yield op
            pending += [tensor.op for tensor in op.inputs if tensor.name not in feeds]
            # Who only waits for a fed placeholder doesn't wait: a session replaces it.
            pending += [c for c in op.control_inputs if c.type not in _PLACEHOLDERS or c.outputs[0].name not in feeds]


def _check_servable(op: Any, user: str, functions: Mapping[str, Any]) -> None:
    if op.type in _PLACEHOLDERS:  # TensorFlow 1 wrote the signature, too, and failed when it was called
        message = f"The {user} needs the placeholder '{op.name}', which is not among its inputs: no call can succeed."
        warnings.warn(message, stacklevel=2)
    unknown = _makes_state(op) and not re.fullmatch(_KNOWN_STATE, _maker(op, functions).op)
    if unknown or op.type in _PYTHON_CALLS:
        raise ValueError(f"'{op.name}', which the {user} needs, is a {op.type}: no SavedModel can hold it.")


def _makes_state(op: Any) -> bool:
    return any(map(_is_handle, op.outputs)) and not any(map(_is_handle, op.inputs))


def _maker(op: Any, functions: Mapping[str, Any]) -> Any:
    """The node that makes what an op returns. TensorFlow Transform has functions around those of its tables."""
    node, nodes = op.node_def, {}
    while len(op.outputs) == 1 and node.op in ('Identity', 'PartitionedCall', 'StatefulPartitionedCall'):
        source = next(iter(node.input), '')
        if node.op != 'Identity':
            body = functions[node.attr['f'].func.name]
            nodes = {inner.name: inner for inner in body.node_def}
            source = next(iter(body.ret.values()))
        node = nodes[source.split(':')[0]]
    return node if node.op.startswith('HashTable') else op.node_def


def _is_handle(tensor: Any) -> bool:
    return tensor.dtype == tf.resource or _is_reference(tensor)


def _is_reference(tensor: Any) -> bool:
    """Whether it is a variable or table from before there were resources, or what an assignment to one returns."""
    return bool(tensor.dtype != tensor.dtype.base_dtype)


class _State:
    """New variables, tables and assets for the signatures, with the values that they have in the session."""

    def __init__(self, sess: Any, functions: Mapping[str, Any], needed: set[str], paths: Mapping[str, str]):
        self._sess = sess
        self._needed = needed
        self._paths = paths
        self.objects: dict[str, Any] = {}
        self.handles: dict[str, Any] = {}  # by the names of the tensors that they replace
        trainable = {v.op.name for v in sess.graph.get_collection(tf.compat.v1.GraphKeys.TRAINABLE_VARIABLES)}
        stateful = [op for op in sess.graph.get_operations() if op.name in needed and _makes_state(op)]
        variables = [op for op in stateful if op.type in _VARIABLES]
        values = dict(zip(variables, self._run([self._variable_value(op) for op in variables]), strict=True))
        for op in stateful:
            node = _maker(op, functions)
            if node.op not in _STATE_OF_A_RUN:
                # Ops with the same shared name are handles of the same thing.
                key = f'{node.op} {node.attr["shared_name"].s.decode() or op.name}'
                if key not in self.objects and op in values:
                    self.objects[key] = _variable(op, values[op], op.name in trainable)
                elif key not in self.objects:
                    self.objects[key] = self._table(op, node)
                made = self.objects[key]
                self.handles[op.outputs[0].name] = made.handle if op in values else made.resource_handle

    def add_assets(self, tensors: Iterable[Any] | None) -> None:
        graph = self._sess.graph
        tensors = graph.get_collection(tf.compat.v1.GraphKeys.ASSET_FILEPATHS) if tensors is None else tensors
        for name in dict.fromkeys([*(tensor.name for tensor in tensors), *self._paths]):
            op = graph.get_tensor_by_name(name).op
            if op.type != 'Const':
                raise ValueError(f"The path of an asset is not a constant: '{name}'.")
            path = self._path(op.outputs[0])
            if tf.io.gfile.exists(path):
                self.objects[name] = tf.saved_model.Asset(path)
                self.handles[name] = self.objects[name].asset_path
            elif op.name in self._needed:
                raise FileNotFoundError(f"{path} is not there: say in asset_paths where the file of '{name}' is.")
            else:
                warnings.warn(f"{path} ('{name}') is not there, and is no asset of the new model.", stacklevel=2)

    def _variable_value(self, op: Any) -> Any:
        handle = op.outputs[0]
        if op.type != 'VarHandleOp':
            return handle
        return self._read('ReadVariableOp', handle, resource=handle, dtype=op.get_attr('dtype'))[0]

    def _table(self, op: Any, node: Any) -> Any:
        dtypes = tf.as_dtype(node.attr['key_dtype'].type), tf.as_dtype(node.attr['value_dtype'].type)
        if node.op.startswith('HashTable'):
            # The default that counts is an input of the lookup ops, here and below.
            return tf.lookup.StaticHashTable(self._initializer(op.outputs[0], *dtypes), tf.zeros([], dtypes[1]))
        keys, values = self._run(self._contents(op.outputs[0], *dtypes))
        if 'Dense' in node.op:
            default = tf.zeros(op.get_attr('value_shape'), dtypes[1])
            table = tf.lookup.experimental.DenseHashTable(*dtypes, default, *self._run(list(op.inputs)))
        else:
            table = tf.lookup.experimental.MutableHashTable(*dtypes, tf.zeros(values.shape[1:], dtypes[1]))
        keys, values = tf.constant(keys, dtypes[0]), tf.constant(values, dtypes[1])
        tf.raw_ops.LookupTableImportV2(table_handle=table.resource_handle, keys=keys, values=values)
        return table

    def _initializer(self, handle: Any, key_dtype: Any, value_dtype: Any) -> Any:
        """What fills a static table once is what it contains for good, whether this session has run it or not."""
        fillers = [user for user in handle.consumers() if user.type.startswith(_FILLERS)]
        filling = list(fillers[0].inputs)[1:] if len(fillers) == 1 else []
        if len(filling) == 1 and tf.io.gfile.exists(path := self._path(filling[0])):
            get = fillers[0].get_attr
            size = None if get('vocab_size') == -1 else get('vocab_size')
            columns = key_dtype, get('key_index'), value_dtype, get('value_index')
            separator, offset = get('delimiter').decode(), get('offset')
            return tf.lookup.TextFileInitializer(path, *columns, size, separator, value_index_offset=offset)
        contents: Any = [tf.get_static_value(tensor) for tensor in filling] if len(filling) == 2 else [None]
        if any(value is None for value in contents):
            try:
                contents = self._run(self._contents(handle, key_dtype, value_dtype))
            except ValueError:
                if len(filling) != 2:
                    raise
                contents = self._run(filling)
        return tf.lookup.KeyValueTensorInitializer(*contents, key_dtype, value_dtype)

    def _contents(self, handle: Any, key_dtype: Any, value_dtype: Any) -> list[Any]:
        kind = 'LookupTableExport' if _is_reference(handle) else 'LookupTableExportV2'
        return self._read(kind, handle, table_handle=handle, Tkeys=key_dtype, Tvalues=value_dtype)

    def _path(self, tensor: Any) -> str:
        return str(tf.compat.as_str(np.asarray(self._run(tensor)).item()))

    def _run(self, fetches: Any) -> Any:
        try:
            return self._sess.run(fetches, self._paths)
        except (tf.errors.FailedPreconditionError, tf.errors.AbortedError, tf.errors.InvalidArgumentError) as error:
            reason = f"'{error.op.name}' fails" if error.op else ' '.join(error.message.split())
            raise ValueError(f'A variable or table has no value in this session: {reason}') from error

    def _read(self, kind: str, handle: Any, **inputs: Any) -> list[Any]:
        """The outputs of an op that reads a handle and waits for nothing: one of the graph's, or a new one."""
        for user in handle.consumers():
            if user.type == kind and not user.control_inputs:
                return list(user.outputs)
        with _open(self._sess.graph):
            outputs = getattr(tf.raw_ops, kind)(**inputs)
        return list(outputs) if isinstance(outputs, tuple) else [outputs]


def _variable(op: Any, value: Any, trainable: bool) -> Any:
    shape = tf.TensorShape(op.get_attr('shape')) if op.type == 'VarHandleOp' else op.outputs[0].shape
    return tf.Variable(value, trainable, name=op.name, dtype=op.get_attr('dtype'), shape=shape)


class _GraphCopy:
    """A copy of the ops that a signature runs. Their state comes from outside, as resource handles."""

    def __init__(self, source: Any, signature: _Signature, feeds: Container[str], replaced: Container[str]):
        self._feeds = feeds
        self._replaced = replaced
        self.graph_def = tf.compat.v1.GraphDef(versions=source.versions)
        copied = {n: op for n, op in signature.operations.items() if not any(t.name in replaced for t in op.outputs)}
        for op in copied.values():
            self._copy(op, [f'^{other.name}' for other in op.control_inputs if other.name in copied])
        self.outputs = {alias: list(map(self._value, tensors)) for alias, tensors in signature.outputs.items()}
        self._read_before_assignments()
        self.graph_def.library.CopyFrom(_take_functions(self.graph_def.node, source.library))
        for node in [*self.graph_def.node, *(node for f in self.graph_def.library.function for node in f.node_def)]:
            node.device = ''
            node.attr.pop('_class', None)
            if node.op in _PYTHON_CALLS:
                raise ValueError(f"'{node.name}', which signature '{signature.key}' needs, is a {node.op}.")

    def _copy(self, op: Any, controls: list[str]) -> None:
        node = self.graph_def.node.add()
        node.CopyFrom(op.node_def)
        inputs: list[str] = []
        after = list(controls)
        references = _takes_references(op)
        for tensor, by_reference in zip(op.inputs, references, strict=True):
            if controls and self._is_plain_read(tensor):
                # Reads share the memory of a reference variable: who waits for an assignment sees what it assigned.
                tensor = tensor.op.inputs[0]
            if not self._is_reference(tensor):
                inputs.append(tensor.name)
            elif by_reference:
                handle, assignments = self._handle(tensor)
                inputs.append(handle)
                after += assignments
            else:
                inputs.append(self._read(tensor, controls))
        node.input[:] = [*inputs, *dict.fromkeys(after)]
        if any(references):
            _use_resource(node)

    def _is_reference(self, tensor: Any) -> bool:
        return _is_reference(tensor) and tensor.name not in self._feeds

    def _is_plain_read(self, tensor: Any) -> bool:
        op = tensor.op
        plain = op.type == 'Identity' and not op.control_inputs and tensor.name not in self._feeds
        return plain and self._is_reference(op.inputs[0])

    def _handle(self, reference: Any) -> tuple[str, list[str]]:
        """The resource handle that stands for a reference, and the assignment that comes before its use."""
        if reference.name in self._replaced or reference.op.type.startswith('Ref'):
            return reference.name, []
        return self._handle(reference.op.inputs[0])[0], [f'^{reference.op.name}']

    def _read(self, reference: Any, controls: Iterable[str]) -> str:
        """Adds a read of a variable where and when the graph reads it: it may assign to it before."""
        handle, assignments = self._handle(reference)
        name = f'{reference.op.name}/read_for_session_module_{len(self.graph_def.node)}'
        node = self.graph_def.node.add(name=name, op='ReadVariableOp')
        node.input[:] = [handle, *dict.fromkeys([*controls, *assignments])]
        dtype = reference.dtype.base_dtype if _is_reference(reference) else reference.op.get_attr('dtype')
        node.attr['dtype'].type = dtype.as_datatype_enum
        return f'{name}:0'

    def _read_before_assignments(self) -> None:
        """Lets assignments wait for the plain reads of the same variable that are in no order with them.

        As `metrics/x/value` beside its `update_op`: in a session, what it returns is up to which one runs first.
        """
        nodes = {node.name: node for node in self.graph_def.node}
        reads: dict[str, list[Any]] = {}
        for node in nodes.values():
            if node.op == 'ReadVariableOp' and len(node.input) == 1:
                reads.setdefault(node.input[0], []).append(node)
        for assignment in [node for node in nodes.values() if re.fullmatch('(Assign|Resource)(?!Gather).+', node.op)]:
            same = [read for handle in assignment.input for read in reads.get(handle, ())]
            before = _before(nodes, assignment.name) if same else set()
            # Within a loop nothing can wait for what is outside.
            if not any('Enter' in nodes[name].op for name in before):
                assignment.input.extend(f'^{read.name}' for read in same if read.name not in before)

    def _value(self, tensor: Any) -> str:
        """The name of the tensor that holds the value of an output, which may be given as a variable."""
        if tensor.name not in self._feeds:
            if _is_reference(tensor) or tensor.op.type == 'VarHandleOp':
                return self._read(tensor, ())
            if tensor.dtype in (tf.resource, tf.variant):
                raise ValueError(f"The output '{tensor.name}' is a handle, not a value.")
        return str(tensor.name)


def _before(nodes: Mapping[str, Any], name: str) -> set[str]:
    """The nodes that run before one, and it."""
    found = set()
    pending = [name]
    while pending:
        each = pending.pop()
        if each in nodes and each not in found:
            found.add(each)
            pending += [tensor.lstrip('^').split(':')[0] for tensor in nodes[each].input]
    return found


def _takes_references(op: Any) -> list[bool]:
    """For each input, whether the op wants a reference there. An argument may stand for several inputs."""

    def inputs(argument: Any) -> int:
        if argument.type_list_attr:
            return len(op.get_attr(argument.type_list_attr))
        return int(op.get_attr(argument.number_attr)) if argument.number_attr else 1

    return [argument.is_ref for argument in op.op_def.input_arg for _ in range(inputs(argument))]


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
    done = set()

    def take(name: str) -> str:
        if name not in functions:
            return name
        if name not in done:
            done.add(name)
            function = taken.function.add()
            function.CopyFrom(functions[name])
            function.signature.name += suffix
            rename(function.node_def)
            if name in gradients:
                taken.gradient.add(function_name=name + suffix, gradient_func=take(gradients[name]))
        return name + suffix

    def rename(nodes: Iterable[Any]) -> None:
        for node in nodes:
            node.op = take(node.op)
            for value in node.attr.values():
                for call in [value.func, *value.list.func]:
                    if call.name:
                        call.name = take(call.name)

    rename(nodes)
    return taken


def _join(tensors: list[Any], info: Any) -> Any:
    kind = info.WhichOneof('encoding')
    if kind == 'coo_sparse':
        return tf.SparseTensor(*tensors)
    if kind == 'composite_tensor':
        return tf.RaggedTensor.from_nested_row_splits(tensors[0], tensors[1:], validate=False)
    return tensors[0]


def _restore_contract(directory: str, signatures: list[_Signature], tags: list[str]) -> None:
    """Gives a model the tags, method names and input names that it had: `tf.saved_model.save` has its own."""
    path = os.path.join(directory, 'saved_model.pb')
    with tf.io.gfile.GFile(path, 'rb') as file:
        model = saved_model_pb2.SavedModel.FromString(file.read())
    meta_graph = model.meta_graphs[0]
    meta_graph.meta_info_def.tags[:] = tags
    for signature in signatures:
        saved = meta_graph.signature_def[signature.key]
        contract = type(saved)()
        contract.CopyFrom(signature.definition)
        for alias, info in contract.inputs.items():
            parts = {suffix: saved.inputs[_argument(alias + suffix)] for suffix in _names(info)}
            _refer(info, {suffix: part.name for suffix, part in parts.items()}, parts.get('', info))
        for alias, info in contract.outputs.items():
            _refer(info, _names(saved.outputs[alias]), saved.outputs[alias])
        saved.CopyFrom(contract)
    aliases = {_argument(alias): alias for signature in signatures for alias in signature.inputs}
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


def _refer(info: Any, names: Mapping[str, str], saved: Any) -> None:
    """Lets an old `TensorInfo` speak of the saved graph: it may have a reference's dtype and, from 1.0, no shape."""
    for suffix, (message, field) in _name_fields(info).items():
        setattr(message, field, names[suffix])
    info.dtype = saved.dtype
    if not info.HasField('tensor_shape'):
        info.tensor_shape.CopyFrom(saved.tensor_shape)
