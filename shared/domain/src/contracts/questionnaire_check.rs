//! What is wrong with a questionnaire beyond its form: each fault with the place where it stands.

use std::{
    cmp::Ordering,
    collections::{HashMap, HashSet},
};

use super::questionnaire::{
    Answer, EnableWhen, Extension, Item, ItemType, MAX_VALUE, MIN_VALUE, Operator, Questionnaire, UNIT_OPTION,
};

/// Items of a questionnaire, at most.
pub const MOST_ITEMS: usize = 200;
/// Groups within each other, at most.
pub const MOST_DEPTH: usize = 5;
/// Options of a question, and conditions of an item, at most.
pub const MOST_OPTIONS: usize = 50;
/// Characters of a text that people read, at most.
pub const MOST_TEXT: usize = 1000;
/// Characters of a name: of a questionnaire, an item, a version, a code.
const MOST_NAME: usize = 64;
/// Characters of an answer that is one line, and of one that is several.
pub const MOST_ANSWER: (usize, usize) = (500, 4000);

struct Check<'a> {
    /// Every name.
    all: HashSet<&'a str>,
    /// Those of items that could not be read.
    unread: &'a [String],
    /// The items before the one that is looked at.
    before: HashMap<&'a str, &'a Item>,
    problems: Vec<String>,
}

impl Questionnaire {
    /// Everything that is wrong with it, each with its place as `item[0].enableWhen[1].question: …`. `unread`: the names of
    /// items that could not be read and are told already.
    #[must_use]
    pub fn problems(&self, unread: &[String]) -> Vec<String> {
        let mut check = Check { all: HashSet::new(), unread, before: HashMap::new(), problems: Vec::new() };
        let small = self.id.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-');
        let named = small && (1..=MOST_NAME).contains(&self.id.len());
        check.say(!named, "id: not 1 to 64 small letters, digits and hyphens");
        check.say(!self.url.starts_with("https://") && !self.url.starts_with("http://"), "url: no address of the web");
        check.say(
            self.version.is_empty() || self.version.chars().count() > MOST_NAME,
            format!("version: not 1 to {MOST_NAME} characters"),
        );
        check.text("title", &self.title);
        self.description.iter().for_each(|text| check.text("description", text));
        let count = count(&self.item);
        check.say(self.item.is_empty(), "item: asks nothing");
        if count > MOST_ITEMS {
            check.problems.push(format!("item: {count} items, at most {MOST_ITEMS} are taken"));
        }
        check.names(&self.item);
        check.items(&self.item, "item", 1);
        check.problems
    }
}

fn count(items: &[Item]) -> usize {
    items.iter().map(|item| 1 + count(&item.item)).sum()
}

impl<'a> Check<'a> {
    fn say(&mut self, wrong: bool, problem: impl Into<String>) {
        if wrong {
            self.problems.push(problem.into());
        }
    }

    fn name(&mut self, place: &str, name: &str) {
        let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
        let wrong = name.is_empty() || name.len() > MOST_NAME || !name.chars().all(fits);
        self.say(wrong, format!("{place}: not 1 to {MOST_NAME} letters, digits, hyphens, dots and underscores"));
    }

    fn text(&mut self, place: &str, text: &str) {
        let wrong = text.trim().is_empty() || text.chars().count() > MOST_TEXT;
        self.say(wrong, format!("{place}: not 1 to {MOST_TEXT} characters"));
    }

    fn names(&mut self, items: &'a [Item]) {
        for item in items {
            self.all.insert(&item.link_id);
            self.names(&item.item);
        }
    }

    fn items(&mut self, items: &'a [Item], place: &str, depth: usize) {
        for (number, item) in items.iter().enumerate() {
            let here = format!("{place}[{number}]");
            // What could not be read is told already.
            if !self.unread.contains(&item.link_id) {
                self.item(item, &here);
            }
            self.before.insert(&item.link_id, item);
            if depth == MOST_DEPTH && !item.item.is_empty() {
                self.say(true, format!("{here}.item: deeper than {MOST_DEPTH} levels"));
            } else {
                self.items(&item.item, &format!("{here}.item"), depth + 1);
            }
        }
    }

    fn item(&mut self, item: &'a Item, here: &str) {
        self.name(&format!("{here}.linkId"), &item.link_id);
        let twice = self.before.contains_key(item.link_id.as_str());
        self.say(twice, format!("{here}.linkId: {} stands twice", item.link_id));
        self.text(&format!("{here}.text"), &item.text);
        self.question(item, here);
        let many = item.enable_when.len() > MOST_OPTIONS;
        self.say(many, format!("{here}.enableWhen: more than {MOST_OPTIONS} conditions"));
        let open = item.enable_when.len() > 1 && item.enable_behavior.is_none();
        self.say(open, format!("{here}.enableBehavior: missing, with several conditions"));
        for (number, when) in item.enable_when.iter().enumerate() {
            self.condition(when, &format!("{here}.enableWhen[{number}]"));
        }
    }

