//! How much an evaluation may build: bounds time and memory whatever the expression.

use serde_json::Value;
use std::cell::Cell;
use std::fmt;

/// More than any payload can hold: AWS's own limit is 256 KiB of text, ours leaves room for what is cut down later.
const UNITS: usize = 8 << 20;

/// Values nested deeper than this are not copied, because copying recurses; text is read to a depth of 128.
const DEPTH: usize = 400;

/// How deep the evaluation of a path may recurse.
const LEVELS: usize = 800;

/// A value larger or deeper than any payload may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TooLarge;

impl fmt::Display for TooLarge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the result is too large or nested too deeply")
    }
}

/// What is left of the work one evaluation may do; a unit is about a byte of text or a node visited.
#[derive(Debug)]
pub(super) struct Budget {
    units: Cell<usize>,
    levels: Cell<usize>,
}

/// One level of recursion, given back when dropped.
#[derive(Debug)]
pub(super) struct Level<'b>(&'b Budget);

impl Drop for Level<'_> {
    fn drop(&mut self) {
        self.0.levels.set(self.0.levels.get() + 1);
    }
}

impl Budget {
    pub(super) fn new() -> Self {
        Self { units: Cell::new(UNITS), levels: Cell::new(LEVELS) }
    }

    /// Goes one level deeper into a recursion.
    pub(super) fn enter(&self) -> Result<Level<'_>, TooLarge> {
        self.levels.set(self.levels.get().checked_sub(1).ok_or(TooLarge)?);
        Ok(Level(self))
    }

    /// Takes units away before the work they stand for is done.
    pub(super) fn spend(&self, units: usize) -> Result<(), TooLarge> {
        let left = self.units.get().checked_sub(units).ok_or(TooLarge)?;
        self.units.set(left);
        Ok(())
    }

    /// Copies a value, paying for its size first.
    pub(super) fn copy(&self, value: &Value) -> Result<Value, TooLarge> {
        self.measure(value)?;
        Ok(value.clone())
    }

    /// Pays for a value and makes sure that it may be walked recursively.
    pub(super) fn measure(&self, value: &Value) -> Result<(), TooLarge> {
        match value {
            Value::Array(_) | Value::Object(_) => self.measure_nested(value),
            Value::String(text) => self.spend(text.len() + 1),
            _ => self.spend(1),
        }
    }

    fn measure_nested(&self, value: &Value) -> Result<(), TooLarge> {
        let mut waiting = vec![(value, DEPTH)];
        while let Some((value, depth)) = waiting.pop() {
            let inner = depth.checked_sub(1).ok_or(TooLarge)?;
            match value {
                Value::Array(items) => {
                    self.spend(items.len() + 1)?;
                    waiting.extend(items.iter().map(|item| (item, inner)));
                }
                Value::Object(members) => {
                    self.spend(members.keys().map(|key| key.len() + 1).sum::<usize>() + 1)?;
                    waiting.extend(members.values().map(|member| (member, inner)));
                }
                Value::String(text) => self.spend(text.len() + 1)?,
                _ => self.spend(1)?,
            }
        }
        Ok(())
    }
}
