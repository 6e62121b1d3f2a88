#!/usr/bin/env python3
"""Deterministic synthetic rating triples with a realistic shape (vectorized NumPy).

Shape: log-normal user activity, power-law (shifted Zipf) item popularity, low-rank
ground truth with a decaying spectrum + user/item biases + noise, and a discrete
rating scale reached by quantile mapping, so that the marginal has the spikes of real
data (0..100 with peaks at 0/90/100, or MovieLens-like stars).

  make_data.py --preset small --out DIR                 # DIR/small.{npz,...}
  make_data.py --preset yahoo-r1 --out DIR --formats npz,tsv --test-frac 0.1
  make_data.py --users 5000 --items 2000 --nnz 400000 --scale stars --name x --out DIR

Formats: npz (scipy CSR, 0-based), tsv (user\titem\trating, 1-based, sorted by user),
csv (the same with a header). With --test-frac F also NAME.train.* and NAME.test.*
(a per-rating Bernoulli split from its own seed). The same seed gives the same bytes
with the same NumPy major version.
"""
import argparse, json, os, time
import numpy as np

PRESETS = {  # users, items, nnz, scale, sigma of log activity, zipf exponent, zipf shift
    "tiny":     (2_000, 1_000, 50_000, "stars5", 0.9, 0.9, 20),
    "small":    (6_040, 3_706, 1_000_209, "stars5", 1.0, 0.9, 50),
    "ml20m":    (138_493, 26_744, 20_000_263, "stars", 1.1, 1.25, 100),
    "yahoo-r1": (1_948_882, 98_211, 11_557_943, "yahoo", 1.3, 1.1, 50),
    "netflix":  (480_189, 17_770, 99_072_112, "stars5", 1.2, 1.1, 110),
}
SCALES = {  # values and target marginal
    "stars5": (np.array([1, 2, 3, 4, 5], np.float32),
               np.array([5.6, 10.8, 26.1, 34.9, 22.6])),
    "stars": (np.arange(1, 11, dtype=np.float32) / 2,
              np.array([1.2, 3.4, 1.4, 7.2, 4.4, 21.4, 11.0, 27.8, 7.7, 14.5])),
}


def yahoo_scale():
    """Integers 0..100; spikes at 0, 90 and 100, smaller ones at the tens."""
    v = np.arange(101, dtype=np.float32)
    p = np.full(101, 0.08)
    p[0::10] += np.array([0, 1.2, 1.4, 2.4, 1.6, 7.0, 2.2, 6.0, 6.5, 0, 0])
    p[0], p[90], p[100] = 14.0, 19.0, 30.0
    return v, p


def user_counts(rng, users, nnz, sigma, cap):
    w = rng.lognormal(0.0, sigma, users)
    lo = 1
    c = np.minimum(lo + np.floor(w / w.sum() * (nnz - lo * users)).astype(np.int64), cap)
    while True:                                   # hand out the rest, respecting the cap
        miss = nnz - int(c.sum())
        if miss <= 0:
            break
        room = np.flatnonzero(c < cap)
        p = w[room] / w[room].sum()
        add = np.bincount(np.searchsorted(np.cumsum(p), rng.random(miss)).clip(0, len(room) - 1),
                          minlength=len(room))
        c[room] = np.minimum(c[room] + add, cap)
    return c


