#!/usr/bin/env python3
"""The lesson's commands as people and scripts call them.

  lesson_test.py build/release/wengert [SUBSTRING]
"""
import sys
import xml.dom.minidom

from program import QUIZ, ask, asked, folder_with, main, refused
from terminal import Terminal


def test_steps_ends_where_diff_does():
    for text, by in ((QUIZ, "x"), (QUIZ, "z"), ("sin(x)/x^2", "x"), ("x^x", "x"), ("if(x > 0, x^2, x)", "x")):
        lines = ask("steps", text, "--by", by).out.splitlines()
        assert lines[0] == "  diff(%s, %s)" % (text, by), lines[0]
        assert lines[-1] == "= " + ask("diff", text, "--by", by).out.rstrip("\n"), lines[-1]
        row = asked("steps", text, "--by", by)
        assert row["steps"][-1]["expression"] == asked("diff", text, "--by", by)["expression"], row


def test_steps_names_rules_inner_functions_and_places():
    row = asked("steps", "x^2*sin(3*x)")
    assert row["kind"] == "formula" and row["by"] == "x" and row["count"] == len(row["steps"]) - 1, row
    rules = [s["rule"] for s in row["steps"]]
    assert rules[:5] == ["", "product rule", "power rule", "sine rule", "constant factor"], rules
    sine = row["steps"][3]
    assert sine["chain"] is True and sine["inner"] == "3*x" and (sine["line"], sine["column"], sine["length"]) == (1, 5, 8), sine
    marked = row["steps"][1]
    at = marked["changes"][0]
    assert marked["expression"][at["column"] - 1:at["column"] - 1 + at["length"]] == "diff(x^2, x)", marked


def test_steps_reveals_as_many_as_the_hint_says():
    assert ask("steps", "x^2*sin(x)", "--hint", "0").out.count("\n") == 2
    one = ask("steps", "x^2*sin(x)", "--hint", "1").out
    assert "1. product rule" in one and "2. " not in one and "3 steps are still to be taken" in one, one
    assert ask("steps", "x^2*sin(x)", "--hint", "99").out == ask("steps", "x^2*sin(x)").out
    assert len(asked("steps", "x^2*sin(x)", "--hint", "1")["steps"]) == 2
    refused("steps", "x^2", "--hint", "-1", status=2, kind="usage")
    refused("steps", "x^2", "--hint", "two", status=2, kind="usage")


def test_steps_by_an_array_are_differentials():
    out = ask("steps", "x'*A*x", "x=[1,2]", "A=[[1,2],[3,4]]", "--by", "x").out
    assert out.startswith("  d(x'*A*x)\n") and out.endswith("= A*x + A'*x\n"), out
    assert "dx'*A*x + x'*A*dx" in out, out


def test_steps_of_matrix_expressions_end_where_diff_does():
    point = folder_with(m__json='{"A":[[2,1],[1,3]],"B":[[1,2],[0,1]],"x":[1,2],"b":[0.5,-1],"y":[0,1]}') + "/m.json"
    for text in ("solve(A, b)", "b'*solve(A, b)", "det(A*B)", "trace(A'*A)", "norm(A*x)", "softmax(A*x)", "cross_entropy(softmax(A*x), y)",
                 "kron(A, B)", "A^-1*b", "x*x'", "diag(x)*b", "A.*B", "max(A*x)", "sum(A, 1)", "hcat(A, B)", "A[1, :]", "logdet(A)", "exp(x'*A*x)",
                 "cumsum(x)", "prod(x)", "mean(A*x)", "sum(relu(A*x - b).^2)/2", "reshape(A, 1, 4)", "A^2", "logsumexp(A*x)"):
        for by in ("A", "x"):
            lines = ask("steps", text, "--at", point, "--by", by).out.splitlines()
            assert lines[-1].removeprefix("= ") == ask("diff", text, "--at", point, "--by", by).out.splitlines()[-1], (text, by, lines[-1])


def test_steps_as_latex():
    out = ask("steps", "exp(x*z)", "--by", "x", "--as", "latex").out
    assert out.startswith("\\begin{align*}") and "\\text{chain rule, exponential rule}" in out, out
    refused("steps", "x^2", "--as", "gif", status=2, kind="usage")


def test_steps_need_to_know_by_what():
    refused("steps", "x*z", status=2, kind="usage")
    refused("steps", "x*z", "--by", "q", status=3, kind="name")


def test_steps_at_the_prompt():
    t = Terminal()
    t.enter("y = x*sin(x)")
    assert "product rule, u = x, v = sin(x)" in t.enter(":steps y --by x")
    assert "1 step is still to be taken" in t.enter(":steps y --by x --hint 2")
    assert t.end() == 0


