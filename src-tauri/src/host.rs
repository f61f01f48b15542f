//! The profile behind the window: one writer, one reader beside it, and the work that is going on.
//! Reading never waits for writing: it has a connection of its own.

use crate::background::Behind;
use crate::events;
use commonhold_app::background::Background;
use commonhold_app::clipboard::{CLEAR_AFTER, Clipboard};
use commonhold_app::clock::{System, World};
use commonhold_app::commands::service::{self, AppState};
use commonhold_app::{App, Code, Failure, Progress, profile};
use commonhold_core::Date;
use commonhold_core::date::Time;
use commonhold_core::store::Reader;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tauri::AppHandle;

/// What every command is given.
pub type State<'a> = tauri::State<'a, Arc<Host>>;
/// What every command answers.
pub type Answer<T> = Result<T, Failure>;

/// An open profile.
pub struct Profile {
    pub writer: Mutex<App>,
    reader: Mutex<Reader>,
    /// What does not change while it is open.
    about: AppState,
}

/// The profile and its jobs; opened when it is needed first, so that what is wrong with it is said
/// in the window and tried again when the window is loaded again.
pub struct Host {
    /// Where the profile lies.
    pub home: PathBuf,
    /// A file of exchange the program was started with, until the page has asked for it.
    file: Mutex<Option<PathBuf>>,
    profile: Mutex<Option<Arc<Profile>>>,
    /// The exchange that goes on by itself, once the window is there to be told.
    background: Mutex<Option<Background>>,
    /// The clipboard, once a secret was copied into it.
    clipboard: Arc<Mutex<Option<Clipboard>>>,
    /// Jobs that are going on, and whether each was told to stop.
    jobs: Mutex<BTreeMap<String, bool>>,
}

/// A lock that a panic elsewhere cannot close for good: what it guards is written in transactions.
pub fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The moment it is.
pub fn now() -> Time {
    System.now()
}

/// The day it is.
pub fn today() -> Date {
    System.now().date()
}

impl Host {
    /// For the profile in this folder, or in the usual one.
    pub fn new(home: Option<PathBuf>, file: Option<PathBuf>) -> Self {
        let home = home.unwrap_or_else(profile::default_home);
        let (profile, background, clipboard, jobs) = Default::default();
        Self { home, file: Mutex::new(file), profile, background, clipboard, jobs }
    }

    fn profile(&self) -> Answer<Arc<Profile>> {
        let mut open = lock(&self.profile);
        if let Some(profile) = open.as_ref() {
            return Ok(profile.clone());
        }
        let mut app = App::open_or_read(&self.home)?;
        let about = service::state(&mut app)?;
        let reader = Mutex::new(profile::open_reader(&self.home)?);
        let profile = Arc::new(Profile { writer: Mutex::new(app), reader, about });
        *open = Some(profile.clone());
        Ok(profile)
    }

    /// The file of exchange the program was started with, once.
    pub fn opened(&self) -> Option<PathBuf> {
        lock(&self.file).take()
    }

    /// Begins to exchange by itself, once.
    pub fn exchange(&self, window: AppHandle) -> Answer<()> {
        let profile = self.profile()?;
        if lock(&profile.writer).read_only().is_none() {
            let behind = Behind { profile, window, told: Mutex::default() };
            lock(&self.background).get_or_insert_with(|| Background::start(Arc::new(behind)));
        }
        Ok(())
    }

    /// Who lends the profile for moments only, to work that waits for connections in between.
    pub fn behind(&self, window: AppHandle) -> Answer<Behind> {
        Ok(Behind { profile: self.profile()?, window, told: Mutex::default() })
    }

    /// Does something with the exchange that goes on by itself, where there is one.
    pub fn background<T>(&self, work: impl FnOnce(&Background) -> T) -> Option<T> {
        lock(&self.background).as_ref().map(work)
    }

    /// The same, where nothing is answered.
    pub fn in_background(&self, work: impl FnOnce(&Background)) -> Answer<()> {
        self.background(work);
        Ok(())
    }

    /// Lets go of the profile, so that it is left tidy.
    pub fn close(&self) {
        if let Some(clipboard) = lock(&self.clipboard).as_mut() {
            // Nobody is left to be told that it did not work.
            let _ = clipboard.clear_now();
        }
        // Outside the lock: its threads may be telling something, and end first.
        let background = lock(&self.background).take();
        drop(background);
        lock(&self.profile).take();
    }

