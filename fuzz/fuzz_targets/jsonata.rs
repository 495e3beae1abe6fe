//! Any expression and document, separated by a line of `---`: compiling and evaluating end, with a value or in words.

#![no_main]

use libfuzzer_sys::fuzz_target;
use serde_json::Value;
use states_language::query::Scope;
use states_language::query::jsonata::{Expression, Session};

fuzz_target!(|text: &str| {
    let (expression, document) = text.split_once("\n---\n").unwrap_or((text, "null"));
    let document: Value = serde_json::from_str(document).unwrap_or_default();
    match Expression::compile(expression) {
        Ok(expression) => {
            if let Err(failure) = expression.evaluate(&Session::new(Scope::of(&document)), "Output") {
                assert!(!failure.to_string().is_empty());
            }
        }
        Err(error) => assert!(!error.message.is_empty()),
    }
});