def test_check_judges_an_answer_and_names_the_mistake():
    row = asked("check", "sin(3*x)", "3*cos(3*x)")
    assert row["right"] is True and row["decided"] == "rewriting", row
    row = asked("check", "tanh(x)", "1/cosh(x)^2", "--by", "x")
    assert row["right"] is True and row["decided"] == "sampling" and row["points"] >= 8, row
    row = asked("check", "x^2 + sin(3*x)", "2*x + cos(3*x)")
    assert row["right"] is False, row
    wrong = row["mistake"]
    assert wrong["kind"] == "inner-factor" and (wrong["line"], wrong["column"], wrong["length"]) == (1, 7, 8), wrong
    out = ask("check", "x^2 + sin(3*x)", "2*x + cos(3*x)").out
    assert out.startswith("wrong: the derivative of the inner function 3*x is missing"), out
    assert "  | x^2 + sin(3*x)\n  |       ^^^^^^^^\n" in out, out


def test_check_of_a_program():
    folder = folder_with(p__wen="x = [1, 2]\nA = [[1, 2], [3, 4]]\nx'*A*x\n")
    assert asked("check", "-f", folder + "/p.wen", "A*x + A'*x", "--by", "x")["right"] is True
    assert asked("check", "-f", folder + "/p.wen", "2*A*x", "--by", "x")["mistake"]["kind"] == "layout"
    refused("check", "x^2", status=2, kind="usage")
    refused("check", "x^2", "2*", status=3, kind="syntax")


def test_check_at_the_prompt():
    t = Terminal()
    assert "right: by rewriting" in t.enter(':check x^2 "2*x"')
    assert "wrong: " in t.enter(':check sin(x) "-cos(x)"')
    assert "needs an answer in quotes" in t.enter(":check x^2")
    assert t.end() == 0


def test_why_runs_the_misconceptions_beside_the_truth():
    row = asked("why", QUIZ, "x=2", "z=3")
    names = [m["name"] for m in row["why"]]
    assert names == ["assignment", "order", "inner", "step", "branch", "depth", "swell"], names
    lost = row["why"][0]
    assert lost["shows"] is True and abs(lost["rows"][0]["mistaken"] - 1210.28638047821) < 1e-8, lost
    assert "= instead of +=" in ask("why", QUIZ, "x=2", "z=3").out


def test_graph_is_dot_svg_tikz_or_json():
    assert ask("graph", QUIZ, "x=2", "z=3").out.startswith("digraph")
    assert "404.854" in ask("graph", QUIZ, "x=2", "z=3").out
    svg = ask("graph", QUIZ, "--as", "svg").out
    xml.dom.minidom.parseString(svg)
    assert "adjoint" not in svg and "v1 = x*z" in svg
    assert "\\begin{tikzpicture}" in ask("graph", QUIZ, "--as", "tikz").out
    row = asked("graph", "sin(x)*x", "x=2")
    assert [n["name"] for n in row["nodes"]] == ["x", "v1", "v2"] and len(row["edges"]) == 3, row
    focused = asked("graph", QUIZ, "x=2", "z=3", "--focus", "v2")
    assert len(focused["nodes"]) < len(asked("graph", QUIZ, "x=2", "z=3")["nodes"])
    refused("graph", "x", "--focus", "nobody", status=3, kind="name")
    refused("graph", "x", "--theme", "pink", status=2, kind="usage")


def test_exercise_poses_and_marks():
    row = asked("exercise", "--level", "3", "--seed", "3")
    assert row["level"] == 3 and row["by"] == "x", row
    right = ask("diff", row["exercise"]).out.strip()
    assert asked("exercise", "--level", "3", "--seed", "3", right)["right"] is True
    assert asked("exercise", "--level", "3", "--seed", "3", "(" + right + ")*x")["right"] is False
    refused("exercise", "--level", "9", status=2, kind="usage")


def test_exercise_at_the_prompt():
    t = Terminal()
    posed = t.enter(":exercise --level 2 --seed 3")
    assert "tanh(x)/x^2" in posed, posed
    assert "wrong: " in t.enter(":check (1 - tanh(x)^2)/(2*x)")
    assert "right: " in t.enter(":check ((1 - tanh(x)^2)*x^2 - 2*x*tanh(x))/x^4")
    assert t.end() == 0


def test_plot_of_a_curve_has_its_derivative():
    rows = ask("plot", "sin(x)*a", "a=2", "--over", "x=-1..1", "--as", "csv").out.splitlines()
    assert rows[0] == "x,value,d/dx" and len(rows) == 402, rows[0]
    assert rows[201] == "0,0,2", rows[201]
    svg = ask("plot", "sigmoid(x)", "--over", "x=-4..4").out
    xml.dom.minidom.parseString(svg)
    assert svg.count('class="curve k0" d=') == 1 and svg.count('class="curve k1" d=') == 1
    assert "nan" not in ask("plot", "1/x", "--over", "x=-1..1").out


