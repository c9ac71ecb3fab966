"""Matrix formulas, abstract functions and Taylor coefficients at the command line.

    formulas_test.py PROGRAM [PART OF A NAME]
"""
import json
import sys

from program import ask, asked, main, refused
from terminal import Terminal


def script(text):
    return ask("-", stdin=text.encode()).out


def test_gradients_are_matrix_formulas():
    assert ask("diff", "input A[3,3], x[3]; x'*A*x", "--by", "x").out == "A*x + A'*x\n"
    assert ask("grad", "input A[3,3], x[3]; x'*A*x", "--wrt", "x").out == "A*x + A'*x\n"
    assert script("input X[4,4]\ngrad(logdet(X), X)") == "inv(X)'\n"
    assert script("input X[3,3]\ngrad(det(X), X)") == "det(X)*inv(X)'\n"


def test_softmax_with_cross_entropy_collapses():
    loss = "grad(cross_entropy(softmax(z), y), z)\n"
    assert script("input z[4], y[4]\n" + loss) == "sum(y)*softmax(z) - y\n"
    assert script("input z[4]\nconst y = [0, 1, 0, 0]\n" + loss) == "softmax(z) - y\n"
    assert script("input z[4]\nconst y = [0.1, 0.2, 0.3, 0.4]\n" + loss) == "softmax(z) - y\n"
    assert script("input z[4]\nconst y = [0, 1, 1, 0]\n" + loss) == "sum(y)*softmax(z) - y\n"
    assert script("input z[2, 3]\nconst y = [[0, 1, 0.5], [1, 0, 0.5]]\n" + loss) == "softmax(z) - y\n"
    assert script("input z[4]\ny = [0, 1, 0, 0]\n" + loss) == "sum(y)*softmax(z) - y\n"


def test_a_network_s_gradients_share_their_lines():
    out = ask("grad", "input W1[5,3], b1[5], W2[2,5], b2[2], x[3], y[2]\nh = sigmoid(W1*x + b1)\n"
              "cross_entropy(softmax(W2*h + b2), y)", "--wrt", "W1,b1,W2,b2").out
    lines = dict(line.split("   ", 1) if line.startswith("d/d") else line.split(" = ", 1) for line in out.splitlines())
    assert lines["h"] == "sigmoid(b1 + W1*x)", out
    second, first = lines["d/db2"], lines["d/db1"]
    assert second in lines and first in lines, out
    assert lines["d/dW2"] == second + "*h'" and lines["d/dW1"] == first + "*x'", out


def test_jacobians_and_hessians_have_matrix_form():
    for program, formula in (
            ("input A[2,3], x[3]\njacobian(A*x, x)", "A"),
            ("input A[2,3], X[3,4]\njacobian(A*X, X)", "kron(A, eye(4))"),
            ("input x[3]\nhessian(logsumexp(x), x)", "diag(softmax(x)) - softmax(x)*softmax(x)'"),
            ("input v[300]\nhessian(sum(v.^3), v)", "diag(6*v)"),
            ("input x[3]\nhessian(norm(x)^2, x)", "2*eye(3)")):
        assert script(program) == formula + "\n", (program, script(program))
    assert ask("jacobian", "input A[2,3], x[3]; A*x", "--wrt", "x").out == "A\n"
    assert ask("hessian", "input A[3,3], x[3]; x'*A*x", "--wrt", "x").out == "A + A'\n"
    assert ask("hessian", "x^2*z").out == "d/dx^2   2*z\nd/dx dz   2*x\nd/dz^2   0\n"


def test_what_is_no_matrix_is_shown_by_its_entries():
    assert script("input X[2,3]\njacobian(sin(X)', X)") == "element [i, j] by element [k, l]: (j == k)*(i == l)*cos(X)[j, i]\n"
    row = json.loads(ask("--json", "-", stdin=b"input X[2,3]\njacobian(sin(X)', X)").out)
    assert row["entry"] == {"of": ["i", "j"], "by": ["k", "l"]} and row["shape"] == [6, 6] and row["kind"] == "formula", row


def test_the_layout_is_the_one_asked_for():
    program = "input A[2,3], x[3]; A*x"
    assert ask("jacobian", program, "--wrt", "x", "--layout", "numerator").out == "A\n"
    assert ask("jacobian", program, "--wrt", "x", "--layout", "denominator").out == "A'\n"
    assert ask("grad", "input a[3], x[3]; a'*x", "--wrt", "x", "--layout", "numerator").out == "a'\n"
    assert ask("grad", "input a[3], x[3]; a'*x", "--wrt", "x", "--layout", "denominator").out == "a\n"
    refused("grad", "x^2", "--layout", "sideways", status=2, kind="usage")


