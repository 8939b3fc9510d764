//! What a request asks for, in our words; and what is wrong with it, in X12's codes and at its own place.

use jiff::{Span, civil::Date};
use portico_domain::{
    cases::{Service, Stay},
    code::{DiagnosisCode, Modifier, ProcedureCode},
    contracts::Contract,
    fhir::asked::Asked,
    field::{FieldError, FieldErrors},
    glyphs::clean,
    period::{Days, Period, Units},
    person::Provider,
    service::{Admission, Line, ReviewKind, Setting, Urgency},
};
use portico_fhir::{
    Fault,
    answer::Refusal,
    types::{CodeableConcept, Diagnosis, Item, Quantity, extension},
    url,
};

use super::{parties::day, request::Sent};

/// X12: something is missing.
pub(super) const MISSING: &str = "15";
/// X12: something cannot be used.
pub(super) const WRONG: &str = "33";
/// As long the words beside a request may be.
const LONGEST_NOTE: usize = 4000;

/// The providers of a request, as the contract's registry has them.
#[derive(Debug)]
pub(super) struct Providers {
    pub(super) requesting: Provider,
    pub(super) servicing: Option<Provider>,
    pub(super) attending: Option<Provider>,
}

/// What keeps any request like this one from being taken, one that stands for itself or a change.
pub(super) fn not_taken(sent: &Sent<'_>, change: bool) -> Vec<Refusal> {
    let mut refusals = Vec::new();
    if !change && (sent.cancels_all() || !sent.cancelled().is_empty()) {
        let text = "To take something back, name the earlier Claim (related).";
        refusals.push(refusal(MISSING, sent.first.at("related"), text));
    }
    if sent.claim.item.is_empty() && !sent.cancels_all() {
        refusals.push(refusal(MISSING, sent.first.at("item"), "Say what is asked for: at least one item."));
    }
    for (code, place) in sent.coded(url::CERTIFICATION_TYPE, url::X12_CERTIFICATION) {
        let taken = matches!(code.as_str(), "I" | "R" | "3") || (change && code == "S");
        if !taken {
            let text = "Only what is asked for first (I), renewals (R), changes (S) and cancelling (3) are taken by this interface. Ask for the others in the portal.";
            refusals.push(refusal(WRONG, place, text));
        }
    }
    refusals
}

