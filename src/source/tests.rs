//! Every input shape, as small texts.
