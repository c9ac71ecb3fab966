"""JAX: functions over jax.numpy, compiled by jit in double precision."""
import jax
import jax.numpy as np
import numpy
from jax.experimental.jet import jet
from jax.scipy.special import logsumexp

import arrays

jax.config.update("jax_enable_x64", True)
VERSION = jax.__version__


lecture, rosenbrock, chain = arrays.lecture(np), arrays.rosenbrock(np), arrays.chain(np, logsumexp)


def mlp(W1, b1, W2, b2, X, Y):
    X, Y = X.reshape(W1.shape[1], -1), Y.reshape(W2.shape[0], -1)
    o = W2 @ jax.nn.sigmoid(W1 @ X + b1[:, None]) + b2[:, None]
    return -np.sum(Y * jax.nn.log_softmax(o, axis=0))


def mixture(a, M, Q, L, X, mask):
    d, n = X.shape
    Ls = L.reshape(-1, d, d) * mask
    Z = (jax.vmap(np.diag)(np.exp(Q)) + Ls) @ (X[None] - M[:, :, None])
    parts = a[:, None] + np.sum(Q, 1)[:, None] - 0.5 * np.sum(Z ** 2, 1)
    return np.sum(logsumexp(parts, axis=0)) - n * logsumexp(a) + 0.5 * (np.sum(np.exp(Q) ** 2) + np.sum(Ls ** 2))


def prepared(f, args):
    """Compiled; results stay on the device until they are asked for."""
    args = [np.asarray(a) for a in args]
    compiled = jax.jit(f)
    call = lambda: [numpy.asarray(r) for r in jax.tree_util.tree_leaves(compiled(*args))]
    call.without_copies = lambda: jax.block_until_ready(compiled(*args))
    return call


def gradient(f, names, by=(0,)):
    return lambda given, _: prepared(jax.value_and_grad(f, by), [given[n] for n in names])


def each_point(given, _):
    return prepared(jax.vmap(jax.value_and_grad(lecture, (0, 1))), [given["x"], given["z"]])


def matrix(f, names):
    def build(given, p):
        j = jax.jacfwd(f) if p["inputs"][0]["count"] <= p["size"] else jax.jacrev(f)
        return prepared(lambda *a: (f(*a), j(*a)), [given[n] for n in names])
    return build


def second(f):
    return lambda given, _: prepared(lambda x: (f(x), jax.hessian(f)(x)), [given["x"]])


def tridiagonal(given, p):
    """Three products with the Hessian, of every third column each."""
    x = given["x"]
    rows, columns, colours = (numpy.array(a) for a in arrays.tridiagonal(len(x)))
    seeds = np.stack([np.asarray((colours == k).astype(float)) for k in range(3)])
    rows, colours = np.asarray(rows), np.asarray(colours[columns])
    g = jax.grad(rosenbrock)

    def nonzeros(x):
        products = jax.vmap(lambda v: jax.jvp(g, (x,), (v,))[1])(seeds)
        return np.zeros(1), products[colours, rows]
    return prepared(nonzeros, [x])


def unrolled(given, p):
    n = p["size"]

    def f(x):  # reverse mode wants a loop whose steps are kept
        return jax.lax.scan(lambda y, _: (np.sin(y * 1.1 + 0.1) ** 2, None), x, None, length=n // 4)[0]
    return prepared(jax.value_and_grad(f, (0,)), [given["x"]])


def taylor(given, p):
    order = p["size"]
    factorials = numpy.cumprod([1.0, *range(1, order + 1)])
    series = [1.0] + [0.0] * (order - 1)

    def coefficients(x, z):
        y0, ys = jet(lambda t: lecture(t, z), (x,), (series,))
        return (np.concatenate([np.asarray([y0]), np.stack(ys)]) / factorials,)
    return prepared(coefficients, [given["x"], given["z"]])


PROBLEMS = {
    ("lecture", "gradient"): gradient(lecture, ["x", "z"], (0, 1)),
    ("lecture", "gradients of a batch"): each_point,
    ("speelpenning", "gradient"): gradient(np.prod, ["x"]),
    ("rosenbrock", "gradient"): gradient(rosenbrock, ["x"]),
    ("logsumexp-chain", "gradient"): gradient(chain, ["x"]),
    ("network", "jacobian"): matrix(arrays.network(np), ["x", "A", "B"]),
    ("mixture", "gradient"): gradient(mixture, ["a", "M", "Q", "L", "X", "mask"], (0, 1, 2, 3)),
    ("bundle", "jacobian"): matrix(arrays.bundle(np), ["p", "m"]),
    ("mlp", "gradient"): gradient(mlp, ["W1", "b1", "W2", "b2", "X", "Y"], (0, 1, 2, 3)),
    ("logsumexp-chain", "hessian"): second(chain),
    ("speelpenning", "hessian"): second(np.prod),
    ("rosenbrock", "sparse hessian"): tridiagonal,
    ("chain", "gradient"): unrolled,
    ("taylor", "coefficients"): taylor,
}
