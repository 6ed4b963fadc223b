"""Which sources need no look, told by their text: TensorFlow only as compat.v1, and every name of it where it was.

Much code that was moved to `import tensorflow.compat.v1 as tf` has nothing left to rename or to report. What is quiet
here is so for the full path too; the other way round it need not be. tests/rewriters/test_quiet.py compares the two.
"""

from __future__ import annotations

import functools
import re

from rewriters import graph_mode, site_hints, symbol_table
from rewriters.loads.report import mentions_load
from rewriters.names.uses import COMPAT_V1, TENSORFLOW
from rewriters.scopes import IMPORTERS
from rewriters.symbols import canonical

_IMPORT = re.compile(r'[ \t]*import tensorflow\.compat\.v1 as ([A-Za-z_]\w*)[ \t]*(?:#.*)?')
_NAMED = re.compile(rf'(?<!\w){TENSORFLOW}(?:_core|_estimator)?(?!\w)')  # what its wheels installed, no other packages
_CONTINUED = re.compile(r'\\\n.*tensorflow')


def is_quiet(text: str) -> bool:
    """Whether `rename`, the readers and the rest are known to have nothing to say about a source that parses."""
    if not text.isascii() or '\r' in text:  # identifiers may be spelled, and lines be counted, in more ways than here
        return False
    if site_hints.mentions_method(text) or graph_mode.mentions_graph(text) or mentions_load(text):
        return False
    if any(word in text for word in IMPORTERS):
        return False
    names = _names_of_compat_v1(text)
    return names is not None and all(_is_used_quietly(name, text) for name in names)


def _names_of_compat_v1(text: str) -> set[str] | None:
    """The names that the text imports compat.v1 under; None where it may import more of TensorFlow."""
    names: set[str] = set()
    for line in text.split('\n'):
        if TENSORFLOW not in line or line.lstrip().startswith('#') or not _NAMED.search(line):
            continue
        match = _IMPORT.fullmatch(line)
        if match:
            names.add(match[1])
        elif 'import' in line or 'from' in line:
            return None
    return None if '\\\n' in text and _CONTINUED.search(text) else names


def _is_used_quietly(name: str, text: str) -> bool:
    """Whether all that is reached through the name is still there; strings and comments count as code."""
    return all(_is_quiet(chain, what_follows == '(') for chain, what_follows in _uses(name).findall(text))


@functools.cache
def _uses(name: str) -> re.Pattern[str]:
    """Finds the name with its attributes, and whether they are called; not where `import … as` binds the name.

    What must not stand before the name is looked for behind it, so that the search runs from name to name.
    """
    before = rf'(?<!\w{name})(?<!compat\.v1 as {name})'
    return re.compile(rf'{name}{before}(?!\w)((?:\s*\.\s*\w+)*)\s*(\(?)')


@functools.lru_cache(maxsize=4096)
def _is_quiet(chain: str, is_called: bool) -> bool:
    """Whether `.nn.relu` of compat.v1 needs no word; what is not called may be used for all that is below it."""
    name = ''.join(chain.split())[1:]
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
