"""The charts of a run, each with what its numbers say."""
import math

from run import counted_ratio, geometric_mean, median, time_of, time_ratio, winner
from svg import Plot, heat_map, short, style_of

LETTERS = {"finite": "D", "cross": "X"}


def letter(mode):
    return LETTERS.get(mode, mode[0].upper())


def digits(error):
    return max(0, -math.log10(max(error, 1e-17)))


def v_curve(run):
    steps = run.of("step")
    plot = Plot("The error of difference quotients against their step", "step h", "relative error")
    best = {}
    names = {"one-sided": "forward", "central": "reverse", "Richardson": "finite", "complex": "complex"}
    for method in names:
        points = [(s["h"], max(s["error"], 1e-17)) for s in steps if s["method"] == method]
        label = {"complex": "complex step", "Richardson": "extrapolated (Richardson)"}.get(method, method)
        plot.curve(label, points, style_of(names[method], 0), markers=False)
        if points:
            best[method] = min(points, key=lambda p: p[1])
    if len(best) < 4:
        return None, ""
    exact = [c["error"] for c in run.cells.values() if c["mode"] in ("forward", "reverse") and c["error"] is not None]
    said = (f"Finite differences are cheap to write and inaccurate: at its best step a one-sided difference keeps "
            f"{digits(best['one-sided'][1]):.0f} digits (h = {best['one-sided'][0]:.0e}), a central one "
            f"{digits(best['central'][1]):.0f}, one extrapolation {digits(best['Richardson'][1]):.0f}, and every other step "
            f"fewer; the complex step keeps {digits(best['complex'][1]):.0f} at any small step, "
            f"and forward and reverse mode {digits(median(exact)):.0f} in the middle of {len(exact)} cells without any step.")
    return plot, said


def swell(run):
    rows = run.of("swell")
    if not rows:
        return None, ""
    plot = Plot("Operations of a derivative against the depth of the program", "depth", "operations", base=2)
    styles = {1: "complex", 2: "symbolic", 3: "forward"}
    times = {1: "once", 2: "twice", 3: "three times"}
    for uses in (1, 2, 3):
        of = [r for r in rows if r["uses"] == uses]
        plot.curve(f"tree, used {times[uses]}", [(r["depth"], r["tree"]) for r in of], style_of(styles[uses], 0), markers=False)
    of = [r for r in rows if r["uses"] == 3]
    plot.curve("shared, used three times", [(r["depth"], r["shared"]) for r in of], style_of("finite", 0), markers=False)
    plot.curve("reverse mode, likewise", [(r["depth"], r["reverse"]) for r in of], style_of("reverse", 0), markers=False)
    last = max(of, key=lambda r: r["depth"])
    said = (f"Symbolic differentiation swells where a value is used again: {last['depth']} steps deep, each value used three "
            f"times by the next, the derivative written out has {last['tree']:.2g} operations; with every part written once it has "
            f"{last['shared']:.0f}, and the reverse sweep takes {last['reverse']:.0f}.")
    return plot, said


class Along:
    """One row or column of the sweep: the smallest number of outputs or of inputs, all of the others."""

    def __init__(self, run, family, by_inputs):
        self.run, self.family = run, family
        self.sizes, self.least = run.sizes, run.sizes[0]
        self.places = [(s, self.least) if by_inputs else (self.least, s) for s in self.sizes]

    def cells(self, mode):
        return [self.run.cell(self.family, *place, mode) for place in self.places]

    def plot(self, what, axis, bounded):
        plot = Plot(f"{self.family}: cost of a {what} beside that of the value", axis, "times the value", base=2)
        for mode in ("forward", "reverse", "symbolic", "cross"):
            ratios(plot, mode, list(zip(self.sizes, self.cells(mode))))
        plot.band(f"bound of {bounded} mode (Griewank and Walther)",
                  [(s, *c["theory_ratio"]) for s, c in zip(self.sizes, self.cells(bounded)) if c])
        return plot

    def ends(self, mode):
        """What the least and the largest size cost, as multiples of the value."""
        first, *_, last = self.cells(mode)
        return short(counted_ratio(first)), short(counted_ratio(last))


def ratios(plot, mode, places):
    """Counted ratios joined, measured ones as points."""
    style = style_of(mode, 0)
    plot.curve(mode, [(x, counted_ratio(c)) for x, c in places], style, markers=False)
    plot.curve(None, [(x, time_ratio(c)) for x, c in places], style, joined=False)


def over_inputs(run, family):
    along = Along(run, family, True)
    (f0, f1), (r0, r1) = along.ends("forward"), along.ends("reverse")
    cross = next((c for c in run.of("crossover") if c["family"] == family and c["outputs"] == along.least and c["what"].startswith("reverse")), {})
    where = cross.get("counted_inputs")
    meets = f"; by counts reverse is the cheaper one from {where} input{'s' if where != 1 else ''} on" if where else ""
    said = (f"Forward mode is for few inputs: of the {family} it costs {f0} times the value's operations for {run.sizes[0]} input and "
            f"{f1} times for {run.sizes[-1]}, while reverse mode goes from {r0} to {r1}{meets}.")
    return along.plot("gradient", "inputs n (one output)", "forward"), said


