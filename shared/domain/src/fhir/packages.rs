//! Questionnaires as systems get them (Da Vinci DTR): those that the contract's rules pick for an order or for a request that
//! was made, and what is known already of the answers.

use jiff::{Timestamp, civil::Date};

use crate::{
    cases::{Case, answers::AnsweredItem, questionnaires::Answers},
    code::ProcedureCode,
    contracts::{
        Contract,
        questionnaire::{Answer, Questionnaire},
        questionnaire_rules::Facts,
    },
    person::Member,
    service::{ReviewKind, Setting},
};

/// What an order says of what will be asked for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Order {
    /// The procedure code.
    pub code: ProcedureCode,
    /// X12's kind of service, where it is given.
    pub kind: Option<String>,
    /// The first day.
    pub on: Option<Date>,
}

/// A questionnaire that is given, and the orders that it was picked for, by their place.
#[derive(Clone, PartialEq, Debug)]
pub struct Picked<'a> {
    /// As the contract asks it now.
    pub questionnaire: &'a Questionnaire,
    /// The orders.
    pub orders: Vec<usize>,
}

impl Contract {
    /// The questionnaires that the rules pick for these orders, each once, as they would be picked for a first request.
    #[must_use]
    pub fn questionnaires_for_orders(&self, orders: &[Order], member: &Member, today: Date) -> Vec<Picked<'_>> {
        let mut all: Vec<Picked<'_>> = Vec::new();
        for (place, order) in orders.iter().enumerate() {
            let facts = Facts {
                service_type: self.service_type_of_order(order).map(ToOwned::to_owned),
                setting: Setting::Outpatient,
                review: ReviewKind::Initial,
                codes: vec![order.code.clone()],
                age: member.age_on(order.on.unwrap_or(today)),
            };
            for questionnaire in self.questionnaires_for(&facts) {
                match all.iter_mut().find(|picked| picked.questionnaire.id == questionnaire.id) {
                    Some(picked) => picked.orders.push(place),
                    None => all.push(Picked { questionnaire, orders: vec![place] }),
                }
            }
        }
        all
    }

    /// The service type of an order: that of X12's code, else the one under which alone the code is given, whatever its
    /// modifiers will be.
    fn service_type_of_order(&self, order: &Order) -> Option<&str> {
        if order.kind.is_some() {
            return self.fhir.service_type_of(order.kind.as_deref(), &[], &self.codes);
        }
        let mut types: Vec<&String> = self
            .codes
            .iter()
            .filter(|rule| rule.code.one() == Some(&order.code))
            .flat_map(|rule| &rule.service_types)
            .collect();
        types.sort_unstable();
        types.dedup();
        if let [only] = types.as_slice() { Some(only) } else { None }
    }

    /// The questionnaire of a canonical address, with or without its version behind a stroke.
    #[must_use]
    pub fn questionnaire_at(&self, canonical: &str) -> Option<&Questionnaire> {
        let (url, version) = match canonical.split_once('|') {
            Some((url, version)) => (url, Some(version)),
            None => (canonical, None),
        };
        let is_it = |known: &&Questionnaire| known.url == url && version.is_none_or(|version| version == known.version);
        self.questionnaires.iter().find(is_it)
    }

    /// Whether a questionnaire may have changed after an instant: on a later day of its own or of the pack, or on that day.
    #[must_use]
    pub fn changed_since(&self, questionnaire: &Questionnaire, since: Timestamp) -> bool {
        let changed = questionnaire.date.unwrap_or(Date::MAX).max(self.effective_from);
        changed >= self.calendar.time_zone.date_at(since)
    }
}

/// What is known of the answers to a questionnaire: what was answered last in one of these cases, to the same version. A
/// document of another case is no answer.
#[must_use]
pub fn known<'a>(
    questionnaire: &Questionnaire,
    cases: impl IntoIterator<Item = (&'a Case, &'a [Answers])>,
) -> Vec<AnsweredItem> {
    let handed_in = cases.into_iter().filter(|(case, _)| case.submission.is_some());
    let all = handed_in.flat_map(|(_, answers)| answers);
    let same = all.filter(|answers| answers.url == questionnaire.url && answers.version == questionnaire.version);
    let last = same.filter(|answers| answers.complete_for.is_some()).max_by_key(|answers| answers.at);
    last.map(|answers| without_documents(&answers.item)).unwrap_or_default()
}

