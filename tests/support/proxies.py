"""The reference proxies in front of a real server of the product: Caddy and nginx as Debian packages them."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic, sleep

from tests.support.certificates import certified
from tests.support.client import Visitor
from tests.support.practice import SERVICE, Practice, open_practice
from tests.support.server import serving
from tests.support.server_process import answer, environment, flask, free_port
from tests.support.tls_client import TlsClient

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
NGINX = "/usr/sbin/nginx"
PATIENCE = 30
AROUND = """daemon off;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{ worker_connections 4096; }}
worker_rlimit_nofile 8192;
http {{
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/site.conf;
}}
"""


@dataclass(frozen=True, slots=True)
class Behind:
    """The product behind one proxy: where it is reached over TLS, and the one file that a browser must trust."""

    proxy: str
    host: str
    port: int
    trusted: Path
    prefix: str
    setup: str
    _clients: list[TlsClient] = field(default_factory=list)

    def client(self) -> TlsClient:
        """A browser that trusts the file."""
        self._clients.append(TlsClient(self.host, self.port, self.trusted, self.prefix))
        return self._clients[-1]

    def close(self) -> None:
        """Close every browser."""
        for client in self._clients:
            client.close()
        self._clients.clear()


@dataclass(slots=True)
class ReachedPractice(Practice):
    """A practice whose visitors all come through a proxy, over TLS."""

    site: Behind | None = None

    def visitor(self) -> Visitor:
        """A browser that nobody signed in with."""
        assert self.site is not None
        return Visitor(self.site.client(), SERVICE)  # type: ignore[arg-type]  # what a visitor asks of Flask's client


@contextmanager
def practice_behind(proxy: str, prefix: str, folder: Path) -> Iterator[ReachedPractice]:
    """A practice of the test process, behind one proxy."""
    folder.mkdir(parents=True)
    url = f"sqlite:///{folder / 'intake.sqlite3'}"
    practice = open_practice(folder / "instance", url, public_url=f"https://localhost{prefix}")
    with (
        serving(practice.app, prefix) as origin,
        _proxied(proxy, prefix, int(origin.rpartition(":")[2]), folder) as site,
    ):
        yield ReachedPractice(practice.app, practice.clinic, practice.rulebook, practice.clock, site)
    practice.clinic.database.close()


@contextmanager
def _proxied(proxy: str, prefix: str, upstream: int, folder: Path) -> Iterator[Behind]:
    """One proxy before a server that runs already."""
    with ExitStack() as stack:
        host, port, trusted = STARTS[proxy](stack, folder, upstream, prefix)
        opened = Behind(proxy, host, port, trusted, prefix, setup="")
        stack.callback(opened.close)
        _until_it_answers(opened)
        yield opened


@contextmanager
def behind(proxies: Sequence[tuple[str, str]], folder: Path, **settings: str) -> Iterator[dict[str, Behind]]:
    """The product behind each proxy, each below its prefix, all started at once; by the proxy's name."""
    with ExitStack() as stack:
        started = [(name, prefix, *_product(stack, folder / name, prefix, settings)) for name, prefix in proxies]
        opened: dict[str, Behind] = {}
        for name, prefix, process, port in started:
            host, tls, trusted = STARTS[name](stack, folder / name, port, prefix)
            assert answer(port, "GET", "/healthz")[0] == 200
            opened[name] = Behind(name, host, tls, trusted, prefix, _setup_token(process))
            _until_it_answers(opened[name])
        yield opened


def _product(
    stack: ExitStack, folder: Path, prefix: str, settings: dict[str, str]
) -> tuple[subprocess.Popen[str], int]:
    folder.mkdir(parents=True)
    port = free_port()
    own = {"port": str(port), "public_url": f"https://localhost{prefix}", "time_zone": "UTC", **settings}
    process = subprocess.Popen(
        [*flask("wsgi"), "serve"],
        cwd=ROOT,
        env=environment(folder / "instance", **own),
        stdout=subprocess.PIPE,
        text=True,
    )
    stack.callback(_end, process)
    return process, port


def _setup_token(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    line = next(line for line in process.stdout if "/staff/setup/" in line)
    return line.strip().rpartition("/")[2]


def _caddy(stack: ExitStack, folder: Path, upstream: int, prefix: str) -> tuple[str, int, Path]:
    port = free_port()
    own = {
        "XDG_DATA_HOME": str(folder),
        "HOME": str(folder),
        "INTAKE_SITE": "localhost",
        "INTAKE_TLS": "tls internal",
        "INTAKE_PATH": prefix,
        "INTAKE_UPSTREAM": f"127.0.0.1:{upstream}",
        "INTAKE_HTTP_PORT": str(free_port()),
        "INTAKE_HTTPS_PORT": str(port),
    }
    command = ["caddy", "run", "--adapter", "caddyfile", "--config", str(DEPLOY / "Caddyfile")]
    with (folder / "caddy.log").open("w") as log:
        process = subprocess.Popen(command, env={**os.environ, **own}, stdout=log, stderr=log, text=True)
    stack.callback(_end, process)
    return "localhost", port, folder / "caddy/pki/authorities/local/root.crt"


def _nginx(stack: ExitStack, folder: Path, upstream: int, prefix: str) -> tuple[str, int, Path]:
    port, (_context, certificate) = free_port(), certified(folder, "127.0.0.1")
    site = (DEPLOY / "nginx.conf").read_text(encoding="utf-8")
    for ours, here in {
        "listen 80;": f"listen 127.0.0.1:{free_port()};",
        "listen 443 ssl": f"listen 127.0.0.1:{port} ssl",
        "intake.example": "localhost",
        "/etc/ssl/intake/fullchain.pem": str(certificate),
        "/etc/ssl/intake/privkey.pem": str(folder / "key.pem"),
        "127.0.0.1:8000": f"127.0.0.1:{upstream}",
        "location / {": f"location {prefix}/ {{",
    }.items():
        assert ours in site, f"deploy/nginx.conf says {ours} no more"
        site = site.replace(ours, here)
    (folder / "site.conf").write_text(site, encoding="utf-8")
    (folder / "nginx.conf").write_text(AROUND.format(folder=folder), encoding="utf-8")
    with (folder / "nginx.log").open("w") as log:
        command = [NGINX, "-c", str(folder / "nginx.conf"), "-p", str(folder)]
        process = subprocess.Popen(command, stdout=log, stderr=log, text=True)
    stack.callback(_end, process)
    return "127.0.0.1", port, certificate


STARTS = {"caddy": _caddy, "nginx": _nginx}


def _until_it_answers(opened: Behind) -> None:
    until = monotonic() + PATIENCE
    while monotonic() < until:
        try:
            assert opened.client().get("/").status_code == 200
        except OSError:
            sleep(0.1)
        else:
            return
        finally:
            opened.close()
    raise AssertionError(f"{opened.proxy} does not answer")


def _end(process: subprocess.Popen[str]) -> None:
    process.terminate()
    process.wait(timeout=60)
    if process.stdout is not None:
        process.stdout.close()
