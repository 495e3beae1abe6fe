//! Bookmarks: set under a letter, gone to, listed, noted, removed, and written where they can be.

use super::script::Screen;
use super::{DECLINED, MIDDLE, SMALL, event};
use stepback::event::EventId;
use stepback::recording::{Bookmark, BookmarkChange, Letter};
use stepback::source;
use stepback::tui::bookmarks::Writing;
use stepback::tui::live::Kept;
use stepback::tui::look::Look;
use stepback::tui::theme::Theme;
use stepback::tui::{Effect, Found, Msg, Subject, Target, Ticket, Trouble};

const CHILD: &str = "payouts-child-failed.sfn.json";

/// Takes what was asked to be written last.
fn writing(screen: &Screen) -> (Ticket, Writing) {
    let asked = screen.effects.iter().rev().find_map(|effect| match effect {
        Effect::Bookmark(ticket, writing) => Some((*ticket, writing.clone())),
        _ => None,
    });
    asked.unwrap_or_else(|| panic!("nothing is to be written: {:?}", screen.effects))
}

/// Takes the bookmark that was asked to be written, and nothing else.
fn set_alone(screen: &Screen) -> Bookmark {
    match writing(screen).1.changes.as_slice() {
        [BookmarkChange::Set(set)] => set.clone(),
        others => panic!("one is set, and not {others:?}"),
    }
}

/// A shipped recording opened as a part of the program, which is no file that can be written.
fn demo(size: (u16, u16), look: Look) -> Screen {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("recordings").join(DECLINED);
    let target = Target::DemoRecording(DECLINED.to_owned());
    let subject = Subject::new(target.clone(), source::open_recording(&path).unwrap());
    Screen::looking(Found::One(Box::new(subject)), target, size, look)
}

#[test]
fn a_bookmark_is_set_with_a_note_and_found_again() {
    let mut screen = Screen::shipped(DECLINED, SMALL);
    screen.keys("12Gmq");
    assert!(screen.text().contains("Note, if any:"), "{}", screen.text());
    screen.keys("stock is fine here<enter>");
    let (_, written) = writing(&screen);
    assert_eq!(written.path.to_str(), Some(DECLINED));
    assert!(written.of.unwrap().ends_with(":MH-2026-118432"));
    let set = set_alone(&screen);
    assert_eq!((set.letter, set.event.unwrap().get()), (Letter::new('q'), 12));
    assert_eq!(set.note.as_deref(), Some("stock is fine here"));
    screen.keys("40G'q");
    assert!(screen.text().contains("Bookmark q: stock is fine here"), "{}", screen.text());
    screen.keys("l");
    assert_eq!(event(&mut screen), "13");
    screen.keys("[");
    assert_eq!(event(&mut screen), "40", "a jump to a bookmark is a jump like any other");
    screen.keys("]");
    assert_eq!(event(&mut screen), "13");
}

#[test]
fn a_note_may_be_left_out_and_a_bookmark_be_given_up() {
    let mut screen = Screen::shipped(DECLINED, SMALL);
    screen.keys("12Gmq<esc>'q");
    assert!(screen.text().contains("There is no bookmark q. '' lists those there are."), "{}", screen.text());
    screen.keys("mq<enter>");
    let set = set_alone(&screen);
    assert_eq!(set.note, None);
    screen.keys("m1");
    assert!(screen.text().contains("m1 is not bound here."), "{}", screen.text());
    screen.keys("m");
    assert!(screen.line("then a letter").contains("a to z"));
    screen.keys("<esc>'");
    assert!(screen.line("then a q").contains("bookmarks"), "{}", screen.text());
    screen.keys("<esc>");
    assert!(screen.line("? keys").contains("next failure"));
}

#[test]
fn a_letter_says_where_it_comes_from_and_its_note_can_be_changed() {
    let mut screen = Screen::shipped(DECLINED, MIDDLE);
    screen.keys("12Gma");
    insta::assert_snapshot!("moving", screen.text());
    screen.keys("<esc>'ama");
    assert!(screen.line("Note, if any").contains("The acquirer answers at last"), "{}", screen.text());
    screen.keys("<ctrl-u>402 at last<enter>'a");
    assert!(screen.text().contains("Bookmark a: 402 at last"), "{}", screen.text());
}

