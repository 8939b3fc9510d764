//! One reading of one file: parts of it in, blocks of rows out, several of them under way at the same time.

use std::{pin::Pin, time::Duration};

use futures::stream::{FuturesUnordered, StreamExt};
use jiff::{Timestamp, ToSpan, civil::Date};
use portico_aws::{
    Aws, clock,
    pause::{jitter, wait},
    secrets::KeyRing,
    table::{
        self,
        feeds::{Outcome, Source},
    },
};
use portico_domain::{
    feeds::{
        IdKey,
        import::Import,
        layout::Header,
        rows::{RawRow, RowError, Rows},
    },
    field::FieldErrors,
    id::ContractId,
    wrong::Wrong,
};
use sha2::{Digest, Sha256};

use super::{
    kinds::Feed,
    report::{Found, load_note},
};
use crate::failure::Failure;

/// Bytes that are read from S3 at once.
const PART: u64 = 1 << 20;
/// Rows that are read from the table in one call.
const BLOCK: usize = 100;
/// Blocks under way at the same time, at most: a table that is throttled halves it.
const AT_ONCE: usize = 8;
/// Blocks in a row that the table takes before one more is under way.
const BEFORE_MORE: usize = 32;
/// How long to wait at first, and at most, after the table was throttled.
const THROTTLED_WAITS: (Duration, Duration) = (Duration::from_millis(250), Duration::from_secs(10));
/// Rows between two notes of how far it came.
const NOTE_AFTER: u64 = 10_000;
/// The time that is kept for the end of a call.
const RESERVE_SECONDS: i64 = 60;

/// How a reading ended.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Ended {
    /// Every row was looked at.
    Done,
    /// The file as a whole is not one; why.
    Refused(String),
    /// Another call has to carry on.
    TimeIsUp,
}

/// A reading of a file.
pub(super) struct Run<'a> {
    aws: &'a Aws,
    keys: &'a KeyRing,
    ids: &'a IdKey,
    import: String,
    today: Date,
    deadline: Timestamp,
}

/// A block whose turn has come: what became of its lines, and the rows that the table had too much to do for.
struct Saved<R> {
    outcomes: Vec<(u64, Outcome)>,
    again: Vec<(u64, R)>,
}

type Save<'a, R> = Pin<Box<dyn Future<Output = Result<Saved<R>, table::Error>> + 'a>>;

/// Blocks on their way into the table.
struct Saving<'a, R> {
    under_way: FuturesUnordered<Save<'a, R>>,
    at_once: usize,
    in_a_row: usize,
    throttled: u32,
}

impl<R> Saving<'_, R> {
    fn new() -> Self {
        Self { under_way: FuturesUnordered::new(), at_once: AT_ONCE, in_a_row: 0, throttled: 0 }
    }

    /// The table took a block: slowly, more may be under way.
    fn taken(&mut self) {
        self.in_a_row += 1;
        if self.in_a_row >= BEFORE_MORE {
            (self.in_a_row, self.throttled) = (0, 0);
            self.at_once = (self.at_once + 1).min(AT_ONCE);
        }
    }

    /// It did not: half as many are under way from now on. Gives how long to wait.
    fn refused(&mut self) -> Duration {
        (self.at_once, self.in_a_row) = ((self.at_once / 2).max(1), 0);
        self.throttled += 1;
        let (first, longest) = THROTTLED_WAITS;
        jitter(first, longest, self.throttled - 1)
    }
}

impl<'a> Run<'a> {
    pub(super) fn new(
        aws: &'a Aws,
        (keys, ids): (&'a KeyRing, &'a IdKey),
        import: String,
        (today, deadline): (Date, Timestamp),
    ) -> Self {
        Self { aws, keys, ids, import, today, deadline }
    }

    /// Reads the file to its end, or as far as time allows.
    pub(super) async fn file<F: Feed>(
        &mut self,
        import: &mut Import,
        (key, version): (&str, Option<&str>),
    ) -> Result<Ended, Failure>
    where
        F::Row: 'a,
    {
        let note = load_note(self.aws, import).await?;
        let mut found = Found::from(note);
        let bucket = &self.aws.config().feeds_bucket;
        let (mut rows, mut hash, mut header, mut from) = (Rows::default(), Sha256::new(), None, 0);
        let mut block: Vec<(u64, F::Row)> = Vec::new();
        let mut saving = Saving::<'a, F::Row>::new();
        let (before, mut done) = (found.note.rows, found.note.rows);
        loop {
            let part = self.aws.files().read_part((bucket, key, version), from, PART).await?;
            let Some((part, length)) = part else { return Ok(Ended::Refused("The file is gone.".to_owned())) };
            from += u64::try_from(part.len()).unwrap_or_default();
            let at_end = part.is_empty() || from >= length;
            hash.update(&part);
            let mut piece = part.as_slice();
            loop {
                let row = rows.next(&mut piece).or_else(|| if at_end { rows.finish() } else { None });
                let Some(raw) = row else { break };
                let Some(header) = &header else {
                    if blank(&raw) {
                        continue;
                    }
                    match raw
                        .fields
                        .map_err(|error| error.to_string())
                        .and_then(|names| F::LAYOUT.header(&names).map_err(|error| error.to_string()))
                    {
                        Ok(read) => header = Some(read),
                        Err(reason) => return Ok(Ended::Refused(reason)),
                    }
                    continue;
                };
                let line = raw.line;
                let Some(row) = self.row::<F>(&import.file.contract, header, raw, &mut found) else { continue };
                if found.read <= before {
                    continue;
                }
                done = found.read;
                block.push((line, row));
                if block.len() < BLOCK {
                    continue;
                }
                self.save::<F>(&mut saving, std::mem::take(&mut block), Duration::ZERO);
                let most = saving.at_once - 1;
                let late = !self.settle::<F>(&mut saving, &mut found, most).await? || self.is_late();
                if late || found.read >= found.note.counts.read + NOTE_AFTER {
                    if !self.settle::<F>(&mut saving, &mut found, 0).await? {
                        // What the table did not take is read again, and with it what was saved since the last note.
                        return Ok(Ended::TimeIsUp);
                    }
                    found.keep(self.aws, import, done).await?;
                }
                if late {
                    return Ok(Ended::TimeIsUp);
                }
            }
            if at_end {
                break;
            }
        }
        if header.is_none() {
            return Ok(Ended::Refused("The file is empty.".to_owned()));
        }
        if !block.is_empty() {
            self.save::<F>(&mut saving, block, Duration::ZERO);
        }
        if !self.settle::<F>(&mut saving, &mut found, 0).await? {
            return Ok(Ended::TimeIsUp);
        }
        found.keep(self.aws, import, done).await?;
        import.sha256 = Some(hex::encode(hash.finalize()));
        found.write(self.aws, import).await?;
        Ok(if self.is_late() { Ended::TimeIsUp } else { Ended::Done })
    }

