//! Any text is a call or an error, and any call gives a value or an error, in bounded time and space.

#![no_main]

use libfuzzer_sys::fuzz_target;
use states_language::query::Scope;
use states_language::query::intrinsic::Call;

const DOCUMENT: &str = r#"{"a":[1,{"b":"x"},2.5],"s":"text, more","n":-1.5,"o":{"k":[null,true]}}"#;

fuzz_target!(|text: &str| {
    let document = serde_json::from_str(DOCUMENT).expect("the document is JSON");
    let scope = Scope::of(&document);
    match Call::compile(text) {
        Ok(call) => drop(call.evaluate(&scope).map_err(|error| (error.to_string(), error.aws_cause(&scope)))),
        Err(error) => assert!(error.offset <= text.len()),
    }
});
