//! The bytes of a file or stream: read or mapped, and unpacked if they are compressed.

use super::SourceError;
use super::mapping::Mapped;
use crate::json::SharedBytes;
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;
use std::time::SystemTime;

/// The most that is read from a stream or unpacked from a file, so that a small file cannot fill the memory.
const LIMIT: u64 = 2 << 30;

/// What was read, and where and why unpacking broke off, if it did.
#[derive(Debug, Clone)]
pub(super) struct Content {
    pub(super) bytes: SharedBytes,
    pub(super) broken: Option<Broken>,
}

/// Compressed data that cannot be unpacked beyond a byte.
#[derive(Debug, Clone)]
pub(super) struct Broken {
    pub(super) byte: u64,
    pub(super) reason: String,
}

/// Reads a file.
pub(super) fn of_file(path: &Path) -> Result<Content, SourceError> {
    let mut file = File::open(path)?;
    let metadata = file.metadata()?;
    match Mapped::of(&file, &metadata, SystemTime::now()) {
        Some(mapped) => unpack(SharedBytes::new(mapped)),
        None => of_reader(&mut file),
    }
}

/// Reads a stream to its end.
pub(super) fn of_reader(reader: &mut impl Read) -> Result<Content, SourceError> {
    let mut bytes = Vec::new();
    reader.take(LIMIT + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > LIMIT {
        return Err(SourceError::TooLarge { limit: LIMIT });
    }
    unpack(SharedBytes::new(bytes))
}

/// Unpacks compressed bytes, recognised by how they begin; others are left as they are.
pub(super) fn unpack(bytes: SharedBytes) -> Result<Content, SourceError> {
    if bytes.starts_with(&[0x1f, 0x8b]) {
        return read_packed(flate2::bufread::MultiGzDecoder::new(&*bytes));
    }
    if bytes.starts_with(&[0x28, 0xb5, 0x2f, 0xfd]) {
        let mut source = &*bytes;
        return read_packed(ZstdFrames { source: &mut source });
    }
    Ok(Content { bytes, broken: None })
}

/// Data in zstd's format: one frame after the other.
struct ZstdFrames<'a, 'b> {
    source: &'a mut &'b [u8],
}
