"""Serve a folder on 127.0.0.1, or only say whether a port is free.

python .ci/serve.py FOLDER PORT
python .ci/serve.py --free PORT
"""

import functools
import http.server
import socket
import sys


def refuse_taken(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except (OSError, OverflowError) as error:
            sys.exit(
                f"Port {port} cannot be used ({getattr(error, 'strerror', None) or error}): choose another, for example PORT={port % 60000 + 100}."
            )


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


def main(folder: str, port: int) -> None:
    refuse_taken(port)
    if folder == "--free":
        return
    server = http.server.ThreadingHTTPServer(("127.0.0.1", port), functools.partial(Quiet, directory=folder))
    print(f"The book is on http://127.0.0.1:{port} (Ctrl-C stops it).", flush=True)
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        print()


if __name__ == "__main__":
    if len(sys.argv) != 3 or not sys.argv[2].isdigit():
        sys.exit(__doc__)
    main(sys.argv[1], int(sys.argv[2]))
