//! Writes files so that a crash leaves the old one or the new one, never half of it.

use super::SourceError;
use super::bytes::Packing;
use super::replacement::{Existing, Replacement};
use crate::recording::Recording;
use flate2::Compression;
use flate2::write::GzEncoder;
use ruzstd::encoding::{CompressionLevel, compress_to_vec};
use std::io::{self, Write};
use std::path::Path;

/// Writes a recording in the stepback/1 form. A name ending in `.gz` or `.zst` is compressed.
pub fn save(recording: &Recording, path: &Path) -> Result<(), SourceError> {
    save_or_keep(recording, path, Existing::Replace)
}

/// Does the same, but only where there is nothing yet if that is wanted.
pub fn save_or_keep(recording: &Recording, path: &Path, existing: Existing) -> Result<(), SourceError> {
    let packing = match path.extension().and_then(|extension| extension.to_str()) {
        Some("gz") => Packing::Gzip,
        Some("zst" | "zstd") => Packing::Zstd,
        _ => Packing::Plain,
    };
    packed(path, packing, existing, |writer| recording.to_writer(writer))
}

/// Replaces a file by what `write` writes, packed.
pub(super) fn replace_packed(
    path: &Path,
    packing: Packing,
    write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> Result<(), SourceError> {
    packed(path, packing, Existing::Replace, write)
}

fn packed(
    path: &Path,
    packing: Packing,
    existing: Existing,
    write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> Result<(), SourceError> {
    replace_or_keep(path, existing, |writer| match packing {
        Packing::Plain => write(writer),
        Packing::Gzip => {
            let mut packer = GzEncoder::new(writer, Compression::default());
            write(&mut packer)?;
            packer.finish().map(drop)
        }
        Packing::Zstd => {
            let mut text = Vec::new();
            write(&mut text)?;
            writer.write_all(&compress_to_vec(text.as_slice(), CompressionLevel::Fastest))
        }
    })
}

/// Replaces a file, or makes it: what `write` writes goes into a temporary file beside it, which takes its place once
/// it is safely on the disk. What is no file, such as a pipe, is written to.
pub fn replace(path: &Path, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<(), SourceError> {
    replace_or_keep(path, Existing::Replace, write)
}

/// Does the same, but only where there is nothing yet if that is wanted.
pub fn replace_or_keep(
    path: &Path,
    existing: Existing,
    write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> Result<(), SourceError> {
    let mut replacement = Replacement::of(path, existing)?;
    write(&mut replacement)?;
    replacement.commit()
}
