"""Which symbol a name means: follows imports and re-assignments through the scopes of one module."""

from __future__ import annotations

import ast
import functools
from collections.abc import Iterator

from rewriters.bindings import Binding, Scope
from rewriters.scopes import Chain, Walk, dotted_name
from rewriters.source import parse

__all__ = ['Symbols', 'canonical', 'dotted_name', 'read_symbols']

_MAX_HOPS = 20
_TENSORFLOW = 'tensorflow'

# Modules that TF1's public `tf.saved_model` was split into; TF2 has their members in `saved_model` itself.
_SAVED_MODEL_PARTS = frozenset(
    'builder builder_impl constants loader loader_impl main_op main_op_impl signature_constants signature_def_utils '
    'signature_def_utils_impl simple_save tag_constants utils utils_impl'.split()
)
# Other spellings of the symbols that readers and writers look for, as one name each.
_ALIASES = {
    'saved_model.SavedModelBuilder': 'saved_model.Builder',
    'saved_model.simple_save.simple_save': 'saved_model.simple_save',
    'io.parse_example': 'parse_example',
    'io.parse_single_example': 'parse_single_example',
    'io.FixedLenFeature': 'FixedLenFeature',
    'io.VarLenFeature': 'VarLenFeature',
    'lookup.tables_initializer': 'tables_initializer',
    'initializers.tables_initializer': 'tables_initializer',
    'initializers.global_variables': 'global_variables_initializer',
    'initializers.local_variables': 'local_variables_initializer',
    'initialize_all_variables': 'global_variables_initializer',
    'initialize_all_tables': 'tables_initializer',
    'estimator.export.export_savedmodel': 'estimator.export.export_saved_model',
    'client.session.InteractiveSession': 'InteractiveSession',
    'client.session.Session': 'Session',
    'framework.importer.import_graph_def': 'import_graph_def',
    'ops.array_ops.placeholder': 'placeholder',
    'training.saver.import_meta_graph': 'train.import_meta_graph',
}


@functools.lru_cache(maxsize=4096)
def canonical(qualified: str) -> str:
    """The one name under which readers and writers know a TensorFlow symbol: TF1's public name without `tensorflow.`.

    `tensorflow.compat.v1.saved_model.builder.SavedModelBuilder`, `tensorflow.saved_model.Builder` and
    `tensorflow.python.saved_model.builder.SavedModelBuilder` are all `saved_model.Builder`.
    """
    parts = qualified.split('.')[1:]
    # `tf.compat.v1` is there in `tensorflow.compat.v1` as well.
    for prefix in (['_api', 'v1'], ['_api', 'v2'], ['compat', 'v1'], ['compat', 'v2'], ['compat', 'v1'], ['python']):
        if parts[: len(prefix)] == prefix:
            parts = parts[len(prefix) :]
    if parts[:1] == ['saved_model'] and len(parts) > 2 and parts[1] in _SAVED_MODEL_PARTS:
        del parts[1]
    name = '.'.join(parts)
    return _ALIASES.get(name, name)


# What a file was, what it becomes, and what it was on the way.
@functools.lru_cache(maxsize=3)
def read_symbols(text: str, lines: tuple[int, ...] | None = None) -> Symbols:
    """The symbols of a source: several steps of a rewrite ask for those of the same one.

    `lines`, if given, are those on which something may be said of what imports bind to TensorFlow, as `Walk` takes
    them. Where it gets other names, too, they count for nothing.

    Raises:
        SourceError: as `parse` does.
    """
    walk = Walk(parse(text), lines)
    symbols = Symbols(walk)
    if lines is None or len(symbols.heads) == len(symbols.imported):
        return symbols
    walk.walk_rest()
    return Symbols(walk)


