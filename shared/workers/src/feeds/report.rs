//! What a reading found so far, and the note of it from which another call carries on.

use portico_aws::{Aws, files::FileError, table::feeds::Outcome};
use portico_domain::{
    feeds::{
        Reject, Seen,
        import::{Checkpoint, Import, ImportState},
        rejects_csv,
    },
    field::FieldErrors,
};

use super::kinds::Keys;
use crate::failure::Failure;

/// What was found so far.
pub(super) struct Found {
    seen: Seen,
    pub(super) read: u64,
    rejected: u64,
    rejects: Vec<Reject>,
    /// What is told of rows that were taken.
    remarks: Vec<Reject>,
    has_blank: bool,
    /// What the table decided: kept when the call ends.
    pub(super) note: Checkpoint,
}

impl From<Checkpoint> for Found {
    /// Rows are counted anew from the first line on; what the table decided is taken over.
    fn from(note: Checkpoint) -> Self {
        let rejected = u64::try_from(note.refused.len()).unwrap_or_default();
        let (rejects, remarks) = (note.refused.clone(), note.told.clone());
        Self { seen: Seen::default(), read: 0, rejected, rejects, remarks, has_blank: false, note }
    }
}

impl Found {
    /// Whether nothing of the row stood in an earlier one.
    pub(super) fn first_of(&mut self, line: u64, keys: &Keys) -> bool {
        let double = self.seen.note(line, keys).err();
        self.rejected += u64::from(double.is_some());
        let first = double.is_none();
        self.rejects.extend(double);
        first
    }

    /// Said once: spreadsheets write such rows by the thousand.
    pub(super) fn blank(&mut self, line: u64) {
        if !std::mem::replace(&mut self.has_blank, true) {
            let reason = "Rows in which nothing stands were passed over; this is the first of them.";
            self.remarks.push(remark(line, "row", reason.to_owned()));
        }
    }

    /// What is told of a row that was taken, each with its column.
    pub(super) fn remark(&mut self, line: u64, remarks: Vec<(&'static str, String)>) {
        self.remarks.extend(remarks.into_iter().map(|(column, reason)| remark(line, column, reason)));
    }

    pub(super) fn reject(&mut self, line: u64, errors: &FieldErrors) {
        self.rejected += 1;
        self.rejects.extend(errors.as_slice().iter().map(|error| Reject {
            line,
            column: error.pointer.trim_start_matches('/').to_owned(),
            reason: error.objection.sentence.clone(),
        }));
    }

    pub(super) fn saved(&mut self, outcomes: Vec<(u64, Outcome)>) {
        let (counts, mut refused) = (&mut self.note.counts, Vec::new());
        for (line, outcome) in outcomes {
            match outcome {
                Outcome::New => counts.new += 1,
                Outcome::NewNumber => {
                    counts.new += 1;
                    let reason = "Taken as another member; but one with the same name and date of birth is known under another number. If they are one person, have the claims system correct the number.";
                    let told = remark(line, "member_number", reason.to_owned());
                    self.remarks.push(told.clone());
                    self.note.told.push(told);
                }
                Outcome::Changed => counts.changed += 1,
                Outcome::Unchanged => counts.unchanged += 1,
                // It goes again.
                Outcome::Throttled => {}
                Outcome::Taken => {
                    let reason = "This NPI and registration code belong to another location.";
                    refused.push(remark(line, "registration_code", reason.to_owned()));
                }
                Outcome::Clash => {
                    let reason = "This number differs from another member's only by hyphens, dots or blanks, so that a search for either finds both. Write the number as it stands on the card.";
                    refused.push(remark(line, "member_number", reason.to_owned()));
                }
                Outcome::NoAuthorization => {
                    let reason = "No authorization of this contract has this number.";
                    refused.push(remark(line, "authorization_number", reason.to_owned()));
                }
                Outcome::NoLine => {
                    let reason = "The authorization holds no service with this code and these modifiers on this day.";
                    refused.push(remark(line, "code", reason.to_owned()));
                }
                Outcome::TooMany => {
                    let reason = "The case of this authorization holds as many lines of claims as it can. Tell whoever operates Portico.";
                    refused.push(remark(line, "claim_line", reason.to_owned()));
                }
            }
        }
        self.rejected += u64::try_from(refused.len()).unwrap_or_default();
        self.rejects.extend(refused.iter().cloned());
        self.note.refused.extend(refused);
    }

    /// Notes how far it came: nothing is under way.
    pub(super) async fn keep(&mut self, aws: &Aws, import: &mut Import, rows: u64) -> Result<(), Failure> {
        self.note.rows = rows;
        (self.note.counts.read, self.note.counts.rejected) = (self.read, self.rejected);
        import.counts = self.note.counts;
        let text = serde_json::to_vec(&self.note).map_err(|error| Failure::poison(&error))?;
        aws.files().write(&aws.config().feeds_bucket, &note_key(import), "application/json", text).await?;
        Ok(())
    }

    pub(super) async fn write(&mut self, aws: &Aws, import: &mut Import) -> Result<(), Failure> {
        import.remarks = u64::try_from(self.remarks.len()).unwrap_or_default();
        let (files, bucket) = (aws.files(), &aws.config().feeds_bucket);
        if !self.remarks.is_empty() {
            self.remarks.sort();
            let report = rejects_csv(&self.remarks).into_bytes();
            import.remarks_report = files.write(bucket, &import.file.remarks(), "text/csv", report).await?;
        }
        self.rejects.sort();
        let report = rejects_csv(&self.rejects).into_bytes();
        import.report = files.write(bucket, &import.file.rejects(), "text/csv", report).await?;
        Ok(())
    }
}

fn note_key(import: &Import) -> String {
    format!("work/{}.json", import.id)
}

pub(super) async fn load_note(aws: &Aws, import: &Import) -> Result<Checkpoint, Failure> {
    let read = aws.files().read_part((&aws.config().feeds_bucket, &note_key(import), None), 0, u64::MAX / 4).await?;
    read.map_or_else(
        || Ok(Checkpoint::default()),
        |(text, _)| serde_json::from_slice(&text).map_err(|error| Failure::poison(&error)),
    )
}

fn remark(line: u64, column: &str, reason: String) -> Reject {
    Reject { line, column: column.to_owned(), reason }
}

/// Writes what came of the file beside its rejects. A file that was refused as a whole has one line there.
pub(super) async fn report(aws: &Aws, import: &mut Import) -> Result<(), Failure> {
    let (files, bucket) = (aws.files(), &aws.config().feeds_bucket);
    if let ImportState::Refused { reason, .. } = &import.state {
        let whole = Reject { line: 1, column: "row".to_owned(), reason: reason.clone() };
        let text = rejects_csv(&[whole]).into_bytes();
        import.report = files.write(bucket, &import.file.rejects(), "text/csv", text).await?;
    }
    let summary = serde_json::to_vec_pretty(import).map_err(|error| Failure::poison(&error))?;
    files.write(bucket, &import.file.summary(), "application/json", summary).await?;
    Ok(())
}

/// The note of how far it came is not needed any more.
pub(super) async fn forget(aws: &Aws, import: &Import) -> Result<(), FileError> {
    aws.files().delete(&aws.config().feeds_bucket, &note_key(import)).await
}
