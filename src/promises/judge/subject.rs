//! One subject under one promise: what the check requires of it, and the outcome.

use std::fmt::Display;

use super::population::{Judged, Population};
use crate::model::reason::plan::Wait;
use crate::model::{
    Examined, Explanation, Fact, FactReading, Level, Live, Name, PendingValue, ResourceId, Standing, Stated, Status,
    UnknownCause, Unread, Unreadable, Value, VerdictState, tags,
};

use super::view::{Member, SETTINGS, Seen, View, failure};
use super::{Asked, Carried, OfOther, VerdictReason};

/// One member under judgement: what was found about it, and the facts as evidence.
pub(super) struct Subject<'a, 'v> {
    view: &'v View<'a>,
    pub(super) member: Member<'a>,
    pub(super) level: Level,
    beside: bool,
    facts: Vec<Fact>,
    found: Vec<(Judged, VerdictReason)>,
}

impl<'a, 'v> Subject<'a, 'v> {
    /// What the check needs of it and was not read makes it unknown at once.
    pub(super) fn new(view: &'v View<'a>, member: Member<'a>) -> Self {
        let universe = view.universe();
        let beside = !view.is_about(member.kind);
        let mut subject = Self { view, member, level: SETTINGS, beside, facts: Vec::new(), found: Vec::new() };
        if !member.live.attributes.is_whole() {
            for attribute in universe.judged(member.kind) {
                if let Err(why) = view.read(&member, attribute) {
                    subject.unread(attribute, why, None);
                }
            }
        }
        subject
    }

    /// The promise is not about this member; it is judged as well.
    pub(super) const fn beside(&mut self) {
        self.beside = true;
    }

