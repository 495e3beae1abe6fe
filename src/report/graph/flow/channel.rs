//! The lines between two rows: which of them turns on which track.
//!
//! A net is a horizontal line on one track, with a vertical one at each of its pins. Two nets may cross, but never run
//! in the same cell along each other: nets on one track do not overlap, and where one net goes up from a column that
//! another comes down in, its track is the lower one. Where such demands contradict each other, a net is parted in two
//! that meet in a free column.

use std::collections::{BTreeSet, HashMap};

/// Where a line enters a channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Pin {
    /// From above, at this column.
    Top(i32),
    /// From below.
    Bottom(i32),
}

/// The tracks of a channel.
#[derive(Debug, Default)]
pub(super) struct Channel {
    height: i32,
    nets: HashMap<usize, Net>,
    rightmost: i32,
}

/// The lines of one net.
#[derive(Debug, Clone)]
enum Net {
    /// One column, no track.
    Straight,
    /// One track.
    Track(i32),
    /// Two tracks: that of the pins at the top, that of the pins at the bottom, and the column they meet in.
    Parted(i32, i32, i32),
}

/// A horizontal line looking for a track.
#[derive(Debug, Clone)]
struct Trunk {
    net: usize,
    tops: BTreeSet<i32>,
    bottoms: BTreeSet<i32>,
    half: Half,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Half {
    Whole,
    Upper(i32),
    Lower(i32),
}

impl Channel {
    /// Finds tracks for the nets, given the pins of their connections; below the tracks there is a line for arrows.
    pub(super) fn route(connections: &[(usize, [Pin; 2])], arrows: bool) -> Self {
        let mut trunks: Vec<Trunk> = Vec::new();
        let mut place: HashMap<usize, usize> = HashMap::new();
        for (net, pins) in connections {
            let at = *place.entry(*net).or_insert_with(|| {
                let (tops, bottoms) = (BTreeSet::new(), BTreeSet::new());
                trunks.push(Trunk { net: *net, tops, bottoms, half: Half::Whole });
                trunks.len() - 1
            });
            for pin in pins {
                match pin {
                    Pin::Top(x) => trunks[at].tops.insert(*x),
                    Pin::Bottom(x) => trunks[at].bottoms.insert(*x),
                };
            }
        }
        let mut channel = Self::default();
        trunks.retain(|trunk| {
            let straight = trunk.first() == trunk.last();
            if straight {
                channel.nets.insert(trunk.net, Net::Straight);
            }
            !straight
        });
        Router { waiting: trunks, pins: connections, tracks: Vec::new(), above: Vec::new() }.run(&mut channel);
        channel.height += i32::from(arrows);
        channel
    }

    /// How many lines the channel has.
    pub(super) fn height(&self) -> i32 {
        self.height
    }

    /// The rightmost column a parted net meets in.
    pub(super) fn rightmost(&self) -> i32 {
        self.rightmost
    }

    /// Returns the corners between two pins of a net, as columns and tracks.
    pub(super) fn bends(&self, net: usize, from: Pin, to: Pin) -> impl Iterator<Item = (i32, i32)> {
        let column = |pin| match pin {
            Pin::Top(x) | Pin::Bottom(x) => x,
        };
        let (left, right) = (column(from), column(to));
        let bends = match self.nets.get(&net) {
            None | Some(Net::Straight) => Vec::new(),
            Some(Net::Track(track)) => vec![(left, *track), (right, *track)],
            Some(Net::Parted(upper, lower, meeting)) => {
                let track = |pin| if matches!(pin, Pin::Top(_)) { *upper } else { *lower };
                if track(from) == track(to) {
                    vec![(left, track(from)), (right, track(to))]
                } else {
                    vec![(left, track(from)), (*meeting, track(from)), (*meeting, track(to)), (right, track(to))]
                }
            }
        };
        bends.into_iter()
    }
}

impl Trunk {
    fn first(&self) -> i32 {
        self.ends(BTreeSet::first, i32::min)
    }

    fn last(&self) -> i32 {
        self.ends(BTreeSet::last, i32::max)
    }

    fn ends(&self, end: impl Fn(&BTreeSet<i32>) -> Option<&i32>, choose: impl Fn(i32, i32) -> i32) -> i32 {
        let columns = [end(&self.tops), end(&self.bottoms)];
        columns.into_iter().flatten().copied().reduce(choose).unwrap_or(0)
    }

    /// Tells whether this one must be above another: it comes down in a column that the other goes down from.
    fn is_above(&self, other: &Self) -> bool {
        self.net != other.net && self.tops.intersection(&other.bottoms).next().is_some()
            || self.net == other.net && matches!((self.half, other.half), (Half::Upper(_), Half::Lower(_)))
    }

