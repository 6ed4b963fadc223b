"""Settings: the table [tool.savedmodel-migrate] of the nearest pyproject.toml that has one."""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rewriters.options import Version

_NAME = 'savedmodel-migrate'
_TABLE = f'tool.{_NAME}'
_MENTIONED = re.compile('saved[-_]?models?[-_]?migrate', re.IGNORECASE)
"""The name of the table, or what others are tempted to call it."""
_SETTINGS = (
    'exclude',
    'forms',
    'ignore',
    'include',
    'per-file-ignores',
    'prove',
    'select',
    'session-module',
    'target-version',
)
AUTO = 'auto'


class ConfigError(Exception):
    """Settings that can't be read; the message names the file and the key."""


@dataclass(frozen=True)
class ProveSettings:
    """How to run a project, and where its models and arrays come out. All paths are relative to the project."""

    run: tuple[str, ...]
    """Commands, run one after the other; `python` stands for the interpreter of the side."""
    models: tuple[str, ...]
    """SavedModel directories; of those that match a glob, the newest by name."""
    arrays: tuple[str, ...] = ()
    """Files in numpy's .npy format, for projects that run models."""
    old_exports: str | None = None
    """The folder with what TensorFlow 1 exported: `<old_exports>/<model>`, `<old_exports>/<array>`."""
    timeout: float = 600.0
    """Seconds that one command may take."""

    @property
    def results(self) -> tuple[str, ...]:
        """The names of everything that is compared, models first."""
        return (*self.models, *self.arrays)


@dataclass(frozen=True)
class Settings:
    """What a project has set. `folder` is where its pyproject.toml stands, or where one was looked for in vain."""

    folder: Path
    exclude: tuple[str, ...] = ()
    """Globs of files and folders to leave alone, relative to `folder`."""
    prove: ProveSettings | None = None
    target_version: Version | str | None = None
    """The TensorFlow that rewritten code is for; `auto` reads it from the project's requirements."""
    session_module: str | None = None
    """Where the support module of sessions is put, relative to `folder`; None: beside what imports it."""
    include: tuple[str, ...] = ()
    """Globs of files that hold Python though their names don't end so, relative to `folder`."""
    select: tuple[str, ...] = ()
    """The codes of findings that are wanted, or how they begin; all if there are none."""
    ignore: tuple[str, ...] = ()
    """The codes of findings that are not wanted, or how they begin."""
    forms: tuple[str, ...] = ()
    """The forms that rewritten exports may take; all if there are none."""
    per_file_ignores: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """Globs of files, relative to `folder`, and the codes that are not wanted in them."""


def load_settings(start: Path) -> Settings:
    """Returns the settings that apply to the file or folder `start`."""
    start = start.resolve()
    for folder in (start, *start.parents):
        settings = read_settings(folder)
        if settings:
            return settings
    return Settings(start if start.is_dir() else start.parent)


def read_settings(folder: Path) -> Settings | None:
    """Returns the settings in the pyproject.toml of `folder`; None if it has none."""
    path = folder / 'pyproject.toml'
    try:
        text = path.read_text(encoding='utf-8')
        if not _MENTIONED.search(text):
            return None  # a tree holds many of other projects, and a parser takes its time with each
        document = _toml(text)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, ValueError) as error:
        raise ConfigError(f'{path}: {error}') from error
    tools = document.get('tool')
    tools = tools if isinstance(tools, dict) else {}
    for name in [*document, *(f'tool.{name}' for name in tools)]:
        if name != _TABLE and _MENTIONED.fullmatch(name.removeprefix('tool.')):
            raise ConfigError(f'{path}: [{name}]: there is no such table; did you mean [{_TABLE}]?')
    content = tools.get(_NAME)
    if content is None:
        return None
    table = _Table(path, _TABLE, content, known=_SETTINGS)
    return Settings(
        folder,
        table.globs('exclude'),
        _prove_settings(table),
        _target_version(table),
        _session_module(table),
        table.globs('include'),
        _codes(table, 'select', table.some_strings('select')),
        _codes(table, 'ignore', table.strings('ignore')),
        _forms(table),
        _per_file_ignores(table),
    )


def parse_target_version(text: str) -> Version | str:
    """`2.15` as a version; `auto` as it is.

    Raises:
        ValueError: it is neither, or a version that rewritten code can't be for.
    """
    from rewriters.options import NEWEST_TARGET, OLDEST_TARGET

    if text == AUTO:
        return AUTO
    match = re.fullmatch(r'(\d+)\.(\d+)(?:\.\d+)?', text)
    version = (int(match[1]), int(match[2])) if match else (0, 0)
    if not OLDEST_TARGET <= version <= NEWEST_TARGET:
        oldest, newest = ('.'.join(map(str, version)) for version in (OLDEST_TARGET, NEWEST_TARGET))
        raise ValueError(f'must be a version from {oldest} to {newest}, or {AUTO}, not {text!r}')
    return version


def _toml(text: str) -> dict[str, Any]:
    if sys.version_info >= (3, 11):
        import tomllib
    else:
        import tomli as tomllib

    document: dict[str, Any] = tomllib.loads(text)
    return document


