//! What can be wrong with a field: a closed list of codes, each with what a sentence about it names.
//!
//! A code says what kind of thing is wrong and so what the person has to do; the sentence beside it says it for this field.
//! Codes are general: `too-long` is one, whatever is too long.

use std::collections::BTreeSet;

use jiff::civil::Date;
use serde::Serialize;

/// A number or text that a sentence names.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[serde(untagged)]
pub enum Value {
    /// A count or a bound.
    Number(u64),
    /// A date, a code, a word of the contract: nothing about a person that was not typed.
    Text(String),
}

impl From<u64> for Value {
    fn from(number: u64) -> Self {
        Self::Number(number)
    }
}

impl From<u32> for Value {
    fn from(number: u32) -> Self {
        Self::Number(number.into())
    }
}

impl From<usize> for Value {
    fn from(number: usize) -> Self {
        Self::Number(u64::try_from(number).unwrap_or(u64::MAX))
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<Date> for Value {
    fn from(date: Date) -> Self {
        Self::Text(date.to_string())
    }
}

impl From<char> for Value {
    fn from(c: char) -> Self {
        Self::Text(format!("U+{:04X}", u32::from(c)))
    }
}

/// A code as it is documented.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Documented {
    /// The name of its value of [`Wrong`].
    pub name: &'static str,
    /// The code on the wire.
    pub code: &'static str,
    /// What it means.
    pub about: &'static str,
    /// The names of what comes with it.
    pub values: &'static [&'static str],
}

