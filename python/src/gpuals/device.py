"""Where to compute: an open device of this process."""

from __future__ import annotations

import contextlib
import ctypes
import os
import threading
import weakref
from collections.abc import Iterator
from types import TracebackType

from gpuals._library import Message, library
from gpuals.errors import DeviceUnavailableError, ParameterError


class _Handle:
    """A ``gpuals_device``, and who is in a call with it: it is closed behind the last of them."""

    def __init__(self, selector: str) -> None:
        self.process = os.getpid()
        self._lock = threading.Lock()
        self._threads: set[int] = set()
        self._is_closing = False
        self._pointer: ctypes.c_void_p | None = ctypes.c_void_p()
        message = Message()
        message.check(library().gpuals_device_open(selector.encode(), ctypes.byref(self._pointer), *message.arguments))
        buffer = ctypes.create_string_buffer(1024)
        library().gpuals_device_name(self._pointer, buffer, len(buffer))
        self.name = buffer.value.decode("utf-8", "replace")

    @contextlib.contextmanager
    def in_call(self) -> Iterator[ctypes.c_void_p]:
        thread = threading.get_ident()
        with self._lock:
            if self._pointer is None or self._is_closing:
                raise ParameterError("the device is closed: open it again, Device(name)")
            if thread in self._threads:
                # The library would wait for the end of the outer call, which waits for this one.
                raise ParameterError(
                    "the device is in a call of this very thread: use another Device in a progress function"
                )
            self._threads.add(thread)
            pointer = self._pointer
        try:
            yield pointer
        finally:
            with self._lock:
                self._threads.discard(thread)
                self._close_if_left()

    def close(self) -> None:
        # A forked process has a copy of the parent's numbers and nothing that stands behind them.
        if self.process != os.getpid():
            return
        with self._lock:
            self._is_closing = True
            self._close_if_left()

    def _close_if_left(self) -> None:
        if self._is_closing and not self._threads and self._pointer is not None:
            pointer, self._pointer = self._pointer, None
            library().gpuals_device_close(pointer)


class Device:
    """A device to compute on: ``"auto"`` (the best one), ``"reference"`` (plain Swift, needs no OpenCL, slow), or a number of
    ``gpuals devices``, or several of these with commas between them, which then share the work.

    It may be used from any thread; calls on one device take turns. :meth:`close`, or the end of a ``with`` block, closes it behind the
    calls that are under way; without either it is closed when nothing refers to it any more. A pickled device opens a device of the same
    name where it is loaded. In a forked process it is opened again at the first call, as far as that can be: threads of an OpenCL driver
    do not survive a fork, so a process that has opened an OpenCL device cannot be forked into one that uses OpenCL.

    Args:
        selector: which device.

    Raises:
        DeviceUnavailableError: there is no such device.
        LibraryNotFoundError: libgpuals.so is missing.
    """

    def __init__(self, selector: str | int = "auto") -> None:
        self.selector = str(selector)
        self._lock = threading.Lock()
        self._open()

    @property
    def name(self) -> str:
        """What the device is called, such as the name that its driver gives it."""
        return self._handle.name

    def close(self) -> None:
        """Closes the device, behind the calls that are under way. A second time does nothing."""
        self._closer()

    @contextlib.contextmanager
    def in_call(self) -> Iterator[ctypes.c_void_p]:
        """The pointer ``gpuals_device``, kept open as long as the block lasts. For calls of the C interface.

        Raises:
            ParameterError: the device is closed, or this thread is in a call with it already.
        """
        with self._lock:
            if self._handle.process != os.getpid():
                self._open()
            handle = self._handle
        with handle.in_call() as pointer:
            yield pointer

    def _open(self) -> None:
        global _opencl_process
        is_opencl = self.selector != "reference"
        if is_opencl and _opencl_process not in (None, os.getpid()):
            raise DeviceUnavailableError(
                f"device {self.selector} cannot be opened in a forked process, as process {_opencl_process} had opened an OpenCL "
                'device before the fork: start processes by "spawn" or "forkserver", or open the first device behind the fork'
            )
        self._handle = _Handle(self.selector)
        self._closer = weakref.finalize(self, self._handle.close)
        if is_opencl:
            _opencl_process = os.getpid()
        _devices.add(self)

    def __enter__(self) -> Device:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __reduce__(self) -> tuple[type[Device], tuple[str]]:
        return (Device, (self.selector,))

    def __repr__(self) -> str:
        return f"Device({self.selector!r})"


_devices: weakref.WeakSet[Device] = weakref.WeakSet()
#: The process that has opened an OpenCL device, in it and in its forks.
_opencl_process: int | None = None


def _renew_locks() -> None:
    # A lock that another thread held at the fork would stay held forever.
    for device in _devices:
        device._lock = threading.Lock()


os.register_at_fork(after_in_child=_renew_locks)
