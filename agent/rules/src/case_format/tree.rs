//! A JSON document as it stands, repeated keys included: read only to find what is wrong with it.

use std::borrow::Cow;
use std::cell::RefCell;
use std::fmt;

use serde::de::{Deserialize, DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};

/// A JSON value that keeps the order and the repetition of keys. Numbers keep what tells whole ones from others.
pub(super) enum Tree<'a> {
    Null,
    Bool(bool),
    Whole(u64),
    OtherNumber,
    Text(Cow<'a, str>),
    List(Vec<Tree<'a>>),
    Object(Vec<(Cow<'a, str>, Tree<'a>)>),
}

/// Reads a document; where it breaks off, says where it stood.
pub(super) fn read(json: &[u8]) -> Result<Tree<'_>, (String, serde_json::Error)> {
    let stood = RefCell::new(Vec::new());
    let mut reader = serde_json::Deserializer::from_slice(json);
    let seed = Seed { stood: &stood };
    let read = seed
        .deserialize(&mut reader)
        .and_then(|tree| reader.end().map(|()| tree));
    read.map_err(|error| {
        let at = stood.borrow().concat();
        (if at.is_empty() { "$".into() } else { at }, error)
    })
}

/// Reads one value, noting on `stood` where it stands.
#[derive(Clone, Copy)]
struct Seed<'s> {
    stood: &'s RefCell<Vec<String>>,
}

impl Seed<'_> {
    /// Notes a step; it is taken back only where what lies beneath was read whole.
    fn enter(self, step: String) {
        self.stood.borrow_mut().push(step);
    }

    fn leave(self) {
        self.stood.borrow_mut().pop();
    }

    fn field(self, name: &str) -> String {
        if self.stood.borrow().is_empty() {
            name.into()
        } else {
            format!(".{name}")
        }
    }
}

impl<'de> DeserializeSeed<'de> for Seed<'_> {
    type Value = Tree<'de>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Tree<'de>, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Seed<'_> {
    type Value = Tree<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E: Error>(self) -> Result<Tree<'de>, E> {
        Ok(Tree::Null)
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Tree<'de>, E> {
        Ok(Tree::Bool(value))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Tree<'de>, E> {
        Ok(Tree::Whole(value))
    }

    fn visit_i64<E: Error>(self, _value: i64) -> Result<Tree<'de>, E> {
        Ok(Tree::OtherNumber)
    }

    fn visit_f64<E: Error>(self, _value: f64) -> Result<Tree<'de>, E> {
        Ok(Tree::OtherNumber)
    }

    fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<Tree<'de>, E> {
        Ok(Tree::Text(Cow::Borrowed(text)))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Tree<'de>, E> {
        Ok(Tree::Text(Cow::Owned(text.to_owned())))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Tree<'de>, A::Error> {
        let mut list = Vec::new();
        loop {
            self.enter(format!("[{}]", list.len()));
            let Some(item) = items.next_element_seed(self)? else {
                break;
            };
            list.push(item);
            self.leave();
        }
        self.leave();
        Ok(Tree::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Tree<'de>, A::Error> {
        let mut object = Vec::new();
        while let Some(Key(key)) = entries.next_key()? {
            self.enter(self.field(&key));
            let value = entries.next_value_seed(self)?;
            self.leave();
            object.push((key, value));
        }
        Ok(Tree::Object(object))
    }
}

/// A key that borrows where it can.
struct Key<'a>(Cow<'a, str>);

impl<'de: 'a, 'a> Deserialize<'de> for Key<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        super::wire::Text::deserialize(deserializer).map(|text| Self(text.0))
    }
}
