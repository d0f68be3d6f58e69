//! What a rule is worth has a value whenever its body holds. The engine forgets everything that a rule has found as soon as
//! its head is undefined once: one resource without a field would take back the refusals of all the others.

use regorus::unstable::{Expr, Ref, Rule, RuleHead};

use super::ty::Alt;
use super::{Env, Tracer};
use crate::check::{self, text};
use crate::finding::{Code, Text};

/// Of the allowed functions these have no value for some arguments; the others fail aloud.
const PARTIAL: &[&str] = &["array.slice", "max", "min"];

/// What may be undefined, and why.
type Gap<'e> = (&'e Expr, Text);

impl Tracer<'_> {
    /// Refuses what may be undefined in the head of a rule.
    pub(super) fn demand_defined(&mut self, head: &Expr, env: &mut Env) {
        let Some((expr, why)) = self.quietly(|tracer| tracer.gap(head, env)) else { return };
        let (spelled, variable) = (spelled(expr), variable(expr));
        let message = (
            format!("`{spelled}` may be undefined: {}. One undefined head makes a rule forget all that it has found", why.en),
            format!(
                "`{spelled}` には値がないことがあります。{}。ヘッドに一つでも値がないと、規則はそれまでの結果を失います",
                why.ja
            ),
        );
        let expected = (
            format!("a variable of the body: `{variable} := {spelled}` there, and `{variable}` here"),
            format!("本体の変数。本体に `{variable} := {spelled}`、ここに `{variable}` と書きます"),
        );
        self.say(Code::MayBeUndefined, check::head(expr), message, expected);
    }

    fn gap<'e>(&mut self, expr: &'e Expr, env: &mut Env) -> Option<Gap<'e>> {
        match expr {
            Expr::String { .. }
            | Expr::RawString { .. }
            | Expr::Number { .. }
            | Expr::Bool { .. }
            | Expr::Null { .. }
            // What finds nothing is empty.
            | Expr::ArrayCompr { .. }
            | Expr::SetCompr { .. }
            | Expr::ObjectCompr { .. } => None,
            Expr::Var { span, .. } => self.gap_of_name(expr, span.text(), env),
            Expr::Array { items, .. } | Expr::Set { items, .. } => self.gap_in(items, env),
            Expr::Object { fields, .. } => fields.iter().find_map(|(_, key, value)| {
                self.gap(key, env).or_else(|| self.gap(value, env))
            }),
            Expr::RefDot { refr, field, .. } => self.gap_of_field(expr, refr, field.0.text(), env),
            Expr::RefBrack { refr, index, .. } => match text(index) {
                Some(name) => self.gap_of_field(expr, refr, &name, env),
                None => Some((expr, ("nothing may be found under this index", "この添字に値がないことがあります").into())),
            },
            Expr::Call { fcn, params, .. } => self.gap_of_call(expr, fcn, params, env),
            Expr::UnaryExpr { expr, .. } => self.gap(expr, env),
            Expr::BinExpr { lhs, rhs, .. } | Expr::BoolExpr { lhs, rhs, .. } | Expr::ArithExpr { lhs, rhs, .. } => {
                self.gap(lhs, env).or_else(|| self.gap(rhs, env))
            }
            Expr::Membership { key, value, collection, .. } => {
                key.iter().chain([value, collection]).find_map(|expr| self.gap(expr, env))
            }
            Expr::AssignExpr { .. } => Some((expr, ("the two sides may differ", "両辺が異なることがあります").into())),
        }
    }

    fn gap_in<'e>(&mut self, items: &'e [Ref<Expr>], env: &mut Env) -> Option<Gap<'e>> {
        items.iter().find_map(|item| self.gap(item, env))
    }

    fn gap_of_name<'e>(&self, expr: &'e Expr, name: &str, env: &Env) -> Option<Gap<'e>> {
        // Of `data` `check` says what is wrong.
        let defined = env.contains_key(name) || ["input", "data"].contains(&name) || self.is_total(name);
        let why = if self.rules.contains_key(name) {
            ("the condition of this rule may not hold", "この規則の条件が成り立たないことがあります")
        } else {
            ("nothing binds it", "値が与えられていません")
        };
        (!defined).then(|| (expr, why.into()))
    }

    fn gap_of_field<'e>(&mut self, expr: &'e Expr, owner: &'e Expr, name: &str, env: &mut Env) -> Option<Gap<'e>> {
        if check::path(expr).is_some_and(|path| path.starts_with("data.")) {
            return None;
        }
        if let Some(gap) = self.gap(owner, env) {
            return Some(gap);
        }
        let owner = self.reference(owner, env).unwrap_or_default();
        // Nothing is known where something else is wrong already.
        let silent = owner.0.is_empty() && self.findings.is_empty();
        let absent = |alt: &Alt| match alt {
            Alt::Input(place) => !self.schema.always(place, name),
            Alt::Object(fields, _) => !fields.contains_key(name),
            _ => true,
        };
        (silent || owner.0.iter().any(absent)).then(|| {
            let why = (format!("`{name}` is not always there"), format!("`{name}` は常にあるとは限りません"));
            (expr, why.into())
        })
    }

    fn gap_of_call<'e>(&mut self, expr: &'e Expr, fcn: &Expr, params: &'e [Ref<Expr>], env: &mut Env) -> Option<Gap<'e>> {
        let name = check::path(fcn).unwrap_or_default();
        if self.rules.contains_key(&name) {
            return Some((
                expr,
                ("no definition of this function may hold", "この関数のどの定義も成り立たないことがあります").into(),
            ));
        }
        if PARTIAL.contains(&name.as_str()) {
            let why = (format!("of nothing `{name}` gives nothing"), format!("空の値に対する `{name}` には値がありません"));
            return Some((expr, why.into()));
        }
        self.gap_in(params, env)
    }

    /// Whether a rule has a value whatever the input: its own head is looked at where it is defined.
    fn is_total(&self, name: &str) -> bool {
        let total = |rule: &Ref<Rule>| match &**rule {
            Rule::Default { .. } => true,
            Rule::Spec { head: RuleHead::Set { refr, .. }, .. } => matches!(**refr, Expr::Var { .. }),
            // What finds nothing is an empty object; a key that is written out is as good as a name.
            Rule::Spec { head: RuleHead::Compr { refr, .. }, bodies, .. } => match &**refr {
                Expr::RefBrack { refr, index, .. } => matches!(**refr, Expr::Var { .. }) && text(index).is_none(),
                _ => bodies.is_empty() || bodies.iter().any(|body| body.query.stmts.is_empty()),
            },
            Rule::Spec { head: RuleHead::Func { .. }, .. } => false,
        };
        !self.is_function(name) && self.rules.get(name).is_some_and(|definitions| definitions.iter().any(total))
    }
}

