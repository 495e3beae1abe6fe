//! Any text as a template of each kind: its machines are found and checked, or it is refused in words.

#![no_main]

use libfuzzer_sys::fuzz_target;
use std::path::{Path, PathBuf};
use stepback::asl::MachineKind;
use stepback::template::{self, Files, Options, Reading};

/// Nothing stands beside the template.
struct Alone;

impl Files for Alone {
    fn read(&self, path: &Path) -> Result<String, String> {
        Err(format!("there is no {}", path.display()))
    }

    fn list(&self, _folder: &Path) -> Vec<PathBuf> {
        Vec::new()
    }
}

fuzz_target!(|text: &str| {
    for name in ["template.yaml", "serverless.yml", "main.tf", "machine.tftpl"] {
        match template::read(Path::new(name), text, &Alone, &Options::default()) {
            Reading::Template(template) => {
                for machine in &template.machines {
                    let _ = machine.definition.check(machine.kind.unwrap_or(MachineKind::Standard));
                    let _ = machine.text();
                }
            }
            Reading::Broken(definition) => drop(definition.check(MachineKind::Standard)),
            Reading::Other(_) => {}
        }
    }
});
