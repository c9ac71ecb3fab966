#!/usr/bin/env python3
"""What the program answers: the main job and every command's text and JSON shape.

  cli_test.py build/release/wengert [SUBSTRING]
"""
import json
import sys

from program import QUIZ, ask, asked, folder_with, main, near, refused

LATER = ("map fit lsp").split()


# --- the main job ---------------------------------------------------------------------------------

def test_the_main_job_prints_value_modes_and_agreement():
    done = ask(QUIZ, "x=2", "z=3")
    lines = done.out.splitlines()
    assert near(float(lines[0]), 412.1914572841212), lines[0]
    for mode in ("reverse", "forward", "symbolic", "cross", "finite", "complex"):
        assert any(line.startswith(mode + " ") for line in lines), mode
    assert "d/dx" in lines[2] and "d/dz" in lines[2] and "operations" in lines[2], lines[2]
    assert "The modes agree" in done.out and "Cheapest for 2 inputs and 1 output: " in done.out
    assert max(map(len, lines)) <= 100, max(lines, key=len)
    assert done.err == "", done.err


def test_the_main_job_in_json_has_every_field():
    row = asked(QUIZ, "x=2", "z=3")
    assert row["schema"] == 1 and row["input"] == QUIZ and row["shape"] == [1, 1] and row["kind"] == "value"
    assert near(row["value"], 412.1914572841211755)
    assert near(row["gradient"]["x"], 1208.381215126609629) and near(row["gradient"]["z"], 809.707479218564081)
    assert row["mode"] == "reverse" and row["agree"] is True and row["warnings"] == []
    assert list(row["modes"]) == ["reverse", "forward", "symbolic", "cross", "finite", "complex"]
    for name, mode in row["modes"].items():
        assert set(mode["operations"]) == {"add", "mul", "div", "call", "total"}
        assert near(mode["gradient"]["x"], row["gradient"]["x"], 1e-6), name
        assert mode["seconds"] > 0 and "relative_error" in mode


def test_an_expression_without_inputs_is_just_its_value():
    done = ask("1/2 + 1/4")
    assert done.out == "0.75\n", done.out
    assert asked("2*3")["value"] == 6


def test_one_mode_alone_has_no_agreement():
    row = asked("x^2", "x=3", "--mode", "forward")
    assert row["mode"] == "forward" and "agree" not in row and row["gradient"] == {"x": 6}


def test_many_inputs_are_summarised_within_the_page():
    names = ["a%d" % i for i in range(40)]
    done = ask("+".join(n + "^2" for n in names), *[n + "=1" for n in names])
    assert max(map(len, done.out.splitlines())) <= 100
    assert "d/da0" in done.out and "The modes agree" in done.out
    done = ask("-f", folder_with(p__wen="input W[20,20]\n") + "/p.wen", "-e", "sum(W .* W)", "--at",
               folder_with(at__json=json.dumps({"W": [[1.5] * 20] * 20})) + "/at.json")
    assert max(map(len, done.out.splitlines())) <= 100 and "norm" in done.out


def test_arrays_print_by_rows():
    done = ask("eval", "W*2", "W=[[1,2],[3,4]]")
    assert done.out == "[[2, 4],\n [6, 8]]\n", done.out
    assert ask("eval", "[1, 2, 3]*2").out == "[2, 4, 6]\n"


def test_digits_gives_that_many():
    done = ask("eval", "1/3", "--digits", "60")
    assert done.out.strip().startswith("0." + "3" * 55), done.out
    done = ask("sqrt(x)", "x=2", "--digits", "50")
    assert "1.4142135623730950488016887242096980785696718753769" in done.out, done.out
    assert "0.3535533905932737622004221810524245196424179688442" in done.out, done.out


# --- questions ------------------------------------------------------------------------------------

def test_eval():
    assert ask("eval", "x^2", "x=3").out == "9\n"
    row = asked("eval", "[x, 2*x]", "x=3")
    assert row["value"] == [3, 6] and row["shape"] == [2, 1] and "gradient" not in row


def test_grad():
    row = asked("grad", "sum(W*b)", "W=[[1,2],[3,4]]", "b=[5,6]")
    assert row["gradient"] == {"W": [[5, 6], [5, 6]], "b": [4, 6]}, row
    assert "agree" not in row
    assert ask("grad", "x^2*z", "x=3", "z=2").out.split() == ["d/dx", "12", "d/dz", "9"]


