//! Signals that ask the program to end: the first one ends what is being done in an orderly way, the second one ends the
//! program.

use crate::tasks;
use signal_hook::consts::{SIGABRT, SIGHUP, SIGINT, SIGQUIT, SIGTERM};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{LazyLock, Once};
use std::time::Duration;

/// So often it is looked whether a signal has come.
const LOOK: Duration = Duration::from_millis(20);

/// So often somebody who wants to stop is noticed.
#[cfg(feature = "aws")]
const NOTICE: Duration = Duration::from_millis(50);

/// The last signal that came.
static SIGNAL: LazyLock<Arc<AtomicUsize>> = LazyLock::new(Arc::default);

/// Returns a flag that Ctrl-C sets, and what else asks a program to end.
pub(super) fn flag() -> Arc<AtomicBool> {
    let flag = Arc::new(AtomicBool::new(false));
    for signal in [SIGINT, SIGTERM, SIGHUP] {
        // In this order: a signal that comes while the flag is set ends the program as if nothing handled it. Without
        // signals Ctrl-C does what it always does.
        let _ = signal_hook::flag::register_conditional_default(signal, Arc::clone(&flag));
        let _ = signal_hook::flag::register(signal, Arc::clone(&flag));
        let number = usize::try_from(signal).unwrap_or_default();
        let _ = signal_hook::flag::register_usize(signal, Arc::clone(&SIGNAL), number);
    }
    flag
}

/// Returns what was asked for unless somebody stops it.
#[cfg(feature = "aws")]
pub(super) async fn until<T>(interrupted: &AtomicBool, work: impl Future<Output = T>) -> Option<T> {
    let stopped = async {
        while !interrupted.load(Ordering::Relaxed) {
            tokio::time::sleep(NOTICE).await;
        }
    };
    tokio::select! {
        done = work => Some(done),
        () = stopped => None,
    }
}

/// Lets signals end the program as ever, but first the commands that answer tasks: they run in process groups of their
/// own, which Ctrl-C does not reach.
pub(super) fn ends_commands() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let signals = [SIGINT, SIGTERM, SIGHUP].map(|signal| (signal, Arc::new(AtomicBool::new(false))));
        for (signal, flag) in &signals {
            let _ = signal_hook::flag::register(*signal, Arc::clone(flag));
        }
        std::thread::spawn(move || {
            loop {
                std::thread::sleep(LOOK);
                if let Some((signal, _)) = signals.iter().find(|(_, flag)| flag.load(Ordering::Relaxed)) {
                    tasks::end_all();
                    let _ = signal_hook::low_level::emulate_default_handler(*signal);
                }
            }
        });
    });
}

/// Takes note of a signal that ended the screen.
pub(super) fn told(signal: i32) {
    SIGNAL.store(usize::try_from(signal).unwrap_or_default(), Ordering::Relaxed);
}

/// Returns the exit code of a program that ended in an orderly way because it was told to, as shells have it.
pub(super) fn exit_code() -> Option<u8> {
    let signal = SIGNAL.load(Ordering::Relaxed);
    let told = [SIGTERM, SIGHUP, SIGQUIT, SIGABRT].iter().any(|it| usize::try_from(*it) == Ok(signal));
    u8::try_from(128 + signal).ok().filter(|_| told)
}
