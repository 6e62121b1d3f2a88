"""What was measured on: processor, memory, system, device and its ceilings."""
import json
import os
import platform
import subprocess


def field(path, key):
    try:
        with open(path) as file:
            for line in file:
                if line.startswith(key):
                    return line.split(":", 1)[-1].split("=", 1)[-1].strip().strip('"')
    except OSError:
        pass
    return None


def describe(gpuals, device):
    """The machine and the chosen OpenCL device."""
    devices = json.loads(subprocess.run([gpuals, "devices", "--json"], check=True, capture_output=True, text=True).stdout)
    chosen = next((d for d in devices if d["auto"] if device == "auto" or str(d["index"]) == device), None)
    chosen = chosen or next((d for d in devices if str(d["index"]) == device), devices[0])
    memory = field("/proc/meminfo", "MemTotal")
    flags = (field("/proc/cpuinfo", "flags") or "").split()
    return dict(
        cpu=field("/proc/cpuinfo", "model name") or platform.processor(), cores=os.cpu_count(),
        vectors=next((name for name in ("avx512f", "avx2", "avx") if name in flags), None),
        memory_gb=round(int(memory.split()[0]) / 1e6, 1) if memory else None,
        os=field("/etc/os-release", "PRETTY_NAME") or platform.system(), kernel=platform.release(),
        gpuals=subprocess.run([gpuals, "--version"], capture_output=True, text=True).stdout.strip(),
        device=chosen["name"], driver=f'{chosen["platform"]} {chosen["driver"]}')


def ceilings(runner, gpuals, device):
    """What the device does at best at this moment, from `gpuals bench --ceilings`."""
    outcome = runner.run([gpuals, "bench", "--ceilings", "--json", "--device", device], limit=60)
    if outcome.failure:
        raise SystemExit(f"bench: gpuals bench --ceilings: {outcome.failure}")
    return json.loads(outcome.output)["ceilings"]
