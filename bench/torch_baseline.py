#!/usr/bin/env python3
"""Explicit ALS-WR in PyTorch, as one would write it: rows of like length gathered into batches, their matrices built by a
batched product, solved by torch.linalg.cholesky and torch.cholesky_solve. The baseline beside gpuals on the same card.

  torch_baseline.py --data DIR [--rank 64,128] [--iterations 3] [--limit 60] [--device cuda|cpu] [--name ml20m]

DIR holds what `gpuals bench --export DIR` writes. Prints a row of a table for each rank, and with --output a JSON document.
"""
import argparse
import json
import sys
import time

import numpy as np

try:
    import torch
except ImportError:
    sys.exit("torch_baseline.py: there is no PyTorch here")


def side(offsets, columns, values, device):
    """One orientation on the device, and its rows in order of their length."""
    lengths = np.diff(offsets)
    order = np.argsort(lengths, kind="stable")
    return dict(offsets=torch.from_numpy(offsets).to(device), columns=torch.from_numpy(columns).to(device),
                values=torch.from_numpy(values).to(device), order=order[lengths[order] > 0], lengths=lengths)


def transposed(offsets, columns, values, items):
    """The other orientation, by a stable sort of the columns."""
    rows = np.repeat(np.arange(len(offsets) - 1, dtype=np.int32), np.diff(offsets))
    order = np.argsort(columns, kind="stable")
    counts = np.zeros(items + 1, np.int64)
    np.cumsum(np.bincount(columns, minlength=items), out=counts[1:])
    return counts, rows[order], values[order]


def batches(side, rank, floats):
    """Row ranges of `order` whose lengths differ by a quarter at most, and whose padded gather takes at most `floats`."""
    order, lengths = side["order"], side["lengths"]
    sizes = lengths[order]
    start = 0
    while start < len(order):
        end = int(np.searchsorted(sizes, max(sizes[start] * 1.25, sizes[start] + 1), "right"))
        longest = int(sizes[end - 1])
        end = min(end, start + max(1, floats // (rank * max(longest, rank))))
        yield torch.from_numpy(order[start:end]), int(sizes[end - 1])
        start = end


def half_step(side, plan, fixed, solved, regularization):
    """Solves every row of one side. The last row of `fixed` is zero: what pads short rows."""
    rank, pad = fixed.shape[1], len(fixed) - 1
    eye = torch.eye(rank, device=fixed.device)
    for rows, longest in plan:
        start, end = side["offsets"][rows], side["offsets"][rows + 1]
        position = start[:, None] + torch.arange(longest, device=fixed.device)
        real = position < end[:, None]
        position = torch.where(real, position, torch.zeros_like(position))
        columns = torch.where(real, side["columns"][position].long(), pad)
        gathered = fixed[columns]
        ratings = torch.where(real, side["values"][position], torch.zeros((), device=fixed.device))
        matrix = gathered.transpose(1, 2) @ gathered
        matrix += (regularization * (end - start).float())[:, None, None] * eye
        right = gathered.transpose(1, 2) @ ratings[:, :, None]
        solved[rows] = torch.cholesky_solve(right, torch.linalg.cholesky(matrix))[:, :, 0]


def duration(seconds):
    return f"{seconds * 1000:.3g} ms" if seconds < 0.1 else f"{seconds:.3g} s"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", required=True)
    parser.add_argument("--name", default="sample")
    parser.add_argument("--rank", default="64")
    parser.add_argument("--iterations", type=int, default=3)
    parser.add_argument("--regularization", type=float, default=0.1)
    parser.add_argument("--limit", type=float, default=60, help="start no further iteration after so many seconds")
    parser.add_argument("--device", default="cuda")
    parser.add_argument("--output")
    a = parser.parse_args()
    if a.device == "cuda" and not torch.cuda.is_available():
        sys.exit("torch_baseline.py: PyTorch sees no CUDA device")
    device = torch.device(a.device)
    offsets = np.fromfile(f"{a.data}/row_offsets.i64", np.int64)
    columns = np.fromfile(f"{a.data}/columns.i32", np.int32)
    values = np.fromfile(f"{a.data}/values.f32", np.float32)
    users, items = len(offsets) - 1, int(columns.max()) + 1
    by_user = side(offsets, columns, values, device)
    by_item = side(*transposed(offsets, columns, values, items), device)
    synchronize = torch.cuda.synchronize if a.device == "cuda" else lambda: None
    name = torch.cuda.get_device_name() if a.device == "cuda" else "CPU"
    results, started = [], time.perf_counter()
    for rank in map(int, a.rank.split(",")):
        if results and time.perf_counter() - started > a.limit:
            break
        torch.manual_seed(1)
        X, Y = torch.zeros(users + 1, rank, device=device), torch.zeros(items + 1, rank, device=device)
        X[:users] = torch.nn.functional.normalize(torch.randn(users, rank, device=device))
        # A gather of 2 GB on a GPU, less on the host.
        floats = 1 << 29 if a.device == "cuda" else 1 << 24
        plans = [[(rows.to(device), longest) for rows, longest in batches(each, rank, floats)]
                 for each in (by_item, by_user)]
        times = []
        for _ in range(a.iterations + 1):
            synchronize()
            start = time.perf_counter()
            half_step(by_item, plans[0], X, Y, a.regularization)
            half_step(by_user, plans[1], Y, X, a.regularization)
            synchronize()
            times.append(time.perf_counter() - start)
            if time.perf_counter() - started > a.limit:
                break
        # The first warms up; it counts only where there was no time for another.
        seconds = float(np.median(times[1:] or times))
        entries, rows = len(values), len(by_user["order"]) + len(by_item["order"])
        operations = 2 * (entries * rank * (rank + 1) + 2 * entries * rank) + rows * (rank ** 3 / 3 + 2 * rank ** 2)
        error = 0.0
        for first in range(0, entries, 1 << 22):
            last = min(entries, first + (1 << 22))
            row = torch.searchsorted(by_user["offsets"], torch.arange(first, last, device=device), right=True) - 1
            predicted = (X[row] * Y[by_user["columns"][first:last].long()]).sum(1)
            error += float(((predicted - by_user["values"][first:last]) ** 2).double().sum())
        memory = torch.cuda.max_memory_allocated() / 2 ** 30 if a.device == "cuda" else 0.0
        results.append(dict(sample=a.name, rank=rank, seconds=seconds, gflops=operations / seconds / 1e9,
                            train_rmse=(error / entries) ** 0.5, iterations=len(times), memory_gib=memory))
        print(f"| {a.name} | PyTorch {torch.__version__} | explicit | {rank} | {name} | | {duration(seconds)} | "
              f"{operations / seconds / 1e9:,.0f} | | {memory:.2f} GiB |", flush=True)
    if a.output:
        with open(a.output, "w") as file:
            json.dump(dict(torch=torch.__version__, device=name, results=results), file, indent=1)
            file.write("\n")


if __name__ == "__main__":
    main()
