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
        if c["run"]:
            assert 0 < c["seconds"] <= c["median_seconds"], where
            if c["error"] is not None:
                assert c["error"] <= (1e-5 if c["mode"] == "finite" else 1e-10), where
    assert sum(c["error"] is not None for c in run) > len(run) // 2
    assert sum(c["auto"] for c in cells) == 2 * 36

    # A crossover lies between the two sizes around it.
    counts = {(c["family"], c["inputs"], c["outputs"], c["mode"]): c["operations"]["total"] for c in cells if c["operations"]}
    sizes = sorted({c["inputs"] for c in cells})
    crossovers = [line for line in lines if line["kind"] == "crossover"]
    assert len(crossovers) == 2 * len(sizes), len(crossovers)
    for c in crossovers:
        wins = [n for n in sizes if counts[c["family"], n, c["outputs"], "reverse"] < counts[c["family"], n, c["outputs"], "forward"]]
        if c["counted_inputs"] is None:
            assert not wins, c
        else:
            assert c["counted_inputs"] <= wins[0] + 1e-9, c
            below = [n for n in sizes if n < wins[0]]
            assert not below or below[-1] <= c["counted_inputs"] + 1e-9, c
    error = next(line for line in lines if line["kind"] == "model_error")
    assert error["held_out_rows"] > 50 and math.isfinite(error["worst_factor"]), error
    print(len(run), "of", len(cells), "cells run; every count, bound and crossover as it must be")


if __name__ == "__main__":
    main()
