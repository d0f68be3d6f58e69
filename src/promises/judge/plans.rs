//! Backup plans as the clause about copies sees them: which databases each selection means, and whether the copies that it brings
//! about keep the promise.

use super::super::ARRIVAL_DAYS;
use super::population::Judged;
use super::prerequisites::Shortfall;
use super::subject::{FAILED, UNCLEAR, unread};
use super::vault_policy::{Copier, Vault, lets_copy};
use super::view::{Called, Found, Member, Members, View, account_of, region_of};
use super::{Lifetime, Schedule, Span, VerdictReason, prerequisites};
use crate::kinds::backup_plan::{self, Candidate, Choice, Chosen, Selection};
use crate::kinds::documents::{BACK_UP, COPY_IN, COPY_OUT};
use crate::kinds::{backup_vault, iam_role, kms_key};
use crate::model::equality::schedule;
use crate::model::value::Link;
use crate::model::{Environment, Reference, Region, Shared, Standing, Typed as _, UnknownCause, Value, VerdictState};

/// How a backup plan covers a database.
pub(super) struct Copying<'a> {
    pub(super) plan: Member<'a>,
    /// The vault of the snapshots, which are copied from there.
    source: &'a Value,
    pub(super) vault: &'a Value,
    /// For how long the snapshots in Tokyo are kept; `None`: for ever.
    kept: Option<i64>,
    days: Option<i64>,
    role: &'a Value,
    schedule: Option<&'a str>,
}

/// A backup plan, taken apart once for all databases.
pub(super) struct Plan<'a> {
    pub(super) member: Member<'a>,
    /// What of it was not read: it may select any database.
    pub(super) unread: Option<Shortfall>,
    selections: Vec<Selecting<'a>>,
}

/// One selection of a plan.
pub(super) struct Selecting<'a> {
    /// `None`: what it says has an unknown form.
    choice: Option<Choice>,
    /// The copies that its role makes, each with the reason why it does not keep the promise, if it does not.
    pub(super) copying: Vec<(Copying<'a>, Option<Shortfall>)>,
}

impl<'a> Plan<'a> {
    pub(super) fn of(view: &View<'a>, member: Member<'a>, days: i64) -> Self {
        let mut plan = Self { member, unread: None, selections: Vec::new() };
        let [rules, copies, selections] =
            [backup_plan::at::rules.name(), backup_plan::at::copies.name(), backup_plan::at::selections.name()].map(|name| {
                view.read(&member, name).map_or_else(
                    |why| {
                        plan.unread.get_or_insert_with(|| unread(name, why, Some(&member)));
                        [].as_slice()
                    },
                    |list| list.as_list().unwrap_or_default(),
                )
            });
        for selection in selections {
            let role = selection.as_map().and_then(|selection| selection.get("role")).unwrap_or(&Value::Null);
            let judged = |copying: Copying<'a>| {
                let shortfall = shortfall(view, &copying, days);
                (copying, shortfall)
            };
            plan.selections.push(Selecting {
                choice: Selection::from_value(selection).ok().map(|selection| Choice::of(&selection)),
                copying: copies_of(member, rules, copies, role).into_iter().map(judged).collect(),
            });
        }
        plan
    }

    /// What each selection says of this database.
    pub(super) fn say<'s>(&'s self, database: &Database<'_>) -> impl Iterator<Item = (Chosen, &'s Selecting<'a>)> {
        let candidate = Candidate { links: &database.links, arn: &database.arn, tags: &database.member.live.tags };
        let said = self.selections.iter().map(move |selecting| {
            (selecting.choice.as_ref().map_or(Chosen::Unclear, |choice| choice.means(&candidate)), selecting)
        });
        said.collect::<Vec<_>>().into_iter()
    }
}

/// A database, as a selection may name it.
pub(super) struct Database<'a> {
    member: Member<'a>,
    links: Vec<Link>,
    arn: String,
}

impl<'a> Database<'a> {
    pub(super) fn of(member: Member<'a>) -> Self {
        let links = member.names().map(|name| match name {
            Called::Id(id) => Link::Ref(Reference::new(id, "arn")),
            Called::Output(own) => Link::Physical(own.to_owned()),
        });
        Self { links: links.collect(), arn: arn(&member).to_owned(), member }
    }
}

fn arn<'m>(member: &'m Member<'_>) -> &'m str {
    member.live.outputs.get("arn").map(Shared::as_str).unwrap_or_default()
}

fn copies_of<'a>(plan: Member<'a>, rules: &'a [Value], copies: &'a [Value], role: &'a Value) -> Vec<Copying<'a>> {
    let in_osaka = |vault: &Value| region_of(vault) == Some(Region::Osaka);
    copies
        .iter()
        .filter_map(Value::as_map)
        .filter_map(|copy| {
            let vault = copy.get("vault").filter(|vault| in_osaka(vault))?;
            let rule = rules.iter().filter_map(Value::as_map).find(|rule| rule.get("name") == copy.get("rule"))?;
            Some(Copying {
                plan,
                source: rule.get("vault").unwrap_or(&Value::Null),
                vault,
                kept: rule.get("delete_after_days").and_then(Value::as_int).filter(|days| *days > 0),
                days: copy.get("delete_after_days").and_then(Value::as_int),
                role,
                schedule: rule.get("schedule").and_then(Value::as_text),
            })
        })
        .collect()
}

