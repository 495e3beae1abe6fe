//! The bytes of a file or stream: read or mapped, and unpacked if they are compressed.

use super::SourceError;
use super::mapping::Mapped;
use crate::json::SharedBytes;
use flate2::bufread::MultiGzDecoder;
use ruzstd::decoding::StreamingDecoder;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::Path;
use std::time::SystemTime;

/// The most that is read from a stream or unpacked from a file, so that a small file cannot fill the memory.
const LIMIT: u64 = 1 << 30;

/// How much of a file is read at once.
const BUFFER: usize = 256 << 10;

/// How often something may be packed into each other, as a delivery stream does that packs what came packed.
const LAYERS: usize = 3;

/// What was read, and where and why unpacking broke off, if it did.
#[derive(Debug, Clone)]
pub(super) struct Content {
    pub(super) bytes: SharedBytes,
    pub(super) broken: Option<String>,
    /// How it was packed.
    pub(super) packing: Packing,
}

/// How the bytes of a file are packed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Packing {
    /// Not at all.
    Plain,
    Gzip,
    Zstd,
}

impl Packing {
    /// Tells packing by how bytes begin.
    fn of(bytes: &[u8]) -> Self {
        match bytes {
            [0x1f, 0x8b, ..] => Self::Gzip,
            [0x28, 0xb5, 0x2f, 0xfd, ..] => Self::Zstd,
            _ => Self::Plain,
        }
    }
}

/// Reads a file.
pub(super) fn of_file(path: &Path) -> Result<Content, SourceError> {
    let mut file = File::open(path)?;
    let metadata = file.metadata()?;
    match Mapped::of(path, &file, &metadata, SystemTime::now()) {
        Some(mapped) => unpack(SharedBytes::new(mapped)),
        None => of_reader(&mut file),
    }
}

/// Opens a file to be read bit by bit, unpacked.
pub(super) fn reader(path: &Path) -> io::Result<Box<dyn BufRead>> {
    let mut file = BufReader::with_capacity(BUFFER, File::open(path)?);
    Ok(match Packing::of(file.fill_buf()?) {
        Packing::Plain => Box::new(file),
        Packing::Gzip => Box::new(BufReader::with_capacity(BUFFER, MultiGzDecoder::new(file))),
        Packing::Zstd => {
            let content = of_file(path).map_err(|error| io::Error::other(error.about("The file")))?;
            Box::new(io::Cursor::new(content.bytes.to_vec()))
        }
    })
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
    let packing = Packing::of(&bytes);
    let mut content = unpack_once(bytes)?;
    for _ in 1..LAYERS {
        if Packing::of(&content.bytes) == Packing::Plain {
            break;
        }
        let broken = content.broken.take();
        content = unpack_once(content.bytes)?;
        content.broken = content.broken.or(broken);
    }
    Ok(Content { packing, ..content })
}

fn unpack_once(bytes: SharedBytes) -> Result<Content, SourceError> {
    let packing = Packing::of(&bytes);
    let (bytes, broken) = match packing {
        Packing::Plain => (bytes, None),
        Packing::Gzip => unpack_into(|unpacked, limit| copy(MultiGzDecoder::new(&*bytes), unpacked, limit))?,
        Packing::Zstd => unpack_into(|unpacked, limit| unpack_frames(&bytes, unpacked, limit))?,
    };
    Ok(Content { bytes, broken, packing })
}

/// What could be unpacked before an error is kept.
fn unpack_into(
    unpack: impl FnOnce(&mut Vec<u8>, u64) -> io::Result<()>,
) -> Result<(SharedBytes, Option<String>), SourceError> {
    let mut unpacked = Vec::new();
    let done = unpack(&mut unpacked, LIMIT + 1);
    if unpacked.len() as u64 > LIMIT {
        return Err(SourceError::TooLarge { limit: LIMIT });
    }
    let broken = done.err().map(|error| error.to_string());
    match broken {
        Some(reason) if unpacked.is_empty() => Err(SourceError::Compression(reason)),
        broken => Ok((SharedBytes::new(unpacked), broken)),
    }
}

fn copy(packed: impl Read, unpacked: &mut Vec<u8>, limit: u64) -> io::Result<()> {
    let room = limit.saturating_sub(unpacked.len() as u64);
    packed.take(room).read_to_end(unpacked).map(drop)
}

/// Zstd's format is one frame after the other.
fn unpack_frames(mut packed: &[u8], unpacked: &mut Vec<u8>, limit: u64) -> io::Result<()> {
    while !packed.is_empty() && (unpacked.len() as u64) < limit {
        let decoder = StreamingDecoder::new(&mut packed).map_err(io::Error::other)?;
        copy(decoder, unpacked, limit)?;
    }
    Ok(())
}
