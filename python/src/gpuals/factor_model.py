"""What can be asked of the factors of users and items, however they came about."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from gpuals._best_columns import best_columns
from gpuals._csr import require_rows, with_columns
from gpuals._shared_devices import shared_device
from gpuals.device import Device
from gpuals.errors import DataError, NotFittedError, ParameterError

Array = npt.NDArray[Any]
#: What stands for a score behind the last item of a list, as in implicit.
NO_SCORE = -np.finfo(np.float32).max


class FactorModel:
    """Factors of users and items, and the lists that follow from them. :class:`gpuals.AlternatingLeastSquares` trains one.

    Users and items are rows, counted from 0. The methods have the names and arguments of implicit's, and give its answers with two
    exceptions: behind the last item of a list that is shorter than N stands -1, with the lowest score that 32 bits hold (implicit fills
    up with items that were filtered out, or with row 0); and equal scores come in the order of the rows.

    Attributes:
        user_factors: users x rank, a NumPy array; None before training.
        item_factors: items x rank, the same.
        device: where lists for many rows at once are made: a :class:`gpuals.Device`, or its name.
    """

    def __init__(self, device: Device | str | int = "auto") -> None:
        self.device = device
        self._user_factors: Array | None = None
        self._item_factors: Array | None = None
        self._user_norms: Array | None = None
        self._item_norms: Array | None = None

    @property
    def user_factors(self) -> Any:
        return self._user_factors

    @user_factors.setter
    def user_factors(self, factors: Any) -> None:
        # The array itself, not a copy of it, as in implicit.
        self._user_factors = None if factors is None else np.asarray(factors)
        self._forget_users()

    @property
    def item_factors(self) -> Any:
        return self._item_factors

    @item_factors.setter
    def item_factors(self, factors: Any) -> None:
        self._item_factors = None if factors is None else np.asarray(factors)
        self._forget_items()

    def recommend(
        self,
        userid: Any,
        user_items: Any = None,
        N: int = 10,
        filter_already_liked_items: bool = True,
        filter_items: Any = None,
        recalculate_user: bool = False,
        items: Any = None,
    ) -> tuple[Array, Array]:
        """The best items for a user, or for each of several users.

        Args:
            userid: a row, or an array of rows.
            user_items: a CSR matrix with one row for each user: the items that are left out, or that a user is recalculated from. Not
                needed with neither ``filter_already_liked_items`` nor ``recalculate_user``.
            N: how many.
            filter_already_liked_items: whether items in ``user_items`` are left out. Where ``items`` are given they come last instead,
                as in implicit.
            filter_items: items that are left out for all users.
            recalculate_user: whether the user's factors are computed from ``user_items``.
            items: the items to rank; all by default. Not together with ``filter_items``.

        Returns:
            Items and scores, best first: of N each for one user, users x N for an array. Lists that are shorter end in -1.

        Raises:
            DataError: ``user_items`` is no CSR matrix with one row for each user.
            ParameterError: ``items`` and ``filter_items`` are both given, or N is below 1.
            IndexError: a user or an item is not in the model.
            NotFittedError: there are no factors.
        """
        is_single = np.ndim(userid) == 0
        item_factors = self._factors(self._item_factors)
        liked = None
        if filter_already_liked_items or recalculate_user:
            liked = require_rows(user_items, 1 if is_single else len(userid), "user_items", "users")
        factors = self.recalculate_user(userid, liked) if recalculate_user else self._rows(self._user_factors, userid)
        candidates = _candidates(len(item_factors), items, filter_items, "items", "filter_items")
        if candidates is not None and items is not None:
            N = min(N, len(candidates))
        excluded = None
        if filter_already_liked_items:
            excluded = with_columns(liked, len(item_factors), "user_items")
            excluded = excluded if candidates is None else excluded[:, candidates]
        columns = item_factors if candidates is None else item_factors[candidates]
        ids, scores = self._best(np.atleast_2d(factors), columns, N, excluded)
        if items is not None and excluded is not None:
            _append_excluded(ids, excluded)
        if candidates is not None:
            ids = np.where(ids < 0, -1, candidates[ids]).astype(np.int32)
        return (ids[0], scores[0]) if is_single else (ids, scores)

    def recalculate_user(self, userid: Any, user_items: Any) -> Array:
        """Factors of users from their items; how depends on the model."""
        raise NotImplementedError(f"{type(self).__name__} cannot recalculate users")

    def recalculate_item(self, itemid: Any, item_users: Any) -> Array:
        """Factors of items from their users; how depends on the model."""
        raise NotImplementedError(f"{type(self).__name__} cannot recalculate items")

    def similar_items(
        self,
        itemid: Any,
        N: int = 10,
        recalculate_item: bool = False,
        item_users: Any = None,
        filter_items: Any = None,
        items: Any = None,
    ) -> tuple[Array, Array]:
        """The items nearest to an item, or to each of several, by the cosine of their factors.

        Args:
            itemid: a row, or an array of rows.
            N: how many. The item itself is the first.
            recalculate_item: whether the item's factors are computed from ``item_users``.
            item_users: a CSR matrix with one row for each item, for ``recalculate_item``.
            filter_items: items that are left out.
            items: the items to choose from; all by default. Not together with ``filter_items``.

        Returns:
            Items and cosines, as :meth:`recommend`.

        Raises:
            ParameterError, DataError, IndexError, NotFittedError: as :meth:`recommend`.
        """
        factors = (
            self.recalculate_item(itemid, item_users) if recalculate_item else self._rows(self._item_factors, itemid)
        )
        candidates = _candidates(len(self._factors(self._item_factors)), items, filter_items, "items", "filter_items")
        return self._similar(factors, self._item_factors, self.item_norms, candidates, N)

    def similar_users(
        self,
        userid: Any,
        N: int = 10,
        filter_users: Any = None,
        users: Any = None,
    ) -> tuple[Array, Array]:
        """The users nearest to a user, or to each of several, by the cosine of their factors: as :meth:`similar_items`."""
        factors = self._rows(self._user_factors, userid)
        candidates = _candidates(len(self._factors(self._user_factors)), users, filter_users, "users", "filter_users")
        return self._similar(factors, self._user_factors, self.user_norms, candidates, N)

    def predict(self, userid: Any, itemid: Any) -> Any:
        """The predicted ratings (explicit) or preferences (implicit) of pairs: the dot products of their factors.

        Args:
            userid: rows of users.
            itemid: rows of items, as many; or one of either.

        Returns:
            A float for one pair, else an array.

        Raises:
            DataError: there are not as many users as items.
            IndexError: a row is not in the model.
            NotFittedError: there are no factors.
        """
        users, items = self._rows(self._user_factors, userid), self._rows(self._item_factors, itemid)
        if users.ndim == items.ndim == 2 and len(users) != len(items):
            raise DataError(
                f"there are {len(users)} users and {len(items)} items: give as many of both, or one of either"
            )
        scores = np.sum(users * items, axis=-1)
        return float(scores) if np.ndim(scores) == 0 else scores

    @property
    def user_norms(self) -> Array:
        """L2 norms of the users' factors; 1e-10 in place of 0, for divisions."""
        if self._user_norms is None:
            self._user_norms = _norms(self._factors(self._user_factors))
        return self._user_norms

    @property
    def item_norms(self) -> Array:
        """L2 norms of the items' factors; 1e-10 in place of 0, for divisions."""
        if self._item_norms is None:
            self._item_norms = _norms(self._factors(self._item_factors))
        return self._item_norms

    def _similar(
        self,
        factors: Array,
        all_factors: Any,
        norms: Array,
        candidates: Array | None,
        count: int,
    ) -> tuple[Array, Array]:
        wanted = np.atleast_2d(factors)
        columns, lengths = (all_factors, norms) if candidates is None else (all_factors[candidates], norms[candidates])
        ids, scores = self._best(wanted / _norms(wanted)[:, None], columns / lengths[:, None], count, None)
        if candidates is not None:
            ids = np.where(ids < 0, -1, candidates[ids]).astype(np.int32)
        return (ids[0], scores[0]) if np.ndim(factors) == 1 else (ids, scores)

    def _best(self, rows: Array, columns: Array, count: int, excluded: Any) -> tuple[Array, Array]:
        if count < 1:
            raise ParameterError(f"N is {count}, and has to be at least 1")
        if len(columns) == 0:
            raise ParameterError("there is nothing left to choose from: give other items, or filter fewer")
        ids, scores = best_columns(lambda: shared_device(self.device), rows, columns, count, excluded)
        np.maximum(scores, NO_SCORE, out=scores)
        return ids, scores

    @staticmethod
    def _factors(factors: Array | None) -> Array:
        if factors is None:
            raise NotFittedError("the model has no factors yet: call fit, or load a model")
        return factors

    def _rows(self, factors: Array | None, ids: Any) -> Array:
        known = self._factors(factors)
        rows = np.asarray(ids)
        if rows.size == 0:
            return known[np.zeros(0, dtype=np.intp)]
        if rows.dtype.kind not in "iu" or rows.ndim > 1:
            raise DataError(f"{ids!r} has to be the number of a row, or an array of such numbers")
        if int(rows.min()) < 0 or int(rows.max()) >= len(known):
            raise IndexError(
                f"row {int(rows.min()) if rows.min() < 0 else int(rows.max())} is not one of the model's {len(known)}"
            )
        result: Array = known[rows]
        return result

    def _forget_users(self) -> None:
        self._user_norms = None

    def _forget_items(self) -> None:
        self._item_norms = None


