//! Bodies: bounded, JSON, with the pointer of what cannot be read.

use std::borrow::Cow;

use axum::{
    body::Bytes,
    extract::{FromRequest, Request},
    http::header::CONTENT_TYPE,
};
use portico_domain::{
    field::{FieldErrors, Objection},
    name::composed,
    wrong::Wrong,
};
use serde::{
    Deserializer,
    de::{
        DeserializeOwned, Error, IntoDeserializer, Unexpected, Visitor,
        value::{MapDeserializer, SeqDeserializer},
    },
    forward_to_deserialize_any,
};
use serde_json::Value;

use crate::problem::Problem;

/// The largest body in bytes. Files go to S3 by themselves.
pub const MAX_BODY: usize = 256 * 1024;

/// A JSON body of at most `MOST` bytes. Wire types have only optional fields of loose types: their `parse` says everything that is
/// wrong at once.
#[derive(Clone, Debug)]
pub struct Json<T, const MOST: usize = MAX_BODY> {
    /// What was sent.
    pub value: T,
    /// As received, for the idempotency key.
    pub raw: String,
}

impl<T: DeserializeOwned, S: Send + Sync, const MOST: usize> FromRequest<S> for Json<T, MOST> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let media_type = request.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
        if !is_json(media_type) {
            return Err(Problem::malformed("Send JSON, with Content-Type: application/json."));
        }
        let bytes = Bytes::from_request(request, state).await.map_err(|_| Problem::too_large(MOST))?;
        if bytes.len() > MOST {
            return Err(Problem::too_large(MOST));
        }
        let raw = String::from_utf8(bytes.to_vec()).map_err(|_| Problem::malformed("The body is not UTF-8."))?;
        Ok(Self { value: read(&raw)?, raw })
    }
}

/// This media type and no other, with or without parameters.
fn is_json(media_type: &str) -> bool {
    let name = media_type.split_once(';').map_or(media_type, |(name, _)| name);
    name.trim().eq_ignore_ascii_case("application/json")
}

/// Reads a body whose type the path tells.
///
/// # Errors
/// 400 when it is no JSON, 422 with the pointer of a value of the wrong type, or of each field that nobody reads: what is
/// taken and used for nothing would look as if it had been saved.
pub fn read<T: DeserializeOwned>(raw: &str) -> Result<T, Problem> {
    let malformed = || Problem::malformed("The body is not valid JSON.");
    let mut sent: Value = serde_json::from_str(raw).map_err(|_| malformed())?;
    compose(&mut sent);
    let (mut unknown, mut track) = (FieldErrors::none(), serde_path_to_error::Track::new());
    let mut ignored = |path: serde_ignored::Path<'_>| unknown.add(of_ignored(&path), unknown_field());
    let tracked = serde_path_to_error::Deserializer::new(Sent(sent), &mut track);
    let read = T::deserialize(serde_ignored::Deserializer::new(tracked, &mut ignored));
    let read = read.map_err(|error| {
        if error.is_data() {
            Problem::invalid_field(&pointer(&track.path()), Wrong::WrongType.says("This value has the wrong type."))
        } else {
            malformed()
        }
    })?;
    unknown.into_result()?;
    Ok(read)
}

/// What is said of a field that nobody reads.
pub(crate) fn unknown_field() -> Objection {
    Wrong::UnknownField.says("There is no such field here. Check its name, or leave it out.")
}

/// The pointer of a field that nobody reads.
fn of_ignored(path: &serde_ignored::Path<'_>) -> String {
    use serde_ignored::Path;
    match path {
        Path::Root => String::new(),
        Path::Seq { parent, index } => format!("{}/{index}", of_ignored(parent)),
        Path::Map { parent, key } => format!("{}/{}", of_ignored(parent), escaped(key)),
        Path::Some { parent } | Path::NewtypeStruct { parent } | Path::NewtypeVariant { parent } => of_ignored(parent),
    }
}

/// A name as it stands in a JSON pointer.
fn escaped(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}

/// A value of a body. Its objects are objects: what serde derives for a struct also takes a list of the fields' values in
/// their order, which no document of the API promises, and which an added field would read as another.
pub(crate) struct Sent(pub(crate) Value);

