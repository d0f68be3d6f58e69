//! Which resources a selection means, as the pages of AWS Backup say it (`API_BackupSelection.html`, `API_Conditions.html` and
//! `assigning-resources-json.html`):
//!
//! ```text
//! selected = (one of Resources, and every one of Conditions)  or  one of ListOfTags,  and none of NotResources
//! ```
//!
//! No page says how `ListOfTags` goes together with `Conditions` or `NotResources`. Where these contradict each other the answer
//! is [`Chosen::Unclear`], as it is for an operator or a key that the pages do not name. What is selected by a tag, or by the name
//! of a service alone, is backed up only where the account has opted in to its kind; that setting is not read here.

use foldhash::{HashSet, HashSetExt as _};

use crate::model::equality::wildcard;
use crate::model::tags::Tags;
use crate::model::value::Link;

use super::{Selection, TagTest};

/// Whether a selection means a resource.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Chosen {
    /// No.
    No,
    /// No: it is named, and an exclusion or a condition speaks against it.
    Excluded,
    /// What was read does not say it.
    Unclear,
    /// Yes, where the account has opted in to backups of the resource's kind.
    OptedIn,
    /// Yes.
    Yes,
}

/// A resource that a selection may mean.
#[derive(Debug, Clone, Copy)]
pub struct Candidate<'a> {
    /// What a link to it says: a reference where it is ours, and its ARN.
    pub links: &'a [Link],
    /// Its ARN.
    pub arn: &'a str,
    /// Its tags.
    pub tags: &'a Tags,
}

/// The resources of one list: those without a wildcard are found at once.
#[derive(Debug, Clone)]
struct Named {
    links: HashSet<Link>,
    patterns: Vec<String>,
}

impl Named {
    fn of(links: &[Link]) -> Self {
        let mut named = Self { links: HashSet::with_capacity(links.len()), patterns: Vec::new() };
        for link in links {
            match link {
                Link::Physical(text) if text.contains('*') => named.patterns.push(text.clone()),
                other => drop(named.links.insert(other.clone())),
            }
        }
        named
    }

    fn is_empty(&self) -> bool {
        self.links.is_empty() && self.patterns.is_empty()
    }

    /// How the list names the resource, at best. An ARN with the type of the resource needs no opt-in; `*` and a service do.
    fn names(&self, candidate: &Candidate<'_>) -> Chosen {
        if candidate.links.iter().any(|link| self.links.contains(link)) {
            return Chosen::Yes;
        }
        let fits = self.patterns.iter().filter(|pattern| wildcard::fits(pattern, candidate.arn));
        fits.map(|pattern| if names_type(pattern, candidate.arn) { Chosen::Yes } else { Chosen::OptedIn })
            .max()
            .unwrap_or(Chosen::No)
    }
}

/// A selection, taken apart once for all resources.
#[derive(Debug, Clone)]
pub struct Choice {
    named: Named,
    except: Named,
    tags: Vec<TagTest>,
    conditions: Vec<TagTest>,
}

impl Choice {
    /// Of this selection.
    #[must_use]
    pub fn of(selection: &Selection) -> Self {
        Self {
            named: Named::of(&selection.resources),
            except: Named::of(&selection.not_resources),
            tags: selection.tags.clone(),
            conditions: selection.conditions.clone(),
        }
    }

    /// Whether the selection means this resource.
    #[must_use]
    pub fn means(&self, candidate: &Candidate<'_>) -> Chosen {
        let passes = all(self.conditions.iter().map(|test| condition(test, candidate.tags)));
        let by_name = match (self.named.names(candidate), passes) {
            (Chosen::Yes, Some(false)) => Chosen::Excluded,
            (Chosen::No, _) | (_, Some(false)) => Chosen::No,
            (_, None) => Chosen::Unclear,
            (named, Some(true)) => named,
        };
        let tagged = any(self.tags.iter().map(|test| listed(test, candidate.tags)));
        let by_tag = match tagged {
            Some(false) => Chosen::No,
            Some(true) if self.conditions.is_empty() || passes == Some(true) => Chosen::OptedIn,
            _ => Chosen::Unclear,
        };
        // Without resources and tags AWS Backup takes everything to which the account has opted in, and the conditions filter it.
        let by_nothing = match passes {
            Some(true) if self.named.is_empty() && self.tags.is_empty() => Chosen::OptedIn,
            None if self.named.is_empty() && self.tags.is_empty() => Chosen::Unclear,
            _ => Chosen::No,
        };
        let chosen = by_name.max(by_tag).max(by_nothing);
        match (self.except.names(candidate), by_tag) {
            (Chosen::No, _) => chosen,
            (_, Chosen::No) if chosen == Chosen::No => Chosen::No,
            (_, Chosen::No) => Chosen::Excluded,
            // The pages show exclusions beside resources alone.
            _ => Chosen::Unclear,
        }
    }
}

/// Whether all hold; `None` where one that is not understood decides.
fn all(tests: impl Iterator<Item = Option<bool>>) -> Option<bool> {
    let found: Vec<_> = tests.collect();
    if found.contains(&Some(false)) { Some(false) } else { (!found.contains(&None)).then_some(true) }
}

/// Whether one holds; `None` where one that is not understood decides.
fn any(tests: impl Iterator<Item = Option<bool>>) -> Option<bool> {
    all(tests.map(|one| one.map(|holds| !holds))).map(|none| !none)
}

/// The prefix of a tag's key in a condition.
const TAG: &str = "aws:ResourceTag/";

/// Whether the tags pass a condition. Keys and values are case-sensitive. The pages do not say what a negated test means for a
/// resource without the tag, nor whether `*` stands for blanks.
fn condition(test: &TagTest, tags: &Tags) -> Option<bool> {
    let tag = tags.get(test.key.strip_prefix(TAG)?);
    let (negated, wild) = match &*test.test {
        "StringEquals" => (false, false),
        "StringNotEquals" => (true, false),
        "StringLike" => (false, true),
        "StringNotLike" => (true, true),
        _ => return None,
    };
    let Some(tag) = tag else { return (!negated).then_some(false) };
    let same = *test.value == **tag;
    let unsaid = test.value.contains('?') || tag.contains(char::is_whitespace);
    match wild && !same && wildcard::fits(&test.value, tag) {
        true if unsaid => None,
        fits => Some((same || fits) != negated),
    }
}

/// Whether the tags have one of `ListOfTags`. People write its key with the prefix of conditions too, and no page says what AWS
/// Backup makes of that.
fn listed(test: &TagTest, tags: &Tags) -> Option<bool> {
    let key = test.key.strip_prefix(TAG);
    let has = tags.get(key.unwrap_or(&test.key)).is_some_and(|tag| **tag == *test.value);
    match &*test.test {
        "StringEquals" if !has => Some(false),
        "StringEquals" if key.is_none() => Some(true),
        _ => None,
    }
}

/// Whether the pattern, which this ARN has, spells the type of the resource: `arn:aws:rds:*:*:db:*`.
fn names_type(pattern: &str, arn: &str) -> bool {
    let of = |text: &str| text.splitn(7, ':').map(str::to_owned).collect::<Vec<_>>();
    let (pattern, arn) = (of(pattern), of(arn));
    pattern.len() == arn.len() && arn.len() == 7 && pattern[5] == arn[5]
}
