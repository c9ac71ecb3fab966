#!/usr/bin/env python3
"""What users of other tools ask for again and again, as they put it: each is answered here.

  asked_for_test.py build/release/wengert [SUBSTRING]

Names say what was asked: masked points without NaN, powers right at 0, one convention at kinks, a gradient check that blames
the right side, the operation that made a NaN, modes that agree, true nested derivatives, stable forms.
"""
import math
import sys

from program import ask, asked, main, near

EXACT = ("reverse", "forward", "symbolic")


def gradient(text, *values, mode="reverse"):
    return asked("grad", text, *values, "--mode", mode)["gradient"]


def all_modes(text, *values):
    """The gradient, which every mode that has an answer must give."""
    row = asked(text, *values)
    assert row["agree"] in (True, "explained"), row
    for name in EXACT:
        assert row["modes"][name]["gradient"] == row["gradient"], (text, name, row["modes"][name], row["gradient"])
    return row["gradient"]


# --- no NaN at removable or masked points

def test_masked_a_branch_that_is_not_taken_leaks_no_nan():
    assert all_modes("if(x > 0, sqrt(x), 0)", "x=0") == {"x": 0}
    assert all_modes("if(x > 0, log(x), x)", "x=-1") == {"x": 1}
    assert all_modes("if(x == 0, 1, sin(x)/x)", "x=0") == {"x": 0}
    assert all_modes("sum(if(v > 0, sqrt(v), 0))", "v=[0, 4]")["v"] == [0, 0.25]


def test_masked_norms_and_angles_at_the_origin_have_gradient_zero():
    assert all_modes("norm(v)", "v=[0, 0]")["v"] == [0, 0]
    assert all_modes("sqrt(x^2 + z^2)", "x=0", "z=0") == {"x": 0, "z": 0}
    assert all_modes("hypot(x, z)", "x=0", "z=0") == {"x": 0, "z": 0}
    assert all_modes("atan2(x, z)", "x=0", "z=0") == {"x": 0, "z": 0}


def test_masked_a_factor_of_zero_annihilates_an_infinite_slope():
    assert all_modes("z*sqrt(x)", "x=0", "z=0") == {"x": 0, "z": 0}
    assert all_modes("xlogy(x, z)", "x=0", "z=0")["z"] == 0
    assert asked("cross_entropy(p, [0, 1])", "p=[0, 1]")["gradient"]["p"][0] == 0
    # It costs nothing elsewhere, and is told where it decided.
    assert "strong-zero" in [w["kind"] for w in asked("grad", "z*sqrt(x)", "x=0", "z=0")["warnings"]]


# --- powers at 0 and of negative numbers

def test_powers_at_zero_have_the_derivatives_of_the_blackboard():
    for n in range(0, 5):
        expected = {0: None, 1: 1}.get(n, 0)
        row = asked("x^n", "x=0", "n=%d" % n, "--wrt", "x")
        assert row["gradient"]["x"] == (0 if n == 0 else expected), (n, row)
    assert asked("eval", "0^0")["value"] == 1
    assert all_modes("0^x", "x=2") == {"x": 0}
    assert asked("hessian", "x^2", "x=0")["hessian"]["matrix"] == [[2]]
    assert asked("hessian", "x^3", "x=0")["hessian"]["matrix"] == [[0]]


def test_powers_of_negative_numbers_need_no_logarithm():
    assert all_modes("x^3", "x=-2") == {"x": 12}
    assert asked("x^n", "x=-2", "n=3", "--wrt", "x")["gradient"] == {"x": 12}
    assert all_modes("x^-2", "x=-2") == {"x": 0.25}
    assert asked("diff", "x^n", "--by", "x")["expression"].count("log") == 0
    assert asked("eval", "(x^2)^0.5", "x=-3")["value"] == 3
    assert all_modes("(x^2)^0.5", "x=-3") == {"x": -1}


# --- one stated convention at kinks

def test_kinks_every_mode_takes_the_same_slope():
    for text, expected in (("abs(x)", 0), ("relu(x)", 0), ("max(x, 0)", 0.5), ("min(x, 0)", 0.5), ("sign(x)", 0), ("step(x)", 0),
                           ("leaky_relu(x, 0.2)", 0.2), ("elu(x, 0.3)", 0.3), ("max(x, 0, -x)", 0), ("floor(x)", 0)):
        assert all_modes(text, "x=0") == {"x": expected}, text


