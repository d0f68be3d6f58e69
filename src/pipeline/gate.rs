//! Gates: pure decisions that refuse (exit 5), each with the reason and what to do next.

use jiff::Timestamp;

use tokaido_derive::Reason;

use super::parts::{Content, Digest, Findings, Refusals};
use crate::govern::permit::Beyond;
use crate::govern::{Short, policies};
use crate::kinds;
use crate::model::plan::PLAN_VERSION;
use crate::model::{DesiredState, Environment, ObservedState, Plan, PlanBody, Roles, Said, Stated, Unreadable};
use crate::plan::{self, Moved, ReplanMismatch};
use crate::store::{LeaseRecord, Record, spent};
use crate::world::Caller;

#[derive(Debug, Clone, PartialEq, Eq, Reason)]
pub enum Gate {
    #[en(
        "wrong account: {environment} is {expected} and the credentials belong to {found} ({arn}); nothing else was called. Use credentials of {expected}, or correct `account:`"
    )]
    #[ja(
        "アカウントが違います。{environment} は {expected} ですが、認証情報は {found} のものです ({arn})。ほかには何も呼び出していません。{expected} の認証情報を使うか、`account:` を直してください"
    )]
    WrongAccount { environment: Environment, expected: String, found: String, arn: String },
    #[en("this plan is for {planned} ({account}) and the project's {environment} is {expected}; plan again")]
    #[ja("この計画は {planned} ({account}) のものですが、プロジェクトの {environment} は {expected} です。計画し直してください")]
    OtherTarget { planned: Environment, account: String, environment: Environment, expected: String },
    #[en("the plan expired at {expires_at}; plan again (a plan is good for 24 hours)")]
    #[ja("計画の有効期限が {expires_at} に切れました。計画し直してください（計画の有効期間は 24 時間です）")]
    Expired { expires_at: String },
    #[en("the plan was used at {at}; plan again (a plan is used once)")]
    #[ja("この計画は {at} に使用済みです。計画し直してください（計画を使えるのは一度だけです）")]
    Used { at: Timestamp },
    #[en("the configuration changed since the plan was made ({planned} then, {now} now); plan again")]
    #[ja("計画の作成後に設定が変わりました（作成時 {planned}、現在 {now}）。計画し直してください")]
    OtherConfiguration { planned: Short, now: Short },
    #[en("the plan was made for {planned} and {environment} is on {now}; plan again")]
    #[ja("この計画は{planned}に対して作成されましたが、{environment} は{now}です。計画し直してください")]
    OtherRelease { environment: Environment, planned: Content, now: Content },
    #[en("policies/roles.yaml changed since the plan was made; plan again, and have it approved under the roles of today")]
    #[ja("計画の作成後に policies/roles.yaml が変わりました。計画し直し、現在の役割で承認を得てください")]
    OtherRoles,
    #[en(
        "policies/*.rego are not those that judged the plan ({planned} then, {now} now); plan again, and have it judged by those of today"
    )]
    #[ja(
        "policies/*.rego が計画を判定したときと異なります（作成時 {planned}、現在 {now}）。計画し直し、現在のポリシーで判定を受けてください"
    )]
    OtherPolicies { planned: Digest, now: Digest },
    #[en("a policy does not let plan {plan} pass, so an approval would be worth nothing; nothing was signed{refusals}")]
    #[ja("ポリシーが計画 {plan} を通さないため、承認しても意味がありません。何も署名していません{refusals}")]
    Denied { plan: Short, refusals: Refusals },
    #[en(
        "{place}: policy {policy} refuses what the plan would leave now, and the plan does not say so; nothing was changed; plan again"
    )]
    #[ja(
        "{place}: ポリシー {policy} は、今適用した場合の結果を拒否しますが、計画にはその記載がありません。何も変更していません。計画し直してください"
    )]
    PolicyRefuses { policy: String, place: String },
    #[en("{environment} does not let plan {plan} pass; nothing was changed{refusals}")]
    #[ja("{environment} は計画 {plan} を通しません。何も変更していません{refusals}")]
    NotPermitted { environment: Environment, plan: Short, refusals: Refusals },
    #[en("the approvals cannot be read: {problem}")]
    #[ja("承認を読み取れません: {problem}")]
    Papers { problem: String },
    #[en("the plan was made by tokaido {planned} and this is {now}; plan again")]
    #[ja("この計画は tokaido {planned} で作成されましたが、こちらは {now} です。計画し直してください")]
    OtherTool { planned: String, now: String },
    #[en(
        "release {release} was cut with tokaido {cut_with} and this is {now}, which may compile it otherwise; use tokaido {cut_with}, or cut a new release and promote that"
    )]
    #[ja(
        "リリース {release} は tokaido {cut_with} で作成されましたが、こちらは {now} で、別の結果になることがあります。tokaido {cut_with} を使うか、新しいリリースを作成して昇格してください"
    )]
    ReleaseOfOtherTool { release: String, cut_with: String, now: String },
    #[en("the plan file was altered: its body has the id {found} and it says {claimed}; plan again")]
    #[ja("計画のファイルが書き換えられています。本文の ID は {found} ですが、{claimed} と書かれています。計画し直してください")]
    Altered { claimed: Short, found: Short },
    #[en("the plan file was altered: its times, nonce, caller or world are not what was sealed; plan again")]
    #[ja(
        "計画のファイルが書き換えられています。時刻、ノンス、呼び出し元、対象の世界のいずれかが作成時と異なります。計画し直してください"
    )]
    Resealed,
    #[en("the plan file was altered: it is not what this tokaido writes for this plan; plan again")]
    #[ja("計画のファイルが書き換えられています。この tokaido がこの計画について書き出す内容と一致しません。計画し直してください")]
    Rewritten,
    #[en("the plan file was altered: {findings}; plan again")]
    #[ja("計画のファイルが書き換えられています: {findings}。計画し直してください")]
    Contradicts { findings: Findings },
    #[en("the plan is not what the files and AWS ask for: {what}; nothing was changed; plan again")]
    #[ja("計画が、ファイルと AWS の状態から求められるものと異なります: {what}。何も変更していません。計画し直してください")]
    ReplanMismatch { what: Stated<plan::Altered> },
    #[en("this plan was made in another world ({planned}) and this is {now}; plan again here")]
    #[ja("この計画は別の世界 ({planned}) で作成されましたが、こちらは {now} です。ここで計画し直してください")]
    OtherWorld { planned: String, now: String },
    #[en(
        "another apply of {environment} is running: {holder}. One apply runs at a time. Its lease ends at {until} unless that apply renews it; the next apply then takes the lease over by itself. Wait with `--wait 10m`, or run the same command again"
    )]
    #[ja(
        "{environment} では別の適用が実行中です: {holder}。同時に実行できるのは一つだけです。リースは更新されなければ {until} に切れ、その後は自動的に引き継がれます。`--wait 10m` で待つか、同じコマンドをもう一度実行してください"
    )]
    Held { environment: Environment, holder: Box<LeaseRecord>, until: String },
    #[en("{reason}; nothing was changed; plan again")]
    #[ja("{reason}。何も変更していません。計画し直してください")]
    Fenced { reason: Said },
    #[en("the plan is of version {found} and this tokaido executes version {expected}; plan again")]
    #[ja("計画のバージョンは {found} ですが、この tokaido が実行できるのはバージョン {expected} です。計画し直してください")]
    OtherFormat { found: u32, expected: u32 },
    #[en("the world moved since the plan was made: {reason}; nothing was changed; plan again")]
    #[ja("計画の作成後に実環境が変わりました: {reason}。何も変更していません。計画し直してください")]
    Stale { reason: Stated<Moved> },
    #[en(
        "bootstrap asks for no release and no approval, so it only makes what is missing; {id} exists and differs in {what}: this is drift, which an apply with its gates repairs: tokaido apply {environment}"
    )]
    #[ja(
        "bootstrap はリリースも承認も求めないため、ないものを作成するだけです。{id} は存在し、{what} が異なります。これはずれなので、通常の適用で直します: tokaido apply {environment}"
    )]
    NotMissing { environment: Environment, id: String, what: String },
}

