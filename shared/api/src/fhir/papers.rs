//! What comes with a request: documents, which become documents of the case as those of the portal do, and answers to
//! questionnaires.

use std::collections::BTreeMap;

use jiff::Timestamp;
use portico_aws::clock::new_uuid;
use portico_domain::{
    cases::{
        Case, SentDocument,
        document::{Document, DocumentState, FileType},
        questionnaires::Answers,
    },
    contracts::Contract,
    id::{DocumentId, RequestNumber, Username},
    reviews::information::MOST_FILES,
};
use portico_fhir::{
    answer::Refusal,
    bundle::{Bundle, Entry},
    types::{Attachment, Binary, DocumentReference},
};

use super::{
    answered::{self, Response, attachments},
    attached::{Described, File, Unread, words},
    ended::Ended,
    request::{Sent, is_marked},
    wishes::{WRONG, refusal},
};

/// What came with a request.
#[derive(Debug)]
pub(super) struct Papers<'a> {
    bundle: &'a Bundle<'a>,
    /// The files of documents.
    pub(super) files: Vec<File>,
    /// Of a resource its first file, by its place in the Bundle.
    entries: BTreeMap<usize, usize>,
    /// Of an answer its file, by its place.
    inline: BTreeMap<String, usize>,
    pub(super) responses: Vec<Response<'a>>,
    refusals: Vec<Refusal>,
}

/// What the files become.
#[derive(Debug)]
pub(super) struct Filed {
    /// Of each file the document, with the kind of one that has not arrived.
    pub(super) files: Vec<(DocumentId, Option<FileType>)>,
    /// Those that are new.
    pub(super) documents: Vec<Document>,
    /// All of them, as the Claim remembers them.
    pub(super) sent: Vec<SentDocument>,
}

impl<'a> Papers<'a> {
    /// Reads them.
    pub(super) fn of(sent: &Sent<'a>, bundle: &'a Bundle<'a>) -> Result<Self, Ended> {
        let (files, entries, inline) = (Vec::new(), BTreeMap::new(), BTreeMap::new());
        let mut papers = Self { bundle, files, entries, inline, responses: Vec::new(), refusals: Vec::new() };
        for (place, info) in sent.claim.supporting_info.iter().enumerate() {
            // What was filed stays: it is part of what was decided on.
            if is_marked(&info.modifier_extension) {
                continue;
            }
            let at = |element: &str| sent.first.at(&format!("supportingInfo[{place}].{element}"));
            if let Some(attachment) = &info.value_attachment {
                papers.attach(at("valueAttachment"), attachment.clone(), &[]);
            }
            let Some(reference) = &info.value_reference else { continue };
            let found = reference.reference.as_deref().and_then(|text| bundle.resolve(text, sent.first));
            match found.map(|entry| (entry, entry.kind)) {
                Some((entry, "DocumentReference" | "Binary")) => {
                    papers.take(entry)?;
                }
                Some((entry, "QuestionnaireResponse")) => {
                    if papers.responses.iter().all(|known| known.entry.is_none_or(|known| known.place != entry.place)) {
                        let (path, read) = (entry.at(""), entry.read_as()?);
                        papers.responses.push(Response { path, entry: Some(entry), read });
                    }
                }
                _ => {
                    let text = "Point to a document (DocumentReference, Binary) or to a QuestionnaireResponse that is in the Bundle: nothing else is read.";
                    papers.refusals.push(refusal(WRONG, at("valueReference"), text));
                }
            }
        }
        papers.answers_files()?;
        if papers.is_full() {
            let text = format!(
                "At most {MOST_FILES} documents come with a request. Send more by $submit-attachment afterwards."
            );
            papers.refusals.push(refusal(WRONG, sent.first.at("supportingInfo"), &text));
        }
        if papers.refusals.is_empty() { Ok(papers) } else { Err(Ended::Business(papers.refusals)) }
    }

    /// The files in answers.
    fn answers_files(&mut self) -> Result<(), Ended> {
        let responses = std::mem::take(&mut self.responses);
        for response in &responses {
            for (path, attachment) in attachments(&response.read.item, "") {
                let place = response.at(&path);
                let url = attachment.url.as_deref().zip(response.entry);
                let entry = url.and_then(|(url, from)| self.bundle.resolve(url, from));
                let file = match entry.filter(|_| attachment.data.is_none()) {
                    Some(entry) => self.take(entry)?,
                    None => self.attach(place.clone(), attachment.clone(), &[]),
                };
                self.inline.extend(file.map(|file| (place, file)));
            }
        }
        self.responses = responses;
        Ok(())
    }

