//! Histories in a compact notation, folded, against the visits they should give.

mod corpus;
mod notation;

use super::*;
use notation::{describe, read};
