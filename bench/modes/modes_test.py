#!/usr/bin/env python3
"""What `bench_modes --json` says, compared with what can be worked out by hand.

    modes_test.py BENCH_MODES
"""
import json
import math
import subprocess
import sys

HIDDEN = 16


def network_operations(n, m):
    """B*tanh(C*tanh(A*x)): three products, two layers of calls."""
    def product(rows, cols):
        return rows * cols + rows * (cols - 1)
    return product(HIDDEN, n) + product(HIDDEN, HIDDEN) + product(m, HIDDEN) + 2 * HIDDEN


def main():
    done = subprocess.run([sys.argv[1], "--quick", "--json", "dense network", "tree"], capture_output=True, text=True, check=True)
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    cells = [line for line in lines if line["kind"] == "cell"]
    run = [c for c in cells if c["run"]]
    assert lines[0]["kind"] == "machine" and lines[0]["clock_step_seconds"] < 1e-5, lines[0]
    assert len(cells) == 2 * 36 * 6, len(cells)
    assert len(run) > 180, len(run)
    for c in cells:
        where = (c["family"], c["inputs"], c["outputs"], c["mode"])
        value = c["value_operations"]["total"]
        if c["family"] == "dense network":
            assert value == network_operations(c["inputs"], c["outputs"]), where
        if c["mode"] == "complex":
            assert c["operations"]["total"] == (1 + c["inputs"]) * value, where
        if "counted_operations" in c:
            assert c["counted_operations"] == c["operations"], where
        if c["operations"] and c["bound_operations"]:
            assert c["operations"]["total"] <= c["bound_operations"], where
        assert c["parse_seconds"] > 0 and c["build_seconds"] >= 0, where
        if c["run"]:
            assert 0 < c["seconds"] <= c["median_seconds"], where
            if c["error"] is not None:
                assert c["error"] <= (1e-5 if c["mode"] == "finite" else 1e-10), where
    assert sum(c["error"] is not None for c in run) > len(run) // 2
    assert sum(c["auto"] for c in cells) == 2 * 36

    # A crossover lies between the two sizes around it, and is found to a twentieth or to neighbours.
    counts = {(c["family"], c["inputs"], c["outputs"], c["mode"]): c["operations"]["total"] for c in cells if c["operations"]}
    sizes = sorted({c["inputs"] for c in cells})
    crossovers = [line for line in lines if line["kind"] == "crossover"]
    assert len(crossovers) == 2 * 2 * len(sizes), len(crossovers)
    searched = 0
    for c in crossovers:
        def wins(n):
            at = lambda mode: counts.get((c["family"], n, c["outputs"], mode), math.inf)
            if c["what"] == "reverse overtakes forward":
                return at("reverse") < at("forward")
            return at("symbolic") < min(at("reverse"), at("forward"))
        first = next((n for n in sizes if wins(n)), None)
        found = c["counted_inputs"]
        assert (found is None) == (first is None), c
        if found is not None:
            before = [n for n in sizes if n < first]
            assert (before[-1] if before else first - 1) < found <= first, c
            searched += c["programs"]
        if c["family"] == "tree" and found is not None:
            assert found & (found - 1) == 0, c  # its inputs are halved level by level
    assert searched > 10, searched
    # One output: reverse costs a sweep whatever the inputs, and forward one for every eight.
    network = next(c for c in crossovers if c["family"] == "dense network" and c["outputs"] == 1 and c["what"].startswith("reverse"))
    assert 1 < network["counted_inputs"] <= 4, network

    # Depth: by so many layers more the value takes so many operations more.
    deep = [line for line in lines if line["kind"] == "deep"]
    assert {(d["family"], d["depth"]) for d in deep} == {("dense network", depth) for depth in (1, 4, 16, 64)}
    by_depth = {d["depth"]: d["value_operations"]["total"] for d in deep}
    assert by_depth[64] - by_depth[16] == 4 * (by_depth[16] - by_depth[4]) > 0, by_depth
    swept = [d for d in deep if d["mode"] in ("forward", "reverse")]
    assert len(swept) == 2 * 4 and all(d["run"] and d["checked"] for d in swept), swept
    # 50 digits of the deepest take longer than they may: there the modes are compared with each other.
    assert all((d["error"] is not None) if d["depth"] <= 16 else ("another mode" in d["checked"]) for d in swept), swept

    error = next(line for line in lines if line["kind"] == "model_error")
    assert error["held_out_rows"] > 50 and math.isfinite(error["worst_factor"]), error
    print(len(run), "of", len(cells), "cells run; every count, bound and crossover as it must be")


if __name__ == "__main__":
    main()
