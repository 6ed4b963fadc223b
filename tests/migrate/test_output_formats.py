"""What services read: workflow commands, SARIF with fixes that apply, Markdown; JSON by its schema; statistics."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from migrate.report.json_schema import schema_of
from tests.migrate.command import run

ROOT = Path(__file__).parents[2]
SAVE = (ROOT / 'sample_projects' / 'add_two_simple_save' / 'export.py').read_bytes()
MANUAL = b'import tensorflow as tf\nestimator = tf.estimator.DNNClassifier([8], columns)\n'
NAMES = b'import tensorflow as tf\nx = tf.placeholder(tf.float32)\n'
BROKEN = b'import tensorflow as tf\ndef f(:\n'


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def make(files: dict[str, bytes]) -> None:
    for name, source in files.items():
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        Path(name).write_bytes(source)


SESSION = b"""\
import tensorflow as tf
class Model:
    def save(self):
        x, y = self.x, self.y
        tf.saved_model.simple_save(self.sess, 'export', {'x': x}, {'y': y})
"""


class TestSupportFiles:
    def test_every_format_tells_of_them(self) -> None:
        make({'lib/a.py': SESSION, 'lib/b.py': SESSION})
        files = json.loads(run('rewrite', '--check', '--format', 'json').stdout)['files']
        assert [file['added'] for file in files] == [['lib/session_module.py'], []]
        for style in ('github', 'sarif', 'markdown', 'text'):
            assert run('rewrite', '--check', '--format', style).stdout.count('lib/session_module.py') == 1, style
        for style in ('markdown', 'json'):
            assert 'lib/session_module.py' in run('rewrite', '--format', style).stdout
            assert run('undo').exit_code == 0

    def test_a_check_fails_where_a_rewrite_would(self) -> None:
        make({'a.py': SESSION, 'session_module.py': b'mine = 1\n'})
        checked, written = run('rewrite', '--check'), run('rewrite')
        assert (checked.exit_code, written.exit_code) == (3, 3)
        assert 'session_module.py, which is another file' in checked.stderr
        assert 'would rewrite' not in checked.stdout
        assert run('rewrite', '--diff').stdout == ''

    def test_scan_and_report_say_so_too(self) -> None:
        more = b"tf.Session()\ntf.contrib.gone(1)\n"
        make({'a.py': SESSION + more, 'session_module.py': b'mine = 1\n'})
        scanned = run('scan')
        assert scanned.exit_code == 3
        assert 'would not be rewritten: it needs' in scanned.stderr
        assert 'can be rewritten' not in scanned.stdout
        # What a rewrite would take care of stays; the rest is said.
        assert 'NAM201' in scanned.stdout
        assert 'NAM101' not in scanned.stdout
        run('report', '--output', 'report.html')
        assert 'would not be rewritten: it needs' in Path('report.html').read_text()


def test_undo_names_a_journal_above_the_repository(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make({'repository/a.py': NAMES})
    subprocess.run(['git', 'init', '-q', 'repository'], check=True)
    run('rewrite', '--allow-dirty')
    monkeypatch.chdir('repository')
    result = run('undo')
    assert (result.exit_code, result.stdout) == (0, '')
    assert f'`savedmodel-migrate undo {folder.resolve()}`' in result.stderr
    assert run('undo', str(folder)).exit_code == 0
    assert Path('a.py').read_bytes() == NAMES


class TestText:
    def test_a_patch_for_names_that_no_line_holds(self, folder: Path) -> None:
        names = ['new\nline/a b.py', 'quo"te.py', 'back\\slash é.py']
        make(dict.fromkeys(names, SAVE))
        patch = run('rewrite', '--diff').stdout_bytes
        subprocess.run(['git', 'apply', '-'], input=patch, check=True, cwd=folder)
        assert run('rewrite', '--check').exit_code == 0
        assert all(Path(name).read_bytes() != SAVE for name in names)

    def test_the_code_stands_below_its_finding(self) -> None:
        make({'a.py': b'import tensorflow as tf\nif 1:\n\te = "\x1b", tf.estimator.DNNClassifier([8], c)  # why\n'})
        lines = run('scan').stdout.splitlines()
        assert lines[0].startswith('a.py:3:11: NAM201 [manual] ')
        assert lines[1] == '    3 |  e = "\\x1b", tf.estimator.DNNClassifier([8], c)  # why'
        assert lines[2].index('^') == lines[1].index('tf.est')
        assert lines[2].count('^') == len('tf.estimator.DNNClassifier')
        assert lines[3].startswith('    ')

    def test_a_long_line_is_cut(self) -> None:
        make({'a.py': b'import tensorflow as tf\ne = tf.estimator.DNNClassifier([' + b'8, ' * 99 + b'])\n'})
        assert max(map(len, run('scan').stdout.splitlines()[1:3])) < 140

    def test_statistics(self) -> None:
        make({'a.py': MANUAL, 'b.py': MANUAL + NAMES, 'c.py': BROKEN})
        result = run('scan', '--statistics')
        assert result.exit_code == 3
        first, *_, last = result.stdout.splitlines()
        assert first.startswith('2  NAM201 [manual] in 2 files: ')
        assert last.startswith('3 files, ')
        assert 'error: c.py: line 2' in result.stderr
        assert run('scan', '--statistics', '--format', 'json').exit_code == 2

    @pytest.mark.skipif(os.name != 'posix', reason='needs a terminal')
    @pytest.mark.parametrize('no_color', ['', '1'])
    def test_a_diff_on_a_terminal_is_coloured(self, no_color: str) -> None:
        import pty

        make({'a.py': NAMES})
        master, slave = pty.openpty()
        environment = {**os.environ, 'PYTHONPATH': str(ROOT), 'NO_COLOR': no_color, 'TERM': 'xterm'}
        command = [sys.executable, '-m', 'migrate.cli', 'rewrite', '--diff']
        subprocess.run(command, stdin=slave, stdout=slave, stderr=slave, env=environment, check=False)
        os.close(slave)
        shown = os.read(master, 100_000).decode()
        assert '+x = tf.compat.v1.placeholder(tf.float32)' in shown
        assert ('\x1b[32m+x = ' in shown) == (not no_color)


class TestGitHub:
    def test_each_finding_is_a_command(self) -> None:
        make({'a.py': SAVE, 'b, c.py': MANUAL, 'd.py': BROKEN})
        result = run('scan', '--format', 'github')
        assert result.exit_code == 3
        change, finding, error, total = result.stdout.splitlines()
        assert change.startswith('::error file=a.py,line=')
        assert change.endswith('::`savedmodel-migrate rewrite` would change this file, from this line on.')
        assert finding.startswith('::error file=b%2C c.py,line=2,endLine=2,col=13,endColumn=')
        assert ',title=NAM201 (manual)::' in finding
        assert '%0A' in finding
        assert error.startswith('::error file=d.py,title=savedmodel-migrate::line 2: does not parse')
        assert total.startswith('3 files, 1 export site')

    def test_nothing_in_a_file_makes_a_command(self) -> None:
        make({'::error file=x::y\n.py': b'import tensorflow as tf\ntf.contrib.nothing("%0A::stop-commands::x")\n'})
        lines = run('scan', '--format', 'github').stdout.splitlines()
        assert len([line for line in lines if line.startswith('::')]) == len(lines) - 1
        assert all('::' not in line.split('::', 2)[1] for line in lines[:-1])

    def test_nothing_to_do(self) -> None:
        make({'a.py': b'x = 1\n'})
        result = run('scan', '--format', 'github')
        assert (result.exit_code, result.stdout.count('\n')) == (0, 1)


FILES = {
    'a.py': SAVE,
    'crlf b.py': SAVE.replace(b'\n', b'\r\n').rstrip(),
    'names.py': NAMES.rstrip(),
    'wide.py': '# 😀 é\n'.encode() + NAMES + 's = "€"'.encode(),
    'manual.py': MANUAL,
    'broken.py': BROKEN,
}


class TestSarif:
    def test_fixes_make_what_rewrite_writes(self, folder: Path) -> None:
        make(FILES)
        sarif = json.loads(run('scan', '--format', 'sarif', '-v').stdout)
        fixes = {
            change['artifactLocation']['uri']: change['replacements']
            for result in sarif['runs'][0]['results']
            for fix in result.get('fixes', ())
            for change in fix['artifactChanges']
        }
        assert sorted(fixes) == ['a.py', 'crlf%20b.py', 'names.py', 'wide.py']
        fixed = {uri.replace('%20', ' '): _apply(folder, uri.replace('%20', ' '), of) for uri, of in fixes.items()}
        run('rewrite')
        assert fixed == {name: (folder / name).read_bytes() for name in fixed}
        after = json.loads(run('scan', '--format', 'sarif').stdout)['runs'][0]
        assert not any('fixes' in result for result in after['results'])

    def test_is_what_the_standard_asks_for(self) -> None:
        make(FILES)
        run_ = json.loads(run('scan', '--format', 'sarif', '-v').stdout)['runs'][0]
        rules = [rule['id'] for rule in run_['tool']['driver']['rules']]
        assert rules == sorted(set(rules))
        for result in run_['results']:
            assert rules[result['ruleIndex']] == result['ruleId']
            assert result['level'] in ('note', 'warning', 'error')
            region = result['locations'][0]['physicalLocation']['region']
            assert region['startLine'] >= 1
            assert region.get('startColumn', 1) >= 1
        (invocation,) = run_['invocations']
        assert invocation['executionSuccessful'] is False
        assert invocation['toolExecutionNotifications'][0]['message']['text'].startswith('line 2: does not parse')

    @pytest.mark.skipif('SARIF_SCHEMA' not in os.environ, reason='needs the schema: SARIF_SCHEMA=sarif-2.1.0.json')
    def test_is_valid(self) -> None:
        import jsonschema

        make(FILES)
        schema = json.loads(Path(os.environ['SARIF_SCHEMA']).read_text(encoding='utf-8'))
        for arguments in (['scan', '-v'], ['rewrite']):
            document = json.loads(run(*arguments, '--format', 'sarif').stdout)
            jsonschema.validators.validator_for(schema)(schema).validate(document)


def _apply(folder: Path, name: str, replacements: list[dict[str, Any]]) -> bytes:
    """The file after the fix, as an editor applies it: lines end as in the file, columns count characters."""
    lines = list(io.StringIO((folder / name).read_bytes().decode(), newline=''))
    starts = [sum(map(len, lines[:number])) for number in range(len(lines) + 1)]
    text = ''.join(lines)
    for replacement in reversed(replacements):
        region = replacement['deletedRegion']
        start = starts[region['startLine'] - 1] + region['startColumn'] - 1
        end = starts[region['endLine'] - 1] + region['endColumn'] - 1
        text = text[:start] + replacement['insertedContent']['text'] + text[end:]
    return text.encode()


def test_markdown() -> None:
    make({'a|b.py': MANUAL, 'c.py': SAVE, 'd.py': BROKEN, 'e.py': b'x = 1\n'})
    result = run('rewrite', '--diff', '--format', 'markdown')
    assert result.exit_code == 3
    text = result.stdout
    assert text.startswith('### savedmodel-migrate\n\n4 files, 1 export site: 1 to rewrite')
    assert '#### <code>a&#124;b&#46;py</code>' in text
    assert '| 2 | NAM201 | manual | ' in text
    assert '| 22 | export site | tf.function | simple\\_save: `serving_default` |' in text
    assert '```diff\n--- a/c.py' in text
    assert '**Failed:** line 2' in text
    assert 'e.py' not in text


def test_markdown_names_the_cell_of_a_line_in_a_notebook() -> None:
    cells = [{'cell_type': 'code', 'source': source} for source in ('x = 1', MANUAL.decode())]
    make({'a.ipynb': json.dumps({'nbformat': 4, 'cells': cells}).encode()})
    assert '| cell 2, line 2 | NAM201 | manual | ' in run('scan', '--format', 'markdown').stdout


def test_markdown_has_an_end() -> None:
    make({f'{number:03}.py': MANUAL * 40 for number in range(20)})
    text = run('scan', '--format', 'markdown').stdout
    assert len(text) < 65_536
    assert text.endswith('left out here.*\n')


@pytest.mark.parametrize('name', ['scan', 'report'])
def test_the_published_schema_is_that_of_the_output(name: str) -> None:
    jsonschema = pytest.importorskip('jsonschema')
    make(FILES)
    written = json.loads((ROOT / 'docs' / 'json' / f'{name}.schema.json').read_text(encoding='utf-8'))
    assert written == schema_of(name), 'run scripts/write_schemas'
    arguments = ['scan'] if name == 'scan' else ['report', '-o', '-']
    content = json.loads(run(*arguments, '--format', 'json').stdout)
    checker = jsonschema.validators.validator_for(written)
    checker.check_schema(written)
    checker(written).validate(content)
    content['schema_version'] = 'one'
    assert not checker(written).is_valid(content)
