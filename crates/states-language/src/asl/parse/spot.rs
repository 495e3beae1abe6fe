//! A value of the definition together with its location, spelled out only when somebody complains.

use crate::asl::node::Node;
use std::fmt;

/// A value and the way to it from the root.
#[derive(Clone, Copy)]
pub(super) struct Spot<'p, 'a> {
    pub node: &'a Node,
    step: Step<'p>,
    parent: Option<&'p Spot<'p, 'a>>,
}

#[derive(Clone, Copy)]
enum Step<'p> {
    Root,
    /// A state parsed on its own stands where AWS says it does: `/States/StateName`.
    Fixed(&'p str),
    Key(&'p str),
    Index(usize),
}

impl<'p, 'a> Spot<'p, 'a> {
    pub fn root(node: &'a Node) -> Self {
        Self { node, step: Step::Root, parent: None }
    }

    pub fn fixed(node: &'a Node, location: &'p str) -> Self {
        Self { node, step: Step::Fixed(location), parent: None }
    }

    /// Returns the member of that name.
    pub fn get<'s>(&'s self, key: &'s str) -> Option<Spot<'s, 'a>>
    where
        'p: 's,
    {
        self.node.get(key).map(|node| self.below(node, key))
    }

    /// Returns a value of this object under a key.
    pub fn below<'s>(&'s self, node: &'a Node, key: &'s str) -> Spot<'s, 'a>
    where
        'p: 's,
    {
        Spot { node, step: Step::Key(key), parent: Some(self) }
    }

    /// Returns the items of a list; none when it is no list.
    pub fn items<'s>(&'s self) -> impl Iterator<Item = Spot<'s, 'a>>
    where
        'p: 's,
    {
        let items = self.node.items().unwrap_or(&[]);
        items.iter().enumerate().map(|(index, node)| Spot { node, step: Step::Index(index), parent: Some(self) })
    }

    /// Returns the location as AWS writes it: `/States/Pick/Choices[0]/Next`.
    pub fn location(&self) -> String {
        self.to_string()
    }
}

impl fmt::Display for Spot<'_, '_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.step {
            Step::Root => return f.write_str("/"),
            Step::Fixed(location) => return f.write_str(location),
            Step::Key(_) | Step::Index(_) => {}
        }
        if let Some(parent) = self.parent
            && !matches!(parent.step, Step::Root)
        {
            write!(f, "{parent}")?;
        }
        match self.step {
            Step::Key(key) => write!(f, "/{key}"),
            Step::Index(index) => write!(f, "[{index}]"),
            Step::Root | Step::Fixed(_) => Ok(()),
        }
    }
}
