//! Bytes with one owner and many readers: a file's content, and the places in it that are payloads.

use std::fmt;
use std::ops::{Deref, Range};
use std::sync::Arc;

/// A part of a buffer that is shared and never changes; cheap to clone and to cut smaller.
#[derive(Clone)]
pub struct SharedBytes {
    owner: Arc<dyn AsRef<[u8]> + Send + Sync>,
    start: usize,
    len: usize,
}

impl SharedBytes {
    /// Takes a whole buffer. The owner must return the same bytes each time it is asked.
    pub fn new(owner: impl AsRef<[u8]> + Send + Sync + 'static) -> Self {
        let len = owner.as_ref().len();
        Self { owner: Arc::new(owner), start: 0, len }
    }

    /// Returns a part of these bytes, or `None` when the range does not lie inside.
    pub fn slice(&self, range: Range<usize>) -> Option<Self> {
        let len = range.end.checked_sub(range.start)?;
        let inside = range.end <= self.len;
        inside.then(|| Self { owner: Arc::clone(&self.owner), start: self.start + range.start, len })
    }

    /// Returns the range that `part` takes inside these bytes, or `None` when it was not borrowed from them.
    pub fn range_of(&self, part: &[u8]) -> Option<Range<usize>> {
        let start = (part.as_ptr() as usize).checked_sub(self.as_ptr() as usize)?;
        let end = start.checked_add(part.len())?;
        (end <= self.len).then_some(start..end)
    }
}

impl Deref for SharedBytes {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        (*self.owner).as_ref().get(self.start..self.start + self.len).unwrap_or_default()
    }
}

/// Two are equal when they hold the same bytes, wherever these are.
impl PartialEq for SharedBytes {
    fn eq(&self, other: &Self) -> bool {
        **self == **other
    }
}

impl Eq for SharedBytes {}

impl From<String> for SharedBytes {
    fn from(text: String) -> Self {
        Self::new(text.into_bytes())
    }
}

impl From<Vec<u8>> for SharedBytes {
    fn from(bytes: Vec<u8>) -> Self {
        Self::new(bytes)
    }
}

impl fmt::Debug for SharedBytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SharedBytes({} bytes)", self.len)
    }
}
