#!/usr/bin/env python3
"""Who is wrong, as users of other tools ask again and again: a gradient check that blames the right side, and the operation
that made a NaN.

  asked_why_test.py build/release/wengert [SUBSTRING]
"""

import sys

from program import asked, main


# --- a gradient check that does not blame wrongly

def test_gradcheck_never_blames_a_right_gradient_for_bad_scales():
    for text, x, z in (("1e12*x + 1e-12*z", "0.3", "0.7"), ("sin(1e6*x)*z", "0.3", "2"), ("1e10 + sin(x) + z", "1", "1"), ("exp(-1e4*x^2) + z", "0.28", "1"),
                       ("relu(x - 1e-9) + z", "1.1e-9", "1"), ("1e-200*x*z", "3", "4"), ("1e150*x*z + x", "1", "1")):
        row = asked("gradcheck", text, "x=" + x, "z=" + z)
        assert row["right"] is True, (text, row["verdict"])


def test_gradcheck_chooses_its_step_and_gives_its_noise():
    row = asked("gradcheck", "sin(x)", "x=1000000")["inputs"]
    assert 1 < row[0]["best_h"] / 1e-6 < 1e12 and row[0]["noise"] > 0, row
    row = asked("gradcheck", "x^2 + sin(x)", "x=3")
    assert abs(row["inputs"][0]["slope"] - 2) < 0.1, row


def test_gradcheck_needs_no_step_to_tell_a_wrong_gradient_from_a_noisy_difference():
    # The remainder falls with the square of the step where the gradient is right, with the step where it is a few percent off.
    text = "exp(sin(3*x))*x^2"
    row = asked("gradcheck", text, "x=1.3", "--gradient", "x=exp(sin(3*x))*(2*x + 3*x^2*cos(3*x))")
    assert row["right"] is True and abs(row["inputs"][0]["slope"] - 2) < 0.1, row
    for factor in ("1.03", "0.9", "-1", "1 + 1e-4"):
        row = asked("gradcheck", text, "x=1.3", "--gradient", "x=(%s)*exp(sin(3*x))*(2*x + 3*x^2*cos(3*x))" % factor)
        assert row["right"] is False and row["inputs"][0]["slope"] < 1.9, (factor, row)


def test_gradcheck_steps_by_the_size_of_each_input():
    row = asked("gradcheck", "sum(log(v))", "v=[1e-8, 1, 1e8]")
    assert row["right"] is True, row
    row = asked("gradcheck", "sum(log(v))", "v=[1e-8, 1, 1e8]", "--gradient", "v=[1e8, 1, 2e-8]")
    assert row["right"] is False and row["culprit"] == "v, element 3", row


def test_gradcheck_names_the_wrong_side():
    row = asked("gradcheck", "exp(-1e4*x^2) + z", "x=0.25", "z=1", "--gradient", "x=20000*x*exp(-1e4*x^2)", "--gradient", "z=1")
    assert row["right"] is False and row["culprit"] == "x" and "the sign" in row["verdict"], row
    row = asked("gradcheck", "1e16 + x", "x=0.5", "--gradient", "x=1")
    assert row["right"] is True and row["wrong"] == "numeric", row


def test_gradcheck_gives_each_input_a_step_of_its_own():
    # A beam: inputs from 1e-7 to 1e11, an output of a few centimetres.
    row = asked("gradcheck", "F*L^3/(3*E*I)", "F=300", "L=2.55", "E=6.7e10", "I=1.45e-7")
    assert row["right"] is True, row
    steps = {i["name"]: i["best_h"] for i in row["inputs"]}
    assert steps["E"] > 1e4 and steps["I"] < 1e-9, steps
    row = asked("gradcheck", "r + c/g*(1 - exp(-g*s))", "s=0.035", "r=7.5e8", "c=2.75e9", "g=10")
    assert row["right"] is True and row["inputs"][0]["best_h"] < 1, row


def test_gradcheck_gives_the_same_verdict_in_metres_and_millimetres():
    metres = asked("gradcheck", "sin(x)*x^2", "x=1.5")
    millimetres = asked("gradcheck", "sin(x/1000)*x^2", "x=1500")
    assert metres["right"] is True and millimetres["right"] is True
    ratio = millimetres["inputs"][0]["best_h"]/metres["inputs"][0]["best_h"]
    assert 10 < ratio < 1e5, ratio
    for factor, x in (("1", "1.5"), ("1000", "1500")):
        wrong = asked("gradcheck", "sin(x/%s)*x^2" % factor, "x=" + x, "--gradient", "x=2*x*sin(x/%s)" % factor)
        assert wrong["right"] is False, wrong


def test_gradcheck_uses_the_step_that_it_reports():
    row = asked("gradcheck", "exp(x)*sin(x)", "x=2")
    best = min(row["curve"], key=lambda p: p["error"])
    assert best["h"]/1000 < row["inputs"][0]["best_h"] < best["h"]*1000, (row["inputs"], best)


# --- which operation made the NaN

def test_blame_names_the_first_operation_not_a_later_one():
    row = asked("blame", "y = x - 3; exp(sqrt(y)*2) + log(y^2)", "x=1")
    assert row["origin"]["operation"] == "sqrt" and row["origin"]["operands"] == [-2], row
    assert row["origin"]["column"] == 16, row["origin"]


def test_blame_follows_infinities_and_derivatives_too():
    row = asked("blame", "z/exp(x)*exp(x)", "x=800", "z=1")
    assert row["origin"]["operation"] == "exp" and row["origin"]["made"] == "inf", row
    row = asked("blame", "sqrt(x) + z", "x=0", "z=1")
    assert row["origin"]["operation"] == "sqrt" and row["origin"]["in_value"] is False, row
    assert row["origin"]["result"] == "the derivative by x", row


def test_blame_gives_operands_and_place_in_the_backward_pass_too():
    # The value is finite; the reverse sweep divides by a root of 0.
    row = asked("blame", "w = 2*v; 3*sqrt(w[1]) + sum(v)", "v=[0, 4]")
    origin = row["origin"]
    assert origin["operation"] == "sqrt" and origin["operands"] == [0] and origin["in_value"] is False, origin
    assert (origin["line"], origin["column"], origin["length"]) == (1, 12, 10), origin
    assert origin["modes"] == ["reverse", "forward", "cross"], origin
    # The formula has a quotient there: its own birthplace, at the same place of the text.
    quotient = [o for o in row["origins"] if o["modes"] == ["symbolic"]][0]
    assert quotient["operation"] == "/" and quotient["operands"] == [0.5, 0] and quotient["column"] == 12, quotient


def test_blame_looks_inside_functions_and_sums():
    row = asked("blame", "f(u) = log(u - 3); sum(i in 1..5, f(i)*x)", "x=1")
    assert row["origin"]["operation"] == "log" and row["origin"]["operands"][0] in (-2, -1, 0), row
    assert row["origin"]["column"] == 8, row


if __name__ == "__main__":
    sys.exit(main(globals()))
