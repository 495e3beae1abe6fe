//! Parquet files: rows as objects, their members in the order of the columns. The crate that reads them is heavy, so that
//! the feature `parquet` has to be asked for.

use super::failed;
use crate::event::Failure;
use crate::interpreter::data::Item;

/// Returns the rows of a file.
#[cfg(feature = "parquet")]
pub(super) fn items(content: &[u8]) -> Result<Vec<Item>, Failure> {
    use super::plain;
    use ::parquet::file::reader::{FileReader as _, SerializedFileReader};
    let unreadable = |error: ::parquet::errors::ParquetError| failed(&format!("The file is not Parquet: {error}."));
    let reader = SerializedFileReader::new(bytes::Bytes::copy_from_slice(content)).map_err(unreadable)?;
    let rows = reader.get_row_iter(None).map_err(unreadable)?;
    rows.map(|row| Ok(plain(row.map_err(unreadable)?.to_json_value()))).collect()
}

/// Says how to get what this build cannot do.
#[cfg(not(feature = "parquet"))]
pub(super) fn items(_content: &[u8]) -> Result<Vec<Item>, Failure> {
    Err(failed("This build cannot read Parquet: install stepback with --features parquet."))
}