def sample_pairs(rng, counts, items, zipf, shift):
    """Unique (user, item) pairs with the given user counts; popularity-weighted items."""
    users = len(counts)
    rank = np.arange(items, dtype=np.float64)
    pop = (rank + shift) ** -zipf
    perm = rng.permutation(items)                 # popular items get scattered ids
    keys = np.empty(0, np.int64)
    need = counts.copy()
    for rnd in range(200):
        tot = int(need.sum())
        if tot == 0:
            break
        w = pop ** max(0.0, 1.0 - 0.08 * rnd)     # flatten as heavy users fill up
        cdf = np.cumsum(w / w.sum())
        u = np.repeat(np.arange(users, dtype=np.int64), need)
        it = np.searchsorted(cdf, rng.random(tot)).clip(0, items - 1)
        new = np.unique(u * items + it)
        if len(keys):
            new = new[~np.isin(new, keys, assume_unique=True)]
            keys = np.concatenate([keys, new]); keys.sort()
        else:
            keys = new
        need = counts - np.bincount(keys // items, minlength=users)
    u = (keys // items).astype(np.int32)
    it = perm[keys % items].astype(np.int32)
    o = np.lexsort((it, u))                       # sorted by user, then item
    return u[o], it[o], np.log(pop)[np.argsort(perm)]


def ratings(rng, u, it, users, items, logpop, scale, rank, noise):
    s = (np.arange(rank) + 1.0) ** -0.5
    s /= np.sqrt((s ** 4).sum())                  # unit variance of <p, q>
    P = (rng.standard_normal((users, rank)) * s).astype(np.float32)
    Q = (rng.standard_normal((items, rank)) * s).astype(np.float32)
    lp = (logpop - logpop.mean()) / (logpop.std() + 1e-12)
    bu = (0.6 * rng.standard_normal(users)).astype(np.float32)
    bi = (0.5 * rng.standard_normal(items) + 0.25 * lp).astype(np.float32)
    z = np.empty(len(u), np.float32)
    for a in range(0, len(u), 1 << 20):
        b = min(a + (1 << 20), len(u)); uu = u[a:b]; ii = it[a:b]
        z[a:b] = (np.einsum("ij,ij->i", P[uu], Q[ii]) * 0.9 + bu[uu] + bi[ii]
                  + noise * rng.standard_normal(b - a, dtype=np.float32))
    vals, prob = yahoo_scale() if scale == "yahoo" else SCALES[scale]
    cdf = np.cumsum(prob / prob.sum())[:-1]
    sub = z if len(z) <= 2_000_000 else z[rng.integers(0, len(z), 2_000_000)]
    edges = np.quantile(sub, cdf)
    return vals[np.searchsorted(edges, z)]


def write_text(path, u, it, r, sep, header, integer):
    import pyarrow as pa, pyarrow.csv as pc
    if integer:
        r = r.astype(np.int32)
    t = pa.table({"user": pa.array(u + 1), "item": pa.array(it + 1), "rating": pa.array(r)})
    pc.write_csv(t, path, pc.WriteOptions(include_header=header, delimiter=sep, quoting_style="none"))


def save(base, u, it, r, shape, formats, integer):
    import scipy.sparse as sp
    if "npz" in formats:
        ptr = np.zeros(shape[0] + 1, np.int64)
        np.cumsum(np.bincount(u, minlength=shape[0]), out=ptr[1:])
        if ptr[-1] < 2**31:
            ptr = ptr.astype(np.int32)
        m = sp.csr_matrix((r, it, ptr), shape=shape)
        sp.save_npz(base + ".npz", m, compressed=False)
    if "tsv" in formats:
        write_text(base + ".tsv", u, it, r, "\t", False, integer)
    if "csv" in formats:
        write_text(base + ".csv", u, it, r, ",", True, integer)


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("--preset", choices=PRESETS)
    ap.add_argument("--users", type=int); ap.add_argument("--items", type=int); ap.add_argument("--nnz", type=int)
    ap.add_argument("--scale", choices=["stars5", "stars", "yahoo"])
    ap.add_argument("--sigma", type=float); ap.add_argument("--zipf", type=float); ap.add_argument("--shift", type=float)
    ap.add_argument("--true-rank", type=int, default=16); ap.add_argument("--noise", type=float, default=1.0)
    ap.add_argument("--seed", type=int, default=1); ap.add_argument("--test-frac", type=float, default=0.0)
    ap.add_argument("--formats", default="npz,tsv"); ap.add_argument("--name"); ap.add_argument("--out", required=True)
    a = ap.parse_args()
    d = PRESETS.get(a.preset, (None,) * 7)
    users, items, nnz, scale, sigma, zipf, shift = (x if x is not None else y for x, y in zip(
        (a.users, a.items, a.nnz, a.scale, a.sigma, a.zipf, a.shift), d))
    scale = scale or "yahoo"; sigma = sigma or 1.1; zipf = zipf or 1.0; shift = shift or 50.0
    name = a.name or a.preset or "custom"
    os.makedirs(a.out, exist_ok=True)
    t0 = time.time()
    rng = np.random.default_rng(np.random.SeedSequence([a.seed, users, items, nnz]))
    cnt = user_counts(rng, users, nnz, sigma, max(1, int(0.6 * items)))
    u, it, lp = sample_pairs(rng, cnt, items, zipf, shift)
    r = ratings(rng, u, it, users, items, lp, scale, a.true_rank, a.noise)
    fm = a.formats.split(","); integer = scale != "stars"
    base = os.path.join(a.out, name)
    save(base, u, it, r, (users, items), fm, integer)
    info = dict(name=name, users=users, items=items, nnz=int(len(u)), seed=a.seed, scale=scale,
                mean=float(r.mean()), std=float(r.std()), user_median=float(np.median(cnt)),
                user_max=int(cnt.max()), item_max=int(np.bincount(it, minlength=items).max()),
                item_median=float(np.median(np.bincount(it, minlength=items))),
                items_unrated=int((np.bincount(it, minlength=items) == 0).sum()))
    if a.test_frac > 0:
        m = np.random.default_rng([a.seed, 7919]).random(len(u)) < a.test_frac
        save(base + ".train", u[~m], it[~m], r[~m], (users, items), fm, integer)
        save(base + ".test", u[m], it[m], r[m], (users, items), fm, integer)
        info.update(test_nnz=int(m.sum()), train=int((~m).sum()), rated_users=len(np.unique(u[~m])),
                    rated_items=len(np.unique(it[~m])))
    info["seconds"] = round(time.time() - t0, 1)
    json.dump(info, open(base + ".json", "w"), indent=1)
    print(json.dumps(info))


if __name__ == "__main__":
    main()
