"""Refuses, before any TensorFlow starts, models of which their files show that TensorFlow 2 can't run them."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from migrate.convert.needs import Need, needs
from migrate.convert.refusal import Refusal
from migrate.saved_model.contract import GraphContract, asset_names
from migrate.saved_model.variables import COPY_IT, RESTORE, VARIABLES

_SHARD = re.compile(r'variables\.data-(\d+)-of-(\d+)')

_LEAVE_OUT = 'A signature that nobody calls is left out by --without KEY.'
# By what an op's name begins with: what it is, and the way on.
_CANNOT_RUN = {
    ('PyFunc', 'EagerPyFunc'): (
        'which calls a Python function that only the program had that exported the model',
        'Write that function with TensorFlow ops, or call it in the clients or in a server in front, and export again.',
    ),
    ('BoostedTrees',): (
        'and BoostedTrees are gone from TensorFlow 2',
        'Train it anew, with TensorFlow Decision Forests for one, or keep serving it with TensorFlow 1.',
    ),
    ('TPU',): (
        'which needs a TPU',
        'Export it for CPUs or GPUs as well (`export_to_tpu=False`), and convert that.',
    ),
}


def refuse_what_cannot_run(model: Path, meta_graph: Any, contract: GraphContract) -> None:
    """Raises Refusal if something in the model's files keeps TensorFlow 2 from running its signatures."""
    if contract.is_tf2:
        raise Refusal(
            'it is a TensorFlow 2 model already',
            '`tf.saved_model.load` loads it as it is; its method names are set by `method-names`.',
        )
    if not contract.signatures:
        raise Refusal(
            'it has no signature, and so nothing that a TensorFlow 2 model could serve',
            'Its clients look up tensors by their names, which `tf.compat.v1.saved_model.load` still allows. Export it '
            'with signatures to convert it.',
        )
    needed = list(needs(meta_graph, contract.signatures))
    for need in needed:
        _refuse_op(need)
    restores = any(node.op in RESTORE for node in meta_graph.graph_def.node)
    _refuse_missing_values(model, [need for need in needed if restores and need.node.op in VARIABLES])
    _refuse_foreign_assets(model, meta_graph)


def _refuse_op(need: Need) -> None:
    for prefixes, (reason, advice) in _CANNOT_RUN.items():
        if need.node.op.startswith(prefixes):
            node = f"'{need.node.name}', a {need.node.op}"
            raise Refusal(f"signature '{need.signature}' needs {node}, {reason}", f'{advice} {_LEAVE_OUT}')


def _refuse_missing_values(model: Path, variables: Sequence[Need]) -> None:
    folder = model / 'variables'
    index = folder / 'variables.index'
    if not index.is_file():
        if variables:
            need = variables[0]
            what = f"signature '{need.signature}' needs the variable '{need.node.name}'"
            raise Refusal(f'{what}, and there is no {index}', COPY_IT)
        return
    found = {match[1]: match[2] for name in os.listdir(folder) if (match := _SHARD.fullmatch(name))}
    counts = {int(count) for count in found.values()} or {1}
    for count in sorted(counts):
        missing = [number for number in range(count) if f'{number:05}' not in found]
        if missing:
            name = f'variables.data-{missing[0]:05}-of-{count:05}'
            more = f' and {len(missing) - 1} more' if len(missing) > 1 else ''
            raise Refusal(f'{folder / name}{more} is missing, which holds values of variables', COPY_IT)


def _refuse_foreign_assets(model: Path, meta_graph: Any) -> None:
    folder = os.path.realpath(model / 'assets')
    for name in asset_names(meta_graph).values():
        if not os.path.realpath(os.path.join(folder, name)).startswith(folder + os.sep):
            raise Refusal(f"the asset '{name}' is no file of the model", 'Ask who made the model.')
