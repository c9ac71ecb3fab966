#!/usr/bin/env python3
"""Two runs of the benchmark compared, with a verdict that knows the noise of both.

    compare.py BEFORE.jsonl AFTER.jsonl [--strict]

A time is the least of its repeats. How far it may be off is what the repeats of both runs say: the distance of the median
from the least and the spread between the quartiles. A cell is faster or slower where its ratio leaves that band; a mode
is where the mean of its cells does. Counts are exact: any difference is told. --strict: status 1 where something is slower.
"""
import argparse
import math
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from run import TIE, Run, winner

LEAST_BAND = 0.10  # placement of code and memory alone moves times so far
ALONE, SHARED = 0.03, 0.15  # what a whole mode moves from run to run: on a machine of one's own, and beside other work
SHOWN = 12


def noise_of(cell):
    """The logarithm of what the time may be off by."""
    return math.log(max(1.0, cell["median_seconds"] / cell["seconds"])) + cell["spread"] / 2


def band_of(a, b):
    return max(math.log1p(LEAST_BAND), 2 * math.hypot(noise_of(a), noise_of(b)))


class Comparison:
    def __init__(self, before, after):
        self.before, self.after = before, after
        self.keys = [k for k in before.cells if k in after.cells]
        self.timed = [k for k in self.keys if before.cells[k]["seconds"] and after.cells[k]["seconds"]]
        self.ratio = {k: math.log(after.cells[k]["seconds"] / before.cells[k]["seconds"]) for k in self.timed}
        self.band = {k: band_of(before.cells[k], after.cells[k]) for k in self.timed}

    def outside(self):
        """Cells beyond their band, the farthest first."""
        out = [k for k in self.timed if abs(self.ratio[k]) > self.band[k]]
        return sorted(out, key=lambda k: -abs(self.ratio[k]) / self.band[k])

    def counts_changed(self):
        return [k for k in self.keys if self.before.cells[k]["operations"] != self.after.cells[k]["operations"]]

    def mean(self, keys):
        """The mean of logarithms of ratios, and its own band: two standard errors, and never less than a cell's share."""
        n = len(keys)
        mean = sum(self.ratio[k] for k in keys) / n
        variance = sum((self.ratio[k] - mean) ** 2 for k in keys) / max(1, n - 1)
        return mean, max(math.log1p(SHARED if self.shared() else ALONE), 2 * math.sqrt(variance / n))

    def shared(self):
        """Whether other work took part of the processor in one of the runs."""
        return any(run.machine["load"] > run.machine["cores"] / 2 for run in (self.before, self.after))

    def winners(self):
        """Cells with the same fastest mode, with another one that ties in one of the runs, and with another one."""
        same, tied, changed = [], [], []
        places = dict.fromkeys((f, n, m) for f, n, m, _ in self.timed)
        for place in places:
            (a, ties_a, _), (b, ties_b, _) = winner(self.before, *place), winner(self.after, *place)
            (same if a == b else tied if b in ties_a or a in ties_b else changed).append((place, a, b))
        return same, tied, changed


def word(mean, band):
    return "the same within noise" if abs(mean) <= band else "slower" if mean > 0 else "faster"


def times(x):
    return f"{math.exp(x):.2f}x"


def report(c):
    lines = []
    for name, run in (("before", c.before), ("after", c.after)):
        m = run.machine
        lines.append(f"{name}: {m['processor']}; {m['compiler']}; commit {m['commit']}; load {m['load']:.1f}; {m['when']}")
    if c.before.machine["processor"] != c.after.machine["processor"]:
        lines.append("The machines differ: ratios of times say little, counts are comparable.")
    lines.append(f"{len(c.keys)} cells are in both, {len(c.timed)} of them timed in both.")
    if c.shared():
        lines.append(f"Other work ran beside one of them: a mode is told apart from {100 * SHARED:.0f}% on only.")
    changed = c.counts_changed()
    lines.append(f"Operation counts: {'the same in every cell' if not changed else f'{len(changed)} cells differ'}.")
    for k in changed[:SHOWN]:
        count = lambda r: r.cells[k]["operations"]["total"] if r.cells[k]["operations"] else "-"
        lines.append(f"  {k[0]}, {k[1]} inputs, {k[2]} outputs, {k[3]}: {count(c.before)} -> {count(c.after)}")
    slower = False
    lines.append("")
    for mode in c.before.modes:
        keys = [k for k in c.timed if k[3] == mode]
        if not keys:
            continue
        mean, band = c.mean(keys)
        slower = slower or mean > band
        lines.append(f"{mode:<10} {times(mean):>7} (noise up to {times(band)}) over {len(keys)} cells: {word(mean, band)}")
    out = c.outside()
    lines.append(f"\n{len(out)} of {len(c.timed)} cells lie outside their own band of noise.")
    for k in out[:SHOWN]:
        lines.append(f"  {k[0]}, {k[1]} inputs, {k[2]} outputs, {k[3]}: {times(c.ratio[k])}, noise up to {times(c.band[k])}")
    same, tied, other = c.winners()
    lines.append(f"\nThe fastest mode is the same in {len(same)} cells, another one within the band of ties ({100 * (TIE - 1):.0f}%) in "
                 f"{len(tied)}, and another one outside it in {len(other)}.")
    for place, a, b in other[:SHOWN]:
        lines.append(f"  {place[0]}, {place[1]} inputs, {place[2]} outputs: {a} -> {b}")
    return "\n".join(lines), slower


def main():
    words = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    words.add_argument("before"), words.add_argument("after"), words.add_argument("--strict", action="store_true")
    asked = words.parse_args()
    try:
        runs = [Run(asked.before), Run(asked.after)]
    except (OSError, ValueError, KeyError) as why:
        sys.exit(f"not a run: {why}")
    for run, path in zip(runs, (asked.before, asked.after)):
        if not run.cells or not run.machine:
            sys.exit(f"{path}: no cells of a run")
    text, slower = report(Comparison(*runs))
    print(text)
    sys.exit(1 if slower and asked.strict else 0)


if __name__ == "__main__":
    main()
