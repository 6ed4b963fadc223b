"""Every file in estimator_refusals/: the export is left alone, with the reason that the first line says."""

from __future__ import annotations

import functools
from pathlib import Path

import pytest

from rewriters import Confidence, Rewrite, rewrite
from rewriters.names import apply_edits, rename
from rewriters.source import parse
from rewriters.symbols import Symbols

REFUSALS = Path(__file__).parent / 'estimator_refusals'
WITHOUT_MODEL_FN = {'canned'}
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
    code = 'EST902' if name in WITHOUT_MODEL_FN else 'EST901'
    assert {(finding.code, finding.confidence) for finding in findings} == {(code, Confidence.MANUAL)}
    assert all(expected in finding.message and finding.advice for finding in findings), findings


@pytest.mark.parametrize('name', NAMES)
def test_nothing_but_names_is_rewritten(name: str) -> None:
    result = rewrite_of(name)
    assert result.source.decode() == renamed_only((REFUSALS / f'{name}.py').read_text(encoding='utf-8'))
    assert result.exports
    assert not any(export.writer for export in result.exports)


@pytest.mark.parametrize(
    'line',
    [
        'TFNode.export_saved_model(sess, "export", tags, signatures)',
        'nodes.export_saved_model(sess, "export", tags, signatures)',
        'helpers.export_saved_model(est, serving_input_fn)',
        'tf.contrib.saved_model.export_saved_model(model, serving_only=True)',
        'export_saved_model(model, "export")',
    ],
)
def test_functions_of_that_name_are_no_estimators(line: str) -> None:
    imports = ['import tensorflow as tf', 'import helpers', 'from spark import TFNode', 'from . import nodes']
    source = '\n'.join([*imports, 'from other import *', line, ''])
    assert not [finding for finding in rewrite(source.encode()).findings if finding.code.startswith('EST')]


def test_a_method_of_the_file_is_no_estimators() -> None:
    source = (
        'import tensorflow as tf\n\n\nclass Pipeline:\n    def export_saved_model(self, model):\n        pass\n\n'
        '    def run(self):\n        self.export_saved_model(tf.keras.Model())\n'
    )
    assert not [finding for finding in rewrite(source.encode()).findings if finding.code.startswith('EST')]
