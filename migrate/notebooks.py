"""Notebooks: their code cells as one script, and what became of that script back into the cells that changed.

Magics, shell lines and cells of other languages stand in the script as calls and comments that come back as they were.
A call is given the names that stand in its line: `%time sess.run(y)` needs both, and what is renamed in it is so there.
The file is edited as text: what is not the source of a changed cell stays byte for byte.
"""

from __future__ import annotations

import codecs
import itertools
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from migrate.magics import as_comment, commands, masked_lines, masked_names, told, unmasked, with_names, with_new_names
from rewriters import SourceError
from rewriters.source import parse

_CELL = re.compile(r'# %% cell (\d+)\n?')
_RUN = re.compile(r"""\s*%run\s+(?:-\w+\s+)*(?:"([^"]+)"|'([^']+)'|([^\s"'-]\S*))""")
_PYTHON_CELLS = ('%%time', '%%timeit', '%%capture', '%%prun')
"""Magics of cells that hold Python nevertheless."""
_WRITING_CELLS = ('%%writefile', '%%file')
_IMPORTS_TENSORFLOW = re.compile(r'^[ \t]*(?:import|from)[ \t]+tensorflow\b', re.MULTILINE)
_HEADER = '# %% notebook\n'
"""Keeps a comment about the encoding, which in a notebook means nothing, out of the lines where it would."""
_SPACE = re.compile(r'[ \t\r\n]*')
_DECODER = json.JSONDecoder()


class MovedError(Exception):
    """A rewrite that can't be put back into the cells: it took code from one to another, or a magic away."""


@dataclass(frozen=True)
class _Cell:
    """A code cell: its number among all cells, and where in the file the JSON value of its source stands."""

    number: int
    start: int
    end: int
    source: str


@dataclass(frozen=True)
class Notebook:
    """A notebook as a script. `script` is what the codemod reads; `shown` is the same with magics as they stand."""

    text: str
    has_bom: bool
    cells: tuple[_Cell, ...]
    script: str
    magics: tuple[str, ...]
    other_cells: tuple[tuple[int, str], ...]
    """Lines of the script where cells of other languages start that may use TensorFlow, and their magics."""

    @property
    def shown(self) -> str:
        return self.unmasked(self.script)

    @property
    def runs(self) -> tuple[str, ...]:
        """The scripts and notebooks that it runs by `%run`, as it names them: what they define stands in it, too."""
        matches = map(_RUN.match, self.magics)
        return tuple(match[1] or match[2] or match[3] for match in matches if match is not None)

    @property
    def commands(self) -> Iterator[tuple[int, str]]:
        """The magics and shell lines of its Python cells, whole, and the lines of the script where they start."""
        yield from commands(self.script, self.magics)

    def unmasked(self, script: str) -> str:
        """A script with the magics as they stood, but for what was renamed in them.

        Raises:
            MovedError: one is gone, or stands there twice.
        """
        was, became = masked_names(self.script), masked_names(script)
        if [(number, len(names)) for number, names in became] != [(number, len(names)) for number, names in was]:
            raise MovedError('a magic or shell line would move')
        return unmasked(script, with_new_names(self.magics, was, became))

    def told(self, message: str) -> str:
        """A message with the magics that it speaks of as they stand."""
        return told(message, self.magics)

    def with_script(self, script: str) -> bytes:
        """The file with this script in its cells.

        Raises:
            MovedError: the cells can't be told apart in it any more.
        """
        parts = _CELL.split(self.unmasked(script))
        if parts[0] != _HEADER or parts[1::2] != [str(cell.number) for cell in self.cells]:
            raise MovedError('code would move from one cell to another')
        text = self.text
        sources = _where_they_belong(self.cells, [part.removesuffix('\n') for part in parts[2::2]])
        for cell, part in reversed(list(zip(self.cells, sources, strict=True))):
            source = _as_it_ended(part, cell.source)
            if source != cell.source:
                text = text[: cell.start] + self._encoded(cell, source) + text[cell.end :]
        data = text.encode('utf-8')
        return codecs.BOM_UTF8 + data if self.has_bom else data

    def _encoded(self, cell: _Cell, source: str) -> str:
        """The JSON of a cell's source, laid out as it was; lines that stay keep their spelling."""
        raw = self.text[cell.start : cell.end]
        is_ascii = self.text.isascii() and '\\u' in self.text
        if not raw.startswith('['):
            return json.dumps(source, ensure_ascii=is_ascii)
        spans = list(_elements(raw, 0))
        known = {_DECODER.raw_decode(raw, start)[0]: raw[start:end] for start, end in spans}
        opening = raw[: spans[0][0]] if spans else '['
        between = [raw[end:start] for (_, end), (start, _) in itertools.pairwise(spans)] or [f',{opening[1:]}']
        closing = raw[spans[-1][1] :] if spans else ']'
        encoded = opening
        for number, line in enumerate(line for line in re.split(r'(?<=\n)', source) if line):
            separator = between[min(number, len(between)) - 1] if number else ''
            encoded += separator + (known.get(line) or json.dumps(line, ensure_ascii=is_ascii))
        return encoded + closing


