//! A web folder (WebDAV, RFC 4918). Listings are asked for folder by folder, since most servers do
//! not list everything below at once: Nextcloud gives one level without saying so, others refuse.

use crate::client::{Ask, Client};
use crate::fault::{Fault, endless};
use crate::listing::{percent_decoded, resources};
use crate::{Credentials, Item, MOST_NAMES, Trouble, is_name};
use bytes::Bytes;
use data_encoding::{BASE64, HEXLOWER};
use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, HeaderName, HeaderValue};
use reqwest::{Method, StatusCode};
use url::Url;
use zeroize::Zeroizing;

/// How many folders of a room are looked into. There is one for each log and one for keys.
const MOST_FOLDERS: usize = 5000;
/// The longest list of one folder, in bytes: servers write 300 to 600 for each file.
const LONGEST_LIST: u64 = 64 * 1024 * 1024;
/// What is asked about each file.
const WANTED: &str = "<?xml version=\"1.0\" encoding=\"utf-8\"?><D:propfind xmlns:D=\"DAV:\">\
                      <D:prop><D:resourcetype/><D:getcontentlength/></D:prop></D:propfind>";

/// A web folder.
pub(crate) struct Site {
    base: Url,
    login: Option<HeaderValue>,
}

/// Something in a folder.
struct Child {
    name: String,
    bytes: Option<u64>,
    folder: bool,
}

fn method(name: &'static [u8]) -> Result<Method, Fault> {
    Method::from_bytes(name).map_err(|_| Fault::senseless("this kind of request is unknown."))
}

fn no_folder() -> Fault {
    Fault::senseless("this folder does not exist; make it there, or correct the address.")
}

impl Site {
    /// A web folder, with the name and password for it. Both go along with each request.
    pub fn new(base: Url, login: Option<&Credentials>) -> Result<Self, Fault> {
        let wrong = || Fault::Trouble(Trouble::Denied, "a user name holds no colon.".to_owned());
        let header = |login: &Credentials| {
            if login.user.contains(':') {
                return Err(wrong());
            }
            let pair = Zeroizing::new(format!("{}:{}", login.user, *login.secret));
            let text = Zeroizing::new(format!("Basic {}", BASE64.encode(pair.as_bytes())));
            let mut value = HeaderValue::from_str(&text).map_err(|_| wrong())?;
            value.set_sensitive(true);
            Ok(value)
        };
        Ok(Self { base, login: login.map(header).transpose()? })
    }

    /// The address of something below; `/` at the end means a folder.
    fn url(&self, path: &str) -> Url {
        let mut url = self.base.clone();
        url.set_path(&format!("{}{path}", self.base.path()));
        url
    }

    fn ask(&self, method: Method, url: Url) -> Ask {
        let mut ask = Ask::new(method, url);
        ask.headers.extend(self.login.clone().map(|login| (AUTHORIZATION, login)));
        ask
    }

    /// What a folder holds, itself left out; nothing if it does not exist.
    async fn children(
        &self,
        client: &Client,
        folder: &str,
        deep: bool,
    ) -> Result<Option<Vec<Child>>, Fault> {
        let url = self.url(folder);
        let here = percent_decoded(url.path());
        let mut ask = self.ask(method(b"PROPFIND")?, url);
        let depth = HeaderValue::from_static(if deep { "1" } else { "0" });
        ask.headers.push((HeaderName::from_static("depth"), depth));
        ask.headers.push((CONTENT_TYPE, HeaderValue::from_static("application/xml")));
        ask.body = Bytes::from_static(WANTED.as_bytes());
        let answer = match client.send(&ask).await {
            Err(Fault::Answer(404, _)) => return Ok(None),
            answer => answer?,
        };
        if answer.status() != StatusCode::MULTI_STATUS {
            return Err(Fault::senseless("what answers there is no web folder (WebDAV)."));
        }
        let list = client.whole(answer, LONGEST_LIST).await?;
        let (mut children, mut ours) = (Vec::new(), false);
        resources(&list, &mut |one| {
            let Some(name) = one.path.strip_prefix(here.trim_end_matches('/')) else {
                return Ok(());
            };
            ours = true;
            let name = name.trim_matches('/');
            if !name.is_empty() && is_name(name) && !name.contains('/') {
                let name = name.to_owned();
                children.push(Child { name, bytes: one.bytes, folder: one.folder });
            }
            if children.len() > MOST_NAMES { Err(endless()) } else { Ok(()) }
        })?;
        if !ours {
            return Err(Fault::senseless(
                "the server lists another folder than the one asked for.",
            ));
        }
        Ok(Some(children))
    }

