//! What a policy file must look like, whatever it asks: its package, what it defines, what it may call, and that it ends.
//! Imports `model`.

use std::collections::{BTreeMap, BTreeSet};

use regorus::unstable::{ArithOp, Expr, Literal, Module, Query, Ref, Rule, RuleHead, Span};

use crate::builtins;
use crate::finding::{Code, Finding, Place, Text};
use crate::product::{Origin, nearest, stem};

/// Rules that lead through more others than this are not followed, and each is a call deeper in the engine.
const DEEPEST: usize = 64;

/// Counted in characters, as everywhere else; regorus counts a tab as four.
pub(crate) fn place_of(span: &Span) -> Place {
    let before = span.source.contents().get(..span.start as usize).unwrap_or_default();
    let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
    Place { line: span.line as usize, column }
}

/// Where an expression begins: its own span may be that of its last dot or of its operator.
pub(crate) fn head(expr: &Expr) -> &Span {
    match expr {
        Expr::RefDot { refr, .. } | Expr::RefBrack { refr, .. } => head(refr),
        Expr::Call { fcn, .. } => head(fcn),
        Expr::BinExpr { lhs, .. } | Expr::BoolExpr { lhs, .. } | Expr::ArithExpr { lhs, .. } | Expr::AssignExpr { lhs, .. } => {
            head(lhs)
        }
        Expr::Membership { key, value, .. } => head(key.as_ref().unwrap_or(value)),
        _ => expr.span(),
    }
}

/// The definition of `broken` when everything else may be looked at: no rule leads back to itself.
pub(crate) fn check(origin: Origin<'_>, module: &Module, findings: &mut Vec<Finding>) -> Option<Place> {
    package(origin, module, findings);
    let rules = by_name(module, findings);
    let broken = sets(module, &rules, findings);
    for rule in &module.policy {
        visit_rule(rule, &mut |expr, within| {
            called(origin, expr, within, &rules, findings);
            times(expr, findings);
        });
    }
    withs(origin, module, findings);
    let ends = ends(&rules, findings);
    broken.filter(|_| ends)
}

fn package(origin: Origin<'_>, module: &Module, findings: &mut Vec<Finding>) {
    let Origin { file, product } = origin;
    let wanted = format!("{}.{}", product.name, stem(file).replace('-', "_"));
    let named = path(&module.package.refr).unwrap_or_default();
    if named != wanted {
        let place = place_of(head(&module.package.refr));
        let message = (
            format!("the package is `{named}` and the file is {file}"),
            format!("パッケージは `{named}` ですが、ファイルは {file} です"),
        );
        findings.push(Finding::new(Code::Name, place, message).expected(Text::same(format!("`package {wanted}`"))));
    }
    let code = stem(file);
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if !code.starts_with(|c: char| c.is_ascii_lowercase()) || !code.chars().all(plain) || code.ends_with('-') {
        let place = Place::START;
        findings.push(
            Finding::new(
                Code::Name,
                place,
                (format!("a policy cannot be called `{code}`"), format!("ポリシーの名前に `{code}` は使えません")),
            )
            .expected((
                "a file name of small letters, digits and hyphens, beginning with a letter: no-open-ingress.rego",
                "英小文字で始まり、英小文字、数字、ハイフンからなるファイル名: no-open-ingress.rego",
            )),
        );
    }
    for import in &module.imports {
        let path = path(&import.refr).unwrap_or_default();
        if path != "rego.v1" && !path.starts_with("future.keywords") {
            let place = place_of(head(&import.refr));
            findings.push(
                Finding::new(
                    Code::Alone,
                    place,
                    (
                        format!("`import {path}` brings in what is not in this file"),
                        format!("`import {path}` はファイルの外のものを取り込みます"),
                    ),
                )
                .expected((
                    "no import: what is asked about begins with `input.`, what is defined here is called by its name",
                    "`import` を除く。判定の対象は `input.` で始め、このファイルの規則は名前だけで呼び出します",
                )),
            );
        }
    }
}

/// All definitions of each name.
pub(crate) type Rules = BTreeMap<String, Vec<Ref<Rule>>>;

pub(crate) fn refr(rule: &Rule) -> &Ref<Expr> {
    match rule {
        Rule::Default { refr, .. } => refr,
        Rule::Spec { head, .. } => match head {
            RuleHead::Compr { refr, .. } | RuleHead::Set { refr, .. } | RuleHead::Func { refr, .. } => refr,
        },
    }
}

