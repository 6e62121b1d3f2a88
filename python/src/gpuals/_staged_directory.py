"""A directory that is filled beside its place and then put there in one step."""

from __future__ import annotations

import ctypes
import errno
import os
import secrets
import shutil
from collections.abc import Callable, Collection
from types import TracebackType
from typing import Any, BinaryIO

from gpuals._files import synchronize_directory

#: ``AT_FDCWD`` and ``RENAME_EXCHANGE`` of Linux.
_CURRENT_DIRECTORY = -100
_EXCHANGE = 2


class StagedDirectory:
    """A context manager. Left before :meth:`publish`, it leaves nothing behind.

    Args:
        target: the place, a path without links. Missing directories above it are made.

    Raises:
        OSError: the directory cannot be made.
    """

    def __init__(self, target: str) -> None:
        self._target = target
        parent = os.path.dirname(target)
        os.makedirs(parent, exist_ok=True)
        self.path = os.path.join(parent, f".{os.path.basename(target)}.{secrets.token_hex(4)}.part")
        try:
            os.mkdir(self.path)
        except OSError as error:
            # By the name that the caller gave.
            raise type(error)(error.errno, error.strerror, target) from None

    def write(self, name: str, body: Callable[[BinaryIO], Any]) -> None:
        """Makes a file in it by writing it.

        Raises:
            OSError: it cannot be written.
        """
        with open(os.path.join(self.path, name), "xb") as file:
            body(file)
            file.flush()
            os.fsync(file.fileno())

    def publish(self, replaced: Collection[str]) -> None:
        """Puts the directory in its place durably. Of what stood there, the files called ``replaced`` are removed, and others kept.

        Raises:
            OSError: it cannot be put there.
        """
        synchronize_directory(self.path)
        parent = os.path.dirname(self._target)
        if not os.path.lexists(self._target):
            os.rename(self.path, self._target)
            synchronize_directory(parent)
            return
        os.chmod(self.path, os.stat(self._target).st_mode & 0o7777)
        if not _exchange(self.path, self._target):
            # Between these two there is no model; a reader that comes just then finds none, never half a one.
            old = self.path + ".old"
            os.rename(self._target, old)
            try:
                os.rename(self.path, self._target)
            except OSError:
                os.rename(old, self._target)
                raise
            os.rename(old, self.path)
        # The old directory stands here now.
        for name in os.listdir(self.path):
            if name not in replaced and not os.path.lexists(os.path.join(self._target, name)):
                os.rename(os.path.join(self.path, name), os.path.join(self._target, name))
        synchronize_directory(parent)

    def __enter__(self) -> StagedDirectory:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        # Behind a publish, the old model stands here.
        shutil.rmtree(self.path, ignore_errors=True)


def _exchange(a: str, b: str) -> bool:
    """Exchanges two names in one step; False where the system or the file system cannot."""
    function = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)
    if function is None:
        return False
    if function(_CURRENT_DIRECTORY, os.fsencode(a), _CURRENT_DIRECTORY, os.fsencode(b), _EXCHANGE) == 0:
        return True
    code = ctypes.get_errno()
    if code in (errno.EINVAL, errno.ENOSYS, errno.ENOTSUP):
        return False
    raise OSError(code, os.strerror(code), b)