    pub async fn list(
        &self,
        client: &Client,
        folder: &str,
        prefix: &str,
    ) -> Result<Vec<Item>, Fault> {
        let begin = prefix.rsplit_once('/').map_or("", |(begin, _)| begin);
        if !begin.is_empty() && !is_name(begin) {
            return Ok(Vec::new());
        }
        let begin = if begin.is_empty() { String::new() } else { format!("{begin}/") };
        let (mut items, mut folders, mut at) = (Vec::new(), vec![begin], 0_usize);
        while let Some(below) = folders.get(at).cloned() {
            let Some(children) = self.children(client, &format!("{folder}{below}"), true).await?
            else {
                if at == 0 {
                    self.look(client).await?;
                }
                at = at.saturating_add(1);
                continue;
            };
            for child in children {
                let name = format!("{below}{}", child.name);
                // Within the prefix, or on the way to it.
                let fits = name.starts_with(prefix) || prefix.starts_with(&format!("{name}/"));
                if !is_name(&name) || !fits {
                    continue;
                }
                if child.folder {
                    folders.push(format!("{name}/"));
                } else if let Some(bytes) = child.bytes {
                    items.push(Item { name, bytes });
                }
            }
            if items.len() > MOST_NAMES || folders.len() > MOST_FOLDERS {
                return Err(endless());
            }
            at = at.saturating_add(1);
        }
        Ok(items)
    }

    /// The names of the folders directly below one.
    pub async fn folders(&self, client: &Client, folder: &str) -> Result<Vec<String>, Fault> {
        let Some(children) = self.children(client, folder, true).await? else {
            return self.look(client).await.map(|()| Vec::new());
        };
        Ok(children.into_iter().filter(|child| child.folder).map(|child| child.name).collect())
    }

    /// Sees whether the folder the address names is there.
    async fn look(&self, client: &Client) -> Result<(), Fault> {
        self.children(client, "", false).await?.map(|_| ()).ok_or_else(no_folder)
    }

    pub async fn get(
        &self,
        client: &Client,
        path: &str,
        most: u64,
    ) -> Result<Option<Vec<u8>>, Fault> {
        match client.send(&self.ask(Method::GET, self.url(path))).await {
            Ok(answer) if answer.status() == StatusCode::OK => {
                client.take(answer, most).await.map(Some)
            }
            Ok(answer) => Err(Fault::Answer(answer.status().as_u16(), String::new())),
            Err(Fault::Answer(404 | 410, _)) => Ok(None),
            Err(fault) => Err(fault),
        }
    }

    /// Lays a file down under another name and moves it, so that it appears whole.
    pub async fn put(&self, client: &Client, path: &str, bytes: &[u8]) -> Result<(), Fault> {
        let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
        let mut chance = [0; 8];
        getrandom::fill(&mut chance)
            .map_err(|_| Fault::senseless("this computer has no randomness now."))?;
        let aside = format!("{folder}/.tmp-{}", HEXLOWER.encode(&chance));
        let body = Bytes::copy_from_slice(bytes);
        let mut laid = self.lay(client, &aside, &body).await;
        if let Err(Fault::Answer(404 | 409, _)) = laid {
            self.make(client, folder).await?;
            laid = self.lay(client, &aside, &body).await;
        }
        let mut done = match laid {
            Ok(()) => self.shift(client, &aside, path).await,
            Err(fault) => Err(fault),
        };
        if done.is_ok() {
            return done;
        }
        // Servers that cannot move, and those behind a gateway that knows itself by another name.
        if let Err(Fault::Answer(405 | 501 | 502, _)) = done {
            done = self.lay(client, path, &body).await;
        }
        if !matches!(done, Err(Fault::Trouble(..))) {
            // What lies aside is of no use to anybody, nor does it disturb.
            let _ = self.remove(client, &aside).await;
        }
        done
    }

    async fn lay(&self, client: &Client, path: &str, body: &Bytes) -> Result<(), Fault> {
        let ask = self.ask(Method::PUT, self.url(path));
        client.tell(&Ask { body: body.clone(), ..ask }).await
    }

    async fn shift(&self, client: &Client, from: &str, to: &str) -> Result<(), Fault> {
        let mut ask = self.ask(method(b"MOVE")?, self.url(from));
        let target = HeaderValue::from_str(self.url(to).as_str())
            .map_err(|_| Fault::senseless("the address cannot be used."))?;
        ask.headers.push((HeaderName::from_static("destination"), target));
        ask.headers.push((HeaderName::from_static("overwrite"), HeaderValue::from_static("T")));
        ask.twice = false;
        client.tell(&ask).await
    }

    /// Makes a folder and those it is in, below the one the address names.
    async fn make(&self, client: &Client, folder: &str) -> Result<(), Fault> {
        let mut path = String::new();
        for part in folder.split('/') {
            path.push_str(part);
            path.push('/');
            match client.tell(&self.ask(method(b"MKCOL")?, self.url(&path))).await {
                // It exists already (RFC 4918, 9.3.1), or another device makes it at this moment,
                // which some servers answer with 500. Laying the file down will tell.
                Ok(()) | Err(Fault::Answer(405 | 500, _)) => {}
                Err(Fault::Answer(404 | 409, _)) => return Err(no_folder()),
                Err(fault) => return Err(fault),
            }
        }
        Ok(())
    }

    pub async fn remove(&self, client: &Client, path: &str) -> Result<(), Fault> {
        match client.tell(&self.ask(Method::DELETE, self.url(path))).await {
            Err(Fault::Answer(404 | 410, _)) => Ok(()),
            done => done,
        }
    }
}
