//! Temporary members become the real ones whom a file has brought (CASE-06).
//!
//! Whoever stops in the middle ([`portico_aws::table::Table::merge`]) leaves them on the list of those who wait, and the next import
//! goes on.

use jiff::Timestamp;
use portico_aws::{
    Aws,
    secrets::KeyRing,
    table::{Guard, Transaction},
};
use portico_domain::{
    cases::temporary::{Match, TemporaryMember, real_member},
    events::Actor,
    feeds::import::{Import, Undecided},
    person::Standing,
};

use super::run::{Ended, is_late};
use crate::failure::{Failure, found};

/// Temporary members that are looked up at the same time.
const AT_ONCE: usize = 8;

/// Settles every temporary member of the file's contract, as far as time allows.
pub(super) async fn all(aws: &Aws, keys: &KeyRing, import: &mut Import, deadline: Timestamp) -> Result<Ended, Failure> {
    let open = aws.table().temporary_members(&import.file.contract).await?;
    if import.settled.is_none() {
        import.undecided.clear();
    }
    let from = open.partition_point(|open| import.settled.is_some_and(|last| open.member.id <= last));
    for some in open.get(from..).unwrap_or_default().chunks(AT_ONCE) {
        if is_late(deadline) {
            return Ok(Ended::TimeIsUp);
        }
        let settled = some.iter().map(|temporary| settle(aws, keys, temporary, &open));
        for (temporary, settled) in some.iter().zip(futures::future::join_all(settled).await) {
            match settled? {
                Settled::Waits => {}
                Settled::Merged(cases) => import.merged += cases,
                Settled::Undecided(reason) => {
                    import.undecided.push(Undecided { temporary: temporary.member.id, reason });
                }
            }
        }
        import.settled = some.last().map(|last| last.member.id);
    }
    Ok(Ended::Done)
}

/// What became of a temporary member.
#[derive(Clone, PartialEq, Eq, Debug)]
enum Settled {
    /// The real one has not arrived.
    Waits,
    /// It points to the real one; so many cases were given that one now.
    Merged(u64),
    /// A person has to look at it.
    Undecided(String),
}

/// Merges one temporary member, if there is exactly one real one; `open` are those of the contract who wait.
async fn settle(
    aws: &Aws,
    keys: &KeyRing,
    temporary: &TemporaryMember,
    open: &[TemporaryMember],
) -> Result<Settled, Failure> {
    let (table, member) = (aws.table(), &temporary.member);
    let real = match found(table.unmerged_member(member.id).await?, "temporary member")?.standing {
        // Stopped in the middle before.
        Standing::Merged { into } => found(table.unmerged_member(into).await?, "member")?,
        Standing::Temporary | Standing::Enrolled { .. } => {
            let known = table.members_like(keys, member).await?;
            match real_member(temporary, &known, open) {
                Match::Nobody => {
                    table.rehash_temporary(keys, member).await?;
                    return Ok(Settled::Waits);
                }
                Match::Undecided(reason) => return Ok(Settled::Undecided(reason)),
                Match::Real(real) => *real,
            }
        }
    };
    let merged = table.merge(keys, (member, &real), &Actor::System, Transaction::new()).await;
    let cases =
        merged.map_err(|error| if error.refused(Guard::Version) { Failure::Contended } else { error.into() })?;
    tracing::info!(temporary = %member.id, member = %real.id, cases, "merged");
    Ok(Settled::Merged(cases))
}
