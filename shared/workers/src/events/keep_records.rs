//! Copies audit and events, as they are written, to a bucket that nobody can change or empty before its time (OPS-05,
//! OPS-11), and tells when one of them is changed or removed in the table.
//!
//! A batch of the stream is an object: a line of JSON for each item, as the stream shows it. The object's name is made of
//! the batch's places in the stream and of what is in it, so that a batch that comes twice is written twice under the same
//! name. A batch that cannot be written comes again; the stream keeps it for a day.
//!
//! Only then is what is on record of a case linked to the chain of the case ([`Table::link`]): all that a batch has of it is one link, and
//! what comes again is linked once. The links are read from the stream as well, so that they are copied and watched like the rest.
//!
//! And the cases that the events are about are told anew to the reports ([`Table::tell_facts`]): told twice is told once. What
//! is on record waits for no report. Where the table has too much to do for long the batch comes again, in halves: a line may then
//! stand in a second object, under the same place in the stream.
//!
//! [`Table::link`]: portico_aws::table::Table::link
//! [`Table::tell_facts`]: portico_aws::table::Table::tell_facts

use std::collections::{BTreeMap, BTreeSet};

use futures::stream::{self, StreamExt, TryStreamExt};
use jiff::{SignedDuration, Timestamp};
use portico_aws::{
    Aws, metrics,
    outbox::{Stored, read_event},
    pause::Pause,
    secrets::sha256,
    table::{
        Error,
        chain::{Linked, Over, fingerprint},
    },
};
use portico_domain::{events::About, id::CaseKey, reports::fact::is_about_reports};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::{batch::Answer, failure::Failure};

/// Cases that are linked, or told to the reports, at once.
const AT_ONCE: usize = 16;

/// What the stream gives the function.
#[derive(Clone, Debug, Deserialize)]
pub struct Changes {
    /// In the order of the writes.
    #[serde(rename = "Records")]
    pub records: Vec<Change>,
}

/// A change of the table.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Change {
    /// `INSERT`, `MODIFY` or `REMOVE`.
    pub event_name: String,
    /// The change.
    pub dynamodb: Written,
    /// Who made it, where that was DynamoDB itself.
    #[serde(default)]
    pub user_identity: Option<Identity>,
}

/// Who made a change.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Identity {
    /// A name; DynamoDB's own, when the time of an item was over.
    pub principal_id: String,
}

impl Change {
    /// Whether it is no more than that an item's time was over: refusals stay in the table for a while, on record for good.
    fn is_end(&self) -> bool {
        let by_itself = |identity: &Identity| identity.principal_id == "dynamodb.amazonaws.com";
        self.event_name == "REMOVE" && self.user_identity.as_ref().is_some_and(by_itself)
    }
}

/// An item that was written or removed.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Written {
    /// Its place in the stream.
    pub sequence_number: String,
    /// When, in seconds since 1970.
    #[serde(default)]
    pub approximate_creation_date_time: f64,
    /// Its key: ids only.
    pub keys: Value,
    /// The item, as the stream writes attributes.
    #[serde(default)]
    pub new_image: Value,
}

/// Keeps what was written, and tells what was changed or removed.
///
/// # Errors
/// When the object cannot be written.
pub async fn handle(aws: &Aws, changes: Changes) -> Result<Answer, Failure> {
    let ours = changes.records.iter().filter(|change| change.event_name != "INSERT" && !change.is_end());
    let altered: Vec<&Change> = ours.collect();
    for change in &altered {
        // Nobody has the right to do so: whoever reads this looks for how it was done.
        tracing::error!(key = %change.dynamodb.keys, how = change.event_name, "a record was changed or removed");
    }
    if let Some((name, text)) = object(&changes) {
        let bucket = aws.config().records_bucket.as_deref().ok_or(Failure::Missing("bucket for records"))?;
        aws.files().write(bucket, &name, "application/x-ndjson", text.into_bytes()).await?;
        tracing::info!(object = name.len(), "kept");
    }
    if !altered.is_empty() {
        metrics::emit(aws, &[("RecordsAltered", "Count", i64::try_from(altered.len()).unwrap_or(i64::MAX))]);
    }
    // What keeps one of them waiting keeps the other from nothing.
    let (linked, told) = (link(aws, chains(&changes)).await, tell(aws, &cases(&changes)).await);
    linked?;
    told?;
    Ok(Answer::default())
}

