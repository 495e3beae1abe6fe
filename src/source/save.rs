//! Writes files so that a crash leaves the old one or the new one, never half of it.

use super::SourceError;
use super::bytes::Packing;
use crate::recording::Recording;
use flate2::Compression;
use flate2::write::GzEncoder;
use ruzstd::encoding::{CompressionLevel, compress_to_vec};
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use tempfile::{Builder, NamedTempFile};

/// Writes a recording in the stepback/1 form. A name ending in `.gz` or `.zst` is compressed.
pub fn save(recording: &Recording, path: &Path) -> Result<(), SourceError> {
    let packing = match path.extension().and_then(|extension| extension.to_str()) {
        Some("gz") => Packing::Gzip,
        Some("zst" | "zstd") => Packing::Zstd,
        _ => Packing::Plain,
    };
    replace_packed(path, packing, |writer| recording.to_writer(writer))
}

/// Replaces a file by what `write` writes, packed.
pub(super) fn replace_packed(
    path: &Path,
    packing: Packing,
    write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> Result<(), SourceError> {
    replace(path, |writer| match packing {
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
/// it is safely on the disk.
pub fn replace(path: &Path, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<(), SourceError> {
    // A link stays a link: what it points to is replaced.
    let path = path.canonicalize().unwrap_or_else(|_| path.to_owned());
    let folder = match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent.to_owned(),
        _ => PathBuf::from("."),
    };
    let mut file = temporary(&folder, &path)?;
    let mut writer = BufWriter::new(file.as_file_mut());
    write(&mut writer)?;
    writer.flush()?;
    drop(writer);
    file.as_file().sync_all()?;
    file.persist(&path).map_err(|error| error.error)?;
    // The name is on the disk once the folder is; where folders cannot be synced there is nothing more to do.
    let _ = File::open(&folder).and_then(|folder| folder.sync_all());
    Ok(())
}

/// A temporary file with the permissions of the file it will replace, or of any new file.
fn temporary(folder: &Path, path: &Path) -> io::Result<NamedTempFile> {
    let mut builder = Builder::new();
    builder.prefix(".stepback-").suffix(".tmp");
    let permissions = path.metadata().ok().map(|metadata| metadata.permissions()).or_else(new_file_permissions);
    if let Some(permissions) = permissions {
        builder.permissions(permissions);
    }
    builder.tempfile_in(folder)
}

/// Temporary files are private unless told otherwise; the process's mask still applies.
#[cfg(unix)]
fn new_file_permissions() -> Option<std::fs::Permissions> {
    Some(std::os::unix::fs::PermissionsExt::from_mode(0o666))
}

#[cfg(not(unix))]
fn new_file_permissions() -> Option<std::fs::Permissions> {
    None
}
