"""Taking back a rewrite: byte for byte, also after a kill at any point, and never what came after it."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from migrate import journal
from migrate.codemod import process
from migrate.files import write_atomically
from migrate.journal import journals_of
from migrate.writing import write_all
from tests.migrate.command import run

NAMES = b'import tensorflow as tf\nx = tf.placeholder(tf.float32)\n'
SESSION = b"""\
import tensorflow as tf
class Model:
    def save(self):
        x, y = self.x, self.y
        tf.saved_model.simple_save(self.sess, 'export', {'x': x}, {'y': y})
"""
MODEL_FN = b"""\
import tensorflow as tf
def model_fn(features, labels, mode):
    return tf.estimator.EstimatorSpec(mode, predictions=features)
"""
ESTIMATOR = b"""\
import tensorflow as tf
import model
est = tf.estimator.Estimator(model.model_fn, 'ckpt')
est.export_saved_model('export', make_receiver())
"""
ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / 'project').mkdir()
    monkeypatch.chdir(tmp_path / 'project')
    monkeypatch.setattr('migrate.output.questions.can_ask', lambda: True)
    return tmp_path / 'project'


def tree(folder: Path) -> dict[str, bytes]:
    """Everything in the folder, also what nobody should leave there, but for the tool's own folder and git's."""
    files = {path.relative_to(folder).as_posix(): path for path in folder.rglob('*') if path.is_file()}
    return {name: path.read_bytes() for name, path in files.items() if not name.startswith(('.savedmodel', '.git/'))}


def make(folder: Path, files: dict[str, bytes]) -> dict[str, bytes]:
    for name, source in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(source)
    return tree(folder)


def git(*arguments: str) -> None:
    settings = ('-c', 'user.name=x', '-c', 'user.email=x@example.org')
    subprocess.run(['git', *settings, *arguments], check=True, capture_output=True)


def test_every_byte_comes_back(folder: Path) -> None:
    before = make(
        folder,
        {
            'a.py': NAMES.replace(b'\n', b'\r\n') + b'# no newline',
            'latin.py': b'# coding: latin-1\n# \xe9\n' + NAMES,
            'deep/b.py': b'\xef\xbb\xbf' + NAMES,
            'session.py': SESSION,
            'other.py': b'x = 1\n',
        },
    )
    (folder / 'a.py').chmod(0o755)
    rewritten = run('rewrite')
    assert 'rewrote latin.py' in rewritten.stdout
    assert (folder / 'session_module.py').exists()
    result = run('undo')
    assert (result.exit_code, result.stdout.count('restored ')) == (0, 4)
    assert 'removed session_module.py' in result.stdout
    assert tree(folder) == before
    assert not (folder / '.savedmodel-migrate').exists()
    assert (folder / 'a.py').stat().st_mode & 0o777 == 0o755


def test_run_after_run(folder: Path) -> None:
    first = make(folder, {'a.py': NAMES})
    run('rewrite')
    second = make(folder, {'b.py': NAMES}).items() - first.items()
    run('rewrite')
    assert run('rewrite').exit_code == 0  # changes nothing, and so has no journal
    assert run('undo').stdout == 'restored b.py\n'
    assert ('b.py', NAMES) in second
    assert run('undo').stdout == 'restored a.py\n'
    last = run('undo')
    assert (last.exit_code, last.stdout) == (0, '')
    assert last.stderr.startswith('There is nothing to undo')


def test_a_folder_that_a_setting_made_goes_again(folder: Path) -> None:
    settings = b'[tool.savedmodel-migrate]\nsession-module = "common/tools/session_module.py"\n'
    before = make(folder, {'a.py': SESSION, 'pyproject.toml': settings})
    run('rewrite')
    assert (folder / 'common/tools/session_module.py').exists()
    run('undo')
    assert tree(folder) == before
    assert not (folder / 'common').exists()


def test_what_changed_since_is_not_lost(folder: Path) -> None:
    before = make(folder, {'a.py': NAMES, 'b.py': NAMES})
    run('rewrite')
    (folder / 'b.py').write_bytes(b'# mine\n')
    rewritten = tree(folder)
    result = run('undo')
    assert (result.exit_code, result.stdout) == (2, '')
    assert 'changed after they were rewritten:\n    b.py\n' in result.stderr
    assert tree(folder) == rewritten
    assert run('undo', '--force').exit_code == 0
    assert tree(folder) == before


def test_from_a_folder_below_and_for_paths_elsewhere(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    git('init', '-q')
    other = folder.parent / 'other'
    before = make(folder, {'deep/a.py': NAMES}), make(other, {'a.py': NAMES})
    run('rewrite', '.', '--allow-dirty')
    monkeypatch.chdir(folder / 'deep')
    assert run('undo').exit_code == 0
    assert (tree(folder), tree(other)) == before
    run('rewrite', '../../other')
    make(folder.parent, {'.savedmodel-migrate/undo/1.jsonl': b'of something else'})
    assert run('undo').stderr.startswith('There is nothing to undo')
    assert run('undo', '../../other').exit_code == 0
    assert tree(other) == before[1]


class TestElsewhere:
    def test_a_journal_below_is_named(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        git('init', '-q')
        make(folder, {'serving/a.py': NAMES, 'other ones/a.py': NAMES})
        make(folder.parent, {'.savedmodel-migrate/undo/1.jsonl': b'{"version": 1}\n'})
        for name in ('serving', 'other ones'):
            monkeypatch.chdir(folder / name)
            run('rewrite', 'a.py', '--allow-dirty')
        monkeypatch.chdir(folder)
        result = run('undo')
        commands = "`savedmodel-migrate undo 'other ones'`, `savedmodel-migrate undo serving`"
        assert (result.exit_code, result.stderr.rstrip().endswith(f'Some are elsewhere: {commands}.')) == (0, True)
        run('undo', 'other ones')
        assert 'One is elsewhere: `savedmodel-migrate undo serving`.' in run('undo').stderr

    def test_none_of_another_repository_below(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        git('init', '-q')
        make(folder, {'nested/deep/a.py': NAMES})
        git('init', '-q', 'nested')
        monkeypatch.chdir(folder / 'nested' / 'deep')
        run('rewrite', 'a.py', '--allow-dirty')
        monkeypatch.chdir(folder)
        assert 'undo ' not in run('undo').stderr.partition(':')[2]

    @pytest.mark.parametrize('is_repository', [True, False])
    def test_none_above_of_other_projects(
        self, is_repository: bool, folder: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        if is_repository:
            git('init', '-q')
        make(folder.parent, {'other/a.py': NAMES})
        monkeypatch.chdir(folder.parent)
        run('rewrite', 'other')
        monkeypatch.chdir(folder)
        assert run('undo').stderr == 'There is nothing to undo: no journal of a rewrite is here.\n'


@pytest.mark.parametrize('path', ['../a.py', '/etc/passwd', 'link/a.py', ''])
def test_a_journal_from_elsewhere_leads_nowhere(path: str, folder: Path) -> None:
    make(folder.parent, {'a.py': b''})
    (folder / 'link').symlink_to('..')
    entry = {'path': path, 'before': 'eA==', 'after': journal.digest(b''), 'made': []}
    make(folder, {'.savedmodel-migrate/undo/1.jsonl': b'{"version": 1}\n' + json.dumps(entry).encode() + b'\n'})
    for arguments in (['undo'], ['undo', '--force']):
        assert run(*arguments).exit_code == 2
    assert (folder.parent / 'a.py').read_bytes() == b''


@pytest.mark.parametrize('content', [b'{', b'[]\n', b'{"version": 1}\nx\n', b'{"version": 9, "tool_version": "7"}\n'])
def test_a_damaged_journal_is_said(content: bytes, folder: Path) -> None:
    make(folder, {'.savedmodel-migrate/undo/1.jsonl': content})
    result = run('undo')
    assert result.exit_code == (0 if content == b'{' else 2)  # a first line that was cut off: nothing was done yet
    assert 'Traceback' not in result.stderr


class TestUncommitted:
    def test_is_not_touched(self, folder: Path) -> None:
        git('init', '-q')
        make(folder, {'committed.py': NAMES, 'changed.py': NAMES, 'quiet.py': b'x = 1\n'})
        git('add', '.')
        git('commit', '-qm', 'x')
        before = make(folder, {'changed.py': NAMES + b'y = 1\n', 'new $\n.py': NAMES, 'quiet.py': b'x = 2\n'})
        result = run('rewrite')
        assert (result.exit_code, result.stdout) == (2, '')
        assert 'not committed:\n    changed.py\n    new $\\n.py\nNothing was written.' in result.stderr
        assert '--allow-dirty' in result.stderr
        assert tree(folder) == before
        assert run('rewrite', 'committed.py').stdout.startswith('rewrote committed.py')
        assert run('rewrite', '--check').exit_code == 1
        assert run('rewrite', '--allow-dirty').exit_code == 0
        assert run('rewrite').exit_code == 0

    def test_staged_counts_and_ignored_does_not(self, folder: Path) -> None:
        git('init', '-q')
        make(folder, {'a.py': NAMES, '.gitignore': b'ignored.py\n', 'ignored.py': NAMES})
        git('add', '.')
        assert run('rewrite', 'a.py').exit_code == 2
        assert run('rewrite', 'ignored.py').exit_code == 0

    def test_goes_on_without_git(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        git('init', '-q')
        make(folder, {'a.py': NAMES})
        monkeypatch.setenv('PATH', '')
        assert run('rewrite').exit_code == 0


class TestInteractive:
    def test_each_change_is_shown_and_asked_for(self, folder: Path) -> None:
        make(folder, {'a.py': NAMES, 'b.py': NAMES, 'c.py': NAMES, 'd.py': NAMES, 'e.py': b'x = 1\n'})
        result = run('rewrite', '--interactive', stdin='y\nwhat\nn\nq\n')
        assert result.exit_code == 0
        assert result.stdout.count('+x = tf.compat.v1.placeholder') == 3
        assert 'q: leave this file and all that follow' in result.stdout
        assert [name for name in 'abcd' if (folder / f'{name}.py').read_bytes() != NAMES] == ['a']
        assert '5 files, 0 export sites; 1 file changed' in result.stdout
        assert result.stderr == '3 files could be rewritten, and stay as you answered.\n'

    def test_all_that_follow(self, folder: Path) -> None:
        make(folder, {'a.py': NAMES, 'b.py': NAMES})
        run('rewrite', '--interactive', stdin='a\n')
        assert NAMES not in tree(folder).values()

    def test_no_answer_is_no(self, folder: Path) -> None:
        make(folder, {'a.py': NAMES, 'b.py': NAMES})
        assert run('rewrite', '--interactive', stdin='').exit_code == 130
        assert tree(folder) == {'a.py': NAMES, 'b.py': NAMES}
        assert run('rewrite', '--interactive', '--check').exit_code == 2

    @pytest.mark.parametrize(
        ('answers', 'is_said'), [('y\nq\n', True), ('n\ny\n', True), ('a\n', False), ('q\n', False)]
    )
    def test_those_that_change_together_are_named_where_only_some_did(
        self, answers: str, is_said: bool, folder: Path
    ) -> None:
        make(folder, {'export.py': ESTIMATOR, 'model.py': MODEL_FN})
        result = run('rewrite', '--interactive', stdin=answers)
        assert ('those that share some run only together' in result.stderr) == is_said
        assert (answers[0] == 'y') == ('export.py changed, and model.py did not' in result.stderr)

    def test_needs_somebody_to_answer(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.undo()
        monkeypatch.chdir(folder)
        make(folder, {'a.py': NAMES})
        result = run('rewrite', '--interactive')
        assert (result.exit_code, result.stdout) == (2, '')
        assert '--interactive needs a terminal' in result.stderr


class TestInterrupted:
    def test_says_how_far_it_came_and_the_way_back(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        before = make(folder, {f'{number}.py': NAMES for number in range(5)})
        interrupt_at(3, monkeypatch)
        result = run('rewrite')
        assert result.exit_code == 130
        said = 'Interrupted: 3 files are rewritten; `savedmodel-migrate undo` takes them back.'
        assert result.stderr.splitlines()[-1] == said
        assert list(tree(folder).values()).count(NAMES) == 2
        run('undo')
        assert tree(folder) == before

    def test_names_the_folder_of_the_journal(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        make(folder.parent / 'oth er', {'a.py': NAMES, 'b.py': NAMES})
        interrupt_at(1, monkeypatch)
        said = run('rewrite', '../oth er').stderr.splitlines()[-1]
        other = folder.resolve().parent / 'oth er'
        command = f"savedmodel-migrate undo '{other}'"
        assert said == f'Interrupted: 1 file is rewritten; `{command}` takes it back.'

    def test_before_anything_is_written(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        make(folder, {'a.py': NAMES})
        monkeypatch.setattr('migrate.writing.uncommitted', lambda _: signal.raise_signal(signal.SIGINT))
        result = run('rewrite')
        assert (result.exit_code, result.stderr.strip()) == (130, 'Interrupted: nothing was written.')
        assert tree(folder) == {'a.py': NAMES}

    def test_at_a_question(self, folder: Path) -> None:
        make(folder, {'a.py': NAMES, 'b.py': NAMES})
        result = run('rewrite', '--interactive', stdin='y\n')
        assert result.exit_code == 130
        assert 'Interrupted: 1 file is rewritten; `savedmodel-migrate undo` takes it back.' in result.stderr


def interrupt_at(number: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Lets Ctrl-C come while that file is written."""
    left = [number]

    def interrupted(*arguments: object, **options: object) -> None:
        left[0] -= 1
        if left[0] == 0:
            signal.raise_signal(signal.SIGINT)
        write_atomically(*arguments, **options)

    monkeypatch.setattr('migrate.writing.write_atomically', interrupted)


