//! The one socket of this device, set up so that it speaks to nobody it was not told to: no relay,
//! no name service and no router is asked unless the user named it.

use super::limits::{ALIVE, IN_ALL, SILENCE, STREAMS, WINDOW_ASKED, WINDOW_ASKING, WINDOW_STREAM};
use super::{Options, wire};
use iroh::address_lookup::AddrFilter;
use iroh::dns::DnsResolver;
use iroh::endpoint::{BindOpts, Builder, PortmapperConfig, QuicTransportConfig, VarInt, presets};
use iroh::{Endpoint, NetReportConfig, RelayMode, RelayUrl, SecretKey, Watcher};
use iroh_mdns_address_lookup::MdnsAddressLookup;
use std::net::SocketAddr;
use std::time::Duration;

/// Under this name devices make themselves known in their network (RFC 6763).
const SERVICE: &str = "commonhold";
/// How long opening waits for the computer to say what addresses it has.
const ADDRESSES: Duration = Duration::from_secs(1);

/// Opens it; otherwise a sentence about why not.
pub async fn open(seed: &[u8; 32], options: &Options) -> Result<Endpoint, String> {
    let builder = bind(Endpoint::builder(presets::Minimal), &options.bind)?
        .secret_key(SecretKey::from_bytes(seed))
        .alpns(vec![wire::ALPN.to_vec()])
        .transport_config(transport()?)
        .relay_mode(relays(&options.relays)?)
        .clear_address_lookup()
        // The router is not asked to open a port.
        .portmapper_config(PortmapperConfig::Disabled)
        // No test pages are fetched from a relay; its distance is measured all the same.
        .net_report_config(NetReportConfig::minimal())
        // The name of a relay is looked up where this computer looks up names. The library would
        // otherwise ask public resolvers when that fails.
        .dns_resolver(DnsResolver::builder().with_system_defaults().disable_fallback().build());
    let endpoint = builder.bind().await.map_err(|error| {
        format!("a port could not be opened ({error}): is another program using it?")
    })?;
    let mut watch = endpoint.watch_addr();
    let known = async { while watch.get().is_empty() && watch.updated().await.is_ok() {} };
    // Without a network there are none; that is no reason not to start.
    let _ = tokio::time::timeout(ADDRESSES, known).await;
    Ok(endpoint)
}

/// The ports to listen on: those that were named, or one of the system's choice for each family.
fn bind(mut builder: Builder, addresses: &[SocketAddr]) -> Result<Builder, String> {
    if addresses.is_empty() {
        return Ok(builder);
    }
    builder = builder.clear_ip_transports();
    for (index, address) in addresses.iter().enumerate() {
        let earlier = addresses.iter().take(index);
        let first = !earlier.into_iter().any(|other| other.is_ipv4() == address.is_ipv4());
        // What goes elsewhere goes out by the first of each family.
        let bits = if address.is_ipv4() { 24 } else { 64 };
        let options = BindOpts::default().set_prefix_len(if first { 0 } else { bits });
        builder = builder
            .bind_addr_with_opts(*address, options)
            .map_err(|error| format!("{address} cannot be listened on: {error}"))?;
    }
    Ok(builder)
}

fn transport() -> Result<QuicTransportConfig, String> {
    let silence = SILENCE.try_into().map_err(|_| "the longest silence is too long".to_owned())?;
    Ok(QuicTransportConfig::builder()
        .max_concurrent_bidi_streams(VarInt::from_u32(STREAMS))
        .max_concurrent_uni_streams(VarInt::from_u32(STREAMS))
        .datagram_receive_buffer_size(None)
        .stream_receive_window(VarInt::from_u32(WINDOW_STREAM))
        // Grows when this side asks for something.
        .receive_window(VarInt::from_u32(WINDOW_ASKED))
        .send_window(u64::from(WINDOW_ASKING))
        .keep_alive_interval(ALIVE)
        .default_path_keep_alive_interval(ALIVE)
        .max_idle_timeout(Some(silence))
        .default_path_max_idle_timeout(SILENCE)
        .build())
}

/// The relays the user named, or none at all.
fn relays(named: &[String]) -> Result<RelayMode, String> {
    if named.is_empty() {
        return Ok(RelayMode::Disabled);
    }
    let mut urls: Vec<RelayUrl> = Vec::new();
    for relay in named.iter().take(IN_ALL) {
        let fits = super::address::is_relay(relay);
        let url = relay.parse().ok().filter(|_| fits);
        urls.push(url.ok_or_else(|| format!("“{relay}” is not the address of an iroh relay"))?);
    }
    Ok(RelayMode::custom(urls))
}

/// Makes this device known in its network and looks for others there. Fails where the network has
/// no multicast; devices can still be dialled by their addresses.
pub fn discover(endpoint: &Endpoint) -> Option<MdnsAddressLookup> {
    let lookup = MdnsAddressLookup::builder()
        .service_name(SERVICE)
        .addr_filter(AddrFilter::ip_only())
        .build(endpoint.id())
        .ok()?;
    endpoint.address_lookup().ok()?.add(lookup.clone());
    Some(lookup)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn endpoint(options: &Options) -> Result<Endpoint, String> {
        crate::runtime::runtime().unwrap().block_on(open(&[7; 32], options))
    }

    #[test]
    fn nobody_is_asked_who_was_not_named() {
        let bind: Vec<SocketAddr> = vec!["127.0.0.1:0".parse().unwrap()];
        let endpoint = endpoint(&Options { bind, ..Options::default() }).unwrap();
        assert!(endpoint.address_lookup().unwrap().is_empty());
        assert!(endpoint.home_relay_status().get().is_empty());
        assert_eq!(endpoint.addr().relay_urls().count(), 0);
        assert!(endpoint.addr().ip_addrs().all(|address| address.ip().is_loopback()));
        // The library's own choice would show here, so this sees what it should.
        let public = ["1.1.1.1:53", "8.8.8.8:53", "9.9.9.9:443"];
        let usual = format!("{:?}", DnsResolver::builder().with_system_defaults().build());
        assert!(public.iter().all(|address| usual.contains(address)));
        let ours = format!("{:?}", endpoint.dns_resolver().unwrap());
        assert!(ours.contains("fallback_nameservers: []"), "{ours}");
        crate::runtime::runtime().unwrap().block_on(endpoint.close());
    }

    #[test]
    fn only_named_relays_are_used() {
        assert_eq!(relays(&[]).unwrap(), RelayMode::Disabled);
        let one = relays(&["https://relay.example".to_owned()]).unwrap().relay_map();
        let urls: Vec<String> = one.urls::<Vec<_>>().iter().map(ToString::to_string).collect();
        assert_eq!(urls, ["https://relay.example/"]);
        assert!(relays(&["relay.example".to_owned()]).unwrap_err().contains("relay.example"));
    }

    #[test]
    fn a_port_that_is_taken_is_said() {
        let taken = std::net::UdpSocket::bind("127.0.0.1:0").unwrap();
        let bind = vec![taken.local_addr().unwrap()];
        let error = endpoint(&Options { bind, ..Options::default() }).unwrap_err();
        assert!(error.contains("another program"), "{error}");
    }
}
