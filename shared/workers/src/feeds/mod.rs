//! Takes a file of providers, members or claims into the table (ORG-10, ACT-03): read from S3 in parts, checked row by row, written in
//! blocks, and answered with a report. `docs/feeds.md` says what a sender has to know.
//!
//! **Once.** The record of an import is kept under what S3 calls this version of the file. An event that comes again finds
//! it done; one that comes while a function is at work is refused and comes later. The rows themselves are idempotent.
//!
//! **Time.** A function has fifteen minutes. When a minute is left, it notes how far it came and sends the event again,
//! which carries on (decision 10). A crash costs what was done since the last note: those rows are read again, and counted as what they were.

mod kinds;
mod merge;
mod report;
mod run;

use futures::future::LocalBoxFuture;
use jiff::Timestamp;
use portico_aws::{
    Aws, clock, metrics,
    pause::Pause,
    queues::Outgoing,
    secrets::sha256,
    table::{Guard, Transaction},
};
use portico_domain::{
    feeds::{
        FeedFile, IdKey, Kind, Placed,
        import::{Counts, Import, ImportState},
    },
    id::EventId,
};
use serde::{Deserialize, Serialize};

use self::{
    kinds::{Claims, Members, Providers},
    run::{Ended, Run},
};
use crate::{
    coverage,
    failure::{Failure, found},
    notification::TestEvent,
};

/// What S3 tells about the bucket.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Notification {
    /// Files were dropped.
    Files {
        /// The files.
        #[serde(rename = "Records")]
        records: Vec<Dropped>,
    },
    /// The notification was set up; there is nothing to do.
    #[serde(skip_serializing)]
    Test {
        /// Its name.
        #[serde(rename = "Event")]
        event: TestEvent,
    },
}

/// A file that was dropped.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Dropped {
    /// When.
    #[serde(rename = "eventTime")]
    pub at: Timestamp,
    /// The object.
    pub s3: Place,
}

/// Where it is.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Place {
    /// The object.
    pub object: Object,
}

/// A version of an object.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "S3's words")]
pub struct Object {
    pub key: String,
    #[serde(default)]
    pub e_tag: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version_id: Option<String>,
    #[serde(default)]
    pub sequencer: String,
}

impl Dropped {
    /// Where the file is: S3 writes the key as a form does.
    fn key(&self) -> String {
        let key = self.s3.object.key.replace('+', " ");
        percent_encoding::percent_decode_str(&key).decode_utf8_lossy().into_owned()
    }
}

/// Imports each file of a notification.
///
/// # Errors
/// When one cannot be read, another function is at it, or the table fails: it comes again.
pub async fn handle(aws: &Aws, notification: Notification, deadline: Timestamp) -> Result<(), Failure> {
    let Notification::Files { records } = notification else { return Ok(()) };
    for dropped in records {
        match found(Placed::at(&dropped.key()), "place for feeds")? {
            Placed::Feed(file) => one(aws, &dropped, file, None, deadline).await?,
            Placed::Misnamed(file, why) => one(aws, &dropped, file, Some(why), deadline).await?,
            Placed::Folder => {}
        }
    }
    Ok(())
}

