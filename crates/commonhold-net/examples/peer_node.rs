//! A device that shows files from memory to whoever asks, for trials of the live connection
//! between two processes: `peer_node <seed digit> <ip:port> <files> <bytes each>` shows and waits
//! for the end of its input; with `<address>` after that it takes everything from there first.

#![allow(clippy::arithmetic_side_effects)]

use commonhold_core::id::{BookId, Device};
use commonhold_net::peer::{Options, Peers};
use commonhold_sync::shelf::{Item, Shelf, Source};
use std::io::Read;
use std::sync::Arc;
use std::time::Duration;

/// So many files, of so many bytes each.
struct Files(u64, u64);

impl Source for Files {
    fn list(&self, _: &Device, _: &BookId) -> Option<Vec<Item>> {
        Some((0..self.0).map(|n| Item { name: format!("log/{n}.cho"), bytes: self.1 }).collect())
    }

    fn get(&self, _: &Device, _: &BookId, _: &str, most: u64) -> Option<Vec<u8>> {
        Some(vec![7; usize::try_from(self.1.min(most)).ok()?])
    }
}

fn main() -> Result<(), String> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [seed, bind, count, bytes, from @ ..] = arguments.as_slice() else {
        return Err("peer_node <seed digit> <ip:port> <files> <bytes each> [<address>]".to_owned());
    };
    let number = |text: &String| text.parse::<u64>().map_err(|error| error.to_string());
    let source = Files(number(count)?, number(bytes)?);
    let bind = vec![bind.parse().map_err(|_| "an address and a port, please".to_owned())?];
    let options = Options { bind, ..Options::default() };
    let seed = [u8::try_from(number(seed)?).unwrap_or(0); 32];
    let peers = Peers::start(seed, Arc::new(source), options).map_err(|error| error.to_string())?;
    println!("{}", peers.address());
    let book = BookId([1; 32]);
    if let Some(from) = from.first() {
        let address = from.parse()?;
        let mut shelf = peers.shelf(&address, &book);
        let items = shelf.list("").map_err(|error| error.to_string())?;
        let mut taken = 0;
        for item in &items {
            let got = shelf.get(&item.name, item.bytes).map_err(|error| error.to_string())?;
            taken += got.map_or(0, |bytes| bytes.len());
        }
        peers.finished(&address.device, &book);
        println!("took {} files, {taken} bytes", items.len());
        let done = peers.wait_finished(&address.device, &book, Duration::from_secs(1));
        println!("the other side has finished: {done}");
    } else {
        let _ = std::io::stdin().read_to_end(&mut Vec::new());
    }
    peers.stop();
    Ok(())
}
