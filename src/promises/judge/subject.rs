//! One subject under one promise: what is asked of it, and what comes of it.

use crate::model::reason::plan::Wait;
use crate::model::{
    Examined, Explanation, Fact, FactReading, Level, Live, Name, PendingValue, ResourceId, Standing, Stated, Status, Unreadable,
    Value, VerdictState, tags,
};

use super::view::{Member, SETTINGS, Seen, View, failure};
use super::{Asked, Carried, VerdictReason};

pub(super) struct Subject<'a, 'v> {
    view: &'v View<'a>,
    pub(super) member: Member<'a>,
    pub(super) level: Level,
    facts: Vec<Fact>,
    found: Vec<(VerdictState, VerdictReason)>,
}

impl<'a, 'v> Subject<'a, 'v> {
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
        self.fact(attribute.as_str(), value.to_string());
        value
    }

    pub(super) fn fact(&mut self, name: &str, value: String) {
        let at = self.view.at(self.member.kind, self.member.region).map(str::to_owned);
        self.facts.push(Fact { name: name.to_owned(), value, source: self.member.source(), at });
    }

    /// A fact of somebody else: a key, a group, a plan.
    pub(super) fn fact_of(&mut self, member: &Member<'_>, attribute: impl Into<Name>) {
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

    pub(super) fn say(&mut self, state: VerdictState, reason: VerdictReason) {
        self.found.push((state, reason));
    }

    pub(super) fn broken(&mut self, reason: VerdictReason) {
        self.say(VerdictState::Broken, reason);
    }

    pub(super) fn unknown(&mut self, reason: VerdictReason) {
        self.say(VerdictState::Unknown, reason);
    }

    pub(super) fn hidden(&mut self, failed: &Unreadable) {
        self.unknown(failure(failed));
    }

    /// An attribute as it is and as AWS will make it. What is only right later is pending; what is right and will not be
    /// is broken: it require not pass as kept.
    pub(super) fn require(&mut self, attribute: impl Into<Name>, holds: impl Fn(&Value) -> bool, asked: Asked) {
        let (attribute, asked) = (attribute.into(), Stated::from(asked));
        let now = self.note(attribute);
        let queued = self.member.live.pending.iter().find(|pending| pending.attribute == attribute);
        match (holds(now), queued) {
            (true, None) => {}
            (false, None) => self.broken(VerdictReason::Is { attribute, value: now.clone(), asked }),
            (was, Some(queued)) => {
                let (now, value, when) = (now.clone(), queued.value.clone(), wait(queued));
                self.fact(&format!("{attribute} (pending)"), format!("{value}, {when}"));
                match (was, holds(&value)) {
                    (true, true) => {}
                    (false, true) => self.say(VerdictState::Pending, VerdictReason::Accepted { attribute, now, value, when }),
                    (true, false) => self.broken(VerdictReason::WillBe { attribute, value, when, asked }),
                    (false, false) => self.broken(VerdictReason::Is { attribute, value: now, asked }),
                }
            }
        }
    }

    /// A resource that cannot work as it is, in AWS's own word.
    pub(super) fn require_working(&mut self, asked: Asked) {
        if let Status::Failed(word) = &self.member.live.status {
            self.fact("state", word.clone());
            self.broken(VerdictReason::Failed { word: word.clone(), asked: asked.into() });
        }
    }

    pub(super) fn end(self) -> Examined {
        let state = self.found.iter().map(|(state, _)| *state).min().unwrap_or(VerdictState::Kept);
        let mut reasons = self.found.iter().map(|(_, reason)| Explanation::of(reason));
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

/// Every declared or live member under one check; what is not there has nothing to judge.
pub(super) fn each<'a>(
    view: &View<'a>,
    members: Vec<Seen<'a>>,
    population: &mut Vec<Examined>,
    judge: impl Fn(&mut Subject<'a, '_>),
) {
    for seen in members {
        population.push(match seen {
            Seen::Here(member) => {
                let mut subject = Subject::new(view, member);
                judge(&mut subject);
                subject.end()
            }
            Seen::Hidden(id, failed) => absent(id, VerdictState::Unknown, &failure(failed)),
            Seen::Astray(id, live) => absent(id, VerdictState::Unknown, &astray(live)),
            Seen::Lost(id) | Seen::NotMade(id) => absent(id, VerdictState::NotApplicable, &VerdictReason::NotThere),
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

/// When AWS will apply a value that it holds.
pub(super) fn wait(queued: &PendingValue) -> Stated<Wait> {
    queued.when.clone()
}

/// Nothing says which of them it is.
pub(super) fn astray(live: &Live) -> VerdictReason {
    let tag = Carried(live.tags.get(tags::ID).cloned());
    VerdictReason::Unrecognised { physical: live.physical.clone(), tag }
}

pub(super) fn absent(id: &ResourceId, state: VerdictState, reason: &VerdictReason) -> Examined {
    Examined {
        subject: id.to_string(),
        kind: id.kind.clone(),
        standing: if state == VerdictState::Unknown { Standing::Unread } else { Standing::Absent },
        state,
        level: None,
        reason: Some(Explanation::of(reason)),
        facts: Vec::new(),
    }
}
