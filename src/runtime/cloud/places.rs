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
    /// Of each profile its connection, or why there is none.
    clients: OnceCell<Vec<Result<Client, AwsError>>>,
    sites: OnceCell<Vec<Place>>,
    /// The last call of each client the screen has been told of.
    told: Mutex<Vec<u64>>,
}

/// A site and its connection, or why there is none.
#[derive(Clone)]
struct Place {
    site: Site,
    client: Result<Client, Trouble>,
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

    /// Returns where one is, as whom. One call for each profile. Of several profiles those that work are enough: the
    /// others are sites as well, and say when they are asked why they cannot answer.
    pub(super) async fn sites(&self) -> Result<Vec<Site>, Trouble> {
        let places = self.sites.get_or_try_init(|| self.find_sites()).await?;
        Ok(places.iter().map(|place| place.site.clone()).collect())
    }

    async fn find_sites(&self) -> Result<Vec<Place>, Trouble> {
        let mut places = Vec::new();
        for (client, profile) in self.clients().await.iter().zip(self.profiles()) {
            match client {
                Ok(client) => places.extend(self.places_of(client).await),
                Err(error) => places.extend(self.nowhere(profile.as_deref(), error)),
            }
        }
        let first = places.iter().find_map(|place| place.client.as_ref().err().cloned());
        match first.filter(|_| places.iter().all(|place| place.client.is_err())) {
            Some(trouble) => Err(trouble),
            None => Ok(places),
        }
    }

    /// The regions of a profile, after one question: who am I?
    async fn places_of(&self, client: &Client) -> Vec<Place> {
        let regions: Vec<String> = match self.reach.regions.as_slice() {
            [] => client.region().map(str::to_owned).into_iter().collect(),
            regions => regions.to_vec(),
        };
        let Some(first) = regions.first() else {
            return self.nowhere(client.profile(), &AwsError::new(ErrorKind::NoRegion));
        };
        let identity = match client.in_region(first).identity().await {
            Ok(identity) => Some(identity),
            Err(error) if error.kind.is_of_caller() || matches!(error.kind, ErrorKind::Unreachable(_)) => {
                return self.nowhere(client.profile(), &error);
            }
            // Who may not ask who they are may be allowed all else; an emulator may not know the question.
            Err(_) => None,
        };
        let profile = client.profile().filter(|_| self.is_several());
        let place = |region: String| {
            let client = Ok(client.in_region(&region));
            Place { site: site(region, profile, identity.as_ref()), client }
        };
        regions.into_iter().map(place).collect()
    }

    /// The place of a profile that cannot be used.
    fn nowhere(&self, profile: Option<&str>, error: &AwsError) -> Vec<Place> {
        let region = self.reach.regions.first().cloned().unwrap_or_default();
        vec![Place { site: site(region, profile.filter(|_| self.is_several()), None), client: Err(trouble(error)) }]
    }

    fn is_several(&self) -> bool {
        !self.reach.profiles.is_empty()
    }

    fn profiles(&self) -> Vec<Option<String>> {
        let usual = || vec![self.reach.options.profile.clone()];
        let named = self.reach.profiles.iter().cloned().map(Some).collect::<Vec<_>>();
        if named.is_empty() { usual() } else { named }
    }

    /// The connection of each profile.
    async fn clients(&self) -> &[Result<Client, AwsError>] {
        let connect = async || {
            let mut clients = Vec::new();
            for profile in self.profiles() {
                let region = self.reach.regions.first().or(self.reach.options.region.as_ref()).cloned();
                clients.push(Client::connect(Options { profile, region, ..self.reach.options.clone() }).await);
            }
            clients
        };
        self.clients.get_or_init(connect).await
    }

    /// Returns the connection of a site.
    pub(super) async fn of_site(&self, site: SiteId) -> Result<(Client, Site), Trouble> {
        self.sites().await?;
        let found = self.sites.get().and_then(|places| places.get(site.0));
        let none = || Trouble { message: "This place in AWS is not connected.".to_owned(), hint: None };
        let Place { site, client } = found.cloned().ok_or_else(none)?;
        Ok((client?, site))
    }

    /// Returns the connection something in AWS is asked about through: its site's or, of several profiles, the one of
    /// its account. With one profile nobody needs to be asked whose it is.
    pub(super) async fn of_live(&self, live: &Live) -> Result<Client, Trouble> {
        if let Some(site) = live.site {
            return Ok(self.of_site(site).await?.0);
        }
        let clients = self.clients().await;
        let (region, account) = live.place();
        let mut client = clients.iter().find_map(|client| client.as_ref().ok());
        if clients.len() > 1 {
            self.sites().await?;
            let places = self.sites.get().into_iter().flatten();
            let mut mine = places.filter(|place| place.site.account.as_deref() == account);
            client = mine.find_map(|place| place.client.as_ref().ok()).or(client);
        }
        let first = || clients.iter().find_map(|client| client.as_ref().err());
        let client =
            client.ok_or_else(|| first().map_or_else(|| trouble(&AwsError::new(ErrorKind::NoCredentials)), trouble))?;
        Ok(region.map_or_else(|| client.clone(), |region| client.in_region(region)))
    }

    /// Returns the calls the screen has not been told of.
    pub(super) fn new_calls(&self) -> Vec<Call> {
        let Some(clients) = self.clients.get() else { return Vec::new() };
        let clients: Vec<&Client> = clients.iter().flatten().collect();
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
