"""Models that are damaged: whatever is read of them, no error comes out but the one that says so."""

from __future__ import annotations

import random
import shutil
from pathlib import Path

import pytest

from migrate.saved_model.reading import ModelError
from migrate.verify.planning import jobs, knowledge, plan, read
from migrate.verify.results import Pair

SAMPLES = Path(__file__).parents[3] / 'sample_projects'


@pytest.mark.parametrize(
    'model', ['flower_classifier/exported_by_tf1/flower-model', 'city_temperatures/exported_by_tf1/city-temperatures']
)
def test_flipped_bits_end_in_a_plan_or_in_the_error_that_says_so(tmp_path: Path, model: str) -> None:
    good = read(SAMPLES / model)
    damaged = Path(shutil.copytree(SAMPLES / model, tmp_path / 'model'))
    content = (damaged / 'saved_model.pb').read_bytes()
    plans = 0
    for seed in range(60):
        chance, data = random.Random(seed), bytearray(content)
        for _ in range(chance.choice([1, 1, 3, 10])):
            data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
        (damaged / 'saved_model.pb').write_bytes(data)
        try:
            bad = read(damaged)
        except ModelError:
            continue
        for old, new in ((good, bad), (bad, good)):
            pair = Pair(old.path, new.path)
            made = plan(old, new, pair)
            jobs(made, pair)
            for key in made.inputs:
                knowledge(made, made.old_graph.signatures[key])
            plans += 1
    assert plans > 10
