"""Users and items solved anew, with the other side as it stands."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from gpuals._csr import as_csr, of_rows, require_rows, with_columns
from gpuals._problem import Problem
from gpuals._shared_devices import shared_device
from gpuals.device import Device
from gpuals.errors import ParameterError
from gpuals.identified_model import IdentifiedModel
from gpuals.ids import IDs

Array = npt.NDArray[Any]


class FoldingInModel(IdentifiedModel):
    """A model that solves users from their ratings and the item factors, and items from theirs and the user factors."""

    def __init__(self, device: Device | str | int = "auto") -> None:
        super().__init__(device)
        self._YtY: Array | None = None
        self._XtX: Array | None = None

    def recalculate_user(self, userid: Any, user_items: Any) -> Array:
        """The factors of users by their items, solved exactly. The model is not changed.

        Args:
            userid: a number, or an array of numbers, of which only how many there are counts.
            user_items: a CSR matrix with one row for each user.

        Returns:
            Factors of one user, or users x factors.

        Raises:
            DataError: ``user_items`` is no such matrix.
            ParameterError: the equations of a row have no single solution.
        """
        gramian = self.YtY if self._is_implicit else None
        return self._recalculated(
            userid, require_rows(user_items, np.size(userid), "user_items", "users"), self._item_factors, gramian
        )

    def recalculate_item(self, itemid: Any, item_users: Any) -> Array:
        """The factors of items by their users: as :meth:`recalculate_user`."""
        gramian = self.XtX if self._is_implicit else None
        return self._recalculated(
            itemid, require_rows(item_users, np.size(itemid), "item_users", "items"), self._user_factors, gramian
        )

    def partial_fit_users(self, userids: Any, user_items: Any) -> None:
        """Recalculates users and keeps them; rows that the model does not have yet are added.

        Args:
            userids: rows, one for each row of ``user_items``.
            user_items: a CSR matrix.

        Raises:
            DataError, ParameterError: as :meth:`recalculate_user`.
            IndexError: a row is negative.
        """
        solved = self.recalculate_user(np.atleast_1d(userids), user_items)
        self.user_factors = _with_rows(self._factors(self._user_factors), userids, solved, self.users)

    def partial_fit_items(self, itemids: Any, item_users: Any) -> None:
        """Recalculates items and keeps them: as :meth:`partial_fit_users`."""
        solved = self.recalculate_item(np.atleast_1d(itemids), item_users)
        self.item_factors = _with_rows(self._factors(self._item_factors), itemids, solved, self.items)

    @property
    def YtY(self) -> Array:
        """The sum of ``y y^T`` over all items."""
        if self._YtY is None:
            items = self._factors(self._item_factors)
            self._YtY = np.asarray(items.T.dot(items))
        return self._YtY

    @property
    def XtX(self) -> Array:
        """The sum of ``x x^T`` over all users."""
        if self._XtX is None:
            users = self._factors(self._user_factors)
            self._XtX = np.asarray(users.T.dot(users))
        return self._XtX

    @property
    def _is_implicit(self) -> bool:
        raise NotImplementedError

    def _exact_problem(self, matrix: Any) -> Problem:
        """The matrix under the model's parameters, with exact solutions."""
        raise NotImplementedError

    def _recalculated(self, ids: Any, matrix: Any, fixed: Array | None, gramian: Array | None) -> Array:
        known = self._factors(fixed)
        ratings = as_csr(with_columns(matrix, len(known), "the matrix"), "the matrix")
        # Only the rows that are named go to the device; the Gramian stands for the others.
        named, columns = np.unique(ratings.indices, return_inverse=True)
        compact = of_rows(columns.astype(np.int32), ratings.indptr, ratings.data, len(named))
        compact.has_sorted_indices = ratings.has_sorted_indices
        rank = known.shape[1]
        if len(named) == 0:
            solved = np.zeros((compact.shape[0], rank), dtype=np.float32)
        else:
            rows = np.ascontiguousarray(known[named], dtype=np.float32)
            solved = self._exact_problem(compact).solve(lambda: shared_device(self.device), rows, gramian)
        result: Array = solved.astype(known.dtype, copy=False)
        return result[0] if np.ndim(ids) == 0 else result

    def _forget_users(self) -> None:
        super()._forget_users()
        self._XtX = None

    def _forget_items(self) -> None:
        super()._forget_items()
        self._YtY = None


def _with_rows(factors: Array, ids: Any, solved: Array, known: IDs | None) -> Array:
    """The factors with some rows replaced or added; rows between the last known one and an added one are zero."""
    rows = np.atleast_1d(ids)
    if rows.size == 0:
        return factors
    if int(rows.min()) < 0:
        raise IndexError(f"row {int(rows.min())} is negative")
    count = max(len(factors), int(rows.max()) + 1)
    if known is not None and count > len(known):
        raise ParameterError(
            f"row {count - 1} has no id in a model of {len(known)} ids: set model.users or model.items to gpuals.IDs with the ids of "
            "the new rows first, or to None"
        )
    result = np.zeros((count, factors.shape[1]), dtype=factors.dtype)
    result[: len(factors)] = factors
    result[rows] = solved
    return result
