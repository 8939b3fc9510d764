//! What follows a decision: another look at it, or a change of what is authorized, asked for as a further request of the case
//! (ACT-02, ACT-03, ACT-05). The decision stays as it was made; what is authorized changes with the next one, under its number.

use jiff::{Timestamp, civil::Date};

pub use crate::cases::refusal::FollowError;

use crate::{
    calendar::window_end,
    cases::{
        Case, Change,
        authorization::{Authorized, Follows, LineOf},
        determination::{DecidedBy, Determination, LineOutcome},
        request::{Request, State},
        revision::{billed, places},
    },
    clock::Clock,
    contact::Phone,
    contracts::Contract,
    events::EventKind,
    field::FieldErrors,
    id::{DocumentId, EventId, RequestNumber, Username},
    period::Period,
    person::Provider,
    service::{Line, ReviewKind, Urgency},
    status::Outcome,
    wrong::Wrong,
};

/// What is asked for.
#[derive(Clone, PartialEq, Debug)]
#[expect(clippy::large_enum_variant, reason = "one lives for one request")]
pub enum Wanted {
    /// Another reviewer looks at what was not granted (ACT-02).
    Reconsideration,
    /// As the law gives it to the member (ACT-11).
    Appeal,
    /// What is authorized changes (ACT-03).
    Revision {
        /// All lines as they are to be, each with its place among those that are authorized now; a new one has none.
        lines: Vec<(Option<usize>, Line)>,
        /// Who is to perform them, where that changes.
        servicing: Option<Provider>,
    },
    /// What is authorized ends later (ACT-05).
    Extension {
        /// The new last day.
        to: Date,
    },
}

impl Wanted {
    /// Its kind.
    #[must_use]
    pub fn kind(&self) -> ReviewKind {
        match self {
            Self::Reconsideration => ReviewKind::Reconsideration,
            Self::Appeal => ReviewKind::Appeal,
            Self::Revision { .. } => ReviewKind::Revision,
            Self::Extension { .. } => ReviewKind::Extension,
        }
    }
}

/// What is said with it.
#[derive(Clone, PartialEq, Debug)]
pub struct Said {
    /// By whom.
    pub by: Username,
    /// Where their letters go.
    pub fax: Phone,
    /// How fast an answer is needed.
    pub urgency: Urgency,
    /// The note.
    pub note: EventId,
    /// The documents, on their way.
    pub documents: Vec<DocumentId>,
}

/// Something that may follow a decision, or may not now.
#[derive(Clone, PartialEq, Debug)]
pub struct FollowUp {
    /// What.
    pub kind: ReviewKind,
    /// The last day on which it may be asked for, in the contract's zone, where there is one.
    pub until: Option<Date>,
    /// Why it may not.
    pub refused: Option<FollowError>,
}

impl Case {
    /// Whoever handed in a request: they are told of it.
    #[must_use]
    pub fn asker_of<'a>(&'a self, request: &'a Request) -> Option<&'a Username> {
        let first = self.submission.as_ref().map(|submission| &submission.by);
        request.follows.as_ref().map(|follows| &follows.by).or(first)
    }

    /// Their fax number, where the letters about it go (LTR-03).
    #[must_use]
    pub fn fax_of<'a>(&'a self, request: &'a Request) -> Option<&'a Phone> {
        let first = self.submission.as_ref().map(|submission| &submission.fax);
        request.follows.as_ref().map(|follows| &follows.fax).or(first)
    }

    /// What may follow a decided request at `now`: all kinds that the contract takes; nothing of what is not decided.
    #[must_use]
    pub fn follow_ups(&self, number: RequestNumber, contract: &Contract, now: Timestamp) -> Vec<FollowUp> {
        let decided = self.request(number).is_some_and(|request| request.decided().is_some());
        let kinds = contract.after_decision.kinds.iter().filter(|_| decided);
        let of = |kind: &ReviewKind| {
            let (until, refused) = match self.may_follow(number, *kind, contract, now) {
                Ok(until) => (until, None),
                Err(why) => (None, Some(why)),
            };
            FollowUp { kind: *kind, until, refused }
        };
        kinds.map(of).collect()
    }

