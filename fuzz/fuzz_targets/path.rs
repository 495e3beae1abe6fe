//! Any text is a path or an error, and any path selects something or nothing, in bounded time and space.

#![no_main]

use libfuzzer_sys::fuzz_target;
use states_language::query::Scope;
use states_language::query::path::Path;

const DOCUMENT: &str = r#"{"a":[1,{"b":"x","c":null}],"b":{"a":{"c":[[1],2.5,"y"]}},"c":-1,"tags":["a","$"]}"#;

fuzz_target!(|text: &str| {
    let document = serde_json::from_str(DOCUMENT).expect("the document is JSON");
    match Path::compile_bare(text) {
        Ok(path) => {
            let selected = path.select(&Scope::of(&document));
            assert_eq!(selected.is_err(), path.explain(&Scope::of(&document)).miss.is_some());
            drop(selected.map_err(|miss| miss.to_string()));
        }
        Err(error) => drop(error.to_string()),
    }
});
