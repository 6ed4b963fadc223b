"""What can be seen of a SavedModel without running it: tag sets, signatures, inputs and outputs, assets, variables."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

from migrate.saved_model import schema
from migrate.saved_model.operations import Operation, notable_operations
from migrate.saved_model.reading import ModelError
from migrate.saved_model.schema import tensor_shape
from migrate.saved_model.variables import MissingValues, Variable, read_variables, require_variables

Shape = tuple[int | None, ...] | None
"""None is an unknown rank, a None in it an unknown dimension."""

# Signatures that TensorFlow 2 writes for itself: no client calls them.
INTERNAL_SIGNATURES = ('__saved_model_init_op', '__saved_model_train_op')
# A scalar's shape and "unknown" look the same in placeholders of graphs older than this.
_PRODUCER_WITH_UNKNOWN_RANK = 24
_MOST_EXTRA = 1000
_RAGGED = 3  # of TypeSpecProto.TypeSpecClass
_MOST_SHOWN = 20


@dataclass(frozen=True)
class TensorContract:
    """One input or output of a signature."""

    name: str
    dtype: str
    shape: Shape
    encoding: str = 'dense'
    """`dense`, `sparse`, `ragged`, or `composite`: of other components."""
    tensors: tuple[str, ...] = ()
    """The graph's tensors behind it: one; indices, values and dense shape; or the components."""
    shape_stated: bool = True
    """TensorFlow 1.0 wrote no shapes into signatures."""
    default: str | None = None
    """The default that the signature itself names, as text: what a client that leaves the input out gets."""
    has_default: bool = False
    """Whether the graph has a default for it, which only clients that run a session themselves can use."""
    fed_shape: Shape = field(default=None, compare=False)
    """The shape that the graph's placeholder takes: the signature may say less."""

    @property
    def optional(self) -> bool:
        return self.default is not None

    @property
    def names_in_a_call(self) -> tuple[str, ...]:
        """The dense tensors that it is taken apart into where only dense ones can go, as TensorFlow 2 names them."""
        if self.encoding == 'sparse':
            return tuple(f'{self.name}_{part}' for part in ('indices', 'values', 'dense_shape'))
        if self.encoding in ('ragged', 'composite'):
            return tuple(f'{self.name}_component_{number}' for number in range(len(self.tensors)))
        return (self.name,)


@dataclass(frozen=True)
class SignatureContract:
    """One signature key."""

    key: str
    method_name: str
    inputs: dict[str, TensorContract]
    outputs: dict[str, TensorContract]


@dataclass(frozen=True)
class Asset:
    """A file that the graph names. `sha256` is empty if the file is not there."""

    name: str
    sha256: str


@dataclass(frozen=True)
class GraphContract:
    """One meta graph: what is loaded under one set of tags."""

    tags: frozenset[str]
    signatures: dict[str, SignatureContract]
    is_tf2: bool
    """Whether it was written by `tf.saved_model.save`: has an object graph."""
    initialises_itself: bool
    """Whether loading it runs an init op of its own, which fills its tables."""
    tensorflow: str = ''
    """The version that wrote it."""
    operations: tuple[Operation, ...] = ()
    """The ops that deserve a look."""
    references: frozenset[str] = frozenset()
    """The names of its reference variables: the kind that TensorFlow 2 can run, but not save."""
    trainable: frozenset[str] = frozenset()
    """The names of the variables that it calls trainable."""


@dataclass(frozen=True)
class Contract:
    """All that a client can see of a SavedModel."""

    graphs: tuple[GraphContract, ...]
    assets: dict[str, Asset]
    extra: dict[str, Asset] = field(default_factory=dict)
    """The files in `assets.extra`, which no graph names but a server may read."""
    variables: dict[str, Variable] = field(default_factory=dict)
    variables_error: str = ''
    """Why the variables could not be read, if so."""
    lacks_values: bool = False
    """Whether that is because a file with their values is not there or not whole."""


def read_contract(directory: Path, model: Any) -> Contract:
    """The contract of a `SavedModel` message that was read from `directory`."""
    assets: dict[str, Asset] = {}
    for meta_graph in model.meta_graphs:
        for name in asset_names(meta_graph).values():
            assets[name] = Asset(name, _digest(asset_path(directory, name)))
    graphs = tuple(_graph(meta_graph) for meta_graph in model.meta_graphs)
    extra = _extra(directory)
    try:
        require_variables(directory, model)
        return Contract(graphs, assets, extra, read_variables(directory))
    except ModelError as damage:
        return Contract(graphs, assets, extra, {}, damage.message, isinstance(damage, MissingValues))


def _extra(directory: Path) -> dict[str, Asset]:
    folder = directory / 'assets.extra'
    found = islice((path for path in folder.rglob('*') if path.is_file() and not path.is_symlink()), _MOST_EXTRA)
    names = {path.relative_to(folder).as_posix(): path for path in found}
    return {name: Asset(name, _digest(path)) for name, path in sorted(names.items())}


