#!/usr/bin/env python3
"""Peers beside us: every problem by every tool, in one run, pinned to one core, values checked before anything is timed.

    peers.py BENCH_PEERS FOLDER [--quick] [--json FILE] [--tools A,B] [PROBLEM ...]

Tools are installed into FOLDER: Python packages into a virtual environment, Debian packages unpacked beside it, a Rust crate
by cargo. What can not be installed is a named gap in the table.
"""
import argparse
import json
import os
import pathlib
import shutil
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
PYTHON_TOOLS = {"casadi": "casadi", "jax": "jax", "autograd": "autograd scipy", "sympy": "sympy", "symengine": "symengine"}
DEBIAN = {"adolc": ["libadolc-dev", "libadolc2", "libcolpack0v5"],
          "sacado": ["libtrilinos-sacado-dev", "libtrilinos-kokkos-dev"]}
TOOLS = [*PYTHON_TOOLS, *DEBIAN, "echidna"]
LONGEST = 90  # seconds of one problem by one tool, preparing and all


class Absent(Exception):
    pass


def quiet(words, **more):
    done = subprocess.run(words, capture_output=True, text=True, **more)
    if done.returncode != 0:
        said = (done.stderr or done.stdout).strip().splitlines()
        raise Absent(next((l for l in said if "error" in l.lower()), said[-1] if said else f"{words[0]} failed")[:200])
    return done.stdout


def python_tool(name, folder):
    python = folder / "venv/bin/python"
    if not python.exists():
        quiet([sys.executable, "-m", "venv", str(folder / "venv")])
    packages = ["numpy", *PYTHON_TOOLS[name].split()]
    have = subprocess.run([python, "-c", "import " + ",".join(packages)], capture_output=True)
    if have.returncode != 0:
        quiet([str(python), "-m", "pip", "install", "-q", *packages])
    return [str(python), str(HERE / "adapter.py"), name]


def debian_tool(name, folder):
    root, debs = folder / "debian/root", folder / "debian"
    debs.mkdir(parents=True, exist_ok=True)
    if shutil.which("apt-get") is None:
        raise Absent("no Debian packages here")
    for package in DEBIAN[name]:
        if not list(debs.glob(f"{package}_*.deb")):
            quiet(["apt-get", "download", package], cwd=debs)
        done = debs / f"{package}.unpacked"
        if not done.exists():
            quiet(["dpkg", "-x", str(next(debs.glob(f"{package}_*.deb"))), str(root)])
            done.touch()
    program = folder / f"with_{name}"
    sources = [HERE / f"with_{name}.cpp", HERE / "programs.hpp", HERE / "adapter.hpp"]
    if not program.exists() or any(s.stat().st_mtime > program.stat().st_mtime for s in sources):
        libraries = next((root / "usr/lib").glob("*-linux-gnu"))
        link = [f"-L{libraries}", "-ladolc", f"-Wl,-rpath,{libraries}", f"-Wl,-rpath-link,{libraries}"] if name == "adolc" else []
        quiet(["c++", "-std=c++20", "-O3", "-march=native", f"-I{root}/usr/include", f"-I{root}/usr/include/trilinos",
               str(sources[0]), "-o", str(program), *link])
    return [str(program)]


def echidna(folder):
    if shutil.which("cargo") is None:
        raise Absent("no cargo here")
    target = folder / "echidna"
    manifest = HERE / "echidna/Cargo.toml"
    if not manifest.exists():
        raise Absent("no adapter")
    quiet(["cargo", "build", "--release", "--quiet", "--manifest-path", str(manifest), "--target-dir", str(target)])
    return [str(target / "release/with_echidna")]


def command_of(tool, folder):
    if tool in PYTHON_TOOLS:
        return python_tool(tool, folder)
    return debian_tool(tool, folder) if tool in DEBIAN else echidna(folder)


def pinned(words, core):
    return ["taskset", "-c", str(core), *words] if shutil.which("taskset") else words


def record_of(words, core):
    """The line that a tool prints for one problem; a gap where it does not."""
    one_thread = {**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "XLA_FLAGS": "--xla_cpu_multi_thread_eigen=false"}
    try:
        done = subprocess.run(pinned(words, core), capture_output=True, text=True, timeout=LONGEST, env=one_thread)
    except subprocess.TimeoutExpired:
        return {"gap": f"takes over {LONGEST} s"}
    lines = [l for l in done.stdout.splitlines() if l.startswith("{")]
    if not lines:
        said = done.stderr.strip().splitlines()
        return {"gap": (said[-1] if said else f"ended with status {done.returncode}")[:160]}
    return json.loads(lines[-1])


def seconds_text(s):
    for unit, size in (("s", 1), ("ms", 1e-3), ("us", 1e-6)):
        if s >= size:
            return f"{s / size:.3g} {unit}"
    return f"{s * 1e9:.3g} ns"


def line_of(r):
    head = f"{r['problem']:<16} {r['size']:>8} {r['task']:<21} {r['tool']:<10}"
    if r.get("seconds") is None:
        return f"{head} {'-':>9}  {r['gap']}"
    return (f"{head} {seconds_text(r['seconds']):>9} {seconds_text(r['our_seconds']):>9} {r['ratio']:>9.3g} "
            f"{seconds_text(r['prepare_seconds']):>9} {r['error']:>8.0e}")


def main():
    words = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    words.add_argument("ours"), words.add_argument("folder", type=pathlib.Path), words.add_argument("problems", nargs="*")
    words.add_argument("--quick", action="store_true"), words.add_argument("--json", type=pathlib.Path)
    words.add_argument("--tools", default=",".join(TOOLS))
    asked = words.parse_intermixed_args()
    folder = asked.folder.resolve()
    (folder / "data").mkdir(parents=True, exist_ok=True)
    data, seconds = str(folder / "data"), "0.05" if asked.quick else "0.3"
    quiet([asked.ours, "data", data])
    problems = [p for p in json.loads((folder / "data/problems.json").read_text())
                if not asked.problems or p["problem"] in asked.problems]
    commands, gaps = {}, {}
    for tool in asked.tools.split(","):
        try:
            commands[tool] = command_of(tool, folder)
        except Absent as why:
            gaps[tool] = str(why)
            print(f"{tool} is not here: {why}", file=sys.stderr)
    core = max(os.sched_getaffinity(0))
    out = open(asked.json, "w") if asked.json else None
    print(f"{'problem':<16} {'size':>8} {'task':<21} {'tool':<10} {'time':>9} {'ours':>9} {'them/us':>9} {'prepare':>9} {'error':>8}")
    for p in problems:
        name = [p["problem"], str(p["size"]), p["task"]]
        ours = [record_of([asked.ours, "time", *name, seconds], core)]
        rows = []
        for tool in asked.tools.split(","):
            r = {"gap": gaps[tool]} if tool in gaps else record_of([*commands[tool], data, seconds, *name], core)
            rows.append({"kind": "peer", "tool": tool, "problem": name[0], "size": p["size"], "task": name[2], **r})
        ours.append(record_of([asked.ours, "time", *name, seconds], core))
        ours = min((o for o in ours if "seconds" in o), key=lambda o: o["seconds"], default=None)
        for r in rows:
            if ours:
                r["our_seconds"], r["our_engine"] = ours["seconds"], ours["engine"]
                if r.get("seconds"):
                    r["ratio"] = r["seconds"] / ours["seconds"]
            print(line_of(r), flush=True)
            if out:
                out.write(json.dumps(r) + "\n")


if __name__ == "__main__":
    main()
