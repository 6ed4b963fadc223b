"""Refuses, before anything is done, what was asked for by mistake: a place in an old model, a key that none has."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from pathlib import Path

from migrate.convert.refusal import Refusal
from migrate.files import is_inside
from migrate.saved_model.contract import INTERNAL_SIGNATURES
from migrate.saved_model.reading import ModelError, read_saved_model


def refuse_inside(old: Path, new: Path, models: Sequence[Path]) -> None:
    """Raises Refusal if one of the models in `old` would be written into `old`, or into a model that it links to."""
    targets = [new, *(new / model.relative_to(old) for model in models)]
    inside = [(target, old) for target in targets if is_inside(target, old)]
    inside += [(new, model) for model in models if is_inside(new, model)]
    for target, place in inside:
        raise Refusal(f'{target} is in {place}, which is never written to', 'Name a folder beside it.')


def refuse_unknown_keys(old: Path, models: Sequence[Path], without: frozenset[str]) -> None:
    """Raises Refusal if there is a key in `without` that none of the models has that can be read."""
    found = [_keys(model) for model in models] if without else []
    readable = [keys for keys in found if keys is not None]
    keys: set[str] = set().union(*readable)
    for key in sorted(without - keys) if readable else ():
        near = difflib.get_close_matches(key, sorted(keys), n=1)
        advice = f'Did you mean {near[0]}? ' if near else ''
        whose = f'{old} has' if models == [old] else f'the models in {old} have'
        advice += f'There is {", ".join(sorted(keys)) or "none"}.'
        raise Refusal(f'{whose} no signature "{key}", which --without leaves out', advice)


def _keys(model: Path) -> set[str] | None:
    """The keys of its signatures; None if it can't be read, which is said when it is its turn."""
    try:
        message = read_saved_model(model)
    except ModelError:
        return None
    return {key for graph in message.meta_graphs for key in graph.signature_def}.difference(INTERNAL_SIGNATURES)
