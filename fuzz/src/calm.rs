//! Panics: the product catches those of the document library and goes on, and so must a run here,
//! while one that gets out ends it. The fuzzer's own hook ends it either way, so it is replaced
//! by one that only counts.

use std::backtrace::Backtrace;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind, set_hook};
use std::sync::{Mutex, Once, PoisonError};

static ONCE: Once = Once::new();
static COUNTED: Mutex<BTreeMap<String, u64>> = Mutex::new(BTreeMap::new());

thread_local! {
    static LAST: RefCell<String> = const { RefCell::new(String::new()) };
}

unsafe extern "C" {
    fn atexit(work: extern "C" fn()) -> i32;
}

/// Runs a target: a panic that gets out is printed with its stack and ends the fuzzer.
pub fn calm(work: impl FnOnce()) {
    ONCE.call_once(|| {
        set_hook(Box::new(|info| {
            let place = info.location().map(ToString::to_string).unwrap_or_default();
            // A stack for each place once: those that are caught may be many.
            let mut counted = COUNTED.lock().unwrap_or_else(PoisonError::into_inner);
            let times = counted.entry(place).or_insert(0);
            *times += 1;
            let stack = match *times {
                1..=3 => Backtrace::force_capture().to_string(),
                _ => "(the stack was kept for the first of these only)".to_owned(),
            };
            LAST.with_borrow_mut(|last| *last = format!("{info}\n{stack}"));
        }));
        // SAFETY: registers a function that takes nothing and lives as long as the program.
        unsafe { atexit(report) };
    });
    if let Err(panic) = catch_unwind(AssertUnwindSafe(work)) {
        LAST.with_borrow(|last| eprintln!("A panic got out: {last}"));
        resume_unwind(panic);
    }
}

/// Says at the end how often the library panicked where it was caught, and where.
extern "C" fn report() {
    let counted = COUNTED.lock().unwrap_or_else(PoisonError::into_inner);
    for (place, times) in counted.iter() {
        eprintln!("panics caught: {times} at {place}");
    }
    if counted.is_empty() {
        eprintln!("panics caught: none");
    }
}
