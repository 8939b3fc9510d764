//! What is done with faxes that came in (LTR-08): one is filed to the request that its bars name while that is open, for then a
//! reviewer sees it; every other one is a task of the contract's intake, which files it, opens a case from it or closes it.

use jiff::Timestamp;

use super::received::{Bars, CloseReason, FaxFile, Kept, ReceivedFax, Stands, WhyIntake};
use crate::{
    accounts::User,
    caller::{Denied, Reviewer, StaffRole},
    cases::{
        Case, Change,
        document::{Document, DocumentState, FileType},
        request::{Added, Claim},
    },
    contracts::Contract,
    events::EventKind,
    id::{ContractId, RequestNumber},
    letters::About,
    reviews::{ReviewError, information},
};

/// What is known of the letter that the bars name.
#[derive(Clone, Debug)]
pub struct NamedLetter {
    /// Its case.
    pub case: Case,
    /// What it tells, and since when; none when it was not issued about that request.
    pub about: Option<(About, Timestamp)>,
    /// Whether the case has room for one more document.
    pub has_room: bool,
}

/// Where a fax goes.
#[derive(Clone, PartialEq, Debug)]
#[expect(clippy::large_enum_variant, reason = "one lives for one fax")]
pub enum Placed {
    /// To the request: the case and the document as they are then.
    Filed(Change, Document),
    /// To intake.
    Intake(WhyIntake),
}

/// Why intake could not do something with a fax.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum IntakeError {
    /// It is not the caller's to see or to work on.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// It does not wait any more.
    #[error("This fax has been dealt with already.")]
    Ended,
    /// Somebody else works on it, since when in words.
    #[error("Somebody else has worked on this fax since {0}.")]
    TakenByOther(String),
    /// Whoever ends it takes it first.
    #[error("Take the fax before you file it, open a case from it or close it.")]
    NotTaken,
    /// A fax that cannot be read is no document.
    #[error("The pages of this fax cannot be read. Ask the sender for it again, and close it.")]
    NoPages,
    /// A case has no room for it.
    #[error("This case has as many documents as a case may have.")]
    Full,
    /// The request does not take it.
    #[error(transparent)]
    Request(#[from] ReviewError),
}

impl Reviewer {
    /// Whether they do the intake of a contract.
    ///
    /// # Errors
    /// Hidden for staff of other contracts, forbidden to other roles.
    pub fn may_intake(&self, contract: &ContractId) -> Result<(), Denied> {
        if !self.contracts.contains(contract) {
            return Err(Denied::Hidden);
        }
        if self.role == StaffRole::Intake { Ok(()) } else { Err(Denied::Forbidden) }
    }
}

/// Whether somebody may still work on what they took.
#[must_use]
pub fn still_intake(user: Option<&User>, contract: &ContractId) -> bool {
    let post = user.filter(|user| user.is_active()).and_then(User::post);
    post.is_some_and(|post| post.may_intake(contract).is_ok())
}

impl ReceivedFax {
    /// The document that it is at a request.
    #[must_use]
    pub fn document(&self, request: RequestNumber, file: &FaxFile, contract: &Contract, at: Timestamp) -> Document {
        let FaxFile { bytes, sha256, pages } = file.clone();
        let day = contract.calendar.time_zone.date_at(self.at);
        Document {
            id: self.id.document(),
            request,
            document_type: contract.intake.document_type.clone(),
            file_name: format!("fax-{day}.tiff"),
            file_type: FileType::Tiff,
            at: self.at,
            by: self.id.into(),
            state: DocumentState::Accepted { at, bytes, sha256, pages: Some(pages) },
        }
    }

    /// Files it to a request, as what a provider adds after submit is. It answers a request for information when it came back
    /// with the letter that asked.
    fn file(
        &self,
        file: &FaxFile,
        (case, request, answers): (Case, RequestNumber, bool),
        contract: &Contract,
        at: Timestamp,
    ) -> Result<(Change, Document), ReviewError> {
        let document = self.document(request, file, contract, at);
        let added = Added { at, by: self.id.into(), note: None, documents: vec![document.id], answers, seen: None };
        let mut change = information::add(case, request, added, contract)?;
        change.events.insert(0, EventKind::FaxFiled { request, document: document.id });
        Ok((change, document))
    }

    /// Where it goes by itself. `named` is what the bars name, if a case has it.
    #[must_use]
    pub fn place(
        &self,
        file: &FaxFile,
        (bars, named): (&Bars, Option<NamedLetter>),
        contract: &Contract,
        at: Timestamp,
    ) -> Placed {
        let reference = match bars {
            Bars::Unreadable => return Placed::Intake(WhyIntake::Unreadable),
            Bars::None => return Placed::Intake(WhyIntake::NoBarcode),
            Bars::Several => return Placed::Intake(WhyIntake::Several),
            Bars::One(reference) => reference,
        };
        let Some(NamedLetter { case, about: Some((about, issued)), has_room }) = named else {
            return Placed::Intake(WhyIntake::Unknown);
        };
        if case.contract != contract.id {
            return Placed::Intake(WhyIntake::OtherContract);
        }
        let (request, case_id) = (reference.request, reference.case.clone());
        let Some(open) = case.request(request).filter(|request| request.is_undecided()) else {
            return Placed::Intake(WhyIntake::NotOpen { case: case_id, request });
        };
        if !has_room {
            return Placed::Intake(WhyIntake::Full { case: case_id });
        }
        // A letter of an earlier question is no answer to what is asked now.
        let answers = about == About::Information && open.pended().is_some_and(|pend| issued >= pend.at);
        match self.file(file, (case, request, answers), contract, at) {
            Ok((change, document)) => Placed::Filed(change, document),
            Err(_) => Placed::Intake(WhyIntake::NotOpen { case: case_id, request }),
        }
    }

