"""Ratings by ids: a sparse matrix, and what its rows and columns are called."""

from __future__ import annotations

import os
from typing import Any, Literal, get_args

import numpy as np
import numpy.typing as npt
import scipy.sparse

from gpuals._columns import column, eager_frame, encoded_ids, numbers
from gpuals._csr import as_csr, of_rows
from gpuals._files import replaced_file
from gpuals._parquet_library import parquet_library
from gpuals.errors import DataError, ParameterError
from gpuals.ids import IDs

Array = npt.NDArray[Any]
#: What becomes of a pair of a user and an item that is there more than once.
Duplicates = Literal["last", "sum", "mean", "keep", "error"]


class Ratings:
    """Ratings of users for items, by any ids: whole numbers of 64 bits, or strings.

    Args:
        frame: a frame of pandas, polars or pyarrow, or a dict of arrays, with a row for each rating.
        user: the column of the users' ids.
        item: the column of the items' ids.
        rating: the column of the ratings; None where there is none: each row is then 1.0.
        duplicates: what becomes of a pair that is there more than once: its ``"last"`` rating counts, their ``"sum"`` or ``"mean"``, each
            of them (``"keep"``, as in Spark), or it is an ``"error"``. None: as in ``gpuals train``, the last one in explicit training and
            the sum in implicit training; :attr:`matrix` then holds the last one.

    Attributes:
        users: the ids of the rows, in the order in which they first appear.
        items: the ids of the columns, likewise.
        duplicates: as given.

    Raises:
        DataError: a column is missing or not of its kind, or a null, a NaN, an infinity, an empty id or, with ``"error"``, a second
            rating of a pair is among the rows. The message says which row.
        ParameterError: ``duplicates`` is none of its choices.
    """

    users: IDs
    items: IDs
    duplicates: Duplicates | None
    #: All ratings, equal pairs beside each other in the order of the frame.
    _entries: Any
    #: The first entry of each pair.
    _starts: Array
    _matrix: Any | None

    def __init__(
        self,
        frame: Any,
        user: str = "user",
        item: str = "item",
        rating: str | None = "rating",
        duplicates: Duplicates | None = None,
    ) -> None:
        frame = eager_frame(frame)
        rows, users = encoded_ids(column(frame, user), user)
        columns, items = encoded_ids(column(frame, item), item)
        if rating is None:
            values = np.ones(len(rows), dtype=np.float32)
        else:
            try:
                values = numbers(column(frame, rating), rating)
            except DataError as error:
                if "there is no column" in str(error):
                    raise DataError(f"{error}; give rating=None where each row is a rating of 1") from None
                raise
        for name, array in ((item, columns), (rating, values)):
            if len(array) != len(rows):
                raise DataError(f"column {name} has {len(array)} rows, and column {user} {len(rows)}")
        self._set(_entries(rows, columns, values, len(users), len(items)), users, items, duplicates)

    @classmethod
    def from_matrix(
        cls, matrix: Any, users: Any = None, items: Any = None, duplicates: Duplicates | None = "keep"
    ) -> Ratings:
        """Ratings of a SciPy matrix of users x items.

        Args:
            matrix: a sparse matrix.
            users: the ids of its rows; their numbers by default.
            items: the ids of its columns; their numbers by default.
            duplicates: as above; where entries stand in the order of a row's columns, the last of equal ones is the last.

        Raises:
            DataError: there are not as many ids as rows or columns, or a value is not finite.
        """
        csr = as_csr(matrix, "the matrix")
        if not csr.has_sorted_indices:
            csr = csr.sorted_indices()
        if not np.isfinite(csr.data).all():
            raise DataError("the matrix holds a NaN or an infinity")
        ids = []
        for name, given, count in (("users", users, csr.shape[0]), ("items", items, csr.shape[1])):
            known = given if isinstance(given, IDs) else IDs(np.arange(count) if given is None else given)
            if len(known) != count:
                raise DataError(f"there are {len(known)} ids of {name}, and the matrix is of shape {csr.shape}")
            ids.append(known)
        result = cls.__new__(cls)
        result._set(csr, ids[0], ids[1], duplicates)
        return result

    @classmethod
    def from_parquet(
        cls,
        path: Any,
        user: str = "user",
        item: str = "item",
        rating: str | None = "rating",
        duplicates: Duplicates | None = None,
    ) -> Ratings:
        """Ratings of a Parquet file, or of a directory of them. Of its columns only these are read.

        Args:
            path: what ``pyarrow.dataset.dataset`` reads, or a binary file that is open.
            user, item, rating, duplicates: as above.

        Raises:
            DataError: as above, and where the file is no Parquet file.
            FileNotFoundError: there is no such file.
            GPUALSError: pyarrow is not installed.
        """
        pyarrow, parquet = parquet_library()
        wanted = [name for name in (user, item, rating) if name is not None]
        try:
            if hasattr(path, "read"):
                table = parquet.read_table(path)
            else:
                files = pyarrow.dataset.dataset(path, format="parquet")
                # Where a name is missing, all columns are taken, and the error says which there are.
                table = files.to_table(columns=wanted if set(wanted) <= set(files.schema.names) else None)
        except pyarrow.ArrowInvalid as error:
            raise DataError(f"{path} is no Parquet file that pyarrow reads: {error}") from error
        return cls(table, user, item, rating, duplicates)

    def to_parquet(
        self, path: str | os.PathLike[str], user: str = "user", item: str = "item", rating: str = "rating"
    ) -> None:
        """Writes a Parquet file with a row for each rating, by users and items. It appears whole or not at all.

        Raises:
            GPUALSError: pyarrow is not installed.
            OSError: it cannot be written.
        """
        pyarrow, parquet = parquet_library()
        matrix = self.matrix
        rows = np.repeat(np.arange(matrix.shape[0]), np.diff(matrix.indptr))
        columns = {}
        for name, ids, index in ((user, self.users, rows), (item, self.items, matrix.indices)):
            columns[name] = pyarrow.array(ids.values).take(pyarrow.array(index))
        columns[rating] = pyarrow.array(matrix.data)
        with replaced_file(path) as file:
            parquet.write_table(pyarrow.table(columns), file)

    @property
    def matrix(self) -> Any:
        """Users x items, a SciPy CSR matrix of 32-bit values, columns ascending within a row."""
        if self._matrix is None:
            self._matrix = self._merged(self.duplicates or "last")
        return self._matrix

    def under(self, feedback: Literal["implicit", "explicit"]) -> Ratings:
        """The same ratings with the duplicates of a kind of feedback, where none were chosen: the sum (implicit), or the last one."""
        if self.duplicates is not None or not self.has_duplicates:
            return self
        result = Ratings.__new__(Ratings)
        result._set(self._entries, self.users, self.items, "sum" if feedback == "implicit" else "last")
        return result

    @property
    def has_duplicates(self) -> bool:
        """Whether a pair is there more than once."""
        return bool(len(self._starts) < self._entries.nnz)

    def user_index(self, ids: Any) -> npt.NDArray[np.int64]:
        """The rows of users; -1 for an id that is not among them."""
        return self.users.index(ids)

    def item_index(self, ids: Any) -> npt.NDArray[np.int64]:
        """The columns of items; -1 for an id that is not among them."""
        return self.items.index(ids)

    def __len__(self) -> int:
        return int(self.matrix.nnz)

    def __repr__(self) -> str:
        return f"Ratings({len(self)} of {len(self.users)} users for {len(self.items)} items)"

    def _set(self, entries: Any, users: IDs, items: IDs, duplicates: Duplicates | None) -> None:
        if duplicates is not None and duplicates not in get_args(Duplicates):
            raise ParameterError(
                f"duplicates is {duplicates!r}, and has to be one of {', '.join(get_args(Duplicates))}"
            )
        self._entries, self.users, self.items = entries, users, items
        self.duplicates = duplicates
        self._matrix = None
        is_first = np.ones(entries.nnz, dtype=bool)
        is_first[1:] = entries.indices[1:] != entries.indices[:-1]
        begins = entries.indptr[:-1]
        is_first[begins[begins < entries.nnz]] = True
        self._starts = np.flatnonzero(is_first)
        if duplicates == "error" and self.has_duplicates:
            entry = int(np.flatnonzero(~is_first)[0])
            row = int(np.searchsorted(entries.indptr, entry, side="right")) - 1
            raise DataError(
                f"user {users[row]!r} has more than one rating for item {items[int(entries.indices[entry])]!r}: choose duplicates=last, "
                "sum, mean or keep"
            )

    def _merged(self, policy: str) -> Any:
        entries, starts = self._entries, self._starts
        if policy == "keep" or not self.has_duplicates:
            return entries
        ends = np.append(starts[1:], entries.nnz)
        if policy == "last":
            values = entries.data[ends - 1]
        else:
            values = np.add.reduceat(entries.data, starts, dtype=np.float64)
            values = (values / (ends - starts) if policy == "mean" else values).astype(np.float32)
            if not np.isfinite(values).all():
                raise DataError(
                    "the ratings of a pair add up to more than 32 bits hold: choose another way for duplicates"
                )
        # The first entry of each row is a start, so that a row's offset among all is that among the starts.
        return of_rows(entries.indices[starts], np.searchsorted(starts, entries.indptr), values, entries.shape[1])


def _entries(rows: Array, columns: Array, values: Array, row_count: int, column_count: int) -> Any:
    """All ratings as a CSR matrix, columns ascending, equal pairs in the order of the frame."""
    order = _stable_order(columns, column_count)
    order = order[_stable_order(rows[order], row_count)]
    indptr = np.zeros(row_count + 1, dtype=np.int64)
    np.cumsum(np.bincount(rows, minlength=row_count), out=indptr[1:])
    result = of_rows(columns[order], indptr, values[order], column_count)
    result.has_sorted_indices = True
    return result


def _stable_order(codes: Array, count: int) -> Array:
    """``argsort(codes, kind="stable")`` for codes from 0 to below ``count``, in linear time: SciPy's conversion of CSR to CSC is a
    counting sort, and in a matrix with one entry a row it sorts these."""
    size = len(codes)
    index = np.int64 if size > np.iinfo(np.int32).max else np.int32
    matrix = scipy.sparse.csr_matrix(
        (np.ones(size, dtype=np.int8), codes, np.arange(size + 1, dtype=index)), shape=(size, max(count, 1)), copy=False
    )
    return np.asarray(matrix.tocsc().indices)
