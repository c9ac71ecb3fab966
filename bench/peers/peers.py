#!/usr/bin/env python3
"""Peers beside us: every problem by every tool, in one run, pinned to one core, values checked before anything is timed.

    peers.py BENCH_PEERS FOLDER [--quick] [--json FILE] [--markdown FILE] [--tools A,B] [--limit SECONDS] [--resume] [PROBLEM ...]

Every tool is one process, which is asked for one problem after the other. One that takes longer for a problem than the
limit, preparing and all, is ended; the next problem gets a new one, larger sizes of the same problem get none. --resume
keeps the problems that the file of JSON has already.

Tools are installed into FOLDER: Python packages into a virtual environment, Debian packages unpacked beside it, a Rust crate
by cargo. What can not be installed is a named gap in the table.
"""
import argparse
import json
import os
import pathlib
import resource
import select
import shutil
import subprocess
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
PYTHON_TOOLS = {"casadi": "casadi", "jax": "jax", "autograd": "autograd scipy", "sympy": "sympy", "symengine": "symengine"}
DEBIAN = {"adolc": ["libadolc-dev", "libadolc2", "libcolpack0v5"],
          "sacado": ["libtrilinos-sacado-dev", "libtrilinos-kokkos-dev"]}
TOOLS = [*PYTHON_TOOLS, *DEBIAN, "echidna"]
LIMIT = 10  # seconds of one problem by one tool, preparing and all
MOST_MEMORY = 8 << 30  # bytes of a C++ or Rust tool


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
    sources = [HERE / f"with_{name}.cpp", *(HERE / f"{part}.hpp" for part in ("programs", "adapter", "timing"))]
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


class Tool:
    """A process that answers a line of JSON for every line "PROBLEM SIZE TASK"."""
    ENVIRONMENT = {**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "JAX_PLATFORMS": "cpu",
                   "XLA_FLAGS": "--xla_cpu_multi_thread_eigen=false"}

    def __init__(self, words, core, folder, limit, limited):
        self.words, self.folder, self.limit, self.limited = pinned(words, core), folder, limit, limited
        self.process = self.said = None
        self.too_long = {}  # by problem and task, the size that took too long

    def start(self):
        def less_memory():
            resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
        self.said = open(self.folder / "said.txt", "w+")
        self.process = subprocess.Popen(self.words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self.said, cwd=self.folder,
                                        env=self.ENVIRONMENT, preexec_fn=less_memory if self.limited else None)

    def end(self):
        if self.process:
            self.process.kill()
            self.process.communicate()
            self.process = None

    def ask(self, problem, size, task):
        if (problem, task) in self.too_long:
            return {"gap": f"takes over {self.limit:g} s at size {self.too_long[problem, task]} already"}
        if self.process is None:
            self.start()
        try:
            self.process.stdin.write(f"{problem}\t{size}\t{task}\n".encode())
            self.process.stdin.flush()
            line = self.answer()
        except BrokenPipeError:
            line = b""
        if line is None:
            self.end()
            self.too_long[problem, task] = size
            return {"gap": f"takes over {self.limit:g} s"}
        if not line.startswith(b"{"):
            self.process.wait()
            self.said.seek(0)
            said = self.said.read().strip().splitlines()
            gap = (said[-1] if said else f"ended with status {self.process.returncode}")[:160]
            self.end()
            return {"gap": gap}
        return json.loads(line)

    def answer(self):
        """The next line that is an answer; empty at the end, None when the time is over."""
        line, over = b"", time.monotonic() + self.limit
        while True:
            left = over - time.monotonic()
            if left <= 0 or not select.select([self.process.stdout], [], [], left)[0]:
                return None
            part = os.read(self.process.stdout.fileno(), 1 << 16)
            line += part
            if not part:
                return b""
            if line.endswith(b"\n"):
                last = line.splitlines()[-1]
                if last.startswith(b"{"):
                    return last


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


def ours_of(records):
    """The faster of two takes; of each engine likewise."""
    ran = [r for r in records if r.get("seconds")]
    if not ran:
        return None
    best = dict(min(ran, key=lambda r: r["seconds"]))
    for engine in best.get("by_engine") or {}:
        best["by_engine"][engine] = min(r["by_engine"][engine] for r in ran if engine in r["by_engine"])
    return best


def machine():
    model = next((line.split(": ", 1)[1].strip() for line in open("/proc/cpuinfo") if line.startswith("model name")), "unknown")
    return {"kind": "machine", "processor": model, "cores": os.cpu_count(), "load": os.getloadavg()[0],
            "when": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())}


