"""A run of `./dev bench modes --json`, read back: records by kind, cells by family, size and mode."""
import json
import math
from collections import OrderedDict


class Run:
    def __init__(self, path):
        with open(path, encoding="utf-8") as lines:
            self.records = [json.loads(l) for l in lines if l.strip()]
        self.machine = next((r for r in self.records if r["kind"] == "machine"), {})
        self.cells = OrderedDict(((c["family"], c["inputs"], c["outputs"], c["mode"]), c) for c in self.of("cell"))
        self.families = list(OrderedDict.fromkeys(c["family"] for c in self.cells.values()))
        self.modes = list(OrderedDict.fromkeys(c["mode"] for c in self.cells.values()))
        self.sizes = sorted({c["inputs"] for c in self.cells.values()})

    def of(self, kind):
        return [r for r in self.records if r["kind"] == kind]

    def cell(self, family, n, m, mode):
        return self.cells.get((family, n, m, mode))


def time_of(cell):
    """Seconds, and whether they were measured; predicted where the mode was not run."""
    if cell is None:
        return None, False
    if cell["seconds"] is not None:
        return cell["seconds"], True
    return cell["model_seconds"], False


def counted_ratio(cell):
    if cell is None or not cell["operations"]:
        return None
    return cell["operations"]["total"] / max(1, cell["value_operations"]["total"])


def time_ratio(cell):
    if cell is None or not cell["seconds"] or not cell["value_seconds"]:
        return None
    return cell["seconds"] / cell["value_seconds"]


TIE = 1.15


def winner(run, family, n, m):
    """The fastest mode, those within the band of ties, and whether it was measured."""
    times = {}
    for mode in run.modes:
        t, measured = time_of(run.cell(family, n, m, mode))
        if t:
            times[mode] = (t, measured)
    if not times:
        return None, [], False
    best = min(times, key=lambda mode: times[mode][0])
    tied = [mode for mode in times if mode != best and times[mode][0] <= TIE * times[best][0]]
    return best, tied, times[best][1]


def median(numbers):
    numbers = sorted(numbers)
    return numbers[len(numbers) // 2] if numbers else None


def geometric_mean(numbers):
    numbers = [x for x in numbers if x and x > 0]
    return math.exp(sum(map(math.log, numbers)) / len(numbers)) if numbers else None


def seconds_text(s):
    if s is None:
        return "-"
    for unit, size in (("s", 1), ("ms", 1e-3), ("us", 1e-6)):
        if s >= size:
            return f"{s / size:.3g} {unit}"
    return f"{s * 1e9:.3g} ns"
