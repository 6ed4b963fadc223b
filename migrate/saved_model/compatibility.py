"""Says whether a client that works with one contract works with another."""

from __future__ import annotations

from collections.abc import Iterator

from migrate.saved_model.contract import Contract, GraphContract, Shape, SignatureContract, TensorContract
from migrate.verify.results import ContractDifference


def compare_contracts(old: Contract, new: Contract) -> list[ContractDifference]:
    """Everything that differs: first what belongs to no signature, then signature by signature.

    Only the signatures of the tag set that is served are compared: see `served_graphs`.
    """
    old_graph, new_graph = served_graphs(old, new)
    differences = [
        *_compare_tags(old, new),
        *_compare_assets(old, new),
        *_compare_extra(old, new),
        *_compare_operations(old_graph, new_graph),
        *_compare_variables(old, new),
    ]
    for key in sorted(old_graph.signatures.keys() | new_graph.signatures.keys()):
        differences += _compare_signature(key, old_graph.signatures.get(key), new_graph.signatures.get(key))
    return differences


def served_graphs(old: Contract, new: Contract) -> tuple[GraphContract, GraphContract]:
    """The pair of meta graphs that stand for each other: those tagged `serve`, or the only ones."""
    chosen = _served_graph(old.graphs)
    same_tags = [graph for graph in new.graphs if graph.tags == chosen.tags]
    return chosen, same_tags[0] if same_tags else _served_graph(new.graphs)


def _served_graph(graphs: tuple[GraphContract, ...]) -> GraphContract:
    exact = [graph for graph in graphs if graph.tags == {'serve'}]
    tagged = [graph for graph in graphs if 'serve' in graph.tags]
    return (exact or tagged or list(graphs))[0]


def show_tags(tags: frozenset[str]) -> str:
    return '{' + ', '.join(sorted(tags)) + '}'


def show_shape(shape: Shape) -> str:
    return 'unknown' if shape is None else '[' + ', '.join('?' if size is None else str(size) for size in shape) + ']'


def _compare_tags(old: Contract, new: Contract) -> Iterator[ContractDifference]:
    old_tags = {graph.tags for graph in old.graphs}
    new_tags = {graph.tags for graph in new.graphs}
    present = ', '.join(sorted(map(show_tags, new_tags)))
    for tags in sorted(old_tags - new_tags, key=show_tags):
        message = f'is gone: a client that loads it fails; the new model has {present}'
        yield ContractDifference(f'tag set {show_tags(tags)}', message, breaking=True)
    for tags in sorted(new_tags - old_tags, key=show_tags):
        yield ContractDifference(f'tag set {show_tags(tags)}', 'is new', breaking=False)


def _compare_assets(old: Contract, new: Contract) -> Iterator[ContractDifference]:
    for name, asset in sorted(new.assets.items()):
        if not asset.sha256 and (name not in old.assets or old.assets[name].sha256):
            yield ContractDifference(f'asset "{name}"', 'is named by the new model, but the file is missing', True)
    contents = {asset.sha256: asset.name for asset in new.assets.values() if asset.sha256}
    for name, asset in sorted(old.assets.items()):
        where = f'asset "{name}"'
        if not asset.sha256:
            yield ContractDifference(where, 'is named by the old model, but its file is missing', False)
        elif name in new.assets:
            if new.assets[name].sha256 not in ('', asset.sha256):
                yield ContractDifference(where, 'has other content in the new model', True)
        elif asset.sha256 in contents:
            yield ContractDifference(where, f'is called "{contents[asset.sha256]}" in the new model', False)
        else:
            yield ContractDifference(where, 'is no asset of the new model, which must do without the file', False)


def _compare_extra(old: Contract, new: Contract) -> Iterator[ContractDifference]:
    for name, asset in sorted(old.extra.items()):
        where = f'file "{name}" in assets.extra'
        if name not in new.extra:
            yield ContractDifference(where, 'is gone: a server that reads it does without', False)
        elif asset.sha256 != new.extra[name].sha256:
            yield ContractDifference(where, 'has other content in the new model', False)


def _compare_variables(old: Contract, new: Contract) -> Iterator[ContractDifference]:
    """What no client sees, but who looks for the cause of a difference should. Values are compared elsewhere."""
    if new.variables_error and not old.variables_error:
        yield ContractDifference('variables', f'of the new model cannot be read: {new.variables_error}', False)
    for name, variable in old.variables.items():
        other = new.variables.get(name, variable)
        was, now = (f'{each.dtype} {show_shape(each.shape)}' for each in (variable, other))
        if was != now:
            yield ContractDifference(f'variable "{name}"', f'was {was}, is {now}', False)


def _compare_operations(old: GraphContract, new: GraphContract) -> Iterator[ContractDifference]:
    known = {operation.name for operation in old.operations}
    for operation in new.operations:
        if operation.name not in known:
            yield ContractDifference(f'op {operation.name}', f'is new and {operation.what}', False)


