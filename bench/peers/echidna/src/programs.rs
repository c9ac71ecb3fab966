//! The problems over any number of echidna's: of a tape, or a Taylor series.
use num_traits::Float;

fn c<T: Float>(x: f64) -> T {
    T::from(x).unwrap()
}

pub fn lecture<T: Float>(x: T, z: T) -> T {
    (x * z).exp() + x * z / x.ln() + x.ln().sin() / (x * z)
}

pub fn speelpenning<T: Float>(x: &[T]) -> T {
    x[1..].iter().fold(x[0], |y, e| y * *e)
}

pub fn rosenbrock<T: Float>(x: &[T]) -> T {
    let mut y = c::<T>(0.0);
    for w in x.windows(2) {
        let (a, b) = (w[1] - w[0] * w[0], c::<T>(1.0) - w[0]);
        y = y + c::<T>(100.0) * a * a + b * b;
    }
    y
}

pub fn logsumexp<T: Float>(x: &[T]) -> T {
    x[1..].iter().fold(x[0].exp(), |s, e| s + e.exp()).ln()
}

pub fn chain<T: Float>(x: &[T]) -> T {
    x.windows(2).fold(logsumexp(x), |y, w| y + w[0].sin() * w[1])
}

pub fn long_chain<T: Float>(mut y: T, n: usize) -> T {
    for _ in 0..n / 4 {
        let s = (y * c::<T>(1.1) + c::<T>(0.1)).sin();
        y = s * s;
    }
    y
}

/// a is 32 by n, b is m by 32.
pub fn network<T: Float>(x: &[T], a: &[f64], b: &[f64]) -> Vec<T> {
    let h: Vec<T> = a.chunks(x.len())
        .map(|row| row.iter().zip(x).fold(c::<T>(0.0), |s, (w, x)| s + c::<T>(*w) * *x).tanh())
        .collect();
    b.chunks(32).enumerate()
        .map(|(i, row)| row.iter().zip(&h).fold(c::<T>(0.0), |s, (w, h)| s + c::<T>(*w) * (*h + c::<T>((i + 1) as f64)).sin()))
        .collect()
}

pub fn bundle<T: Float>(p: &[T], m: &[f64]) -> Vec<T> {
    let x = [p[11] - p[3], p[12] - p[4], p[13] - p[5]];
    let t = (p[0] * p[0] + p[1] * p[1] + p[2] * p[2]).sqrt();
    let (cos, sin, w) = (t.cos(), t.sin(), [p[0] / t, p[1] / t, p[2] / t]);
    let d = (w[0] * x[0] + w[1] * x[1] + w[2] * x[2]) * (c::<T>(1.0) - cos);
    let y: Vec<T> = (0..3).map(|k| {
        let (i, j) = ((k + 1) % 3, (k + 2) % 3);
        x[k] * cos + (w[i] * x[j] - w[j] * x[i]) * sin + w[k] * d
    }).collect();
    let u = [y[0] / y[2], y[1] / y[2]];
    let r = u[0] * u[0] + u[1] * u[1];
    let l = c::<T>(1.0) + r * (p[9] + r * p[10]);
    (0..2).map(|k| p[14] * (u[k] * l * p[6] + p[7 + k] - c::<T>(m[k]))).collect()
}

/// p: a (25), M (25 by 10), Q (25 by 10), L (250 by 10, below the diagonals); x: 10 by n.
pub fn mixture<T: Float>(p: &[T], x: &[f64], n: usize) -> T {
    const D: usize = 10;
    const K: usize = 25;
    let (a, rest) = p.split_at(K);
    let (mean, rest) = rest.split_at(K * D);
    let (q, l) = rest.split_at(K * D);
    let root: Vec<T> = q.iter().map(|v| v.exp()).collect();
    let mut prior = root.iter().fold(c::<T>(0.0), |s, r| s + *r * *r);
    for k in 0..K {
        for i in 0..D {
            for j in 0..i {
                let e = l[(k * D + i) * D + j];
                prior = prior + e * e;
            }
        }
    }
    let sums: Vec<T> = (0..K).map(|k| q[k * D..(k + 1) * D].iter().fold(a[k], |s, v| s + *v)).collect();
    let mut all = c::<T>(0.0);
    for point in 0..n {
        let parts: Vec<T> = (0..K).map(|k| {
            let away: Vec<T> = (0..D).map(|i| c::<T>(x[i * n + point]) - mean[k * D + i]).collect();
            let mut squares = c::<T>(0.0);
            for i in 0..D {
                let mut z = root[k * D + i] * away[i];
                for j in 0..i {
                    z = z + l[(k * D + i) * D + j] * away[j];
                }
                squares = squares + z * z;
            }
            sums[k] - c::<T>(0.5) * squares
        }).collect();
        let high = parts[1..].iter().fold(parts[0], |h, v| if *v > h { *v } else { h });
        all = all + parts.iter().fold(c::<T>(0.0), |s, v| s + (*v - high).exp()).ln() + high;
    }
    all - c::<T>(n as f64) * logsumexp(a) + c::<T>(0.5) * prior
}

/// p: W1 (128 by 784), b1, W2 (10 by 128), b2; one example.
pub fn mlp<T: Float>(p: &[T], x: &[f64], label: &[f64]) -> T {
    let (w1, rest) = p.split_at(128 * 784);
    let (b1, rest) = rest.split_at(128);
    let (w2, b2) = rest.split_at(1280);
    let h: Vec<T> = (0..128).map(|i| {
        let sum = w1[i * 784..(i + 1) * 784].iter().zip(x).fold(b1[i], |s, (w, x)| s + *w * c::<T>(*x));
        c::<T>(1.0) / (c::<T>(1.0) + (-sum).exp())
    }).collect();
    let o: Vec<T> = (0..10).map(|i| w2[i * 128..(i + 1) * 128].iter().zip(&h).fold(b2[i], |s, (w, h)| s + *w * *h)).collect();
    let norm = logsumexp(&o);
    (0..10).filter(|i| label[*i] != 0.0).fold(c::<T>(0.0), |s, i| s + c::<T>(label[i]) * (norm - o[i]))
}
