//! JSON before it is read: no name twice in an object, and no deeper than a person would ever send. Two readers take a
//! name that stands twice for different things, so neither is believed.

use std::{cell::RefCell, collections::HashSet, fmt};

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};

use crate::Fault;

/// As deep as objects and lists may stand in each other.
pub const MOST_DEPTH: usize = 64;

/// Checks a text, whose outermost object is called `root`.
///
/// # Errors
/// When it is no JSON, has a name twice, or is too deep: where.
pub fn check(text: &str, root: &str) -> Result<(), Fault> {
    let place = RefCell::new(Place { path: vec![root.to_owned()], wrong: None });
    let mut reader = serde_json::Deserializer::from_str(text);
    let read = Walk { place: &place, depth: 0 }.deserialize(&mut reader).and_then(|()| reader.end());
    let place = place.into_inner();
    read.map_err(|error| {
        let what = place.wrong.unwrap_or_else(|| format!("This is not JSON (line {}).", error.line()));
        Fault::at(place.path.concat(), what)
    })
}

struct Place {
    path: Vec<String>,
    wrong: Option<String>,
}

#[derive(Clone, Copy)]
struct Walk<'a> {
    place: &'a RefCell<Place>,
    depth: usize,
}

impl Walk<'_> {
    fn refuse<E: Error>(self, what: &str) -> E {
        self.place.borrow_mut().wrong = Some(what.to_owned());
        E::custom("refused")
    }

    /// What stands below, one step deeper. The path stays where something is wrong.
    fn below<T, E: Error>(self, step: String, read: impl FnOnce(Self) -> Result<T, E>) -> Result<T, E> {
        self.place.borrow_mut().path.push(step);
        let read = read(Self { depth: self.depth + 1, ..self })?;
        self.place.borrow_mut().path.pop();
        Ok(read)
    }

    fn deeper<E: Error>(self) -> Result<(), E> {
        if self.depth < MOST_DEPTH { Ok(()) } else { Err(self.refuse("This stands too deep.")) }
    }
}

impl<'de> DeserializeSeed<'de> for Walk<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Walk<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_bool<E>(self, _: bool) -> Result<(), E> {
        Ok(())
    }

    fn visit_i64<E>(self, _: i64) -> Result<(), E> {
        Ok(())
    }

    fn visit_u64<E>(self, _: u64) -> Result<(), E> {
        Ok(())
    }

    fn visit_f64<E>(self, _: f64) -> Result<(), E> {
        Ok(())
    }

    fn visit_str<E>(self, _: &str) -> Result<(), E> {
        Ok(())
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<(), A::Error> {
        self.deeper()?;
        for place in 0.. {
            if self.below(format!("[{place}]"), |below| items.next_element_seed(below))?.is_none() {
                break;
            }
        }
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<(), A::Error> {
        self.deeper()?;
        let mut seen = HashSet::new();
        while let Some(name) = fields.next_key::<String>()? {
            let step = format!(".{}", readable(&name));
            self.below(step, |below| {
                if !seen.insert(name) {
                    return Err(below.refuse("This name stands twice in one object."));
                }
                fields.next_value_seed(below)
            })?;
        }
        Ok(())
    }
}

/// A name as an element of FHIR has it; whatever else somebody wrote is not repeated.
fn readable(name: &str) -> &str {
    let form = (1..=64).contains(&name.len()) && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
    if form { name } else { "?" }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault(text: &str) -> (String, String) {
        let fault = check(text, "Bundle").unwrap_err();
        (fault.path, fault.what)
    }

    #[test]
    fn a_name_that_stands_twice_is_refused_where_it_stands() {
        assert_eq!(check(r#"{"a":[{"b":1},{"b":2}],"b":null,"c":1.50}"#, "Bundle"), Ok(()));
        let (path, what) = fault(r#"{"entry":[{},{"resource":{"id":"a","id":"b"}}]}"#);
        assert_eq!((path.as_str(), what.contains("twice")), ("Bundle.entry[1].resource.id", true));
        // The same name, written otherwise.
        assert_eq!(fault(r#"{"id":"a","\u0069d":"b"}"#).0, "Bundle.id");
    }

    #[test]
    fn what_is_too_deep_is_refused_and_what_is_deep_is_not() {
        let deep = |depth: usize| format!("{}1{}", "[".repeat(depth), "]".repeat(depth));
        assert_eq!(check(&deep(MOST_DEPTH), "Bundle"), Ok(()));
        assert!(fault(&deep(MOST_DEPTH + 1)).1.contains("deep"));
        assert!(check(&deep(100_000), "Bundle").is_err());
    }

    #[test]
    fn what_is_no_json_is_refused_and_no_name_of_a_person_is_repeated() {
        for text in ["", "{", "{\"a\":}", "{} {}", "<Bundle/>", "{\"a\":1,}"] {
            assert!(fault(text).1.contains("not JSON"), "{text}");
        }
        assert_eq!(fault(r#"{"Ada Quill":{"a":1,"a":2}}"#).0, "Bundle.?.a");
    }
}
