from __future__ import annotations

import base64
import hashlib
from itertools import pairwise
from pathlib import Path

import pytest

from migrate.report import html
from migrate.report.html import render_html
from migrate.report.model import ProjectReport, Report
from migrate.report.sources import FileReport
from rewriters import Confidence, Finding
from rewriters.findings import EXPLANATIONS, Explanation
from tests.migrate.report import samples
from tests.migrate.report.page import Element, parse

OWN_SCRIPT = (Path(html.__file__).parent / 'templates' / 'report.js').read_text(encoding='utf-8')


@pytest.fixture(scope='module')
def page() -> Element:
    return parse(render_html(samples.team_report()))


@pytest.fixture(scope='module')
def hostile() -> Element:
    return parse(render_html(samples.hostile_report()))


def project(page: Element, name: str) -> Element:
    (section,) = [s for s in page.all('section', 'project') if next(s.all('h2')).text == name]
    return section


def one_file(before: str, after: str, **more: object) -> Element:
    file = FileReport('a.py', before, after, **more)  # type: ignore[arg-type]
    return parse(render_html(Report('1', '', (ProjectReport('p', 'p', (file,)),)))).one('details', 'file')


def test_markup_in_the_report_stays_text(hostile: Element, page: Element) -> None:
    assert not [*hostile.all('img')]
    assert [script.text for script in hostile.all('script')] == [OWN_SCRIPT], 'no script but the one that filters'
    assert {element.tag for element in hostile.all()} == {element.tag for element in page.all()}
    assert '<script>alert("1")</script>' in hostile.one('main').text


def test_what_scrolls_in_itself_can_be_reached_by_keyboard() -> None:
    lines = one_file('short = 1\n', f'short = 1\nlong = [{"1, " * 300}]\n').all('code')
    found = {line.text[:5]: ('long' in line.classes, line.attributes.get('tabindex')) for line in lines}
    assert found == {'short': (False, None), 'long ': (True, '0')}


def test_no_other_script_would_run(hostile: Element) -> None:
    (policy,) = [e.attributes['content'] or '' for e in hostile.all('meta') if 'http-equiv' in e.attributes]
    digest = base64.b64encode(hashlib.sha256(OWN_SCRIPT.encode()).digest()).decode()
    assert policy.startswith("default-src 'none';")
    assert f"script-src 'sha256-{digest}';" in policy


def test_page_can_be_stored_whatever_it_shows() -> None:
    html = render_html(samples.hostile_report())
    html.encode('utf-8')
    assert not set(html) & set('\x00\x1b\u202e')
    assert '\\x00' in html
    assert '\\u202e' in html


@pytest.mark.parametrize('report', [samples.team_report(), samples.hostile_report()], ids=['team', 'hostile'])
def test_page_needs_no_network(report: Report) -> None:
    page = parse(render_html(report))
    links = [
        value or '' for element in page.all() for name, value in element.attributes.items() if name in ('src', 'href')
    ]
    assert links
    assert all(link.startswith('#') or link == 'data:,' for link in links)
    assert 'url(' not in page.one('style').text
    assert '@import' not in page.one('style').text


def test_every_link_leads_somewhere_and_every_name_is_given_once(page: Element) -> None:
    ids = [element.attributes['id'] for element in page.all() if 'id' in element.attributes]
    assert len(ids) == len(set(ids))
    assert {(a.attributes['href'] or '')[1:] for a in page.all('a')} <= set(ids)


def test_headings_go_down_step_by_step(page: Element) -> None:
    levels = [int(element.tag[1]) for element in page.all() if element.tag in {'h1', 'h2', 'h3', 'h4', 'h5'}]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(later <= earlier + 1 for earlier, later in pairwise(levels))


def test_tables_say_what_they_are(page: Element) -> None:
    for table in page.all('table'):
        assert next(table.all('caption')).text
        assert all('scope' in heading.attributes for heading in table.all('th'))


def test_every_project_shows_its_state_in_words(page: Element) -> None:
    rows = [row for row in page.one('table', 'projects').all('tr')][1:]
    shown = {next(row.all('th')).text: next(row.all('span', 'badge')).text[1:] for row in rows}
    assert shown == {
        'frozen': 'identical',
        'mnist': 'equal',
        'ranker': 'different',
        'census': 'incompatible',
        'sampler': 'inconclusive',
        'slim': 'error',
        'frozen-again': 'stale',
        'utilities': 'not proven',
    }


