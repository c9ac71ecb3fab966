#!/usr/bin/env python3
"""Worked examples of five courses' lectures (cases.jsonl) against the command line, in four modes.

  run.py --bin build/release/wengert [--mode reverse,forward,symbolic,finite] [--only SUBSTRING] [--verbose]

A case is a program, a query, a point, and what must come out, each number from a hand-derived formula:
`value`; `gradient` {name: in the name's shape}; `jacobian` {name: outputs x inputs}; `hessian` {vars, matrix};
`nodes` [{name, value, tangent {input: dnode/dinput}, adjoint dquery/dnode}]; `paths` {path: product of local
partials}; `equals` (other texts with the query's value). Right is within the case's rtol, or within 1e-13 of
the largest number of that quantity. Finite differences are excused where a warning says that the point is a
kink. Standard library only; ends with `N passed, N failed`.
"""
import argparse, json, math, os, subprocess, sys, tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
TO_LARGEST = 1e-13
ROUNDED_ZERO = 1e-15
FINITE = 1e-6
EXCUSES = {"kink", "strong-zero"}


def numbers(v):
    return [x for item in v for x in numbers(item)] if isinstance(v, list) else [float(v)]


def dimensions(v):
    return [len(v)] + dimensions(v[0]) if isinstance(v, list) and v else []


def complaint(got, want, rtol):
    """None where the two are equal within rtol, otherwise what differs."""
    if got is None:
        return "missing"
    if isinstance(want, list) and not isinstance(want[0], list) and dimensions(got)[1:] and min(dimensions(got)) == 1:
        got = numbers(got)  # a Jacobian with one row or column, as a list
    if dimensions(got) != dimensions(want):
        return f"shape {dimensions(got)}, expected {dimensions(want)}"
    g, w = numbers(got), numbers(want)
    scale = max([abs(x) for x in w if math.isfinite(x)] + [0.0])
    slack = TO_LARGEST * scale + ROUNDED_ZERO + (rtol * (scale + 1e-3) if rtol >= FINITE else 0)
    for i, (a, b) in enumerate(zip(g, w), 1):
        same = a == b or (math.isnan(a) and math.isnan(b))
        if not same and not abs(a - b) <= rtol * abs(b) + slack:
            return f"element {i} is {a!r}, expected {b!r}"
    return None


class Program:
    """Asks the command line about one program at one point."""

    def __init__(self, binary, case, folder):
        self.binary = binary
        self.source = os.path.join(folder, "case.wen")
        self.point = os.path.join(folder, "at.json")
        with open(self.source, "w", encoding="utf-8") as f:
            f.write(case["program"] + "\n")
        with open(self.point, "w", encoding="utf-8") as f:
            json.dump(case["at"], f)

    def ask(self, command, expressions, mode=None, wrt=None):
        words = [self.binary, command, "--json", "-f", self.source, "--at", self.point]
        words += ["--mode", mode] if mode else []
        words += ["--wrt", ",".join(wrt)] if wrt else []
        for e in expressions:
            words += ["-e", e]
        done = subprocess.run(words, stdin=subprocess.DEVNULL, capture_output=True, timeout=60, text=True)
        rows = [json.loads(line) for line in done.stdout.splitlines()]
        for row in rows:
            if "error" in row:
                raise RuntimeError(f'{row["error"]["kind"]}: {row["error"]["message"]}')
        if len(rows) != len(expressions):
            raise RuntimeError(f"exit {done.returncode}: {done.stderr.strip()[:200]}")
        return rows


def complaints(program, case, mode):
    want, query, rtol = case["expect"], case["query"], case["rtol"]
    loose = max(rtol, FINITE) if mode == "finite" else rtol

    def derivative(of, names, expected, tolerance, what):
        row, = program.ask("grad", [of], mode, names)
        excused = mode == "finite" and EXCUSES & {w["kind"] for w in row.get("warnings", [])}
        answers = row.get("gradient") or row.get("jacobian") or {}
        for name in names:
            bad = complaint(answers.get(name), expected[name], tolerance)
            if bad and not excused:
                yield f"{what} by {name}: {bad}"

    if "value" in want:
        row, = program.ask("eval", [query])
        bad = complaint(row.get("value"), want["value"], rtol)
        if bad:
            yield "value: " + bad
    for kind in ("gradient", "jacobian"):
        if kind in want:
            yield from derivative(query, list(want[kind]), want[kind], loose, kind)
    if "hessian" in want and mode != "finite":
        row, = program.ask("hessian", [query], mode, want["hessian"]["vars"])
        bad = complaint(row.get("hessian", {}).get("matrix"), want["hessian"]["matrix"], max(rtol, 1e-11))
        if bad:
            yield "hessian: " + bad
    nodes = want.get("nodes", [])
    for node, row in zip(nodes, program.ask("eval", [n["name"] for n in nodes]) if nodes else []):
        bad = complaint(row.get("value"), node["value"], rtol) if "value" in node else None
        if bad:
            yield f'node {node["name"]}: {bad}'
        if "tangent" in node:
            yield from derivative(node["name"], list(node["tangent"]), node["tangent"], loose, f'tangent of {node["name"]}')
        if "adjoint" in node:
            yield from derivative(query, [node["name"]], {node["name"]: node["adjoint"]}, loose, "adjoint")
    if "paths" in want:
        row, = program.ask("paths", [query])
        got = {"-".join(p["nodes"]): p["product"] for p in row.get("paths", [])}
        if set(got) != set(want["paths"]):
            yield f'paths are {sorted(got)}, expected {sorted(want["paths"])}'
        for path, product in want["paths"].items():
            bad = complaint(got.get(path), product, rtol)
            if bad:
                yield f"path {path}: {bad}"
    for text in want.get("equals", []):
        row, = program.ask("eval", [text])
        bad = complaint(row.get("value"), want["value"], max(rtol, 1e-11))
        if bad:
            yield f"{text}: {bad}"


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--bin", required=True)
    p.add_argument("--mode", default="reverse,forward,symbolic,finite")
    p.add_argument("--only", default="")
    p.add_argument("--verbose", action="store_true", help="every complaint, not the first of a case")
    a = p.parse_args()
    with open(os.path.join(HERE, "cases.jsonl"), encoding="utf-8") as f:
        cases = [c for c in map(json.loads, f) if a.only in c["id"]]
    passed = failed = 0
    for mode in a.mode.split(","):
        for case in cases:
            with tempfile.TemporaryDirectory() as folder:
                try:
                    bad = list(complaints(Program(os.path.abspath(a.bin), case, folder), case, mode))
                except (RuntimeError, OSError, KeyError, ValueError, subprocess.TimeoutExpired) as problem:
                    bad = [str(problem)]
            passed, failed = (passed, failed + 1) if bad else (passed + 1, failed)
            for line in bad if a.verbose else bad[:1]:
                print(f'{mode} {case["id"]}: {line}')
    print(f"{passed} passed, {failed} failed")
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main())