def over_outputs(run, family):
    along = Along(run, family, False)
    (f0, f1), (r0, r1) = along.ends("forward"), along.ends("reverse")
    said = (f"Reverse mode is for few outputs: of the {family} it costs {r0} times the value's operations for {run.sizes[0]} output and "
            f"{r1} times for {run.sizes[-1]}, while forward mode goes from {f0} to {f1}.")
    return along.plot("Jacobian", "outputs m (one input)", "reverse"), said


def winner_map(run, family):
    def shade(n, m):
        best, _, _ = winner(run, family, n, m)
        return None if best is None else {"reverse": .9, "forward": .45, "symbolic": .12}.get(best, .7)

    def label(n, m):
        best, tied, measured = winner(run, family, n, m)
        mark = letter(best) + ("=" if tied else "")
        return mark if measured else f"({mark})"

    return heat_map("fastest mode", run.sizes, shade, label)


def mode_map(run, family, mode):
    cells = {(n, m): run.cell(family, n, m, mode) for n in run.sizes for m in run.sizes}

    def ratio(n, m):
        c = cells[n, m]
        t, _ = time_of(c)
        values = [run.cell(family, n, m, other)["value_seconds"] for other in run.modes if run.cell(family, n, m, other)]
        values = [v for v in values if v]
        return t / values[0] if t and values else None

    def shade(n, m):
        r = ratio(n, m)
        return None if r is None else math.log10(max(1, r)) / 4

    def label(n, m):
        return short(ratio(n, m))

    return heat_map(mode, run.sizes, shade, label)


def crossovers(run, family):
    """Lines are counts, markers are times: where they lie apart, counting alone misleads."""
    plot = Plot(family, "outputs m", "inputs n from which on", width=380, height=300, base=2)
    plot.y = type(plot.y)(2)
    for what, mode in (("reverse overtakes forward", "reverse"), ("symbolic overtakes both", "symbolic")):
        rows = [c for c in run.of("crossover") if c["family"] == family and c["what"] == what]
        plot.curve(what, [(c["outputs"], c["counted_inputs"]) for c in rows], style_of(mode, 0), markers=False)
        plot.curve(None, [(c["outputs"], c["measured_inputs"]) for c in rows], style_of(mode, 0), joined=False)
    return plot


DEEP = {"dense network": "hidden layers", "shared DAG": "steps"}


def depths(run, family, uses):
    """Ratios to the value over depth, at one number of inputs and outputs."""
    rows = [r for r in run.of("deep") if r["family"] == family and r["uses"] == uses]
    often = {0: "", 1: ", each value used once", 2: ", each value used twice", 3: ", each value used three times"}[uses]
    plot = Plot(f"{family}{often}: a Jacobian of {rows[0]['inputs']} by {rows[0]['outputs']}", DEEP.get(family, "depth"),
                "times the value", base=2)
    for mode in run.modes:
        ratios(plot, mode, [(r["depth"], r) for r in rows if r["mode"] == mode])
    return plot


def accuracy(run):
    plot = Plot("Accuracy against cost: every cell that was run", "time by the value's", "error by the largest element", height=380)
    said = []
    for mode in run.modes:
        points = [(time_ratio(c), max(c["error"], 1e-17)) for c in run.cells.values()
                  if c["mode"] == mode and c["error"] is not None and time_ratio(c)]
        plot.curve(mode, points, style_of(mode, 0), joined=False)
        if points:
            said.append(f"{mode} {digits(median([e for _, e in points])):.0f} digits at {short(geometric_mean([t for t, _ in points]))} times the value")
    return plot, "In the middle of the cells: " + ", ".join(said) + "."


def predictions(run):
    plot = Plot("What the model predicts and what was measured", "seconds measured", "seconds predicted", height=380)
    for mode in run.modes:
        plot.curve(mode, [(c["seconds"], c["model_seconds"]) for c in run.cells.values()
                          if c["mode"] == mode and c["seconds"] and c["model_seconds"]], style_of(mode, 0), joined=False)
    times = [c["seconds"] for c in run.cells.values() if c["seconds"]]
    if times:
        plot.band("within a factor of 1.5", [(t, t / 1.5, t * 1.5) for t in (min(times), max(times))])
    return plot


def chunk_widths(run):
    plot = Plot("Forward sweeps of 32 tangents, so many at once", "tangents a sweep", "times the best width", width=560, base=2)
    rows = run.of("chunk")
    for k, family in enumerate(run.families):
        of = [r for r in rows if r["family"] == family]
        if of:
            best = min(r["seconds"] for r in of)
            plot.curve(family, [(r["width"], r["seconds"] / best) for r in of], style_of("", k))
    return plot if plot.series else None
