//! The places in AWS the screen looks at: every profile with every region.

use super::{Reach, trouble};
use crate::source::aws::{Access, AwsError, Cache, Call, Client, ErrorKind, Identity, Options};
use crate::tui::Trouble;
use crate::tui::live::{Live, Site, SiteId};
use std::sync::{Mutex, PoisonError};
use tokio::sync::OnceCell;

/// The connections, made when they are first needed.
pub(super) struct Places {
    reach: Reach,
    clients: OnceCell<Result<Vec<Client>, AwsError>>,
    sites: OnceCell<Result<Vec<(Site, Client)>, Trouble>>,
    /// The last call of each client the screen has been told of.
    told: Mutex<Vec<u64>>,
}

impl Places {
    pub(super) fn new(reach: Reach) -> Self {
        Self { reach, clients: OnceCell::new(), sites: OnceCell::new(), told: Mutex::default() }
    }

    /// Where finished executions are kept.
    pub(super) fn cache(&self) -> Option<Cache> {
        self.reach.cache.clone()
    }

    /// Tells whether anything may be changed.
    pub(super) fn access(&self) -> Access {
        self.reach.options.access
    }

    /// Returns where one is, as whom. One call for each profile.
    pub(super) async fn sites(&self) -> Result<Vec<Site>, Trouble> {
        let sites = self.sites.get_or_init(|| self.find_sites()).await.as_ref();
        sites.map(|sites| sites.iter().map(|(site, _)| site.clone()).collect()).map_err(Clone::clone)
    }

    async fn find_sites(&self) -> Result<Vec<(Site, Client)>, Trouble> {
        let clients = self.clients().await.map_err(trouble)?;
        let mut sites = Vec::new();
        for client in clients {
            let regions: Vec<String> = match self.reach.regions.as_slice() {
                [] => client.region().map(str::to_owned).into_iter().collect(),
                regions => regions.to_vec(),
            };
            let Some(first) = regions.first() else { return Err(trouble(&AwsError::new(ErrorKind::NoRegion))) };
            let identity = match client.in_region(first).identity().await {
                Ok(identity) => Some(identity),
                Err(error) if error.kind.is_of_caller() => return Err(trouble(&error)),
                // Who may not ask who they are may be allowed all else; an emulator may not know the question.
                Err(_) => None,
            };
            let several = !self.reach.profiles.is_empty();
            for region in regions {
                let client = client.in_region(&region);
                sites.push((site(region, client.profile().filter(|_| several), identity.as_ref()), client));
            }
        }
        Ok(sites)
    }

    /// The connection of each profile.
    async fn clients(&self) -> Result<&[Client], &AwsError> {
        let connect = async || {
            let profiles: Vec<Option<String>> = match self.reach.profiles.as_slice() {
                [] => vec![None],
                profiles => profiles.iter().cloned().map(Some).collect(),
            };
            let mut clients = Vec::new();
            for profile in profiles {
                let profile = profile.or_else(|| self.reach.options.profile.clone());
                let region = self.reach.regions.first().or(self.reach.options.region.as_ref()).cloned();
                clients.push(Client::connect(Options { profile, region, ..self.reach.options.clone() }).await?);
            }
            Ok(clients)
        };
        self.clients.get_or_init(connect).await.as_deref()
    }

    /// Returns the connection of a site.
    pub(super) async fn of_site(&self, site: SiteId) -> Result<(Client, Site), Trouble> {
        self.sites().await?;
        let known = self.sites.get().and_then(|sites| sites.as_ref().ok());
        let found = known.and_then(|sites| sites.get(site.0)).map(|(site, client)| (client.clone(), site.clone()));
        found.ok_or_else(|| Trouble { message: "This place in AWS is not connected.".to_owned(), hint: None })
    }

    /// Returns the connection something in AWS is asked about through: its site's or, of several profiles, the one of
    /// its account. With one profile nobody needs to be asked whose it is.
    pub(super) async fn of_live(&self, live: &Live) -> Result<Client, Trouble> {
        if let Some(site) = live.site {
            return Ok(self.of_site(site).await?.0);
        }
        let clients = self.clients().await.map_err(trouble)?;
        let (region, account) = live.place();
        let mut client = clients.first();
        if clients.len() > 1 {
            self.sites().await?;
            let sites = self.sites.get().and_then(|sites| sites.as_ref().ok());
            let mine = sites.into_iter().flatten().find(|(site, _)| site.account.as_deref() == account);
            client = mine.map(|(_, client)| client).or(client);
        }
        let client = client.ok_or_else(|| trouble(&AwsError::new(ErrorKind::NoCredentials)))?;
        Ok(region.map_or_else(|| client.clone(), |region| client.in_region(region)))
    }

    /// Returns the calls the screen has not been told of.
    pub(super) fn new_calls(&self) -> Vec<Call> {
        let Some(Ok(clients)) = self.clients.get() else { return Vec::new() };
        let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        told.resize(clients.len(), 0);
        let mut calls = Vec::new();
        for (client, told) in clients.iter().zip(told.iter_mut()) {
            let new = client.calls().since(*told);
            *told = new.last().map_or(*told, |call| call.number);
            calls.extend(new);
        }
        calls.sort_by_key(|call| call.at);
        calls
    }
}

fn site(region: String, profile: Option<&str>, identity: Option<&Identity>) -> Site {
    let word = |word: &str| (!word.is_empty()).then(|| word.to_owned());
    Site {
        profile: profile.map(str::to_owned),
        region,
        account: identity.and_then(|identity| word(&identity.account)),
        role: identity.and_then(|identity| word(identity.name())),
    }
}
