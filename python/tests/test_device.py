"""Devices: their lives, their threads, their processes."""

from __future__ import annotations

import multiprocessing
import os
import pickle
import subprocess
import sys
import threading

import numpy as np
import pytest

import gpuals
from matrices import random_ratings

RATINGS = random_ratings(60, 50)
PARAMETERS = gpuals.Parameters(rank=4, iterations=3)


def factors_of(device):
    return gpuals.fit(device, PARAMETERS, RATINGS).user_factors


def test_a_device_has_a_name(device):
    assert device.name
    assert gpuals.Device("reference").name == "reference"
    # It can be asked for at any time, also in a call.
    names = []
    gpuals.fit(device, PARAMETERS, RATINGS, progress=lambda *_: names.append(device.name))
    assert names == [device.name] * 3


def test_a_device_that_is_not_there_is_unavailable():
    with pytest.raises(gpuals.DeviceUnavailableError) as caught:
        gpuals.Device("999")
    assert caught.value.status == 69
    assert isinstance(caught.value, RuntimeError)


@pytest.mark.parametrize("name", ["no-such", "-1", "0,0", "0,"])
def test_what_names_no_device_is_a_wrong_parameter(name):
    with pytest.raises(gpuals.ParameterError, match="is no device") as caught:
        gpuals.Device(name)
    assert caught.value.status == 64


def test_a_closed_device_is_refused_and_closing_twice_does_nothing():
    with gpuals.Device("reference") as device:
        factors_of(device)
    device.close()
    with pytest.raises(gpuals.ParameterError, match="the device is closed"):
        factors_of(device)


def test_a_device_that_is_closed_in_a_call_of_another_thread_ends_the_call_first():
    device = gpuals.Device("reference")
    in_call, may_go_on = threading.Event(), threading.Event()
    results = []

    def progress(*_):
        in_call.set()
        assert may_go_on.wait(30)

    thread = threading.Thread(target=lambda: results.append(gpuals.fit(device, PARAMETERS, RATINGS, progress=progress)))
    thread.start()
    assert in_call.wait(30)
    device.close()
    with pytest.raises(gpuals.ParameterError, match="closed"):
        factors_of(device)
    # The library still has it, for the call.
    assert device._handle._pointer is not None
    may_go_on.set()
    thread.join(30)
    assert device._handle._pointer is None
    assert not thread.is_alive()
    assert np.array_equal(results[0].user_factors, factors_of(gpuals.Device("reference")))


def test_a_call_from_the_progress_function_on_the_same_device_is_refused_and_not_waited_for(device):
    with pytest.raises(gpuals.ParameterError, match="another Device in a progress function"):
        gpuals.fit(device, PARAMETERS, RATINGS, progress=lambda *_: factors_of(device))


def test_threads_share_a_device(device):
    wanted, results = factors_of(device), []
    threads = [threading.Thread(target=lambda: results.append(factors_of(device))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(results) == 4
    assert all(np.array_equal(result, wanted) for result in results)


def test_a_pickled_device_opens_one_of_the_same_name(device):
    copy = pickle.loads(pickle.dumps(device))
    assert copy.name == device.name
    assert np.array_equal(factors_of(copy), factors_of(device))


def _put_factors(queue, device):
    try:
        queue.put(factors_of(device))
    except gpuals.GPUALSError as error:
        queue.put(str(error))


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork")
@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
@pytest.mark.parametrize("method", ["fork", "spawn"])
def test_another_process_has_a_device_of_its_own(method):
    device = gpuals.Device("reference")
    context = multiprocessing.get_context(method)
    queue = context.Queue()
    process = context.Process(target=_put_factors, args=(queue, device))
    process.start()
    result = queue.get(timeout=60)
    process.join(30)
    assert process.exitcode == 0
    assert np.array_equal(result, factors_of(device))


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork")
@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_a_forked_process_is_refused_an_opencl_device_that_would_hang(device):
    if device.selector == "reference":
        return
    factors_of(device)
    context = multiprocessing.get_context("fork")
    queue = context.Queue()
    process = context.Process(target=_put_factors, args=(queue, device))
    process.start()
    result = queue.get(timeout=60)
    process.join(30)
    assert "forked process" in result
    assert "spawn" in result


@pytest.mark.parametrize(
    ("library", "message"),
    [("/no/such/file.so", "there is no such file"), (__file__, "cannot be used as libgpuals"), ("", "scripts/library")],
)
def test_a_missing_library_says_what_to_do(library, message, tmp_path):
    # A copy of the package without a library beside it, in a process that has loaded none.
    import shutil
    from pathlib import Path

    shutil.copytree(
        Path(gpuals.__file__).parent, tmp_path / "gpuals", ignore=shutil.ignore_patterns("*.so", "__pycache__")
    )
    code = "import gpuals\ntry: gpuals.Device('reference')\nexcept ImportError as error: print(type(error).__name__, error.status, error)"
    environment = {**os.environ, "GPUALS_LIBRARY": library, "PYTHONPATH": str(tmp_path)}
    result = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    assert result.stdout.startswith("LibraryNotFoundError 69 ")
    assert message in result.stdout
