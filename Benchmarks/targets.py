# SPDX-License-Identifier: Apache-2.0
"""The programs that are measured: how each is started in front of the benchmark's upstream, and how it is known to be up."""

import contextlib
import http.client
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import tempfile
import time

UPSTREAM_PORT = 9170
NGINX_PORT = 9171
DAEMON_PORT = 9172
# Another daemon that runs beside it.
BEFORE_PORT = 9173
HARNESS_CPU, TARGET_CPU = 0, 1
HERE = pathlib.Path(__file__).resolve().parent
# The order in which a release lays out functions, as names of sections.
FUNCTION_ORDER = HERE.parent / "debian" / "function-order"


def pinned(cpu):
    """On one core each, so that figures are per core. A machine with one core measures what it can."""
    return (lambda: os.sched_setaffinity(0, {cpu})) if (os.cpu_count() or 1) > 1 else None


def wait_for_port(port, process, limit=10):
    end = time.monotonic() + limit
    while time.monotonic() < end:
        if process.poll() is not None:
            raise RuntimeError(f"ended with status {process.returncode}")
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 0.2):
            return
        time.sleep(0.005)
    raise RuntimeError(f"nothing listens on port {port}")


def build_tools(directory):
    directory.mkdir(parents=True, exist_ok=True)
    for name, flags in (("upstream", []), ("load", []), ("without", ["-shared", "-fPIC"])):
        source, binary = HERE / "tools" / f"{name}.c", directory / name
        newest = max(path.stat().st_mtime for path in (HERE / "tools").iterdir())
        if not binary.exists() or binary.stat().st_mtime < newest:
            subprocess.run(
                ["cc", "-O2", "-Wall", "-Wextra", "-Werror", "-D_GNU_SOURCE", *flags, "-o", binary, source], check=True)
    return directory


@contextlib.contextmanager
def running(command, cpu, **options):
    process = subprocess.Popen(command, preexec_fn=pinned(cpu), **options)
    try:
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@contextlib.contextmanager
def upstream(tools, arguments):
    command = [str(tools / "upstream"), "--port", str(UPSTREAM_PORT), *arguments]
    with running(command, HARNESS_CPU, stdout=subprocess.PIPE) as process:
        process.stdout.readline()
        yield


class Nginx:
    """Forwards bytes without looking at them, as they come: what the way through a proxy costs at least."""

    name, port, path, end, form = "nginx", NGINX_PORT, "/v1/chat/completions", "[DONE]", "openai"
    configuration = """
        daemon off; worker_processes 1; worker_rlimit_nofile 20000; pid {directory}/pid; error_log {directory}/error.log;
        events {{ worker_connections 8192; }}
        http {{
            access_log off; client_max_body_size 64m; client_body_buffer_size 64k; tcp_nodelay on; keepalive_requests 1000000;
            client_body_temp_path {directory}/body; proxy_temp_path {directory}/proxy; fastcgi_temp_path {directory}/f;
            uwsgi_temp_path {directory}/u; scgi_temp_path {directory}/s;
            upstream model {{ server 127.0.0.1:{upstream}; keepalive 1024; keepalive_requests 1000000; }}
            server {{
                listen 127.0.0.1:{port} backlog=4096;
                location / {{
                    proxy_pass http://model; proxy_http_version 1.1; proxy_set_header Connection "";
                    proxy_buffering off; proxy_request_buffering off; proxy_read_timeout 600s;
                }}
            }}
        }}
    """

    @contextlib.contextmanager
    def started(self):
        program = shutil.which("nginx") or "/usr/sbin/nginx"
        with tempfile.TemporaryDirectory(prefix="qp-bench-") as directory:
            file = pathlib.Path(directory, "nginx.conf")
            # As another user, nginx could not write to our directory.
            user = "user root;" if os.geteuid() == 0 else ""
            file.write_text(user + self.configuration.format(directory=directory, port=self.port, upstream=UPSTREAM_PORT))
            with running([program, "-p", directory, "-c", str(file)], TARGET_CPU, stderr=subprocess.DEVNULL) as process:
                wait_for_port(self.port, process)
                yield self.processes(process.pid)

    @staticmethod
    def processes(master):
        # The master listens before it has a worker.
        file = pathlib.Path(f"/proc/{master}/task/{master}/children")
        end = time.monotonic() + 10
        while not (children := file.read_text().split()):
            if time.monotonic() > end:
                raise RuntimeError("nginx has no worker")
            time.sleep(0.005)
        return [master, *map(int, children)]


