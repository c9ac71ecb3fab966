#!/usr/bin/env python3
"""A tiny sweep, its page, and its comparison with itself, with a slower run and with other counts.

    report_test.py BENCH_MODES
"""
import json
import pathlib
import re
import subprocess
import sys
import tempfile
import xml.dom.minidom

HERE = pathlib.Path(__file__).parent
MODES = 6


def script(name, *words, status=0):
    done = subprocess.run([sys.executable, str(HERE / name), *map(str, words)], capture_output=True, text=True)
    assert done.returncode == status, (name, words, done.returncode, done.stdout[-500:], done.stderr[-500:])
    return done.stdout


def check_page(text, families):
    assert "http://" not in text and "https://" not in text, "the page asks for the network"
    assert "nan" not in text and "None" not in re.sub(r"<[^>]*>", "", text), "a number is missing"
    pictures = re.findall(r"<svg.*?</svg>", text, re.S)
    # Four sentences; a map for the winner and each mode; ratios, crossovers, three of depth, accuracy, the model, chunks.
    assert len(pictures) >= 4 + families * (1 + MODES) + 2 * (families - 1) + families + 3 + 3, len(pictures)
    for picture in pictures:
        root = xml.dom.minidom.parseString(picture).documentElement
        width, height = map(float, root.getAttribute("viewBox").split()[2:])
        for t in root.getElementsByTagName("text"):
            x, y = float(t.getAttribute("x")), float(t.getAttribute("y"))
            assert 0 <= x <= width and 0 <= y <= height, (root.toxml()[:200], t.toxml())
    for sentence in ("Finite differences are cheap to write and inaccurate", "Symbolic differentiation swells",
                     "Forward mode is for few inputs", "Reverse mode is for few outputs"):
        assert sentence in text, sentence
    assert "prefers-color-scheme: dark" in text and "data-theme" in text


def main():
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        run = folder / "run.jsonl"
        with open(run, "w", encoding="utf-8") as out:
            subprocess.run([sys.argv[1], "--tiny", "--json", "--commit", "a<b", "tree", "shared DAG"], stdout=out, check=True)
        records = [json.loads(l) for l in run.read_text().splitlines()]
        kinds = {r["kind"] for r in records}
        assert {"machine", "cell", "model_error", "crossover", "deep", "step", "swell", "execution", "compiling", "chunk", "auto"} <= kinds, kinds
        ran = [r for r in records if r["kind"] == "execution" and r["seconds"]]
        assert {"sweeps", "plan forward", "plan reverse", "cross-country", "sparse", "interpreter"} <= {r["way"] for r in ran}
        assert all(r["error"] < 1e-10 for r in ran)
        counts = next(r for r in records if r["kind"] == "auto" and r["by"] == "operations")
        assert counts["within"] >= 0.9 and counts["worst"] <= 2, counts

        script("report.py", run, folder / "page.html")
        page = (folder / "page.html").read_text(encoding="utf-8")
        assert "a&lt;b" in page and "a<b" not in page
        check_page(page, 2)

        same = script("compare.py", run, run, "--strict")
        assert "the same in every cell" in same and "slower" not in same and "another one outside it in 0" in same, same

        slow = folder / "slow.jsonl"
        changed = [dict(r) for r in records]
        for r in changed:
            if r["kind"] == "cell" and r["mode"] == "reverse" and r["seconds"]:
                r["seconds"] *= 2
                r["median_seconds"] *= 2
        counted = next(r for r in changed if r["kind"] == "cell" and r["mode"] == "forward")
        counted["operations"] = {**counted["operations"], "total": counted["operations"]["total"] + 1}
        slow.write_text("".join(json.dumps(r) + "\n" for r in changed))
        told = script("compare.py", run, slow, "--strict", status=1)
        assert re.search(r"reverse +2\.00x .*: slower", told) and "1 cells differ" in told, told
        assert "forward" in told and not re.search(r"forward .*: slower", told), told
        script("compare.py", slow, run, "--strict")
        (folder / "empty.jsonl").write_text("")
        script("compare.py", run, folder / "empty.jsonl", status=1)
    print("a page of charts and verdicts that know the noise")


if __name__ == "__main__":
    main()
