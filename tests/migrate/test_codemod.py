"""Rewriting files: the same outcome whatever the number of processes, and no file that stops the others."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from migrate import codemod, writing
from migrate.codemod import Selection, find_sources, process, rewrite_source
from migrate.config import ConfigError
from migrate.writing import write_all
from rewriters import Confidence

SAMPLE_PROJECTS = Path(__file__).parents[2] / 'sample_projects'
SAVE = (SAMPLE_PROJECTS / 'add_two_simple_save' / 'export.py').read_bytes()
MANUAL = b'import tensorflow as tf\nestimator = tf.estimator.DNNClassifier([8], columns)\n'
PYTHON_2 = b'import tensorflow as tf\nprint "x"\n'
DEADLY = """
import json
import os
import subprocess
import sys
from migrate import cli, codemod

rewrite = codemod.rewrite
codemod.rewrite = lambda source, options: os._exit(9) if b'print "x"' in source else rewrite(source, options)
if __name__ == '__main__':
    cli.main()
"""


@pytest.fixture
def many_files(tmp_path: Path) -> Path:
    """More files than are done without processes, two of which can't be read as Python 3."""
    for number in range(20):
        (tmp_path / f'export_{number}.py').write_bytes(SAVE if number > 16 else b'import tensorflow as tf\n')
    (tmp_path / 'export_7.py').write_bytes(PYTHON_2)
    (tmp_path / 'manual.py').write_bytes(MANUAL)
    (tmp_path / 'other.py').write_bytes(b'x = 1\n')
    (tmp_path / 'wrong.py').write_bytes(b'import tensorflow as tf\ndef f(:\n')
    return tmp_path


def test_processes_change_nothing_about_the_outcome(many_files: Path) -> None:
    alone, together = list(process([many_files], jobs=1)), list(process([many_files], jobs=2))
    assert alone == together
    assert len(alone) == 23
    assert sum(outcome.changed for outcome in alone) == 3


def test_a_bad_file_does_not_stop_the_others(many_files: Path) -> None:
    outcomes = list(write_all(process([many_files], jobs=2)))
    failed = {Path(outcome.report.path).name: outcome.report.error for outcome in outcomes if outcome.report.error}
    assert failed.keys() == {'export_7.py', 'wrong.py'}
    assert failed['export_7.py'].startswith('line 2: is Python 2 source')
    assert (many_files / 'export_7.py').read_bytes() == PYTHON_2
    assert (many_files / 'export_17.py').read_bytes() != SAVE


def test_a_process_that_dies_takes_no_other_file_with_it(many_files: Path) -> None:
    (many_files / 'deadly').write_text(DEADLY)
    command = [sys.executable, 'deadly', 'scan', '.', '--format', 'json', '-j', '2']
    environment = {**os.environ, 'PYTHONPATH': str(SAMPLE_PROJECTS.parent)}
    result = subprocess.run(command, cwd=many_files, env=environment, capture_output=True, text=True)
    content = json.loads(result.stdout)
    failed = {file['path']: file['error'] for file in content['files'] if file['error']}
    assert result.returncode == 3
    assert (content['summary']['files'], content['summary']['files_changed']) == (23, 3)
    assert failed.keys() == {'export_7.py', 'wrong.py'}
    assert failed['export_7.py'].startswith('the process that rewrote it died')


