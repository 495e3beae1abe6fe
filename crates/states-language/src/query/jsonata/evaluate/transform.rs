//! `|pattern|update, delete|`: a copy of a value in which the objects a pattern finds are changed.

use super::super::failure::Limit;
use super::super::fault::{Fault, Outcome, Thrown};
use super::super::text::Text;
use super::super::tree::{Kind, Node};
use super::super::value::{Object, Value};
use super::{Env, Run};
use std::collections::HashMap;
use std::rc::Rc;

/// The objects of a copy that have been changed, by what they were.
///
/// Values do not change, so a change is written down here, and put into the copy when it is looked at again. An object
/// as it is then stands for what it was: where it is used anew, it takes part in changes to come.
#[derive(Default)]
struct Changes<'v> {
    present: HashMap<*const Object<'v>, Change<'v>>,
    /// What an object was that was made by putting changes in.
    originals: HashMap<*const Object<'v>, Change<'v>>,
}

/// An object, kept so that its address stays its own, and what it has become or once was.
struct Change<'v> {
    kept: Rc<Object<'v>>,
    other: Rc<Object<'v>>,
}

impl<'v> Run<'v> {
    pub(super) fn transform(&self, node: &'v Node, env: &Env<'v>, value: &Value<'v>) -> Outcome<'v> {
        let Kind::Transform { pattern, update, delete } = &node.kind else { return Err(Fault::Internal) };
        if value.is_undefined() {
            return Ok(Value::Undefined);
        }
        let copy = self.copied(value, env)?;
        let matches = self.evaluate(pattern, &copy, env)?;
        if matches.is_undefined() {
            return Ok(copy);
        }
        let mut changes = Changes::default();
        for found in matches.items().iter() {
            let present = changes.applied(self, &found, 0)?;
            let update_value = self.evaluate(update, &present, env)?;
            match update_value.members() {
                Some(members) => {
                    let members = members.list();
                    changes.change(&found, |object| {
                        members.into_iter().for_each(|(name, value)| object.insert(name, value));
                    });
                }
                None if update_value.is_undefined() => {}
                None => return Err(Thrown::about("T2011", &update_value).into()),
            }
            if let Some(delete) = delete {
                let present = changes.applied(self, &found, 0)?;
                let deletions = self.evaluate(delete, &present, env)?;
                if deletions.is_undefined() {
                    continue;
                }
                let names: Option<Vec<Text<'v>>> =
                    deletions.items().iter().map(|name| name.as_text().cloned()).collect();
                let Some(names) = names else { return Err(Thrown::about("T2012", &deletions).into()) };
                changes.change(&found, |object| names.iter().for_each(|name| object.remove(name)));
            }
        }
        changes.applied(self, &copy, 0)
    }

    /// Copies by `$clone`, which an expression may have bound anew.
    fn copied(&self, value: &Value<'v>, env: &Env<'v>) -> Outcome<'v> {
        match self.variable("clone", env) {
            None => self.cloned(value),
            Some(function @ Value::Function(_)) => self.apply(&function, vec![value.clone()], &Value::Null),
            Some(_) => Err(Thrown::new("T2013").into()),
        }
    }

    /// Copies a value as if it were written and read again.
    pub(in super::super) fn cloned(&self, value: &Value<'v>) -> Outcome<'v> {
        self.spend_items(2)?;
        Ok(match value {
            Value::Array(_) | Value::GivenArray(_) => {
                let item = |item: Value<'v>| match item {
                    Value::Undefined => Ok(Value::Null),
                    item => self.cloned(&item),
                };
                Value::list(value.items().iter().map(item).collect::<Result<_, _>>()?)
            }
            Value::Object(_) | Value::GivenObject(_) => {
                let mut object = Object::default();
                for (name, member) in value.members().map(|members| members.list()).unwrap_or_default() {
                    if !member.is_undefined() {
                        object.insert(name, self.cloned(&member)?);
                    }
                }
                Value::object(object)
            }
            Value::Number(number) if number.is_nan() => Value::Null,
            Value::Number(number) if !number.is_finite() => {
                return Err(Thrown { value: "null".to_owned(), ..Thrown::new("D1001") }.into());
            }
            Value::Number(number) => Value::Number(number.rewritten()),
            Value::Function(_) => Value::Text(Text::Given("")),
            other => other.clone(),
        })
    }
}

impl<'v> Changes<'v> {
    fn original(&self, object: &Rc<Object<'v>>) -> Rc<Object<'v>> {
        Rc::clone(self.originals.get(&Rc::as_ptr(object)).map_or(object, |change| &change.other))
    }

    /// Changes an object of the copy; anything else cannot be changed.
    fn change(&mut self, found: &Value<'v>, change: impl FnOnce(&mut Object<'v>)) {
        let Value::Object(object) = found else { return };
        let original = self.original(object);
        let entry = self.present.entry(Rc::as_ptr(&original));
        let present = entry.or_insert_with(|| Change { kept: Rc::clone(&original), other: original });
        change(Rc::make_mut(&mut present.other));
    }

    /// Returns a value with all changes; one that has come to hold itself is nested too deeply.
    fn applied(&mut self, run: &Run<'v>, value: &Value<'v>, depth: usize) -> Outcome<'v> {
        const DEPTH: usize = 500;
        if self.present.is_empty() {
            return Ok(value.clone());
        }
        if depth > DEPTH {
            return Err(Limit::Depth.into());
        }
        run.spend_items(1)?;
        match value {
            Value::Object(object) => self.applied_object(run, object, depth),
            Value::Array(array) => {
                let mut applied = Vec::with_capacity(array.len());
                for item in array.items() {
                    applied.push(self.applied(run, item, depth + 1)?);
                }
                Ok(Value::Array(Rc::new(array.with_items(applied))))
            }
            other => Ok(other.clone()),
        }
    }

    fn applied_object(&mut self, run: &Run<'v>, object: &Rc<Object<'v>>, depth: usize) -> Outcome<'v> {
        let original = self.original(object);
        let change = self.present.get(&Rc::as_ptr(&original)).map(|change| Rc::clone(&change.other));
        let mut is_changed = change.is_some();
        let present = change.unwrap_or_else(|| Rc::clone(&original));
        let mut applied = Object::default();
        for (name, member) in present.iter() {
            let value = self.applied(run, member, depth + 1)?;
            is_changed |= !value.is_same(member);
            applied.insert(name.clone(), value);
        }
        if !is_changed {
            return Ok(Value::Object(original));
        }
        let applied = Rc::new(applied);
        let was = Change { kept: Rc::clone(&applied), other: original };
        self.originals.insert(Rc::as_ptr(&was.kept), was);
        Ok(Value::Object(applied))
    }
}
