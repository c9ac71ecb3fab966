#!/usr/bin/env python3
"""What users of other tools ask for again and again, as they put it: each is answered here.

  asked_for_test.py build/release/wengert [SUBSTRING]

Names say what was asked: masked points without NaN, powers right at 0, one convention at kinks, modes that agree, true
nested derivatives, stable forms. (Who is wrong: asked_why_test.py.)
"""
import math
import sys

from program import ask, asked, main, near

EXACT = ("reverse", "forward", "symbolic", "cross")


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


def test_masked_branches_of_every_kind():
    for text, value, expected in (("if(x < 1, x, sqrt(x))", "0", 1), ("if(x >= 0, x, sqrt(-x))", "1", 1), ("if(x <= 0, exp(x), 1 + x)", "1000", 1),
                                  ("if(x == 0, 1, sin(pi*x)/(pi*x))", "0", 0), ("if(x > 0, x*log(x), 0)", "0", 0), ("if(x < 1, cos(x), 0)", "inf", 0)):
        for mode in EXACT:
            assert gradient(text, "x=" + value, mode=mode) == {"x": expected}, (text, mode)


def test_masked_a_zero_partial_is_zero_each_by_itself():
    # Not only where all partials of an operation are: a has no part in this logarithm's pole.
    for mode in EXACT:
        assert gradient("log(0*a + b)", "a=1", "b=0", mode=mode) == {"a": 0, "b": "inf"}, mode
        assert gradient("norm(v)^2", "v=[0, 0, 0]", mode=mode) == {"v": [0, 0, 0]}, mode
        assert gradient("sum((v - w).^2)^0.5", "v=[1, 2]", "w=[1, 2]", mode=mode) == {"v": [0, 0], "w": [0, 0]}, mode


def test_masked_infinite_factors_keep_their_sign():
    for mode in EXACT:
        assert gradient("a*exp(-b)", "a=1", "b=-1000", mode=mode) == {"a": "inf", "b": "-inf"}, mode


def test_masked_a_radius_that_is_clamped_at_the_origin():
    # The clamp comes after the root, as a maximum or as a choice.
    for clamp in ("max(rho, 1e-10)", "if(rho > 1e-10, rho, 1e-10)", "max(1e-10, rho)"):
        assert all_modes("rho = sqrt(x^2 + z^2); " + clamp, "x=0", "z=0") == {"x": 0, "z": 0}, clamp
    for mode in EXACT:
        slopes = gradient("sum(max(sqrt(v.^2 + w.^2), 1e-10))", "v=[0, 3]", "w=[0, 4]", mode=mode)
        assert slopes["v"][0] == slopes["w"][0] == 0 and near(slopes["v"][1], 0.6) and near(slopes["w"][1], 0.8), (mode, slopes)


def test_masked_a_root_of_a_power_of_zero_in_a_matrix():
    # Elements 0 to a parameter's power: sqrt is infinitely steep where the power is flat.
    expected = 9*math.log(3)/2
    for text in ("sqrt(sum((sqrt(A .^ t) - A).^2))", "sqrt(sum((A .^ (t/2) - A).^2))"):
        assert near(asked("grad", text, "A=[[1, 0], [0, 3]]", "t=4", "--wrt", "t")["gradient"]["t"], expected), text
    assert all_modes("max(sqrt(x), 1)", "x=0") == {"x": 0}


def test_masked_clipping_by_a_norm_is_the_identity_inside():
    clip = "n = norm(v); sum(if(n > 1, v/n, v))"
    assert all_modes(clip, "v=[0, 0, 0]") == {"v": [1, 1, 1]}
    assert all_modes(clip, "v=[0.1, 0, 0]") == {"v": [1, 1, 1]}


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


def test_powers_with_real_exponents_are_differentiable_at_zero():
    assert all_modes("x^1.875", "x=0") == {"x": 0}
    assert all_modes("x*(1 - x^1.1)", "x=0") == {"x": 1}
    assert all_modes("x*x^0.5", "x=0") == {"x": 0}
    assert asked("hessian", "4.3*x^2.0", "x=0")["hessian"]["matrix"] == [[8.6]]
    assert asked("hessian", "x*(1 - x^1.1)", "x=0")["hessian"]["matrix"] == [[0]]
    # An exponent that is a parameter, not a literal: x^1 at 0.
    assert all_modes("x^n", "x=0", "n=1") == {"x": 1, "n": 0}
    assert all_modes("x^z", "x=0", "z=2") == {"x": 0, "z": 0}