impl IntoDeserializer<'_, serde_json::Error> for Sent {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}

impl<'de> Deserializer<'de> for Sent {
    type Error = serde_json::Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Self::Error> {
        match self.0 {
            Value::Array(items) => {
                let mut items = SeqDeserializer::new(items.into_iter().map(Sent));
                let read = visitor.visit_seq(&mut items)?;
                items.end().map(|()| read)
            }
            Value::Object(fields) => {
                let mut fields = MapDeserializer::new(fields.into_iter().map(|(name, value)| (name, Sent(value))));
                let read = visitor.visit_map(&mut fields)?;
                fields.end().map(|()| read)
            }
            single => single.deserialize_any(visitor),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Self::Error> {
        if self.0.is_null() { visitor.visit_none() } else { visitor.visit_some(self) }
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Self::Error> {
        if self.0.is_array() {
            Err(Error::invalid_type(Unexpected::Seq, &visitor))
        } else {
            self.deserialize_any(visitor)
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Self::Error> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Self::Error> {
        self.0.deserialize_enum(name, variants, visitor)
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf
        unit unit_struct seq tuple tuple_struct map identifier ignored_any
    }
}

/// Every text in the one form in which it is stored and compared (Unicode NFC).
fn compose(sent: &mut Value) {
    match sent {
        Value::String(text) => {
            if let Cow::Owned(composed) = composed(text) {
                *text = composed;
            }
        }
        Value::Array(items) => items.iter_mut().for_each(compose),
        Value::Object(fields) => fields.values_mut().for_each(compose),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

fn pointer(path: &serde_path_to_error::Path) -> String {
    use serde_path_to_error::Segment;
    path.iter()
        .map(|segment| match segment {
            Segment::Map { key } => format!("/{}", escaped(key)),
            Segment::Seq { index } => format!("/{index}"),
            Segment::Enum { variant } => format!("/{variant}"),
            Segment::Unknown => String::new(),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_looks_the_same_is_the_same_text_in_every_field() {
        let sent = "{\"a\":[\"Pen\\u0303a\",\"Pen\u{303}a\",\"Peña\",1]}";
        let read: Value = read(sent).unwrap_or_default();
        assert_eq!(read, serde_json::json!({ "a": ["Peña", "Peña", "Peña", 1] }));
        assert!(super::read::<Value>("{\"a\":1} x").is_err());
    }

    #[derive(Debug, Default, serde::Deserialize)]
    #[serde(rename_all = "camelCase", default)]
    struct Form {
        first_name: Option<String>,
        lines: Vec<Line>,
    }

    #[derive(Debug, Default, serde::Deserialize)]
    #[serde(default)]
    struct Line {
        units: Option<i64>,
    }

    #[test]
    fn a_field_that_nobody_reads_is_refused_at_its_place_with_all_others() {
        let pointers = |sent: &str| super::read::<Form>(sent).map(drop).map_err(|problem| problem.pointers());
        assert_eq!(pointers(r#"{"firstName":"Ada","lines":[{"units":1}]}"#), Ok(()));
        let sent = r#"{"first_name":"Ada","lines":[{"units":1},{"quantity":2,"a/b":{"c":1}}]}"#;
        let told = ["/first_name", "/lines/1/a~1b", "/lines/1/quantity"].map(ToOwned::to_owned).to_vec();
        assert_eq!(pointers(sent), Err(told));
        assert_eq!(pointers(r#"{"lines":[{"units":"one"}]}"#), Err(vec!["/lines/0/units".to_owned()]));
    }
    #[test]
    fn an_object_is_no_list_at_any_depth() {
        let pointers = |sent: &str| super::read::<Form>(sent).map(drop).map_err(|problem| problem.pointers());
        assert_eq!(pointers(r#"{"firstName":null,"lines":[]}"#), Ok(()));
        for (sent, at) in [("[]", ""), ("[null,null]", ""), (r#"["Ada",[]]"#, ""), (r#"{"lines":[[1]]}"#, "/lines/0")] {
            assert_eq!(pointers(sent), Err(vec![at.to_owned()]), "{sent}");
        }
    }
}
