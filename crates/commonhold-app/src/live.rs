//! Direct connections to other devices: off until somebody switches them on. This device shows
//! those that belong what it has, and takes what it wants from them.

use crate::app::{App, Lend, Lent};
use crate::background::{Lender, Owner};
use crate::clock::{System, World};
use crate::failure::{Code, Failure};
use crate::profile::random;
use commonhold_core::store::Reader;
use commonhold_core::{BookId, Device, Kind};
use commonhold_net::peer::{Event, MAX_RELAYS, Options, PeerAddress, Peers, is_relay};
use commonhold_sync::joining::qr_svg;
use commonhold_sync::offer::Offer;
use commonhold_sync::shelf::{Item, Source};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};

/// Where the choice is kept.
const SETTING: &str = "live";

/// Whether and how this device takes part in direct connections.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct LiveChoice {
    /// Whether it takes part.
    pub on: bool,
    /// The port it listens on; 0 for any, so that its address is another one each time.
    pub port: u16,
    /// Whether it is known in its network and looks for others there.
    pub discovery: bool,
    /// Addresses of iroh relays that help where no direct way is found.
    pub relays: Vec<String>,
}

/// How it stands with direct connections.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct LiveState {
    /// The choice.
    pub choice: LiveChoice,
    /// Where others reach this device; nothing while it does not take part.
    pub address: Option<String>,
    /// The same as a picture (SVG); empty while it does not take part.
    pub qr_svg: String,
    /// Devices that are connected directly right now.
    pub connected: Vec<LiveDevice>,
    /// Why it does not take part although that was chosen, in words for people.
    pub error: Option<String>,
}

/// Another device that is connected directly.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct LiveDevice {
    /// Its person's public name, where a service here names one.
    pub person: Option<String>,
    /// What its person calls it.
    pub label: Option<String>,
    /// The device, short.
    pub short: String,
}

/// What the background knows of direct connections; see [`crate::background::Background::live`].
#[derive(Clone, Debug, Default)]
pub struct LiveNow {
    /// Where others reach this device.
    pub address: Option<PeerAddress>,
    /// Devices that are connected.
    pub connected: Vec<Device>,
    /// Why it could not begin, in words for people.
    pub error: Option<String>,
}

/// How it stands, with what the background knows.
pub fn state(reader: &Reader, now: &LiveNow) -> Result<LiveState, Failure> {
    let address = now.address.as_ref().map(ToString::to_string);
    let qr_svg = address.as_ref().and_then(|text| qr_svg(text)).unwrap_or_default();
    let named = now.connected.iter().map(|device| named(reader, device));
    let mut connected = named.collect::<Result<Vec<_>, _>>()?;
    connected.sort_unstable();
    connected.dedup();
    Ok(LiveState { choice: choice(reader)?, address, qr_svg, connected, error: now.error.clone() })
}

/// A device as the services of this profile know it.
fn named(reader: &Reader, device: &Device) -> Result<LiveDevice, Failure> {
    let mut found = LiveDevice { person: None, label: None, short: device.short() };
    for book in reader.books()? {
        let authority = reader.authority(&book.id)?;
        let Some(admitted) = authority.state().admitted(device) else { continue };
        found.label = Some(admitted.label.clone()).filter(|label| !label.is_empty());
        let record = reader.record(&book.id, Kind::Person, &admitted.person)?;
        let name = record.and_then(|row| row.fields.get("public_name").cloned());
        found.person = name.and_then(|name| name.as_str().map(str::to_owned));
        if found.person.is_some() {
            break;
        }
    }
    Ok(found)
}

/// Switches direct connections on or off, keeping the port that was chosen. Relays are addresses
/// of iroh relays, one each; empty ones are left out.
pub fn switch(
    app: &mut App,
    on: bool,
    discovery: bool,
    relays: Vec<String>,
) -> Result<(), Failure> {
    let relays: Vec<String> = relays.iter().map(|relay| relay.trim().to_owned()).collect();
    let relays: Vec<String> = relays.into_iter().filter(|relay| !relay.is_empty()).collect();
    let wrong = relays.iter().find(|relay| !is_relay(relay));
    if let Some(wrong) = wrong {
        let what = format!("“{wrong}” is not the address of an iroh relay.");
        return Err(Failure::new(Code::Invalid, what).hint("It begins with https://."));
    }
    if relays.len() > MAX_RELAYS {
        let what = format!("At most {MAX_RELAYS} relays can be used.");
        return Err(Failure::new(Code::Invalid, what).hint("Take some of them away."));
    }
    let mut choice = choice(app.reader())?;
    if choice.port == 0 {
        choice.port = some_port(app.world())?;
    }
    choose(app, &LiveChoice { on, discovery, relays, ..choice })
}

