//! What the iterations of a Map are given: its items, by themselves or through a selector.

use super::derived::Derived;
use super::expression::{Root, Sight, of_jsonata, of_template};
use super::jsonpath::{by_path, select, selected};
use super::scene::Scene;
use super::{Gap, Origin};
use crate::asl::state::{Map, MapData, MapMode};
use crate::asl::{Arguments, StateKind};
use crate::interpreter::MapItem;
use crate::interpreter::data::{Environment, Item, item_selected, map_input, map_items};
use crate::json::Payload;
use crate::json::diff::{At, Step};
use crate::query::FixedSources;

fn map_of<'a>(scene: &Scene<'a>) -> Option<&'a Map> {
    match &scene.state.kind {
        StateKind::Map(map) => Some(map),
        _ => None,
    }
}

/// Tells whether the items are read from somewhere else than the state's data.
pub(super) fn has_reader(scene: &Scene<'_>) -> bool {
    map_of(scene).is_some_and(|map| matches!(&map.mode, MapMode::Distributed(mode) if mode.reader.is_some()))
}

/// Returns the items of a Map that has no reader.
pub(super) fn items(scene: &Scene<'_>) -> Option<Vec<Item>> {
    let map = map_of(scene).filter(|_| !has_reader(scene))?;
    let raw = scene.story.history(scene.member).input(scene.visit)?;
    let environment = Environment { context: scene, variables: scene, sources: &FixedSources };
    let input = map_input(map, environment, raw, &mut ()).ok()?;
    map_items(map, environment, &input, &mut ()).ok()
}

fn in_context(map: &Map, index: usize, item: Item) -> MapItem {
    let index = u32::try_from(index).unwrap_or(u32::MAX);
    MapItem { index, key: item.key, value: item.value, source: map.own_source() }
}

/// Returns what the iteration of each item is given; of a Map without reader and without batches.
pub(super) fn inputs(scene: &Scene<'_>) -> Option<Vec<Payload>> {
    let map = map_of(scene)?;
    let raw = scene.story.history(scene.member).input(scene.visit)?;
    let environment = Environment { context: scene, variables: scene, sources: &FixedSources };
    let input = map_input(map, environment, raw, &mut ()).ok()?;
    let given = |(index, item): (usize, Item)| {
        let scene = scene.with_item(in_context(map, index, item.clone()));
        let environment = Environment { context: &scene, variables: &scene, sources: &FixedSources };
        item_selected(map, environment, &input, &item).ok()
    };
    items(scene)?.into_iter().enumerate().map(given).collect()
}

/// Tells whether children are given batches of items.
pub(super) fn has_batches(scene: &Scene<'_>) -> bool {
    map_of(scene).is_some_and(|map| matches!(&map.mode, MapMode::Distributed(mode) if mode.batcher.is_some()))
}

/// Derives a part of what the iteration of an item is given, in terms of what the Map saw.
pub(super) fn input(scene: &Scene<'_>, index: usize, at: &At) -> Derived<Root> {
    let Some(map) = map_of(scene) else { return Derived::gap(Gap::NotFound) };
    let found = if has_reader(scene) { None } else { items(scene).and_then(|items| items.into_iter().nth(index)) };
    let own = match &found {
        Some(item) => scene.with_item(in_context(map, index, item.clone())),
        None => scene.clone(),
    };
    let raw = own.input();
    let derived = match &map.data {
        MapData::JsonPath { input_path, item_selector: Some(selector), .. } => {
            let effective = selected(input_path.as_ref(), &own, raw);
            let way = own.named(&["ItemSelector", "Parameters"], None).way;
            of_template(selector, &way, Sight::new(&own, &effective), at).then(|root, at| match root {
                Root::Input => select("InputPath", input_path.as_ref(), Sight::new(&own, raw), at),
                other => Derived::place(other, at),
            })
        }
        MapData::Jsonata { item_selector: Some(selector), .. } => {
            of_jsonata(selector, &["ItemSelector".into()], Sight::new(&own, raw), at)
        }
        _ => return bare(scene, found.as_ref(), index, at),
    };
    derived.then(|root, at| match root {
        Root::Context => match at.0.strip_prefix(in_item("Value").as_slice()) {
            Some(rest) => item_value(scene, index, &At(rest.to_vec())),
            None => Derived::place(Root::Context, at),
        },
        other => Derived::place(other, at),
    })
}

