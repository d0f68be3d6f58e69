//! Writes `release:` into an environment file without a change of any other byte: operators own comments and layout.

use tokaido_derive::Reason;

use crate::model::{Source, Stated};
use crate::yaml::{self, MapEntry, Node, NodeValue, Origin, Rules};

/// Why a file cannot be edited in place, with the manual edit.
#[derive(Debug, Clone, PartialEq, Eq, Reason)]
pub enum PinError {
    #[en("{place}: {why}; write `release: {release}` there by hand once, in a form of its own line, and promote again")]
    #[ja("{place}: {why}。一度だけ手動で `release: {release}` を独立した行に書き、もう一度昇格してください")]
    ByHand { place: String, why: Stated<Unwritable>, release: String },
}

impl std::error::Error for PinError {}

/// Why a line cannot be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Reason)]
pub enum Unwritable {
    #[en("the file cannot be read as YAML")]
    #[ja("ファイルを YAML として読み取れません")]
    NotYaml,
    #[en("neither `extends` nor `environment` is in the file")]
    #[ja("ファイルに `extends` も `environment` もありません")]
    NoPlace,
    #[en("`release` cannot be written here without touching what stands around it")]
    #[ja("前後の内容を変えずに `release` を書くことができません")]
    Crowded,
}

/// The pin in the file; `None` without one, or when the file cannot be read.
#[must_use]
pub fn pinned(file: &str, text: &str) -> Option<String> {
    let tree = yaml::parse(Origin::of(file), text, Rules::OF_A_PROJECT, &mut Vec::new())?;
    let node = tree.get("release").filter(|node| !node.is_null())?;
    node.scalar().map(|scalar| scalar.text.clone())
}

/// The text with this pin.
pub fn pin(file: &str, text: &str, release: &str) -> Result<String, PinError> {
    let refuse = |source: Option<&Source>, why: Unwritable| PinError::ByHand {
        place: source.map_or_else(|| file.to_owned(), ToString::to_string),
        why: why.into(),
        release: release.to_owned(),
    };
    let Some(tree) = yaml::parse(Origin::of(file), text, Rules::OF_A_PROJECT, &mut Vec::new()) else {
        return Err(refuse(None, Unwritable::NotYaml));
    };
    let entry = |key: &str| tree.entries().iter().find(|entry| entry.key == key);
    let edited = match (entry("release"), entry("extends").or_else(|| entry("environment"))) {
        (Some(entry), _) => replaced(text, entry, release).ok_or_else(|| refuse(Some(&entry.key_source), Unwritable::Crowded))?,
        (None, Some(entry)) => {
            inserted(text, entry, release).ok_or_else(|| refuse(Some(&entry.key_source), Unwritable::Crowded))?
        }
        (None, None) => return Err(refuse(None, Unwritable::NoPlace)),
    };
    // Accepted only when it reads back as the same file with this one difference.
    let read = yaml::parse(Origin::of(file), &edited, Rules::OF_A_PROJECT, &mut Vec::new());
    if read.as_ref().map(|tree| meaning(tree, true)) != Some(meaning(&tree, true))
        || pinned(file, &edited).as_deref() != Some(release)
    {
        return Err(refuse(entry("release").map(|entry| &entry.key_source), Unwritable::Crowded));
    }
    Ok(edited)
}

/// Bytes from the beginning of the text to this place.
fn offset(text: &str, place: &Source) -> Option<usize> {
    let mark = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    let body = &text[mark..];
    let line: usize = body.split_inclusive('\n').take(place.line - 1).map(str::len).sum();
    let within: usize = body.get(line..)?.chars().take(place.column - 1).map(char::len_utf8).sum();
    Some(mark + line + within)
}

fn replaced(text: &str, entry: &MapEntry, release: &str) -> Option<String> {
    let (begin, end, new) = if entry.node.is_null() && entry.node.source == entry.key_source {
        // The key has no value.
        let key = offset(text, &entry.key_source)?;
        let colon = key + text.get(key..)?.strip_prefix("release").and_then(|rest| rest.find(':'))? + "release".len() + 1;
        (colon, colon, format!(" {release}"))
    } else {
        let scalar = entry.node.scalar()?;
        let begin = offset(text, &entry.node.source)?;
        let rest = text.get(begin..)?;
        let written = [scalar.text.clone(), format!("\"{}\"", scalar.text), format!("'{}'", scalar.text)];
        let length = written.iter().find(|form| rest.starts_with(form.as_str()) && !form.is_empty())?.len();
        (begin, begin + length, release.to_owned())
    };
    Some([text.get(..begin)?, &new, text.get(end..)?].concat())
}

/// A line of its own below `entry`, with the same line ending.
fn inserted(text: &str, entry: &MapEntry, release: &str) -> Option<String> {
    let (key, value) = (&entry.key_source, &entry.node.source);
    let begin = offset(text, key)?;
    let line = begin - (key.column - 1);
    // One key on one line, with only blanks before it.
    if value.line != key.line || !text.get(line..begin)?.bytes().all(|byte| byte == b' ') {
        return None;
    }
    let indent = text.get(line..begin)?;
    let rest = text.get(begin..)?;
    let (whole, ending) = match rest.find('\n') {
        Some(at) => (begin + at + 1, if rest[..at].ends_with('\r') { "\r\n" } else { "\n" }),
        None => (text.len(), "\n"),
    };
    let (above, below) = text.split_at(whole);
    let new = if above.ends_with('\n') {
        format!("{indent}release: {release}{ending}")
    } else {
        format!("{ending}{indent}release: {release}")
    };
    Some([above, &new, below].concat())
}

/// Values without places; at the top without the pin.
fn meaning(node: &Node, top: bool) -> String {
    match &node.value {
        NodeValue::Scalar(scalar) => format!("{:?}{}", scalar.text, scalar.plain),
        NodeValue::List(items) => format!("{:?}", items.iter().map(|item| meaning(item, false)).collect::<Vec<_>>()),
        NodeValue::Map(entries) => {
            let kept = entries.iter().filter(|entry| !(top && entry.key == "release"));
            format!("{:?}", kept.map(|entry| (&entry.key, meaning(&entry.node, false))).collect::<Vec<_>>())
        }
    }
}