def test_every_signature_row_holds_its_verdict(page: Element) -> None:
    sections = [section for section in page.all('section', 'project') if 'converted' not in section.classes]
    tables = [table for section in sections for table in section.all('table', 'signatures')]
    rows = [row for table in tables for row in table.all('tr') if _cell(row, 'Cases')]
    verdicts = [next(_cell(row, 'Verdict')[0].all('span', 'badge')).text[1:] for row in rows]
    assert verdicts == ['identical', 'identical', 'equal', 'different', 'incompatible', 'inconclusive', 'identical']


def test_signature_shows_the_difference_against_the_largest_value(page: Element) -> None:
    text = project(page, 'mnist').one('table', 'signatures').text
    assert '2.38e-07 of 5.1 in scores' in text
    assert 'batch of 8, [5][3]: 0.10000149 → 0.10000173' in text


def test_output_shows_what_may_be_the_cause(page: Element) -> None:
    text = project(page, 'ranker').one('table', 'outputs').text
    assert 'variable "rank/kernel" has other values <5>' in text
    assert 'it would pass with --atol 0.84' in text


def test_signature_shows_a_changed_method_name_and_what_breaks_clients(page: Element) -> None:
    section = project(page, 'census')
    assert 'regress → predict' in section.text
    assert 'breaks clients signature "regress", input "inputs": dtype was string, is float32' in section.text
    assert 'breaks clients asset "vocabulary.txt": is missing in the new model' in section.text


def test_what_a_verdict_does_not_cover_is_shown(page: Element) -> None:
    assert 'not proven nothing is known of "x"' in project(page, 'mnist').one('table', 'signatures').text


def test_outputs_that_need_a_look_are_unfolded(page: Element) -> None:
    assert 'open' in next(project(page, 'ranker').one('table', 'signatures').all('details')).attributes
    assert 'open' not in next(project(page, 'frozen').one('table', 'signatures').all('details')).attributes


def test_log_is_shown_without_its_colours(page: Element) -> None:
    log = project(page, 'slim').one('details', 'log')
    assert 'open' in log.attributes
    assert "\nModuleNotFoundError: No module named 'tensorflow.contrib'" in log.text


def test_stale_proof_says_so(page: Element) -> None:
    assert 'This proof is stale.' in project(page, 'frozen-again').text
    assert 'This proof is stale.' not in project(page, 'frozen').text


def test_missing_proof_says_so(page: Element) -> None:
    assert 'No proof was run for this project' in project(page, 'utilities').text


def test_claims_no_rewrite_that_nobody_wrote(page: Element) -> None:
    # A report reads the files as they are; that a rewrite is to come is one of its next steps.
    for part in (page.one('section', 'tiles'), page.one('table', 'projects')):
        assert 'ewritten' not in part.text
        assert 'to rewrite' in part.text.lower()
    # Of files in the tiles, of sites in the table: the heading says so.
    assert 'Sites to rewrite' in page.one('table', 'projects').text


def test_file_that_could_not_be_read_says_why(page: Element) -> None:
    assert 'Not read, not rewritten. Line 1: Python 2 code; run 2to3 first.' in project(page, 'slim').text


def test_finding_shows_message_advice_and_the_line_it_speaks_of(page: Element) -> None:
    finding = next(project(page, 'census').one('ul', 'findings').all('li'))
    assert 'manual' in finding.text
    assert 'SM301' in finding.text
    assert 'savedmodel-migrate convert' in finding.text
    assert finding.one('pre').text == 'estimator = tf.estimator.DNNClassifier([8], columns)'


def test_export_site_shows_the_forms_that_it_does_not_take(page: Element) -> None:
    frozen, census = project(page, 'frozen').text, project(page, 'census').text
    assert 'not tf.function: the graph of path|name is <imported> (line 18)' in frozen
    assert 'not tf.function or session: its model_fn is inside of TensorFlow' in census


def test_finding_links_to_its_line_in_the_diff(page: Element) -> None:
    section = project(page, 'frozen')
    link = next(a for a in section.all('a') if a.text == 'line 18')
    line = next(e for e in section.all() if e.attributes.get('id') == (link.attributes['href'] or '')[1:])
    assert line.one('code').text == "        inp = g.get_tensor_by_name('x:0')"


def test_finding_outside_the_file_is_shown_without_a_link() -> None:
    finding = Finding('SM999', Confidence.REVIEW, samples.place(7), 'Beyond the end.')
    file = one_file('a\n', 'b\n', findings=(finding,))
    assert 'Beyond the end.' in file.text
    assert not list(file.all('a'))


def test_files_without_findings_are_only_listed(page: Element) -> None:
    quiet = project(page, 'frozen').one('details', 'quiet')
    assert [item.text for item in quiet.all('li')] == ['setup.py', 'frozen/__init__.py']