/// Where the context object tells of the item.
pub(super) fn in_item(member: &str) -> Vec<Step> {
    ["Map", "Item", member].map(|name| Step::Member(name.into())).to_vec()
}

/// Without a selector an iteration is given its item; one that is a member of an object with its key.
fn bare(scene: &Scene<'_>, item: Option<&Item>, index: usize, at: &At) -> Derived<Root> {
    if item.is_none_or(|item| item.key.is_none()) {
        return item_value(scene, index, at);
    }
    match at.0.split_first() {
        Some((Step::Member(name), rest)) if **name == *"Value" => item_value(scene, index, &At(rest.to_vec())),
        Some(_) => Derived::origin(Origin::Context("$$.Map.Item.Key".to_owned())),
        None => item_value(scene, index, &At::default()),
    }
}

/// Derives a part of an item, in terms of what the Map saw.
pub(super) fn item_value(scene: &Scene<'_>, index: usize, at: &At) -> Derived<Root> {
    let Some(map) = map_of(scene) else { return Derived::gap(Gap::NotFound) };
    if has_reader(scene) {
        return Derived::origin(Origin::Reader).through(scene.named(&["ItemReader"], None));
    }
    let key = items(scene).and_then(|items| items.get(index)?.key.clone());
    let step = key.map_or(Step::Item(index), Step::Member);
    let at = At(vec![step]).join(&at.0);
    let raw = scene.input();
    match &map.data {
        MapData::JsonPath { input_path, items_path, .. } => {
            let effective = selected(input_path.as_ref(), scene, raw);
            let sight = Sight::new(scene, &effective);
            let derived = match items_path {
                Some(path) => by_path(&["ItemsPath"], path, sight, at),
                None => Derived::place(Root::Input, at),
            };
            derived.then(|root, at| match root {
                Root::Input => select("InputPath", input_path.as_ref(), Sight::new(scene, raw), at),
                other => Derived::place(other, at),
            })
        }
        MapData::Jsonata { items, .. } => match items {
            Some(items) => of_jsonata(items, &["Items".into()], Sight::new(scene, raw), &at),
            None => Derived::place(Root::Input, at),
        },
    }
}

/// Derives a part of what every batch is given besides its items.
pub(super) fn batch_input(scene: &Scene<'_>, at: &At) -> Derived<Root> {
    let Some(MapMode::Distributed(mode)) = map_of(scene).map(|map| &map.mode) else {
        return Derived::gap(Gap::NotFound);
    };
    let way: Vec<Box<str>> = vec!["ItemBatcher".into(), "BatchInput".into()];
    let raw = scene.input();
    let input_path = match map_of(scene).map(|map| &map.data) {
        Some(MapData::JsonPath { input_path, .. }) => input_path.as_ref(),
        _ => None,
    };
    let effective = selected(input_path, scene, raw);
    let derived = match mode.batcher.as_ref().and_then(|batcher| batcher.batch_input.as_ref()) {
        Some(Arguments::JsonPath(template)) => of_template(template, &way, Sight::new(scene, &effective), at),
        Some(Arguments::Jsonata(template)) => of_jsonata(template, &way, Sight::new(scene, raw), at),
        None => Derived::gap(Gap::NotFound),
    };
    derived.then(|root, at| match root {
        Root::Input => select("InputPath", input_path, Sight::new(scene, raw), at),
        other => Derived::place(other, at),
    })
}
