//! Where in AWS one is, as whom, and whether anything can be changed: always in the header.

use crate::tui::live::{Acting, Cloud, Live, Site, SiteId};
use crate::tui::look::Look;
use crate::tui::model::Model;
use crate::tui::theme::Role;
use ratatui::text::{Line, Span};

/// Of a list: its site, or how many there are. `site` is `None` for a list of recordings.
pub(super) fn of_list<'a>(model: &Model, site: Option<Option<SiteId>>, width: usize) -> Line<'a> {
    let look = &model.look;
    let sites = model.cloud.sites();
    let words = match (&model.cloud, site) {
        (Cloud::Looking, _) => format!("looking for AWS{}", look.glyphs.more),
        (Cloud::Without(_) | Cloud::Unasked, _) => "no AWS".to_owned(),
        (_, Some(Some(site))) => model.cloud.site(site).map(Site::whole).unwrap_or_default(),
        (_, _) => match sites {
            [only] => only.whole(),
            _ => format!("{} places", sites.len()),
        },
    };
    line(&words, model.acting, look, width)
}

/// Of something in AWS.
pub(super) fn of_live(model: &Model, live: &Live) -> String {
    let (region, account) = live.place();
    let named =
        Site { region: region.unwrap_or_default().to_owned(), account: account.map(str::to_owned), ..Site::default() };
    match model.cloud.site_of(live) {
        // The site's own account is known once AWS has said it; the ARN knows it anyway.
        Some(site) => Site { account: site.account.clone().or(named.account), ..site.clone() }.whole(),
        None => named.whole(),
    }
}

/// The place, and whether anything can be changed there: the latter is never cut off.
pub(super) fn line<'a>(words: &str, acting: Acting, look: &Look, width: usize) -> Line<'a> {
    let room = width.saturating_sub(acting.word().len() + 3);
    Line::from(vec![look.foreign(words, room, Role::Dim), Span::raw(" "), acting_span(acting, look), Span::raw(" ")])
}

/// Whether anything can be changed.
pub(super) fn acting_span<'a>(acting: Acting, look: &Look) -> Span<'a> {
    look.span(acting.word(), if acting == Acting::Allowed { Role::Warning } else { Role::Dim })
}
