//! Any text as a definition: reading and checking it ends, with a machine exactly when nothing is an error.

#![no_main]

use libfuzzer_sys::fuzz_target;
use states_language::asl::{Definition, Format, Machine, MachineKind, Severity};

fuzz_target!(|text: &str| {
    for format in [Format::Json, Format::Yaml] {
        let definition = Definition::read(text, format);
        let (machine, findings) = definition.check(MachineKind::Express);
        assert_eq!(machine.is_none(), findings.iter().any(|finding| finding.severity == Severity::Error));
        for finding in &findings {
            if let Some(span) = finding.span {
                definition.source().line(definition.source().position(span.start).line);
            }
        }
    }
    let _ = Machine::parse_state(text);
});
