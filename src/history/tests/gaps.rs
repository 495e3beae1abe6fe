//! Histories of which a part is missing: before it everything is as it was seen, behind it nothing is made up.

use super::*;
use crate::recording::Recording;
use std::path::Path;

/// The recordings that come with stepback.
fn recordings() -> Vec<(String, Vec<Event>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("recordings");
    let files = std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().path());
    let files = files.filter(|file| file.to_string_lossy().ends_with(".sfn.json"));
    files
        .map(|file| {
            let text = crate::json::SharedBytes::from(std::fs::read(&file).unwrap());
            (file.display().to_string(), Recording::read(&text).unwrap().events.iter().collect())
        })
        .collect()
}

#[test]
fn wherever_the_middle_is_missing_only_that_is_said() {
    let mut checked = 0;
    for (file, events) in recordings() {
        let whole: History = events.iter().cloned().collect();
        for (from, to) in
            [(4, 2), (3, 3), (2, 4), (6, 1), (8, 10)].map(|(f, t)| (events.len() * f / 20, events.len() * t / 20))
        {
            let (from, to) = (from.max(1), events.len() - to.max(1));
            if from + 1 >= to {
                continue;
            }
            let history: History = events[..from].iter().chain(&events[to..]).cloned().collect();
            let gap = Anomaly::Gap { after: Some(events[from - 1].id), next: events[to].id };
            let others: Vec<_> = history.anomalies().iter().filter(|anomaly| **anomaly != gap).collect();
            assert!(others.iter().all(|anomaly| whole.anomalies().contains(anomaly)), "{file}: {others:?}");
            assert!(history.anomalies().contains(&gap));
            assert_eq!(history.end().map(|end| end.id), whole.end().map(|end| end.id), "{file}");
            // What is said to have failed by itself did so in the whole history as well.
            for (_, visit) in history.visits() {
                let Outcome::Aborted { by } = visit.outcome else { continue };
                let same = whole.visits().find(|(_, other)| other.entered == visit.entered && other.name == visit.name);
                let before =
                    |it: &Visit| it.earlier.iter().any(|ending| matches!(ending.outcome, Outcome::Aborted { .. }));
                if same.is_some_and(|(_, it)| before(it)) {
                    continue;
                }
                let told = visit.entered.is_none()
                    || matches!(same.map(|(_, it)| it.outcome), Some(Outcome::Aborted { .. } | Outcome::Failed { .. }));
                assert!(told, "{file}: {} was not aborted by {by}", visit.name);
            }
            checked += 1;
        }
    }
    assert!(checked > 20, "{checked}");
}

#[test]
fn a_redrive_inside_a_gap_is_understood() {
    let (_, events) = recordings()
        .into_iter()
        .find(|(_, events)| events.iter().any(|event| event.kind == crate::event::EventType::ExecutionRedriven))
        .unwrap();
    let redriven = events.iter().position(|event| event.kind == crate::event::EventType::ExecutionRedriven).unwrap();
    let history: History = events[..redriven].iter().chain(&events[redriven + 2..]).cloned().collect();
    assert!(matches!(history.anomalies(), [Anomaly::Gap { .. }]), "{:?}", history.anomalies());
}
