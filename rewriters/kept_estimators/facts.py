"""What one file has to do with Estimators, told by itself: plain data, from which `project` decides over all files."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from rewriters.findings import SourceError
from rewriters.kept_estimators.names import SUPPORT_MODULE, find_names, import_statements, makes_canned
from rewriters.site_hints import METHODS
from rewriters.source import decode, parse
from rewriters.symbols import Symbols, canonical, dotted_name

_ESTIMATOR = 'estimator.Estimator'


@dataclass(frozen=True)
class Import:
    """One imported name: `from ..a import b` is ('a', 'b', 2); `import a.b` is ('a.b', '', 0)."""

    module: str
    name: str
    level: int


@dataclass(frozen=True)
class Facts:
    """`takes_part` says whether the file uses `tf.estimator` or exports what may be an Estimator, `is_kept` whether it
    uses the support module instead. `canned` are what makes Estimators whose model_fn is inside of TensorFlow.
    `model_fns` are the imports, one for each Estimator, by which its model_fn comes from another file.
    """

    imports: tuple[Import, ...] = ()
    takes_part: bool = False
    is_kept: bool = False
    makes: bool = False
    canned: tuple[str, ...] = ()
    model_fns: tuple[Import, ...] = ()
    obstacle: tuple[str, int] | None = None


def may_take_part(source: bytes) -> bool:
    """Whether the words are there."""
    return b'stimator' in source or b'export_saved' in source


def read_facts(source: bytes) -> Facts:
    """The facts of one file; none where it can't be read."""
    try:
        tree = parse(decode(source).text)
    except (SourceError, RecursionError):
        return Facts()
    imported = list(_imports(tree))
    imports = tuple(given for given, _ in imported)
    if not may_take_part(source):
        return Facts(imports)
    symbols = Symbols.from_tree(tree)
    uses = find_names(tree, symbols)
    made = [call for call, qualified in symbols.calls() if canonical(qualified) == _ESTIMATOR]
    canned = sorted({name for name in map(canonical, (called for _, called in symbols.calls())) if makes_canned(name)})
    exports = any(isinstance(c.func, ast.Attribute) and c.func.attr in METHODS for c in symbols.walk.calls)
    bound = {name: given for given, name in imported}
    model_fns = [bound[root] for call in made for root in [_root(call)] if root in bound]
    is_kept = any(given.module == SUPPORT_MODULE for given in imports)
    takes_part = bool(uses.nodes or uses.statements or uses.obstacle or exports or is_kept)
    return Facts(imports, takes_part, is_kept, bool(made), tuple(canned), tuple(model_fns), uses.obstacle)


def _imports(tree: ast.Module) -> Iterator[tuple[Import, str]]:
    """Every import of the file, and the name that it binds."""
    for node in import_statements(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield Import(alias.name, '', 0), alias.asname or alias.name.partition('.')[0]
        else:
            for alias in node.names:
                yield Import(node.module or '', alias.name, node.level), alias.asname or alias.name


def _root(call: ast.Call) -> str:
    """`model` of `Estimator(model_fn=model.model_fn)` and of `Estimator(model.make_model_fn(…))`."""
    given = next((keyword.value for keyword in call.keywords if keyword.arg == 'model_fn'), None)
    node = given or (call.args[0] if call.args else None)
    while isinstance(node, ast.Call):
        node = node.func
    return (dotted_name(node) or '').partition('.')[0] if node is not None else ''