fn without_documents(items: &[AnsweredItem]) -> Vec<AnsweredItem> {
    let of = |item: &AnsweredItem| {
        let answer: Vec<Answer> =
            item.answer.iter().filter(|answer| !matches!(answer, Answer::Attachment(_))).cloned().collect();
        AnsweredItem { answer, item: without_documents(&item.item), ..item.clone() }
    };
    items.iter().map(of).filter(|item| !item.answer.is_empty() || !item.item.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        contracts::{
            questionnaire::{Attachment, PublicationStatus, ResourceType},
            questionnaire_rules::{QuestionnaireRule, When},
            samples::arkansas,
        },
        person::samples::child,
        tests::{at, submitted},
    };

    fn questionnaire(id: &str, version: &str) -> Questionnaire {
        Questionnaire {
            resource_type: ResourceType::Questionnaire,
            id: id.into(),
            url: format!("https://portico.example/arkansas/Questionnaire/{id}"),
            version: version.into(),
            name: None,
            title: id.into(),
            status: PublicationStatus::Active,
            subject_type: vec!["Patient".into()],
            date: Some(jiff::civil::date(2026, 1, 1)),
            publisher: None,
            description: None,
            item: Vec::new(),
        }
    }

    fn contract() -> Contract {
        let rule = |questionnaire: &str, when| QuestionnaireRule { questionnaire: questionnaire.into(), when };
        let day = When { service_types: vec!["day-habilitative".into()], age_under: Some(5), ..When::default() };
        let code = When { codes: vec!["T1015".parse().unwrap(), "A0426".parse().unwrap()], ..When::default() };
        Contract {
            questionnaires: vec![questionnaire("day", "1"), questionnaire("code", "1")],
            questionnaire_rules: vec![rule("day", day), rule("code", code)],
            ..arkansas()
        }
    }

    fn order(code: &str, on: Option<Date>) -> Order {
        Order { code: code.parse().unwrap(), kind: None, on }
    }

    fn ids(picked: &[Picked<'_>]) -> Vec<(String, Vec<usize>)> {
        picked.iter().map(|one| (one.questionnaire.id.clone(), one.orders.clone())).collect()
    }

    #[test]
    fn orders_are_asked_what_a_request_of_them_would_be_asked_each_once() {
        let (contract, member) = (contract(), child());
        let today = jiff::civil::date(2026, 5, 11);
        let both = contract.questionnaires_for_orders(&[order("A0426", None), order("T1015", None)], &member, today);
        assert_eq!(ids(&both), [("code".to_owned(), vec![0, 1]), ("day".to_owned(), vec![1])]);
        // The age is that of the day that is ordered.
        let later = [order("T1015", Some(jiff::civil::date(2036, 5, 11)))];
        assert_eq!(ids(&contract.questionnaires_for_orders(&later, &member, today)), [("code".to_owned(), vec![0])]);
        let other = [Order { kind: Some("99".into()), ..order("T1019", None) }];
        assert!(contract.questionnaires_for_orders(&other, &member, today).is_empty());
    }

    #[test]
    fn an_address_without_a_version_is_that_of_the_one_that_is_asked_now() {
        let contract = contract();
        let url = "https://portico.example/arkansas/Questionnaire/day";
        assert_eq!(contract.questionnaire_at(url).unwrap().id, "day");
        assert_eq!(contract.questionnaire_at(&format!("{url}|1")).unwrap().id, "day");
        for unknown in [format!("{url}|2"), format!("{url}|"), format!("{url}s"), String::new()] {
            assert!(contract.questionnaire_at(&unknown).is_none(), "{unknown}");
        }
        let day = &contract.questionnaires[0];
        assert!(contract.changed_since(day, "2025-12-31T12:00:00Z".parse().unwrap()));
        assert!(!contract.changed_since(day, "2099-01-01T12:00:00Z".parse().unwrap()));
    }

    #[test]
    fn known_is_what_was_answered_last_to_the_same_version_without_documents_of_other_cases() {
        let case = submitted();
        let asked = questionnaire("day", "1");
        let words = |text: &str| AnsweredItem {
            link_id: "why".into(),
            text: "Why?".into(),
            answer: vec![Answer::String(text.into())],
            item: Vec::new(),
        };
        let file = Attachment { url: "doc_1".into(), title: None };
        let document = AnsweredItem { link_id: "file".into(), answer: vec![Answer::Attachment(file)], ..words("") };
        let answers = |text: &str, version: &str, minutes: i64| Answers {
            questionnaire: "day".into(),
            url: asked.url.clone(),
            version: version.into(),
            title: "day".into(),
            item: vec![words(text), document.clone()],
            at: at().checked_add(jiff::Span::new().minutes(minutes)).unwrap(),
            by: "ann".parse().unwrap(),
            complete_for: Some(case.facts(jiff::civil::date(2026, 5, 11))),
        };
        let (first, last) = (vec![answers("first", "1", 0)], vec![answers("last", "1", 9)]);
        let (old, part) =
            (vec![answers("old", "0", 20)], vec![Answers { complete_for: None, ..answers("part", "1", 30) }]);
        let of = |all: &[&Vec<Answers>]| known(&asked, all.iter().map(|one| (&case, one.as_slice())));
        assert_eq!(of(&[&last, &first, &old, &part]), [words("last")]);
        assert!(of(&[&old, &part]).is_empty() && of(&[]).is_empty());
    }
}
