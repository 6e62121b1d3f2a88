"""One open device for each name in this process, for models that were given a name."""

from __future__ import annotations

import os
import threading

from gpuals.device import Device

_devices: dict[str, Device] = {}
_lock = threading.Lock()


def shared_device(device: Device | str | int) -> Device:
    """The device itself, or the one that this name has opened in this process."""
    if isinstance(device, Device):
        return device
    with _lock:
        name = str(device)
        if name not in _devices:
            _devices[name] = Device(name)
        return _devices[name]


def _renew_lock() -> None:
    # Another thread may have held it at the fork.
    global _lock
    _lock = threading.Lock()


os.register_at_fork(after_in_child=_renew_lock)
