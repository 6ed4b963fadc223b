"""What a client can see of a SavedModel without running it: tag sets, signatures, inputs and outputs, assets."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from migrate.saved_model import schema
from migrate.saved_model.reading import ModelError

Shape = tuple[int | None, ...] | None
"""None is an unknown rank, a None in it an unknown dimension."""

# Signatures that TensorFlow 2 writes for itself: no client calls them.
INTERNAL_SIGNATURES = ('__saved_model_init_op', '__saved_model_train_op')
# A scalar's shape and "unknown" look the same in placeholders of graphs older than this.
_PRODUCER_WITH_UNKNOWN_RANK = 24


@dataclass(frozen=True)
class TensorContract:
    """One input or output of a signature."""

    name: str
    dtype: str
    shape: Shape
    encoding: str = 'dense'
    """`dense`, `sparse` or `composite`."""
    tensors: tuple[str, ...] = ()
    """The graph's tensors behind it: one; indices, values and dense shape; or the components."""
    shape_stated: bool = True
    """TensorFlow 1.0 wrote no shapes into signatures."""
    optional: bool = False
    """Whether the signature itself names a default."""
    has_default: bool = False
    """Whether the graph has a default for it, which only clients that run a session themselves can use."""
    fed_shape: Shape = field(default=None, compare=False)
    """The shape that the graph's placeholder takes: the signature may say less."""

    @property
    def names_in_a_call(self) -> tuple[str, ...]:
        """The dense tensors that it is taken apart into where only dense ones can go, as TensorFlow 2 names them."""
        if self.encoding == 'sparse':
            return tuple(f'{self.name}_{part}' for part in ('indices', 'values', 'dense_shape'))
        if self.encoding == 'composite':
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


@dataclass(frozen=True)
class Contract:
    """All that a client can see of a SavedModel."""

    graphs: tuple[GraphContract, ...]
    assets: dict[str, Asset]


def read_contract(directory: Path, model: Any) -> Contract:
    """The contract of a `SavedModel` message that was read from `directory`."""
    assets: dict[str, Asset] = {}
    for meta_graph in model.meta_graphs:
        for name in asset_names(meta_graph).values():
            assets[name] = Asset(name, _digest(directory, name))
    return Contract(tuple(_graph(meta_graph) for meta_graph in model.meta_graphs), assets)


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


def _digest(directory: Path, name: str) -> str:
    path = asset_path(directory, name)
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
            name: _tensor(name, info, nodes, producer, name in signature.defaults)
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
    return GraphContract(tags, signatures, meta_graph.HasField('object_graph_def'), initialises_itself)


def _tensor(name: str, info: Any, nodes: dict[str, Any], producer: int, optional: bool = False) -> TensorContract:
    encoding, tensors = _encoding(info)
    node = nodes.get(tensors[0].split(':')[0]) if encoding == 'dense' else None
    stated = info.HasField('tensor_shape')
    fed_shape = _placeholder_shape(node, producer)
    shape = _shape(info.tensor_shape) if stated else fed_shape
    has_default = node is not None and node.op == 'PlaceholderWithDefault'
    dtype = schema.data_type_name(info.dtype)
    if node is not None and node.op.startswith('Placeholder') and 'dtype' in node.attr:
        # Hand-written signatures have been seen to state a wrong dtype: what the graph takes is what clients send.
        dtype = schema.data_type_name(node.attr['dtype'].type)
    return TensorContract(name, dtype, shape, encoding, tensors, stated, optional, has_default, fed_shape)


def _encoding(info: Any) -> tuple[str, tuple[str, ...]]:
    kind = info.WhichOneof('encoding')
    if kind == 'coo_sparse':
        sparse = info.coo_sparse
        names = (sparse.indices_tensor_name, sparse.values_tensor_name, sparse.dense_shape_tensor_name)
        return 'sparse', names
    if kind == 'composite_tensor':
        return 'composite', tuple(component.name for component in info.composite_tensor.components)
    return 'dense', (info.name,)


def _placeholder_shape(node: Any | None, producer: int) -> Shape:
    if node is None or not node.op.startswith('Placeholder') or 'shape' not in node.attr:
        return None
    shape = _shape(node.attr['shape'].shape)
    return shape if shape or producer >= _PRODUCER_WITH_UNKNOWN_RANK else None


def _shape(shape: Any) -> Shape:
    if shape.unknown_rank:
        return None
    return tuple(dim.size if dim.size >= 0 else None for dim in shape.dim)