fn broken(reason: VerdictReason) -> Shortfall {
    (VerdictState::Broken.into(), reason)
}

/// Why this copy does not keep the promise, if it does not: the first of the most serious reasons.
fn shortfall<'a>(view: &View<'a>, copying: &Copying<'a>, days: i64) -> Option<Shortfall> {
    let mut found = Vec::new();
    let mut check = |outcome: Result<(), Shortfall>| found.extend(outcome.err());
    check(settings(view, copying, days));
    let source = vaults(view, copying.source, copying.plan.region);
    let target = if account_of(copying.vault).is_some_and(|account| account != view.input.desired.account) {
        let vault = copying.vault.to_string();
        Err((Judged::unknown(UnknownCause::NotAsked), VerdictReason::VaultNotRead { vault }))
    } else {
        vaults(view, copying.vault, Region::Osaka)
    };
    let (roles, assumed) = roles(view, copying);
    let copier = Copier { account: &view.input.desired.account, role: &assumed };
    for (vaults, lifetime, action) in [(&source, copying.kept, COPY_OUT), (&target, copying.days, COPY_IN)] {
        match vaults {
            Err(shortfall) => check(Err(shortfall.clone())),
            Ok(vaults) => vaults.iter().for_each(|vault| {
                check(lock(view, vault, lifetime, &copying.plan));
                check(policy(view, vault, action, copier));
            }),
        }
    }
    for vault in source.iter().flatten() {
        check(policy(view, vault, BACK_UP, copier));
    }
    for vault in target.iter().flatten() {
        check(key(view, vault));
    }
    match roles {
        Ok(roles) => roles.iter().for_each(|role| check(prerequisites::role(view, role, copier.account))),
        Err(shortfall) => check(Err(shortfall)),
    }
    found.into_iter().reduce(|worst, next| if next.0 < worst.0 { next } else { worst })
}

/// How long the copies live, and how often they are made.
fn settings(view: &View<'_>, copying: &Copying<'_>, days: i64) -> Result<(), Shortfall> {
    let plan = copying.plan.subject();
    // As `validate` demands: a copy that needs a day to arrive is in Osaka for a day less than the declared lifetime.
    let margin = if view.input.desired.environment == Environment::Production { ARRIVAL_DAYS } else { 0 };
    let needed = days.saturating_add(margin);
    if let Some(kept) = copying.days.filter(|kept| *kept < needed) {
        return Err(broken(VerdictReason::KeptTooShort { plan, kept, needed, days }));
    }
    if !copying.schedule.is_some_and(schedule::daily) {
        let schedule = Schedule(copying.schedule.map(str::to_owned));
        return Err(broken(VerdictReason::NotDaily { plan, schedule }));
    }
    Ok(())
}

/// The vaults to which a link leads. Without the vault of the snapshots there is nothing to copy.
fn vaults<'a>(view: &View<'a>, link: &Value, region: Region) -> Result<Members<'a>, Shortfall> {
    match view.follow(link, backup_vault::NAME, region) {
        Found::Here(vaults) => Ok(vaults),
        Found::Hidden(failed) => Err((FAILED, super::failure(failed))),
        Found::Nowhere => Err(broken(VerdictReason::VaultNotThere { vault: link.clone() })),
    }
}

/// Jobs whose lifetime the lock of the vault does not allow fail.
fn lock<'a>(view: &View<'a>, vault: &Member<'a>, lifetime: Option<i64>, plan: &Member<'_>) -> Result<(), Shortfall> {
    let name = backup_vault::at::lock.name();
    let lock = view.read(vault, name).map_err(|why| unread(name, why, Some(vault)))?;
    let of = |end: &str| lock.as_map().and_then(|lock| lock.get(end)).and_then(Value::as_int);
    let (min, max) = (of("min_days"), of("max_days"));
    let short = min.zip(lifetime).is_some_and(|(min, days)| days < min);
    let long = max.is_some_and(|max| lifetime.is_none_or(|days| days > max));
    if !short && !long {
        return Ok(());
    }
    let (vault, plan) = (vault.subject(), plan.subject());
    Err(broken(VerdictReason::LockForbids { vault, span: Span { min, max }, plan, lifetime: Lifetime(lifetime) }))
}

fn policy<'a>(view: &View<'a>, vault: &Member<'a>, action: &str, copier: Copier<'_>) -> Result<(), Shortfall> {
    let name = backup_vault::at::policy.name();
    let document = view.read(vault, name).map_err(|why| unread(name, why, Some(vault)))?;
    lets_copy(document, action, &Vault { subject: &vault.subject(), arn: arn(vault) }, copier)
}

