#!/usr/bin/env python3
"""A run of the benchmark as one page of HTML: charts in SVG, no network, light and dark.

    report.py RUN.jsonl [PAGE.html]
"""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent))
import charts
import peers_table
from run import Run, seconds_text
from svg import escaped

SWITCH = ("const r=document.documentElement,b=document.getElementById('theme');"
          "b.onclick=()=>{const d=r.dataset.theme||(matchMedia('(prefers-color-scheme: dark)').matches?'dark':'light');"
          "r.dataset.theme=d==='dark'?'light':'dark'}")


def figure(chart, said=""):
    if chart is None:
        return ""
    caption = f"<figcaption>{escaped(said)}</figcaption>" if said else ""
    return f"<figure>{chart.svg()}{caption}</figure>"


def table(head, rows):
    cells = lambda kind, row: "".join(f"<{kind}>{escaped(c)}</{kind}>" for c in row)
    body = "".join(f"<tr>{cells('td', row)}</tr>" for row in rows)
    return f'<div class="scroll"><table><tr>{cells("th", head)}</tr>{body}</table></div>'


def machine(run):
    m = run.machine
    return (f"{m['processor']}, {m['cores']} cores, {m['features']}; {m['compiler']}; commit {m['commit']}; "
            f"load {m['load']:.1f} at the start; the clock shows {seconds_text(m['clock_step_seconds'])}; {m['when']}.")


def verdicts(run):
    rows = []
    cells = list(run.cells.values())
    ran = [c for c in cells if c["run"]]
    rows.append(("cells and modes that were run, of all", f"{len(ran)} of {len(cells)}"))
    rows.append(("checked against 50 digits or another mode", f"{sum(bool(c['checked']) for c in ran)}"))
    counted = [c for c in cells if "counted_operations" in c]
    same = sum(c["counted_operations"] == c["operations"] for c in counted)
    rows.append(("counted sweep by sweep, and as predicted", f"{same} of {len(counted)}"))
    for a in run.of("auto"):
        rows.append((f"auto within {100 * a['tolerance']:.0f}% of the best by {a['by']}; at worst",
                     f"{100 * a['within']:.1f}% of {a['cells']}; {a['worst']:.2f} times"))
    for e in run.of("model_error"):
        rows.append(("the fitted model within a factor of 1.5 on cells that it was not fitted to; median, worst",
                     f"{100 * e['within_1.5']:.1f}% of {e['held_out_rows']}; {e['median_factor']:.2f}, {e['worst_factor']:.1f}"))
    return table(("verdict", ""), rows)


def executions(run):
    rows = run.of("execution")
    if not rows:
        return ""
    ways = list(dict.fromkeys(r["way"] for r in rows))
    pays = {(c["family"], c["inputs"], c["outputs"]): c for c in run.of("compiling")}
    places = list(dict.fromkeys((r["family"], r["inputs"], r["outputs"]) for r in rows))
    by = {(r["family"], r["inputs"], r["outputs"], r["way"]): r for r in rows}
    body = []
    for place in places:
        cells = [seconds_text(by[(*place, w)]["seconds"]) if (*place, w) in by else "-" for w in ways]
        paid = pays.get(place, {})
        number = lambda key, otherwise: otherwise if paid.get(key) is None else f"{paid[key]:.0f}"
        body.append((place[0], place[1], place[2], *cells, number("expected_from_evaluations", "-"), number("pays_from_evaluations", "never")))
    return ("<h2>Ways of running</h2><p>One Jacobian: by sweeps over the tape, by plans swept one way, by elimination "
            "(cross-country), compressed where it is sparse, interpreted or as machine code, and as exported C. The last columns: "
            "evaluations from which on machine code has paid for its making, as the engine expects for a gradient, and measured.</p>"
            + table(("family", "n", "m", *ways, "expected", "pays from"), body)
            + "".join(f'<p class="quiet">{escaped(why)}</p>' for why in absences(rows)))


def absences(rows):
    """Why something was not run, once a way and reason."""
    told = {}
    for r in rows:
        if r.get("absent"):
            told.setdefault((r["way"], r["absent"]), f"{r['family']}, {r['inputs']} inputs, {r['outputs']} outputs")
    return [f"{way}: {why} ({where})" for (way, why), where in told.items()]


