#!/usr/bin/env python3
"""Programs in files and on standard input, one answer an expression; formatting them.

  scripts_test.py build/release/wengert [SUBSTRING]
"""
import sys

from program import ask, asked, folder_with, main, refused

SCRIPT = "x = 2\nx^2\ny = x*q\ny\nw := x + 1\nw\n"


def test_a_script_answers_each_expression():
    folder = folder_with(s__wen=SCRIPT, script=SCRIPT)
    assert ask(folder + "/s.wen").out == "4\n2*q\n3\n" or "q" in ask(folder + "/s.wen").out.splitlines()[1]
    assert ask("run", "script", cwd=folder).out == ask(folder + "/s.wen").out
    assert ask("-f", folder + "/script").out == ask(folder + "/s.wen").out
    assert ask(stdin=SCRIPT.encode()).out == ask("-", stdin=SCRIPT.encode()).out == ask(folder + "/s.wen").out
    rows = ask(folder + "/s.wen", "--json", "q=5").rows()
    assert [r["value"] for r in rows] == [4, 10, 3], rows
    rows = ask(folder + "/s.wen", "--json").rows()
    assert [r["kind"] for r in rows] == ["value", "formula", "value"], rows


def test_a_script_stops_at_its_first_error():
    folder = folder_with(s__wen="1\n2 + z(3)\n3\n")
    done = ask(folder + "/s.wen", status=3)
    assert done.out == "1\n" and "s.wen: line 2" in done.err, done.out + done.err
    done = ask(folder + "/s.wen", "--keep-going", status=3)
    assert done.out == "1\n3\n", done.out
    assert done.err.count("error:") == 1, done.err


def test_grad_alone_prints_by_every_input():
    folder = folder_with(s__wen="x = 2\nz = 3\ngrad(x^2*z)\n")
    assert ask(folder + "/s.wen").out.split() == ["d/dx", "12", "d/dz", "4"]
    row = asked(folder + "/s.wen")
    assert row["gradient"] == {"x": 12, "z": 4}, row


def test_fmt():
    assert ask("fmt", "y=exp( x*z )+(x*z)/log(x)").out == "y = exp(x*z) + x*z/log(x)\n"
    folder = folder_with(a__wen="y=x\n", b__wen="y = x\n")
    assert ask("fmt", folder + "/a.wen").out == "y = x\n"
    assert ask("fmt", "-", stdin=b"y=x").out == "y = x\n"
    ask("fmt", "--check", folder + "/a.wen", status=1)
    ask("fmt", "--check", folder + "/b.wen")
    refused("fmt", "y = = x", status=3, kind="syntax")


def test_a_place_is_warned_of_once():
    text = b"x = 0\ny = relu(x)\ny + 1\ny + 2\nabs(x) + 3\n"
    assert ask("-", stdin=text).err.count("warning:") == 2


if __name__ == "__main__":
    sys.exit(main(globals()))
