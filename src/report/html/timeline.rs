//! The run along the time: a lane for each flow, in it the states one after the other.
//!
//! Widths are parts of the whole, so that the drawing is as wide as the page.

use super::Builder;
use super::text::Words;
use crate::analysis::timeline::{Lane, StretchKind, failures, lanes, stretches};
use crate::event::Timestamp;
use crate::history::{History, MemberId, Outcome, Place, ScopeId, ScopeOutcome, VisitId};
use crate::recording::Status;
use crate::report::quantity::{count, duration};

/// Lanes that are drawn: those in which something failed first.
const LANES: usize = 40;
/// Lanes that are all drawn.
const FEW_LANES: usize = 24;
/// Lanes in which nothing failed that are drawn when there are more.
const OTHER_LANES: usize = 8;
/// States that are drawn in a lane.
const VISITS: usize = 400;
/// The height of a lane: its name above its states.
const LANE: usize = 40;
/// Where the first lane begins.
const TOP: usize = 24;
/// The least part of the width that a name is written into.
const NAMED: f64 = 5.0;

/// The time that is drawn.
struct Time {
    from: i64,
    micros: f64,
}

impl Time {
    fn part(&self, at: Timestamp) -> f64 {
        ((at.as_micros().saturating_sub(self.from)) as f64 / self.micros * 100.0).clamp(0.0, 100.0)
    }
}

