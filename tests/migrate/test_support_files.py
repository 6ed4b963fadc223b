"""Where a support module is placed: where the import statement of the rewritten file finds it."""

from __future__ import annotations

from pathlib import Path

import pytest

from migrate.support_files import SupportFileError, check_support_files, support_path

PACKAGE = {'a/__init__.py': '', 'a/b/__init__.py': '', 'a/b/c.py': ''}


def make(folder: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)


@pytest.mark.parametrize(
    ('files', 'rewritten', 'expected'),
    [
        ({'export.py': ''}, 'export.py', '.'),
        ({'export/train.py': ''}, 'export/train.py', 'export'),
        ({'model/__init__.py': '', 'model/train.py': ''}, 'model/train.py', '.'),
        ({'a/__init__.py': '', 'a/b/__init__.py': '', 'a/b/train.py': ''}, 'a/b/train.py', '.'),
        ({'a/__init__.py': '', 'a/b.py': 'from a import c\nimport os, json\n', 'a/c.py': ''}, 'a/b.py', '.'),
        ({'a/__init__.py': '', 'a/b.py': 'from . import c\nfrom .c import d\n', 'a/c.py': ''}, 'a/b.py', '.'),
        ({'a/__init__.py': '', 'a/b.py': 'import logging\n', 'a/logging.py': ''}, 'a/b.py', '.'),
        # Folders that no import statement can name, or whose modules import each other as scripts do.
        ({'train-mnist/__init__.py': '', 'train-mnist/train.py': ''}, 'train-mnist/train.py', 'train-mnist'),
        ({'a/__init__.py': '', 'a/main.py': 'import util\n', 'a/util.py': ''}, 'a/util.py', 'a'),
        ({'a/__init__.py': '', 'a/main.py': 'if 1:\n    from util import x\n', 'a/util.py': ''}, 'a/main.py', 'a'),
        (
            {'a/__init__.py': '', 'a/main.py': 'import util\n', 'a/util.py': '', 'a/b/__init__.py': '', 'a/b/c.py': ''},
            'a/b/c.py',
            'a',
        ),
        # Roots of projects, whose packages are imported and not they themselves.
        ({**PACKAGE, 'a/setup.py': 'setup(packages=find_packages())'}, 'a/b/c.py', 'a'),
        ({**PACKAGE, 'a/setup.cfg': '[metadata]\nname = b\n'}, 'a/b/c.py', 'a'),
        ({**PACKAGE, 'a/pyproject.toml': '[project]\nname = "b"\n'}, 'a/b/c.py', 'a'),
        ({**PACKAGE, 'a/pyproject.toml': '[tool.poetry]\nname = "b"\n'}, 'a/b/c.py', 'a'),
        # Such files that make no project of the folder, or one that is the package.
        ({**PACKAGE, 'a/setup.py': 'setup(ext_modules=cythonize("nms.pyx"))'}, 'a/b/c.py', '.'),
        ({**PACKAGE, 'a/setup.py': "setup(package_dir={'a': ''}, packages=['a'])"}, 'a/b/c.py', '.'),
        ({**PACKAGE, 'a/setup.cfg': '[flake8]\n', 'a/pyproject.toml': '[tool.ruff]\n'}, 'a/b/c.py', '.'),
    ],
)
def test_place(files: dict[str, str], rewritten: str, expected: str, tmp_path: Path) -> None:
    make(tmp_path, files)
    assert support_path(tmp_path / rewritten, 'session_module') == tmp_path / expected / 'session_module.py'


def test_nothing_is_placed_outside_of_a_repository(tmp_path: Path) -> None:
    repository = tmp_path / 'albert'
    make(repository, {'__init__.py': '', 'export.py': '', '.git/HEAD': '', 'scripts/export.py': ''})
    with pytest.raises(SupportFileError, match=r'package albert, which is the whole repository: .*__init__\.py'):
        check_support_files(repository / 'export.py', ['session_module'])
    check_support_files(repository / 'scripts' / 'export.py', ['session_module'])
