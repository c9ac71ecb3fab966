#!/usr/bin/env python3
"""Line and branch coverage of the pieces, by gcov, of whatever an instrumented build has run.

  coverage.py BUILD_FOLDER [--missed] [PIECE ...]

A line of a header counts once for its piece, however many files include it: it is covered if any of them runs it, and so is a
branch. --missed lists the lines that nothing ran.
"""
import collections
import concurrent.futures
import glob
import json
import os
import subprocess
import sys

ROOT = os.path.abspath(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", ".."))
PIECES = ("core", "rules", "sweep", "modes", "grammar")


def piece_of(path):
    path = os.path.relpath(os.path.abspath(path), ROOT)
    parts = path.split(os.sep)
    if parts[0] == "grammar":
        return "grammar"
    if parts[0] == "src" and len(parts) > 2:
        return parts[1]
    if parts[:2] == ["include", "wengert"] and len(parts) > 3:
        return parts[2]
    return None


def gcov(data):
    done = subprocess.run(["gcov", "--json-format", "--stdout", "--branch-probabilities", data], capture_output=True, cwd=os.path.dirname(data))
    return [json.loads(line) for line in done.stdout.decode(errors="replace").splitlines() if line.startswith("{")]


def main():
    arguments = [a for a in sys.argv[1:] if not a.startswith("--")]
    build, pieces = os.path.abspath(arguments[0]), arguments[1:] or PIECES
    lines, branches = collections.defaultdict(int), collections.defaultdict(int)
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        for reports in pool.map(gcov, glob.glob(build + "/**/*.gcda", recursive=True)):
            for report in reports:
                for file in report["files"]:
                    path = os.path.join(report["current_working_directory"], file["file"])
                    path = os.path.normpath(path)
                    if piece_of(path) not in pieces:
                        continue
                    for line in file["lines"]:
                        key = (path, line["line_number"])
                        lines[key] = max(lines[key], line["count"])
                        for k, branch in enumerate(line["branches"]):
                            if not branch["throw"]:
                                # The same branch of another instance of a template, or of another file.
                                of = (path, line["line_number"], k % 2 if len(line["branches"]) % 2 == 0 else k)
                                branches[of] = max(branches[of], branch["count"])
    if not lines:
        sys.exit("no counts in " + build)
    print("%-10s %8s %9s %10s %9s" % ("piece", "lines", "covered", "branches", "covered"))
    poor = False
    for piece in (*pieces, "all"):
        mine = [n for (path, _), n in lines.items() if piece in ("all", piece_of(path))]
        ways = [n for (path, _, _), n in branches.items() if piece in ("all", piece_of(path))]
        if not mine:
            continue
        share = 100 * sum(n > 0 for n in mine) / len(mine)
        poor = poor or share < 95
        print("%-10s %8d %8.1f%% %10d %8.1f%%" % (piece, len(mine), share, len(ways), 100 * sum(n > 0 for n in ways) / max(1, len(ways))))
    if "--missed" in sys.argv:
        for path, number in sorted(k for k, n in lines.items() if n == 0):
            print("%s:%d" % (os.path.relpath(path, ROOT), number))
    return 1 if poor else 0


if __name__ == "__main__":
    sys.exit(main())
