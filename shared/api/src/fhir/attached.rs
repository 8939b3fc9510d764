//! What a system sends to a request (`CDex` `$submit-attachment`): to which one, for whom, and the documents.

use base64::{Engine, engine::general_purpose::STANDARD};
use portico_domain::{
    cases::document::FileType, contact::Line, contracts::Contract, fhir::attached::Named, npi::Npi,
    reviews::information::MOST_FILES,
};
use portico_fhir::{
    Fault,
    parameters::{Parameter, Parameters},
    types::{Attachment, CodeableConcept, DocumentReference, QuestionnaireResponse},
};
use sha2::{Digest, Sha256};

use super::answered::Response;

/// As long a number is by which something is tracked.
const LONGEST: usize = 200;
/// The document type of what is of none that the contract names.
const OTHER: &str = "other";

/// What was sent.
#[derive(Debug)]
pub(super) struct Sent {
    /// The number by which its sender tracks it.
    pub(super) tracking: String,
    /// The request that it is for, where it names one of ours.
    pub(super) named: Option<Named>,
    /// The member's number.
    pub(super) member: Line,
    /// Who sends it.
    pub(super) npis: Vec<Npi>,
    /// The person of them, where one is named.
    pub(super) person: Option<Npi>,
    /// The insurer, where it is named.
    pub(super) payer: Option<String>,
    /// The documents.
    pub(super) files: Vec<File>,
    /// Answers to questionnaires, each with SHA-256 of how they came.
    pub(super) responses: Vec<(Response<'static>, String)>,
    /// Whether nothing more comes.
    pub(super) last: bool,
}

/// A document as it was sent.
#[derive(Debug)]
pub(super) struct File {
    /// Where it stands.
    pub(super) path: String,
    /// What it is, in codes and words.
    kinds: Vec<String>,
    media_type: Option<String>,
    title: Option<String>,
    pub(super) content: Vec<u8>,
}

/// What it is as a document of a case.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Described {
    pub(super) document_type: String,
    pub(super) file_name: String,
    pub(super) file_type: FileType,
}

/// Why it was not read.
#[derive(Debug)]
pub(super) enum Unread {
    /// It cannot be worked with.
    Fault(Fault),
    /// It is of a kind that is not taken.
    NotTaken(Fault),
}

