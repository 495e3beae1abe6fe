//! What was asked, kept on this computer when that is wanted: a line of JSON for each call, without payloads.

use serde_json::{Value, json};
use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::path::Path;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// The file that calls are written to.
#[derive(Debug)]
pub struct Journal(Mutex<File>);

impl Journal {
    /// Opens the file, or makes one that only its owner may read, and writes at its end.
    pub fn open(path: &Path) -> io::Result<Self> {
        let mut options = OpenOptions::new();
        options.create(true).append(true);
        #[cfg(unix)]
        {
            use std::os::unix::fs::OpenOptionsExt as _;
            options.mode(0o600);
        }
        let file = options.open(path)?;
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            // One that was there may be open to others.
            if file.metadata()?.is_file() {
                file.set_permissions(std::fs::Permissions::from_mode(0o600))?;
            }
        }
        Ok(Self(Mutex::new(file)))
    }

    /// Writes a call down: the arguments that are no data as they were given, of others their size.
    pub fn write(&self, tool: &str, arguments: &Value, outcome: &str, bytes: usize, took: Duration) {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let millis = u64::try_from(took.as_millis()).unwrap_or(u64::MAX);
        let line = json!({
            "at": since.as_secs(), "tool": tool, "arguments": arguments, "outcome": outcome, "bytes": bytes, "durationMs": millis,
        });
        let mut file = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        // A journal that cannot be written does not stop an answer.
        let _ = file.write_all(format!("{line}\n").as_bytes());
    }
}
