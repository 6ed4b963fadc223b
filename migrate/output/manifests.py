"""Verifies many pairs of models for `verify --manifest`: reads what is asked for, writes a line for each pair."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import click

from migrate import __version__, interrupts
from migrate.files import naming
from migrate.output import exits
from migrate.output.progress import Bar
from migrate.report.plain import SCHEMA_VERSION, plain
from migrate.report.text import visible
from migrate.saved_model.fingerprint import fingerprint
from migrate.verify import InputFile, Pair, Verdict, Verification, verify_pairs

_KEYS = {'old', 'new', 'seed', 'inputs', 'tags'}
_FINE = (Verdict.IDENTICAL, Verdict.EQUAL)


def read_manifest(path: Path, **options: Any) -> list[Pair]:
    """The pairs in a file of JSON lines: `{"old": …, "new": …}`; paths are relative to its folder.

    `options` are fields of Pair that are the same for all.
    """
    try:
        lines = path.read_text(encoding='utf-8').splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise exits.Failure(f'{path}: {error}') from error
    pairs = []
    for number, line in enumerate(lines, 1):
        if line.strip():
            try:
                pairs.append(_pair(json.loads(line), path.parent, options))
            except ValueError as error:
                raise exits.Failure(f'{path}, line {number}: {error}') from error
    return pairs


def _pair(entry: Any, folder: Path, options: Mapping[str, Any]) -> Pair:
    if not isinstance(entry, dict) or not {'old', 'new'} <= entry.keys() <= _KEYS:
        raise ValueError(f'it must be an object with "old" and "new", and may have {", ".join(sorted(_KEYS))}')
    old, new, seed, inputs = entry['old'], entry['new'], entry.get('seed', 0), entry.get('inputs', [])
    if not (isinstance(old, str) and isinstance(new, str) and isinstance(seed, int) and isinstance(inputs, list)):
        raise ValueError('"old" and "new" are paths, "seed" is a whole number, "inputs" is a list of paths')
    files = tuple(InputFile(folder / str(file)) for file in inputs)
    tags = entry.get('tags', [])
    if not (isinstance(tags, list) and all(isinstance(tag, str) for tag in tags)):
        raise ValueError('"tags" is a list of tags, of the tag set that is compared')
    given = {**options, 'tags': frozenset(tags)} if tags else options
    return Pair(folder / old, folder / new, seed, files, **given)


def verify_manifest(pairs: Sequence[Pair], output: Path | None, style: str, **options: Any) -> int:
    """Verifies the pairs, except those whose result is in `output` already; appends the others to it."""
    digests = [_digest(pair) for pair in pairs]
    known = _known(output) if output else {}
    done = {number: known[digest] for number, digest in enumerate(digests) if digest in known}
    todo = [number for number in range(len(pairs)) if number not in done]
    rest = '; the same command goes on with the others' if output else ''
    with (
        interrupts.saying(lambda: f'{len(done)} of {len(pairs)} pairs are verified{rest}'),
        Bar(len(pairs), 'pairs', len(done)) as bar,
    ):
        if done:
            bar.say(f'{len(done)} of {len(pairs)} pairs are verified already')
        for place, verification in verify_pairs([pairs[number] for number in todo], progress=bar.say, **options):
            number = todo[place]
            done[number] = verification.verdict
            with bar.one_more():
                _show(pairs[number], verification, style)
            if output:
                _append(output, digests[number], verification)
    if style == 'text':
        _show_sum(done.values())
    return exits.worst(*(verdict.exit_code for verdict in done.values()))


def _show(pair: Pair, verification: Verification, style: str) -> None:
    if style == 'json':
        click.echo(json.dumps(plain(verification), allow_nan=False))
        return
    click.echo(visible(f'{verification.verdict.value:<12}  {pair.old}  {pair.new}'))
    if verification.verdict not in _FINE:
        click.echo(visible(f'    {verification.message}'))


def _show_sum(verdicts: Any) -> None:
    counts = Counter(verdicts)
    parts = [f'{counts[verdict]} {verdict.value}' for verdict in Verdict if counts[verdict]]
    total = sum(counts.values())
    click.echo(f'{total} pair{"" if total == 1 else "s"}: {", ".join(parts) or "nothing to do"}')


def _digest(pair: Pair) -> str:
    """What tells whether a result still holds: both models, the inputs, how strictly they are compared."""
    settings = [pair.seed, *(fingerprint(file.path) for file in pair.inputs), plain(pair.tolerances), pair.both_loaders]
    settings += sorted(pair.tags or ())
    text = json.dumps([str(pair.old), str(pair.new), fingerprint(pair.old), fingerprint(pair.new), settings])
    return hashlib.sha256(text.encode()).hexdigest()


def _known(output: Path) -> dict[str, Verdict]:
    """The verdicts of a file that `verify` wrote before. A line that was cut short counts as not there."""
    return {entry['digest']: Verdict(entry['verification']['verdict']) for entry in _entries(output)}


def _entries(output: Path) -> Iterator[Mapping[str, Any]]:
    if not output.exists():
        return
    for line in output.read_text(encoding='utf-8', errors='replace').splitlines():
        try:
            entry = json.loads(line)
        except ValueError:
            continue
        # What did not run may do so another time.
        if entry.get('tool_version') == __version__ and entry['verification']['verdict'] != Verdict.ERROR.value:
            yield entry


def _append(output: Path, digest: str, verification: Verification) -> None:
    entry = {'schema_version': SCHEMA_VERSION, 'tool_version': __version__, 'digest': digest}
    with naming(output), output.open('a', encoding='utf-8') as file:
        file.write(json.dumps(entry | {'verification': plain(verification)}, allow_nan=False) + '\n')