macro_rules! wrongs {
    ($($(#[doc = $about:literal])+ $name:ident $({ $($value:ident: $type:ty),+ })? = $code:literal;)+) => {
        /// What is wrong with a field.
        #[derive(Clone, PartialEq, Eq, Debug)]
        #[expect(missing_docs, reason = "what a value is follows from its code")]
        pub enum Wrong {
            $($(#[doc = $about])+ $name $({ $($value: $type),+ })?,)+
        }

        impl Wrong {
            /// All of them.
            pub const ALL: &[Documented] = &[$(Documented {
                name: stringify!($name),
                code: $code,
                about: concat!($($about),+),
                values: &[$($(stringify!($value)),+)?],
            }),+];

            /// The code on the wire.
            #[must_use]
            pub fn code(&self) -> &'static str {
                match self {
                    $(Self::$name { .. } => $code,)+
                }
            }

            /// What a sentence about it names.
            #[must_use]
            pub fn values(&self) -> Vec<(&'static str, Value)> {
                match self {
                    $(Self::$name $({ $($value),+ })? => vec![$($((stringify!($value), $value.clone().into())),+)?],)+
                }
            }
        }
    };
}

wrongs! {
    /// Nothing stands where something is needed.
    Missing = "missing";
    /// One of several fields is needed.
    OneNeeded = "one-needed";
    /// Two things that exclude each other.
    NotBoth = "not-both";
    /// This is sent by itself, without other changes.
    NotByItself = "not-by-itself";
    /// No field has this name.
    UnknownField = "unknown-field";
    /// A value of another JSON type than this field takes.
    WrongType = "wrong-type";
    /// None of the words that this field takes.
    NotAChoice = "not-a-choice";
    /// Not on the contract's list.
    NotOffered = "not-offered";
    /// Of another contract.
    OtherContract = "other-contract";
    /// An id of another form than ids of its kind have.
    NotAnId = "not-an-id";
    /// No Case ID: nine digits or more.
    NotACaseId = "not-a-case-id";
    /// Nothing is known under this id or number.
    NotFound = "not-found";
    /// Not one of the caller's own providers or contracts.
    NotYours = "not-yours";
    /// The same thing twice.
    Repeated = "repeated";
    /// Another person has it already.
    Taken = "taken";
    /// The same was asked for before: the reason for asking again is needed.
    PossibleDuplicate = "possible-duplicate";
    /// A cursor that was not given out.
    NotACursor = "not-a-cursor";

    /// More characters than `most`.
    TooLong { most: usize } = "too-long";
    /// Fewer characters than `least`.
    TooShort { least: usize } = "too-short";
    /// More entries than `most`.
    TooMany { most: usize } = "too-many";
    /// No whole number from `least` to `most`.
    OutOfRange { least: usize, most: usize } = "out-of-range";
    /// Not one line of text of at most `most` characters.
    NotALine { most: usize } = "not-a-line";
    /// A `character` that no letter can print.
    Unprintable { character: char } = "unprintable";
    /// A mark that stands where letters were lost.
    LostLetters = "lost-letters";

    /// No date as 2026-05-07.
    NotADate = "not-a-date";
    /// No time of day as 14:30.
    NotATime = "not-a-time";
    /// A date after today.
    InTheFuture = "in-the-future";
    /// A date before `earliest`.
    TooEarly { earliest: Date } = "too-early";
    /// A date after `latest`.
    TooLate { latest: Date } = "too-late";
    /// A last day before the first.
    EndsBeforeItBegins = "ends-before-it-begins";
    /// A service before the member's birth.
    BeforeBirth = "before-birth";
    /// The dates are `days` days, the duration says otherwise.
    DurationDiffers { days: u32 } = "duration-differs";
    /// A retrospective request looks back at most `months` months.
    LooksBackTooFar { months: u32 } = "looks-back-too-far";
    /// Services that began more than `days` days ago are asked for as retrospective.
    AskAsRetrospective { days: u32 } = "ask-as-retrospective";
    /// Services that are still to come are asked for as initial.
    AskAsInitial = "ask-as-initial";
    /// Begins more than `months` months from now.
    TooFarAhead { months: u32 } = "too-far-ahead";

    /// No name of a person.
    NotAName = "not-a-name";
    /// No username: 3 to 64 letters, digits and a few signs.
    NotAUsername = "not-a-username";
    /// No e-mail address.
    NotAnEmail = "not-an-email";
    /// The two e-mail addresses are not the same.
    EmailsDiffer = "emails-differ";
    /// No telephone or fax number of ten digits.
    NotAPhone = "not-a-phone";
    /// A number that nobody in the United States or Canada can have.
    NoSuchPhone = "no-such-phone";
    /// A number that callers pay for.
    PaidPhone = "paid-phone";
    /// A number with an extension.
    PhoneExtension = "phone-extension";
    /// No code of a state.
    NotAState = "not-a-state";
    /// No ZIP code.
    NotAZip = "not-a-zip";
    /// Neither a ZIP code nor a Canadian postal code.
    NotAPostalCode = "not-a-postal-code";
    /// A state or postal code of another country than the one chosen.
    OtherCountry = "other-country";
    /// No NPI: ten digits that begin with 1 or 2.
    NotAnNpi = "not-an-npi";
    /// An NPI whose last digit does not match the others.
    NpiTypingMistake = "npi-typing-mistake";
    /// A license without its state.
    LicenseWithoutState = "license-without-state";
    /// No number of a license.
    NotALicenseNumber = "not-a-license-number";

    /// No form of an ICD-10-CM code.
    NotADiagnosis = "not-a-diagnosis";
    /// No form of a procedure code.
    NotAProcedure = "not-a-procedure";
    /// No form of a modifier.
    NotAModifier = "not-a-modifier";
    /// ICD-10-CM does not have `code`.
    UnknownDiagnosis { code: String } = "unknown-diagnosis";
    /// `code` cannot be billed for a service on `day`.
    NotBillable { code: String, day: Date } = "not-billable";
    /// The contract does not review `code`.
    NotReviewed { code: String } = "not-reviewed";
    /// The contract reviews `code` with one of these `modifiers`.
    OtherModifiers { code: String, modifiers: String } = "other-modifiers";
    /// `code` needs no authorization.
    NoAuthorizationNeeded { code: String } = "no-authorization-needed";
    /// `code` is not given under the chosen service type.
    OtherServiceType { code: String } = "other-service-type";
    /// `code` is not given at the chosen place of service.
    OtherPlace { code: String } = "other-place";
    /// `code` is not reviewed for these diagnoses.
    OtherDiagnoses { code: String } = "other-diagnoses";
    /// `code` is for members under `under` years.
    TooOld { code: String, under: u32 } = "too-old";
    /// `code` is for members of `from` years and older.
    TooYoung { code: String, from: u32 } = "too-young";
    /// More than `most` units in one request, all lines of the code together; one unit is `unit`.
    TooManyUnits { most: u32, unit: String } = "too-many-units";
    /// More than `most` units a day, all lines of the code together: `days` days allow `allowed`; one unit is `unit`.
    TooManyUnitsADay { most: u32, days: u32, allowed: u64, unit: String } = "too-many-units-a-day";
    /// More than `most` units a week: `days` days allow `allowed`; one unit is `unit`.
    TooManyUnitsAWeek { most: u32, days: u32, allowed: u64, unit: String } = "too-many-units-a-week";
    /// More than `most` units a month of 31 days: `days` days allow `allowed`; one unit is `unit`.
    TooManyUnitsAMonth { most: u32, days: u32, allowed: u64, unit: String } = "too-many-units-a-month";
    /// More than `most` units a year: `days` days allow `allowed`; one unit is `unit`.
    TooManyUnitsAYear { most: u32, days: u32, allowed: u64, unit: String } = "too-many-units-a-year";
    /// More often than `most` units a day, all lines of the code together; one unit is `unit`.
    TooOften { most: u32, unit: String } = "too-often";

    /// Not in an inpatient or outpatient case, which this is.
    OtherSetting = "other-setting";
    /// This is asked for on a decided request, not in a new case.
    NotInANewCase = "not-in-a-new-case";
    /// The contract does not take requests of this kind.
    ReviewNotTaken = "review-not-taken";
    /// The document `document` is required.
    DocumentMissing { document: String } = "document-missing";
    /// The document `document` is still being checked.
    DocumentBeingChecked { document: String } = "document-being-checked";
    /// The question `question` needs an answer.
    Unanswered { question: String } = "unanswered";
    /// Less than `least`, the least that a question takes.
    BelowLeast { least: String } = "below-least";
    /// More than `most`, the most that a question takes.
    AboveMost { most: String } = "above-most";
    /// The questionnaire `questionnaire` is not marked complete.
    QuestionnaireMissing { questionnaire: String } = "questionnaire-missing";
    /// There is another version of the questionnaire `questionnaire` than the one that is answered.
    QuestionnaireChanged { questionnaire: String } = "questionnaire-changed";
    /// The questionnaire `questionnaire` was marked complete for another service, other codes or another age.
    AnsweredForAnother { questionnaire: String } = "answered-for-another";
    /// An answer of the questionnaire `questionnaire` names a document that is not attached any more.
    AnsweredDocumentGone { questionnaire: String } = "answered-document-gone";
    /// No name of a file: 1 to 200 characters and an ending.
    NotAFileName = "not-a-file-name";
    /// A `character` in the name of a file that nobody sees.
    HiddenCharacter { character: char } = "hidden-character";
    /// A kind of file that is not taken.
    FileKindNotTaken = "file-kind-not-taken";
    /// Nothing is in the file.
    EmptyFile = "empty-file";
    /// A file of more than `megabytes` MB.
    FileTooLarge { megabytes: u64 } = "file-too-large";

    /// Something was billed already, so that this cannot change.
    AlreadyBilled = "already-billed";
    /// Less than is authorized already.
    LessThanAuthorized = "less-than-authorized";
    /// The line is none of those that are authorized.
    NotAuthorized = "not-authorized";

    /// No public key that signs with RS384 or ES384.
    NotAPublicKey = "not-a-public-key";
    /// A private key: it belongs to its owner alone.
    PrivateKey = "private-key";
    /// A contract pack with `problems` problems: a check lists them.
    NotAPack { problems: usize } = "not-a-pack";

    /// A request that does not ask for the same.
    NotTheSame = "not-the-same";
    /// A correction that changes nothing.
    NothingCorrected = "nothing-corrected";
    /// A text of the contract's catalogue that is not completed, or not in it as it stands there.
    NotCompleted = "not-completed";
    /// A reason or criterion that is not of the contract's catalogue.
    NotOfTheCatalogue = "not-of-the-catalogue";
    /// Nobody who works this worklist of the contract.
    NotAReviewer = "not-a-reviewer";
    /// Each of the request's `lines` lines needs an outcome.
    OutcomeMissing { lines: usize } = "outcome-missing";
    /// More units than were asked for.
    MoreThanAsked = "more-than-asked";
    /// Dates outside those asked for.
    OutsideAsked = "outside-asked";
    /// All that was asked for, which is approved and not modified.
    AllThatWasAsked = "all-that-was-asked";
    /// Units and dates with another outcome than modified.
    OnlyWithModified = "only-with-modified";
    /// A reason that is not specific: at least `least` characters, in words.
    NotSpecific { least: usize } = "not-specific";
    /// An adverse decision without the criteria that it relies on.
    CriteriaMissing = "criteria-missing";
    /// The letter would lack `element`, which is required.
    LetterLacks { element: String } = "letter-lacks";

    /// The terms or the disclaimer are not agreed to.
    NotAgreed = "not-agreed";
    /// The terms of use have changed.
    TermsChanged = "terms-changed";
    /// A password without an upper case letter.
    NoUpperCase = "no-upper-case";
    /// A password without a lower case letter.
    NoLowerCase = "no-lower-case";
    /// A password without a digit.
    NoDigit = "no-digit";
    /// A password without a special character.
    NoSpecialCharacter = "no-special-character";
    /// A password that begins or ends with a space.
    OuterSpace = "outer-space";
    /// A password that is easily guessed.
    EasilyGuessed = "easily-guessed";
    /// One of the last `last` passwords.
    UsedBefore { last: usize } = "used-before";
    /// A password that is not accepted.
    NotAccepted = "not-accepted";
    /// A PIN that is wrong or too old.
    WrongPin = "wrong-pin";
    /// No code of `digits` digits.
    NotAPin { digits: usize } = "not-a-pin";
    /// A second factor that is set up already.
    FactorKnown = "factor-known";
    /// A second factor that the contract does not offer.
    FactorNotOffered = "factor-not-offered";
    /// A second factor for which the profile has no phone number.
    FactorWithoutPhone = "factor-without-phone";
    /// A phone number that is used to sign in: it is replaced, not taken away.
    UsedToSignIn = "used-to-sign-in";

    /// The user changes this under the own profile.
    ChangedByTheUser = "changed-by-the-user";
    /// A deactivated user comes back by a reset of the registration.
    ResetInstead = "reset-instead";
    /// A new user has nothing to take away.
    NothingToTakeAway = "nothing-to-take-away";
    /// Only a Provider Admin can have reports.
    NoReportsForStaff = "no-reports-for-staff";
    /// The role `role` needs this.
    NeededForRole { role: String } = "needed-for-role";
    /// A role that whoever operates the service gives, and nobody else.
    GivenByOperators = "given-by-operators";

    /// A row of a file that cannot be read.
    UnreadableRow = "unreadable-row";
    /// A number that a spreadsheet has changed.
    ChangedBySpreadsheet = "changed-by-spreadsheet";
    /// A number with other signs than numbers have.
    NotANumber = "not-a-number";
}

impl Wrong {
    /// The codes that only rows of files have: their reports are in English, and no answer has them.
    pub const OF_FILES: [&'static str; 3] = ["unreadable-row", "changed-by-spreadsheet", "not-a-number"];

    /// A word is missing, or none of those that the field takes.
    #[must_use]
    pub fn word(sent: Option<&str>) -> Self {
        if sent.is_none_or(|sent| sent.trim().is_empty()) { Self::Missing } else { Self::NotAChoice }
    }

    /// A text of any length is missing, or longer than `most`.
    #[must_use]
    pub fn length(text: &str, most: usize) -> Self {
        if text.trim().is_empty() { Self::Missing } else { Self::TooLong { most } }
    }

    /// A list without an entry, or with more than `most`.
    #[must_use]
    pub fn entries<T>(list: &[T], most: usize) -> Self {
        if list.is_empty() { Self::Missing } else { Self::TooMany { most } }
    }
}

/// Whether a reason says something: dots and blanks do not, and neither does one letter over and over.
#[must_use]
pub fn is_specific(reason: &str) -> bool {
    let letters: BTreeSet<char> = reason.chars().filter(|c| c.is_alphabetic()).collect();
    reason.trim().chars().count() >= 20 && crate::name::fold(reason).chars().count() >= 10 && letters.len() >= 5
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_one_and_has_the_form_of_the_words_of_the_api() {
        let codes: BTreeSet<_> = Wrong::ALL.iter().map(|known| known.code).collect();
        assert_eq!(codes.len(), Wrong::ALL.len());
        for Documented { code, .. } in Wrong::ALL {
            assert!(
                code.split('-').all(|word| !word.is_empty() && word.bytes().all(|b| b.is_ascii_lowercase())),
                "{code}"
            );
        }
        assert!(Wrong::OF_FILES.iter().all(|code| codes.contains(code)));
    }

    #[test]
    fn what_comes_with_a_code_is_what_is_documented() {
        let wrong = Wrong::NotBillable { code: "G47.33".to_owned(), day: jiff::civil::date(2026, 5, 7) };
        let known = Wrong::ALL.iter().find(|known| known.code == wrong.code()).unwrap();
        let values = wrong.values();
        assert_eq!(values.iter().map(|(name, _)| *name).collect::<Vec<_>>(), known.values);
        assert_eq!(values[1].1, Value::Text("2026-05-07".to_owned()));
        assert_eq!(Wrong::Unprintable { character: '😀' }.values(), [("character", Value::Text("U+1F600".to_owned()))]);
    }
}