    /// Lines that lead outward go above those from further inside, which then need not cross them.
    fn rank(&self) -> (bool, i32) {
        let sum = |columns: &BTreeSet<i32>| {
            let count = i32::try_from(columns.len()).unwrap_or(1).max(1);
            columns.iter().sum::<i32>() / count
        };
        let rightward = sum(&self.bottoms) > sum(&self.tops);
        (rightward, if rightward { -sum(&self.tops) } else { sum(&self.tops) })
    }
}

struct Router<'a> {
    waiting: Vec<Trunk>,
    pins: &'a [(usize, [Pin; 2])],
    /// The columns taken on each track.
    tracks: Vec<Vec<(i32, i32)>>,
    /// The trunks that have their track.
    above: Vec<(Trunk, i32)>,
}

impl Router<'_> {
    fn run(mut self, channel: &mut Channel) {
        while !self.waiting.is_empty() {
            let free = |trunk: &Trunk| !self.waiting.iter().any(|other| other.is_above(trunk));
            let next = (0..self.waiting.len())
                .filter(|place| free(&self.waiting[*place]))
                .min_by_key(|place| self.waiting[*place].rank());
            match next {
                Some(place) => {
                    let trunk = self.waiting.remove(place);
                    self.assign(trunk, channel);
                }
                None => self.part(channel),
            }
        }
        channel.height = i32::try_from(self.tracks.len()).unwrap_or(i32::MAX);
    }

    fn assign(&mut self, trunk: Trunk, channel: &mut Channel) {
        let least = self.above.iter().filter(|(other, _)| other.is_above(&trunk)).map(|(_, track)| track + 1).max();
        let mut track = usize::try_from(least.unwrap_or(0)).unwrap_or(0);
        let (first, last) = (trunk.first(), trunk.last());
        loop {
            if self.tracks.len() <= track {
                self.tracks.resize(track + 1, Vec::new());
            }
            if self.tracks[track].iter().all(|(from, to)| last < *from || first > *to) {
                break;
            }
            track += 1;
        }
        self.tracks[track].push((first, last));
        let track = i32::try_from(track).unwrap_or(i32::MAX);
        let net = match (trunk.half, channel.nets.get(&trunk.net)) {
            (Half::Whole, _) => Net::Track(track),
            (Half::Upper(meeting), _) => Net::Parted(track, track, meeting),
            (Half::Lower(meeting), Some(Net::Parted(upper, ..))) => Net::Parted(*upper, track, meeting),
            (Half::Lower(meeting), _) => Net::Parted(track, track, meeting),
        };
        channel.nets.insert(trunk.net, net);
        self.above.push((trunk, track));
    }

    /// Parts a whole trunk, so that its upper half waits for nothing.
    fn part(&mut self, channel: &mut Channel) {
        let whole = |trunk: &Trunk| trunk.half == Half::Whole && !trunk.tops.is_empty() && !trunk.bottoms.is_empty();
        let Some(place) = self.waiting.iter().position(whole) else {
            // Halves and one-sided trunks wait in no circle.
            self.waiting.clear();
            return;
        };
        let trunk = self.waiting.remove(place);
        let meeting = self.free_column(trunk.first(), trunk.last());
        channel.rightmost = channel.rightmost.max(meeting);
        let mut upper = Trunk { half: Half::Upper(meeting), bottoms: BTreeSet::from([meeting]), ..trunk.clone() };
        let mut lower = Trunk { half: Half::Lower(meeting), tops: BTreeSet::from([meeting]), ..trunk };
        upper.tops.remove(&meeting);
        lower.bottoms.remove(&meeting);
        self.waiting.extend([upper, lower]);
    }

    /// The nearest column that no line of this channel comes from or goes to.
    fn free_column(&self, first: i32, last: i32) -> i32 {
        let mut taken: BTreeSet<i32> = BTreeSet::new();
        for (_, pins) in self.pins {
            taken.extend(pins.iter().map(|pin| match pin {
                Pin::Top(x) | Pin::Bottom(x) => *x,
            }));
        }
        let parted = self.waiting.iter().chain(self.above.iter().map(|(trunk, _)| trunk));
        taken.extend(parted.filter_map(|trunk| match trunk.half {
            Half::Upper(meeting) | Half::Lower(meeting) => Some(meeting),
            Half::Whole => None,
        }));
        let middle = (first + last) / 2;
        let near = (0..).flat_map(|step| [middle + step, middle - step]);
        near.into_iter().find(|x| *x >= 0 && !taken.contains(x)).unwrap_or(last + 1)
    }
}
