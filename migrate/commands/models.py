"""Commands about models: verify, prove, inspect, run."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from migrate.commands import options, pairs


@click.command()
@click.argument('old', required=False, type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.argument('new', required=False, type=click.Path(exists=True, file_okay=False, path_type=Path))
@options.python('old', 'The Python, with its TensorFlow, that runs OLD; this one if it is not given.')
@options.python('new', 'The Python that runs NEW; this one if it is not given.')
@options.timeout('For each side (default: 300).')
@options.memory
@options.op_libraries
@pairs.comparison
@click.option(
    '--manifest',
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help='Verify all pairs in this file of JSON lines: {"old": ..., "new": ...}.',
)
@click.option(
    '--output',
    type=click.Path(dir_okay=False, writable=True, path_type=Path),
    callback=options.into_folder,
    help='With --manifest: append the results to this file; what it has already is not run again.',
)
@options.jobs
@options.format('text', 'json')
def verify(old: Path | None, new: Path | None, style: str, **options: Any) -> int:
    """Compares what two SavedModels serve.

    \b
        savedmodel-migrate verify export/1 export/2
        savedmodel-migrate verify old new --old-python tf1/bin/python

    First their contracts, then their outputs for the same inputs: those of --inputs, or made up from the graph, and the
    warmup requests that OLD brings along. OLD and NEW are folders with a saved_model.pb. Each runs in processes of its
    own, with the TensorFlow of its Python.
    Ends with 0 if they serve the same, with 1 if not, with 2 if given inputs don't fit or there is no such tag set or
    output, with 3 if one can't be read or run, with 4 if nothing was proven.
    """
    from migrate.output.verifying import run_verify

    return run_verify(old, new, style=style, **options)


@click.command()
@click.argument('projects', nargs=-1, required=True, type=click.Path(exists=True, file_okay=False, path_type=Path))
@options.python('old', 'A Python with TensorFlow 1.', options.OLD_PYTHON)
@options.python('new', 'A Python with TensorFlow 2; this one if it is not given.')
@click.option(
    '--old-revision',
    metavar='COMMIT',
    help='The commit whose code is the old side, for a project that is rewritten already, as `HEAD` or `HEAD~1`.',
)
@options.timeout('For each command and each side; instead of what the project says.')
@click.option(
    '--work-dir', type=click.Path(path_type=Path), default=options.WORK_DIR, show_default=True, help='For copies.'
)
@options.format('text', 'json')
@options.jobs
def prove(projects: tuple[Path, ...], style: str, **options: Any) -> int:
    """Exports before and after, and verifies.

    \b
        savedmodel-migrate prove . --old-python tf1/bin/python
        savedmodel-migrate prove projects/*/
        savedmodel-migrate prove . --old-python tf1/bin/python --old-revision HEAD

    A project says in its pyproject.toml how it exports. The old side is exported from the code as it is, the new side
    from the rewritten code; both happens in copies in the work folder, and the project stays as it is: so prove it
    before you rewrite it. Once it is rewritten, --old-revision says where the old code is. Without an old Python, the
    models in the project's `old-exports` are the old side.
    Ends with 0 if all models serve the same, with 1 if one does not, with 3 if something failed, with 4 if nothing was
    proven of one.
    """
    from migrate.output.runs import run_prove

    return run_prove(projects, style=style, **options)


@click.command()
@click.argument('model', type=click.Path(exists=True, file_okay=False, path_type=Path))
@options.format('text', 'json')
def inspect(model: Path, style: str) -> int:
    """Tells what a SavedModel serves, without running it.

    \b
        savedmodel-migrate inspect export/1

    Tag sets, signatures with their inputs, outputs and method names, variables, assets, and the ops that deserve a
    look: they touch files or Python, or TensorFlow does not have them. It needs no TensorFlow.
    Ends with 0 if MODEL could be read, else with 3.
    """
    from migrate.output.inspection import run_inspect

    return run_inspect(model, style)


@click.command()
@click.argument('model', type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.argument('key')
@click.option(
    '--inputs',
    multiple=True,
    metavar='[INPUT=]FILE|JSON',
    help='.npz, .npy, a TFRecord file of tf.Examples, or JSON, in a file or as it is; for one input or for all. Can be '
    'repeated. Without it, inputs are made up.',
)
@click.option(
    '--tags', metavar='TAG,…', help='The tag set, as `serve` or `serve,gpu` (default: the one that is served).'
)
@click.option(
    '--loader',
    type=click.Choice(['session', 'object']),
    default='session',
    show_default=True,
    help='`session` as TensorFlow Serving loads it, `object` with tf.saved_model.load.',
)
@click.option(
    '--output-dir',
    type=click.Path(file_okay=False, path_type=Path),
    callback=options.into_new_folder,
    help='Store each output there, as NAME.npy.',
)
@click.option('--overwrite', is_flag=True, help='Replace files that are in the --output-dir already.')
@options.tensorflow_python('The Python, with its TensorFlow, that runs MODEL; this one if it is not given.')
@options.timeout('In all (default: 300).')
@options.memory
@options.op_libraries
@click.option('--seed', type=int, default=0, show_default=True, help='Of the inputs that are made up.')
@options.format('text', 'json')
def run(model: Path, key: str, **options: Any) -> int:
    """Runs one signature of a SavedModel.

    \b
        savedmodel-migrate run export/1 serving_default --inputs 'x=[[1.0, 2.0]]'
        savedmodel-migrate run export/1 serving_default --inputs x=x.npy --inputs y=y.npy --output-dir out
        savedmodel-migrate run export/1 predict --inputs '{"instances": [{"x": 1.0}, {"x": 2.0}]}'
        savedmodel-migrate run export/1 classify --inputs '{"examples": [{"age": 31, "city": "Bern"}]}'
        savedmodel-migrate run export/1 classify --inputs examples.tfrecord

    KEY is the key of the signature; `inspect` shows which there are. JSON is a value for one input, or a request as the
    REST interface of TensorFlow Serving takes it. The model runs in a process of its own; nothing that is given is
    evaluated or unpickled.
    Ends with 0 if it ran, with 2 if there is no such signature or the inputs don't fit it, with 3 if the model can't be
    read or fails.
    """
    from migrate.output.running import run_run

    return run_run(model, key, **options)
