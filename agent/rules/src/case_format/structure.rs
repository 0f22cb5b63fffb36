//! The slower pass: where a document leaves the format's objects, and what stood wanted there.
//!
//! It is a serde deserializer over the [`Tree`], driven by the same structs as the fast pass: the fields an object must have
//! are told by the structs themselves, so that there is one description of the format, not two.
//!
//! Not `serde_path_to_error`: where a field is missing or repeated it names the object around it, and serde's own messages repeat
//! the value that was found, which may be a patient's.

use std::collections::HashSet;
use std::fmt;

use serde::de::value::StrDeserializer;
use serde::de::{self, Deserialize, DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::error::Category;

use super::path::Path;
use super::tree::{self, Tree};
use super::{kept, wire};
use crate::error::FormatError;

/// Whether a document is a case of one format.
type IsCase = fn(Node<'_, '_>) -> Result<(), Fault>;

/// A case of today's format.
pub(super) fn today(document: Node<'_, '_>) -> Result<(), Fault> {
    wire::Object::<wire::Case<'_>>::deserialize(document).map(drop)
}

/// A case as rule set 1 had it.
pub(super) fn first(document: Node<'_, '_>) -> Result<(), Fault> {
    wire::Object::<kept::CaseFirst<'_>>::deserialize(document).map(drop)
}

/// Finds what is wrong with a document that the fast pass refused.
#[cold]
pub(super) fn fault(json: &[u8], refused: &serde_json::Error, is_case: IsCase) -> FormatError {
    let tree = match tree::read(json) {
        Ok(tree) => tree,
        Err((path, error)) => {
            return FormatError {
                path,
                message: not_json(json, &error),
            };
        }
    };
    let node = Node {
        tree: &tree,
        at: Path::Root,
    };
    match is_case(node) {
        Err(Fault(found)) => found,
        // Both passes read the same structs; if they ever disagree the case is refused all the same.
        Ok(()) => FormatError {
            path: "$".into(),
            message: format!("不是案例（{:?}）", refused.classify()),
        },
    }
}

/// Why it is no JSON, or where it breaks off; serde's own words are English and may repeat a value.
///
/// What editors under Windows save is told apart: the place of a byte order mark or of the first Chinese sign says little.
fn not_json(json: &[u8], error: &serde_json::Error) -> String {
    if json.trim_ascii().is_empty() {
        return "这里是空的，没有案例".to_owned();
    }
    if json.starts_with(b"\xEF\xBB\xBF") {
        return "开头有字节顺序标记（BOM）：请另存为不带 BOM 的 UTF-8".to_owned();
    }
    if std::str::from_utf8(json).is_err() {
        return "编码不是 UTF-8：请另存为不带 BOM 的 UTF-8".to_owned();
    }
    let (line, column) = (error.line(), error.column());
    match error.classify() {
        Category::Eof => format!("不是完整的 JSON：到第 {line} 行第 {column} 列就断了"),
        Category::Syntax | Category::Data | Category::Io => {
            format!("不是 JSON：第 {line} 行第 {column} 列读不下去")
        }
    }
}

/// A fault with its path, as serde carries it.
#[derive(Debug)]
pub(super) struct Fault(FormatError);

impl Fault {
    fn at(path: &Path<'_>, message: impl Into<String>) -> Self {
        Self(FormatError {
            path: path.to_string(),
            message: message.into(),
        })
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl std::error::Error for Fault {}

impl de::Error for Fault {
    fn custom<T: fmt::Display>(_message: T) -> Self {
        Self::at(&Path::Root, "不是案例")
    }
}

/// A value of the document and where it stands.
#[derive(Clone, Copy)]
pub(super) struct Node<'de, 'p> {
    tree: &'de Tree<'de>,
    at: Path<'p>,
}

impl Node<'_, '_> {
    fn expected(&self, what: &str) -> Fault {
        let found = match self.tree {
            Tree::Null => "null",
            Tree::Bool(_) => "true 或 false",
            Tree::Whole(_) => "数字",
            Tree::OtherNumber => "小数、负数、带指数的数或过大的数",
            Tree::Text(_) => "字符串",
            Tree::List(_) => "列表",
            Tree::Object(_) => "对象",
        };
        Fault::at(&self.at, format!("须是{what}，写的是{found}"))
    }
}

impl<'de> Deserializer<'de> for Node<'de, '_> {
    type Error = Fault;

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Fault> {
        let Tree::Object(entries) = self.tree else {
            return Err(self.expected("对象"));
        };
        let mut seen = HashSet::with_capacity(entries.len());
        for (key, _) in entries {
            let at = self.at.field(key);
            if !fields.contains(&key.as_ref()) {
                return Err(Fault::at(&at, "没有这个字段"));
            }
            if !seen.insert(key.as_ref()) {
                return Err(Fault::at(&at, "这个字段重复了"));
            }
        }
        if let Some(missing) = fields.iter().find(|field| !seen.contains(**field)) {
            return Err(Fault::at(&self.at.field(missing), "缺少这个字段"));
        }
        visitor.visit_map(Fields {
            entries: entries.iter(),
            value: None,
            at: &self.at,
        })
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        let Tree::List(items) = self.tree else {
            return Err(self.expected("列表"));
        };
        visitor.visit_seq(Items {
            items: items.iter().enumerate(),
            at: &self.at,
        })
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        match self.tree {
            Tree::Null => visitor.visit_none(),
            Tree::Bool(_)
            | Tree::Whole(_)
            | Tree::OtherNumber
            | Tree::Text(_)
            | Tree::List(_)
            | Tree::Object(_) => visitor.visit_some(self),
        }
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        let Tree::Text(text) = self.tree else {
            return Err(self.expected("字符串"));
        };
        visitor.visit_borrowed_str(text)
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        let Tree::Bool(value) = self.tree else {
            return Err(self.expected("true 或 false"));
        };
        visitor.visit_bool(*value)
    }

    fn deserialize_u64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        let Tree::Whole(value) = self.tree else {
            return Err(self.expected("从 1 到 18446744073709551615 的整数"));
        };
        visitor.visit_u64(*value)
    }

    fn deserialize_u8<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        let small = match self.tree {
            Tree::Whole(value) => u8::try_from(*value).ok(),
            Tree::Null
            | Tree::Bool(_)
            | Tree::OtherNumber
            | Tree::Text(_)
            | Tree::List(_)
            | Tree::Object(_) => None,
        };
        match small {
            Some(value) => visitor.visit_u8(value),
            None => Err(self.expected("从 0 到 99 的整数")),
        }
    }

    /// The format's objects hold nothing else.
    fn deserialize_any<V: Visitor<'de>>(self, _visitor: V) -> Result<V::Value, Fault> {
        Err(self.expected("别的值"))
    }

    serde::forward_to_deserialize_any! {
        i8 i16 i32 i64 i128 u16 u32 u128 f32 f64 char string bytes byte_buf unit unit_struct
        newtype_struct tuple tuple_struct map enum identifier ignored_any
    }
}

