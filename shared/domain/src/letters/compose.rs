//! From the decision record and the contract's words to a finished letter.

use crate::{
    glyphs::{Unprintable, clean},
    status::Audience,
};
use jiff::civil::Date;

use super::texts::fill;
use super::{
    Amount, Block, Deadline, DeadlineKind, Decision, Element, Facts, Letter, Line, MissingElement, Outcome, Pair,
    Texts, Wording,
};

/// Composes the letter of a decision for one reader (LTR-01).
///
/// # Errors
/// Every required element that the facts or the texts do not give (LTR-04). Such a letter is not issued.
pub fn compose(facts: &Facts, texts: &Texts, audience: Audience) -> Result<Letter, Vec<MissingElement>> {
    let mut draft = Draft { facts, texts, audience, missing: Vec::new() };
    draft.check_record();
    let sections = draft.sections();
    let help = facts.outcome.is_adverse() || audience == Audience::Member;
    let mut letter = Letter {
        id: facts.letter.clone(),
        language: "en".to_owned(),
        audience,
        title: format!("{}: case {}, request {}", title(facts.outcome), facts.case, facts.request),
        subject: draft.says("Notice of decision on prior authorization", "Notice about your request for services"),
        letterhead: texts.letterhead.clone(),
        addressee: draft.addressee(),
        date: facts.date,
        date_in_words: in_words(facts.date),
        reference: draft.reference(),
        about: draft.about(),
        decision: draft.decision(),
        salutation: (audience == Audience::Member).then(|| draft.salutation()),
        sections,
        language_help: if help { texts.language_help.clone() } else { Vec::new() },
        footer: match audience {
            Audience::Provider => format!("Case {} · Request {} · Letter {}", facts.case, facts.request, facts.letter),
            // Our own ids say nothing to a member; the bars have it for a letter that comes back.
            Audience::Member => format!("Case {} · Request {}", facts.case, facts.request),
        },
        barcode: format!("{}-{}-{}", facts.case, facts.request, facts.letter),
    };
    for text in letter.texts() {
        match clean(text) {
            Ok(printed) => *text = printed,
            Err(Unprintable(character)) => draft.need(false, Element::Glyph(character), None),
        }
    }
    if draft.missing.is_empty() { Ok(letter) } else { Err(draft.missing) }
}

/// A letter on the way, with what it lacks so far.
pub(super) struct Draft<'a> {
    pub(super) facts: &'a Facts,
    pub(super) texts: &'a Texts,
    pub(super) audience: Audience,
    missing: Vec<MissingElement>,
}

