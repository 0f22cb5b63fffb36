//! The names under which the loopback port may be called: its addresses, and no others.
//!
//! `localhost` is none of them: which of a PC's addresses it means is not ours to say, and a name of another site may lead
//! here, too.

use std::net::SocketAddr;
use std::sync::Arc;

use axum::http::header::HOST;
use axum::http::request::Parts;

/// The addresses of the port.
#[derive(Debug, Clone)]
pub(crate) struct Hosts {
    first: SocketAddr,
    named: Arc<[String]>,
}

impl Hosts {
    /// `first`, by which people are told to call, and its twin where there is one.
    pub(crate) fn new(addresses: &[SocketAddr], first: SocketAddr) -> Self {
        let named = addresses.iter().map(ToString::to_string).collect();
        Self { first, named }
    }

    /// The address that people are told.
    pub(crate) fn first(&self) -> SocketAddr {
        self.first
    }

    /// Whether the request names one of them as its host, once, and nothing else beside.
    pub(crate) fn are_named_by(&self, request: &Parts) -> bool {
        let mut hosts = request.headers.get_all(HOST).iter();
        let (Some(host), None) = (hosts.next(), hosts.next()) else {
            return false;
        };
        let authority = request.uri.authority();
        host.to_str().is_ok_and(|host| self.contain(host))
            && authority.is_none_or(|authority| self.contain(authority.as_str()))
    }

    /// Whether this is an origin of ours.
    pub(crate) fn have_origin(&self, origin: &str) -> bool {
        origin
            .strip_prefix("http://")
            .is_some_and(|host| self.contain(host))
    }

    fn contain(&self, host: &str) -> bool {
        self.named.iter().any(|named| named == host)
    }
}

#[cfg(test)]
mod tests {
    use axum::http::Request;

    use super::*;

    fn named(uri: &str, hosts: &[&str]) -> bool {
        let addresses = ["127.0.0.1:8730", "[::1]:8730"].map(|text| text.parse().unwrap());
        let mut request = Request::builder().uri(uri);
        for host in hosts {
            request = request.header(HOST, *host);
        }
        let (parts, ()) = request.body(()).unwrap().into_parts();
        Hosts::new(&addresses, addresses[0]).are_named_by(&parts)
    }

    #[test]
    fn the_ports_own_addresses_are_its_names_and_no_others() {
        for host in ["127.0.0.1:8730", "[::1]:8730"] {
            assert!(named("/", &[host]), "{host}");
            assert!(named(&format!("http://{host}/"), &[host]), "{host}");
        }
        for host in [
            "localhost:8730",
            "localhost",
            "127.0.0.1",
            "127.0.0.1:87300",
        ] {
            assert!(!named("/", &[host]), "{host}");
        }
        assert!(!named("/", &[]));
        assert!(!named("/", &["127.0.0.1:8730", "127.0.0.1:8730"]));
        assert!(!named("http://localhost:8730/", &["127.0.0.1:8730"]));
    }
}
