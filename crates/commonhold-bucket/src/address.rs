//! Reading the address of a bucket.

use crate::fault::Fault;
use crate::{Error, Trouble};
use rusty_s3::{Bucket, UrlStyle};
use url::{Host, Url};

/// What an address says.
pub(crate) struct Address {
    /// The same for people, without anything secret.
    pub place: String,
    /// Whether the connection is encrypted.
    pub encrypted: bool,
    /// Whether the host is this computer itself.
    pub near: bool,
    pub kind: Kind,
}

pub(crate) enum Kind {
    /// A bucket, and the folder in it: empty, or with a `/` at its end.
    S3 { bucket: Box<Bucket>, prefix: String },
    /// A web folder; its path ends with `/`.
    Dav { base: Url },
}

/// What an address may look like, for people.
const FORMS: &str = "the address has to look like “s3://bucket?endpoint=https://host&region=name” \
                     or “webdav+https://host/folder”.";

fn refused(place: &str, trouble: Trouble, reason: &str) -> Error {
    Fault::Trouble(trouble, reason.to_owned()).at(place)
}

impl Address {
    /// Reads an address. What it cannot read it does not repeat.
    pub fn parse(text: &str, credentials: bool) -> Result<Self, Error> {
        let text = text.trim();
        let wrong = |reason: &str| refused("the address", Trouble::Broken, reason);
        if text.len() > 2000 {
            return Err(wrong("it is too long."));
        }
        let address = if text.get(..5).is_some_and(|start| start.eq_ignore_ascii_case("s3://")) {
            s3(text)?
        } else if text.get(..7).is_some_and(|start| start.eq_ignore_ascii_case("webdav+")) {
            webdav(text.get(7..).unwrap_or_default())?
        } else {
            return Err(wrong(FORMS));
        };
        if credentials && !address.encrypted && !address.near {
            return Err(refused(
                &address.place,
                Trouble::Denied,
                "it begins with http, so anybody on the way could use the password; use an \
                 address with https.",
            ));
        }
        Ok(address)
    }
}

/// An address on the web: only the two schemes, with a host, without credentials.
fn web(text: &str) -> Result<Url, Error> {
    let wrong = |reason: &str| refused("the address", Trouble::Broken, reason);
    let url = Url::parse(text).map_err(|_| wrong(FORMS))?;
    without_credentials(&url)?;
    if !matches!(url.scheme(), "http" | "https") || url.host().is_none() {
        return Err(wrong(FORMS));
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err(wrong("it has a part after “?” or “#” that means nothing here; leave it out."));
    }
    Ok(url)
}

fn without_credentials(url: &Url) -> Result<(), Error> {
    if url.username().is_empty() && url.password().is_none() {
        return Ok(());
    }
    Err(refused(
        "the address",
        Trouble::Broken,
        "it holds a name or password before “@”; leave that out and give name and password by \
         themselves, since an address is shown and stored openly.",
    ))
}

/// Whether a host is this computer.
fn near(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => ip.is_loopback(),
        None => false,
    }
}

/// The host, and its port if it is an unusual one.
fn host(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
}

fn webdav(text: &str) -> Result<Address, Error> {
    let mut base = web(text)?;
    if !base.path().ends_with('/') {
        base.set_path(&format!("{}/", base.path()));
    }
    Ok(Address {
        place: format!("the web folder {} at {}", base.path(), host(&base)),
        encrypted: base.scheme() == "https",
        near: near(&base),
        kind: Kind::Dav { base },
    })
}

fn s3(text: &str) -> Result<Address, Error> {
    let wrong = |reason: &str| refused("the address", Trouble::Broken, reason);
    let url = Url::parse(text).map_err(|_| wrong(FORMS))?;
    without_credentials(&url)?;
    let name = url.host_str().unwrap_or_default().to_owned();
    let sound = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_');
    if name.is_empty() || name.len() > 255 || !name.bytes().all(sound) || url.port().is_some() {
        return Err(wrong("there is no name of a bucket after “s3://”."));
    }
    let (mut endpoint, mut region, mut style) = (None, None, UrlStyle::Path);
    for (key, value) in url.query_pairs() {
        match (&*key, &*value) {
            ("endpoint", text) if endpoint.is_none() => endpoint = Some(web(text)?),
            ("region", text) if region.is_none() && text.bytes().all(sound) => {
                region = Some(text.to_owned());
            }
            ("style", "path") => style = UrlStyle::Path,
            ("style", "host") => style = UrlStyle::VirtualHost,
            _ => {
                let reason = "after “?” only “endpoint”, “region” and “style” (“path” or “host”) \
                              may stand, once each, with “&” between.";
                return Err(wrong(reason));
            }
        }
    }
    let region = region.filter(|text| !text.is_empty());
    let endpoint = match (endpoint, &region) {
        (Some(url), _) => url,
        (None, Some(region)) => web(&format!("https://s3.{region}.amazonaws.com"))?,
        (None, None) => return Err(wrong("it lacks “?endpoint=https://…” or “?region=…”.")),
    };
    let prefix = prefix(url.path()).ok_or_else(|| wrong("the folder in the bucket is none."))?;
    let (encrypted, near, host) = (endpoint.scheme() == "https", near(&endpoint), host(&endpoint));
    let region = region.unwrap_or_else(|| "us-east-1".to_owned());
    let bucket = Bucket::new(endpoint, style, name.clone(), region).map_err(|_| wrong(FORMS))?;
    let within = if prefix.is_empty() { String::new() } else { format!("folder {prefix} in ") };
    let place = format!("the {within}bucket {name} at {host}");
    Ok(Address { place, encrypted, near, kind: Kind::S3 { bucket: Box::new(bucket), prefix } })
}