impl Builder<'_> {
    /// Adds the time line.
    pub(super) fn timeline(&mut self) {
        let family = self.subject.family;
        let times = family.members().flat_map(|(_, member)| [member.history.started_at(), member.history.last_at()]);
        let times: Vec<i64> = times.flatten().map(Timestamp::as_micros).collect();
        let (Some(from), Some(to)) = (times.iter().min(), times.iter().max()) else { return };
        if to <= from {
            return;
        }
        let time = Time { from: *from, micros: (to - from) as f64 };
        let all = lanes(family);
        let chosen = chosen(self, &all);
        let left = all.len() - chosen.len();
        let height = TOP + LANE * chosen.len() + 4;
        self.title("time", "Timeline");
        self.out.add(format_args!(
            "<div class=\"card\"><svg class=\"time\" role=\"img\" aria-label=\"When each state ran; the states below tell the same in words\" width=\"100%\" height=\"{height}\">\n"
        ));
        self.ticks(to - from, height);
        for (row, lane) in chosen.iter().enumerate() {
            self.lane(lane, TOP + LANE * row, &time);
        }
        self.out.push("</svg>\n");
        if left > 0 {
            self.out.add(format_args!("<p class=\"dim\">{} more flows are not drawn.</p>\n", count(left)));
        }
        self.out.push(
            "<p class=\"key\"><span><i class=\"k-work\"></i>working</span><span><i class=\"k-wait\"></i>waiting</span>\
             <span><i class=\"k-delay\"></i>retry delay</span><span><i class=\"k-hold\"></i>states inside</span>\
             <span><i class=\"k-bad\"></i>failed</span></p></div>\n",
        );
    }

    fn ticks(&mut self, micros: i64, height: usize) {
        for quarter in 0..=4_i64 {
            let at = quarter * 25;
            let anchor = match quarter {
                0 => "start",
                4 => "end",
                _ => "middle",
            };
            let words = if quarter == 0 { "0".to_owned() } else { duration(micros / 4 * quarter) };
            self.out.add(format_args!(
                "<line class=\"grid\" x1=\"{at}%\" x2=\"{at}%\" y1=\"16\" y2=\"{height}\"/>\
                 <text class=\"tick\" x=\"{at}%\" y=\"11\" text-anchor=\"{anchor}\">{words}</text>\n"
            ));
        }
    }

    fn lane(&mut self, lane: &Lane, top: usize, time: &Time) {
        let family = self.subject.family;
        let history = &family.member(lane.member).history;
        let name = self.lane_name(lane);
        self.out.add(format_args!("<text class=\"lane\" x=\"0\" y=\"{}\">{}</text>\n", top + 12, Words(&name)));
        let visits = &history.scope(lane.scope).visits;
        for visit in visits.iter().take(VISITS) {
            self.bars(history, *visit, top + 17, time);
        }
    }

    fn bars(&mut self, history: &History, id: VisitId, top: usize, time: &Time) {
        let visit = history.visit(id);
        let took = history.duration_micros(id).map(|micros| format!(", {}", duration(micros))).unwrap_or_default();
        self.out.add(format_args!("<g><title>{}{took}</title>", Words(&visit.name)));
        let how = match visit.outcome {
            Outcome::Failed { .. } | Outcome::TimedOut { .. } => " bad",
            Outcome::Caught { .. } => " warn",
            Outcome::Aborted { .. } => " gone",
            Outcome::Open => " go",
            Outcome::Exited => "",
        };
        // The name stands in the longest stretch.
        let mut longest = (0.0, 0.0, "");
        for stretch in stretches(history, id) {
            let (class, ground) = match stretch.kind {
                StretchKind::Working => ("work", ""),
                StretchKind::Waiting => ("wait", " dark"),
                StretchKind::Delay => ("delay", " dark"),
                StretchKind::Holding => ("hold", " dark"),
            };
            let (left, right) = (time.part(stretch.from), time.part(stretch.to));
            if right - left > longest.1 {
                longest = (left, right - left, ground);
            }
            self.out.add(format_args!(
                "<rect class=\"{class}{how}\" x=\"{left:.3}%\" y=\"{top}\" width=\"{:.3}%\" height=\"16\"/>",
                (right - left).max(0.05)
            ));
        }
        let (begin, width, ground) = longest;
        if width >= NAMED {
            self.out.add(format_args!(
                "<svg x=\"{begin:.3}%\" y=\"{top}\" width=\"{width:.3}%\" height=\"16\"><text class=\"in{ground}\" x=\"6\" y=\"12\">{}</text></svg>",
                Words(&visit.name)
            ));
        }
        for at in failures(history, id).take(50) {
            self.out.add(format_args!(
                "<circle class=\"fail\" cx=\"{:.3}%\" cy=\"{}\" r=\"3\"/>",
                time.part(at),
                top + 16
            ));
        }
        self.out.push("</g>\n");
    }

    fn lane_name(&self, lane: &Lane) -> String {
        let family = self.subject.family;
        let member = family.member(lane.member);
        let within = |(member, visit): (MemberId, VisitId)| family.member(member).history.visit(visit).name.to_string();
        let around = lane.container.map(within).unwrap_or_default();
        match member.history.scope(lane.scope).place {
            Place::Branch { index, .. } => format!("{around} branch {index}"),
            Place::Iteration { index, .. } => format!("{around}[{index}]"),
            Place::Root if lane.member == MemberId::ROOT => "the execution".to_owned(),
            Place::Root => {
                let name = member.described.name.as_deref().unwrap_or("execution");
                if around.is_empty() { name.to_owned() } else { format!("{around} ▸ {name}") }
            }
        }
    }
}

/// Returns the lanes that are drawn, in order: the execution's own and those in which something failed; of the others a
/// few, unless all fit.
fn chosen(page: &Builder<'_>, all: &[Lane]) -> Vec<Lane> {
    let failed = |lane: &Lane| {
        let member = page.subject.family.member(lane.member);
        let scope = member.history.scope(lane.scope);
        let own = lane.scope == ScopeId::ROOT && matches!(member.status(), Status::Failed | Status::TimedOut);
        own || matches!(scope.outcome, ScopeOutcome::Failed { .. }) || member.history.caught_in(lane.scope).is_some()
    };
    let mut places: Vec<(bool, usize)> =
        all.iter().enumerate().map(|(place, lane)| (place > 0 && !failed(lane), place)).collect();
    places.sort_unstable();
    let telling = places.iter().filter(|(other, _)| !other).count();
    if all.len() > FEW_LANES {
        places.truncate((telling + OTHER_LANES).min(LANES));
    }
    places.sort_unstable_by_key(|(_, place)| *place);
    places.into_iter().filter_map(|(_, place)| all.get(place).copied()).collect()
}
