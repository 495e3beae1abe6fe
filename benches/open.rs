//! How long opening a big history takes, as a multiple of merely looking at its bytes.
//!
//! First a table: each way of opening beside a `memchr` pass over the same mapped file, in turns, the fastest of
//! several runs of each. Then the same under divan, for comparing versions with each other.

#![expect(clippy::print_stdout, reason = "a benchmark prints what it measured")]

use divan::Bencher;
use memmap2::Mmap;
use serde::Deserialize;
use serde_json::value::RawValue;
use std::fmt::Write as _;
use std::fs::{self, File};
use std::io::{BufWriter, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;
use std::time::{Duration, Instant, SystemTime};
use stepback::recording::Recording;
use stepback::source;

const EVENTS: usize = 25_000;

fn main() {
    for file in [BigFile::small(), BigFile::large()] {
        report(file);
    }
    divan::main();
}

/// A history of 25,000 events, laid out as the AWS CLI prints it.
struct BigFile {
    name: &'static str,
    path: PathBuf,
    runs: u32,
}

impl BigFile {
    fn small() -> &'static Self {
        static FILE: OnceLock<BigFile> = OnceLock::new();
        FILE.get_or_init(|| Self { name: "S", path: written("S.json", 1_480), runs: 30 })
    }

    fn large() -> &'static Self {
        static FILE: OnceLock<BigFile> = OnceLock::new();
        FILE.get_or_init(|| Self { name: "L", path: written("L.json", 18_000), runs: 8 })
    }
}

fn folder() -> &'static Path {
    static FOLDER: OnceLock<PathBuf> = OnceLock::new();
    FOLDER.get_or_init(|| {
        let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("open");
        fs::create_dir_all(&folder).expect("the target folder can be written");
        folder
    })
}

/// Writes a history whose payloads have about that size, and makes it look finished a while ago.
fn written(name: &str, payload: usize) -> PathBuf {
    let path = folder().join(name);
    let mut file = BufWriter::new(File::create(&path).expect("the target folder can be written"));
    file.write_all(b"{\n    \"events\": [").expect("the disk has room");
    for id in 1..=EVENTS {
        let separator = if id == 1 { "\n" } else { ",\n" };
        write!(file, "{separator}{}", event(id, payload)).expect("the disk has room");
    }
    file.write_all(b"\n    ]\n}\n").expect("the disk has room");
    let file = file.into_inner().expect("the disk has room");
    file.set_modified(SystemTime::now() - Duration::from_secs(60)).expect("the time can be set");
    path
}

/// One task after the other: entered, scheduled, started, succeeded, exited.
fn event(id: usize, payload: usize) -> String {
    let data = |name: &str| {
        let text = json_text(id, payload);
        let truncated = format!("\"{name}Details\": {{\n                \"truncated\": false\n            }}");
        format!("\"{name}\": {text},\n            {truncated}")
    };
    let task = "\"resourceType\": \"lambda\",\n            \"resource\": \"invoke\"";
    let (kind, member, details) = match id % 5 {
        1 => ("TaskStateEntered", "stateEntered", format!("\"name\": \"Charge\",\n            {}", data("input"))),
        2 => (
            "TaskScheduled",
            "taskScheduled",
            format!("{task},\n            \"parameters\": {}", json_text(id, payload)),
        ),
        3 => ("TaskStarted", "taskStarted", task.to_owned()),
        4 => ("TaskSucceeded", "taskSucceeded", format!("{task},\n            {}", data("output"))),
        _ => ("TaskStateExited", "stateExited", format!("\"name\": \"Charge\",\n            {}", data("output"))),
    };
    let time = format!("2026-11-20T{:02}:{:02}:{:02}.412000+00:00", id / 3600 % 24, id / 60 % 60, id % 60);
    format!(
        "        {{\n            \"timestamp\": \"{time}\",\n            \"type\": \"{kind}\",\n            \"id\": {id},\n            \
         \"previousEventId\": {},\n            \"{member}EventDetails\": {{\n            {details}\n            }}\n        }}",
        id - 1
    )
}

/// JSON of about that size in a JSON string.
fn json_text(id: usize, size: usize) -> String {
    let mut text = format!("{{\"orderId\":\"A-{id:08}\",\"customer\":{{\"name\":\"Zoë\"}},\"items\":[");
    while text.len() * 5 / 4 < size * 5 / 4 {
        let _ = write!(
            text,
            "{{\"sku\":\"KB-104\\\\{}\",\"qty\":{},\"note\":\"a\\nb\",\"price\":19.5}},",
            text.len(),
            id % 9
        );
    }
    text.push_str("0]}");
    serde_json::to_string(&text).expect("a string is JSON")
}

