//! A contract is data: every number, text and rule that differs between agencies (OPS-01).
//!
//! The type is the pack's format. A pack that does not parse, or that [`Contract::problems`] complains about, is not applied.

mod after_decision;
pub mod apart;
mod asked;
pub mod auto_rule;
mod auto_rule_check;
pub mod caps;
pub mod catalogue;
mod catalogue_check;
pub mod check;
pub mod code_rule;
mod code_rule_check;
#[cfg(test)]
mod code_rule_tests;
mod dialled;
pub mod drafts;
pub mod eligibility;
pub mod expiry;
pub mod fax;
pub mod fhir;
pub mod follow_ups;
pub mod gold_card;
pub mod intake;
mod limits;
pub mod more_time;
pub mod packs;
pub mod pattern;
pub mod pends;
mod promised;
pub mod questionnaire;
pub mod questionnaire_check;
pub mod questionnaire_rules;
#[cfg(test)]
mod questionnaire_tests;
pub mod reports;
#[cfg(test)]
pub(crate) mod samples;
pub mod strictest;

use jiff::{Span, civil::Date};
use serde::{Deserialize, Serialize};

use crate::{
    calendar::Calendar,
    clock::{TimeLimit, TimeUnit},
    contact::{Email, Phone},
    contracts::{
        auto_rule::AutoRule,
        catalogue::CatalogueRules,
        code_rule::{CodeRule, Unlisted},
        drafts::DraftRules,
        eligibility::EligibilityRules,
        expiry::ExpiryRules,
        fax::FaxRules,
        fhir::FhirRules,
        follow_ups::FollowRules,
        gold_card::GoldCardRules,
        intake::IntakeRules,
        more_time::MoreTimeRules,
        pends::PendRules,
        questionnaire::Questionnaire,
        questionnaire_rules::QuestionnaireRule,
        reports::ReportRules,
    },
    factor::{Allowed, Factor},
    field::{FieldErrors, Objection},
    glyphs::clean,
    id::ContractId,
    letters::{Language, Texts},
    period::Period,
    person::ProviderKind,
    service::{Admission, ReviewKind, Setting, Urgency},
    wrong::Wrong,
};

