//! One subject under one promise: what is asked of it, and what comes of it.

use super::view::{Member, Seen, View};
use super::{SETTINGS, failure};
use crate::model::{
    Examined, Fact, FactReading, Level, Live, Name, ResourceId, Said, Standing, Status, Unreadable, Value, VerdictState, tags,
};

pub(super) struct Trial<'a, 'v> {
    view: &'v View<'a>,
    pub(super) member: Member<'a>,
    pub(super) level: Level,
    facts: Vec<Fact>,
    found: Vec<(VerdictState, Said)>,
}

impl<'a, 'v> Trial<'a, 'v> {
    pub(super) const fn new(view: &'v View<'a>, member: Member<'a>) -> Self {
        Self { view, member, level: SETTINGS, facts: Vec::new(), found: Vec::new() }
    }

    pub(super) fn value(&self, attribute: impl Into<Name>) -> &'a Value {
        self.member.live.attributes.values().get(attribute).unwrap_or(&Value::Null)
    }

    /// Notes an attribute and answers with its value.
    pub(super) fn note(&mut self, attribute: impl Into<Name>) -> &'a Value {
        let attribute = attribute.into();
        let value = self.value(attribute);
        self.tell(attribute.as_str(), value.to_string());
        value
    }

    pub(super) fn tell(&mut self, name: &str, value: String) {
        let at = self.view.at(self.member.kind, self.member.region).map(str::to_owned);
        self.facts.push(Fact { name: name.to_owned(), value, source: self.member.source(), at });
    }

    /// A fact of somebody else: a key, a group, a plan.
    pub(super) fn tell_of(&mut self, member: &Member<'_>, attribute: impl Into<Name>) {
        let attribute = attribute.into();
        let value = member.live.attributes.values().get(attribute).unwrap_or(&Value::Null).to_string();
        let at = self.view.at(member.kind, member.region).map(str::to_owned);
        self.facts.push(Fact { name: format!("{} {attribute}", member.subject()), value, source: member.source(), at });
    }

    /// A fact that was asked for by itself.
    pub(super) fn reading(&mut self, name: &str) -> Option<&'a str> {
        let reading = self.view.fact(&self.member, name)?;
        self.cite(reading);
        Some(&reading.value)
    }

    pub(super) fn cite(&mut self, reading: &FactReading) {
        self.facts.push(cited(reading));
    }

    pub(super) fn cite_all(&mut self, facts: Vec<Fact>) {
        self.facts.extend(facts);
    }

    pub(super) fn say(&mut self, state: VerdictState, en: impl Into<String>, ja: impl Into<String>) {
        self.found.push((state, Said::new(en, ja)));
    }

    pub(super) fn broken(&mut self, en: impl Into<String>, ja: impl Into<String>) {
        self.say(VerdictState::Broken, en, ja);
    }

    pub(super) fn hidden(&mut self, failed: &Unreadable) {
        self.found.push((VerdictState::Unknown, failure(failed)));
    }

    /// An attribute as it is and as AWS will make it. What is only right later is pending; what is right and will not be
    /// is broken: it must not pass as kept.
    pub(super) fn must(&mut self, attribute: impl Into<Name>, holds: impl Fn(&Value) -> bool, en: &str, ja: &str) {
        let attribute = attribute.into();
        let now = self.note(attribute);
        let queued = self.member.live.pending.iter().find(|pending| pending.attribute == attribute);
        let words = |value: &Value| (format!("{attribute} is {value}: {en}"), format!("{attribute} が {value} です。{ja}"));
        match (holds(now), queued) {
            (true, None) => {}
            (false, None) => {
                let (en, ja) = words(now);
                self.broken(en, ja);
            }
            (was, Some(queued)) => {
                let (value, when) = (&queued.value, &queued.when);
                self.tell(&format!("{attribute} (pending)"), format!("{value}, {when}"));
                match (was, holds(value)) {
                    (true, true) => {}
                    (false, true) => self.say(
                        VerdictState::Pending,
                        format!("{attribute} is {now}; AWS has accepted {value} and applies it {when}"),
                        format!("{attribute} は {now} で、AWS が受け付けた {value} は後から反映されます（{when}）"),
                    ),
                    (true, false) => self.broken(
                        format!("AWS will set {attribute} to {value} {when}: {en}"),
                        format!("AWS が {attribute} を {value} に変えます（{when}）。{ja}"),
                    ),
                    (false, false) => {
                        let (en, ja) = words(now);
                        self.broken(en, ja);
                    }
                }
            }
        }
    }

    /// A resource that cannot work as it is, in AWS's own word.
    pub(super) fn must_work(&mut self, en: &str, ja: &str) {
        if let Status::Failed(word) = &self.member.live.status {
            self.tell("state", word.clone());
            self.broken(format!("AWS reports `{word}`: {en}"), format!("AWS の状態は `{word}` です。{ja}"));
        }
    }

    pub(super) fn end(self) -> Examined {
        let state = self.found.iter().map(|(state, _)| *state).min().unwrap_or(VerdictState::Kept);
        let mut reasons = self.found.into_iter().map(|(_, said)| said);
        let reason = reasons.next().map(|first| reasons.fold(first, |all, next| all.and(&next)));
        let held = matches!(state, VerdictState::Kept | VerdictState::Pending);
        Examined {
            subject: self.member.subject(),
            kind: self.member.kind.to_owned(),
            standing: self.member.standing,
            state,
            level: held.then_some(self.level),
            reason,
            facts: self.facts,
        }
    }
}

/// Every declared or live member under one trial; what is not there has nothing to judge.
pub(super) fn each<'a>(
    view: &View<'a>,
    members: Vec<Seen<'a>>,
    population: &mut Vec<Examined>,
    judge: impl Fn(&mut Trial<'a, '_>),
) {
    for seen in members {
        population.push(match seen {
            Seen::Here(member) => {
                let mut trial = Trial::new(view, member);
                judge(&mut trial);
                trial.end()
            }
            Seen::Hidden(id, failed) => absent(id, VerdictState::Unknown, failure(failed)),
            Seen::Astray(id, live) => absent(id, VerdictState::Unknown, astray(live)),
            Seen::Lost(id) | Seen::NotMade(id) => absent(id, VerdictState::NotApplicable, not_there()),
        });
    }
}

/// A reading as evidence.
pub(super) fn cited(reading: &FactReading) -> Fact {
    Fact {
        name: reading.name.clone(),
        value: reading.value.clone(),
        source: reading.source.clone(),
        at: Some(reading.at.clone()),
    }
}

pub(super) fn not_there() -> Said {
    Said::new("declared and not there: nothing to judge", "宣言されていますが、まだ存在しないため判定の対象がありません")
}

/// Nothing says which of them it is.
pub(super) fn astray(live: &Live) -> Said {
    let (physical, says) = (&live.physical, live.tags.get(tags::ID).map_or("(none)", String::as_str));
    Said::new(
        format!("it was applied and cannot be recognised: {physical}, whose tag tokaido:id says {says}, may be it"),
        format!("適用後に特定できなくなりました。タグ tokaido:id が {says} の {physical} かもしれません"),
    )
}

pub(super) fn absent(id: &ResourceId, state: VerdictState, reason: Said) -> Examined {
    Examined {
        subject: id.to_string(),
        kind: id.kind.clone(),
        standing: if state == VerdictState::Unknown { Standing::Unread } else { Standing::Absent },
        state,
        level: None,
        reason: Some(reason),
        facts: Vec::new(),
    }
}
