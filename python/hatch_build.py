"""Puts libgpuals.so into the wheel: the one that GPUALS_LIBRARY names, or one that scripts/library builds."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface
from packaging.tags import sys_tags


class LibraryBuildHook(BuildHookInterface):
    """The build hook "custom" of pyproject.toml."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        library = _library(Path(self.root))
        # The library knows nothing of Python's versions, so that one wheel serves all of them on its platform.
        platform = next(
            tag.platform for tag in sys_tags() if "manylinux" not in tag.platform and "musllinux" not in tag.platform
        )
        build_data["tag"] = f"py3-none-{platform}"
        build_data["pure_python"] = False
        if version == "editable":
            # An editable install is read where it lies, and so is its library; git ignores it.
            shutil.copyfile(library, Path(self.root) / "src" / "gpuals" / "libgpuals.so")
        else:
            build_data["force_include"][str(library)] = "gpuals/libgpuals.so"
            license_file = Path(self.root).parent / "LICENSE"
            if license_file.is_file():
                build_data["force_include"][str(license_file)] = "gpuals/LICENSE"


def _library(root: Path) -> Path:
    given = os.environ.get("GPUALS_LIBRARY")
    if given:
        path = Path(given)
        if not path.is_file():
            raise SystemExit(
                f"GPUALS_LIBRARY is {given}, and there is no such file: let it name libgpuals.so, or unset it"
            )
        return path
    script = root.parent / "scripts" / "library"
    if not script.is_file():
        raise SystemExit(
            f"there is no {script}, which builds libgpuals.so: install from a clone of gpuals, pip install ./python, or set "
            "GPUALS_LIBRARY to a library that is built already"
        )
    # It prints the path on standard output, and what it does on standard error.
    result = subprocess.run([str(script)], stdout=subprocess.PIPE, stderr=sys.stderr, text=True, check=False)
    path = Path(result.stdout.strip().rsplit("\n", 1)[-1])
    if result.returncode != 0 or not path.is_file():
        raise SystemExit(
            f"{script} ended with the status {result.returncode} and gave no library: see what it says above"
        )
    return path
