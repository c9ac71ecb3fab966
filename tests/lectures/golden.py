#!/usr/bin/env python3
"""Every trace, table, derivation and figure of the lectures by a command, against files.

  golden.py build/release/wengert [--update] [SUBSTRING]

golden/commands.txt has a line for each: its name, the words of the command line (run in that folder; @CASE stands for the
program, the values and the query of a case), numbers from the documents. The output is golden/NAME.expect (numbers to 1e-12), with every number of the documents in it to all of its
printed digits; SVG is well-formed; a trace has the values, tangents and adjoints that cases.jsonl derives by hand.
"""
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
import xml.dom.minidom

HERE = os.path.dirname(os.path.abspath(__file__))
FOLDER = os.path.join(HERE, "golden")
MEASURED = re.compile(r"^Executed as a plan,.*\Z", re.M | re.S)
NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:e[-+]?\d+)?")


def rounded(x, like):
    """x with as many significant digits as the text `like` has."""
    digits = len(re.sub(r"e.*", "", like).replace("-", "").replace(".", "").lstrip("0"))
    return float("%.*e" % (max(digits, 1) - 1, x))


def has(output, fact):
    return any(rounded(float(n), fact) == float(fact) for n in NUMBER.findall(output))


def same(one, other):
    """The same text, with numbers to 1e-12 (or of a size of rounding): processors differ in the last digit. What was
    measured on this machine (the end of `cost`) has only to be there on both sides, or on neither."""
    def shape(text):
        text = MEASURED.sub("Executed as a plan.", text)
        return NUMBER.sub("#", re.sub(r"[ -]+", " ", re.sub(r" *\n", "\n", text))), [float(x) for x in NUMBER.findall(text)]

    (a, x), (b, y) = shape(one), shape(other)
    return a == b and len(x) == len(y) and all(abs(p - q) <= 1e-12 * max(abs(p), abs(q)) or max(abs(p), abs(q)) < 1e-9 for p, q in zip(x, y))


def flat(v):
    return [x for item in v for x in flat(item)] if isinstance(v, list) else [float(v)]


def spelled(words, cases, folder):
    """The words with programs, values and queries in place of cases."""
    for word in words:
        if not word.startswith("@"):
            yield word
            continue
        case = cases[word[1:]]
        program, point = os.path.join(folder, case["id"] + ".wen"), os.path.join(folder, case["id"] + ".json")
        with open(program, "w", encoding="utf-8") as f:
            f.write(case["program"] + "\n")
        with open(point, "w", encoding="utf-8") as f:
            json.dump(case["at"], f)
        yield from ("-f", program, "--at", point, "-e", case["query"])


def traced_wrongly(binary, words, case, folded):
    """What a trace says otherwise than the case. `folded`: arrays that are only ever taken apart, or that a stable form
    does without (log of softmax), have no row."""
    done = subprocess.run([binary, "--json", *words], cwd=FOLDER, capture_output=True, text=True, timeout=60)
    rows = {row["name"]: row for row in json.loads(done.stdout.splitlines()[-1])["trace"]}
    for node in case["expect"]["nodes"]:
        row = rows.get(node["name"])
        if (row is None) != (node["name"] in folded):
            yield "%s %s a row" % (node["name"], "lacks" if row is None else "has")
        if row is None:
            continue
        wanted = {"value": node.get("value"), "adjoint": node.get("adjoint")}
        got = {"value": row["value"], "adjoint": row.get("adjoint")}
        for name, tangent in node.get("tangent", {}).items():
            if name in row["tangents"]:
                wanted["d/d" + name], got["d/d" + name] = tangent, row["tangents"][name]
        for what, want in wanted.items():
            if want is None:
                continue
            g, w = flat(got[what]) if got[what] is not None else [0.0] * len(flat(want)), flat(want)
            scale = max(map(abs, w)) or 1.0
            if len(g) != len(w) or any(abs(a - b) > 1e-12 * abs(b) + 1e-13 * scale for a, b in zip(g, w)):
                yield "%s of %s is %r, expected %r" % (what, node["name"], got[what], want)


def main():
    binary = os.path.abspath(sys.argv[1])
    update = "--update" in sys.argv
    only = next((a for a in sys.argv[2:] if not a.startswith("-")), "")
    cases = {c["id"]: c for c in map(json.loads, open(os.path.join(HERE, "cases.jsonl"), encoding="utf-8"))}
    traced = json.load(open(os.path.join(FOLDER, "traced.json")))
    passed, failed = 0, 0
    folder = tempfile.mkdtemp()
    for line in open(os.path.join(FOLDER, "commands.txt"), encoding="utf-8"):
        if not line.strip() or line.startswith("#") or only not in line:
            continue
        name, words, facts = (part.strip() for part in line.rstrip("\n").split(" | ", 2)) if line.count(" | ") > 1 else (
            [p.strip() for p in line.rstrip("\n |").split(" | ", 1)] + [""])
        words = list(spelled(shlex.split(words), cases, folder))
        done = subprocess.run([binary, *words], cwd=FOLDER, capture_output=True, text=True, timeout=60)
        path = os.path.join(FOLDER, name + ".expect")
        if update:
            open(path, "w", encoding="utf-8").write(done.stdout)
        wrong = [] if done.returncode == 0 else ["status %d: %s" % (done.returncode, done.stderr)]
        if not os.path.exists(path) or not same(done.stdout, open(path, encoding="utf-8").read()):
            wrong.append("the output is not that of %s.expect" % name)
        wrong += ["%s is not in the output" % fact for fact in facts.split() if not has(done.stdout, fact)]
        if done.stdout.startswith("<svg"):
            try:
                xml.dom.minidom.parseString(done.stdout)
            except Exception as problem:
                wrong.append("no well-formed SVG: %s" % problem)
        if name in traced:
            wrong += list(traced_wrongly(binary, words, cases[traced[name]["case"]], traced[name]["folded"]))
        passed, failed = passed + (not wrong), failed + bool(wrong)
        if wrong:
            print("FAILED %s: %s" % (name, "\n  ".join(wrong)))
    shutil.rmtree(folder)
    print("%d passed, %d failed" % (passed, failed))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
