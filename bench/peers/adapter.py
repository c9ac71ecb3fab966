"""What every Python adapter does: read the data, check the derivatives, then time them.

An adapter is a file named after its tool. `PROBLEMS` maps (problem, task) to a function of the inputs that prepares the
derivative and returns a function without arguments, whose results are the value and the derivative by each input that one
differentiates by, as arrays by rows; of sparse derivatives the nonzeros by rows.

    adapter.py TOOL DATA_FOLDER SECONDS [PROBLEM SIZE TASK]     prints a line of JSON a problem
"""
import importlib
import json
import pathlib
import sys
import time

import numpy as np

LARGEST_ERROR = 1e-9
TOO_LONG = 30  # seconds of preparing


def read(folder):
    """The problems, each with its inputs and what must come out."""
    folder = pathlib.Path(folder)
    numbers = np.fromfile(folder / "numbers.bin")
    problems = json.loads((folder / "problems.json").read_text())

    def array(a):
        flat = numbers[a["offset"]:a["offset"] + a["count"]]
        return flat

    for p in problems:
        p["given"] = {}
        for i in p["inputs"]:
            flat = array(i)
            many = p["points"] > 1
            scalar = i["rows"] * i["cols"] == 1
            p["given"][i["name"]] = (flat if many else float(flat[0]) if scalar else
                                     flat if i["cols"] == 1 else flat.reshape(i["rows"], i["cols"]))
        p["expected"] = [array(r) for r in p["results"]]
    return problems


def error_of(results, expected):
    if len(results) != len(expected):
        return float("inf")
    worst = 0.0
    for got, want in zip(results, expected):
        got = np.asarray(got, dtype=float).reshape(-1)
        if got.shape != want.shape:
            return float("inf")
        gap = np.max(np.abs(got - want), initial=0.0)
        worst = max(worst, gap / max(np.max(np.abs(want), initial=0.0), 1e-300)) if gap == gap else float("inf")
    return worst


def measure(call, seconds):
    calls = 1
    while True:
        begin = time.perf_counter()
        for _ in range(calls):
            call()
        spent = time.perf_counter() - begin
        if spent > 2e-4 or calls > 1 << 20:
            break
        calls *= 2
    times, end = [], time.perf_counter() + seconds
    while len(times) < 5 or time.perf_counter() < end:
        begin = time.perf_counter()
        for _ in range(calls):
            call()
        times.append((time.perf_counter() - begin) / calls)
    times.sort()
    return times[0], times[len(times) // 2], (times[len(times) * 3 // 4] - times[len(times) // 4]) / times[len(times) // 2]


def run(module, problem, seconds):
    record = {"problem": problem["problem"], "size": problem["size"], "task": problem["task"]}
    build = module.PROBLEMS.get((problem["problem"], problem["task"]))
    if build is None:
        return {**record, "gap": "the adapter does not state it"}
    limit = getattr(module, "LARGEST", {}).get((problem["problem"], problem["task"]))
    if limit is not None and problem["size"] > limit:
        return {**record, "gap": f"takes too long to prepare above {limit}"}
    try:
        begin = time.perf_counter()
        call = build(problem["given"], problem)
        results = call()
        record["prepare_seconds"] = time.perf_counter() - begin
        record["error"] = error_of(results, problem["expected"])
        if not record["error"] <= LARGEST_ERROR:
            return {**record, "gap": f"its numbers differ by {record['error']:.1e}"}
        fast = getattr(call, "without_copies", call)
        record["seconds"], record["median_seconds"], record["spread"] = measure(fast, seconds)
    except Exception as why:  # a tool that can not is a gap, whatever it says
        return {**record, "gap": f"{type(why).__name__}: {str(why).splitlines()[0] if str(why) else ''}"[:160]}
    return record


def main():
    tool, folder, seconds = sys.argv[1], sys.argv[2], float(sys.argv[3])
    # The adapter has its tool's name; the tool itself must be found first.
    module = importlib.import_module(f"with_{tool}")
    wanted = tuple(sys.argv[4:7])
    for problem in read(folder):
        if wanted and wanted != (problem["problem"], str(problem["size"]), problem["task"]):
            continue
        print(json.dumps({"version": module.VERSION, **run(module, problem, seconds)}), flush=True)


if __name__ == "__main__":
    main()
