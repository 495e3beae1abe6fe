//! The line at the bottom: what is being typed, what there is to tell, or the keys that help most right now.

use crate::analysis::fleet::Survey;
use crate::json::rows::Outline;
use crate::tui::action::Action;
use crate::tui::browser::TERMS;
use crate::tui::event_list;
use crate::tui::execution::{Execution, Work};
use crate::tui::keymap::spelled;
use crate::tui::look::Look;
use crate::tui::model::{Model, Overlay, Screen, Sought};
use crate::tui::pane::{DataTab, MainView, Pane};
use crate::tui::panel::Kind;
use crate::tui::text;
use crate::tui::theme::Role;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::{Clear, Widget};

/// The most lines something to tell takes.
const TOLD: usize = 6;

pub(super) fn paint(model: &Model, screen: Rect, buffer: &mut Buffer) {
    let look = &model.look;
    let area = Rect { y: screen.y + screen.height - 1, height: 1, ..screen };
    buffer.set_style(area, look.style(Role::Hint));
    let width = usize::from(area.width);
    let line = if let Some(Overlay::Search(sought, text, _)) = &model.overlay {
        let lead = if *sought == Sought::Events { " &" } else { " /" };
        let mut line = vec![look.span(lead, Role::Key), look.foreign(text, width.saturating_sub(4), Role::Text)];
        // What can be said beside words to be found, as long as nothing is typed.
        let terms = match (sought, model.screen()) {
            (Sought::Events, _) => Some(event_list::TERMS),
            (Sought::Here, Screen::Browser(_)) => Some(TERMS),
            (Sought::Here, _) => None,
        };
        if let Some(terms) = terms.filter(|_| text.is_empty()) {
            line.push(look.foreign(&format!(" words, or {terms}"), width.saturating_sub(4), Role::Dim));
        }
        Line::from(line)
    } else if let Some(words) = model.calls.repeating() {
        let stop =
            if model.overlay.is_none() { format!("  {} stops", model.key(Action::Cancel)) } else { String::new() };
        let room = width.saturating_sub(text::width(&stop) + 2);
        let told = look.foreign(&format!(" {}", capital(words)), room, Role::Warning);
        Line::from(vec![told, look.span(stop, Role::Key)])
    } else if let Some(notice) = &model.notice {
        let role = if notice.bad { Role::Warning } else { Role::Text };
        return tell(&notice.text, role, look, screen, buffer);
    } else if !model.typed.is_empty() {
        pending(model)
    } else if let Some(opening) = &model.opening {
        let words = format!(" Opening {}{}", opening.target.spelled(), look.glyphs.more);
        Line::from(look.foreign(&words, width, Role::Text))
    } else if let Some(waiting) = model.execution().and_then(|execution| execution.waiting) {
        let stop = model.key(Action::Cancel);
        let words = match waiting.work {
            Work::Items(..) => "Comparing the items".to_owned(),
            Work::Runs => "Comparing with the last good run".to_owned(),
            Work::Replay(_, 0) => "Replaying".to_owned(),
            Work::Replay(done, of) => format!("Replaying, {} of {} events", text::count(done), text::count(of)),
        };
        Line::from(look.foreign(&format!(" {words}{}  {stop} stops", look.glyphs.more), width, Role::Text))
    } else {
        hints(model, &actions(model), width)
    };
    buffer.set_line(area.x, area.y, &line, area.width);
}

/// What there is to tell takes as many lines from the bottom as it has.
fn tell(words: &str, role: Role, look: &Look, screen: Rect, buffer: &mut Buffer) {
    let width = usize::from(screen.width.saturating_sub(2)).max(1);
    let harmless = text::harmless(words, look.glyphs);
    let lines = text::wrap(&harmless, width, TOLD);
    let height = u16::try_from(lines.len()).unwrap_or(1).min(screen.height);
    let area = Rect { y: screen.bottom() - height, height, ..screen };
    if height > 1 {
        Clear.render(area, buffer);
    }
    buffer.set_style(area, look.style(Role::Hint));
    for (y, line) in (area.y..area.bottom()).zip(&lines) {
        let line = Line::from(look.foreign(&format!(" {}", line.trim_end()), width + 1, role));
        buffer.set_line(area.x, y, &line, area.width);
    }
}