/// The settings of one contract from a date on.
#[derive(Clone, PartialEq, Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Contract {
    /// Short name, e.g. `arkansas`.
    pub id: ContractId,
    /// What people call it.
    pub name: String,
    /// Version of this pack; named by every decision made under it.
    pub version: String,
    /// First day it holds, in the contract's zone.
    pub effective_from: Date,
    /// How providers register.
    pub registration: RegistrationRules,
    /// Accounts, sessions and lock-out.
    pub accounts: AccountRules,
    /// How this contract's support is reached.
    pub support: Support,
    /// Members whom eligibility does not know yet.
    pub members: MemberRules,
    /// Business days, holidays, zone.
    pub calendar: Calendar,
    /// Time limits by review type; the first that fits holds (REV-07).
    pub turnaround: Vec<Turnaround>,
    /// Time limits and look-back for what providers may ask.
    pub windows: Windows,
    /// The service types that the wizard offers.
    pub service_types: Vec<ServiceType>,
    /// The places of service that the wizard offers.
    pub places_of_service: Vec<Choice>,
    /// The document types that may be attached.
    pub document_types: Vec<Choice>,
    /// Size limit of one attachment in bytes (CASE-20).
    pub document_max_bytes: u64,
    /// Rules by procedure code (CASE-15).
    pub codes: Vec<CodeRule>,
    /// What a code means that has no rule (CASE-16).
    #[serde(default)]
    pub unlisted_codes: Unlisted,
    /// Under which name the rules for single codes are kept, where they are too many for one item: no pack says it.
    #[serde(default)]
    pub codes_apart: Option<String>,
    /// What is approved at once (REV-02).
    #[serde(default)]
    pub auto_review: Vec<AutoRule>,
    /// What a provider's gold card takes, where a rule rests on one.
    #[serde(default)]
    pub gold_card: Option<GoldCardRules>,
    /// What must be agreed to at submit (CASE-23).
    pub disclaimer: String,
    /// How often a fax is tried.
    pub fax: FaxRules,
    /// Which faxes come in for it.
    #[serde(default)]
    pub intake: IntakeRules,
    /// How reviewers share the work.
    #[serde(default)]
    pub reviews: ReviewRules,
    /// How long a draft is kept.
    #[serde(default)]
    pub drafts: DraftRules,
    /// How a request waits for information.
    #[serde(default)]
    pub pends: PendRules,
    /// By how much the time for a decision may be extended.
    #[serde(default)]
    pub more_time: MoreTimeRules,
    /// What is said where the time for a decision was over and that counts as one.
    #[serde(default)]
    pub expiry: ExpiryRules,
    /// How a request waits for the plan's file to cover its member.
    #[serde(default)]
    pub eligibility: EligibilityRules,
    /// What may follow a decision.
    #[serde(default)]
    pub after_decision: FollowRules,
    /// What reports leave out.
    #[serde(default)]
    pub reports: ReportRules,
    /// How requests by FHIR name what is here.
    #[serde(default)]
    pub fhir: FhirRules,
    /// The questionnaires, each a file of the pack (CASE-18).
    #[serde(default)]
    pub questionnaires: Vec<Questionnaire>,
    /// Which of them a request has to answer.
    #[serde(default)]
    pub questionnaire_rules: Vec<QuestionnaireRule>,
    /// The reasons that reviewers choose from.
    #[serde(default)]
    pub reasons: Vec<catalogue::Reason>,
    /// What their decisions may rest on.
    #[serde(default)]
    pub criteria: Vec<catalogue::Criterion>,
    /// How they use both.
    #[serde(default)]
    pub catalogue: CatalogueRules,
    /// Texts of the letters.
    pub letters: Texts,
}

/// What the registration form asks for (ACC-01, ORG-09).
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct RegistrationRules {
    /// What the registration code is here, e.g. "Medicaid ID".
    pub code_label: String,
    /// Where to find it.
    pub code_help: String,
    /// Who may register.
    pub kinds: Vec<ProviderKind>,
    /// Version of the terms of use (ACC-08).
    pub terms_version: String,
    /// The terms of use.
    pub terms: String,
}

/// The longest session that a contract may allow: the refresh tokens of both pools end then.
pub const MAX_ABSOLUTE_HOURS: u32 = 24;

/// Accounts and sessions (ACC-10, ACC-14, ACC-15, ACC-19).
#[derive(Clone, Copy, PartialEq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct AccountRules {
    /// How long the mailed link works.
    pub enrolment_days: u32,
    /// Failures in a row after which the account locks.
    pub lock_after_failures: u32,
    /// Days without sign-in after which the account is deactivated.
    pub dormant_days: u32,
    /// Days before that at which the user is warned by e-mail, first and last; 0 for none.
    #[serde(default)]
    pub dormancy_warning_days: [u32; 2],
    /// Who brings an account back that was not used for too long.
    #[serde(default)]
    pub reactivated_by: ReactivatedBy,
    /// Minutes without a call after which the session ends.
    pub idle_minutes: u32,
    /// Hours after which the session ends in any case.
    pub absolute_hours: u32,
    /// Days within which a changed e-mail address is put back by a link that the old one was mailed.
    #[serde(default = "a_week")]
    pub email_undo_days: u32,
    /// The second factors that users may choose from (ACC-11).
    #[serde(default)]
    pub factors: Allowed,
}

/// Who brings an account back that was not used for too long (ACC-15); the later one is the less strict.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ReactivatedBy {
    /// Support alone.
    #[default]
    Support,
    /// Administrators too, by Reset Registration.
    Administrator,
}

/// How support is reached.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Support {
    /// Telephone.
    pub phone: Phone,
    /// E-mail.
    #[serde(deserialize_with = "crate::contact::strict")]
    pub email: Email,
}

