//! Every view as text.

use super::{folder, updating, write};
use crate::screen::script::Screen;
use std::collections::BTreeSet;
use std::fs;

/// Five runs that ended in five ways.
const STORIES: [&str; 5] = [
    "order-payment-declined.sfn.json",
    "bad-files-in-nightly-import.sfn.json.gz",
    "rollout-region-timed-out.sfn.json",
    "payouts-child-failed.sfn.json",
    "loan-quote-missing-field.sfn.json",
];

/// What each view is called, and the keys that lead to it from the first screen.
const VIEWS: &[(&str, &str)] = &[
    ("first", ""),
    ("data-alone", "<tab>+"),
    ("output", "2<wait>"),
    ("variables", "3<wait>"),
    ("event", "4<wait>"),
    ("flow", "5<wait>"),
    ("explain", "6<wait>"),
    ("definition", "7<wait>"),
    ("timeline", "v"),
    ("graph", "vv"),
    ("events", "vvv"),
    ("items", "i"),
    ("bookmarks", "''"),
    ("diff", "d"),
    ("where-from", "<tab>jjjw"),
    ("limits", "U"),
    ("problems", "!"),
    ("replay", "r"),
    ("actions", ":"),
    ("help", "?"),
];

const SIZES: [(u16, u16); 3] = [(80, 24), (120, 40), (200, 60)];

#[test]
fn every_view_looks_as_it_was_reviewed() {
    let mut behind = Vec::new();
    let mut expected = BTreeSet::new();
    for story in STORIES {
        let name = story.split('.').next().unwrap_or(story);
        for (view, keys) in VIEWS {
            let path = folder().join(name).join(format!("{view}.txt"));
            let picture = SIZES.map(|size| {
                let text = Screen::shipped(story, size).keys(keys).text();
                format!("── {} × {} ──\n{text}\n", size.0, size.1)
            });
            let picture = picture.join("\n");
            if updating() {
                write(&path, &picture);
            } else if fs::read_to_string(&path).ok().as_deref() != Some(&*picture) {
                behind.push(format!("{name}/{view}"));
            }
            expected.insert(path);
        }
    }
    assert!(behind.is_empty(), "UPDATE_SCREENS=1 cargo test --test suite pictures, then look at them: {behind:?}");
    for story in fs::read_dir(folder()).unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.is_dir()) {
        for picture in fs::read_dir(story).unwrap().map(|entry| entry.unwrap().path()) {
            assert!(expected.contains(&picture), "no view makes {}", picture.display());
        }
    }
}