/// A folder in a bucket from an address's path: nothing, or parts with `/` after each.
fn prefix(path: &str) -> Option<String> {
    let path = path.trim_matches('/');
    let sound = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_');
    let part = |part: &str| !matches!(part, "" | "." | "..") && part.bytes().all(sound);
    match path {
        "" => Some(String::new()),
        _ => (path.len() <= 200 && path.split('/').all(part)).then(|| format!("{path}/")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reason(text: &str, credentials: bool) -> String {
        Address::parse(text, credentials).map(|_| ()).unwrap_err().to_string()
    }

    #[test]
    fn the_forms_are_read() {
        let read = |text: &str| Address::parse(text, true).unwrap();
        let at = read("s3://team?endpoint=https://minio.example.org:9000&region=eu");
        assert_eq!(at.place, "the bucket team at minio.example.org:9000");
        let Kind::S3 { bucket, prefix } = at.kind else { panic!() };
        assert_eq!(bucket.object_url("a").as_str(), "https://minio.example.org:9000/team/a");
        assert_eq!((prefix.as_str(), bucket.region()), ("", "eu"));

        let at = read("s3://team/sub/x/?region=eu-central-1&style=host");
        assert_eq!(at.place, "the folder sub/x/ in bucket team at s3.eu-central-1.amazonaws.com");
        let Kind::S3 { bucket, .. } = at.kind else { panic!() };
        assert_eq!(bucket.base_url().as_str(), "https://team.s3.eu-central-1.amazonaws.com/");

        let at = read("webdav+https://cloud.example.org/remote.php/dav/files/ada%20b/Team");
        let Kind::Dav { base } = at.kind else { panic!() };
        assert!(base.path().ends_with("/ada%20b/Team/"));
        assert!(read("webdav+http://127.0.0.1:8080").near && read("webdav+http://[::1]/").near);
    }

    #[test]
    fn credentials_stay_out_of_addresses_and_off_open_lines() {
        for text in [
            "s3://AKIA:hush@team?region=eu",
            "s3://team?endpoint=https://ada:hush@host.example",
            "webdav+https://ada:hush@host.example/x",
            "webdav+https://hush@host.example/x",
        ] {
            let told = reason(text, false);
            assert!(told.contains("by themselves") && !told.contains("hush"), "{told}");
        }
        for text in ["webdav+http://host.example/x", "s3://team?endpoint=http://10.0.0.1"] {
            assert!(reason(text, true).contains("https"), "{text}");
            assert!(Address::parse(text, false).is_ok(), "{text}");
        }
    }

    #[test]
    fn what_cannot_be_read_is_not_repeated() {
        let long = format!("webdav+https://h/{}", "hush".repeat(600));
        for text in [
            "",
            "hush",
            "https://hush.example",
            "ftp://hush",
            "s3://",
            "s3://team",
            "s3:///hush?region=x",
            "s3://te%20am?region=x",
            "s3://team?region=a&region=b",
            "s3://team?region=x&secret=hush",
            "s3://team?endpoint=hush",
            "s3://team?endpoint=https://h/?hush",
            "s3://team/a%2f/..%2f/hush?region=x",
            "s3://team/a//hush?region=x",
            "webdav+ftp://hush",
            "webdav+https://",
            "webdav+https://h/?hush",
            "webdav+https://h/#hush",
            "s3://team?endpoint=https://127.0.0.1&style=host",
            "ä3://hush",
            &long,
        ] {
            let told = reason(text, false);
            assert!(!told.contains("hush") && told.ends_with('.'), "{text}: {told}");
        }
    }
}
