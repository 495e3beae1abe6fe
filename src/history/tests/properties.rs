//! What holds for any history: pages do not matter, and nothing makes the fold fail.

use super::*;
use proptest::prelude::*;

fn cases() -> Vec<Vec<Event>> {
    let files = [
        include_str!("cases/sequences.txt"),
        include_str!("cases/containers.txt"),
        include_str!("cases/redrive.txt"),
        include_str!("cases/odd.txt"),
    ];
    let cases = files.into_iter().flat_map(|file| file.split("== ")).filter_map(|case| case.split_once('\n'));
    cases.filter_map(|(_, rest)| rest.split_once("---")).map(|(events, _)| read(events)).collect()
}

/// Asks everything about every event.
fn ask(history: &History) {
    for event in history.events() {
        let world = history.world_at(event.id).unwrap();
        world.variables();
        assert!(world.open().iter().all(|visit| world.outcome(*visit) == Some(Outcome::Open)));
        assert!(history.origin(event.id) <= event.id);
    }
    for (id, visit) in history.visits() {
        assert_eq!(visit.outcome.is_open(), history.open().any(|open| open == id));
        assert!(history.path_of(id).len() <= history.visits().len());
        assert!(history.events_of(id).count() <= history.events().len());
        assert!(history.scope(visit.scope).visits.contains(&id));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn page_borders_do_not_matter(case in 0..64_usize, borders in prop::collection::vec(0..30_usize, 0..5)) {
        let cases = cases();
        let events = &cases[case % cases.len()];
        let whole: History = events.iter().cloned().collect();
        let mut paged = History::new();
        let mut borders: Vec<usize> = borders.into_iter().map(|border| border.min(events.len())).collect();
        borders.extend([0, events.len()]);
        borders.sort_unstable();
        for page in borders.windows(2) {
            paged.extend(events[page[0]..page[1]].iter().cloned());
        }
        prop_assert_eq!(whole, paged);
    }

    #[test]
    fn shuffled_and_mangled_events_are_folded(
        case in 0..64_usize,
        swaps in prop::collection::vec((0..30_usize, 0..30_usize), 0..6),
        parents in prop::collection::vec((0..30_usize, 0..40_u32), 0..8),
        dropped in prop::collection::vec(0..30_usize, 0..4),
    ) {
        let cases = cases();
        let mut events = cases[case % cases.len()].clone();
        for (left, right) in swaps {
            let length = events.len();
            events.swap(left % length, right % length);
        }
        for (place, parent) in parents {
            let length = events.len();
            events[place % length].parent = EventId::new(parent);
        }
        for place in dropped {
            if events.len() > 1 {
                events.remove(place % events.len());
            }
        }
        ask(&events.into_iter().collect());
    }
}
