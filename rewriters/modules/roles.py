"""What each step of a region is there for: it builds the graph, feeds or restores a session, exports, or is plain."""

from __future__ import annotations

import enum
from dataclasses import dataclass

import libcst as cst

from rewriters.exports.common import definition
from rewriters.module_view import ModuleView
from rewriters.modules.functions import Functions
from rewriters.plan import ExportPlan
from rewriters.region import Region, Step
from rewriters.syntax import arguments, assigned_name, assigned_value, dotted_name, find_all, only_small_statement

TABLES = frozenset(
    {
        'contrib.lookup.index_to_string_table_from_tensor',
        'contrib.lookup.index_table_from_tensor',
        'contrib.lookup.HashTable',
        'lookup.StaticHashTable',
    }
)
_INITIALIZERS = frozenset(
    {'global_variables_initializer', 'local_variables_initializer', 'tables_initializer', 'variables_initializer'}
)
_RESETTING = frozenset({'global_variables_initializer', 'variables_initializer'})
# Saver arguments that change nothing about what is restored.
_SAVER_OPTIONS = ('max_to_keep', 'keep_checkpoint_every_n_hours', 'name', 'sharded')


class Role(enum.Enum):
    """The part that a step plays in an export."""

    SITE = 'site'
    PLACEHOLDER = 'placeholder'
    VARIABLE = 'variable'
    TABLE = 'table'
    ASSET = 'asset'
    GRAPH = 'graph'
    SESSION = 'session'
    """Opens, closes, initialises or names a session, a graph or an init op."""
    SAVER = 'saver'
    RESTORE = 'restore'
    RUN = 'run'
    PLAIN = 'plain'


RESOURCES = frozenset({Role.VARIABLE, Role.TABLE, Role.ASSET})
GRAPH_ROLES = RESOURCES | {Role.PLACEHOLDER, Role.GRAPH}


@dataclass(frozen=True)
class Roles:
    """The role of every step (by index), the names of sessions, and the steps that give variables initial values."""

    of: tuple[Role, ...]
    sessions: frozenset[str]
    resets: frozenset[int]

    def steps(self, region: Region, *wanted: Role) -> list[Step]:
        return [step for step in region.steps if self.of[step.index] in wanted]


def assign_roles(view: ModuleView, region: Region, plan: ExportPlan, functions: Functions) -> Roles:
    """Decides the role of every step of the region, in order."""
    assigner = _Assigner(view, region, plan, functions)
    for step in region.steps:
        assigner.roles.append(assigner.role(step))
    assigner.mark_assets()
    return Roles(tuple(assigner.roles), frozenset(assigner.sessions), frozenset(assigner.resets))