#[test]
fn the_list_leads_there_and_lets_go() {
    for (name, size) in [("list_small", SMALL), ("list_middle", MIDDLE)] {
        let mut screen = Screen::shipped(DECLINED, size);
        screen.keys("12Gmzan order 注文番号 was counted twice<enter>8Gmb<enter>''");
        insta::assert_snapshot!(name, screen.text());
    }
    let mut screen = Screen::shipped(DECLINED, SMALL);
    screen.keys("12Gmz<enter>''G<enter>");
    assert_eq!(event(&mut screen), "12");
    screen.keys("''g<delete>");
    let (_, written) = writing(&screen);
    assert!(matches!(written.changes.as_slice(), [BookmarkChange::Set(_), BookmarkChange::Remove(gone)]
        if gone.letter == Letter::new('a')));
    assert!(!screen.text().contains("⚑a"), "{}", screen.text());
    screen.keys("<delete>");
    assert!(screen.text().contains("There are none here yet. m a-z sets one"), "{}", screen.text());
    screen.keys("<esc>");
    assert!(!screen.text().contains("none here yet"));
}

#[test]
fn their_signs_stand_in_the_tree_the_events_and_on_the_time_axis() {
    let mut screen = Screen::shipped(DECLINED, MIDDLE);
    screen.keys("8Gmb<enter>30G");
    insta::assert_snapshot!("signs", screen.text());
    screen.keys("v");
    insta::assert_snapshot!("signs_on_the_timeline", screen.text());
    let mut screen = demo(SMALL, Look::new(Theme::Roles).ascii());
    screen.keys("8Gmb<enter>30G");
    insta::assert_snapshot!("signs_in_ascii", screen.text());
    screen.keys("vvv8G");
    assert!(screen.line("ChoiceStateExited").starts_with(" 'b  8 "), "{}", screen.text());
}

#[test]
fn what_is_folded_away_is_flagged_on_the_row_in_sight() {
    let mut screen = Screen::shipped(DECLINED, SMALL);
    assert!(screen.line("attempt 3  CardDeclined").contains("⚑a attempt 3"));
    screen.keys("gzM");
    assert!(screen.line("⚑a").starts_with("▸ ↷ ⚑a ChargeCard"), "{}", screen.text());
}

#[test]
fn where_it_cannot_be_written_it_lasts_for_the_sitting_and_a_kept_file_has_it() {
    let mut screen = demo(SMALL, Look::new(Theme::Roles));
    screen.keys("12Gmq<enter>");
    let told = "Bookmark q is set for this session only: the recording is a part of stepback.";
    assert!(screen.text().contains(told), "{}", screen.text());
    assert!(!screen.effects.iter().any(|effect| matches!(effect, Effect::Bookmark(..))));
    screen.keys("''");
    assert!(screen.text().contains("Kept for this session only: the recording is a part of stepback."));
    screen.keys("<esc>x<enter>");
    let Some(Effect::Keep(ticket, _, bookmarks, ..)) = screen.effects.last().cloned() else { panic!("it is kept") };
    let letters: Vec<_> = bookmarks.iter().map(|bookmark| bookmark.letter).collect();
    assert_eq!(letters, [Letter::new('a'), Letter::new('q')]);
    screen.tell(Msg::Kept(ticket, Kept::Done(86_016)));
    assert!(screen.text().contains("Bookmarks go there from now on."), "{}", screen.text());
    screen.keys("14Gmr<enter>");
    let (_, written) = writing(&screen);
    assert_eq!(written.path.to_str(), Some("MH-2026-118432.sfn.json"));
    assert_eq!(written.changes.len(), 1, "the others are in the file already");
}

#[test]
fn what_the_file_has_by_then_is_what_counts() {
    let mut screen = Screen::shipped(DECLINED, SMALL);
    screen.keys("12Gmq<enter>14Gmr<enter>");
    let (ticket, written) = writing(&screen);
    assert_eq!(written.changes.len(), 2, "what is not known to be written goes with it");
    let theirs = Bookmark { letter: Letter::new('t'), note: Some("theirs".into()), ..Bookmark::default() };
    screen.tell(Msg::Bookmarked(Ticket::default(), Ok(Vec::new())));
    screen.tell(Msg::Bookmarked(ticket, Ok(vec![theirs])));
    screen.keys("''");
    assert!(screen.line("theirs").contains("not in this recording"), "{}", screen.text());
    assert!(screen.text().contains(&format!("They are written in {DECLINED}.")));
    screen.keys("<enter>");
    assert!(screen.text().contains("The event of this bookmark is not in this recording."));
}

