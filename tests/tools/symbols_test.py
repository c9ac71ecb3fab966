#!/usr/bin/env python3
"""No two pieces define the same thing with different content.

  symbols_test.py BUILD_FOLDER [nm]

A class or an inline function of the same name in two pieces is one to the linker, which keeps either: the other piece then runs
code that was compiled for something else. Three signs are looked for in the archives of the pieces:
a strong symbol that two archives define; a vague one (an inline function, a template's instance, a type's vtable or
name) that is not of a shared header's namespaces but of different size; and a type_info name with different vtable sizes.
"""
import collections
import glob
import os
import re
import subprocess
import sys


def symbols(archive, nm):
    """(kind, size, mangled, readable) of each definition."""
    def listing(*options):
        return subprocess.run([nm, "--defined-only", "-S", *options, archive], capture_output=True, text=True, check=True).stdout.splitlines()
    plain, readable = listing(), listing("-C")
    assert len(plain) == len(readable)
    for a, b in zip(plain, readable):
        m = re.match(r"([0-9a-f]+) (?:([0-9a-f]+) )?([A-Za-z]) (\S+)$", a)
        n = re.match(r"[0-9a-f]+ (?:[0-9a-f]+ )?[A-Za-z] (.*)$", b)
        if m and n:
            yield m[3], int(m[2] or "0", 16), m[4], n[1]


def clashes(table):
    """table: piece -> definitions. Messages, each for a symbol that means different things."""
    strong, vague = collections.defaultdict(set), collections.defaultdict(lambda: collections.defaultdict(set))
    names = {}
    for piece, definitions in table.items():
        for kind, size, symbol, name in definitions:
            names[symbol] = name
            if kind in "TDBRG":
                strong[symbol].add(piece)
            elif kind in "WVu" and "wengert" in name:
                vague[symbol][piece].add(size)
    found = []
    for symbol, pieces in strong.items():
        if len(pieces) > 1:
            found.append("%s is defined in %s" % (names[symbol], " and ".join(sorted(pieces))))
    for symbol, by_piece in vague.items():
        # A constant's, a vtable's or a type's name has one size whatever the optimiser does; functions may be optimised
        # differently by their files' options.
        data = re.match(r"(vtable|typeinfo|typeinfo name|guard variable|VTT) ", names[symbol]) or symbol.startswith(("_ZTV", "_ZTI", "_ZTS"))
        sizes = {s for each in by_piece.values() for s in each}
        if data and len(sizes) > 1:
            found.append("%s has different sizes in %s" % (names[symbol], " and ".join(sorted(by_piece))))
    return found


def classes_of(root):
    """Names of classes defined in sources and private headers of each piece, with their namespaces."""
    pattern = re.compile(r"^(?:template\s*<[^>]*>\s*)?(?:class|struct|union|enum class)\s+(\w+)[^;(]*\{", re.M)
    found = collections.defaultdict(lambda: collections.defaultdict(set))
    folders = [os.path.join(root, "grammar")] + glob.glob(os.path.join(root, "src", "*")) + glob.glob(os.path.join(root, "include", "wengert", "*"))
    for folder in folders:
        for base, _, files in os.walk(folder):
            for file in files:
                if not file.endswith((".cpp", ".hpp")):
                    continue
                path = os.path.join(base, file)
                text = open(path, encoding="utf-8").read()
                for scope, name, body in definitions(text):
                    found[scope + "::" + name][" ".join(body.split())].add(os.path.relpath(path, root))
    return found


def definitions(text):
    """(namespace, class, body) of each class at the level of a namespace that has a name."""
    text = re.sub(r'//[^\n]*|/\*.*?\*/', "", text, flags=re.S)
    text = re.sub(r'"(?:[^"\\\n]|\\.)*"|\'(?:[^\'\\\n]|\\.)+\'', '""', text)
    spaces, depth, at = [], 0, 0
    opener = re.compile(r"(?:inline\s+)?namespace\s*([\w:]*)\s*\{|((?:template\s*<[^{};]*>\s*)?)(?:class|struct|union|enum\s+class|enum)\s+(\w+)([^;{}()=]*)\{|[{}]")
    for m in opener.finditer(text):
        if m.start() < at:
            continue
        if m[0] == "}":
            depth -= 1
            if spaces and spaces[-1][1] == depth:
                spaces.pop()
        elif "namespace" in m[0].split("{")[0].split():
            spaces.append((m[1] or "(none)", depth))
            depth += 1
        elif m[3]:
            end, level = m.end(), 1
            while end < len(text) and level:
                level += (text[end] == "{") - (text[end] == "}")
                end += 1
            specialised = m[4].lstrip().startswith(("<", "::"))
            if depth == len(spaces) and spaces and not any(s == "(none)" for s, _ in spaces) and not specialised:
                yield "::".join(s for s, _ in spaces), m[3], m[4] + text[m.end():end]
            at = end
        else:
            depth += 1


def main():
    build = sys.argv[1]
    root = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
    nm = sys.argv[2] if len(sys.argv) > 2 else "nm"
    # The search itself finds what it is for.
    assert clashes({"a": [("T", 4, "f", "f()")], "b": [("T", 4, "f", "f()")]})
    assert clashes({"a": [("V", 8, "_ZTV1P", "vtable for wengert::P")], "b": [("V", 16, "_ZTV1P", "vtable for wengert::P")]})
    assert list(definitions("namespace w {\nstruct P { int x; };\nnamespace {\nstruct Q { int y; };\n}\nvoid f() { struct R {}; }\n}")) == [("w", "P", "  int x; }")]
    archives = sorted(glob.glob(os.path.join(build, "src", "libwengert_*.a")) + glob.glob(os.path.join(build, "grammar", "libwengert_*.a")))
    assert len(archives) >= 8, "the pieces' archives are not there: %s" % archives
    found = clashes({os.path.basename(a): list(symbols(a, nm)) for a in archives})
    for name, bodies in sorted(classes_of(root).items()):
        if len(bodies) > 1:
            found.append("%s is defined differently in %s" % (name, " and ".join(sorted(set().union(*bodies.values())))))
    for clash in found:
        print("FAILED " + clash)
    print("%d archives, %d clashes" % (len(archives), len(found)))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
