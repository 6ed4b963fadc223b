"""Finds out from the graph which values a tensor may take: what it is looked up in, parsed as, or decoded as."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

from migrate.saved_model import graph as graphs
from migrate.saved_model.graph import Graph, Use
from migrate.saved_model.schema import data_type_name, tensor_shape
from migrate.verify import ranks
from migrate.verify.hashing import words_in_buckets
from migrate.verify.landmarks import ARITHMETIC, Landmarks, is_little_at, landmarks_at, large_at
from migrate.verify.vocabularies import Assets, constant, table_keys

_LOOKUPS = ('LookupTableFind', 'LookupTableFindV2')
_GATHERS = ('Gather', 'GatherV2', 'ResourceGather')
_IMAGE_DECODERS = ('DecodeJpeg', 'DecodePng', 'DecodeBmp', 'DecodeGif', 'DecodeImage', 'DecodeAndCropJpeg')
_PARSERS = ('ParseExample', 'ParseExampleV2', 'ParseSingleExample')
_NUMBERS = ('digits', 'integer', 'number')
# Ops that hand on the values of some of their inputs (None: of all).
_HANDS_ON: dict[str, tuple[int, ...] | None] = {
    **dict.fromkeys(('Identity', 'Snapshot', 'StopGradient', 'PreventGradient', 'PlaceholderWithDefault'), (0,)),
    **dict.fromkeys(('Reshape', 'ExpandDims', 'Squeeze', 'Transpose', 'Tile', 'Cast', 'BroadcastTo'), (0,)),
    **dict.fromkeys(('StridedSlice', 'Slice', 'SplitV', 'Unpack', 'Pad', 'PadV2', 'Unique', 'UniqueV2'), (0,)),
    **dict.fromkeys(('Switch', 'RefSwitch', 'Enter', 'Exit', 'NextIteration', 'GatherNd', *_GATHERS), (0,)),
    **dict.fromkeys(('IdentityN', 'Pack', 'Concat', 'ConcatV2', 'Merge', 'SparseConcat', 'StringJoin'), None),
    **dict.fromkeys(('Select', 'SelectV2'), (1, 2)),
    **dict.fromkeys(('Split', 'SparseFillEmptyRows', 'SparseSlice', 'SparseReorder'), (1,)),
    **dict.fromkeys(('DecodeBase64', 'DecodeJSONExample', 'TensorListFromTensor', 'TensorListGetItem'), (0,)),
    'SparseToDense': (2,),
}


@dataclass(frozen=True)
class Domain:
    """Which values a tensor may take, as far as the graph tells."""

    known: Sequence[bytes] | Sequence[int] = ()
    """Values that mean something to the model: keys of a table, rows of an embedding."""
    takes_unknown: bool = False
    """Whether a value that is not known is looked up without an error."""
    form: str = ''
    """What a string holds: `number`, `integer`, `digits`, `image`, `example`, or anything."""
    in_base64: bool = False
    in_json: bool = False
    """Whether a tf.Example is written as JSON."""
    ranks: frozenset[int] = frozenset()
    """The ranks that the ops behind it ask for."""
    landmarks: Landmarks = ()
    """Values at which the model may change its ways."""
    large: Landmarks = ()
    """Values beyond which whole numbers in the model overflow."""
    deserves_small: bool = False
    """Whether small numbers may show what others do not."""
    aimed: tuple[Any, ...] = ()
    """Values that reach the rows of variables that deserve a look."""
    foreign: tuple[Any, ...] = ()
    """Values that are known to the new model only."""
    embedding: Any = field(default=None, compare=False)
    """The values of the rows, if they are a constant."""
    parser: Use | None = field(default=None, compare=False)
    """The node that parses it as tf.Example, if the form is `example`."""

    def merged(self, other: Domain) -> Domain:
        """The domain of a tensor that is used in both ways."""
        known = self.known or other.known
        takes_unknown = self.takes_unknown or other.takes_unknown
        if self.known and other.known:
            known = _common(self.known, other.known)
            takes_unknown = self.takes_unknown and other.takes_unknown
        return Domain(
            known,
            takes_unknown,
            _stricter(self.form, other.form),
            self.in_base64 or other.in_base64,
            self.in_json or other.in_json,
            self.ranks | other.ranks,
            tuple(dict.fromkeys([*self.landmarks, *other.landmarks])),
            tuple(dict.fromkeys([*self.large, *other.large])),
            self.deserves_small or other.deserves_small,
            tuple(dict.fromkeys([*self.aimed, *other.aimed])),
            tuple(dict.fromkeys([*self.foreign, *other.foreign])),
            other.embedding if self.embedding is None else self.embedding,
            self.parser or other.parser,
        )

    @property
    def rank(self) -> int | None:
        """The rank that all of them agree upon."""
        return next(iter(self.ranks)) if len(self.ranks) == 1 else None


def _stricter(form: str, other: str) -> str:
    """What holds both: digits are an integer, and that is a number."""
    numbers = [each for each in _NUMBERS if each in (form, other)]
    return numbers[0] if numbers and {form, other} <= {*_NUMBERS, ''} else form or other


def _common(left: Sequence[Any], right: Sequence[Any]) -> Sequence[Any]:
    """Ids must be rows of both embeddings; words of two tables are all worth trying."""
    if isinstance(left, range) or isinstance(right, range):
        return min(left, right, key=len)
    return list(dict.fromkeys([*left, *right]))


def domain_of(graph: Graph, tensor: str, assets: Assets) -> Domain:
    """What is known of the values of a tensor from the nodes that it reaches."""
    domain = Domain(ranks=ranks.of_default(graph, tensor))
    for use, passed in _ends(graph, tensor):
        large = () if passed.moved else large_at(use)
        landmarks = landmarks_at(use, passed.moved)
        domain = domain.merged(Domain(landmarks=landmarks, large=large, deserves_small=is_little_at(use)))
        if passed.moved:
            continue
        asked = ranks.asked(use, passed.lowered)
        found = _domain_at(use, assets) or Domain()
        if passed.joined:
            found = Domain(form='digits') if found.form in _NUMBERS else Domain()
        domain = domain.merged(
            replace(found, in_base64=passed.in_base64 or found.in_base64, in_json=passed.in_json, ranks=asked)
        )
    return domain


class _Passed(NamedTuple):
    """What happened to a tensor on the way to where it is used."""

    in_base64: bool = False
    """Whether it was base64, which was undone."""
    in_json: bool = False
    """Whether it was JSON, which became a tf.Example."""
    lowered: int | None = 0
    """By how much its rank was lowered."""
    joined: bool = False
    """Whether it became part of a longer string: of the values that it may take, that tells less."""
    moved: bool = False
    """Whether it was computed with: only where it is compared tells something of it then."""

    def by(self, node: Any) -> _Passed:
        lowered = ranks.lowered_by(node)
        both = None if lowered is None or self.lowered is None else self.lowered + lowered
        in_base64, joined = self.in_base64 or node.op == 'DecodeBase64', self.joined or node.op == 'StringJoin'
        in_json = self.in_json or node.op == 'DecodeJSONExample'
        return _Passed(in_base64, in_json, both, joined, self.moved or node.op in ARITHMETIC)


def _ends(graph: Graph, tensor: str) -> Iterator[tuple[Use, _Passed]]:
    """The uses of a tensor's values, past all nodes that only hand them on."""
    todo = [(graph, tensor, _Passed())]
    seen: set[tuple[int, str, bool]] = set()
    while todo:
        here, name, passed = todo.pop()
        if (id(here), name, passed.moved) in seen:
            continue
        seen.add((id(here), name, passed.moved))
        todo += [(outer, result, passed) for outer, result in graphs.left(here, name)]
        for node, position in here.uses(name):
            use = Use(here, node, position)
            inside = graphs.entered(use)
            if inside is not None:
                todo.append((*inside, passed))
                continue
            yield use, passed
            todo += [(*branch, passed) for branch in graphs.branches_entered(use)]
            todo += [(here, output, passed.by(node)) for output in _handed_on(use)]


