"""Calling the program as people and scripts do; what the tests of the command line share.

A test file gives its binary as the first word, and optionally a part of the names of the tests to run. Every test is a function
named as a sentence; `main` runs those of a file. Standard library only. The last line is `N passed, N failed`.
"""
import json
import os
import subprocess
import sys
import tempfile

BINARY = os.path.abspath(sys.argv[1])
QUIZ = "exp(x*z) + x*z/log(x) + sin(log(x))/(x*z)"


class Done:
    def __init__(self, status, out, err):
        self.status, self.out, self.err = status, out, err

    def rows(self):
        return [json.loads(line, parse_constant=lambda c: 1 / 0) for line in self.out.splitlines()]

    def row(self):
        rows = self.rows()
        assert len(rows) == 1, "%d rows: %r %r" % (len(rows), self.out, self.err)
        return rows[0]


def call(*words, stdin=None, env=None, cwd=None):
    where = dict(os.environ, NO_COLOR="1", **(env or {}))
    done = subprocess.run([BINARY, *words], input=stdin, stdin=subprocess.DEVNULL if stdin is None else None,
                          capture_output=True, timeout=30, env=where, cwd=cwd)
    return Done(done.returncode, done.stdout.decode(), done.stderr.decode())


def ask(*words, status=0, **more):
    done = call(*words, **more)
    assert done.status == status, "status %d, expected %d: %s%s" % (done.status, status, done.out, done.err)
    return done


def asked(*words, **more):
    return ask("--json", *words, **more).row()


def refused(*words, status, kind):
    """The message for people and the JSON error of one wrong call."""
    people = ask(*words, status=status)
    assert people.err.startswith("error: "), people.err
    error = ask("--json", *words, status=status)
    assert error.err == "", error.err
    row = error.rows()[-1]
    assert row["schema"] == 1 and row["error"]["kind"] == kind, row
    return people.err, row["error"]


def near(a, b, tolerance=1e-12):
    return abs(a - b) <= tolerance * max(abs(a), abs(b), 1e-300)


def folder_with(**files):
    folder = tempfile.mkdtemp()
    for name, text in files.items():
        path = os.path.join(folder, name.replace("__", "."))
        with open(path, "wb") as f:
            f.write(text if isinstance(text, bytes) else text.encode())
    return folder


def main(tests):
    """Runs the tests among the given names."""
    only = sys.argv[2] if len(sys.argv) > 2 else ""
    passed, failed = 0, 0
    for name, test in list(tests.items()):
        if not name.startswith("test_") or only not in name:
            continue
        try:
            test()
            passed += 1
        except Exception as problem:  # a test must not stop the others
            failed += 1
            where = problem.__traceback__
            while where.tb_next and where.tb_next.tb_frame.f_code.co_filename.endswith("_test.py"):
                where = where.tb_next
            print("FAILED %s, line %d: %s: %s" % (name[5:].replace("_", " "), where.tb_lineno, type(problem).__name__, problem))
    print("%d passed, %d failed" % (passed, failed))
    return 1 if failed else 0
