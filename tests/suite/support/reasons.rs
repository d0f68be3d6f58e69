//! What every enum of reasons must keep: both languages say the same of the same things, under codes that are unique.

use std::collections::BTreeSet;
use std::fmt::Debug;

use jiff::Timestamp;
use serde_json::Value;
use tokaido::govern::refusal::Refusal;
use tokaido::model::reason::Spoken as _;
use tokaido::model::{Language, Reason, Region};
use tokaido::pipeline::Refusals;

/// Holds one value for each variant, in the order of the variants, and fails where a sentence is not told whole.
pub fn told_in_both_languages<R: Reason + Debug>(values: &[R]) {
    let codes: Vec<&str> = values.iter().map(Reason::code).collect();
    assert_eq!(codes, R::CODES, "one value for each variant, in their order");
    assert_eq!(codes.iter().collect::<BTreeSet<_>>().len(), codes.len(), "codes are unique: {codes:?}");
    for reason in values {
        let (en, ja) = (reason.say(Language::En), reason.say(Language::Ja));
        assert!(!en.is_empty() && !ja.is_empty(), "{reason:?}");
        assert_eq!(reason.to_string(), en);
        let only_a_field = reason.fields().len() == 1 && en == ja;
        assert!(!ja.is_ascii() || only_a_field, "Japanese is missing: {ja}");
        for (name, value) in reason.fields() {
            for said in spoken(&value, Language::En) {
                assert!(en.contains(&said), "`{name}` ({said}) is not in: {en}");
            }
            for said in spoken(&value, Language::Ja) {
                assert!(ja.contains(&said), "`{name}` ({said}) is not in: {ja}");
            }
        }
    }
}

/// How a field must be found in a sentence. Of a nested reason only the English is in its document.
fn spoken(field: &Value, language: Language) -> Vec<String> {
    match field {
        Value::Null | Value::Bool(_) => Vec::new(),
        Value::Number(number) => vec![number.to_string()],
        // Times are UTC in documents and stand in sentences as people read them.
        Value::String(text) => match text.parse::<Timestamp>() {
            Ok(at) => vec![at.strftime("%Y-%m").to_string()],
            // A region is AWS's code in documents.
            Err(_) => vec![Region::from_code(text).map_or_else(|| text.clone(), |region| region.to_string())],
        },
        Value::Array(items) => items.iter().flat_map(|item| spoken(item, language)).collect(),
        Value::Object(map) => match (map.get("en"), map.get("ja"), language) {
            (Some(en), _, Language::En) => spoken(en, language),
            (_, Some(ja), Language::Ja) => spoken(ja, language),
            _ => Vec::new(),
        },
    }
}

/// All refusals with what to do, in English, as a person reads them.
pub fn listed(refusals: &[Refusal]) -> String {
    Refusals(refusals.to_vec()).spoken(Language::En).to_string()
}
