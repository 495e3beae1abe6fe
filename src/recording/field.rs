//! Objects whose known members are typed and whose unknown ones are kept: how they are read and written.

use super::{MachineType, Status};
use crate::event::{EventId, Timestamp};
use crate::json::{Member, Members, Payload, SharedBytes, elements};
use serde::ser::{Error as _, Serialize, SerializeMap};
use serde_json::value::RawValue;
use std::sync::Arc;

/// A value that can be read from its JSON text. A member that does not read as its type stays among the unknown ones.
pub(super) trait Field: Sized {
    fn read(value: &SharedBytes) -> Option<Self>;
}

/// Takes out the member of that name if it reads as wanted.
pub(super) fn take<T: Field>(members: &mut Members, name: &str) -> Option<T> {
    let value = T::read(members.get(name)?)?;
    members.take(name);
    Some(value)
}

pub(super) fn write<S: SerializeMap>(
    map: &mut S,
    name: &'static str,
    value: Option<&impl Serialize>,
) -> Result<(), S::Error> {
    value.map_or(Ok(()), |value| map.serialize_entry(name, value))
}

pub(super) fn write_unknown<S: SerializeMap>(map: &mut S, unknown: &[Member]) -> Result<(), S::Error> {
    for member in unknown {
        let raw: &RawValue = serde_json::from_slice(&member.value).map_err(S::Error::custom)?;
        map.serialize_entry(&member.name, raw)?;
    }
    Ok(())
}

impl Field for Arc<str> {
    fn read(value: &SharedBytes) -> Option<Self> {
        let text = value.first() == Some(&b'"');
        text.then(|| Payload::from_literal(value.clone()).text().into())
    }
}

impl Field for Payload {
    fn read(value: &SharedBytes) -> Option<Self> {
        match value.first() {
            Some(b'"') => Some(Self::from_literal(value.clone())),
            Some(_) if **value != *b"null" => Some(Self::from_embedded(value.clone())),
            _ => None,
        }
    }
}

impl Field for Timestamp {
    fn read(value: &SharedBytes) -> Option<Self> {
        Self::read(std::str::from_utf8(value).ok()?).ok()
    }
}

impl Field for Status {
    fn read(value: &SharedBytes) -> Option<Self> {
        <Arc<str>>::read(value).map(|name| Self::from_name(&name))
    }
}

impl Field for MachineType {
    fn read(value: &SharedBytes) -> Option<Self> {
        <Arc<str>>::read(value).map(|name| Self::from_name(&name))
    }
}

impl Field for EventId {
    fn read(value: &SharedBytes) -> Option<Self> {
        Self::new(u32::try_from(u64::read(value)?).ok()?)
    }
}

impl Field for u64 {
    fn read(value: &SharedBytes) -> Option<Self> {
        serde_json::from_slice(value).ok()
    }
}

impl Field for bool {
    fn read(value: &SharedBytes) -> Option<Self> {
        serde_json::from_slice(value).ok()
    }
}

/// Declares a type for a JSON object: a field for each known member, all optional, and the unknown members kept.
macro_rules! object {
    ($(#[$meta:meta])* pub struct $type:ident { $($(#[$doc:meta])* $field:ident: $kind:ty = $name:literal,)* }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Default, PartialEq)]
        pub struct $type {
            $($(#[$doc])* pub $field: Option<$kind>,)*
            /// Members nobody knows.
            pub unknown: Vec<$crate::json::Member>,
        }

        impl $type {
            /// Reads what it knows and keeps the rest.
            pub fn from_members(mut members: $crate::json::Members) -> Self {
                Self {
                    $($field: $crate::recording::field::take(&mut members, $name),)*
                    unknown: members.into_vec(),
                }
            }

            /// Tells whether nothing is known.
            pub fn is_blank(&self) -> bool {
                self.unknown.is_empty() $(&& self.$field.is_none())*
            }
        }

        impl $crate::recording::field::Field for $type {
            fn read(value: &$crate::json::SharedBytes) -> Option<Self> {
                $crate::json::Members::of(value).ok().map(Self::from_members)
            }
        }

        impl serde::Serialize for $type {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                use serde::ser::SerializeMap;
                let mut map = serializer.serialize_map(None)?;
                $($crate::recording::field::write(&mut map, $name, self.$field.as_ref())?;)*
                $crate::recording::field::write_unknown(&mut map, &self.unknown)?;
                map.end()
            }
        }
    };
}
pub(super) use object;

/// Reads every element of an array, or nothing of it.
impl<T: Field> Field for Vec<T> {
    fn read(value: &SharedBytes) -> Option<Self> {
        let array = value.first() == Some(&b'[');
        array.then(|| elements(value).map(|element| T::read(&element)).collect())?
    }
}