#[expect(unsafe_code, reason = "the file is ours and nobody changes it")]
fn mapped(path: &Path) -> Mmap {
    let file = File::open(path).expect("the file was written");
    // SAFETY: nothing writes to the file any more.
    unsafe { Mmap::map(&file) }.expect("the file can be mapped")
}

fn look(path: &Path) -> usize {
    memchr::memchr_iter(0, &mapped(path)).count()
}

fn opened(path: &Path) -> Recording {
    source::open_recording(path).expect("the file is a history")
}

fn open(path: &Path) -> usize {
    opened(path).events.len()
}

#[derive(Deserialize)]
struct History<'a> {
    #[serde(borrow)]
    events: Vec<Event<'a>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(dead_code, reason = "reading them is what is measured")]
struct Event<'a> {
    timestamp: &'a str,
    #[serde(rename = "type")]
    kind: &'a str,
    id: u32,
    previous_event_id: u32,
    #[serde(borrow)]
    state_entered_event_details: Option<&'a RawValue>,
}

fn serde(path: &Path) -> usize {
    serde_json::from_slice::<History<'_>>(&mapped(path)).expect("the file is a history").events.len()
}

fn report(file: &BigFile) {
    let bytes = fs::metadata(&file.path).expect("the file was written").len();
    let private = private_memory(&file.path);
    let [mut floor, mut opened, mut typed] = [Duration::MAX; 3];
    for _ in 0..file.runs {
        floor = floor.min(timed(|| look(&file.path)));
        opened = opened.min(timed(|| open(&file.path)));
    }
    for _ in 0..3 {
        typed = typed.min(timed(|| serde(&file.path)));
    }
    println!("{}: {:.1} MB, {EVENTS} events", file.name, bytes as f64 / 1e6);
    let line = |way: &str, time: Duration| {
        println!("  {way:32} {:9.2} ms {:7.2}x", time.as_secs_f64() * 1e3, time.as_secs_f64() / floor.as_secs_f64());
    };
    line("memchr over the mapped file", floor);
    line("source::open", opened);
    line("serde_json, typed, RawValue", typed);
    if let Some(time) = jq(&file.path) {
        line("jq '.events|length'", time);
    }
    if let Some(kilobytes) = private {
        println!("  private memory of an open recording: {:.1} MB", kilobytes as f64 / 1e3);
    }
}

fn timed(work: impl FnOnce() -> usize) -> Duration {
    let start = Instant::now();
    divan::black_box(work());
    start.elapsed()
}

fn jq(path: &Path) -> Option<Duration> {
    let start = Instant::now();
    let mut jq = Command::new("jq");
    let status = jq.arg(".events|length").arg(path).stdout(Stdio::null()).status().ok()?;
    status.success().then(|| start.elapsed())
}

/// How much private memory grows by opening the file, in kB, where the system tells.
fn private_memory(path: &Path) -> Option<u64> {
    let anonymous = || {
        let status = fs::read_to_string("/proc/self/status").ok()?;
        let line = status.lines().find(|line| line.starts_with("RssAnon:"))?;
        line.split_whitespace().nth(1)?.parse::<u64>().ok()
    };
    let before = anonymous()?;
    let recording = opened(path);
    let after = anonymous()?;
    drop(recording);
    Some(after.saturating_sub(before))
}

#[divan::bench]
fn memchr_s(bencher: Bencher<'_, '_>) {
    bencher.bench(|| look(&BigFile::small().path));
}

#[divan::bench]
fn open_s(bencher: Bencher<'_, '_>) {
    bencher.bench(|| open(&BigFile::small().path));
}

#[divan::bench(sample_count = 10)]
fn memchr_l(bencher: Bencher<'_, '_>) {
    bencher.bench(|| look(&BigFile::large().path));
}

#[divan::bench(sample_count = 10)]
fn open_l(bencher: Bencher<'_, '_>) {
    bencher.bench(|| open(&BigFile::large().path));
}

/// The whole history as events, payloads still unread.
#[divan::bench(sample_count = 10)]
fn every_event_s(bencher: Bencher<'_, '_>) {
    let recording = opened(&BigFile::small().path);
    bencher.bench(|| recording.events.iter().filter(|event| event.parent.is_some()).count());
}
