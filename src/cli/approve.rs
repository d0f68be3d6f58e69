//! `tokaido approve PLAN`: signs the id of a saved plan, withdraws an approval, or lists the approvals. Reads the records,
//! wherever they are, and changes nothing in AWS.

use super::args::{ApproveArgs, Cli, Format};
use super::context::{self, TOOL_VERSION};
use super::exit::{Exit, Failure};
use super::signing::{self, agree, signer};
use super::terminal::Terminal;
use super::words::signing::Signing;
use super::words::{self, same};
use super::{approval_evidence, saved};
use crate::govern::approval::Standing;
use crate::govern::refusal::{NextStep, Refusal, Why};
use crate::govern::roles::{authors, counts, requirement, roles_in_force};
use crate::govern::statement::{Decision, Signed, Statement, allowed_signers, verify};
use crate::model::{DesiredState, Language, Person, Plan, Reason as _, Roles, Said};
use crate::pipeline::{Gate, approvable, consistent, current, live};
use crate::render::{Detail, PlanOptions, approvals as render, json, plan as render_plan};
use crate::store::{Record, history};
use jiff::{SignedDuration, Timestamp};

/// Names what is signed; `show` shows it in full.
const fn signed(language: Language) -> PlanOptions {
    PlanOptions { detail: Detail::Names, tags: false, language }
}

pub async fn run(cli: &Cli, args: &ApproveArgs, terminal: &Terminal) -> Result<Exit, Failure> {
    let Some(name) = args.plan.as_deref() else {
        // Without a plan the only question is who may sign.
        terminal.print(&allowed_signers(&context::roles(cli, terminal)?));
        return Ok(Exit::Done);
    };
    let plan = saved::load(cli, name, Exit::Refused)?;
    let desired = context::desired(cli, plan.body.environment, terminal)?;
    let records = context::records(cli, plan.body.environment, terminal).await?;
    let applied_roles = approval_evidence::applied_roles(cli, &history(&records), desired.release.as_ref(), terminal)?;
    let bench = Bench { cli, plan: &plan, desired: &desired, records: &records, applied_roles: applied_roles.as_ref() };
    if args.list {
        return bench.list(args, terminal);
    }
    let Some(key) = args.key.as_deref() else {
        return Err(Failure::error(Signing::WhichKey));
    };
    let public = signing::public_key(key, terminal)?;
    let roles = bench.roles().ok_or_else(|| Failure::refused(Signing::NobodyMay))?;
    let person = signer(roles, &public, args.person.as_deref())?;
    let decision = if args.withdraw { Decision::Withdraw } else { Decision::Approve };
    if !bench.wanted(decision, person, roles, terminal)? {
        return Ok(Exit::Done);
    }
    let statement = bench.statement(decision, person, roles, bench.latest(person, roles))?;
    let text = statement.text();
    terminal.print(&render_plan::text(&plan, &crate::kinds::schemas(), &signed(terminal.language), &terminal.style, &[]));
    terminal.must_see(Signing::Signs { person: person.id.clone(), statement: text.clone() });
    agree(terminal, args.yes, decision)?;
    let signature = signing::sign(key, &text, terminal)?;
    let signed = Signed { file: person.id.clone(), text, signature };
    verify(&signed, roles).map_err(|why| Failure::error(Signing::NothingKept { why: why.said() }))?;
    let path = approval_evidence::keep(&cli.project, &plan, &person.id, &signed.text, &signed.signature)
        .map_err(|error| Failure::error(Signing::NotKept { error: error.into() }))?;
    terminal.note(Signing::Kept { path: words::path(&path) });
    let standing = bench.standing()?;
    let counts = standing.approved.iter().any(|vote| vote.person == person.id);
    if counts == args.withdraw {
        let (person, whys) = (person.id.clone(), whys(&standing));
        return Err(Failure::error(if counts {
            Signing::StillCounts { person, whys }
        } else {
            Signing::DoesNotCount { person, whys }
        }));
    }
    let next = bench.next()?;
    let person = person.id.clone();
    terminal.say(if args.withdraw { Signing::Withdrawn { person } } else { Signing::Approved { person } });
    terminal.print(&render::text(&standing, &terminal.style, &next, terminal.language));
    Ok(Exit::Done)
}

fn whys(standing: &Standing) -> Said {
    let void = standing.void.iter();
    words::joined(void.map(|void| words::joined([same(&void.file), void.why.said()], ": ")), "; ")
}

struct Bench<'a> {
    cli: &'a Cli,
    plan: &'a Plan,
    desired: &'a DesiredState,
    records: &'a [Record],
    applied_roles: Option<&'a Roles>,
}