def test_powers_of_squares_inside_others_have_every_derivative():
    program = "f(u) = exp(-(u^2)); %s"
    fourth = "diff(diff(diff(diff(f(x), x), x), x), x)"
    assert asked("eval", program % fourth, "x=0")["value"] == 12
    assert asked("eval", program.replace("u^2", "u*u") % fourth, "x=0")["value"] == 12


def test_powers_of_constants_have_derivative_zero():
    assert all_modes("(-5)^5 + 0*x", "x=0") == {"x": 0}
    assert all_modes("(a*x)^(0*x + 5)", "a=-5", "x=1") == {"a": 3125, "x": -15625}


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


def test_kinks_of_equal_functions_differ_only_as_the_manual_says():
    # relu has its own row; max shares a tie; an if takes its branch. Each is told with its convention.
    assert all_modes("relu(x)", "x=0") == {"x": 0}
    assert all_modes("max(x, 0)", "x=0") == {"x": 0.5}
    assert all_modes("if(x > 0, x, 0)", "x=0") == {"x": 0}
    assert all_modes("(x + abs(x))/2", "x=0") == {"x": 0.5}
    for x in ("1e-300", "-1e-300", "5e-324"):
        expected = 0 if x[0] == "-" else 1
        for text in ("relu(x)", "max(x, 0)", "if(x > 0, x, 0)", "(x + abs(x))/2"):
            assert all_modes(text, "x=" + x) == {"x": expected}, (text, x)
    assert all_modes("max(v)", "v=[3, 1, 3, 3]")["v"] == [1/3, 0, 1/3, 1/3]


def test_kinks_have_second_derivatives_too():
    # The formula that goes by abs gave NaN to others here.
    for text, expected in (("relu(x)", 0), ("abs(x)", 0), ("max(x, 0)", 0), ("(x + abs(x))/2", 0), ("relu(x)^2", 0), ("x*relu(x)", 0), ("x*abs(x)", 0)):
        for mode in EXACT:
            assert asked("hessian", text, "x=0", "--mode", mode)["hessian"]["matrix"] == [[expected]], (text, mode)


def test_kinks_of_layers_at_zero_weights_stay_numbers_in_mixed_derivatives():
    for layer in ("relu(W*v)", "max(W*v, 0)"):
        text = "grad(sum((w2*%s).^2), W)[1, 1]" % layer
        row = asked("grad", text, "W=[[0]]", "v=[0]", "w2=[[0]]")
        assert row["value"] == 0 and row["gradient"] == {"W": 0, "v": 0, "w2": 0}, row


def test_kinks_do_not_depend_on_how_elements_are_read():
    values = ("v=[1, -2, 0.5]", "w=[0, 3, 0.5]")
    by_vector = all_modes("sum(max(v, w))", *values)
    assert by_vector == {"v": [1, 0, 0.5], "w": [0, 1, 0.5]}
    assert all_modes("sum(i in 1..3, max(v[i], w[i]))", *values) == by_vector
    assert all_modes("max(v[1], w[1]) + max(v[2], w[2]) + max(v[3], w[3])", *values) == by_vector


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


def test_agree_at_a_power_of_zero_where_modes_of_others_give_three_answers():
    row = asked("x^y", "x=0", "y=2")
    assert row["agree"] is True and {str(row["modes"][m]["gradient"]) for m in EXACT} == {"{'x': 0, 'y': 0}"}, row


def test_agree_no_column_of_a_jacobian_goes_missing():
    program = "k = [a, b, c]; y0 = [1, 0]; next(u) = u + 0.1*[-k[1]*u[1], k[1]*u[1] - k[2]*u[2]*k[3]]; iterate(next, y0, 5)"
    values = ("a=0.3", "b=0.7", "c=1.1")
    rows = {mode: asked("jacobian", program, *values, "--mode", mode)["jacobian"] for mode in (*EXACT, "finite")}
    for name in "abc":
        assert any(abs(x) > 1e-3 for x in rows["reverse"][name]), rows
        for mode in ("forward", "symbolic"):
            assert all(near(x, z) for x, z in zip(rows[mode][name], rows["reverse"][name])), rows
        assert all(near(x, z, 1e-6) or abs(x - z) < 1e-9 for x, z in zip(rows["finite"][name], rows["reverse"][name])), rows


