"""Magics and shell lines of notebooks: in the script, a call that is given the names that stand in the line."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence

from rewriters import SourceError
from rewriters.source import parse

_MAGIC = re.compile(r'^(\s*)(?:[%!?]|[\w.]+\s*\?\??\s*$|[\w.,\s*]+=\s*[%!])')
_MASKED = re.compile(r'^[ \t]*(?:__ipython_line__\((\d+)([\w., ]*)\)|# __ipython_line__ (\d+))$', re.MULTILINE)
_COMMAND = re.compile(r'([ \t]*__ipython_line__\((\d+))[\w., ]*\)')
_CALL = re.compile(r'__ipython_line__\((\d+)[\w., ]*\)')
_NAME = re.compile(r'(?<![\w.])[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*')
_STRING = re.compile(r"""(["'])[^"'\n]*\1""")
_RUNS_PYTHON = re.compile(r'[\w.,\s*=]*%%?(?:lprun|memit|mprun|prun|time|timeit)\b')

Names = tuple[int, list[str]]
"""The number of a magic, and the names that its call is given."""


def masked_lines(lines: Sequence[str], magics: list[str]) -> str:
    """The lines of a Python cell as Python. Adds to `magics` what was replaced."""
    masked: list[str] = []
    continues = False
    for line in lines:
        match = _MAGIC.match(line)
        if continues:
            masked.append(as_comment(line, magics))
        elif match:
            masked.append(_mask(line, magics, match[1] + '__ipython_line__({})'))
        else:
            masked.append(line)
            continue
        continues = line.endswith('\\')
    return '\n'.join(masked)


def as_comment(line: str, magics: list[str]) -> str:
    """What is no Python, and belongs to what stands before it."""
    return _mask(line, magics, '# __ipython_line__ {}')


def _mask(line: str, magics: list[str], form: str) -> str:
    magics.append(line)
    return form.format(len(magics) - 1)


def with_names(script: str, magics: Sequence[str]) -> str:
    """The script, with the names among the arguments of magics: of what it binds itself, and of TensorFlow's."""
    try:
        nodes = list(ast.walk(parse(script))) if magics else []
    except SourceError:
        return script  # which is said where it is rewritten
    bound = {node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    bound |= {node.name for node in nodes if isinstance(node, ast.FunctionDef | ast.ClassDef)}
    tensorflow = {name for node in nodes for name in _tensorflow_names(node)}

    def named(match: re.Match[str]) -> str:
        command = _command(magics, int(match[2]))
        runs_python = _RUNS_PYTHON.match(command) is not None
        names = {}
        for name in _NAME.findall(_STRING.sub('', command)):
            head, _, rest = name.partition('.')
            if head in bound:
                names[head] = True
            elif head in tensorflow and rest and runs_python:
                names[name] = True
        return f'{", ".join([match[1], *names])})'

    return '\n'.join(_COMMAND.sub(named, line) for line in script.split('\n')) if nodes else script


def _tensorflow_names(node: ast.AST) -> Iterator[str]:
    """The names that an import gives to TensorFlow, or to something of it."""
    if isinstance(node, ast.ImportFrom) and (node.module or '').partition('.')[0] == 'tensorflow':
        yield from (alias.asname or alias.name for alias in node.names)
    elif isinstance(node, ast.Import):
        modules = (alias for alias in node.names if alias.name.partition('.')[0] == 'tensorflow')
        yield from (alias.asname or 'tensorflow' for alias in modules)


def _masked_line(match: re.Match[str]) -> tuple[int, list[str]]:
    """The number of a magic, and the names that its call is given."""
    return int(match[1] or match[3]), [name.strip() for name in (match[2] or '').split(',')[1:]]


def _command(magics: Sequence[str], first: int) -> str:
    """A magic or shell line, with those that it goes on in."""
    return '\n'.join(magics[first : _last(magics, first) + 1])


def _last(magics: Sequence[str], first: int) -> int:
    last = first
    while magics[last].endswith('\\') and last + 1 < len(magics):
        last += 1
    return last


def commands(script: str, magics: Sequence[str]) -> Iterator[tuple[int, str]]:
    """The magics and shell lines of Python cells, whole, and the lines of the script where they start."""
    for number, line in enumerate(script.split('\n'), 1):
        if match := _COMMAND.match(line):
            yield number, _command(magics, int(match[2]))


def masked_names(script: str) -> list[Names]:
    """The magics that stand in a script, in its order."""
    return [_masked_line(match) for match in _MASKED.finditer(script)]


def with_new_names(magics: Sequence[str], was: Sequence[Names], became: Sequence[Names]) -> list[str]:
    """The magics, with the names that their calls are given now."""
    lines = list(magics)
    for (number, before), (_, after) in zip(was, became, strict=True):
        for name, renamed in zip(before, after, strict=True):
            where = re.compile(rf'(?<![\w.]){re.escape(name)}(?!\.?\w)')
            for each in range(number, _last(magics, number) + 1) if renamed != name else ():
                lines[each] = where.sub(renamed, lines[each])
    return lines


def unmasked(script: str, magics: Sequence[str]) -> str:
    """A script with these magics in it."""
    return _MASKED.sub(lambda match: magics[_masked_line(match)[0]], script)


def told(message: str, magics: Sequence[str]) -> str:
    """A message with the magics that it speaks of as they stand."""
    return _CALL.sub(lambda match: magics[int(match[1])].strip(), message)
