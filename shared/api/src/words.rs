//! Texts of the wire that are one of a few words, for the `OpenAPI` document: a client's compiler then knows them all.
//!
//! Each takes its words from the type that decides, and does not compile while one of its values is left out.

use portico_domain as domain;
use serde::Serialize;
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{
        RefOr,
        schema::{ObjectBuilder, Schema, Type},
    },
};

use crate::form::word;

/// A text that is one of these.
fn one_of(words: impl IntoIterator<Item = String>) -> RefOr<Schema> {
    ObjectBuilder::new().schema_type(Type::String).enum_values(Some(words)).into()
}

fn wire<T: Serialize>(values: &[T]) -> RefOr<Schema> {
    one_of(values.iter().map(word))
}

/// Documents the words of a type without data as `name`.
macro_rules! words {
    ($($(#[$about:meta])* $name:ident: $type:ty = $($value:ident)|+;)+) => {$(
        $(#[$about])*
        pub(crate) struct $name;

        impl ToSchema for $name {}

        impl PartialSchema for $name {
            fn schema() -> RefOr<Schema> {
                // Nothing is left out.
                let _ = |value: &$type| match value { $(<$type>::$value => (),)+ };
                wire(&[$(<$type>::$value),+])
            }
        }
    )+};
}

/// Documents the words that views use for a type with data as `name`.
macro_rules! states {
    ($($(#[$about:meta])* $name:ident = $($word:literal)|+;)+) => {$(
        $(#[$about])*
        pub(crate) struct $name;

        impl ToSchema for $name {}

        impl PartialSchema for $name {
            fn schema() -> RefOr<Schema> {
                one_of([$($word.to_owned()),+])
            }
        }
    )+};
}

words! {
    /// Where a request stands.
    Status: domain::status::Status =
        Draft | Submitted | NurseReview | PhysicianReview | Pended | PendedEligibility | Approved | Modified
            | Denied | Void | Withdrawn | Cancelled;
    /// What was decided.
    Outcome: domain::status::Outcome = Approved | Modified | Denied;
    /// Why a request was closed without a decision.
    Closed: domain::status::Closed = NotEligible | NotRequired | Duplicate;
    /// Whether authorization is required; `call` when no rule covers what was asked.
    Verdict: domain::contracts::check::Verdict = Required | NotRequired | Call;
    /// What a letter tells.
    LetterAbout: domain::letters::About = Determination | Information | Void | Withdrawal | Extension;
    /// The print of a letter.
    LetterFormat: domain::reading::Format = Standard | LargePrint;
    /// Who asked for more time for a decision.
    AskedForTime: domain::cases::more_time::AskedForTime = Member | Provider | Plan;
    /// Who reads a letter.
    Audience: domain::status::Audience = Provider | Member;
    /// What a measure is told in.
    Unit: domain::reports::sheet::Unit = Count | Percent | Hours | Days;
    /// With a bed or without.
    Setting: domain::service::Setting = Inpatient | Outpatient;
    /// Whether an admission was planned.
    Admission: domain::service::Admission = Elective | Emergent;
    /// How fast an answer is needed.
    Urgency: domain::service::Urgency = Standard | Expedited;
    /// Why a request is made.
    ReviewKind: domain::service::ReviewKind =
        Initial | Concurrent | Retrospective | Renewal | Reconsideration | Appeal | Revision | Extension;
    /// What a note goes with.
    NoteType: domain::cases::note::NoteType = Note | Information | PeerToPeer | Reconsideration | Appeal | Revision | Extension;
    /// The time over which a frequency counts.
    Per: domain::service::Per = Day | Week | Month;
    /// Gender as eligibility files carry it.
    Gender: domain::person::Gender = Female | Male | Unknown;
    /// A clinic, hospital or agency; or a person.
    ProviderKind: domain::person::ProviderKind = Facility | Individual;
    /// What a procedure code is a code of.
    CodeType: domain::code::CodeType = Cpt | Hcpcs | Revenue;
    /// A country that addresses may be in.
    Country: domain::contact::Country = UnitedStates | Canada;
    /// A second factor.
    Factor: domain::factor::Factor = App | Email | Text | Voice;
    /// A role of provider users.
    ProviderRole: domain::caller::ProviderRole = GroupAdmin | ProviderAdmin | Staff | GroupAdminReports | ProviderAdminReports;
    /// A role of the payer's staff.
    StaffRole: domain::caller::StaffRole = Intake | Nurse | Physician | Support | ContractManager | Operations;
    /// How far a required document is.
    ChecklistStatus: domain::cases::submit::ChecklistStatus = Missing | Checking | Attached;
    /// How far a step of a draft is.
    StepStanding: domain::cases::progress::Standing = Complete | Missing | NotNeeded;
    /// A step of a draft between the member and submit.
    CasePart: domain::cases::progress::Part = Providers | Service | Diagnoses | Request | Procedures | Questionnaires | Documents | Notes;
    /// How far a questionnaire is.
    QuestionnaireProgress: domain::cases::questionnaires::Progress =
        NotBegun | Begun | Complete | VersionChanged | RequestChanged | DocumentGone;
    /// How another look at a decision ended, by the payer or in a State fair hearing.
    HearingOutcome: domain::cases::hearing::HearingOutcome = Upheld | Reversed | ReversedInPart | Withdrawn | Dismissed;
    /// What somebody did with a case.
    Deed: domain::cases::accesses::Deed = Viewed | Document | Letter | Messages | Accesses | Changed | Reviewed | Told | Other;
    /// Which side somebody is of who is on record with a case.
    Party: domain::cases::accesses::Party = Provider | ReviewTeam | Agency | System;
    /// A side of the conversation on a case.
    Side: domain::status::Side = Provider | Staff;
    /// Of which news on cases a user wants mail.
    NewsMail: domain::accounts::NewsMail = All | Own | None;
    /// A worklist.
    Queue: domain::status::Queue = Nurse | Physician;
    /// Why intake closed a fax without a case.
    FaxCloseReason: domain::delivery::received::CloseReason = Misdirected | Unreadable | Repeated | Returned | Other;
    /// Where a pack stands.
    PackStanding: domain::contracts::packs::Standing = Past | InForce | ToCome;
    /// What applying a pack does.
    PackEffect: domain::contracts::packs::Effect = New | Replaces | Nothing;
    /// A queue of work, or dead letters alone.
    WorkQueue: domain::events::lane::Lane = Review | Letters | Fax | Mail | Notices | Pins | Received | Subscriptions | Documents
        | ProviderFeeds | MemberFeeds | ClaimFeeds | Events | Schedules;
    /// What a file brings.
    FeedKind: domain::feeds::Kind = Providers | Members | Claims;
}

states! {
    /// Why a pack is not applied, or not withdrawn.
    PackRefused = "other-day" | "other-content" | "same-day" | "not-to-come" | "never-holds" | "in-force" | "in-force-soon";
    /// Whether a client may still ask.
    ClientState = "active" | "ended";
    /// What a client may do, in the words of SMART.
    ClientScope = "system/Claim.rs" | "system/Claim.c" | "system/Questionnaire.rs" | "system/DocumentReference.c"
        | "system/Subscription.cruds";
    /// Where a subscription of a client stands; `error`: its receiver takes nothing.
    SubscriptionStatus = "requested" | "active" | "error" | "off";
    /// What of an answer its messages have.
    SubscriptionContent = "full-resource" | "id-only";
    /// The algorithm of a key.
    KeyAlgorithm = "RS384" | "ES384";
    /// What came of an upload; `failed` did not arrive, or was not checked in time.
    DocumentState = "awaited" | "accepted" | "refused" | "failed" | "removed";
    /// What the scan for harmful content found: something harmful, something that cannot be looked into, or nothing, for it failed.
    ScanRefusal = "harmful" | "unscannable" | "unscanned";
    /// Where an account stands.
    UserState = "invited" | "active" | "locked" | "dormant" | "deactivated";
    /// How far a call of the fax carrier is.
    CallStatus = "queued" | "sending" | "delivered" | "failed";
    /// Whether a letter has reached its reader: by fax, by mail, or not yet.
    DeliveryStatus = "delivered" | "mailed" | "refused" | "under-way";
    /// Why a letter is mailed.
    MailReason = "usual" | "fax-failed";
    /// Where a clock stands.
    ClockState = "running" | "paused" | "met" | "missed" | "stopped";
    /// What happened to a clock.
    ClockEntry = "started" | "paused" | "resumed" | "extended" | "escalated" | "met" | "missed" | "stopped";
    /// What a last day is for.
    DeadlineKind = "decision" | "information" | "peer-to-peer" | "reconsideration" | "appeal" | "hearing";
    /// Whether what was asked for has come.
    PendState = "waiting" | "answered" | "silent" | "withdrawn";
    /// What became of a peer-to-peer conversation.
    TalkState = "asked" | "scheduled" | "held" | "missed";
    /// What staff note of it.
    TalkNote = "scheduled" | "held" | "missed";
    /// What an alert tells.
    AlertNews = "determined" | "corrected" | "withdrawn" | "returned" | "information-requested" | "letter-ready" | "fax-given-up" | "mail-refused" | "deadline-near"
        | "hearing" | "message" | "coverage-awaited" | "voided" | "fax-filed" | "draft-yours" | "draft-end-near"
        | "draft-ended" | "draft-to-correct" | "time-extended" | "time-over";
    /// Where a fax that came in stands.
    FaxStanding = "waiting" | "filed" | "opened" | "closed";
    /// Why a fax is with intake.
    WhyIntake = "no-barcode" | "unreadable" | "several" | "unknown" | "other-contract" | "not-open" | "full";
    /// How far a State fair hearing is.
    HearingState = "requested" | "scheduled" | "ended";
    /// Who asks for one.
    HearingAsker = "provider" | "member" | "representative";
    /// Why none may be asked for now.
    HearingRefusal = "appeal-first" | "window-over" | "looked-at-again" | "open" | "over" | "full";
    /// What was to be done by a message of a queue.
    TaskName = "review" | "writeLetters" | "writeInformationLetters" | "writeVoidLetters" | "writeExtensionLetters" | "writeLetterAgain" | "fax" | "mail"
        | "inviteNotice" | "passwordNotice" | "lockedNotice" | "emailPinNotice" | "emailUndoNotice" | "dormancyNotice" | "accountNotice"
        | "pinCall" | "writeFaxCode" | "faxCode" | "receiveFax" | "caseNotice" | "caseMail" | "notify";
    /// How far an import is.
    ImportState = "running" | "done" | "refused";
    /// What a caller may do with a case.
    CaseMay = "edit" | "attach" | "note" | "submit" | "cancel";
    /// Which of a member's earlier requests.
    RequestList = "requesting" | "servicing";
    /// What they are sorted by.
    RequestSort = "request" | "status" | "submitted" | "setting" | "discharged" | "service-type" | "days";
    /// In which direction.
    Order = "ascending" | "descending";
    /// What a caller may do with a request.
    RequestMay = "claim" | "assign" | "determine" | "refer" | "pend" | "more-time" | "void" | "release" | "add" | "answer" | "withdraw" | "peer-to-peer";
    /// What may follow a decision.
    FollowKind = "reconsideration" | "appeal" | "extension" | "revision";
    /// Why something may not follow a decision.
    FollowRefusal = "not-decided" | "not-offered" | "nothing-adverse" | "second-look" | "window-over" | "already-open"
        | "superseded" | "to-be-heard" | "not-approved" | "expired" | "full";
    /// A step of the wizard.
    StepName = "providers" | "service" | "diagnoses" | "request" | "procedures" | "questionnaires" | "notes";
    /// A set of codes.
    CodeSystem = "icd10cm" | "hcpcs";
    /// A report of a contract.
    ReportName = "turnaround" | "volumes" | "outcomes" | "ageing" | "reviewers" | "delivery" | "services";
    /// What a volume is told by.
    VolumeBy = "day" | "week" | "month" | "review" | "service-type" | "setting" | "provider";
    /// How a report is told.
    ReportFormat = "json" | "csv";
    /// A yearly figure that has requests behind it.
    MetricFigure = "standard-approved" | "standard-denied" | "standard-approved-after-appeal" | "approved-after-extension"
        | "expedited-approved" | "expedited-denied" | "standard-time" | "expedited-time" | "standard-withdrawn"
        | "standard-open" | "expedited-withdrawn" | "expedited-open";
    /// Which of the requests behind a figure.
    MetricPart = "numerator" | "denominator";
    /// Yes or no, in a query.
    YesNo = "true" | "false";
    /// What a reviewer does with a request.
    Decision = "refer" | "determine" | "void" | "correct";
}
