//! Answers `[{"path", "document"}…]`, one JSON line each: what `tests/jsonpath/compare.py` holds against Jayway's library.
//!
//! A line is `{"value"}`, `{"refused"}` when the path is none, or `{"error"}` with the sentence that AWS would pass on.

use serde_json::{Value, json};
use states_language::query::Scope;
use states_language::query::path::{Path, Root};
use std::io::{self, BufWriter, Write as _};

fn main() -> io::Result<()> {
    let file = std::env::args().nth(1).ok_or_else(|| io::Error::other("usage: jsonpath CASES.json"))?;
    let cases: Vec<Value> = serde_json::from_slice(&std::fs::read(file)?)?;
    let mut out = BufWriter::new(io::stdout().lock());
    for case in &cases {
        writeln!(out, "{}", answer(case["path"].as_str().unwrap_or_default(), &case["document"]))?;
    }
    out.flush()
}

fn answer(text: &str, document: &Value) -> Value {
    match Path::compile_bare(text) {
        // `$$` and `$name` mean something to Step Functions only.
        Ok(path) if *path.root() != Root::Input => json!({"refused": "a root of ours"}),
        Ok(path) => match path.read(&Scope::of(document)) {
            Ok(value) => json!({"value": value}),
            Err(miss) => json!({"error": miss.reason.to_string()}),
        },
        Err(error) => json!({"refused": error.to_string()}),
    }
}
