"""A model whose rows have ids."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from gpuals._csr import as_csr, of_rows
from gpuals.device import Device
from gpuals.errors import DataError, NotFittedError
from gpuals.factor_model import FactorModel
from gpuals.ids import IDs, as_array
from gpuals.ratings import Ratings

Array = npt.NDArray[Any]
#: Columns of a table under their names: ``pandas.DataFrame(table)``, ``polars.DataFrame(table)`` and ``pyarrow.table(table)`` take it.
Table = dict[str, Array]

#: Users whose lists are made at a time.
_USERS_AT_A_TIME = 16_384


class IdentifiedModel(FactorModel):
    """A model that was trained on :class:`gpuals.Ratings`, or loaded with ids: what it is asked and answers is in ids, too.

    Attributes:
        users: the ids of the user rows; None where there are none.
        items: the ids of the item rows; None where there are none.
        ratings: what it was trained on, where that is known by ids.
    """

    def __init__(self, device: Device | str | int = "auto") -> None:
        super().__init__(device)
        self.users: IDs | None = None
        self.items: IDs | None = None
        self.ratings: Ratings | None = None

    def recommend_ids(
        self,
        users: Any = None,
        N: int = 10,
        filter_already_liked_items: bool = True,
        filter_items: Any = None,
        items: Any = None,
        ratings: Ratings | None = None,
    ) -> Table:
        """The best items for users, by ids.

        Args:
            users: their ids; all by default.
            N: how many for each, at most.
            filter_already_liked_items: whether items that a user has rated are left out.
            filter_items: ids of items that are left out for all.
            items: ids of the items to choose from; all by default.
            ratings: what users have rated, where it is not what the model was trained on.

        Returns:
            The columns ``user``, ``rank`` (from 1), ``item`` and ``score``, by users and ranks. Lists may be shorter than N.

        Raises:
            DataError: the model does not know an id.
            NotFittedError: the model has no ids, or what users have rated is wanted and not known.
        """
        known = self._known(self.users, "users")
        rows = np.arange(len(known)) if users is None else _known_rows(known, users, "user")
        chosen = None if items is None else _known_rows(self._known(self.items, "items"), items, "item")
        left_out = None if filter_items is None else _known_rows(self._known(self.items, "items"), filter_items, "item")
        rated = self._rated(ratings) if filter_already_liked_items else None
        parts = []
        for begin in range(0, len(rows), _USERS_AT_A_TIME):
            part = rows[begin : begin + _USERS_AT_A_TIME]
            found = self.recommend(
                part, None if rated is None else rated[part], N, filter_already_liked_items, left_out, items=chosen
            )
            parts.append(
                self._table(known[part], *found, key="user", value="item", ids=self._known(self.items, "items"))
            )
        return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]} if parts else {}

    def similar_item_ids(self, items: Any, N: int = 10) -> Table:
        """The items nearest to some items, by ids: the columns ``item``, ``rank`` (from 1), ``similar`` and ``score`` (the cosine).

        Raises:
            DataError: the model does not know an id.
            NotFittedError: the model has no ids.
        """
        known = self._known(self.items, "items")
        rows = _known_rows(known, items, "item")
        return self._table(known[rows], *self.similar_items(rows, N), key="item", value="similar", ids=known)

    def similar_user_ids(self, users: Any, N: int = 10) -> Table:
        """The users nearest to some users, by ids: the columns ``user``, ``rank`` (from 1), ``similar`` and ``score`` (the cosine).

        Raises:
            DataError: the model does not know an id.
            NotFittedError: the model has no ids.
        """
        known = self._known(self.users, "users")
        rows = _known_rows(known, users, "user")
        return self._table(known[rows], *self.similar_users(rows, N), key="user", value="similar", ids=known)

    def predict_ids(self, users: Any, items: Any) -> Array:
        """The predictions for pairs, by ids: one for each user and the item in the same place. NaN for what the model does not know.

        Raises:
            DataError: there are not as many users as items.
            NotFittedError: the model has no ids.
        """
        rows, columns = self._known(self.users, "users").index(users), self._known(self.items, "items").index(items)
        if len(rows) != len(columns):
            raise DataError(f"there are {len(rows)} users and {len(columns)} items: give as many of both")
        known = (rows >= 0) & (columns >= 0)
        result = np.full(len(rows), np.nan, dtype=np.float32)
        result[known] = self.predict(rows[known], columns[known])
        return result

    def rmse(self, user_items: Any) -> float:
        """The root mean squared error of the predictions for the values of a matrix, or of :class:`gpuals.Ratings`; of these, pairs with
        an id that the model does not know are left out. NaN where no pair is left.

        Raises:
            DataError: the matrix does not fit the model.
            NotFittedError: there are no factors, or no ids for Ratings.
        """
        matrix = (
            self._in_rows_of_model(user_items) if isinstance(user_items, Ratings) else as_csr(user_items, "user_items")
        )
        users, items = self._factors(self._user_factors), self._factors(self._item_factors)
        if matrix.shape[0] > len(users) or matrix.shape[1] > len(items):
            raise DataError(f"user_items is of shape {matrix.shape}, and the model of {(len(users), len(items))}")
        rows = np.repeat(np.arange(matrix.shape[0]), np.diff(matrix.indptr))
        total = 0.0
        for begin in range(0, matrix.nnz, 1_000_000):
            part = slice(begin, begin + 1_000_000)
            scores = np.einsum("ij,ij->i", users[rows[part]], items[matrix.indices[part]], dtype=np.float64)
            total += float(np.sum((matrix.data[part] - scores) ** 2))
        return float(np.sqrt(total / matrix.nnz)) if matrix.nnz else float("nan")

    def _rated(self, ratings: Ratings | None) -> Any:
        """What users have rated, in the rows of the model."""
        if ratings is None and self.ratings is not None:
            return self.ratings.matrix
        if ratings is None:
            raise NotFittedError(
                "the model does not hold what users have rated: give ratings=…, or filter_already_liked_items=False"
            )
        return self._in_rows_of_model(ratings)

    def _in_rows_of_model(self, ratings: Ratings) -> Any:
        """The matrix of ratings by the model's rows and columns; ids that it does not know are left out."""
        users, items = self._known(self.users, "users"), self._known(self.items, "items")
        if ratings.users == users and ratings.items == items:
            return ratings.matrix
        rows = users.index(ratings.users.values)[
            np.repeat(np.arange(len(ratings.users)), np.diff(ratings.matrix.indptr))
        ]
        columns = items.index(ratings.items.values)[ratings.matrix.indices]
        kept = (rows >= 0) & (columns >= 0)
        order = np.lexsort((columns[kept], rows[kept]))
        indptr = np.concatenate(([0], np.cumsum(np.bincount(rows[kept], minlength=len(users)))))
        return of_rows(columns[kept][order].astype(np.int32), indptr, ratings.matrix.data[kept][order], len(items))

    @staticmethod
    def _known(ids: IDs | None, name: str) -> IDs:
        if ids is None:
            raise NotFittedError(
                f"the model has no ids of {name}: train it on gpuals.Ratings, or set model.{name} to gpuals.IDs"
            )
        return ids

    @staticmethod
    def _table(keys: Array, rows: Array, scores: Array, *, key: str, value: str, ids: IDs) -> Table:
        there = rows >= 0
        return {
            key: np.repeat(keys, there.sum(axis=1)),
            "rank": np.broadcast_to(np.arange(1, rows.shape[1] + 1), rows.shape)[there],
            value: ids[rows[there]],
            "score": scores[there],
        }


def _known_rows(ids: IDs, wanted: Any, name: str) -> npt.NDArray[np.int64]:
    values = np.atleast_1d(as_array(wanted))
    rows = ids.index(values)
    if (rows < 0).any():
        raise DataError(f"the model knows no {name} {values[rows < 0].tolist()[0]!r}")
    return rows