impl From<Fault> for Unread {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

impl Sent {
    /// Reads it.
    pub(super) fn of(sent: &Parameters<'_>) -> Result<Self, Unread> {
        let attach_to = text(sent, "AttachTo")?;
        if attach_to != "preauthorization" {
            let what = "Only what belongs to a preauthorization is taken here (AttachTo).";
            return Err(Unread::NotTaken(Fault::at(place(sent, "AttachTo")?, what)));
        }
        let tracking = text(sent, "TrackingId")?;
        let member = text(sent, "MemberId")?;
        let wrong = |name, what: &str| Ok::<_, Fault>(Fault::at(place(sent, name)?, what));
        if tracking.len() > LONGEST {
            return Err(wrong("TrackingId", &format!("A tracking number has at most {LONGEST} bytes."))?.into());
        }
        let Ok(member) = member.parse() else { return Err(wrong("MemberId", "Give the member's number.")?.into()) };
        let npi = |name| Ok::<_, Fault>(sent.one(name)?.and_then(|one| one.text()?.parse::<Npi>().ok()));
        let (organization, person) = (npi("OrganizationId")?, npi("ProviderId")?);
        let npis: Vec<Npi> = organization.into_iter().chain(person).collect();
        if npis.is_empty() {
            let what = "Give the NPI of whoever sends it, as OrganizationId or ProviderId.";
            return Err(Fault::at("Parameters.parameter", what).into());
        }
        let reference = sent.one("AdminRefNumber")?.and_then(Parameter::text);
        let (mut files, mut responses) = (Vec::new(), Vec::new());
        for attachment in sent.all("Attachment") {
            match of_attachment(attachment)? {
                Content::Files(more) => files.extend(more),
                Content::Answers(response, sha256) => responses.push((response, sha256)),
            }
            if files.len() + responses.len() > MOST_FILES {
                let what = format!("One call has at most {MOST_FILES} documents. Send more with another call.");
                return Err(Fault::at(attachment.path.clone(), what).into());
            }
        }
        if files.is_empty() && responses.is_empty() {
            return Err(Fault::at("Parameters.parameter", "Send at least one Attachment.").into());
        }
        Ok(Self {
            named: Named::by(&tracking, reference),
            member,
            npis,
            person,
            payer: sent.one("PayerId")?.and_then(Parameter::text).map(ToOwned::to_owned),
            files,
            responses,
            last: sent.one("Final")?.and_then(|one| one.value_boolean).unwrap_or(true),
            tracking,
        })
    }
}

fn text(sent: &Parameters<'_>, name: &'static str) -> Result<String, Fault> {
    let found = sent.one(name)?.and_then(Parameter::text).map(ToOwned::to_owned);
    found.ok_or_else(|| Fault::at("Parameters.parameter", format!("Give {name}.")))
}

fn place(sent: &Parameters<'_>, name: &'static str) -> Result<String, Fault> {
    Ok(sent.one(name)?.map(|one| one.path.clone()).unwrap_or_default())
}

/// What stands in an attachment.
enum Content {
    Files(Vec<File>),
    Answers(Response<'static>, String),
}

/// The files of an attachment, for a document may stand in several forms; or answers to a questionnaire.
fn of_attachment(attachment: &Parameter<'_>) -> Result<Content, Unread> {
    let none = || Fault::at(attachment.path.clone(), "An Attachment has a Content.");
    let content = attachment.part("Content")?.ok_or_else(none)?;
    let path = format!("{}.resource", content.path);
    match content.kind()?.as_str() {
        "DocumentReference" => {}
        "QuestionnaireResponse" => {
            let read: QuestionnaireResponse = content.read_as()?;
            if read.questionnaire.is_none() {
                let what = "Say in the element questionnaire which one is answered.";
                return Err(Unread::NotTaken(Fault::at(path, what)));
            }
            let raw = content.resource.map(serde_json::value::RawValue::get).unwrap_or_default();
            let sha256 = hex::encode(Sha256::digest(raw.as_bytes()));
            return Ok(Content::Answers(Response { path, entry: None, read }, sha256));
        }
        _ => {
            let what = "Only a DocumentReference or a QuestionnaireResponse is taken here.";
            return Err(Unread::NotTaken(Fault::at(path, what)));
        }
    }
    let document: DocumentReference = content.read_as()?;
    let code = attachment.part("Code")?.and_then(|code| code.value_codeable_concept.as_ref());
    let kinds: Vec<String> = document.kind.iter().chain(code).flat_map(words).collect();
    if document.content.is_empty() {
        return Err(Fault::at(format!("{path}.content"), "A document has a content.").into());
    }
    let mut files = Vec::new();
    for (place, one) in document.content.into_iter().enumerate() {
        let path = format!("{path}.content[{place}].attachment");
        let mut attachment = one.attachment.unwrap_or_default();
        attachment.title = attachment.title.or_else(|| document.description.clone());
        files.push(File::of(path, attachment, &kinds)?);
    }
    Ok(Content::Files(files))
}

pub(super) fn words(concept: &CodeableConcept) -> Vec<String> {
    let codings = concept.coding.iter().flat_map(|coding| [coding.code.clone(), coding.display.clone()]);
    codings.chain([concept.text.clone()]).flatten().collect()
}

impl File {
    /// Reads it: `kinds` are words for what it is.
    pub(super) fn of(path: String, attachment: Attachment, kinds: &[String]) -> Result<Self, Unread> {
        let Attachment { content_type, data, title, .. } = attachment;
        let Some(data) = data else {
            let what = "Send the document itself, as data in base64: addresses are not followed.";
            return Err(Unread::NotTaken(Fault::at(path, what)));
        };
        let data: String = data.split_ascii_whitespace().collect();
        let content = STANDARD.decode(data).map_err(|_| Fault::at(format!("{path}.data"), "This is no base64."))?;
        Ok(Self { path, kinds: kinds.to_vec(), media_type: content_type, title, content })
    }

    /// SHA-256 of its content, in hex.
    pub(super) fn sha256(&self) -> String {
        hex::encode(Sha256::digest(&self.content))
    }

