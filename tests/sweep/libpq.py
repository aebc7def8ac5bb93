"""A session with PostgreSQL through libpq itself: no package is needed, and no process is started."""

import contextlib
import ctypes
import ctypes.util

COPY_IN = 4
GOOD = (1, 2)  # a command, rows

_libpq = ctypes.CDLL(ctypes.util.find_library("pq") or "libpq.so.5")
for _name in ("PQconnectdb", "PQexec", "PQgetResult"):
    getattr(_libpq, _name).restype = ctypes.c_void_p
for _name in ("PQgetvalue", "PQerrorMessage"):
    getattr(_libpq, _name).restype = ctypes.c_char_p
_SILENT = ctypes.CFUNCTYPE(None, ctypes.c_void_p, ctypes.c_char_p)(lambda *_: None)


class DatabaseError(Exception):
    pass


class Session:
    def __init__(self, url):
        self._connection = ctypes.c_void_p(_libpq.PQconnectdb(url.encode()))
        _libpq.PQsetNoticeProcessor(self._connection, _SILENT, None)
        if _libpq.PQstatus(self._connection) != 0:
            message = self._error()
            self.close()
            raise DatabaseError(message)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        if self._connection:
            _libpq.PQfinish(self._connection)
            self._connection = None

    def _error(self):
        return _libpq.PQerrorMessage(self._connection).decode().strip()

    @contextlib.contextmanager
    def _result(self, pointer):
        result = ctypes.c_void_p(pointer)
        try:
            if result and _libpq.PQresultStatus(result) not in (*GOOD, COPY_IN):
                raise DatabaseError(self._error())
            yield result
        finally:
            _libpq.PQclear(result)

    def query(self, sql):
        """The rows of the last statement, each value as text or None."""
        with self._result(_libpq.PQexec(self._connection, sql.encode())) as result:
            columns = range(_libpq.PQnfields(result))
            return [
                tuple(
                    None if _libpq.PQgetisnull(result, row, column)
                    else _libpq.PQgetvalue(result, row, column).decode()
                    for column in columns
                )
                for row in range(_libpq.PQntuples(result))
            ]

    def copy_in(self, sql, text):
        """`copy ... from stdin` with all of its rows."""
        self.query(sql)
        _libpq.PQputCopyData(self._connection, text.encode(), len(text.encode()))
        _libpq.PQputCopyEnd(self._connection, None)
        while pointer := _libpq.PQgetResult(self._connection):
            with self._result(pointer):
                pass
