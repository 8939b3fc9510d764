//! What a system gets that asks for questionnaires: which ones, and a draft of the answers to each.

use axum::http::StatusCode;
use jiff::{Timestamp, civil::Date};
use portico_aws::{clock::new_uuid, table::cases::CaseFile};
use portico_domain::{
    cases::answers::AnsweredItem,
    contracts::{
        Contract,
        questionnaire::{Item, ItemType, Questionnaire},
    },
    fhir::{
        attached::Named,
        packages::{Order, known},
    },
    person::Member,
};
use portico_fhir::{
    Fault,
    answer::{Draft, DraftItem, OperationOutcome, PackageBundle, Packages},
    types::Reference,
};
use serde_json::{Value, json};

use super::{orders::Wanted, outcome::Refused};
use crate::problem::Problem;

/// What is given.
pub(super) struct Given<'a> {
    contract: &'a Contract,
    /// The request that they are for.
    context: Option<&'a CaseFile>,
    /// Each questionnaire, with the orders that it is for.
    picked: Vec<(&'a Questionnaire, Vec<Reference>)>,
    /// What could not be given.
    warnings: Vec<String>,
}

/// What is given to a system that sees these cases of the member.
pub(super) fn given<'a>(
    wanted: &Wanted,
    (contract, member): (&'a Contract, &Member),
    seen: &[&'a CaseFile],
    now: Timestamp,
) -> Result<Given<'a>, Refused> {
    let today = contract.calendar.time_zone.date_at(now);
    let mut given = Given { contract, context: None, picked: Vec::new(), warnings: Vec::new() };
    for (path, canonical) in &wanted.canonicals {
        match contract.questionnaire_at(canonical) {
            Some(questionnaire) => given.add(questionnaire, Vec::new()),
            None => given.warnings.push(format!("{path}: this plan has no questionnaire of this address and version.")),
        }
    }
    if let Some((path, text)) = &wanted.context {
        let file = seen.iter().find(|file| is_meant(text, file)).ok_or_else(|| {
            let text = "There is no such request of this member that this system may see.";
            Refused::new(StatusCode::NOT_FOUND, "not-found", text)
        })?;
        let asked = contract.questionnaires_for(&file.case.facts(today));
        if asked.is_empty() && wanted.orders.is_empty() && wanted.canonicals.is_empty() {
            let text = "The rules of this plan ask no questionnaire of this request: there is nothing to fill in. Where it stands tells Claim/$inquire.";
            return Err(Refused::unprocessable("business-rule", Fault::at(path.clone(), text)));
        }
        given.context = Some(*file);
        for questionnaire in asked {
            given.add(questionnaire, Vec::new());
        }
    }
    given.add_orders(wanted, (contract, member), today);
    Ok(given)
}

/// Whether a text names this case: by its number, with or without a request behind it, or by what was asked of its provider.
fn is_meant(text: &str, file: &CaseFile) -> bool {
    let Some(named) = Named::by(text, Some(text)) else { return false };
    let of = file.case.submission.as_ref().map(|submission| &submission.case_id);
    of == Some(named.case()) && named.request(&file.case).is_some()
}

impl<'a> Given<'a> {
    fn add(&mut self, questionnaire: &'a Questionnaire, orders: Vec<Reference>) {
        match self.picked.iter_mut().find(|(known, _)| known.id == questionnaire.id) {
            Some((_, of)) => of.extend(orders),
            None => self.picked.push((questionnaire, orders)),
        }
    }

