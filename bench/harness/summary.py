"""Medians over repetitions, times to a given error, and the tables that people read."""
import statistics

# A solver has reached the best peer when its error is within this factor of it.
TOLERANCE = 1.001


def summarize(records):
    """One result of the repetitions of a solver on a problem."""
    good = [record for record in records if "seconds_per_iteration" in record]
    if not good:
        return dict(failure=records[-1].get("failure") or "it told no time")
    times = [record["seconds_per_iteration"] for record in good]
    result = dict(seconds_per_iteration=statistics.median(times), repetitions=times,
                  peak_mb=max(record["peak_mb"] for record in good),
                  curve=next((record["curve"] for record in good if "curve" in record), None))
    for key in ("version", "load_seconds", "peak_device_mb", "from_one_fit", "cut", "model"):
        value = next((record[key] for record in good if record.get(key) is not None), None)
        if value is not None:
            result[key] = value
    return result


def add_rates(measurement, operations, peak_gflops):
    """Rates by the formula, and the seconds until the best that any peer reached, for the solvers of one problem: the held-out
    error in explicit training, the objective in implicit training (see peers/fit.py)."""
    column = 2 if measurement["mode"] == "implicit" else 1
    results = measurement["results"]
    curves = {name: [point for point in result.get("curve") or [] if point[column] is not None]
              for name, result in results.items()}
    best = min((point[column] for name, points in curves.items() if not name.startswith("gpuals") for point in points),
               default=None)
    target = best * TOLERANCE if best is not None else None
    measurement.update(target=target, target_is="objective" if column == 2 else "error")
    for name, result in results.items():
        seconds = result.get("seconds_per_iteration")
        if seconds:
            result["gflops"] = operations / seconds / 1e9
            result["fma_fraction"] = result["gflops"] / peak_gflops
        if target is not None:
            result["best_error"] = min((point[1] for point in curves[name]), default=None)
            result["best"] = min((point[column] for point in curves[name]), default=None)
            result["seconds_to_target"] = next((point[0] for point in curves[name] if point[column] <= target), None)


def number(value, digits=3):
    if value is None:
        return "–"
    return f"{value:.{digits}g}" if value < 100 else f"{value:,.0f}"


def table(measurement):
    """The solvers of one problem, fastest first, as Markdown."""
    target, kind = measurement.get("target"), measurement.get("target_is")
    reach = f"s to {kind} {target:.5g}" if target else "s to the best"
    lines = [f"| | s/iteration | GFLOP/s | of FMA peak | {reach} | best {kind} | held-out error | peak MB |",
             "|---|---|---|---|---|---|---|---|"]
    results = measurement["results"]
    for name in sorted(results, key=lambda name: results[name].get("seconds_per_iteration") or float("inf")):
        result = results[name]
        if "failure" in result:
            lines.append(f"| {name} | – ({result['failure']}) | | | | | | |")
            continue
        shown = f"**{name}**" if name.startswith("gpuals") else name
        error = result.get("best_error")
        lines.append(f"| {shown} | {number(result['seconds_per_iteration'])} | {number(result['gflops'])} | "
                     f"{result['fma_fraction']:.0%} | {number(result.get('seconds_to_target'))} | "
                     f"{number(result.get('best'), 5)} | {f'{error:.4f}' if error is not None else '–'} | {number(result['peak_mb'])} |")
    return "\n".join(lines)


def rates_table(rates, columns):
    """A small table of what is measured beside training."""
    lines = ["| | " + " | ".join(title for _, title in columns) + " |", "|---" * (len(columns) + 1) + "|"]
    for name, values in rates.items():
        if values.get("failure"):
            lines.append(f"| {name} | – ({values['failure']}) |" + " |" * (len(columns) - 1))
        else:
            lines.append(f"| {name} | " + " | ".join(number(values.get(key)) for key, _ in columns) + " |")
    return "\n".join(lines)


TOP_N = [("users_per_second", "users/s"), ("seconds", "s"), ("peak_mb", "peak MB")]
INGEST = [("seconds", "s"), ("megabytes_per_second", "MB/s"), ("read_seconds", "s reading"), ("peak_mb", "peak MB")]
