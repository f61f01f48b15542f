//! Where secrets lie, with a keychain that can be locked and that may forget what it took. The real
//! one is tested in `commonhold-keychain/tests/gnome.rs`.

use super::*;
use std::os::unix::fs::PermissionsExt;
use std::sync::Mutex;

/// A keychain in memory. The system's own would be the person's who runs this.
#[derive(Debug, Default)]
struct Memory {
    held: Mutex<BTreeMap<String, String>>,
    mood: Mutex<Mood>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq)]
enum Mood {
    #[default]
    Well,
    Locked,
    Forgetful,
}

impl Memory {
    fn open(&self) -> Result<(), Trouble> {
        let locked = *self.mood.lock().unwrap() == Mood::Locked;
        if locked { Err(Trouble::Silent) } else { Ok(()) }
    }

    fn be(&self, mood: Mood) {
        *self.mood.lock().unwrap() = mood;
    }

    fn secrets(&self) -> Vec<String> {
        self.held.lock().unwrap().values().cloned().collect()
    }
}

impl Keychain for Memory {
    fn get(&self, account: &str) -> Result<Option<Zeroizing<String>>, Trouble> {
        self.open()?;
        Ok(self.held.lock().unwrap().get(account).cloned().map(Zeroizing::new))
    }

    fn set(&self, account: &str, secret: &str) -> Result<(), Trouble> {
        self.open()?;
        if *self.mood.lock().unwrap() != Mood::Forgetful {
            self.held.lock().unwrap().insert(account.to_owned(), secret.to_owned());
        }
        Ok(())
    }

    fn remove(&self, account: &str) -> Result<(), Trouble> {
        self.open()?;
        self.held.lock().unwrap().remove(account);
        Ok(())
    }
}

fn known(secret: &str) -> Credentials {
    Credentials { user: "AKID".to_owned(), secret: secret.to_owned() }
}

fn file(home: &Path) -> String {
    fs::read_to_string(path(home)).unwrap()
}

#[test]
fn they_are_kept_for_their_owner_alone_and_never_shown() {
    let home = tempfile::tempdir().unwrap();
    let home = home.path();
    let known = known("wJalrXUtnFEMI");
    assert!(!format!("{known:?}").contains("wJalr"));
    assert_eq!(set(home, None, "s3://ours", &known).unwrap(), Lies::File);
    assert_eq!(get(home, None, "s3://ours").unwrap(), Some(known));
    assert_eq!(get(home, None, "s3://others").unwrap(), None);
    let mode = fs::metadata(path(home)).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    remove(home, None, "s3://ours").unwrap();
    assert_eq!(get(home, None, "s3://ours").unwrap(), None);
    assert!(!file(home).contains("wJalr"));
}

#[test]
fn with_a_keychain_the_file_holds_no_secret() {
    let (home, chain) = (tempfile::tempdir().unwrap(), Memory::default());
    let home = home.path();
    assert_eq!(set(home, Some(&chain), "s3://a", &known("first")).unwrap(), Lies::Keychain);
    assert_eq!(lies(home, "s3://a").unwrap(), Some(Lies::Keychain));
    assert!(!file(home).contains("first") && file(home).contains("AKID"));
    assert_eq!(get(home, Some(&chain), "s3://a").unwrap(), Some(known("first")));
    set(home, Some(&chain), "s3://a", &known("second")).unwrap();
    assert_eq!(chain.secrets(), ["second"]);
    // Locked, it is said where the secret lies; nothing is lost.
    chain.be(Mood::Locked);
    let failure = get(home, Some(&chain), "s3://a").unwrap_err();
    assert!(failure.message.contains("keychain") && failure.code == Code::Unreachable);
    assert!(get(home, None, "s3://a").is_err());
    // Given again meanwhile it lies in the file, and moves when the keychain is open again.
    assert_eq!(set(home, Some(&chain), "s3://a", &known("third")).unwrap(), Lies::File);
    assert_eq!(get(home, Some(&chain), "s3://a").unwrap(), Some(known("third")));
    chain.be(Mood::Well);
    assert_eq!(get(home, Some(&chain), "s3://a").unwrap(), Some(known("third")));
    assert_eq!(lies(home, "s3://a").unwrap(), Some(Lies::Keychain));
    assert!(!file(home).contains("third"));
    remove(home, Some(&chain), "s3://a").unwrap();
    assert_eq!(lies(home, "s3://a").unwrap(), None);
    assert!(!chain.secrets().contains(&"third".to_owned()));
}

#[test]
fn what_lies_in_the_file_moves_only_when_it_was_read_back() {
    let (home, chain) = (tempfile::tempdir().unwrap(), Memory::default());
    let home = home.path();
    // As it was written before there were keychains.
    fs::write(path(home), r#"{"s3://a":{"user":"AKID","secret":"hush"}}"#).unwrap();
    for mood in [Mood::Locked, Mood::Forgetful] {
        chain.be(mood);
        assert_eq!(get(home, Some(&chain), "s3://a").unwrap(), Some(known("hush")));
        assert!(file(home).contains("hush"), "{mood:?}");
    }
    chain.be(Mood::Well);
    assert_eq!(get(home, Some(&chain), "s3://a").unwrap(), Some(known("hush")));
    assert!(!file(home).contains("hush"));
    assert_eq!(chain.secrets(), ["hush"]);
    // Two profiles with the same address do not take each other's.
    let other = tempfile::tempdir().unwrap();
    set(other.path(), Some(&chain), "s3://a", &known("other")).unwrap();
    assert_eq!(get(home, Some(&chain), "s3://a").unwrap(), Some(known("hush")));
}

#[test]
fn who_forgets_a_place_hears_what_stays_in_a_locked_keychain() {
    let (home, chain) = (tempfile::tempdir().unwrap(), Memory::default());
    let home = home.path();
    set(home, Some(&chain), "s3://a", &known("hush")).unwrap();
    chain.be(Mood::Locked);
    let failure = remove(home, Some(&chain), "s3://a").unwrap_err();
    assert!(failure.message.contains("still in the keychain"));
    assert!(failure.hint.is_some_and(|hint| hint.contains("s3://a ")));
    assert_eq!(lies(home, "s3://a").unwrap(), None);
}
