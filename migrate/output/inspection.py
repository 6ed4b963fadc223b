"""What `inspect` tells of a SavedModel, as lines for a person and as JSON for a program."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from migrate.output import exits
from migrate.report.text import visible
from migrate.saved_model.compatibility import show_shape, show_tags
from migrate.saved_model.contract import Asset, Contract, GraphContract, SignatureContract, TensorContract
from migrate.saved_model.reading import ModelError, read_saved_model
from migrate.saved_model.variables import Variable

_INDENT = '    '
_SHORT = 12


def run_inspect(model: Path, style: str) -> int:
    """`inspect`."""
    from migrate.saved_model.contract import read_contract

    try:
        contract = read_contract(model, read_saved_model(model))
    except ModelError as error:
        exits.show_error(f'{error.message}. {error.advice}'.strip())
        return exits.FAILED
    if style == 'json':
        from migrate.output.proofs import show_json

        show_json('model', _content(model, contract))
    else:
        for line in _lines(model, contract):
            click.echo(visible(line).rstrip())
    return exits.NOTHING


def _content(model: Path, contract: Contract) -> dict[str, Any]:
    return {
        'path': str(model),
        'graphs': tuple(
            {
                'tags': tuple(sorted(graph.tags)),
                'tensorflow': graph.tensorflow,
                'written_by_tf2': graph.is_tf2,
                'initialises_itself': graph.initialises_itself,
                'signatures': tuple(_signature_content(signature) for signature in graph.signatures.values()),
                'operations': graph.operations,
            }
            for graph in contract.graphs
        ),
        'variables': tuple(
            {
                'name': each.name,
                'dtype': each.dtype,
                'shape': each.shape,
                'crc32c': each.checksum,
                'reference': any(each.name in graph.references for graph in contract.graphs),
                'trainable': any(each.name in graph.trainable for graph in contract.graphs),
            }
            for each in contract.variables.values()
        ),
        'variables_error': contract.variables_error,
        'assets': tuple(contract.assets.values()),
        'assets_extra': tuple(contract.extra.values()),
    }


def _signature_content(signature: SignatureContract) -> dict[str, Any]:
    return {
        'key': signature.key,
        'method_name': signature.method_name,
        'inputs': tuple(map(_tensor_content, signature.inputs.values())),
        'outputs': tuple(map(_tensor_content, signature.outputs.values())),
    }


def _tensor_content(tensor: TensorContract) -> dict[str, Any]:
    return {
        'name': tensor.name,
        'dtype': tensor.dtype,
        'shape': tensor.shape,
        'encoding': tensor.encoding,
        'tensors': tensor.tensors,
        'default': tensor.default,
        'has_default_in_graph': tensor.has_default,
    }


def _lines(model: Path, contract: Contract) -> Iterator[str]:
    yield str(model)
    for graph in contract.graphs:
        yield from _graph_lines(graph)
    yield ''
    if contract.variables_error:
        yield f'variables: {contract.variables_error}'
    else:
        variables = [(each.name, _variable(each, contract)) for each in contract.variables.values()]
        yield from _table(f'{len(variables)} variable{"" if len(variables) == 1 else "s"}', variables)
    for title, assets in (('assets', contract.assets), ('assets.extra', contract.extra)):
        if assets:
            yield from _table(title, [(name, _digest(asset)) for name, asset in assets.items()])


def _graph_lines(graph: GraphContract) -> Iterator[str]:
    written = f'TensorFlow {graph.tensorflow}' if graph.tensorflow else 'a TensorFlow that does not say which'
    form = 'tf.saved_model.save' if graph.is_tf2 else 'SavedModelBuilder'
    yield ''
    yield f'tag set {show_tags(graph.tags)}, written by {form} of {written}'
    for signature in graph.signatures.values():
        yield ''
        yield f'{_INDENT}signature "{signature.key}"  {signature.method_name or "without a method name"}'
        tensors = [('input', each) for each in signature.inputs.values()]
        tensors += [('output', each) for each in signature.outputs.values()]
        width = max((len(tensor.name) for _, tensor in tensors), default=0)
        for kind, tensor in tensors:
            yield f'{_INDENT * 2}{kind:<6}  {tensor.name:<{width}}  {_describe(tensor)}'
    if not graph.signatures:
        yield f'{_INDENT}no signatures'
    if graph.operations:
        yield ''
        yield from _table(
            f'{_INDENT}ops to look at',
            [
                (f'{each.name} ({each.count} times)' if each.count > 1 else each.name, each.what)
                for each in graph.operations
            ],
            _INDENT,
        )


def _describe(tensor: TensorContract) -> str:
    kind = '' if tensor.encoding == 'dense' else f'{tensor.encoding} '
    parts = [f'{kind}{tensor.dtype} {show_shape(tensor.shape)}', f'({", ".join(tensor.tensors)})']
    if tensor.default is not None:
        parts.append(f'default {tensor.default}')
    if tensor.has_default:
        parts.append('has a default in the graph')
    return '  '.join(parts)


def _variable(variable: Variable, contract: Contract) -> str:
    parts = [f'{variable.dtype} {show_shape(variable.shape)}']
    parts += ['reference'] if any(variable.name in graph.references for graph in contract.graphs) else []
    parts += ['trainable'] if any(variable.name in graph.trainable for graph in contract.graphs) else []
    return '  '.join(parts)


def _digest(asset: Asset) -> str:
    return f'sha256 {asset.sha256[:_SHORT]}' if asset.sha256 else 'MISSING'


def _table(title: str, rows: list[tuple[str, str]], indent: str = '') -> Iterator[str]:
    width = max((len(name) for name, _ in rows), default=0)
    yield title
    for name, value in rows:
        yield f'{indent}{_INDENT}{name:<{width}}  {value}'