fn capital(words: &str) -> String {
    let mut chars = words.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

/// Returns where the terminal's own cursor belongs: behind what is being typed.
pub(super) fn cursor(model: &Model) -> Option<(u16, u16)> {
    let (width, height) = model.size;
    match &model.overlay {
        Some(Overlay::Search(_, text, _)) => {
            let typed = u16::try_from(text::width(text)).unwrap_or(u16::MAX);
            Some((typed.saturating_add(2).min(width.saturating_sub(1)), height.saturating_sub(1)))
        }
        _ => None,
    }
}

/// What was typed so far, and what may follow.
fn pending(model: &Model) -> Line<'_> {
    let look = &model.look;
    let typed = &model.typed;
    let count = typed.count.map(|count| count.to_string()).unwrap_or_default();
    let mut spans = vec![look.span(format!(" {count}{} ", spelled(&typed.keys)), Role::Key)];
    if typed.keys.is_empty() {
        let last = model.key(Action::Last);
        spans.push(look.span(format!(" then {last} for the event with that id, or a movement"), Role::Hint));
    }
    if let Some(letters) = letters(model) {
        spans.push(look.span(format!(" {letters}"), Role::Hint));
    }
    for (rest, action) in model.keymap.continuations(&typed.keys).filter(|_| !typed.keys.is_empty()) {
        spans.push(look.span(format!(" {}", spelled(rest)), Role::Key));
        spans.push(look.span(format!(" {} ", action.entry().hint), Role::Hint));
    }
    Line::from(spans)
}

/// Which letters may follow, when one must.
fn letters(model: &Model) -> Option<String> {
    match model.keymap.alone(&model.typed.keys)? {
        Action::SetBookmark => Some("then a letter, a to z ".to_owned()),
        Action::GoToBookmark => {
            let all = model.execution()?.bookmarks.all().iter();
            let letters: Vec<String> = all.filter_map(|it| it.bookmark.letter).map(|it| it.to_string()).collect();
            let none = letters.is_empty();
            Some(if none { "no bookmark has a letter yet ".to_owned() } else { format!("then {} ", letters.join(" ")) })
        }
        _ => None,
    }
}

/// As many hints as fit, the most useful first; help is always among them.
fn hints<'a>(model: &'a Model, actions: &[(Action, Option<Action>)], width: usize) -> Line<'a> {
    let look = &model.look;
    let hint = |action: Action, other: Option<Action>| -> [Span<'a>; 2] {
        let keys = match other {
            Some(other) => format!(" {} {}", model.key(action), model.key(other)),
            None => format!(" {}", model.key(action)),
        };
        [look.span(keys, Role::Key), look.span(format!(" {}  ", action.entry().hint), Role::Hint)]
    };
    let help = hint(Action::Help, None);
    let badges = badges(model);
    let last: usize = help.iter().map(Span::width).sum();
    let mut room = width.saturating_sub(last + badges.iter().map(Span::width).sum::<usize>());
    let mut spans = Vec::new();
    for (action, other) in actions {
        let hint = hint(*action, *other);
        let taken: usize = hint.iter().map(Span::width).sum();
        if taken > room {
            break;
        }
        room -= taken;
        spans.extend(hint);
    }
    spans.push(Span::raw(" ".repeat(room)));
    spans.extend(badges);
    spans.extend(help);
    Line::from(spans)
}

/// What is marked, and how true the replay is, once there was one.
fn badges(model: &Model) -> Vec<Span<'_>> {
    let Some(execution) = model.execution() else { return Vec::new() };
    let mark = execution.mark.map(|mark| model.look.span(format!("marked {}  ", mark.event), Role::Focus));
    let replayed = execution.replayed.as_ref().map(|replayed| {
        let role = if replayed.good { Role::Succeeded } else { Role::Warning };
        model.look.span(format!("{}  ", replayed.badge), role)
    });
    mark.into_iter().chain(replayed).collect()
}

