//! echidna: a bytecode tape recorded once, and what it derives many times.
//!
//!     with_echidna DATA_FOLDER SECONDS     for every line "PROBLEM SIZE TASK" on its input a line of JSON
mod programs;

use echidna::sparse::greedy_coloring;
use echidna::taylor::Taylor;
use echidna::{record, record_multi, BReverse};
use serde_json::{json, Value};
use std::collections::HashMap;
use std::io::BufRead;
use std::os::unix::fs::FileExt;
use std::time::Instant;

type T = BReverse<f64>;
type Results = Vec<Vec<f64>>;
type Call = Box<dyn FnMut() -> Results>;

struct Problem {
    name: String,
    task: String,
    size: usize,
    given: HashMap<String, Vec<f64>>,
    at: Vec<f64>, // all that one differentiates by, one after the other
    expected: Results,
}

fn read(file: &std::fs::File, p: &Value) -> Problem {
    let part = |at: &Value| -> Vec<f64> {
        let mut bytes = vec![0u8; 8 * at["count"].as_u64().unwrap() as usize];
        file.read_exact_at(&mut bytes, 8 * at["offset"].as_u64().unwrap()).expect("the data");
        bytes.chunks_exact(8).map(|b| f64::from_le_bytes(b.try_into().unwrap())).collect()
    };
    let inputs = p["inputs"].as_array().unwrap();
    Problem {
        name: p["problem"].as_str().unwrap().into(),
        task: p["task"].as_str().unwrap().into(),
        size: p["size"].as_u64().unwrap() as usize,
        given: inputs.iter().map(|i| (i["name"].as_str().unwrap().to_string(), part(i))).collect(),
        at: inputs.iter().filter(|i| i["by"] == true).flat_map(&part).collect(),
        expected: p["results"].as_array().unwrap().iter().map(&part).collect(),
    }
}

fn scalar(p: &Problem, v: &[T]) -> T {
    match p.name.as_str() {
        "lecture" => programs::lecture(v[0], v[1]),
        "speelpenning" => programs::speelpenning(v),
        "rosenbrock" => programs::rosenbrock(v),
        "logsumexp-chain" => programs::chain(v),
        "chain" => programs::long_chain(v[0], p.size),
        "mixture" => programs::mixture(v, &p.given["X"], p.size),
        _ => programs::mlp(v, &p.given["X"], &p.given["Y"]),
    }
}

/// Cut into the parts of the derivative by each input.
fn cut(value: f64, all: &[f64], expected: &Results) -> Results {
    let mut out = vec![vec![value]];
    let mut from = 0;
    for e in &expected[1..] {
        out.push(all[from..from + e.len()].to_vec());
        from += e.len();
    }
    out
}

fn coefficients<const K: usize>(p: &Problem) -> Call {
    let (x, z) = (p.given["x"][0], p.given["z"][0]);
    Box::new(move || {
        let y = programs::lecture(Taylor::<f64, K>::variable(x), Taylor::<f64, K>::constant(z));
        vec![(0..K).map(|k| y.coeff(k)).collect()]
    })
}