/// The name that a rule's head begins with, and whether nothing but brackets follows.
fn name(refr: &Expr) -> Option<(String, bool)> {
    match refr {
        Expr::Var { span, .. } => Some((span.text().to_owned(), true)),
        Expr::RefBrack { refr, .. } => name(refr),
        Expr::RefDot { refr, .. } => name(refr).map(|(name, _)| (name, false)),
        _ => None,
    }
}

fn by_name(module: &Module, findings: &mut Vec<Finding>) -> Rules {
    let mut rules = Rules::new();
    for rule in &module.policy {
        match name(refr(rule)) {
            Some((name, true)) if !["input", "data"].contains(&name.as_str()) => {
                rules.entry(name).or_default().push(rule.clone());
            }
            _ => {
                let place = place_of(head(refr(rule)));
                let name = refr(rule).span().text();
                let message = (format!("`{name}` cannot be the name of a rule"), format!("規則の名前に `{name}` は使えません"));
                let expected = ("one name: letters, digits and _", "英字、数字、_ からなる一つの名前");
                findings.push(Finding::new(Code::Rules, place, message).expected(expected));
            }
        }
    }
    rules
}

/// The names defined here, for the tracer.
pub(crate) fn rules(module: &Module) -> Rules {
    by_name(module, &mut Vec::new())
}

/// `checked` once or more, `broken` exactly once, both as sets.
fn sets(module: &Module, rules: &Rules, findings: &mut Vec<Finding>) -> Option<Place> {
    let end = place_of(&module.package.span);
    for (set, example) in [
        ("checked", "`checked contains resource.id if some resource in input.planned[\"db-instance\"]`"),
        ("broken", "`broken contains {\"id\": resource.id, \"en\": \"…\", \"ja\": \"…\"} if { … }`"),
    ] {
        let Some(definitions) = rules.get(set) else {
            let message = (format!("`{set}` is not defined"), format!("`{set}` が定義されていません"));
            findings.push(Finding::new(Code::Rules, end, message).expected(Text::same(example)));
            continue;
        };
        for rule in definitions {
            if !matches!(**rule, Rule::Spec { head: RuleHead::Set { key: Some(_), .. }, .. }) {
                let place = place_of(head(refr(rule)));
                let message = (format!("`{set}` is not defined as a set"), format!("`{set}` が集合として定義されていません"));
                findings.push(Finding::new(Code::Rules, place, message).expected(Text::same(example)));
            }
        }
        if set == "broken"
            && let [first, second, ..] = &definitions[..]
        {
            findings.push(
                Finding::new(
                    Code::Rules,
                    place_of(head(refr(second))),
                    ("`broken` is defined twice", "`broken` が二度定義されています"),
                )
                .expected((
                    "one definition, so that a refusal has one line; alternatives are helper rules that it calls",
                    "一つの定義。拒否の理由が一行で示せるように、場合分けは `broken` が呼び出す補助の規則に書きます",
                ))
                .related(("first defined here", "最初に定義されている場所"), place_of(head(refr(first)))),
            );
        }
    }
    rules.get("broken").and_then(|definitions| definitions.first()).map(|rule| place_of(head(refr(rule))))
}

/// The text of a literal.
pub(crate) fn text(expr: &Expr) -> Option<String> {
    match expr {
        Expr::String { value, .. } | Expr::RawString { value, .. } => value.as_string().ok().map(ToString::to_string),
        _ => None,
    }
}

/// `a.b.c` of nothing but names; `None` for anything else.
pub(crate) fn path(expr: &Expr) -> Option<String> {
    match expr {
        Expr::Var { span, .. } => Some(span.text().to_owned()),
        Expr::RefDot { refr, field, .. } => Some(format!("{}.{}", path(refr)?, field.0.text())),
        Expr::RefBrack { refr, index, .. } => Some(format!("{}.{}", path(refr)?, text(index)?)),
        _ => None,
    }
}

