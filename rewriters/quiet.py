"""Which sources need no look, told by their text: of TensorFlow only compat.v1 and source modules, all where it was.

Much code that was moved to `import tensorflow.compat.v1 as tf` has nothing left to rename or to report. What is quiet
here is so for the full path too; the other way round it need not be. tests/rewriters/test_quiet.py compares the two.
"""

from __future__ import annotations

import functools
from collections import Counter

from rewriters import dimensions, graph_mode, mentions, site_hints, symbol_table, symbol_table_source
from rewriters.loads.report import mentions_load
from rewriters.names import by_string
from rewriters.names.imports import is_gone_from_source
from rewriters.names.uses import COMPAT_V1
from rewriters.symbols import canonical


def is_quiet(text: str) -> bool:
    """Whether `rename`, the readers and the rest are known to have nothing to say about a source that parses."""
    if site_hints.mentions_method(text) or graph_mode.mentions_graph(text) or mentions_load(text):
        return False
    if dimensions.mentions_size(text) or not mentions.is_plain(text) or any(by_string.named_in_strings(text)):
        return False
    names = mentions.imported_names(text)
    return names is not None and all(
        _is_used_quietly(name, meaning, times, text) for (name, meaning), times in names.items()
    )


def _is_used_quietly(name: str, meaning: str, imports: int, text: str) -> bool:
    """Whether all that is reached through the name is still there.

    Alone the name must stand in its imports only, or in sentences: it may be used for all that is in it.
    """
    if meaning != COMPAT_V1 and not _is_quiet_source(meaning):
        return False
    found = Counter(mentions.chains(name, text))
    found['', False] -= imports
    if found['', False]:
        found['', False] -= mentions.count_in_prose(name, text)
    if meaning == COMPAT_V1:
        return all(_is_quiet(*mention) for mention, times in found.items() if times)
    return all(_is_in_source(meaning, chain) for (chain, _), times in found.items() if times)


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
