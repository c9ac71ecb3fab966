#!/usr/bin/env python3
"""The driver of peers with tools that answer, take too long, die and talk; and its table.

    peers_test.py
"""
import pathlib
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).parent))
import peers

TOOL = """
import sys, time
for line in sys.stdin:
    problem, size, task = line.rstrip("\\n").split("\\t")
    if problem == "slow":
        time.sleep(60)
    if problem == "dies":
        sys.exit("no such thing")
    print("talks before it answers", flush=True)
    print('{"seconds": %s, "prepare_seconds": 0.001, "error": 0}' % (int(size) / 1e6), flush=True)
"""


def check_tool(folder):
    tool = peers.Tool([sys.executable, "-c", TOOL], 0, folder, 1.0, True)
    assert tool.ask("quick", 2, "gradient")["seconds"] == 2e-6
    process = tool.process
    assert tool.ask("quick", 3, "gradient")["seconds"] == 3e-6 and tool.process is process, "one process for all"
    assert tool.ask("slow", 5, "gradient") == {"gap": "takes over 1 s"}
    assert tool.ask("slow", 50, "gradient") == {"gap": "takes over 1 s at size 5 already"}
    assert tool.ask("quick", 4, "gradient")["seconds"] == 4e-6 and tool.process is not process, "another process after one that was ended"
    assert tool.ask("dies", 1, "gradient") == {"gap": "no such thing"}
    assert tool.ask("quick", 5, "gradient")["seconds"] == 5e-6
    tool.end()
    absent = peers.Tool([sys.executable, "-c", "import sys; sys.exit('cannot be loaded')"], 0, folder, 5.0, False)
    assert absent.ask("quick", 1, "gradient") == {"gap": "cannot be loaded"}


def check_ours():
    take = lambda s, i, n: {"seconds": s, "engine": "native", "by_engine": {"interpreter": i, "native": n}}
    best = peers.ours_of([take(2, 5, 2), {"gap": "-"}, take(3, 4, 3)])
    assert best["seconds"] == 2 and best["by_engine"] == {"interpreter": 4, "native": 2}, best
    assert peers.ours_of([{"gap": "-"}]) is None


def check_table():
    row = {"problem": "p", "size": 3, "task": "gradient", "our_seconds": 1e-6, "our_engine": "native"}
    text = peers.markdown([{**row, "tool": "A", "seconds": 2e-6, "ratio": 2.0, "prepare_seconds": 1e-3},
                           {**row, "tool": "B", "gap": "takes over 10 s"}, {**row, "tool": "C", "gap": "has none"}],
                          {"processor": "a processor", "when": "2026-01-02T03:04:05Z"})
    assert "| p 3, gradient | 1 us (native) | 2 (1 ms) | -<sup>1</sup> | -<sup>2</sup> |" in text, text
    assert "a processor, 2026-01-02" in text and "1. no answer within the limit" in text and "2. has none" in text, text


def main():
    with tempfile.TemporaryDirectory() as folder:
        check_tool(pathlib.Path(folder))
    check_ours()
    check_table()
    print("tools that answer, take too long, die and talk")


if __name__ == "__main__":
    main()
