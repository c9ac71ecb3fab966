"""SymPy: derivatives as formulas, common parts once, made into Python functions by lambdify."""
import numpy as np
import sympy as sp

VERSION = sp.__version__


def lecture(x, z):
    return sp.exp(x * z) + x * z / sp.log(x) + sp.sin(sp.log(x)) / (x * z)


def rosenbrock(x):
    return sum(100 * (x[i + 1] - x[i] ** 2) ** 2 + (1 - x[i]) ** 2 for i in range(len(x) - 1))


def bundle(p, m):
    x = [p[11 + k] - p[3 + k] for k in range(3)]
    t = sp.sqrt(p[0] ** 2 + p[1] ** 2 + p[2] ** 2)
    w = [p[k] / t for k in range(3)]
    cross = [w[1] * x[2] - w[2] * x[1], w[2] * x[0] - w[0] * x[2], w[0] * x[1] - w[1] * x[0]]
    d = sum(a * b for a, b in zip(w, x)) * (1 - sp.cos(t))
    y = [x[k] * sp.cos(t) + cross[k] * sp.sin(t) + w[k] * d for k in range(3)]
    u = [y[0] / y[2], y[1] / y[2]]
    r = u[0] ** 2 + u[1] ** 2
    return [p[14] * (u[k] * (1 + r * (p[9] + r * p[10])) * p[6] + p[7 + k] - m[k]) for k in range(2)]


def function(args, outputs):
    return sp.lambdify(args, outputs, modules="math", cse=True)


def point(given, _):
    x, z = sp.symbols("x z")
    y = lecture(x, z)
    f = function([x, z], [y, y.diff(x), y.diff(z)])
    return lambda: f(given["x"], given["z"])


def each_point(given, _):
    x, z = sp.symbols("x z")
    y = lecture(x, z)
    f = sp.lambdify([x, z], [y, y.diff(x), y.diff(z)], modules="numpy", cse=True)
    return lambda: f(given["x"], given["z"])


def of_x(text):
    def build(given, _):
        x = sp.symbols(f"x0:{len(given['x'])}")
        y = text(x)
        f = function([x], [y, *[y.diff(v) for v in x]])
        at = [float(v) for v in given["x"]]

        def call():
            out = f(at)
            return [out[0], out[1:]]
        return call
    return build


def jacobian(given, _):
    p, m = sp.symbols("p0:15"), sp.symbols("m0:2")
    y = bundle(p, m)
    f = function([p, m], [*y, *[e.diff(v) for e in y for v in p]])
    at, to = [float(v) for v in given["p"]], [float(v) for v in given["m"]]

    def call():
        out = f(at, to)
        return [out[:2], out[2:]]
    return call


def taylor(given, p):
    x, z = sp.symbols("x z")
    y, out = lecture(x, z), []
    for k in range(p["size"] + 1):
        out.append(y / sp.factorial(k))
        y = y.diff(x)
    f = function([x, z], out)
    return lambda: [np.array(f(given["x"], given["z"]))]


PROBLEMS = {
    ("lecture", "gradient"): point,
    ("lecture", "gradients of a batch"): each_point,
    ("speelpenning", "gradient"): of_x(lambda x: sp.prod(x)),
    ("rosenbrock", "gradient"): of_x(rosenbrock),
    ("bundle", "jacobian"): jacobian,
    ("taylor", "coefficients"): taylor,
}
LARGEST = {("speelpenning", "gradient"): 100, ("rosenbrock", "gradient"): 100, ("taylor", "coefficients"): 6}
