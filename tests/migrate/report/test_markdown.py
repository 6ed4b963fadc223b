from __future__ import annotations

import pytest
from markdown_it import MarkdownIt

from migrate.report.markdown import render_markdown
from migrate.report.markdown_text import code, fenced, inline, table
from migrate.report.model import ProjectReport, Report
from migrate.report.sources import FileReport
from tests.migrate.report import samples
from tests.migrate.report.page import Element, parse

GITHUB = MarkdownIt('commonmark', {'html': True}).enable(['table', 'strikethrough'])

AWKWARD = [
    'a | b',
    '`|`',
    'a\\|b',
    'odd ` backtick',
    '```',
    '<b>bold</b> & <script>',
    '**stars** and _lines_ ~~gone~~',
    '[a](https://example.com)',
    '# no heading',
    '1. no list',
    '- no list',
    '&amp; &#38;',
    'trailing backslash \\',
    '日本語',
    'one\ntwo\r\n\nthree',
    '',
]


def rendered(markdown: str) -> Element:
    return parse(GITHUB.render(markdown))


@pytest.fixture(scope='module')
def page() -> Element:
    return rendered(render_markdown(samples.team_report()))


def plain(text: str) -> str:
    """Without the character that keeps `#1` from being a link, and without backticks, which set code."""
    return text.replace('\u200b', '').replace('`', '')


def rows(page: Element) -> list[list[str]]:
    return [[cell.text for cell in row.all('td')] for row in page.all('tr')]


@pytest.mark.parametrize('text', AWKWARD)
def test_text_is_shown_as_it_is(text: str) -> None:
    expected = ' '.join(text.split())
    in_table = rendered(table(('A', 'B'), [(inline(text), code(text))]))
    shown, shown_code = rows(in_table)[1]
    assert plain(shown) == plain(expected)
    assert shown_code == expected
    assert not [e for e in in_table.all() if e.tag in {'b', 'a', 'strong', 'em', 'script', 's'}]
    assert plain(rendered(inline(text)).text.strip()) == plain(expected)


@pytest.mark.parametrize('text', ['a', '```\nx\n```', '````', '~~~', 'x\n\n</details>'])
def test_fence_holds_everything(text: str) -> None:
    assert rendered(fenced(text)).one('pre').text == text + '\n'


def test_nobody_is_called_and_nothing_is_linked() -> None:
    assert '@tf' not in inline('uses @tf.function, see #12')
    assert '#12' not in inline('uses @tf.function, see #12')
    assert 'https://' not in inline('https://example.com')


def test_projects_with_their_verdicts(page: Element) -> None:
    assert ['census', 'incompatible', '1', '0', '1', '1', '0'] in rows(page)
    assert ['frozen-again', 'stale', '3', '1', '0', '0', '1'] in rows(page)


def test_signature_rows(page: Element) -> None:
    by_key = {row[0]: row for row in rows(page) if len(row) == 7 and row[0] in ('classify', 'regress')}
    assert by_key['classify'][2:6] == [
        'equal',
        '3',
        'made from the graph: images float32 [8, 28, 28]',
        '2.38e-07 of 5.1 in scores',
    ]
    assert by_key['regress'][1:3] == ['regress → predict', 'incompatible']
    assert 'dtype was string, is float32' in by_key['regress'][6]


def test_what_may_be_the_cause_is_shown(page: Element) -> None:
    assert 'variable "rank/kernel" has other values <5>; it would pass with --atol 0.84' in page.text


def test_what_a_verdict_does_not_cover_is_shown(page: Element) -> None:
    assert 'not proven: nothing is known of "x"' in page.text


def test_findings_diffs_and_logs_are_there(page: Element) -> None:
    text = page.text
    assert 'DNNClassifier is a canned estimator' in text
    assert (
        "+    tf.saved_model.save(module, export_dir, signatures={'serving_default': module.serving_default})" in text
    )
    assert "ModuleNotFoundError: No module named 'tensorflow.contrib'" in text
    assert 'This proof is stale.' in text
    assert 'Python 2 code; run 2to3 first.' in text


def test_markup_in_the_report_stays_text(page: Element) -> None:
    hostile = rendered(render_markdown(samples.hostile_report(), limit=10**7))
    assert not [*hostile.all('script'), *hostile.all('img'), *hostile.all('a')]
    assert len(list(hostile.all('table'))) == len(list(page.all('table')))
    assert all(len(list(row.all('td'))) in (0, 3, 4, 7) for row in hostile.all('tr'))
    render_markdown(samples.hostile_report()).encode('utf-8')


def test_export_site_shows_the_forms_that_it_does_not_take() -> None:
    text = rendered(render_markdown(samples.team_report())).text
    assert 'Not tf.function: the graph of path|name is <imported> (line 18).' in text
    assert 'Not tf.function or session: its model_fn is inside of TensorFlow.' in text


def test_conversions(page: Element) -> None:
    by_name = {row[0]: row for row in rows(page) if len(row) == 4 and row[0].endswith(('/1', '/2'))}
    assert by_name['forced/1'][1:3] == ['different', 'by --force']
    assert by_name['chance/1'][1:3] == ['inconclusive', 'no']
    assert by_name['gone/1'][1:3] == ['stale', 'yes']
    assert by_name['taxi/2'][1:3] == ['identical', 'yes']
    assert 'BoostedTreesPredict→ Train it anew' in by_name['trees/1'][3]
    assert ['Models converted', '5', '1 identical, 1 different, 1 inconclusive, 1 error, 1 stale'] in rows(page)
    assert 'not a stored Manifest' in page.text
    assert list(by_name).index('taxi/2') == len(by_name) - 1, 'what needs a look comes first'


def test_what_does_not_fit_is_left_out_and_counted() -> None:
    big = ''.join(f'line {n}\n' for n in range(2_000))
    files = tuple(FileReport(f'{n}.py', big, big.upper()) for n in range(20))
    text = render_markdown(Report('1', '', (ProjectReport('p', 'p', files),)), limit=60_000)
    assert len(text) <= 60_000
    assert '`19.py`' in text
    assert 'left out here for their size' in text


def test_empty_report_says_that_it_is_empty() -> None:
    assert 'There was nothing to report on' in render_markdown(Report('1', '', ()))