impl Draft<'_> {
    /// Words for the provider or for the member.
    pub(super) fn says(&self, provider: &str, member: &str) -> String {
        match self.audience {
            Audience::Provider => provider,
            Audience::Member => member,
        }
        .to_owned()
    }

    /// Notes a missing element once, unless it is there.
    pub(super) fn need(&mut self, present: bool, element: Element, line: Option<usize>) {
        let missing = MissingElement { element, line };
        if !present && !self.missing.contains(&missing) {
            self.missing.push(missing);
        }
    }

    /// What the decision record itself must hold; the texts are checked where they are used.
    fn check_record(&mut self) {
        let (facts, head) = (self.facts, &self.texts.letterhead);
        let (adverse, granting) =
            (facts.outcome.is_adverse(), matches!(facts.outcome, Outcome::Approved | Outcome::Modified));
        self.need(is_present(&head.agency), Element::Letterhead, None);
        self.need(head.phone.as_deref().is_some_and(is_present), Element::Contact, None);
        let (name, address) = match self.audience {
            Audience::Provider => (&facts.requesting.name, &facts.requesting.address),
            Audience::Member => (&facts.member.name, &facts.member.address),
        };
        let addressed = is_present(name) && address.iter().any(|line| is_present(line));
        self.need(addressed, Element::Addressee, None);
        self.need(!facts.lines.is_empty(), Element::Services, None);
        for (number, line) in (1..).zip(&facts.lines) {
            self.check_line(number, line);
        }
        if granting {
            self.need(facts.authorization.as_deref().is_some_and(is_present), Element::Authorization, None);
        }
        if adverse {
            self.need(facts.effective.is_some(), Element::EffectiveDate, None);
            self.need(self.deadline(DeadlineKind::Appeal).is_some(), Element::Deadline(DeadlineKind::Appeal), None);
            let criteria = facts.criteria.iter().any(|rule| is_present(&rule.title) && is_present(&rule.citation));
            self.need(criteria, Element::Criteria, None);
            let reviewer = facts.reviewer.as_ref().is_some_and(|by| is_present(&by.name) && is_present(&by.credential));
            self.need(reviewer || facts.untimely, Element::Reviewer, None);
            let helped = self.texts.language_help.iter().any(|tagline| is_present(&tagline.text));
            self.need(helped, Element::LanguageHelp, None);
        }
        let general = facts.reasons.iter().any(|reason| is_present(reason));
        match facts.outcome {
            Outcome::Modified | Outcome::Denied if !general => {
                for (number, line) in (1..).zip(&facts.lines).filter(|(_, line)| line.outcome.is_adverse()) {
                    let reason = line.reason.as_deref().is_some_and(is_present);
                    self.need(reason, Element::Reasons, Some(number));
                }
            }
            Outcome::Void | Outcome::Extended => self.need(general, Element::Reasons, None),
            Outcome::Approved | Outcome::Modified | Outcome::Denied | Outcome::InformationRequested => {}
        }
        match facts.outcome {
            Outcome::InformationRequested => {
                self.need(facts.information.iter().any(|item| is_present(item)), Element::Information, None);
                self.need_deadline(DeadlineKind::Information);
            }
            Outcome::Extended => self.need_deadline(DeadlineKind::Decision),
            Outcome::Approved | Outcome::Modified | Outcome::Denied | Outcome::Void => {}
        }
    }

    fn check_line(&mut self, number: usize, line: &Line) {
        let asked = &line.requested;
        self.need(asked.units.is_some(), Element::RequestedUnits, Some(number));
        self.need(asked.from.is_some() && asked.to.is_some(), Element::RequestedDates, Some(number));
        if matches!(line.outcome, Outcome::Approved | Outcome::Modified) {
            let granted = |holds: fn(&Amount) -> bool| line.authorized.as_ref().is_some_and(holds);
            self.need(granted(|granted| granted.units.is_some()), Element::AuthorizedUnits, Some(number));
            let dated = granted(|granted| granted.from.is_some() && granted.to.is_some());
            self.need(dated, Element::AuthorizedDates, Some(number));
        }
        if self.audience == Audience::Member {
            let plain = line.description.as_deref().is_some_and(|words| is_present(words) && words.trim() != line.code);
            self.need(plain, Element::Description, Some(number));
        }
    }

    fn need_deadline(&mut self, kind: DeadlineKind) {
        self.need(self.deadline(kind).is_some(), Element::Deadline(kind), None);
    }

    /// The deadline of a kind.
    pub(super) fn deadline(&self, kind: DeadlineKind) -> Option<&Deadline> {
        self.facts.deadlines.iter().find(|deadline| deadline.kind == kind)
    }

    /// The contract's words for this reader, filled; notes the element if they are required and absent.
    pub(super) fn words(
        &mut self,
        wording: Option<&Wording>,
        deadline: Option<DeadlineKind>,
        required: Option<Element>,
    ) -> Vec<Block> {
        let Some(text) = wording.and_then(|wording| wording.for_audience(self.audience)) else {
            if let Some(element) = required {
                self.need(false, element, None);
            }
            return Vec::new();
        };
        match fill(text, |name| self.value(name, deadline)) {
            Ok(filled) => paragraphs(&filled),
            Err(name) => {
                let element = match name.as_str() {
                    "authorization" => Element::Authorization,
                    "effective" => Element::EffectiveDate,
                    "phone" => Element::Contact,
                    "program" | "fax" => Element::Letterhead,
                    "date" | "days" => deadline.map_or(Element::Text, Element::Deadline),
                    _ => Element::Text,
                };
                self.need(false, element, None);
                Vec::new()
            }
        }
    }

    fn value(&self, name: &str, deadline: Option<DeadlineKind>) -> Option<String> {
        let (facts, head) = (self.facts, &self.texts.letterhead);
        let until = || deadline.and_then(|kind| self.deadline(kind));
        match name {
            "case" => Some(facts.case.clone()),
            "request" => Some(facts.request.clone()),
            "authorization" => facts.authorization.clone(),
            "member" => Some(facts.member.name.clone()),
            "provider" => Some(facts.requesting.name.clone()),
            "submitted" => Some(in_words(facts.submitted)),
            "effective" => facts.effective.map(in_words),
            "review" => Some(facts.review_type.clone()),
            "letter-date" => Some(in_words(facts.date)),
            "agency" => Some(head.agency.clone()),
            "program" => head.program.clone(),
            "phone" => head.phone.clone(),
            "fax" => head.fax.clone(),
            "date" => until().map(|deadline| in_words(deadline.date)),
            "days" => until().map(|deadline| deadline.days.to_string()),
            _ => None,
        }
    }

    /// Whether the letter speaks of a deadline: one of a right only where the right has words for this reader.
    fn offers(&self, kind: DeadlineKind) -> bool {
        match kind {
            DeadlineKind::Information | DeadlineKind::Decision => true,
            DeadlineKind::Reconsideration
            | DeadlineKind::PeerToPeer
            | DeadlineKind::Appeal
            | DeadlineKind::Continuation => {
                let mut entries = self.texts.rights.entries().into_iter().filter(|entry| entry.deadline == Some(kind));
                let worded = |wording: &Wording| wording.for_audience(self.audience).is_some();
                self.has_rights() && entries.any(|entry| entry.wording.is_some_and(worded))
            }
        }
    }

    /// Rights stand in every adverse letter, and in any other that carries an appeal deadline.
    pub(super) fn has_rights(&self) -> bool {
        self.facts.outcome.is_adverse() || self.deadline(DeadlineKind::Appeal).is_some()
    }

    /// To whoever reads it: a child's letter is read by a parent or guardian.
    fn salutation(&self) -> String {
        let name = self.facts.member.name.trim();
        match &self.facts.member.care_of {
            Some(_) => format!("Dear parent or guardian of {name}:"),
            None => format!("Dear {name}:"),
        }
    }

    /// The lines for the envelope's window, which has room for few.
    fn addressee(&self) -> Vec<String> {
        let (care_of, name, address) = match self.audience {
            Audience::Provider => (None, &self.facts.requesting.name, &self.facts.requesting.address),
            Audience::Member => {
                (self.facts.member.care_of.as_ref(), &self.facts.member.name, &self.facts.member.address)
            }
        };
        let name = care_of.map_or_else(|| name.clone(), |care_of| format!("{care_of} {name}"));
        [name].into_iter().chain(address.iter().cloned()).filter(|line| is_present(line)).collect()
    }

    fn reference(&self) -> Vec<Pair> {
        let facts = self.facts;
        let mut pairs = vec![pair("Case", &facts.case), pair("Request", &facts.request)];
        pairs.extend(facts.authorization.iter().map(|number| pair("Authorization", number)));
        pairs.extend(facts.follows.iter().map(|before| pair("Follows", before)));
        if self.audience == Audience::Provider {
            pairs.extend(facts.requesting.fax.iter().map(|fax| pair("Fax", fax)));
        }
        pairs
    }

    fn about(&self) -> Vec<Pair> {
        let (facts, professional) = (self.facts, self.audience == Audience::Provider);
        let provider = |provider: &super::Provider| {
            let npi = Some(&provider.npi).filter(|npi| professional && is_present(npi));
            npi.map_or_else(|| provider.name.clone(), |npi| format!("{}, NPI {npi}", provider.name))
        };
        let mut pairs = vec![pair("Member", &facts.member.name), pair("Member ID", &facts.member.id)];
        if professional {
            pairs.push(pair("Date of birth", &in_figures(facts.member.birth)));
            pairs.push(pair("Review type", &facts.review_type));
        }
        pairs.push(pair(&self.says("Requesting provider", "Who asked for you"), &provider(&facts.requesting)));
        if let Some(servicing) = &facts.servicing {
            pairs.push(pair(&self.says("Servicing provider", "Who would treat you"), &provider(servicing)));
        }
        pairs.push(pair(&self.says("Request received", "We got the request on"), &in_words(facts.submitted)));
        if professional && !facts.diagnoses.is_empty() {
            let named = facts.diagnoses.iter().map(|diagnosis| match &diagnosis.description {
                Some(words) => format!("{} {words}", diagnosis.code),
                None => diagnosis.code.clone(),
            });
            pairs.push(pair("Diagnoses", &named.collect::<Vec<_>>().join("; ")));
        }
        pairs
    }

    fn decision(&self) -> Decision {
        let facts = self.facts;
        let mut at_a_glance: Vec<_> =
            facts.authorization.iter().map(|number| pair("Authorization number", number)).collect();
        let granted = || facts.lines.iter().filter_map(|line| line.authorized.as_ref());
        let first = granted().filter_map(|amount| amount.from).min();
        let last = granted().filter_map(|amount| amount.to).max();
        if let (Some(first), Some(last)) = (first, last) {
            at_a_glance.push(if first == last {
                pair("Approved date", &in_words(first))
            } else {
                pair("Approved dates", &format!("{} to {}", in_words(first), in_words(last)))
            });
        }
        at_a_glance.extend(facts.effective.map(|day| pair("Effective date", &in_words(day))));
        let mut deadlines: Vec<_> = facts.deadlines.iter().filter(|until| self.offers(until.kind)).collect();
        deadlines.sort_by_key(|until| until.date);
        at_a_glance.extend(deadlines.into_iter().map(|until| pair(&until.label, &in_words(until.date))));
        Decision { outcome: facts.outcome, headline: self.headline(), facts: at_a_glance }
    }

    fn headline(&self) -> String {
        match self.facts.outcome {
            Outcome::Approved => self.says("Approved", "We approved this request"),
            Outcome::Modified => self.says("Approved in part", "We approved part of this request"),
            Outcome::Denied => self.says("Denied", "We denied this request"),
            Outcome::Void => self.says("Closed without a decision", "We closed this request"),
            Outcome::InformationRequested => self.says("Information needed", "We need more information"),
            Outcome::Extended => self.says("Decision time extended", "We need more time to decide"),
        }
    }
}

