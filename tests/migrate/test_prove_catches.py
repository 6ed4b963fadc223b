"""Rewritten projects that were broken on purpose: `prove` must name the signature, the output and the difference."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from migrate.prove import prove
from migrate.report.model import Proof
from migrate.verify import Verdict
from rewriters import rewrite

pytest.importorskip('tensorflow', reason='the new side of a proof needs TensorFlow 2')

SAMPLES = Path(__file__).parents[2] / 'sample_projects'


def broken(sample: str, old: str, new: str, folder: Path) -> Path:
    """A copy of a sample project, rewritten, with one text in it replaced by another."""
    project = folder / sample
    shutil.copytree(SAMPLES / sample, project)
    source = rewrite((project / 'export.py').read_bytes()).source.decode()
    assert source.count(old) == 1
    (project / 'export.py').write_text(source.replace(old, new))
    return project


def prove_against_committed(project: Path, folder: Path) -> Proof:
    return prove(project, old_python=None, work_dir=folder / 'work')


def test_another_constant(tmp_path: Path) -> None:
    project = broken('half_plus_two', 'tf.Variable(2.0', 'tf.Variable(2.001', tmp_path)
    proof = prove_against_committed(project, tmp_path)
    assert proof.verdict is Verdict.DIFFERENT
    signature = next(s for s in proof.models[0].verification.signatures if s.key == 'serving_default')
    (output,) = signature.outputs
    assert (signature.verdict, output.name) == (Verdict.DIFFERENT, 'y')
    assert output.max_abs_difference == pytest.approx(0.001, rel=1e-2)


def test_a_renamed_output(tmp_path: Path) -> None:
    project = broken('half_plus_two', "'outputs': y", "'output': y", tmp_path)
    proof = prove_against_committed(project, tmp_path)
    assert proof.verdict is Verdict.INCOMPATIBLE
    signature = next(s for s in proof.models[0].verification.signatures if s.key == 'regress_x_to_y')
    assert signature.verdict is Verdict.INCOMPATIBLE
    assert any('"outputs"' in difference.where for difference in signature.contract)


def test_a_missing_label(tmp_path: Path) -> None:
    project = broken('flower_classifier', "'versicolor', 'virginica']", "'versicolor', '']", tmp_path)
    proof = prove_against_committed(project, tmp_path)
    assert proof.verdict is Verdict.DIFFERENT
    signatures = {s.key: s for s in proof.models[0].verification.signatures}
    assert signatures['predict'].verdict in (Verdict.IDENTICAL, Verdict.EQUAL)
    outputs = {output.name: output for output in signatures['serving_default'].outputs}
    assert outputs['classes'].verdict is Verdict.DIFFERENT
    assert outputs['classes'].worst is not None
    assert 'virginica' in outputs['classes'].worst.old


def test_a_session_that_trains_is_kept_and_proven(tmp_path: Path) -> None:
    """Form C: what the session learned is what the new model serves; the support module is placed beside the script."""
    project = tmp_path / 'house_prices'
    shutil.copytree(SAMPLES / 'house_prices', project)
    proof = prove_against_committed(project, tmp_path)
    assert proof.verdict in (Verdict.IDENTICAL, Verdict.EQUAL), f'{proof.message}\n{proof.log}'
    assert not (project / 'session_module.py').exists()
