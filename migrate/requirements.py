"""What a project requires of TensorFlow, as its files say it: requirements, pyproject, setup, Pipfile, environment."""

from __future__ import annotations

import ast
import configparser
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from packaging.requirements import InvalidRequirement, Requirement
from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.version import InvalidVersion, Version

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

_NAMES = re.compile(r'(intel[-_.])?tensorflow([-_.](cpu|gpu|rocm|macos|intel|aarch64))?', re.IGNORECASE)
_TENSORFLOWS_2 = [f'2.{minor}.{patch}' for minor in range(30) for patch in range(5)]
_CONDA = re.compile(r'\s*-\s*["\']?([\w.-]+(?:\[[^]]*\])?)\s*([^"\'#]*)["\']?\s*(?:#.*)?')


def tensorflow_requirements(folder: Path) -> list[SpecifierSet]:
    """The versions that each mention of TensorFlow allows, in the nearest folder around `folder` that has any.

    What stands outside of the repository is not looked at; a file that can't be read says nothing.
    """
    folder = folder.resolve()
    for parent in (folder, *folder.parents):
        found = [specifiers for file, read in _files(parent) for specifiers in _read(file, read)]
        if found or (parent / '.git').exists():
            return found
    return []


def asks_for_tensorflow_1(word: str) -> bool:
    """Whether a word of a command is a requirement that no TensorFlow 2 meets; `tensorflow=1.15` is conda's."""
    spelled = re.sub(r'(?<![=<>~!])=(?!=)', '==', word.strip('\'"'))
    return any(not any(specifiers.filter(_TENSORFLOWS_2)) for specifiers in _requirement(spelled, bare=False))


_Reader = Callable[[str], Iterable[SpecifierSet]]


def _files(folder: Path) -> Iterator[tuple[Path, _Reader]]:
    lists = [*folder.glob('*requirements*.txt'), *folder.glob('requirements/*.txt')]
    yield from ((file, _requirements_txt) for file in sorted(lists))
    yield folder / 'pyproject.toml', _pyproject
    yield folder / 'setup.cfg', _setup_cfg
    yield folder / 'setup.py', _setup_py
    yield folder / 'Pipfile', _pipfile
    yield from ((file, _environment) for file in sorted(folder.glob('environment*.y*ml')))


def _read(file: Path, read: _Reader) -> list[SpecifierSet]:
    try:
        return list(read(file.read_text(encoding='utf-8')))
    except (OSError, ValueError, SyntaxError, configparser.Error, RecursionError):
        return []


def _requirements_txt(text: str) -> Iterator[SpecifierSet]:
    for line in text.splitlines():
        yield from _requirement(re.sub(r'(^|\s)#.*|\s--.*|\\$', '', line))


def _pyproject(text: str) -> Iterator[SpecifierSet]:
    document = tomllib.loads(text)
    project, poetry = document.get('project', {}), document.get('tool', {}).get('poetry', {})
    extras, groups = project.get('optional-dependencies'), document.get('dependency-groups')
    for section in (project.get('dependencies'), extras, groups):
        for line in _strings(section):
            yield from _requirement(line)
    tables = [group.get('dependencies', {}) for group in poetry.get('group', {}).values()]
    for table in (poetry.get('dependencies', {}), poetry.get('dev-dependencies', {}), *tables):
        yield from _table(table)


def _setup_cfg(text: str) -> Iterator[SpecifierSet]:
    parser = configparser.ConfigParser(interpolation=None)
    parser.read_string(text)
    for section in parser.values():
        is_extras = section.name == 'options.extras_require'
        for key, value in section.items():
            if is_extras or key in ('install_requires', 'setup_requires', 'tests_require'):
                yield from _requirements_txt(value)


def _setup_py(text: str) -> Iterator[SpecifierSet]:
    """Every literal that reads as a requirement of TensorFlow, wherever setup() gets it from."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and '\n' not in node.value:
            yield from _requirement(node.value, bare=False)


def _pipfile(text: str) -> Iterator[SpecifierSet]:
    document = tomllib.loads(text)
    for section in ('packages', 'dev-packages'):
        yield from _table(document.get(section, {}))


def _environment(text: str) -> Iterator[SpecifierSet]:
    """Lines of conda (`tensorflow=2.10`, `tensorflow >=2.4,<2.16`) and of pip; read as lines, to need no YAML."""
    for line in text.splitlines():
        match = _CONDA.fullmatch(line)
        if match and _NAMES.fullmatch(match[1].partition('[')[0]):
            version = re.sub(r'\s+', '', match[2])
            # What comes after a second = is conda's build string.
            exact = re.fullmatch(r'=([\d.]+?)(?:\.?\*)?(?:=.*)?', version)
            yield from _specifiers(f'=={exact[1].rstrip(".")}.*' if exact else version)


def _table(table: Mapping[str, Any]) -> Iterator[SpecifierSet]:
    """`tensorflow = "^2.10"` and `tensorflow = {version = "~=2.10", extras = […]}`, one or several."""
    for name, value in table.items():
        if _NAMES.fullmatch(name):
            for each in value if isinstance(value, list) else [value]:
                version = each.get('version', '*') if isinstance(each, Mapping) else each
                if isinstance(version, str):
                    yield from _specifiers(version)


def _requirement(line: str, bare: bool = True) -> Iterator[SpecifierSet]:
    """`bare` says that a name without versions is one too."""
    try:
        requirement = Requirement(line.strip())
    except InvalidRequirement:
        return
    if _NAMES.fullmatch(requirement.name) and (bare or requirement.specifier):
        yield requirement.specifier


def _specifiers(text: str) -> Iterator[SpecifierSet]:
    parts = [_poetry_range(part.strip()) for part in text.split(',')]
    try:
        yield SpecifierSet(','.join(part for part in parts if part not in ('', '*')))
    except (InvalidSpecifier, InvalidVersion):
        return


def _poetry_range(part: str) -> str:
    """`^2.10` is `>=2.10,<3`, `~2.10` is `>=2.10,<2.11`; a plain version is itself."""
    if re.fullmatch(r'\d+(\.\d+)*', part):
        return f'=={part}'
    if re.fullmatch(r'\d+(\.\d+)*\.\*', part):
        return f'=={part}'
    if not part.startswith(('^', '~')) or part.startswith('~='):
        return part
    version = Version(part[1:])
    is_caret_or_major = part.startswith('^') or len(version.release) == 1
    upper = f'{version.major + 1}' if is_caret_or_major else f'{version.major}.{version.minor + 1}'
    return f'>={version},<{upper}'


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from _strings(item)
    elif isinstance(value, list):
        for item in value:
            yield from _strings(item)