def test_agree_on_running_products_with_a_zero_and_on_conditions_of_any_size():
    backwards = "[prod(v[i..4]) for i in 1..4]"
    rows = [asked("jacobian", backwards, "v=[-1, 0, -2, -3]", "--mode", mode)["jacobian"]["v"] for mode in EXACT]
    assert rows[0] == [[0, -6, 0, 0], [0, 6, 0, 0], [0, 0, -3, -2], [0, 0, 0, 1]], rows[0]
    assert all(r == rows[0] for r in rows)
    assert all_modes("if(n != 0, a, b)", "n=4294967295", "a=-111.64281", "b=24.767237") == {"n": 0, "a": 1, "b": 0}


def test_agree_where_a_state_is_overwritten_step_by_step():
    expected = [-math.sin(math.cos(2) + 0.5)*-math.sin(2), -math.sin(math.cos(2) + 0.5)]
    for text in ("f(u, q) = cos(u + q); f(f(x, p[1]), p[2])", "u = x; u1 = cos(u + p[1]); u2 = cos(u1 + p[2]); u2"):
        for mode in EXACT:
            slopes = asked("grad", text, "x=1", "p=[1, 0.5]", "--wrt", "p", "--mode", mode)["gradient"]["p"]
            assert all(near(a, b) for a, b in zip(slopes, expected)), (text, mode, slopes)
    step = "f(u, q) = cos(u + q); iterate(f, x, 2, p)"
    for mode in EXACT:
        slope = asked("grad", step, "x=1", "p=1", "--wrt", "p", "--mode", mode)["gradient"]["p"]
        assert near(slope, -math.sin(math.cos(2) + 1)*(1 - math.sin(2))), (mode, slope)


def test_agree_a_parameter_that_only_seeds_the_start_has_its_column():
    # k sets the start, and a rate through another name; c is no part of the rates at all.
    program = "rate = k; y0 = [c*k, 0]; next(u) = u + 0.1*[-rate*u[1], rate*u[1] - 0.5*u[2]]; iterate(next, y0, 8)"
    rows = {mode: asked("jacobian", program, "k=0.3", "c=2", "--mode", mode)["jacobian"] for mode in (*EXACT, "finite", "complex")}
    for name in "kc":
        assert all(abs(x) > 1e-3 for x in rows["reverse"][name]), rows
        for mode, row in rows.items():
            assert all(near(x, z, 1e-7) for x, z in zip(row[name], rows["reverse"][name])), (mode, name, rows)


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


def test_nested_derivatives_close_over_what_the_outer_one_differentiates():
    assert asked("eval", "diff(sum(v)*diff(y*norm(v), y), v)", "v=[1]", "y=1")["value"] == 2
    assert asked("eval", "D(u) = diff(u*y, y); diff(D(x), x)", "x=1", "y=1")["value"] == 1
    assert asked("eval", "diff(x*diff(x + y, y), x)", "x=4", "y=1")["value"] == 1
    assert asked("eval", "g(u) = diff(u^2, u); diff(x*g(x), x)", "x=1")["value"] == 4
    assert asked("eval", "diff(diff(x*y, y), x)", "x=5", "y=5")["value"] == 1
    assert asked("eval", "diff(diff(x^3, x), x)", "x=2")["value"] == 12


def test_nested_gradients_of_mechanics_are_matrices():
    lagrangian = "L(q, p) = m/2*(p[1]^2 + p[2]^2) - m*g*q[2] + q[1]*p[2]; "
    values = ("m=2", "g=9.8", "q=[1, 2]", "p=[3, 4]")
    assert asked("eval", lagrangian + "jacobian(grad(L(q, p), p), q)", *values)["value"] == [[0, 0], [1, 0]]
    assert asked("eval", lagrangian + "jacobian(grad(L(q, p), p), p)", *values)["value"] == [[2, 0], [0, 2]]
    assert asked("eval", lagrangian + "grad(sum(grad(L(q, p), p) .* p) - L(q, p), q)", *values)["value"] == [0, 19.6]


# --- stable forms

