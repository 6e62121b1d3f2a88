"""Python environments for the peers, made on first use."""
import os
import shutil
import subprocess
import sys

ENVIRONMENTS = {"": (".bench-venv", "bench/peers/requirements.txt"),
                "buffalo": (".bench-venv-buffalo", "bench/peers/requirements-buffalo.txt")}


def python_for(peer, say):
    """The interpreter that a peer runs in, or (None, why) if its packages cannot be had."""
    name = "buffalo" if peer.startswith("buffalo") else ""
    directory, requirements = ENVIRONMENTS[name]
    python, stamp = f"{directory}/bin/python", f"{directory}/installed"
    with open(requirements) as file:
        wanted = file.read()
    if peer.startswith("spark") and not shutil.which("java"):
        return None, "there is no java, which Spark needs"
    if os.path.exists(stamp):
        with open(stamp) as file:
            if file.read() == wanted:
                return python, None
    say(f"installing {requirements} into {directory}")
    try:
        if not os.path.exists(python):
            subprocess.run([sys.executable, "-m", "venv", directory], check=True, stdout=sys.stderr)
        subprocess.run([python, "-m", "pip", "install", "-q", "-r", requirements], check=True, stdout=sys.stderr)
    except (OSError, subprocess.CalledProcessError) as error:
        return None, f"its packages cannot be installed: {error}"
    with open(stamp, "w") as file:
        file.write(wanted)
    return python, None
