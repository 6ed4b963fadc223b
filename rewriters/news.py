"""Where a source needs a look, told by its text: of compat.v1 and TensorFlow's own source, most is where it was.

Much code that was moved to `import tensorflow.compat.v1 as tf` has little left to rename or to report. Where nothing is
to be said of a name, the full path has nothing to say either; the other way round it need not be.
tests/rewriters/test_news.py compares the two.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence

from rewriters import dimensions, graph_mode, mentions, site_hints, symbol_table, symbol_table_source
from rewriters.loads.report import mentions_load
from rewriters.mentions import ALONE
from rewriters.names import by_string
from rewriters.names.imports import is_gone_from_source
from rewriters.names.uses import COMPAT_V1, TENSORFLOW
from rewriters.same_run import mentions_same_run
from rewriters.symbols import canonical
from rewriters.variables import mentions_variable_use

_KERAS = re.compile(r'(?:from|import)[ \t]+keras\b')
_OUTWARDS = ('global', 'import', 'nonlocal')


def find_news(text: str) -> list[int] | None:
    """The lines in which something may be said of a name of TensorFlow; None where the text alone does not tell.

    Where there are none, `rename`, the readers and the rest have nothing to say about the source, if it parses. Where
    there are some, so are the lines in which a function reaches out of itself.
    """
    if site_hints.mentions_method(text) or mentions_load(text):
        return None
    if dimensions.mentions_size(text) or mentions_variable_use(text) or mentions_same_run(text):
        return None
    if not mentions.is_plain(text):
        return None
    if any(by_string.named_in_strings(text)):
        return None
    if 'keras' in text and _KERAS.search(text):
        return None
    names = mentions.imported_names(text)
    if names is None or any(meaning == TENSORFLOW for _, meaning in names):
        return None
    found = {start for (name, meaning), imports in names.items() for start in _news_of(name, meaning, imports, text)}
    graph = set(graph_mode.places_of_graph(text))
    if graph and any(meaning.rpartition('.')[2] in graph_mode.NAMES for _, meaning in names):
        return None  # it may be called by another name
    if not found and not graph:
        return []
    if site_hints.mentions_site(text):
        return None
    return mentions.lines_of(found.union(graph, mentions.places_of(_OUTWARDS, text)), text)


def _news_of(name: str, meaning: str, imports: Sequence[range], text: str) -> set[int]:
    """Where what is reached through an imported name may not all be there any more.

    Alone the name must stand in its imports only, or in prose: it may be used for all that is in it.
    """
    if meaning.startswith(COMPAT_V1 + '.') and _is_quiet(meaning.removeprefix(COMPAT_V1), False):
        return set()
    if meaning != COMPAT_V1 and not _is_quiet_source(meaning):
        return {start for start, _ in mentions.placed_mentions(name, text)}
    found = mentions.mentions(name, text)
    gone = {mention for mention in found if mention != ALONE and not _is_there(meaning, *mention)}
    if not gone and found[ALONE] == len(imports):
        return set()
    placed = mentions.placed_mentions(name, text)
    alone = {start for start, mention in placed if mention == ALONE and not any(start in line for line in imports)}
    news = alone - mentions.in_prose(alone, name, text) if alone else set()
    return news | {start for start, mention in placed if mention in gone}


def _is_there(meaning: str, chain: str, is_called: bool) -> bool:
    return _is_quiet(chain, is_called) if meaning == COMPAT_V1 else _is_in_source(meaning, chain)


@functools.lru_cache(maxsize=256)
def _is_quiet_source(name: str) -> bool:
    """Whether a name is that of a module of TensorFlow's own source that is still there, and holds no site."""
    is_left = symbol_table_source.is_module(name) and not is_gone_from_source(name)
    return is_left and not site_hints.may_lead_to_site(canonical(name))


def _is_in_source(module: str, chain: str) -> bool:
    """Whether a module of the source still has what `.Defun` means; alone, it may be used for all that is in it."""
    first = chain[1:].partition('.')[0]
    return bool(first) and not is_gone_from_source(f'{module}.{first}')


@functools.lru_cache(maxsize=4096)
def _is_quiet(chain: str, is_called: bool) -> bool:
    """Whether `.nn.relu` of compat.v1 needs no word; what is not called may be used for all that is below it."""
    name = chain[1:]
    if not name:
        return False
    symbol = symbol_table.find_longest(name)
    if (symbol is not None and _has_news(symbol.name, symbol.kind)) or (not is_called and name in _above_news()):
        return False
    return not site_hints.may_lead_to_site(canonical(f'{COMPAT_V1}.{name}'))


@functools.cache
def _above_news() -> frozenset[str]:
    """Every module and class below which some name is gone, or needs Keras."""
    above: set[str] = set()
    for name, kind in symbol_table.kinds():
        if _has_news(name, kind):
            parent = name.rpartition('.')[0]
            while parent not in above:
                above.add(parent)
                parent = parent.rpartition('.')[0]
    return frozenset(above)


def _has_news(name: str, kind: str) -> bool:
    return kind in ('gone', 'keras', 'keras2') or name.startswith('contrib.')
