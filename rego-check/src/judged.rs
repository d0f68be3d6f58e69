//! What a policy answered, held against those whom it is about. Silence is not an answer: whoever is in neither set is
//! unjudged.

use std::collections::BTreeSet;

use serde_json::Value as Json;

use crate::ask::Answer;

/// One element of `broken`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Broken {
    /// A member of the population.
    pub id: String,
    /// Why, in English.
    pub en: String,
    /// Why, in Japanese.
    pub ja: String,
}

/// The answer of a policy about a population.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Judged {
    /// How many members it has looked at.
    pub checked: usize,
    /// In the engine's order; a member may be there several times.
    pub broken: Vec<Broken>,
    /// Members in neither set, in their order.
    pub unjudged: Vec<String>,
}

impl Judged {
    /// Sorts the members by what the policy says of them. `members` are sorted; `about` names them all in a message.
    ///
    /// # Errors
    /// Both sets are about members only, and an element of `broken` has exactly the texts `id`, `en` and `ja`: anything
    /// else is a mistake of the policy, and this says which.
    pub fn of(answer: &Answer, members: &[String], about: &str) -> Result<Self, String> {
        let member = |id: &Json, set: &str| -> Result<&str, String> {
            let known = id.as_str().and_then(|id| members.binary_search_by(|member| member.as_str().cmp(id)).ok());
            known
                .map(|index| members[index].as_str())
                .ok_or_else(|| format!("`{set}` has {id}, which is not the `id` of anything that the policy is about ({about})"))
        };
        let mut judged: BTreeSet<&str> = BTreeSet::new();
        for id in &answer.checked {
            judged.insert(member(id, "checked")?);
        }
        let (checked, mut broken) = (judged.len(), Vec::new());
        for found in &answer.broken {
            let fields = found.as_object().filter(|fields| fields.len() == 3);
            let text = |name: &str| fields?.get(name)?.as_str().map(str::trim).filter(|text| !text.is_empty());
            let (Some(en), Some(ja), Some(_)) = (text("en"), text("ja"), text("id")) else {
                return Err(format!("`broken` has {found}, which is not an object with exactly the texts id, en and ja"));
            };
            let id = member(&found["id"], "broken")?;
            judged.insert(id);
            broken.push(Broken { id: id.to_owned(), en: en.to_owned(), ja: ja.to_owned() });
        }
        let unjudged = members.iter().filter(|id| !judged.contains(id.as_str())).cloned().collect();
        Ok(Self { checked, broken, unjudged })
    }
}
