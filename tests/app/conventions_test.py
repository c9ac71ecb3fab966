#!/usr/bin/env python3
"""Every line of docs/conventions.md has examples, and each of them prints what stands below it.

  conventions_test.py build/release/wengert [docs/conventions.md]

An example is a ```console block: lines that begin with `$ ` are run, the others are their output, the warnings after the answer.
"""
import os
import re
import shlex
import subprocess
import sys

BINARY = os.path.abspath(sys.argv[1])
PAGE = sys.argv[2] if len(sys.argv) > 2 else os.path.join(os.path.dirname(__file__), "..", "..", "docs", "conventions.md")


def run(command):
    words = shlex.split(command)
    assert words[0] == "wengert", command
    environment = {"PATH": os.environ["PATH"], "NO_COLOR": "1"}
    done = subprocess.run([BINARY, *words[1:]], stdin=subprocess.DEVNULL, capture_output=True, timeout=30, env=environment)
    return (done.stdout + done.stderr).decode()


def examples(block):
    """[(command, output), ...]"""
    found = []
    for line in block.splitlines():
        line = line[2:] if line.startswith("  ") else line
        if line.startswith("$ "):
            found.append([line[2:], ""])
        else:
            found[-1][1] += line + "\n"
    return found


def main():
    text = open(PAGE, encoding="utf-8").read()
    failures, ran, conventions = [], 0, 0
    for convention in re.split(r"^- ", text, flags=re.M)[1:]:
        title = convention.splitlines()[0]
        conventions += 1
        block = re.search(r"^  ```console\n(.*?)^  ```$", convention, flags=re.M | re.S)
        if not block:
            failures.append("no example: " + title)
            continue
        for command, expected in examples(block[1]):
            ran += 1
            printed = run(command)
            if printed != expected:
                failures.append("%s\n$ %s\nexpected:\n%sprinted:\n%s" % (title, command, expected, printed))
    if conventions < 30:
        failures.append("only %d conventions were found" % conventions)
    for failure in failures:
        print("FAILED " + failure)
    print("%d conventions, %d examples, %d failed" % (conventions, ran, len(failures)))
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
