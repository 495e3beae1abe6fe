//! A mapped file that another program shortens: reading what is gone raises `SIGBUS`. That ends the program, as it
//! would anyway, but with a sentence that names the file.

use signal_hook::consts::SIGBUS;
use signal_hook::low_level;
use std::ops::Range;
use std::os::fd::{AsRawFd, BorrowedFd};
use std::ptr;
use std::sync::Once;
use std::sync::atomic::{AtomicI32, AtomicPtr, Ordering};

/// So many mapped files are watched at once; the others end the program without a word.
const MOST: usize = 64;

const STANDARD_ERROR: i32 = 2;

/// The mapped files. What was watched once is never freed: the handler may be reading it.
static FILES: [AtomicPtr<File>; MOST] = [const { AtomicPtr::new(ptr::null_mut()) }; MOST];

/// Where the last words go: standard error, unless somebody takes them who can still show them.
static LAST_WORDS: AtomicI32 = AtomicI32::new(STANDARD_ERROR);

/// A file as the handler needs it.
struct File {
    addresses: Range<usize>,
    words: Vec<u8>,
}

/// A mapped file that is watched until this is dropped.
#[derive(Debug)]
pub(super) struct Watch(&'static AtomicPtr<File>);

impl Drop for Watch {
    fn drop(&mut self) {
        self.0.store(ptr::null_mut(), Ordering::Release);
    }
}

/// Lets the program end with a sentence about the file of that name when memory at these addresses is gone.
pub(super) fn watch(memory: Range<*const u8>, name: &str) -> Option<Watch> {
    handle();
    let name: String = name.chars().map(|it| if it.is_control() { '\u{fffd}' } else { it }).collect();
    let words = format!("stepback: {name} was shortened by another program while it was open. Open it again.\n");
    let file = File { addresses: memory.start.addr()..memory.end.addr(), words: words.into_bytes() };
    let file = Box::into_raw(Box::new(file));
    let free = |slot: &&AtomicPtr<File>| {
        slot.compare_exchange(ptr::null_mut(), file, Ordering::AcqRel, Ordering::Relaxed).is_ok()
    };
    FILES.iter().find(free).map(Watch)
}

/// Sends the last words there, while it is open.
pub fn last_words_to(file: &impl AsRawFd) {
    LAST_WORDS.store(file.as_raw_fd(), Ordering::Release);
}

/// Sends the last words to standard error again.
pub fn last_words_as_ever() {
    LAST_WORDS.store(STANDARD_ERROR, Ordering::Release);
}

/// Handles the signal from now on.
fn handle() {
    static ONCE: Once = Once::new();
    ONCE.call_once(register);
}

#[expect(unsafe_code, reason = "a signal handler promises to do only what may be done in one")]
fn register() {
    // SAFETY: the action reads atomics and memory that is never freed, and makes two system calls, write and _exit.
    // It neither allocates nor locks nor panics.
    let _ = unsafe { signal_hook_registry::register_sigaction(SIGBUS, |told| end(address(told))) };
}

#[expect(unsafe_code, reason = "the kernel says where memory is gone in a union")]
fn address(told: &libc::siginfo_t) -> usize {
    // SAFETY: for SIGBUS the kernel fills in the address.
    unsafe { told.si_addr() }.addr()
}

/// Ends the program with the words about the file at the address. Where there is none, what handled the signal before
/// has its way.
fn end(address: usize) {
    for slot in &FILES {
        let Some(file) = watched(slot) else { continue };
        if file.addresses.contains(&address) {
            say(&file.words);
            low_level::exit(128 + SIGBUS);
        }
    }
}

#[expect(unsafe_code, reason = "what is watched is known by its address, which alone a handler can load")]
fn watched(slot: &AtomicPtr<File>) -> Option<&'static File> {
    // SAFETY: what is stored there comes from a box that is never freed.
    unsafe { slot.load(Ordering::Acquire).as_ref() }
}

#[expect(unsafe_code, reason = "the handler can keep no file, only its number")]
fn say(words: &[u8]) {
    // SAFETY: it is standard error, or a pipe that is held until it is no longer where the words go. Should it have been
    // closed in between, writing fails, which does no harm to a program that ends here.
    let _ = rustix::io::write(unsafe { BorrowedFd::borrow_raw(LAST_WORDS.load(Ordering::Acquire)) }, words);
}