def markdown(rows, about):
    """A row a problem, a column a tool: their time as a multiple of ours."""
    tools = list(dict.fromkeys(r["tool"] for r in rows))
    gaps, lines = [], [f"{about['processor']}, {about['when'][:10]}. Their time as a multiple of ours; in brackets what preparing takes.", "",
                       "| problem | ours | " + " | ".join(tools) + " |", "|---" * (len(tools) + 2) + "|"]
    for key in dict.fromkeys((r["problem"], r["size"], r["task"]) for r in rows):
        cells = []
        of = {r["tool"]: r for r in rows if (r["problem"], r["size"], r["task"]) == key}
        for tool in tools:
            r = of[tool]
            if r.get("ratio"):
                cells.append(f"{r['ratio']:.3g} ({seconds_text(r['prepare_seconds'])})")
            else:
                why = "no answer within the limit" if r["gap"].startswith("takes over") else r["gap"]
                if why not in gaps:
                    gaps.append(why)
                cells.append("-<sup>%d</sup>" % (gaps.index(why) + 1))
        first = next(iter(of.values()))
        ours = f"{seconds_text(first['our_seconds'])} ({first['our_engine']})" if first.get("our_seconds") else "-"
        lines.append(f"| {key[0]} {key[1]}, {key[2]} | {ours} | " + " | ".join(cells) + " |")
    return "\n".join([*lines, "", *(f"{k + 1}. {why}" for k, why in enumerate(gaps))]) + "\n"


def installed(tools, folder):
    commands, gaps = {}, {}
    for tool in tools:
        try:
            commands[tool] = command_of(tool, folder)
        except Absent as why:
            gaps[tool] = str(why)
            print(f"{tool} is not here: {why}", file=sys.stderr)
    return commands, gaps


def compared(asked, folder, problems):
    """Each problem by each tool, ours taken before and after; yields the rows of a problem."""
    names, data = asked.tools.split(","), str(folder / "data")
    seconds, core = "0.05" if asked.quick else "0.2", max(os.sched_getaffinity(0))
    commands, gaps = installed(names, folder)
    scratch = folder / "scratch"  # a long tape goes to files of the folder that one works in
    scratch.mkdir(exist_ok=True)
    us = Tool([str(pathlib.Path(asked.ours).resolve()), "time", seconds], core, scratch, 10 * asked.limit, False)
    tools = {t: Tool([*words, data, seconds], core, scratch, asked.limit, t not in PYTHON_TOOLS) for t, words in commands.items()}
    for p in problems:
        name = (p["problem"], p["size"], p["task"])
        before = us.ask(*name)
        rows = [{"kind": "peer", "tool": t, "problem": name[0], "size": name[1], "task": name[2],
                 **({"gap": gaps[t]} if t in gaps else tools[t].ask(*name))} for t in names]
        ours = ours_of([before, us.ask(*name)])
        for r in rows:
            if ours:
                r["our_seconds"], r["our_engine"], r["our_seconds_by_engine"] = ours["seconds"], ours["engine"], ours.get("by_engine")
                if r.get("seconds"):
                    r["ratio"] = r["seconds"] / ours["seconds"]
        yield rows
    for tool in [us, *tools.values()]:
        tool.end()
    shutil.rmtree(scratch)


def main():
    words = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    words.add_argument("ours"), words.add_argument("folder", type=pathlib.Path), words.add_argument("problems", nargs="*")
    words.add_argument("--quick", action="store_true"), words.add_argument("--json", type=pathlib.Path)
    words.add_argument("--markdown", type=pathlib.Path), words.add_argument("--tools", default=",".join(TOOLS))
    words.add_argument("--limit", type=float, default=None), words.add_argument("--resume", action="store_true")
    asked = words.parse_intermixed_args()
    asked.limit = asked.limit or (LIMIT / 3 if asked.quick else LIMIT)
    folder = asked.folder.resolve()
    (folder / "data").mkdir(parents=True, exist_ok=True)
    quiet([asked.ours, "data", str(folder / "data")])
    problems = [p for p in json.loads((folder / "data/problems.json").read_text())
                if not asked.problems or p["problem"] in asked.problems]
    about, all_rows = machine(), []
    if asked.resume and asked.json and asked.json.exists():
        about, *all_rows = map(json.loads, asked.json.read_text().splitlines())
    done = {(r["problem"], r["size"], r["task"]) for r in all_rows}
    problems = [p for p in problems if (p["problem"], p["size"], p["task"]) not in done]
    print(f"{'problem':<16} {'size':>8} {'task':<21} {'tool':<10} {'time':>9} {'ours':>9} {'them/us':>9} {'prepare':>9} {'error':>8}")
    for rows in compared(asked, folder, problems):
        for r in rows:
            print(line_of(r), flush=True)
        all_rows += rows
        if asked.json:
            asked.json.write_text("".join(json.dumps(r) + "\n" for r in [about, *all_rows]))
    if asked.markdown:
        asked.markdown.write_text(markdown(all_rows, about))


if __name__ == "__main__":
    main()