def _target_version(table: _Table) -> Version | str | None:
    value = table.string('target-version')
    try:
        return None if value is None else parse_target_version(value)
    except ValueError as error:
        raise table.error('target-version', str(error)) from None


def _session_module(table: _Table) -> str | None:
    value = table.string('session-module')
    if value is None:
        return None
    path = PurePosixPath(table.inner_path('session-module', value))
    if path.name != 'session_module.py' or not all(part.isidentifier() for part in path.parent.parts):
        raise table.error('session-module', f'must be a path like package/session_module.py, not {value!r}')
    return str(path)


def _codes(table: _Table, key: str, given: tuple[str, ...]) -> tuple[str, ...]:
    codes = tuple(code.strip().upper() for code in given)
    if codes:
        from rewriters.explanations import EXPLANATIONS  # brings every code, which most runs need not wait for

        for code in codes:
            if not any(known.startswith(code) for known in EXPLANATIONS):
                raise table.error(key, f'there is no code {code}; {_nearest(code, tuple(EXPLANATIONS))}')
    return codes


def _forms(table: _Table) -> tuple[str, ...]:
    from rewriters.options import FORMS

    forms = table.some_strings('forms')
    for form in forms:
        if form not in FORMS:
            raise table.error('forms', f'there is no form {form!r}; {_nearest(form, FORMS)}')
    return forms


def _per_file_ignores(parent: _Table) -> tuple[tuple[str, tuple[str, ...]], ...]:
    content = parent.content.get('per-file-ignores', {})
    # Its keys are globs, and so any.
    table = _Table(parent.path, f'{_TABLE}.per-file-ignores', content, known=None)
    return tuple((table.glob(glob, glob), _codes(table, glob, table.strings(glob))) for glob in table.content)


def _prove_settings(parent: _Table) -> ProveSettings | None:
    content = parent.content.get('prove')
    if content is None:
        return None
    table = _Table(parent.path, f'{_TABLE}.prove', content, known=('run', 'models', 'arrays', 'old-exports', 'timeout'))
    arrays = tuple(table.inner_path('arrays', array) for array in table.strings('arrays'))
    models = tuple(table.inner_path('models', model) for model in table.strings('models', required=not arrays))
    old_exports = table.string('old-exports')
    return ProveSettings(
        run=table.strings('run', required=True),
        models=models,
        arrays=arrays,
        old_exports=None if old_exports is None else table.inner_path('old-exports', old_exports),
        timeout=table.seconds('timeout', default=ProveSettings.timeout),
    )


class _Table:
    """One table of the file: hands out its values with the right types, and knows how to complain about them."""

    def __init__(self, path: Path, name: str, content: object, known: tuple[str, ...] | None) -> None:
        self.path = path
        self.name = name
        if not isinstance(content, Mapping):
            raise ConfigError(f'{path}: {name} must be a table')
        self.content: Mapping[str, Any] = content
        for key in content:
            if known is not None and key not in known:
                raise self.error(key, f'there is no such setting; {_nearest(key, known)}')

    def error(self, key: str, message: str) -> ConfigError:
        return ConfigError(f'{self.path}: [{self.name}] {key}: {message}')

    def strings(self, key: str, required: bool = False) -> tuple[str, ...]:
        value = self.content.get(key, [])
        if not isinstance(value, list) or not all(isinstance(item, str) and item.strip() for item in value):
            raise self.error(key, f'must be a list of strings, not {value!r}')
        if required and not value:
            raise self.error(key, 'must be given, and not be empty')
        return tuple(value)

    def some_strings(self, key: str) -> tuple[str, ...]:
        """None if the key is not there; a list that is there and empty would seem to mean none, too."""
        if self.content.get(key) == []:
            raise self.error(key, 'must not be empty; leave it out to have all')
        return self.strings(key)

    def globs(self, key: str) -> tuple[str, ...]:
        return tuple(self.glob(key, glob) for glob in self.strings(key))

    def glob(self, key: str, value: str) -> str:
        """Checks that a glob can match something inside the project."""
        if value.startswith('!'):
            raise self.error(key, f"{value!r}: a glob can't take back what another one matches")
        if '..' in PurePosixPath(value).parts or '\\' in value:
            raise self.error(key, f'{value!r}: must be a glob for paths inside the project, with slashes')
        return value

    def string(self, key: str) -> str | None:
        value = self.content.get(key)
        if value is not None and not (isinstance(value, str) and value):
            raise self.error(key, f'must be a string, not {value!r}')
        return value

    def seconds(self, key: str, default: float) -> float:
        value = self.content.get(key, default)
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value < float('inf'):
            raise self.error(key, f'must be a number of seconds above 0, not {value!r}')
        return float(value)

    def inner_path(self, key: str, value: str) -> str:
        """Checks that `value` names something inside the project, and takes out what is redundant in it."""
        path = PurePosixPath(value)
        if path.is_absolute() or '..' in path.parts or not path.parts:
            raise self.error(key, f'must be a path inside the project, not {value!r}')
        return str(path)


def _nearest(key: str, known: tuple[str, ...]) -> str:
    import difflib

    names = {name.lower(): name for name in known}
    matches = difflib.get_close_matches(key.replace('_', '-').lower(), names, n=1, cutoff=0.5)
    return f'did you mean {names[matches[0]]}?' if matches else f'there are {", ".join(known)}'
