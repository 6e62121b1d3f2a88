"""Matrices to train on."""

from __future__ import annotations

import numpy as np
import scipy.sparse


def checkerboard(size: int) -> scipy.sparse.csr_matrix:
    """Even users like even items, odd users odd ones; the item of each user's own number is held back."""
    rows, columns = np.indices((size, size))
    return scipy.sparse.csr_matrix(((rows + columns) % 2 == 0).astype(float) - np.eye(size))


def random_ratings(users: int, items: int, density: float = 0.1, seed: int = 1) -> scipy.sparse.csr_matrix:
    """Ratings from 1 to 5."""
    matrix = scipy.sparse.random(users, items, density, "csr", dtype=np.float32, random_state=seed)
    matrix.data = np.ceil(matrix.data * 5).astype(np.float32)
    return matrix