fn key<'a>(view: &View<'a>, vault: &Member<'a>) -> Result<(), Shortfall> {
    let name = backup_vault::at::kms_key.name();
    let link = view.read(vault, name).map_err(|why| unread(name, why, Some(vault)))?;
    match view.follow(link, kms_key::NAME, Region::Osaka) {
        Found::Hidden(failed) => Err((FAILED, super::failure(failed))),
        Found::Here(keys) => {
            keys.iter().try_for_each(|key| prerequisites::key(view, key, &vault.subject(), &view.input.desired.account))
        }
        // The listing has every key of the account but AWS's own.
        Found::Nowhere if vault.standing == Standing::Foreign => {
            let reason = VerdictReason::VaultKeyNotRead { vault: vault.subject() };
            Err((Judged::unknown(UnknownCause::NotAsked), reason))
        }
        Found::Nowhere => Err(broken(VerdictReason::VaultKeyUnusable { vault: vault.subject() })),
    }
}

/// The roles that AWS Backup assumes for the selection, and the ARN with which a policy names them. Without its role AWS Backup does
/// nothing. The listing has every role of the account that AWS Backup may assume, but AWS's own.
fn roles<'a>(view: &View<'a>, copying: &Copying<'a>) -> (Result<Members<'a>, Shortfall>, String) {
    let role = copying.role;
    let written = role.as_text().unwrap_or_default().to_owned();
    let elsewhere = account_of(role).is_some_and(|account| account != view.input.desired.account);
    match view.follow(role, iam_role::NAME, Region::Global) {
        Found::Here(roles) => {
            let assumed = roles.first().map_or(written, |role| arn(role).to_owned());
            (Ok(roles), assumed)
        }
        Found::Hidden(failed) => (Err((FAILED, super::failure(failed))), written),
        Found::Nowhere if elsewhere || written.contains(iam_role::SERVICE_PATH) => {
            let reason = VerdictReason::RoleNotRead { role: role.clone() };
            (Err((Judged::unknown(UnknownCause::NotAsked), reason)), written)
        }
        Found::Nowhere => (Err(broken(VerdictReason::RoleNotThere { role: role.clone() })), written),
    }
}

/// What a database hears from all plans of its region.
pub(super) enum Coverage<'p, 'a> {
    /// A copy that keeps the promise.
    Kept(&'p Copying<'a>),
    /// Every copy falls short: the copies, where there are some, and the reasons.
    Short(Vec<&'p Copying<'a>>, Vec<Shortfall>),
}

/// Which plan protects the database, or why none does. One plan that keeps the promise is enough; where one that selects it may
/// keep it, it is unknown.
pub(super) fn coverage<'p, 'a>(plans: &'p [Plan<'a>], member: Member<'a>) -> Coverage<'p, 'a> {
    let database = Database::of(member);
    let (mut certain, mut doubtful, mut excluded) = (Vec::new(), Vec::new(), None);
    let mut bare = false;
    for plan in plans.iter().filter(|plan| plan.member.region == member.region) {
        doubtful.extend(plan.unread.clone());
        for (chosen, selecting) in plan.say(&database) {
            let plan = || plan.member.subject();
            match chosen {
                Chosen::No => {}
                Chosen::Excluded => excluded = excluded.or_else(|| Some(plan())),
                Chosen::Unclear => doubtful.push((UNCLEAR, VerdictReason::SelectionUnsure { plan: plan() })),
                Chosen::OptedIn | Chosen::Yes => {
                    bare |= selecting.copying.is_empty();
                    for (copying, shortfall) in &selecting.copying {
                        let not_asked = || {
                            let reason = VerdictReason::OptInNotRead { plan: plan() };
                            (Judged::unknown(UnknownCause::NotAsked), reason)
                        };
                        match shortfall {
                            None if chosen == Chosen::Yes => return Coverage::Kept(copying),
                            None => certain.push((copying, not_asked())),
                            Some(shortfall) => certain.push((copying, shortfall.clone())),
                        }
                    }
                }
            }
        }
    }
    let best = certain.iter().map(|(_, (judged, _))| *judged).max();
    if let Some(best) = best {
        let (copying, reasons) =
            certain.into_iter().filter(|(_, (judged, _))| judged.state == best.state).unzip::<_, _, Vec<_>, _>();
        return Coverage::Short(copying, distinct(reasons));
    }
    let reasons = if !doubtful.is_empty() {
        doubtful
    } else if bare {
        vec![broken(VerdictReason::NothingCopied)]
    } else {
        vec![broken(excluded.map_or(VerdictReason::NotSelected, |plan| VerdictReason::Excluded { plan }))]
    };
    Coverage::Short(Vec::new(), distinct(reasons))
}

/// Each reason once: several selections or copies of a plan can have the same.
fn distinct(reasons: Vec<Shortfall>) -> Vec<Shortfall> {
    reasons.into_iter().fold(Vec::new(), |mut known, reason| {
        if !known.contains(&reason) {
            known.push(reason);
        }
        known
    })
}
