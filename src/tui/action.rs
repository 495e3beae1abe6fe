//! What a key can mean: every action once, with its name and a sentence. Help, hints, the palette and the book's
//! key table are made from this list.

use super::pane::DataTab;

/// Something a person can ask the screen to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Action {
    /// One row down in the focused pane.
    Down,
    /// One row up.
    Up,
    /// Half a page down.
    HalfPageDown,
    /// Half a page up.
    HalfPageUp,
    /// A page down.
    PageDown,
    /// A page up.
    PageUp,
    /// The first row.
    First,
    /// The last row; with a count, the event of that id.
    Last,
    /// Into what is selected.
    Enter,
    /// Closes an overlay, then clears a search, then restores pane sizes, then goes back. Never quits.
    Cancel,
    /// Back; quits at the root.
    Leave,
    /// Quits at once.
    Quit,
    /// The event before; in the data pane, folds or goes to the parent.
    Left,
    /// The event after; in the data pane, unfolds.
    Right,
    /// The event before, from any pane.
    PreviousEvent,
    /// The event after, from any pane.
    NextEvent,
    /// The previous event of this visit or iteration.
    PreviousSame,
    /// The next event of this visit or iteration.
    NextSame,
    /// The previous change of state.
    PreviousTransition,
    /// The next change of state.
    NextTransition,
    /// The next failure.
    NextFailure,
    /// The failure before.
    PreviousFailure,
    /// The attempt before.
    PreviousAttempt,
    /// The next attempt.
    NextAttempt,
    /// The iteration before, failed ones first.
    PreviousIteration,
    /// The next iteration, failed ones first.
    NextIteration,
    /// Up to what this belongs to.
    Parent,
    /// Back to the place before a jump.
    Back,
    /// Forward again.
    Forward,
    /// The next pane.
    NextPane,
    /// The pane before.
    PreviousPane,
    /// Shows the next view: tree, timeline, graph, events.
    CycleView,
    /// Shows the view before.
    CycleViewBack,
    /// Larger states in the graph, less time on the timeline.
    ZoomIn,
    /// Smaller states, more time.
    ZoomOut,
    /// The state under the cursor in the middle of the graph; its time on the timeline.
    Centre,
    /// Looks further left in the graph or on the timeline.
    PanLeft,
    /// Looks further right.
    PanRight,
    /// Plays the run from the cursor, or stops.
    Play,
    /// Plays faster: 1x, 10x, max.
    PlaySpeed,
    /// Shows a view of the data pane.
    Show(DataTab),
    /// The focused pane alone.
    Grow,
    /// All panes again.
    Shrink,
    /// Folds or unfolds the row.
    ToggleFold,
    /// Unfolds everything.
    OpenFolds,
    /// Folds everything.
    CloseFolds,
    /// Folds idle time on the time axis.
    ToggleIdle,
    /// Begins a search.
    Search,
    /// The next match; in a comparison, the next change.
    NextMatch,
    /// The match before; in a comparison, the change before.
    PreviousMatch,
    /// Compares what the state under the cursor was given with what it made of it.
    DiffHere,
    /// Compares this run with the last good one.
    DiffRuns,
    /// Shows the items of the Map around the cursor.
    MapItems,
    /// Shows all executions of a list at once, their failures by kind.
    Fleet,
    /// Replays the run.
    Replay,
    /// Where the value under the data pane's cursor came from.
    WhereFrom,
    /// Who used the value under the data pane's cursor.
    UsedBy,
    /// Marks a place; two marks are compared.
    Mark,
    /// Sets a bookmark: a letter follows.
    SetBookmark,
    /// Goes to a bookmark: a letter follows.
    GoToBookmark,
    /// The list of bookmarks.
    Bookmarks,
    /// Takes what was written in the editor on the screen.
    Accept,
    /// Filters the events.
    Filter,
    /// Sorts the table by the next column.
    Sort,
    /// The cause in full.
    Cause,
    /// The row at the cursor in full.
    ReadRow,
    /// Opens what is under the cursor in the person's own editor.
    Edit,
    /// Hands what is edited to the person's own editor.
    EditOutside,
    /// Writes an answer of another form.
    NextForm,
    /// Takes the task result of the last good run.
    GoodAnswer,
    /// Opens the run a replay made.
    OpenReplayed,
    /// Makes what was edited be as recorded again.
    UndoEdit,
    /// Follows a running execution.
    Follow,
    /// Keeps the execution as a file.
    Keep,
    /// Writes the execution as a document to hand over.
    Export,
    /// Lists the calls to AWS.
    Calls,
    /// Stops the execution.
    StopExecution,
    /// Redrives the execution.
    Redrive,
    /// Starts the machine again with the same input.
    StartAgain,
    /// Starts the machine again with an edited input.
    StartEdited,
    /// Tells the waiting task that it succeeded.
    SendSuccess,
    /// Tells the waiting task that it failed.
    SendFailure,
    /// Copies the value.
    YankValue,
    /// Copies the path.
    YankPath,
    /// Copies the path for jq.
    YankJq,
    /// Copies the execution's ARN.
    YankArn,
    /// Copies the address of the execution's page in the console.
    YankConsole,
    /// Copies the decoded cause.
    YankCause,
    /// Copies a summary in Markdown.
    YankMarkdown,
    /// Copies the command that reopens this view.
    YankCommand,
    /// Shows what is odd about the recording.
    Problems,
    /// Shows what was used of AWS's limits, and what keeps a running execution waiting.
    Budget,
    /// Reads the recording again.
    Refresh,
    /// Dark, light, 16 colours, none.
    CycleTheme,
    /// The list of keys.
    Help,
    /// Actions by name.
    Palette,
    /// Back to the shell until `fg`.
    Suspend,
}

