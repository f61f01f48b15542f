//! The connections there are, oldest first.

use super::limits::{IN_ALL, OF_ONE, STRANGERS};
use super::link::Link;
use commonhold_core::id::Device;
use std::sync::Arc;

/// The connections of this device. Few, so they are simply gone through.
#[derive(Default)]
pub struct Table(Vec<Arc<Link>>);

impl Table {
    /// Takes one in: whether it is the first with that device, and which ones have to go for it.
    pub fn insert(&mut self, link: Arc<Link>) -> (bool, Vec<Arc<Link>>) {
        let device = link.device;
        let first = !self.0.iter().any(|other| other.device == device);
        self.0.push(link);
        let mut go = Vec::new();
        let same = |link: &Link| link.device == device;
        let stranger = |link: &Link| !link.proven() && !link.ours;
        self.oldest_beyond(OF_ONE, same, &mut go);
        self.oldest_beyond(STRANGERS, stranger, &mut go);
        self.oldest_beyond(IN_ALL, |_| true, &mut go);
        (first, go)
    }

    fn oldest_beyond(&self, most: usize, of: impl Fn(&Link) -> bool, go: &mut Vec<Arc<Link>>) {
        let all: Vec<&Arc<Link>> = self.0.iter().filter(|link| link.alive() && of(link)).collect();
        go.extend(all.iter().take(all.len().saturating_sub(most)).map(|link| Arc::clone(link)));
    }

    /// Takes one out: whether it was the last with that device.
    pub fn remove(&mut self, link: &Arc<Link>) -> bool {
        self.0.retain(|other| !Arc::ptr_eq(other, link));
        !self.0.iter().any(|other| other.device == link.device)
    }

    /// The connections with one device that can be used.
    pub fn of(&self, device: &Device) -> Vec<Arc<Link>> {
        let usable = |link: &&Arc<Link>| link.device == *device && link.alive();
        self.0.iter().filter(usable).cloned().collect()
    }

    /// The newest connection with a device that can be used.
    pub fn newest(&self, device: &Device) -> Option<Arc<Link>> {
        self.of(device).pop()
    }

    /// Devices that are connected, each once.
    pub fn devices(&self) -> Vec<Device> {
        let mut devices: Vec<Device> =
            self.0.iter().filter(|link| link.alive()).map(|link| link.device).collect();
        devices.sort();
        devices.dedup();
        devices
    }
}