class Symbols:
    """Resolves dotted names of one module to qualified symbols. `walk` is what there is in the module."""

    def __init__(self, walk: Walk) -> None:
        self.walk = walk
        self._root = walk.root
        self._meanings: dict[tuple[str, Scope], str | None] = {}
        """What names alone mean in scopes: few different ones are asked for, and often."""

    @classmethod
    def from_tree(cls, tree: ast.Module) -> Symbols:
        """Reads the bindings of every scope of `tree`."""
        return cls(Walk(tree))

    @functools.cached_property
    def imports(self) -> tuple[ast.Import | ast.ImportFrom, ...]:
        """The statements that import TensorFlow, or something of it."""
        return tuple(statement for statement in self.walk.imports if _imports_tensorflow(statement))

    @functools.cached_property
    def imported(self) -> dict[str, str]:
        """The names that these statements bind, whatever else binds them too, and what they mean."""
        loaded = {name: module for name, module in self.walk.loaded if _is_tensorflow(module)}
        return loaded | dict(binding for statement in self.imports for binding in _bindings(statement))

    @functools.cached_property
    def heads(self) -> tuple[str, ...]:
        """The names that may stand for TensorFlow or a part of it; no dotted name that begins otherwise does."""
        heads = dict.fromkeys(self.imported)
        size = -1
        while size != len(heads):
            size = len(heads)
            heads.update(dict.fromkeys(name for name, word in self.walk.assigned if word in heads))
        return tuple(heads)

    @functools.cached_property
    def calls(self) -> tuple[tuple[ast.Call, str], ...]:
        """Every call of something of TensorFlow, and what it calls."""
        return tuple(
            (call, qualified)
            for node, scope, call, _ in self.named()
            if call is not None
            for qualified in [self.resolve_in(dotted_name(node) or '', scope)]
            if qualified is not None
        )

    def named(self) -> Iterator[Chain]:
        """Every dotted name in the module that may mean something of TensorFlow."""
        for head in self.heads:
            yield from self.walk.chains.get(head, ())

    def resolve(self, dotted: str, line: int, column: int) -> str | None:
        """The TensorFlow symbol that `dotted` means at a place (line from 1, column from 0), as `tensorflow.a.b`.

        None where the name is not TensorFlow's, or is bound more than once to different things.
        """
        return self.resolve_in(dotted, self.scope_at(line, column))

    def resolve_in(self, dotted: str, scope: Scope) -> str | None:
        """As `resolve`, for a scope that is known."""
        qualified = self._meaning(dotted, scope)
        return qualified if qualified is not None and _is_tensorflow(qualified) else None

    def qualified(self, dotted: str, line: int, column: int) -> str | None:
        """As `resolve`, for any imported module."""
        return self.qualified_in(dotted, self.scope_at(line, column))

    def qualified_in(self, dotted: str, scope: Scope) -> str | None:
        """As `qualified`, for a scope that is known."""
        return self._meaning(dotted, scope)

    def is_global_in(self, name: str, scope: Scope) -> bool:
        """Whether `name`, read in a scope, is the one of the module's top level."""
        return scope.owner(name) is self._root

    def scope_at(self, line: int, column: int) -> Scope:
        """The innermost scope at a place."""
        return self._root.innermost((line, column))

    def only_scope(self, start: tuple[int, int], end: tuple[int, int]) -> Scope | None:
        """The scope of all that stands between two places, if it is the same everywhere."""
        scope = self._root.innermost(start)
        is_alone = not any(start <= child.start < end for child in scope.children)
        return scope if is_alone and end <= scope.end else None

    def before_narrowing(self, name: str) -> tuple[int, str | None]:
        """The line in which the top level re-binds `name` like `tf = tf.compat.v1`, and what it means up to there."""
        bindings = self._root.bindings.get(name, ())
        lines = [b.line for b in bindings if b.expression and b.expression.startswith(f'{name}.')]
        return (min(lines), self._first_meaning(name, self._root, _MAX_HOPS)) if lines else (0, None)

    def module_names(self, qualified: str) -> tuple[str, ...]:
        """The names that the module binds to `qualified` at its top level and never to anything else."""
        return tuple(
            name for name in self._root.bindings if self._follow(name, self._root, _MAX_HOPS) == qualified
        )

    def _meaning(self, dotted: str, scope: Scope) -> str | None:
        head, _, rest = dotted.partition('.')
        key = head, scope
        if key not in self._meanings:
            self._meanings[key] = self._follow(head, scope, _MAX_HOPS)
        meaning = self._meanings[key]
        return f'{meaning}.{rest}' if rest and meaning is not None else meaning

    def _follow(self, dotted: str, scope: Scope, hops: int) -> str | None:
        head, _, rest = dotted.partition('.')
        owner = scope.owner(head)
        if owner is None or not hops:
            return None
        target = self._bound_to(head, owner, hops - 1)
        if target is None:
            return None
        return f'{target}.{rest}' if rest else target

    def _bound_to(self, name: str, owner: Scope, hops: int) -> str | None:
        """What all bindings of `name` agree on. `tf = tf.compat.v1` re-binds what the others mean."""
        target = self._first_meaning(name, owner, hops)
        for binding in owner.bindings[name]:
            if target is not None and binding.expression is not None and binding.expression.startswith(f'{name}.'):
                target += binding.expression[len(name) :]
        return target

    def _first_meaning(self, name: str, owner: Scope, hops: int) -> str | None:
        """What all bindings of `name` agree on that don't re-bind it."""
        first = [b for b in owner.bindings[name] if not (b.expression and b.expression.startswith(f'{name}.'))]
        targets = {self._target(b, owner, hops) for b in first}
        return targets.pop() if len(targets) == 1 else _compatible(targets)

    def _target(self, binding: Binding, owner: Scope, hops: int) -> str | None:
        if binding.expression is None:
            return binding.imported
        return self._follow(binding.expression, owner, hops)


def _compatible(targets: set[str | None]) -> str | None:
    """`try: import tensorflow.compat.v1 as tf / except: import tensorflow as tf` means the v1 names either way."""
    if targets == {'tensorflow', 'tensorflow.compat.v1'}:
        return 'tensorflow.compat.v1'
    return None


def _imports_tensorflow(statement: ast.Import | ast.ImportFrom) -> bool:
    if isinstance(statement, ast.ImportFrom):
        return not statement.level and _is_tensorflow(statement.module or '')
    return any(_is_tensorflow(alias.name) for alias in statement.names)


def _is_tensorflow(module: str) -> bool:
    return module == _TENSORFLOW or module.startswith(_TENSORFLOW + '.')


def _bindings(statement: ast.Import | ast.ImportFrom) -> Iterator[tuple[str, str]]:
    for alias in statement.names:
        if isinstance(statement, ast.ImportFrom):
            yield alias.asname or alias.name, f'{statement.module}.{alias.name}'
        elif _is_tensorflow(alias.name):
            yield alias.asname or _TENSORFLOW, alias.name if alias.asname else _TENSORFLOW
