"""The problems as formulas over symbols, for tools that differentiate formulas; m: the tool's module.

Arrays are numpy's of formulas; what one does not differentiate by are numbers.
"""
import math

import numpy as np


def each(f, x):
    return np.vectorize(f, otypes=[object])(x)


def total(m, x):
    return m.Add(*np.asarray(x, dtype=object).reshape(-1))


def logsumexp(m, x):
    return m.log(total(m, each(m.exp, x)))


def lecture(m, x, z):
    return m.exp(x * z) + x * z / m.log(x) + m.sin(m.log(x)) / (x * z)


def speelpenning(m, x):
    return m.Mul(*x)


def rosenbrock(m, x):
    return total(m, 100 * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2)


def chain(m, x):
    return logsumexp(m, x) + total(m, each(m.sin, x[:-1]) * x[1:])


def long_chain(m, x, n):
    for _ in range(n // 4):
        s = m.sin(x * 1.1 + 0.1)
        x = s * s
    return x


def network(m, x, A, B):
    h = each(m.tanh, A.dot(x))
    return [total(m, B[i] * each(m.sin, h + (i + 1))) for i in range(len(B))]


def bundle(m, p, seen):
    x = p[11:14] - p[3:6]
    t = m.sqrt(p[0] ** 2 + p[1] ** 2 + p[2] ** 2)
    w = p[:3] / t
    cross = np.array([w[1] * x[2] - w[2] * x[1], w[2] * x[0] - w[0] * x[2], w[0] * x[1] - w[1] * x[0]])
    y = x * m.cos(t) + cross * m.sin(t) + w * (w.dot(x) * (1 - m.cos(t)))
    u = y[:2] / y[2]
    r = u.dot(u)
    return list(p[14] * (u * (1 + r * (p[9] + r * p[10])) * p[6] + p[7:9] - seen))


def mixture(m, a, M, Q, L, X, mask):
    d, n = X.shape
    parts, prior = [], []
    for k in range(len(a)):
        Lk = L[k * d:(k + 1) * d] * mask
        root = each(m.exp, Q[k])
        Z = (np.diag(root) + Lk).dot(X - M[k][:, None])
        parts.append(a[k] + total(m, Q[k]) - np.sum(Z ** 2, axis=0) / 2)
        prior += [*root ** 2, *(Lk ** 2).reshape(-1)]
    points = [logsumexp(m, column) for column in np.array(parts).T]
    return m.Add(*points) - n * logsumexp(m, a) + total(m, prior) / 2


def mlp(m, W1, b1, W2, b2, X, Y):
    loss = []
    for x, y in zip(X.reshape(W1.shape[1], -1).T, Y.reshape(W2.shape[0], -1).T):
        h = each(lambda v: 1 / (1 + m.exp(-v)), W1.dot(x) + b1)
        o = W2.dot(h) + b2
        loss.append(logsumexp(m, o) - total(m, y * o))
    return m.Add(*loss)


def stated(m, problem, given):
    """The symbols that one differentiates by, and the outputs over them; None where the problem is not stated."""
    symbols, args = [], []
    for i in problem["inputs"]:
        value = given[i["name"]]
        if not i["by"]:
            args.append(value)
        elif np.ndim(value) == 0 or problem["points"] > 1:
            args.append(m.Symbol(i["name"]))
            symbols.append(args[-1])
        else:
            names = [m.Symbol(f"{i['name']}{k}") for k in range(value.size)]
            args.append(np.array(names, dtype=object).reshape(value.shape))
            symbols += names
    f = {"lecture": lecture, "taylor": lecture, "speelpenning": speelpenning, "rosenbrock": rosenbrock,
         "logsumexp-chain": chain, "network": network, "bundle": bundle}.get(problem["problem"])
    by_name = dict(zip((i["name"] for i in problem["inputs"]), args))
    if problem["problem"] == "chain":
        y = long_chain(m, args[0], problem["size"])
    elif problem["problem"] in ("mixture", "mlp"):
        y = {"mixture": mixture, "mlp": mlp}[problem["problem"]](m, **by_name)
    else:
        y = f(m, *args)
    return symbols, y if isinstance(y, list) else [y]


def derivatives(m, problem, given):
    """Symbols, all formulas of the task, and how many there are of each result."""
    x, y = stated(m, problem, given)
    task = problem["task"]
    sizes = [r["count"] // problem["points"] for r in problem["results"]]
    if task == "coefficients":
        terms = [y[0]]
        for _ in range(problem["size"]):
            terms.append(terms[-1].diff(x[0]))
        return x, [t / math.factorial(k) for k, t in enumerate(terms)], sizes
    if task == "hessian":
        return x, [y[0], *[g.diff(v) for g in [y[0].diff(v) for v in x] for v in x]], sizes
    if task == "sparse hessian":
        slopes = [y[0].diff(v) for v in x]
        near = [slopes[i].diff(x[j]) for i in range(len(x)) for j in range(max(0, i - 1), min(len(x), i + 2))]
        return x, [0 * x[0], *near], sizes
    return x, [*y, *[e.diff(v) for e in y for v in x]], sizes


TASKS = [(name, "gradient") for name in
         ("lecture", "speelpenning", "rosenbrock", "logsumexp-chain", "mixture", "mlp", "chain")] + [
    ("lecture", "gradients of a batch"), ("network", "jacobian"), ("bundle", "jacobian"), ("logsumexp-chain", "hessian"),
    ("speelpenning", "hessian"), ("rosenbrock", "sparse hessian"), ("taylor", "coefficients")]


def point_of(problem, given):
    return np.concatenate([np.asarray(given[i["name"]], dtype=float).reshape(-1) for i in problem["inputs"] if i["by"]])
