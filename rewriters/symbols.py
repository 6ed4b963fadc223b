"""Which symbol a name means: follows imports, re-assignments and shadowing through the scopes of one module."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

_MAX_HOPS = 20
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
_EXPRESSION_SCOPES = (ast.Lambda, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
_END = (1 << 30, 0)

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
}


def canonical(qualified: str) -> str:
    """The one name under which readers and writers know a TensorFlow symbol: TF1's public name without `tensorflow.`.

    `tensorflow.compat.v1.saved_model.builder.SavedModelBuilder`, `tensorflow.saved_model.Builder` and
    `tensorflow.python.saved_model.builder.SavedModelBuilder` are all `saved_model.Builder`.
    """
    parts = qualified.split('.')[1:]
    for prefix in (['_api', 'v1'], ['_api', 'v2'], ['compat', 'v1'], ['compat', 'v2'], ['python']):
        if parts[: len(prefix)] == prefix:
            parts = parts[len(prefix) :]
    if parts[:1] == ['saved_model'] and len(parts) > 2 and parts[1] in _SAVED_MODEL_PARTS:
        del parts[1]
    name = '.'.join(parts)
    return _ALIASES.get(name, name)


@dataclass
class _Scope:
    """One scope: where it starts and ends, and what its names are bound to."""

    start: tuple[int, int]
    end: tuple[int, int]
    parent: _Scope | None
    is_class: bool = False
    bindings: dict[str, list[_Binding]] = field(default_factory=dict)
    children: list[_Scope] = field(default_factory=list)

    def bind(self, name: str, binding: _Binding) -> None:
        self.bindings.setdefault(name, []).append(binding)

    def innermost(self, position: tuple[int, int]) -> _Scope:
        for child in self.children:
            if child.start <= position < child.end:
                return child.innermost(position)
        return self


@dataclass(frozen=True)
class _Binding:
    """What a name was bound to: an imported qualified name, or an expression to follow, or neither."""

    imported: str | None = None
    expression: str | None = None


class Symbols:
    """Resolves dotted names of one module to qualified symbols."""

    def __init__(self, root: _Scope) -> None:
        self._root = root

    @classmethod
    def from_tree(cls, tree: ast.Module) -> Symbols:
        """Reads the bindings of every scope of `tree`."""
        root = _Scope((0, 0), _END, None)
        for statement in tree.body:
            _collect(statement, root, root)
        return cls(root)

    def resolve(self, dotted: str, line: int, column: int) -> str | None:
        """The TensorFlow symbol that `dotted` means at a place (line from 1, column from 0), as `tensorflow.a.b`.

        None where the name is not TensorFlow's, or is bound more than once to different things.
        """
        qualified = self.qualified(dotted, line, column)
        return qualified if qualified is not None and qualified.split('.')[0] == 'tensorflow' else None

    def qualified(self, dotted: str, line: int, column: int) -> str | None:
        """As `resolve`, for any imported module."""
        scope = self._root.innermost((line, column))
        return self._follow(dotted, scope, _MAX_HOPS)

    def is_global(self, name: str, line: int, column: int) -> bool:
        """Whether `name`, read at a place, is the one of the module's top level."""
        return _owner(name, self._root.innermost((line, column))) is self._root

    def module_names(self, qualified: str) -> tuple[str, ...]:
        """The names that the module binds to `qualified` at its top level and never to anything else."""
        return tuple(
            name for name in self._root.bindings if self._follow(name, self._root, _MAX_HOPS) == qualified
        )

    def _follow(self, dotted: str, scope: _Scope, hops: int) -> str | None:
        head, _, rest = dotted.partition('.')
        owner = _owner(head, scope)
        if owner is None or not hops:
            return None
        target = self._bound_to(head, owner, hops - 1)
        if target is None:
            return None
        return f'{target}.{rest}' if rest else target

    def _bound_to(self, name: str, owner: _Scope, hops: int) -> str | None:
        """What all bindings of `name` agree on. `tf = tf.compat.v1` re-binds what the others mean."""
        bindings = owner.bindings[name]
        narrowing = [b for b in bindings if b.expression and b.expression.startswith(f'{name}.')]
        targets = {self._target(b, owner, hops) for b in bindings if b not in narrowing}
        target = targets.pop() if len(targets) == 1 else _compatible(targets)
        for binding in narrowing:
            if target is not None and binding.expression is not None:
                target += binding.expression[len(name) :]
        return target

    def _target(self, binding: _Binding, owner: _Scope, hops: int) -> str | None:
        if binding.expression is None:
            return binding.imported
        return self._follow(binding.expression, owner, hops)


