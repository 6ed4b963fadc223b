"""Commands that make or change SavedModels: convert, method-names."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from migrate.commands import options


@click.command()
@click.argument('old', type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.argument('new', type=click.Path(path_type=Path))
@click.option('--without', multiple=True, metavar='KEY', help='Leave out this signature. Can be repeated.')
@click.option('--force', is_flag=True, help='Put NEW in place also if it is not proven to serve the same.')
@options.tensorflow_python('The Python, with TensorFlow 2, that converts and verifies; this one if it is not given.')
@options.timeout('For each process with TensorFlow (default: 300).')
@options.op_libraries
@click.option('--seed', type=int, default=0, show_default=True, help='Of the inputs that are made up.')
@options.format('text', 'json')
@options.jobs
def convert(old: Path, new: Path, style: str, timeout: float | None, without: tuple[str, ...], **options: Any) -> int:
    """Converts TensorFlow 1 models, without their source.

    \b
        savedmodel-migrate convert export/1 export-tf2/1
        savedmodel-migrate convert models models-tf2

    OLD is a folder with a saved_model.pb, or a folder with many such below it, as models/NAME/VERSION: each goes to the
    same place below NEW, and what is there already is not done again. NEW is a TensorFlow 2 model with the same
    signatures, names, method names, tags, assets and assets.extra; each further tag set becomes a model in a folder of
    NEW, named by its tags.

    NEW must not exist. It is verified at once against OLD, and appears, as a whole, only if it is identical or equal.
    OLD is never written to: NEW can't be in it. A run that was killed may leave a hidden folder
    (.NEW.savedmodel-migrate-….tmp) beside NEW: the next run there removes it.
    Ends with 0 if NEW is there and proven, with 1 if it serves something else, with 2 if NEW is in OLD or no model has
    such a KEY, with 3 if OLD can't be converted (what keeps it from it is said, and the way on), with 4 if nothing was
    proven.
    """
    from migrate.output.conversions import run_convert

    return run_convert(old, new, style=style, timeout=timeout or 300, without=frozenset(without), **options)


@click.command()
@click.argument('model', type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.argument('names', nargs=-1, metavar='[KEY=classify|regress|predict]...')
@click.option(
    '--like',
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    metavar='OLD_MODEL',
    help='Give each signature the name that it has in OLD_MODEL.',
)
@click.option('--tags', metavar='TAG,…', help='Only in this tag set, as `serve` or `serve,gpu` (default: in all).')
@click.option(
    '--share-examples',
    is_flag=True,
    help='Have signatures that take tf.Examples share one input, as MultiInference of TensorFlow Serving wants it.',
)
@click.option('--dry-run', is_flag=True, help='Write nothing; show what would change.')
@options.tensorflow_python('The Python, with TensorFlow 2, that sets names; this one if it is not given.')
@options.timeout('For each process with TensorFlow (default: 300).')
@options.op_libraries
@options.format('text', 'json')
def method_names(
    model: Path, names: tuple[str, ...], style: str, tags: str | None, timeout: float | None, **options: Any
) -> int:
    """Shows and sets method names: classify, regress, predict.

    \b
        savedmodel-migrate method-names export/2
        savedmodel-migrate method-names export/2 --like export/1
        savedmodel-migrate method-names export/2 flowers=classify prices=regress --dry-run

    TensorFlow Serving answers Classify and Regress requests only by signatures that are called so, and TensorFlow 2
    calls all of them predict. Without KEY and --like the names are shown, with what each signature may be.

    What TensorFlow Serving asks of such a signature is checked first. The names are set in a copy, which is loaded;
    then its file replaces that of MODEL at once, whatever happens in between.
    Ends with 0 if the names are as they should be, with 1 if a signature breaks a rule with the name that it has or,
    where names are asked for, is to get (then nothing is written), or with --dry-run, would change; with 2 if there is
    no such signature or name, with 3 if MODEL can't be read or loaded.
    """
    from migrate.output.method_names import run_method_names

    return run_method_names(model, names, tags, style=style, timeout=timeout or 300, **options)
