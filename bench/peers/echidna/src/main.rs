//! echidna: a bytecode tape recorded once, its gradient many times.
//!
//!     with_echidna DATA_FOLDER SECONDS [PROBLEM SIZE TASK]     prints a line of JSON a problem
use echidna::{record, BReverse};
use num_traits::Float;
use serde_json::{json, Value};
use std::time::Instant;

type T = BReverse<f64>;

fn number(x: f64) -> T {
    T::constant(x)
}

fn lecture(v: &[T]) -> T {
    let (x, z) = (v[0], v[1]);
    (x * z).exp() + x * z / x.ln() + x.ln().sin() / (x * z)
}

fn speelpenning(x: &[T]) -> T {
    x[1..].iter().fold(x[0], |y, e| y * *e)
}

fn rosenbrock(x: &[T]) -> T {
    let mut y = number(0.0);
    for w in x.windows(2) {
        let (a, b) = (w[1] - w[0] * w[0], number(1.0) - w[0]);
        y = y + number(100.0) * a * a + b * b;
    }
    y
}

fn chain(x: &[T]) -> T {
    let mut y = x[1..].iter().fold(x[0].exp(), |s, e| s + e.exp()).ln();
    for w in x.windows(2) {
        y = y + w[0].sin() * w[1];
    }
    y
}

fn long_chain(x: &[T], n: usize) -> T {
    let mut y = x[0];
    for _ in 0..n / 4 {
        let s = (y * number(1.1) + number(0.1)).sin();
        y = s * s;
    }
    y
}

fn part(numbers: &[f64], at: &Value) -> Vec<f64> {
    let from = at["offset"].as_u64().unwrap() as usize;
    numbers[from..from + at["count"].as_u64().unwrap() as usize].to_vec()
}

fn run(p: &Value, numbers: &[f64], seconds: f64) -> Value {
    let name = p["problem"].as_str().unwrap();
    let size = p["size"].as_u64().unwrap() as usize;
    let mut line = json!({"version": "0.8", "problem": name, "size": size, "task": p["task"]});
    let stated = p["task"] == "gradient" && ["lecture", "speelpenning", "rosenbrock", "logsumexp-chain", "chain"].contains(&name);
    if !stated {
        line["gap"] = json!("the adapter does not state it");
        return line;
    }
    let x: Vec<f64> = p["inputs"].as_array().unwrap().iter().flat_map(|i| part(numbers, i)).collect();
    let expected: Vec<f64> = p["results"].as_array().unwrap()[1..].iter().flat_map(|r| part(numbers, r)).collect();
    let begin = Instant::now();
    let (mut tape, _) = record(
        |v| match name {
            "lecture" => lecture(v),
            "speelpenning" => speelpenning(v),
            "rosenbrock" => rosenbrock(v),
            "logsumexp-chain" => chain(v),
            _ => long_chain(v, size),
        },
        &x,
    );
    let got = tape.gradient(&x);
    line["prepare_seconds"] = json!(begin.elapsed().as_secs_f64());
    let scale = expected.iter().fold(1e-300f64, |s, e| s.max(e.abs()));
    let error = got.iter().zip(&expected).fold(0f64, |w, (a, b)| w.max((a - b).abs())) / scale;
    line["error"] = json!(error);
    if !(error <= 1e-9) || got.len() != expected.len() {
        line["gap"] = json!("its numbers differ");
        return line;
    }
    let mut once = |calls: usize| {
        let begin = Instant::now();
        for _ in 0..calls {
            std::hint::black_box(tape.gradient(std::hint::black_box(&x)));
        }
        begin.elapsed().as_secs_f64() / calls as f64
    };
    let mut calls = 1;
    while once(calls) * (calls as f64) < 2e-4 {
        calls *= 2;
    }
    let (mut times, begin) = (vec![], Instant::now());
    while times.len() < 5 || begin.elapsed().as_secs_f64() < seconds {
        times.push(once(calls));
    }
    times.sort_by(f64::total_cmp);
    let n = times.len();
    line["seconds"] = json!(times[0]);
    line["median_seconds"] = json!(times[n / 2]);
    line["spread"] = json!((times[n * 3 / 4] - times[n / 4]) / times[n / 2]);
    line
}

fn main() {
    let words: Vec<String> = std::env::args().collect();
    let numbers: Vec<f64> = std::fs::read(format!("{}/numbers.bin", words[1])).expect("the data")
        .chunks_exact(8).map(|b| f64::from_le_bytes(b.try_into().unwrap())).collect();
    let problems: Value = serde_json::from_str(&std::fs::read_to_string(format!("{}/problems.json", words[1])).expect("the data")).unwrap();
    for p in problems.as_array().unwrap() {
        let wanted = words.len() < 6 || (p["problem"] == words[3] && p["size"].to_string() == words[4] && p["task"] == words[5]);
        if wanted {
            println!("{}", run(p, &numbers, words[2].parse().unwrap()));
        }
    }
}
