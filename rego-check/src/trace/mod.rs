//! Follows every reference into the input through variables, helper rules and functions, and holds it against the
//! schema: a field that does not exist would be silence, and silence would look like a policy that is kept. What cannot
//! be followed is refused. Nothing is evaluated.

mod budget;
mod compare;
mod defined;
mod expr;
mod follow;
mod reach;
mod ty;

use std::collections::{BTreeMap, BTreeSet};

use regorus::unstable::{Expr, Literal, Module, Query, Ref, Rule, RuleHead, Span};

use self::ty::{Alt, Ty};
use crate::check::{self, Rules};
use crate::finding::{Code, Finding, Text};
use crate::product::{Product, nearest};
use crate::schema::{Pointer, Schema};

/// Variables, with the place of the statement that binds each.
type Env = BTreeMap<String, (Ty, u32)>;

/// More passes than any order of statements needs.
const PASSES: usize = 24;

/// What a policy looks at: the names that are taken of each object of the input, and the objects that are taken whole.
/// Objects are named by their place in the schema.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Looked {
    names: BTreeSet<(Pointer, String)>,
    whole: BTreeSet<Pointer>,
}

impl Looked {
    /// The names that are taken of the object at this place.
    pub fn names<'a>(&'a self, place: &'a str) -> impl Iterator<Item = &'a str> {
        self.names.iter().filter(move |(of, _)| of == place).map(|(_, name)| name.as_str())
    }

    /// Whether the object, list or value at this place is taken as one, or gone through.
    #[must_use]
    pub fn is_whole(&self, place: &str) -> bool {
        self.whole.contains(place)
    }
}

pub(crate) fn trace(product: &Product, schema: &Schema, module: &Module, findings: &mut Vec<Finding>) -> Looked {
    let mut tracer = Tracer {
        product,
        schema,
        rules: check::rules(module),
        known: BTreeMap::new(),
        calls: BTreeMap::new(),
        called: BTreeSet::new(),
        looked: Looked::default(),
        findings: Vec::new(),
        quiet: 0,
        steps: 0,
        spent: false,
    };
    let names: Vec<String> = tracer.rules.keys().cloned().collect();
    for name in &names {
        if !tracer.is_function(name) {
            tracer.rule(name);
        }
    }
    for name in &names {
        if tracer.is_function(name) && !tracer.spent && !tracer.called.contains(name) {
            let span = check::head(check::refr(&tracer.rules[name][0])).clone();
            let message = (
                format!("`{name}` is never called, so what it is asked about is not known"),
                format!("`{name}` は呼び出されないため、何について判定するのか分かりません"),
            );
            tracer.say(Code::UntraceableInput, &span, message, ("a call, or no such function", "呼び出すか、関数を除く"));
        }
    }
    findings.append(&mut tracer.findings);
    // A name that is misspelt leaves the rule that was meant without a rule that asks for it.
    if findings.is_empty() {
        reach::unasked(&tracer.rules, findings);
    }
    tracer.looked
}

struct Tracer<'a> {
    product: &'a Product,
    schema: &'a Schema,
    rules: Rules,
    /// What rules are worth that were followed already.
    known: BTreeMap<String, Ty>,
    /// The same of functions, for each list of arguments.
    calls: BTreeMap<(String, Vec<Ty>), Ty>,
    called: BTreeSet<String>,
    looked: Looked,
    findings: Vec<Finding>,
    /// Above zero while variables are still being found: what looks wrong then may only be early.
    quiet: usize,
    /// What was gone through, and whether it was too much.
    steps: usize,
    spent: bool,
}

