//! Reads records fast. Nearly all records are intents and ends, two for each step, and baselines, which hold every resource. A
//! record says in a field what it is, and serde copies the whole text before it knows that field. So these three are read by
//! their first characters, as tokaido writes them. Any other text is read by serde's derived code.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use serde::Deserialize;
use serde::de::IgnoredAny;

use crate::model::recorded::RecordedResource;
use crate::model::{Diff, Operation, ResourceId};

use super::{Entry, Record};

/// Reads one record from its JSON text.
///
/// # Errors
/// The text is no record; the error is that of [`Entry`]'s own deserialisation.
pub fn read(text: &[u8]) -> serde_json::Result<Entry> {
    let quick = match kind(text) {
        Some(b"intent") => serde_json::from_slice(text).map(Sent::into).ok(),
        Some(b"ended") => serde_json::from_slice(text).map(Ended::into).ok(),
        Some(b"baseline") => serde_json::from_slice(text).map(Baseline::into).ok(),
        _ => None,
    };
    quick.map_or_else(|| serde_json::from_slice(text), Ok)
}

/// The kind of record, when the text names it in the place where tokaido writes it.
fn kind(text: &[u8]) -> Option<&[u8]> {
    let rest = match text.strip_prefix(br#"{"fence":"#) {
        Some(rest) => after_digits(rest).strip_prefix(b",")?,
        None => text.strip_prefix(b"{")?,
    };
    rest.strip_prefix(br#""record":""#)?.split(|byte| *byte == b'"').next()
}

fn after_digits(text: &[u8]) -> &[u8] {
    let digits = text.iter().take_while(|byte| byte.is_ascii_digit()).count();
    &text[digits..]
}

/// The fields of [`Record::Intent`] and [`Entry`].
#[derive(Deserialize)]
struct Sent {
    #[serde(default)]
    fence: Option<u64>,
    #[serde(rename = "record")]
    _record: IgnoredAny,
    at: Timestamp,
    plan: String,
    step: usize,
    id: ResourceId,
    operation: Operation,
    intent: String,
    #[serde(default)]
    diffs: Vec<Diff>,
}

impl From<Sent> for Entry {
    fn from(Sent { fence, at, plan, step, id, operation, intent, diffs, .. }: Sent) -> Self {
        Self { fence, record: Record::Intent { at, plan, step, id, operation, intent, diffs } }
    }
}

/// The fields of [`Record::Ended`] and [`Entry`].
#[derive(Deserialize)]
struct Ended {
    #[serde(default)]
    fence: Option<u64>,
    #[serde(rename = "record")]
    _record: IgnoredAny,
    at: Timestamp,
    plan: String,
    step: usize,
    id: ResourceId,
    operation: Operation,
    outcome: String,
    applied: Option<RecordedResource>,
    #[serde(default)]
    diffs: Vec<Diff>,
    #[serde(default)]
    refused: bool,
}

impl From<Ended> for Entry {
    fn from(Ended { fence, at, plan, step, id, operation, outcome, applied, diffs, refused, .. }: Ended) -> Self {
        Self { fence, record: Record::Ended { at, plan, step, id, operation, outcome, applied, diffs, refused } }
    }
}

/// The fields of [`Record::Baseline`] and [`Entry`].
#[derive(Deserialize)]
struct Baseline {
    #[serde(default)]
    fence: Option<u64>,
    #[serde(rename = "record")]
    _record: IgnoredAny,
    at: Timestamp,
    plan: String,
    resources: BTreeMap<ResourceId, RecordedResource>,
    #[serde(default)]
    sent: BTreeMap<ResourceId, Vec<Diff>>,
    #[serde(default)]
    deleting: BTreeSet<ResourceId>,
}

impl From<Baseline> for Entry {
    fn from(Baseline { fence, at, plan, resources, sent, deleting, .. }: Baseline) -> Self {
        Self { fence, record: Record::Baseline { at, plan, resources, sent, deleting } }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ENDED: &str = r#"{"fence":3,"record":"ended","at":"2026-11-01T00:00:00Z","plan":"p","step":1,"id":"vpc.main@tokyo","operation":"create","outcome":"done","applied":{"attributes":{"cidr":"10.0.0.0/16","dhcp_options":{"$ref":"dhcp-options.main@tokyo","output":"id"}},"tags":{"a":"b"}},"diffs":[]}"#;

    #[test]
    fn every_text_is_read_or_refused_as_ever() {
        let mut texts = vec![
            ENDED.to_owned(),
            r#"{"record":"ended","at":"2026-11-01T00:00:00Z","plan":"p","step":1,"id":"vpc.main@tokyo","operation":"update","outcome":"failed","applied":null,"refused":true}"#
                .to_owned(),
            r#"{"record":"intent","at":"2026-11-01T00:00:00Z","plan":"p","step":1,"id":"vpc.main@tokyo","operation":"create","intent":"i"}"#
                .to_owned(),
            r#"{"fence":12,"record":"baseline","at":"2026-11-01T00:00:00Z","plan":"p","resources":{"vpc.main@tokyo":{"attributes":{},"tags":{}}}}"#
                .to_owned(),
            r#"{"fence":13,"record":"baseline","at":"2026-11-01T00:00:00Z","plan":"p","resources":{},"sent":{"vpc.main@tokyo":[{"path":"dns_hostnames","before":true,"after":false,"class":"change"}]},"deleting":["subnet.a@tokyo"]}"#
                .to_owned(),
            r#"{"fence":1,"record":"hold","at":"2026-11-01T00:00:00Z","release":{"id":"2026.11.0","digest":"d"},"by":"b","reason":"r"}"#
                .to_owned(),
        ];
        let all = texts.clone();
        for text in &all {
            texts.push(text.replace(r#""record":"#, r#""more":{"a":[1]},"record":"#));
            texts.push(text.replace(r#""plan":"p""#, r#""plan":"p","plan":"q""#));
            texts.push(text.replace(r#""plan":"p""#, r#""plan":1"#));
            texts.push(text.replace(r#""record":"#, r#""record":"ended","record":"#));
            texts.push(text.replace("vpc.main@tokyo", "nothing"));
            texts.push(text.replace("Z\"", "\""));
            texts.push(text.replace(r#""fence":"#, r#""fence":-"#));
            texts.push(format!("{text} {{}}"));
            texts.push(text[..text.len() - 2].to_owned());
        }
        for text in texts {
            let ever: serde_json::Result<Entry> = serde_json::from_str(&text);
            match (read(text.as_bytes()), ever) {
                (Ok(quick), Ok(ever)) => assert_eq!(quick, ever, "{text}"),
                (Err(quick), Err(ever)) => assert_eq!(quick.to_string(), ever.to_string(), "{text}"),
                (quick, ever) => panic!("{text}: {quick:?} and {ever:?}"),
            }
        }
    }

    #[test]
    fn what_is_written_is_read_without_a_copy() {
        for name in ["intent", "ended", "baseline"] {
            let text = format!(r#"{{"fence":17,"record":"{name}","at":"#);
            assert_eq!(kind(text.as_bytes()), Some(name.as_bytes()));
            assert_eq!(kind(text.replace(r#""fence":17,"#, "").as_bytes()), Some(name.as_bytes()));
        }
        let entry: Entry = serde_json::from_str(ENDED).expect("a record");
        assert_eq!(kind(&serde_json::to_vec(&entry).expect("plain data")), Some(&b"ended"[..]));
    }
}