def _handed_on(use: Use) -> list[str]:
    if use.node.op == 'TensorArrayScatterV3' and use.position == 2:
        return _array_reads(use)
    if use.node.op in ARITHMETIC:
        return use.graph.outputs(use.node)
    if use.node.op not in _HANDS_ON:
        return []
    positions = _HANDS_ON[use.node.op]
    return use.graph.outputs(use.node) if positions is None or use.position in positions else []


def _array_reads(use: Use) -> list[str]:
    """The reads of the TensorArray that a node fills: how `map_fn` of TensorFlow 1 hands on single elements."""
    array = graphs.input_of(use.graph, use.node, 0)
    reads = (node for node in use.graph.nodes.values() if node.op == 'TensorArrayReadV3')
    outputs = []
    for node in reads:
        source = graphs.input_of(use.graph, node, 0)
        if array and source and source.node is array.node:
            outputs += use.graph.outputs(node)
    return outputs


def _domain_at(use: Use, assets: Assets) -> Domain | None:
    op, position = use.node.op, use.position
    if op in _LOOKUPS and position == 1:
        table = graphs.input_of(use.graph, use.node, 0)
        return Domain(table_keys(table, assets) if table else (), takes_unknown=True)
    if op in _GATHERS and position == 1:
        size = _rows(use)
        aimed = assets.rows.get(_variable_name(use), ())
        return Domain(range(size), aimed=tuple(aimed), embedding=constant(use.graph, use.node, 0)) if size else None
    if op == 'OneHot' and position == 0:
        depth = constant(use.graph, use.node, 1)
        return Domain(range(int(depth.item())), takes_unknown=True) if depth is not None and depth.item() > 0 else None
    if position != 0:
        return None
    if op == 'DecodeBase64':
        return Domain(in_base64=True)
    if op in _PARSERS:
        return Domain(form='example', parser=use)
    if op in _IMAGE_DECODERS:
        return Domain(form='image')
    if op in ('StringToHashBucketFast', 'AsString') and assets.rows:
        return Domain(aimed=_aimed_through(use, assets))
    if op == 'StringToNumber':
        is_whole = data_type_name(use.node.attr['out_type'].type).startswith('int')
        return Domain(form='integer' if is_whole else 'number')
    return None


