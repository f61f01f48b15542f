//! A profile: one folder with the book's file, the device's key and the lock of the one writer.

use crate::clock::World;
use crate::failure::{Code, Failure};
use commonhold_core::id::{hex, unhex};
use commonhold_core::keys::DeviceKeys;
use commonhold_core::store::{Identity, Reader, Store};
use serde::{Deserialize, Serialize};
use std::fs::{self, File, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::Duration;

const BOOK: &str = "book.sqlite";
const KEY: &str = "device.key";
const LOCK: &str = "lock";

/// The folder profiles are in when none is named: the platform's data directory.
pub fn default_home() -> PathBuf {
    dirs::data_dir().unwrap_or_else(|| PathBuf::from(".")).join("commonhold")
}

/// What lies in the key file. It never leaves the device and never reaches a log.
#[derive(Serialize, Deserialize)]
struct KeyFile {
    v: u8,
    key: String,
    install: String,
}

/// Whether there is a profile in a folder.
pub fn exists(home: &Path) -> bool {
    home.join(BOOK).is_file()
}

/// Opens the book's file for reading only.
pub fn open_reader(home: &Path) -> Result<Reader, Failure> {
    if !exists(home) {
        return Err(Failure::new(
            Code::NotFound,
            format!("There is no profile in {} yet.", home.display()),
        )
        .hint("Begin with: commonhold service new --name NAME, or restore an archive."));
    }
    let reader = Reader::open(&home.join(BOOK))?;
    // Without its key everything is read but what is sealed.
    let key = fs::read_to_string(home.join(KEY)).ok();
    Ok(match key.and_then(|text| read_key(&text, [0; 32])) {
        Some(identity) => reader.opening_with(identity.keys().clone()),
        None => reader,
    })
}

/// The one writer's hold on a profile; it ends with the process, whatever way that ends.
pub struct Lock(#[allow(dead_code)] File);

/// How often the lock is asked for, and how long is waited in between: half a second in all. A
/// program that is just ending, or one it has just started, may hold it for a moment longer.
const TRIES: u32 = 25;
const PAUSE: Duration = Duration::from_millis(20);

/// Takes the lock, waiting a moment for who is just letting go of it.
fn take(file: &File) -> Result<(), fs::TryLockError> {
    for _ in 1..TRIES {
        match file.try_lock() {
            Err(fs::TryLockError::WouldBlock) => std::thread::sleep(PAUSE),
            other => return other,
        }
    }
    file.try_lock()
}

/// Takes the lock, or says who has it.
fn lock(home: &Path) -> Result<Lock, Failure> {
    let path = home.join(LOCK);
    let open = OpenOptions::new().create(true).truncate(false).read(true).write(true).open(&path);
    let mut file = open.map_err(|error| Failure::file(&path, &error))?;
    match take(&file) {
        Ok(()) => {}
        Err(fs::TryLockError::WouldBlock) => {
            let holder = fs::read_to_string(&path).unwrap_or_default();
            let holder: String = holder.chars().filter(char::is_ascii_digit).collect();
            return Err(Failure::new(
                Code::ReadOnly,
                format!("Another Commonhold (process {holder}) is writing to {}.", home.display()),
            )
            .hint("Close it first; reading works meanwhile."));
        }
        Err(fs::TryLockError::Error(error)) => return Err(Failure::file(&path, &error)),
    }
    let _ = file.set_len(0);
    let _ = write!(file, "{}", std::process::id());
    Ok(Lock(file))
}

/// Opens a profile for writing, creating it with a fresh device key when there is none.
pub fn open_writer(home: &Path, world: &mut dyn World) -> Result<(Store, Lock), Failure> {
    create_home(home).map_err(|error| Failure::file(home, &error))?;
    let lock = lock(home)?;
    let identity = identity(home, world)?;
    let store = Store::open(&home.join(BOOK), identity)?;
    Ok((store, lock))
}

/// Makes the profile's folder, for its owner alone.
fn create_home(home: &Path) -> std::io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(home)
}

/// Random bytes, or a failure that says there are none.
pub fn random<const N: usize>(world: &mut dyn World) -> Result<[u8; N], Failure> {
    let mut bytes = [0; N];
    world.random(&mut bytes).map_err(|error| {
        Failure::new(Code::Internal, "The system gives no random numbers.").detail(error)
    })?;
    Ok(bytes)
}

fn identity(home: &Path, world: &mut dyn World) -> Result<Identity, Failure> {
    let path = home.join(KEY);
    match fs::read_to_string(&path) {
        Ok(text) => read_key(&text, random(world)?).ok_or_else(|| {
            Failure::new(Code::Storage, format!("The key in {} cannot be read.", path.display()))
                .hint("Put the file back from a backup; without it this device cannot sign.")
        }),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            if exists(home) {
                return Err(Failure::new(
                    Code::Storage,
                    format!("The device's key {} is missing.", path.display()),
                )
                .hint("Put it back, or restore the service from an archive into a new profile."));
            }
            create_key(&path, world)
        }
        Err(error) => Err(Failure::file(&path, &error)),
    }
}

fn read_key(text: &str, session: [u8; 32]) -> Option<Identity> {
    let file: KeyFile = serde_json::from_str(text).ok()?;
    let key: [u8; 32] = unhex(&file.key)?.try_into().ok()?;
    let install = unhex(&file.install)?.try_into().ok()?;
    Some(Identity::new(DeviceKeys::from_seed(key), install, session))
}

fn create_key(path: &Path, world: &mut dyn World) -> Result<Identity, Failure> {
    let (key, install) = (random::<32>(world)?, random::<16>(world)?);
    let keys = DeviceKeys::from_seed(key);
    write_key(path, &keys, install)?;
    Ok(Identity::new(keys, install, random(world)?))
}

/// Gives this installation a new identity of its own under the same key.
pub fn renew(home: &Path, world: &mut dyn World) -> Result<[u8; 16], Failure> {
    let path = home.join(KEY);
    let text = fs::read_to_string(&path).map_err(|error| Failure::file(&path, &error))?;
    let identity = read_key(&text, random(world)?).ok_or_else(|| {
        Failure::new(Code::Storage, format!("The key in {} cannot be read.", path.display()))
    })?;
    let install = random(world)?;
    write_key(&path, identity.keys(), install)?;
    Ok(install)
}

/// Writes the key so that it is whole or not there, readable by its owner alone.
fn write_key(path: &Path, keys: &DeviceKeys, install: [u8; 16]) -> Result<(), Failure> {
    let file = KeyFile { v: 1, key: hex(&keys.seed()), install: hex(&install) };
    let text = serde_json::to_string(&file).unwrap_or_default();
    let unfinished = path.with_extension("new");
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
        .open(&unfinished)
        .and_then(|mut file| {
            file.write_all(text.as_bytes())?;
            file.sync_all()
        })
        .and_then(|()| fs::rename(&unfinished, path))
        .map_err(|error| Failure::file(path, &error))
}