def _candidates(count: int, chosen: Any, left_out: Any, chosen_name: str, left_out_name: str) -> Array | None:
    """The rows to choose from in ascending order; None for all."""
    if chosen is not None and left_out is not None and np.size(left_out):
        raise ParameterError(f"{chosen_name} and {left_out_name} cannot both be given")
    if chosen is None:
        if left_out is None or np.size(left_out) == 0:
            return None
        # Rows that the model does not know are left out anyway.
        return np.setdiff1d(np.arange(count), np.asarray(left_out))
    rows = np.unique(np.asarray(chosen))
    if rows.size == 0 or rows.dtype.kind not in "iu":
        raise ParameterError(f"{chosen_name} has to be an array of at least one row")
    if int(rows[0]) < 0 or int(rows[-1]) >= count:
        raise IndexError(f"{chosen_name} holds a row that is not one of the model's {count}")
    return rows


def _append_excluded(ids: Array, excluded: Any) -> None:
    """Puts what was excluded behind the rest of each list, in the order of the rows."""
    for row, places in enumerate(ids):
        free = np.flatnonzero(places < 0)
        left = np.unique(excluded.indices[excluded.indptr[row] : excluded.indptr[row + 1]])[: len(free)]
        ids[row, free[: len(left)]] = left


def _norms(factors: Array) -> Array:
    norms: Array = np.linalg.norm(factors, axis=-1)
    norms[norms == 0] = 1e-10
    return norms
