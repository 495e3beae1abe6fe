//! What one evaluation has: the session, what it may still use, and what stands still while it lasts.

use super::super::builtin::Builtin;
use super::super::failure::Limit;
use super::super::fault::{Fault, Outcome};
use super::super::function::Function;
use super::super::parse::Tree;
use super::super::references::{Binding, References};
use super::super::session::Session;
use super::super::text::Text;
use super::super::trace::{Operation, Trace};
use super::super::value::{Object, Value};
use super::frame::{Env, Frame};
use std::cell::{Cell, OnceCell, RefCell};

/// How deep evaluation may nest: AWS ends the evaluation at 100 nested brackets, 101 terms of a sum, and a recursion
/// of 32 (measured), which is a depth of 100 of the reference implementation's own recursion.
const MAX_DEPTH: usize = 100;

/// A safety net for loops that build nothing; far beyond what any useful expression takes. Time itself is not looked
/// at, so that an evaluation ends alike on every machine.
const STEPS: u64 = if cfg!(test) { 3_000_000 } else { 20_000_000 };

/// What one evaluation may build, in bytes of everything it ever builds.
const BYTES: usize = 128 << 20;

/// How deep a value may be nested, which is far deeper than any JSON text AWS reads.
const NESTING: u16 = 1_000;

/// One evaluation.
pub(in super::super) struct Run<'v> {
    pub(super) tree: &'v Tree,
    session: &'v Session<'v>,
    references: &'v References,
    depth: Cell<usize>,
    steps: Cell<u64>,
    bytes: Cell<usize>,
    /// The frames that functions are bound in. They are kept to the end, and then emptied: such a frame and its
    /// functions hold each other.
    frames: RefCell<Vec<Env<'v>>>,
    now: OnceCell<i64>,
    random: Cell<Option<u64>>,
    states: OnceCell<Value<'v>>,
    /// What the operations were given and gave, when somebody wants to know.
    pub(super) trace: Option<Trace<'v>>,
}

impl<'v> Run<'v> {
    pub(in super::super) fn new(tree: &'v Tree, references: &'v References, session: &'v Session<'v>) -> Self {
        Self {
            tree,
            session,
            references,
            depth: Cell::new(0),
            steps: Cell::new(STEPS),
            bytes: Cell::new(BYTES),
            frames: RefCell::default(),
            now: OnceCell::new(),
            random: Cell::new(None),
            states: OnceCell::new(),
            trace: None,
        }
    }