fn actions(model: &Model) -> Vec<(Action, Option<Action>)> {
    if let Some(overlay) = &model.overlay {
        return match overlay {
            Overlay::Reader(..) => {
                vec![
                    (Action::Cancel, None),
                    (Action::Down, Some(Action::Up)),
                    (Action::YankValue, None),
                    (Action::Edit, None),
                ]
            }
            Overlay::Cause(_) => vec![
                (Action::Enter, None),
                (Action::Down, Some(Action::Up)),
                (Action::YankCause, None),
                (Action::YankMarkdown, None),
            ],
            Overlay::Help(_) => {
                vec![(Action::Cancel, None), (Action::Down, Some(Action::Up)), (Action::Search, None)]
            }
            Overlay::Palette(..) | Overlay::Asking(_) => vec![(Action::Enter, None), (Action::Cancel, None)],
            Overlay::Replay(_) => vec![
                (Action::Enter, None),
                (Action::Down, Some(Action::Up)),
                (Action::UndoEdit, None),
                (Action::EditOutside, None),
                (Action::YankCommand, None),
                (Action::Cancel, None),
            ],
            Overlay::Editor(editor) => {
                let form = [(Action::NextForm, None), (Action::GoodAnswer, None)];
                let form = form.into_iter().filter(|_| editor.is_answer());
                let actions = [(Action::Accept, None), (Action::Cancel, None), (Action::EditOutside, None)];
                actions.into_iter().chain(form).collect()
            }
            Overlay::Findings(found) if found.is_refused() => {
                vec![(Action::EditOutside, None), (Action::Cancel, None), (Action::Down, Some(Action::Up))]
            }
            Overlay::Findings(_) => {
                vec![(Action::Accept, None), (Action::EditOutside, None), (Action::Cancel, None)]
            }
            Overlay::Keep(_) | Overlay::Confirm(_) | Overlay::Noting(_) => vec![(Action::Cancel, None)],
            Overlay::Bookmarks(_) => vec![
                (Action::Cancel, None),
                (Action::Enter, None),
                (Action::Edit, None),
                (Action::UndoEdit, None),
                (Action::Down, Some(Action::Up)),
            ],
            Overlay::Calls => vec![(Action::Cancel, None), (Action::Down, Some(Action::Up)), (Action::YankValue, None)],
            _ => vec![(Action::Cancel, None), (Action::Down, Some(Action::Up))],
        };
    }
    on_screen(model)
}

/// The keys that help most in what has the focus, under whatever lies over it.
pub(super) fn on_screen(model: &Model) -> Vec<(Action, Option<Action>)> {
    match model.screen() {
        Screen::Opening => vec![(Action::Leave, None)],
        Screen::Broken(_) => vec![(Action::Refresh, None), (Action::Leave, None)],
        Screen::Browser(browser) => {
            let mut actions = vec![(Action::Enter, None), (Action::Down, Some(Action::Up)), (Action::Search, None)];
            if browser.beside.is_some() {
                actions.push((Action::NextPane, None));
            }
            if browser.feeds().is_some() {
                actions.push((Action::Calls, None));
            }
            actions.extend([(Action::Refresh, None), (Action::Leave, None)]);
            actions
        }
        Screen::Execution(execution) => on_execution(execution),
        Screen::Fleet(fleet) => crate::tui::fleet::hints(fleet),
    }
}

