//! The scanner against the full parser.
