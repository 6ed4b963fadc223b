"""Proves one project: both exports, the verification of each model and array, and the stored result."""

from __future__ import annotations

import contextlib
import hashlib
import shutil
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from migrate.config import ConfigError, read_settings
from migrate.files import write_atomically
from migrate.prove.digest import sources_digest
from migrate.prove.exports import Exported, Job, export_new, export_old
from migrate.prove.revisions import commit_of
from migrate.report.model import ModelProof, Proof
from migrate.storage import StorageError, dump, load
from migrate.verify import Verdict, verify, worst_of

DEFAULT_WORK_DIR = Path('.savedmodel-migrate')

Progress = Callable[[str], None]


def prove(
    project: Path,
    *,
    old_python: str | None = None,
    new_python: str | None = None,
    old_revision: str | None = None,
    work_dir: Path = DEFAULT_WORK_DIR,
    timeout: float | None = None,
    progress: Progress | None = None,
) -> Proof:
    """Exports `project` with old and new TensorFlow and compares the models; stores the result in `work_dir`.

    Without `old_python` the committed exports are the old side; `new_python` is this interpreter if it is not given.
    `old_revision` names the commit whose code is the old side, instead of the code as it stands. `timeout` overrides
    the setting. Raises ConfigError where the project has no settings for a proof, or git no such commit.
    """
    job = _job(project, work_dir, timeout, progress, old_revision)
    digest = sources_digest(project)
    old = export_old(job, old_python)
    new = Exported('') if old.failure else export_new(job, new_python or sys.executable)
    models = _verify(job, old, new, old_python, new_python)
    failed = old if old.failure else new
    verdict, message = _sum_up(models)
    proof = Proof(
        project=_name(project),
        verdict=Verdict.ERROR if failed.failure else verdict,
        message='; '.join([failed.failure or message, *dict.fromkeys((*old.notes, *new.notes))]),
        old_side=old.side,
        new_side=new.side,
        models=models,
        sources_digest=digest,
        rewritten_digest=new.sources_digest,
        log=failed.log,
    )
    write_atomically(job.folder / 'proof.json', dump(proof).encode())
    return proof


def load_proof(project: Path, work_dir: Path = DEFAULT_WORK_DIR) -> Proof | None:
    """Returns what was last proven for `project`; None if nothing was, or if it can't be read any more.

    Where nobody says where proofs are, those count that were made from inside of the project, too.
    """
    folders = [work_dir, project / work_dir] if work_dir == DEFAULT_WORK_DIR else [work_dir]
    files = [work_folder(project, folder) / 'proof.json' for folder in folders]
    try:
        newest = max((file for file in files if file.exists()), key=lambda file: file.stat().st_mtime_ns, default=None)
        return None if newest is None else load(Proof, newest.read_text(encoding='utf-8'))
    except (OSError, StorageError):
        return None


def work_folder(project: Path, work_dir: Path = DEFAULT_WORK_DIR) -> Path:
    """Returns where the copies, logs and the proof of `project` are; projects of the same name don't share one."""
    path = project.resolve()
    mark = hashlib.sha256(str(path).encode(errors='surrogateescape')).hexdigest()[:8]
    return work_dir / f'{path.name}-{mark}'


def check_revision(project: Path, revision: str | None) -> str:
    """The commit that a revision means for a project, empty without one; ConfigError where git knows none."""
    commit = commit_of(project, revision) if revision is not None else ''
    if commit is None:
        raise ConfigError(f'{project}: git knows no commit `{revision}` there')
    return commit


def _job(
    project: Path, work_dir: Path, timeout: float | None, progress: Progress | None, old_revision: str | None = None
) -> Job:
    settings = read_settings(project)
    if settings is None or settings.prove is None:
        raise ConfigError(f'{project}: its pyproject.toml has no table [tool.savedmodel-migrate.prove]')
    prove_settings = settings.prove
    leave_out = [work_dir]
    if prove_settings.old_exports is not None:
        leave_out.append(project / prove_settings.old_exports)

    def say(what: str) -> None:
        if progress is not None:
            progress(f'{_name(project)}: {what}')

    return Job(
        project=project,
        settings=prove_settings,
        exclude=settings.exclude,
        folder=_fresh_folder(project, work_dir),
        leave_out=tuple(leave_out),
        timeout=prove_settings.timeout if timeout is None else timeout,
        say=say,
        old_commit=check_revision(project, old_revision),
    )


def _fresh_folder(project: Path, work_dir: Path) -> Path:
    with contextlib.suppress(FileExistsError):  # other projects may be proven at the same time
        work_dir.mkdir(parents=True)
        (work_dir / '.gitignore').write_text('*\n', encoding='utf-8')
    folder = work_folder(project, work_dir)
    if folder.exists():
        shutil.rmtree(folder)
    folder.mkdir()
    return folder


def _verify(
    job: Job, old: Exported, new: Exported, old_python: str | None, new_python: str | None
) -> tuple[ModelProof, ...]:
    proofs = []
    if new.models:
        for name, old_model, new_model in zip(job.settings.models, old.models, new.models, strict=True):
            verification = verify(
                old_model,
                new_model,
                old_python=old_python,
                new_python=new_python,
                timeout=job.timeout,
                progress=job.say,
            )
            proofs.append(ModelProof(name, verification))
    if new.arrays:
        from migrate.prove.arrays import verify_arrays  # brings numpy, which a report can do without

        for name, old_array, new_array in zip(job.settings.arrays, old.arrays, new.arrays, strict=True):
            proofs.append(ModelProof(name, verify_arrays(old_array, new_array)))
    return tuple(proofs)


def _sum_up(models: Sequence[ModelProof]) -> tuple[Verdict, str]:
    """Returns the worst verdict, and what is to be said of the models that have it."""
    if not models:
        return Verdict.ERROR, ''
    worst = worst_of(proof.verification.verdict for proof in models)
    said = [(proof.model, proof.verification.message) for proof in models if proof.verification.verdict is worst]
    if len(models) == 1:
        return worst, said[0][1]
    return worst, '; '.join(f'{model}: {message}' for model, message in said)


def _name(project: Path) -> str:
    return project.as_posix() if project.name else project.resolve().name
