"""autograd: functions over its numpy, differentiated by elementwise_grad, grad, jacobian."""
import math
from importlib.metadata import version

import autograd.numpy as np
import numpy
from autograd import elementwise_grad, grad, hessian, jacobian, make_hvp, value_and_grad
from autograd.scipy.special import logsumexp

import arrays

VERSION = version("autograd")
lecture, rosenbrock, chain = arrays.lecture(np), arrays.rosenbrock(np), arrays.chain(np, logsumexp)


def mlp(W1, b1, W2, b2, X, Y):
    X, Y = X.reshape(W1.shape[1], -1), Y.reshape(W2.shape[0], -1)
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


def tridiagonal(given, _):
    """Three products with the Hessian, of every third column each."""
    x, times = given["x"], make_hvp(rosenbrock)
    rows, columns, colours = (numpy.array(a) for a in arrays.tridiagonal(len(x)))
    seeds = [(colours == k).astype(float) for k in range(3)]

    def call():
        product = times(x)[0]
        return [0.0, numpy.stack([product(v) for v in seeds])[colours[columns], rows]]
    return call


def long_chain(given, p):
    def f(y):
        for _ in range(p["size"] // 4):
            s = np.sin(y * 1.1 + 0.1)
            y = s * s
        return y
    g = value_and_grad(f)
    return lambda: list(g(given["x"]))


def taylor(given, p):
    nested = [lecture]
    for _ in range(p["size"]):
        nested.append(grad(nested[-1]))
    return lambda: [numpy.array([f(given["x"], given["z"]) / math.factorial(k) for k, f in enumerate(nested)])]


PROBLEMS = {
    ("lecture", "gradient"): scalar(lecture, ["x", "z"], (0, 1)),
    ("lecture", "gradients of a batch"): each_point,
    ("speelpenning", "gradient"): scalar(np.prod, ["x"], (0,)),
    ("rosenbrock", "gradient"): scalar(rosenbrock, ["x"], (0,)),
    ("logsumexp-chain", "gradient"): scalar(chain, ["x"], (0,)),
    ("network", "jacobian"): matrix(arrays.network(np), ["x", "A", "B"]),
    ("mixture", "gradient"): scalar(mixture, ["a", "M", "Q", "L", "X", "mask"], (0, 1, 2, 3)),
    ("bundle", "jacobian"): matrix(arrays.bundle(np), ["p", "m"]),
    ("mlp", "gradient"): scalar(mlp, ["W1", "b1", "W2", "b2", "X", "Y"], (0, 1, 2, 3)),
    ("logsumexp-chain", "hessian"): second(chain),
    ("speelpenning", "hessian"): second(np.prod),
    ("rosenbrock", "sparse hessian"): tridiagonal,
    ("chain", "gradient"): long_chain,
    ("taylor", "coefficients"): taylor,
}