    /// Until when something may follow a decided request.
    ///
    /// # Errors
    /// Why it may not.
    pub fn may_follow(
        &self,
        number: RequestNumber,
        kind: ReviewKind,
        contract: &Contract,
        now: Timestamp,
    ) -> Result<Option<Date>, FollowError> {
        let request = self.request(number).ok_or(FollowError::NoRequest)?;
        let decided = request.decided().ok_or(FollowError::NotDecided(request.status()))?;
        if !contract.after_decision.kinds.contains(&kind) {
            return Err(FollowError::NotOffered(kind));
        }
        if self.is_full() {
            return Err(FollowError::Full);
        }
        let zone = &contract.calendar.time_zone;
        let today = zone.date_at(now);
        if kind.is_another_look() {
            if !decided.outcome.is_adverse() {
                return Err(FollowError::NothingAdverse);
            }
            let again = kind == ReviewKind::Reconsideration && request.review.is_another_look();
            if again || request.review == ReviewKind::Appeal {
                return Err(FollowError::SecondLook(request.review));
            }
            let looks = |other: &&Request| {
                other.review.is_another_look() && other.follows.as_ref().is_some_and(|follows| follows.of == number)
            };
            nothing_came_of(self.requests.iter().filter(looks))?;
            // What it orders is carried out by a further request; two looks would authorize the same twice.
            if request.hearings.last().is_some_and(super::hearing::Hearing::is_open) {
                return Err(FollowError::ToBeHeard);
            }
            let until = contract.look_again_until(kind, zone.date_at(decided.noticed()));
            let over = until.filter(|last| *last < today).map(|last| FollowError::WindowOver { kind, last });
            return over.map_or(Ok(until), Err);
        }
        let authorization = self.authorization_of(request).ok_or(FollowError::NotApproved)?;
        let changes = |other: &&Request| {
            let same = other.follows.as_ref().is_some_and(|follows| follows.authorization == authorization.number);
            same && !other.review.is_another_look() && other.is_undecided()
        };
        nothing_came_of(self.requests.iter().filter(changes))?;
        let last = authorization.requests.last().copied().filter(|last| *last != number);
        if let Some(last) = last {
            return Err(FollowError::Superseded(last));
        }
        let last_day = authorization.last_day().ok_or(FollowError::NotApproved)?;
        let grace = if kind == ReviewKind::Extension { contract.after_decision.extension_days } else { 0 };
        let until = window_end(last_day, grace);
        if until < today { Err(FollowError::Expired(last_day)) } else { Ok(Some(until)) }
    }

    /// Asks for what follows a decision: the case with a further request, whose clock runs. `determinations` are those of the case.
    ///
    /// # Errors
    /// Why it may not, or everything wrong at the fields.
    pub fn follow(
        self,
        number: RequestNumber,
        (wanted, said): (Wanted, Said),
        determinations: &[Determination],
        contract: &Contract,
        at: Timestamp,
    ) -> Result<Change, FollowError> {
        let case = self.with_authorizations(determinations);
        let kind = wanted.kind();
        case.may_follow(number, kind, contract, at)?;
        let admission = case.service.as_ref().and_then(|service| service.stay.as_ref()).map(|stay| stay.admission);
        let turnaround = contract.turnaround_for(kind, case.setting, admission, said.urgency);
        let limit = turnaround.ok_or(FollowError::NotOffered(kind))?.limit;
        let clock = Clock::start(limit, at, format!("Received; {limit} for {kind}."), contract.version.clone());
        let clock = clock.frozen(&contract.calendar);
        let request = case.clone().further(number, (wanted, said), determinations, contract, (at, clock))?;
        let event = EventKind::RequestFollowed { request: request.number, of: number, review: kind };
        let mut case = case;
        case.requests.push(request.clone());
        Ok(case.with_request(request, at, vec![event]))
    }