def depths(run):
    places = list(dict.fromkeys((r["family"], r["uses"]) for r in run.of("deep")))
    if not places:
        return ""
    return ("<h2>Over depth and sharing</h2><p>Deeper programs, and values that the next step uses once, twice or three times: "
            "lines are counted operations, points are times.</p>"
            '<div class="pairs">' + "".join(figure(charts.depths(run, *place)) for place in places) + "</div>")


def stages(run):
    """What comes before an evaluation, of the mode that auto takes, at the ends of the diagonal and in its middle."""
    shown = (run.sizes[0], run.sizes[len(run.sizes) // 2], run.sizes[-1])
    chosen = [c for c in run.cells.values() if c["auto"] and c["inputs"] == c["outputs"] and c["inputs"] in shown]
    head = ("family", "n", "m", "parse", "build", "auto takes", "prepare", "evaluate")
    return ("<h2>From the text to a Jacobian</h2><p>Text to tree, tree to graph, what the mode prepares, one evaluation.</p>"
            + table(head, [(c["family"], c["inputs"], c["outputs"], seconds_text(c["parse_seconds"]), seconds_text(c["build_seconds"]),
                            c["mode"], seconds_text(c["prepare_seconds"]), seconds_text(c["seconds"])) for c in chosen]))


def maps(run):
    out = []
    for k, family in enumerate(run.families):
        inner = charts.winner_map(run, family) + "".join(charts.mode_map(run, family, mode) for mode in run.modes)
        out.append(f'<details{" open" if k == 0 else ""}><summary>{escaped(family)}</summary><div class="maps">{inner}</div></details>')
    return "".join(out)


def page(run):
    family = run.families[0]
    style = (pathlib.Path(__file__).parent / "page.css").read_text(encoding="utf-8")
    four = [charts.v_curve(run), charts.swell(run), charts.over_inputs(run, family), charts.over_outputs(run, family)]
    parts = [
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">',
        f"<title>What derivatives cost</title><style>{style}</style></head><body>",
        '<button id="theme" type="button">light / dark</button><h1>What derivatives cost</h1>',
        f'<p class="quiet">{escaped(machine(run))}</p>', verdicts(run),
        "<h2>Four sentences</h2>", f'<div class="pairs">{"".join(figure(*f) for f in four)}</div>',
        "<h2>Every mode over inputs and outputs</h2><p>n inputs downwards, m outputs to the right. On the left the fastest mode: "
        "R reverse, F forward, S symbolic, X cross-country, C complex step, D finite differences; = where another is within 15%, ( ) "
        "where the time is the model's because the mode was predicted to take too long. Beside it the time of each mode as a multiple "
        "of the value's, a stronger shade for more; an empty square was neither run nor predicted.</p>", maps(run),
        "<h2>Ratios and bounds</h2><p>Lines are counted operations, points are times, both as multiples of the value's; the band is "
        "what Griewank and Walther's bounds allow.</p>",
        '<div class="pairs">' + "".join(figure(charts.over_inputs(run, f)[0]) + figure(charts.over_outputs(run, f)[0])
                                        for f in run.families[1:]) + "</div>",
        "<h2>Where one mode overtakes another</h2><p>For so many outputs the least number of inputs from which on it does, found by "
        "bisection over programs of any size: lines are by counts, markers by time. No line: it does not within the sweep.</p>",
        '<div class="maps">' + "".join(figure(charts.crossovers(run, f)) for f in run.families) + "</div>",
        depths(run),
        "<h2>Accuracy and the model</h2>",
        f'<div class="pairs">{figure(*charts.accuracy(run))}{figure(charts.predictions(run))}{figure(charts.chunk_widths(run))}</div>',
        stages(run), executions(run), peers_table.html(run), f"<script>{SWITCH}</script></body></html>"]
    return "\n".join(p for p in parts if p)


def main():
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    run = Run(sys.argv[1])
    if not run.cells:
        sys.exit(f"{sys.argv[1]}: no cells of a run")
    to = pathlib.Path(sys.argv[2] if len(sys.argv) == 3 else pathlib.Path(sys.argv[1]).with_suffix(".html"))
    to.write_text(page(run), encoding="utf-8")
    print(to)


if __name__ == "__main__":
    main()
