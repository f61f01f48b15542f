//! Copying the value of a secret so that it does not stay behind: after a while it is taken out of
//! the clipboard again, if the clipboard still holds it. Programs that keep what was copied are
//! asked not to keep it, and the value is not remembered here, only its hash.

use crate::failure::{Code, Failure};
use commonhold_core::id::Sha256;
use std::time::Duration;
use zeroize::Zeroizing;

/// How long a copied value may stay in the clipboard.
pub const CLEAR_AFTER: Duration = Duration::from_secs(45);

/// The clipboard of a desktop.
pub trait Board: Send {
    /// Puts a text into it, and asks programs that keep a history not to keep it.
    fn put(&mut self, text: &str) -> Result<(), String>;
    /// The text in it; nothing where it holds none.
    fn text(&mut self) -> Result<Option<String>, String>;
    /// Empties it.
    fn empty(&mut self) -> Result<(), String>;
}

/// The clipboard of the desktop this program runs on.
struct Desktop(arboard::Clipboard);

impl Board for Desktop {
    fn put(&mut self, text: &str) -> Result<(), String> {
        private(self.0.set()).text(text).map_err(|error| error.to_string())
    }

    fn text(&mut self) -> Result<Option<String>, String> {
        match self.0.get_text() {
            Ok(text) => Ok(Some(text)),
            Err(arboard::Error::ContentNotAvailable) => Ok(None),
            Err(error) => Err(error.to_string()),
        }
    }

    fn empty(&mut self) -> Result<(), String> {
        self.0.clear().map_err(|error| error.to_string())
    }
}

/// Marks what is copied as nothing to keep, where the platform has a word for it.
#[cfg(target_os = "linux")]
fn private(set: arboard::Set<'_>) -> arboard::Set<'_> {
    use arboard::SetExtLinux;
    set.exclude_from_history()
}

/// Marks what is copied as nothing to keep, where the platform has a word for it.
#[cfg(target_os = "macos")]
fn private(set: arboard::Set<'_>) -> arboard::Set<'_> {
    use arboard::SetExtApple;
    set.exclude_from_history()
}

/// Marks what is copied as nothing to keep, where the platform has a word for it.
#[cfg(windows)]
fn private(set: arboard::Set<'_>) -> arboard::Set<'_> {
    use arboard::SetExtWindows;
    set.exclude_from_monitoring().exclude_from_cloud().exclude_from_history()
}

/// Marks what is copied as nothing to keep, where the platform has a word for it.
#[cfg(not(any(target_os = "linux", target_os = "macos", windows)))]
fn private(set: arboard::Set<'_>) -> arboard::Set<'_> {
    set
}

/// A clipboard, and what was copied into it from here.
pub struct Clipboard {
    board: Box<dyn Board>,
    copied: Option<Sha256>,
    /// How often something was copied: a later copy has its own time.
    number: u64,
}

impl Clipboard {
    /// The clipboard of this desktop. On X11 and Wayland it holds a text only as long as this
    /// lives.
    pub fn open() -> Result<Self, Failure> {
        let board = arboard::Clipboard::new().map_err(|error| {
            Failure::new(Code::Unsupported, "There is no clipboard here.")
                .hint("Show the value instead, or print it with: commonhold secret get.")
                .detail(error)
        })?;
        Ok(Self::over(Box::new(Desktop(board))))
    }

    /// One of the caller's.
    pub fn over(board: Box<dyn Board>) -> Self {
        Self { board, copied: None, number: 0 }
    }

    /// Copies a value. Returns the number [`Clipboard::clear`] is told once its time is over.
    pub fn copy(&mut self, value: &str) -> Result<u64, Failure> {
        self.board.put(value).map_err(|error| {
            Failure::new(Code::Unsupported, "The value could not be copied.").detail(error)
        })?;
        self.copied = Some(Sha256::of(value.as_bytes()));
        self.number = self.number.saturating_add(1);
        Ok(self.number)
    }

    /// Takes out what was copied as this number, unless something else was copied since, here or
    /// elsewhere. Says whether it did.
    pub fn clear(&mut self, number: u64) -> Result<bool, Failure> {
        if number != self.number {
            return Ok(false);
        }
        self.clear_now()
    }

    /// Takes out what was copied from here, if the clipboard still holds it. Says whether it did.
    pub fn clear_now(&mut self) -> Result<bool, Failure> {
        let failed = |error: String| {
            Failure::new(Code::Unsupported, "The clipboard could not be emptied.")
                .hint("Copy something else.")
                .detail(error)
        };
        let Some(copied) = self.copied.take() else { return Ok(false) };
        let held = self.board.text().map_err(failed)?.map(Zeroizing::new);
        let same = held.is_some_and(|text| Sha256::of(text.as_bytes()) == copied);
        if same {
            self.board.empty().map_err(failed)?;
        }
        Ok(same)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::{Arc, Mutex};

    /// A desktop's clipboard other programs copy into too.
    #[derive(Clone, Default)]
    struct Shared(Arc<Mutex<Option<String>>>);

    impl Board for Shared {
        fn put(&mut self, text: &str) -> Result<(), String> {
            *self.0.lock().unwrap() = Some(text.to_owned());
            Ok(())
        }

        fn text(&mut self) -> Result<Option<String>, String> {
            Ok(self.0.lock().unwrap().clone())
        }

        fn empty(&mut self) -> Result<(), String> {
            *self.0.lock().unwrap() = None;
            Ok(())
        }
    }

    #[test]
    fn what_was_copied_is_taken_out_only_while_it_is_there() {
        let shared = Shared::default();
        let mut clipboard = Clipboard::over(Box::new(shared.clone()));
        let held = || shared.0.lock().unwrap().clone();
        let first = clipboard.copy("correct horse").unwrap();
        assert_eq!(held().as_deref(), Some("correct horse"));
        assert!(clipboard.clear(first).unwrap());
        assert_eq!(held(), None);
        assert!(!clipboard.clear(first).unwrap(), "it is out already");

        let first = clipboard.copy("correct horse").unwrap();
        *shared.0.lock().unwrap() = Some("a letter".into());
        assert!(!clipboard.clear(first).unwrap());
        assert_eq!(held().as_deref(), Some("a letter"), "what somebody copied since stays");

        let first = clipboard.copy("correct horse").unwrap();
        let second = clipboard.copy("battery staple").unwrap();
        assert!(!clipboard.clear(first).unwrap());
        assert_eq!(held().as_deref(), Some("battery staple"), "the second has its own time");
        assert!(clipboard.clear(second).unwrap());

        clipboard.copy("correct horse").unwrap();
        assert!(clipboard.clear_now().unwrap(), "the program ends");
        assert_eq!(held(), None);
    }
}
