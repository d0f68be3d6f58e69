//! Expressions: what each can be, and which variables it binds.

use std::collections::BTreeMap;

use regorus::unstable::{AssignOp, BoolOp, Expr, Ref};

use super::ty::{Alt, Ty};
use super::{Env, Tracer};
use crate::builtins::{self, Gives};
use crate::check::{self, text};
use crate::finding::{Code, Text};
use crate::schema::Schema;

impl Tracer<'_> {
    /// `None` while a variable in it is not known yet, and when the policy is too intricate to go on.
    pub(super) fn expr(&mut self, expr: &Expr, env: &mut Env) -> Option<Ty> {
        let span = check::head(expr);
        if !self.step(1, span) {
            return None;
        }
        let ty = self.followed(expr, env)?;
        self.weigh(ty, span)
    }

    fn followed(&mut self, expr: &Expr, env: &mut Env) -> Option<Ty> {
        match expr {
            Expr::String { .. } | Expr::RawString { .. } => Some(Ty::one(Alt::Word(text(expr).unwrap_or_default()))),
            Expr::Number { .. } => Some(Ty::one(Alt::Number)),
            Expr::Bool { .. } => Some(Ty::one(Alt::Bool)),
            Expr::Null { .. } => Some(Ty::one(Alt::Null)),
            Expr::Var { .. } | Expr::RefDot { .. } | Expr::RefBrack { .. } => {
                let ty = self.reference(expr, env)?;
                self.taken_whole(&ty);
                Some(ty)
            }
            Expr::Array { items, .. } => Some(Ty::one(Alt::List(self.all(items, env)?))),
            Expr::Set { items, .. } => Some(Ty::one(Alt::Set(self.all(items, env)?))),
            Expr::Object { fields, .. } => {
                let (mut named, mut rest) = (BTreeMap::new(), None::<(Ty, Ty)>);
                let mut whole = true;
                for (_, key, value) in fields {
                    let value = self.expr(value, env);
                    match (text(key), self.expr(key, env), value) {
                        (Some(name), _, Some(value)) => _ = named.insert(name, value),
                        (None, Some(key), Some(value)) => {
                            let (keys, values) = rest.unwrap_or_default();
                            rest = Some((keys.or(key), values.or(value)));
                        }
                        _ => whole = false,
                    }
                }
                whole.then(|| Ty::one(Alt::Object(named, rest.map(Box::new))))
            }
            Expr::ArrayCompr { term, query, .. } => {
                let mut inner = self.query(query, env);
                Some(Ty::one(Alt::List(self.expr(term, &mut inner)?)))
            }
            Expr::SetCompr { term, query, .. } => {
                let mut inner = self.query(query, env);
                Some(Ty::one(Alt::Set(self.expr(term, &mut inner)?)))
            }
            Expr::ObjectCompr { key, value, query, .. } => {
                let mut inner = self.query(query, env);
                let (key, value) = (self.expr(key, &mut inner), self.expr(value, &mut inner));
                Some(Ty::one(Alt::Object(BTreeMap::new(), Some(Box::new((key?, value?))))))
            }
            Expr::Call { fcn, params, .. } => self.call(fcn, params, env),
            Expr::UnaryExpr { expr, .. } => self.expr(expr, env).map(|_| Ty::one(Alt::Number)),
            Expr::BinExpr { lhs, rhs, .. } => {
                let (left, right) = (self.expr(lhs, env), self.expr(rhs, env));
                Some(left?.or(right?))
            }
            Expr::ArithExpr { lhs, rhs, .. } => {
                let (left, right) = (self.expr(lhs, env)?, self.expr(rhs, env)?);
                // `a - b` of sets is what is left of `a`.
                let sets = |ty: &Ty| Ty(ty.0.iter().filter(|alt| matches!(alt, Alt::Set(_))).cloned().collect());
                let (left, right) = (sets(&left), sets(&right));
                Some(if left.0.is_empty() && right.0.is_empty() { Ty::plain() } else { left })
            }
            Expr::BoolExpr { op, lhs, rhs, .. } => {
                let (left, right) = (self.expr(lhs, env), self.expr(rhs, env));
                if let (Some(left), Some(right)) = (left, right) {
                    match op {
                        BoolOp::Eq | BoolOp::Ne => self.compare(&left, &right, check::head(lhs)),
                        BoolOp::Lt | BoolOp::Le | BoolOp::Ge | BoolOp::Gt => self.order(&left, &right, check::head(lhs)),
                    }
                }
                Some(Ty::plain())
            }
            Expr::AssignExpr { op, lhs, rhs, span, .. } => {
                self.assign(op, lhs, rhs, span.start, env);
                Some(Ty::plain())
            }
            Expr::Membership { key, value, collection, .. } => {
                let collected = self.expr(collection, env);
                let found = self.expr(value, env);
                if let Some(key) = key {
                    self.expr(key, env);
                }
                if let Some(collected) = collected {
                    let (element, _) = self.each(&collected, check::head(collection));
                    if let Some(found) = found {
                        self.compare(&found, &element, check::head(value));
                    }
                }
                Some(Ty::plain())
            }
        }
    }

    /// Any of them; what is known is looked at even when one is not.
    fn all(&mut self, items: &[Ref<Expr>], env: &mut Env) -> Option<Ty> {
        let found: Vec<Option<Ty>> = items.iter().map(|item| self.expr(item, env)).collect();
        found.into_iter().collect::<Option<Vec<Ty>>>().map(Ty::any)
    }

    fn is_free(&self, name: &str, env: &Env, binder: u32) -> bool {
        let bound = env.get(name).is_some_and(|(_, by)| *by != binder);
        !bound && !self.rules.contains_key(name) && name != "input"
    }

    /// Whether `=` gives a variable of this pattern its value.
    fn awaits(&self, pattern: &Expr, env: &Env, binder: u32) -> bool {
        match pattern {
            Expr::Var { span, .. } => self.is_free(span.text(), env, binder),
            Expr::Array { items, .. } => items.iter().any(|item| self.awaits(item, env, binder)),
            Expr::Object { fields, .. } => fields.iter().any(|(_, _, value)| self.awaits(value, env, binder)),
            _ => false,
        }
    }

    fn assign(&mut self, op: &AssignOp, lhs: &Expr, rhs: &Expr, binder: u32, env: &mut Env) {
        if *op == AssignOp::ColEq {
            if let Some(ty) = self.expr(rhs, env) {
                self.bind(lhs, &ty, env, binder);
            }
            return;
        }
        let (left, right) = (self.awaits(lhs, env, binder), self.awaits(rhs, env, binder));
        let (pattern, value) = match (left, right) {
            (true, _) => (lhs, rhs),
            (false, true) => (rhs, lhs),
            (false, false) => {
                self.no_object(lhs);
                self.no_object(rhs);
                if let (Some(left), Some(right)) = (self.expr(lhs, env), self.expr(rhs, env)) {
                    self.compare(&left, &right, check::head(lhs));
                }
                return;
            }
        };
        if let Some(ty) = self.expr(value, env) {
            self.bind_free(pattern, &ty, env, binder);
        }
    }

    /// Like `bind`, for `=`: what has a value already is compared.
    fn bind_free(&mut self, pattern: &Expr, ty: &Ty, env: &mut Env, binder: u32) {
        match pattern {
            Expr::Array { items, .. } => {
                let element = self.each(ty, check::head(pattern)).0;
                for item in items {
                    self.bind_free(item, &element, env, binder);
                }
            }
            Expr::Var { span, .. } if !self.is_free(span.text(), env, binder) => {
                if let Some(value) = self.expr(pattern, env) {
                    self.compare(&value, ty, check::head(pattern));
                }
            }
            _ => self.bind(pattern, ty, env, binder),
        }
    }

    /// A name and everything behind it.
    pub(super) fn reference(&mut self, expr: &Expr, env: &mut Env) -> Option<Ty> {
        match expr {
            Expr::Var { span, .. } => {
                let name = span.text();
                if let Some((ty, _)) = env.get(name) {
                    return Some(ty.clone());
                }
                if name == "input" {
                    return Some(Ty::input(Schema::root()));
                }
                if self.is_function(name) {
                    let message = (
                        format!("`{name}` is a function and has no value by itself"),
                        format!("`{name}` は関数なので、それだけでは値がありません"),
                    );
                    self.say(Code::UntraceableInput, span, message, Text::same(format!("`{name}(…)`")));
                    return Some(Ty::one(Alt::Free));
                }
                if self.rules.contains_key(name) {
                    return Some(self.rule(name));
                }
                if name != "data" {
                    self.unknown_name(span, env);
                }
                None
            }
            Expr::RefDot { refr, field, .. } => {
                let base = self.reference(refr, env)?;
                let base = self.weigh(base, check::head(expr))?;
                Some(self.field(&base, field.0.text(), &field.0))
            }
            Expr::RefBrack { refr, index, .. } => {
                let base = self.reference(refr, env).and_then(|base| self.weigh(base, check::head(expr)));
                if let Some(name) = text(index) {
                    return Some(self.field(&base?, &name, check::head(index)));
                }
                if self.awaits(index, env, index.span().start) {
                    let base = base?;
                    let (element, key) = self.each(&base, check::head(index));
                    self.bind(index, &key, env, index.span().start);
                    return Some(element);
                }
                let index_ty = self.expr(index, env);
                Some(self.index(&base?, &index_ty?, check::head(index)))
            }
            _ => self.expr(expr, env),
        }
    }

    fn call(&mut self, fcn: &Expr, params: &[Ref<Expr>], env: &mut Env) -> Option<Ty> {
        let name = check::path(fcn)?;
        let given: Vec<Option<Ty>> = params.iter().map(|param| self.expr(param, env)).collect();
        let given: Vec<Ty> = given.into_iter().collect::<Option<_>>()?;
        if self.is_function(&name) {
            return Some(self.function(&name, &given));
        }
        let first = given.first().cloned().unwrap_or_default();
        // `check` says what is wrong with any other name.
        let Some(gives) = builtins::gives(&name) else { return Some(Ty::one(Alt::Free)) };
        let place = params.first().map_or_else(|| check::head(fcn), |param| check::head(param));
        Some(match gives {
            Gives::Plain => Ty::plain(),
            Gives::Texts => Ty::one(Alt::List(Ty::plain())),
            Gives::Elements => Ty::one(Alt::List(self.each(&first, place).0)),
            Gives::Element | Gives::Inner => self.each(&first, place).0,
            Gives::Both => {
                let second = given.get(1).cloned().unwrap_or_default();
                Ty::one(Alt::List(self.each(&first.or(second), place).0))
            }
            Gives::Keys => Ty::one(Alt::Set(self.each(&first, place).1)),
            Gives::Get => {
                let key = params.get(1)?;
                let found = match (text(key), &**key) {
                    (Some(name), _) => self.field(&first, &name, check::head(key)),
                    (None, Expr::Array { items, .. }) => {
                        let mut base = first;
                        for item in items {
                            base = match text(item) {
                                Some(name) => self.field(&base, &name, check::head(item)),
                                None => self.index(&base, &Ty::plain(), check::head(item)),
                            };
                        }
                        base
                    }
                    _ => self.index(&first, given.get(1)?, check::head(key)),
                };
                found.or(given.get(2).cloned().unwrap_or_default())
            }
        })
    }
}