def test_grad_by_every_mode():
    for mode in ("forward", "reverse", "symbolic", "cross", "finite", "complex", "auto"):
        row = asked("grad", QUIZ, "x=2", "z=3", "--mode", mode)
        assert near(row["gradient"]["x"], 1208.381215126609629, 1e-7), (mode, row)
        assert mode == "auto" or row["mode"] == mode
    row = asked("grad", QUIZ, "x=2", "z=3", "--mode", "all")
    assert row["mode"] == "reverse" and row["agree"] is True and len(row["modes"]) == 6


def test_jacobian():
    row = asked("jacobian", "[x*z, x + z]", "x=3", "z=2")
    assert row["jacobian"] == {"x": [2, 1], "z": [3, 1]}, row
    row = asked("grad", "[v[1]*v[2], v[1]]", "v=[3,2]")
    assert row["jacobian"] == {"v": [[2, 3], [1, 0]]}, row
    out = ask("jacobian", "[v[1]*v[2], v[1]]", "v=[3,2]").out
    assert "v[1]" in out and "[2]" in out, out


def test_hessian():
    row = asked("hessian", "x^2*z", "x=3", "z=2")
    assert row["hessian"] == {"vars": ["x", "z"], "matrix": [[4, 6], [6, 0]]}, row
    assert asked("hessian", "x^2", "x=3")["hessian"]["matrix"] == [[2]]
    assert ask("hessian", "x^2*z", "x=3", "z=2").out.split() == ["x", "z", "x", "4", "6", "z", "6", "0"]
    refused("hessian", "[x, x]", "x=1", status=3, kind="shape")
    row = asked("hessian", "x^2*z", "x=3", "z=2", "--mode", "all")
    assert row["agree"] is True and set(row["modes"]) == {"reverse", "forward", "symbolic", "cross", "finite", "complex"}, row
    assert row["modes"]["forward"]["hessian"]["matrix"] == [[4, 6], [6, 0]], row
    digits = asked("hessian", "x^3/3", "x=0.1", "--digits", "50")["digits"]["hessian"]["matrix"]
    assert abs(digits[0][0] - 0.2) < 1e-15, digits
    row = asked("jvp", "x^2*z", "x=3", "z=2", "--tangent", "x=1", "--mode", "all")
    assert row["value"] == 12 and row["agree"] is True and row["modes"]["reverse"]["value"] == 12, row


def test_what_runs_many_evaluations_is_chosen_or_decided():
    loss = ("minimize", "(1-x)^2 + 100*(z-x^2)^2", "x=-1.2", "z=1", "--method", "newton")
    rows = {e: asked(*loss, "--engine", e) for e in ("interpreter", "native", "auto")}
    assert rows["interpreter"]["engine"] == "interpreter", rows["interpreter"]
    assert rows["auto"]["engine"] in ("interpreter", "native"), rows["auto"]
    assert all(r["steps"] == rows["auto"]["steps"] for r in rows.values())  # the same bits
    curves = [ask("plot", "tanh(x)*z", "z=2", "--over", "x=-4..4", "--as", "csv", "--engine", e).out for e in rows]
    assert curves[0] == curves[1] == curves[2] and len(curves[0].splitlines()) == 402
    refused(*loss, "--engine", "fast", status=2, kind="usage")
    refused("grad", "x^2", "x=1", "--engine", "native", status=2, kind="usage")


def test_cross_country_accumulation_by_every_command():
    row = asked("hessian", "exp(x*z)", "x=1", "z=2", "--mode", "cross")
    assert near(row["hessian"]["matrix"][0][0], 4 * 7.38905609893065), row
    assert asked("jvp", "x^2*z", "x=3", "z=2", "--tangent", "x=1", "--mode", "cross")["value"] == 12
    row = asked("cost", "exp(x*z)")
    assert row["modes"]["cross"]["operations"]["total"] > 0, row
    ones = ",".join("1" for _ in range(130))
    long = asked("sum(cumsum(x).^2)", "x=[%s]" % ones)
    assert "unavailable" not in long["modes"]["cross"] and long["agree"] is True, long["modes"]["cross"]
    wide = asked("cumsum(x)", "x=[[%s],[%s]]" % (ones, ones))  # too many columns
    assert "no products" in wide["modes"]["cross"]["unavailable"] and wide["agree"] is True, wide["modes"]["cross"]