impl Bench<'_> {
    fn roles(&self) -> Option<&Roles> {
        roles_in_force(self.applied_roles, self.desired.roles.as_ref()).filter(|roles| !roles.people.is_empty())
    }

    fn standing(&self) -> Result<Standing, Failure> {
        approval_evidence::standing(self.cli, self.plan, self.desired, self.records, self.applied_roles)
    }

    fn list(&self, args: &ApproveArgs, terminal: &Terminal) -> Result<Exit, Failure> {
        current(self.plan).map_err(|gate| Failure::refused_because(&gate))?;
        let found = self.plan.digest();
        if found != self.plan.id {
            return Err(Failure::refused(Signing::PlanAltered { found: found[..12].to_owned() }));
        }
        if self.plan.foreign.is_some() && self.plan.body.digests.tool_version == TOOL_VERSION {
            return Err(Failure::refused_because(&Gate::Rewritten));
        }
        consistent(&self.plan.body).map_err(|gate| Failure::refused_because(&gate))?;
        let mut standing = self.standing()?;
        // A plan that cannot be applied any more cannot be approved, and the approver is not asked.
        let over = live(self.plan, self.records, context::now(self.cli)?).err();
        if let Some(gate) = &over {
            standing.missing = vec![Refusal::new(Why::Over { gate: gate.said() }, NextStep::Run { command: self.again() })];
            standing.able.clear();
        }
        let next = if over.is_some() { vec![self.again()] } else { self.next()? };
        match args.format {
            Format::Json => terminal.print(&json::pretty(&standing)),
            Format::Text => terminal.print(&render::text(&standing, &terminal.style, &next, terminal.language)),
        }
        Ok(if standing.missing.is_empty() { Exit::Done } else { Exit::Refused })
    }

    /// Whether there is something to sign; `false`: it is signed already.
    fn wanted(&self, decision: Decision, person: &Person, roles: &Roles, terminal: &Terminal) -> Result<bool, Failure> {
        let refused = |reason: Signing| Err(Failure::refused(reason));
        let standing = self.standing()?;
        let approved = standing.approved.iter().any(|vote| vote.person == person.id);
        if decision == Decision::Withdraw {
            // Also a statement that does not count yet, because another machine's clock was ahead.
            if !approved && self.latest(person, roles).is_none_or(|(decision, _)| decision != Decision::Approve) {
                return refused(Signing::NothingToWithdraw { person: person.id.clone() });
            }
            return Ok(true);
        }
        approvable(self.plan, self.desired, self.records, TOOL_VERSION, context::now(self.cli)?)
            .map_err(|gate| Failure::refused_because(&gate))?;
        let environment = self.plan.body.environment;
        let rule = requirement(Some(roles), environment, self.desired.approvals);
        if rule.required == 0 && rule.groups.is_empty() {
            return refused(Signing::NoApprovalNeeded { environment });
        }
        if authors(roles, self.plan).contains(&person.id) {
            let able = standing.able.iter().cloned().collect::<Vec<_>>().join(", ");
            return refused(Signing::OwnPlan {
                person: person.id.clone(),
                author: self.plan.author.clone(),
                caller: self.plan.caller.clone(),
                others: if able.is_empty() { Signing::AnotherApprover.said() } else { Said::new(&able, format!(" {able} ")) },
            });
        }
        if !counts(person, &rule) {
            let groups = rule.from.iter().cloned().collect::<Vec<_>>().join(", ");
            return refused(Signing::InNoGroup { person: person.id.clone(), environment, groups });
        }
        if approved {
            terminal.say(Signing::ApprovedAlready { person: person.id.clone() });
        }
        Ok(!approved)
    }

    /// The newest statement of this person about this plan.
    fn latest(&self, person: &Person, roles: &Roles) -> Option<(Decision, Timestamp)> {
        let statements = approval_evidence::statements(&self.cli.project, self.plan);
        let own = statements.iter().filter_map(|signed| verify(signed, roles).ok()).map(|verified| verified.statement);
        let own = own.filter(|said| said.person == person.id && said.plan == self.plan.id);
        own.map(|said| (said.decision, said.at)).max_by_key(|(decision, at)| (*at, *decision == Decision::Withdraw))
    }

    /// Later than the earlier statements of the same person, whatever the clock says, because the newest counts.
    fn statement(
        &self,
        decision: Decision,
        person: &Person,
        roles: &Roles,
        latest: Option<(Decision, Timestamp)>,
    ) -> Result<Statement, Failure> {
        let now = context::now(self.cli)?;
        let after = latest.and_then(|(_, at)| at.checked_add(SignedDuration::from_secs(1)).ok());
        Ok(Statement {
            decision,
            plan: self.plan.id.clone(),
            environment: self.plan.body.environment,
            account: self.plan.body.account.clone(),
            release: self.plan.body.release.clone(),
            author: self.plan.author.clone(),
            caller: self.plan.caller.clone(),
            expires: self.plan.expires_at.clone(),
            roles: roles.digest(),
            person: person.id.clone(),
            at: after.map_or(now, |after| after.max(now)),
            emergency: None,
        })
    }

    fn again(&self) -> String {
        format!("{} plan {} --save", context::command(self.cli), self.plan.body.environment)
    }

    fn next(&self) -> Result<Vec<String>, Failure> {
        let (tokaido, id) = (context::command(self.cli), render_plan::short(&self.plan.id));
        let standing = self.standing()?;
        Ok(if standing.missing.is_empty() {
            vec![format!("{tokaido} apply {id}")]
        } else {
            vec![format!("{tokaido} approve {id} --key FILE")]
        })
    }
}