impl Tracer<'_> {
    fn say(&mut self, code: Code, span: &Span, message: impl Into<Text>, expected: impl Into<Text>) {
        if self.quiet > 0 {
            return;
        }
        let finding = Finding::new(code, check::place_of(span), message).expected(expected);
        if !self.findings.contains(&finding) {
            self.findings.push(finding);
        }
    }

    fn is_function(&self, name: &str) -> bool {
        self.rules.get(name).is_some_and(|definitions| {
            definitions.iter().any(|rule| match &**rule {
                Rule::Spec { head, .. } => matches!(head, RuleHead::Func { .. }),
                Rule::Default { args, .. } => !args.is_empty(),
            })
        })
    }

    /// Findings of a rule are its own, whoever asks for it first.
    fn aloud<T>(&mut self, work: impl FnOnce(&mut Self) -> T) -> T {
        let quiet = std::mem::take(&mut self.quiet);
        let value = work(self);
        self.quiet = quiet;
        value
    }

    fn quietly<T>(&mut self, work: impl FnOnce(&mut Self) -> T) -> T {
        self.quiet += 1;
        let value = work(self);
        self.quiet -= 1;
        value
    }

    /// What a rule is worth.
    fn rule(&mut self, name: &str) -> Ty {
        if let Some(ty) = self.known.get(name) {
            return ty.clone();
        }
        let definitions = self.rules.get(name).cloned().unwrap_or_default();
        let ty = self.aloud(|tracer| Ty::any(definitions.iter().map(|rule| tracer.definition(rule, &[]))));
        self.known.insert(name.to_owned(), ty.clone());
        ty
    }

    fn function(&mut self, name: &str, arguments: &[Ty]) -> Ty {
        self.called.insert(name.to_owned());
        let key = (name.to_owned(), arguments.to_vec());
        if let Some(ty) = self.calls.get(&key) {
            return ty.clone();
        }
        let definitions = self.rules.get(name).cloned().unwrap_or_default();
        let ty = self.aloud(|tracer| Ty::any(definitions.iter().map(|rule| tracer.definition(rule, arguments))));
        self.calls.insert(key, ty.clone());
        ty
    }

    fn definition(&mut self, rule: &Rule, arguments: &[Ty]) -> Ty {
        let Rule::Spec { head, bodies, .. } = rule else {
            let Rule::Default { value, .. } = rule else { return Ty::default() };
            return self.head(value, &mut Env::new());
        };
        let mut outer = Env::new();
        if let RuleHead::Func { args, .. } = head {
            // `check` says that there are too few.
            let arguments = arguments.iter().cloned().chain(std::iter::repeat(Ty::one(Alt::Free)));
            for (parameter, ty) in args.iter().zip(arguments) {
                self.bind(parameter, &ty, &mut outer, parameter.span().start);
            }
        }
        // A rule without a body holds always.
        let envs: Vec<(Env, Option<&Ref<Expr>>)> = if bodies.is_empty() {
            vec![(outer, None)]
        } else {
            bodies
                .iter()
                .map(|body| (self.query(&body.query, &outer), body.assign.as_ref().map(|assign| &assign.value)))
                .collect()
        };
        let mut ty = Ty::default();
        for (mut env, own) in envs {
            ty = ty.or(match head {
                RuleHead::Set { key, .. } => {
                    let element = key.as_ref().map(|key| self.head(key, &mut env)).unwrap_or_default();
                    self.keyed(check::refr(rule), Ty::one(Alt::Set(element)), &mut env)
                }
                RuleHead::Compr { assign, .. } | RuleHead::Func { assign, .. } => {
                    let value = own.or(assign.as_ref().map(|assign| &assign.value));
                    let value = value.map_or_else(Ty::plain, |value| self.head(value, &mut env));
                    self.keyed(check::refr(rule), value, &mut env)
                }
            });
        }
        ty
    }

    /// What a rule collects; it must have a value.
    fn head(&mut self, expr: &Expr, env: &mut Env) -> Ty {
        let before = self.findings.len();
        let ty = self.expr(expr, env).unwrap_or_default();
        // What is wrong anyway is said once.
        if self.findings.len() == before && !self.spent {
            self.demand_defined(expr, env);
        }
        ty
    }

    /// `owner[id] := name`: an object with keys and values.
    fn keyed(&mut self, refr: &Expr, value: Ty, env: &mut Env) -> Ty {
        let Expr::RefBrack { refr, index, .. } = refr else { return value };
        let key = self.head(index, env);
        let object = Ty::one(Alt::Object(BTreeMap::new(), Some(Box::new((key, value)))));
        self.keyed(refr, object, env)
    }

    /// The variables of a query. Statements may stand in any order, so they are gone through until nothing new is found,
    /// and then once more aloud.
    fn query(&mut self, query: &Query, outer: &Env) -> Env {
        let mut env = outer.clone();
        for statement in &query.stmts {
            if let Literal::SomeVars { vars, .. } = &statement.literal {
                for span in vars {
                    env.remove(span.text());
                }
            }
        }
        self.quietly(|tracer| {
            for _ in 0..PASSES {
                if !tracer.pass(&env, &query.span) {
                    break;
                }
                let before = env.clone();
                query.stmts.iter().for_each(|statement| tracer.statement(&statement.literal, &mut env));
                if before == env {
                    break;
                }
            }
        });
        query.stmts.iter().for_each(|statement| self.statement(&statement.literal, &mut env));
        env
    }

    fn statement(&mut self, literal: &Literal, env: &mut Env) {
        match literal {
            Literal::SomeVars { vars, .. } => vars.iter().for_each(|span| self.own_name(span)),
            Literal::SomeIn { span, key, value, collection } => {
                let Some(collection_ty) = self.expr(collection, env) else { return };
                let (element, name) = self.each(&collection_ty, check::head(collection));
                self.bind(value, &element, env, span.start);
                if let Some(key) = key {
                    self.bind(key, &name, env, span.start);
                }
            }
            Literal::Expr { expr, .. } => _ = self.expr(expr, env),
            // What is bound in there is not bound outside.
            Literal::NotExpr { expr, .. } => _ = self.expr(expr, &mut env.clone()),
            Literal::Every { span, key, value, domain, query } => {
                let Some(domain_ty) = self.expr(domain, env) else { return };
                let (element, name) = self.each(&domain_ty, check::head(domain));
                let mut inner = env.clone();
                inner.insert(value.text().to_owned(), (element, span.start));
                if let Some(key) = key {
                    inner.insert(key.text().to_owned(), (name, span.start));
                }
                self.query(query, &inner);
            }
        }
    }

    /// A variable that is called like a rule could be either, and would be followed as the wrong one.
    fn own_name(&mut self, span: &Span) {
        let name = span.text();
        if self.rules.contains_key(name) || ["input", "data"].contains(&name) {
            let message = (
                format!("the variable `{name}` has the name of something else"),
                format!("変数 `{name}` がほかのものと同じ名前です"),
            );
            self.say(Code::UntraceableInput, span, message, ("a name of its own", "ほかと重ならない名前"));
        }
    }

    /// Gives a pattern's variables what they stand for.
    fn bind(&mut self, pattern: &Expr, ty: &Ty, env: &mut Env, binder: u32) {
        match pattern {
            Expr::Var { span, .. } => {
                if span.text() != "_" && self.step(ty.size(), span) {
                    self.own_name(span);
                    env.insert(span.text().to_owned(), (ty.clone(), binder));
                }
            }
            Expr::Array { items, .. } => {
                let element = self.each(ty, check::head(pattern)).0;
                for item in items {
                    self.bind(item, &element, env, binder);
                }
            }
            Expr::Object { fields, .. } => {
                self.no_object(pattern);
                // Its variables have values all the same, so that this is said once.
                for (_, _, value) in fields {
                    self.quietly(|tracer| tracer.bind(value, &Ty::one(Alt::Free), env, binder));
                }
            }
            _ => {
                if let Some(value) = self.expr(pattern, env) {
                    self.compare(&value, ty, check::head(pattern));
                }
            }
        }
    }

    /// Engines do not agree on whether an object as a pattern may have fewer fields than what it is held against.
    fn no_object(&mut self, pattern: &Expr) {
        match pattern {
            Expr::Object { .. } => {
                let expected = (
                    "the field by its name: `x.id == \"…\"`, `class := x.attributes.class`",
                    "項目を名前で指定する: `x.id == \"…\"`、`class := x.attributes.class`",
                );
                let message = ("an object is no pattern here", "ここではオブジェクトをパターンに使えません");
                self.say(Code::UntraceableInput, check::head(pattern), message, expected);
            }
            Expr::Array { items, .. } => items.iter().for_each(|item| self.no_object(item)),
            _ => {}
        }
    }

    /// A name that nothing binds.
    fn unknown_name(&mut self, span: &Span, env: &Env) {
        let known: Vec<&str> = self.rules.keys().chain(env.keys()).map(String::as_str).chain(["input"]).collect();
        let expected = nearest(span.text(), known, self.product);
        let name = span.text();
        let message = (format!("nothing here is called `{name}`"), format!("`{name}` という名前のものはありません"));
        self.say(Code::UnknownName, span, message, expected);
    }
}
