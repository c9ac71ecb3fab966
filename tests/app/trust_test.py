#!/usr/bin/env python3
"""The commands that say what may be wrong: kinks, blame, stability, gradcheck.

  trust_test.py build/release/wengert [SUBSTRING]
"""
import sys
import tempfile
import xml.dom.minidom

from program import ask, asked, main, near, refused
from terminal import Terminal


def test_kinks_are_listed_with_both_slopes_and_the_convention():
    row = asked("kinks", "relu(x) + abs(z)", "x=0", "z=1e-12")
    assert [k["name"] for k in row["kinks"]] == ["relu", "abs"], row
    relu, absolute = row["kinks"]
    assert (relu["left"], relu["right"], relu["used"], relu["exact"]) == (0, 1, 0, True), relu
    assert relu["convention"] == "relu'(0) = 0" and (relu["line"], relu["column"], relu["length"]) == (1, 1, 7), relu
    assert (absolute["left"], absolute["right"], absolute["used"], absolute["exact"]) == (-1, 1, 1, False), absolute
    assert asked("kinks", "abs(z)", "z=1e-12", "--tolerance", "0")["kinks"] == []
    assert len(asked("kinks", "abs(z)", "z=1e-3", "--tolerance", "0.01")["kinks"]) == 1
    out = ask("kinks", "max(x, z)", "x=1", "z=1").out
    assert "slope 0 on the left, 1 on the right; used: 0.5" in out, out
    refused("kinks", "abs(x)", "x=0", "--tolerance", "-1", status=2, kind="usage")
    refused("kinks", "abs(x)", status=3, kind="name")


def test_blame_names_the_birth_of_a_nan_with_its_repair():
    row = asked("blame", "exp(z) + x*log(x)", "x=0", "z=1")
    origin = row["origin"]
    assert origin["operation"] == "log" and origin["operands"] == [0] and "xlogy" in origin["help"], origin
    assert (origin["line"], origin["column"], origin["length"]) == (1, 12, 6), origin
    out = ask("blame", "exp(z) + x*log(x)", "x=0", "z=1").out
    assert "born here" in out and "           ^^^^^^" in out and "xlogy" in out, out
    row = asked("blame", "x^2", "x=3")
    assert row["origin"] is None and row["origins"] == [], row
    row = asked("blame", "sqrt(x)", "x=0", "--mode", "forward")
    assert row["origin"]["in_value"] is False and row["origin"]["modes"] == ["forward"], row
    row = asked("blame", "solve([[1, 2], [2, 4]], [x, 1])", "x=1")
    assert row["origin"]["operation"] == "solve", row


def test_stability_tells_digits_lost_and_the_rewrite():
    row = asked("stability", "exp(x) - 1", "x=1e-9")
    worst = [n for n in row["nodes"] if n["cause"]][0]
    assert worst["cause"] == "cancellation" and 8 < worst["digits_lost"] < 10, worst
    assert worst["rewrite"]["name"] == "expm1" and worst["rewrite"]["lost_after"] < 1 < worst["rewrite"]["lost_before"], worst
    assert "fixed" not in row
    row = asked("stability", "exp(x) - 1", "x=1e-9", "--fix")
    assert row["fixed"] == "expm1(x)" and row["cures"][0]["name"] == "expm1", row
    assert near(asked("eval", row["fixed"], "x=1e-9")["value"], 1.0000000005e-9, 1e-15)
    out = ask("stability", "exp(x) - 1", "x=1e-9", "--fix").out
    assert out.endswith("Repaired (expm1):\nexpm1(x)\n"), out
    row = asked("stability", "x + 1", "x=1", "--fix")
    assert row["digits_lost"] < 1 and row["cures"] == [], row


def test_the_repaired_program_runs_as_it_is_printed():
    text = "sqrt(x + 1) - sqrt(x) + (exp(z) - 1)/z"
    fixed = asked("stability", text, "x=1e12", "z=1e-10", "--fix")["fixed"]
    assert near(asked("eval", fixed, "x=1e12", "z=1e-10")["value"], 5e-7 + 1 + 5e-11, 1e-14), fixed


