#!/usr/bin/env python3
"""Runs the fuzzers for a while and adds what they did to totals.json.

  totals.py FUZZ_BINARY SECONDS [KIND ...]

Each run takes seeds that were not used before: one more than the largest in totals.json. Kinds are parser, modes and
programs, and c (programs written as C) where it is named; each gets its share of the time. Findings are printed and kept in the folder `findings` beside the binary. A
commit with a + had changes that were not committed.
"""
import fcntl
import json
import os
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
TOTALS = os.path.join(HERE, "totals.json")
KINDS = ("parser", "modes", "programs")
ASKED = ("c",)  # played when it is named


def git(*words):
    return subprocess.run(["git", *words], cwd=HERE, capture_output=True, text=True).stdout.strip()


def commit():
    changed = git("status", "--porcelain", "--", os.path.join(HERE, "..", ".."), ":(exclude)totals.json")
    return git("rev-parse", "--short", "HEAD") + ("+" if changed else "")


def read():
    if not os.path.exists(TOTALS):
        return []
    with open(TOTALS) as f:
        return json.load(f)["runs"]


def write(runs):
    sums = {what: {k: sum(r[what] for r in runs if r["kind"] == k) for k in KINDS + ASKED} for what in ("executions", "findings")}
    with open(TOTALS + ".new", "w") as f:
        f.write("{\n  \"executions\": %s,\n  \"findings\": %s,\n  \"runs\": [\n    %s\n  ]\n}\n" % (
            json.dumps(sums["executions"]), json.dumps(sums["findings"]), ",\n    ".join(json.dumps(r) for r in runs)))
    os.replace(TOTALS + ".new", TOTALS)
    return sums


def main():
    binary, seconds = os.path.abspath(sys.argv[1]), float(sys.argv[2])
    kinds = sys.argv[3:] or list(KINDS)
    kept = os.path.join(os.path.dirname(binary), "findings")
    os.makedirs(kept, exist_ok=True)
    found = 0
    for kind in kinds:
        # Several sittings at once take different seeds: the lock covers reading and noting the seed, and adding the result.
        with open(os.path.join(kept, "lock"), "w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            used = os.path.join(kept, "last_seed")
            last = int(open(used).read()) if os.path.exists(used) else 0
            seed = 1 + max([run["seed"] for run in read()] + [last, 1])
            with open(used, "w") as f:
                f.write(str(seed))
        at = commit()
        done = subprocess.run([binary, kind, HERE, "--seed", str(seed), "--seconds", "%g" % (seconds / len(kinds)), "--keep", kept],
                              capture_output=True, errors="replace")
        lines = done.stdout.splitlines()
        print("\n".join(lines[-60:]), flush=True)
        run = json.loads(lines[-1])
        run["commit"] = at
        found += run["findings"]
        with open(os.path.join(kept, "lock"), "w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            sums = write(read() + [run])
    print("all runs together: " + ", ".join("%s %d" % (k, sums["executions"][k]) for k in KINDS + ASKED))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
