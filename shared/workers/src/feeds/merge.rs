//! Temporary members become the real ones whom a file has brought (CASE-06).
//!
//! First the temporary member becomes a pointer: no search shows it and no case can be begun for it any more. Then each of
//! its cases is given the real member, one transaction each. Last it leaves the list of those who wait. Whoever stops in
//! the middle leaves it on that list, and the next import goes on.

use jiff::Timestamp;
use portico_aws::{
    Aws, clock,
    pause::Pause,
    secrets::KeyRing,
    table::{Guard, Transaction},
};
use portico_domain::{
    cases::temporary::{Match, TemporaryMember, real_member},
    events::Actor,
    feeds::import::{Import, Undecided},
    id::{CaseKey, MemberId},
    person::{Member, Standing},
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
    let cases = merge(aws, keys, member, &real).await?;
    tracing::info!(temporary = %member.id, member = %real.id, cases, "merged");
    Ok(Settled::Merged(cases))
}

async fn merge(aws: &Aws, keys: &KeyRing, temporary: &Member, real: &Member) -> Result<u64, Failure> {
    let table = aws.table();
    let mut transaction = Transaction::new();
    transaction.merged_member(table, keys, temporary, real.id)?;
    match table.commit(transaction).await {
        Ok(()) => {}
        // It points to the real one already.
        Err(error) if error.refused(Guard::Version) => {}
        Err(error) => return Err(error.into()),
    }
    let mut moved = 0;
    for key in table.cases_of_member(temporary.id).await? {
        moved += u64::from(move_case(aws, key, temporary.id, real).await?);
    }
    let mut transaction = Transaction::new();
    transaction.no_longer_temporary(table, &temporary.contract, temporary.id);
    table.commit(transaction).await?;
    Ok(moved)
}

/// Gives a case its real member; read again when somebody works on it at the same time.
async fn move_case(aws: &Aws, key: CaseKey, temporary: MemberId, real: &Member) -> Result<bool, Failure> {
    let table = aws.table();
    let mut pause = Pause::patient();
    loop {
        let case = found(table.case(key).await?, "case")?;
        if case.member.id != temporary {
            return Ok(false);
        }
        let now = clock::now();
        let contract = found(table.contract_for(&case, now).await?, "contract")?;
        let change = case.with_member(real.clone(), now);
        let mut transaction = Transaction::new();
        transaction.case(table, &change, &contract.calendar, &Actor::System)?;
        transaction.case_of_member(table, &change.case)?;
        match table.commit(transaction).await {
            Ok(()) => return Ok(true),
            Err(error) if error.refused(Guard::Version) && pause.again().await => {}
            Err(error) if error.refused(Guard::Version) => return Err(Failure::Contended),
            Err(error) => return Err(error.into()),
        }
    }
}
