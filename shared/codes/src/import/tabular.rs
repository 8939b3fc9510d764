//! The tabular list of ICD-10-CM: XML, of which the inclusion terms are taken.

use roxmltree::{Document, Node};

/// Not XML.
#[derive(Debug, thiserror::Error)]
#[error(transparent)]
pub struct TabularError(#[from] roxmltree::Error);

/// The inclusion terms and includes notes, as pairs of code and term. Notes that speak of codes instead of naming something are left out.
///
/// # Errors
/// [`TabularError`] if it is not XML.
pub fn inclusion_terms(xml: &str) -> Result<Vec<(String, String)>, TabularError> {
    let document = Document::parse(xml)?;
    let mut terms = Vec::new();
    for diagnosis in document.descendants().filter(|node| node.has_tag_name("diag")) {
        let child = |name| diagnosis.children().filter(move |node: &Node<'_, '_>| node.has_tag_name(name));
        let Some(code) = child("name").find_map(|node| node.text()) else { continue };
        for note in child("inclusionTerm").chain(child("includes")).flat_map(|node| node.children()) {
            let text = note.text().map(str::trim).unwrap_or_default();
            if note.has_tag_name("note") && !text.is_empty() && !text.contains("code") {
                terms.push((code.trim().to_owned(), text.split_whitespace().collect::<Vec<_>>().join(" ")));
            }
        }
    }
    Ok(terms)
}

#[cfg(test)]
mod tests {
    use super::inclusion_terms;

    #[test]
    fn terms_belong_to_the_code_they_stand_at() {
        let xml = "<t><diag><name>F84</name><includes><note>disorders coded elsewhere</note></includes>\
                   <diag><name>F84.0</name><desc>Autistic disorder</desc><inclusionTerm><note>Autism  spectrum\ndisorder</note>\
                   <note>Kanner's syndrome</note></inclusionTerm><excludes1><note>Asperger's (F84.5)</note></excludes1></diag></diag></t>";
        let terms = inclusion_terms(xml).expect("XML");
        let terms: Vec<_> = terms.iter().map(|(code, term)| (code.as_str(), term.as_str())).collect();
        assert_eq!(terms, [("F84.0", "Autism spectrum disorder"), ("F84.0", "Kanner's syndrome")]);
        assert!(inclusion_terms("F84.0 Autism").is_err());
    }
}