def test_plot_over_two_inputs_has_contours_and_data():
    svg = ask("plot", "x^2 + z^2", "--over", "x=-1..1", "--over", "z=-1..1").out
    xml.dom.minidom.parseString(svg)
    assert svg.count('class="contour"') == 10
    boundary = ask("plot", "sigmoid(x + z - 1)", "--over", "x=-1..3", "--over", "z=-1..3", "--contour", "0.5", "--points",
                   "[[0, 0, 0], [0, 1, 1], [1, 0, 1], [1, 1, 1]]").out
    assert boundary.count('class="contour"') == 1 and boundary.count("<circle") == 1 and "class 1" in boundary
    row = asked("plot", "x*z", "--over", "x=-1..1", "--over", "z=-1..1", "--contour", "0")
    assert row["contours"][0]["level"] == 0 and row["contours"][0]["segments"] > 50, row["contours"]


def test_plot_of_a_loss_over_steps():
    folder = folder_with(p__wen="w = 0\nL = (w - 3)^2\n")
    rows = ask("plot", "-f", folder + "/p.wen", "-e", "L", "--each", "w := w - 0.1*diff(L, w)", "--steps", "20", "--as", "csv").out.splitlines()
    assert rows[0] == "step,L" and rows[1] == "0,9" and len(rows) == 22, rows[:3]
    assert abs(float(rows[-1].split(",")[1]) - (2.96541235486179 - 3) ** 2) < 1e-15
    xml.dom.minidom.parseString(ask("plot", "-f", folder + "/p.wen", "-e", "L", "--each", "w := w - 0.1*diff(L, w)", "--log").out)


def test_plot_refuses_what_it_cannot_draw():
    refused("plot", "[x, x]", status=3, kind="shape")
    refused("plot", "x*z*a", status=2, kind="usage")
    refused("plot", "x", "--over", "x=4..-4", status=2, kind="usage")
    refused("plot", "x", "--over", "q=0..1", status=3, kind="name")


def test_trace_and_paths_as_latex():
    out = ask("trace", "exp(x*z)", "x=2", "z=3", "--as", "latex").out
    assert out.startswith("\\begin{tabular}{lrrrrl}") and "\\texttt{v1 = x*z} & $6$ & $3$ & $2$" in out, out
    out = ask("paths", "x*sin(x)", "x=2", "--as", "latex").out
    assert "x \\to v_{1} \\to v_{2} &\\colon" in out, out
    refused("trace", "x", "x=1", "--as", "dot", status=2, kind="usage")


LESSONS = (("trace",), ("paths",), ("eliminate",), ("why",), ("graph",), ("steps", "--by", "x"))


def layered(layers=60):
    text = "x = [0.5, -0.2]\nW = [[0.5, 0.1], [0.2, 0.4]]\nb = [0.1, 0.2]\nf(h) = tanh(W*h + b)\nh1 = f(x)\n"
    text += "".join("h%d = f(h%d)\n" % (k, k - 1) for k in range(2, layers + 1))
    return folder_with(p__wen=text + "sum(h%d.^2)\n" % layers) + "/p.wen"


def check_svg(text):
    """Well-formed; ids are there once, references lead to ids; it says what it shows; no script, nothing from outside."""
    tree = xml.dom.minidom.parseString(text)
    elements = tree.getElementsByTagName("*")
    ids = [e.getAttribute("id") for e in elements if e.hasAttribute("id")]
    assert len(ids) == len(set(ids)), ids
    root = tree.documentElement
    assert root.tagName == "svg" and root.getAttribute("role") == "img"
    assert all(name in ids for name in root.getAttribute("aria-labelledby").split())
    width, height = (float(n) for n in root.getAttribute("viewBox").split()[2:])
    assert 0 < width < 1e5 and 0 < height < 1e5
    for e in elements:
        assert e.tagName in ("svg", "title", "desc", "style", "defs", "marker", "g", "path", "rect", "text", "circle", "line"), e.tagName
        for _, value in e.attributes.items():
            assert "nan" not in value.split() and "inf" not in value.split()
            if value.startswith("url("):
                assert value[5:-1] in ids, value
        if e.tagName == "text" and e.hasAttribute("x"):
            assert -1 <= float(e.getAttribute("x")) <= width


