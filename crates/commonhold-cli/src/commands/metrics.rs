//! `commonhold metrics`: the service in numbers for a monitor.

use super::{Done, now};
use crate::Context;
use clap::Args;
use commonhold_app::Failure;
use commonhold_app::commands::operations::{metrics, serve};
use serde_json::json;
use std::io::Write;
use std::net::SocketAddr;
use std::path::PathBuf;

/// Where the numbers go.
#[derive(Args)]
pub struct Metrics {
    /// Write them into this file, whole or not at all, as node_exporter reads them
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Answer GET /metrics at this address until it is ended, such as 127.0.0.1:9464
    #[arg(long, value_name = "ADDRESS", conflicts_with = "out")]
    listen: Option<SocketAddr>,
    /// Listen at an address other computers reach, too
    #[arg(long, requires = "listen")]
    anywhere: bool,
}

fn text(context: &Context) -> Result<String, Failure> {
    let reader = context.reader()?;
    let book = context.book(&reader)?;
    metrics::text(&reader, &book, now())
}

/// Runs the command.
pub fn run(context: &Context, command: &Metrics) -> Done {
    let out = context.output;
    if let Some(address) = command.listen {
        // A profile that cannot be read is told before anybody asks.
        text(context)?;
        let listener = serve::listen(address, command.anywhere)?;
        let at = listener.local_addr().map_or(address, |address| address);
        out.line(format!("Answering at http://{at}/metrics."));
        out.value(&json!({ "address": at.to_string() }));
        let _ = std::io::stdout().flush();
        serve::forever(&listener, &mut |request| match (&*request.method, &*request.path) {
            ("GET" | "HEAD", "/metrics") => match text(context) {
                Ok(text) => serve::Answer::new(200, metrics::CONTENT_TYPE, text),
                Err(failure) => serve::Answer::plain(503, &failure.to_string()),
            },
            (_, "/metrics") => serve::Answer::plain(405, "Only GET."),
            _ => serve::Answer::plain(404, "There is only /metrics."),
        });
        return Ok(0);
    }
    let text = text(context)?;
    match &command.out {
        None => {
            out.line(text.trim_end());
            out.value(&json!({ "text": text }));
        }
        Some(path) => {
            let unfinished = path.with_extension("prom.new");
            std::fs::write(&unfinished, &text)
                .and_then(|()| std::fs::rename(&unfinished, path))
                .map_err(|error| Failure::file(path, &error))?;
            out.line(format!("Wrote {}.", path.display()));
            out.value(&json!({ "path": path }));
        }
    }
    Ok(0)
}