/// As it is written, as far as that is short.
fn spelled(expr: &Expr) -> String {
    match expr {
        Expr::Var { span, .. } | Expr::Number { span, .. } => span.text().to_owned(),
        Expr::RefDot { refr, field, .. } => format!("{}.{}", spelled(refr), field.0.text()),
        Expr::RefBrack { refr, index, .. } => {
            let index = text(index).map_or_else(|| spelled(index), |name| format!("\"{name}\""));
            format!("{}[{index}]", spelled(refr))
        }
        Expr::Call { fcn, params, .. } => {
            let given: Vec<String> =
                params.iter().map(|param| text(param).map_or_else(|| spelled(param), |_| "…".to_owned())).collect();
            format!("{}({})", check::path(fcn).unwrap_or_default(), given.join(", "))
        }
        _ => "…".to_owned(),
    }
}

/// A name for it: `risk` for `change.risks[0]`.
fn variable(expr: &Expr) -> String {
    let name = match expr {
        Expr::RefDot { field, .. } => field.0.text().to_owned(),
        Expr::RefBrack { refr, index, .. } => match text(index) {
            Some(name) => name,
            None => variable(refr).trim_end_matches('s').to_owned(),
        },
        _ => String::new(),
    };
    let plain = !name.is_empty() && name.chars().all(|letter| letter.is_ascii_lowercase() || letter == '_');
    if plain { name } else { "value".to_owned() }
}
