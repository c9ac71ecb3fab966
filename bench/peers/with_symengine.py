"""SymEngine: derivatives as formulas, evaluated by Lambdify with common parts once, by LLVM where it was built with it."""
from importlib.metadata import version

import numpy as np
import symengine as se

VERSION = version("symengine")
BACKEND = "llvm" if se.have_llvm else "lambda"


def lecture(x, z):
    return se.exp(x * z) + x * z / se.log(x) + se.sin(se.log(x)) / (x * z)


def rosenbrock(x):
    return se.Add(*[100 * (x[i + 1] - x[i] ** 2) ** 2 + (1 - x[i]) ** 2 for i in range(len(x) - 1)])


def chain(x):
    return se.log(se.Add(*[se.exp(v) for v in x])) + se.Add(*[se.sin(x[i]) * x[i + 1] for i in range(len(x) - 1)])


def bundle(p, m):
    x = [p[11 + k] - p[3 + k] for k in range(3)]
    t = se.sqrt(p[0] ** 2 + p[1] ** 2 + p[2] ** 2)
    w = [p[k] / t for k in range(3)]
    cross = [w[1] * x[2] - w[2] * x[1], w[2] * x[0] - w[0] * x[2], w[0] * x[1] - w[1] * x[0]]
    d = sum(a * b for a, b in zip(w, x)) * (1 - se.cos(t))
    y = [x[k] * se.cos(t) + cross[k] * se.sin(t) + w[k] * d for k in range(3)]
    u = [y[0] / y[2], y[1] / y[2]]
    r = u[0] ** 2 + u[1] ** 2
    return [p[14] * (u[k] * (1 + r * (p[9] + r * p[10])) * p[6] + p[7 + k] - m[k]) for k in range(2)]


def function(args, outputs, at, sizes):
    f = se.Lambdify(args, outputs, cse=True, backend=BACKEND)
    at, out = np.array(at, dtype=float), np.zeros(len(outputs))
    ends = np.cumsum(sizes)[:-1]

    def call():
        f.unsafe_real(at, out)
        return np.split(out, ends)
    call.without_copies = lambda: f.unsafe_real(at, out)
    return call


def point(given, _):
    x, z = se.symbols("x z")
    y = lecture(x, z)
    return function([x, z], [y, y.diff(x), y.diff(z)], [given["x"], given["z"]], [1, 1, 1])


def each_point(given, _):
    x, z = se.symbols("x z")
    y = lecture(x, z)
    f = se.Lambdify([x, z], [y, y.diff(x), y.diff(z)], cse=True, backend=BACKEND)
    at = np.ascontiguousarray(np.stack([given["x"], given["z"]], axis=1))
    call = lambda: list(np.asarray(f(at)).reshape(-1, 3).T)
    call.without_copies = lambda: f(at)
    return call


def of_x(text):
    def build(given, _):
        n = len(given["x"])
        x = [se.Symbol(f"x{k}") for k in range(n)]
        y = text(x)
        return function(x, [y, *[y.diff(v) for v in x]], given["x"], [1, n])
    return build


def jacobian(given, _):
    p, m = [se.Symbol(f"p{k}") for k in range(15)], [se.Symbol(f"m{k}") for k in range(2)]
    y = bundle(p, m)
    return function([*p, *m], [*y, *[e.diff(v) for e in y for v in p]], [*given["p"], *given["m"]], [2, 30])


def taylor(given, p):
    x, z = se.symbols("x z")
    y, out, factorial = lecture(x, z), [], 1
    for k in range(p["size"] + 1):
        factorial *= max(k, 1)
        out.append(y / factorial)
        y = y.diff(x)
    return function([x, z], out, [given["x"], given["z"]], [len(out)])


PROBLEMS = {
    ("lecture", "gradient"): point,
    ("lecture", "gradients of a batch"): each_point,
    ("speelpenning", "gradient"): of_x(lambda x: se.Mul(*x)),
    ("rosenbrock", "gradient"): of_x(rosenbrock),
    ("logsumexp-chain", "gradient"): of_x(chain),
    ("bundle", "jacobian"): jacobian,
    ("taylor", "coefficients"): taylor,
}
LARGEST = {("speelpenning", "gradient"): 100, ("rosenbrock", "gradient"): 1000, ("logsumexp-chain", "gradient"): 100, ("taylor", "coefficients"): 6}
