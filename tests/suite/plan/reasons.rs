//! What plans say: both languages of each reason, with everything it speaks of.

use std::collections::BTreeSet;

use tokaido::kinds;
use tokaido::model::reason::plan::{
    At, BlockedReason, ChangeReason, Held, Label, NextStep, NoteReason, Of, OneWayReason, Owner, Timing, Unanswered, Wait,
};
use tokaido::model::reason::{Readable, Stated};
use tokaido::model::{Language, Mutability, Reason, Region, Words};

use crate::support::{attr, id};

fn words() -> Words {
    Words { en: "English of a kind".into(), ja: "種類の日本語".into() }
}

fn text(text: &str) -> String {
    text.to_owned()
}

/// Says them all: none is missing, both languages speak of the same things, and a document gives each back.
fn said<R: Reason + Readable + PartialEq + std::fmt::Debug + Clone>(reasons: &[R]) {
    let codes: BTreeSet<&str> = reasons.iter().map(Reason::code).collect();
    assert_eq!(codes, R::CODES.iter().copied().collect(), "a reason is missing here");
    assert_eq!(codes.len(), R::CODES.len(), "two reasons have one code");
    for reason in reasons {
        let (en, ja) = (reason.say(Language::En), reason.say(Language::Ja));
        assert!(!ja.is_ascii() || reason.code() == "retired", "{en}: {ja}");
        assert!(en.is_ascii() || reason.code() == "retired", "{en}");
        for mark in marks(&serde_json::to_value(reason.fields()).expect("JSON")) {
            assert!(en.contains(&mark) && ja.contains(&mark), "`{mark}` is not said: {en} · {ja}");
        }
        let document = serde_json::to_string(&Stated::from(reason.clone())).expect("JSON");
        let back: Stated<R> = serde_json::from_str(&document).expect("a reason");
        assert_eq!(back, Stated::Ours(reason.clone()), "{document}");
    }
}

/// The texts and numbers that stand for something of the world here.
fn marks(fields: &serde_json::Value) -> Vec<String> {
    match fields {
        serde_json::Value::String(text) if text.contains("mark") => vec![text.clone()],
        serde_json::Value::Number(number) => vec![number.to_string()],
        serde_json::Value::Array(items) => items.iter().flat_map(marks).collect(),
        serde_json::Value::Object(map) if !map.contains_key("en") => map.values().flat_map(marks).collect(),
        _ => Vec::new(),
    }
}

