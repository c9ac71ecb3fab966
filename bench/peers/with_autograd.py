"""autograd: functions over its numpy, differentiated by elementwise_grad, grad, jacobian."""
from importlib.metadata import version

import autograd.numpy as np
from autograd import elementwise_grad, hessian, jacobian, value_and_grad
from autograd.scipy.special import logsumexp

VERSION = version("autograd")


def lecture(x, z):
    return np.exp(x * z) + x * z / np.log(x) + np.sin(np.log(x)) / (x * z)


def rosenbrock(x):
    return np.sum(100 * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2)


def chain(x):
    return logsumexp(x) + np.sum(np.sin(x[:-1]) * x[1:])


def network(x, A, B):
    h = np.tanh(np.dot(A, x))
    i = np.arange(1, B.shape[0] + 1)
    return np.sum(B * np.sin(h[None, :] + i[:, None]), axis=1)


def mlp(W1, b1, W2, b2, X, Y):
    h = 1 / (1 + np.exp(-(np.dot(W1, X) + b1[:, None])))
    o = np.dot(W2, h) + b2[:, None]
    return -np.sum(Y * (o - logsumexp(o, axis=0, keepdims=True)))


def mixture(a, M, Q, L, X, mask):
    d, n = X.shape
    parts, prior = [], 0.0
    for k in range(len(a)):
        Lk = L[k * d:(k + 1) * d] * mask
        Z = np.dot(np.diag(np.exp(Q[k])) + Lk, X - M[k][:, None])
        parts.append(a[k] + np.sum(Q[k]) - 0.5 * np.sum(Z ** 2, axis=0))
        prior = prior + np.sum(Lk ** 2)
    return np.sum(logsumexp(np.array(parts), axis=0)) - n * logsumexp(a) + 0.5 * (np.sum(np.exp(Q) ** 2) + prior)


def bundle(p, m):
    x = p[11:14] - p[3:6]
    t = np.sqrt(p[0] ** 2 + p[1] ** 2 + p[2] ** 2)
    w = p[0:3] / t
    cross = np.array([w[1] * x[2] - w[2] * x[1], w[2] * x[0] - w[0] * x[2], w[0] * x[1] - w[1] * x[0]])
    y = x * np.cos(t) + cross * np.sin(t) + w * (np.dot(w, x) * (1 - np.cos(t)))
    u = y[:2] / y[2]
    r = np.dot(u, u)
    return p[14] * (u * (1 + r * (p[9] + r * p[10])) * p[6] + p[7:9] - m)


def scalar(f, names, by):
    def build(given, _):
        args = [given[n] for n in names]
        g = value_and_grad(f, by)

        def call():
            v, d = g(*args)
            return [v, *d]
        return call
    return build


def each_point(given, _):
    x, z = given["x"], given["z"]
    dx, dz = elementwise_grad(lecture, 0), elementwise_grad(lecture, 1)
    return lambda: [lecture(x, z), dx(x, z), dz(x, z)]


def of_x(f):
    def build(given, _):
        x, g = given["x"], value_and_grad(f)
        return lambda: list(g(x))
    return build


def matrix(f, names):
    def build(given, _):
        args = [given[n] for n in names]
        j = jacobian(f, 0)
        return lambda: [f(*args), j(*args)]
    return build


def second(f):
    def build(given, _):
        x, h = given["x"], hessian(f)
        return lambda: [f(x), h(x)]
    return build


PROBLEMS = {
    ("lecture", "gradient"): scalar(lecture, ["x", "z"], (0, 1)),
    ("lecture", "gradients of a batch"): each_point,
    ("speelpenning", "gradient"): of_x(np.prod),
    ("rosenbrock", "gradient"): of_x(rosenbrock),
    ("logsumexp-chain", "gradient"): of_x(chain),
    ("network", "jacobian"): matrix(network, ["x", "A", "B"]),
    ("mixture", "gradient"): scalar(mixture, ["a", "M", "Q", "L", "X", "mask"], (0, 1, 2, 3)),
    ("bundle", "jacobian"): matrix(bundle, ["p", "m"]),
    ("mlp", "gradient"): scalar(mlp, ["W1", "b1", "W2", "b2", "X", "Y"], (0, 1, 2, 3)),
    ("logsumexp-chain", "hessian"): second(chain),
    ("speelpenning", "hessian"): second(np.prod),
}
