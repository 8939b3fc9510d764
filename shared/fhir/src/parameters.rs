//! Parameters as they came: what an operation is given that takes no Bundle.

use serde::{Deserialize, de::DeserializeOwned};
use serde_json::value::RawValue;

use crate::{
    Fault, MAX_BODY,
    bundle::MOST_ENTRIES,
    json,
    types::{CodeableConcept, Identifier},
};

/// Parameters that were read.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Parameters<'a> {
    #[serde(default)]
    resource_type: String,
    #[serde(default, borrow)]
    parameter: Vec<Parameter<'a>>,
}

/// One of them: a value, a resource, or parts.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "elements are documented by FHIR")]
pub struct Parameter<'a> {
    /// Its place as a `FHIRPath`.
    #[serde(skip)]
    pub path: String,
    #[serde(default)]
    pub name: String,
    #[serde(default, borrow)]
    pub resource: Option<&'a RawValue>,
    #[serde(default, borrow)]
    pub part: Vec<Parameter<'a>>,
    #[serde(default)]
    value_string: Option<String>,
    #[serde(default)]
    value_code: Option<String>,
    #[serde(default)]
    value_canonical: Option<String>,
    #[serde(default)]
    value_instant: Option<String>,
    #[serde(default)]
    value_date_time: Option<String>,
    #[serde(default)]
    pub value_boolean: Option<bool>,
    #[serde(default)]
    pub value_identifier: Option<Identifier>,
    #[serde(default)]
    pub value_codeable_concept: Option<CodeableConcept>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Kind {
    #[serde(default)]
    resource_type: String,
}

impl<'a> Parameters<'a> {
    /// Reads them.
    ///
    /// # Errors
    /// When it is too large, no JSON, no Parameters, or something in it has another type than it must have: where.
    pub fn read(text: &'a str) -> Result<Self, Fault> {
        if text.len() > MAX_BODY {
            return Err(Fault::at("Parameters", format!("A body may have at most {MAX_BODY} bytes.")));
        }
        json::check(text, "Parameters")?;
        let mut reader = serde_json::Deserializer::from_str(text);
        let mut read: Self = serde_path_to_error::deserialize(&mut reader).map_err(|error| {
            let within = error.path().to_string();
            let path = if within == "." { "Parameters".to_owned() } else { format!("Parameters.{within}") };
            Fault::at(path, "This has the wrong type.")
        })?;
        if read.resource_type != "Parameters" {
            return Err(Fault::at("Parameters", "Send Parameters."));
        }
        let count = read.parameter.iter().map(|one| 1 + one.part.len()).sum::<usize>();
        if count > MOST_ENTRIES {
            return Err(Fault::at("Parameters.parameter", format!("There may be at most {MOST_ENTRIES} parameters.")));
        }
        placed(&mut read.parameter, "Parameters.parameter");
        Ok(read)
    }

    /// All of this name.
    pub fn all<'b>(&'b self, name: &'static str) -> impl Iterator<Item = &'b Parameter<'a>> {
        self.parameter.iter().filter(move |one| one.name == name)
    }

    /// The one of this name, if it is there.
    ///
    /// # Errors
    /// When there are several.
    pub fn one(&self, name: &'static str) -> Result<Option<&Parameter<'a>>, Fault> {
        only(&self.parameter, name)
    }
}

fn placed(all: &mut [Parameter<'_>], before: &str) {
    for (place, one) in all.iter_mut().enumerate() {
        one.path = format!("{before}[{place}]");
        let parts = format!("{}.part", one.path);
        placed(&mut one.part, &parts);
    }
}

fn only<'b, 'a>(all: &'b [Parameter<'a>], name: &str) -> Result<Option<&'b Parameter<'a>>, Fault> {
    let mut named = all.iter().filter(|one| one.name == name);
    let first = named.next();
    match named.next() {
        Some(second) => Err(Fault::at(second.path.clone(), format!("Give {name} once."))),
        None => Ok(first),
    }
}

