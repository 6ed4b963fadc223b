"""The proof for one project: old export, rewrite, new export, verification. All in copies, none in the project."""

from migrate.prove.digest import still_holds
from migrate.prove.project import DEFAULT_WORK_DIR, check_revision, load_proof, prove, work_folder
from migrate.prove.together import prove_together

__all__ = ['DEFAULT_WORK_DIR', 'check_revision', 'load_proof', 'prove', 'prove_together', 'still_holds', 'work_folder']
