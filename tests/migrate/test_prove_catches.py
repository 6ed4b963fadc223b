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


def broken(sample: str, faults: dict[str, str], folder: Path) -> Path:
    """A copy of a sample project, rewritten, with some texts in it replaced by others."""
    project = folder / sample
    shutil.copytree(SAMPLES / sample, project)
    source = rewrite((project / 'export.py').read_bytes()).source.decode()
    for old, new in faults.items():
        assert source.count(old) == 1
        source = source.replace(old, new)
    (project / 'export.py').write_text(source)
    return project


def prove_against_committed(project: Path, folder: Path) -> Proof:
    return prove(project, old_python=None, work_dir=folder / 'work')


def test_another_constant_and_a_renamed_output(tmp_path: Path) -> None:
    faults = {'tf.Variable(2.0': 'tf.Variable(2.001', "'outputs': y": "'output': y"}
    proof = prove_against_committed(broken('half_plus_two', faults, tmp_path), tmp_path)
    assert proof.verdict is Verdict.INCOMPATIBLE
    signatures = {s.key: s for s in proof.models[0].verification.signatures}
    (output,) = signatures['serving_default'].outputs
    assert (signatures['serving_default'].verdict, output.name) == (Verdict.DIFFERENT, 'y')
    assert output.max_abs_difference == pytest.approx(0.001, rel=1e-2)
    assert signatures['regress_x_to_y'].verdict is Verdict.INCOMPATIBLE
    assert any('"outputs"' in difference.where for difference in signatures['regress_x_to_y'].contract)


def test_a_missing_label(tmp_path: Path) -> None:
    project = broken('flower_classifier', {"'versicolor', 'virginica']": "'versicolor', '']"}, tmp_path)
    proof = prove_against_committed(project, tmp_path)
    assert proof.verdict is Verdict.DIFFERENT
    signatures = {s.key: s for s in proof.models[0].verification.signatures}
    assert signatures['predict'].verdict in (Verdict.IDENTICAL, Verdict.EQUAL)
    outputs = {output.name: output for output in signatures['serving_default'].outputs}
    assert outputs['classes'].verdict is Verdict.DIFFERENT
    assert outputs['classes'].worst is not None
    assert 'virginica' in outputs['classes'].worst.old