/// Members whom eligibility does not know yet.
#[derive(Clone, Copy, PartialEq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct MemberRules {
    /// Whether a provider may add a temporary member (CASE-06), or is shown support's phone number instead (CASE-07).
    pub temporary: bool,
    /// Whether a rule approves only members whose coverage the feed gives (CASE-27); else those too of whom it says
    /// nothing.
    #[serde(default)]
    pub coverage_needed: bool,
}

/// One line of the turnaround table.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Turnaround {
    /// For this kind of review.
    pub review: ReviewKind,
    /// For this setting; any when absent.
    pub setting: Option<Setting>,
    /// For this kind of admission; any when absent.
    pub admission: Option<Admission>,
    /// For this urgency; any when absent.
    pub urgency: Option<Urgency>,
    /// The limit.
    pub limit: TimeLimit,
    /// What happens when it is missed (REV-09).
    pub on_expiry: OnExpiry,
}

/// What a missed limit leads to (REV-09).
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum OnExpiry {
    /// Supervisors are alerted, the request stays open.
    Escalate,
    /// It counts as approved.
    DeemedApproved,
    /// It counts as denied.
    DeemedDenied,
}

/// Windows for what providers may ask.
#[derive(Clone, Copy, PartialEq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Windows {
    /// Days after an adverse determination in which reconsideration may be asked (ACT-02).
    pub reconsideration_days: u32,
    /// Days after an adverse determination in which an appeal may be asked (42 CFR 431.221(d)).
    pub appeal_days: u32,
    /// Days after an adverse determination in which the provider may ask for a conversation with a physician (ACT-04); 0
    /// where that is not offered.
    #[serde(default)]
    pub peer_to_peer_days: u32,
    /// Days after an adverse determination in which a State fair hearing may be asked for without an appeal (ACT-11); 0 where an
    /// appeal comes first, or there are none.
    #[serde(default)]
    pub hearing_days: u32,
    /// Days after an adverse decision on an appeal in which a State fair hearing may be asked for; 0 where there are none.
    #[serde(default)]
    pub hearing_after_appeal_days: u32,
    /// Hours within which a reversal by a hearing is carried out.
    #[serde(default = "three_days")]
    pub hearing_effect_hours: u32,
    /// Months that a retrospective request may look back (CASE-17).
    pub look_back_months: u32,
    /// Days that another request may begin before the day on which it is made (CASE-17): a draft takes its time.
    #[serde(default = "a_week")]
    pub past_days: u32,
    /// Months that a request may look ahead (CASE-17).
    #[serde(default = "a_year")]
    pub look_ahead_months: u32,
    /// Days between the letter and the day on which a service that goes on is reduced or ended (42 CFR 431.211).
    pub advance_notice_days: u32,
}

impl Windows {
    /// What is wrong with dates of service for this kind of review, asked for on a day: the past is retrospective, and what is
    /// retrospective is past (CASE-17).
    #[must_use]
    pub fn check(&self, review: ReviewKind, period: Period, today: Date) -> FieldErrors {
        let mut errors = FieldErrors::none();
        let before = |span: Span| today.checked_sub(span).unwrap_or(Date::MIN);
        match review {
            ReviewKind::Retrospective => {
                if period.from() < before(Span::new().months(i64::from(self.look_back_months.min(1200)))) {
                    let text = format!("Retrospective requests may look back {} months.", self.look_back_months);
                    errors.add("/from", Wrong::LooksBackTooFar { months: self.look_back_months }.says(text));
                }
                if period.from() > today {
                    let text = "A retrospective request is for services already given. Choose initial.";
                    errors.add("/from", Wrong::AskAsInitial.says(text));
                } else if period.to() > today {
                    let text = "A retrospective request ends today at the latest. Ask for later days as initial.";
                    errors.add("/to", Wrong::AskAsInitial.says(text));
                }
            }
            ReviewKind::Initial | ReviewKind::Concurrent | ReviewKind::Renewal => {
                if period.from() < before(Span::new().days(i64::from(self.past_days.min(1200)))) {
                    let text = format!(
                        "This begins more than {} days ago. For services already given, choose retrospective.",
                        self.past_days
                    );
                    errors.add("/from", Wrong::AskAsRetrospective { days: self.past_days }.says(text));
                }
            }
            // A decision, or what is authorized, may have begun long ago.
            ReviewKind::Reconsideration | ReviewKind::Appeal | ReviewKind::Revision | ReviewKind::Extension => {}
        }
        if period.from() > self.latest(today) {
            errors.add("/from", self.too_far());
        }
        errors
    }

