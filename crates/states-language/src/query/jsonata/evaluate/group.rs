//! Object constructors and groupings: `{key: value}`.

use super::super::fault::{Fault, Outcome, Thrown};
use super::super::text::Text;
use super::super::tree::Pairs;
use super::super::value::{Array, Object, Value};
use super::path::CONTEXT;
use super::{Env, Run};
use indexmap::IndexMap;
use std::rc::Rc;

/// What a key has gathered, and the pair it comes from.
struct Group<'v> {
    data: Value<'v>,
    pair: usize,
}

impl<'v> Run<'v> {
    pub(super) fn group(&self, pairs: &'v Pairs, input: &Value<'v>, env: &Env<'v>) -> Outcome<'v> {
        let tuples = input.is_tuples();
        let mut groups: IndexMap<Text<'v>, Group<'v>> = IndexMap::with_capacity(pairs.len());
        let items = input.items();
        if items.len() == 0 {
            self.gather(pairs, &Value::Undefined, tuples, env, &mut groups)?;
        }
        for item in items.iter() {
            self.gather(pairs, &item, tuples, env, &mut groups)?;
        }
        let mut object = Object::default();
        let mut used = Vec::new();
        for (key, Group { data, pair }) in groups {
            let Some((_, value)) = pairs.get(pair) else { continue };
            let value = if tuples {
                let tuple = self.reduced(&data, &mut used)?;
                let context = tuple.get(CONTEXT).cloned().unwrap_or(Value::Undefined);
                let mut variables = tuple;
                variables.remove(CONTEXT);
                let frame = self.tuple_frame(env, &Value::object(variables))?;
                self.evaluate(value, &context, &frame)?
            } else {
                self.evaluate(value, &data, env)?
            };
            if !value.is_undefined() {
                object.insert(key, value);
            }
        }
        Ok(Value::object(object))
    }

    fn gather(
        &self,
        pairs: &'v Pairs,
        item: &Value<'v>,
        tuples: bool,
        env: &Env<'v>,
        groups: &mut IndexMap<Text<'v>, Group<'v>>,
    ) -> Result<(), Fault> {
        if tuples && item.is_undefined() {
            return Err(Fault::Internal);
        }
        let frame = if tuples { Some(self.tuple_frame(env, item)?) } else { None };
        for (index, (key, _)) in pairs.iter().enumerate() {
            let key = match &frame {
                Some(frame) => self.evaluate(key, &item.member(CONTEXT), frame)?,
                None => self.evaluate(key, item, env)?,
            };
            let key = match key {
                Value::Text(key) => key,
                Value::Undefined => continue,
                other => return Err(Thrown::about("T1003", &other).into()),
            };
            match groups.get_mut(&key) {
                Some(group) if group.pair != index => {
                    return Err(Thrown::about("D1009", &Value::Text(key)).into());
                }
                Some(group) => {
                    self.spend_items(item.items().len())?;
                    let data = std::mem::replace(&mut group.data, Value::Undefined);
                    group.data = append(data, item);
                }
                None => {
                    groups.insert(key, Group { data: item.clone(), pair: index });
                }
            }
        }
        Ok(())
    }

    /// One tuple of several: each variable has the values it has in any of them.
    ///
    /// The reference implementation takes the context out of a tuple that makes up a group by itself, so that other
    /// groups of the same tuple have none.
    fn reduced(&self, data: &Value<'v>, used: &mut Vec<*const Object<'v>>) -> Result<Object<'v>, Fault> {
        let mut result = Object::default();
        for tuple in data.items().iter() {
            let address = match &tuple {
                Value::Object(object) => Rc::as_ptr(object),
                _ => std::ptr::null(),
            };
            let is_used = used.contains(&address);
            if !data.is_array() {
                used.push(address);
            }
            for (name, value) in tuple.members().map(|members| members.list()).unwrap_or_default() {
                if is_used && &*name == CONTEXT {
                    continue;
                }
                self.spend_items(value.items().len())?;
                let known = result.get(&name).cloned().unwrap_or(Value::Undefined);
                result.insert(name, append(known, &value));
            }
        }
        Ok(result)
    }
}

/// Puts one value behind another; what is no array counts as one of a single item.
pub(in super::super) fn append<'v>(left: Value<'v>, right: &Value<'v>) -> Value<'v> {
    if left.is_undefined() {
        return right.clone();
    }
    if right.is_undefined() {
        return left;
    }
    let mut array = match left {
        Value::Array(array) if !array.sequence && !array.cons && !array.tuples => array,
        left => Rc::new(Array::of(left.items().iter().collect())),
    };
    Rc::make_mut(&mut array).extend(right);
    Value::Array(array)
}
