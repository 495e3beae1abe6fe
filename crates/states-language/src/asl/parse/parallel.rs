//! Parallel.

use super::Parser;
use super::fields::BRANCH;
use super::spot::Spot;
use super::transitions::Here;
use crate::asl::machine::{Container, QueryLanguage, ScopeId};
use crate::asl::state::{Parallel, ParallelData};

impl Parser {
    pub(super) fn parallel(
        &mut self,
        state: &Spot<'_, '_>,
        here: Here<'_>,
        language: QueryLanguage,
    ) -> Option<Parallel> {
        self.required(state, &["Branches"]);
        let data = match language {
            QueryLanguage::JsonPath => ParallelData::JsonPath {
                input_path: self.selection(state, "InputPath"),
                parameters: self.template(state, "Parameters"),
                result_selector: self.template(state, "ResultSelector"),
                result_path: self.result_path(state),
                assign: self.assign(state),
                output_path: self.selection(state, "OutputPath"),
            },
            QueryLanguage::Jsonata => ParallelData::Jsonata {
                arguments: self.jsonata(state, "Arguments"),
                output: self.after_work(|parser| parser.jsonata(state, "Output")),
                assign: self.after_work(|parser| parser.assign_jsonata(state)),
            },
        };
        let retry = self.retriers(state);
        let catch = self.catchers(state, here, language);
        let next = self.transition(state, here);
        let branches = state.get("Branches").and_then(|branches| self.branches(&branches, here));
        Some(Parallel { branches: branches?, retry, catch, data, next: next? })
    }

    fn branches(&mut self, branches: &Spot<'_, '_>, here: Here<'_>) -> Option<Vec<ScopeId>> {
        if self.is_open(branches) {
            return None;
        }
        let list = self.filled_list(branches)?;
        let mut scopes = Vec::with_capacity(list.len());
        for (number, branch) in (0..).zip(&list) {
            let container = Container::Branch(here.id, number);
            scopes.push(self.scope(branch, BRANCH, Some(container), Some(here.scope)));
        }
        scopes.into_iter().collect()
    }
}
