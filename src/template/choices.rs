//! Conditions nobody knows before a deployment: each is taken one way in the whole machine.

use super::Draft;
use std::cell::RefCell;
use std::collections::BTreeMap;

/// Up to so many conditions, every way they can turn out is tried.
const ALL_TRIED: usize = 4;

/// How unknown conditions are taken; true unless said.
#[derive(Default)]
pub(super) struct Choices {
    taken: BTreeMap<String, bool>,
    asked: RefCell<Vec<String>>,
}

impl Choices {
    /// Returns how a condition is taken, by what it is called.
    pub fn take(&self, condition: &str) -> bool {
        let mut asked = self.asked.borrow_mut();
        if !asked.iter().any(|known| known == condition) {
            asked.push(condition.to_owned());
        }
        self.taken.get(condition).copied().unwrap_or(true)
    }
}

/// Makes a machine with its conditions true or, where AWS would refuse that, the way that leaves least to refuse: not
/// every combination of conditions can come up, and the template does not say which do.
pub(super) fn best(make: impl Fn(&Choices) -> Draft) -> Draft {
    let choices = Choices::default();
    let mut best = make(&choices);
    let asked = choices.asked.into_inner();
    let mut least = best.errors();
    for taken in ways(&asked) {
        if least == 0 {
            break;
        }
        let other = make(&Choices { taken, asked: RefCell::default() });
        let errors = other.errors();
        if errors < least {
            (best, least) = (other, errors);
        }
    }
    best
}

/// The ways conditions can turn out, without the one where all are true: all of them if they are few, else each alone.
fn ways(asked: &[String]) -> Vec<BTreeMap<String, bool>> {
    let way = |is_true: &dyn Fn(usize) -> bool| {
        asked.iter().enumerate().map(|(index, name)| (name.clone(), is_true(index))).collect()
    };
    if asked.len() <= ALL_TRIED {
        return (1..1_usize << asked.len()).map(|bits| way(&|index| bits >> index & 1 == 0)).collect();
    }
    let mut ways = vec![way(&|_| false)];
    ways.extend((0..asked.len()).map(|one| way(&|index| index != one)));
    ways.extend((0..asked.len()).map(|one| way(&|index| index == one)));
    ways
}
