//! The one asynchronous runtime all connections share. Whoever calls a shelf waits for it on a
//! thread of their own; never call one from inside an asynchronous task.

use std::io;
use std::sync::OnceLock;
use tokio::runtime::{Builder, Runtime};

static RUNTIME: OnceLock<Runtime> = OnceLock::new();

/// The runtime, started when it is needed first.
pub fn runtime() -> io::Result<&'static Runtime> {
    if let Some(runtime) = RUNTIME.get() {
        return Ok(runtime);
    }
    let started =
        Builder::new_multi_thread().worker_threads(2).enable_all().thread_name("net").build()?;
    Ok(RUNTIME.get_or_init(|| started))
}
