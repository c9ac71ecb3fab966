#!/usr/bin/env python3
"""Runs the fuzzers for a while and adds what they did to totals.json.

  totals.py FUZZ_BINARY SECONDS [SEED]

Each run takes seeds that were not used before: one more than the largest in totals.json. A kind gets a third of the time.
Findings are printed and kept in the folder `findings` beside the binary.
"""
import json
import os
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
TOTALS = os.path.join(HERE, "totals.json")
KINDS = ("parser", "modes", "programs")


def main():
    binary, seconds = sys.argv[1], float(sys.argv[2])
    totals = json.load(open(TOTALS)) if os.path.exists(TOTALS) else {"runs": []}
    seed = int(sys.argv[3]) if len(sys.argv) > 3 else 1 + max([run["seed"] for run in totals["runs"]], default=1)
    commit = subprocess.run(["git", "rev-parse", "--short", "HEAD"], cwd=HERE, capture_output=True, text=True).stdout.strip()
    kept = os.path.join(os.path.dirname(os.path.abspath(binary)), "findings")
    os.makedirs(kept, exist_ok=True)
    found = 0
    for kind in KINDS:
        done = subprocess.run([binary, kind, HERE, "--seed", str(seed), "--seconds", "%g" % (seconds / len(KINDS)), "--keep", kept],
                              capture_output=True, errors="replace")
        lines = done.stdout.splitlines()
        print("\n".join(lines[-60:]))
        run = json.loads(lines[-1])
        run["commit"] = commit
        totals["runs"].append(run)
        found += run["findings"]
    totals["executions"] = {k: sum(r["executions"] for r in totals["runs"] if r["kind"] == k) for k in KINDS}
    totals["findings"] = {k: sum(r["findings"] for r in totals["runs"] if r["kind"] == k) for k in KINDS}
    with open(TOTALS, "w") as f:
        f.write("{\n  \"executions\": %s,\n  \"findings\": %s,\n  \"runs\": [\n    %s\n  ]\n}\n" % (
            json.dumps(totals["executions"]), json.dumps(totals["findings"]), ",\n    ".join(json.dumps(r) for r in totals["runs"])))
    print("all runs together: " + ", ".join("%s %d" % (k, totals["executions"][k]) for k in KINDS))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
