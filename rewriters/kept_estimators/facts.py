"""What one file has to do with Estimators, told by itself: plain data, from which `project` decides over all files."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from rewriters.findings import SourceError
from rewriters.kept_estimators.hints import may_be_kept
from rewriters.kept_estimators.imports import Import
from rewriters.kept_estimators.names import (
    PRIVATE,
    find_names,
    is_above_estimators,
    leads_to_estimators,
    makes_canned,
    makes_with_model_fn,
    stays_unasked,
    uses_support,
)
from rewriters.mentions import Mention, imported_names, is_plain, mentions, without_comments
from rewriters.news import find_news
from rewriters.source import decode
from rewriters.symbols import Symbols, canonical, dotted_name, read_symbols

_F_STRING = re.compile(
    r"""\b(?:f|fr|rf)(?:\"{3}|'{3}|"(?:\\[\s\S]|[^"\\\n])*\{|'(?:\\[\s\S]|[^'\\\n])*\{)""", re.IGNORECASE
)
# One of these stands before each quotation mark that begins one: told quicker than by the pattern.
_F_PREFIXES = tuple(prefix + quote for prefix in ('f', 'F', 'fr', 'fR', 'Fr', 'FR') for quote in '\'"')


class Facts(NamedTuple):
    """What a file does with Estimators. `is_kept` says whether it uses the support module instead of `tf.estimator`.

    `canned` are what makes Estimators whose model_fn is inside of TensorFlow.
    `model_fns` are the imports, one for each Estimator, by which its model_fn comes from another file;
    `has_unbound_model_fn` says of one that nothing in the file binds it.
    """

    is_kept: bool = False
    makes: bool = False
    canned: tuple[str, ...] = ()
    model_fns: tuple[Import, ...] = ()
    obstacle: tuple[str, int] | None = None
    has_unbound_model_fn: bool = False


def read_facts(source: bytes) -> Facts:
    """The facts of one file; none where it can't be read."""
    try:
        text = decode(source).text
        if _has_none(text):
            return Facts()
        symbols = read_symbols(text, lines=tuple(find_news(text) or ()) or None)
    except (SourceError, RecursionError):
        return Facts()
    bound = dict(_imports(symbols))
    calls = [(call, canonical(qualified)) for call, qualified in symbols.calls]
    made = [call for call, name in calls if makes_with_model_fn(name)]
    canned = sorted({name for _, name in calls if makes_canned(name)})
    roots = [_root(call) for call in made]
    model_fns = [bound[root] for root in roots if root in bound]
    is_unbound = '*' not in bound and any(
        root and symbols.walk.root.innermost((call.lineno, call.col_offset)).owner(root) is None
        for call, root in zip(made, roots, strict=True)
    )
    uses = find_names(symbols)
    return Facts(uses_support(symbols), bool(uses.made), tuple(canned), tuple(model_fns), uses.obstacle, is_unbound)


def _has_none(text: str) -> bool:
    """Whether a text, without being parsed, shows that it only names what stays: most files of a project do."""
    if may_be_kept(text.encode()) or not is_plain(text) or _may_have_f_string(text):
        return False
    text = without_comments(text)
    names = imported_names(text)
    return names is not None and all(
        _means_what_stays(meaning, mentions(name, text), len(lines)) for (name, meaning), lines in names.items()
    )


def _may_have_f_string(text: str) -> bool:
    return any(prefix in text for prefix in _F_PREFIXES) and _F_STRING.search(text) is not None


def _means_what_stays(meaning: str, found: Counter[Mention], imports: int) -> bool:
    """Whether nothing is reached through an imported name but what stays. Alone, it stands in its imports only."""
    if meaning.startswith(PRIVATE):
        return False
    if not is_above_estimators(canonical(meaning)):
        return not leads_to_estimators(canonical(meaning))
    symbols = (canonical(meaning + mention.chain) for mention in found if mention.chain)
    is_known = all(not is_above_estimators(symbol) and stays_unasked(symbol) for symbol in symbols)
    return is_known and sum(times for mention, times in found.items() if not mention.chain) == imports


def _imports(symbols: Symbols) -> Iterator[tuple[str, Import]]:
    """Every name that an import of the file binds."""
    for node in symbols.walk.imports:
        for alias in node.names:
            if isinstance(node, ast.Import):
                yield alias.asname or alias.name.partition('.')[0], Import(alias.name, '', 0)
            else:
                yield alias.asname or alias.name, Import(node.module or '', alias.name, node.level)


def _root(call: ast.Call) -> str:
    """`model` of `Estimator(model_fn=model.model_fn)`, `Estimator(model.make_model_fn(…))`, `…(partial(model.f))`."""
    given = next((keyword.value for keyword in call.keywords if keyword.arg == 'model_fn'), None)
    node = given or (call.args[0] if call.args else None)
    while isinstance(node, ast.Call):
        is_partial = (dotted_name(node.func) or '').rpartition('.')[2] == 'partial' and node.args
        node = node.args[0] if is_partial else node.func
    return (dotted_name(node) or '').partition('.')[0] if node is not None else ''