    /// The last day on which a service may begin that is asked for on a day.
    #[must_use]
    pub fn latest(&self, today: Date) -> Date {
        let ahead = Span::new().months(i64::from(self.look_ahead_months.min(1200)));
        today.checked_add(ahead).unwrap_or(Date::MAX)
    }

    /// What is said of a later day.
    #[must_use]
    pub fn too_far(&self) -> Objection {
        let months = self.look_ahead_months;
        let text = format!("This begins more than {months} months from now. Please check the year.");
        Wrong::TooFarAhead { months }.says(text)
    }
}

/// It is a part of keys and addresses, and stands in decisions.
fn is_version(text: &str) -> bool {
    let inside = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-');
    (1..=40).contains(&text.len()) && text.starts_with(|c: char| c.is_ascii_alphanumeric()) && text.chars().all(inside)
}

fn three_days() -> u32 {
    72
}

fn a_week() -> u32 {
    7
}

fn a_year() -> u32 {
    12
}

/// How reviewers share the work.
#[derive(Clone, Copy, PartialEq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct ReviewRules {
    /// Hours after which another reviewer may take a request that one has claimed and not decided (REV-01).
    pub claim_hours: u32,
    /// Hours before a request is to be decided at which its holder is told that it is (ACT-09); 0 where nobody is.
    #[serde(default)]
    pub remind_hours: u32,
}

impl Default for ReviewRules {
    fn default() -> Self {
        Self { claim_hours: 8, remind_hours: 0 }
    }
}

/// A choice of a list.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Choice {
    /// Stable name.
    pub id: String,
    /// What people read.
    pub label: String,
}

/// A service type and what it asks for (CASE-11, CASE-21).
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct ServiceType {
    /// Stable name.
    pub id: String,
    /// What people read.
    pub label: String,
    /// In which settings it is offered.
    pub settings: Vec<Setting>,
    /// Ids of the document types without which it cannot be submitted.
    #[serde(default)]
    pub required_documents: Vec<String>,
}

impl Contract {
    /// The time limit for a review, if the contract has one.
    #[must_use]
    pub fn turnaround_for(
        &self,
        review: ReviewKind,
        setting: Setting,
        admission: Option<Admission>,
        urgency: Urgency,
    ) -> Option<&Turnaround> {
        self.turnaround.iter().find(|line| {
            line.review == review
                && line.setting.is_none_or(|s| s == setting)
                && line.admission.is_none_or(|a| Some(a) == admission)
                && line.urgency.is_none_or(|u| u == urgency)
        })
    }

    /// The service type of this name.
    #[must_use]
    pub fn service_type(&self, id: &str) -> Option<&ServiceType> {
        self.service_types.iter().find(|service| service.id == id)
    }

