"""The wheel that pip builds."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from gpuals._library import library_path

PACKAGE = Path(__file__).parents[1]


def build(directory, package=PACKAGE, **environment):
    return subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(directory)],
        cwd=package,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_wheel_holds_the_library_and_serves_every_python_of_its_platform(tmp_path):
    pytest.importorskip("hatchling", reason="NO hatchling: no wheel was built")
    result = build(tmp_path, GPUALS_LIBRARY=str(library_path().resolve()))
    assert result.returncode == 0, result.stderr
    (wheel,) = tmp_path.iterdir()
    assert wheel.name.startswith("gpuals-0.1.0-py3-none-linux_")
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
        assert archive.read("gpuals/libgpuals.so") == library_path().read_bytes()
        assert "Root-Is-Purelib: false" in archive.read("gpuals-0.1.0.dist-info/WHEEL").decode()
    assert {"gpuals/py.typed", "gpuals/als.py", "gpuals/LICENSE"} <= names
    assert not [name for name in names if "test" in name]


def test_a_wheel_without_a_library_is_not_built(tmp_path):
    pytest.importorskip("hatchling", reason="NO hatchling: no wheel was built")
    result = build(tmp_path, GPUALS_LIBRARY=str(tmp_path / "none.so"))
    assert result.returncode != 0
    assert "there is no such file" in result.stderr + result.stdout
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(("status", "message"), [(0, ""), (3, "status 3")])
def test_the_library_is_built_by_the_script_of_the_clone(status, message, tmp_path):
    """A clone whose scripts/library says that it builds, and prints the path of a library."""
    pytest.importorskip("hatchling", reason="NO hatchling: no wheel was built")
    package = tmp_path / "clone" / "python"
    shutil.copytree(PACKAGE, package, ignore=shutil.ignore_patterns("*.so", "__pycache__", "tests", ".*"))
    (tmp_path / "built.so").write_bytes(b"a library")
    (tmp_path / "clone" / "scripts").mkdir()
    script = tmp_path / "clone" / "scripts" / "library"
    script.write_text(f"#!/bin/sh\necho building >&2\necho {tmp_path}/built.so\nexit {status}\n")
    script.chmod(0o755)
    result = build(tmp_path / "wheels", package, GPUALS_LIBRARY="")
    assert "building" in result.stderr
    if status:
        assert result.returncode != 0
        assert message in result.stderr + result.stdout
        return
    assert result.returncode == 0, result.stderr
    (wheel,) = (tmp_path / "wheels").iterdir()
    with zipfile.ZipFile(wheel) as archive:
        assert archive.read("gpuals/libgpuals.so") == b"a library"
