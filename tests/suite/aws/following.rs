//! Executions followed while they run.

use super::*;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use stepback::event::EventId;
use stepback::recording::Status;
use stepback::source::aws::Follow;

#[test]
fn a_running_execution_is_followed_to_its_end() {
    let len = Arc::new(AtomicUsize::new(5));
    let now = Arc::clone(&len);
    let stub = Stub::new(move |request| {
        let events = now.load(Ordering::Relaxed);
        let status = if events >= 400 { "FAILED" } else { "RUNNING" };
        Service { events, page: 1_000, status, ..Service::default() }.answer(request)
    });
    block_on(async {
        let mut follow = Follow::new(connect(&stub).await, ARN, EventId::new(3));
        let mut seen = Vec::new();
        // Nothing new, a little, more than a small page holds, the end.
        for events in [5, 5, 9, 300, 400] {
            len.store(events, Ordering::Relaxed);
            let news = follow.look().await.unwrap();
            seen.extend(news.events.iter().map(|event| event.id.get()));
            assert_eq!(seen.last().map(|id| *id as usize), Some(events));
            assert_eq!(news.ended, (events == 400).then_some(Status::Failed));
        }
        assert_eq!(seen, (4..=400).collect::<Vec<u32>>());
        let news = follow.look().await.unwrap();
        assert!(news.events.is_empty());
        assert_eq!(news.ended, Some(Status::Failed));
    });
    let small = |limit: u64| stub.received().iter().filter(|request| request.body["maxResults"] == limit).count();
    assert_eq!((small(50), small(1_000)), (6, 2));
}
