"""Runs the examples of the documents: what stands below a `$ wengert ...` is what it prints.

    transcripts.py PROGRAM FILE.md ...

A transcript is a block fenced as `console`, or an indented one that begins with `$ `. A line `...` in it stands
for any lines. A block fenced as `wengert` is a script, which must run; what it prints is not compared.
Numbers are compared to 1e-9, since processors differ in the last digit; a time or a rounding error (below 1e-6,
or in ulp) need only be one.
"""
import os
import pathlib
import re
import subprocess
import sys
import tempfile

TIME = re.compile(r"\b\d+(\.\d+)? (ns|us|ms|s)\b")
ULP = re.compile(r"\b\d+(\.\d+)?(e-?\d+)? ulp\b")
NUMBER = re.compile(r"-?\d+\.?\d*(?:e-?\d+)?")


def blocks(text):
    """(kind, first line's number, lines) of each fenced or indented block."""
    lines, kind, start, block = text.split("\n"), None, 0, []
    for number, line in enumerate(lines, 1):
        fence = re.match(r"^```(\w*)", line)
        if kind is None and fence:
            kind, start, block = fence.group(1) or "plain", number + 1, []
        elif kind == "indented" and not line.startswith("    ") and line.strip():
            yield "console", start, block
            kind = None
        elif kind is None and line.startswith("    $ "):
            kind, start, block = "indented", number, [line[4:]]
        elif kind == "indented":
            block.append(line[4:])
        elif kind is not None and fence:
            yield kind, start, block
            kind = None
        elif kind is not None:
            block.append(line)
    if kind == "indented":
        yield "console", start, block


def same_line(expected, printed):
    def shape(line):
        line = re.sub(r"\s+", " ", ULP.sub("U", TIME.sub("T", line))).strip()
        return NUMBER.sub("#", line), [float(x) for x in NUMBER.findall(line)]

    (one, numbers), (other, others) = shape(expected), shape(printed)
    close = lambda a, b: abs(a - b) <= 1e-9 * max(abs(a), abs(b)) or max(abs(a), abs(b)) < 1e-6
    return one == other and len(numbers) == len(others) and all(map(close, numbers, others))


def same(expected, printed):
    if "..." not in (line.strip() for line in expected):
        return len(expected) == len(printed) and all(map(same_line, expected, printed))
    at = [line.strip() for line in expected].index("...")
    head, tail = expected[:at], expected[at + 1 :]
    if len(printed) < len(head) + len(tail) or not same(head, printed[:at]):
        return False
    return any(same(tail, printed[i:]) for i in range(at, len(printed) + 1))


def commands(block):
    """(command, expected lines); a command may go on after a backslash."""
    found = []
    for line in block:
        if line.startswith("$ "):
            found.append([line[2:], []])
        elif found and found[-1][0].endswith("\\") and not found[-1][1]:
            found[-1][0] = found[-1][0][:-1] + line.strip()
        elif found:
            found[-1][1].append(line)
    return found


def main(program, files):
    passed = failed = 0
    with tempfile.TemporaryDirectory() as home:
        environment = {**os.environ, "PATH": f"{os.path.dirname(os.path.abspath(program))}:{os.environ['PATH']}",
                       "HOME": home, "NO_COLOR": "1"}
        run = lambda command, text=None: subprocess.run(command, shell=isinstance(command, str), cwd=home, env=environment,
                                                         input=text, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                                                         text=True, timeout=120)
        for file in files:
            for kind, start, block in blocks(pathlib.Path(file).read_text()):
                if kind == "wengert":
                    done = run([os.path.abspath(program), "-"], "\n".join(block))
                    ok = done.returncode == 0
                    passed, failed = passed + ok, failed + (not ok)
                    if not ok:
                        print(f"{file}:{start}: the script fails\n{done.stdout}")
                if kind != "console":
                    continue
                for command, expected in commands(block):
                    printed = run(command).stdout.rstrip("\n").split("\n")
                    while expected and not expected[-1].strip():
                        expected.pop()
                    ok = same(expected, [line for line in printed] if expected or printed != [""] else [])
                    passed, failed = passed + ok, failed + (not ok)
                    if not ok:
                        print(f"{file}:{start}: $ {command}\n--- expected\n" + "\n".join(expected) + "\n--- printed\n" + "\n".join(printed))
    print(f"{passed} passed, {failed} failed")
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))