/// Takes a file, or tells why it is not read.
async fn one(
    aws: &Aws,
    dropped: &Dropped,
    file: FeedFile,
    misnamed: Option<String>,
    deadline: Timestamp,
) -> Result<(), Failure> {
    let Some((mut import, mut version)) = begin(aws, dropped, file, deadline).await? else { return Ok(()) };
    import.misnamed = misnamed.is_some();
    let ended = match misnamed {
        Some(why) => Ok(Ended::Refused(why)),
        None => {
            let work: LocalBoxFuture<'_, _> = Box::pin(import_file(aws, dropped, &mut import, deadline));
            work.await
        }
    };
    let now = clock::now();
    match &ended {
        Ok(Ended::Done) => import.state = ImportState::Done { at: now },
        Ok(Ended::Refused(reason)) => import.state = ImportState::Refused { at: now, reason: reason.clone() },
        // Whoever gets the event next may carry on at once.
        Ok(Ended::TimeIsUp) | Err(_) => import.state = ImportState::Running { until: now },
    }
    if let Ok(Ended::Done | Ended::Refused(_)) = &ended {
        report::report(aws, &mut import).await?;
    }
    version += 1;
    save(aws, &import, version).await?;
    tracing::info!(import = import.id, counts = ?import.counts, merged = import.merged, state = ?ended.as_ref().ok(), "import");
    match ended {
        Ok(Ended::TimeIsUp) => carry_on(aws, import.file.kind, dropped, 0).await,
        Ok(Ended::Done | Ended::Refused(_)) => Ok(report::forget(aws, &import).await?),
        // A table that has too much to do for long is no fault of the file: it goes on a little later, as often as needed.
        Err(Failure::Table(error)) if error.asks_for_less() => {
            let minute = aws.config().minute_seconds;
            tracing::warn!(import = import.id, seconds = minute, "the table is throttled; another call carries on");
            carry_on(aws, import.file.kind, dropped, minute).await
        }
        Err(failure) => Err(failure),
    }
}

async fn import_file(aws: &Aws, dropped: &Dropped, import: &mut Import, deadline: Timestamp) -> Result<Ended, Failure> {
    let now = clock::now();
    let Some(contract) = aws.table().contract(&import.file.contract, now).await? else {
        return Ok(Ended::Refused(format!("There is no contract {}.", import.file.contract)));
    };
    let keys = aws.secrets().ring(&aws.config().lookup_secret).await?;
    let ids = IdKey::new(aws.secrets().get(&aws.config().ids_secret).await?.expose());
    let today = contract.calendar.time_zone.date_at(now);
    let (mut run, key) = (Run::new(aws, (&keys, &ids), import.id.clone(), (today, deadline)), dropped.key());
    let place = (key.as_str(), dropped.s3.object.version_id.as_deref());
    match import.file.kind {
        Kind::Providers => run.file::<Providers>(import, place).await,
        Kind::Claims => run.file::<Claims>(import, place).await,
        Kind::Members => match run.file::<Members>(import, place).await? {
            Ended::Done => match merge::all(aws, &keys, import, deadline).await? {
                Ended::Done => Box::pin(covered(aws, import, deadline)).await,
                other => Ok(other),
            },
            other => Ok(other),
        },
    }
}

/// Requests that waited for this file go on (CASE-27). Those that have gone on wait no more, so that another call does what is left.
/// One that cannot be looked at does not keep the file from its end: the sweep comes to it, and rings.
async fn covered(aws: &Aws, import: &Import, deadline: Timestamp) -> Result<Ended, Failure> {
    let late = || run::is_late(deadline);
    let (moved, failed) = Box::pin(coverage::look_at_all(aws, &import.file.contract, Timestamp::MAX, late)).await?;
    tracing::info!(import = import.id, moved, failed, "requests that waited for coverage");
    Ok(if late() { Ended::TimeIsUp } else { Ended::Done })
}

/// Begins the import of this version of a file, or carries it on; `None` when it was done before.
async fn begin(
    aws: &Aws,
    dropped: &Dropped,
    file: FeedFile,
    deadline: Timestamp,
) -> Result<Option<(Import, u64)>, Failure> {
    let object = &dropped.s3.object;
    let parts = [object.key.as_str(), &object.e_tag, object.version_id.as_deref().unwrap_or(""), &object.sequencer];
    let id = sha256(&parts.join("\n")).chars().take(32).collect::<String>();
    let (table, now) = (aws.table(), clock::now());
    let known = table.import(&file.contract, dropped.at, &id).await?;
    let (mut import, version) = known.unwrap_or_else(|| {
        let state = ImportState::Running { until: now };
        let (etag, arrived) = (object.e_tag.trim_matches('"').to_owned(), dropped.at);
        let import = Import {
            file,
            id,
            etag,
            arrived,
            began: now,
            state,
            call: None,
            counts: Counts::default(),
            remarks: 0,
            remarks_report: None,
            misnamed: false,
            merged: 0,
            undecided: Vec::new(),
            settled: None,
            sha256: None,
            report: None,
        };
        (import, 0)
    });
    match import.state {
        ImportState::Running { until } if until <= now => {}
        ImportState::Running { .. } => return Err(Failure::UnderWay),
        ImportState::Done { .. } | ImportState::Refused { .. } => return Ok(None),
    }
    import.state = ImportState::Running { until: deadline };
    import.call = Some(EventId::new(clock::new_uuid()));
    save(aws, &import, version + 1).await?;
    Ok(Some((import, version + 1)))
}

