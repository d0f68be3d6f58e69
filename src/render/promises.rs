//! What a plan or an apply does to promises: counts before and after, and the promises that move or are not kept.

use std::collections::BTreeMap;

use crate::model::{Language, PlanBody, PromiseMove, VerdictState};
use crate::promises::slug;

use super::audit::words::{say, state};
use super::rows::{Block, Document, Fold, Line, Role, Row, Section};

/// How a state is shown; never by colour alone.
pub const fn role(state: VerdictState) -> Role {
    match state {
        VerdictState::Broken => Role::Error,
        VerdictState::Unknown | VerdictState::Pending => Role::Warn,
        VerdictState::Kept => Role::Ok,
        VerdictState::NotApplicable | VerdictState::NoCheckYet | VerdictState::OutsideInfrastructure => Role::Muted,
    }
}

/// The label of [`counts`].
pub const fn label(language: Language) -> &'static str {
    say(language, "promises", "約束")
}

/// `kept 3 → 12 · broken 1 → 0`: only states that occur.
pub fn counts(moves: &[PromiseMove], language: Language) -> Line {
    let count = |state: VerdictState, after: bool| {
        moves.iter().filter(|one| if after { one.after == state } else { one.before == state }).count()
    };
    let order =
        [VerdictState::Kept, VerdictState::Broken, VerdictState::Unknown, VerdictState::Pending, VerdictState::NotApplicable];
    let parts = order.into_iter().filter_map(|one| {
        let (before, after) = (count(one, false), count(one, true));
        let always = matches!(one, VerdictState::Kept | VerdictState::Broken);
        let shown = always || before > 0 || after > 0;
        let tone = if before == 0 && after == 0 { Role::Muted } else { role(one) };
        shown.then(|| Line::new().value(tone, format!("{} {before} → {after}", state(one, language))))
    });
    Line::dotted(parts)
}

/// Whether the plan opens a path between tenants, and the first packet of each; nothing where no tenant is to be isolated.
pub fn paths(body: &PlanBody, language: Language) -> Vec<Row> {
    let isolation = body.promises.iter().find(|one| one.promise == slug::TENANT_ISOLATION);
    let Some(isolation) = isolation.filter(|one| one.after != VerdictState::NotApplicable && !body.is_empty()) else {
        return Vec::new();
    };
    let label = |first: bool| if first { say(language, "tenants", "テナント") } else { "" }.to_owned();
    if body.new_paths.is_empty() {
        let (role, words) = if isolation.after == VerdictState::Unknown {
            (
                Role::Warn,
                say(
                    language,
                    "no new path between them, as far as was read",
                    "読み取れた範囲では、テナント間に新しい経路は開きません",
                ),
            )
        } else {
            (Role::Ok, say(language, "no new path between them", "テナント間に新しい経路は開きません"))
        };
        return vec![Row { label: label(true), body: Line::new().prose(role, words) }];
    }
    let rows = body.new_paths.iter().enumerate().map(|(at, path)| {
        let to = path.to.join(say(language, ", ", "、"));
        let opens = say(language, "the plan opens a path to", "この計画で経路が開きます。宛先:");
        let body = Line::new().prose(Role::Error, opens).value(Role::Id, to).glued(Role::Plain, ":");
        Row { label: label(at == 0), body: body.prose(Role::Plain, path.way.say(language)) }
    });
    rows.collect()
}

/// Promises that move, by their move, and those that are not kept afterwards.
pub fn section(page: &mut Document, moves: &[PromiseMove], language: Language) {
    let mut groups: BTreeMap<(VerdictState, VerdictState), Vec<&PromiseMove>> = BTreeMap::new();
    let told = |one: &&PromiseMove| one.before != one.after || one.after <= VerdictState::Pending;
    for one in moves.iter().filter(told) {
        groups.entry((one.after, one.before)).or_default().push(one);
    }
    let count = groups.values().map(Vec::len).sum::<usize>();
    let mut rows = Vec::new();
    for ((after, before), group) in groups {
        let word = |one| state(one, language);
        let label = match (before == after, language) {
            (true, Language::En) => format!("stays {}", word(after)),
            (true, Language::Ja) => format!("{}のまま", word(after)),
            (false, _) => format!("{} → {}", word(before), word(after)),
        };
        // The cause is said of those unknowns for which a promotion does not wait.
        let cause = |one: &PromiseMove| match one.unknown.filter(|cause| !cause.holds()) {
            Some(cause) => format!(", {}", cause.titled().say(language)),
            None => String::new(),
        };
        let names = group.iter().map(|one| format!("{} ({}{})", one.promise, one.clause, cause(one)));
        rows.push(Row { label, body: Line::listed(role(after), names) });
        for one in group.iter().filter(|one| !one.resources.is_empty() && before != VerdictState::NotApplicable) {
            // Of a promise that stays broken these are not the reason: the plan changes their state.
            let named = if before == after {
                let changed = say(language, "changing", "状態が変わるもの");
                format!("{} ({changed}):", one.promise)
            } else {
                format!("{}:", one.promise)
            };
            let body = Line::new().value(Role::Muted, named);
            rows.push(Row { label: String::new(), body: body.join(Line::listed(Role::Id, one.resources.iter().cloned())) });
        }
    }
    let meaning = say(
        language,
        "what moves, and what is not kept; judged on settings",
        "変わるものと守られていないもの。設定のみで判定しています",
    );
    let title = Line::new()
        .value(Role::Heading, format!("{} ({count})", say(language, "Promises", "約束")))
        .glued(Role::Heading, ":")
        .prose(Role::Plain, meaning);
    if !rows.is_empty() {
        page.part(Section { key: "promises", title, fold: Fold::Never, blocks: vec![Block::Facts(rows)] });
    }
}