def test_kinks_are_told_with_slopes_and_convention():
    row = asked("kinks", "relu(x) + max(x, 0) + abs(x)", "x=0")
    assert [k["name"] for k in row["kinks"]] == ["relu", "max", "abs"], row
    assert all(k["convention"] for k in row["kinks"])
    assert [k["used"] for k in row["kinks"]] == [0, 0.5, 0], row
    # In clamp written by min and max at an edge: a tie shares.
    assert all_modes("min(max(x, 0), 1)", "x=1") == {"x": 0.5}


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


def test_gradcheck_names_the_wrong_side():
    row = asked("gradcheck", "exp(-1e4*x^2) + z", "x=0.25", "z=1", "--gradient", "x=20000*x*exp(-1e4*x^2)", "--gradient", "z=1")
    assert row["right"] is False and row["culprit"] == "x" and "the sign" in row["verdict"], row
    row = asked("gradcheck", "1e16 + x", "x=0.5", "--gradient", "x=1")
    assert row["right"] is True and row["wrong"] == "numeric", row


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


# --- all modes agree

def test_agree_is_checked_on_every_answer_and_a_difference_is_explained():
    for text, values in (("x^z + z^x", ("x=1.5", "z=2.5")), ("det([[x, z], [1, x]])*logsumexp([x, z])", ("x=2", "z=3")),
                         ("sum(i in 1..20, sin(i*x)/i)", ("x=0.3",)), ("norm(softmax([x, z, x*z]))", ("x=1.5", "z=2"))):
        row = asked(text, *values)
        assert row["agree"] is True and row["mode"] == "reverse", row
        assert all("unavailable" in m or m.get("ulp", 0) < 1e6 or name == "finite" for name, m in row["modes"].items()), row
    assert asked("abs(x) + max(x, 0)", "x=0")["agree"] in (True, "explained")


def test_agree_holds_for_jacobians_hessians_and_products():
    values = ("x=0.7", "z=-1.2")
    blocks = [asked("jacobian", "[x*z, sin(x)/z, x^2]", *values, "--mode", mode)["jacobian"] for mode in EXACT]
    for block in blocks[1:]:
        for name in ("x", "z"):
            assert all(near(a, b) for a, b in zip(block[name], blocks[0][name])), blocks
    hessians = [asked("hessian", "exp(x*z)*sin(x)", *values, "--mode", mode)["hessian"]["matrix"] for mode in EXACT]
    assert all(near(a, b) for h in hessians[1:] for row, first in zip(h, hessians[0]) for a, b in zip(row, first)), hessians


# --- true nested derivatives

def test_nested_derivatives_are_not_confused():
    assert asked("eval", "diff(x*diff(x + y, y), x)", "x=1", "y=1")["value"] == 1
    assert asked("eval", "diff(x*diff(x*y, y), x)", "x=3", "y=5")["value"] == 6
    # By the time the argument is put in, the inner derivative is taken: D(u) is u.
    assert asked("eval", "D(u) = diff(u*x, x); diff(D(x^2), x)", "x=3")["value"] == 6
    assert asked("eval", "g(u) = diff(u^2, u); g(x^2)", "x=3")["value"] == 18


def test_nested_inputs_of_equal_value_stay_two_variables():
    assert asked("grad", "x*z", "x=2", "z=2")["gradient"] == {"x": 2, "z": 2}
    assert asked("eval", "diff(diff(x^2*z^3, x), z)", "x=2", "z=2")["value"] == 2 * 2 * 3 * 4
    assert asked("eval", "hessian(sum(grad(sum(v .^ 4)/12, v)), v)[1, 1]", "v=[2, 3]")["value"] == 4


# --- stable forms

def test_stable_forms_hold_where_the_naive_ones_overflow():
    for text, value in (("log(1 + exp(x))", 1000), ("logsumexp([x, x])", 1000 + math.log(2)), ("-log(sigmoid(-x))", 1000),
                        ("cross_entropy(softmax([x, 0]), [0, 1])", 1000), ("log(softmax([0, x]))[1]", -1000)):
        row = asked("grad", text, "x=1000")
        assert near(row["value"], value) and math.isfinite(row["gradient"]["x"]), (text, row)


def test_stable_rewrites_are_found_and_shown_with_both_errors():
    for text, x, name in (("exp(x) - 1", "1e-10", "expm1"), ("log(1 + x)", "1e-10", "log1p")):
        row = asked("stability", text, "x=" + x, "--fix")
        if not row["cures"]:  # made at lowering already
            assert row["digits_lost"] < 1, row
            continue
        assert row["cures"][0]["lost_after"] < 1 < row["cures"][0]["lost_before"], row
    row = asked("stability", "sqrt(x + 1) - sqrt(x)", "x=1e15", "--fix")
    assert "1/(sqrt(x + 1) + sqrt(x))" in row["fixed"], row


if __name__ == "__main__":
    sys.exit(main(globals()))
