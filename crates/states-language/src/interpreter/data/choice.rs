//! Choice: the first rule that holds decides.

use super::{Environment, Exit, Inspect, Piece, Stage, jsonata, jsonpath};
use crate::asl::Target;
use crate::asl::state::{Choice, ChoiceData, Condition, JsonPathRule, JsonataRule};
use crate::interpreter::error::StateError;
use crate::json::Payload;
use crate::query::jsonata::Session;

/// Where a Choice state goes, and with what.
#[derive(Debug)]
pub struct Decision<'a> {
    /// The rule that held, counted from 0; `None` for `Default`.
    pub rule: Option<usize>,
    /// The state that follows.
    pub next: &'a Target,
    /// What leaves the state.
    pub exit: Exit,
}

/// Takes data through a Choice state.
pub fn decide<'a>(
    state: &'a Choice,
    environment: Environment<'_>,
    raw: &Payload,
    inspect: &mut dyn Inspect,
) -> Result<Decision<'a>, StateError> {
    match &state.data {
        ChoiceData::JsonPath { input_path, rules, assign, output_path } => {
            let effective = jsonpath::select(input_path.as_ref(), environment, &Piece::from(raw))?;
            inspect.see(Stage::AfterInputPath, &effective);
            let (rule, next, assign) = match first_rule(rules, environment, &effective)? {
                Some((index, rule)) => (Some(index), &rule.next, rule.assign.as_ref()),
                None => (None, default(state)?, assign.as_ref()),
            };
            let assigned = jsonpath::assign(assign, environment, &effective)?;
            let output = jsonpath::select(output_path.as_ref(), environment, &effective)?.into_payload();
            Ok(Decision { rule, next, exit: Exit { output, assigned } })
        }
        ChoiceData::Jsonata { rules, output, assign } => {
            let session = jsonata::session(environment, raw);
            let (rule, next, output, assign) = match first_condition(rules, &session)? {
                Some((index, rule)) => (Some(index), &rule.next, rule.output.as_ref(), rule.assign.as_ref()),
                None => (None, default(state)?, output.as_ref(), assign.as_ref()),
            };
            let holder = rule.map_or(jsonata::Holder::State, jsonata::Holder::Rule);
            let exit = jsonata::exit(output, assign, &session, holder, raw)?;
            Ok(Decision { rule, next, exit })
        }
    }
}

fn default(state: &Choice) -> Result<&Target, StateError> {
    let nowhere = "Failed to transition out of the state. The state does not point to a next state.";
    state.default.as_ref().ok_or_else(|| StateError::runtime(nowhere))
}

fn first_rule<'a>(
    rules: &'a [JsonPathRule],
    environment: Environment<'_>,
    input: &Piece<'_>,
) -> Result<Option<(usize, &'a JsonPathRule)>, StateError> {
    let scope = environment.scope(input.value());
    for (index, rule) in rules.iter().enumerate() {
        let holds = rule.rule.matches(&scope).map_err(|error| StateError::runtime(error.aws_cause(&scope)))?;
        if holds {
            return Ok(Some((index, rule)));
        }
    }
    Ok(None)
}

fn first_condition<'a>(
    rules: &'a [JsonataRule],
    session: &Session<'_>,
) -> Result<Option<(usize, &'a JsonataRule)>, StateError> {
    for (index, rule) in rules.iter().enumerate() {
        let holds = match &rule.condition {
            Condition::Literal(holds) => *holds,
            Condition::Expression(condition) => {
                condition.evaluate_bool(session, &format_args!("Choices[{index}]/Condition"))?
            }
        };
        if holds {
            return Ok(Some((index, rule)));
        }
    }
    Ok(None)
}
