"""Settings: found in the right place, read with the right types, and every mistake named."""

from pathlib import Path

import pytest

from migrate.config import ConfigError, ProveSettings, Settings, load_settings, read_settings

PROVE = '[tool.savedmodel-migrate.prove]\nrun = ["python export.py"]\nmodels = ["model"]\n'


def write(folder: Path, text: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / 'pyproject.toml').write_text(text, encoding='utf-8')
    return folder


def test_reads_all_settings(tmp_path: Path) -> None:
    write(
        tmp_path,
        '[tool.savedmodel-migrate]\nexclude = ["legacy", "*_pb2.py"]\nsession-module = "./serving/session_module.py"\n'
        + PROVE
        + 'old-exports = "exported_by_tf1"\ntimeout = 90\n',
    )
    assert read_settings(tmp_path) == Settings(
        tmp_path,
        exclude=('legacy', '*_pb2.py'),
        prove=ProveSettings(('python export.py',), ('model',), old_exports='exported_by_tf1', timeout=90.0),
        session_module='serving/session_module.py',
    )


def test_reads_what_is_wanted_of_which_file(tmp_path: Path) -> None:
    write(
        tmp_path,
        '[tool.savedmodel-migrate]\ninclude = ["bin/*"]\nforms = ["session"]\n'
        'select = ["exp", "NAM"]\nignore = ["NAM201"]\n'
        '[tool.savedmodel-migrate.per-file-ignores]\n"legacy/**" = ["NAM", "LOAD901"]\n"*_test.py" = []\n',
    )
    assert read_settings(tmp_path) == Settings(
        tmp_path,
        include=('bin/*',),
        select=('EXP', 'NAM'),
        ignore=('NAM201',),
        forms=('session',),
        per_file_ignores=(('legacy/**', ('NAM', 'LOAD901')), ('*_test.py', ())),
    )


def test_a_table_without_keys_has_the_defaults(tmp_path: Path) -> None:
    assert read_settings(write(tmp_path, '[tool.savedmodel-migrate]\n')) == Settings(tmp_path)


def test_the_nearest_table_counts_and_other_files_do_not(tmp_path: Path) -> None:
    write(tmp_path, '[tool.savedmodel-migrate]\nexclude = ["outer"]\n')
    inner = write(tmp_path / 'inner', '[project]\nname = "no settings here"\n')
    write(tmp_path / 'other', '[tool.savedmodel-migrate]\nexclude = ["other"]\n')
    script = inner / 'export.py'
    script.touch()
    assert load_settings(script) == Settings(tmp_path.resolve(), exclude=('outer',))
    assert load_settings(tmp_path / 'other').exclude == ('other',)


def test_a_project_that_only_names_the_tool_has_no_settings(tmp_path: Path) -> None:
    text = '[project]\nname = "savedmodel-migrate"\n[tool.uv.sources]\nsavedmodel-migrate = {path = "x"}\n'
    assert read_settings(write(tmp_path, text)) is None


def test_a_folder_without_settings_anywhere(tmp_path: Path) -> None:
    assert read_settings(tmp_path) is None
    assert load_settings(tmp_path).exclude == ()