    /// Whether another call has to carry on.
    fn is_late(&self) -> bool {
        is_late(self.deadline)
    }

    /// The row, if it may be taken; else it is noted as rejected. Rows in which nothing stands are passed over.
    fn row<F: Feed>(&self, contract: &ContractId, header: &Header, raw: RawRow, found: &mut Found) -> Option<F::Row> {
        let (line, last_line) = (raw.line, raw.last_line);
        if blank(&raw) {
            found.blank(line);
            return None;
        }
        found.read += 1;
        let parsed = raw.fields.map_err(whole_row).and_then(|fields| {
            let row = header.row(&fields)?;
            F::parse(self.ids, contract, self.today, row).map(|parsed| (parsed, F::remarks(row)))
        });
        match parsed {
            Ok(((keys, row), remarks)) => {
                let first = found.first_of(line, &keys);
                if first {
                    found.remark(line, remarks);
                }
                first.then_some(row)
            }
            Err(mut errors) => {
                if last_line > line {
                    errors.add("/row", Wrong::UnreadableRow.says(swallowed(line, last_line)));
                }
                found.reject(line, &errors);
                None
            }
        }
    }

    fn save<F: Feed>(&self, saving: &mut Saving<'a, F::Row>, block: Vec<(u64, F::Row)>, after: Duration)
    where
        F::Row: 'a,
    {
        let (table, keys, import) = (self.aws.table(), self.keys, self.import.clone());
        let (lines, rows): (Vec<u64>, Vec<F::Row>) = block.into_iter().unzip();
        saving.under_way.push(Box::pin(async move {
            wait(after).await;
            let outcomes = match F::save(table, keys, Source::import(&import), &rows).await {
                Err(error) if error.asks_for_less() => vec![Outcome::Throttled; rows.len()],
                outcomes => outcomes?,
            };
            let mut saved = Saved { outcomes: Vec::new(), again: Vec::new() };
            for ((line, row), outcome) in lines.into_iter().zip(rows).zip(outcomes) {
                match outcome {
                    Outcome::Throttled => saved.again.push((line, row)),
                    outcome => saved.outcomes.push((line, outcome)),
                }
            }
            Ok(saved)
        }));
    }

    /// Waits until at most so many blocks are under way. Rows that a throttled table did not take go again after a wait;
    /// `false` when the time of this call is up before they were taken.
    async fn settle<F: Feed>(
        &self,
        saving: &mut Saving<'a, F::Row>,
        found: &mut Found,
        most: usize,
    ) -> Result<bool, Failure>
    where
        F::Row: 'a,
    {
        let mut most = most;
        while saving.under_way.len() > most {
            let Some(Saved { outcomes, again }) = saving.under_way.next().await.transpose()? else { break };
            found.saved(outcomes);
            if again.is_empty() {
                saving.taken();
                continue;
            }
            if self.is_late() {
                return Ok(false);
            }
            let pause = saving.refused();
            tracing::warn!(rows = again.len(), at_once = saving.at_once, wait = ?pause, "the table is throttled");
            most = most.min(saving.at_once - 1);
            self.save::<F>(saving, again, pause);
        }
        Ok(true)
    }
}

/// Whether so little of a call's time is left that another has to carry on.
pub(super) fn is_late(deadline: Timestamp) -> bool {
    clock::now() >= deadline.checked_sub(RESERVE_SECONDS.seconds()).unwrap_or(deadline)
}

/// Whether nothing stands in the row.
fn blank(raw: &RawRow) -> bool {
    raw.fields.as_ref().is_ok_and(|fields| fields.iter().all(|field| field.trim().is_empty()))
}

/// What is said of a row that was read over several lines and not taken: rows may be lost in it.
fn swallowed(line: u64, last_line: u64) -> String {
    format!(
        "Lines {line} to {last_line} were read as this one row, because a quotation mark is opened in line {line} and not closed there. If those are rows of their own, close it and send them again."
    )
}

fn whole_row(error: RowError) -> FieldErrors {
    let mut errors = FieldErrors::none();
    errors.add("/row", error);
    errors
}
