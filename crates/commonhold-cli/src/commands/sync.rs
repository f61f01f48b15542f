//! `commonhold sync`, `remote`, `status`: other devices.

use super::Done;
use crate::Context;
use clap::{Args, Subcommand, ValueEnum};
use commonhold_app::background::{Background, Lender, News, Owner};
use commonhold_app::commands::{remotes, status as app_status, sync};
use commonhold_app::credentials::{self, Credentials};
use commonhold_app::live::{self, Live, LiveChoice};
use commonhold_app::places::{Address, PlaceKind};
use commonhold_app::{App, Code, Failure};
use serde_json::json;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

/// With what to exchange.
#[derive(Args)]
pub struct Sync {
    /// A place both devices reach; may be repeated [default: the places used before]. A folder, a
    /// file that ends in .commonhold, s3://BUCKET?endpoint=URL, webdav+https://…, https://… for a
    /// relay, peer:…
    #[arg(long = "with", value_name = "PLACE")]
    with: Vec<String>,
    /// Go on until it is stopped: after changes, when a place says that something is new, and now
    /// and then
    #[arg(long)]
    watch: bool,
}

/// Where a secret for a place is read from: arguments of a command can be seen by others.
const SECRET: &str = "COMMONHOLD_SECRET";

/// Places used so far.
#[derive(Args)]
pub struct Remote {
    #[command(subcommand)]
    action: Option<RemoteAction>,
}

/// Direct connections to other devices.
#[derive(Args)]
pub struct LiveCommand {
    /// What to do
    #[arg(value_enum, default_value = "show")]
    action: LiveAction,
    /// The port to listen on [default: one is chosen and kept]
    #[arg(long)]
    port: Option<u16>,
    /// Do not be known in the same network, and do not look for others there
    #[arg(long)]
    no_discovery: bool,
    /// An iroh relay that helps where no direct way is found; may be repeated
    #[arg(long, value_name = "URL")]
    relay: Vec<String>,
}

/// What to do with direct connections.
#[derive(Clone, Copy, ValueEnum)]
enum LiveAction {
    /// Take part
    On,
    /// Take part no longer
    Off,
    /// Say whether, and where this device is reached
    Show,
}

/// What to do with places.
#[derive(Subcommand)]
enum RemoteAction {
    /// Show the places used so far, and what came of it
    List,
    /// Remember a place. A password, key or token it asks for is read from the environment
    /// variable COMMONHOLD_SECRET, and kept in a file only you can read
    Add {
        /// Its address
        place: String,
        /// Who you are there: a user's name, the id of a key
        #[arg(long, default_value = "")]
        user: String,
    },
    /// Forget a place; what lies there stays there
    Remove {
        /// Its address
        place: String,
    },
    /// Leave a place out until it is resumed
    Pause {
        /// Its address
        place: String,
    },
    /// Use a place again
    Resume {
        /// Its address
        place: String,
    },
}

/// Runs `sync`.
pub fn run(context: &Context, command: &Sync) -> Done {
    let app = context.app()?;
    let book = context.service.as_ref().map(|_| context.book(app.reader())).transpose()?;
    let mut places = command.with.clone();
    if places.is_empty() {
        // Devices are asked directly only where that is switched on, or they are named.
        let live = live::choice(app.reader())?.on;
        let used = |r: &remotes::Remote| !r.paused && (live || r.kind != PlaceKind::Peer);
        let known = remotes::list(app.reader())?.into_iter().filter(used);
        places = known.map(|remote| remote.address).collect();
    }
    // Who takes part in direct connections can wait for others to come.
    let waits = command.watch && live::choice(app.reader())?.on;
    if places.is_empty() && !waits {
        return Err(Failure::new(Code::Invalid, "There is no place to sync with yet.")
            .hint("Name one: commonhold sync --with FOLDER."));
    }
    let watched = Watched { app: Mutex::new(app), context: context.clone() };
    let owner: Arc<dyn Owner> = Arc::new(watched);
    let live = take_part(&owner, &places)?;
    let (mut reports, mut failed) = (Vec::new(), None);
    let several = places.len() > 1;
    for place in places {
        // One that cannot be reached does not keep the others waiting.
        let lender = &mut Lender(owner.as_ref());
        match sync::sync(lender, book, &place, &mut context.output.progress()) {
            Ok(report) => {
                print(context, &report);
                wait_for_peer(live.as_ref(), &report)?;
                reports.push(report);
            }
            Err(failure) if several && failure.code != Code::Cancelled => {
                context.output.line(failure.to_string());
                failed.get_or_insert(failure);
            }
            Err(failure) => return Err(failure),
        }
    }
    context.output.value(&reports);
    drop(live);
    if command.watch {
        return watch(context, owner);
    }
    if let Some(failure) = failed {
        return Err(failure);
    }
    let wrong = reports.iter().flat_map(|r| &r.books).any(|b| !b.refused.is_empty());
    Ok(u8::from(wrong))
}

