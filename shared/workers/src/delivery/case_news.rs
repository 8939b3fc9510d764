//! Tells everybody of a side that there is news on a case (ACT-09): in the portal, and whoever wants it by mail too.
//!
//! The news and the event that mails it are one transaction for each person, held to that they do not have it yet: a task that
//! comes again tells nobody twice, and what somebody has read stays read.

use futures::{StreamExt, TryStreamExt, stream};
use jiff::civil::Date;
use portico_aws::{
    Aws, clock,
    table::{Guard, Table, Transaction},
};
use portico_domain::{
    accounts::User,
    cases::{Case, request::Request},
    contracts::Contract,
    events::{
        About, Actor, EventKind,
        news::{Alert, News},
    },
    id::{CaseKey, EventId, GroupId, RequestNumber, Username},
    status::{Queue, Side},
};

use crate::failure::{Failure, found};

/// Users of a group that are read at once.
const PAGE: i32 = 100;
/// People who are told beside each other.
const AT_ONCE: usize = 8;

/// What is told.
#[derive(Clone, Copy, Debug)]
pub(super) struct Told {
    pub(super) event: EventId,
    pub(super) case: CaseKey,
    pub(super) request: RequestNumber,
    pub(super) news: News,
    pub(super) to: Side,
}

/// Tells everybody who has not been told.
///
/// # Errors
/// When something cannot be loaded or saved; who was told is not told again.
pub(super) async fn tell(aws: &Aws, told: Told) -> Result<(), Failure> {
    let (table, now) = (aws.table(), clock::now());
    let case = found(table.case(told.case).await?, "case")?;
    // Of what is a draft whoever has it is told, and nobody of anything else.
    if told.news.is_of_a_draft() != case.submission.is_none() {
        return Ok(());
    }
    let contract = found(table.contract_for(&case, now).await?, "contract")?;
    let asker = case.request(told.request).and_then(|request| case.asker_of(request)).cloned();
    let alert = Alert {
        event: told.event,
        at: now,
        case: case.key,
        case_id: case.submission.as_ref().map(|submission| submission.case_id.clone()),
        contract: case.contract.clone(),
        request: told.request,
        news: told.news,
        due: due(&case, told, &contract),
        read: None,
    };
    // What was answered or decided meanwhile is due no more.
    if matches!(told.news, News::DeadlineNear | News::DraftEndNear) && alert.due.is_none() {
        return Ok(());
    }
    let names = match told.to {
        // Nobody has a decided request: whoever made what the letter tells is told.
        Side::Staff if told.news == News::MailRefused => {
            let file = found(table.case_file(told.case).await?, "case")?;
            // What no person made is for those who lead.
            match case.made_by(told.request, &file.determinations) {
                none if none.is_empty() => leads(table, &case, told.request).await?,
                names => names,
            }
        }
        Side::Staff => {
            let mut names = case.holders(told.request, told.news);
            if told.news == News::TimeOver {
                names.extend(leads(table, &case, told.request).await?);
                names.sort_unstable();
                names.dedup();
            }
            names
        }
        Side::Provider if told.news.is_of_a_draft() => owners(table, &case).await?,
        Side::Provider => users_of(table, groups(table, &case).await?).await?,
    };
    for some in names.chunks(usize::try_from(PAGE).unwrap_or(1)) {
        let users = table.users(some.iter().collect()).await?;
        let each = users.values().filter(|user| user.is_active()).map(|user| {
            let own = told.to == Side::Staff || told.news.is_of_a_draft() || asker.as_ref() == Some(&user.username);
            one(table, user, own, &alert)
        });
        stream::iter(each).buffer_unordered(AT_ONCE).try_collect::<Vec<()>>().await?;
    }
    Ok(())
}

/// Tells one.
async fn one(table: &Table, user: &User, own: bool, alert: &Alert) -> Result<(), Failure> {
    let mut transaction = Transaction::new();
    transaction.alert(table, &user.username, alert)?;
    if user.news_mail.wants(own) {
        let mail = EventKind::NewsDue { case: alert.case, request: alert.request, news: alert.news };
        transaction.event(table, About::User(user.username.clone()), Actor::System, mail, alert.at)?;
    }
    match table.commit(transaction).await {
        Err(error) if error.refused(Guard::New) => Ok(()),
        done => Ok(done?),
    }
}

/// The day of a deadline.
fn due(case: &Case, told: Told, contract: &Contract) -> Option<Date> {
    if told.news == News::DraftEndNear {
        return case.ending.map(|ending| contract.calendar.time_zone.date_at(ending.at));
    }
    let request = case.request(told.request).filter(|_| told.news == News::DeadlineNear)?;
    match told.to {
        Side::Provider => request.pended().map(|pend| pend.due),
        Side::Staff => {
            request.queue()?;
            let due = request.clock().and_then(|clock| clock.due(&contract.calendar))?;
            Some(contract.calendar.time_zone.date_at(due))
        }
    }
}

/// Whoever leads the reviewers of the worklist that a request is on, or may come to.
async fn leads(table: &Table, case: &Case, request: RequestNumber) -> Result<Vec<Username>, Failure> {
    let on = case.request(request).and_then(Request::queue).map(|(queue, _)| queue);
    let queues = on.map_or(vec![Queue::Nurse, Queue::Physician], |queue| vec![queue]);
    let (mut names, mut after) = (Vec::new(), None::<Username>);
    loop {
        let page = table.staff_of(&case.contract, after.as_ref(), PAGE).await?;
        let Some(last) = page.last() else { break };
        after = Some(last.username.clone());
        let leads = |user: &&User| user.post().is_some_and(|post| queues.iter().any(|queue| post.leads(*queue)));
        names.extend(page.iter().filter(leads).map(|user| user.username.clone()));
    }
    Ok(names)
}

/// Whoever has a draft; everybody who may go on with it when that one cannot any more.
async fn owners(table: &Table, case: &Case) -> Result<Vec<Username>, Failure> {
    let (owner, group) = (case.owner(), case.requesting.group);
    let file = table.user_file(owner).await?;
    let works = file.is_some_and(|file| file.user.is_active() && file.roles.iter().any(|at| Some(at.group) == group));
    if works { Ok(vec![owner.clone()]) } else { users_of(table, group.into_iter().collect()).await }
}

/// The groups whose users see the case: of its providers, as they are registered now (ACT-07).
async fn groups(table: &Table, case: &Case) -> Result<Vec<GroupId>, Failure> {
    let now = table.providers(&case.unregistered()).await?;
    let case = case.clone().with_groups(&now);
    let mut groups: Vec<GroupId> = case.providers().filter_map(|provider| provider.group).collect();
    groups.sort_unstable();
    groups.dedup();
    Ok(groups)
}

async fn users_of(table: &Table, groups: Vec<GroupId>) -> Result<Vec<Username>, Failure> {
    let mut names = Vec::new();
    for group in groups {
        let mut after = None::<Username>;
        loop {
            let page = table.group_users(group, after.as_ref(), PAGE).await?;
            let Some(last) = page.last() else { break };
            after = Some(last.user.clone());
            names.extend(page.into_iter().filter(|user| !user.roles.is_empty()).map(|user| user.user));
        }
    }
    names.sort_unstable();
    names.dedup();
    Ok(names)
}
