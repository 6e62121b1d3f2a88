from __future__ import annotations

import importlib
import sys
import zipfile

from gpuals.spark.archives import spare_archives


def test_an_archive_is_not_read_again_and_still_imported_from(tmp_path, monkeypatch):
    archive = tmp_path / "modules.zip"
    with zipfile.ZipFile(archive, "w") as content:
        content.writestr("first_of_archive.py", "value = 1")
        content.writestr("second_of_archive.py", "value = 2")
    monkeypatch.syspath_prepend(str(archive))
    assert importlib.import_module("first_of_archive").value == 1
    assert str(archive) in sys.path_importer_cache
    spare_archives()
    assert str(archive) not in sys.path_importer_cache
    importlib.invalidate_caches()
    assert importlib.import_module("second_of_archive").value == 2
