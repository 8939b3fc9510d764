//! What a letter must contain, and the rule that says so.

use std::fmt;

use super::DeadlineKind;
use crate::{field::Objection, glyphs::Unprintable, wrong::Wrong};

/// A required element of a letter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Element {
    /// Who decided.
    Letterhead,
    /// To whom the letter goes.
    Addressee,
    /// The opening: what was decided.
    Action,
    /// When the decision takes effect.
    EffectiveDate,
    /// The services decided on.
    Services,
    /// The service in words.
    Description,
    /// Units asked for.
    RequestedUnits,
    /// Dates asked for.
    RequestedDates,
    /// Units granted.
    AuthorizedUnits,
    /// Dates granted.
    AuthorizedDates,
    /// `AuthorizationNumber`.
    Authorization,
    /// Specific reasons.
    Reasons,
    /// Rule or criteria relied on.
    Criteria,
    /// Who decided, with credential.
    Reviewer,
    /// Free copies of documents and criteria.
    Copies,
    /// How and where to appeal.
    Appeal,
    /// Expedited appeal.
    Expedited,
    /// Continuation of benefits.
    Continuation,
    /// Representation.
    Representation,
    /// Time frame of the final decision.
    FinalAction,
    /// Grievance against an extension.
    Grievance,
    /// Language help.
    LanguageHelp,
    /// Whom to call.
    Contact,
    /// Which letter it replaces, where a decision is corrected.
    Correction,
    /// Items a request for information asks for.
    Information,
    /// A deadline.
    Deadline(DeadlineKind),
    /// A text whose placeholder no fact fills.
    Text,
    /// A sign on paper for a character of a text (LTR-09).
    Glyph(char),
}

impl Element {
    /// Its name, for the repair queue.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Letterhead => "letterhead",
            Self::Addressee => "addressee",
            Self::Action => "statement of the action",
            Self::EffectiveDate => "effective date",
            Self::Services => "services decided on",
            Self::Description => "service in plain words",
            Self::RequestedUnits => "requested units",
            Self::RequestedDates => "requested dates",
            Self::AuthorizedUnits => "authorized units",
            Self::AuthorizedDates => "authorized dates",
            Self::Authorization => "authorization number",
            Self::Reasons => "specific reasons",
            Self::Criteria => "rule or criteria relied on",
            Self::Reviewer => "reviewer and credential",
            Self::Copies => "right to free copies",
            Self::Appeal => "right to appeal and how",
            Self::Expedited => "expedited appeal",
            Self::Continuation => "continuation of benefits",
            Self::Representation => "right to representation",
            Self::FinalAction => "time frame of final action",
            Self::Grievance => "right to file a grievance",
            Self::LanguageHelp => "language help",
            Self::Contact => "contact",
            Self::Correction => "the letter that it replaces",
            Self::Information => "items asked for",
            Self::Deadline(DeadlineKind::Reconsideration) => "deadline for reconsideration",
            Self::Deadline(DeadlineKind::PeerToPeer) => "deadline for peer-to-peer",
            Self::Deadline(DeadlineKind::Appeal) => "deadline for the appeal",
            Self::Deadline(DeadlineKind::Continuation) => "deadline for continued benefits",
            Self::Deadline(DeadlineKind::Information) => "deadline for the information",
            Self::Deadline(DeadlineKind::Decision) => "new decision date",
            Self::Text => "text with an unknown placeholder",
            Self::Glyph(_) => "printable character",
        }
    }

    /// The rule that asks for it.
    #[must_use]
    pub const fn source(self) -> &'static str {
        match self {
            Self::Letterhead | Self::Contact => "42 CFR 438.404(b)(4); contract",
            Self::Addressee => "42 CFR 431.206(c); 438.404(a)",
            Self::Action
            | Self::Services
            | Self::RequestedUnits
            | Self::RequestedDates
            | Self::AuthorizedUnits
            | Self::AuthorizedDates => "42 CFR 431.210(a); 438.404(b)(1)",
            Self::EffectiveDate => "42 CFR 431.210(a)",
            Self::Description => "42 CFR 431.206(e); 438.10",
            Self::Reasons => "42 CFR 431.210(b); 438.404(b)(2)",
            Self::Criteria => "42 CFR 431.210(c)",
            Self::Reviewer => "42 CFR 438.210(b)(3); contract",
            Self::Copies => "42 CFR 438.404(b)(2)",
            Self::Appeal | Self::Deadline(DeadlineKind::Appeal) => {
                "42 CFR 431.206(b)(1)-(2); 431.210(d); 438.404(b)(3)-(4)"
            }
            Self::Expedited => "42 CFR 431.206(b)(1); 438.404(b)(5)",
            Self::Continuation | Self::Deadline(DeadlineKind::Continuation) => "42 CFR 431.210(e); 438.404(b)(6)",
            Self::Representation => "42 CFR 431.206(b)(3)",
            Self::FinalAction => "42 CFR 431.206(b)(4)",
            Self::Grievance | Self::Deadline(DeadlineKind::Decision) => "42 CFR 438.404(c)(4)",
            Self::LanguageHelp => "42 CFR 431.206(e); 438.404(a)",
            Self::Authorization
            | Self::Correction
            | Self::Information
            | Self::Text
            | Self::Glyph(_)
            | Self::Deadline(DeadlineKind::Information | DeadlineKind::PeerToPeer | DeadlineKind::Reconsideration) => {
                "contract"
            }
        }
    }
}

/// A required element that the decision record or the contract's texts do not give.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MissingElement {
    /// What is missing.
    pub element: Element,
    /// The Line it is missing on, counted from 1, where it belongs to one.
    pub line: Option<usize>,
}

impl MissingElement {
    /// What to tell whoever decides, before the decision is saved.
    #[must_use]
    pub fn sentence(&self) -> String {
        if let Element::Glyph(character) = self.element {
            Unprintable(character).to_string()
        } else {
            format!("The letter would lack a required element: {self}.")
        }
    }
}

impl From<MissingElement> for Objection {
    fn from(missing: MissingElement) -> Self {
        let wrong = if let Element::Glyph(character) = missing.element {
            Wrong::Unprintable { character }
        } else {
            Wrong::LetterLacks { element: missing.element.name().to_owned() }
        };
        wrong.says(missing.sentence())
    }
}

impl fmt::Display for MissingElement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.element.name())?;
        if let Element::Glyph(character) = self.element {
            return write!(f, " for U+{:04X}", u32::from(character));
        }
        if let Some(line) = self.line {
            write!(f, " of line {line}")?;
        }
        write!(f, " ({})", self.element.source())
    }
}

impl std::error::Error for MissingElement {}
