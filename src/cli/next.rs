//! The commands to type next.

use crate::model::{Environment, Explained, Language, Plan};

use super::args::Cli;
use super::context;

/// The next step for a plan of production: signatures need a saved plan.
pub fn signed(tokaido: &str, language: Language) -> Vec<String> {
    vec![
        format!("{tokaido} plan production --save      {}", KEEP.say(language)),
        format!("{tokaido} approve PLAN --key FILE     {}", SIGN.say(language)),
        format!("{tokaido} apply PLAN"),
    ]
}

/// The next step for a plan that a policy refuses; an emergency override is the only other way.
pub fn next_of_denied(tokaido: &str, environment: Environment, target: &str, language: Language) -> Vec<String> {
    vec![
        format!("{tokaido} plan {environment}    {}", AFTER.say(language)),
        format!("{tokaido} apply {target} --emergency REASON    {}", PAST.say(language)),
    ]
}

pub fn next(cli: &Cli, plan: &Plan, saved: Option<&str>, language: Language) -> Vec<String> {
    let (tokaido, environment) = (context::command(cli), plan.body.environment);
    if plan.body.is_empty() {
        return Vec::new();
    }
    if plan.body.is_denied() {
        return next_of_denied(&tokaido, environment, saved.unwrap_or(environment.as_str()), language);
    }
    match saved {
        Some(path) if environment == Environment::Production => {
            vec![format!("{tokaido} approve {path} --key FILE    {}", SIGN.say(language)), format!("{tokaido} apply {path}")]
        }
        Some(path) => vec![format!("{tokaido} apply {path}")],
        None if environment == Environment::Production => signed(&tokaido, language),
        None => vec![
            format!("{tokaido} plan {environment} --save    {}", KEEP.say(language)),
            format!("{tokaido} apply {environment}          {}", AGAIN.say(language)),
        ],
    }
}

const KEEP: Explained = Explained::new("keep this plan for review", "この計画をレビュー用に保存する");

const SIGN: Explained = Explained::new("each approver, after reading it", "承認者ごとに、内容を読んでから");

const AGAIN: Explained = Explained::new("plan again, ask, and apply", "もう一度計画し、確認してから適用する");

const AFTER: Explained =
    Explained::new("after what the policies name was changed", "ポリシーが示す箇所を直してから、もう一度計画する");

const PAST: Explained = Explained::new(
    "goes past them: recorded, and open until a second person reviews it",
    "ポリシーを越えて適用する。記録され、別の人が確認するまで残る",
);