def _aimed_through(use: Use, assets: Assets) -> tuple[Any, ...]:
    """What becomes one of the values that are aimed at when it is hashed, or written as text."""
    aimed = [each for output in use.graph.outputs(use.node) for each in domain_of(use.graph, output, assets).aimed]
    if use.node.op == 'StringToHashBucketFast':
        return tuple(words_in_buckets(aimed, use.node.attr['num_buckets'].i)) if aimed else ()
    return tuple(int(each) for each in aimed if isinstance(each, bytes) and each.isdigit())


def _variable_name(use: Use) -> str:
    node = _variable_at(use.graph, use.node)
    return '' if node is None else node.attr['shared_name'].s.decode('utf-8', 'replace') or str(node.name)


def _rows(use: Use) -> int | None:
    """How many rows there are to gather from."""
    axis = 0
    if use.node.op == 'GatherV2':
        value = constant(use.graph, use.node, 2)
        if value is None:
            return None
        axis = int(value.item())
    shape = _shape_of_input(use.graph, use.node)
    return shape[axis] if shape and -len(shape) <= axis < len(shape) else None


def columns_of_sparse(graph: Graph, tensor: str) -> int | None:
    """How many columns a sparse tensor has whose values these are, by the dense one that it is multiplied with."""
    for use, passed in _ends(graph, tensor):
        node = use.node
        is_multiplied = node.op == 'SparseTensorDenseMatMul' and use.position == 1 and not passed.moved
        if is_multiplied and not node.attr['adjoint_a'].b:
            shape = _shape_of_input(use.graph, node, 3)
            if shape is not None and len(shape) == 2:
                return shape[1 if node.attr['adjoint_b'].b else 0]
    return None


def _variable_at(graph: Graph, node: Any, position: int = 0) -> Any | None:
    """The node that a node takes as its input number `position`, past reads of a variable."""
    source = graphs.input_of(graph, node, position)
    while source and source.node.op in ('ReadVariableOp', 'ReadVariableOp_1', 'Cast'):
        source = graphs.input_of(source.graph, source.node, 0)
    return source.node if source else None


def _shape_of_input(graph: Graph, node: Any, position: int = 0) -> tuple[int | None, ...] | None:
    taken = _variable_at(graph, node, position)
    if taken is None:
        return None
    if taken.op == 'Const':
        return tensor_shape(taken.attr['value'].tensor.tensor_shape)
    if taken.op in ('VariableV2', 'Variable', 'VarHandleOp', 'Placeholder') and 'shape' in taken.attr:
        return tensor_shape(taken.attr['shape'].shape)
    return None


def dtypes(types: Any) -> list[str]:
    """The names of the dtypes in a list attribute."""
    return [data_type_name(number) for number in types]
