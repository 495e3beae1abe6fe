//! Numbers of visits, attempts and scopes, and the tables they are numbers in.

use std::fmt;
use std::marker::PhantomData;
use std::num::NonZeroU32;
use std::ops::{Index, IndexMut};

/// A number in one table of one history. Optional ones take no more room than the number.
pub(super) trait Id: Copy {
    /// The id at that place of its table.
    fn at(place: usize) -> Self;
    /// The place in its table.
    fn place(self) -> usize;
}

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident,)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(NonZeroU32);

        impl Id for $name {
            fn at(place: usize) -> Self {
                let number = u32::try_from(place).unwrap_or(u32::MAX - 1) + 1;
                Self(NonZeroU32::new(number).unwrap_or(NonZeroU32::MIN))
            }

            fn place(self) -> usize {
                self.0.get() as usize - 1
            }
        }

        impl $name {
            /// Returns the place of this one in the order of appearance, from 0.
            pub fn index(self) -> usize {
                self.place()
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
    )*};
}

ids! {
    /// A visit of one history.
    VisitId,
    /// An attempt of one history.
    AttemptId,
    /// A scope of one history.
    ScopeId,
}

impl ScopeId {
    /// The scope of the states that stand in no other: every history has it.
    pub const ROOT: Self = Self(NonZeroU32::MIN);
}

/// Everything of one kind, in order of appearance; nothing is ever taken out.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Table<I, T> {
    items: Vec<T>,
    ids: PhantomData<I>,
}

impl<I: Id, T> Table<I, T> {
    pub(super) fn new() -> Self {
        Self { items: Vec::new(), ids: PhantomData }
    }

    pub(super) fn push(&mut self, item: T) -> I {
        self.items.push(item);
        I::at(self.items.len() - 1)
    }

    pub(super) fn iter(&self) -> impl DoubleEndedIterator<Item = (I, &T)> + ExactSizeIterator {
        self.items.iter().enumerate().map(|(place, item)| (I::at(place), item))
    }

    pub(super) fn iter_mut(&mut self) -> impl Iterator<Item = &mut T> {
        self.items.iter_mut()
    }
}

impl<I: Id, T> Index<I> for Table<I, T> {
    type Output = T;

    fn index(&self, id: I) -> &T {
        self.items.get(id.place()).expect("an id is only made when its item is put into the table")
    }
}

impl<I: Id, T> IndexMut<I> for Table<I, T> {
    fn index_mut(&mut self, id: I) -> &mut T {
        self.items.get_mut(id.place()).expect("an id is only made when its item is put into the table")
    }
}