/// The headings under which help lists actions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Group {
    /// Moving in a pane.
    Move,
    /// Moving through the events.
    Scrub,
    /// Panes and views.
    Panes,
    /// Folding and searching.
    Data,
    /// Comparing and replaying.
    Compare,
    /// Copying.
    Yank,
    /// Looking at AWS.
    Live,
    /// Changing something in AWS.
    Act,
    /// Everything else.
    Session,
}

impl Group {
    /// All of them in the order of the help.
    pub const ALL: [Self; 9] = [
        Self::Scrub,
        Self::Move,
        Self::Panes,
        Self::Data,
        Self::Compare,
        Self::Yank,
        Self::Live,
        Self::Act,
        Self::Session,
    ];

    /// Returns the heading.
    pub fn title(self) -> &'static str {
        match self {
            Self::Move => "Moving",
            Self::Scrub => "Scrubbing",
            Self::Panes => "Panes",
            Self::Data => "Folding and searching",
            Self::Compare => "Comparing and replaying",
            Self::Yank => "Copying",
            Self::Live => "AWS",
            Self::Act => "Actions in AWS, with --allow-actions",
            Self::Session => "Session",
        }
    }
}

/// An action as the user meets it.
#[derive(Debug, Clone, Copy)]
pub struct Entry {
    /// The action.
    pub action: Action,
    /// Its name in the palette and in a keymap.
    pub name: &'static str,
    /// One or two words for the footer.
    pub hint: &'static str,
    /// What it does, as a sentence without the full stop.
    pub sentence: &'static str,
    /// Its heading.
    pub group: Group,
    /// Its keys unless the user says otherwise, separated by spaces.
    pub keys: &'static str,
}

const fn entry(
    action: Action,
    group: Group,
    keys: &'static str,
    name: &'static str,
    hint: &'static str,
    sentence: &'static str,
) -> Entry {
    Entry { action, name, hint, sentence, group, keys }
}

