//! The parts of the execution screen.

/// A part of the screen that can have the focus.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Pane {
    /// The visits as a tree, or what takes its place.
    #[default]
    Main,
    /// The events below the tree, on tall screens.
    Events,
    /// The data at the cursor.
    Data,
}

/// What the main pane shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum MainView {
    /// The visits as a tree.
    #[default]
    Tree,
    /// The visits along the time.
    Timeline,
    /// The machine as a graph.
    Graph,
    /// The events as AWS words them.
    Events,
    /// One row for each state, with how often and how long.
    Table,
}

impl MainView {
    /// Returns the view after this one.
    #[must_use]
    pub fn next(self) -> Self {
        match self {
            Self::Tree => Self::Timeline,
            Self::Timeline => Self::Graph,
            Self::Graph => Self::Events,
            Self::Events => Self::Table,
            Self::Table => Self::Tree,
        }
    }

    /// Returns the view before this one.
    #[must_use]
    pub fn previous(self) -> Self {
        match self {
            Self::Tree => Self::Table,
            Self::Timeline => Self::Tree,
            Self::Graph => Self::Timeline,
            Self::Events => Self::Graph,
            Self::Table => Self::Events,
        }
    }
}

/// What the data pane shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum DataTab {
    /// What went in, and with which error it ended.
    #[default]
    Input,
    /// What came out.
    Output,
    /// The variables in force.
    Variables,
    /// The event as AWS wrote it.
    Event,
    /// The way of data through the state, stage by stage.
    Flow,
    /// Why the state went where it went.
    Explain,
    /// The definition as executed.
    Definition,
}

impl DataTab {
    /// All of them from left to right.
    pub const ALL: [Self; 7] =
        [Self::Input, Self::Output, Self::Variables, Self::Event, Self::Flow, Self::Explain, Self::Definition];

    /// Returns the word in the pane's title.
    pub fn title(self) -> &'static str {
        match self {
            Self::Input => "input",
            Self::Output => "output",
            Self::Variables => "variables",
            Self::Event => "event",
            Self::Flow => "flow",
            Self::Explain => "decision",
            Self::Definition => "definition",
        }
    }

    /// Returns a shorter word for where there is little room.
    pub fn short_title(self) -> &'static str {
        match self {
            Self::Input => "in",
            Self::Output => "out",
            Self::Variables => "vars",
            Self::Event => "event",
            Self::Flow => "flow",
            Self::Explain => "decision",
            Self::Definition => "def",
        }
    }
}
