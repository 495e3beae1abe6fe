//! What it costs to prove a fix: recordings of some forty events, read from text, replayed and compared.

#![expect(clippy::unwrap_used, reason = "the recording is one of those we ship")]

use divan::Bencher;
use stepback::replay::{Edits, Replay, Verdict};
use stepback::source::open_bytes;

fn main() {
    divan::main();
}

const RECORDING: &[u8] = include_bytes!("../recordings/loan-quote-missing-field.sfn.json");

fn replayed() -> Verdict {
    let recording = open_bytes(RECORDING.to_vec()).unwrap().into_recording().unwrap();
    let mut replay = Replay::of(&recording, Edits::default()).unwrap();
    while replay.advance(1_000) {}
    replay.finish().fidelity.verdict
}

#[divan::bench]
fn one_recording(bencher: Bencher<'_, '_>) {
    bencher.bench(replayed);
}

/// The target: less than two seconds of one processor.
#[divan::bench(sample_count = 10)]
fn a_thousand_recordings(bencher: Bencher<'_, '_>) {
    bencher.bench(|| (0..1_000).filter(|_| replayed() == Verdict::Agrees).count());
}