def test_minimize():
    row = asked("minimize", "(1-x)^2 + 100*(z-x^2)^2", "x=-1.2", "z=1")
    assert row["stop"] == "gradient" and abs(row["at"]["x"] - 1) < 1e-6 and row["value"] < 1e-12, row
    assert row["steps"][0]["value"] > 24 and row["method"] == "lbfgs", row
    table = ask("minimize", "x^2 + z^2", "x=1", "z=2", "--method", "descent", "--rate", "0.25", "--steps", "3", "--as", "csv").out
    assert table.splitlines()[0] == "step,value,gradient,evaluations,x,z" and table.splitlines()[2] == "1,1.25,2,2,0.5,1", table
    picture = ask("minimize", "x^2 + z^2", "x=1", "z=2", "--as", "svg").out
    assert picture.startswith("<svg") and "path" in picture
    refused("minimize", "[x, x]", "x=1", status=3, kind="shape")
    refused("minimize", "x^2", "x=1", "--method", "magic", status=2, kind="usage")
    refused("minimize", "x^2", status=3, kind="name")


def test_cost():
    row = asked("cost", "exp(x*z) + x*z/log(x)")
    assert row["auto"] == "reverse" and row["inputs"] == 2 and row["outputs"] == 1, row
    assert set(row["modes"]) == {"reverse", "forward", "symbolic", "cross", "finite", "complex"}, row
    main = asked("exp(x*z) + x*z/log(x)", "x=2", "z=3")
    for mode, cost in row["modes"].items():
        assert cost["operations"] == main["modes"][mode]["operations"], (mode, cost)
    assert row["modes"]["reverse"]["operations"]["total"] <= row["ratio"] * row["value"]["operations"]["total"], row
    fan = asked("cost", "[x, x^2, x^3]")
    assert fan["modes"]["forward"]["operations"]["total"] < fan["modes"]["reverse"]["operations"]["total"], fan
    assert fan["auto"] == min(("forward", "reverse", "symbolic"), key=lambda m: fan["modes"][m]["operations"]["total"]), fan
    wide = asked("cost", "sum(exp(v))", "v=ones(1000)")
    assert wide["modes"]["reverse"]["sweeps"] == 1 and wide["modes"]["forward"]["sweeps"] == 63, wide
    assert "auto takes reverse" in ask("cost", "exp(x*z) + x*z/log(x)").out
    refused("cost", "1 + 2", status=2, kind="usage")
    execution = row["execution"]
    assert execution["interpreter_seconds"] > 0 and execution["bytes"] > 0 and execution["plan_bytes"] > 0, row
    if 0 < execution["native_seconds"] < execution["interpreter_seconds"]:
        gained = execution["interpreter_seconds"] - execution["native_seconds"]
        assert abs(execution["compile_from"]*gained/execution["compile_seconds"] - 1) < 1e-6, row
    assert "Executed as a plan" in ask("cost", "exp(x*z) + x*z/log(x)").out


def test_spy():
    row = asked("graph", "--spy", "[x[1]*x[2], x[3], 1]", "x=[1,2,3]")["spy"][0]
    assert (row["of"], row["rows"], row["cols"], row["nonzeros"], row["colours"]) == ("jacobian", 3, 3, 3, 2), row
    assert row["pattern"] == [[1, 1], [1, 2], [2, 3]], row
    chain = "sum(i in 1..rows(x)-1, 100*(x[i+1]-x[i]^2)^2 + (1-x[i])^2)"
    row = asked("graph", "--spy", chain, "x=ones(100)")["spy"][0]
    assert (row["of"], row["nonzeros"], row["colours"]) == ("hessian", 298, 3), row
    hessian = asked("graph", "--spy", "trace(A.*A)^2", "A=[[0.5,2],[3,0.7]]")["spy"][0]["pattern"]
    assert sorted(hessian) == sorted([c, r] for r, c in hessian), "a Hessian's pattern is symmetric"
    picture = ask("graph", "--spy", chain, "x=ones(8)").out
    assert picture.splitlines() == ["the Hessian by x: 8 x 8, 22 entries (34.4%), 3 colours", "\u283b\u28e6\u2840\u2800", "\u2800\u2808\u283b\u28e6"], picture
    assert ask("graph", "--spy", chain, "x=ones(8)", "--as", "svg").out.startswith("<svg")
    refused("graph", "--spy", chain, "x=ones(8)", "--as", "tikz", status=2, kind="usage")


