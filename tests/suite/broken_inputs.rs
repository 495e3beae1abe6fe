//! Every form an execution comes in, broken: cut anywhere, and changed at random. Whatever it is then, it opens or is
//! refused in words, soon, and what is opened can be looked into.
//!
//! The forms are the seeds of the fuzz target `open`. A few changes of each are tried here; more when asked:
//! `STEPBACK_MUTATIONS=100000 cargo test --test suite broken_inputs`.

use rayon::prelude::*;
use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::time::{Duration, Instant};
use stepback::analysis::{diagnose, overview};
use stepback::history::{Family, MemberId};
use stepback::report::{Paper, why};
use stepback::source::{Opened, open_bytes};

/// Changes tried of each form unless told.
const FEW: u64 = 60;
/// No input of a few kilobytes may take longer, on a machine however busy.
const LONGEST: Duration = Duration::from_secs(20);

/// The forms by name, smallest first.
fn seeds() -> Vec<(String, Vec<u8>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus/open");
    let files = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let seed =
        |path: std::path::PathBuf| (path.file_name().unwrap().to_string_lossy().into_owned(), fs::read(&path).unwrap());
    let mut seeds: Vec<_> = files.map(seed).collect();
    seeds.sort();
    assert!(seeds.len() > 30, "{}", seeds.len());
    seeds
}

/// Opens some bytes and looks into what comes out, as `why` does.
fn look_into(bytes: Vec<u8>) {
    let recordings = match open_bytes(bytes) {
        Ok(Opened::One(recording)) => vec![*recording],
        Ok(Opened::Several(recordings)) => recordings,
        Ok(Opened::Definition(_) | Opened::Folder(_)) => Vec::new(),
        Err(error) => {
            let words = error.about("It");
            assert!(words.ends_with('.') && words.len() > 10, "{words}");
            Vec::new()
        }
    };
    for recording in &recordings {
        let family = Family::of(recording);
        let lines = why(&diagnose(&family), &overview(&family, MemberId::ROOT), Paper::plain(80));
        assert!(!lines.is_empty());
        // What is no JSON inside of a member nobody knows cannot be written.
        let _ = recording.to_writer(std::io::sink());
    }
}

/// Tries some bytes; tells what went wrong.
fn tried(name: &str, bytes: &[u8]) -> Option<String> {
    let begun = Instant::now();
    let done = catch_unwind(AssertUnwindSafe(|| look_into(bytes.to_vec())));
    let took = begun.elapsed();
    let wrong = match done {
        Err(_) => "panicked",
        Ok(()) if took > LONGEST => "hung",
        Ok(()) => return None,
    };
    let kept = std::env::temp_dir().join(format!("stepback-broken-{name}"));
    let _ = fs::write(&kept, bytes);
    Some(format!("{name} {wrong} after {took:?}; the input is {}", kept.display()))
}

/// Numbers as they come, from a seed.
struct Draw(u64);

impl Draw {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, most: usize) -> usize {
        usize::try_from(self.next() % u64::try_from(most.max(1)).unwrap()).unwrap()
    }
}

/// What is put in place of something: other types, other notations, what ends or opens something, what is huge.
const TOKENS: [&[u8]; 40] = [
    b"null",
    b"true",
    b"-1",
    b"1e999",
    b"99999999999999999999",
    b"\"\"",
    b"{}",
    b"[]",
    b"[[",
    b"}}",
    b"\"",
    b"\\",
    b",",
    b":",
    b"\n",
    b"\r\n",
    b"\t",
    b"\0",
    b"\xff\xfe",
    b"\xef\xbb\xbf",
    b"\xf0\x9f\x92\xa9",
    b"\xe2\x80\xae",
    b"'",
    b"None",
    b"datetime.datetime(2026, 13, 40, 25, 61, 61)",
    b"- ",
    b"? ",
    b"&a *a",
    b"!!binary x",
    b"|\n",
    b"EVENTS\t",
    b"\"events\":",
    b"\"id\":4294967296",
    b"\"previousEventId\":-1",
    b"\"type\":\"ExecutionStarted\"",
    b"\"timestamp\":\"never\"",
    b"\\ud800",
    b"2026-05-03T08:00:00Z",
    b"\x1f\x8b",
    b"\x28\xb5\x2f\xfd",
];

/// Changes some bytes in one to four places.
fn changed(seed: &[u8], other: &[u8], draw: &mut Draw) -> Vec<u8> {
    let mut bytes = seed.to_vec();
    for _ in 0..=draw.below(4) {
        let at = draw.below(bytes.len());
        let end = (at + 1 + draw.below(40)).min(bytes.len());
        match draw.below(9) {
            0 => bytes.iter_mut().skip(at).take(1).for_each(|byte| *byte ^= 1 << (draw.0 % 8)),
            1 => drop(bytes.drain(at..end)),
            2 => bytes.truncate(at),
            3 => drop(bytes.splice(at..at, TOKENS[draw.below(TOKENS.len())].iter().copied())),
            4 => drop(bytes.splice(at..end, TOKENS[draw.below(TOKENS.len())].iter().copied())),
            5 => {
                let again = bytes[at..end].to_vec();
                drop(bytes.splice(at..at, again));
            }
            6 => {
                let from = draw.below(other.len());
                let piece = other[from..(from + draw.below(400)).min(other.len())].to_vec();
                drop(bytes.splice(at..end, piece));
            }
            7 => other_type(&mut bytes, at, draw),
            _ => drop(bytes.splice(at..at, std::iter::repeat_n(b"[{\"(- "[draw.below(6)], 1 + draw.below(300)))),
        }
        if bytes.is_empty() {
            break;
        }
    }
    bytes
}

/// Puts a value of another type in place of the next one.
fn other_type(bytes: &mut Vec<u8>, at: usize, draw: &mut Draw) {
    let Some(colon) = bytes.iter().skip(at).position(|byte| *byte == b':').map(|found| found + at + 1) else { return };
    let rest = bytes.get(colon..).unwrap_or_default();
    let end = rest
        .iter()
        .position(|byte| matches!(byte, b',' | b'}' | b']' | b'\n'))
        .map_or(bytes.len(), |found| colon + found);
    let value: &[u8] = [&b"null"[..], b"17", b"\"x\"", b"[1]", b"{\"a\":1}", b"true", b"-0.5"][draw.below(7)];
    drop(bytes.splice(colon..end, value.iter().copied()));
}

#[test]
fn a_form_that_is_cut_opens_or_is_refused() {
    // Every place is tried when more is asked for.
    let stride = if asked().is_some() { 1 } else { 23 };
    let wrong: Vec<String> = seeds()
        .par_iter()
        .flat_map_iter(|(name, bytes)| (0..bytes.len()).step_by(stride).filter_map(|end| tried(name, &bytes[..end])))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_form_that_is_changed_opens_or_is_refused() {
    let seeds = seeds();
    let many = asked().unwrap_or(FEW);
    let wrong: Vec<String> = seeds
        .par_iter()
        .enumerate()
        .flat_map(|(place, (name, bytes))| {
            let seeds = &seeds;
            (0..many).into_par_iter().filter_map(move |number| {
                let mut draw = Draw((place as u64) << 40 | number);
                let other = &seeds[draw.below(seeds.len())].1;
                tried(name, &changed(bytes, other, &mut draw))
            })
        })
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn asked() -> Option<u64> {
    std::env::var("STEPBACK_MUTATIONS").ok()?.parse().ok()
}
