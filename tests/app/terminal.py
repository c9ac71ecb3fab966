"""The program at a pseudo-terminal."""
import os
import pty
import re
import select
import signal
import tempfile
import time

from program import BINARY


class Terminal:
    """The program at a pseudo-terminal, in a home of its own."""

    def __init__(self, *words, home=None, term="xterm", until="> "):
        self.home = home or tempfile.mkdtemp()
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            try:
                self.become(words, term)
            finally:
                os._exit(127)
        self.seen = ""
        self.shown = self.wait(until)  # at the start

    def become(self, words, term):
        os.chdir(self.home)
        env = {"HOME": self.home, "TERM": term, "PATH": os.environ["PATH"], "LANG": "C.UTF-8", "NO_COLOR": "1"}
        os.execve(BINARY, [BINARY, *words], env)

    def read(self, seconds):
        ready, _, _ = select.select([self.fd], [], [], seconds)
        if not ready:
            return False
        try:
            data = os.read(self.fd, 65536)
        except OSError:
            return False
        self.seen += data.decode(errors="replace")
        return bool(data)

    def wait(self, text, seconds=5):
        """What came until the text did, and forgets it."""
        end = time.time() + seconds
        while True:
            plain = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]|\r", "", self.seen)
            if text in plain:
                time.sleep(0.05)
                while self.read(0.02):
                    pass
                plain = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]|\r", "", self.seen)
                self.raw, self.seen = self.seen, ""
                return plain
            assert time.time() < end, "waited for %r, got %r" % (text, plain)
            self.read(0.1)

    def type(self, text):
        os.write(self.fd, text.encode())

    def enter(self, text, until="> "):
        self.type(text + "\n")
        time.sleep(0.05)
        return self.wait("\n" + until)

    def end(self):
        self.type("\x04")
        for _ in range(100):
            done, status = os.waitpid(self.pid, os.WNOHANG)
            if done:
                return os.waitstatus_to_exitcode(status)
            self.read(0.05)
            time.sleep(0.02)
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        raise AssertionError("the prompt did not end")
