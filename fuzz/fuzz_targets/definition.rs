//! Any text as a definition: reading and checking it ends, with a machine exactly when nothing is an error and nothing is
//! left to a deployment.

#![no_main]

use libfuzzer_sys::fuzz_target;
use states_language::asl::{Definition, Format, Machine, MachineKind, Severity};

fuzz_target!(|text: &str| {
    for format in [Format::Json, Format::Yaml] {
        let definition = Definition::read(text, format);
        let (machine, findings) = definition.check(MachineKind::Express);
        let refused = findings.iter().any(|finding| finding.severity == Severity::Error);
        assert!(machine.is_none() || !refused);
        // Functions of templates are known only later, and may be all that a machine does.
        let may_be_later = ["!", "$", "Fn::", "Ref", "Condition"].iter().any(|sign| text.contains(sign));
        assert!(machine.is_some() || refused || may_be_later);
        for finding in &findings {
            if let Some(span) = finding.span {
                definition.source().line(definition.source().position(span.start).line);
            }
        }
    }
    let _ = Machine::parse_state(text);
});
