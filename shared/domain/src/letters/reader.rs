//! Who reads a letter: in which language, and under which address.

use super::{Addressed, Facts, Language, Member, Texts};
use crate::status::Audience;

impl Facts {
    /// The language of the letter for this audience.
    #[must_use]
    pub fn language(&self, audience: Audience, texts: &Texts) -> Language {
        match audience {
            Audience::Provider => Language::English,
            Audience::Member => texts.language_for(&self.member.reading),
        }
    }

    /// To whom the letter for this audience goes, as it stands in the window of its envelope.
    #[must_use]
    pub fn addressed(&self, audience: Audience, texts: &Texts) -> Addressed {
        match audience {
            Audience::Provider => {
                Addressed { name: self.requesting.name.clone(), lines: self.requesting.address.clone() }
            }
            Audience::Member => {
                let Member { name, care_of, address, .. } = &self.member;
                let language = self.language(audience, texts);
                let name = care_of
                    .as_ref()
                    .map_or_else(|| name.clone(), |care_of| format!("{} {name}", language.says(care_of)));
                Addressed { name, lines: address.clone() }
            }
        }
    }
}