/// A profile that is exchanged by itself, with words about it on the terminal.
struct Watched {
    app: Mutex<App>,
    context: Context,
}

impl Owner for Watched {
    fn lend(&self, work: &mut dyn FnMut(&mut App) -> Result<(), Failure>) -> Result<(), Failure> {
        let mut app = self.app.lock().unwrap_or_else(PoisonError::into_inner);
        let done = work(&mut app);
        app.take_changes();
        done
    }

    fn exchange_changed(&self, news: News<'_>) {
        match news {
            News::Done(report) if report.books.iter().any(|b| b.sent > 0 || b.received > 0) => {
                self.context.output.line(format!("{}:", report.place));
                print(&self.context, report);
                self.context.output.value(report);
            }
            News::Failed(_, failure) => self.context.output.line(failure.to_string()),
            _ => {}
        }
    }
}

/// Takes part in direct connections while this runs, if a device is among the places.
fn take_part(owner: &Arc<dyn Owner>, places: &[String]) -> Result<Option<Live>, Failure> {
    let peers: Vec<&String> = places.iter().filter(|place| place.starts_with("peer:")).collect();
    if peers.is_empty() {
        return Ok(None);
    }
    let mut choice = LiveChoice::default();
    owner.lend(&mut |app| {
        choice = live::choice(app.reader())?;
        Ok(())
    })?;
    // Whoever is named without an address can only be found in the same network.
    choice.discovery |= peers.iter().any(|place| !place.contains('@'));
    Live::start(owner, &choice, |_, _| ()).map(Some)
}

/// Stays until the other device has taken what it wants, a minute at most.
fn wait_for_peer(live: Option<&Live>, report: &sync::SyncReport) -> Result<(), Failure> {
    let device = Address::parse(&report.place)?.device();
    if let (Some(device), Some(peers)) = (device, live.and_then(Live::peers)) {
        for book in &report.books {
            peers.wait_finished(&device, &book.book, Duration::from_secs(60));
        }
    }
    Ok(())
}

/// Runs `live`.
pub fn live(context: &Context, command: &LiveCommand) -> Done {
    let mut app = context.app()?;
    let out = context.output;
    let mut choice = live::choice(app.reader())?;
    match command.action {
        LiveAction::On => {
            choice.on = true;
            choice.discovery = !command.no_discovery;
            choice.relays.clone_from(&command.relay);
            if let Some(port) = command.port {
                choice.port = port;
            } else if choice.port == 0 {
                choice.port = live::some_port(app.world())?;
            }
            live::choose(&mut app, &choice)?;
        }
        LiveAction::Off => {
            choice.on = false;
            live::choose(&mut app, &choice)?;
        }
        LiveAction::Show => {}
    }
    let mut address = None;
    if choice.on {
        let watched = Watched { app: Mutex::new(app), context: context.clone() };
        let owner: Arc<dyn Owner> = Arc::new(watched);
        let live = Live::start(&owner, &choice, |_, _| ())?;
        address = live.peers().map(|peers| peers.address().to_string());
    }
    match &address {
        Some(address) => {
            out.line("Direct connections are on while the window is open or sync --watch runs.");
            out.line(format!("Others reach this device by: commonhold sync --with {address}"));
        }
        None => out.line("Direct connections are off."),
    }
    out.value(&json!({"choice": choice, "address": address}));
    Ok(0)
}

/// Goes on until the program is ended: whatever moment that is, what was written stays.
fn watch(context: &Context, owner: Arc<dyn Owner>) -> Done {
    context.output.line("Going on; end it with Ctrl-C.");
    let _background = Background::start(owner);
    loop {
        thread::park();
    }
}

