"""What a report is made of: also a second time, when most of it is remembered."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from migrate import codemod
from migrate.cli import commands

EXPORT = """\
import tensorflow as tf
with tf.Graph().as_default(), tf.Session() as sess:
    x = tf.placeholder(tf.float32, [None], name='x')
    tf.saved_model.simple_save(sess, 'export', {'x': x}, {'y': x * 2.})
"""


@pytest.fixture
def looked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the files that were looked into."""
    names: list[str] = []
    rewrite_file = codemod._rewrite_file

    def watched(job: codemod.Job) -> codemod.Outcome:
        names.append(job[0].name)
        return rewrite_file(job)

    monkeypatch.setattr(codemod, '_rewrite_file', watched)
    return names


def report(*arguments: str) -> dict[str, Any]:
    result = CliRunner().invoke(commands, ['report', '-j', '1', '-o', '-', '--format', 'json', *arguments])
    assert result.exit_code == 0, result.output
    content: dict[str, Any] = json.loads(result.stdout)
    del content['created']
    return content


def test_only_what_changed_is_looked_into_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, looked: list[str]
) -> None:
    monkeypatch.setenv('XDG_CACHE_HOME', str(tmp_path / 'cache'))
    project = tmp_path / 'project'
    project.mkdir()
    (project / 'export.py').write_text(EXPORT)
    for number in range(20):
        (project / f'plain_{number}.py').write_text(f'import tensorflow\nprint({number})\n')
    monkeypatch.chdir(project)
    first = report()
    assert len(looked) == 21
    assert first['summary']['export_sites']['tf.function'] == 1
    looked.clear()
    assert report() == first
    assert looked == []
    (project / 'export.py').write_text(EXPORT.replace("'export'", "'other'"))
    assert report()['projects'][0]['files'][0]['exports'][0]['directory'] == "'other'"
    assert looked == ['export.py']
    looked.clear()
    report('--no-cache')
    assert len(looked) == 21
