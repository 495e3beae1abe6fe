//! Any bytes: they open as something, or are refused in words; what is opened can be asked what it lacks, folded and
//! written.

#![no_main]

use libfuzzer_sys::fuzz_target;
use stepback::history::Family;
use stepback::source::{Opened, open_bytes};

fuzz_target!(|bytes: &[u8]| {
    let recordings = match open_bytes(bytes.to_vec()) {
        Ok(Opened::One(recording)) => vec![*recording],
        Ok(Opened::Several(recordings)) => recordings,
        Ok(Opened::Definition(_) | Opened::Folder(_)) => Vec::new(),
        Err(error) => {
            assert!(!error.about("x").is_empty());
            Vec::new()
        }
    };
    for recording in &recordings {
        let _ = (recording.status(), recording.missing(), recording.label());
        let _ = Family::of(recording);
        // What is no JSON inside of a member nobody knows cannot be written.
        let _ = recording.to_writer(std::io::sink());
    }
});
