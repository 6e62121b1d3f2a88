"""Runs one measured program at a time, under a limit of time and, if wanted, a lock that others hold too."""
import fcntl
import os
import shlex
import signal
import subprocess
import tempfile
import threading
import time
from dataclasses import dataclass


@dataclass
class Outcome:
    """How a program ended. What it had said until then is kept even where time ran out."""
    output: str
    errors: str
    status: int
    timed_out: bool
    seconds: float
    peak_mb: float

    @property
    def failure(self):
        """Why there is nothing more to be had of it, or None."""
        if self.timed_out:
            return "out of time"
        if self.status != 0:
            return (self.errors.strip().splitlines() or ["it said nothing"])[-1][:300]
        return None


class Runner:
    def __init__(self, lock=None, budget=None):
        self.lock = lock
        self.end = time.monotonic() + budget if budget else None
        self.commands = []

    def left(self):
        """Seconds until the budget of the whole run is spent."""
        return self.end - time.monotonic() if self.end else float("inf")

    def run(self, command, limit):
        """Runs a command to its end, or to the end of its time."""
        if shlex.join(command) not in self.commands:
            self.commands.append(shlex.join(command))
        if not self.lock:
            return self._run(command, min(limit, self.left()))
        with open(self.lock, "a") as file:
            waiting = time.monotonic()
            fcntl.flock(file, fcntl.LOCK_EX)
            # Waiting for others is not measuring.
            if self.end:
                self.end += time.monotonic() - waiting
            return self._run(command, min(limit, self.left()))

    def _run(self, command, limit):
        if limit <= 0:
            return Outcome("", "", 0, True, 0.0, 0.0)
        # By way of files, so that neither stream can block the other.
        with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as errors:
            start = time.monotonic()
            process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=output, stderr=errors,
                                       start_new_session=True)
            timed_out = threading.Event()

            def stop():
                timed_out.set()
                # The whole group: Spark's Java process would outlive its parent.
                os.killpg(process.pid, signal.SIGKILL)
            timer = threading.Timer(limit, stop)
            timer.start()
            # wait4 and not wait: it tells the peak memory of this one process.
            _, status, usage = os.wait4(process.pid, 0)
            timer.cancel()
            process.returncode = os.waitstatus_to_exitcode(status)
            seconds = time.monotonic() - start
            output.seek(0)
            errors.seek(0)
            return Outcome(output.read().decode(errors="replace"), errors.read().decode(errors="replace"),
                           process.returncode, timed_out.is_set(), seconds, usage.ru_maxrss / 1024)
