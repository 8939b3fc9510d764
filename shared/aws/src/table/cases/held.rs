//! Letters that lack required elements and wait for repair (LTR-04): beside their cases, and by contract, the one held longest first.

use aws_sdk_dynamodb::types::AttributeValue;
use jiff::Timestamp;
use portico_domain::{
    id::{CaseId, CaseKey, ContractId, EventId, LetterId, RequestNumber},
    letters,
    status::Audience,
};
use serde::{Deserialize, Serialize};

use crate::table::{Attributes, Error, Guard, Key, Table, Transaction, item, key};

/// A letter that waits for repair.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct HeldLetter {
    /// The id it will have.
    pub id: LetterId,
    /// The request it is about.
    pub request: RequestNumber,
    /// Who would read it.
    pub audience: Audience,
    /// Since when.
    pub at: Timestamp,
    /// The missing elements by name, as the last try found them.
    pub missing: Vec<String>,
    /// What it is written from; not known of one that was held before it was kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<WrittenFrom>,
    /// When somebody last asked for it to be written again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub asked: Option<Timestamp>,
    /// When that was last tried.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tried: Option<Tried>,
    /// The letter in whose place it is written, which the mail carrier refused.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refused: Option<RefusedLetter>,
}

/// A letter that was issued, and that the mail carrier refused.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RefusedLetter {
    /// Which.
    pub letter: LetterId,
    /// With which status.
    pub status: u16,
}

/// What a letter is written from.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct WrittenFrom {
    /// Where it stands in the list of the contract.
    pub contract: ContractId,
    /// The case.
    pub case: CaseKey,
    /// The number it is tracked by.
    pub case_id: CaseId,
    /// What it tells of the request.
    pub about: letters::About,
    /// Which of the request's.
    pub number: u32,
}

/// A try to write a held letter.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Tried {
    /// When.
    pub at: Timestamp,
    /// What asked for it: the same asks once.
    pub event: EventId,
}

impl HeldLetter {
    /// Whether somebody asked for it to be written again, and that was not tried yet.
    #[must_use]
    pub fn is_being_written(&self) -> bool {
        self.asked.is_some_and(|asked| self.tried.as_ref().is_none_or(|tried| tried.at < asked))
    }

    fn stored(&self, case: CaseKey) -> Result<Attributes, Error> {
        let mut stored = item(&Key::held(case, self.id), "held", self)?;
        if let Some(from) = &self.from {
            stored.insert("work".to_owned(), AttributeValue::S(key::repair_partition(&from.contract)));
            stored.insert("workDue".to_owned(), AttributeValue::S(key::repair_place(self.at, self.id)));
        }
        Ok(stored)
    }
}

impl Transaction {
    /// Keeps a letter for repair; refused with [`Guard::New`] when it is kept already.
    ///
    /// # Errors
    /// When it cannot be written as an item.
    pub fn held_letter(&mut self, table: &Table, case: CaseKey, letter: &HeldLetter) -> Result<(), Error> {
        self.put_new(table, letter.stored(case)?, Guard::New);
        Ok(())
    }

    /// Changes a letter that is kept for repair; refused with `guard` when it is not as it was read, or is issued.
    ///
    /// # Errors
    /// When it cannot be written as an item.
    pub fn held_letter_changed(
        &mut self,
        table: &Table,
        case: CaseKey,
        (before, now): (&HeldLetter, &HeldLetter),
        guard: Guard,
    ) -> Result<(), Error> {
        let read = item(&Key::held(case, before.id), "held", before)?.remove("body");
        self.put_over(table, now.stored(case)?, read, guard);
        Ok(())
    }

    /// Takes a letter off the repair list: it is issued in the same transaction.
    pub fn repaired_letter(&mut self, table: &Table, case: CaseKey, letter: LetterId) {
        self.delete(table, &Key::held(case, letter));
    }
}

impl Table {
    /// A letter of a case that is held.
    ///
    /// # Errors
    /// When the table fails or the item cannot be read.
    pub async fn held_letter(&self, case: CaseKey, id: LetterId) -> Result<Option<HeldLetter>, Error> {
        self.get(&Key::held(case, id), "held").await
    }

    /// A page of the letters of a contract that are held, the one held longest first, each with its place, after a place.
    ///
    /// # Errors
    /// When the table fails or an item cannot be read.
    pub async fn held_letters(
        &self,
        contract: &ContractId,
        after: Option<&str>,
        limit: u8,
    ) -> Result<Vec<(String, HeldLetter)>, Error> {
        self.in_line(key::repair_partition(contract), after, limit, "held").await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(minute: u8) -> Timestamp {
        format!("2026-05-07T15:{minute:02}:00Z").parse().unwrap()
    }

    fn held() -> HeldLetter {
        serde_json::from_value(serde_json::json!({
            "id": "ltr_00000000000000000000000000000007", "request": "R01", "audience": "member", "at": at(0), "missing": ["addressee"],
        }))
        .unwrap()
    }

    #[test]
    fn a_letter_is_being_written_from_when_it_is_asked_for_until_it_is_tried() {
        let event: EventId = "evt_0197a3c2f0c07d0aa1b2c3d4e5f60718".parse().unwrap();
        let asked = HeldLetter { asked: Some(at(1)), ..held() };
        let tried = HeldLetter { tried: Some(Tried { at: at(2), event }), ..asked.clone() };
        let again = HeldLetter { asked: Some(at(3)), ..tried.clone() };
        let written: Vec<bool> = [held(), asked, tried, again].iter().map(HeldLetter::is_being_written).collect();
        assert_eq!(written, [false, true, false, true]);
    }

    #[test]
    fn one_that_was_held_before_is_beside_its_case_alone() {
        let case: CaseKey = "cas_00000000000000000000000000000006".parse().unwrap();
        assert!(!held().stored(case).unwrap().contains_key("work"));
        let (contract, case_id) = ("arkansas".parse().unwrap(), "261270001".parse().unwrap());
        let from = WrittenFrom { contract, case, case_id, about: letters::About::Determination, number: 1 };
        let stored = HeldLetter { from: Some(from), ..held() }.stored(case).unwrap();
        assert_eq!(stored.get("work"), Some(&AttributeValue::S("REPAIR#arkansas".to_owned())));
        let place = "2026-05-07T15:00:00Z#ltr_00000000000000000000000000000007";
        assert_eq!(stored.get("workDue"), Some(&AttributeValue::S(place.to_owned())));
    }
}
