#!/usr/bin/env python3
"""Runs the commands at the head of every example and compares what they print with the file beside it.

    examples_test.py path/to/wengert examples [--update] [NAME ...]

A command is a line `# $ wengert ...`; the output of all commands of one.wen is kept in one.out. Numbers may differ
by rounding (another processor, another C library), everything else is compared to the letter.
"""
import os
import re
import subprocess
import sys
import tempfile

NUMBER = re.compile(r"(?<![A-Za-z_0-9.])-?(?:\d+\.?\d*(?:e[+-]?\d+)?)(?![A-Za-z_])")
ABSOLUTE = 1e-12
# Hundreds of steps of a training make rounding errors grow.
RELATIVE = {"training": 1e-6}
USUAL_RELATIVE = 1e-9


def commands_of(path):
    with open(path, encoding="utf-8") as f:
        return [line[4:].strip() for line in f if line.startswith("# $ ")]


def run(commands, folder, binary):
    out = ""
    with tempfile.TemporaryDirectory() as bin_folder:
        os.symlink(binary, os.path.join(bin_folder, "wengert"))
        environment = dict(os.environ, PATH=bin_folder + os.pathsep + os.environ.get("PATH", ""), NO_COLOR="1")
        for command in commands:
            done = subprocess.run(command, shell=True, cwd=folder, env=environment, stdin=subprocess.DEVNULL,
                                  stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=120)
            out += "$ %s\n%s" % (command, done.stdout)
            if done.returncode != 0:
                out += "exit status %d\n" % done.returncode
    return out


def same_number(a, b, relative):
    return a == b or abs(float(a) - float(b)) <= relative * abs(float(b)) + ABSOLUTE


def same_line(got, want, relative):
    if got == want:
        return True
    # Where a number has fewer digits the columns beside it move.
    squeeze = lambda text: re.sub(r"\s+", " ", NUMBER.sub("#", text)).replace("[ ", "[")
    a, b = NUMBER.findall(got), NUMBER.findall(want)
    return squeeze(got) == squeeze(want) and len(a) == len(b) and all(same_number(x, y, relative) for x, y in zip(a, b))


def difference(got, want, relative):
    got, want = got.splitlines(), want.splitlines()
    for k in range(max(len(got), len(want))):
        a, b = (lines[k] if k < len(lines) else "(nothing)" for lines in (got, want))
        if not same_line(a, b, relative):
            return "line %d is\n    %s\n  and should be\n    %s" % (k + 1, a, b)
    return None


def main():
    arguments = [a for a in sys.argv[1:] if a != "--update"]
    update = "--update" in sys.argv
    binary, root, only = os.path.abspath(arguments[0]), arguments[1], arguments[2:]
    failed = passed = 0
    mentioned, scripts = set(), []
    for folder, _, files in sorted(os.walk(root)):
        for name in sorted(files):
            if not name.endswith(".wen"):
                continue
            path = os.path.join(folder, name)
            commands = commands_of(path)
            scripts.append(path)
            mentioned.update(os.path.join(folder, other) for c in commands for other in re.findall(r"[\w-]+\.wen", c))
            if not commands or (only and not any(o in path for o in only)):
                continue
            got, golden = run(commands, folder, binary), path[:-4] + ".out"
            if update:
                with open(golden, "w", encoding="utf-8") as f:
                    f.write(got)
                continue
            if not os.path.exists(golden):
                wrong = "there is no " + golden
            else:
                with open(golden, encoding="utf-8") as f:
                    wrong = difference(got, f.read(), RELATIVE.get(os.path.basename(folder), USUAL_RELATIVE))
            if wrong:
                failed += 1
                print("%s: %s" % (path, wrong))
            else:
                passed += 1
    # The data of digits.wen comes from digits.py, which has a test of its own.
    for path in scripts:
        if path not in mentioned and os.path.basename(path) != "digits.wen":
            failed += 1
            print("%s: no example's command runs it" % path)
    print("%d examples as they should be, %d not" % (passed, failed))
    return 1 if failed or (passed == 0 and not update) else 0


if __name__ == "__main__":
    sys.exit(main())