def test_gradcheck_names_the_wrong_derivative_and_its_missing_factor():
    row = asked("gradcheck", "x^2*z", "x=3", "z=2", "--gradient", "x=2*x*z", "--gradient", "z=3")
    assert row["right"] is False and row["culprit"] == "z", row
    assert "a factor 3 is missing" in row["verdict"], row
    row = asked("gradcheck", "x^2*z", "x=3", "z=2", "--gradient", "x=2*x*z", "--gradient", "z=x^2")
    assert row["right"] is True and row["culprit"] is None, row
    row = asked("gradcheck", "x^2*z", "x=3", "z=2")
    assert row["right"] is True and {i["name"] for i in row["inputs"]} == {"x", "z"}, row
    assert all(abs(i["slope"] - 2) < 0.1 for i in row["inputs"] if i["name"] == "x"), row
    out = ask("gradcheck", "x^2*z", "x=3", "z=2", "--gradient", "z=-x^2").out
    assert out.startswith("Wrong: the supplied derivative by z is wrong: -9 where it is 9: the sign.") and "h  " in out, out
    assert max(map(len, out.splitlines())) <= 100


def test_gradcheck_takes_gradients_of_arrays_and_jacobians():
    assert asked("gradcheck", "sum(v .* v)", "v=[1, 2]", "--gradient", "v=[2, 4]")["right"]
    row = asked("gradcheck", "sum(v .* v)", "v=[1, 2]", "--gradient", "v=[2, 5]")
    assert not row["right"] and row["culprit"] == "v, element 2", row
    assert asked("gradcheck", "[x*z, x]", "x=3", "z=2", "--gradient", "x=[2, 1]", "--gradient", "z=[3, 0]")["right"]
    refused("gradcheck", "sum(v .* v)", "v=[1, 2]", "--gradient", "v=2", status=3, kind="shape")
    refused("gradcheck", "x^2", "x=3", "--gradient", "6", status=2, kind="usage")
    refused("gradcheck", "x^2", "x=3", "--gradient", "y=6", status=3, kind="name")
    refused("gradcheck", "2 + 2", status=2, kind="usage")


def test_the_v_curve_is_a_table_and_a_picture():
    row = asked("gradcheck", "exp(x)", "x=1")
    errors = [(p["h"], p["error"]) for p in row["curve"]]
    best = min(errors, key=lambda p: p[1])
    assert 1e-7 < best[0] < 1e-3 and best[1] < 1e-9 and errors[-1][1] > 1e-3, errors
    picture = ask("gradcheck", "exp(x)", "x=1", "--svg", "-").out
    document = xml.dom.minidom.parseString(picture)
    assert len(document.getElementsByTagName("path")) == 2 and "central" in picture and "one-sided" in picture
    folder = tempfile.mkdtemp()
    done = ask("gradcheck", "exp(x) < 3", "x=1", "--svg", folder + "/v.svg")
    assert done.out.startswith("Right"), done.out
    xml.dom.minidom.parse(folder + "/v.svg")
    refused("gradcheck", "exp(x)", "x=1", "--svg", "/nowhere/v.svg", status=2, kind="usage")


def test_points_without_a_number_are_examined_too():
    for command in ("kinks", "blame", "stability", "gradcheck"):
        for text, x in (("x*log(x)", 0), ("log(x)", -1), ("1/x", 0), ("x - x", "inf"), ("x + 0", "nan"), ("exp(x)", 1000)):
            row = asked(command, text, "x=%s" % x)
            assert "error" not in row, row
            assert max(map(len, ask(command, text, "x=%s" % x).out.splitlines())) <= 100


def test_the_prompt_has_the_same_commands():
    t = Terminal()
    t.enter("x = 0")
    t.enter("y = abs(x) + x*log(x)")
    assert "on the kink at 0" in t.enter(":kinks y")
    assert "born here" in t.enter(":blame y")
    assert "Wrong" in t.enter(":gradcheck x^2 + x --gradient x=3")
    t.enter("x = 1e-9")
    assert "expm1(x)" in t.enter(":stability exp(x) - 1 --fix")
    assert t.end() == 0


if __name__ == "__main__":
    sys.exit(main(globals()))