    /// The value, `Null` where AWS has none. `None`: it was not read, and the member is unknown.
    pub(super) fn value(&self, attribute: impl Into<Name>) -> Option<&'a Value> {
        self.view.read(&self.member, attribute.into()).ok()
    }

    /// The same, as a fact as well.
    pub(super) fn note(&mut self, attribute: impl Into<Name>) -> Option<&'a Value> {
        let attribute = attribute.into();
        let value = self.value(attribute)?;
        self.fact(attribute.as_str(), value);
        Some(value)
    }

    /// The value of another resource, as a fact as well. `None`: it was not read, and this member is unknown for it.
    pub(super) fn note_of(&mut self, other: &Member<'a>, attribute: impl Into<Name>) -> Option<&'a Value> {
        let attribute = attribute.into();
        match self.view.read(other, attribute) {
            Ok(value) => {
                self.fact_of(other, attribute);
                Some(value)
            }
            Err(why) => {
                self.unread(attribute, why, Some(other));
                None
            }
        }
    }

    /// Says that an attribute was not read: of another resource, or of this one.
    pub(super) fn unread(&mut self, attribute: Name, why: Unread, other: Option<&Member<'_>>) {
        let (judged, reason) = unread(attribute, why, other);
        if !self.found.iter().any(|(_, known)| *known == reason) {
            self.found.push((judged, reason));
        }
    }

    /// Adds a fact, where facts are kept.
    pub(super) fn fact(&mut self, name: impl Display, value: impl Display) {
        if !self.view.told {
            return;
        }
        let value = value.to_string().into();
        let at = self.view.at(self.member.kind, self.member.region).map(str::to_owned);
        self.facts.push(Fact { name: name.to_string(), value, source: self.member.source(), at });
    }

    /// Adds a fact about another resource: a key, a group, a plan.
    pub(super) fn fact_of(&mut self, member: &Member<'_>, attribute: impl Into<Name>) {
        if !self.view.told {
            return;
        }
        let attribute = attribute.into();
        let value = self.view.text_of(member, attribute);
        let at = self.view.at(member.kind, member.region).map(str::to_owned);
        self.facts.push(Fact { name: format!("{} {attribute}", member.subject()), value, source: member.source(), at });
    }

    /// Adds a fact that an audit asked for, and returns its value.
    pub(super) fn reading(&mut self, name: &str) -> Option<&'a str> {
        let reading = self.view.fact(&self.member, name)?;
        self.cite(reading);
        Some(&reading.value)
    }

    pub(super) fn cite(&mut self, reading: &FactReading) {
        if self.view.told {
            self.facts.push(cited(reading));
        }
    }

    pub(super) fn cite_all(&mut self, facts: Vec<Fact>) {
        self.facts.extend(facts);
    }

    pub(super) fn say(&mut self, judged: impl Into<Judged>, reason: VerdictReason) {
        self.found.push((judged.into(), reason));
    }

    /// Says something of a member that is kept all the same.
    pub(super) fn remark(&mut self, reason: VerdictReason) {
        self.say(VerdictState::Kept, reason);
    }

    pub(super) fn broken(&mut self, reason: VerdictReason) {
        self.say(VerdictState::Broken, reason);
    }

    pub(super) fn unknown(&mut self, cause: UnknownCause, reason: VerdictReason) {
        self.say(Judged::unknown(cause), reason);
    }

    pub(super) fn hidden(&mut self, failed: &Unreadable) {
        self.unknown(UnknownCause::ReadFailed, failure(failed));
    }

    /// Requires that an attribute holds, as it is now and as AWS will set it. A value that is right only later is pending. A
    /// value that is right now and will not be is broken, because it must not count as kept.
    pub(super) fn require(&mut self, attribute: impl Into<Name>, holds: impl Fn(&Value) -> bool, asked: Asked) {
        let (attribute, asked) = (attribute.into(), Stated::from(asked));
        let Some(now) = self.note(attribute) else { return };
        let queued = self.member.live.pending.iter().find(|pending| pending.attribute == attribute);
        match (holds(now), queued) {
            (true, None) => {}
            (false, None) => self.broken(VerdictReason::Is { attribute, value: now.clone(), asked }),
            (was, Some(queued)) => {
                let (now, value, when) = (now.clone(), queued.value.clone(), wait(queued));
                self.fact(format_args!("{attribute} (pending)"), format_args!("{value}, {when}"));
                match (was, holds(&value)) {
                    (true, true) => {}
                    (false, true) => self.say(VerdictState::Pending, VerdictReason::Accepted { attribute, now, value, when }),
                    (true, false) => self.broken(VerdictReason::WillBe { attribute, value, when, asked }),
                    (false, false) => self.broken(VerdictReason::Is { attribute, value: now, asked }),
                }
            }
        }
    }

    /// Requires that the resource is not in a failed state, which AWS names with a word of its own.
    pub(super) fn require_working(&mut self, asked: Asked) {
        if let Status::Failed(word) = &self.member.live.status {
            self.fact("state", word);
            self.broken(VerdictReason::Failed { word: word.clone(), asked: asked.into() });
        }
    }

    pub(super) fn end(self, population: &mut Population) {
        let judged = self.found.iter().map(|(judged, _)| *judged).min().unwrap_or(VerdictState::Kept.into());
        let (member, beside) = (self.member, self.beside);
        population.add(judged, beside, || member.subject(), || self.whole(judged));
    }

    fn whole(self, Judged { state, unknown }: Judged) -> Examined {
        let mut reasons = self.found.iter().map(|(_, reason)| Explanation::of(reason));
        let reason = reasons.next().map(|first| reasons.fold(first, |all, next| all.and(&next)));
        let held = matches!(state, VerdictState::Kept | VerdictState::Pending);
        Examined {
            subject: self.member.subject(),
            kind: self.member.kind.to_owned(),
            standing: self.member.standing,
            state,
            unknown,
            beside: self.beside,
            level: held.then_some(self.level),
            reason,
            facts: self.facts,
        }
    }
}