def test_diff_holds_both_texts_to_the_letter(page: Element) -> None:
    diff = project(page, 'frozen').one('div', 'diff')
    old = [line.one('code').text for line in diff.all(class_='old')]
    folded = [line for fold in diff.all('div', 'folded') for line in fold.all(class_='old')]
    new = [line.one('code').text for line in diff.all(class_='l') if 'new' in line.classes or line in folded]
    assert old == samples.BEFORE.splitlines()
    assert new == samples.AFTER.splitlines()


def test_diff_marks_changed_words() -> None:
    diff = one_file('x = tf.Session()\n', 'x = tf.compat.v1.Session()\n')
    assert [mark.text for mark in diff.all('mark')] == ['compat.v1.']


def test_diff_says_that_the_newline_at_the_end_is_missing() -> None:
    notes = [note.text for note in one_file('a\n', 'a').all('i', 'note')]
    assert notes == ['no newline at end of file']


def test_codes_are_explained(monkeypatch: pytest.MonkeyPatch) -> None:
    links = 'https://a.example/b\nhttps://a.example/c'
    text = f'Its graph is\nnot in the source.\n\n    x <= `y`\n\n    z\n\nbecomes `z`\n\n{links}'
    monkeypatch.setitem(EXPLANATIONS, 'SM301', Explanation('Canned estimator', text))
    page = parse(render_html(samples.team_report()))
    codes = page.one('dl', 'codes')
    assert 'SM301 Canned estimator' in codes.text
    assert [pre.text for pre in codes.all('pre')] == ['    x <= `y`\n\n    z']
    assert [link.attributes['href'] for link in codes.all('a')] == ['https://a.example/b', 'https://a.example/c']
    assert [prose.text for prose in codes.all('p')][:2] == ['Its graph is not in the source.', 'becomes z']


def test_files_of_a_long_report_start_folded() -> None:
    def openness(count: int) -> set[bool]:
        files = tuple(FileReport(f'{i}.py', 'a\n', 'b\n') for i in range(count))
        page = parse(render_html(Report('1', '', (ProjectReport('p', 'p', files),))))
        return {'open' in file.attributes for file in page.all('details', 'file')}

    assert openness(3) == {True}
    assert openness(30) == {False}


def test_every_conversion_shows_its_state_its_place_and_why(page: Element) -> None:
    shown = {}
    for model in page.one('table', 'conversions').all('tbody'):
        if 'data-state' in model.attributes:
            row = next(model.all('tr'))
            verdict = next(row.all('span', 'badge')).text[1:]
            assert model.attributes['data-state'] == verdict
            shown[next(row.all('th')).text] = (verdict, _cell(row, 'In place')[0].text, _cell(row, 'Message')[0].text)
    assert {name: cells[:2] for name, cells in shown.items()} == {
        'forced/1': ('different', 'by --force'),
        'chance/1': ('inconclusive', 'no'),
        'gone/1': ('stale', 'yes'),
        'taxi/2': ('identical', 'yes'),
        'trees/1': ('error', 'no'),
    }
    assert 'needs a BoostedTreesPredict' in shown['trees/1'][2]
    assert 'keep serving it with tensorflow 1' in shown['trees/1'][2]
    assert 'the new model is not there any more' in shown['gone/1'][2]
    assert '{ps}: so it went' in shown['taxi/2'][2]
    assert 'note: gradients do not flow' in shown['taxi/2'][2]


def test_what_was_compared_of_a_conversion_is_there(page: Element) -> None:
    (forced, *_) = page.one('table', 'conversions').all('tbody')
    assert 'open' in next(forced.all('details')).attributes
    assert '3 of 8 elements differ' in forced.text


def test_conversions_that_can_not_be_read_say_so(page: Element) -> None:
    assert 'not a stored Manifest' in [*page.all('section', 'converted')][1].one('p', 'bad').text


def test_conversions_have_filters_of_their_own(page: Element) -> None:
    boxes = [box for box in page.all('input') if box.attributes.get('name') == 'state']
    assert [box.attributes['value'] for box in boxes] == ['identical', 'different', 'inconclusive', 'error', 'stale']


def test_conversions_alone_make_a_report() -> None:
    page = parse(render_html(Report('1', '', (), samples.conversions())))
    assert '1 of 5 models converted, and proven to serve the same.' in page.one('header').text
    assert [tile.one('h2').text.split()[:2] for tile in page.all('div', 'tile')] == [['5', 'Models']]


def test_empty_report_says_that_it_is_empty() -> None:
    page = parse(render_html(Report('1', '', ())))
    assert 'There was nothing to report on' in page.one('header').text
    assert not list(page.all('table'))


def _cell(row: Element, label: str) -> list[Element]:
    return [cell for cell in row.all('td') if cell.attributes.get('data-label') == label]
