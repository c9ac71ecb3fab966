"""Rows of peers as a table: each tool's time for a problem, ours beside it."""
from run import seconds_text
from svg import escaped


def html(run):
    rows = run.of("peer")
    if not rows:
        return ""
    out = []
    for r in rows:
        ran = r.get("seconds") is not None
        out.append("<tr>" + "".join(f"<td>{escaped(c)}</td>" for c in (
            r["problem"], r["size"], r["tool"], seconds_text(r.get("seconds")) if ran else "-",
            seconds_text(r.get("our_seconds")), f"{r['ratio']:.2f}" if r.get("ratio") else "-",
            seconds_text(r.get("prepare_seconds")) if ran else r.get("gap", ""))) + "</tr>")
    head = "".join(f"<th>{h}</th>" for h in ("problem", "size", "tool", "time", "ours", "theirs / ours", "prepare, or why not"))
    return f'<h2>Peers</h2><div class="scroll"><table><tr>{head}</tr>{"".join(out)}</table></div>'