class _Assigner:
    def __init__(self, view: ModuleView, region: Region, plan: ExportPlan, functions: Functions) -> None:
        self._view = view
        self._region = region
        self._site = frozenset(plan.statements)
        self._has_assets = plan.has_assets
        self._functions = functions
        self.roles: list[Role] = []
        self.sessions = set(region.sessions)
        self.resets: set[int] = set()
        self._assets: list[Step] = []

    def role(self, step: Step) -> Role:
        if step.node in self._site:
            return Role.SITE
        if isinstance(step.node, cst.FunctionDef | cst.ClassDef):
            return Role.PLAIN
        value = assigned_value(step.node)
        name = assigned_name(step.node)
        if isinstance(value, cst.Call):
            role = self._role_of_call(step, value, name)
            if role is not None:
                return role
        if self._runs_session(step.node):
            return Role.RUN
        return Role.GRAPH if self._builds_graph(step) else Role.PLAIN

    def mark_assets(self) -> None:
        """A tensor in the asset collection is an asset, and not a tensor of the graph."""
        for step in self._assets:
            self.roles[step.index] = Role.ASSET

    def _role_of_call(self, step: Step, call: cst.Call, name: str | None) -> Role | None:
        called = self._view.called(call)
        if called in ('Session', 'InteractiveSession') and name is not None:
            self.sessions.add(name)
            return Role.SESSION
        if called == 'reset_default_graph' or (called in _INITIALIZERS and name is not None):
            return Role.SESSION
        if called == 'group' and name is not None and self._initializers(call, step.index) is not None:
            return Role.SESSION
        if called == 'train.Saver' and name is not None and _restores_everything(call):
            return Role.SAVER
        if name is not None and called == 'placeholder':
            return Role.PLACEHOLDER
        if name is not None and called == 'Variable':
            return Role.VARIABLE
        if name is not None and called in TABLES:
            return Role.TABLE
        return self._role_of_effect(step, call, called)

    def _role_of_effect(self, step: Step, call: cst.Call, called: str | None) -> Role | None:
        """The role of a call that is made for its effect."""
        if not isinstance(only_small_statement(step.node), cst.Expr):
            return None
        if called == 'add_to_collection':
            return self._collects_asset(step, call)
        owner, _, method = (dotted_name(call.func) or '').rpartition('.')
        if owner in self.sessions and (method == 'close' or (method == 'run' and self._only_initialises(call, step))):
            return Role.SESSION
        if method == 'run' and self._is_initializer_run(call, step):
            return Role.SESSION
        reached = self._region.reaching(owner, step.index)
        if method == 'restore' and reached is not None and self.roles[reached.index] is Role.SAVER:
            return Role.RESTORE
        return None

    def _collects_asset(self, step: Step, call: cst.Call) -> Role | None:
        values = arguments(call, ['name', 'value'])
        if not self._has_assets or not values or len(values) != 2:
            return None
        is_asset = self._view.symbol(values['name']) == 'GraphKeys.ASSET_FILEPATHS'
        path = values['value']
        asset = self._region.reaching(path.value, step.index) if is_asset and isinstance(path, cst.Name) else None
        if asset is None or self._view.called(assigned_value(asset.node)) != 'constant':
            return None
        self._assets.append(asset)
        return Role.SESSION

    def _only_initialises(self, call: cst.Call, step: Step) -> bool:
        """`sess.run(init)`."""
        return len(call.args) == 1 and self._is_initialization(call.args[0].value, step)

    def _is_initializer_run(self, call: cst.Call, step: Step) -> bool:
        """`tf.global_variables_initializer().run()` and `init.run()`."""
        return isinstance(call.func, cst.Attribute) and self._is_initialization(call.func.value, step)

    def _is_initialization(self, node: cst.BaseExpression, step: Step) -> bool:
        ops = self._initializers(node, step.index)
        if ops and ops & _RESETTING:
            self.resets.add(step.index)
        return ops is not None

    def _initializers(self, node: cst.BaseExpression, at: int) -> frozenset[str] | None:
        """The kinds of initialisers that running `node` runs; None if it runs anything else."""
        value, at, _ = definition(self._region, node, at)
        if isinstance(value, cst.List | cst.Tuple):
            return _union([self._initializers(element.value, at) for element in value.elements])
        called = self._view.called(value)
        if called == 'group' and isinstance(value, cst.Call):
            return _union([self._initializers(a.value, at) for a in value.args if a.keyword is None])
        return frozenset({called}) if called in _INITIALIZERS else None

    def _runs_session(self, node: cst.CSTNode) -> bool:
        calls = [call for call in find_all(node, cst.Call) if isinstance(call, cst.Call)]
        return any(is_session_run(call, self.sessions) for call in calls)

    def _builds_graph(self, step: Step) -> bool:
        if self._functions.builds_graph(step.node):
            return True
        reached = (self._region.reaching(name, step.index) for name in step.reads)
        return any(source is not None and self.roles[source.index] in GRAPH_ROLES for source in reached)


def _union(parts: list[frozenset[str] | None]) -> frozenset[str] | None:
    known = [part for part in parts if part is not None]
    return frozenset().union(*known) if len(known) == len(parts) else None


def _restores_everything(call: cst.Call) -> bool:
    return all(argument.keyword is not None and argument.keyword.value in _SAVER_OPTIONS for argument in call.args)


def is_session_run(call: cst.Call, sessions: frozenset[str] | set[str]) -> bool:
    """Whether the call is `sess.run(…)` of one of the sessions."""
    owner, _, method = (dotted_name(call.func) or '').rpartition('.')
    return method == 'run' and owner in sessions
