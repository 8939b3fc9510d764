//! What is wrong with the lines of a revision beside what the contract says of lines (ACT-03).

use crate::{cases::authorization::Authorized, field::FieldErrors, service::Line, wrong::Wrong};

/// Places that nothing is authorized at, or that are named twice.
pub(super) fn places(lines: &[(Option<usize>, Line)], authorized: usize) -> FieldErrors {
    let mut errors = FieldErrors::none();
    for (place, (of, _)) in lines.iter().enumerate() {
        let Some(of) = of else { continue };
        let pointer = format!("/lines/{place}/line");
        if *of >= authorized {
            errors.add(pointer, Wrong::NotAuthorized.says("This line is none of those that are authorized."));
        } else if lines.iter().take(place).any(|(before, _)| before.as_ref() == Some(of)) {
            errors.add(pointer, Wrong::Repeated.says("This line is changed twice."));
        }
    }
    errors
}

/// What cannot change any more because it was billed (ACT-03).
pub(super) fn billed(lines: &[(Option<usize>, Line)], authorized: &[Authorized], servicing: bool) -> FieldErrors {
    let mut errors = FieldErrors::none();
    if !authorized.iter().any(|held| !held.billed.is_empty()) {
        return errors;
    }
    if servicing {
        let text = "The authorization was billed already: its provider cannot be changed.";
        errors.add("/servicing", Wrong::AlreadyBilled.says(text));
    }
    for (of, held) in authorized.iter().enumerate() {
        let kept = lines.iter().enumerate().find(|(_, (place, _))| *place == Some(of));
        let Some((place, (_, line))) = kept else {
            if !held.billed.is_empty() {
                let text = format!("{} was billed already: it cannot be removed.", held.line.code);
                errors.add("/lines", Wrong::AlreadyBilled.says(text));
            }
            continue;
        };
        let mut say = |wrong: bool, field: &str, text: &str| {
            if wrong {
                errors.add(format!("/lines/{place}/{field}"), Wrong::AlreadyBilled.says(text));
            }
        };
        let text = "The authorization was billed already: its modifiers cannot be changed.";
        say(line.modifiers != held.line.modifiers, "modifiers", text);
        if held.billed.is_empty() {
            continue;
        }
        say(line.code != held.line.code, "code", "This line was billed already: its code cannot be changed.");
        let fewer = u64::from(u32::from(line.quantity)) < held.billed_units();
        say(fewer, "quantity", "Units that were billed already cannot be removed.");
        let outside = held.billed.iter().any(|billed| billed.on < line.period.from() || line.period.to() < billed.on);
        say(outside, "from", "Days that were billed already cannot be removed.");
    }
    errors
}
