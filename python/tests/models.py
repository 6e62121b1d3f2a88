"""Models to train."""

from __future__ import annotations

from gpuals import AlternatingLeastSquares, Device


def new_model(device: Device) -> AlternatingLeastSquares:
    """What the tests taken from implicit train on a checkerboard."""
    return AlternatingLeastSquares(factors=32, regularization=0, random_state=23, device=device)
