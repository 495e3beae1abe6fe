//! Ctrl-C: the first one ends what is being done in an orderly way, the second one ends the program.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

/// Returns a flag that Ctrl-C sets.
pub(super) fn flag() -> Arc<AtomicBool> {
    let flag = Arc::new(AtomicBool::new(false));
    // In this order: a signal that comes while the flag is set ends the program as if nothing handled it. Without
    // signals Ctrl-C does what it always does.
    let signal = signal_hook::consts::SIGINT;
    let _ = signal_hook::flag::register_conditional_default(signal, Arc::clone(&flag));
    let _ = signal_hook::flag::register(signal, Arc::clone(&flag));
    flag
}
