//! The symmetric keys of one book, as this device knows them: the book's own, under which
//! everything is sealed that leaves for a folder or relay, and those of documents not everybody
//! reads. A key travels sealed to devices, in objects of kind `Keys`; a new key brings the ones
//! before it sealed under itself, so whoever has the newest reads everything. There is no forward
//! secrecy: a key that gets out opens all that was sealed under it.

use crate::authority::{Role, State};
use crate::date::Date;
use crate::id::{BookId, Device, RecordId, hex, unhex};
use crate::json;
use crate::keys::{DeviceKeys, KeyId, SEALED_EXTRA, Secret};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// The scope of the key everything is sealed under.
pub const BOOK: &str = "";
/// The document of the secrets' register.
pub const VAULT: &str = "vault";
/// How the documents about one person begin.
pub const PRIVATE: &str = "private/";

/// What the attachments lie under that leadership and treasurers alone read: a scope of keys, and
/// the name of the document their sets of keys travel with. It holds no records.
pub const ATTACHMENTS: &str = "attachments";

/// Longest set of sealed keys, in bytes.
const MAX_BYTES: usize = 1 << 20;

/// The roles whose devices get the key of a document; nothing for a document everybody in the
/// book reads.
pub fn readers(document: &str) -> Option<&'static [Role]> {
    match document {
        VAULT => Some(&[Role::Leadership]),
        ATTACHMENTS => Some(&[Role::Leadership, Role::Treasurer]),
        _ if document.starts_with(PRIVATE) => Some(&[Role::Leadership, Role::Treasurer]),
        _ => None,
    }
}

/// A key sealed to one device.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Recipient {
    /// The device.
    pub device: Device,
    /// The sealed key, hexadecimal.
    pub sealed: String,
}

/// An earlier key sealed under a later one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Earlier {
    /// The earlier key's name.
    pub id: KeyId,
    /// The sealed key, hexadecimal.
    pub sealed: String,
}

/// A key for some devices.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SealedKeys {
    /// Version of this form.
    pub v: u8,
    /// What it opens: nothing for the whole book, else the document.
    pub scope: String,
    /// The key's name.
    pub id: KeyId,
    /// The devices it is for.
    pub recipients: Vec<Recipient>,
    /// Keys of the same scope used before it.
    pub earlier: Vec<Earlier>,
}

impl SealedKeys {
    /// Says that nothing of a key that was sealed to its maker opens.
    pub fn of_nothing(scope: &str, id: KeyId) -> Self {
        Self { v: 1, scope: scope.to_owned(), id, recipients: Vec::new(), earlier: Vec::new() }
    }

    /// Its canonical bytes.
    pub fn bytes(&self) -> Vec<u8> {
        json::canonical(self).into_bytes()
    }

    /// Reads a set; nothing for anything else.
    pub fn read(bytes: &[u8]) -> Option<Self> {
        if bytes.len() > MAX_BYTES {
            return None;
        }
        let keys: Self = serde_json::from_slice(bytes).ok()?;
        (keys.v == 1 && keys.bytes() == bytes).then_some(keys)
    }
}

/// What a key is sealed to a device for: binds book, scope and the key's name.
fn purpose(book: &BookId, scope: &str, id: &KeyId) -> Vec<u8> {
    [b"commonhold 1 key\n".as_slice(), &book.0, &id.0, scope.as_bytes()].concat()
}

/// Opens a sealed key if it was sealed to this device.
pub fn open_key(
    keys: &DeviceKeys,
    book: &BookId,
    scope: &str,
    id: &KeyId,
    sealed: &[u8],
) -> Option<Secret> {
    let right_length = sealed.len() == SEALED_EXTRA.saturating_add(32);
    let bytes = right_length.then(|| keys.open(&purpose(book, scope, id), sealed))??;
    let secret = Secret::new(bytes.try_into().ok()?);
    (secret.id() == *id).then_some(secret)
}

/// Opens an earlier key sealed under a later one.
pub fn open_earlier(later: &Secret, book: &BookId, id: &KeyId, sealed: &[u8]) -> Option<Secret> {
    let bytes = later.open(&[book.0.as_slice(), &id.0].concat(), sealed, 32)?;
    let secret = Secret::new(bytes.try_into().ok()?);
    (secret.id() == *id).then_some(secret)
}

/// What is known of one key of one scope.
#[derive(Clone, Debug, Default)]
struct Known {
    /// Who made sets of it, and so has it.
    makers: BTreeSet<Device>,
    /// For each device those who sealed it to it: whether they did it right only it can tell.
    givers: BTreeMap<Device, BTreeSet<Device>>,
    /// How often a device said that nothing of what was sealed to it opens.
    complaints: BTreeMap<Device, usize>,
    /// How many keys came before it.
    depth: u32,
}

impl Known {
    /// The people who sealed it to a device, by their devices.
    fn people(&self, device: &Device, state: &State) -> BTreeSet<Option<RecordId>> {
        let givers = self.givers.get(device).into_iter().flatten();
        givers.map(|giver| state.admitted(giver).map(|admitted| admitted.person)).collect()
    }
}