/// Reads the choice.
pub fn choice(reader: &Reader) -> Result<LiveChoice, Failure> {
    let bytes = reader.setting(SETTING)?;
    Ok(bytes.and_then(|bytes| serde_json::from_slice(&bytes).ok()).unwrap_or_default())
}

/// Makes the choice.
pub fn choose(app: &mut App, choice: &LiveChoice) -> Result<(), Failure> {
    let bytes = serde_json::to_vec(choice).unwrap_or_default();
    Ok(app.store()?.set_setting(SETTING, &bytes)?)
}

/// A port to keep: one of those that are given to programs by nobody.
pub fn some_port(world: &mut dyn World) -> Result<u16, Failure> {
    let [high, low] = random(world)?;
    let number = u16::from_be_bytes([high, low]).checked_rem(16_000).unwrap_or(0);
    Ok(number.saturating_add(49_152))
}

/// What this device shows others, from the profile its owner lends.
struct Shown {
    owner: Arc<dyn Owner>,
    offers: Mutex<BTreeMap<BookId, Offer>>,
}

impl Shown {
    /// What is remembered of a book, taken out while it is used.
    fn offer(&self, book: &BookId) -> Offer {
        let mut offers = self.offers.lock().unwrap_or_else(PoisonError::into_inner);
        offers.remove(book).unwrap_or_default()
    }
}

impl Source for Shown {
    fn list(&self, peer: &Device, book: &BookId) -> Option<Vec<Item>> {
        let mut offer = self.offer(book);
        let mut lender = Lender(self.owner.as_ref());
        let found = offer.list(&mut Lent(&mut lender), (peer, book), System.now());
        let listed = found.ok().flatten();
        if listed.is_some() {
            let mut offers = self.offers.lock().unwrap_or_else(PoisonError::into_inner);
            offers.insert(*book, offer);
        }
        listed
    }

    fn get(&self, peer: &Device, book: &BookId, name: &str, most: u64) -> Option<Vec<u8>> {
        let mut lender = Lender(self.owner.as_ref());
        let made = Offer::default().get(&mut Lent(&mut lender), (peer, book), name, System.now());
        let most = usize::try_from(most).unwrap_or(usize::MAX);
        made.ok().flatten().map(|mut bytes| {
            bytes.truncate(most);
            bytes
        })
    }
}

/// Direct connections, as long as this is kept.
pub struct Live {
    owner: Arc<dyn Owner>,
    peers: Option<Peers>,
}

impl Live {
    /// Begins to take part. `heard` is called when a device that may have something new is there,
    /// and with whether it has proved to be that device.
    pub fn start(
        owner: &Arc<dyn Owner>,
        choice: &LiveChoice,
        heard: impl Fn(Device, bool) + Send + Sync + 'static,
    ) -> Result<Self, Failure> {
        let mut lender = Lender(owner.as_ref());
        let lender: &mut dyn Lend = &mut lender;
        let seed = lender.lent(|app| Ok(app.store()?.identity().keys().seed()))?;
        let shown = Shown { owner: Arc::clone(owner), offers: Mutex::default() };
        let port = choice.port;
        let bind = if port == 0 {
            Vec::new()
        } else {
            vec![
                SocketAddr::from((Ipv4Addr::UNSPECIFIED, port)),
                SocketAddr::from((Ipv6Addr::UNSPECIFIED, port)),
            ]
        };
        let relays = choice.relays.clone();
        let options = Options { bind, discovery: choice.discovery, relays };
        let peers = Peers::start(seed, Arc::new(shown), options)?;
        peers.on_event(Box::new(move |event| match event {
            Event::Connected(device) | Event::Changed(device, _) => heard(device, true),
            Event::Found(device) => heard(device, false),
            Event::Disconnected(_) => {}
        }));
        let lent = peers.clone();
        lender.lent(move |app| {
            app.take_part(Some(lent));
            Ok(())
        })?;
        Ok(Self { owner: Arc::clone(owner), peers: Some(peers) })
    }

    /// This device among others.
    pub fn peers(&self) -> Option<&Peers> {
        self.peers.as_ref()
    }
}

impl Drop for Live {
    fn drop(&mut self) {
        // The profile holds a clone, and what it shows holds the profile: the ring is opened here.
        let _ = self.owner.lend(&mut |app| {
            app.take_part(None);
            Ok(())
        });
        if let Some(peers) = self.peers.take() {
            peers.stop();
        }
    }
}
