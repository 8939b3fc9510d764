//! A message to the server of a system: over HTTPS, to an address of the internet, and to nothing that it points to.
//!
//! A name may lead anywhere, also into a network of ours, and somewhere else a moment later. So the addresses that a name has
//! are looked at by what connects, and it connects to one of those.

use std::{
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    sync::LazyLock,
    time::Duration,
};

use portico_domain::fhir::subscriptions::Endpoint;
use ureq::{
    Agent, Error,
    config::Config,
    http::Uri,
    unversioned::{
        resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver},
        transport::{DefaultConnector, NextTimeout},
    },
};

use crate::failure::Failure;

/// A receiver has this long for its answer.
const PATIENCE: Duration = Duration::from_secs(10);

/// Leaves of a name's addresses those of the internet.
#[derive(Debug, Default)]
struct Public(DefaultResolver);

impl Resolver for Public {
    fn resolve(&self, uri: &Uri, config: &Config, timeout: NextTimeout) -> Result<ResolvedSocketAddrs, Error> {
        public(&self.0.resolve(uri, config, timeout)?, self.empty())
    }
}

fn public(all: &[SocketAddr], mut kept: ResolvedSocketAddrs) -> Result<ResolvedSocketAddrs, Error> {
    for address in all.iter().filter(|address| is_public(address.ip())) {
        kept.push(*address);
    }
    if kept.is_empty() { Err(Error::HostNotFound) } else { Ok(kept) }
}

/// Whether an address is one of the internet: no network of ours or of anybody's, no service of this machine or of its cloud.
fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    let special = address.is_private()
        || address.is_loopback()
        || address.is_link_local()
        || address.is_documentation()
        || address.is_multicast();
    // This network, carriers' own, protocols, the way to IPv6, measurements; what is reserved, and all at once.
    let reserved = a == 0
        || (a == 100 && (64..128).contains(&b))
        || (a == 192 && b == 0 && c == 0)
        || (a == 192 && b == 88 && c == 99)
        || (a == 198 && (b == 18 || b == 19))
        || a >= 240;
    !special && !reserved
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    let [a, b, ..] = address.segments();
    // Only 2000::/3 is given out. Of it: protocols and tunnels (2001::/23), examples, 6to4, examples again.
    let given_out = a & 0xe000 == 0x2000;
    let special = matches!((a, b), (0x2001, 0..0x0200 | 0x0db8) | (0x2002, _) | (0x3fff, 0..0x1000));
    given_out && !special
}

/// To the internet. It follows nothing, and asks no proxy that an environment names.
static AGENT: LazyLock<Agent> = LazyLock::new(|| {
    let config =
        Agent::config_builder().http_status_as_error(false).max_redirects(0).proxy(None).https_only(true).build();
    Agent::with_parts(config, DefaultConnector::default(), Public::default())
});
/// To the one place on a developer's machine.
static LOCAL: LazyLock<Agent> =
    LazyLock::new(|| Agent::config_builder().http_status_as_error(false).max_redirects(0).proxy(None).build().into());

/// Sends a message, and has it taken (2xx).
///
/// # Errors
/// When it is not taken, for whatever reason: it may be later.
pub(super) async fn send(
    endpoint: &Endpoint,
    local: Option<&str>,
    headers: Vec<(String, String)>,
    body: String,
) -> Result<(), Failure> {
    let agent: &Agent = if endpoint.is_local(local) { &LOCAL } else { &AGENT };
    let address = endpoint.as_str().to_owned();
    let call = tokio::task::spawn_blocking(move || {
        let mut request = agent.post(address).config().timeout_global(Some(PATIENCE)).build();
        for (name, value) in headers {
            request = request.header(name, value);
        }
        // What it says beside is nothing to us.
        request.content_type("application/fhir+json").send(body).map(|answer| answer.status().as_u16())
    });
    match call.await {
        Ok(Ok(200..300)) => Ok(()),
        Ok(Ok(status)) => Err(Failure::Receiver(format!("status {status}"))),
        Ok(Err(error)) => Err(Failure::Receiver(in_short(&error).to_owned())),
        Err(_) => Err(Failure::Receiver("the call was broken off".to_owned())),
    }
}

