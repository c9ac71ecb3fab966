"""A browser without a window, driven over its debugging protocol: pages opened from disk, keys, clicks, the console.

  with Browser() as b:
      b.open("/tmp/page.html")
      b.eval("document.title")

Standard library only. `find()` is None where no browser is installed; tests then say so and end with status 77.
"""
import base64
import json
import os
import shutil
import socket
import struct
import subprocess
import tempfile
import time
import urllib.request

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")


def find():
    named = os.environ.get("BROWSER_FOR_TESTS")
    if named:
        return named
    return next((path for path in map(shutil.which, NAMES) if path), None)


class Socket:
    """Text messages over a WebSocket."""

    def __init__(self, url):
        host, path = url[len("ws://"):].split("/", 1)
        name, port = host.split(":")
        self.socket = socket.create_connection((name, int(port)), timeout=30)
        key = base64.b64encode(os.urandom(16)).decode()
        self.socket.sendall(("GET /%s HTTP/1.1\r\nHost: %s\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                             "Sec-WebSocket-Key: %s\r\nSec-WebSocket-Version: 13\r\n\r\n" % (path, host, key)).encode())
        self.rest = b""
        while b"\r\n\r\n" not in self.rest:
            self.rest += self.socket.recv(4096)
        head, self.rest = self.rest.split(b"\r\n\r\n", 1)
        assert b" 101 " in head.split(b"\r\n")[0], head

    def send(self, text):
        data = text.encode()
        size = struct.pack("!B", 0x80 | len(data)) if len(data) < 126 else (
            struct.pack("!BH", 0x80 | 126, len(data)) if len(data) < 65536 else struct.pack("!BQ", 0x80 | 127, len(data)))
        self.socket.sendall(b"\x81" + size + b"\0\0\0\0" + data)  # masked with zeros

    def take(self, n):
        while len(self.rest) < n:
            more = self.socket.recv(65536)
            if not more:
                raise ConnectionError("the browser is gone")
            self.rest += more
        out, self.rest = self.rest[:n], self.rest[n:]
        return out

    def receive(self):
        text = b""
        while True:
            first, size = self.take(2)
            size &= 0x7f
            if size == 126:
                size = struct.unpack("!H", self.take(2))[0]
            elif size == 127:
                size = struct.unpack("!Q", self.take(8))[0]
            text += self.take(size)
            if first & 0x80:
                return text.decode()


class Browser:
    def __enter__(self):
        self.folder = tempfile.mkdtemp()
        self.process = subprocess.Popen(
            [find(), "--headless", "--no-sandbox", "--disable-gpu", "--remote-debugging-port=0", "--remote-allow-origins=*",
             "--disable-background-networking", "--no-first-run", "--user-data-dir=" + self.folder, "--window-size=1200,900", "about:blank"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        where = os.path.join(self.folder, "DevToolsActivePort")
        end = time.time() + 60
        while not os.path.exists(where) or not open(where).read().strip():
            assert time.time() < end and self.process.poll() is None, "the browser does not start"
            time.sleep(0.1)
        port = open(where).read().split()[0]
        pages = json.load(urllib.request.urlopen("http://127.0.0.1:%s/json" % port, timeout=30))
        self.socket = Socket(next(p["webSocketDebuggerUrl"] for p in pages if p["type"] == "page"))
        self.number, self.events = 0, []
        for domain in ("Runtime", "Page", "Log", "Network"):
            self.call(domain + ".enable")
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait(timeout=30)
        shutil.rmtree(self.folder, ignore_errors=True)

    def call(self, method, **params):
        self.number += 1
        self.socket.send(json.dumps({"id": self.number, "method": method, "params": params}))
        while True:
            message = json.loads(self.socket.receive())
            if message.get("id") == self.number:
                assert "error" not in message, message
                return message["result"]
            self.events.append(message)

    def open(self, path):
        self.events = []
        self.call("Page.navigate", url="file://" + path)
        end = time.time() + 30
        while not any(e["method"] == "Page.loadEventFired" for e in self.events):
            assert time.time() < end, "the page does not load"
            self.call("Runtime.evaluate", expression="0")
        return self

    def eval(self, text):
        result = self.call("Runtime.evaluate", expression=text, returnByValue=True, awaitPromise=True)
        assert "exceptionDetails" not in result, result["exceptionDetails"]
        return result["result"].get("value")

    def key(self, name):
        for kind in ("keyDown", "keyUp"):
            self.call("Input.dispatchKeyEvent", type=kind, key=name, code=name)

    def problems(self):
        """Errors and warnings on the console, exceptions, and requests to anywhere but the file itself."""
        self.eval("0")
        bad = []
        for e in self.events:
            params = e.get("params", {})
            if e["method"] == "Runtime.exceptionThrown" or (e["method"] == "Runtime.consoleAPICalled" and params["type"] in ("error", "warning")):
                bad.append(e)
            if e["method"] == "Log.entryAdded" and params["entry"]["level"] in ("error", "warning"):
                bad.append(e)
            if e["method"] == "Network.requestWillBeSent" and not params["request"]["url"].startswith(("file:", "data:")):
                bad.append(e)
        return bad