impl std::error::Error for Gate {}

impl Gate {
    pub(super) fn beyond(environment: Environment, beyond: Beyond) -> Self {
        Self::NotMissing { environment, id: beyond.id, what: beyond.what }
    }

    pub(super) fn held(environment: Environment, lease: LeaseRecord) -> Self {
        let until = format!("{:.0}", lease.expires_at);
        Self::Held { environment, holder: Box::new(lease), until }
    }
}

pub(super) fn account(desired: &DesiredState, caller: &Caller) -> Result<(), Gate> {
    if caller.account == desired.account {
        return Ok(());
    }
    Err(Gate::WrongAccount {
        environment: desired.environment,
        expected: desired.account.clone(),
        found: caller.account.clone(),
        arn: caller.arn.clone(),
    })
}

/// The version of tokaido is part of what was frozen and tried in the environment before.
pub(super) fn release_tool(desired: &DesiredState, tool_version: &str) -> Result<(), Gate> {
    match (&desired.release, &desired.release_tool) {
        (Some(release), Some(cut_with)) if cut_with != tool_version => Err(Gate::ReleaseOfOtherTool {
            release: release.id.clone(),
            cut_with: cut_with.clone(),
            now: tool_version.to_owned(),
        }),
        _ => Ok(()),
    }
}

/// Whether a plan is for the account that the files name.
pub(super) fn target(plan: &Plan, desired: &DesiredState) -> Result<(), Gate> {
    let body = &plan.body;
    if body.environment == desired.environment && body.account == desired.account {
        return Ok(());
    }
    Err(Gate::OtherTarget {
        planned: body.environment,
        account: body.account.clone(),
        environment: desired.environment,
        expected: desired.account.clone(),
    })
}

/// `show` shows a plan of another version; it is neither approved nor applied.
pub fn current(plan: &Plan) -> Result<(), Gate> {
    if plan.is_current() {
        return Ok(());
    }
    Err(Gate::OtherFormat { found: plan.body.schema_version, expected: PLAN_VERSION })
}

