//! A bucket of S3. The addresses of requests are signed (AWS signature version 4, in the query), so
//! no header holds anything secret. A file is one object, which S3 replaces as a whole.

use crate::client::{Ask, Client};
use crate::fault::Fault;
use crate::listing::{Page, page};
use crate::{Credentials, Item, MOST_NAMES, is_name};
use bytes::Bytes;
use reqwest::{Method, StatusCode};
use rusty_s3::Bucket;
use rusty_s3::actions::{DeleteObject, GetObject, PutObject, S3Action};
use std::time::Duration;

/// How long a signed address holds: as far as clocks may be apart anyway.
const HOLDS: Duration = Duration::from_secs(900);
/// The longest page of a listing, in bytes. A page has 1,000 names, of 1,024 bytes at most.
const LONGEST_PAGE: u64 = 8 * 1024 * 1024;
/// How many pages a listing may have. Servers give up to 1,000 names in one, some give less.
const MOST_PAGES: usize = 2000;

/// A bucket, or a folder in it.
pub(crate) struct Site {
    bucket: Bucket,
    prefix: String,
    login: Option<rusty_s3::Credentials>,
}

impl Site {
    pub fn new(bucket: Bucket, prefix: String, login: Option<&Credentials>) -> Self {
        let login = login.map(|login| rusty_s3::Credentials::new(&*login.user, &**login.secret));
        Self { bucket, prefix, login }
    }

    fn key(&self, path: &str) -> String {
        format!("{}{path}", self.prefix)
    }

    pub async fn list(
        &self,
        client: &Client,
        folder: &str,
        prefix: &str,
    ) -> Result<Vec<Item>, Fault> {
        let (folder, mut items) = (self.key(folder), Vec::new());
        let ours = |key: &str| {
            key.strip_prefix(&folder).is_some_and(|name| name.starts_with(prefix) && is_name(name))
        };
        let wanted = format!("{folder}{prefix}");
        self.pages(client, &wanted, false, &ours, &mut |page| {
            for (key, bytes) in page.objects {
                let name = key.strip_prefix(&folder).unwrap_or_default().to_owned();
                items.push(Item { name, bytes });
            }
            items.len()
        })
        .await?;
        Ok(items)
    }

    /// The names directly below a folder that have something below them.
    pub async fn folders(&self, client: &Client, folder: &str) -> Result<Vec<String>, Fault> {
        let (folder, mut names) = (self.key(folder), Vec::new());
        let ours = |key: &str| key.starts_with(&folder);
        self.pages(client, &folder, true, &ours, &mut |page| {
            for key in page.folders {
                let name = key.strip_prefix(&folder).and_then(|name| name.strip_suffix('/'));
                names.extend(name.map(str::to_owned));
            }
            names.len()
        })
        .await?;
        Ok(names)
    }

    /// Follows the pages of a listing to its end. Whoever takes them says how much there is by now.
    async fn pages(
        &self,
        client: &Client,
        prefix: &str,
        folders: bool,
        fits: &(dyn Fn(&str) -> bool + Sync),
        take: &mut (dyn FnMut(Page) -> usize + Send),
    ) -> Result<(), Fault> {
        let mut next: Option<String> = None;
        for _ in 0..MOST_PAGES {
            // A listing (ListObjectsV2) is what the bucket itself answers to this query.
            let mut action = GetObject::new(&self.bucket, self.login.as_ref(), "");
            let query = action.query_mut();
            query.insert("list-type", "2");
            query.insert("encoding-type", "url");
            query.insert("prefix", prefix);
            if folders {
                query.insert("delimiter", "/");
            }
            if let Some(token) = &next {
                query.insert("continuation-token", token.as_str());
            }
            let answer = client.send(&Ask::new(Method::GET, action.sign(HOLDS))).await?;
            let found = page(&client.whole(answer, LONGEST_PAGE).await?, fits)?;
            let last = std::mem::replace(&mut next, found.next.clone());
            if take(found) > MOST_NAMES || next.is_some() && next == last {
                return Err(crate::fault::endless());
            }
            if next.is_none() {
                return Ok(());
            }
        }
        Err(crate::fault::endless())
    }

    pub async fn get(
        &self,
        client: &Client,
        path: &str,
        most: u64,
    ) -> Result<Option<Vec<u8>>, Fault> {
        let key = self.key(path);
        let url = GetObject::new(&self.bucket, self.login.as_ref(), &key).sign(HOLDS);
        match client.send(&Ask::new(Method::GET, url)).await {
            Ok(answer) if answer.status() == StatusCode::OK => {
                client.take(answer, most).await.map(Some)
            }
            Ok(answer) => Err(Fault::Answer(answer.status().as_u16(), String::new())),
            Err(Fault::Answer(404, word)) if word != "NoSuchBucket" => Ok(None),
            Err(fault) => Err(fault),
        }
    }

    pub async fn put(&self, client: &Client, path: &str, bytes: &[u8]) -> Result<(), Fault> {
        let key = self.key(path);
        let url = PutObject::new(&self.bucket, self.login.as_ref(), &key).sign(HOLDS);
        let body = Bytes::copy_from_slice(bytes);
        client.tell(&Ask { body, ..Ask::new(Method::PUT, url) }).await
    }

    pub async fn remove(&self, client: &Client, path: &str) -> Result<(), Fault> {
        let key = self.key(path);
        let url = DeleteObject::new(&self.bucket, self.login.as_ref(), &key).sign(HOLDS);
        match client.tell(&Ask::new(Method::DELETE, url)).await {
            Err(Fault::Answer(404, word)) if word != "NoSuchBucket" => Ok(()),
            done => done,
        }
    }
}
