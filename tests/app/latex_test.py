#!/usr/bin/env python3
"""What the program writes as LaTeX compiles: formulas, derivations, traces, paths and graphs of the lectures.

  latex_test.py build/release/wengert [--all]

The long ones, such as the picture of a large graph, are left out unless asked for: TeX takes minutes over them.

Ends with status 77 (skipped) and says so where lualatex, amsmath or TikZ is missing.
"""
import json
import os
import shutil
import subprocess
import sys
import tempfile

BINARY = os.path.abspath(sys.argv[1])
EVERYTHING = "--all" in sys.argv
CASES = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "lectures", "cases.jsonl")
PLOTS = [("sigmoid(z)", "--over", "z=-4..4"), ("1/x_1", "--over", "x_1=-1..1"), ("exp(10*x)", "--over", "x=0..4", "--log"),
         ("x1^2 + x2", "--over", "x1=-1..1", "--over", "x2=-1..1", "--points", "[[0,0,1],[0.5,0.5,0]]")]
HEAD = "\\documentclass{article}\n\\usepackage{amsmath,amssymb}\n\\usepackage{tikz}\n\\usepackage[paperwidth=150cm,paperheight=100cm,margin=1cm]{geometry}\n\\begin{document}\n"


def complaints(pieces):
    """What LaTeX says, by the piece in which it says so: one run for all of them."""
    folder = tempfile.mkdtemp()
    with open(os.path.join(folder, "t.tex"), "w", encoding="utf-8") as f:
        f.write(HEAD + "\n".join("\\message{^^JPIECE %d^^J}\n%s\n\\clearpage" % (k, tex) for k, tex in enumerate(pieces)) + "\n\\end{document}\n")
    done = subprocess.run(["lualatex", "-interaction=nonstopmode", "t.tex"], cwd=folder, capture_output=True, timeout=1200 if EVERYTHING else 400)
    shutil.rmtree(folder, ignore_errors=True)
    at, found = 0, {}
    for line in done.stdout.decode("utf-8", "replace").splitlines():
        if line.startswith("PIECE "):
            at = int(line.split()[1])
        elif line.startswith("!") or "Missing character" in line:
            found.setdefault(at, line)
    if "Output written" not in done.stdout.decode("utf-8", "replace") and not found:
        found[at] = "there is no output"
    return found


def written(case, folder):
    """(what, LaTeX) of one case."""
    program, point = os.path.join(folder, "p.wen"), os.path.join(folder, "at.json")
    with open(program, "w", encoding="utf-8") as f:
        f.write(case["program"] + "\n")
    with open(point, "w", encoding="utf-8") as f:
        json.dump(case["at"], f)
    ask = lambda *words: subprocess.run([BINARY, words[0], "-f", program, "-e", case["query"], "--at", point, *words[1:]], capture_output=True, text=True, timeout=60)
    wanted = [("latex",), ("trace", "--as", "latex"), ("paths", "--as", "latex"), ("graph", "--as", "tikz"),
              ("eliminate", "--as", "latex"), ("why", "--as", "latex")]
    wanted += [("steps", "--by", name, "--as", "latex") for name in list(case["at"])[:1]]
    for words in wanted:
        done = ask(*words)
        if done.returncode == 0 and (EVERYTHING or len(done.stdout) < 4000):
            yield " ".join(words), "$" + done.stdout + "$" if words[0] == "latex" else done.stdout


def main():
    probe = complaints(["\\begin{tikzpicture}\\node{x};\\end{tikzpicture}"]) if shutil.which("lualatex") else {0: "there is no lualatex"}
    if probe:
        print("SKIPPED: %s" % probe[0])
        return 77
    folder = tempfile.mkdtemp()
    with open(CASES, encoding="utf-8") as f:
        cases = [json.loads(line) for line in f]
    pieces = [(case["id"] + ": " + what, tex) for case in cases for what, tex in written(case, folder)]
    pieces += [("plot " + words[0], subprocess.run([BINARY, "plot", *words, "--as", "tikz"], capture_output=True, text=True, timeout=60, check=True).stdout)
               for words in PLOTS]
    failed = [(pieces[k][0], problem) for k, problem in complaints([tex for _, tex in pieces]).items()]
    for name, problem in failed:
        print("FAILED %s: %s" % (name, problem))
    print("%d passed, %d failed" % (len(pieces) - len(failed), len(failed)))
    return 1 if failed or not pieces else 0


if __name__ == "__main__":
    sys.exit(main())