@pytest.fixture(autouse=True)
def _heed_ctrl_c() -> Iterator[None]:
    """Whoever runs the tests in the background has it ignored."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def test_what_killed_runs_left_goes_with_the_next_run(folder: Path) -> None:
    make(folder, {'a.py': NAMES, '.savedmodel-migrate-0.tmp': b'import tens'})
    run('rewrite')
    assert list(tree(folder)) == ['a.py']
    run('undo')
    (folder / '.savedmodel-migrate' / 'undo').mkdir(parents=True)
    (folder / 'a.py').write_bytes(b'x = 1\n')
    run('rewrite')
    assert not (folder / '.savedmodel-migrate').exists()


@pytest.mark.parametrize('ignored', [None, b'', b'*\n', b'mine\n'])
def test_a_folder_without_a_journal_goes_unless_someone_uses_it(ignored: bytes | None, folder: Path) -> None:
    make(folder, {} if ignored is None else {'.savedmodel-migrate/.gitignore': ignored})
    (folder / '.savedmodel-migrate').mkdir(exist_ok=True)
    assert run('undo').stderr.startswith('There is nothing to undo')
    assert (folder / '.savedmodel-migrate').exists() == (ignored == b'mine\n')


def test_a_file_that_changed_in_the_meantime_stays(folder: Path) -> None:
    make(folder, {'a.py': NAMES})

    outcomes = list(process([Path('a.py')]))
    (folder / 'a.py').write_bytes(NAMES + b'y = 1\n')
    (outcome,) = write_all(outcomes)
    assert 'changed in the meantime' in outcome.report.error
    assert (folder / 'a.py').read_bytes() == NAMES + b'y = 1\n'


def test_what_does_not_parse_on_the_disk_replaces_nothing(folder: Path) -> None:

    before = make(folder, {'a.py': NAMES})
    outcomes = [replace(outcome, after=b'def f(:\n') for outcome in process([Path('a.py')])]
    (outcome,) = write_all(outcomes)
    assert 'does not parse' in outcome.report.error
    assert {name: source for name, source in tree(folder).items() if name.endswith('.py')} == before
    run('undo')
    assert tree(folder) == before


# Runs `rewrite` or `undo` in a fork that dies at its n-th call of the system, or that waits to be killed.
CHILD = """
import os, signal, sys, time
sys.path.insert(0, sys.argv[1])
from migrate import cli, codemod, journal, undo, writing
from migrate.output import listing, source_runs
import rewriters.sites