def test_threads():
    wide = ["jacobian", "[sum(k in 1..40, sin(A[i,k]*x[k])) for i in 1..300]", "x=linspace(0,1,40)",
            "A=reshape(linspace(-1,1,12000),300,40)", "--wrt", "x", "--mode", "reverse"]
    assert asked(*wide)["jacobian"] == asked(*wide, "--threads", "2")["jacobian"]


def test_jvp_and_vjp():
    row = asked("jvp", "x^2*z", "x=3", "z=2", "--tangent", "x=1", "--tangent", "z=2")
    assert row["value"] == 12 + 18, row
    row = asked("vjp", "[x*z, x + z]", "x=3", "z=2", "--cotangent", "[1, 10]")
    assert row["value"] == {"x": 12, "z": 13}, row
    assert asked("vjp", "x^2", "x=3")["value"] == {"x": 6}
    refused("jvp", "x^2", "x=3", status=2, kind="usage")
    refused("vjp", "[x, x]", "x=3", status=2, kind="usage")
    refused("vjp", "[x, x]", "x=3", "--cotangent", "[1, 2, 3]", status=3, kind="shape")


def test_diff_prints_a_formula():
    assert ask("diff", "x^2").out == "2*x\n"
    assert ask("diff", "x^2*z", "--by", "z").out == "x^2\n"
    assert asked("diff", "sin(x)")["expression"] == "cos(x)"
    assert ask("diff", "x^3", "--order", "2").out == "6*x\n"
    message, error = refused("diff", "x*z", status=2, kind="usage")
    assert "`x` and `z`" in message and "--by" in error["help"]


def test_simplify():
    assert ask("simplify", "x*x*3").out == "3*x^2\n"
    row = asked("simplify", "x + x")
    assert row["expression"] == "2*x" and row["kind"] == "formula"


def test_latex():
    assert "\\frac" in ask("latex", "x/(x + 1)").out
    assert "\\frac" in asked("latex", "x/(x + 1)")["expression"]


def test_wrt():
    row = asked("grad", "x^2*z", "x=3", "z=2", "--wrt", "z")
    assert row["gradient"] == {"z": 9}
    row = asked("grad", "a = x*z; exp(a)", "x=3", "z=0", "--wrt", "a,x")
    assert row["gradient"] == {"a": 1, "x": 0}, row
    row = asked("grad", "x^2", "x=3", "q=1", "--wrt", "q")
    assert row["gradient"] == {"q": 0}, row
    refused("grad", "x^2", "x=3", "--wrt", "nothing_like_it", status=3, kind="name")


def test_several_expressions_are_answered_in_order():
    rows = ask("eval", "--json", "-e", "x", "-e", "x^2", "x^3", "x=2").rows()
    assert [r["value"] for r in rows] == [2, 4, 8]


def test_a_program_is_read_first():
    folder = folder_with(p__wen="input x, z\ny = x*z\ny + 1\n", at__json='{"x": 2, "z": 3, "unused": 1}')
    at = ("--at", folder + "/at.json")
    assert asked("eval", "-f", folder + "/p.wen", *at, "-e", "y")["value"] == 6
    assert asked("eval", folder + "/p.wen", *at, "y*2")["value"] == 12
    assert asked("grad", "-f", folder + "/p.wen", *at)["gradient"] == {"x": 3, "z": 2}


def test_values_override_the_program():
    folder = folder_with(p__wen="x = 1\ny = x^2\n")
    assert asked("eval", "-f", folder + "/p.wen", "y")["value"] == 1
    assert asked("eval", "-f", folder + "/p.wen", "y", "x=3")["value"] == 9
    assert asked("eval", "-f", folder + "/p.wen", "y + 0", "y=5")["value"] == 5


def test_numbers_beyond_json_are_strings():
    row = asked("eval", "[nan, inf, -inf, 1]")
    assert row["value"] == ["nan", "inf", "-inf", 1]
    folder = folder_with(at__json='{"x": "inf"}')
    assert asked("eval", "x", "--at", folder + "/at.json")["value"] == "inf"