@pytest.mark.parametrize(
    ('text', 'message'),
    [
        ('[tool.savedmodel-migrate]\nexlude = []\n', '[tool.savedmodel-migrate] exlude: there is no such setting; did you mean exclude?'),  # noqa: E501
        (PROVE + 'old_exports = "x"\n', 'prove] old_exports: there is no such setting; did you mean old-exports?'),
        (PROVE + 'xyz = 1\n', 'there are run, models, arrays, old-exports, timeout'),
        ('[tool.savedmodel-migrate]\nper_file_ignore = 1\n', 'did you mean per-file-ignores?'),
        ('[tool.savedmodel-migrate]\nselect = ["NAM21"]\n', 'select: there is no code NAM21; did you mean NAM201?'),
        (
            '[tool.savedmodel-migrate]\nforms = ["tf_function"]\n',
            "forms: there is no form 'tf_function'; did you mean tf.function?",
        ),
        ('[tool.savedmodel-migrate]\nforms = []\n', 'forms: must not be empty; leave it out to have all'),
        ('[tool.savedmodel-migrate]\nselect = []\n', 'select: must not be empty'),
        ('[tool.savedmodel-migrate]\nexclude = ["*", "!mine.py"]\n', "exclude: '!mine.py': a glob can't take back"),
        ('[tool.savedmodel-migrate]\ninclude = ["../bin/*"]\n', "include: '../bin/*': must be a glob for paths inside"),
        ('[tool.savedmodel-migrate]\nexclude = ["a\\\\b"]\n', 'with slashes'),
        ('[tool.savedmodel-migrate.per-file-ignores]\n"!a.py" = []\n', "per-file-ignores] !a.py: '!a.py': a glob"),
        ('[tool.savedmodel_migrate]\n', '[tool.savedmodel_migrate]: there is no such table; did you mean [tool.'),
        ('[SavedModelMigrate]\n', '[SavedModelMigrate]: there is no such table'),
        ('[tool.savedmodel-migrate]\nignore = "NAM201"\n', "ignore: must be a list of strings, not 'NAM201'"),
        (
            '[tool.savedmodel-migrate.per-file-ignores]\n"*.py" = ["NAN201"]\n',
            'per-file-ignores] *.py: there is no code NAN201; did you mean NAM201?',
        ),
        ('[tool.savedmodel-migrate]\nper-file-ignores = []\n', 'per-file-ignores must be a table'),
        ('[tool]\nsavedmodel-migrate = 3\n', 'tool.savedmodel-migrate must be a table'),
        ('[tool.savedmodel-migrate]\nexclude = "legacy"\n', "exclude: must be a list of strings, not 'legacy'"),
        ('[tool.savedmodel-migrate.prove]\nmodels = ["m"]\n', 'run: must be given'),
        ('[tool.savedmodel-migrate.prove]\nrun = ["x"]\nmodels = []\n', 'models: must be given, and not be empty'),
        ('[tool.savedmodel-migrate.prove]\nrun = ["x"]\nmodels = ["../m"]\n', 'models: must be a path inside'),
        (PROVE + 'old-exports = "/tmp/x"\n', 'old-exports: must be a path inside'),
        (PROVE + 'old-exports = []\n', 'old-exports: must be a string'),
        ('[tool.savedmodel-migrate]\nsession-module = "serving"\n', 'must be a path like package/session_module.py'),
        ('[tool.savedmodel-migrate]\nsession-module = "my-code/session_module.py"\n', 'must be a path like package/'),
        ('[tool.savedmodel-migrate]\nsession-module = "../session_module.py"\n', 'must be a path inside the project'),
        ('[tool.savedmodel-migrate]\nsession-module = true\n', 'session-module: must be a string'),
        (PROVE + 'timeout = true\n', 'timeout: must be a number of seconds above 0, not True'),
        (PROVE + 'timeout = 0\n', 'timeout: must be a number of seconds above 0, not 0'),
        ('[tool.savedmodel-migrate\n', 'pyproject.toml: '),
    ],
)  # fmt: skip
def test_mistakes_are_named(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(ConfigError) as error:
        read_settings(write(tmp_path, text))
    assert message in str(error.value)
    assert str(tmp_path / 'pyproject.toml') in str(error.value)


def test_every_sample_project_has_settings_that_can_be_read() -> None:
    folders = [path for path in (Path(__file__).parents[2] / 'sample_projects').iterdir() if path.is_dir()]
    assert len(folders) >= 6
    for folder in folders:
        settings = read_settings(folder)
        assert settings is not None
        assert settings.prove is not None
        assert settings.prove.old_exports is not None
        for model in settings.prove.models:
            assert (folder / settings.prove.old_exports / model / 'saved_model.pb').is_file()
