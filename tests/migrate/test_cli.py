"""The command line: exit codes, what is written where, and one clear message for every bad input."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from migrate import __version__, codemod
from migrate.cli import commands
from migrate.output.exits import worst
from migrate.report import collect
from tests.migrate.command import run

ROOT = Path(__file__).parents[2]
SAMPLE_PROJECTS = ROOT / 'sample_projects'
SAVE = (SAMPLE_PROJECTS / 'add_two_simple_save' / 'export.py').read_bytes()
MANUAL = b'import tensorflow as tf\nestimator = tf.estimator.DNNClassifier([8], columns)\n'
SESSION = b"""\
import tensorflow as tf
class Model:
    def save(self):
        x, y = self.x, self.y
        tf.saved_model.simple_save(self.sess, 'export', {'x': x}, {'y': y})
"""
BAD_SOURCES = {
    'python2.py': (b'import tensorflow as tf\nprint "x"\n', 'line 2: is Python 2 source: `print "x"`'),
    'syntax.py': (b'import tensorflow as tf\ndef f(:\n', 'line 2: does not parse as Python 3'),
    'encoding.py': (b'import tensorflow as tf\nx = "\xff"\n', 'line 2: is not utf-8 text'),
}
BLOCK_TENSORFLOW = 'import sys; sys.modules["tensorflow"] = None; from migrate.cli import main; main()'


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder to work in, and no settings from outside."""
    monkeypatch.chdir(tmp_path)
    for variable in ('SAVEDMODEL_MIGRATE_OLD_PYTHON', 'SAVEDMODEL_MIGRATE_DEBUG', 'NO_COLOR'):
        monkeypatch.delenv(variable, raising=False)
    return tmp_path


def run_process(
    *arguments: str, code: str = 'from migrate.cli import main; main()'
) -> 'subprocess.CompletedProcess[str]':
    environment = {**os.environ, 'PYTHONPATH': str(ROOT)}
    return subprocess.run([sys.executable, '-c', code, *arguments], capture_output=True, text=True, env=environment)


def run_without_reader(*arguments: str) -> int:
    """The exit code where whoever read stdout and stderr went away before the first line."""
    command = [sys.executable, '-c', 'from migrate.cli import main; main()', *arguments]
    reader, writer = os.pipe()
    os.close(reader)
    try:
        environment = {**os.environ, 'PYTHONPATH': str(ROOT)}
        return subprocess.run(command, stdout=writer, stderr=writer, env=environment).returncode
    finally:
        os.close(writer)


def _heed_signals() -> None:
    signal.signal(signal.SIGINT, signal.SIG_DFL)