    /// The document of a resource of the Bundle, once; the place of its first file.
    fn take(&mut self, entry: Entry<'a>) -> Result<Option<usize>, Ended> {
        if let Some(known) = self.entries.get(&entry.place) {
            return Ok(Some(*known));
        }
        if self.is_full() {
            return Ok(None);
        }
        self.entries.insert(entry.place, self.files.len());
        if entry.kind == "Binary" {
            let Binary { content_type, data } = entry.read_as()?;
            return Ok(self.attach(entry.at(""), Attachment { content_type, data, ..Attachment::default() }, &[]));
        }
        let document: DocumentReference = entry.read_as()?;
        let kinds: Vec<String> = document.kind.iter().flat_map(words).collect();
        if document.content.is_empty() {
            self.refusals.push(refusal(WRONG, entry.at("content"), "A document has a content."));
        }
        let mut first = None;
        for (place, one) in document.content.into_iter().enumerate() {
            if self.is_full() {
                break;
            }
            let mut path = entry.at(&format!("content[{place}].attachment"));
            let mut attachment = one.attachment.unwrap_or_default();
            attachment.title = attachment.title.or_else(|| document.description.clone());
            let pointed = attachment.url.as_deref().filter(|_| attachment.data.is_none());
            let binary = pointed.and_then(|url| self.bundle.resolve(url, entry)).filter(|entry| entry.kind == "Binary");
            if let Some(binary) = binary {
                // However often it is pointed to, it is read once.
                if let Some(known) = self.entries.get(&binary.place) {
                    first = first.or(Some(*known));
                    continue;
                }
                let Binary { content_type, data } = binary.read_as()?;
                attachment.content_type = attachment.content_type.or(content_type);
                attachment.data = data;
                path = binary.at("");
                self.entries.insert(binary.place, self.files.len());
            }
            let file = self.attach(path, attachment, &kinds);
            first = first.or(file);
        }
        self.entries.extend(first.map(|file| (entry.place, file)));
        Ok(first)
    }

    /// Whether there are more files than may come: the others are not looked at.
    fn is_full(&self) -> bool {
        self.files.len() > MOST_FILES
    }

    fn attach(&mut self, path: String, attachment: Attachment, kinds: &[String]) -> Option<usize> {
        if self.is_full() {
            return None;
        }
        match File::of(path, attachment, kinds) {
            Ok(file) => {
                self.files.push(file);
                Some(self.files.len() - 1)
            }
            Err(Unread::Fault(fault) | Unread::NotTaken(fault)) => {
                self.refusals.push(refusal(WRONG, fault.path, &fault.what));
                None
            }
        }
    }

    /// What the files become in a case that has these documents, of which these came by earlier Claims: each is filed once.
    pub(super) fn filed(
        &self,
        contract: &Contract,
        (documents, known): (&[Document], &[SentDocument]),
        (request, at, by): (RequestNumber, Timestamp, &Username),
    ) -> Result<Filed, Ended> {
        let mut filed = Filed { files: Vec::new(), documents: Vec::new(), sent: Vec::new() };
        let mut refusals = Vec::new();
        for (place, file) in self.files.iter().enumerate() {
            let Described { document_type, file_name, file_type } = match file.describe(contract, place + 1) {
                Ok(described) => described,
                Err(fault) => {
                    refusals.push(refusal(WRONG, fault.path, &fault.what));
                    continue;
                }
            };
            let sha256 = file.sha256();
            let stands = |id: &DocumentId| documents.iter().any(|known| known.id == *id && known.counts(at));
            let before = known.iter().filter(|one| stands(&one.id)).chain(&filed.sent);
            let before = before.filter(|one| one.sha256 == sha256).map(|one| one.id).next();
            let id = before.unwrap_or_else(|| DocumentId::new(new_uuid()));
            // One that is known may not have arrived: it is brought again, under the same name.
            let waits = documents.iter().find(|known| known.id == id && known.state == DocumentState::Awaited);
            let comes = before.map_or(Some(file_type), |_| waits.map(|known| known.file_type));
            filed.files.push((id, comes));
            if before.is_none() {
                let (by, state) = (by.clone(), DocumentState::Awaited);
                filed.documents.push(Document { id, request, document_type, file_name, file_type, at, by, state });
            }
            if filed.sent.iter().all(|known| known.id != id) {
                filed.sent.push(SentDocument { id, sha256 });
            }
        }
        if refusals.is_empty() { Ok(filed) } else { Err(Ended::Business(refusals)) }
    }

    /// The answers to the questionnaires that the contract's rules ask of this draft.
    pub(super) fn answers(
        &self,
        (draft, documents, filed): (&Case, &[Document], &Filed),
        contract: &Contract,
        (at, by): (Timestamp, &Username),
    ) -> Result<Vec<Answers>, Ended> {
        answered::answers(&self.responses, (draft, documents), contract, (at, by), &self.document_at(filed))
            .map_err(Ended::Business)
    }