def test_the_layout_holds_for_values_too():
    program, at = "x[1]*A*x", ("A=[[1,2],[3,4],[5,6]]", "x=[1,-1]")
    usual = asked("jacobian", program, *at, "--wrt", "x")["jacobian"]["x"]
    assert usual == [[0, 2], [2, 4], [4, 6]], usual
    numerator = asked("jacobian", program, *at, "--wrt", "x", "--layout", "numerator")
    assert numerator["jacobian"]["x"] == usual and numerator["layout"] == "numerator"
    denominator = asked("jacobian", program, *at, "--wrt", "x", "--layout", "denominator", "--mode", "all")
    assert denominator["jacobian"]["x"] == [[0, 2, 4], [2, 4, 6]], denominator
    assert denominator["modes"]["forward"]["jacobian"]["x"] == [[0, 2, 4], [2, 4, 6]]
    text = ask("jacobian", program, *at, "--wrt", "x", "--layout", "denominator").out
    assert text.splitlines()[1].split() == ["[1]", "[2]", "[3]"] and text.splitlines()[2].split() == ["x[1]", "0", "2", "4"], text
    # A gradient has the shape of its variable; in the numerator layout it is transposed.
    scalar, at = "sum(W*[1,2])", ("W=[[1,2],[3,4],[5,6]]",)
    assert asked("grad", scalar, *at)["gradient"]["W"] == [[1, 2], [1, 2], [1, 2]]
    assert asked("grad", scalar, *at, "--layout", "denominator")["gradient"]["W"] == [[1, 2], [1, 2], [1, 2]]
    assert asked("grad", scalar, *at, "--layout", "numerator")["gradient"]["W"] == [[1, 1, 1], [2, 2, 2]]
    assert asked("grad", "x'*x", "x=[1,2]", "--layout", "numerator")["gradient"]["x"] == [[2, 4]]
    assert ask("jacobian", "x'*x", "x=[1,2]", "--layout", "numerator").out == "d/dx   [[2, 4]]\n"
    assert asked("jacobian", "x'*x", "x=[1,2]", "--layout", "denominator")["jacobian"]["x"] == [2, 4]


def test_constants_do_not_keep_formulas_away():
    assert ask("grad", "input z[3]; const y = [0, 1, 0]; cross_entropy(softmax(z), y)").out == "softmax(z) - y\n"


def test_some_values_are_not_no_values():
    message, error = refused("grad", "x*z", "x=1", status=3, kind="name")
    assert "`z`" in message


def test_abstract_functions_are_formulas():
    assert script("function u, v\ndiff(u(x)*v(x), x)") == "v(x)*u'(x) + u(x)*v'(x)\n"
    assert ask("diff", "function u; u(x^2)", "--by", "x", "--order", "2").out == "4*x^2*u''(x^2) + 2*u'(x^2)\n"
    assert ask("grad", "function u; u(x)*z").out == "d/dx   z*u'(x)\nd/dz   u(x)\n"
    message, error = refused("function u; u(x)", "x=1", status=3, kind="name")
    assert "`u` is an abstract function" in message, message
    refused("grad", "function u; u(x)", "x=1", status=3, kind="name")
    refused("taylor", "function u; u(x)", "x=1", status=3, kind="name")


def test_taylor_coefficients():
    row = asked("taylor", "x^x", "x=1", "--order", "7")
    closed = [1, 1, 1, 1 / 2, 1 / 3, 1 / 12, 3 / 40, -1 / 120]
    assert all(abs(a - b) <= 1e-14 for a, b in zip(row["coefficients"], closed)) and len(row["coefficients"]) == 8, row
    assert row["value"] == 1
    assert ask("taylor", "x^2 + z", "x=1", "z=5", "--by", "x", "--order", "3").out.split()[-8:] == ["0", "6", "1", "2", "2", "1", "3", "0"]
    rows = asked("taylor", "[exp(t), t^2]", "t=0", "--order", "2")["coefficients"]
    assert rows == [[1, 1, 0.5], [0, 0, 1]], rows
    assert len(asked("taylor", "exp(x)", "x=0", "--order", "1000")["coefficients"]) == 1001
    refused("taylor", "x*z", "x=1", "z=2", status=2, kind="usage")
    refused("taylor", "x*z", "x=1", "--by", "x", status=3, kind="name")
    refused("taylor", "x", "x=1", "--order", "1001", status=2, kind="usage")
    refused("taylor", "sum(v)", "v=[1,2]", status=3, kind="shape")


def test_taylor_and_lessons_carry_their_warnings():
    for command in ("taylor", "trace", "paths", "why"):
        for text, kind in (("log(x)", "domain"), ("abs(x)", "kink"), ("x^2", None)):
            row = asked(command, text, "x=0")
            assert [w["kind"] for w in row["warnings"]] == ([kind] if kind else []), (command, text, row["warnings"])
            assert list(row)[-1] == "warnings"
    assert "warning" in ask("taylor", "log(x)", "x=0").err and ask("taylor", "log(x)", "x=0", "--strict", status=1).err
    assert asked("taylor", "abs(x)", "x=0", "--order", "2")["warnings"][0]["column"] == 1


def test_taylor_at_the_prompt():
    t = Terminal()
    t.enter("x = 0")
    t.enter("y = sin(x)")
    out = t.enter(":taylor y --order 3")
    assert "coefficient" in out and out.split()[-9:-1] == ["0", "0", "1", "1", "2", "0", "3", "-0.16666666666666666"], out
    t.enter("z = 2")
    assert "error" in t.enter(":taylor x*z")
    assert t.enter(":taylor x^2 + 2*x*z --by x --order 2").split()[-7:-1] == ["0", "0", "1", "4", "2", "1"]
    assert t.end() == 0


def test_taylor_of_a_loop_and_of_its_gradient():
    loop = "f(u) = u^2 + c; iterate(f, c, 3)"
    c = asked("taylor", loop, "c=0.5", "--order", "4")["coefficients"]
    d = asked("taylor", "f(u) = u^2 + c; grad(iterate(f, c, 3), c)", "c=0.5", "--order", "3")["coefficients"]
    assert all(abs(d[k] - (k + 1) * c[k + 1]) <= 1e-12 * abs(d[k]) for k in range(4)), (c, d)


if __name__ == "__main__":
    sys.exit(main(globals()))
