//! Holds nothing: the package is there for its benchmark.