def test_stable_forms_hold_where_the_naive_ones_overflow():
    for text, value in (("log(1 + exp(x))", 1000), ("logsumexp([x, x])", 1000 + math.log(2)), ("-log(sigmoid(-x))", 1000),
                        ("cross_entropy(softmax([x, 0]), [0, 1])", 1000), ("log(softmax([0, x]))[1]", -1000)):
        row = asked("grad", text, "x=1000")
        assert near(row["value"], value) and math.isfinite(row["gradient"]["x"]), (text, row)


def test_stable_logistic_losses_have_value_and_both_derivatives():
    loss = "z*-log(sigmoid(x)) + (1 - z)*-log(1 - sigmoid(x))"
    row = asked("grad", loss, "x=-800", "z=1")
    assert row["value"] == 800 and row["gradient"] == {"z": 800, "x": -1}, row
    row = asked("grad", loss, "x=800", "z=0")
    assert row["value"] == 800 and row["gradient"] == {"z": -800, "x": 1}, row
    row = asked("grad", "log(sigmoid(x))", "x=-300")
    assert row["value"] == -300 and row["gradient"] == {"x": 1}, row
    assert asked("hessian", "log(1 + exp(x))", "x=0")["hessian"]["matrix"] == [[0.25]]
    assert 0 <= asked("hessian", "log(1 + exp(x))", "x=-700")["hessian"]["matrix"][0][0] < 1e-300


def test_stable_rewrites_are_found_and_shown_with_both_errors():
    for text, x, name in (("exp(x) - 1", "1e-10", "expm1"), ("log(1 + x)", "1e-10", "log1p")):
        row = asked("stability", text, "x=" + x, "--fix")
        if not row["cures"]:  # made at lowering already
            assert row["digits_lost"] < 1, row
            continue
        assert row["cures"][0]["lost_after"] < 1 < row["cures"][0]["lost_before"], row
    row = asked("stability", "sqrt(x + 1) - sqrt(x)", "x=1e15", "--fix")
    assert "1/(sqrt(x + 1) + sqrt(x))" in row["fixed"], row


def test_stable_exponentials_in_longer_sums_and_softplus_of_the_other_sign():
    row = asked("stability", "2*exp(x) + 3*exp(z) - 5", "x=1e-9", "z=1e-10", "--fix")
    assert row["fixed"] == "2*expm1(x) + 3*expm1(z)", row
    row = asked("stability", "log(1 + exp(x)) - x", "x=30", "--fix")
    assert row["fixed"] == "softplus(-x)" and row["cures"][0]["lost_after"] < 1 < row["cures"][0]["lost_before"], row


def test_stable_logistic_functions_beyond_seven_hundred():
    # Where exp overflows: both branches of the logistic function and of its logarithm.
    for x, value, slope in (("710", 1, 0), ("-710", 0, 0), ("1000", 1, 0), ("-1000", 0, 0)):
        row = asked("grad", "1/(1 + exp(-x))", "x=" + x)
        assert abs(row["value"] - value) < 1e-300 and abs(row["gradient"]["x"] - slope) < 1e-300, row
    for x, value, slope in (("1000", 0, 0), ("-1000", -1000, 1)):
        for text in ("log(sigmoid(x))", "-softplus(-x)", "-log(1 + exp(-x))"):
            row = asked("grad", text, "x=" + x)
            assert near(row["value"], value) and near(row["gradient"]["x"], slope), (text, row)


def test_stable_losses_from_logits_keep_their_slope():
    # max(x, 0) - x*t + log(1 + exp(-abs(x))) has the slope sigmoid(x) - t, at 0 as well.
    for x, t, slope in (("-50", "1", -1), ("0", "0", 0.5), ("50", "0", 1), ("-100", "0", 0)):
        text = "max(x, 0) - x*t + log(1 + exp(-abs(x)))"
        row = asked("grad", text, "x=" + x, "t=" + t, "--wrt", "x")
        assert abs(row["gradient"]["x"] - slope) < 1e-15, row
        assert abs(asked("grad", "softplus(x) - x*t", "x=" + x, "t=" + t, "--wrt", "x")["gradient"]["x"] - slope) < 1e-15
    assert near(asked("eval", "softplus(x)", "x=-100")["value"], math.exp(-100))


if __name__ == "__main__":
    sys.exit(main(globals()))