def dying(function, left):
    def call(*arguments, **options):
        left[0] -= 1
        if left[0] == 0:
            os._exit(9)
        return function(*arguments, **options)
    return call

def child(arguments, at):
    if os.fork() == 0:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        os.dup2(1, 2)
        left = [at]
        for name in ('open', 'write', 'fsync', 'replace', 'unlink', 'mkdir', 'rmdir', 'chmod', 'urandom'):
            setattr(os, name, dying(getattr(os, name), left))
        cli.commands(arguments, prog_name='x')
        os._exit(0)
    return os.wait()[1]

for line in sys.stdin:
    at, *arguments = line.split()
    print(child(arguments, int(at)) >> 8, flush=True)
"""


@pytest.fixture
def child(folder: Path) -> Iterator[Callable[..., int]]:
    """Starts a command that ends at its n-th call of the system; returns its exit code."""
    command = [sys.executable, '-c', CHILD, str(ROOT)]
    with subprocess.Popen(command, cwd=folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server:

        def start(at: int, *arguments: str) -> int:
            print(at, *arguments, file=server.stdin, flush=True)
            return int(server.stdout.readline())

        yield start
        server.stdin.close()


@pytest.mark.skipif(not hasattr(os, 'fork'), reason='needs fork')
def test_killed_at_every_single_step(folder: Path, child: Callable[..., int]) -> None:
    files = {'a.py': NAMES, 'b/c.py': NAMES + b'# c\n', 'session.py': SESSION}
    before = make(folder, files)
    whole = _rewritten(folder, files)
    steps = 0
    while True:
        steps += 1
        code = child(steps, 'rewrite', '-j', '1')
        for name, source in tree(folder).items():
            if name.endswith('.py'):
                assert source in (before.get(name), whole[name]), (steps, name)
        if code == 0:
            break
        # The undo is killed too, and then done.
        child(steps % 25 + 1, 'undo')
        assert run('undo').exit_code == 0
        assert tree(folder) == before, steps
        assert not (folder / '.savedmodel-migrate').exists(), steps
    assert steps > 20


@pytest.mark.skipif(not hasattr(os, 'fork'), reason='needs fork')
def test_killed_at_random_points(folder: Path) -> None:
    files = {f'{number}.py': NAMES + b'# %d\n' % number for number in range(5)} | {'session.py': SESSION}
    before = make(folder, files)
    whole = _rewritten(folder, files)
    started = time.perf_counter()
    _fork_and_kill(60)
    longest = time.perf_counter() - started
    draw = random.Random(8)
    stopped = 0
    run('undo')
    for _ in range(int(os.environ.get('SAVEDMODEL_MIGRATE_KILLS', '30'))):
        stopped += _fork_and_kill(draw.uniform(0, longest)) == signal.SIGKILL
        for name, source in tree(folder).items():
            if name.endswith('.py'):
                assert source in (before.get(name), whole[name]), name
        while journals_of(folder):
            assert run('undo').exit_code == 0
        assert tree(folder) == before
    assert stopped > 5


def _rewritten(folder: Path, files: dict[str, bytes]) -> dict[str, bytes]:
    run('rewrite')
    whole = tree(folder)
    assert all(whole[name] != source for name, source in files.items())
    run('undo')
    return whole


def _fork_and_kill(after: float) -> int:
    """Rewrites in a fork that is killed; returns the signal that ended it, or 0."""
    child = os.fork()
    if child == 0:
        try:
            run('rewrite', '-j', '1')
        finally:
            os._exit(0)
    deadline = time.perf_counter() + after
    while time.perf_counter() < deadline:
        if os.waitpid(child, os.WNOHANG)[0]:
            return 0
        time.sleep(0.001)
    os.kill(child, signal.SIGKILL)
    return os.waitpid(child, 0)[1]
