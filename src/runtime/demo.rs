//! The recordings inside the program, for whoever has none at hand.

use crate::json::SharedBytes;

/// A recording inside the program.
pub(super) struct Shipped {
    /// What it is called.
    pub name: &'static str,
    /// Its file.
    pub bytes: &'static [u8],
}

macro_rules! shipped {
    ($($file:literal,)*) => {
        [$(Shipped { name: $file, bytes: include_bytes!(concat!("../../recordings/", $file)) },)*]
    };
}

/// All of them.
pub(super) const SHIPPED: [Shipped; 16] = shipped![
    "order-payment-declined.sfn.json",
    "bad-files-in-nightly-import.sfn.json.gz",
    "rollout-region-timed-out.sfn.json",
    "signup-awaiting-approval.sfn.json",
    "payouts-child-failed.sfn.json",
    "loan-quote-missing-field.sfn.json",
    "claims-matching-out-of-memory.sfn.json",
    "express-checkout.log.jsonl",
    "refund-webhook-error-level.log.jsonl",
    "month-end-redriven.sfn.json",
    "image-refresh-over-tolerance.sfn.json",
    "ledger-export-timed-out.sfn.json",
    "erasure-stopped-by-operator.sfn.json",
    "shipping-quote-carrier-changed.sfn.json",
    "shipping-quote-good.sfn.json",
    "order-shipped.sfn.json",
];

impl Shipped {
    /// Returns its bytes as a buffer to open.
    pub(super) fn buffer(&self) -> SharedBytes {
        SharedBytes::new(self.bytes)
    }
}
