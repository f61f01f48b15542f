//! Where a device can be reached, as one text that people can copy.

use commonhold_core::id::Device;
use std::fmt;
use std::net::SocketAddr;
use std::str::FromStr;

/// Most bytes of an address as text.
const MAX_TEXT: usize = 2048;
/// Most places to reach one device at: socket addresses, and relays.
pub(super) const MAX_DIRECT: usize = 16;
/// Most relays in one address, and most that are used.
pub const MAX_RELAYS: usize = 4;

/// Where a device can be reached: its key, and where it may be found. Written
/// `peer:<64 hexadecimal digits>@192.0.2.1:4433,[2001:db8::1]:4433;relay=https://relay.example`;
/// without `@…` the device is looked for in the same network. It is no secret, but it says where
/// somebody's device is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PeerAddress {
    /// The device. Whoever answers must prove to have its key.
    pub device: Device,
    /// Addresses to try.
    pub direct: Vec<SocketAddr>,
    /// Addresses of iroh relays (`https://…`) it can be reached through.
    pub relays: Vec<String>,
}

impl fmt::Display for PeerAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "peer:{}", self.device)?;
        for (index, direct) in self.direct.iter().enumerate() {
            write!(f, "{}{direct}", if index == 0 { '@' } else { ',' })?;
        }
        self.relays.iter().try_for_each(|relay| write!(f, ";relay={relay}"))
    }
}

impl FromStr for PeerAddress {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let text = text.trim();
        let wrong = |what: &str| {
            format!(
                "That is not the address of a device: {what}. It looks like “peer:1a2b…@192.0.2.1:4433”."
            )
        };
        if text.len() > MAX_TEXT {
            return Err(wrong("it is too long"));
        }
        let rest = text.strip_prefix("peer:").ok_or_else(|| wrong("it does not begin so"))?;
        let mut parts = rest.split(';');
        let first = parts.next().unwrap_or_default();
        let (device, direct) = first.split_once('@').unwrap_or((first, ""));
        let device = device.parse().map_err(|_| wrong("the device has 64 hexadecimal digits"))?;
        let direct: Result<Vec<SocketAddr>, _> =
            direct.split(',').filter(|part| !part.is_empty()).map(str::parse).collect();
        let direct = direct.map_err(|_| wrong("after “@” stand addresses with ports"))?;
        let mut relays = Vec::new();
        for part in parts {
            let relay = part.strip_prefix("relay=").filter(|relay| is_relay(relay));
            relays
                .push(relay.ok_or_else(|| wrong("after “;” stands “relay=https://…”"))?.to_owned());
        }
        if direct.len() > MAX_DIRECT || relays.len() > MAX_RELAYS {
            return Err(wrong("it names too many places"));
        }
        Ok(Self { device, direct, relays })
    }
}

/// Whether a text can be the address of an iroh relay.
pub fn is_relay(text: &str) -> bool {
    let web = text.starts_with("https://") || text.starts_with("http://");
    let plain = !text.contains([';', '@', ' ']) && !text.chars().any(char::is_control);
    web && plain && text.parse::<iroh::RelayUrl>().is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_can_be_copied() {
        let key = "ab".repeat(32);
        for rest in [
            "",
            "@192.0.2.1:4433",
            "@192.0.2.1:4433,[2001:db8::1]:7",
            ";relay=https://relay.example",
            "@127.0.0.1:1;relay=https://a.example;relay=http://b.example:3340",
        ] {
            let text = format!("peer:{key}{rest}");
            assert_eq!(text.parse::<PeerAddress>().unwrap().to_string(), text);
        }
        let many = format!("peer:{key}@{}", vec!["192.0.2.1:1"; 17].join(","));
        for text in [
            "",
            "peer:",
            "peer:zz",
            &format!("peer:{key}@nowhere"),
            &format!("peer:{key}@192.0.2.1"),
            &format!("peer:{key};relay=ftp://x"),
            &format!("peer:{key};relay=https://user:word@x"),
            &format!("peer:{key};other=1"),
            &many,
            &"peer:".repeat(1000),
        ] {
            let error = text.parse::<PeerAddress>().unwrap_err();
            assert!(error.contains("peer:1a2b"), "{error}");
        }
    }
}