/// Functions, and names that lead out of the file.
fn called(origin: Origin<'_>, expr: &Expr, within: Within, rules: &Rules, findings: &mut Vec<Finding>) {
    if let Expr::Var { span, .. } = expr
        && span.text() == "data"
        && within != Within::Head
    {
        findings.push(
            Finding::new(
                Code::Alone,
                place_of(span),
                ("`data` is what is not in this file", "`data` はファイルの外のものを指します"),
            )
            .expected((
                "`input.…` for what is judged; a rule of this file by its name alone",
                "判定の対象は `input.…`、このファイルの規則は名前だけで指定します",
            )),
        );
    }
    let Expr::Call { fcn, params, .. } = expr else { return };
    let place = place_of(head(fcn));
    let Some(name) = path(fcn) else { return };
    if let Some(definitions) = rules.get(&name) {
        return arity(&name, params.len(), place, definitions, findings);
    }
    if name == "data" || name.starts_with("data.") {
        return;
    }
    if let Some((why, instead)) = builtins::refused(&name) {
        let message = (format!("`{name}` cannot be used: {}", why.0), format!("`{name}` は使えません。{}", why.1));
        findings.push(Finding::new(Code::ImpureBuiltin, place, message).expected(instead.said(origin.product)));
    } else if builtins::gives(&name).is_none() {
        let known = builtins::ALLOWED.iter().map(|(name, _)| *name).chain(rules.keys().map(String::as_str));
        let message = (format!("a policy cannot call `{name}`"), format!("ポリシーから `{name}` を呼び出すことはできません"));
        let finding = Finding::new(Code::UnknownFunction, place, message);
        findings.push(finding.expected(nearest(&name, known, origin.product)));
    } else if name == "sprintf" {
        format(params, findings);
    }
}

/// Rules that multiply each other's results double the digits with every one, and a single multiplication of such numbers
/// is one step to the engine, which looks at its clock only between two.
fn times(expr: &Expr, findings: &mut Vec<Finding>) {
    fn number(expr: &Expr) -> bool {
        match expr {
            Expr::Number { .. } => true,
            Expr::UnaryExpr { expr, .. } => number(expr),
            _ => false,
        }
    }
    if let Expr::ArithExpr { op: ArithOp::Mul, lhs, rhs, .. } = expr
        && !number(lhs)
        && !number(rhs)
    {
        let message = (
            "a multiplication of two numbers that are not written here cannot be used: numbers would grow without end, and no \
             limit of time stops it",
            "ここに書かれていない二つの数の掛け算は使えません。数が際限なく大きくなり、時間の制限でも止まりません",
        );
        let finding = Finding::new(Code::ImpureBuiltin, place_of(head(expr)), message);
        findings.push(
            finding.expected(("one of the two written as a number: `size * 1024`", "どちらか一方を数で書く: `size * 1024`")),
        );
    }
}

/// One argument too many is where the engine puts what the function is worth: `f(x, y)` for `y = f(x)`.
fn arity(name: &str, given: usize, place: Place, definitions: &[Ref<Rule>], findings: &mut Vec<Finding>) {
    let takes = |rule: &Ref<Rule>| match &**rule {
        Rule::Spec { head: RuleHead::Func { args, .. }, .. } | Rule::Default { args, .. } => args.len(),
        Rule::Spec { .. } => 0,
    };
    if let Some(rule) = definitions.iter().find(|rule| takes(rule) != given) {
        let (message, expected) = match takes(rule) {
            0 => (
                (format!("`{name}` is no function"), format!("`{name}` は関数ではありません")),
                (format!("`{name}`, without brackets"), format!("括弧のない `{name}`")),
            ),
            takes => (
                (
                    format!("`{name}` is given {given} values and takes {takes}"),
                    format!("`{name}` の引数は {takes} 個ですが、{given} 個が渡されています"),
                ),
                (format!("as many as it takes: {takes}"), format!("{takes} 個の引数")),
            ),
        };
        let defined = place_of(head(refr(rule)));
        findings.push(
            Finding::new(Code::UnknownFunction, place, message)
                .expected(expected)
                .related(("defined here", "定義されている場所"), defined),
        );
    }
}

/// A width of a billion makes a text of a billion letters, which no limit of time stops.
fn format(params: &[Ref<Expr>], findings: &mut Vec<Finding>) {
    let Some(first) = params.first() else { return };
    let place = place_of(head(first));
    let Some(text) = text(first) else {
        findings.push(
            Finding::new(
                Code::ImpureBuiltin,
                place,
                ("what `sprintf` writes is not said here", "`sprintf` の書式がここに書かれていません"),
            )
            .expected((
                "the format as text in the call itself: `sprintf(\"%s is open\", [name])`",
                "呼び出しの中に文字列で書いた書式: `sprintf(\"%s is open\", [name])`",
            )),
        );
        return;
    };
    let wide = text.split('%').skip(1).any(|rest| {
        let width = rest.chars().take_while(|c| c.is_ascii_digit() || "+-# .*".contains(*c));
        width.clone().filter(char::is_ascii_digit).count() > 3 || width.into_iter().any(|c| c == '*')
    });
    if wide {
        let message =
            ("the width in this format makes as much text as it is told to", "この書式の幅では、いくらでも長い文字列ができます");
        let finding = Finding::new(Code::ImpureBuiltin, place, message);
        findings.push(finding.expected(("a width of at most three digits", "三桁までの幅")));
    }
}

