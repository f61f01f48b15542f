//! Secrets in the system's keychain: the Secret Service on Linux (GNOME Keyring, KWallet,
//! KeePassXC), the Keychain of macOS, the Credential Manager of Windows.
//!
//! A keychain may be missing, as on most servers, and a locked one asks a person for a password and
//! says nothing until that is answered. So it is spoken to on a thread of its own, and nobody waits
//! for it longer than a moment: what comes later is there when somebody asks again.

#[cfg(any(target_os = "macos", windows))]
mod native;
#[cfg(all(unix, not(target_os = "macos")))]
mod secret_service;

#[cfg(any(target_os = "macos", windows))]
use native::Store;
#[cfg(all(unix, not(target_os = "macos")))]
use secret_service::Store;
use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering::SeqCst};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Duration;
use zeroize::Zeroizing;

/// Under what name our secrets lie in the keychain.
pub const SERVICE: &str = "commonhold";
/// The environment's variable that says `off` where the keychain is to be left alone.
pub const CHOICE: &str = "COMMONHOLD_KEYCHAIN";
/// How long somebody waits for it: an open keychain answers within some milliseconds.
const WAIT: Duration = Duration::from_secs(3);

/// Why a keychain did not do something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Trouble {
    /// There is none, or it cannot be spoken to.
    #[error("this computer has no keychain that can be used now")]
    Missing,
    /// It has not answered yet: it may be asking a person to unlock it.
    #[error("the keychain does not answer; it may be locked and ask for its password")]
    Silent,
    /// It said no: locked, and nobody unlocked it; or what was asked is too much for it.
    #[error("the keychain did not do it; it may be locked")]
    Refused,
}

/// Where secrets are kept by name.
pub trait Keychain: fmt::Debug + Send + Sync {
    /// The secret of this account; nothing if there is none.
    fn get(&self, account: &str) -> Result<Option<Zeroizing<String>>, Trouble>;
    /// Keeps a secret, in place of another of this account.
    fn set(&self, account: &str, secret: &str) -> Result<(), Trouble>;
    /// Forgets it, if there is one.
    fn remove(&self, account: &str) -> Result<(), Trouble>;
}

/// The system's keychain, unless the environment says that it is to be left alone. Nothing is
/// spoken to before it is used; all who ask share one thread.
pub fn chosen() -> Option<Arc<dyn Keychain>> {
    static SHARED: OnceLock<Arc<System>> = OnceLock::new();
    if std::env::var(CHOICE).is_ok_and(|choice| choice == "off") {
        return None;
    }
    let shared = SHARED.get_or_init(|| Arc::new(System::new(WAIT)));
    Some(Arc::clone(shared) as Arc<dyn Keychain>)
}

enum Task {
    Get,
    Set(Zeroizing<String>),
    Remove,
}

type Answer = Result<Option<Zeroizing<String>>, Trouble>;

struct Job {
    account: String,
    task: Task,
    reply: Sender<Answer>,
    /// Nobody waits for it any more.
    left: Arc<AtomicBool>,
}

/// The keychain of this system.
pub struct System {
    jobs: Mutex<Option<Sender<Job>>>,
    wait: Duration,
    /// The thread has not come back from something somebody waited for too long.
    stuck: Arc<AtomicBool>,
}

impl fmt::Debug for System {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("System(…)")
    }
}

impl System {
    /// The keychain, waited for so long at most.
    pub fn new(wait: Duration) -> Self {
        Self { jobs: Mutex::default(), wait, stuck: Arc::default() }
    }

    /// Hands a job to the thread, which is started when there is none.
    fn send(&self, job: Job) -> Result<(), Trouble> {
        let mut jobs = self.jobs.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(sender) = jobs.as_ref() {
            let sent = sender.send(job);
            if sent.is_err() {
                // The library went down with its thread; the next job gets another.
                *jobs = None;
                self.stuck.store(false, SeqCst);
            }
            return sent.map_err(|_| Trouble::Missing);
        }
        let (sender, waiting) = channel();
        let stuck = Arc::clone(&self.stuck);
        let thread = std::thread::Builder::new().name("keychain".to_owned());
        thread.spawn(move || work(&waiting, &stuck)).map_err(|_| Trouble::Missing)?;
        let sent = sender.send(job).map_err(|_| Trouble::Missing);
        *jobs = Some(sender);
        sent
    }

    fn ask(&self, account: &str, task: Task) -> Answer {
        if self.stuck.load(SeqCst) {
            return Err(Trouble::Silent);
        }
        let ((reply, answer), left) = (channel(), Arc::new(AtomicBool::new(false)));
        let (account, left_too) = (account.to_owned(), Arc::clone(&left));
        self.send(Job { account, task, reply, left: left_too })?;
        match answer.recv_timeout(self.wait) {
            Ok(answer) => answer,
            Err(RecvTimeoutError::Timeout) => {
                left.store(true, SeqCst);
                self.stuck.store(true, SeqCst);
                // It may have come back between the two lines above.
                match answer.try_recv() {
                    Ok(answer) => {
                        self.stuck.store(false, SeqCst);
                        answer
                    }
                    Err(_) => Err(Trouble::Silent),
                }
            }
            Err(RecvTimeoutError::Disconnected) => Err(Trouble::Missing),
        }
    }
}

impl Keychain for System {
    fn get(&self, account: &str) -> Result<Option<Zeroizing<String>>, Trouble> {
        self.ask(account, Task::Get)
    }

    fn set(&self, account: &str, secret: &str) -> Result<(), Trouble> {
        self.ask(account, Task::Set(Zeroizing::new(secret.to_owned()))).map(drop)
    }

    fn remove(&self, account: &str) -> Result<(), Trouble> {
        self.ask(account, Task::Remove).map(drop)
    }
}

/// What the thread does, until nobody can ask any more.
fn work(waiting: &Receiver<Job>, stuck: &AtomicBool) {
    let mut store: Option<Store> = None;
    while let Ok(job) = waiting.recv() {
        if !job.left.load(SeqCst) {
            // Who asked may be gone; what was done is done.
            let _ = job.reply.send(act(&mut store, &job));
        }
        stuck.store(false, SeqCst);
    }
}

fn act(store: &mut Option<Store>, job: &Job) -> Answer {
    let open = match store {
        Some(open) => open,
        None => store.insert(Store::open()?),
    };
    let answer = match &job.task {
        Task::Get => open.get(&job.account),
        Task::Set(secret) => open.set(&job.account, secret).map(|()| None),
        Task::Remove => open.remove(&job.account).map(|()| None),
    };
    if answer == Err(Trouble::Missing) {
        // The service may have gone and come again: begin anew next time.
        *store = None;
    }
    answer
}