    /// The further request for what follows a decision, whose clock runs.
    pub(super) fn further(
        self,
        number: RequestNumber,
        (wanted, said): (Wanted, Said),
        determinations: &[Determination],
        contract: &Contract,
        (at, clock): (Timestamp, Clock),
    ) -> Result<Request, FollowError> {
        let case = self.with_authorizations(determinations);
        let kind = wanted.kind();
        let of = case.request(number).ok_or(FollowError::NoRequest)?;
        let made = of.decided().map(|decided| decided.number);
        let made = determinations.iter().find(|one| one.request == number && Some(one.number) == made);
        let made = made.ok_or(FollowError::NotDecided(of.status()))?;
        let asked = case.asked(of, made, wanted, contract, at)?;
        let own = case.number_of(of).ok_or(FollowError::NotDecided(of.status()))?;
        let next = case.requests.last().map_or(RequestNumber::FIRST, |last| last.number.next());
        let follows = Follows {
            of: number,
            by: said.by,
            fax: said.fax,
            note: said.note,
            documents: said.documents,
            lines: asked.lines.iter().map(|(stands_for, ..)| *stands_for).collect(),
            authorized: asked.lines.iter().map(|(_, had, _)| had.clone()).collect(),
            removed: asked.removed,
            authorization: own,
            decided_by: decided_by(of, determinations),
            servicing: asked.servicing,
            ordered: None,
        };
        Ok(Request {
            number: next,
            review: kind,
            urgency: said.urgency,
            lines: asked.lines.into_iter().map(|(.., line)| line).collect(),
            state: State::Submitted { clock },
            follows: Some(follows),
            ..Request::first()
        })
    }

    fn asked(
        &self,
        of: &Request,
        made: &Determination,
        wanted: Wanted,
        contract: &Contract,
        at: Timestamp,
    ) -> Result<Asked, FollowError> {
        let today = contract.calendar.time_zone.date_at(at);
        let authorized = self.authorization_of(of).map_or(&[][..], |authorization| &authorization.lines);
        match wanted {
            Wanted::Reconsideration | Wanted::Appeal => {
                let adverse = |(place, (line, outcome)): (usize, (&Line, &LineOutcome))| {
                    let stands_for = LineOf { request: of.number, line: place };
                    let had = self.authorized_for(of, stands_for);
                    (!matches!(outcome, LineOutcome::Approved)).then(|| (Some(stands_for), had, line.clone()))
                };
                let lines = of.lines.iter().zip(&made.lines).enumerate().filter_map(adverse).collect();
                let (removed, servicing) = of
                    .follows
                    .as_ref()
                    .filter(|_| made.outcome() == Outcome::Denied)
                    .map(|follows| (follows.removed.clone(), follows.servicing.clone()))
                    .unwrap_or_default();
                Ok(Asked { lines, removed, servicing })
            }
            Wanted::Extension { to } => {
                let lines: Vec<Named> = authorized.iter().map(|held| extended(held, to)).collect();
                self.check_extension((authorized, &lines), to, contract, today)
                    .into_result()
                    .map_err(FollowError::Fields)?;
                Ok(Asked { lines, removed: Vec::new(), servicing: None })
            }
            Wanted::Revision { lines, servicing } => {
                let servicing = servicing.filter(|to| self.servicing.as_ref().is_none_or(|now| now.id != to.id));
                let mut errors = places(&lines, authorized.len());
                let asked: Vec<Line> = lines.iter().map(|(_, line)| line.clone()).collect();
                errors.nest("", self.check_lines(&asked, Some(ReviewKind::Revision), contract, today));
                errors.nest("", billed(&lines, authorized, servicing.is_some()));
                if servicing.as_ref().is_some_and(|provider| provider.contract != self.contract) {
                    let text = "This provider is not in the registry of the case's contract.";
                    errors.add("/servicing", Wrong::OtherContract.says(text));
                }
                errors.into_result().map_err(FollowError::Fields)?;
                let kept = |place: usize| lines.iter().any(|(of, _)| *of == Some(place));
                let gone = authorized.iter().enumerate().filter(|(place, _)| !kept(*place));
                let removed: Vec<LineOf> = gone.map(|(_, held)| held.of).collect();
                let named = |(place, line): (Option<usize>, Line)| {
                    let held = place.and_then(|place| authorized.get(place));
                    (held.map(|held| held.of), held.map(|held| held.line.clone()), line)
                };
                let lines: Vec<Named> = lines.into_iter().map(named).collect();
                let same = lines.iter().all(|(_, had, line)| had.as_ref() == Some(line));
                if same && removed.is_empty() && servicing.is_none() {
                    return Err(FollowError::NothingChanged);
                }
                Ok(Asked { lines, removed, servicing })
            }
        }
    }

