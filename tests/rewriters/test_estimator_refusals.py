"""Every file in estimator_refusals/: the export is left alone, with the reason that the first line says."""

from __future__ import annotations

import functools
from pathlib import Path

import pytest

from rewriters import Confidence, rewrite
from rewriters.names import apply_edits, rename
from rewriters.rewrite import Rewrite
from rewriters.source import parse
from rewriters.symbols import Symbols

REFUSALS = Path(__file__).parent / 'estimator_refusals'
NAMES = sorted(path.stem for path in REFUSALS.glob('*.py'))


@functools.cache
def rewrite_of(name: str) -> Rewrite:
    return rewrite((REFUSALS / f'{name}.py').read_bytes())


def renamed_only(source: str) -> str:
    """What the file becomes if nothing but names is rewritten."""
    edits, _ = rename(source, Symbols.from_tree(parse(source)))
    return apply_edits(source, edits)


def test_there_are_many() -> None:
    assert len(NAMES) > 70


@pytest.mark.parametrize('name', NAMES)
def test_the_reason_is_given(name: str) -> None:
    source = (REFUSALS / f'{name}.py').read_text(encoding='utf-8')
    compile(source, name, 'exec', dont_inherit=True)
    expected = source.splitlines()[0].removeprefix('# expect: ')
    findings = [finding for finding in rewrite_of(name).findings if finding.code.startswith('EST')]
    assert {(finding.code, finding.confidence) for finding in findings} == {('EST901', Confidence.MANUAL)}
    assert all(expected in finding.message and finding.advice for finding in findings), findings


@pytest.mark.parametrize('name', NAMES)
def test_nothing_but_names_is_rewritten(name: str) -> None:
    result = rewrite_of(name)
    assert result.source.decode() == renamed_only((REFUSALS / f'{name}.py').read_text(encoding='utf-8'))
    assert result.exports
    assert not any(export.writer for export in result.exports)