    /// What it is under the contract, `number` among those of its call; its content is looked at from outside.
    pub(super) fn describe(&self, contract: &Contract, number: usize) -> Result<Described, Fault> {
        let known = contract.document_types.iter().find(|known| {
            let same = |word: &String| *word == known.id || word.eq_ignore_ascii_case(&known.label);
            self.kinds.iter().any(same)
        });
        let document_type = known.or_else(|| contract.document_type(OTHER)).ok_or_else(|| {
            let ids: Vec<&str> = contract.document_types.iter().map(|known| known.id.as_str()).collect();
            Fault::at(self.path.clone(), format!("Say what it is in the type: one of {}.", ids.join(", ")))
        })?;
        let title = self.title.as_deref().map(str::trim).unwrap_or_default();
        let by_type = self.media_type.as_deref().map(FileType::of_media_type);
        let (file_name, file_type) = match (FileType::of_name(title), by_type) {
            (Ok(kind), None) => (title.to_owned(), kind),
            (Ok(kind), Some(Some(of))) if kind == of => (title.to_owned(), kind),
            (_, Some(Some(of))) => {
                let named = format!("{title}.{}", of.ending());
                let plain = || format!("document-{number}.{}", of.ending());
                let usable = !title.is_empty() && FileType::of_name(&named).is_ok();
                (if usable { named } else { plain() }, of)
            }
            _ => {
                let what = "This kind of file is not taken. Send doc, docx, jpg, mdi, pdf, tiff, xls, xlsx or xps, and say so in contentType.";
                return Err(Fault::at(format!("{}.contentType", self.path), what));
            }
        };
        let data = || format!("{}.data", self.path);
        file_type.check(&self.content).map_err(|error| Fault::at(data(), error.to_string()))?;
        if u64::try_from(self.content.len()).unwrap_or(u64::MAX) > contract.document_max_bytes {
            return Err(Fault::at(data(), "This document is larger than one may be here."));
        }
        Ok(Described { document_type: document_type.id.clone(), file_name, file_type })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::samples;

    fn sent() -> Value {
        let data = STANDARD.encode("%PDF-1.7\n");
        let id = |name: &str, value: &str| json!({ "name": name, "valueIdentifier": { "value": value } });
        json!({ "resourceType": "Parameters", "parameter": [
            id("TrackingId", "261270001-R01-1"), { "name": "AttachTo", "valueCode": "preauthorization" },
            id("MemberId", "0123456789"), id("OrganizationId", "1234567893"), id("AdminRefNumber", "261270001"),
            { "name": "Attachment", "part": [
                { "name": "LineItem", "valueString": "1" }, { "name": "LineItem", "valueString": "2" },
                { "name": "Content", "resource": {
                    "resourceType": "DocumentReference", "type": { "text": "Treatment plan" },
                    "content": [{ "attachment": { "contentType": "application/pdf", "data": data, "title": "Plan of care" } }],
                } },
            ] },
        ] })
    }

    fn read(change: impl FnOnce(&mut Value)) -> Result<Sent, (bool, String)> {
        let mut sent = sent();
        change(&mut sent);
        let text = sent.to_string();
        let read = Parameters::read(&text).map_err(Unread::from).and_then(|sent| Sent::of(&sent));
        read.map_err(|unread| match unread {
            Unread::Fault(fault) => (true, fault.path),
            Unread::NotTaken(fault) => (false, fault.path),
        })
    }

    fn attachment(sent: &mut Value) -> &mut Value {
        &mut sent["parameter"][5]["part"][2]["resource"]["content"][0]["attachment"]
    }

    #[test]
    fn documents_are_read_with_whose_they_are() {
        let read = read(|_| {}).unwrap();
        assert_eq!((read.tracking.as_str(), read.member.as_str(), read.last), ("261270001-R01-1", "0123456789", true));
        assert!(matches!(read.named, Some(Named::Asked(_))) && read.npis.len() == 1 && read.payer.is_none());
        assert_eq!(read.files[0].content, b"%PDF-1.7\n");
        let described = read.files[0].describe(&samples::contract(), 1).unwrap();
        let wanted = Described {
            document_type: "treatment-plan".into(),
            file_name: "Plan of care.pdf".into(),
            file_type: FileType::Pdf,
        };
        assert_eq!(described, wanted);
    }

    #[test]
    fn answers_are_read_beside_documents() {
        let read = read(|sent| {
            let answers = json!({ "resourceType": "QuestionnaireResponse", "questionnaire": "https://x|1", "status": "completed" });
            let part = json!([{ "name": "Content", "resource": answers }]);
            sent["parameter"].as_array_mut().unwrap().push(json!({ "name": "Attachment", "part": part }));
        })
        .unwrap();
        let [(response, sha256)] = &read.responses[..] else { panic!("one") };
        assert_eq!((read.files.len(), response.url(), sha256.len()), (1, "https://x", 64));
        assert_eq!(response.at("status"), "Parameters.parameter[6].part[0].resource.status");
    }

    #[test]
    fn what_cannot_be_taken_is_told_where_it_is() {
        type Change = fn(&mut Value);
        let changes: [(Change, bool, &str); 9] = [
            (|sent| sent["parameter"][0]["name"] = json!("x"), true, "Parameters.parameter"),
            (|sent| sent["parameter"][1]["valueCode"] = json!("claim"), false, "Parameters.parameter[1]"),
            (
                |sent| sent["parameter"][0]["valueIdentifier"]["value"] = json!("9".repeat(201)),
                true,
                "Parameters.parameter[0]",
            ),
            (|sent| sent["parameter"][3]["valueIdentifier"]["value"] = json!("1"), true, "Parameters.parameter"),
            (|sent| sent["parameter"][5]["part"] = json!([]), true, "Parameters.parameter[5]"),
            (
                |sent| sent["parameter"][5]["part"][2]["resource"]["resourceType"] = json!("QuestionnaireResponse"),
                false,
                "Parameters.parameter[5].part[2].resource",
            ),
            (
                |sent| attachment(sent)["data"] = Value::Null,
                false,
                "Parameters.parameter[5].part[2].resource.content[0].attachment",
            ),
            (
                |sent| attachment(sent)["data"] = json!("%"),
                true,
                "Parameters.parameter[5].part[2].resource.content[0].attachment.data",
            ),
            (
                |sent| {
                    let one = sent["parameter"][5].clone();
                    sent["parameter"].as_array_mut().unwrap().extend(vec![one; MOST_FILES]);
                },
                true,
                "Parameters.parameter[15]",
            ),
        ];
        for (change, fault, path) in changes {
            assert_eq!(read(change).unwrap_err(), (fault, path.to_owned()));
        }
    }

    #[test]
    fn a_file_is_named_and_looked_at_as_one_from_the_portal() {
        let contract = samples::contract();
        let described = |change: fn(&mut Value)| {
            let read = read(change).unwrap();
            read.files[0].describe(&contract, 3).map_err(|fault| fault.path)
        };
        let name = |change| described(change).unwrap().file_name;
        assert_eq!(name(|sent| attachment(sent)["title"] = json!("plan.pdf")), "plan.pdf");
        assert_eq!(name(|sent| attachment(sent)["title"] = json!("plan.docx")), "plan.docx.pdf");
        assert_eq!(name(|sent| attachment(sent)["title"] = json!("../plan")), "document-3.pdf");
        assert_eq!(name(|sent| attachment(sent)["title"] = Value::Null), "document-3.pdf");
        let kind = |change| described(change).unwrap().document_type;
        assert_eq!(kind(|sent| sent["parameter"][5]["part"][2]["resource"]["type"] = Value::Null), "other");
        let at = |last: &str| Err(format!("Parameters.parameter[5].part[2].resource.content[0].attachment.{last}"));
        assert_eq!(described(|sent| attachment(sent)["contentType"] = json!("text/html")), at("contentType"));
        assert_eq!(described(|sent| attachment(sent)["contentType"] = json!("image/jpeg")), at("data"));
        assert_eq!(described(|sent| attachment(sent)["data"] = json!("")), at("data"));
        let no_other = samples::contract();
        let types = no_other.document_types.into_iter().filter(|known| known.id != OTHER).collect();
        let no_other = Contract { document_types: types, ..samples::contract() };
        let read = read(|sent| sent["parameter"][5]["part"][2]["resource"]["type"] = Value::Null).unwrap();
        assert!(read.files[0].describe(&no_other, 1).unwrap_err().what.contains("treatment-plan"));
    }
}