/// The keys of one book.
#[derive(Clone, Default)]
pub struct Keyring {
    secrets: BTreeMap<KeyId, Secret>,
    /// What each key this device has is for, as it was sealed: others may claim something else.
    scopes: BTreeMap<KeyId, String>,
    known: BTreeMap<(String, KeyId), Known>,
    /// Earlier keys whose later one was not here yet.
    locked: Vec<(KeyId, Earlier)>,
    /// Keys a later one took the place of.
    superseded: BTreeSet<KeyId>,
}

impl Keyring {
    /// Takes in a set of keys and the device that made it, which has the key whether or not it
    /// says so. Whoever made it, a key that opens something opens it. A set for nobody that names
    /// no other key says that its maker cannot open what was sealed to it.
    pub fn take(&mut self, book: &BookId, keys: &DeviceKeys, (maker, set): (Device, &SealedKeys)) {
        let own = keys.device();
        let known = self.known.entry((set.scope.clone(), set.id)).or_default();
        if set.recipients.is_empty() && set.earlier.is_empty() {
            let times = known.complaints.entry(maker).or_default();
            *times = times.saturating_add(1);
            return;
        }
        known.makers.insert(maker);
        known.depth = known.depth.max(u32::try_from(set.earlier.len()).unwrap_or(u32::MAX));
        for recipient in &set.recipients {
            known.givers.entry(recipient.device).or_default().insert(maker);
        }
        for recipient in set.recipients.iter().filter(|recipient| recipient.device == own) {
            let sealed = unhex(&recipient.sealed).unwrap_or_default();
            if let Some(secret) = open_key(keys, book, &set.scope, &set.id, &sealed) {
                self.hold(&set.scope, secret);
            }
        }
        self.locked.extend(set.earlier.iter().map(|earlier| (set.id, earlier.clone())));
        self.superseded.extend(set.earlier.iter().map(|earlier| earlier.id));
        self.unlock(book);
    }

    /// Has a key from now on. One that came for several scopes is that of the book: whoever could
    /// seal it for that has given it away anyway.
    fn hold(&mut self, scope: &str, secret: Secret) {
        let known = self.scopes.entry(secret.id()).or_insert_with(|| scope.to_owned());
        if scope < known.as_str() {
            scope.clone_into(known);
        }
        self.secrets.insert(secret.id(), secret);
    }

    /// A key of a scope that this device has.
    fn held(&self, scope: &str, id: &KeyId) -> Option<&Secret> {
        self.secrets.get(id).filter(|_| self.scopes.get(id).is_some_and(|of| of == scope))
    }

    /// Adds a key known from elsewhere, such as the envelope beside the bundles in a folder.
    pub fn add(&mut self, book: &BookId, secret: Secret) {
        self.hold(BOOK, secret);
        self.unlock(book);
    }

    fn unlock(&mut self, book: &BookId) {
        loop {
            let before = self.locked.len();
            let locked = std::mem::take(&mut self.locked);
            for (later, earlier) in locked {
                if self.secrets.contains_key(&earlier.id) {
                    continue;
                }
                let scope = self.scopes.get(&later).cloned();
                let Some((secret, scope)) = self.secrets.get(&later).zip(scope) else {
                    self.locked.push((later, earlier));
                    continue;
                };
                let sealed = unhex(&earlier.sealed).unwrap_or_default();
                if let Some(secret) = open_earlier(secret, book, &earlier.id, &sealed) {
                    self.hold(&scope, secret);
                }
            }
            if self.locked.len() == before {
                return;
            }
        }
    }

    /// A key by its name.
    pub fn get(&self, id: &KeyId) -> Option<&Secret> {
        self.secrets.get(id)
    }

    /// Every key this device has.
    pub fn secrets(&self) -> impl Iterator<Item = &Secret> {
        self.secrets.values()
    }

    /// The key to seal something new under: this device has it, and nobody has it who does not
    /// belong any more. Of several the one with most before it, then the largest name: the same on
    /// every device.
    pub fn current(&self, scope: &str, state: &State, day: Date) -> Option<&Secret> {
        let usable =
            self.clean(scope, (state, day)).filter(|(id, _)| self.held(scope, id).is_some());
        let (id, _) = usable.max_by_key(|(id, known)| (known.depth, **id))?;
        self.held(scope, id)
    }

    /// The keys of a scope nobody has who does not belong any more.
    fn clean<'a>(
        &'a self,
        scope: &'a str,
        (state, day): (&'a State, Date),
    ) -> impl Iterator<Item = (&'a KeyId, &'a Known)> {
        let of_scope = self.known.iter().filter(move |((of, _), _)| of == scope);
        let may = move |device: &Device| may_read(state, device, scope, day);
        of_scope
            .filter(move |(_, known)| {
                let mut all = known.makers.iter().chain(known.givers.keys());
                !known.makers.is_empty() && all.all(&may)
            })
            .map(|((_, id), known)| (id, known))
    }