/// Saves the record of an import. A write whose answer got lost may be done: nobody else would be at this file then, and
/// this function neither, until the lease ends.
async fn save(aws: &Aws, import: &Import, version: u64) -> Result<(), Failure> {
    let (table, mut pause) = (aws.table(), Pause::patient());
    loop {
        let mut transaction = Transaction::new();
        transaction.import(table, import, version)?;
        let Err(error) = table.commit(transaction).await else { return Ok(()) };
        let stored = table.import(&import.file.contract, import.arrived, &import.id).await;
        if stored.is_ok_and(|stored| stored.is_some_and(|(stored, at)| at == version && stored == *import)) {
            return Ok(());
        }
        if error.refused(Guard::Version) || !pause.again().await {
            return Err(error.into());
        }
    }
}

/// Sends the event again: another call carries on where this one stopped.
async fn carry_on(aws: &Aws, kind: Kind, dropped: &Dropped, delay_seconds: u32) -> Result<(), Failure> {
    // One that never comes to its end sends itself on for ever and never fails: only its number tells.
    metrics::emit(aws, &[("ImportsCarriedOn", "Count", 1)]);
    let queue = match kind {
        Kind::Providers => &aws.config().provider_feeds_queue,
        Kind::Members => &aws.config().member_feeds_queue,
        Kind::Claims => &aws.config().claim_feeds_queue,
    };
    let again = Notification::Files { records: vec![dropped.clone()] };
    let body = serde_json::to_string(&again).map_err(|error| Failure::poison(&error))?;
    match aws.queues().send(queue, &[Outgoing { body, delay_seconds }]).await?.len() {
        0 => Ok(()),
        unsent => Err(Failure::Unsent(unsent)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::batch::tests::messages;

    /// REQ: ORG-10, OPS-06
    #[test]
    fn an_event_names_its_file_and_is_sent_again_with_what_names_it_and_nothing_else() {
        for (text, kind) in [
            (include_str!("../../../../events/import-members/dropped.json"), Kind::Members),
            (include_str!("../../../../events/import-providers/dropped.json"), Kind::Providers),
            (include_str!("../../../../events/import-claims/dropped.json"), Kind::Claims),
        ] {
            let notification: Notification = messages(text).remove(0);
            let Notification::Files { records } = &notification else { panic!("no file") };
            let file = FeedFile::at(&records[0].s3.object.key).unwrap();
            assert_eq!(
                (file.kind, file.contract.to_string(), file.name.as_str()),
                (kind, "arkansas".into(), "2026-05-07")
            );
            let again = serde_json::to_value(&notification).unwrap();
            let object = &again["Records"][0]["s3"]["object"];
            assert_eq!(object.as_object().unwrap().len(), 4, "key, eTag, versionId, sequencer: {object}");
            let Notification::Files { records: same } = serde_json::from_value(again).unwrap() else {
                panic!("no file")
            };
            assert_eq!(&same, records);
        }
    }

    #[test]
    fn the_test_of_a_notification_is_no_file() {
        let test = serde_json::from_str(r#"{"Service":"Amazon S3","Event":"s3:TestEvent","Bucket":"b"}"#).unwrap();
        assert!(matches!(test, Notification::Test { event: TestEvent::Test }));
    }
}
