"""``python3 -m gpuals.exchange``: the program behind ``gpuals export --to spark`` and ``gpuals import --from spark``.

It writes one line of JSON to standard output when all is done. Otherwise it says on standard error, in one line, what is wrong, and ends
with the status that gpuals ends with in such a case (sysexits.h).
"""

from __future__ import annotations

import argparse
import errno
import json
import os
import signal
import sys
from typing import Any, NoReturn

from gpuals.errors import GPUALSError
from gpuals.exchange.commands import export_spark_model, unpack_spark_model

_NO_INPUT = 66
_SOFTWARE = 70
_CANNOT_CREATE = 73
_INPUT_OUTPUT = 74


def main(arguments: list[str]) -> int:
    """Runs a command, and returns its status."""
    parser = argparse.ArgumentParser(prog="python3 -m gpuals.exchange", description=__doc__.split("\n")[0])
    commands = parser.add_subparsers(dest="command", required=True)
    export = commands.add_parser("export-spark", help="write a model directory of gpuals as an ALSModel of Spark")
    export.add_argument("model")
    export.add_argument("output")
    export.add_argument("--number-ids", action="store_true")
    unpack = commands.add_parser("unpack-spark", help="write the parts of an ALSModel into an empty directory")
    unpack.add_argument("path")
    unpack.add_argument("output")
    given = parser.parse_args(arguments)
    # What is half written is removed on the way out.
    signal.signal(signal.SIGTERM, _end)
    try:
        if given.command == "export-spark":
            answer: dict[str, Any] = export_spark_model(given.model, given.output, given.number_ids)
        else:
            answer = unpack_spark_model(given.path, given.output)
    except GPUALSError as error:
        return _fail(str(error), error.status)
    except FileNotFoundError as error:
        return _fail(f"{error.filename or error}: there is no such file or directory", _NO_INPUT)
    except MemoryError:
        return _fail("the memory of this machine does not suffice for the model", 69)
    except OSError as error:
        return _fail(f"{error.filename or 'a file'}: {error.strerror or error}", _status(error, given.output))
    print(json.dumps(answer))
    return 0


def _status(error: OSError, output: str) -> int:
    """What cannot be made is told from what fails on the way."""
    if error.errno in (errno.ENOSPC, errno.EROFS, errno.EDQUOT):
        return _CANNOT_CREATE
    if not isinstance(error.filename, (str, os.PathLike)):
        return _INPUT_OUTPUT
    target = os.path.realpath(output)
    place = os.path.realpath(error.filename)
    # The place itself, what is above it and has to be made, what is in it, and what is filled beside it.
    staged = os.path.join(os.path.dirname(target), f".{os.path.basename(target)}.")
    is_output = target.startswith(place) or place.startswith((target + os.sep, staged))
    return _CANNOT_CREATE if is_output else _INPUT_OUTPUT


def _fail(message: str, status: int) -> int:
    print(" ".join(message.split()), file=sys.stderr)
    return status


def _end(signal_number: int, _frame: object) -> NoReturn:
    raise SystemExit(128 + signal_number)


def run() -> NoReturn:
    """Runs the command line, and ends."""
    try:
        status = main(sys.argv[1:])
    except KeyboardInterrupt:
        status = 130
    except SystemExit as end:
        status = end.code if isinstance(end.code, int) else 0
    sys.stdout.flush()
    sys.stderr.flush()
    # At an ordinary end threads of pyarrow's are sometimes taken down at work, which ends the process by a signal.
    os._exit(status)


if __name__ == "__main__":
    run()