impl Written {
    fn at(&self) -> Option<Timestamp> {
        let since = SignedDuration::try_from_secs_f64(self.approximate_creation_date_time).ok()?;
        Timestamp::UNIX_EPOCH.checked_add(since).ok()
    }

    /// It as a record in the chain of its case, if it is one.
    fn linked(&self) -> Option<((CaseKey, Over), Linked)> {
        let text = |name: &str| self.new_image.get(name)?.get("S")?.as_str();
        let until = self.new_image.pointer("/expires/N").and_then(|until| until.as_str()?.parse().ok());
        let id = text("sk")?.parse().ok()?;
        Some((Over::of(text("pk")?)?, Linked { id, hash: fingerprint(&self.new_image), written: self.at()?, until }))
    }
}

/// What a batch has on record of each case, in the order of the writes.
fn chains(changes: &Changes) -> BTreeMap<(CaseKey, Over), Vec<Linked>> {
    let mut chains: BTreeMap<_, Vec<Linked>> = BTreeMap::new();
    let written = changes.records.iter().filter(|change| change.event_name == "INSERT");
    for (chain, record) in written.filter_map(|change| change.dynamodb.linked()) {
        chains.entry(chain).or_default().push(record);
    }
    chains
}

/// Links what came. While the table does not take it the batch comes again, as it does for everybody; a chain that cannot go on for
/// what stands in it holds nobody up: it is told, and a check shows what is not linked.
async fn link(aws: &Aws, chains: BTreeMap<(CaseKey, Over), Vec<Linked>>) -> Result<(), Failure> {
    let linked = stream::iter(&chains).map(|(chain, records)| async move {
        let mut pause = Pause::patient();
        loop {
            match aws.table().link(*chain, records).await {
                Err(error @ (Error::Corrupt(..) | Error::TooLarge(_))) => {
                    let (case, over) = chain;
                    tracing::error!(case = %case, %over, %error, "the record of a case cannot be linked");
                    metrics::emit(aws, &[("RecordsUnlinked", "Count", 1)]);
                    return Ok(());
                }
                Err(error) if error.asks_for_less() && pause.again().await => {}
                done => return done,
            }
        }
    });
    linked.buffer_unordered(AT_ONCE).try_collect::<()>().await?;
    Ok(())
}

/// The cases of which a batch tells what reports count.
fn cases(changes: &Changes) -> BTreeSet<CaseKey> {
    let written = changes.records.iter().filter(|change| change.event_name == "INSERT");
    let events = written.filter_map(|change| change.dynamodb.new_image.pointer("/event/S")?.as_str());
    let counted = events.filter_map(|text| match read_event(text) {
        Stored::Event(event) if is_about_reports(&event.kind) => Some(event.about),
        Stored::Event(_) | Stored::UnknownKind | Stored::Unreadable => None,
    });
    counted
        .filter_map(|about| match about {
            About::Case(key) => Some(key),
            About::User(_) | About::Fax(_) | About::Unknown(_) => None,
        })
        .collect()
}

/// Tells cases anew to the reports. One that cannot be told holds nobody up, unless the table has too much to do, and that for
/// seconds: its next event tells it again.
async fn tell(aws: &Aws, cases: &BTreeSet<CaseKey>) -> Result<(), Failure> {
    let told = stream::iter(cases).map(|case| async move {
        let mut pause = Pause::patient();
        loop {
            match aws.table().tell_facts(*case).await {
                Err(error) if !error.asks_for_less() => {
                    tracing::error!(case = %case, %error, "a case cannot be told to the reports");
                    return Ok(());
                }
                Err(_) if pause.again().await => {}
                done => return done,
            }
        }
    });
    told.buffer_unordered(AT_ONCE).try_collect::<()>().await?;
    Ok(())
}

