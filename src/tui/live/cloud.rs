//! Where in AWS the screen may look: regions as a profile sees them.

use crate::tui::msg::Trouble;

/// A region as one set of credentials sees it; its place among those connected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SiteId(pub usize);

/// What is known of a site.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Site {
    /// The profile its credentials come from, when one was named.
    pub profile: Option<String>,
    /// The region.
    pub region: String,
    /// The number of the account; absent until AWS has said it.
    pub account: Option<String>,
    /// The role or user the calls are made as.
    pub role: Option<String>,
}

/// Whether AWS can be reached.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Cloud {
    /// Nobody asked for it.
    #[default]
    Unasked,
    /// Credentials are being looked for.
    Looking,
    /// It cannot: why, and what to do about it.
    Without(Trouble),
    /// It can: the sites.
    There(Vec<Site>),
}

/// Whether the screen may change anything in AWS.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Acting {
    /// It only reads.
    #[default]
    ReadOnly,
    /// The person said `--allow-actions`.
    Allowed,
}

/// Something in AWS that can be opened.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Live {
    /// Where it is; found by its ARN when nothing is said.
    pub site: Option<SiteId>,
    /// Its ARN, or the address of its page in the console.
    pub arn: String,
}

impl Site {
    /// Returns the region, with the profile where one was named.
    pub fn place(&self) -> String {
        match &self.profile {
            Some(profile) => format!("{profile} {}", self.region),
            None => self.region.clone(),
        }
    }

    /// Returns region, account and role.
    pub fn whole(&self) -> String {
        let parts = [Some(self.place()), self.account.as_deref().map(grouped), self.role.clone()];
        parts.into_iter().flatten().collect::<Vec<_>>().join(" ")
    }
}

impl Cloud {
    /// Returns the sites.
    pub fn sites(&self) -> &[Site] {
        match self {
            Self::There(sites) => sites,
            _ => &[],
        }
    }

    /// Returns a site.
    pub fn site(&self, id: SiteId) -> Option<&Site> {
        self.sites().get(id.0)
    }

    /// Returns the site something in AWS belongs to: the named one, or the one of its region.
    pub fn site_of(&self, live: &Live) -> Option<&Site> {
        let (region, account) = live.place();
        let fits = |site: &&Site| {
            Some(site.region.as_str()) == region
                && site.account.as_deref().is_none_or(|known| account.is_none_or(|account| account == known))
        };
        live.site.and_then(|site| self.site(site)).or_else(|| self.sites().iter().find(fits))
    }
}

impl Acting {
    /// Returns the word for the header.
    pub fn word(self) -> &'static str {
        match self {
            Self::ReadOnly => "read-only",
            Self::Allowed => "ACTIONS ALLOWED",
        }
    }
}

impl Live {
    /// Something by its ARN, wherever it is.
    pub fn new(arn: impl Into<String>) -> Self {
        Self { site: None, arn: arn.into() }
    }

    /// Returns the region and the account its ARN names.
    pub fn place(&self) -> (Option<&str>, Option<&str>) {
        let mut parts = self.arn.split(':').skip(3);
        (parts.next(), parts.next())
    }

    /// Returns its name: the last part of the ARN.
    pub fn name(&self) -> &str {
        self.arn.rsplit([':', '/']).next().unwrap_or(&self.arn)
    }
}

/// An account's number as people read it: `1234-5678-9012`.
pub(super) fn grouped(account: &str) -> String {
    let digits = account.len() == 12 && account.bytes().all(|byte| byte.is_ascii_digit());
    match (account.get(..4), account.get(4..8), account.get(8..)) {
        (Some(first), Some(second), Some(third)) if digits => format!("{first}-{second}-{third}"),
        _ => account.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_site_is_found_by_the_arn() {
        let site = |region: &str, account: &str| Site {
            region: region.to_owned(),
            account: Some(account.to_owned()),
            ..Site::default()
        };
        let cloud = Cloud::There(vec![site("eu-west-1", "111111111111"), site("eu-west-1", "222222222222")]);
        let live = Live::new("arn:aws:states:eu-west-1:222222222222:execution:Orders:run");
        assert_eq!(cloud.site_of(&live), cloud.site(SiteId(1)));
        assert_eq!(live.name(), "run");
        assert_eq!(cloud.site_of(&Live::new("arn:aws:states:us-east-1:222222222222:execution:Orders:run")), None);
        assert_eq!(cloud.site(SiteId(0)).unwrap().whole(), "eu-west-1 1111-1111-1111");
    }
}