    /// Copies the value of a secret, and takes it out of the clipboard again after the seconds it
    /// answers, unless something else was copied meanwhile.
    pub fn copy(&self, value: &str) -> Answer<u64> {
        let mut open = lock(&self.clipboard);
        let clipboard = match open.take() {
            Some(clipboard) => clipboard,
            None => Clipboard::open()?,
        };
        let number = open.insert(clipboard).copy(value)?;
        let later = self.clipboard.clone();
        std::thread::spawn(move || {
            std::thread::sleep(CLEAR_AFTER);
            if let Some(clipboard) = lock(&later).as_mut() {
                let _ = clipboard.clear(number);
            }
        });
        Ok(CLEAR_AFTER.as_secs())
    }

    /// The profile as a whole.
    pub async fn about(self: &Arc<Self>) -> Answer<AppState> {
        self.run(|host| {
            let profile = host.profile()?;
            let services = service::list(&lock(&profile.reader), today())?;
            Ok(AppState { services, ..profile.about.clone() })
        })
        .await
    }

    /// Reads, beside whatever is being written.
    pub async fn read<T: Send + 'static>(
        self: &Arc<Self>,
        work: impl FnOnce(&Reader) -> Answer<T> + Send + 'static,
    ) -> Answer<T> {
        self.run(move |host| work(&lock(&host.profile()?.reader))).await
    }

    /// Writes, then tells the page what changed.
    pub async fn write<T: Send + 'static>(
        self: &Arc<Self>,
        window: AppHandle,
        work: impl FnOnce(&mut App) -> Answer<T> + Send + 'static,
    ) -> Answer<T> {
        self.run(move |host| {
            let profile = host.profile()?;
            let mut app = lock(&profile.writer);
            let answer = work(&mut app);
            let changes = app.take_changes();
            drop(app);
            if !changes.is_empty() {
                let books: Vec<_> = changes.iter().map(|change| change.book).collect();
                host.background(|background| background.changed(&books));
            }
            events::records_changed(&window, changes);
            answer
        })
        .await
    }

    /// Writes for longer: says how far it is, and stops when told to.
    pub async fn write_job<T: Send + 'static>(
        self: &Arc<Self>,
        window: AppHandle,
        job: String,
        work: impl FnOnce(&mut App, events::On<'_>) -> Answer<T> + Send + 'static,
    ) -> Answer<T> {
        let host = self.clone();
        self.write(window.clone(), move |app| host.job(&window, job, |on| work(app, on))).await
    }

    /// Reads a lot, through a connection of its own so that quick reads need not wait.
    pub async fn read_beside<T: Send + 'static>(
        self: &Arc<Self>,
        work: impl FnOnce(&Reader) -> Answer<T> + Send + 'static,
    ) -> Answer<T> {
        self.run(move |host| {
            host.profile()?;
            work(&profile::open_reader(&host.home)?)
        })
        .await
    }

    /// The same for longer: says how far it is, and stops when told to.
    pub async fn read_job<T: Send + 'static>(
        self: &Arc<Self>,
        window: AppHandle,
        job: String,
        work: impl FnOnce(&Reader, events::On<'_>) -> Answer<T> + Send + 'static,
    ) -> Answer<T> {
        let host = self.clone();
        self.read_beside(move |reader| host.job(&window, job, |on| work(reader, on))).await
    }

    /// Tells a job to stop; one that has ended stays as it is.
    pub fn stop(&self, job: &str) {
        if let Some(stopped) = lock(&self.jobs).get_mut(job) {
            *stopped = true;
        }
    }

    /// Work that says how far it is, and stops when told to.
    pub fn job<T>(
        &self,
        window: &AppHandle,
        job: String,
        work: impl FnOnce(events::On<'_>) -> Answer<T>,
    ) -> Answer<T> {
        lock(&self.jobs).insert(job.clone(), false);
        let mut told = events::Told::default();
        let answer = work(&mut |progress: Progress| {
            told.progress(window, &job, progress);
            !lock(&self.jobs).get(&job).copied().unwrap_or(false)
        });
        told.last(window, &job);
        lock(&self.jobs).remove(&job);
        answer
    }

    /// Runs work on a thread that may take its time; the window goes on meanwhile.
    pub async fn run<T: Send + 'static>(
        self: &Arc<Self>,
        work: impl FnOnce(&Self) -> Answer<T> + Send + 'static,
    ) -> Answer<T> {
        let host = self.clone();
        let done = tauri::async_runtime::spawn_blocking(move || work(&host)).await;
        done.unwrap_or_else(|error| {
            Err(Failure::new(Code::Internal, "This could not be done: a mistake of this program.")
                .hint("Nothing was changed. Please report it with the detail below.")
                .detail(error))
        })
    }
}