    fn check_extension(
        &self,
        (authorized, lines): (&[Authorized], &[Named]),
        to: Date,
        contract: &Contract,
        today: Date,
    ) -> FieldErrors {
        let mut errors = FieldErrors::none();
        let last = authorized.iter().map(|held| held.line.period.to()).max().unwrap_or(Date::MIN);
        let latest = contract.windows.latest(today);
        if to <= last {
            let earliest = last.tomorrow().unwrap_or(Date::MAX);
            let text = format!("The authorization lasts until {} already.", last.strftime("%B %-d, %Y"));
            errors.add("/to", Wrong::TooEarly { earliest }.says(text));
        } else if to > latest {
            let text = format!("An extension ends by {} at the latest.", latest.strftime("%B %-d, %Y"));
            errors.add("/to", Wrong::TooLate { latest }.says(text));
        } else {
            let lines: Vec<Line> = lines.iter().map(|(.., line)| line.clone()).collect();
            let of_lines = self.check_lines(&lines, Some(ReviewKind::Extension), contract, today);
            // The day is all that was typed.
            for error in of_lines.as_slice() {
                errors.add("/to", error.objection.clone());
            }
        }
        errors
    }
}

/// A line that is asked for: what it stands for, what is authorized of that, and the line.
type Named = (Option<LineOf>, Option<Line>, Line);

struct Asked {
    lines: Vec<Named>,
    removed: Vec<LineOf>,
    servicing: Option<Provider>,
}

/// What was asked for before must have been taken back: else it is open, or a decision to go on from.
fn nothing_came_of<'a>(requests: impl Iterator<Item = &'a Request>) -> Result<(), FollowError> {
    for request in requests {
        if request.is_undecided() {
            return Err(FollowError::Open(request.number));
        }
        if request.decided().is_some() {
            return Err(FollowError::Superseded(request.number));
        }
    }
    Ok(())
}

/// Everybody who had a part in a decision and in those that it followed.
fn decided_by(of: &Request, determinations: &[Determination]) -> Vec<Username> {
    let made = determinations.iter().filter(|made| made.request == of.number);
    let deciders = made.filter_map(|made| match &made.by {
        DecidedBy::Reviewer { username, .. } => Some(username.clone()),
        DecidedBy::Rule { .. } | DecidedBy::Lapse => None,
    });
    let referred = of.referrals.iter().map(|referral| referral.by.clone());
    let before = of.follows.iter().flat_map(|follows| follows.decided_by.iter().cloned());
    let mut all: Vec<Username> = Vec::new();
    for name in deciders.chain(referred).chain(before) {
        if !all.contains(&name) {
            all.push(name);
        }
    }
    all
}

fn extended(held: &Authorized, to: Date) -> Named {
    let had = held.line.clone();
    let period = Period::new(had.period.from(), to.max(had.period.to())).unwrap_or(had.period);
    let duration = period.days().try_into().unwrap_or(had.duration);
    (Some(held.of), Some(had.clone()), Line { period, duration, ..had })
}