@pytest.mark.parametrize(
    ('fault', 'said'),
    [(KeyError('node'), "the rewriter failed (KeyError: 'node')"), (RecursionError(), 'an expression in it is nested')],
)
def test_a_fault_of_the_rewriter_is_reported(
    fault: Exception, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def faulty(source: bytes, options: object) -> object:
        raise fault

    monkeypatch.setattr(codemod, 'rewrite', faulty)
    monkeypatch.delenv('SAVEDMODEL_MIGRATE_DEBUG', raising=False)
    (tmp_path / 'a.py').write_bytes(SAVE)
    (outcome,) = write_all(process([tmp_path]))
    assert outcome.report.error.startswith(said)
    assert (tmp_path / 'a.py').read_bytes() == SAVE


def test_what_cannot_be_read_or_written_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(path: Path, data: bytes, check: object) -> None:
        raise OSError(28, 'No space left on device')

    def unreadable(path: Path) -> bytes:
        raise PermissionError(13, 'Permission denied')

    (tmp_path / 'a.py').write_bytes(SAVE)
    monkeypatch.setattr(writing, 'write_atomically', full)
    (outcome,) = write_all(process([tmp_path]))
    assert outcome.report.error == 'could not be written: No space left on device'
    monkeypatch.setattr(codemod, 'read_file', unreadable)
    (outcome,) = process([tmp_path])
    assert (outcome.report.error, outcome.changed) == ('Permission denied', False)


@pytest.mark.skipif(not hasattr(os, 'geteuid') or os.geteuid() == 0, reason='root reads everything')
def test_an_unreadable_folder_is_said(tmp_path: Path) -> None:
    (tmp_path / 'closed').mkdir(mode=0)
    (tmp_path / 'a.py').write_bytes(SAVE)
    _, failures = find_sources([tmp_path])
    assert [failure.error for failure in failures] == ['Permission denied']


@pytest.mark.parametrize(
    ('prefix', 'newline', 'encoding'),
    [('', '\r\n', 'utf-8'), ('\ufeff', '\n', 'utf-8'), ('# -*- coding: latin-1 -*-\n# \xe9\n', '\n', 'latin-1')],
)
def test_newlines_and_encoding_survive(tmp_path: Path, prefix: str, newline: str, encoding: str) -> None:
    file = tmp_path / 'a.py'
    file.write_bytes((prefix + SAVE.decode()).replace('\n', newline).encode(encoding))
    (outcome,) = write_all(process([file]))
    written = file.read_bytes()
    assert outcome.changed
    assert written == outcome.after
    assert written.decode(encoding).startswith(prefix.replace('\n', newline))
    assert written.count(b'\n') == written.count(newline.encode())
    assert outcome.report.after.count('\n') == outcome.report.after.count(newline)
    (again,) = write_all(process([file]))
    assert not again.changed


def test_a_comment_suppresses_a_finding() -> None:
    suppressed = MANUAL.replace(b'columns)', b'columns)  # savedmodel-migrate: ignore[NAM999, nam201]')
    other = MANUAL.replace(b'columns)', b'columns)  # savedmodel-migrate: ignore[NAM202]')
    (in_vain,) = rewrite_source(suppressed, Path('a.py')).report.findings
    assert (in_vain.code, 'NAM999' in in_vain.message, in_vain.place.line) == ('SUP101', True, 2)
    assert {f.code for f in rewrite_source(other, Path('a.py')).report.findings} == {'NAM201', 'SUP101'}


@pytest.mark.parametrize(
    ('source', 'expected'),
    [
        (b'x = 1  # savedmodel-migrate: ignore[NAM201]\n', ['SUP101']),
        (b'x = "# savedmodel-migrate: ignore[NAM201]"\n', []),
        (b'"""Write\n\n    # savedmodel-migrate: ignore[NAM201]\n"""\n', []),
        (b'# savedmodel-migrate: ignore\n# savedmodel-migrate: ignore[]\n', []),
        (MANUAL.replace(b'8], ', b'8],  # savedmodel-migrate: ignore[NAM201]\n'), []),
        (MANUAL.replace(b'[8], ', b'\n[8],  # savedmodel-migrate: ignore[NAM201]\n'), ['NAM201', 'SUP101']),
        (b'def f(:  # savedmodel-migrate: ignore[NAM201]\n', ['SUP101']),
    ],
)
def test_a_comment_in_vain_is_found(source: bytes, expected: list[str]) -> None:
    outcome = rewrite_source(source, Path('a.py'))
    assert [finding.code for finding in outcome.report.findings] == expected
    assert not outcome.changed


def test_selection() -> None:
    outcome = rewrite_source(MANUAL, Path('a.py'))
    assert [f.confidence for f in outcome.report.findings] == [Confidence.MANUAL]
    assert Selection().apply(outcome) == outcome
    assert Selection(select=('NAM',)).apply(outcome) == outcome
    for selection in (Selection(select=('EXP',)), Selection(ignore=('NAM2',)), Selection(('NAM',), ('NAM201',))):
        assert not selection.apply(outcome).report.findings


def test_each_folder_has_its_own_settings(tmp_path: Path) -> None:
    for name in ('one', 'two'):
        (tmp_path / name / 'vendored').mkdir(parents=True)
        (tmp_path / name / 'vendored' / 'a.py').touch()
    (tmp_path / 'one' / 'pyproject.toml').write_text('[tool.savedmodel-migrate]\nexclude = ["vendored"]\n')
    files, _ = find_sources([tmp_path / 'one', tmp_path / 'two', tmp_path / 'two'])
    assert files == [tmp_path / 'two' / 'vendored' / 'a.py']
    assert find_sources([tmp_path / 'one' / 'vendored' / 'a.py'])[0], 'a file that is given is meant'
    assert find_sources([tmp_path])[0] == files, 'a project excludes its files also from above'
    (tmp_path / 'one' / 'pyproject.toml').write_text('[tool.savedmodel-migrate]\nexlude = ["vendored"]\n')
    with pytest.raises(ConfigError, match='did you mean exclude'):
        list(process([tmp_path / 'one']))


def test_include_and_exclude_hold_for_all_that_is_below_wherever_the_walk_starts(tmp_path: Path) -> None:
    project, inner = tmp_path / 'all' / 'project', tmp_path / 'all' / 'project' / 'inner'
    names = ('all/bin/no', 'all/project/bin/yes', 'all/project/inner/bin/yes', 'all/project/inner/scripts/yes')
    left_out = ('all/project/old/no.py', 'all/project/inner/old/no.py', 'all/project/inner/bin/no.cfg')
    for name in (*names, *left_out):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    settings = '[tool.savedmodel-migrate]\nexclude = ["old", "*.cfg"]\ninclude = ["bin/*", "inner/bin/*"]\n'
    (project / 'pyproject.toml').write_text(settings)
    (inner / 'pyproject.toml').write_text('[tool.savedmodel-migrate]\ninclude = ["scripts/*"]\n')
    of_inner = [inner / 'bin' / 'yes', inner / 'scripts' / 'yes']
    every = sorted([project / 'bin' / 'yes', *of_inner])
    for start in (tmp_path, tmp_path / 'all', project):
        assert sorted(find_sources([start])[0]) == every
    assert sorted(find_sources([inner])[0]) == of_inner
    assert find_sources([project / 'bin'])[0] == [project / 'bin' / 'yes']
    assert find_sources([tmp_path / 'all' / 'bin'])[0] == []


def test_a_walk_through_a_link_knows_the_settings_where_the_files_are(tmp_path: Path) -> None:
    (tmp_path / 'real' / 'bin').mkdir(parents=True)
    (tmp_path / 'real' / 'bin' / 'export').touch()
    (tmp_path / 'real' / 'pyproject.toml').write_text('[tool.savedmodel-migrate]\ninclude = ["bin/*"]\n')
    (tmp_path / 'elsewhere').mkdir()
    link = tmp_path / 'elsewhere' / 'link'
    link.symlink_to(tmp_path / 'real' / 'bin')
    assert find_sources([link])[0] == [link / 'export']


def test_settings_that_cannot_be_read_are_said_of_an_empty_folder(tmp_path: Path) -> None:
    (tmp_path / 'pyproject.toml').write_text('[tool.savedmodel-migrate]\ninclude = "bin"\n')
    (tmp_path / 'empty').mkdir()
    with pytest.raises(ConfigError, match='must be a list'):
        find_sources([tmp_path / 'empty'])


def test_what_the_settings_exclude_can_be_left_out_where_it_is_given(tmp_path: Path) -> None:
    (tmp_path / 'bin').mkdir()
    (tmp_path / 'pyproject.toml').write_text('[tool.savedmodel-migrate]\nexclude = ["old*"]\ninclude = ["bin/*"]\n')
    files = [tmp_path / name for name in ('bin/export', 'bin/old', 'a.py', 'old.py')]
    for file in files:
        file.touch()
    assert sorted(find_sources([tmp_path])[0]) == [files[2], files[0]]
    assert find_sources(files)[0] == files
    assert find_sources(files, exclude_given=True)[0] == [files[0], files[2]]


@pytest.mark.parametrize('name', ['a.py', 'a.ipynb'])
def test_a_huge_file_is_not_looked_into_and_said(name: str, tmp_path: Path) -> None:
    file = tmp_path / name
    data = b'x = """' + b'0123456789' * 1_100_000 + b'"""\n'
    file.write_bytes(data)
    (quiet,) = process([file])
    assert not quiet.report.error, 'nothing of TensorFlow in it'
    source = json.dumps({'nbformat': 4, 'cells': [{'cell_type': 'code', 'source': (SAVE + data).decode()}]}).encode()
    file.write_bytes(SAVE + data if name == 'a.py' else source)
    (said,) = process([file])
    assert said.report.error.startswith('is larger than 10 MB: not looked into')


def test_binary_files_with_the_name_of_sources(tmp_path: Path) -> None:
    for name in ('a.py', 'b.ipynb'):
        (tmp_path / name).write_bytes(bytes(range(256)) * 10)
    assert not any(outcome.report.error for outcome in process([tmp_path]))
    for name in ('a.py', 'b.ipynb'):
        (tmp_path / name).write_bytes(b'tensorflow' + bytes(range(256)) * 10)
    assert [outcome.report.error[:20] for outcome in process([tmp_path])] == [
        'line 3: is not utf-8',
        "is not a notebook: '",
    ]


def test_what_a_compiler_minds_in_a_source_is_not_said(tmp_path: Path) -> None:
    (tmp_path / 'a.py').write_text("import tensorflow as tf\nx = '\\d'\ntf.placeholder(tf.float32)\n")
    program = 'from migrate.cli import main; main()'
    command = [sys.executable, '-W', 'default', '-c', program, 'rewrite', 'a.py']
    assert subprocess.run(command, cwd=tmp_path, capture_output=True, check=True).stderr == b''