def test_every_lesson_is_text_latex_svg_and_json():
    for words in LESSONS:
        arguments = (words[0], QUIZ, *words[1:], *(() if words[0] == "steps" else ("x=2", "z=3")))
        text = ask(*arguments, "--as", "text").out
        assert max(map(len, text.splitlines())) <= 120 and "1208" in text or words[0] == "steps", text
        latex = ask(*arguments, "--as", "latex").out
        assert ("\\begin{align*}" if words[0] == "steps" else "\\begin{tabular}" if words[0] == "why" else "\\begin{tikzpicture}") in latex, latex
        for theme in ("light", "dark", "auto"):
            check_svg(ask(*arguments, "--as", "svg", "--theme", theme).out)
        assert asked(*arguments)["schema"] == 1
        assert ask(*arguments, "--as", "svg").out == ask(*arguments, "--as", "svg").out
        refused(*arguments, "--as", "gif", status=2, kind="usage")


def test_every_lesson_of_arrays_loops_and_branches():
    programs = (("sum((W*x - 1).^2)", "x=[1, 2]", "W=[[1, 2], [3, 4]]"), ("if(x > 1, x^2, relu(x))", "x=1"),
                ("sum(i in 1..5, sin(i*x))", "x=2"), ("iterate(g, x, 4)", "x=0.5"), ("x", "x=1"), ("[x, x^2]'", "x=2"))
    for program in programs:
        for words in LESSONS:
            arguments = (words[0], program[0], *words[1:], *program[1:])
            if "iterate" in program[0]:
                arguments = (words[0], "-f", folder_with(p__wen="g(u) = sin(u)\n") + "/p.wen", "-e", program[0], *words[1:], *program[1:])
            assert ask(*arguments, "--as", "text").out, arguments
            assert ask(*arguments, "--as", "latex").out, arguments
            check_svg(ask(*arguments, "--as", "svg").out)


def test_digits_of_a_lesson_are_those_asked_for():
    assert "0.666667" in ask("trace", "x/3", "x=2", "--digits", "6").out
    assert "0.6666666666666666" in ask("trace", "x/3", "x=2").out
    assert "[0.33, 0.67]" in ask("trace", "sum((v/3).^2)", "v=[1, 2]", "--digits", "2").out
    assert "0.33" in ask("graph", "x/3", "x=2", "--digits", "2", "--as", "text").out
    refused("trace", "x", "x=1", "--digits", "18", status=2, kind="usage")
    refused("eval", "x", "x=1", "--digits", "18", status=2, kind="usage")


def test_partials_of_a_trace_as_formulas():
    out = ask("trace", "sin(x*z)/x", "x=2", "z=3", "--formulas").out
    assert "dv1/dx = z = 3" in out and "dv2/dv1 = cos(v1) = 0.960170286650366" in out and "dv3/dx = -v2/x^2 = 0.069853" in out, out
    assert "cos(" not in ask("trace", "sin(x*z)/x", "x=2", "z=3").out
    assert asked("trace", "sin(x*z)/x", "x=2", "z=3", "--formulas")["trace"][3]["formulas"] == ["cos(v1)"]


def test_arrays_of_a_trace_have_all_their_digits():
    out = ask("trace", "sum(exp(v))", "v=[-1, 2.7, 0.5]").out
    for number in ("0.36787944117144233", "14.87973172487283", "1.6487212707001282"):
        assert number in out, out


def test_sixty_equal_layers_are_one_box():
    program = layered()
    row = asked("graph", "-f", program)
    assert len(row["nodes"]) == 6 and [n["times"] for n in row["nodes"] if "times" in n] == [60], row["nodes"]
    focused = asked("graph", "-f", program, "--focus", "h30", "--reach", "3")
    names = [n["name"] for n in focused["nodes"]]
    assert "h30" in names and "h29" in names and "h28" not in names, names
    assert len(asked("graph", "-f", program, "--most", "500")["nodes"]) == 185
    refused("graph", "-f", program, "--most", "1", status=2, kind="usage")


def test_steps_of_a_long_program_say_what_they_leave_out():
    program = layered(400)
    out = ask("steps", "-f", program, "--by", "x").out
    assert "1162 more rules, and the factor of the differential is the gradient" in out, out[-3000:]
    assert "chain rule with the hyperbolic rule, inner function u = W*h399 + b" in out and len(out) < 100000
    assert asked("steps", "-f", program, "--by", "x")["left_out"] == 1162
    assert ask("steps", "-f", program, "--by", "x", "--hint", "2").out.count("\n") < 15


def test_why_of_a_network_of_arrays():
    row = asked("why", "-f", layered(12))
    shows = {m["name"]: m["shows"] for m in row["why"]}
    assert shows["assignment"] and shows["inner"] and shows["step"] and shows["depth"], shows
    inner = next(m for m in row["why"] if m["name"] == "inner")
    assert any(r["label"].endswith("dW[1,2]") and r["mistaken"] != r["right"] for r in inner["rows"]), inner


if __name__ == "__main__":
    sys.exit(main(globals()))
