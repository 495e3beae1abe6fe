//! What the ResultWriter of a distributed Map leaves in its bucket: a manifest, and files with a record of every child
//! execution, by how they ended.
//!
//! There may be millions of records. They are streamed: all are counted, and as many are kept as a person or a
//! comparison can use. What it says of ARNs, dates, errors, inputs and outputs is what `DescribeExecution` would say.

mod folder;
mod manifest;
mod record;
mod stream;
mod tally;
#[cfg(test)]
pub(super) mod tests;

pub(super) use folder::{is_map_run, of_bytes, of_file, of_folder};

use crate::json::{Members, SharedBytes};

/// How much of a file is looked at to tell what it is.
const HEAD: usize = 64 << 10;

/// What a file of a Map Run is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// The list of the others.
    Manifest,
    /// Records of child executions.
    Records,
}

impl Kind {
    /// Tells by how a file begins; `None` when it is something else.
    fn of(head: &[u8]) -> Option<Self> {
        let head = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head).trim_ascii_start();
        let first = match head.first()? {
            b'[' => head.get(1..)?.trim_ascii_start(),
            b'{' => head,
            _ => return None,
        };
        let is_record = |members: &Members| {
            let machine = members.get("StateMachineArn").or_else(|| members.get("ExecutionArn"));
            // Only children of a Map Run have the label of their Map in the name of their machine.
            machine.is_some_and(|arn| arn.contains(&b'/')) && members.get("ExecutionArn").is_some()
        };
        let text = SharedBytes::new(first.to_vec());
        let members = stream::first(&text).and_then(|first| Members::of(&first).ok());
        match members {
            Some(members) if members.get("ResultFiles").is_some() => Some(Self::Manifest),
            Some(members) if is_record(&members) => Some(Self::Records),
            Some(_) => None,
            // The first record is longer than what is looked at, or broken.
            None => {
                let near = first.get(..first.len().min(4096)).unwrap_or_default();
                let has = |name: &[u8]| memchr::memmem::find(near, name).is_some();
                (first.starts_with(b"{\"ExecutionArn\"") && has(b":execution:") && has(b"/")).then_some(Self::Records)
            }
        }
    }
}
