"""For all tests: a cache of their own, and their order: long ones first, so that no process ends with one of them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

LONG_FIRST = (
    'migrate/test_prove.py',
    'migrate/test_prove_catches.py',
    'migrate/verify/test_verify.py',
    'rewriters/test_kept_sessions.py',
    'rewriters/test_loads_run.py',
    'rewriters/test_estimator_run.py',
    'migrate/verify/test_evidence.py',
    'rewriters/test_names_contrib_homes.py',
    'rewriters/test_pairs_run.py',
    'migrate/test_estimators.py',
)
"""Files whose tests start a TensorFlow for each or run whole projects, longest first."""


@pytest.fixture(autouse=True, scope='session')
def _own_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv('XDG_CACHE_HOME', str(tmp_path_factory.mktemp('cache')))
        yield


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    rank = {name: number for number, name in enumerate(LONG_FIRST)}

    def place(item: pytest.Item) -> int:
        name = item.nodeid.partition('::')[0].removeprefix('tests/')
        return rank.get(name, len(rank))

    items.sort(key=place)