    fn add_orders(&mut self, wanted: &Wanted, (contract, member): (&'a Contract, &Member), today: Date) {
        let coded: Vec<_> = wanted.orders.iter().filter_map(|one| Some((one, one.order.clone()?))).collect();
        let orders: Vec<Order> = coded.iter().map(|(_, order)| order.clone()).collect();
        let picked = contract.questionnaires_for_orders(&orders, member, today);
        for one in &picked {
            let of = one.orders.iter().filter_map(|place| coded.get(*place)?.0.reference.clone());
            self.add(one.questionnaire, of.collect());
        }
        let asked: Vec<&str> = picked
            .iter()
            .flat_map(|one| &one.orders)
            .filter_map(|place| coded.get(*place).map(|(one, _)| one.path.as_str()))
            .collect();
        for one in wanted.orders.iter().filter(|one| !asked.contains(&one.path.as_str())) {
            self.warnings.push(format!("{}: the rules of this plan ask no questionnaire of this order.", one.path));
        }
    }

    /// Whether something of a case is told: it is the one that was named, or holds answers to what is given.
    pub(super) fn used(&self, file: &CaseFile) -> bool {
        let named = self.context.is_some_and(|context| context.case.key == file.case.key);
        let asked = |url: &str| self.picked.iter().any(|(questionnaire, _)| questionnaire.url == url);
        named || file.answers.iter().any(|answers| asked(&answers.url))
    }

    /// What has changed since it was given before, with what is known of the answers.
    pub(super) fn packages(&self, wanted: &Wanted, seen: &[&CaseFile], now: Timestamp) -> Result<Packages, Refused> {
        let changed = |questionnaire: &Questionnaire| {
            wanted.since.is_none_or(|since| self.contract.changed_since(questionnaire, since))
        };
        let mut bundles = Vec::new();
        for (questionnaire, orders) in self.picked.iter().filter(|(questionnaire, _)| changed(questionnaire)) {
            let answered = known(questionnaire, seen.iter().map(|file| (&file.case, file.answers.as_slice())));
            let context = wanted.coverage.iter().chain(orders).cloned().collect();
            let canonical = format!("{}|{}", questionnaire.url, questionnaire.version);
            let about = (wanted.subject.clone(), context);
            let draft = Draft::new(canonical, about, now.to_string(), items(&questionnaire.item, &answered));
            let fresh = || format!("urn:uuid:{}", new_uuid());
            let whole = whole(questionnaire, self.contract)?;
            bundles.push(PackageBundle::new(now.to_string(), (fresh(), whole), (fresh(), draft)));
        }
        let told = (!self.warnings.is_empty()).then(|| OperationOutcome::warnings(self.warnings.clone()));
        Ok(Packages::of(bundles, told))
    }
}

/// A questionnaire as it stands in the pack, with the day since which it is asked.
fn whole(questionnaire: &Questionnaire, contract: &Contract) -> Result<Value, Refused> {
    let mut whole = serde_json::to_value(questionnaire).map_err(|error| Problem::internal(&error))?;
    if let Some(whole) = whole.as_object_mut() {
        whole.insert("effectivePeriod".to_owned(), json!({ "start": contract.effective_from }));
    }
    Ok(whole)
}

/// The items of a draft in the order of the questionnaire: every question, and what is known of its answer.
fn items(asks: &[Item], known: &[AnsweredItem]) -> Vec<DraftItem> {
    let mut all = Vec::new();
    for item in asks.iter().filter(|item| item.kind != ItemType::Display) {
        let of = |answered: Option<&AnsweredItem>| {
            let (answers, inside) = answered.map_or((&[][..], &[][..]), |one| (&one.answer, &one.item));
            let values = answers.iter().filter_map(|answer| match serde_json::to_value(answer) {
                Ok(Value::Object(value)) => Some(value),
                _ => None,
            });
            DraftItem::new(item.link_id.clone(), item.text.clone(), values.collect(), items(&item.item, inside))
        };
        let mut here = known.iter().filter(|answered| answered.link_id == item.link_id).peekable();
        if here.peek().is_none() {
            all.push(of(None));
        } else {
            all.extend(here.map(|answered| of(Some(answered))));
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use axum::response::IntoResponse;
    use portico_domain::{
        cases::{Case, questionnaires::Answers},
        contracts::questionnaire_rules::{QuestionnaireRule, When},
    };
    use portico_fhir::parameters::Parameters;

    use super::*;
    use crate::samples;

    const URL: &str = "https://portico.example/arkansas/Questionnaire/day";

    fn contract() -> Contract {
        let questionnaire = json!({
            "resourceType": "Questionnaire", "id": "day", "url": URL, "version": "1", "title": "Day", "status": "active",
            "date": "2026-01-01",
            "item": [
                { "linkId": "read", "text": "Please read.", "type": "display" },
                { "linkId": "home", "text": "At home", "type": "group", "item": [
                    { "linkId": "alone", "text": "Alone?", "type": "boolean" },
                ] },
                { "linkId": "why", "text": "Why?", "type": "text" },
            ],
        });
        let when = When { codes: vec!["T1015".parse().unwrap()], ..When::default() };
        Contract {
            questionnaires: vec![serde_json::from_value(questionnaire).unwrap()],
            questionnaire_rules: vec![QuestionnaireRule { questionnaire: "day".into(), when }],
            ..samples::contract()
        }
    }

    fn answered(case: &Case) -> Answers {
        let item = json!([
            { "linkId": "home", "text": "At home", "item": [
                { "linkId": "alone", "text": "Alone?", "answer": [{ "valueBoolean": true }] },
            ] },
        ]);
        Answers {
            questionnaire: "day".into(),
            url: URL.into(),
            version: "1".into(),
            title: "Day".into(),
            item: serde_json::from_value(item).unwrap(),
            at: samples::MORNING.parse().unwrap(),
            by: "ann".parse().unwrap(),
            complete_for: Some(case.facts(jiff::civil::date(2026, 5, 11))),
        }
    }

    fn ask(file: &CaseFile, more: &Value) -> Result<Value, StatusCode> {
        let coverage = json!({ "name": "coverage", "resource": {
            "resourceType": "Coverage", "id": "c", "subscriberId": "0123456789", "beneficiary": { "reference": "Patient/p" },
        } });
        let mut parameter = vec![coverage];
        parameter.extend(more.as_array().unwrap().iter().cloned());
        let text = json!({ "resourceType": "Parameters", "parameter": parameter }).to_string();
        let wanted = Wanted::of(&Parameters::read(&text).unwrap()).unwrap();
        let (contract, now) = (contract(), samples::MORNING.parse().unwrap());
        let seen = [file];
        let given = given(&wanted, (&contract, &file.case.member), &seen, now);
        let given = given.map_err(|refused| refused.into_response().status())?;
        let told = given.packages(&wanted, &seen, now).map_err(|refused| refused.into_response().status())?;
        Ok(serde_json::to_value(told).unwrap())
    }

    fn order(code: &str) -> Value {
        let code = json!({ "coding": [{ "system": portico_fhir::url::HCPCS, "code": code }] });
        json!({ "name": "order", "resource": { "resourceType": "ServiceRequest", "id": "s", "code": code } })
    }

    #[test]
    fn what_the_rules_pick_is_given_with_what_was_answered_before() {
        let case = samples::submitted();
        let file = CaseFile { answers: vec![answered(&case)], ..CaseFile::of(case) };
        let told = ask(&file, &json!([order("T1015")])).unwrap();
        assert_eq!(told["parameter"].as_array().unwrap().len(), 1);
        let entries = told["parameter"][0]["resource"]["entry"].as_array().unwrap();
        let (whole, draft) = (&entries[0]["resource"], &entries[1]["resource"]);
        assert_eq!((&whole["url"], &whole["item"][1]["linkId"]), (&json!(URL), &json!("home")));
        assert!(whole["effectivePeriod"]["start"].is_string());
        assert_eq!(draft["questionnaire"], format!("{URL}|1"));
        assert_eq!(draft["subject"]["reference"], "Patient/p");
        let context: Vec<_> = draft["extension"]
            .as_array()
            .unwrap()
            .iter()
            .filter_map(|one| one["valueReference"]["reference"].as_str())
            .collect();
        assert_eq!(context, ["Coverage/c", "ServiceRequest/s"]);
        let alone = &draft["item"][0]["item"][0]["answer"][0];
        assert_eq!(
            (&alone["valueBoolean"], &alone["extension"][0]["extension"][0]["valueCode"]),
            (&json!(true), &json!("auto-server"))
        );
        assert_eq!(draft["item"][1], json!({ "linkId": "why", "text": "Why?" }));
        assert_eq!(draft["item"].as_array().unwrap().len(), 2);
    }

    #[test]
    fn what_cannot_be_given_is_said_and_what_has_not_changed_is_left_out() {
        let file = CaseFile::of(samples::submitted());
        let unknown = json!({ "name": "questionnaire", "valueCanonical": format!("{URL}|2") });
        let told =
            ask(&file, &json!([order("T1019"), unknown, { "name": "questionnaire", "valueCanonical": URL }])).unwrap();
        let names: Vec<_> = told["parameter"].as_array().unwrap().iter().map(|one| &one["name"]).collect();
        assert_eq!(names, ["packagebundle", "outcome"]);
        let texts = told["parameter"][1]["resource"]["issue"].as_array().unwrap().iter();
        let texts: Vec<_> = texts.filter_map(|issue| issue["details"]["text"].as_str()).collect();
        assert!(
            texts[0].starts_with("Parameters.parameter[2]") && texts[1].starts_with("Parameters.parameter[1]"),
            "{texts:?}"
        );
        let since = json!({ "name": "changedsince", "valueInstant": "2099-01-01T00:00:00Z" });
        assert_eq!(ask(&file, &json!([order("T1015"), since])).unwrap(), json!({ "resourceType": "Parameters" }));
    }

    #[test]
    fn a_request_names_what_is_asked_of_it_and_one_that_is_asked_nothing_says_so() {
        let file = CaseFile::of(samples::submitted());
        let context = |text: &str| json!([{ "name": "context", "valueString": text }]);
        assert_eq!(ask(&file, &context("261270001")).unwrap()["parameter"].as_array().unwrap().len(), 1);
        assert_eq!(ask(&file, &context("261270001-R01")).unwrap()["parameter"].as_array().unwrap().len(), 1);
        for hidden in ["261270002", "261270001-R02", "none"] {
            assert_eq!(ask(&file, &context(hidden)), Err(StatusCode::NOT_FOUND), "{hidden}");
        }
        let mut other = samples::submitted();
        other.requests[0].lines[0].code = "T1019".parse().unwrap();
        assert_eq!(ask(&CaseFile::of(other), &context("261270001")), Err(StatusCode::UNPROCESSABLE_ENTITY));
    }
}
