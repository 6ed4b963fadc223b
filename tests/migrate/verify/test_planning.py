"""What is run, as far as that is decided before anything runs: no TensorFlow is needed for that."""

from __future__ import annotations

from pathlib import Path

import pytest

from migrate.verify.planning import jobs, plan, read
from migrate.verify.results import Pair

TF1 = Path(__file__).parents[3] / 'sample_projects' / 'add_two_builder' / 'exported_by_tf1' / 'saved-model-builder'


@pytest.mark.parametrize(('both_loaders', 'loaders'), [(False, ['session']), (True, ['object', 'session'])])
def test_a_new_model_that_tensorflow_1_code_wrote_is_loaded_in_both_ways_if_asked_for(
    both_loaders: bool, loaders: list[str]
) -> None:
    pair = Pair(TF1, TF1, both_loaders=both_loaders)
    old, new = jobs(plan(read(TF1), read(TF1), pair), pair)
    assert [job.loader for job in old] == ['session']
    assert [job.loader for job in new] == loaders
