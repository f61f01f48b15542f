//! `commonhold import operations`, and `commonhold listen`: what other programs know of the
//! operations of the service.

use super::super::{Done, now};
use crate::Context;
use clap::Args;
use commonhold_app::commands::operations::drafts::{
    self, About, FORMATS, OperationsImported, Signature, verify_signature,
};
use commonhold_app::commands::operations::serve::{self, Answer, Request};
use commonhold_app::{Code, Failure};
use commonhold_core::Time;
use std::io::{Read, Write};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

/// A file of operations.
#[derive(Args)]
pub struct Operations {
    /// The file, or - for standard input
    file: String,
    /// Its format [default: told by what is in it]
    #[arg(long, value_name = "FORMAT")]
    format: Option<String>,
    /// The service or repository it is of, where it does not say so itself
    #[arg(long)]
    source: Option<String>,
    /// When it was fetched, where its values carry no time [default: now]
    #[arg(long, value_name = "MOMENT")]
    fetched: Option<Time>,
    /// The name of what was measured, where the file has values only
    #[arg(long)]
    metric: Option<String>,
    /// It is of the own service; another's postmortem is kept, not taken over
    #[arg(long)]
    own: bool,
    /// Say what would happen, without doing it
    #[arg(long)]
    dry_run: bool,
}

/// Where to listen for webhooks.
#[derive(Args)]
pub struct Listen {
    /// The address; programs of other computers reach it through a proxy
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:9465")]
    address: SocketAddr,
    /// The file that holds the secret senders know: it signs what GitHub, Forgejo and Gitea send,
    /// is the token of GitLab, and the bearer token of Alertmanager
    #[arg(long, value_name = "FILE")]
    secret_file: PathBuf,
    /// Listen at an address other computers reach, too
    #[arg(long)]
    anywhere: bool,
}

fn bytes(file: &str, most: usize) -> Result<Vec<u8>, Failure> {
    let most = u64::try_from(most).unwrap_or(u64::MAX).saturating_add(1);
    let mut bytes = Vec::new();
    let read = match file {
        "-" => std::io::stdin().lock().take(most).read_to_end(&mut bytes),
        path => std::fs::File::open(path).and_then(|file| file.take(most).read_to_end(&mut bytes)),
    };
    read.map_err(|error| Failure::file(Path::new(file), &error))?;
    Ok(bytes)
}

/// Takes in a file of operations.
pub fn take_in(context: &Context, wanted: &Operations) -> Done {
    if let Some(unknown) = wanted.format.as_deref().filter(|name| !FORMATS.contains(name)) {
        let message = format!("The format “{unknown}” is not known.");
        return Err(Failure::new(Code::Invalid, message)
            .hint(format!("Choose one of: {}.", FORMATS.join(", "))));
    }
    let bytes = bytes(&wanted.file, drafts::MAX_BYTES)?;
    let about = About {
        source: wanted.source.clone(),
        fetched: Some(wanted.fetched.unwrap_or_else(now)),
        metric: wanted.metric.clone(),
        own: wanted.own,
        until: Some(now().plus_hours(24 * 366)),
        ..About::default()
    };
    let mut app = context.app()?;
    let book = context.book(app.reader())?;
    let format = wanted.format.as_deref();
    let done = drafts::import(&mut app, &book, format, &bytes, &about, wanted.dry_run)?;
    say(context, &done, wanted.dry_run);
    context.output.value(&done);
    Ok(u8::from(!done.refused.is_empty()))
}

fn say(context: &Context, done: &OperationsImported, dry_run: bool) {
    let out = context.output;
    let would = if dry_run { "would be " } else { "" };
    let (added, completed, there) = (done.added, done.completed, done.there);
    out.line(format!(
        "{}: {added} {would}new, {completed} {would}completed, {there} there.",
        done.format
    ));
    done.kinds.iter().for_each(|(kind, number)| out.line(format!("  {number} {kind}")));
    for refused in &done.refused {
        out.line(format!("not taken in: {}: {}", refused.place, refused.reason));
    }
    done.notes.iter().for_each(|note| out.line(format!("Note: {note}")));
}

/// Whether a request comes from who knows the secret.
fn is_known(request: &Request, secret: &[u8]) -> bool {
    let header = |name: &str| request.header(name);
    let bearer = header("authorization").and_then(|said| said.strip_prefix("Bearer "));
    let signature = header("x-hub-signature-256")
        .map(Signature::GitHub)
        .or_else(|| header("x-forgejo-signature").map(Signature::Forgejo))
        .or_else(|| header("x-gitea-signature").map(Signature::Gitea))
        .or_else(|| header("x-gitlab-token").map(Signature::GitLab))
        // A token is compared the same way whoever sends it.
        .or_else(|| bearer.map(Signature::GitLab));
    signature.is_some_and(|signature| verify_signature(signature, secret, &request.body))
}

fn answer(context: &Context, request: &Request, secret: &[u8]) -> Answer {
    if request.method != "POST" {
        return Answer::plain(405, "Only POST.");
    }
    if !is_known(request, secret) {
        return Answer::plain(401, "The signature or token is missing or wrong.");
    }
    let take_in = || {
        let mut app = context.app()?;
        let book = context.book(app.reader())?;
        let about = About { fetched: Some(now()), own: true, ..About::default() };
        drafts::import(&mut app, &book, None, &request.body, &about, false)
    };
    match take_in() {
        Ok(done) => {
            context.output.line(format!("{}: {} new.", done.format, done.added));
            let text = serde_json::to_string(&done).unwrap_or_default();
            Answer::new(200, "application/json", text + "\n")
        }
        // The sender tries again later.
        Err(failure) if failure.code == Code::ReadOnly => Answer::plain(503, &failure.message),
        Err(failure) => Answer::plain(422, &failure.message),
    }
}

/// Takes in webhooks until it is ended.
pub fn listen(context: &Context, wanted: &Listen) -> Done {
    let secret = bytes(&wanted.secret_file.to_string_lossy(), 4096)?;
    let secret = secret.trim_ascii();
    if secret.len() < 16 {
        return Err(Failure::new(Code::Invalid, "The secret has fewer than 16 characters.")
            .hint("Make one with: openssl rand -hex 32."));
    }
    context.book(&context.reader()?)?;
    let listener = serve::listen(wanted.address, wanted.anywhere)?;
    let at = listener.local_addr().unwrap_or(wanted.address);
    context.output.line(format!("Listening at http://{at}/."));
    context.output.value(&serde_json::json!({ "address": at.to_string() }));
    let _ = std::io::stdout().flush();
    serve::forever(&listener, &mut |request| answer(context, request, secret));
    Ok(0)
}