const fn title(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Approved => "Notice of approval",
        Outcome::Modified => "Notice of partial approval",
        Outcome::Denied => "Notice of denial",
        Outcome::Void => "Notice of closed request",
        Outcome::InformationRequested => "Request for information",
        Outcome::Extended => "Notice of extension",
    }
}

/// Splits at blank lines; other line breaks are the pack author's, not the letter's.
fn paragraphs(text: &str) -> Vec<Block> {
    let joined = |paragraph: &str| paragraph.split_whitespace().collect::<Vec<_>>().join(" ");
    let lines: Vec<_> = text.lines().map(str::trim).collect();
    lines
        .split(|line| line.is_empty())
        .map(|lines| joined(&lines.join(" ")))
        .filter(|paragraph| !paragraph.is_empty())
        .map(Block::Paragraph)
        .collect()
}

pub(super) fn is_present(text: &str) -> bool {
    !text.trim().is_empty()
}

pub(super) fn pair(label: &str, value: &str) -> Pair {
    Pair { label: label.to_owned(), value: value.to_owned() }
}

/// November 23, 2026.
pub(super) fn in_words(date: Date) -> String {
    date.strftime("%B %-d, %Y").to_string()
}

/// 11/23/2026.
pub(super) fn in_figures(date: Date) -> String {
    date.strftime("%m/%d/%Y").to_string()
}