    /// The fax as it waits, with who has it.
    fn waiting(&self, by: &Reviewer) -> Result<(&Kept, &WhyIntake, Option<&Claim>), IntakeError> {
        let kept = self.kept().ok_or(Denied::Hidden)?;
        by.may_intake(&kept.contract)?;
        match &kept.stands {
            Stands::Waits { why, claim } => Ok((kept, why, claim.as_ref())),
            Stands::Filed { .. } | Stands::Opened { .. } | Stands::Closed { .. } => Err(IntakeError::Ended),
        }
    }

    /// Takes it to work on it; `works` says whether whoever has it may still do so. `None` when it is the caller's already.
    ///
    /// # Errors
    /// When it is not theirs, does not wait, or another has it.
    pub fn take(
        self,
        by: &Reviewer,
        (contract, works): (&Contract, bool),
        at: Timestamp,
    ) -> Result<Option<Self>, IntakeError> {
        let (kept, why, claim) = self.waiting(by)?;
        if let Some(claim) = claim.filter(|claim| at < claim.until(&contract.reviews)) {
            if claim.by == by.username {
                return Ok(None);
            }
            if works {
                return Err(IntakeError::TakenByOther(contract.calendar.time_zone.in_words(claim.at)));
            }
        }
        let claim = Some(Claim { by: by.username.clone(), at });
        let (kept, why) = (kept.clone(), why.clone());
        Ok(Some(self.now(kept, Stands::Waits { why, claim })))
    }

    /// Gives it back. `None` when nobody has it.
    ///
    /// # Errors
    /// When it is not theirs, does not wait, or another has it.
    pub fn give_back(self, by: &Reviewer, contract: &Contract) -> Result<Option<Self>, IntakeError> {
        let (kept, why, claim) = self.waiting(by)?;
        match claim {
            None => Ok(None),
            Some(claim) if claim.by != by.username => {
                Err(IntakeError::TakenByOther(contract.calendar.time_zone.in_words(claim.at)))
            }
            Some(_) => {
                let (kept, why) = (kept.clone(), why.clone());
                Ok(Some(self.now(kept, Stands::Waits { why, claim: None })))
            }
        }
    }

    /// What is kept of it, for whoever has taken it and ends it now.
    ///
    /// # Errors
    /// When it is not theirs, does not wait, or they have not taken it.
    pub fn taken_by(&self, by: &Reviewer, contract: &Contract) -> Result<&Kept, IntakeError> {
        let (kept, _, claim) = self.waiting(by)?;
        match claim {
            Some(claim) if claim.by == by.username => Ok(kept),
            Some(claim) => Err(IntakeError::TakenByOther(contract.calendar.time_zone.in_words(claim.at))),
            None => Err(IntakeError::NotTaken),
        }
    }

    /// Intake files it to a request of the same contract, decided ones too; it answers what was asked for when intake says so.
    ///
    /// # Errors
    /// When they have not taken it, or the request does not take it.
    pub fn file_by(
        self,
        by: &Reviewer,
        (case, request, answers): (Case, RequestNumber, bool),
        (has_room, contract): (bool, &Contract),
        at: Timestamp,
    ) -> Result<(Self, Change, Document), IntakeError> {
        let kept = self.readable(by, contract)?;
        if case.contract != kept.contract || case.submission.is_none() {
            return Err(Denied::Hidden.into());
        }
        if !has_room {
            return Err(IntakeError::Full);
        }
        let key = case.key;
        let (change, document) = self.file(&kept.file, (case, request, answers), contract, at)?;
        let by = Some(by.username.clone());
        Ok((self.now(kept, Stands::Filed { case: key, request, at, by }), change, document))
    }

    /// Intake begins a case with it: a draft of the provider's, who completes it and hands it in.
    ///
    /// # Errors
    /// When they have not taken it.
    pub fn open_by(
        self,
        by: &Reviewer,
        mut begun: Change,
        contract: &Contract,
        at: Timestamp,
    ) -> Result<(Self, Change, Document), IntakeError> {
        let kept = self.readable(by, contract)?;
        let request = RequestNumber::FIRST;
        let document = self.document(request, &kept.file, contract, at);
        begun.events.push(EventKind::FaxFiled { request, document: document.id });
        let opened = Stands::Opened { case: begun.case.key, at, by: by.username.clone() };
        Ok((self.now(kept, opened), begun, document))
    }

    fn readable(&self, by: &Reviewer, contract: &Contract) -> Result<Kept, IntakeError> {
        let kept = self.taken_by(by, contract)?;
        if kept.file.pages == 0 { Err(IntakeError::NoPages) } else { Ok(kept.clone()) }
    }

    /// Intake closes it without a case.
    ///
    /// # Errors
    /// When they have not taken it.
    pub fn close_by(
        self,
        by: &Reviewer,
        (reason, note): (CloseReason, String),
        contract: &Contract,
        at: Timestamp,
    ) -> Result<Self, IntakeError> {
        let kept = self.taken_by(by, contract)?.clone();
        Ok(self.now(kept, Stands::Closed { reason, note, at, by: by.username.clone() }))
    }
}
