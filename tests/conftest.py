"""The order of the tests: what takes long comes first, so that no process is left with it alone at the end."""

from __future__ import annotations

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
    'support/test_session_module.py',
    'rewriters/test_pairs_run.py',
    'migrate/test_estimators.py',
)
"""Files whose tests start a TensorFlow for each or run whole projects, longest first."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    rank = {name: number for number, name in enumerate(LONG_FIRST)}

    def place(item: pytest.Item) -> int:
        name = item.nodeid.partition('::')[0].removeprefix('tests/')
        return rank.get(name, len(rank))

    items.sort(key=place)