fn on_execution(execution: &Execution) -> Vec<(Action, Option<Action>)> {
    use crate::tui::action::Action::{
        Cancel, Cause, Centre, CloseFolds, CycleView, DiffHere, DiffRuns, Down, Edit, Enter, Filter, GoToBookmark,
        Grow, Left, MapItems, Mark, NextAttempt, NextEvent, NextFailure, NextIteration, NextMatch, NextPane, NextSame,
        OpenFolds, OpenReplayed, Palette, Parent, Play, PlaySpeed, PreviousAttempt, PreviousEvent, PreviousIteration,
        PreviousMatch, PreviousSame, Replay, Right, Search, SetBookmark, Show, Sort, ToggleFold, ToggleIdle, Up,
        UsedBy, WhereFrom, YankPath, YankValue, ZoomIn, ZoomOut,
    };
    let mut actions = Vec::new();
    if let Some(panel) = &execution.panel {
        let data = (panel.kind == Kind::Replay).then_some((DiffHere, None));
        let replay = [(Replay, None), (OpenReplayed, None)].into_iter().filter(|_| panel.kind == Kind::Replay);
        let actions = [
            (Cancel, None),
            (NextMatch, Some(PreviousMatch)),
            (Enter, None),
            (ToggleFold, None),
            (Search, None),
            (OpenFolds, None),
        ];
        let [cancel, step, rest @ ..] = actions;
        return [cancel, step].into_iter().chain(data).chain(replay).chain(rest).collect();
    }
    if execution.items.is_some() {
        return vec![
            (Cancel, None),
            (NextFailure, None),
            (Enter, None),
            (DiffHere, None),
            (Mark, None),
            (PreviousIteration, Some(NextIteration)),
            (Search, None),
            (OpenFolds, None),
        ];
    }
    if execution.origins.is_some() {
        return vec![(Cancel, None), (Down, Some(Up)), (Enter, None), (WhereFrom, Some(UsedBy)), (YankValue, None)];
    }
    if execution.search.is_some() {
        actions.push((NextMatch, Some(PreviousMatch)));
    }
    if execution.focus == Pane::Data {
        let data = &execution.data;
        let has_path = data.sheet.is_none() && !data.rows.is_empty();
        let elsewhere = Show(if data.tab == DataTab::Output { DataTab::Input } else { DataTab::Output });
        let here = [
            (Enter, !data.is_empty()),
            (ToggleFold, data.can_fold()),
            (WhereFrom, execution.spot().is_some()),
            (Edit, !data.is_empty()),
            (Search, !data.is_empty()),
            (YankValue, !data.is_empty()),
            (YankPath, has_path),
            (elsewhere, true),
        ];
        actions.extend(here.into_iter().filter(|(_, works)| *works).map(|(action, _)| (action, None)));
        actions.extend([(PreviousEvent, Some(NextEvent)), (NextPane, None), (Palette, None)]);
        return actions;
    }
    match execution.view {
        MainView::Graph => {
            let foldable = execution.subject.graph.nodes().any(|(_, node)| !node.inside.is_empty());
            actions.extend([(Enter, None), (NextFailure, None)]);
            actions.extend(foldable.then_some((ToggleFold, None)));
            actions.extend([(ZoomIn, Some(ZoomOut)), (CycleView, None), (Search, None), (Centre, None)]);
            actions.push((PreviousEvent, Some(NextEvent)));
            actions.extend([(NextPane, None), (Grow, None), (Play, None), (Palette, None)]);
            return actions;
        }
        MainView::Timeline => {
            actions.extend([(NextFailure, None), (Left, Some(Right)), (ZoomIn, Some(ZoomOut))]);
            actions.extend([(Centre, None), (Play, None), (PlaySpeed, None), (ToggleIdle, None), (CycleView, None)]);
            actions.extend([(NextPane, None), (Search, None), (Palette, None)]);
            return actions;
        }
        MainView::Table => {
            actions.extend([(Enter, None), (Sort, None), (NextFailure, None), (Down, Some(Up))]);
            actions.extend([(Parent, None), (CycleView, None), (NextPane, None), (Search, None), (Palette, None)]);
            return actions;
        }
        MainView::Events => {
            actions.extend([(NextFailure, None), (Filter, None), (Search, None), (CloseFolds, Some(OpenFolds))]);
        }
        MainView::Tree => {}
    }
    let history = execution.history();
    let visit = history.visit_of(execution.place.event).map(|visit| history.visit(visit));
    let scope = history.lineage(execution.place.event).map(|lineage| history.scope(lineage.scope));
    if !actions.contains(&(NextFailure, None)) {
        actions.push((NextFailure, None));
    }
    if execution.data.named == Some(execution.data.selected()) {
        // Where it came from, and whether it goes well with another, is what one asks next.
        actions.extend([(WhereFrom, None), (Replay, None)]);
    }
    actions.extend([(Left, Some(Right)), (PreviousSame, Some(NextSame))]);
    if visit.is_some_and(|visit| visit.attempts.len() > 1) {
        actions.push((PreviousAttempt, Some(NextAttempt)));
    }
    if Survey::around(&execution.subject.family, execution.place.member, execution.place.event).is_some() {
        actions.push((MapItems, None));
    }
    if scope.is_some_and(|scope| scope.container().is_some()) {
        actions.push((PreviousIteration, Some(NextIteration)));
    }
    let others = [
        (NextPane, None),
        (Cause, None),
        (DiffHere, Some(DiffRuns)),
        (Replay, None),
        (CycleView, None),
        (Enter, None),
        (Parent, None),
        (Search, None),
        (SetBookmark, Some(GoToBookmark)),
        (Palette, None),
    ];
    for other in others {
        if !actions.contains(&other) {
            actions.push(other);
        }
    }
    actions
}