/// Every action, in the order help shows them.
#[rustfmt::skip]
pub const ENTRIES: &[Entry] = {
    use Action::*;
    use Group::{Act, Compare, Data, Live, Move, Panes, Scrub, Session, Yank};
    &[
        entry(NextFailure, Scrub, "f", "next-failure", "next failure", "Go to the next failure"),
        entry(PreviousFailure, Scrub, "F", "previous-failure", "previous failure", "Go to the previous failure"),
        entry(Left, Scrub, "h left", "left", "event", "Go to the previous event; in the data, fold or go to the parent"),
        entry(Right, Scrub, "l right", "right", "event", "Go to the next event; in the data, unfold"),
        entry(PreviousEvent, Scrub, "<", "previous-event", "event", "Go to the previous event, from any pane"),
        entry(NextEvent, Scrub, ">", "next-event", "event", "Go to the next event, from any pane"),
        entry(PreviousSame, Scrub, ",", "previous-same", "same state", "Go to the previous event of this state or iteration"),
        entry(NextSame, Scrub, ".", "next-same", "same state", "Go to the next event of this state or iteration"),
        entry(PreviousTransition, Scrub, "H", "previous-transition", "state", "Go to the previous state transition"),
        entry(NextTransition, Scrub, "L", "next-transition", "state", "Go to the next state transition"),
        entry(PreviousAttempt, Scrub, "{", "previous-attempt", "attempt", "Go to the previous attempt"),
        entry(NextAttempt, Scrub, "}", "next-attempt", "attempt", "Go to the next attempt"),
        entry(PreviousIteration, Scrub, "(", "previous-iteration", "iteration", "Go to the previous iteration, failed ones first"),
        entry(NextIteration, Scrub, ")", "next-iteration", "iteration", "Go to the next iteration, failed ones first"),
        entry(Parent, Scrub, "u", "parent", "up", "Go up to the enclosing iteration, container or execution"),
        entry(Back, Scrub, "[", "back", "back", "Go back to where you jumped from"),
        entry(Forward, Scrub, "]", "forward", "forward", "Go forward again"),
        entry(SetBookmark, Scrub, "m", "set-bookmark", "bookmark", "Bookmark this place under a letter, with an optional note"),
        entry(GoToBookmark, Scrub, "'", "go-to-bookmark", "go to bookmark", "Go to a bookmark by its letter"),
        entry(Bookmarks, Scrub, "''", "bookmarks", "bookmarks", "List the bookmarks and their notes"),
        entry(Down, Move, "j down", "down", "row", "Move down one row"),
        entry(Up, Move, "k up", "up", "up", "Move up one row"),
        entry(HalfPageDown, Move, "ctrl-d", "half-page-down", "half page", "Move down half a page"),
        entry(HalfPageUp, Move, "ctrl-u", "half-page-up", "half page", "Move up half a page"),
        entry(PageDown, Move, "pagedown ctrl-f", "page-down", "page", "Move down one page"),
        entry(PageUp, Move, "pageup ctrl-b", "page-up", "page", "Move up one page"),
        entry(First, Move, "g home", "first", "top", "Go to the first row"),
        entry(Last, Move, "G end", "last", "bottom", "Go to the last row; after a number, to the event with that id"),
        entry(Enter, Move, "enter", "enter", "open", "Open what is selected: unfold it, look at its data, read it in full"),
        entry(Cause, Move, "c", "cause", "cause", "Read what went wrong in full"),
        entry(ReadRow, Move, "o", "read-row", "read row", "Read the row at the cursor in full, whatever its width"),
        entry(NextPane, Panes, "tab", "next-pane", "pane", "Go to the next pane"),
        entry(PreviousPane, Panes, "backtab", "previous-pane", "pane", "Go to the previous pane"),
        entry(CycleView, Panes, "v", "cycle-view", "view", "Show the next view: states, timeline, graph, events, table"),
        entry(CycleViewBack, Panes, "V", "cycle-view-back", "previous view", "Show the previous view: states, table, events, graph, timeline"),
        entry(ZoomIn, Panes, "=", "zoom-in", "zoom", "Zoom in on the graph or the timeline"),
        entry(ZoomOut, Panes, "-", "zoom-out", "zoom out", "Zoom out of the graph or the timeline"),
        entry(Centre, Panes, "zz", "center", "center", "Center the graph on the state at the cursor; on the timeline, zoom to its time and back"),
        entry(PanLeft, Panes, "zh", "pan-left", "scroll left", "Scroll the graph or the timeline to the left"),
        entry(PanRight, Panes, "zl", "pan-right", "scroll right", "Scroll the graph or the timeline to the right"),
        entry(Play, Panes, "p", "play", "play", "Play the execution from the cursor, or pause; folded idle time is skipped"),
        entry(PlaySpeed, Panes, "P", "play-speed", "speed", "Change the playback speed: 1x, 10x, max"),
        entry(Show(DataTab::Input), Panes, "1", "show-input", "input", "Show the input, and the cause of a failure"),
        entry(Show(DataTab::Output), Panes, "2", "show-output", "output", "Show the output"),
        entry(Show(DataTab::Variables), Panes, "3", "show-variables", "variables", "Show the variables at the cursor"),
        entry(Show(DataTab::Event), Panes, "4", "show-event", "event", "Show the event as AWS wrote it"),
        entry(Show(DataTab::Flow), Panes, "5", "show-flow", "flow", "Show the data flow through the state, stage by stage, recomputed"),
        entry(Show(DataTab::Explain), Panes, "6", "show-decision", "decision", "Show the state's decision: choice rules, retriers, catchers, waits"),
        entry(Show(DataTab::Definition), Panes, "7", "show-definition", "definition", "Show the definition as executed, at this state"),
        entry(Grow, Panes, "+", "grow-pane", "grow", "Maximize the focused pane"),
        entry(Shrink, Panes, "_", "shrink-pane", "restore", "Show all panes again"),
        entry(ToggleFold, Data, "za", "toggle-fold", "fold", "Fold or unfold the row"),
        entry(OpenFolds, Data, "zR", "open-folds", "unfold all", "Unfold everything; of the events, one line for each"),
        entry(CloseFolds, Data, "zM", "close-folds", "fold all", "Fold everything; of the events, one line for each task attempt"),
        entry(ToggleIdle, Data, "z", "toggle-idle", "idle time", "Fold or unfold idle time on the time axis"),
        entry(Search, Data, "/", "search", "search", "Search the focused pane; a capital letter makes it case-sensitive"),
        entry(Filter, Data, "&", "filter", "filter", "Filter the events by words, type:, state:, item:, attempt: or error:; payloads are searched too"),
        entry(Sort, Data, "s", "sort", "sort", "Sort the table by its next column"),
        entry(NextMatch, Data, "n", "next-match", "next", "Go to the next match; in a comparison, to the next change"),
        entry(PreviousMatch, Data, "N", "previous-match", "previous", "Go to the previous match; in a comparison, to the previous change"),
        entry(WhereFrom, Compare, "w", "where-from", "where from", "Show where the value at the data cursor came from"),
        entry(UsedBy, Compare, "W", "used-by", "used by", "Show what used the value at the data cursor"),
        entry(DiffHere, Compare, "d", "diff-here", "diff", "Compare input and output, this attempt with the previous one, or both sides of a replay"),
        entry(DiffRuns, Compare, "D", "diff-runs", "last good run", "Compare with the last good run of the same state machine"),
        entry(MapItems, Compare, "i", "map-items", "items", "Show the items of this Map, grouped by outcome, and what the failing ones share"),
        entry(Fleet, Compare, "C", "fleet", "failures", "Group the failures of this folder, list or state machine"),
        entry(Mark, Compare, "space", "mark", "mark", "Mark this place; a second mark compares both"),
        entry(Replay, Compare, "r", "replay", "replay", "Replay the execution or part of it on the local interpreter, with or without edits"),
        entry(Edit, Compare, "e", "edit", "edit", "Open what is at the cursor in $VISUAL or $EDITOR; replay with a changed input, task result or definition"),
        entry(Accept, Compare, "ctrl-s", "accept", "save", "Save the text in the editor"),
        entry(EditOutside, Compare, "ctrl-o", "edit-outside", "$EDITOR", "Edit in $VISUAL or $EDITOR instead"),
        entry(NextForm, Compare, "ctrl-t", "next-form", "result/error/timeout", "Switch the task result between result, error and timeout; a third time leads back to what was there"),
        entry(GoodAnswer, Compare, "ctrl-g", "good-result", "last good result", "Take the task result of the last good run, as it stands there"),
        entry(OpenReplayed, Compare, "O", "open-replayed", "open replayed run", "Open the replayed run as an execution of its own"),
        entry(UndoEdit, Compare, "delete backspace", "undo-edit", "remove", "Undo an edit, back to what was recorded; in the list of bookmarks, remove one"),
        entry(YankValue, Yank, "yy", "copy-value", "copy", "Copy the value at the cursor"),
        entry(YankPath, Yank, "yp", "copy-path", "copy path", "Copy its path as JSONPath"),
        entry(YankJq, Yank, "yq", "copy-jq", "copy jq", "Copy its path as a jq filter"),
        entry(YankCause, Yank, "yc", "copy-cause", "copy cause", "Copy the decoded cause"),
        entry(YankArn, Yank, "ya", "copy-arn", "copy ARN", "Copy the ARN of the execution"),
        entry(YankConsole, Yank, "yo", "copy-console", "copy address", "Copy the address in the AWS console"),
        entry(YankMarkdown, Yank, "ym", "copy-markdown", "copy summary", "Copy a summary in Markdown"),
        entry(YankCommand, Yank, "yl", "copy-command", "copy command", "Copy the command that reopens this view"),
        entry(Follow, Live, "a", "follow", "follow", "Follow a running execution; a cursor on the last event moves on with it"),
        entry(Keep, Live, "x", "keep", "save as file", "Save the execution as a recording"),
        entry(Export, Live, "X", "export", "export", "Export as a page, a summary or rows; the ending of the name decides: .html, .md, .csv, .events.csv"),
        entry(Calls, Live, "@", "calls", "AWS calls", "List the calls to AWS as aws CLI commands"),
        entry(StopExecution, Act, "S", "stop-execution", "stop", "Stop the execution"),
        entry(Redrive, Act, "R", "redrive", "redrive", "Redrive the execution from where it failed"),
        entry(StartAgain, Act, "A", "start-again", "start again", "Start a new execution with the same input"),
        entry(StartEdited, Act, "E", "start-edited", "start edited", "Edit the input and start a new execution with it"),
        entry(SendSuccess, Act, "K", "send-success", "succeed", "Send success to the waiting task at the cursor"),
        entry(SendFailure, Act, "B", "send-failure", "fail", "Send failure to the waiting task at the cursor"),
        entry(Help, Session, "?", "help", "keys", "Show the keys"),
        entry(Palette, Session, ":", "palette", "actions", "Run an action by name"),
        entry(Problems, Session, "!", "problems", "problems", "List what is damaged or inconsistent in the recording"),
        entry(Budget, Session, "U", "budget", "limits", "Show usage against AWS's limits (payload bytes, events) and what a running execution waits for"),
        entry(CycleTheme, Session, "T", "cycle-theme", "theme", "Cycle through the themes: dark, light, 16 colours, none"),
        entry(Refresh, Session, "ctrl-r", "refresh", "refresh", "Reload the recording, folder or list"),
        entry(Suspend, Session, "ctrl-z", "suspend", "suspend", "Suspend to the shell until fg"),
        entry(Cancel, Session, "esc", "cancel", "close", "Close what is open, clear the search or go back; never quits"),
        entry(Leave, Session, "q", "leave", "back", "Go back; at the root, quit"),
        entry(Quit, Session, "ctrl-c", "quit", "quit", "Quit"),
    ]
};

impl Action {
    /// Returns how the user meets this action.
    pub fn entry(self) -> &'static Entry {
        let found = ENTRIES.iter().find(|entry| entry.action == self);
        found.expect("every action has an entry, as a test makes sure")
    }

    /// Tells whether a letter follows that says which.
    pub fn wants_letter(self) -> bool {
        matches!(self, Self::SetBookmark | Self::GoToBookmark)
    }

    /// Returns the action of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        ENTRIES.iter().find(|entry| entry.name == name).map(|entry| entry.action)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn names_are_unique_and_lead_back() {
        let names: HashSet<_> = ENTRIES.iter().map(|entry| entry.name).collect();
        assert_eq!(names.len(), ENTRIES.len());
        for entry in ENTRIES {
            assert_eq!(Action::from_name(entry.name), Some(entry.action));
            assert_eq!(entry.action.entry().name, entry.name);
            assert!(!entry.sentence.ends_with('.'), "{}", entry.name);
        }
    }
}
