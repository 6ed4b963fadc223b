"""The sample projects after a rewrite: no TensorFlow 1 export is left, and a second rewrite has nothing to do."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from rewriters import rewrite

SAMPLES = sorted((Path(__file__).parents[1] / 'sample_projects').glob('*/*.py'))
GONE = {'SavedModelBuilder', 'Builder', 'simple_save', 'Session', 'placeholder', 'estimator', 'contrib'}


@pytest.mark.parametrize('sample', SAMPLES, ids=lambda path: path.parent.name)
def test_nothing_of_a_tensorflow_1_export_is_left(sample: Path) -> None:
    tree = ast.parse(rewrite(sample.read_bytes()).source)
    names = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    names |= {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    assert not names & GONE


@pytest.mark.parametrize('sample', SAMPLES, ids=lambda path: path.parent.name)
def test_a_second_rewrite_changes_nothing(sample: Path) -> None:
    once = rewrite(sample.read_bytes())
    assert once.source != sample.read_bytes()
    assert rewrite(once.source).source == once.source


@pytest.mark.parametrize('sample', SAMPLES, ids=lambda path: path.parent.name)
def test_comments_are_kept(sample: Path) -> None:
    comments = {line.partition('# ')[2] for line in sample.read_text().splitlines() if '# ' in line}
    rewritten = rewrite(sample.read_bytes()).source.decode()
    assert {comment for comment in comments if comment not in rewritten} == set()