/// What a request asks for on a day of the contract.
pub(super) fn asked(
    sent: &Sent<'_>,
    contract: &Contract,
    who: Providers,
    today: Date,
) -> Result<Result<Asked, Vec<Refusal>>, Fault> {
    let mut refusals = Vec::new();
    let claim = &sent.claim;
    let event = sent.days("patientEvent").and_then(|days| period(None, Some(&days)));
    let lines: Vec<Line> = sent
        .kept()
        .into_iter()
        .filter_map(|place| line(sent, (place, claim.item.get(place)?), event, &mut refusals))
        .collect();
    let diagnoses = codes(sent, &mut refusals);
    let level = sent.coded(url::LEVEL_OF_SERVICE, url::X12_LEVEL_OF_SERVICE);
    let emergency = claim.priority.as_ref().and_then(CodeableConcept::any_code) == Some("stat")
        || level.iter().any(|(code, _)| code == "03");
    let expedited = emergency || level.iter().any(|(code, _)| code == "U");
    let admits = sent.coded(url::REQUEST_TYPE, url::X12_REQUEST_TYPE).iter().any(|(code, _)| code == "AR");
    let stay = stay(sent, admits, emergency, &mut refusals);
    let fax = sent.fax()?;
    if fax.is_none() {
        let text = "Give the fax number of whoever asks (telecom with the system fax): letters go there.";
        refusals.push(refusal(MISSING, sent.parties.provider.at("telecom"), text));
    }
    let first = sent.kept().first().map_or(0, |place| *place);
    let kind = |item: &Item| Some(item.category.as_ref()?.code(url::X12_SERVICE_TYPE)?.to_owned());
    let kinds: Vec<(usize, String)> = said(sent, kind);
    // Several of X12's kinds may be one here.
    let taken = |kind: &str| contract.fhir.service_type_of(Some(kind), &lines, &contract.codes);
    let service_type = match kinds.as_slice() {
        [] => contract.fhir.service_type_of(None, &lines, &contract.codes),
        [(_, kind), more @ ..] => {
            let one = taken(kind);
            if let Some((place, _)) = more.iter().find(|(_, other)| other != kind && taken(other) != one) {
                let text =
                    "All items of a request are of one kind of service. Ask for the others with a Claim of their own.";
                refusals.push(refusal(WRONG, sent.first.at(&format!("item[{place}].category")), text));
            }
            one
        }
    };
    if service_type.is_none() && refusals.is_empty() {
        let text =
            "Say which kind of service it is, one that this plan takes by FHIR, as a code of X12 1365 in the category.";
        refusals.push(refusal(MISSING, sent.first.at(&format!("item[{first}].category")), text));
    }
    let places = said(sent, |item| Some(item.location_codeable_concept.as_ref()?.any_code()?.to_owned()));
    let place = places.first().map(|(_, place)| place.clone());
    if let Some((other, _)) = places.iter().find(|(_, other)| Some(other) != place.as_ref()) {
        let text = "All items of a request are given at one place. Ask for the others with a Claim of their own.";
        refusals.push(refusal(WRONG, sent.first.at(&format!("item[{other}].locationCodeableConcept")), text));
    }
    if place.is_none() {
        let text = "Say where the service is given, as a code of places of service.";
        refusals.push(refusal(MISSING, sent.first.at(&format!("item[{first}].locationCodeableConcept")), text));
    }
    let (Some(fax), Some(service_type), Some(place), true) = (fax, service_type, place, refusals.is_empty()) else {
        return Ok(Err(refusals));
    };
    let renewal = sent.coded(url::CERTIFICATION_TYPE, url::X12_CERTIFICATION).iter().any(|(code, _)| code == "R");
    let review = if renewal { ReviewKind::Renewal } else { initial(&lines, contract, today) };
    let service = Service { service_type: service_type.to_owned(), place_of_service: place, stay };
    let Providers { requesting, servicing, attending } = who;
    Ok(Ok(Asked {
        setting: if service.stay.is_some() { Setting::Inpatient } else { Setting::Outpatient },
        requesting,
        servicing,
        attending,
        fax,
        service,
        diagnoses,
        review,
        urgency: if expedited { Urgency::Expedited } else { Urgency::Standard },
        lines,
    }))
}

/// The words beside a request.
pub(super) fn note(sent: &Sent<'_>) -> Result<Option<String>, Refusal> {
    let words: Vec<&str> =
        sent.supporting("freeFormMessage").filter_map(|(_, info)| info.value_string.as_deref()).collect();
    let place = sent.supporting("freeFormMessage").next().map_or(0, |(place, _)| place);
    let wrong = |text: &str| refusal(WRONG, sent.first.at(&format!("supportingInfo[{place}].valueString")), text);
    let text = clean(words.join("\n").trim()).map_err(|unprintable| wrong(&unprintable.to_string()))?;
    if text.chars().count() > LONGEST_NOTE {
        return Err(wrong(&format!("The words beside a request have at most {LONGEST_NOTE} characters.")));
    }
    Ok((!text.is_empty()).then_some(text))
}

/// X12's code of something that is wrong.
pub(super) fn code_of(error: &FieldError) -> &'static str {
    match error.objection.wrong.code() {
        "missing" | "document-missing" | "questionnaire-missing" | "unanswered" => MISSING,
        _ => WRONG,
    }
}

/// What the rules of a case find wrong, at its place in the Claim; `items` are the places of the items that the lines are.
pub(super) fn refusals(sent: &Sent<'_>, errors: &FieldErrors, items: &[usize]) -> Vec<Refusal> {
    let mut all: Vec<Refusal> = Vec::new();
    for error in errors.as_slice() {
        let code = code_of(error);
        let text = match error.pointer.as_str() {
            "/duplicateReason" => {
                "The same was asked for before, for days that overlap. Where it is needed again, ask in the portal and say why."
            }
            _ => error.objection.sentence.as_str(),
        };
        all.push(refusal(code, sent.first.at(&place(sent, &error.pointer, items)), text));
    }
    all
}

