"""A wire between a program and its server that is cut, or goes dead, at a byte."""

import contextlib
import select
import socket
import struct
import threading

UP, DOWN = "up", "down"  # to the server; to the program


class Wire:
    """Listens on a port of its own and hands every byte on. `cut_at` of `way` bytes, counted over
    all connections, the connection that carries that byte ends before it: `how` is "reset", "end",
    or "silent", where nothing moves any more and nobody is told. Other connections go on, and so
    do later ones, but where `is_for_good`.
    """

    def __init__(self, port, cut_at=None, way=UP, how="reset", is_for_good=False):
        self.server_port = port
        self.cut_at, self.way, self.how, self.is_for_good = cut_at, way, how, is_for_good
        self.carried = {UP: 0, DOWN: 0}
        self.is_cut = False
        self._lock = threading.Lock()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self._is_open = True
        self._threads = [threading.Thread(target=self._accept, daemon=True)]
        self._threads[0].start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._is_open = False
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for thread in self._threads:
            thread.join(10)

    def _accept(self):
        while self._is_open:
            try:
                program, _ = self._listener.accept()
            except OSError:
                return
            thread = threading.Thread(target=self._carry, args=(program,), daemon=True)
            self._threads.append(thread)
            thread.start()

    def _carry(self, program):
        with contextlib.closing(program):
            if self.is_cut and self.is_for_good:
                return self._stay_silent(program) if self.how == "silent" else None
            with socket.create_connection(("127.0.0.1", self.server_port)) as server:
                for end in (program, server):
                    end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                with contextlib.suppress(OSError):
                    self._pump(program, server)
        return None

    def _pump(self, program, server):
        while self._is_open:
            ready, _, _ = select.select([program, server], [], [], 0.2)
            for end in ready:
                way, other = (UP, server) if end is program else (DOWN, program)
                piece = end.recv(65536)
                if not piece:
                    return
                allowed = self._allow(way, len(piece))
                other.sendall(piece[:allowed])
                if allowed < len(piece):
                    self._break(program, server)
                    return

    def _allow(self, way, size):
        """How many of these bytes come through."""
        with self._lock:
            before = self.carried[way]
            self.carried[way] += size
            is_here = (self.cut_at is not None and not self.is_cut and way == self.way
                       and before + size > self.cut_at)
            if not is_here:
                return size
            self.is_cut = True
            return max(0, self.cut_at - before)

    def _break(self, program, server):
        if self.how == "reset":
            for end in (program, server):
                end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        if self.how == "silent":
            self._stay_silent(program)

    def _stay_silent(self, program):
        """Until the program gives up: to it the wire is alive, and nothing comes."""
        while self._is_open:
            ready, _, _ = select.select([program], [], [], 0.2)
            with contextlib.suppress(OSError):
                if ready and not program.recv(65536):
                    return