#[test]
fn what_could_not_be_written_is_said_and_tried_again_with_the_next() {
    let mut screen = Screen::shipped(DECLINED, MIDDLE);
    screen.keys("12Gmq<enter>");
    let (ticket, _) = writing(&screen);
    let trouble = Trouble { message: "run.sfn.json may not be written.".to_owned(), hint: None };
    screen.tell(Msg::Bookmarked(ticket, Err(trouble)));
    let told = "The bookmarks are kept for this session only: run.sfn.json may not be written. x saves a recording.";
    assert!(screen.text().contains(told), "{}", screen.text());
    screen.keys("14Gmr<enter>");
    let letters: Vec<_> = writing(&screen).1.changes;
    assert_eq!(letters.len(), 2);
}

#[test]
fn what_is_being_written_is_still_so_when_the_file_is_read_again() {
    let mut screen = Screen::shipped(DECLINED, MIDDLE);
    screen.keys("12Gmq<enter>");
    let (ticket, written) = writing(&screen);
    screen.asked();
    screen.keys("<ctrl-r>");
    let Some(Effect::Open(opening, target)) = screen.asked().pop() else { panic!("it is read again") };
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("recordings").join(DECLINED);
    let subject = Subject::new(target, source::open_recording(&path).unwrap());
    screen.tell(Msg::Opened(opening, Ok(Found::One(Box::new(subject)))));
    screen.keys("''");
    assert!(screen.text().contains(&format!("They are being written into {DECLINED}.")), "{}", screen.text());
    let [BookmarkChange::Set(set)] = written.changes.as_slice() else { panic!("one is set") };
    screen.tell(Msg::Bookmarked(ticket, Ok(vec![set.clone()])));
    assert!(screen.text().contains(&format!("They are written in {DECLINED}.")), "{}", screen.text());
}

#[test]
fn of_two_without_a_letter_at_one_place_the_selected_one_is_meant() {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("recordings").join(DECLINED);
    let mut recording = source::open_recording(&path).unwrap();
    let unlettered = |note: &str| Bookmark { event: EventId::new(12), note: Some(note.into()), ..Bookmark::default() };
    recording.bookmarks = vec![unlettered("first of two"), unlettered("second of two")];
    let target = Target::Path(DECLINED.into());
    let found = Found::One(Box::new(Subject::new(target.clone(), recording)));
    let mut screen = Screen::looking(found, target, SMALL, Look::new(Theme::Roles));
    screen.keys("''Ge<ctrl-u>changed<enter>");
    let text = screen.text();
    assert!(text.contains("first of two") && text.contains("changed") && !text.contains("second of two"), "{text}");
    screen.keys("g<delete>");
    let text = screen.text();
    assert!(!text.contains("first of two") && text.contains("changed"), "{text}");
}

#[test]
fn what_lies_over_an_execution_is_said_to_be_in_the_way() {
    let mut screen = Screen::shipped(DECLINED, SMALL);
    screen.keys("dma");
    assert!(screen.text().contains("Bookmarks are places in the execution underneath: esc leads there."));
    screen.keys("<esc>ma");
    assert!(screen.text().contains("Note, if any:"), "{}", screen.text());
}

#[test]
fn a_bookmark_leads_into_an_execution_that_was_started() {
    let mut screen = Screen::shipped(CHILD, MIDDLE);
    let there = super::breadcrumb(&mut screen);
    screen.keys("mc<enter>");
    let set = set_alone(&screen);
    assert!(set.execution.is_some(), "the failure is in a child: {there}");
    screen.keys("uuuu");
    assert_ne!(super::breadcrumb(&mut screen), there);
    screen.keys("'c");
    assert_eq!(super::breadcrumb(&mut screen), there);
    screen.keys("''");
    insta::assert_snapshot!("list_of_a_child", screen.text());
}

#[test]
fn the_palette_asks_for_the_letter_as_well() {
    let mut screen = Screen::shipped(DECLINED, SMALL);
    screen.keys("12G:set-book<enter>");
    assert!(screen.line("then a letter").contains("a to z"), "{}", screen.text());
    screen.keys("k");
    assert!(screen.line("event 12").contains("⚑"), "{}", screen.text());
}
