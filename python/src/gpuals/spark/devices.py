"""The device of an executor's Python process, opened once and kept for the tasks that follow there."""

from __future__ import annotations

import ctypes
import os
from collections.abc import Callable
from typing import Any

from pyspark import TaskContext

from gpuals.device import Device
from gpuals.errors import DeviceUnavailableError

#: The name under which Spark knows GPUs: ``spark.executor.resource.gpu.amount`` and the like.
RESOURCE = "gpu"

_ALL_KINDS = 0xFFFFFFFF  # CL_DEVICE_TYPE_ALL
_KIND = 0x1000  # CL_DEVICE_TYPE
_GPU = 4  # CL_DEVICE_TYPE_GPU

# By what was asked for. Python processes of executors are single, so no lock; a process forked from here opens its own (Device).
_open: dict[str, Device] = {}


def device_of_task(requested: str) -> Device:
    """The device that the running task computes on.

    Args:
        requested: ``device`` of the estimator. "auto" is the GPU that Spark has given to the task, if the cluster hands out GPUs, and else
            the best device.

    Raises:
        DeviceUnavailableError: there is no such device.
    """
    context = TaskContext.get()
    resources = context.resources() if context is not None else {}
    addresses = resources[RESOURCE].addresses if RESOURCE in resources else []
    selector = requested
    if requested == "auto" and addresses:
        selector = selector_of(addresses[0], gpu_numbers())
    if selector not in _open:
        _open[selector] = Device(selector)
    return _open[selector]


def selector_of(address: str, gpus: list[int]) -> str:
    """The number in ``gpuals devices`` of the GPU that Spark calls ``address``, its place among the GPUs of the machine.

    Args:
        address: as the discovery script of the cluster printed it.
        gpus: the numbers of the GPUs.

    Raises:
        DeviceUnavailableError: OpenCL has no such GPU.
    """
    if address.isdecimal() and int(address) < len(gpus):
        return str(gpus[int(address)])
    raise DeviceUnavailableError(
        f"Spark has given GPU {address} to a task, and OpenCL finds {len(gpus)} GPUs there: install the OpenCL part of the GPU's driver "
        "(see 'gpuals doctor'), let the discovery script print places from 0 on, or choose a device by the estimator's parameter device"
    )


def _handles(call: Callable[[ctypes.c_uint32, Any, Any], int]) -> list[int]:
    """What one of OpenCL's calls for a list gives, which tell its length first; none where it fails."""
    count = ctypes.c_uint32(0)
    if call(ctypes.c_uint32(0), None, ctypes.byref(count)) != 0 or count.value == 0:
        return []
    ids = (ctypes.c_void_p * count.value)()
    if call(count, ids, None) != 0:
        return []
    return [handle for handle in ids if handle is not None]


def gpu_numbers() -> list[int]:
    """The numbers in ``gpuals devices`` that are GPUs: the devices of all platforms, in the loader's order."""
    try:
        opencl = ctypes.CDLL(os.environ.get("GPUALS_OPENCL_LIBRARY", "libOpenCL.so.1"))
    except OSError:
        return []
    numbers: list[int] = []
    number = 0
    for platform in _handles(lambda room, ids, count: opencl.clGetPlatformIDs(room, ids, count)):
        kinds = ctypes.c_uint64(_ALL_KINDS)
        at = ctypes.c_void_p(platform)
        for device in _handles(lambda room, ids, count: opencl.clGetDeviceIDs(at, kinds, room, ids, count)):  # noqa: B023
            kind = ctypes.c_uint64(0)
            opencl.clGetDeviceInfo(
                ctypes.c_void_p(device), ctypes.c_uint32(_KIND), ctypes.c_size_t(8), ctypes.byref(kind), None
            )
            if kind.value & _GPU:
                numbers.append(number)
            number += 1
    return numbers