class TestTheWhole:
    def test_help_needs_neither_tensorflow_nor_libcst(self) -> None:
        code = (
            'import sys; from migrate import cli\ntry: cli.main()\nfinally: '
            'print(sorted({"tensorflow", "libcst", "jinja2", "numpy", "rich", "rewriters"} & sys.modules.keys()))'
        )
        result = run_process('--help', code=code)
        assert result.returncode == 0
        assert result.stdout.endswith('[]\n')

    def test_version(self) -> None:
        assert run('--version').output == f'savedmodel-migrate, version {__version__}\n'

    def test_no_command_shows_the_help(self) -> None:
        result = run()
        assert (result.exit_code, result.stdout) == (2, '')
        assert 'Usage: savedmodel-migrate' in result.stderr

    @pytest.mark.parametrize('command', sorted(commands.commands))
    def test_every_command_has_an_example(self, command: str) -> None:
        result = run(command, '--help')
        assert result.exit_code == 0
        assert f'    savedmodel-migrate {command}' in result.output

    @pytest.mark.parametrize(
        'arguments', [['nonsense'], ['scan', '--nonsense'], ['verify', 'a'], ['scan', 'nowhere'], ['scan', '-j', '0']]
    )
    def test_wrong_usage(self, arguments: list[str]) -> None:
        result = run(*arguments)
        assert (result.exit_code, result.stdout) == (2, '')
        assert result.stderr.startswith('error: ')

    @pytest.mark.parametrize(
        ('codes', 'expected'), [((), 0), ((0, 4), 4), ((4, 1), 1), ((1, 2), 2), ((2, 3), 3), ((0, 0), 0)]
    )
    def test_the_worst_exit_code_wins(self, codes: tuple[int, ...], expected: int) -> None:
        assert worst(*codes) == expected

    def test_wrong_settings(self, folder: Path) -> None:
        (folder / 'pyproject.toml').write_text('[tool.savedmodel-migrate]\nexlude = []\n')
        (folder / 'a.py').write_bytes(SAVE)
        result = run('rewrite')
        assert result.exit_code == 2
        assert 'did you mean exclude' in result.stderr
        assert (folder / 'a.py').read_bytes() == SAVE

    def test_a_fault_of_the_tool_is_one_message(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def faulty(*_: object, **__: object) -> None:
            raise KeyError('x')

        monkeypatch.setattr(collect, 'find_projects', faulty)
        result = run('report')
        assert result.exit_code == 3
        assert result.stderr.startswith("error: KeyError: 'x'\n")

    def test_a_report_with_no_place_is_refused_before_anything_is_read(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(collect, 'find_projects', None)
        Path('file').touch()
        result = run('report', '-o', 'file/new/report.html')
        assert (result.exit_code, result.stdout) == (2, '')
        assert "Invalid value for '-o' / '--output': there is no folder file\n" in result.stderr

    def test_an_interrupt(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def interrupted(*_: object, **__: object) -> None:
            raise KeyboardInterrupt

        monkeypatch.setattr(collect, 'find_projects', interrupted)
        result = run('report')
        assert (result.exit_code, result.stderr.strip()) == (130, 'Interrupted.')

    @pytest.mark.skipif(os.name != 'posix', reason='signals')
    @pytest.mark.parametrize(
        ('number', 'code', 'said'),
        [(signal.SIGINT, 130, b'Interrupted: nothing was written.'), (signal.SIGTERM, 143, b'')],
    )
    def test_a_signal_ends_it_with_all_its_processes(self, number: int, code: int, said: bytes, folder: Path) -> None:
        for name in range(20):
            (folder / f'{name}.py').write_bytes(SAVE)
        hanging = (
            'import os, time; from migrate import cli, codemod\n'
            'def rewrite(*_): open(f"running-{os.getpid()}", "w").close(); time.sleep(60)\n'
            'codemod.rewrite = rewrite; cli.main()'
        )
        command = [sys.executable, '-c', hanging, 'rewrite', '-j', '2']
        environment = {**os.environ, 'PYTHONPATH': str(ROOT)}
        # Whoever runs the tests in the background has SIGINT ignored, and so would this process.
        with subprocess.Popen(command, stderr=subprocess.PIPE, env=environment, preexec_fn=_heed_signals) as process:
            while len(running := list(folder.glob('running-*'))) < 2 and process.poll() is None:
                time.sleep(0.05)
            process.send_signal(number)
            assert process.communicate(timeout=30)[1].strip() == said
        assert process.returncode == code
        for path in running:
            with pytest.raises(ProcessLookupError):
                os.kill(int(path.name.removeprefix('running-')), 0)

    @pytest.mark.skipif(os.name != 'posix', reason='pipes of a shell')
    def test_a_reader_that_goes_away(self, folder: Path) -> None:
        # More than a pipe holds.
        (folder / 'a.py').write_bytes(MANUAL + MANUAL.splitlines(keepends=True)[1] * 400)
        shell = f'{sys.executable} -c "from migrate.cli import main; main()" scan | head -1'
        result = subprocess.run(
            shell, shell=True, capture_output=True, text=True, env={**os.environ, 'PYTHONPATH': str(ROOT)}
        )
        assert result.stdout.count('\n') == 1
        assert result.stderr == ''

    @pytest.mark.skipif(os.name != 'posix', reason='pipes without a reader')
    @pytest.mark.parametrize(('arguments', 'code'), [(['scan'], 3), (['rewrite', '--check', '--diff'], 3), ([], 2)])
    def test_without_a_reader_the_code_is_that_of_the_run(self, arguments: list[str], code: int, folder: Path) -> None:
        (folder / 'a.py').write_bytes(SAVE)
        (folder / 'syntax.py').write_bytes(BAD_SOURCES['syntax.py'][0])
        assert run_without_reader(*arguments) == code

    @pytest.mark.skipif(os.name != 'posix', reason='pipes without a reader')
    def test_without_a_reader_all_is_written(self, folder: Path) -> None:
        files = [folder / f'{name}.py' for name in range(20)]
        for file in files:
            file.write_bytes(SAVE)
        assert run_without_reader('rewrite') == 0
        assert not [file.name for file in files if file.read_bytes() == SAVE]

    @pytest.mark.skipif(not os.path.exists('/dev/full'), reason='needs a disk that is full')
    def test_where_nothing_can_be_shown_all_is_written(self, folder: Path) -> None:
        for name in range(5):
            (folder / f'{name}.py').write_bytes(SAVE)
        command = [sys.executable, '-c', 'from migrate.cli import main; main()', 'rewrite']
        with open('/dev/full', 'wb') as full:
            environment = {**os.environ, 'PYTHONPATH': str(ROOT)}
            result = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, env=environment)
        assert result.returncode != 0
        assert b'No space left' in result.stderr
        assert SAVE not in [file.read_bytes() for file in folder.glob('*.py')]


class TestScan:
    def test_what_is_there(self, folder: Path) -> None:
        (folder / 'a.py').write_bytes(SAVE)
        (folder / 'b.py').write_bytes(MANUAL)
        result = run('scan')
        assert result.exit_code == 1
        lines = result.stdout.splitlines()
        assert lines[0].startswith("a.py:22:9: export site: simple_save to 'simple-save'")
        assert lines[0].endswith('can be rewritten: tf.function')
        assert lines[1].startswith('b.py:2:13: NAM201 [manual] ')
        assert lines[2].startswith('    ')
        assert lines[-1] == (
            '2 files, 1 export site: 1 to rewrite (1 as tf.function), 0 left alone; 1 file would change; '
            'findings: 1 equivalent, 1 manual'
        )
        assert (folder / 'a.py').read_bytes() == SAVE

    def test_nothing_to_do(self, folder: Path) -> None:
        (folder / 'a.py').write_text('import tensorflow as tf\n')
        assert run('scan').exit_code == 0

    def test_no_python_file(self) -> None:
        result = run('scan')
        assert (result.exit_code, result.stdout) == (0, '')
        assert result.stderr == 'There is no Python file in .: nothing to do.\n'

    def test_verbose_shows_what_needs_no_attention(self, folder: Path) -> None:
        (folder / 'a.py').write_bytes(SAVE)
        assert 'EXP101' not in run('scan').stdout
        assert 'EXP101 [equivalent]' in run('scan', '-v').stdout

    def test_json(self, folder: Path) -> None:
        (folder / 'a.py').write_bytes(SAVE)
        (folder / 'b.py').write_bytes(BAD_SOURCES['python2.py'][0])
        result = run('scan', '--format', 'json')
        content = json.loads(result.stdout)
        assert result.exit_code == 3
        assert content['summary']['files_failed'] == 1
        assert [file['path'] for file in content['files']] == ['a.py', 'b.py']
        assert content['files'][0]['exports'][0]['writer'] == 'tf.function'
        assert content['files'][1]['error'].startswith('line 2: is Python 2 source')

    def test_selection(self, folder: Path) -> None:
        (folder / 'b.py').write_bytes(MANUAL)
        assert run('scan', '--select', 'nam').exit_code == 1
        assert run('scan', '--ignore', 'NAM201,NAM202').exit_code == 0
        assert run('scan', '--select', 'EXP', '--select', 'NAM102').exit_code == 0
        unknown = run('scan', '--select', 'NAM21')
        assert unknown.exit_code == 2
        assert 'Did you mean NAM201?' in unknown.stderr

    @pytest.mark.skipif(os.name != 'posix', reason='a name that other systems do not take')
    def test_a_folder_that_is_named_like_a_script_is_only_shown(self, folder: Path) -> None:
        place = folder / '<script>alert(1)<' / 'script>'
        place.mkdir(parents=True)
        (place / 'a.py').write_bytes(MANUAL)
        page = run('report', '-o', '-', '--format', 'html').stdout
        assert '&lt;script&gt;alert(1)&lt;/script&gt;' in page
        assert '<script>alert' not in page

    def test_settings_select_too(self, folder: Path) -> None:
        for name in ('a.py', 'legacy/b.py'):
            (folder / name).parent.mkdir(exist_ok=True)
            (folder / name).write_bytes(MANUAL)
        settings = folder / 'pyproject.toml'
        settings.write_text('[tool.savedmodel-migrate]\nper-file-ignores = {"legacy/**" = ["NAM"]}\n')
        result = run('scan')
        assert 'a.py:2:13: NAM201' in result.stdout
        assert 'legacy' not in result.stdout
        settings.write_text('[tool.savedmodel-migrate]\nignore = ["NAM2"]\n')
        assert run('scan').exit_code == 0
        settings.write_text('[tool.savedmodel-migrate]\nselect = ["EXP"]\n')
        assert run('scan').exit_code == 0
        assert run('scan', '--select', 'NAM').exit_code == 1
        assert run('report', '--format', 'json', '-o', '-').stdout.count('NAM201') == 0

    @pytest.mark.parametrize('name', BAD_SOURCES)
    def test_a_bad_file_does_not_stop_the_others(self, name: str, folder: Path) -> None:
        source, message = BAD_SOURCES[name]
        (folder / 'a.py').write_bytes(MANUAL)
        (folder / name).write_bytes(source)
        result = run('scan')
        assert result.exit_code == 3
        assert result.stderr.startswith(f'error: {name}: {message}')
        assert result.stderr.count('\n') == 1
        assert 'a.py:2:13: NAM201' in result.stdout

    def test_an_unreadable_file(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        def unreadable(path: Path) -> bytes:
            raise PermissionError(13, 'Permission denied', str(path))

        (folder / 'a.py').write_bytes(SAVE)
        monkeypatch.setattr(codemod, 'read_file', unreadable)
        result = run('scan')
        assert (result.exit_code, result.stderr) == (3, 'error: a.py: Permission denied\n')

    def test_names_that_would_deceive_are_spelt_out(self, folder: Path) -> None:
        (folder / 'a\x1b[2J\nb.py').write_bytes(MANUAL)
        assert 'a\\x1b[2J\\nb.py:2:13' in run('scan').stdout

    def test_verbose_says_why_an_export_takes_no_earlier_form(self, folder: Path) -> None:
        (folder / 'a.py').write_bytes(SESSION)
        over = 'not tf.function or graph function: the session `self.sess` is not opened in the same block'
        lines = run('scan', '-v').stdout.splitlines()
        assert lines[0].endswith(': can be rewritten: session')
        assert lines[1] == f'    a.py:5:36: {over}'
        assert 'not tf.function' not in run('scan').stdout
        (export,) = json.loads(run('scan', '--format', 'json').stdout)['files'][0]['exports']
        reasons = [(reason['form'], reason['place']['line']) for reason in export['passed_over']]
        assert reasons == [('tf.function', 5), ('graph function', 5)]

    @pytest.mark.parametrize('project', sorted(path.name for path in SAMPLE_PROJECTS.iterdir() if path.is_dir()))
    def test_claims_nothing_that_was_not_done(self, project: str) -> None:
        words = re.sub('can be rewritten|to rewrite', '', run('scan', '-v', str(SAMPLE_PROJECTS / project)).stdout)
        assert re.findall(r'\b(?:rewritten|rewrote|was changed|was renamed|now)\b', words) == []


class TestRewrite:
    def test_writes_once(self, folder: Path) -> None:
        (folder / 'a.py').write_bytes(SAVE)
        first = run('rewrite')
        written = (folder / 'a.py').read_bytes()
        assert (first.exit_code, first.stdout.splitlines()[0]) == (0, 'rewrote a.py')
        assert b'tf.saved_model.save(' in written
        second = run('rewrite')
        assert (second.exit_code, second.stdout.count('\n')) == (0, 1)
        assert (folder / 'a.py').read_bytes() == written
        assert run('rewrite', '--check').exit_code == 0

    def test_manual_findings_are_left(self, folder: Path) -> None:
        (folder / 'a.py').write_bytes(MANUAL)
        assert run('rewrite').exit_code == 1

    def test_check_changes_nothing(self, folder: Path) -> None:
        (folder / 'a.py').write_bytes(SAVE)
        result = run('rewrite', '--check')
        assert (result.exit_code, result.stdout.splitlines()[0]) == (1, 'would rewrite a.py')
        assert (folder / 'a.py').read_bytes() == SAVE

    @pytest.mark.parametrize('prefix', [b'', b'\xef\xbb\xbf', b'# -*- coding: latin-1 -*-\n# \xe9\n'])
    @pytest.mark.parametrize('newline', [b'\n', b'\r\n'])
    def test_diff_is_a_patch(self, prefix: bytes, newline: bytes, folder: Path) -> None:
        source = (prefix + SAVE).replace(b'\n', newline).removesuffix(newline)
        (folder / 'an export.py').write_bytes(source)
        patch = run('rewrite', '--diff')
        assert patch.exit_code == 1
        assert 'would rewrite an export.py' in patch.stderr
        assert (folder / 'an export.py').read_bytes() == source
        (folder / 'patch').write_bytes(patch.stdout_bytes)
        subprocess.run(['git', 'apply', 'patch'], check=True, cwd=folder)
        patched = (folder / 'an export.py').read_bytes()
        (folder / 'an export.py').write_bytes(source)
        run('rewrite')
        assert (folder / 'an export.py').read_bytes() == patched

    def test_support_files_are_named_and_in_the_patch(self, folder: Path) -> None:
        (folder / 'scripts 1').mkdir()
        files = [folder / 'scripts 1' / name for name in ('a.py', 'b.py')]
        for file in files:
            file.write_bytes(SESSION)
        patch = run('rewrite', '--diff')
        assert patch.stderr.count('would add scripts 1/session_module.py') == 1
        subprocess.run(['git', 'apply'], input=patch.stdout_bytes, check=True, cwd=folder)
        patched = {path.name: path.read_bytes() for path in (folder / 'scripts 1').iterdir()}
        assert 'would add' not in run('rewrite', '--check').stdout
        (folder / 'scripts 1' / 'session_module.py').unlink()
        for file in files:
            file.write_bytes(SESSION)
        written = run('rewrite').stdout
        assert written.startswith('rewrote scripts 1/a.py\nadded scripts 1/session_module.py, which it needs\n')
        assert written.count('added') == 1
        assert {path.name: path.read_bytes() for path in (folder / 'scripts 1').iterdir()} == patched
        assert set(patched) == {'a.py', 'b.py', 'session_module.py'}

    def test_stdin_names_the_support_files_that_it_does_not_place(self, folder: Path) -> None:
        result = run('rewrite', '-', stdin=SESSION)
        assert 'It needs session_module.py: `savedmodel-migrate rewrite FILE` places that as well' in result.stderr
        assert not [*folder.iterdir()]
        assert 'It needs' not in run('rewrite', '-', stdin=SAVE).stderr

    def test_stdin(self, folder: Path) -> None:
        (folder / 'a.py').write_bytes(SAVE.replace(b'\n', b'\r\n'))
        result = run('rewrite', '-', stdin=(folder / 'a.py').read_bytes())
        assert result.exit_code == 0
        run('rewrite', 'a.py')
        assert result.stdout_bytes == (folder / 'a.py').read_bytes()
        assert run('rewrite', '--check', '-', stdin=SAVE).stdout == ''
        assert run('rewrite', '--diff', '-', stdin=SAVE).stdout.startswith('--- a/<stdin>\n')
        assert run('rewrite', '-', 'a.py').exit_code == 2

    def test_stdin_imports_the_session_module_from_where_the_settings_put_it(self, folder: Path) -> None:
        (folder / 'pyproject.toml').write_text(
            "[tool.savedmodel-migrate]\nsession-module = 'tools/session_module.py'\n"
        )
        (folder / 'tools').mkdir()
        (folder / 'tools' / '__init__.py').write_text('')
        kept = b"import tensorflow as tf\ntf.saved_model.simple_save(sess, 'export', {'x': m.x}, {'y': m.y})\n"
        result = run('rewrite', '-', stdin=kept)
        assert 'from tools import session_module\n' in result.stdout

    @pytest.mark.parametrize('arguments', [[], ['--diff'], ['--check']])
    def test_bad_stdin(self, arguments: list[str]) -> None:
        result = run('rewrite', '-', *arguments, stdin=BAD_SOURCES['syntax.py'][0])
        assert (result.exit_code, result.stdout_bytes) == (3, b'')

    @pytest.mark.parametrize('arguments', [['scan', '-v'], ['rewrite', '--diff'], ['rewrite', '--format', 'json']])
    def test_processes_change_nothing_about_the_output(self, arguments: list[str], folder: Path) -> None:
        def make_files() -> None:
            for number in range(18):
                (folder / f'{number}.py').write_bytes(MANUAL if number % 6 else SAVE)
            (folder / '4.py').write_bytes(BAD_SOURCES['python2.py'][0])

        make_files()
        one = run(*arguments, '-j', '1')
        make_files()
        two = run(*arguments, '-j', '2')
        assert (one.exit_code, one.stdout, one.stderr) == (two.exit_code, two.stdout, two.stderr)
        assert one.exit_code == 3

    def test_json_can_hold_the_diff(self, folder: Path) -> None:
        (folder / 'a.py').write_bytes(SAVE)
        content = json.loads(run('rewrite', '--diff', '--format', 'json').stdout)
        assert content['files'][0]['diff'].startswith('--- a/a.py\n+++ b/a.py\n@@')
        assert (folder / 'a.py').read_bytes() == SAVE


class TestWithoutTensorFlow:
    @pytest.mark.parametrize('command', ['scan', 'rewrite', 'report'])
    def test_works(self, command: str, folder: Path) -> None:
        (folder / 'a.py').write_bytes(SAVE)
        result = run_process(command, code=BLOCK_TENSORFLOW)
        assert result.stderr == ''
        assert result.returncode == (1 if command == 'scan' else 0)

    def test_prove_says_what_to_install(self) -> None:
        result = run_process('prove', str(SAMPLE_PROJECTS / 'add_two_builder'), code=BLOCK_TENSORFLOW)
        assert result.returncode == 3
        assert "pip install 'savedmodel-migrate[tensorflow]'" in result.stderr


def test_colour_only_on_a_terminal(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / 'a.py').write_bytes(MANUAL)
    coloured = CliRunner().invoke(commands, ['scan'], color=True).stdout
    assert click.unstyle(coloured) == run('scan').stdout != coloured
    monkeypatch.setenv('NO_COLOR', '1')
    assert CliRunner().invoke(commands, ['scan'], color=True).stdout == run('scan').stdout
