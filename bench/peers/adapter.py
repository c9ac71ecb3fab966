"""What every Python adapter does: read the data, check the derivatives, then time them.

An adapter is a file named after its tool. `PROBLEMS` maps (problem, task) to a function of the inputs that prepares the
derivative and returns a function without arguments, whose results are the value and the derivative by each input that one
differentiates by, as arrays by rows; of sparse derivatives the nonzeros by rows. What it raises is why there is none.

    adapter.py TOOL DATA_FOLDER SECONDS     for every line "PROBLEM SIZE TASK" on its input a line of JSON
"""
import importlib
import json
import pathlib
import sys
import time

import numpy as np

LARGEST_ERROR = 1e-9
SHORTEST_TURN = 2e-4  # seconds


def read(folder, problem):
    """The inputs of a problem, and what must come out."""
    numbers = np.memmap(pathlib.Path(folder) / "numbers.bin", dtype=float, mode="r")

    def array(a):
        return np.array(numbers[a["offset"]:a["offset"] + a["count"]])

    def shaped(i):
        flat = array(i)
        if i["rows"] * i["cols"] == 1 and problem["points"] == 1:
            return float(flat[0])
        return flat if i["cols"] == 1 else flat.reshape(i["rows"], i["cols"])

    return {i["name"]: shaped(i) for i in problem["inputs"]}, [array(r) for r in problem["results"]]


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
    return float(worst)


def measure(call, seconds):
    """The least, the median and the spread; a call that takes longer than the seconds is repeated twice."""
    def once(calls):
        begin = time.perf_counter()
        for _ in range(calls):
            call()
        return (time.perf_counter() - begin) / calls

    calls, turn = 1, once(1)
    while turn * calls < SHORTEST_TURN:
        calls *= 2
        turn = once(calls)
    fewest = 2 if turn > seconds else 5
    times, end = [], time.perf_counter() + seconds
    while len(times) < fewest or time.perf_counter() < end:
        times.append(once(calls))
    times.sort()
    n = len(times)
    return times[0], times[n // 2], (times[n * 3 // 4] - times[n // 4]) / times[n // 2]


def answer(module, folder, problem, seconds):
    record = {"version": module.VERSION}
    build = module.PROBLEMS.get((problem["problem"], problem["task"]))
    if build is None:
        return {**record, "gap": "the adapter does not state it"}
    given, expected = read(folder, problem)
    try:
        begin = time.perf_counter()
        call = build(given, problem)
        results = call()
        record["prepare_seconds"] = time.perf_counter() - begin
        record["error"] = error_of(results, expected)
        if not record["error"] <= LARGEST_ERROR:
            return {**record, "gap": f"its numbers differ by {record['error']:.1e}"}
        fast = getattr(call, "without_copies", call)
        record["seconds"], record["median_seconds"], record["spread"] = measure(fast, seconds)
    except Exception as why:  # a tool that can not is a gap, whatever it says
        return {**record, "gap": f"{type(why).__name__}: {str(why).splitlines()[0] if str(why) else ''}"[:160]}
    return record


def main():
    tool, folder, seconds = sys.argv[1], sys.argv[2], float(sys.argv[3])
    problems = json.loads((pathlib.Path(folder) / "problems.json").read_text())
    # The adapter has its tool's name; the tool itself must be found first.
    module = importlib.import_module(f"with_{tool}")
    for line in sys.stdin:
        asked = tuple(line.rstrip("\n").split("\t"))
        for p in problems:
            if asked == (p["problem"], str(p["size"]), p["task"]):
                print(json.dumps(answer(module, folder, p, seconds)), flush=True)


if __name__ == "__main__":
    main()
