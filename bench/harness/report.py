"""The performance section of the README, from the results."""
import glob
import json
import textwrap

from harness.summary import number

NAMES = {"numpy": "NumPy, batched", "numpy-dual": "NumPy, batched, dual form", "cmfrec-chol": "cmfrec, Cholesky",
         "cmfrec-cg": "cmfrec, conjugate gradient", "implicit-chol": "implicit, Cholesky",
         "implicit-cg": "implicit, conjugate gradient", "irspack-chol": "irspack, Cholesky",
         "irspack-cg": "irspack, conjugate gradient", "buffalo-chol": "buffalo, Cholesky",
         "buffalo-cg": "buffalo, conjugate gradient", "spark": "Spark ALS"}


def load(directory):
    """Results by date: those of bench/run, and those of bench/gpu. The others stand in bench/NOTES.md."""
    runs, gpus = [], []
    for path in sorted(glob.glob(f"{directory}/*.json")):
        with open(path) as file:
            document = json.load(file)
        if "measurements" in document:
            runs.append(document)
        elif "parts" in document:
            gpus.append(document)
    by_date = lambda document: document["date"]  # noqa: E731
    return sorted(runs, key=by_date), sorted(gpus, key=by_date)


def cell(result, key):
    """A figure of a solver, or why there is none."""
    if result is None:
        return ""
    return number(result.get(key)) if "failure" not in result else "–"


def percent(result):
    return f"{result['fma_fraction']:.0%}" if result and "fma_fraction" in result else ""


def training(measurements):
    """One table for a data set and a rank: solvers by lines, objectives by columns."""
    modes = {measurement["mode"]: measurement for measurement in measurements}
    first = measurements[0]
    names = {name for measurement in measurements for name in measurement["results"]}

    def speed(name):
        times = [m["results"].get(name, {}).get("seconds_per_iteration") for m in measurements]
        return (not name.startswith("gpuals"), min((time for time in times if time), default=float("inf")), name)
    head = "| |" + "".join(f" {mode}: s/iteration | of FMA peak | s to reach |" for mode in modes) + " peak MB |"
    lines = [f"{first['data']}: {first['users']:,} × {first['items']:,}, {first['ratings']:,} ratings, rank {first['rank']}; "
             + "to be reached (the best of any peer + 0.1 %): "
             + ", ".join(f"{mode} {'held-out error' if m['target_is'] == 'error' else 'objective'} {m['target']:.5g}"
                         if m.get("target") else f"{mode} –" for mode, m in modes.items()),
             "", head, "|---|" + "---|---|---|" * len(modes) + "---|"]
    for name in sorted(names, key=speed):
        found = [m["results"].get(name) for m in measurements]
        peak = max((result["peak_mb"] for result in found if result and "peak_mb" in result), default=None)
        shown = f"**{name}**" if name.startswith("gpuals") else NAMES.get(name, name)
        lines.append(f"| {shown} |" + "".join(
            f" {cell(result, 'seconds_per_iteration')} | {percent(result)} | {cell(result, 'seconds_to_target')} |"
            for result in found) + f" {number(peak)} |")
    return lines


def latest(runs):
    """The last measurement of each thing, and the runs that they are of."""
    found = {}
    for run in runs:
        for measurement in run["measurements"]:
            key = (measurement["kind"], measurement["data"], measurement.get("rank"), measurement.get("mode"))
            found[key] = (measurement, run)
    return [measurement for measurement, _ in found.values()], [
        run for run in runs if any(run is used for _, used in found.values())]


