"""What can't go into a tf.function without meaning something else there: it runs once a signature, and later."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import libcst as cst

from rewriters.module_view import ModuleView
from rewriters.modules.functions import Effect, Functions
from rewriters.modules.roles import GRAPH_ROLES, Roles
from rewriters.modules.sizes import check_sizes
from rewriters.modules.tensor_objects import check_objects
from rewriters.mutation import mutated
from rewriters.refusal import Refusal
from rewriters.region import Region
from rewriters.syntax import declared_names, find_all, free_names, names_used, one_line
from rewriters.versions import VERSIONS

_VERSIONS = VERSIONS | {'executing_eagerly'}
_NAMES = (cst.Attribute, cst.Name)
_RANDOM = ('random', 'dropout', 'truncated_normal', 'multinomial')


def check_meaning(
    view: ModuleView, region: Region, roles: Roles, functions: Functions, moved: Sequence[cst.CSTNode]
) -> None:
    """Refuses statements and expressions that would not do in the class what they did where they stood.

    Raises:
        Refusal: names what would change.
    """
    for node in moved:
        if functions.varies(node):
            raise Refusal('a value that is another one each time it is asked for goes into the graph', node)
        for _, function in functions.named_through(node):
            _check_state(view, function)
    check_answers(view, functions, moved)
    called = [function for node in moved for _, function in functions.named_through(node)]
    check_sizes([body for node in moved for body in functions.bodies(node)], called)
    steps = roles.steps(region, *GRAPH_ROLES)
    check_objects(view, functions, moved, frozenset().union(*(step.binds for step in steps)))


def check_answers(view: ModuleView, functions: Functions, moved: Sequence[cst.CSTNode]) -> None:
    """Refuses what asks TensorFlow for something that TensorFlow 2 answers in another way.

    Raises:
        Refusal: names the question.
    """
    versions = _version_names(view)
    for body in (body for node in moved for body in functions.bodies(node)):
        _check_versions(view, body, versions)
        _check_ops(body)


def _version_names(view: ModuleView) -> frozenset[str]:
    """The names of this module that are bound to what the version gives: `IS_OLD = tf.__version__ < '2'`."""
    found = find_all(view.module, cst.Assign)
    told = [node for node in found if any(view.symbol(n) in _VERSIONS for n in find_all(node, _NAMES))]
    return frozenset().union(*(names_used(node)[1] for node in told))


def _check_versions(view: ModuleView, body: cst.CSTNode, names: frozenset[str]) -> None:
    for node in find_all(body, _NAMES):
        is_bound = isinstance(node, cst.Name) and node.value in names
        if is_bound or view.symbol(node) in _VERSIONS:
            raise Refusal(f'`{one_line(node)}` is another one in TensorFlow 2', node)


def _check_ops(body: cst.CSTNode) -> None:
    """`w.op.type`: TensorFlow 2 builds the same with other ops, and a variable's is not the one that it was."""
    for node in find_all(body, cst.Attribute):
        attribute = cst.ensure_type(node, cst.Attribute)
        owner = attribute.value
        if isinstance(owner, cst.Attribute) and owner.attr.value == 'op' and attribute.attr.value != 'name':
            raise Refusal(f'`{one_line(attribute)}` may be another one in TensorFlow 2', attribute)


def draws_random_numbers(view: ModuleView, functions: Functions, moved: Iterable[cst.CSTNode]) -> bool:
    """Whether the graph itself is random: what it serves differs from call to call."""
    bodies = (body for node in moved for body in functions.bodies(node))
    called = (view.called(call) or '' for body in bodies for call in find_all(body, cst.Call))
    return any(word in name for name in called for word in _RANDOM)


def of_other_files(view: ModuleView, functions: Functions, moved: Iterable[cst.CSTNode]) -> tuple[str, ...]:
    """A word on the first call of what is not in this file, where it may make variables."""
    bodies = (body for node in moved for body in functions.bodies(node))
    calls = (cst.ensure_type(call, cst.Call) for body in bodies for call in find_all(body, cst.Call))
    for call in calls:
        if view.imported(call.func) is not None and functions.effect_of_call(call) is Effect.UNKNOWN:
            return (f'`{one_line(call.func)}` is not in this file. {_OF_OTHER_FILES}',)
    return ()


_OF_OTHER_FILES = (
    'Check that making the module works: it fails if the call makes a variable whose initial value is a tensor. Then '
    'leave `graph function` out of `forms` in the settings.'
)


def _check_state(view: ModuleView, function: cst.FunctionDef) -> None:
    """A function that changes what is around it would change it once a signature."""
    changed = (mutated(view, function.body) | declared_names(function)) & free_names(function)
    if changed or declared_names(function):
        name = min(changed or declared_names(function))
        raise Refusal(f'`{function.name.value}` changes `{name}` each time it builds graph', function)