fn print(context: &Context, report: &sync::SyncReport) {
    let out = context.output;
    for book in &report.books {
        out.line(format!("{}: handed over {}, took in {}.", book.name, book.sent, book.received));
        if book.attachments_sent > 0 || book.attachments_received > 0 {
            out.line(format!(
                "  Attachments: handed over {}, took in {}.",
                book.attachments_sent, book.attachments_received
            ));
        }
        if book.waiting > 0 {
            out.line(format!("  {} wait for something that has not arrived yet.", book.waiting));
        }
        for refused in &book.refused {
            out.line(format!("  Not accepted: {}: {}", refused.file, refused.reason));
        }
        for file in &book.ignored {
            out.line(format!("  Left alone, it is not a whole file of ours: {file}"));
        }
    }
    if report.others > 0 {
        out.line(format!(
            "There lies also {} you can join only with an invitation.",
            if report.others == 1 {
                "a service".to_owned()
            } else {
                format!("{} services", report.others)
            }
        ));
    }
}

/// Runs `remote`.
pub fn remote(context: &Context, command: &Remote) -> Done {
    let out = context.output;
    match command.action.as_ref().unwrap_or(&RemoteAction::List) {
        RemoteAction::List => {
            let remotes = remotes::with_secrets(&context.reader()?, &context.home)?;
            let rows = remotes.iter().map(|remote| {
                let last = remote.last.clone().unwrap_or_else(|| "never".to_owned());
                let trouble = match (&remote.error, remote.paused) {
                    (_, true) => "paused".to_owned(),
                    (Some(error), _) => error.clone(),
                    (None, _) => String::new(),
                };
                let lies = remote.secret.map(|lies| lies.to_string()).unwrap_or_default();
                vec![remote.address.clone(), last, trouble, lies]
            });
            let head = ["place", "last used", "trouble", "its password lies"];
            out.table(&head, &rows.collect::<Vec<_>>());
            out.value(&remotes);
        }
        RemoteAction::Add { place, user } => {
            let secret = std::env::var(SECRET).ok().filter(|secret| !secret.is_empty());
            let opens = secret.map(|secret| Credentials { user: user.clone(), secret });
            let remote = remotes::add(&mut context.app()?, place, opens)?;
            out.line(format!("{} is remembered. Exchange: commonhold sync", remote.address));
            if let Some(lies) = credentials::lies(&context.home, &remote.address)? {
                out.line(format!("Its password or token lies {lies}."));
            }
            out.value(&remote);
        }
        RemoteAction::Remove { place } => {
            remotes::remove(&mut context.app()?, place)?;
            out.line(format!("{place} is forgotten. What lies there stays there."));
        }
        RemoteAction::Pause { place } => remotes::pause(&mut context.app()?, place, true)?,
        RemoteAction::Resume { place } => remotes::pause(&mut context.app()?, place, false)?,
    }
    Ok(0)
}

/// Runs `status`.
pub fn status(context: &Context) -> Done {
    let reader = context.reader()?;
    let book = context.book(&reader)?;
    let status = app_status::status(&reader, &book)?;
    let out = context.output;
    out.line(format!("Fingerprint {} (equal on devices with equal records)", status.fingerprint));
    out.line(format!(
        "{} objects, {} of them written here; {} documents",
        status.objects, status.own_objects, status.documents
    ));
    let files = &status.attachments;
    if files.here > 0 || files.wanted > 0 {
        out.line(format!(
            "{} attachments here, {} bytes; {} not here",
            files.here, files.bytes, files.wanted
        ));
    }
    let rows: Vec<Vec<String>> = status
        .devices
        .iter()
        .map(|d| {
            let who = if d.own { format!("{} (this one)", d.short) } else { d.short.clone() };
            vec![who, d.objects.to_string(), d.last.clone().unwrap_or_default()]
        })
        .collect();
    out.table(&["device", "objects", "newest from"], &rows);
    for rejected in &status.rejected {
        out.line(format!("Not taken in: {} ({})", rejected.reason, rejected.document));
    }
    out.value(&status);
    Ok(u8::from(!status.rejected.is_empty()))
}
