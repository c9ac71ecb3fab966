#!/usr/bin/env python3
"""The layering of the code: what each folder may include and use.

    layers.py ROOT        prints each breach as file:line and ends with status 1 if there is one

Pieces stand in an order, and a file includes only headers of its own piece or of those below it.
"""
import re
import sys
from pathlib import Path

ORDER = ["core", "rules", "sweep", "exec", "rewrite", "print", "lower", "modes", "explain", "solve", "session", "app"]

# What a regular expression finds may stand only where the second expression matches the path.
BELOW_APP = re.compile(r"^(?!src/app/)")
ONLY = [
    (r"#\s*include\s*<boost/spirit", r"^grammar/parse\.cpp$|^grammar/[^/]*grammar[^/]*$", "Spirit is included by grammar/parse.cpp alone"),
    (r"#\s*include\s*<(iostream|fstream|termios\.h|CLI/|histedit\.h|nlohmann/)", r"^src/app/", "files, terminals, options and JSON belong to app"),
    (r"#\s*include\s*<unistd\.h", r"^src/(app/|exec/code_memory\.cpp$)", "the system belongs to app; memory for machine code alone comes from it too"),
    (r"#\s*include\s*<Eigen/", r"^src/(rules|sweep|exec)/(multiply|factors|products|[^/]*dense)[^/]*$", "Eigen stands behind the dense kernels"),
    (r"#\s*include\s*<asmjit/", r"^src/exec/native/", "machine code is made in exec/native"),
    (r"#\s*include\s*<lbfgs", r"^src/solve/lbfgs\.cpp$", "liblbfgs stands behind one method"),
    (r"#\s*include\s*<fmt/", r"^(?!(src|include/wengert)/(core|rules)/)", "rules and core do not format"),
    (r"#\s*include\s*<(source_location|memory_resource|format|expected|ranges)>|std::views\b|std::from_chars\s*\([^)]*double", r"^src/app/",
     "not in every standard library that the pieces below app are built with"),
]


def piece_of(path):
    """The piece that a file belongs to; None for those outside the order."""
    parts = path.split("/")
    if parts[0] == "src" and len(parts) > 2:
        return parts[1]
    if parts[:2] == ["include", "wengert"] and len(parts) > 3:
        return parts[2]
    return "grammar" if parts[0] == "grammar" else None


def breaches(path, text):
    piece = piece_of(path)
    for number, line in enumerate(text.splitlines(), 1):
        found = re.match(r'\s*#\s*include\s*[<"](?:\.\./)*(?:wengert/)?([a-z_]+)/', line)
        target = found.group(1) if found else None
        if piece == "grammar" and target in ORDER and target != "core":
            yield number, f"grammar includes {target}, and may include core only"
        elif piece in ORDER and target == "grammar":
            if ORDER.index(piece) < ORDER.index("lower"):
                yield number, f"{piece} includes grammar, which lower begins to use"
        elif piece in ORDER and target in ORDER and ORDER.index(target) > ORDER.index(piece):
            yield number, f"{piece} includes {target}, which stands above it"
        for pattern, place, why in ONLY:
            if re.search(pattern, line) and not re.search(place, path):
                yield number, why


def files(root):
    for folder in ("include", "src", "grammar"):
        for path in sorted((root / folder).rglob("*")):
            if path.suffix in (".hpp", ".cpp", ".h"):
                yield path.relative_to(root).as_posix(), path


def unknown_pieces(root):
    for folder in ("src", "include/wengert"):
        for path in sorted((root / folder).iterdir()):
            if path.is_dir() and path.name not in ORDER:
                yield f"{folder}/{path.name}"


def main():
    root = Path(sys.argv[1] if len(sys.argv) > 1 else ".").resolve()
    count = 0
    for folder in unknown_pieces(root):
        print(f"{folder}: this piece has no place in the order")
        count += 1
    for name, path in files(root):
        for number, why in breaches(name, path.read_text(encoding="utf-8")):
            print(f"{name}:{number}: {why}")
            count += 1
    return 1 if count else 0


if __name__ == "__main__":
    sys.exit(main())