fn withs(origin: Origin<'_>, module: &Module, findings: &mut Vec<Finding>) {
    for rule in &module.policy {
        visit_queries(rule, &mut |query| {
            for with in query.stmts.iter().flat_map(|statement| &statement.with_mods) {
                let message =
                    ("`with` puts something else in place of what is judged", "`with` は判定の対象を別のものに置き換えます");
                let finding = Finding::new(Code::Alone, place_of(&with.span), message);
                let cases = origin.product.cases;
                let expected = (
                    format!("the rule without `with`; other input is for the cases under {cases}"),
                    format!("`with` のない規則。別の入力は {cases} のテストケースに書きます"),
                );
                findings.push(finding.expected(expected));
            }
        });
    }
}

/// OPA refuses a rule that leads back to itself; regorus goes round until the stack ends.
fn ends(rules: &Rules, findings: &mut Vec<Finding>) -> bool {
    let mut edges: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for (name, definitions) in rules {
        let to = edges.entry(name).or_default();
        for rule in definitions {
            visit_rule(rule, &mut |expr, within| {
                if let Expr::Var { span, .. } = expr
                    && within != Within::Head
                    && let Some((known, _)) = rules.get_key_value(span.text())
                {
                    to.insert(known);
                }
            });
        }
    }
    let mut depths = BTreeMap::new();
    for name in edges.keys() {
        if let Err(circle) = depth(name, &edges, &mut Vec::new(), &mut depths) {
            let place = place_of(head(refr(&rules[circle[0]][0])));
            let way = circle.iter().chain([&circle[0]]).map(|name| format!("`{name}`")).collect::<Vec<_>>().join(" → ");
            let message = (format!("this rule leads back to itself: {way}"), format!("この規則は自分自身に戻ります: {way}"));
            let expected = ("rules that do not use themselves", "自分自身を使わない規則");
            findings.push(Finding::new(Code::Endless, place, message).expected(expected));
            return false;
        }
    }
    let deepest = depths.iter().max_by_key(|(_, depth)| **depth);
    if let Some((name, _)) = deepest.filter(|(_, depth)| **depth > DEEPEST) {
        let place = place_of(head(refr(&rules[*name][0])));
        let message = (
            format!("`{name}` leads through more than {DEEPEST} rules, one after the other"),
            format!("`{name}` は {DEEPEST} を超える規則を順に経由します"),
        );
        let expected = ("fewer rules on the way", "経由する規則を減らす");
        findings.push(Finding::new(Code::Endless, place, message).expected(expected));
        return false;
    }
    true
}

/// How many rules a name leads through, or the circle it is in.
fn depth<'a>(
    name: &'a str,
    edges: &BTreeMap<&'a str, BTreeSet<&'a str>>,
    way: &mut Vec<&'a str>,
    known: &mut BTreeMap<&'a str, usize>,
) -> Result<usize, Vec<&'a str>> {
    if let Some(depth) = known.get(name) {
        return Ok(*depth);
    }
    if let Some(begin) = way.iter().position(|on| *on == name) {
        return Err(way[begin..].to_vec());
    }
    way.push(name);
    let mut deepest = 0;
    for next in &edges[name] {
        deepest = deepest.max(depth(next, edges, way, known)? + 1);
    }
    way.pop();
    known.insert(name, deepest);
    Ok(deepest)
}

/// Where an expression stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Within {
    /// The name that a rule defines.
    Head,
    /// The name of a function that is called.
    Function,
    Value,
}

