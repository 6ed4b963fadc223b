"""CPython's own standard library: whatever Python there is, nothing is said of it, and nothing changed."""

from __future__ import annotations

import random
import sysconfig
from pathlib import Path

import pytest

from rewriters import SourceError, rewrite

LIBRARY = Path(sysconfig.get_path('stdlib'))
FILES = sorted(path for path in LIBRARY.rglob('*.py') if 'site-packages' not in path.parts)
# With it, a file is taken for one that may have to be changed: without it, only its bytes would be looked at.
IMPORT = b'\nimport tensorflow as tf\ntf.zeros\n'


@pytest.mark.skipif(len(FILES) < 500, reason='this Python comes without the sources of its library')
def test_nothing_is_said_or_changed() -> None:
    refused = 0
    for path in random.Random(8).sample(FILES, 60):
        source = path.read_bytes()
        assert rewrite(source).source == source
        try:
            result = rewrite(source + IMPORT)
        except SourceError:  # its own tests hold sources that no Python reads
            refused += 1
            continue
        assert (result.source, result.findings, result.exports) == (source + IMPORT, (), ()), path
    assert refused < 5