fn prepare(p: &Problem) -> Result<Call, &'static str> {
    let x = p.at.clone();
    if p.name == "mlp" && p.size > 1 {
        return Err("a tape of 26 million operations on numbers");
    }
    match p.task.as_str() {
        "gradient" => {
            let (mut tape, _) = record(|v| scalar(p, v), &x);
            let shape = p.expected.clone();
            Ok(Box::new(move || {
                let g = tape.gradient(&x);
                cut(tape.output_value(), &g, &shape)
            }))
        }
        "gradients of a batch" => {
            let (mut tape, _) = record(|v| programs::lecture(v[0], v[1]), &[p.given["x"][0], p.given["z"][0]]);
            let (x, z) = (p.given["x"].clone(), p.given["z"].clone());
            Ok(Box::new(move || {
                let mut out = vec![Vec::with_capacity(x.len()), Vec::with_capacity(x.len()), Vec::with_capacity(x.len())];
                for (x, z) in x.iter().zip(&z) {
                    let g = tape.gradient(&[*x, *z]);
                    out[0].push(tape.output_value());
                    out[1].push(g[0]);
                    out[2].push(g[1]);
                }
                out
            }))
        }
        "jacobian" => {
            let f = |v: &[T]| match p.name.as_str() {
                "network" => programs::network(v, &p.given["A"], &p.given["B"]),
                _ => programs::bundle(v, &p.given["m"]),
            };
            let (mut tape, _) = record_multi(f, &x);
            Ok(Box::new(move || {
                let j = tape.jacobian(&x);
                vec![tape.output_values(), j.concat()]
            }))
        }
        "hessian" => {
            let (tape, _) = record(|v| scalar(p, v), &x);
            Ok(Box::new(move || {
                let (value, _, h) = tape.hessian_vec::<8>(&x);
                vec![vec![value], h.concat()]
            }))
        }
        "sparse hessian" => {
            let (tape, _) = record(|v| scalar(p, v), &x);
            let pattern = tape.detect_sparsity();
            let (colors, count) = greedy_coloring(&pattern);
            // The lower triangle, put where all nonzeros stand by rows.
            let n = x.len();
            let mut at = HashMap::new();
            for (k, (i, j)) in pattern.rows.iter().zip(&pattern.cols).enumerate() {
                at.insert((*i as usize, *j as usize), k);
                at.insert((*j as usize, *i as usize), k);
            }
            let order: Vec<usize> = (0..n)
                .flat_map(|i| (i.saturating_sub(1)..n.min(i + 2)).map(move |j| (i, j)))
                .map(|place| at[&place])
                .collect();
            Ok(Box::new(move || {
                let (_, _, h) = tape.sparse_hessian_with_pattern(&x, &pattern, &colors, count);
                vec![vec![0.0], order.iter().map(|k| h[*k]).collect()]
            }))
        }
        "coefficients" if p.size == 5 => Ok(coefficients::<6>(p)),
        "coefficients" if p.size == 20 => Ok(coefficients::<21>(p)),
        _ => Err("the adapter does not state it"),
    }
}

fn error_of(got: &Results, expected: &Results) -> f64 {
    if got.len() != expected.len() || got.iter().zip(expected).any(|(a, b)| a.len() != b.len()) {
        return f64::INFINITY;
    }
    got.iter().zip(expected).fold(0f64, |worst, (a, b)| {
        let scale = b.iter().fold(1e-300f64, |s, e| s.max(e.abs()));
        let gap = a.iter().zip(b).fold(0f64, |w, (a, b)| if (a - b).is_nan() { f64::INFINITY } else { w.max((a - b).abs()) });
        worst.max(gap / scale)
    })
}

/// The least, the median and the spread; a call that takes longer than the seconds is repeated twice.
fn measure(line: &mut Value, call: &mut Call, seconds: f64) {
    let mut once = |calls: usize| {
        let begin = Instant::now();
        for _ in 0..calls {
            std::hint::black_box(call());
        }
        begin.elapsed().as_secs_f64() / calls as f64
    };
    let (mut calls, mut turn) = (1, once(1));
    while turn * (calls as f64) < 2e-4 {
        calls *= 2;
        turn = once(calls);
    }
    let fewest = if turn > seconds { 2 } else { 5 };
    let (mut times, begin) = (vec![], Instant::now());
    while times.len() < fewest || begin.elapsed().as_secs_f64() < seconds {
        times.push(once(calls));
    }
    times.sort_by(f64::total_cmp);
    let n = times.len();
    line["seconds"] = json!(times[0]);
    line["median_seconds"] = json!(times[n / 2]);
    line["spread"] = json!((times[n * 3 / 4] - times[n / 4]) / times[n / 2]);
}

fn answer(p: &Problem, seconds: f64) -> Value {
    let mut line = json!({"version": "0.8"});
    let begin = Instant::now();
    let mut call = match prepare(p) {
        Ok(call) => call,
        Err(why) => {
            line["gap"] = json!(why);
            return line;
        }
    };
    let got = call();
    line["prepare_seconds"] = json!(begin.elapsed().as_secs_f64());
    let error = error_of(&got, &p.expected);
    if error <= 1e-9 {
        line["error"] = json!(error);
        measure(&mut line, &mut call, seconds);
    } else {
        line["gap"] = json!("its numbers differ");
    }
    line
}

fn main() {
    let words: Vec<String> = std::env::args().collect();
    let file = std::fs::File::open(format!("{}/numbers.bin", words[1])).expect("the data");
    let problems: Value = serde_json::from_str(&std::fs::read_to_string(format!("{}/problems.json", words[1])).expect("the data")).unwrap();
    for line in std::io::stdin().lock().lines() {
        let line = line.unwrap();
        let asked: Vec<&str> = line.split('\t').collect();
        for p in problems.as_array().unwrap() {
            if p["problem"] == asked[0] && p["size"].to_string() == asked[1] && p["task"] == asked[2] {
                println!("{}", answer(&read(&file, p), words[2].parse().unwrap()));
            }
        }
    }
}