def asset_names(meta_graph: Any) -> dict[str, str]:
    """The file name of each asset, by the tensor that receives its path.

    TensorFlow 1 before 1.15 kept them in a collection only.
    """
    files = list(meta_graph.asset_file_def)
    if 'saved_model_assets' in meta_graph.collection_def:
        for packed in meta_graph.collection_def['saved_model_assets'].any_list.value:
            files.append(_asset_file(packed.value))
    return {file.tensor_info.name: file.filename for file in files}


def _asset_file(data: bytes) -> Any:
    try:
        return schema.parse_binary('AssetFileDef', data)
    except ValueError as error:
        raise ModelError(f'the record of the assets is damaged: {error}') from error


def asset_path(directory: Path, name: str) -> Path | None:
    """The file of an asset; None if it is not there or the name points out of the assets directory."""
    assets = directory.resolve() / 'assets'
    file = (assets / name).resolve()
    return file if file.is_file() and file.is_relative_to(assets) else None


def _digest(path: Path | None) -> str:
    if path is None:
        return ''
    digest = hashlib.sha256()
    try:
        with path.open('rb') as file:
            while block := file.read(1 << 20):
                digest.update(block)
    except OSError:
        return ''
    return digest.hexdigest()


def _graph(meta_graph: Any) -> GraphContract:
    nodes = {node.name: node for node in meta_graph.graph_def.node}
    producer = meta_graph.graph_def.versions.producer
    signatures = {}
    for key, signature in sorted(meta_graph.signature_def.items()):
        if key in INTERNAL_SIGNATURES:
            continue
        inputs = {
            name: _tensor(name, info, nodes, producer, _default(signature, name))
            for name, info in sorted(signature.inputs.items())
        }
        outputs = {name: _tensor(name, info, nodes, producer) for name, info in sorted(signature.outputs.items())}
        signatures[key] = SignatureContract(key, signature.method_name, inputs, outputs)
    tags = frozenset(meta_graph.meta_info_def.tags)
    initialises_itself = (
        'saved_model_main_op' in meta_graph.collection_def
        or 'legacy_init_op' in meta_graph.collection_def
        or '__saved_model_init_op' in meta_graph.signature_def
    )
    return GraphContract(
        tags,
        signatures,
        meta_graph.HasField('object_graph_def'),
        initialises_itself,
        meta_graph.meta_info_def.tensorflow_version,
        notable_operations(meta_graph),
        frozenset(name for name, node in nodes.items() if node.op in ('Variable', 'VariableV2')),
        _trainable(meta_graph),
    )


def _trainable(meta_graph: Any) -> frozenset[str]:
    if 'trainable_variables' not in meta_graph.collection_def:
        return frozenset()
    packed = meta_graph.collection_def['trainable_variables'].bytes_list.value
    try:
        names = [schema.parse_binary('VariableDef', data).variable_name for data in packed]
    except ValueError:
        return frozenset()  # they are for training: what is served does without
    return frozenset(name.split(':')[0] for name in names)


def _default(signature: Any, name: str) -> str | None:
    if name not in signature.defaults:
        return None
    from migrate.saved_model.constants import tensor_value  # brings numpy, which takes longer than all the rest here

    value = tensor_value(signature.defaults[name])
    if value is None or value.size > _MOST_SHOWN:
        content = signature.defaults[name].SerializeToString(deterministic=True)
        return f'sha256 {hashlib.sha256(content).hexdigest()}'
    return str(value.tolist())


def _tensor(name: str, info: Any, nodes: dict[str, Any], producer: int, default: str | None = None) -> TensorContract:
    encoding, tensors = _encoding(info)
    node = nodes.get(tensors[0].split(':')[0]) if encoding == 'dense' else None
    stated = info.HasField('tensor_shape')
    fed_shape = _placeholder_shape(node, producer)
    shape = tensor_shape(info.tensor_shape) if stated else fed_shape
    has_default = node is not None and node.op == 'PlaceholderWithDefault'
    dtype = schema.data_type_name(info.dtype)
    if node is not None and node.op.startswith('Placeholder') and 'dtype' in node.attr:
        # Hand-written signatures have been seen to state a wrong dtype: what the graph takes is what clients send.
        dtype = schema.data_type_name(node.attr['dtype'].type)
    return TensorContract(name, dtype, shape, encoding, tensors, stated, default, has_default, fed_shape)


def _encoding(info: Any) -> tuple[str, tuple[str, ...]]:
    kind = info.WhichOneof('encoding')
    if kind == 'coo_sparse':
        sparse = info.coo_sparse
        names = (sparse.indices_tensor_name, sparse.values_tensor_name, sparse.dense_shape_tensor_name)
        return 'sparse', names
    if kind == 'composite_tensor':
        kind = 'ragged' if info.composite_tensor.type_spec.type_spec_class == _RAGGED else 'composite'
        return kind, tuple(component.name for component in info.composite_tensor.components)
    return 'dense', (info.name,)


def _placeholder_shape(node: Any | None, producer: int) -> Shape:
    if node is None or not node.op.startswith('Placeholder') or 'shape' not in node.attr:
        return None
    shape = tensor_shape(node.attr['shape'].shape)
    return shape if shape or producer >= _PRODUCER_WITH_UNKNOWN_RANK else None
