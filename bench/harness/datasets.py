"""The data sets: generated once, the same bytes everywhere with one version of NumPy."""
import json
import os
import subprocess

DIRECTORY = "bench/data"
# Name here: preset of make_data.py, weights of the regularization that suit the scale of the ratings.
DATASETS = {
    "tiny": dict(preset="tiny", explicit=0.05, implicit=10.0),
    "small": dict(preset="small", explicit=0.05, implicit=10.0),
    "ml20m": dict(preset="ml20m", explicit=0.05, implicit=10.0),
    "r1-like": dict(preset="yahoo-r1", explicit=2.0, implicit=10.0),
}


def prepare(name, python, say):
    """Makes the files of a data set if they are not there; returns its base name and its shape."""
    preset = DATASETS[name]["preset"]
    base = f"{DIRECTORY}/{preset}"
    if not os.path.exists(f"{base}.json"):
        say(f"generating {name} into {DIRECTORY}")
        subprocess.run([python, "bench/peers/make_data.py", "--preset", preset, "--test-frac", "0.1", "--out", DIRECTORY],
                       check=True, stdout=subprocess.DEVNULL)
    for part in ("train", "test"):
        # Implicit feedback: the pairs alone, which gpuals takes for ratings of 1.
        if not os.path.exists(f"{base}.{part}.pairs.tsv"):
            say(f"writing {base}.{part}.pairs.tsv")
            with open(f"{base}.{part}.tsv", "rb") as rows, open(f"{base}.{part}.pairs.tsv.partial", "wb") as pairs:
                pairs.writelines(row.rsplit(b"\t", 1)[0] + b"\n" for row in rows)
            os.rename(f"{base}.{part}.pairs.tsv.partial", f"{base}.{part}.pairs.tsv")
    with open(f"{base}.json") as file:
        return base, json.load(file)


def operations(shape, rank, implicit):
    """Operations of an iteration by the formula for exact Cholesky, from the counts of the training ratings."""
    f, rows = rank, shape["rated_users"] + shape["rated_items"]
    count = 2 * (shape["train"] * f * (f + 1) + 2 * shape["train"] * f) + rows * (f ** 3 / 3 + 2 * f * f)
    return count + (rows * f * (f + 1) if implicit else 0)
