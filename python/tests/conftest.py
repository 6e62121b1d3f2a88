"""What the suites share: devices to compute on, and programs to agree with."""

from __future__ import annotations

import importlib.util
import os
import shutil
import signal
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest
import scipy.sparse

import gpuals
from matrices import checkerboard
from models import new_model


def _has_opencl_device() -> bool:
    try:
        gpuals.Device("auto").close()
    except gpuals.LibraryNotFoundError:
        # Without the library there is nothing to test: the suites fail and say why.
        return False
    except gpuals.DeviceUnavailableError:
        return False
    return True


@pytest.fixture(scope="session", params=["reference", "auto"])
def device(request: pytest.FixtureRequest) -> gpuals.Device:
    """The Swift solver, and the best OpenCL device where there is one. GPUALS_REQUIRE_DEVICE=1 makes a missing one a failure."""
    if request.param == "auto" and not os.environ.get("GPUALS_REQUIRE_DEVICE") and not _has_opencl_device():
        pytest.skip("NO OPENCL DEVICE: these tests ran on the reference alone")
    return gpuals.Device(request.param)


@pytest.fixture(scope="module")
def likes() -> scipy.sparse.csr_matrix:
    """What the tests taken from implicit train on."""
    return checkerboard(50)


@pytest.fixture(scope="module")
def model(device: gpuals.Device, likes: scipy.sparse.csr_matrix) -> gpuals.AlternatingLeastSquares:
    """Trained once for a module; tests that change a model train their own."""
    return new_model(device).fit(likes, show_progress=False)


@pytest.fixture
def plain_control_c() -> Iterator[None]:
    """Ctrl-C as Python has it: a session of Spark, which other tests start, puts a handler of its own there."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.fixture(scope="session")
def gpuals_program() -> str:
    """The program gpuals: $GPUALS_PROGRAM, that of this clone's release build, or that of the PATH."""
    built = Path(__file__).resolve().parents[2] / ".build" / "release" / "gpuals"
    given = os.environ.get("GPUALS_PROGRAM") or (str(built) if built.is_file() else shutil.which("gpuals"))
    if not given:
        pytest.skip("NO PROGRAM gpuals: models were not exchanged with it; build it, or set GPUALS_PROGRAM")
    return given


@pytest.fixture(scope="session")
def implicit_model() -> type:
    """implicit's AlternatingLeastSquares on the CPU."""
    if not importlib.util.find_spec("implicit"):
        pytest.skip("NO implicit: agreement with it was not tested; pip install implicit")
    # It warns of the threads of BLAS when it is first used.
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from implicit.cpu.als import AlternatingLeastSquares

        AlternatingLeastSquares()
    return AlternatingLeastSquares