impl Parameter<'_> {
    /// The part of this name, if it is there.
    ///
    /// # Errors
    /// When there are several.
    pub fn part(&self, name: &str) -> Result<Option<&Self>, Fault> {
        only(&self.part, name)
    }

    /// Its value, where that is a text or an identifier with one.
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        let texts =
            [&self.value_string, &self.value_code, &self.value_canonical, &self.value_instant, &self.value_date_time];
        let text = texts.into_iter().find_map(Option::as_deref);
        let text = text.or(self.value_identifier.as_ref().and_then(|identifier| identifier.value.as_deref()))?.trim();
        (!text.is_empty()).then_some(text)
    }

    /// The kind of its resource.
    ///
    /// # Errors
    /// When it has none.
    pub fn kind(&self) -> Result<String, Fault> {
        let none = || Fault::at(format!("{}.resource", self.path), "Give a resource here.");
        let kind: Kind = serde_json::from_str(self.resource.ok_or_else(none)?.get()).map_err(|_| none())?;
        if kind.resource_type.is_empty() { Err(none()) } else { Ok(kind.resource_type) }
    }

    /// Its resource, read as `T`.
    ///
    /// # Errors
    /// When there is none, or something in it has another type than it must have: where.
    pub fn read_as<T: DeserializeOwned>(&self) -> Result<T, Fault> {
        let place = format!("{}.resource", self.path);
        let raw = self.resource.ok_or_else(|| Fault::at(place.clone(), "Give a resource here."))?;
        let mut reader = serde_json::Deserializer::from_str(raw.get());
        serde_path_to_error::deserialize(&mut reader).map_err(|error| {
            let within = error.path().to_string();
            let path = if within == "." { place.clone() } else { format!("{place}.{within}") };
            Fault::at(path, "This has the wrong type.")
        })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::types::Coverage;

    fn sent() -> Value {
        json!({ "resourceType": "Parameters", "parameter": [
            { "name": "coverage", "resource": { "resourceType": "Coverage", "subscriberId": "0123456789" } },
            { "name": "context", "valueString": " 261270001 " },
            { "name": "Attachment", "part": [
                { "name": "LineItem", "valueString": "1" }, { "name": "LineItem", "valueString": "2" },
                { "name": "Content", "resource": { "resourceType": "DocumentReference" } },
            ] },
            { "name": "MemberId", "valueIdentifier": { "value": "0123456789" } },
            { "name": "Final", "valueBoolean": false },
        ] })
    }

    fn fault(change: impl FnOnce(&mut Value)) -> String {
        let mut sent = sent();
        change(&mut sent);
        Parameters::read(&sent.to_string()).unwrap_err().path
    }

    #[test]
    fn each_is_found_by_its_name_with_its_place() {
        let text = sent().to_string();
        let read = Parameters::read(&text).unwrap();
        let coverage = read.one("coverage").unwrap().unwrap();
        assert_eq!(
            (coverage.kind().unwrap().as_str(), coverage.path.as_str()),
            ("Coverage", "Parameters.parameter[0]")
        );
        assert_eq!(coverage.read_as::<Coverage>().unwrap().subscriber_id.as_deref(), Some("0123456789"));
        assert_eq!(read.one("context").unwrap().unwrap().text(), Some("261270001"));
        assert_eq!(read.one("MemberId").unwrap().unwrap().text(), Some("0123456789"));
        assert_eq!(read.one("Final").unwrap().unwrap().value_boolean, Some(false));
        assert!(read.one("order").unwrap().is_none());
        let attachment = read.all("Attachment").next().unwrap();
        let content = attachment.part("Content").unwrap().unwrap();
        assert_eq!(
            (content.kind().unwrap().as_str(), content.path.as_str()),
            ("DocumentReference", "Parameters.parameter[2].part[2]")
        );
        assert_eq!(attachment.part("LineItem").unwrap_err().path, "Parameters.parameter[2].part[1]");
        assert_eq!(content.part("x").unwrap().map(Parameter::text), None);
    }

    #[test]
    fn what_cannot_be_worked_with_is_refused_where_it_is() {
        assert_eq!(fault(|sent| sent["resourceType"] = json!("Bundle")), "Parameters");
        assert_eq!(fault(|sent| sent["parameter"] = json!("none")), "Parameters.parameter");
        assert_eq!(
            fault(|sent| sent["parameter"][4]["valueBoolean"] = json!("yes")),
            "Parameters.parameter[4].valueBoolean"
        );
        let many = vec![json!({ "name": "order" }); MOST_ENTRIES + 1];
        assert_eq!(fault(|sent| sent["parameter"] = json!(many)), "Parameters.parameter");
        let parts = json!([{ "name": "Attachment", "part": many }]);
        assert_eq!(fault(|sent| sent["parameter"] = parts), "Parameters.parameter");
        assert_eq!(Parameters::read(r#"{"a":1,"a":2}"#).unwrap_err().path, "Parameters.a");
        let large = format!("\"{}\"", "x".repeat(MAX_BODY));
        assert!(Parameters::read(&large).unwrap_err().what.contains("bytes"));

        let mut wrong = sent();
        wrong["parameter"][0]["resource"]["subscriberId"] = json!(7);
        let text = wrong.to_string();
        let read = Parameters::read(&text).unwrap();
        let coverage = read.one("coverage").unwrap().unwrap();
        let fault = coverage.read_as::<Coverage>().unwrap_err();
        assert_eq!(fault.path, "Parameters.parameter[0].resource.subscriberId");
        assert!(read.one("context").unwrap().unwrap().kind().is_err());
    }
}