def cpu_section(runs):
    measurements, used = latest(runs)
    lines = []
    for run in used:
        machine = run["machine"]
        peak = max(invocation["ceilings"]["fma_gflops"] for invocation in run["invocations"])
        lines.append(f"{machine['cores']} cores of an {machine['cpu']} ({machine['vectors']}, {machine['memory_gb']} GB), "
                     f"{machine['os']}, {machine['driver']}; FMA peak {peak:.0f} GFLOP/s, measured in the same run; "
                     f"{run['date']}, gpuals {machine['gpuals']}.")
    lines += ["Same data, same rank, same iterations, one solver at a time, in turn; medians. The share of the peak counts the "
              "operations of the exact normal equations for every solver: conjugate gradients, and short rows in their dual form, "
              "need fewer.", ""]
    groups = {}
    for measurement in measurements:
        if measurement["kind"] == "training":
            groups.setdefault((measurement["data"], measurement["rank"]), []).append(measurement)
    for group in groups.values():
        lines += [*training(sorted(group, key=lambda m: m["mode"])), ""]
    tops = [m for m in measurements if m.get("top_n") and m["mode"] == "implicit"] or [
        m for m in measurements if m.get("top_n")]
    for measurement in tops:
        rates = ", ".join(f"{name} {number(values['users_per_second'])}" for name, values in measurement["top_n"].items()
                          if not values.get("failure"))
        lines += [f"Top 10 of all users, what they have rated left out, users a second ({measurement['data']}, rank "
                  f"{measurement['rank']}; gpuals with reading the model and writing the list, the others in memory): {rates}.", ""]
    for measurement in measurements:
        if measurement["kind"] == "ingest":
            rates = ", ".join(f"{name} {number(values['megabytes_per_second'])} MB/s ({number(values['seconds'])} s, "
                              f"{number(values['peak_mb'])} MB)" for name, values in measurement["results"].items()
                              if not values.get("failure"))
            lines += [f"Text to both CSR orientations ({measurement['data']}, {measurement['ratings']:,} ratings): {rates}.", ""]
    commands = [invocation["command"] for run in used for invocation in run["invocations"]]
    return lines + ["```sh", *dict.fromkeys(commands), "```"]


def gpu_section(document):
    device = next((part["device"] for part in document["parts"] if isinstance(part.get("device"), dict)), None)
    lines = []
    if device:
        ceilings = next(part["ceilings"] for part in document["parts"] if part.get("ceilings"))
        check = document.get("check") or {}
        lines += [f"{device['name']}, driver {device['driver']}; {ceilings['fma_gflops'] / 1000:.1f} TFLOP/s FMA and "
                  f"{ceilings['copy_gbps']:,.0f} GB/s copy, measured in the same run; {document['date']}, `bench/gpu`"
                  + (f"; largest difference of any kernel from the reference {check['largest_difference']:.1e}"
                     if check.get("passed") else "; THE CHECK AGAINST THE REFERENCE FAILED") + ".", ""]
    lines += ["| sample | solver | | rank | ms an iteration | GFLOP/s | of FMA peak |", "|---|---|---|---|---|---|---|"]
    for part in document["parts"]:
        for timing in part.get("timings", []):
            line = timing["iteration"]
            lines.append(f"| {timing['sample']} | {timing['variant']} | {timing['feedback']} | {timing['rank']} | "
                         f"{line['seconds'] * 1000:.3g} | {line['gflops']:,.0f} | {line['fma_fraction']:.0%} |")
        for result in part.get("results", []):
            lines.append(f"| {result['sample']} | PyTorch {part['torch']}, batched | explicit | {result['rank']} | "
                         f"{result['seconds'] * 1000:.3g} | {result['gflops']:,.0f} | |")
    return lines


def section(directory):
    """The text between the markers, or None where nothing has been measured."""
    runs, gpus = load(directory)
    if not runs and not gpus:
        return None
    lines = []
    if runs:
        lines += cpu_section(runs)
    if gpus:
        lines += ["", *gpu_section(gpus[-1])]
    return "\n".join(wrapped(lines)).strip() + "\n"


def wrapped(lines):
    """Prose as long as the README's, tables and commands as they are."""
    is_code = False
    for line in lines:
        is_code ^= line.startswith("```")
        if is_code or line.startswith(("|", "```")) or not line:
            yield line
        else:
            yield from textwrap.wrap(line, 128, break_on_hyphens=False)