/// Where a field of the steps stands in the Claim.
fn place(sent: &Sent<'_>, pointer: &str, items: &[usize]) -> String {
    let pointer = pointer.strip_prefix("/procedures").unwrap_or(pointer);
    let mut parts = pointer.split('/').skip(1);
    let (first, second, third) = (parts.next().unwrap_or_default(), parts.next(), parts.next());
    match (first, second) {
        ("lines", Some(place)) => {
            let element = match third {
                Some("code") => ".productOrService",
                Some("modifiers") => ".modifier",
                Some("quantity" | "frequency") => ".quantity",
                Some("from" | "to" | "duration") => ".servicedPeriod",
                _ => "",
            };
            let item = place.parse().ok().and_then(|line: usize| items.get(line));
            item.map_or_else(|| "item".to_owned(), |item| format!("item[{item}]{element}"))
        }
        ("diagnoses", Some(place)) => {
            let place = place.parse().ok().and_then(|place: usize| in_order(sent).get(place).map(|(place, _)| *place));
            place.map_or_else(|| "diagnosis".to_owned(), |place| format!("diagnosis[{place}]"))
        }
        ("diagnoses", None) => "diagnosis".to_owned(),
        ("serviceType", _) => format!("item[{}].category", items.first().unwrap_or(&0)),
        ("placeOfService", _) => format!("item[{}].locationCodeableConcept", items.first().unwrap_or(&0)),
        ("servicing" | "attending", _) => "careTeam".to_owned(),
        ("stay" | "documents" | "questionnaire" | "questionnaires", _) => "supportingInfo".to_owned(),
        _ => "item".to_owned(),
    }
}

pub(super) fn refusal(code: &'static str, path: String, text: &str) -> Refusal {
    Refusal { code, path, text: text.to_owned() }
}

/// What the items say that are asked for, each with its place, of those that say something.
fn said(sent: &Sent<'_>, of: impl Fn(&Item) -> Option<String>) -> Vec<(usize, String)> {
    sent.kept().into_iter().filter_map(|place| Some((place, of(sent.claim.item.get(place)?)?))).collect()
}

fn period(date: Option<&str>, days: Option<&portico_fhir::types::Period>) -> Option<Period> {
    let from = date.or(days.and_then(|days| days.start.as_deref())).and_then(day)?;
    let to = match days.filter(|_| date.is_none()) {
        // Without an end nobody knows how long.
        Some(days) => days.end.as_deref().and_then(day)?,
        None => from,
    };
    Period::new(from, to).ok()
}

/// The code of an item, of a kind that is taken.
fn procedure(item: &Item) -> Option<ProcedureCode> {
    let code_in = |concept: Option<&CodeableConcept>| {
        let known = [url::HCPCS, url::CPT, url::NUBC_REVENUE];
        known.into_iter().find_map(|system| concept?.code(system)?.parse::<ProcedureCode>().ok())
    };
    code_in(item.product_or_service.as_ref()).or_else(|| code_in(item.revenue.as_ref()))
}

/// The codes of all items that are asked for.
pub(super) fn procedures(sent: &Sent<'_>) -> Vec<ProcedureCode> {
    sent.kept().into_iter().filter_map(|place| procedure(sent.claim.item.get(place)?)).collect()
}

fn line(
    sent: &Sent<'_>,
    (place, item): (usize, &Item),
    event: Option<Period>,
    refusals: &mut Vec<Refusal>,
) -> Option<Line> {
    let mut say = |code, element: &str, text: &str| {
        refusals.push(refusal(code, sent.first.at(&format!("item[{place}].{element}")), text));
    };
    if extension(&item.extension, url::CODE_END).is_some() {
        say(WRONG, "extension", "Ranges of codes are not taken. Name each code as an item of its own.");
    }
    let code = procedure(item);
    if code.is_none() {
        say(WRONG, "productOrService", "Give a code of HCPCS, CPT or, as revenue, of NUBC.");
    }
    let mut modifiers: Vec<Modifier> = Vec::new();
    for (number, concept) in item.modifier.iter().enumerate() {
        match concept.any_code().map(str::parse) {
            Some(Ok(modifier)) => modifiers.push(modifier),
            _ => say(WRONG, &format!("modifier[{number}]"), "A modifier has two letters or digits."),
        }
    }
    let said = item.serviced_date.is_some() || item.serviced_period.is_some();
    let own = period(item.serviced_date.as_deref(), item.serviced_period.as_ref());
    let period = own.or(event.filter(|_| !said));
    let duration = period.and_then(|period| Days::try_from(period.days()).ok());
    if duration.is_none() {
        let code = if said { WRONG } else { MISSING };
        say(code, "servicedPeriod", "Say from which day to which day the service is asked for.");
    }
    let quantity = units(item.quantity.as_ref());
    if quantity.is_none() {
        say(WRONG, "quantity", "The quantity is a whole number of units from 1 to 99,999.");
    }
    Some(Line { code: code?, modifiers, period: period?, duration: duration?, quantity: quantity?, frequency: None })
}