    /// Evaluates the whole tree; there is no context item, so `$` and `$$` are undefined outside of paths.
    pub(in super::super) fn whole(&self) -> Outcome<'v> {
        self.evaluate(&self.tree.root, &Value::Undefined, &Frame::outermost())
    }

    /// Has the operations remembered.
    pub(in super::super) fn watch(&mut self, trace: Trace<'v>) {
        self.trace = Some(trace);
    }

    /// Returns the operations that have been remembered.
    pub(in super::super) fn operations(&self) -> Vec<Operation<'v>> {
        self.trace.as_ref().map(Trace::finished).unwrap_or_default()
    }

    /// Lets go of functions that hold themselves. Newer frames go first, so that none takes a long chain with it.
    pub(in super::super) fn finish(&self) {
        let mut frames = self.frames.take();
        let bindings: Vec<_> = frames.iter().map(|frame| frame.clear()).collect();
        drop(bindings);
        while frames.pop().is_some() {}
    }

    /// Goes one level deeper.
    pub(super) fn enter(&self) -> Result<(), Fault> {
        let depth = self.depth.get() + 1;
        if depth > MAX_DEPTH {
            return Err(Limit::Depth.into());
        }
        self.depth.set(depth);
        self.tick(1)
    }

    /// Makes sure that one level more is still allowed, for nodes that are evaluated on the spot.
    pub(super) fn check_deeper(&self) -> Result<(), Fault> {
        if self.depth.get() >= MAX_DEPTH { Err(Limit::Depth.into()) } else { Ok(()) }
    }

    pub(super) fn leave(&self) {
        self.depth.set(self.depth.get().saturating_sub(1));
    }

    /// Counts steps of work.
    pub(in super::super) fn tick(&self, steps: usize) -> Result<(), Fault> {
        Ok(self.count(steps)?)
    }

    /// Counts steps of work.
    pub(in super::super) fn count(&self, steps: usize) -> Result<(), Limit> {
        let left = self.steps.get().checked_sub(steps as u64).ok_or(Limit::Time)?;
        self.steps.set(left);
        Ok(())
    }

    /// Spends bytes or ends the evaluation.
    pub(in super::super) fn spend(&self, bytes: usize) -> Result<(), Limit> {
        let left = self.bytes.get().checked_sub(bytes).ok_or(Limit::Memory)?;
        self.bytes.set(left);
        Ok(())
    }

    /// Spends for the items of an array.
    pub(in super::super) fn spend_items(&self, items: usize) -> Result<(), Limit> {
        self.count(items)?;
        self.spend(items.saturating_mul(size_of::<Value<'_>>()))
    }

    /// Refuses a value that is nested too deeply.
    pub(super) fn admit(&self, value: Value<'v>) -> Outcome<'v> {
        if value.nesting().depth > NESTING { Err(Limit::Memory.into()) } else { Ok(value) }
    }

    /// Binds a name in a frame.
    pub(super) fn bind(&self, env: &Env<'v>, name: Text<'v>, value: Value<'v>) -> Result<(), Fault> {
        if value.nesting().functions {
            self.spend(size_of::<Frame<'_>>() * 2)?;
            self.frames.borrow_mut().push(Env::clone(env));
        }
        env.bind(name, value);
        Ok(())
    }

    /// Keeps a frame to the end of the evaluation.
    pub(super) fn keep(&self, env: &Env<'v>) -> Result<(), Fault> {
        self.spend(size_of::<Frame<'_>>() * 2)?;
        self.frames.borrow_mut().push(Env::clone(env));
        Ok(())
    }

    /// Returns what a name stands for: a variable of the expression, of the execution, or a function of the language.
    pub(super) fn lookup(&self, name: &str, env: &Env<'v>) -> Value<'v> {
        match self.variable(name, env) {
            Some(value) => value,
            None => {
                Builtin::named(name).map_or(Value::Undefined, |builtin| Value::function(Function::Builtin(builtin)))
            }
        }
    }

    /// Returns what a name stands for unless it is a function of the language.
    pub(super) fn variable(&self, name: &str, env: &Env<'v>) -> Option<Value<'v>> {
        if let Some(value) = env.lookup(name) {
            return Some(value);
        }
        if name == "states" {
            return Some(self.states.get_or_init(|| self.make_states()).clone());
        }
        self.session.scope().variables.get(name).map(Value::given)
    }

    /// Returns what `$states.input` and its like stand for, unless `$states` has been bound anew.
    pub(super) fn states_member(&self, name: &str, env: &Env<'v>) -> Option<Value<'v>> {
        let binding = Binding::of_states(name)?;
        if env.lookup("states").is_some() {
            return None;
        }
        Some(self.session.value(&binding).map_or(Value::Undefined, Value::given))
    }

    /// The object `$states`, with those members only that the expression reads.
    fn make_states(&self) -> Value<'v> {
        let all = self.references.uses(&Binding::States);
        let mut object = Object::default();
        for (name, binding) in Binding::STATES {
            if (all || self.references.uses(&binding))
                && let Some(value) = self.session.value(&binding)
            {
                object.insert(Text::Given(name), Value::given(value));
            }
        }
        Value::object(object)
    }

    /// The time, which stands still during an evaluation.
    pub(in super::super) fn now(&self) -> i64 {
        *self.now.get_or_init(|| self.session.scope().sources.now_millis())
    }

    /// Returns the next of the random numbers of this evaluation, which follow from one draw of the caller's.
    pub(in super::super) fn next_random(&self) -> u64 {
        let state = self.random.get().unwrap_or_else(|| self.session.scope().sources.random());
        self.random.set(Some(state.wrapping_add(0x9e37_79b9_7f4a_7c15)));
        mixed(state)
    }
}

/// Spreads the bits of a number (SplitMix64).
fn mixed(seed: u64) -> u64 {
    let mut bits = seed.wrapping_add(0x9e37_79b9_7f4a_7c15);
    bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    bits ^ (bits >> 31)
}
