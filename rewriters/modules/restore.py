"""`saver.restore(sess, checkpoint)` as reading the checkpoint into the variables of a module, by name.

https://www.tensorflow.org/api_docs/python/tf/train/load_checkpoint
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import libcst as cst

from rewriters.modules.roles import Role, Roles
from rewriters.modules.serving import unique
from rewriters.modules.slices import Slice, Slicer
from rewriters.refusal import Refusal
from rewriters.region import Region, Step
from rewriters.syntax import arguments, assigned_value, code, find_all, name_nodes, statement, string_value


@dataclass(frozen=True)
class Checkpoint:
    """The checkpoint that a session restores. `plain` are the steps that its path is made with."""

    path: cst.BaseExpression
    step: Step
    plain: frozenset[int]

    @property
    def text(self) -> str:
        return code(self.path)


def find_checkpoint(region: Region, roles: Roles, slicer: Slicer) -> Checkpoint | None:
    """The checkpoint of the region's only restore, if there is one.

    Raises:
        Refusal: several restores, or a path that is made from tensors.
    """
    steps = roles.steps(region, Role.RESTORE)
    if len(steps) > 1:
        raise Refusal('the session restores more than one checkpoint', steps[1].node)
    if not steps:
        return None
    call = assigned_value(steps[0].node)
    values = arguments(call, ['sess', 'save_path']) if isinstance(call, cst.Call) else None
    if not values or 'save_path' not in values:
        raise Refusal('restore is called in a way that is not understood', steps[0].node)
    if any(index > steps[0].index for index in roles.resets):
        raise Refusal('the variables are initialised again after the restore', steps[0].node)
    needs = Slice()
    slicer.visit_plain(values['save_path'], steps[0].index, needs)
    return Checkpoint(values['save_path'], steps[0], frozenset(needs.plain))


def check_saver(region: Region, roles: Roles, created: Iterable[int]) -> None:
    """A Saver restores the variables that are there when it is made.

    Raises:
        Refusal: a variable is made (at one of the steps in `created`) after the Saver.
    """
    savers = [step.index for step in roles.steps(region, Role.SAVER)]
    late = [index for index in created if savers and index > min(savers)]
    if late:
        raise Refusal('a variable is made after the Saver, which does not restore it', region.steps[min(late)].node)


def check_variable_names(
    region: Region, variables: Sequence[Step], checkpoint: Checkpoint | None, wraps_calls: bool
) -> None:
    """A checkpoint is read by the variables' names, so these must be the ones that the TF1 graph gave them.

    TensorFlow 1 numbers a name that something before has, in whatever case: `w`, then `w_1` for `W`.

    Raises:
        Refusal: a name is not certain.
    """
    if checkpoint is None:
        return
    if variables and wraps_calls:
        raise Refusal('variables made here and in a called function are restored together', variables[0].node)
    for step in variables:
        given = _given_names(step.node)
        earlier = {name.lower() for other in region.steps[: step.index] for name in _given_names(other.node)}
        if len(given) != 1 or given[0].lower() in earlier:
            raise Refusal('a restored variable has no name of its own in the source', step.node)


def _given_names(node: cst.CSTNode) -> list[str]:
    """The strings that calls in `node` are given as `name`."""
    arguments_ = [argument for argument in find_all(node, cst.Arg) if isinstance(argument, cst.Arg)]
    named = [a.value for a in arguments_ if a.keyword is not None and a.keyword.value == 'name']
    return [name for name in map(string_value, named) if name is not None]


def restore_statements(tf: str, checkpoint: Checkpoint, taken: Iterable[str]) -> list[cst.BaseStatement]:
    """Statements of `__init__` that fill the variables of `self` from the checkpoint."""
    used = {*taken, *(name.value for name in name_nodes(checkpoint.path))}
    values, variable = unique('values', used), unique('variable', used)
    return [
        statement(f'{values} = {tf}.train.load_checkpoint({checkpoint.text})\n'),
        statement(
            f'for {variable} in self.variables:\n'
            f"    {variable}.assign({values}.get_tensor({variable}.name.split(':')[0]))\n"
        ),
    ]