    /// That the answers are those that were handed in: after a decision they stay.
    pub(super) fn answered_before(
        &self,
        kept: &[Answers],
        (documents, filed): (&[Document], &Filed),
        (contract, at): (&Contract, Timestamp),
    ) -> Result<(), Ended> {
        let mut refusals = Vec::new();
        for response in &self.responses {
            let before = kept.iter().find(|answers| answers.url == response.url());
            let of = before.and_then(|before| contract.questionnaire_at(&format!("{}|{}", before.url, before.version)));
            let item = of.map(|of| response.held(of, (documents, at), &self.document_at(filed)));
            match (item, before) {
                (Some(Ok(item)), Some(before)) if item == before.item => {}
                (Some(Err(found)), _) => refusals.extend(found),
                _ => {
                    let text = "Answers stay as they were handed in once something is authorized. Say in words what has changed.";
                    refusals.push(response.wrong("item", text));
                }
            }
        }
        if refusals.is_empty() { Ok(()) } else { Err(Ended::Business(refusals)) }
    }

    /// The document of an answer, by its place.
    fn document_at(&self, filed: &Filed) -> impl Fn(&str) -> Option<DocumentId> {
        |path: &str| self.inline.get(path).and_then(|file| filed.files.get(*file)).map(|(id, _)| *id)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::samples;

    const AT: &str = "2026-05-11T14:00:00Z";

    fn sent(documents: &[Value]) -> String {
        let entry = |(place, resource): (usize, &Value)| json!({ "fullUrl": format!("https://ehr.example/fhir/X/{place}"), "resource": resource });
        // "%PDF-1.7\n"
        let binary = json!({ "resourceType": "Binary", "contentType": "application/pdf", "data": "JVBERi0xLjcK" });
        let all = [&[json!({ "resourceType": "Claim" }), binary], documents].concat();
        json!({
            "resourceType": "Bundle", "type": "collection", "timestamp": AT, "identifier": { "value": "B-1" },
            "entry": all.iter().enumerate().map(entry).collect::<Vec<_>>(),
        })
        .to_string()
    }

    fn document(attachments: &[Value]) -> Value {
        let content: Vec<_> = attachments.iter().map(|one| json!({ "attachment": one })).collect();
        json!({ "resourceType": "DocumentReference", "content": content })
    }

    fn papers<'a>(bundle: &'a Bundle<'a>) -> Papers<'a> {
        let (files, entries, inline) = (Vec::new(), BTreeMap::new(), BTreeMap::new());
        Papers { bundle, files, entries, inline, responses: Vec::new(), refusals: Vec::new() }
    }

    fn pointer() -> Value {
        json!({ "url": "https://ehr.example/fhir/X/1" })
    }

    #[test]
    fn a_file_is_read_once_however_often_it_is_pointed_to() {
        let text = sent(&[document(&vec![pointer(); 400]), document(&[pointer()])]);
        let bundle = Bundle::read(&text, "Claim").unwrap();
        let mut papers = papers(&bundle);
        let taken: Vec<_> = bundle.entries[1..].iter().rev().map(|entry| papers.take(*entry).unwrap()).collect();
        assert_eq!((taken, papers.files.len(), papers.refusals.len()), (vec![Some(0); 3], 1, 0));
    }

    #[test]
    fn more_files_than_may_come_are_not_read() {
        let data = json!({ "contentType": "application/pdf", "data": "JVBERi0xLjcK" });
        let text = sent(&[document(&vec![data; 400]), document(&[pointer()])]);
        let bundle = Bundle::read(&text, "Claim").unwrap();
        let mut papers = papers(&bundle);
        assert_eq!(papers.take(bundle.entries[2]).unwrap(), Some(0));
        assert_eq!(papers.take(bundle.entries[3]).unwrap(), None);
        assert!(papers.is_full() && papers.files.len() == MOST_FILES + 1);
    }

    #[test]
    fn a_document_that_has_not_arrived_is_brought_again_under_its_name() {
        let text = sent(&[]);
        let bundle = Bundle::read(&text, "Claim").unwrap();
        let mut papers = papers(&bundle);
        papers.take(bundle.entries[1]).unwrap();
        let (at, by) = (AT.parse().unwrap(), "cli".parse().unwrap());
        let filed = |documents: &[Document], known: &[SentDocument]| {
            papers.filed(&samples::contract(), (documents, known), (RequestNumber::FIRST, at, &by)).unwrap()
        };
        let first = filed(&[], &[]);
        let mut documents = first.documents.clone();
        assert_eq!(first.files, [(documents[0].id, Some(FileType::Pdf))]);
        let again = filed(&documents, &first.sent);
        assert_eq!((&again.files, again.documents.len()), (&first.files, 0));
        documents[0].state =
            DocumentState::Accepted { at, bytes: 9, sha256: first.sent[0].sha256.clone(), pages: Some(1) };
        assert_eq!(filed(&documents, &first.sent).files, [(documents[0].id, None)]);
    }
}
