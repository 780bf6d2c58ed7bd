"""python -m sandbox.mail_server --smtp-port 1025 --http-port 8025 --folder var/mail"""

import argparse
import asyncio
import signal
from pathlib import Path
from threading import Thread

from aiosmtpd.smtp import SMTP

from .folder import MailFolder
from .http import MailWeb
from .smtp import Clerk

_LARGEST_MAIL = 10 * 1024 * 1024


def main() -> None:
    """Serve until SIGTERM or SIGINT. Ends with one sentence when a port is taken."""
    wishes = _wishes()
    try:
        asyncio.run(_serve(wishes))
    except OSError as error:
        raise SystemExit(f"mail server: {error.strerror or error}") from error


def _wishes() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="sandbox.mail_server", description=__doc__)
    parser.add_argument("--smtp-port", type=int, required=True, help="0 takes any free port")
    parser.add_argument("--http-port", type=int, required=True, help="0 takes any free port")
    parser.add_argument("--folder", type=Path, required=True, help="where each mail is a file")
    parser.add_argument("--slow-seconds", type=float, default=5, help="how long slow@ takes")
    return parser.parse_args()


async def _serve(wishes: argparse.Namespace) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    folder = MailFolder(wishes.folder)
    clerk = Clerk(folder, slow_seconds=wishes.slow_seconds)
    counter = await loop.create_server(lambda: _line(clerk), "127.0.0.1", wishes.smtp_port)
    with MailWeb(folder, wishes.http_port) as web:
        Thread(target=web.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        smtp_port = counter.sockets[0].getsockname()[1]
        page = f"http://127.0.0.1:{web.server_port}/"
        print(f"mail server ready: smtp 127.0.0.1:{smtp_port}, page {page}", flush=True)
        await stop.wait()
        counter.close()
        web.shutdown()


def _line(clerk: Clerk) -> SMTP:
    return SMTP(
        clerk, hostname="localhost", enable_SMTPUTF8=True, data_size_limit=_LARGEST_MAIL, timeout=60
    )


if __name__ == "__main__":
    main()
