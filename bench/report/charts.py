"""The charts of a run, each with what its numbers say."""
import math

from run import counted_ratio, geometric_mean, median, time_of, time_ratio, winner
from svg import Plot, heat_map, short, style_of

LETTERS = {"finite": "D"}


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


def over_inputs(run, family):
    m = run.sizes[0]
    plot = Plot(f"{family}: cost of a gradient beside that of the value", "inputs n (one output)", "times the value", base=2)
    curves(plot, run, [(n, run, family, n, m) for n in run.sizes])
    bound = [(n, *run.cell(family, n, m, "forward")["theory_ratio"]) for n in run.sizes if run.cell(family, n, m, "forward")]
    plot.band("bound of forward mode (Griewank and Walther)", bound)
    first, last = run.sizes[0], run.sizes[-1]
    f0, f1 = (counted_ratio(run.cell(family, n, m, "forward")) for n in (first, last))
    r0, r1 = (counted_ratio(run.cell(family, n, m, "reverse")) for n in (first, last))
    cross = next((c for c in run.of("crossover") if c["family"] == family and c["outputs"] == m), {})
    where = cross.get("counted_inputs")
    meets = f"; by counts they meet at {where:.0f} input{'s' if round(where) != 1 else ''}" if where else ""
    said = (f"Forward mode is for few inputs: of the {family} it costs {short(f0)} times the value's operations for {first} input and "
            f"{short(f1)} times for {last}, while reverse mode goes from {short(r0)} to {short(r1)}{meets}.")
    return plot, said


def over_outputs(run, family):
    n = run.sizes[0]
    plot = Plot(f"{family}: cost of a Jacobian beside that of the value", "outputs m (one input)", "times the value", base=2)
    curves(plot, run, [(m, run, family, n, m) for m in run.sizes])
    plot.band("bound of reverse mode (Griewank and Walther)",
              [(m, *run.cell(family, n, m, "reverse")["theory_ratio"]) for m in run.sizes if run.cell(family, n, m, "reverse")])
    first, last = run.sizes[0], run.sizes[-1]
    r0, r1 = (counted_ratio(run.cell(family, n, m, "reverse")) for m in (first, last))
    f0, f1 = (counted_ratio(run.cell(family, n, m, "forward")) for m in (first, last))
    said = (f"Reverse mode is for few outputs: of the {family} it costs {short(r0)} times the value's operations for {first} output and "
            f"{short(r1)} times for {last}, while forward mode goes from {short(f0)} to {short(f1)}.")
    return plot, said


def curves(plot, run, places):
    """Counted ratios joined, measured ones as points."""
    for mode in ("forward", "reverse", "symbolic", "cross"):
        if mode not in run.modes:
            continue
        style = style_of(mode, 0)
        plot.curve(f"{mode}, counted", [(x, counted_ratio(r.cell(f, n, m, mode))) for x, r, f, n, m in places], style, markers=False)
        plot.curve(f"{mode}, time", [(x, time_ratio(r.cell(f, n, m, mode))) for x, r, f, n, m in places], style, joined=False)


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
    rows = [c for c in run.of("crossover") if c["family"] == family]
    plot = Plot(family, "outputs m", "inputs n from which on", width=380, height=300, base=2)
    plot.y = type(plot.y)(2)
    plot.curve("counted", [(c["outputs"], c["counted_inputs"]) for c in rows], style_of("reverse", 0), markers=False)
    plot.curve("measured", [(c["outputs"], c["measured_inputs"]) for c in rows], style_of("forward", 0))
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
