"""The problems over arrays, for tools that differentiate functions of numpy's interface; np: the tool's module."""


def lecture(np):
    return lambda x, z: np.exp(x * z) + x * z / np.log(x) + np.sin(np.log(x)) / (x * z)


def rosenbrock(np):
    return lambda x: np.sum(100 * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2)


def chain(np, logsumexp):
    return lambda x: logsumexp(x) + np.sum(np.sin(x[:-1]) * x[1:])


def network(np):
    def f(x, A, B):
        i = np.arange(1, B.shape[0] + 1)
        return np.sum(B * np.sin(np.tanh(np.dot(A, x))[None, :] + i[:, None]), axis=1)
    return f


def bundle(np):
    def f(p, m):
        x = p[11:14] - p[3:6]
        t = np.sqrt(np.dot(p[:3], p[:3]))
        w = p[:3] / t
        cross = np.array([w[1] * x[2] - w[2] * x[1], w[2] * x[0] - w[0] * x[2], w[0] * x[1] - w[1] * x[0]])
        y = x * np.cos(t) + cross * np.sin(t) + w * (np.dot(w, x) * (1 - np.cos(t)))
        u = y[:2] / y[2]
        r = np.dot(u, u)
        return p[14] * (u * (1 + r * (p[9] + r * p[10])) * p[6] + p[7:9] - m)
    return f


def tridiagonal(n):
    """The places of a tridiagonal matrix of n rows: rows, columns, and a colour for each column of three."""
    places = [(i, j) for i in range(n) for j in range(max(0, i - 1), min(n, i + 2))]
    return [i for i, _ in places], [j for _, j in places], [j % 3 for j in range(n)]
