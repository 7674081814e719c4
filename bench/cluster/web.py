"""Several Odoo servers on one database, behind nginx."""

import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from contextlib import ExitStack, contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
COMMAND = 'from odoo.cli import main; main()'
# Seconds until a server must answer.
PATIENCE = 120
# What it says in front of Odoo: the next page from the next server, and from another one at once
# where one does not answer. Which one it was stands in the answer.
NGINX = """
daemon off; pid {folder}/nginx.pid; error_log {folder}/nginx.log; {user}
events {{ worker_connections 1024; }}
http {{
    access_log off;
    client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi; uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    map $http_upgrade $connection_upgrade {{ default upgrade; '' close; }}
    upstream odoo {{ {pages} }}
    upstream live {{ {live} }}
    server {{
        listen 127.0.0.1:{port};
        proxy_set_header X-Forwarded-Host $http_host;
        proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
        proxy_set_header X-Forwarded-Proto $scheme;
        proxy_next_upstream error timeout;
        proxy_read_timeout 720s;
        client_max_body_size 64m;
        location /websocket {{
            proxy_pass http://live;
            proxy_set_header Upgrade $http_upgrade;
            proxy_set_header Connection $connection_upgrade;
        }}
        location / {{
            proxy_pass http://odoo;
            add_header X-Served-By $upstream_addr always;
        }}
    }}
}}
"""


class Odoo:
    """One Odoo server with processes of its own, as one machine of several would be."""

    def __init__(self, config, database, *arguments):
        self.port, self.live_port = free_port(), free_port()
        self.command = [
            sys.executable, '-W', 'ignore', '-c', COMMAND, '-c', config, '-d', database,
            '--db-filter', f'^{database}$', '--proxy-mode', '--http-interface', '127.0.0.1',
            '--http-port', str(self.port), '--gevent-port', str(self.live_port), *arguments]

    def start(self):
        # A group of its own: its processes end with it, however it ends.
        self.process = subprocess.Popen(
            self.command, env={**os.environ, 'ODOO_ADDONS_PATH': str(ROOT)}, process_group=0,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        wait_for(self.process, f'http://127.0.0.1:{self.port}/web/health')

    def stop(self, signal):
        """End all its processes by a signal.

        :param int signal: SIGTERM, or SIGKILL as if its machine had failed
        """
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal)
            self.process.wait()


@contextmanager
def running(signal, *servers):
    """Start servers, and end them after."""
    with ExitStack() as stack:
        for server in servers:
            stack.callback(server.stop, signal)
            server.start()
        yield


@contextmanager
def nginx(*servers):
    """Run nginx in front of servers, and yield its address."""
    with tempfile.TemporaryDirectory(prefix='crm-nginx-') as folder:
        port, settings = free_port(), Path(folder, 'nginx.conf')
        settings.write_text(NGINX.format(
            folder=folder, port=port, user='user root;' if os.geteuid() == 0 else '',
            pages=' '.join(f'server 127.0.0.1:{server.port};' for server in servers),
            live=' '.join(f'server 127.0.0.1:{server.live_port};' for server in servers)))
        process = subprocess.Popen(['nginx', '-p', folder, '-c', settings])
        try:
            wait_for(process, f'http://127.0.0.1:{port}/web/health')
            yield f'http://127.0.0.1:{port}'
        finally:
            process.terminate()
            process.wait()


def wait_for(process, url):
    """Wait until a server answers.

    :raise RuntimeError: when it has ended, or does not within two minutes
    """
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and process.poll() is None:
        try:
            urllib.request.urlopen(url, timeout=PATIENCE).close()
        except OSError:
            time.sleep(0.3)
        else:
            return
    raise RuntimeError(f"{url} does not answer.")


def free_port():
    with socket.socket() as free:
        free.bind(('127.0.0.1', 0))
        return free.getsockname()[1]