/// Calls `f` on every expression of a rule, at any depth.
pub(crate) fn visit_rule(rule: &Rule, f: &mut dyn FnMut(&Expr, Within)) {
    let Rule::Spec { head, bodies, .. } = rule else {
        if let Rule::Default { refr, args, value, .. } = rule {
            visit_head(refr, f);
            args.iter().chain([value]).for_each(|expr| visit(expr, Within::Value, f));
        }
        return;
    };
    visit_head(refr(rule), f);
    match head {
        RuleHead::Compr { assign, .. } => assign.iter().for_each(|assign| visit(&assign.value, Within::Value, f)),
        RuleHead::Set { key, .. } => key.iter().for_each(|key| visit(key, Within::Value, f)),
        RuleHead::Func { args, assign, .. } => {
            args.iter().chain(assign.iter().map(|assign| &assign.value)).for_each(|expr| visit(expr, Within::Value, f));
        }
    }
    for body in bodies {
        body.assign.iter().for_each(|assign| visit(&assign.value, Within::Value, f));
        visit_query(&body.query, f);
    }
}

fn visit_head(refr: &Expr, f: &mut dyn FnMut(&Expr, Within)) {
    f(refr, Within::Head);
    if let Expr::RefBrack { refr, index, .. } = refr {
        visit_head(refr, f);
        visit(index, Within::Value, f);
    }
}

fn visit_query(query: &Query, f: &mut dyn FnMut(&Expr, Within)) {
    for statement in &query.stmts {
        match &statement.literal {
            Literal::SomeVars { .. } => {}
            Literal::SomeIn { key, value, collection, .. } => {
                key.iter().chain([value, collection]).for_each(|expr| visit(expr, Within::Value, f));
            }
            Literal::Expr { expr, .. } | Literal::NotExpr { expr, .. } => visit(expr, Within::Value, f),
            Literal::Every { domain, query, .. } => {
                visit(domain, Within::Value, f);
                visit_query(query, f);
            }
        }
    }
}

fn visit(expr: &Expr, within: Within, f: &mut dyn FnMut(&Expr, Within)) {
    f(expr, within);
    let mut each = |expr: &Expr| visit(expr, Within::Value, f);
    match expr {
        Expr::String { .. }
        | Expr::RawString { .. }
        | Expr::Number { .. }
        | Expr::Bool { .. }
        | Expr::Null { .. }
        | Expr::Var { .. } => {}
        Expr::Array { items, .. } | Expr::Set { items, .. } => items.iter().for_each(|item| each(item)),
        Expr::Object { fields, .. } => fields.iter().for_each(|(_, key, value)| {
            each(key);
            each(value);
        }),
        Expr::ArrayCompr { term, query, .. } | Expr::SetCompr { term, query, .. } => {
            each(term);
            visit_query(query, f);
        }
        Expr::ObjectCompr { key, value, query, .. } => {
            each(key);
            each(value);
            visit_query(query, f);
        }
        Expr::Call { fcn, params, .. } => {
            for param in params {
                each(param);
            }
            visit(fcn, Within::Function, f);
        }
        Expr::UnaryExpr { expr, .. } => each(expr),
        Expr::RefDot { refr, .. } => visit(refr, within, f),
        Expr::RefBrack { refr, index, .. } => {
            each(index);
            visit(refr, within, f);
        }
        Expr::BinExpr { lhs, rhs, .. }
        | Expr::BoolExpr { lhs, rhs, .. }
        | Expr::ArithExpr { lhs, rhs, .. }
        | Expr::AssignExpr { lhs, rhs, .. } => {
            each(lhs);
            each(rhs);
        }
        Expr::Membership { key, value, collection, .. } => {
            key.iter().chain([value, collection]).for_each(|expr| each(expr));
        }
    }
}

/// Calls `f` on every query of a rule, those inside of others too.
pub(crate) fn visit_queries(rule: &Rule, f: &mut dyn FnMut(&Query)) {
    let mut inner: Vec<Ref<Query>> = Vec::new();
    if let Rule::Spec { bodies, .. } = rule {
        inner.extend(bodies.iter().map(|body| body.query.clone()));
    }
    visit_rule(rule, &mut |expr, _| match expr {
        Expr::ArrayCompr { query, .. } | Expr::SetCompr { query, .. } | Expr::ObjectCompr { query, .. } => {
            inner.push(query.clone());
        }
        _ => {}
    });
    let mut index = 0;
    while let Some(query) = inner.get(index).cloned() {
        f(&query);
        inner.extend(query.stmts.iter().filter_map(|statement| match &statement.literal {
            Literal::Every { query, .. } => Some(query.clone()),
            _ => None,
        }));
        index += 1;
    }
}