def _compare_signature(
    key: str, old: SignatureContract | None, new: SignatureContract | None
) -> Iterator[ContractDifference]:
    where = f'signature "{key}"'
    if new is None:
        yield ContractDifference(where, 'is missing in the new model', True, key)
        return
    if old is None:
        yield ContractDifference(where, 'is new: there is nothing to compare it with', False, key)
        return
    if old.method_name != new.method_name:
        message = f'method name was {old.method_name or "empty"}, is {new.method_name or "empty"}'
        yield ContractDifference(where, message, True, key)
    yield from _compare_inputs(key, where, old.inputs, new.inputs)
    yield from _compare_outputs(key, where, old.outputs, new.outputs)


def _compare_inputs(
    key: str, where: str, old: dict[str, TensorContract], new: dict[str, TensorContract]
) -> Iterator[ContractDifference]:
    explained: set[str] = set()
    for name, tensor in old.items():
        place = f'{where}, input "{name}"'
        if name in new:
            for message, breaking in _compare_input(tensor, new[name]):
                yield ContractDifference(place, message, breaking, key)
            continue
        message = 'is missing in the new model'
        if len(tensor.names_in_a_call) > 1 and all(part in new for part in tensor.names_in_a_call):
            explained.update(tensor.names_in_a_call)
            parts = ', '.join(f'"{part}"' for part in tensor.names_in_a_call)
            message = f'was one {tensor.encoding} tensor; the new model takes the dense tensors {parts} instead'
        yield ContractDifference(place, message, True, key)
    for name in sorted(new.keys() - old.keys() - explained):
        message = 'is new; the signature has a default for it' if new[name].optional else 'is new and required'
        yield ContractDifference(f'{where}, input "{name}"', message, not new[name].optional, key)


def _compare_outputs(
    key: str, where: str, old: dict[str, TensorContract], new: dict[str, TensorContract]
) -> Iterator[ContractDifference]:
    for name, tensor in old.items():
        place = f'{where}, output "{name}"'
        if name not in new:
            yield ContractDifference(place, 'is missing in the new model', True, key)
            continue
        for message, breaking in _compare_output(tensor, new[name]):
            yield ContractDifference(place, message, breaking, key)
    for name in sorted(new.keys() - old.keys()):
        yield ContractDifference(f'{where}, output "{name}"', 'is new', False, key)


def _compare_kind(old: TensorContract, new: TensorContract) -> Iterator[tuple[str, bool]]:
    if old.encoding != new.encoding:
        yield f'was a {old.encoding} tensor, is {new.encoding}', True
    if old.dtype != new.dtype:
        yield f'dtype was {old.dtype}, is {new.dtype}', True


def _compare_input(old: TensorContract, new: TensorContract) -> Iterator[tuple[str, bool]]:
    yield from _compare_kind(old, new)
    if old.optional and not new.optional:
        yield 'had a default in the signature, is required', True
    elif old.default is not None and old.default != new.default:
        yield f'default was {old.default}, is {new.default}: a client that leaves it out gets other values', True
    elif old.has_default and not (new.optional or new.has_default):
        yield (
            'had a default in the graph, is required; TensorFlow Serving always required it, '
            'a client that runs a session itself could leave it out',
            False,
        )
    if old.shape == new.shape:
        return
    change = f'shape was {show_shape(old.shape)}, is {show_shape(new.shape)}'
    if old.shape is None:
        stated = 'stated no shape' if not old.shape_stated else 'took any shape'
        yield f'{change}: the old signature {stated}, so whether this refuses a client only runs can tell', False
    elif _accepts(new.shape, old.shape):
        yield f'{change}: wider, refuses nothing', False
    elif old.encoding == new.encoding == 'sparse' and _accepts(old.shape, new.shape):
        yield (
            f'{change}: its parts are fed whatever it says, so whether this refuses a client only runs can tell',
            False,
        )
    else:
        yield f'{change}: refuses values that the old model took', True


def _compare_output(old: TensorContract, new: TensorContract) -> Iterator[tuple[str, bool]]:
    yield from _compare_kind(old, new)
    if old.shape == new.shape or old.shape is None:
        return
    change = f'shape was {show_shape(old.shape)}, is {show_shape(new.shape)}'
    if new.shape is None or _accepts(new.shape, old.shape):
        yield f'{change}: says less, the values may be the same', False
    elif _accepts(old.shape, new.shape) and (not old.shape or old.shape[0] == new.shape[0]):
        # TensorFlow 2 infers more than TensorFlow 1 did: no client breaks on a size that it did not know before.
        yield f'{change}: says more, the values may be the same', False
    else:
        yield f'{change}: other values than the old model returned', True


def _accepts(wide: Shape, narrow: Shape) -> bool:
    """Whether every tensor of the shape `narrow` has the shape `wide`."""
    if wide is None:
        return True
    if narrow is None or len(wide) != len(narrow):
        return False
    return all(size is None or size == other for size, other in zip(wide, narrow, strict=True))
