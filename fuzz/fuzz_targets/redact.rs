//! Any recording in which a secret stands somewhere: what is written after redaction does not hold it.

#![no_main]

use libfuzzer_sys::fuzz_target;
use stepback::recording::redact::{Rule, StandIn};
use stepback::source::{Opened, open_bytes};

const SECRET: &str = "Xq7Zk9Pw2";

fuzz_target!(|bytes: &[u8]| {
    let recordings = match open_bytes(bytes.to_vec()) {
        Ok(Opened::One(recording)) => vec![*recording],
        Ok(Opened::Several(recordings)) => recordings,
        _ => return,
    };
    let rules: Vec<Rule> = [&format!("/{SECRET}/"), "password", "$..token"]
        .iter()
        .filter_map(|rule| Rule::parse(rule).ok())
        .collect();
    assert_eq!(rules.len(), 3);
    for recording in &recordings {
        let mut written = Vec::new();
        let redacted = recording.redacted(&rules, &StandIn::default());
        // The remark that names the rule names the secret, which a person who hides one by its text knows.
        let without_remarks = stepback::recording::Recording { redactions: Vec::new(), ..redacted };
        if without_remarks.to_writer(&mut written).is_ok() {
            assert!(!String::from_utf8_lossy(&written).contains(SECRET));
        }
    }
});