def test_a_kink_is_a_warning_with_its_place():
    row = asked("grad", "abs(x)", "x=0")
    assert row["gradient"] == {"x": 0} and row["warnings"][0]["kind"] == "kink", row
    assert row["warnings"][0]["line"] == 1 and row["warnings"][0]["column"] == 1
    done = ask("grad", "abs(x)", "x=0")
    assert done.err.startswith("warning: ") and "^" in done.err, done.err
    assert ask("grad", "abs(x)", "x=0", "--quiet").err == ""
    ask("grad", "abs(x)", "x=0", "--strict", status=1)


def test_outside_a_domain_is_nan_with_a_warning():
    row = asked("eval", "log(x)", "x=-1")
    assert row["value"] == "nan" and row["warnings"][0]["kind"] == "domain", row


def test_a_singular_system_has_no_value():
    refused("eval", "solve([[1, 2], [2, 4]], [1, 1])", status=1, kind="domain")


def test_commands_of_later_work_say_so():
    for name in LATER:
        message, error = refused(name, "x^2", "x=2", status=2, kind="usage")
        assert error["message"] == "the command `%s` is not available yet" % name, error


def test_bench():
    row = asked("bench", "exp(x*z) + x*z/log(x)", "x=2", "z=3")
    predicted = asked("cost", "exp(x*z) + x*z/log(x)")
    assert set(row["modes"]) == set(predicted["modes"]) and row["auto"] == predicted["auto"], row
    for name, mode in row["modes"].items():
        assert mode["operations"] == predicted["modes"][name]["operations"], (name, mode)
        assert mode["seconds"] > 0 and mode["predicted_seconds"] > 0, (name, mode)
        assert abs(mode["ratio"]*row["value"]["seconds"]/mode["seconds"] - 1) < 1e-9, (name, mode)
        assert mode["relative_error"] < 1e-6, (name, mode)
    times = {name: mode["seconds"] for name, mode in row["modes"].items()}
    assert row["fastest"] == min(times, key=times.get), row
    assert abs(row["auto_ratio"]*times[row["fastest"]]/times[row["auto"]] - 1) < 1e-9, row
    # What would take too long is predicted, not run; what has no complex version says so.
    wide = asked("bench", "sum(erf(v))", "v=ones(20000)", "--budget", "0.05s")
    assert "skipped" in wide["modes"]["finite"] and "seconds" not in wide["modes"]["finite"], wide
    assert "unavailable" in wide["modes"]["complex"] or "skipped" in wide["modes"]["complex"], wide
    assert "seconds" in wide["modes"]["reverse"], wide
    assert "auto takes" in ask("bench", "x^2*z", "x=2", "z=3").out
    refused("bench", "1 + 2", status=2, kind="usage")
    refused("bench", "x^2", status=3, kind="name")


def test_codegen_writes_c():
    row = asked("codegen", "exp(x*z)", "x=2", "z=3")
    assert row["language"] == "c" and "void f_gradient(double x, double z, double *restrict value" in row["code"], row
    row = asked("codegen", "a*b", "--name", "area", "--wrt", "b")
    assert "area_gradient" in row["code"] and "d_b" in row["code"] and "d_a" not in row["code"], row
    message, error = refused("codegen", "x", "--lang", "fortran", status=2, kind="usage")
    assert "f_step1(" in asked("codegen", "f(u) = sin(u); iterate(f, x, 3)")["code"]
    message, error = refused("codegen", "input A[100,100]; det(A)", status=2, kind="usage")
    assert "too large for a stack" in error["message"], error


def test_paths_lists_every_path_with_its_product():
    row = asked("paths", "sin(x)*x", "x=2")
    assert [p["nodes"] for p in row["paths"]] == [["x", "v1", "v2"], ["x", "v2"]] and row["count"] == 2, row
    assert abs(sum(p["product"] for p in row["paths"]) - row["sums"]["x"]) < 1e-15, row


def test_trace_shows_values_tangents_adjoints_and_what_was_added():
    row = asked("trace", "exp(x*z)", "x=2", "z=3")
    table = {r["name"]: r for r in row["trace"]}
    assert table["v1"]["value"] == 6 and table["v1"]["tangents"] == {"x": 3, "z": 2}, row
    assert table["x"]["adjoint"] == 3 * row["value"] and table["x"]["contributions"][0]["from"] == "v1", row


def test_eliminate_compares_the_orders():
    row = asked("eliminate", "sin(x*z)*x", "x=2", "z=3")
    assert [o["order"] for o in row["orders"]] == ["forward", "reverse", "Markowitz", "optimal"], row


if __name__ == "__main__":
    sys.exit(main(globals()))
