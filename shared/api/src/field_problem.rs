//! What is wrong with one field, on the wire: where, its code, and a sentence.

use std::collections::BTreeMap;

use portico_domain::{
    field::{FieldError, Objection},
    wrong::{Documented, Value, Wrong},
};
use serde::Serialize;
use utoipa::{
    ToSchema,
    openapi::{
        RefOr,
        schema::{ObjectBuilder, Schema, SchemaType, Type},
    },
};

/// What is wrong with one field.
#[derive(Serialize, ToSchema)]
pub(crate) struct FieldProblem {
    /// JSON pointer into the body (RFC 6901).
    #[schema(example = "/lines/0/quantity")]
    pointer: String,
    #[schema(schema_with = codes)]
    code: &'static str,
    /// What is wrong, and what would be right: in English, for this field.
    detail: String,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    #[schema(schema_with = values)]
    values: BTreeMap<&'static str, Value>,
}

impl From<&FieldError> for FieldProblem {
    fn from(error: &FieldError) -> Self {
        let FieldError { pointer, objection: Objection { wrong, sentence } } = error;
        Self {
            pointer: pointer.clone(),
            code: wrong.code(),
            detail: sentence.clone(),
            values: wrong.values().into_iter().collect(),
        }
    }
}

/// The codes that an answer can have.
fn documented() -> impl Iterator<Item = &'static Documented> {
    Wrong::ALL.iter().filter(|known| !Wrong::OF_FILES.contains(&known.code))
}

/// Every code, with what it means and what comes with it.
fn codes() -> RefOr<Schema> {
    let lines = documented().map(|Documented { code, about, values, .. }| {
        let with = if values.is_empty() { String::new() } else { format!(" Values: {}.", values.join(", ")) };
        format!("- `{code}`:{about}{with}")
    });
    let lines: Vec<String> = lines.collect();
    ObjectBuilder::new()
        .schema_type(Type::String)
        .enum_values(Some(documented().map(|known| known.code)))
        .description(Some(format!(
            "What kind of thing is wrong, whatever the field: stable, and one of a closed list. A client says it in \
             another language by it.\n\n{}",
            lines.join("\n")
        )))
        .into()
}

/// What the sentence names: numbers and texts, by the names that the code has.
fn values() -> RefOr<Schema> {
    let kinds = [Type::Integer, Type::String];
    ObjectBuilder::new()
        .schema_type(Type::Object)
        .additional_properties(Some(ObjectBuilder::new().schema_type(SchemaType::from_iter(kinds))))
        .description(Some(
            "What the sentence names, as `{\"most\":64}`, so that it can be said in another language: the names go with the code.",
        ))
        .into()
}
