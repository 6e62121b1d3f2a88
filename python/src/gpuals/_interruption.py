"""Ctrl-C while the library computes."""

from __future__ import annotations

import signal
import threading
from types import FrameType, TracebackType


class Interruption:
    """A context manager in which Ctrl-C asks for the end, instead of being raised wherever Python happens to be: inside a function that
    the library calls, an exception would be lost. The second Ctrl-C is raised at once.

    Nothing is changed in other threads, which get no signals, and where the program handles Ctrl-C itself.
    """

    def __init__(self) -> None:
        #: Whether the end has been asked for.
        self.is_requested = False
        self._is_active = False

    def __enter__(self) -> Interruption:
        is_main = threading.current_thread() is threading.main_thread()
        if is_main and signal.getsignal(signal.SIGINT) is signal.default_int_handler:
            signal.signal(signal.SIGINT, self._handle)
            self._is_active = True
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._is_active:
            signal.signal(signal.SIGINT, signal.default_int_handler)

    def _handle(self, number: int, frame: FrameType | None) -> None:
        if self.is_requested:
            signal.default_int_handler(number, frame)
        self.is_requested = True