/// The name and the lines of what a batch has written, if it has.
fn object(changes: &Changes) -> Option<(String, String)> {
    let written: Vec<&Written> =
        changes.records.iter().filter(|change| change.event_name == "INSERT").map(|change| &change.dynamodb).collect();
    let (first, last) = (written.first()?, written.last()?);
    let line = |written: &&Written| json!({ "place": written.sequence_number, "item": written.new_image }).to_string();
    let mut text = written.iter().map(line).collect::<Vec<_>>().join("\n");
    text.push('\n');
    let day = first.at()?.strftime("%Y/%m/%d");
    let content: String = sha256(&text).chars().take(16).collect();
    Some((format!("{day}/{}-{}-{content}.ndjson", first.sequence_number, last.sequence_number), text))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lambda::tests::aws;

    fn changes() -> Changes {
        serde_json::from_str(include_str!("../../../../events/keep-records/written-and-removed.json")).unwrap()
    }

    /// REQ: OPS-05, OPS-11
    #[test]
    fn a_batch_is_an_object_whose_name_says_which_and_what() {
        let (name, text) = object(&changes()).unwrap();
        assert!(name.starts_with("2026/05/05/4200000000000000000001-4200000000000000000002-"), "{name}");
        assert_eq!(object(&changes()).unwrap(), (name.clone(), text.clone()));
        let lines: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert_eq!(lines.len(), 2);
        assert_eq!(lines[0]["item"]["pk"]["S"], "EVENT#cas_0197a3c2f0c07d0aa1b2c3d4e5f60001");
        assert_eq!(lines[1]["item"]["body"]["M"]["allowed"]["BOOL"], true);
        let mut other = changes();
        other.records[1].dynamodb.new_image["body"]["M"]["allowed"]["BOOL"] = json!(false);
        assert_ne!(object(&other).unwrap().0, name);
    }

    #[test]
    fn what_a_batch_has_of_a_case_is_one_link_of_each_chain() {
        let mut changes = changes();
        let (case, at): (CaseKey, Timestamp) =
            ("cas_0197a3c2f0c07d0aa1b2c3d4e5f60001".parse().unwrap(), "2026-05-05T12:20:00Z".parse().unwrap());
        let mut users = changes.records[1].clone();
        users.dynamodb.new_image["pk"]["S"] = "AUDIT#jo.smith".into();
        let mut refused = changes.records[0].clone();
        refused.dynamodb.new_image["sk"]["S"] = "evt_0197a3c2f0c07d0aa1b2c3d4e5f60720".into();
        refused.dynamodb.new_image["expires"] = json!({ "N": "1785759600" });
        changes.records.extend([users, refused]);
        let chains = chains(&changes);
        assert_eq!(chains.keys().copied().collect::<Vec<_>>(), [(case, Over::Audit), (case, Over::Event)]);
        let ends = |record: &Linked| (record.id.to_string(), record.written, record.until);
        let (first, last) = ("evt_0197a3c2f0c07d0aa1b2c3d4e5f60718", "evt_0197a3c2f0c07d0aa1b2c3d4e5f60720");
        let events: Vec<_> = chains[&(case, Over::Event)].iter().map(ends).collect();
        assert_eq!(events, [(first.to_owned(), at, None), (last.to_owned(), at, Some(1_785_759_600))]);
        assert_eq!(chains[&(case, Over::Audit)].len(), 1);
        assert_eq!(chains[&(case, Over::Audit)][0].hash, fingerprint(&changes.records[1].dynamodb.new_image));
    }

    #[test]
    fn only_cases_of_which_reports_count_something_are_told() {
        let mut changes = changes();
        assert!(cases(&changes).is_empty(), "a case that was only saved, and who looked at it");
        let event = changes.records[0].dynamodb.new_image["event"]["S"].as_str().unwrap();
        let withdrawn =
            event.replace("\"kind\": \"caseCreated\"", "\"kind\": \"requestWithdrawn\", \"request\": \"R01\"");
        assert_ne!(event, withdrawn);
        changes.records[0].dynamodb.new_image["event"]["S"] = withdrawn.into();
        let twice = changes.records[0].clone();
        changes.records.push(twice);
        assert_eq!(cases(&changes).len(), 1, "told once");
    }

    /// REQ: OPS-05, OPS-11
    #[test]
    fn a_removal_alone_writes_nothing_and_what_cannot_be_written_comes_again() {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let mut removal = changes();
        removal.records.retain(|change| change.event_name == "REMOVE");
        assert_eq!(removal.records.len(), 1);
        assert_eq!(object(&removal), None);
        assert_eq!(runtime.block_on(handle(&aws(), removal)).unwrap(), Answer::default());
        assert!(matches!(runtime.block_on(handle(&aws(), changes())), Err(Failure::File(_))));
    }
}
