//! Where a system wants to be told: an address of the internet under a name, by HTTPS and its own port. Whether the name leads
//! into a network of ours is looked at when it is called; here is only what can be told from the text.

use serde::{Deserialize, Serialize};

/// As long as an address may be.
const MOST: usize = 500;
/// Ends of names that no resolver of the internet knows, or that are there for examples and tests.
const PRIVATE: [&str; 9] =
    ["localhost", "local", "internal", "intranet", "lan", "home", "localdomain", "invalid", "onion"];

/// An address that notifications are sent to.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Endpoint(String);

/// Why nothing is sent there.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[expect(missing_docs, reason = "the texts say it")]
pub enum EndpointError {
    #[error("Notifications go by https alone: the address begins with https://.")]
    NotHttps,
    #[error(
        "An address has at most {MOST} characters: letters, digits and signs of ASCII, without blanks and without #."
    )]
    Form,
    #[error("The address has a name of the internet: no number, no name of a private network, nothing before an @.")]
    Host,
    #[error("The port is that of https: leave it out.")]
    Port,
}

impl Endpoint {
    /// Reads an address. `local` is the one place besides that a stack on a developer's machine allows.
    ///
    /// # Errors
    /// When nothing is sent there.
    pub fn read(text: &str, local: Option<&str>) -> Result<Self, EndpointError> {
        let plain =
            text.bytes().all(|byte| byte.is_ascii_graphic() && !matches!(byte, b'#' | b'\\' | b'"' | b'<' | b'>'));
        if text.len() > MOST || !plain {
            return Err(EndpointError::Form);
        }
        if local.is_some_and(|local| is_below(text, local)) {
            return Ok(Self(text.to_owned()));
        }
        let rest = text.strip_prefix("https://").ok_or(EndpointError::NotHttps)?;
        let authority = rest.split(['/', '?']).next().unwrap_or_default();
        let (host, port) = authority.split_once(':').map_or((authority, None), |(host, port)| (host, Some(port)));
        if !is_public_name(host) {
            return Err(EndpointError::Host);
        }
        if port.is_some_and(|port| port != "443") {
            return Err(EndpointError::Port);
        }
        Ok(Self(text.to_owned()))
    }

    /// The address.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The server that it names.
    #[must_use]
    pub fn host(&self) -> &str {
        let rest = self.0.split_once("://").map_or(self.0.as_str(), |(_, rest)| rest);
        rest.split(['/', '?', ':']).next().unwrap_or_default()
    }

    /// Whether it is the place that a stack on a developer's machine allows, or one below it.
    #[must_use]
    pub fn is_local(&self, local: Option<&str>) -> bool {
        local.is_some_and(|local| is_below(&self.0, local))
    }
}

/// Whether an address is `place` or stands below it, as it is written.
fn is_below(text: &str, place: &str) -> bool {
    let rest = text.strip_prefix(place.trim_end_matches('/'));
    !place.is_empty() && rest.is_some_and(|rest| rest.starts_with('/') && !rest.contains(".."))
}

/// Whether it is a name as the internet has them: labels with a dot between them, the last of letters, so no number.
fn is_public_name(host: &str) -> bool {
    let label = |label: &str| {
        let form = label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
        (1..=63).contains(&label.len()) && form && !label.starts_with('-') && !label.ends_with('-')
    };
    let Some((_, last)) = host.rsplit_once('.') else { return false };
    let public = last.len() > 1 && last.bytes().any(|byte| byte.is_ascii_alphabetic());
    let last = last.to_ascii_lowercase();
    host.len() <= 253 && host.split('.').all(label) && public && !PRIVATE.contains(&last.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_sent_but_to_names_of_the_internet_by_https() {
        let read = |text: &str| Endpoint::read(text, None).map(|endpoint| endpoint.as_str().to_owned());
        for good in
            ["https://ehr.example.org/hooks?of=1", "https://EHR.example.org:443", "https://xn--bcher-kva.example/a"]
        {
            assert_eq!(read(good).as_deref(), Ok(good));
        }
        for (wrong, why) in [
            ("http://ehr.example.org/", EndpointError::NotHttps),
            ("HTTPS://ehr.example.org/", EndpointError::NotHttps),
            ("file:///etc/passwd", EndpointError::NotHttps),
            ("", EndpointError::NotHttps),
            ("https://ehr.example.org/a b", EndpointError::Form),
            ("https://ehr.example.org/#a", EndpointError::Form),
            ("https://ehr.example.org\\@evil.example", EndpointError::Form),
            ("https://ehr.example.org/\r\nHost: a", EndpointError::Form),
            ("https://b\u{fc}cher.example/", EndpointError::Form),
            ("https://", EndpointError::Host),
            ("https:///a", EndpointError::Host),
            ("https://localhost/", EndpointError::Host),
            ("https://ehr/", EndpointError::Host),
            ("https://a.localhost/", EndpointError::Host),
            ("https://vault.internal/", EndpointError::Host),
            ("https://127.0.0.1/", EndpointError::Host),
            ("https://2130706433/", EndpointError::Host),
            ("https://0x7f.1/", EndpointError::Host),
            ("https://[::1]/", EndpointError::Host),
            ("https://user@ehr.example.org/", EndpointError::Host),
            ("https://a.example:443@ehr.example.org/", EndpointError::Port),
            ("https://ehr.example.org./", EndpointError::Host),
            ("https://-a.example/", EndpointError::Host),
            ("https://ehr.example.org:8443/", EndpointError::Port),
            ("https://ehr.example.org:/", EndpointError::Port),
        ] {
            assert_eq!(read(wrong), Err(why), "{wrong}");
        }
        let secret = Endpoint::read("https://ehr.example.org:443/hooks/secret?of=1", None).unwrap();
        assert_eq!(secret.host(), "ehr.example.org");
        assert_eq!(read(&format!("https://ehr.example.org/{}", "a".repeat(MOST))), Err(EndpointError::Form));
    }

    #[test]
    fn a_developers_machine_allows_one_place_more() {
        let local = Some("http://127.0.0.1:4599/hooks");
        let read = |text: &str| Endpoint::read(text, local).map(|endpoint| endpoint.is_local(local));
        assert_eq!(read("http://127.0.0.1:4599/hooks/a"), Ok(true));
        assert_eq!(read("https://ehr.example.org/"), Ok(false));
        for wrong in [
            "http://127.0.0.1:4599/hooksa",
            "http://127.0.0.1:4599/hooks/../fax",
            "http://127.0.0.1:4599/",
            "http://127.0.0.1:4566/hooks/a",
        ] {
            assert_eq!(read(wrong), Err(EndpointError::NotHttps), "{wrong}");
        }
        assert_eq!(Endpoint::read("http://a/", Some("")), Err(EndpointError::NotHttps));
    }
}
