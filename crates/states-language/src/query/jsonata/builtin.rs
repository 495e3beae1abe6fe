//! The functions of the language and those AWS adds, by name.

use super::evaluate::Run;
use super::fault::Outcome;
use super::functions::{aggregate, array, aws, date, higher, integer, number, object, picture, search, text, url};
use super::signature::Signature;
use super::value::Value;
use std::sync::LazyLock;

type Function = for<'v> fn(&Run<'v>, &[Value<'v>]) -> Outcome<'v>;

/// A function of the language.
#[derive(Debug)]
pub(super) struct Builtin {
    /// The name without `$`.
    name: &'static str,
    signature: &'static str,
    /// How many arguments a function of higher order passes to it, of those it has.
    pub(super) arity: u8,
    /// How many arguments it has in all, for a call that leaves some open.
    pub(super) parameters: u8,
    pub(super) call: Function,
}

const fn function(name: &'static str, signature: &'static str, arity: u8, call: Function) -> Builtin {
    Builtin { name, signature, arity, parameters: arity, call }
}

/// In the order of their names. Signatures and arities are the reference implementation's; those of the functions
/// AWS adds follow from which arguments it refuses.
static BUILTINS: [Builtin; 69] = [
    function("abs", "<n-:n>", 1, number::abs),
    function("append", "<xx:a>", 2, array::append),
    function("assert", "<bs?:x>", 2, object::assert),
    function("average", "<a<n>:n>", 1, aggregate::average),
    function("base64decode", "<s-:s>", 1, url::base64decode),
    function("base64encode", "<s-:s>", 1, url::base64encode),
    function("boolean", "<x-:b>", 1, object::boolean),
    function("ceil", "<n-:n>", 1, number::ceil),
    function("clone", "<(oa)-:o>", 1, object::clone),
    function("contains", "<s-(sf):b>", 2, search::contains),
    function("count", "<a:n>", 1, aggregate::count),
    function("decodeUrl", "<s-:s>", 1, url::decode_url),
    function("decodeUrlComponent", "<s-:s>", 1, url::decode_url_component),
    function("distinct", "<x:x>", 1, array::distinct),
    function("each", "<o-f:a>", 2, higher::each),
    function("encodeUrl", "<s-:s>", 1, url::encode_url),
    function("encodeUrlComponent", "<s-:s>", 1, url::encode_url_component),
    function("error", "<s?:x>", 1, object::error),
    function("exists", "<x:b>", 1, object::exists),
    function("filter", "<af>", 2, higher::filter),
    function("floor", "<n-:n>", 1, number::floor),
    function("formatBase", "<n-n?:s>", 2, number::format_base),
    function("formatInteger", "<n-s:s>", 2, integer::format_integer),
    function("formatNumber", "<n-so?:s>", 3, picture::format_number),
    function("fromMillis", "<n-s?s?:s>", 3, date::from_millis),
    function("hash", "<s-s?:s>", 2, aws::hash),
    function("join", "<a<s>s?:s>", 2, text::join),
    function("keys", "<x-:a<s>>", 1, object::keys),
    function("length", "<s-:n>", 1, text::length),
    function("lookup", "<x-s:x>", 2, object::lookup),
    function("lowercase", "<s-:s>", 1, text::lowercase),
    function("map", "<af>", 2, higher::map),
    function("match", "<s-f<s:o>n?:a<o>>", 3, search::matches),
    function("max", "<a<n>:n>", 1, aggregate::max),
    function("merge", "<a<o>:o>", 1, object::merge),
    function("millis", "<:n>", 0, date::millis),
    function("min", "<a<n>:n>", 1, aggregate::min),
    function("not", "<x-:b>", 1, object::not),
    function("now", "<s?s?:s>", 2, date::now),
    function("number", "<(nsb)-:n>", 1, number::number),
    function("pad", "<s-ns?:s>", 3, text::pad),
    function("parse", "<s-:x>", 1, aws::parse),
    function("parseInteger", "<s-s:n>", 2, integer::parse_integer),
    function("partition", "<xn?:a>", 2, aws::partition),
    function("power", "<n-n:n>", 2, number::power),
    function("random", "<n?:n>", 0, aws::random),
    function("range", "<nnn?:a>", 3, aws::range),
    function("reduce", "<afj?:j>", 3, higher::reduce),
    function("replace", "<s-(sf)(sf)n?:s>", 4, search::replace),
    function("reverse", "<a:a>", 1, array::reverse),
    function("round", "<n-n?:n>", 2, number::round),
    function("shuffle", "<a:a>", 1, array::shuffle),
    function("sift", "<o-f?:o>", 2, higher::sift),
    function("single", "<af?>", 2, higher::single),
    function("sort", "<af?:a>", 2, array::sort),
    function("split", "<s-(sf)n?:a<s>>", 3, search::split),
    function("spread", "<x-:a<o>>", 1, object::spread),
    function("sqrt", "<n-:n>", 1, number::sqrt),
    Builtin { parameters: 2, ..function("string", "<x-b?:s>", 1, text::string) },
    function("substring", "<s-nn?:s>", 3, text::substring),
    function("substringAfter", "<s-s:s>", 2, text::substring_after),
    function("substringBefore", "<s-s:s>", 2, text::substring_before),
    function("sum", "<a<n>:n>", 1, aggregate::sum),
    function("toMillis", "<s-s?:n>", 2, date::to_millis),
    function("trim", "<s-:s>", 1, text::trim),
    function("type", "<x:s>", 1, object::type_of),
    function("uppercase", "<s-:s>", 1, text::uppercase),
    function("uuid", "<:s>", 0, aws::uuid),
    Builtin { arity: 0, ..function("zip", "<a+>", 1, array::zip) },
];

static SIGNATURES: LazyLock<Vec<Signature>> = LazyLock::new(|| {
    let parsed = |builtin: &Builtin| Signature::parse(builtin.signature).unwrap_or_default();
    BUILTINS.iter().map(parsed).collect()
});

impl Builtin {
    /// Returns the function of a name without `$`.
    pub(super) fn named(name: &str) -> Option<&'static Self> {
        let index = BUILTINS.binary_search_by(|known| known.name.cmp(name)).ok()?;
        BUILTINS.get(index)
    }

    /// Returns the names of all functions, in order.
    pub(super) fn names() -> impl Iterator<Item = &'static str> {
        BUILTINS.iter().map(|known| known.name)
    }

    pub(super) fn signature(&self) -> &'static Signature {
        static NONE: LazyLock<Signature> = LazyLock::new(Signature::default);
        let index = BUILTINS.binary_search_by(|known| known.name.cmp(self.name));
        index.ok().and_then(|index| SIGNATURES.get(index)).unwrap_or(&NONE)
    }

    /// The signature of what `|…|…|` makes.
    pub(super) fn transform_signature() -> &'static Signature {
        static TRANSFORM: LazyLock<Signature> = LazyLock::new(|| Signature::parse("<(oa):o>").unwrap_or_default());
        &TRANSFORM
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn functions_are_in_order_and_their_signatures_can_be_read() {
        assert!(BUILTINS.is_sorted_by(|left, right| left.name < right.name));
        assert!(BUILTINS.iter().all(|builtin| Signature::parse(builtin.signature).is_ok()));
    }
}