/// What went wrong, without the address.
fn in_short(error: &Error) -> &'static str {
    match error {
        Error::Timeout(_) => "no answer in time",
        Error::HostNotFound => "its name has no address of the internet",
        Error::Tls(_) | Error::Rustls(_) => "no safe connection",
        Error::RequireHttpsOnly(_) => "it is no https",
        _ => "no connection, or one that broke",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::served::{block_on, carrier};

    fn endpoint(text: &str, local: Option<&str>) -> Endpoint {
        Endpoint::read(text, local).unwrap()
    }

    #[test]
    fn no_address_of_a_private_network_is_called() {
        for public in ["93.184.215.14", "8.8.8.8", "172.15.0.1", "172.32.0.1", "2606:4700::1111", "2a00:1450::1"] {
            assert!(is_public(public.parse().unwrap()), "{public}");
        }
        for private in [
            "0.0.0.0",
            "127.0.0.1",
            "10.1.2.3",
            "172.16.0.1",
            "172.31.255.255",
            "192.168.0.1",
            "169.254.169.254",
            "169.254.170.2",
            "100.64.0.1",
            "192.0.0.170",
            "192.0.2.1",
            "192.88.99.1",
            "198.18.0.1",
            "224.0.0.1",
            "240.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "::ffff:127.0.0.1",
            "::ffff:8.8.8.8",
            "64:ff9b::a00:1",
            "fe80::1",
            "fc00::1",
            "fd00:ec2::254",
            "ff02::1",
            "2001:db8::1",
            "2001::1",
            "2002:7f00:1::",
            "3fff::1",
        ] {
            assert!(!is_public(private.parse().unwrap()), "{private}");
        }
        let at = |text: &str| SocketAddr::new(text.parse().unwrap(), 443);
        let kept = |all: &[SocketAddr]| public(all, Public::default().empty()).map(|kept| kept.to_vec());
        assert_eq!(kept(&[at("10.0.0.1"), at("8.8.8.8"), at("::1")]).unwrap(), [at("8.8.8.8")]);
        assert!(matches!(kept(&[at("10.0.0.1")]), Err(Error::HostNotFound)));
    }

    #[test]
    fn a_name_that_leads_to_this_machine_is_not_called() {
        let local = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let port = local.local_addr().unwrap().port();
        let config = Agent::config_builder().max_redirects(0).build();
        let agent = Agent::with_parts(config, DefaultConnector::default(), Public::default());
        for host in ["localhost", "127.0.0.1", "[::1]"] {
            let error = agent.post(format!("http://{host}:{port}/")).send("{}").unwrap_err();
            assert!(matches!(error, Error::HostNotFound | Error::Io(_)), "{host}: {error}");
        }
        local.set_nonblocking(true).unwrap();
        assert!(local.accept().is_err(), "nobody came");
    }

    #[test]
    fn a_message_goes_out_with_its_headers_and_only_what_is_taken_is_taken() {
        let sent = |status| {
            let (url, served) = carrier(status, "");
            let hooks = endpoint(&format!("{url}/a"), Some(&url));
            let headers = vec![("Authorization".to_owned(), "Bearer abc".to_owned())];
            let done = block_on(send(&hooks, Some(&url), headers, r#"{"a":1}"#.to_owned()));
            (done, served.join().unwrap())
        };
        let (done, (head, body)) = sent(200);
        assert!(done.is_ok());
        assert!(
            head.contains("authorization: bearer abc\r\n") && head.contains("content-type: application/fhir+json\r\n")
        );
        assert_eq!(body, serde_json::json!({ "a": 1 }));
        for refused in [302, 400, 401, 404, 500, 503] {
            assert!(matches!(sent(refused).0, Err(Failure::Receiver(_))), "{refused}");
        }
        // What is allowed on a developer's machine is allowed nowhere else, and no reason says where it was.
        let nowhere = endpoint("https://nowhere.example/secret", None);
        let reason = block_on(send(&nowhere, None, Vec::new(), String::new())).unwrap_err().reason();
        assert!(!reason.contains("nowhere") && !reason.contains("secret"), "{reason}");
    }
}
