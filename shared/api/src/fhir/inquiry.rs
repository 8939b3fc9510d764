//! An inquiry as it was sent (PAS `Claim/$inquire`): a query by example. Whom it is about and who asks is needed; what else it
//! says narrows what is found, and what cannot be read of that is passed over.

use portico_domain::{
    cases::{Case, request::Request},
    code::{DiagnosisCode, ProcedureCode},
    period::Period,
};
use portico_fhir::{
    Fault,
    bundle::Bundle,
    types::{Claim, CodeableConcept, Extension, Identifier, Item, extension},
    url,
};

use super::parties::{Parties, day};

/// An inquiry.
#[derive(Debug)]
pub(super) struct Inquiry<'a> {
    /// Whom it is about and who asks.
    pub(super) parties: Parties<'a>,
    wanted: Wanted,
}

/// What narrows the answer.
#[derive(Debug, Default)]
struct Wanted {
    /// Case IDs and numbers of authorizations.
    references: Vec<String>,
    /// Codes and days, item by item.
    items: Vec<(Option<ProcedureCode>, Option<Period>)>,
    diagnoses: Vec<DiagnosisCode>,
}

impl<'a> Inquiry<'a> {
    /// Reads it.
    pub(super) fn of(bundle: &Bundle<'a>) -> Result<Self, Fault> {
        let (claim, parties) = Parties::of(bundle)?;
        Ok(Self { parties, wanted: Wanted::of(&claim) })
    }

    /// Whether a case is one that is asked for, by its numbers and diagnoses.
    pub(super) fn wants_case(&self, case: &Case, numbers: &[String]) -> bool {
        let Wanted { references, diagnoses, .. } = &self.wanted;
        let known = references.is_empty() || references.iter().any(|reference| numbers.contains(reference));
        known && (diagnoses.is_empty() || diagnoses.iter().any(|code| case.diagnoses.contains(code)))
    }

    /// Whether a request of it is, by codes and days.
    pub(super) fn wants(&self, request: &Request) -> bool {
        let items = &self.wanted.items;
        let fits = |(code, days): &(Option<ProcedureCode>, Option<Period>)| {
            request.lines.iter().any(|line| {
                code.as_ref().is_none_or(|code| *code == line.code)
                    && days.is_none_or(|days| days.shared(line.period).is_some())
            })
        };
        items.is_empty() || items.iter().any(fits)
    }
}

impl Wanted {
    fn of(claim: &Claim) -> Self {
        let lists = || std::iter::once(&claim.extension).chain(claim.item.iter().map(|item| &item.extension));
        let addresses = [url::ADMINISTRATION_REFERENCE, url::AUTHORIZATION_NUMBER];
        let numbers =
            lists().flat_map(|all| addresses.map(|address| extension(all, address))).flatten().filter_map(number);
        let codes =
            claim.diagnosis.iter().filter_map(|one| one.diagnosis_codeable_concept.as_ref()?.code(url::ICD_10_CM));
        Self {
            references: numbers.collect(),
            items: claim.item.iter().map(of_item).filter(|item| *item != (None, None)).collect(),
            diagnoses: codes.filter_map(|code| code.parse().ok()).collect(),
        }
    }
}

