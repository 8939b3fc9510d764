//! From the decision record and the contract's words to a finished letter.

use crate::{
    glyphs::{Unprintable, clean},
    reading::Format,
    status::Audience,
};
use jiff::civil::Date;

use super::texts::fill;
use super::{
    Amount, Block, Deadline, DeadlineKind, Decision, Element, Facts, FixedWords, Followed, Letter, Letterhead, Line,
    MissingElement, Outcome, Pair, Texts, Wording,
};
use super::{Language, Typed};

/// Composes the letter of a decision for one reader (LTR-01).
///
/// # Errors
/// Every required element that the facts or the texts do not give (LTR-04). Such a letter is not issued.
pub fn compose(facts: &Facts, texts: &Texts, audience: Audience) -> Result<Letter, Vec<MissingElement>> {
    let mut draft =
        Draft { facts, texts, audience, language: facts.language(audience, texts), filled: None, missing: Vec::new() };
    draft.check_record();
    let sections = draft.sections();
    let help = facts.outcome.is_adverse() || audience == Audience::Member;
    let mut letter = Letter {
        id: facts.letter.clone(),
        language: draft.language.code().to_owned(),
        typed_language: Language::English.code().to_owned(),
        format: match audience {
            Audience::Provider => Format::Standard,
            Audience::Member => facts.member.reading.format.unwrap_or_default(),
        },
        words: draft.fixed_words(),
        audience,
        title: draft.title(),
        subject: draft.subject(),
        letterhead: draft.letterhead(),
        addressee: draft.addressee(),
        date: facts.date,
        date_in_words: draft.day(facts.date),
        reference: draft.reference(),
        about: draft.about(),
        decision: draft.decision(),
        salutation: (audience == Audience::Member).then(|| draft.salutation()),
        sections,
        language_help: if help { texts.language_help.clone() } else { Vec::new() },
        footer: match audience {
            Audience::Provider => format!("Case {} · Request {} · Letter {}", facts.case, facts.request, facts.letter),
            // Our own ids say nothing to a member; the bars have it for a letter that comes back.
            Audience::Member => {
                let [case, request] = ["Case", "Request"].map(|label| draft.word(label));
                format!("{case} {} · {request} {}", facts.case, facts.request)
            }
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
    pub(super) language: Language,
    /// A name that only the text at hand fills, and its value.
    filled: Option<(&'static str, String)>,
    missing: Vec<MissingElement>,
}

impl Draft<'_> {
    /// Words for the provider or for the member.
    pub(super) fn says(&self, provider: &str, member: &str) -> String {
        match self.audience {
            Audience::Provider => provider,
            Audience::Member => self.language.says(member),
        }
        .to_owned()
    }

    /// The same words for both, in the language of the letter.
    pub(super) fn word(&self, english: &str) -> String {
        self.language.says(english).to_owned()
    }

    /// A day in words.
    pub(super) fn day(&self, date: Date) -> String {
        self.language.day(date)
    }

    fn pair(&self, label: &str, value: &str) -> Pair {
        pair(self.language.says(label), value)
    }

    fn fixed_words(&self) -> FixedWords {
        FixedWords {
            page: self.word("Page"),
            of: self.word("of"),
            phone: self.word("Phone"),
            fax: self.word("Fax"),
            heads: [
                self.word("Line"),
                self.word("Service"),
                self.says("Requested", "Asked for"),
                self.says("Authorized", "Approved"),
                self.word("Decision"),
            ],
            language_help: self.word("Language help"),
        }
    }

    /// Without any name of a person.
    fn title(&self) -> String {
        let Facts { case, request, .. } = self.facts;
        let mut title = self.word(title(self.facts.outcome));
        if self.facts.replaces.is_some() {
            title = format!("{}, {title}", self.word("Corrected notice"));
        }
        match self.language {
            Language::English => format!("{title}: case {case}, request {request}"),
            Language::Spanish => format!("{title}: caso {case}, solicitud {request}"),
        }
    }

    /// The head of the letter, its telephone in the letter's language.
    fn letterhead(&self) -> Letterhead {
        Letterhead { phone: self.phone().cloned(), phone_es: None, ..self.texts.letterhead.clone() }
    }

    fn phone(&self) -> Option<&String> {
        let Letterhead { phone, phone_es, .. } = &self.texts.letterhead;
        let own = match self.language {
            Language::English => None,
            Language::Spanish => phone_es.as_ref(),
        };
        own.or(phone.as_ref())
    }

    /// What people wrote, each with the words before it, in a letter of another language: who reads it is told how to get it in
    /// theirs (45 CFR 92.201).
    pub(super) fn typed(&self, items: Vec<Typed>) -> Vec<Block> {
        if items.is_empty() { Vec::new() } else { vec![self.as_it_was_written(), Block::Typed(items)] }
    }

    pub(super) fn as_it_was_written(&self) -> Block {
        let phone = self.phone().map(String::as_str).unwrap_or_default();
        Block::Paragraph(match self.language {
            Language::English => format!(
                "What follows is in the language in which it was written. Call {phone}. We read it to you for free."
            ),
            Language::Spanish => format!(
                "Lo que sigue está en el idioma en que se escribió. Si lo quiere en español, llame al {phone}. Se lo leemos o se lo traducimos gratis."
            ),
        })
    }

    /// How to do something, and whom to call for it.
    pub(super) fn how(&self, deadline: &Deadline) -> String {
        match self.language {
            Language::English => deadline.how.clone(),
            Language::Spanish => {
                format!("Si tiene preguntas, llame al {}.", self.phone().map(String::as_str).unwrap_or_default())
            }
        }
    }

    /// Fills a name in the texts that follow, which other texts do not know.
    pub(super) fn fill(&mut self, name: &'static str, value: Option<String>) {
        self.filled = value.map(|value| (name, value));
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
            // The contract's own words say it, or they are missed there.
            Outcome::Void if facts.closed.is_some() => {}
            Outcome::Void | Outcome::Extended | Outcome::Withdrawn => self.need(general, Element::Reasons, None),
            Outcome::Approved | Outcome::Modified | Outcome::Denied | Outcome::InformationRequested => {}
        }
        match facts.outcome {
            Outcome::InformationRequested => {
                self.need(facts.information.iter().any(|item| is_present(item)), Element::Information, None);
                self.need_deadline(DeadlineKind::Information);
            }
            Outcome::Extended => self.need_deadline(DeadlineKind::Decision),
            Outcome::Approved | Outcome::Modified | Outcome::Denied | Outcome::Void | Outcome::Withdrawn => {}
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
        let Some(text) = wording.and_then(|wording| wording.said(self.audience, self.language)) else {
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
            "submitted" => Some(self.day(facts.submitted)),
            "effective" => facts.effective.map(|day| self.day(day)),
            "review" => Some(facts.review_type.clone()),
            "letter-date" => Some(self.day(facts.date)),
            "agency" => Some(head.agency.clone()),
            "program" => head.program.clone(),
            "phone" => self.phone().cloned(),
            "fax" => head.fax.clone(),
            "date" => until().map(|deadline| self.day(deadline.date)),
            "days" => until().map(|deadline| deadline.days.to_string()),
            _ => self.filled.as_ref().filter(|(known, _)| *known == name).map(|(_, value)| value.clone()),
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
                let worded = |wording: &Wording| wording.said(self.audience, self.language).is_some();
                self.has_rights() && entries.any(|entry| entry.wording.is_some_and(worded))
            }
        }
    }

    /// Rights stand in every adverse letter, and in any other that carries an appeal deadline.
    pub(super) fn has_rights(&self) -> bool {
        self.facts.outcome.is_adverse() || self.deadline(DeadlineKind::Appeal).is_some()
    }

    fn subject(&self) -> String {
        if self.facts.replaces.is_some() {
            let provider = "Corrected notice of decision on prior authorization";
            return self.says(provider, "Corrected notice about your request for services");
        }
        self.says("Notice of decision on prior authorization", "Notice about your request for services")
    }

    /// To whoever reads it: a child's letter is read by a parent or guardian.
    fn salutation(&self) -> String {
        let name = self.facts.member.name.trim();
        match (&self.facts.member.care_of, self.language) {
            (Some(_), Language::English) => format!("Dear parent or guardian of {name}:"),
            (None, Language::English) => format!("Dear {name}:"),
            (Some(_), Language::Spanish) => format!("Para la madre, el padre o el tutor de {name}:"),
            (None, Language::Spanish) => format!("Estimado(a) {name}:"),
        }
    }

    /// The lines for the envelope's window, which has room for few.
    fn addressee(&self) -> Vec<String> {
        let to = self.facts.addressed(self.audience, self.texts);
        [to.name].into_iter().chain(to.lines).filter(|line| is_present(line)).collect()
    }

    /// The request that this one follows, in one line.
    fn follows(&self, Followed { request, outcome, on, authorization, .. }: &Followed) -> String {
        let (day, decided) = (self.day(*on), self.word(decided(*outcome)));
        let number =
            |word: &str| authorization.as_ref().map_or_else(String::new, |number| format!(", {word} {number}"));
        match self.language {
            Language::English => format!("{request}, {decided} on {day}{}", number("authorization")),
            Language::Spanish => format!("{request}, {decided} el {day}{}", number("autorización")),
        }
    }

    fn reference(&self) -> Vec<Pair> {
        let facts = self.facts;
        let mut pairs = vec![self.pair("Case", &facts.case), self.pair("Request", &facts.request)];
        pairs.extend(facts.authorization.iter().map(|number| self.pair("Authorization", number)));
        pairs.extend(facts.follows.iter().map(|before| self.pair("Follows", &self.follows(before))));
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
        let mut pairs =
            vec![self.pair("Member", &facts.member.name), self.pair("Member ID", self.language.says(&facts.member.id))];
        if professional {
            pairs.push(pair("Date of birth", &self.language.day_in_table(facts.member.birth)));
            pairs.push(pair("Review type", &facts.review_type));
        }
        pairs.push(pair(&self.says("Requesting provider", "Who asked for you"), &provider(&facts.requesting)));
        if let Some(servicing) = &facts.servicing {
            pairs.push(pair(&self.says("Servicing provider", "Who would treat you"), &provider(servicing)));
        }
        pairs.push(pair(&self.says("Request received", "We got the request on"), &self.day(facts.submitted)));
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
            facts.authorization.iter().map(|number| self.pair("Authorization number", number)).collect();
        let granted = || facts.lines.iter().filter_map(|line| line.authorized.as_ref());
        let first = granted().filter_map(|amount| amount.from).min();
        let last = granted().filter_map(|amount| amount.to).max();
        if let (Some(first), Some(last)) = (first, last) {
            at_a_glance.push(if first == last {
                self.pair("Approved date", &self.day(first))
            } else {
                self.pair("Approved dates", &self.language.days(&self.day(first), &self.day(last)))
            });
        }
        at_a_glance.extend(facts.effective.map(|day| self.pair("Effective date", &self.day(day))));
        let mut deadlines: Vec<_> = facts.deadlines.iter().filter(|until| self.offers(until.kind)).collect();
        deadlines.sort_by_key(|until| until.date);
        at_a_glance.extend(deadlines.into_iter().map(|until| self.pair(&until.label, &self.day(until.date))));
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
            Outcome::Withdrawn => self.says("Withdrawn", "This request was taken back"),
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
        Outcome::Withdrawn => "Notice of withdrawn request",
    }
}

/// What was decided of a request, in a sentence.
const fn decided(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Approved => "approved",
        Outcome::Modified => "approved in part",
        Outcome::Denied => "denied",
        Outcome::Void | Outcome::InformationRequested | Outcome::Extended | Outcome::Withdrawn => "not decided",
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
