"""CasADi: SX for scalar programs, MX where arrays stay whole; run by its virtual machine on buffers."""
import casadi as ca
import numpy as np

VERSION = ca.__version__


def lecture(x, z):
    return ca.exp(x * z) + x * z / ca.log(x) + ca.sin(ca.log(x)) / (x * z)


def rosenbrock(x):
    return ca.sum1(100 * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2)


def chain(x):
    return ca.logsumexp(x) + ca.sum1(ca.sin(x[:-1]) * x[1:])


def product(x):
    y = x[0]
    for k in range(1, x.shape[0]):
        y = y * x[k]
    return y


def network(x, A, B):
    h = ca.tanh(A @ x)
    i = ca.DM(range(1, B.shape[0] + 1))
    return ca.sum2(B * ca.sin(ca.repmat(h.T, B.shape[0], 1) + ca.repmat(i, 1, h.shape[0])))


def columns(v, n):
    return ca.repmat(v, 1, n)


def logsumexp_of_columns(A):
    high = A[0, :]
    for k in range(1, A.shape[0]):
        high = ca.fmax(high, A[k, :])
    return ca.log(ca.sum1(ca.exp(A - ca.repmat(high, A.shape[0], 1)))) + high


def mlp(W1, b1, W2, b2, X, Y):
    n = X.shape[1]
    h = 1 / (1 + ca.exp(-(W1 @ X + columns(b1, n))))
    o = W2 @ h + columns(b2, n)
    return -ca.sum1(ca.sum2(Y * (o - ca.repmat(logsumexp_of_columns(o), o.shape[0], 1))))


def mixture(a, M, Q, L, X, mask):
    d, n = X.shape
    parts, prior = [], 0
    for k in range(a.shape[0]):
        Lk = L[k * d:(k + 1) * d, :] * mask
        q = Q[k, :].T
        Z = (ca.diag(ca.exp(q)) + Lk) @ (X - columns(M[k, :].T, n))
        parts.append(a[k] + ca.sum1(q) - 0.5 * ca.sum1(Z ** 2))
        prior = prior + ca.sumsqr(Lk)
    all_parts = ca.sum2(logsumexp_of_columns(ca.vertcat(*parts)))
    return all_parts - n * ca.logsumexp(a) + 0.5 * (ca.sumsqr(ca.exp(Q)) + prior)


def bundle(p, m):
    x, t = p[11:14] - p[3:6], ca.sqrt(ca.sumsqr(p[:3]))
    w = p[:3] / t
    y = x * ca.cos(t) + ca.cross(w, x) * ca.sin(t) + w * (ca.dot(w, x) * (1 - ca.cos(t)))
    u = y[:2] / y[2]
    r = ca.dot(u, u)
    return p[14] * (u * (1 + r * (p[9] + r * p[10])) * p[6] + p[7:9] - m)


def compiled(inputs, outputs, numbers, by_rows):
    """inputs: symbols; outputs: expressions. CasADi is column-major: by_rows says which outputs to turn."""
    outputs = [ca.densify(o.T if turn else o) for o, turn in zip(outputs, by_rows)]
    f = ca.Function("f", inputs, outputs)
    buffer, run = f.buffer()
    kept = [np.asfortranarray(np.asarray(x, dtype=float)).reshape(-1, order="F").copy() for x in numbers]
    results = [np.zeros(o.numel()) for o in outputs]
    for k, x in enumerate(kept):
        buffer.set_arg(k, memoryview(x))
    for k, r in enumerate(results):
        buffer.set_res(k, memoryview(r))

    def call():
        run()
        return results
    call.without_copies = run
    call.kept = (buffer, kept, f)  # the buffers belong to the call
    return call


def symbols(sym, given, names):
    return [sym(n, *(np.asarray(given[n]).shape or (1,))) for n in names]


def gradient(f, names, by, sym):
    def build(given, _):
        s = symbols(sym, given, names)
        y = f(*s)
        derivatives = [ca.gradient(y, s[k]) for k in by]
        return compiled(s, [y, *derivatives], [given[n] for n in names], [False] + [d.shape[1] > 1 for d in derivatives])
    return build