/// An object's fields, each once and none unknown.
struct Fields<'de, 'p> {
    entries: std::slice::Iter<'de, (std::borrow::Cow<'de, str>, Tree<'de>)>,
    value: Option<(&'de str, &'de Tree<'de>)>,
    at: &'p Path<'p>,
}

impl<'de> MapAccess<'de> for Fields<'de, '_> {
    type Error = Fault;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, Fault> {
        let Some((key, value)) = self.entries.next() else {
            return Ok(None);
        };
        self.value = Some((key, value));
        seed.deserialize(StrDeserializer::new(key)).map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Fault> {
        let Some((key, tree)) = self.value.take() else {
            return Err(Fault::at(self.at, "有值而没有字段名"));
        };
        seed.deserialize(Node {
            tree,
            at: Path::Field(self.at, key),
        })
    }
}

/// A list's items.
struct Items<'de, 'p> {
    items: std::iter::Enumerate<std::slice::Iter<'de, Tree<'de>>>,
    at: &'p Path<'p>,
}

impl<'de> SeqAccess<'de> for Items<'de, '_> {
    type Error = Fault;

    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, Fault> {
        let Some((index, tree)) = self.items.next() else {
            return Ok(None);
        };
        seed.deserialize(Node {
            tree,
            at: Path::Index(self.at, index),
        })
        .map(Some)
    }
}
