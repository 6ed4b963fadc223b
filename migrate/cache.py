"""A file in the user's cache folder that keeps what was worked out, by a key that holds all that it was worked out of.

It only ever saves time: where it can't be read or written, or is not whole, it knows nothing.
"""

from __future__ import annotations

import contextlib
import functools
import hashlib
import os
import sqlite3
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TypeVar

import migrate
import rewriters

_Result = TypeVar('_Result')

_SECONDS_A_DAY = 86_400
_DAYS = 30
"""What was not asked for in so many days is dropped."""
_LARGEST = 256_000_000
"""A file that grew beyond so many bytes is begun anew."""
_AT_ONCE = 500  # SQLite takes 999 values a statement
_DIGEST = 16
_TABLE = 'CREATE TABLE IF NOT EXISTS entries (key BLOB PRIMARY KEY, day INTEGER, value BLOB) WITHOUT ROWID'


class Cache:
    """Values by keys. Every value is stored with its digest: one that was damaged counts as missing."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def find(self, keys: Sequence[bytes]) -> dict[bytes, bytes]:
        """The values of those of the keys that it has."""
        return self._using(lambda database: _find(database, keys)) or {}

    def add(self, values: Mapping[bytes, bytes]) -> None:
        """Keeps the values, and drops what has not been asked for in a long time."""
        if values:
            self._using(lambda database: _add(database, values))

    def _using(self, use: Callable[[sqlite3.Connection], _Result]) -> _Result | None:
        """What `use` makes of the database, in one transaction; None where the database can't be used."""
        try:
            self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            if self._path.is_file() and self._path.stat().st_size > _LARGEST:
                self._path.unlink()
            with contextlib.closing(sqlite3.connect(self._path, timeout=2)) as database, database:
                database.execute('PRAGMA synchronous = OFF')  # what a power cut damages is found by its digest
                database.execute(_TABLE)
                return use(database)
        except (OSError, sqlite3.OperationalError):  # locked, read-only, no space
            return None
        except sqlite3.DatabaseError:
            with contextlib.suppress(OSError):
                self._path.unlink()
            return None


def _find(database: sqlite3.Connection, keys: Sequence[bytes]) -> dict[bytes, bytes]:
    found: dict[bytes, bytes] = {}
    today = _today()
    for start in range(0, len(keys), _AT_ONCE):
        some = keys[start : start + _AT_ONCE]
        marks = ','.join('?' * len(some))
        rows = database.execute(f'SELECT key, day, value FROM entries WHERE key IN ({marks})', some).fetchall()
        found |= {key: value[_DIGEST:] for key, _, value in rows if value[:_DIGEST] == digest(value[_DIGEST:])}
        old = [(today, key) for key, day, _ in rows if day != today]
        if old:
            database.executemany('UPDATE entries SET day = ? WHERE key = ?', old)
    return found


def _add(database: sqlite3.Connection, values: Mapping[bytes, bytes]) -> None:
    today = _today()
    rows = [(key, today, digest(value) + value) for key, value in values.items()]
    database.execute('DELETE FROM entries WHERE day < ?', (today - _DAYS,))
    database.executemany('INSERT OR REPLACE INTO entries VALUES (?, ?, ?)', rows)


def users_cache() -> Cache:
    """The cache of the user who runs the tool."""
    folder = os.environ.get('XDG_CACHE_HOME') or os.environ.get('LOCALAPPDATA') or Path.home() / '.cache'
    return Cache(Path(folder) / 'savedmodel-migrate' / 'sources.sqlite')


def digest(*parts: bytes) -> bytes:
    """The digest of the parts, which tells `ab, c` from `a, bc`."""
    made = hashlib.blake2b(digest_size=_DIGEST)
    for part in parts:
        made.update(len(part).to_bytes(8, 'little'))
        made.update(part)
    return made.digest()


@functools.cache
def tool() -> bytes:
    """What an outcome owes to the tool and the interpreter: changes with every change of either's files."""
    files = sorted(
        (entry.path, entry.stat().st_mtime_ns, entry.stat().st_size)
        for package in (*migrate.__path__, *rewriters.__path__)
        for entry in _files_below(package)
    )
    return digest(repr((migrate.__version__, sys.version, files)).encode())


def _files_below(folder: str) -> Iterator[os.DirEntry[str]]:
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_file():
                yield entry
            elif entry.is_dir() and entry.name != '__pycache__':
                yield from _files_below(entry.path)


def _today() -> int:
    return int(time.time()) // _SECONDS_A_DAY