def read(source: bytes) -> Notebook:
    """Reads a notebook.

    Raises:
        SourceError: it is none, or a cell of it does not parse as Python 3.
    """
    has_bom = source.startswith(codecs.BOM_UTF8)
    try:
        text = source.removeprefix(codecs.BOM_UTF8).decode('utf-8')
        content = json.loads(text)
        if content.get('nbformat', 0) < 4:
            raise SourceError('is a notebook of an old format', 0, 'Open it in Jupyter and save it, then run again.')
        cells = tuple(_code_cells(text, content))
    except (UnicodeDecodeError, ValueError, AttributeError, TypeError, KeyError, RecursionError) as error:
        raise SourceError(f'is not a notebook: {error}') from None
    return _assembled(text, has_bom, cells, _language(content))


def place_in_cell(script: str, line: int) -> tuple[int, int]:
    """The cell that a line of a script is in, and its number there."""
    lines = script.split('\n')
    for number in range(min(line, len(lines)), 0, -1):
        match = _CELL.match(lines[number - 1])
        if match:
            return int(match[1]), max(line - number, 1)
    return 1, line


def line_in_cell(script: str, line: int) -> str:
    """What a line of a script is called where people read of it."""
    return 'cell {}, line {}'.format(*place_in_cell(script, line))


def _where_they_belong(cells: Sequence[_Cell], parts: list[str]) -> list[str]:
    """What was put before a cell's first statement belongs to that cell, and not to the end of the one before."""
    parts = list(parts)
    for number in range(len(parts) - 1):
        before, after = cells[number].source.rstrip('\n'), cells[number + 1].source
        added = parts[number].removeprefix(before)
        is_changed = parts[number + 1] != after and not after.lstrip().startswith('%%')
        if is_changed and parts[number].startswith(before) and added.startswith('\n') and added.strip():
            parts[number] = cells[number].source
            parts[number + 1] = f'{added.strip(chr(10))}\n\n\n{parts[number + 1]}'
    return parts


def _as_it_ended(source: str, before: str) -> str:
    """A cell without the blank lines that a rewrite left at its edges, where it had none."""
    source = source if before.startswith('\n') else source.lstrip('\n')
    return source if before.endswith('\n') else source.rstrip('\n')


def _language(content: Any) -> str:
    metadata = content.get('metadata', {})
    kernel = metadata.get('kernelspec', {}).get('language') or metadata.get('language_info', {}).get('name')
    return str(kernel or 'python').lower()


def _assembled(text: str, has_bom: bool, cells: tuple[_Cell, ...], language: str) -> Notebook:
    script = _HEADER
    magics: list[str] = []
    others: list[tuple[int, str]] = []
    if language not in ('python', 'ipython', 'python3'):
        cells = ()
    for cell in cells:
        start = script.count('\n') + 2  # below the line that names the cell
        source, magic = _masked(cell.source, magics)
        if magic and _may_use_tensorflow(cell.source, magic):
            others.append((start, magic))
        script += f'# %% cell {cell.number}\n{source}\n'
    return Notebook(text, has_bom, cells, with_names(script, magics), tuple(magics), tuple(others))


def _may_use_tensorflow(source: str, magic: str) -> bool:
    """Whether a cell of another language may; requirements and settings that a cell writes only name it."""
    if magic not in _WRITING_CELLS:
        return 'tensorflow' in source
    target = source.split('%%', 1)[1].split('\n', 1)[0].strip(' \t\r\'"')
    return _IMPORTS_TENSORFLOW.search(source) is not None or (target.endswith('.py') and 'tensorflow' in source)


def _masked(source: str, magics: list[str]) -> tuple[str, str]:
    """A cell as Python; of a cell in another language comments, and its magic. Adds to `magics` what was replaced."""
    lines = source.split('\n')
    first = next((line.strip() for line in lines if line.strip()), '')
    if first.startswith('%%') and not first.startswith(_PYTHON_CELLS):
        return '\n'.join(as_comment(line, magics) for line in lines), first.split()[0]
    if not first.startswith('%') and _parses(source):
        return source, ''
    return masked_lines(lines, magics), ''


def _parses(source: str) -> bool:
    try:
        parse(source)
    except SourceError:
        return False
    return True


def _code_cells(text: str, content: Any) -> Iterator[_Cell]:
    spans = [span for key, *span in _members(text, _skip(text, 0)) if key == 'cells'][-1:]
    if not spans:
        raise ValueError('it has no cells')
    for number, ((start, _), cell) in enumerate(zip(_elements(text, spans[0][0]), content['cells'], strict=True), 1):
        if cell.get('cell_type') != 'code':
            continue
        source_start, source_end = [span for key, *span in _members(text, start) if key == 'source'][-1]
        source = cell['source']
        yield _Cell(number, source_start, source_end, source if isinstance(source, str) else ''.join(source))


def _members(text: str, start: int) -> Iterator[tuple[str, int, int]]:
    """The members of the JSON object at `start`: their keys, and where their values stand."""
    position = _skip(text, start + 1)
    while text[position] != '}':
        key, position = _DECODER.raw_decode(text, position)
        value = _skip(text, _skip(text, position) + 1)
        end = _DECODER.raw_decode(text, value)[1]
        yield key, value, end
        position = _skip(text, end)
        if text[position] == ',':
            position = _skip(text, position + 1)


def _elements(text: str, start: int) -> Iterator[tuple[int, int]]:
    """Where the elements of the JSON array at `start` stand."""
    position = _skip(text, start + 1)
    while text[position] != ']':
        end = _DECODER.raw_decode(text, position)[1]
        yield position, end
        position = _skip(text, end)
        if text[position] == ',':
            position = _skip(text, position + 1)


def _skip(text: str, position: int) -> int:
    match = _SPACE.match(text, position)
    assert match is not None
    return match.end()
