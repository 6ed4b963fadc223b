"""What of a model is to be converted: each meta graph that has signatures, as a model of its own."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from migrate.convert.isolation import isolate
from migrate.convert.needs import op_types
from migrate.convert.obstacles import refuse_what_cannot_run
from migrate.convert.training import notes_on_training
from migrate.saved_model.compatibility import show_tags
from migrate.saved_model.contract import GraphContract, SignatureContract, asset_names, read_contract
from migrate.saved_model.reading import ModelError, read_saved_model
from migrate.saved_model.variables import COPY_IT


@dataclass(frozen=True)
class Part:
    """One meta graph of an old model, and where it goes in the new one."""

    model: Path
    """A model directory with this meta graph alone."""
    meta_graph: Any
    folder: str
    """In the new model; empty for the one that is the new model itself."""
    signatures: dict[str, SignatureContract]

    @property
    def tags(self) -> list[str]:
        return list(self.meta_graph.meta_info_def.tags)

    def request(self, directory: Path) -> dict[str, Any]:
        """What the worker needs to know to write the new model to `directory`."""
        model = self.model.resolve()
        return {
            'model': str(model),
            'tags': self.tags,
            'directory': str(directory.resolve()),
            'assets': {name: str(model / 'assets' / file) for name, file in asset_names(self.meta_graph).items()},
            'ops': op_types(self.meta_graph, self.signatures),
        }


def parts_of(old: Path, without: frozenset[str], directory: Path) -> tuple[list[Part], tuple[str, ...]]:
    """The parts of a model, and what is to be said of the rest. `directory` is for what has to be written.

    Signatures with the keys in `without` are left out. Raises Refusal if TensorFlow 2 can't run a part, ModelError if
    the model can't be read.
    """
    message = read_saved_model(old)
    keys = {key for meta_graph in message.meta_graphs for key in meta_graph.signature_def}
    contract = read_contract(old, message)
    graphs = [_without(graph, without) for graph in contract.graphs]
    numbers = [number for number, graph in enumerate(graphs) if graph.signatures] or [0]
    # The one that servers load comes first: it is the new model, and the others are folders in it.
    numbers.sort(key=lambda number: (graphs[number].tags != {'serve'}, number))
    parts: list[Part] = []
    on_training: list[str] = []
    for number in numbers:
        refuse_what_cannot_run(old, message.meta_graphs[number], graphs[number])
        if contract.lacks_values:
            raise ModelError(contract.variables_error, COPY_IT)
        model, meta_graph = isolate(old, message, number, graphs[number].signatures, without, directory)
        folder = _folder(meta_graph.meta_info_def.tags, {part.folder for part in parts}) if parts else ''
        parts.append(Part(model, meta_graph, folder, graphs[number].signatures))
        on_training += notes_on_training(meta_graph, graphs[number])
    left_out = [graph.tags for number, graph in enumerate(graphs) if number not in numbers]
    notes = [f"signature '{key}' is not in the new model (--without)" for key in sorted(without & keys)]
    notes += [f'tag set {show_tags(tags)} has no signature, and is not in the new model' for tags in left_out]
    notes += [f'tag set {show_tags(frozenset(part.tags))} is in its folder {part.folder} now' for part in parts[1:]]
    return parts, tuple(dict.fromkeys([*notes, *on_training]))


def _without(graph: GraphContract, keys: frozenset[str]) -> GraphContract:
    return replace(graph, signatures={key: each for key, each in graph.signatures.items() if key not in keys})


def _folder(tags: Iterable[str], taken: set[str]) -> str:
    """The name that the codemod gives it, too: the tags, joined."""
    name = re.sub(r'[^A-Za-z0-9_-]+', '_', '-'.join(tags)) or 'no-tags'
    return name if name not in taken else f'{name}-{len(taken)}'
