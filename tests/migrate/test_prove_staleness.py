"""A proof holds as long as the sources and both models are those that it was made of."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from migrate.codemod import process
from migrate.prove import prove, still_holds
from migrate.prove.digest import sources_digest
from migrate.report.model import ModelProof, Proof
from migrate.saved_model.fingerprint import fingerprint
from migrate.storage import dump, load
from migrate.verify.results import Side, Verdict, Verification
from migrate.writing import write_all


@pytest.fixture
def project(tmp_path: Path) -> Path:
    for name in ('old', 'new'):
        (tmp_path / name / 'variables').mkdir(parents=True)
        (tmp_path / name / 'saved_model.pb').write_bytes(b'a model')
        (tmp_path / name / 'variables' / 'variables.index').write_bytes(b'1')
    (tmp_path / 'export.py').write_text('export()')
    return tmp_path


def proof_of(project: Path) -> Proof:
    old, new = (Side(str(project / name), fingerprint=fingerprint(project / name)) for name in ('old', 'new'))
    verification = Verification(old, new, Verdict.IDENTICAL, '')
    models = (ModelProof('model', verification),)
    return Proof('p', Verdict.IDENTICAL, '', '', '', models, sources_digest(project))


def another_value(project: Path) -> None:
    (project / 'old' / 'variables' / 'variables.index').write_bytes(b'2')


def another_graph(project: Path) -> None:
    (project / 'new' / 'saved_model.pb').write_bytes(b'b model')


def an_asset(project: Path) -> None:
    (project / 'new' / 'assets').mkdir()
    (project / 'new' / 'assets' / 'words.txt').write_text('a')


def other_sources(project: Path) -> None:
    (project / 'export.py').write_text('export(1)')


@pytest.mark.parametrize('change', [another_value, another_graph, an_asset, other_sources])
def test_a_proof_of_something_else_is_stale(project: Path, change: Callable[[Path], None]) -> None:
    proof = load(Proof, dump(proof_of(project)))
    assert still_holds(proof, project)
    change(project)
    assert not still_holds(proof, project)


def test_what_is_gone_or_was_never_known_says_nothing(project: Path) -> None:
    proof = proof_of(project)
    (project / 'new' / 'notes.txt').write_text('no loader reads this')
    shutil.rmtree(project / 'old')
    assert still_holds(proof, project)
    verification = replace(proof.models[0].verification, new=Side(str(project / 'new')))
    another_graph(project)
    assert still_holds(replace(proof, models=(ModelProof('model', verification),)), project)


def test_it_holds_for_what_rewrite_makes_of_the_project(tmp_path: Path) -> None:
    project = tmp_path / 'project'
    project.mkdir()
    (project / 'export.py').write_text('import tensorflow as tf\ntf.Session()\n')
    (project / 'pyproject.toml').write_text(
        '[tool.savedmodel-migrate.prove]\nrun = ["python export.py"]\nmodels = ["m"]\nold-exports = "old"\n'
    )
    (project / 'old' / 'm').mkdir(parents=True)
    (project / 'old' / 'm' / 'saved_model.pb').write_bytes(b'')
    proof = prove(project, work_dir=tmp_path / 'work')  # an error, as no model comes out
    list(write_all(process([project])))
    assert b'tf.compat.v1.Session' in (project / 'export.py').read_bytes()
    assert still_holds(proof, project)
    (project / 'export.py').write_text('something_else()\n')
    assert not still_holds(proof, project)