fn number(extension: &Extension) -> Option<String> {
    let identifier = extension.value_identifier.as_ref().and_then(Identifier::text);
    let text = extension.value_string.as_deref().or(identifier)?.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

/// A code other than `not-applicable`, and the days, as far as an item has them.
fn of_item(item: &Item) -> (Option<ProcedureCode>, Option<Period>) {
    let code = |concept: Option<&CodeableConcept>| {
        let codes = [url::HCPCS, url::CPT, url::NUBC_REVENUE];
        codes.into_iter().find_map(|system| concept?.code(system)?.parse().ok())
    };
    let code = code(item.product_or_service.as_ref()).or_else(|| code(item.revenue.as_ref()));
    let period = item.serviced_period.as_ref();
    let from = item.serviced_date.as_deref().or(period.and_then(|period| period.start.as_deref())).and_then(day);
    let to = period.and_then(|period| period.end.as_deref()).and_then(day).or(from);
    (code, from.zip(to).and_then(|(from, to)| Period::new(from, to).ok()))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::samples;
    use portico_domain::person::Member;

    fn sent() -> Value {
        let entry = |id: &str, resource: Value| {
            let kind = resource["resourceType"].as_str().unwrap().to_owned();
            json!({ "fullUrl": format!("https://ehr.example/fhir/{kind}/{id}"), "resource": resource })
        };
        let to = |reference: &str| json!({ "reference": reference });
        json!({
            "resourceType": "Bundle", "type": "collection", "timestamp": "2026-05-11T09:00:00-05:00",
            "identifier": { "system": "https://ehr.example/inquiries", "value": "I-1" },
            "entry": [
                entry("1", json!({
                    "resourceType": "Claim", "status": "active", "use": "preauthorization", "patient": to("Patient/1"),
                    "insurer": to("Organization/payer"), "provider": to("PractitionerRole/1"),
                    "insurance": [{ "sequence": 1, "focal": true, "coverage": to("Coverage/1") }],
                })),
                entry("1", json!({ "resourceType": "Patient", "name": [{ "family": "QUILL" }], "birthDate": "2022-02-28" })),
                entry("1", json!({ "resourceType": "Coverage", "subscriberId": "0123456789" })),
                entry("payer", json!({ "resourceType": "Organization", "name": "Arkansas" })),
                entry("1", json!({ "resourceType": "PractitionerRole", "organization": to("Organization/clinic") })),
                entry("clinic", json!({
                    "resourceType": "Organization", "identifier": [{ "system": url::NPI, "value": "1234567893" }],
                })),
            ],
        })
    }

    fn with<T>(change: impl FnOnce(&mut Value), look: impl FnOnce(Result<Inquiry<'_>, Fault>) -> T) -> T {
        let mut sent = sent();
        change(&mut sent);
        let text = sent.to_string();
        look(Bundle::read(&text, "Claim").and_then(|bundle| Inquiry::of(&bundle)))
    }

    fn claim(sent: &mut Value) -> &mut Value {
        &mut sent["entry"][0]["resource"]
    }

    #[test]
    fn whom_it_is_about_and_who_asks_is_found_behind_references() {
        with(
            |_| {},
            |read| {
                let inquiry = read.unwrap();
                assert_eq!(inquiry.parties.numbers[0].as_str(), "0123456789");
                assert_eq!(inquiry.parties.asking, ["1234567893".parse().unwrap()]);
                assert_eq!(inquiry.parties.echoed.iter().map(|entry| entry.place).collect::<Vec<_>>(), [1, 3, 4, 5]);
                let member = samples::draft().member;
                assert!(inquiry.parties.means(&member));
                let other = Member { birth_date: jiff::civil::date(2022, 3, 1), ..member.clone() };
                assert!(!inquiry.parties.means(&other));
                assert!(!inquiry.parties.means(&Member { last_name: "Sparrow".parse().unwrap(), ..member }));
            },
        );
    }

    #[test]
    fn what_is_needed_and_not_there_is_told_where_it_belongs() {
        type Change = fn(&mut Value);
        let changes: [(Change, &str); 9] = [
            (|sent| claim(sent)["patient"] = Value::Null, "Bundle.entry[0].resource.patient"),
            (|sent| claim(sent)["patient"] = json!({ "reference": "Patient/2" }), "Bundle.entry[0].resource.patient"),
            (|sent| claim(sent)["insurer"] = json!({ "reference": "Patient/1" }), "Bundle.entry[0].resource.insurer"),
            (|sent| claim(sent)["provider"] = json!({}), "Bundle.entry[0].resource.provider"),
            (|sent| sent["entry"][5]["resource"]["identifier"] = json!([]), "Bundle.entry[4].resource.identifier"),
            (|sent| sent["entry"][2]["resource"]["subscriberId"] = json!(""), "Bundle.entry[1].resource.identifier"),
            (
                |sent| sent["entry"][1]["resource"] = json!({ "resourceType": "Patient" }),
                "Bundle.entry[1].resource.name",
            ),
            (|sent| claim(sent)["item"] = json!(vec![json!({}); 201]), "Bundle.entry[0].resource.item"),
            (
                |sent| claim(sent)["item"] = json!([{}, { "modifierExtension": [{ "url": "http://x" }] }]),
                "Bundle.entry[0].resource.item[1].modifierExtension[0]",
            ),
        ];
        for (change, path) in changes {
            assert_eq!(with(change, |read| read.unwrap_err().path), path);
        }
    }

    #[test]
    fn what_else_is_said_narrows_and_what_cannot_be_read_does_not() {
        let case = samples::submitted();
        let request = &case.requests[0];
        let wants = |change: fn(&mut Value)| {
            with(change, |read| {
                let inquiry = read.unwrap();
                (inquiry.wants_case(&case, &["261270001".to_owned()]), inquiry.wants(request))
            })
        };
        assert_eq!(wants(|_| {}), (true, true));
        assert_eq!(
            wants(
                |sent| claim(sent)["item"] = json!([{ "productOrService": { "coding": [{ "system": url::HCPCS, "code": "T1015" }] }, "servicedDate": "2026-05-20" }])
            ),
            (true, true)
        );
        assert_eq!(
            wants(|sent| claim(sent)["item"] =
                json!([{ "productOrService": { "coding": [{ "system": url::HCPCS, "code": "T1019" }] } }])),
            (true, false)
        );
        assert_eq!(
            wants(|sent| claim(sent)["item"] =
                json!([{ "servicedPeriod": { "start": "2026-07-01", "end": "2026-07-31" } }])),
            (true, false)
        );
        assert_eq!(
            wants(|sent| claim(sent)["item"] =
                json!([{ "productOrService": { "coding": [{ "code": "not-applicable" }] } }])),
            (true, true)
        );
        assert_eq!(
            wants(
                |sent| claim(sent)["diagnosis"] = json!([{ "diagnosisCodeableConcept": { "coding": [{ "system": url::ICD_10_CM, "code": "G47.33" }] } }])
            ),
            (false, true)
        );
        assert_eq!(
            wants(|sent| claim(sent)["extension"] =
                json!([{ "url": url::ADMINISTRATION_REFERENCE, "valueString": "261270002" }])),
            (false, true)
        );
        assert_eq!(
            wants(|sent| claim(sent)["extension"] =
                json!([{ "url": url::ADMINISTRATION_REFERENCE, "valueString": "261270001" }])),
            (true, true)
        );
    }
}
