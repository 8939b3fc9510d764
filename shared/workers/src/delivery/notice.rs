//! How a notice looks in an e-mail: as plain text and as HTML, the same words in both.

/// What is read in an e-mail: paragraphs, then one link, then whom to ask.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Notice {
    pub(crate) subject: String,
    pub(crate) paragraphs: Vec<String>,
    pub(crate) link: String,
    pub(crate) support: String,
}

impl Notice {
    /// For readers of plain text.
    pub(crate) fn text(&self) -> String {
        let parts = [self.paragraphs.join("\n\n"), self.link.clone(), self.support.clone()];
        parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("\n\n") + "\n"
    }

    /// For the others.
    pub(crate) fn html(&self) -> String {
        let paragraph = |text: &String| format!("<p>{}</p>", escaped(text));
        let (link, support) = (escaped(&self.link), paragraph(&self.support));
        let paragraphs: String = self.paragraphs.iter().map(paragraph).collect();
        format!(
            "<!DOCTYPE html><html lang=\"en\"><body>{paragraphs}<p><a href=\"{link}\">{link}</a></p>{support}</body></html>"
        )
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