    /// The key others seal something new under, where it was sealed to a device and does not open:
    /// the device says so, as often as there are people who sealed it.
    pub fn sealed_wrongly(
        &self,
        scope: &str,
        (state, day): (&State, Date),
        device: &Device,
    ) -> Option<KeyId> {
        let newest = self.clean(scope, (state, day));
        let (id, known) = newest.max_by_key(|(id, known)| (known.depth, **id))?;
        let said = known.complaints.get(device).copied().unwrap_or(0);
        let wrong = self.held(scope, id).is_none() && said < known.people(device, state).len();
        wrong.then_some(*id)
    }

    /// How often a device said of a key that nothing of what was sealed to it opens.
    pub fn complaints(&self, scope: &str, id: &KeyId, device: &Device) -> usize {
        let known = self.known.get(&(scope.to_owned(), *id));
        known.and_then(|known| known.complaints.get(device)).copied().unwrap_or(0)
    }

    /// The keys of the book this device has, those first that none took the place of; several if
    /// they were made apart, or came beside the objects. With each, whether a later one took its
    /// place.
    pub fn of_book(&self) -> Vec<(&Secret, bool)> {
        let ours = self.secrets.iter().filter(|(id, _)| self.held(BOOK, id).is_some());
        let mut found: Vec<_> =
            ours.map(|(id, secret)| (secret, self.superseded.contains(id))).collect();
        found.sort_by_key(|(_, superseded)| *superseded);
        found
    }

    /// The keys of a scope other than the book this device has, those first that none took the
    /// place of.
    pub fn of_scope(&self, scope: &str) -> Vec<&Secret> {
        let ids = self.known.keys().filter(|(of, _)| of == scope);
        let mut ids: Vec<&KeyId> = ids.map(|(_, id)| id).collect();
        ids.sort_by_key(|id| self.superseded.contains(*id));
        ids.into_iter().filter_map(|id| self.held(scope, id)).collect()
    }

    /// Devices that should have a key and were not given it by a person yet, as far as that person
    /// can give it: nobody gave it to them, or as many people as they said they could not open it
    /// from.
    pub fn lacking(
        &self,
        id: &KeyId,
        scope: &str,
        (state, day): (&State, Date),
        by: RecordId,
    ) -> Vec<Device> {
        let known = self.known.get(&(scope.to_owned(), *id));
        let lacks = |device: &Device| {
            let Some(known) = known else { return true };
            let people = known.people(device, state);
            let said = known.complaints.get(device).copied().unwrap_or(0);
            let given = people.len() > said || people.contains(&Some(by));
            !given && !known.makers.contains(device)
        };
        let devices = state.devices().map(|(device, _)| *device);
        devices.filter(|d| lacks(d) && may_read(state, d, scope, day)).collect()
    }

    /// Scopes for which there is or was a key.
    pub fn scopes(&self) -> BTreeSet<String> {
        let made = self.known.iter().filter(|(_, known)| !known.makers.is_empty());
        made.map(|((scope, _), _)| scope.clone()).collect()
    }

    /// Forgets the keys of a scope: its document was destroyed.
    pub fn forget(&mut self, scope: &str) {
        let ids: Vec<KeyId> =
            self.known.keys().filter(|(of, _)| of == scope).map(|(_, id)| *id).collect();
        for id in ids {
            if self.held(scope, &id).is_some() {
                self.secrets.remove(&id);
                self.scopes.remove(&id);
            }
            self.known.remove(&(scope.to_owned(), id));
            self.locked.retain(|(later, _)| *later != id);
        }
    }

    /// Seals a key of a scope to devices, with all earlier keys of that scope under it. `chance`
    /// gives 32 random bytes at a time.
    pub fn seal(
        &self,
        book: &BookId,
        scope: &str,
        secret: &Secret,
        devices: &[Device],
        state: &State,
        chance: &mut dyn FnMut() -> [u8; 32],
    ) -> SealedKeys {
        let id = secret.id();
        let purpose = purpose(book, scope, &id);
        let recipients = devices.iter().filter_map(|device| {
            let sealing = state.admitted(device)?.sealing;
            let sealed = sealing.seal(&purpose, secret.bytes(), chance())?;
            Some(Recipient { device: *device, sealed: hex(&sealed) })
        });
        let recipients = recipients.collect();
        let before = self.known.keys().filter(|(of, other)| of == scope && *other != id);
        let earlier = before.filter_map(|(_, other)| {
            let aad = [book.0.as_slice(), &other.0].concat();
            let sealed = secret.seal(&aad, self.held(scope, other)?.bytes())?;
            Some(Earlier { id: *other, sealed: hex(&sealed) })
        });
        let earlier = earlier.collect();
        SealedKeys { v: 1, scope: scope.to_owned(), id, recipients, earlier }
    }
}

/// Whether a device may have the key of a scope.
pub fn may_read(state: &State, device: &Device, scope: &str, day: Date) -> bool {
    let Some(admitted) = state.active(device) else { return false };
    readers(scope).is_none_or(|roles| has_role(state, admitted.person, roles, day))
}

fn has_role(state: &State, person: RecordId, roles: &[Role], day: Date) -> bool {
    let held = state.roles(person, day);
    roles.iter().any(|role| held.contains(role))
}