class Daemon:
    path, end, form = "/v1/messages", "message_stop", "anthropic"

    def __init__(self, binary, name="qwenproxyd", port=DAEMON_PORT, more_environment=None):
        self.binary, self.name, self.port = str(pathlib.Path(binary).resolve()), name, port
        self.more_environment = more_environment or {}

    @contextlib.contextmanager
    def started(self, measure=None):
        """Yields the process ids once the daemon has said READY=1; `measure` gets the seconds until then."""
        with tempfile.TemporaryDirectory(prefix="qp-bench-") as directory:
            notify = pathlib.Path(directory, "notify")
            with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listener:
                listener.bind(str(notify))
                listener.settimeout(10)
                environment = {
                    "HOME": directory, "PATH": os.environ["PATH"], "NOTIFY_SOCKET": str(notify),
                    "QWEN_BASE_URL": f"http://127.0.0.1:{UPSTREAM_PORT}/v1", "QWEN_API_KEY": "sk-bench",
                    "QWEN_PORT": str(self.port), "QWEN_CONTROL_SOCKET": f"{directory}/control.sock",
                    "QWEN_LOG_LEVEL": "error", **self.more_environment,
                }
                begin = time.monotonic()
                with running([self.binary], TARGET_CPU, env=environment) as process:
                    while b"READY=1" not in listener.recv(4096):
                        pass
                    if measure is not None:
                        measure.append(time.monotonic() - begin)
                    yield [process.pid]


def without_debug_information(daemon, tools):
    """A copy that valgrind understands: it does not know the compiler's debug information."""
    copy = tools / "qwenproxyd-without-debug-information"
    subprocess.run(["strip", "--strip-debug", "-o", copy, daemon], check=True)
    return copy


def functions(program):
    """The size of each function of the program, by its name."""
    table = subprocess.run(["nm", "-S", "--defined-only", program], check=True, capture_output=True, text=True).stdout
    rows = (line.split() for line in table.splitlines())
    return {row[3]: int(row[1], 16) for row in rows if len(row) == 4 and row[2] in "tTwW"}


def callgrind(daemon, body, count, *options):
    """The profile of all that the daemon executes from its start to its end, with `count` requests in between."""
    with tempfile.TemporaryDirectory(prefix="qp-bench-") as directory:
        output = pathlib.Path(directory, "callgrind")
        environment = {
            "HOME": directory, "XDG_RUNTIME_DIR": directory, "PATH": os.environ["PATH"], "QWEN_PORT": str(DAEMON_PORT),
            "QWEN_BASE_URL": f"http://127.0.0.1:{UPSTREAM_PORT}/v1", "QWEN_API_KEY": "sk-bench",
            "QWEN_LOG_LEVEL": "error", "QWEN_DISCOVER_LIMITS": "false", "QWEN_ALLOWED_USERS": "*",
        }
        process = subprocess.Popen(
            ["valgrind", "--tool=callgrind", "-q", f"--callgrind-out-file={output}", *options, daemon], env=environment,
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        try:
            wait_for_port(DAEMON_PORT, process, limit=300)
            connection = http.client.HTTPConnection("127.0.0.1", DAEMON_PORT, timeout=300)
            for _ in range(count):
                connection.request("POST", "/v1/messages", body, {"content-type": "application/json"})
                response = connection.getresponse()
                answer = response.read()
                if response.status != 200:
                    raise SystemExit(f"status {response.status}: {answer[:500]!r}")
            connection.close()
        finally:
            process.send_signal(signal.SIGTERM)
            process.communicate(timeout=300)
        return output.read_text(errors="replace")