def matrix(f, names, sym):
    def build(given, _):
        s = symbols(sym, given, names)
        y = f(*s)
        return compiled(s, [y, ca.jacobian(y, s[0])], [given[n] for n in names], [False, True])
    return build


def second(f, sym):
    def build(given, _):
        s = symbols(sym, given, ["x"])
        y = f(*s)
        return compiled(s, [y, ca.hessian(y, s[0])[0]], [given["x"]], [False, False])
    return build


def sparse_second(given, _):
    x = ca.MX.sym("x", len(given["x"]))
    h = ca.hessian(rosenbrock(x), x)[0]
    f = ca.Function("f", [x], [h])
    at = np.array(given["x"])
    out = np.zeros(f.nnz_out(0))
    buffer, run = f.buffer()
    buffer.set_arg(0, memoryview(at)), buffer.set_res(0, memoryview(out))

    def call():
        run()
        return [np.zeros(1), out]  # symmetric: its columns are its rows
    call.without_copies, call.kept = run, (buffer, at, f)
    return call


def each_point(given, _):
    n = len(given["x"])
    x, z = ca.SX.sym("x"), ca.SX.sym("z")
    y = lecture(x, z)
    f = ca.Function("f", [x, z], [y, ca.gradient(y, x), ca.gradient(y, z)]).map(n)
    buffer, run = f.buffer()
    kept = [np.array(given["x"]), np.array(given["z"])]
    results = [np.zeros(n) for _ in range(3)]
    for k in range(2):
        buffer.set_arg(k, memoryview(kept[k]))
    for k in range(3):
        buffer.set_res(k, memoryview(results[k]))

    def call():
        run()
        return results
    call.without_copies, call.kept = run, (buffer, kept, f)
    return call


def long_chain(given, p):
    x = ca.SX.sym("x")
    y = x
    for _ in range(p["size"] // 4):
        s = ca.sin(y * 1.1 + 0.1)
        y = s * s
    return compiled([x], [y, ca.gradient(y, x)], [given["x"]], [False, False])


def taylor(given, p):
    x, z = ca.SX.sym("x"), ca.SX.sym("z")
    y, terms, factorial = lecture(x, z), [], 1
    for k in range(p["size"] + 1):
        factorial *= max(k, 1)
        terms.append(y / factorial)
        y = ca.gradient(y, x)
    return compiled([x, z], [ca.vertcat(*terms)], [given["x"], given["z"]], [False])


PROBLEMS = {
    ("lecture", "gradient"): gradient(lecture, ["x", "z"], (0, 1), ca.SX.sym),
    ("lecture", "gradients of a batch"): each_point,
    ("speelpenning", "gradient"): gradient(product, ["x"], (0,), ca.SX.sym),
    ("rosenbrock", "gradient"): gradient(rosenbrock, ["x"], (0,), ca.MX.sym),
    ("logsumexp-chain", "gradient"): gradient(chain, ["x"], (0,), ca.MX.sym),
    ("network", "jacobian"): matrix(network, ["x", "A", "B"], ca.MX.sym),
    ("mixture", "gradient"): gradient(mixture, ["a", "M", "Q", "L", "X", "mask"], (0, 1, 2, 3), ca.MX.sym),
    ("bundle", "jacobian"): matrix(bundle, ["p", "m"], ca.SX.sym),
    ("mlp", "gradient"): gradient(mlp, ["W1", "b1", "W2", "b2", "X", "Y"], (0, 1, 2, 3), ca.MX.sym),
    ("logsumexp-chain", "hessian"): second(chain, ca.MX.sym),
    ("speelpenning", "hessian"): second(product, ca.SX.sym),
    ("rosenbrock", "sparse hessian"): sparse_second,
    ("chain", "gradient"): long_chain,
    ("taylor", "coefficients"): taylor,
}