def _compatible(targets: set[str | None]) -> str | None:
    """`try: import tensorflow.compat.v1 as tf / except: import tensorflow as tf` means the v1 names either way."""
    if targets == {'tensorflow', 'tensorflow.compat.v1'}:
        return 'tensorflow.compat.v1'
    return None


def _owner(name: str, scope: _Scope) -> _Scope | None:
    """The scope whose binding of `name` is seen from `scope`; class scopes are seen only from themselves."""
    current: _Scope | None = scope
    while current is not None:
        if name in current.bindings and (current is scope or not current.is_class):
            return current
        current = current.parent
    return None


def _collect(node: ast.AST, scope: _Scope, root: _Scope) -> None:
    """Enters the bindings that `node` makes into `scope`, and opens the scopes below it."""
    if isinstance(node, _FUNCTIONS):
        _collect_function(node, scope, root)
    elif isinstance(node, ast.ClassDef):
        scope.bind(node.name, _Binding())
        for child in [*node.decorator_list, *node.bases, *node.keywords]:
            _collect(child, scope, root)
        _collect_all(node.body, _open(scope, node.body[0], node, is_class=True), root)
    elif isinstance(node, _EXPRESSION_SCOPES):
        inner = _open(scope, node, node)
        if isinstance(node, ast.Lambda):
            _bind_arguments(node.args, inner)
        _collect_all(list(ast.iter_child_nodes(node)), inner, root)
    elif isinstance(node, ast.Assign) and len(node.targets) == 1 and isinstance(node.targets[0], ast.Name):
        # `except ImportError: tf = None` takes nothing away from what `tf` means where it is used.
        if not (isinstance(node.value, ast.Constant) and node.value.value is None):
            scope.bind(node.targets[0].id, _Binding(expression=dotted_name(node.value)))
        _collect(node.value, scope, root)
    else:
        for name, binding in _bound_by(node):
            scope.bind(name, binding)
        _collect_all(list(ast.iter_child_nodes(node)), scope, root)


def _collect_all(nodes: Sequence[ast.AST], scope: _Scope, root: _Scope) -> None:
    for node in nodes:
        _collect(node, scope, root)


def _collect_function(node: ast.FunctionDef | ast.AsyncFunctionDef, scope: _Scope, root: _Scope) -> None:
    scope.bind(node.name, _Binding())
    outside: list[ast.AST] = [*node.decorator_list, *node.args.defaults, *filter(None, node.args.kw_defaults)]
    _collect_all(outside, scope, root)
    inner = _open(scope, node.body[0], node)
    _bind_arguments(node.args, inner)
    _collect_all(node.body, inner, root)
    for statement in ast.walk(node):
        if isinstance(statement, ast.Global | ast.Nonlocal):
            for name in statement.names:
                assigned = inner.bindings.pop(name, None)
                if assigned and isinstance(statement, ast.Global):
                    root.bind(name, _Binding())


def _open(scope: _Scope, first: ast.AST, whole: ast.AST, is_class: bool = False) -> _Scope:
    start = (getattr(first, 'lineno', 0), getattr(first, 'col_offset', 0))
    end = (getattr(whole, 'end_lineno', 0), getattr(whole, 'end_col_offset', 0))
    child = _Scope(start, end, scope, is_class)
    scope.children.append(child)
    return child


def _bind_arguments(arguments: ast.arguments, scope: _Scope) -> None:
    for argument in ast.walk(arguments):
        if isinstance(argument, ast.arg):
            scope.bind(argument.arg, _Binding())


def _bound_by(node: ast.AST) -> Iterator[tuple[str, _Binding]]:
    """The names that this node itself binds."""
    if isinstance(node, ast.Import):
        for alias in node.names:
            name = alias.asname or alias.name.split('.')[0]
            yield name, _Binding(imported=alias.name if alias.asname else name)
    elif isinstance(node, ast.ImportFrom):
        for alias in node.names:
            imported = f'{node.module}.{alias.name}' if node.module and not node.level else None
            yield alias.asname or alias.name, _Binding(imported=imported)
    elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store | ast.Del):
        yield node.id, _Binding()
    elif isinstance(node, ast.ExceptHandler | ast.MatchAs | ast.MatchStar) and node.name:
        yield node.name, _Binding()


def dotted_name(node: ast.AST) -> str | None:
    """`a.b.c` for a chain of attributes on a name, else None."""
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    if not isinstance(node, ast.Name):
        return None
    return '.'.join([node.id, *reversed(parts)])