    fn question(&mut self, item: &Item, here: &str) {
        let kind = item.kind;
        self.say(kind == ItemType::Group && item.item.is_empty(), format!("{here}.item: an empty group"));
        let inner = kind != ItemType::Group && !item.item.is_empty();
        self.say(inner, format!("{here}.item: only a group has items; put them beside the question, with enableWhen"));
        let idle = kind == ItemType::Display && (item.required || item.repeats);
        self.say(idle, format!("{here}.type: a display is neither required nor repeated"));
        let chosen = matches!(kind, ItemType::Choice | ItemType::OpenChoice);
        self.say(
            chosen && item.answer_option.is_empty(),
            format!("{here}.answerOption: missing, nothing can be chosen"),
        );
        self.say(!chosen && !item.answer_option.is_empty(), format!("{here}.answerOption: only of a choice"));
        let many = item.answer_option.len() > MOST_OPTIONS;
        self.say(many, format!("{here}.answerOption: more than {MOST_OPTIONS} options"));
        for (number, option) in item.answer_option.iter().enumerate() {
            let (coding, at) = (&option.value_coding, format!("{here}.answerOption[{number}].valueCoding"));
            self.name(&format!("{at}.code"), &coding.code);
            self.text(&format!("{at}.display"), coding.display.as_deref().unwrap_or_default());
            let twice = item.answer_option.iter().take(number).any(|other| other.value_coding.code == coding.code);
            self.say(twice, format!("{at}.code: {} stands twice", coding.code));
        }
        let line = matches!(kind, ItemType::String | ItemType::OpenChoice);
        let most = if line { MOST_ANSWER.0 } else { MOST_ANSWER.1 };
        let most = if line || kind == ItemType::Text { most } else { 0 };
        if let Some(length) = item.max_length.filter(|length| *length == 0 || *length > most) {
            self.say(true, format!("{here}.maxLength: {length}, which is not from 1 to {most} for this type"));
        }
        for (number, extension) in item.extension.iter().enumerate() {
            self.extension(item, extension, &format!("{here}.extension[{number}]"));
        }
        if kind == ItemType::Quantity && item.units().next().is_none() {
            self.say(true, format!("{here}.extension: a quantity has no unit ({UNIT_OPTION})"));
        }
        let limits = item.limit(MIN_VALUE).zip(item.limit(MAX_VALUE));
        let none = limits.is_some_and(|(least, most)| least.compared(&most).is_some_and(Ordering::is_gt));
        self.say(none, format!("{here}.extension: minValue is more than maxValue"));
    }

    fn extension(&mut self, item: &Item, extension: &Extension, here: &str) {
        let values = [
            extension.value_integer.is_some(),
            extension.value_decimal.is_some(),
            extension.value_date.is_some(),
            extension.value_coding.is_some(),
        ];
        let one = values.iter().filter(|there| **there).count() == 1;
        let wrong = match extension.url.as_str() {
            MIN_VALUE | MAX_VALUE => !matches!(
                (item.kind, extension.limit()),
                (ItemType::Integer | ItemType::Decimal, Some(Answer::Integer(_)))
                    | (ItemType::Decimal, Some(Answer::Decimal(_)))
                    | (ItemType::Date, Some(Answer::Date(_)))
            ),
            UNIT_OPTION => {
                let unit = extension.value_coding.as_ref();
                item.kind != ItemType::Quantity
                    || unit.is_none_or(|unit| unit.code.is_empty() || unit.code.chars().count() > MOST_NAME)
            }
            url => return self.problems.push(format!("{here}.url: {url} is not heeded here")),
        };
        self.say(wrong || !one, format!("{here}: not a value for this type of item"));
    }

    fn condition(&mut self, when: &EnableWhen, here: &str) {
        if self.unread.contains(&when.question) {
            return;
        }
        let Some(source) = self.before.get(when.question.as_str()).copied() else {
            // Only what stands before it is answered before it; so no two wait for each other.
            let later = self.all.contains(when.question.as_str());
            let problem = if later { "does not stand before this item" } else { "is the linkId of no item" };
            return self.problems.push(format!("{here}.question: {} {problem}", when.question));
        };
        if !source.kind.is_question() {
            return self.problems.push(format!("{here}.question: {} is no question", when.question));
        }
        let answers = when.answers();
        let [answer] = answers.as_slice() else {
            return self.problems.push(format!("{here}: not one answer[x] but {}", answers.len()));
        };
        let ordered = !matches!(when.operator, Operator::Exists | Operator::Equal | Operator::NotEqual);
        let fits = match (when.operator, source.kind, answer) {
            (Operator::Exists, _, answer) => matches!(answer, Answer::Boolean(_)),
            (_, ItemType::Boolean, Answer::Boolean(_))
            | (_, ItemType::Integer, Answer::Integer(_))
            | (_, ItemType::Decimal, Answer::Decimal(_) | Answer::Integer(_))
            | (_, ItemType::Date, Answer::Date(_))
            | (_, ItemType::String | ItemType::Text | ItemType::OpenChoice, Answer::String(_)) => true,
            (_, ItemType::Choice | ItemType::OpenChoice, Answer::Coding(coding)) => {
                source.answer_option.iter().any(|option| option.value_coding.is(coding))
            }
            (_, ItemType::Quantity, Answer::Quantity(quantity)) => {
                source.units().any(|unit| unit.code == quantity.code)
            }
            _ => false,
        };
        let operator = ordered && !source.kind.is_ordered();
        self.say(operator, format!("{here}.operator: not for the type of {}", when.question));
        self.say(!fits, format!("{here}: {} cannot be answered like that", when.question));
    }
}