#[test]
fn every_reason_is_said_in_both_languages() {
    let (mark, other) = (id("subnet.mark-a@tokyo"), id("subnet.mark-b@osaka"));
    let held = || Held { name: attr("cidr"), value: Some(text("mark-1")), overlaps: Some(text("mark-2")) };
    let label = || Label { has: vec![text("mark-has")], lacks: vec![text("mark-lacks")] };
    said(&[
        ChangeReason::NotThere,
        ChangeReason::Named,
        ChangeReason::Declared,
        ChangeReason::Drifted,
        ChangeReason::UnknownCause,
        ChangeReason::DriftedAndDeclared,
        ChangeReason::DriftedInPart,
        ChangeReason::DeclaredInPart,
        ChangeReason::Retired { reason: text("mark left 2026-10") },
    ]);
    let of = || Of(vec![attr("multi_az"), attr("class")]);
    said(&[
        Timing::Now,
        Timing::Window { of: of(), at: At(Some(text("mark 05:00"))) },
        Timing::Window { of: Of::default(), at: At(None) },
        Timing::Reboot,
        Timing::Staged { of: of(), words: words() },
    ]);
    said(&[Wait::Window, Wait::WindowAt { at: text("mark 05:00") }, Wait::Reboot]);
    let when = || vec![Wait::Window.into(), Wait::Reboot.into()];
    said(&[
        NoteReason::WithinDeclared,
        NoteReason::DeclaredLower,
        NoteReason::MoreThanDeclared,
        NoteReason::QueuedBeyond,
        NoteReason::UnknownCause,
        NoteReason::Waits { when: when() },
        NoteReason::WaitsBroken { when: when(), promise: text("mark-promise") },
        NoteReason::WaitsBrokenSeveral { when: when(), promises: vec![text("mark-1"), text("mark-2")] },
    ]);
    said(&[OneWayReason::Stays, OneWayReason::Kind { words: words() }]);
    said(&[
        BlockedReason::Ambiguous { count: 2, physical: vec![text("mark-1"), text("mark-2")] },
        BlockedReason::InDoubt { unanswered: Unanswered { sent: text("mark-1"), until: text("mark-2") } },
        BlockedReason::Unreadable { operation: text("mark:List"), error: text("mark denied") },
        BlockedReason::Untold { attributes: vec![attr("port"), attr("vpc")] },
        BlockedReason::OwnedElsewhere {
            physical: text("mark-1"),
            owner: Owner { id: Some(text("mark-2")), environment: Some(text("mark-3")) },
        },
        BlockedReason::AnotherAccount { name: text("mark") },
        BlockedReason::HeldMislabelled { physical: text("mark"), held: held(), label: label() },
        BlockedReason::HeldUntagged { physical: text("mark"), held: held() },
        BlockedReason::HeldByOurs { other: mark.clone(), held: held() },
        BlockedReason::OutsideItsPlace { block: text("mark-1"), place: mark.clone(), whole: text("mark-2") },
        BlockedReason::Lost,
        BlockedReason::LostWithCopies { copies: vec![text("mark")] },
        BlockedReason::PerhapsMislabelled { physical: text("mark"), label: label() },
        BlockedReason::Mislabelled { physical: text("mark"), label: label() },
        BlockedReason::NothingToAdopt { name: text("mark") },
        BlockedReason::FailedState { word: text("mark") },
        BlockedReason::OnlyRemedy { word: text("mark"), attribute: attr("port") },
        BlockedReason::NotOffered { values: vec![text("mark")], region: Region::Osaka },
        BlockedReason::NotOfferedTogether {
            region: Region::Osaka,
            values: vec![text("mark")],
            attribute: attr("port"),
            declared: text("mark"),
            offered: vec![text("mark")],
        },
        BlockedReason::RemedyWithQueued { word: text("mark"), attributes: vec![attr("port"), attr("vpc")] },
        BlockedReason::Fixed,
        BlockedReason::HoldsData { title: text("mark") },
        BlockedReason::MayBeDeclared { physical: text("mark"), declared: mark.clone() },
        BlockedReason::MayBeSwapped { physical: text("mark-1"), declared: mark.clone(), name: attr("cidr") },
        BlockedReason::NotItsOwn { physical: text("mark"), attributes: vec![attr("cidr"), attr("zone")] },
        BlockedReason::NeedsBlocked { needs: mark.clone() },
        BlockedReason::StillNeeded { users: vec![mark.clone()] },
        BlockedReason::Unrecognised { attributes: vec![attr("kms_key")], target: mark.clone() },
        BlockedReason::ProtectsData { data: mark.clone() },
        BlockedReason::Half { tenant: text("mark") },
        BlockedReason::KeepsItsUsers { of: mark.clone(), attribute: attr("port") },
        BlockedReason::MayLeadElsewhere { of: mark.clone(), attribute: attr("cidr") },
    ]);
    said(&[
        NextStep::PlanLater,
        NextStep::FindOut,
        NextStep::MakeReadable,
        NextStep::GiveUpThere,
        NextStep::AnotherName,
        NextStep::PutBack { physical: text("mark"), id: mark.clone(), command: text("mark-command") },
        NextStep::PutBackOrGiveWay {
            physical: text("mark"),
            id: mark.clone(),
            command: text("mark-command"),
            name: attr("mark_name"),
        },
        NextStep::DeclareOffered { command: text("mark") },
        NextStep::PutBackOrRename,
        NextStep::PutBackOrMove,
        NextStep::PutBackDeclared { declared: mark.clone() },
        NextStep::PutRight,
        NextStep::Restore,
        NextStep::TakeAway { physical: text("mark"), held: held() },
        NextStep::CorrectName,
        NextStep::Repair,
        NextStep::AfterThis,
        NextStep::Procedure { words: words() },
        NextStep::Unlocked { element: text("mark") },
        NextStep::NextMajor,
        NextStep::NoDowngrade,
        NextStep::BlockInside { whole: text("mark") },
        NextStep::AnotherValue { other: mark.clone(), name: attr("cidr") },
        NextStep::ApplyFirst { other: mark.clone() },
        NextStep::Retire { other: mark.clone(), line: text("- { id: mark }") },
        NextStep::GiveUp { other: mark.clone() },
        NextStep::RemoveTombstone,
        NextStep::Unblock { id: mark.clone() },
        NextStep::EndUse { id: mark.clone() },
        NextStep::DeclareAgain { data: other },
        NextStep::TakeBack { tenant: text("mark") },
        NextStep::TakeBackFor { of: mark.clone() },
    ]);
}

/// "Carries no tag of ours" was said of resources that had lost one tag of four.
#[test]
fn a_mislabelled_resource_is_named_with_the_tags_that_it_has() {
    let held = Held { name: attr("cidr"), value: None, overlaps: None };
    let label = Label {
        has: vec![text("tokaido:environment=dev"), text("tokaido:tenant=acme")],
        lacks: vec![text("tokaido:id=subnet.acme-a@tokyo")],
    };
    let reason = BlockedReason::HeldMislabelled { physical: text("subnet-1"), held, label };
    assert_eq!(
        reason.say(Language::Ja),
        "subnet-1 が cidr を使っており、tokaido:environment=dev, tokaido:tenant=acme のタグが付いていて、\
        tokaido:id=subnet.acme-a@tokyo のタグがありません"
    );
    assert_eq!(
        reason.say(Language::En),
        "subnet-1 holds cidr and carries tokaido:environment=dev, tokaido:tenant=acme and not \
        tokaido:id=subnet.acme-a@tokyo"
    );
}

/// What the rows of kinds say about a way back, a time or a procedure.
#[test]
fn kinds_speak_both_languages() {
    for kind in kinds::ALL {
        let mut said = Vec::from_iter(kind.schema.once_gone);
        said.extend(kind.schema.remedy.into_iter().flat_map(|remedy| [remedy.declare, remedy.by_hand]));
        for attribute in kind.schema.attributes {
            said.extend(attribute.one_way.map(|(_, why)| why));
            for mutability in attribute.cases.iter().map(|case| case.mutability).chain([attribute.mutability]) {
                said.push(mutability.when());
                said.extend(if let Mutability::Forbidden(procedure) = mutability { Some(procedure) } else { None });
            }
        }
        for words in said {
            assert!(words.en.is_ascii() && !words.ja.is_ascii(), "{}: {words:?}", kind.schema.kind);
        }
    }
}
