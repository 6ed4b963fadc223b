"""Which TensorFlow a project's files ask for, and which version its code is rewritten for."""

from __future__ import annotations

from pathlib import Path

import pytest

from migrate.codemod import process
from migrate.config import ConfigError, load_settings, parse_target_version
from migrate.target_version import Targets, of_project
from rewriters.options import NEWEST_TARGET, OLDEST_TARGET


@pytest.mark.parametrize(
    ('name', 'text', 'version'),
    [
        ('requirements.txt', 'numpy\ntensorflow==2.15.1  # the last with Estimators\n', (2, 15)),
        ('requirements.txt', 'tensorflow-gpu>=2.4,<2.13\n', (2, 12)),
        ('requirements.txt', 'tensorflow_cpu ~= 2.10.0 ; python_version < "3.12"\n', (2, 10)),
        ('requirements.txt', 'tensorflow[and-cuda]<=2.14 --hash=sha256:ab\n', (2, 14)),
        ('requirements.txt', 'tensorflow==2.11.0rc1\n', (2, 11)),
        ('requirements.txt', 'tensorflow!=2.21.*,>=2\n', NEWEST_TARGET),
        ('requirements-dev.txt', 'TensorFlow == 2.9.*\n', (2, 9)),
        ('requirements/base.txt', '-r more.txt\ntensorflow<2.16\n', (2, 15)),
        ('pyproject.toml', '[project]\nname = "a"\ndependencies = ["tensorflow<2.16"]\n', (2, 15)),
        ('pyproject.toml', '[project.optional-dependencies]\nx = ["tensorflow==2.12.1"]\n', (2, 12)),
        ('pyproject.toml', '[dependency-groups]\nx = ["tensorflow==2.12.1", {include-group = "y"}]\n', (2, 12)),
        ('pyproject.toml', '[tool.poetry.dependencies]\ntensorflow = "~2.12"\n', (2, 12)),
        ('pyproject.toml', '[tool.poetry.dependencies]\ntensorflow = "2.12.1"\n', (2, 12)),
        ('pyproject.toml', '[tool.poetry.dependencies]\ntensorflow = {version = "^2.10"}\n', NEWEST_TARGET),
        ('pyproject.toml', '[tool.poetry.group.dev.dependencies]\ntensorflow = [{version = "<2.14"}]\n', (2, 13)),
        ('setup.cfg', '[options]\ninstall_requires =\n  numpy\n  tensorflow<2.12\n', (2, 11)),
        ('setup.cfg', '[options.extras_require]\ntf = tensorflow==2.9.1\n', (2, 9)),
        ('setup.py', 'R = ["tensorflow>=2.1,<2.15"]\nsetup(install_requires=R)\n', (2, 14)),
        ('Pipfile', '[packages]\ntensorflow = "==2.13.*"\n', (2, 13)),
        ('environment.yml', 'dependencies:\n  - python=3.10\n  - tensorflow=2.10\n', (2, 10)),
        ('environment.yaml', 'dependencies:\n  - tensorflow-gpu=2.10.0=gpu_py310\n', (2, 10)),
        ('environment.yml', 'dependencies:\n- pip:\n  - "tensorflow>=2.4, <2.13"\n', (2, 12)),
        # older and newer than what there are rules for
        ('requirements.txt', 'tensorflow==2.3.0\n', OLDEST_TARGET),
        ('requirements.txt', 'tensorflow>=2.30\n', NEWEST_TARGET),
        # nothing that tells
        ('requirements.txt', 'tensorflow==1.15.5\n', None),
        ('requirements.txt', 'tensorflow-probability==0.20\ntensorflow-serving-api==2.11\n', None),
        ('requirements.txt', 'tensorflow===nonsense\n', None),
        ('setup.py', 'setup(name="tensorflow"', None),
        ('setup.py', 'setup(name="tensorflow")', None),
        ('pyproject.toml', '[project\n', None),
        ('environment.yml', '- tensorflow-estimator=2.10\n', None),
    ],
)
def test_requirements(tmp_path: Path, name: str, text: str, version: tuple[int, int] | None) -> None:
    (tmp_path / '.git').mkdir()
    (tmp_path / name).parent.mkdir(exist_ok=True)
    (tmp_path / name).write_text(text)
    (tmp_path / 'src' / 'deep').mkdir(parents=True)
    assert of_project(tmp_path / 'src' / 'deep') == version


def test_several_requirements_hold_together(tmp_path: Path) -> None:
    (tmp_path / 'requirements.txt').write_text('tensorflow<2.16\n')
    (tmp_path / 'requirements-tf1.txt').write_text('tensorflow==1.15\n')
    (tmp_path / 'setup.py').write_text('setup(install_requires=["tensorflow>=2.4,!=2.15.*"])')
    assert of_project(tmp_path) == (2, 14)


def test_nothing_outside_of_the_repository_counts(tmp_path: Path) -> None:
    (tmp_path / 'requirements.txt').write_text('tensorflow==2.10.0\n')
    (tmp_path / 'project' / '.git').mkdir(parents=True)
    assert of_project(tmp_path / 'project') is None


def test_what_is_given_goes_before_what_is_set(tmp_path: Path) -> None:
    (tmp_path / 'pyproject.toml').write_text('[tool.savedmodel-migrate]\ntarget-version = "2.12"\n')
    assert Targets().of_folder(tmp_path) == (2, 12)
    assert Targets((2, 15)).of_folder(tmp_path) == (2, 15)
    assert Targets('auto').of_folder(tmp_path) == NEWEST_TARGET


def test_auto_in_the_settings(tmp_path: Path) -> None:
    text = '[project]\ndependencies = ["tensorflow<2.16"]\n[tool.savedmodel-migrate]\ntarget-version = "auto"\n'
    (tmp_path / 'pyproject.toml').write_text(text)
    assert Targets().of_folder(tmp_path) == (2, 15)


@pytest.mark.parametrize('text', ['1.15', '2.3', '2.99', '2', 'two', ''])
def test_versions_that_there_are_no_rules_for(tmp_path: Path, text: str) -> None:
    with pytest.raises(ValueError, match=r'2\.8 to 2\.21'):
        parse_target_version(text)
    (tmp_path / 'pyproject.toml').write_text(f'[tool.savedmodel-migrate]\ntarget-version = "{text or 0}"\n')
    with pytest.raises(ConfigError, match='target-version'):
        load_settings(tmp_path)


def test_files_are_rewritten_for_the_version_of_their_project(tmp_path: Path) -> None:
    source = 'import tensorflow as tf\ntf.placeholder\ntf.estimator.Estimator(f)\n'
    for folder, version in (('old', '2.15'), ('new', '2.21')):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / 'pyproject.toml').write_text(f'[tool.savedmodel-migrate]\ntarget-version = "{version}"\n')
        (tmp_path / folder / 'a.py').write_text(source)
    new, old = sorted(process([tmp_path]), key=lambda outcome: outcome.report.path)
    assert not old.report.findings
    assert b'tf.compat.v1.estimator.Estimator' in old.after
    assert [finding.code for finding in new.report.findings] == ['EST102']
    assert b'estimator_module.Estimator' in new.after
    (overruled,) = process([tmp_path / 'new'], target=(2, 15))
    assert not overruled.report.findings