/// Whole units; one where none is said.
fn units(quantity: Option<&Quantity>) -> Option<Units> {
    let Some(value) = quantity.and_then(|quantity| quantity.value.as_ref()) else { return Units::try_from(1).ok() };
    let text = value.to_string();
    let (whole, rest) = text.split_once('.').unwrap_or((&text, ""));
    let whole: u32 = whole.parse().ok().filter(|_| rest.bytes().all(|digit| digit == b'0'))?;
    Units::try_from(whole).ok()
}

/// Diagnoses of ICD-10-CM with their places, the principal one first.
fn in_order<'a>(sent: &'a Sent<'_>) -> Vec<(usize, &'a str)> {
    let of = |(place, one): (usize, &'a Diagnosis)| {
        Some((place, one, one.diagnosis_codeable_concept.as_ref()?.code(url::ICD_10_CM)?))
    };
    let mut found: Vec<_> = sent.claim.diagnosis.iter().enumerate().filter_map(of).collect();
    let principal = |one: &Diagnosis| one.kind.iter().any(|kind| kind.any_code() == Some("principal"));
    found.sort_by_key(|(place, one, _)| (!principal(one), one.sequence.unwrap_or(u32::MAX), *place));
    found.into_iter().map(|(place, _, code)| (place, code)).collect()
}

fn codes(sent: &Sent<'_>, refusals: &mut Vec<Refusal>) -> Vec<DiagnosisCode> {
    let mut codes = Vec::new();
    let known = in_order(sent);
    for place in (0..sent.claim.diagnosis.len()).filter(|place| known.iter().all(|(other, _)| other != place)) {
        let text = "Give the code of ICD-10-CM: other codes and conditions are not read here.";
        refusals.push(refusal(WRONG, sent.first.at(&format!("diagnosis[{place}]")), text));
    }
    for (place, code) in in_order(sent) {
        match code.parse() {
            Ok(code) => codes.push(code),
            Err(_) => {
                let path = sent.first.at(&format!("diagnosis[{place}]"));
                refusals.push(refusal(WRONG, path, "This is no code of ICD-10-CM."));
            }
        }
    }
    codes
}

/// The stay, where an admission is asked for.
fn stay(sent: &Sent<'_>, admits: bool, emergency: bool, refusals: &mut Vec<Refusal>) -> Option<Stay> {
    let admitted = sent.days("admissionDates").and_then(|days| days.start.as_deref().and_then(day));
    if admits && admitted.is_none() {
        let text = "Say when the stay begins: supportingInfo of the kind admissionDates.";
        refusals.push(refusal(MISSING, sent.first.at("supportingInfo"), text));
    }
    let discharged = sent.days("dischargeDates").and_then(|days| days.start.as_deref().and_then(day));
    let admission = if emergency { Admission::Emergent } else { Admission::Elective };
    admitted.map(|admitted| Stay { admission, admitted, discharged })
}

/// What is asked for first: for the past, where all of it has been.
fn initial(lines: &[Line], contract: &Contract, today: Date) -> ReviewKind {
    let past = Span::new().days(i64::from(contract.windows.past_days.min(1200)));
    let since = today.checked_sub(past).unwrap_or(Date::MIN);
    let over = lines.iter().all(|line| line.period.to() <= today);
    let long_ago = lines.iter().any(|line| line.period.from() < since);
    if over && long_ago { ReviewKind::Retrospective } else { ReviewKind::Initial }
}