/// Judges each member as one subject. A resource that is not there has nothing to judge.
pub(super) fn each<'a>(
    view: &View<'a>,
    members: impl IntoIterator<Item = Seen<'a>>,
    population: &mut Population,
    judge: impl Fn(&mut Subject<'a, '_>),
) {
    for seen in members {
        match seen {
            Seen::Here(member) => {
                let mut subject = Subject::new(view, member);
                judge(&mut subject);
                subject.end(population);
            }
            Seen::Hidden(id, failed) => missing(view, population, id, FAILED, &failure(failed)),
            Seen::Astray(id, live) => missing(view, population, id, UNCLEAR, &astray(live)),
            Seen::Lost(id) | Seen::NotMade(id) => {
                missing(view, population, id, VerdictState::NotApplicable.into(), &VerdictReason::NotThere);
            }
        }
    }
}

/// As [`each`], where the promise is about what a resource keeps: a lost one breaks it, for the reason `gone`. Without a record
/// nobody knows whether it was lost.
pub(super) fn each_that_keeps_data<'a>(
    view: &View<'a>,
    members: impl IntoIterator<Item = Seen<'a>>,
    population: &mut Population,
    gone: &VerdictReason,
    judge: impl Fn(&mut Subject<'a, '_>),
) {
    let mut rest = Vec::new();
    for seen in members {
        match seen {
            Seen::Lost(id) => missing(view, population, id, VerdictState::Broken.into(), gone),
            Seen::NotMade(id) if view.forgotten() => missing(view, population, id, UNCLEAR, &VerdictReason::Unremembered),
            seen => rest.push(seen),
        }
    }
    each(view, rest, population, judge);
}

/// A reading as evidence.
pub(super) fn cited(reading: &FactReading) -> Fact {
    Fact {
        name: reading.name.clone(),
        value: reading.value.as_str().into(),
        source: reading.source.clone(),
        at: Some(reading.at.clone()),
    }
}

/// When AWS will apply a value that it holds.
pub(super) fn wait(queued: &PendingValue) -> Stated<Wait> {
    queued.when.clone()
}

/// The reason for a declared resource when a mislabelled one may be it.
pub(super) fn astray(live: &Live) -> VerdictReason {
    let tag = Carried(live.tags.get(tags::ID).map(String::from));
    VerdictReason::Unrecognised { physical: live.physical.to_string(), tag }
}

/// A read failed.
pub(super) const FAILED: Judged = Judged::unknown(UnknownCause::ReadFailed);

/// What was read does not say it.
pub(super) const UNCLEAR: Judged = Judged::unknown(UnknownCause::NotUnderstood);

/// The state and the reason where an attribute was not read: of another resource, or of the member itself.
pub(super) fn unread(attribute: Name, why: Unread, other: Option<&Member<'_>>) -> (Judged, VerdictReason) {
    let of = other.map(Member::subject);
    match why {
        Unread::Failed(error) => (FAILED, VerdictReason::ReadingFailed { attribute, of: OfOther(of), error }),
        Unread::NotAsked => (Judged::unknown(UnknownCause::NotAsked), VerdictReason::NotAsked { attribute, of: OfOther(of) }),
    }
}

/// The member for a declared resource that is not there, or that a failed read hides.
pub(super) fn missing(view: &View<'_>, population: &mut Population, id: &ResourceId, judged: Judged, reason: &VerdictReason) {
    let beside = !view.universe().is_about(&id.kind);
    population.add(judged, beside, || id.to_string(), || Examined { beside, ..absent(id, judged, reason) });
}

pub(super) fn absent(id: &ResourceId, Judged { state, unknown }: Judged, reason: &VerdictReason) -> Examined {
    Examined {
        subject: id.to_string(),
        kind: id.kind.to_string(),
        standing: if state == VerdictState::Unknown { Standing::Unread } else { Standing::Absent },
        state,
        unknown,
        beside: false,
        level: None,
        reason: Some(Explanation::of(reason)),
        facts: Vec::new(),
    }
}