    /// The documents that a service type and rules for codes require, each once.
    #[must_use]
    pub fn documents_for<'r>(
        &self,
        service_type: Option<&str>,
        rules: impl IntoIterator<Item = &'r CodeRule>,
    ) -> Vec<&Choice> {
        let service = service_type.and_then(|id| self.service_type(id));
        let of_service = service.map(|service| service.required_documents.as_slice()).unwrap_or_default();
        let of_rules = rules.into_iter().flat_map(|rule| &rule.documents);
        let mut needed: Vec<&Choice> = Vec::new();
        for known in of_service.iter().chain(of_rules).filter_map(|id| self.document_type(id)) {
            if needed.iter().all(|other| other.id != known.id) {
                needed.push(known);
            }
        }
        needed
    }

    /// The document type of this name.
    #[must_use]
    pub fn document_type(&self, id: &str) -> Option<&Choice> {
        self.document_types.iter().find(|choice| choice.id == id)
    }

    /// Everything that is wrong with the pack beyond its form. Empty when it may be applied.
    #[must_use]
    pub fn problems(&self) -> Vec<String> {
        let mut problems = Vec::new();
        let mut say = |wrong: bool, text: String| {
            if wrong {
                problems.push(text);
            }
        };
        say(!is_version(&self.version), "version: 1 to 40 letters, digits, dots and hyphens".to_owned());
        say(self.calendar.open_days.is_empty(), "calendar: no open day".to_owned());
        say(self.calendar.closes <= self.calendar.opens, "calendar: closes before it opens".to_owned());
        self.fax.problems().into_iter().for_each(|problem| say(true, problem));
        say(self.reviews.claim_hours == 0, "reviews: claim-hours is 0".to_owned());
        let tables =
            [self.drafts.problems(), self.pends.problems(), self.eligibility.problems(), self.reports.problems()];
        for problem in tables.into_iter().flatten().chain(self.more_time_problems()).chain(self.expiry_problems()) {
            say(true, problem.to_owned());
        }
        let told = self.letters.rights.peer_to_peer.is_some();
        let offered = self.windows.peer_to_peer_days > 0;
        say(
            offered && !told,
            "windows: peer-to-peer-days offers what letters.rights.peer-to-peer does not tell".to_owned(),
        );
        let has = |id: &str| self.service_type(id).is_some();
        let others = self.fhir.problems(has).into_iter().chain(self.intake_problems());
        let others = others.chain(self.catalogue_problems()).chain(self.auto_problems());
        for problem in self.follow_problems().into_iter().chain(others) {
            say(true, problem);
        }
        for (key, text) in self.texts_of_letters() {
            if let Err(unprintable) = clean(text) {
                say(true, format!("{key}: {unprintable}"));
            }
        }
        let heard = self.windows.hearing_days > 0 || self.windows.hearing_after_appeal_days > 0;
        say(heard && self.windows.hearing_effect_hours == 0, "windows: hearing-effect-hours is 0".to_owned());
        say(self.windows.look_ahead_months == 0, "windows: look-ahead-months is 0".to_owned());
        say(self.accounts.lock_after_failures == 0, "accounts: lock-after-failures is 0".to_owned());
        let has_app = self.accounts.factors.has(Factor::App);
        say(!has_app, "accounts: factors lack app, which users of several contracts have in common".to_owned());
        say(self.accounts.idle_minutes == 0, "accounts: idle-minutes is 0".to_owned());
        say(self.accounts.email_undo_days == 0, "accounts: email-undo-days is 0".to_owned());
        say(self.accounts.enrolment_days == 0, "accounts: enrolment-days is 0".to_owned());
        let [first, last] = self.accounts.dormancy_warning_days;
        let warned = (1..=first).contains(&last) && first < self.accounts.dormant_days;
        say(!warned, "accounts: dormancy-warning-days are not within dormant-days, the earlier first".to_owned());
        let hours = 1..=MAX_ABSOLUTE_HOURS;
        say(
            !hours.contains(&self.accounts.absolute_hours),
            format!("accounts: absolute-hours is not from 1 to {MAX_ABSOLUTE_HOURS}, when the tokens of a sign-in end"),
        );
        say(self.registration.kinds.is_empty(), "registration: nobody may register".to_owned());
        say(self.windows.appeal_days == 0, "windows: appeal-days is 0".to_owned());
        say(self.service_types.is_empty(), "service-types: none".to_owned());
        for service in &self.service_types {
            for document in service.required_documents.iter().filter(|id| self.document_type(id).is_none()) {
                say(true, format!("service-types: {} requires the unknown document type {document}", service.id));
            }
        }
        for problem in self.code_problems().into_iter().chain(self.questionnaire_problems()) {
            say(true, problem);
        }
        for setting in [Setting::Inpatient, Setting::Outpatient] {
            let offered = self.service_types.iter().any(|service| service.settings.contains(&setting));
            for admission in [Admission::Elective, Admission::Emergent] {
                let limit = self.turnaround_for(ReviewKind::Initial, setting, Some(admission), Urgency::Standard);
                say(offered && limit.is_none(), format!("turnaround: none for an initial {setting:?} request"));
            }
        }
        problems
    }

    /// Values beyond the federal ceiling where CMS-0057-F applies: 7 calendar days standard, 72 hours expedited
    /// (42 CFR 438.210(d), 440.230(e)). The pack may be right all the same: commercial plans are outside (REV-08).
    #[must_use]
    pub fn warnings(&self) -> Vec<String> {
        let beyond = |line: &&Turnaround| match (line.review, line.urgency.unwrap_or_default(), line.limit.unit) {
            (ReviewKind::Reconsideration | ReviewKind::Appeal | ReviewKind::Retrospective, _, _) => false,
            (_, Urgency::Expedited, TimeUnit::Hours) => line.limit.amount > 72,
            (_, Urgency::Expedited, TimeUnit::CalendarDays | TimeUnit::BusinessDays) => line.limit.amount > 3,
            (_, Urgency::Standard, TimeUnit::Hours) => line.limit.amount > 168,
            (_, Urgency::Standard, TimeUnit::CalendarDays) => line.limit.amount > 7,
            (_, Urgency::Standard, TimeUnit::BusinessDays) => line.limit.amount > 5,
        };
        self.turnaround
            .iter()
            .filter(beyond)
            .map(|line| format!("turnaround: {} for {} is beyond the ceiling of CMS-0057-F", line.limit, line.review))
            .chain(self.more_time_warnings())
            .chain(self.calendar_warning())
            .chain(self.not_in_spanish())
            .collect()
    }

    /// Services that letters in Spanish name in English.
    fn not_in_spanish(&self) -> Option<String> {
        let lacks = |rule: &&CodeRule| rule.description_es.is_none() || rule.unit_es.is_none();
        let first = self.codes.iter().find(lacks).filter(|_| self.letters.speak(Language::Spanish))?;
        let (code, rules) = (&first.code, self.codes.iter().filter(lacks).count());
        Some(format!(
            "codes: letters in Spanish name services in English where description-es or unit-es is missing: {code}{}",
            if rules == 1 { String::new() } else { format!(" and {} more", rules - 1) }
        ))
    }

    /// Texts beside those of [`Texts`] that stand in letters, each with its table (LTR-09).
    fn texts_of_letters(&self) -> impl Iterator<Item = (&'static str, &str)> {
        let codes = self.codes.iter().flat_map(|rule| {
            let spanish = [&rule.description_es, &rule.unit_es].into_iter().flatten().map(String::as_str);
            [rule.description.as_str(), rule.unit.as_str()].into_iter().chain(spanish)
        });
        let rules = self.auto_review.iter().flat_map(|rule| [rule.id.as_str(), rule.reason.as_str()]);
        let eligibility = std::iter::once(("eligibility", self.eligibility.reason.as_str()));
        let codes = codes.map(|text| ("codes", text)).chain(rules.map(|text| ("auto-review", text)));
        let more_time = std::iter::once(("more-time", self.more_time.asked_reason.as_str()));
        let texts = codes.chain(eligibility).chain(more_time).chain(self.expiry.texts().map(|text| ("expiry", text)));
        texts.chain(self.catalogue_texts())
    }

    /// The e-mail and phone to ask, in one sentence.
    #[must_use]
    pub fn support_sentence(&self) -> String {
        format!("Please contact support at {} or {}.", self.support.phone, self.support.email)
    }
}