/// Whether a saved plan may be executed here and now.
pub(super) fn saved_plan(
    plan: &Plan,
    desired: &DesiredState,
    records: &[Record],
    tool_version: &str,
    now: Timestamp,
    world: Option<&str>,
) -> Result<(), Gate> {
    let body = &plan.body;
    current(plan)?;
    let found = plan.digest();
    if found != plan.id {
        return Err(Gate::Altered { claimed: Short(plan.id.clone()), found: Short(found) });
    }
    target(plan, desired)?;
    if plan.seal != plan.sealed() {
        return Err(Gate::Resealed);
    }
    // A member that this version does not show must not be signed: unknown members, other words, another layout.
    if plan.foreign.is_some() && body.digests.tool_version == tool_version {
        return Err(Gate::Rewritten);
    }
    // Anyone can compute id and seal for any body, so what follows from the rest is derived again.
    consistent(body)?;
    if let Some(world) = world.filter(|world| *world != plan.world) {
        return Err(Gate::OtherWorld { planned: plan.world.clone(), now: world.to_owned() });
    }
    live(plan, records, now)?;
    if body.digests.tool_version != tool_version {
        return Err(Gate::OtherTool { planned: body.digests.tool_version.clone(), now: tool_version.to_owned() });
    }
    release_tool(desired, tool_version)?;
    let (planned, current) = (
        format!("{}{}", body.digests.configuration, body.digests.promises),
        format!("{}{}", desired.digest, desired.promises_digest),
    );
    if planned != current {
        return Err(Gate::OtherConfiguration {
            planned: Short(body.digests.configuration.clone()),
            now: Short(desired.digest.clone()),
        });
    }
    if body.digests.roles != desired.roles.as_ref().map(Roles::digest).unwrap_or_default() {
        return Err(Gate::OtherRoles);
    }
    // Two releases may have the same files for this environment; the approvals name one of them.
    if body.release != desired.release {
        return Err(Gate::OtherRelease {
            environment: desired.environment,
            planned: Content(body.release.clone()),
            now: Content(desired.release.clone()),
        });
    }
    if body.digests.policies != desired.policies.digest {
        return Err(Gate::OtherPolicies {
            planned: Digest(body.digests.policies.clone()),
            now: Digest(desired.policies.digest.clone()),
        });
    }
    Ok(())
}

/// Whether the plan is unused and has not expired.
pub fn live(plan: &Plan, records: &[Record], now: Timestamp) -> Result<(), Gate> {
    if let Some(at) = spent(records, &plan.nonce) {
        return Err(Gate::Used { at });
    }
    // A time that cannot be read counts as past: the plan is not trusted.
    if plan.expires_at.parse::<Timestamp>().is_ok_and(|expires| now < expires) {
        Ok(())
    } else {
        Err(Gate::Expired { expires_at: plan.expires_at.clone() })
    }
}

/// Whether a saved plan can be approved: every condition of `apply`, policies included, except those that need the world. A plan
/// that only an emergency override can apply needs no signature.
pub fn approvable(
    plan: &Plan,
    desired: &DesiredState,
    records: &[Record],
    tool_version: &str,
    now: Timestamp,
) -> Result<(), Gate> {
    saved_plan(plan, desired, records, tool_version, now, None)?;
    demand(plan::undeclared(&plan.body, desired, &kinds::schemas(), None))?;
    let refusals = policies::refusals(&plan.body);
    if refusals.is_empty() { Ok(()) } else { Err(Gate::Denied { plan: Short(plan.id.clone()), refusals: Refusals(refusals) }) }
}

/// Whether everything in a plan that follows from the rest is right (self-consistency). Needs only the plan.
pub fn consistent(body: &PlanBody) -> Result<(), Gate> {
    demand(plan::contradictions(body, &kinds::schemas()))
}

pub(super) fn demand(wrong: Vec<String>) -> Result<(), Gate> {
    if wrong.is_empty() { Ok(()) } else { Err(Gate::Contradicts { findings: Findings(wrong) }) }
}

impl From<ReplanMismatch> for Gate {
    fn from(unexplained: ReplanMismatch) -> Self {
        match unexplained {
            ReplanMismatch::Moved(reason) => Self::Stale { reason: reason.into() },
            ReplanMismatch::Altered(what) => Self::ReplanMismatch { what: what.into() },
        }
    }
}

/// The subject of a step must be readable now: otherwise a create could make a second one.
pub(super) fn readable(plan: &Plan, observed: &ObservedState) -> Result<(), Gate> {
    let concerns = |failed: &&Unreadable| plan.body.steps.iter().any(|step| failed.hides(&step.id));
    let Some(first) = observed.unreadable.iter().find(concerns) else { return Ok(()) };
    if let (Some(id), Some(unanswered)) = (&first.id, &first.unanswered) {
        return Err(ReplanMismatch::Moved(Moved::InDoubt { id: id.clone(), unanswered: unanswered.clone() }).into());
    }
    let (kind, region, problem) = (first.kind.clone(), first.region, first.in_full().to_owned());
    Err(ReplanMismatch::Moved(Moved::Unreadable { kind, region, problem }).into())
}
