//! Codes of mistakes in policies and their cases.

use crate::model::Explained;

/// By code, sorted.
pub const POLICIES: &[(&str, Explained)] = &[
    (
        "endless-policy",
        Explained::new(
            "A rule of the policy leads back to itself, or through more rules than tokaido follows.",
            "ポリシーの規則が自分自身に戻るか、多くの規則を経由しすぎています。",
        ),
    ),
    (
        "impure-builtin",
        Explained::new(
            "The function answers differently at another time or place, or makes as much as it is told to. The same plan and \
             the same files must have the same answer.",
            "時刻や場所によって結果が変わる関数、または際限なく値を作る関数です。同じ計画と同じファイルからは同じ答えが必要です。",
        ),
    ),
    (
        "may-be-undefined",
        Explained::new(
            "The head of a rule refers to what is not always there. Where it is absent the rule would forget everything that it \
             has found, the refusals of other resources too. Bind it to a variable in the body.",
            "規則の先頭で、存在しないことのある値を参照しています。値がないと、ほかの資源の違反まで失われます。本体で変数に束縛してください。",
        ),
    ),
    (
        "no-policy-engine",
        Explained::new(
            "This tokaido was built without the feature `policy`, so it cannot ask the project's policies. It refuses them \
             instead of passing over them.",
            "この tokaido は機能 policy なしで作られており、ポリシーを評価できません。無視せずに拒否します。",
        ),
    ),
    (
        "policy-alone",
        Explained::new(
            "A policy is one file and its input: no import, no `data`, no `with`.",
            "ポリシーは一つのファイルと入力だけで完結します。import、data、with は使えません。",
        ),
    ),
    (
        "policy-fails",
        Explained::new(
            "The policy cannot be evaluated even where there is nothing to judge.",
            "判定する対象がない場合でも、ポリシーを評価できません。",
        ),
    ),
    (
        "policy-metadata",
        Explained::new(
            "The block `# METADATA` above `package` says what a policy is: title in both languages, code, about, effect.",
            "package の上の # METADATA に、両言語の題名、code、about、effect を書きます。",
        ),
    ),
    (
        "policy-name",
        Explained::new(
            "File, code and package of a policy have one name: no-open-ingress.rego, `tokaido.no_open_ingress`.",
            "ファイル名、code、package は同じ名前にします（no-open-ingress.rego と tokaido.no_open_ingress）。",
        ),
    ),
    (
        "policy-rules",
        Explained::new(
            "A policy defines two sets: `checked` once or more, `broken` exactly once. Every other rule has to lead to one of them.",
            "ポリシーは集合を二つ定義します。checked は一つ以上、broken はちょうど一つです。ほかのルールはどちらかから使われる必要があります。",
        ),
    ),
    ("policy-syntax", Explained::new("This cannot be read as Rego v1.", "Rego v1 として読めません。")),
    (
        "policy-test",
        Explained::new(
            "A file under policies/tests/ says something that no case can say.",
            "policies/tests/ のファイルに、ケースとして書けない内容があります。",
        ),
    ),
    (
        "unknown-function",
        Explained::new(
            "A policy may call its own functions and those of Rego that docs/policies.md lists.",
            "呼び出せるのは、ポリシー自身の関数と docs/policies.md にある Rego の関数だけです。",
        ),
    ),
    (
        "unknown-input-field",
        Explained::new(
            "The input has no such field. In Rego that would be silence, and silence would look like a policy that is kept.",
            "入力にその項目はありません。Rego では未定義となり、守られているように見えてしまいます。",
        ),
    ),
    (
        "unknown-input-value",
        Explained::new(
            "The input never has this value there, so the comparison would always end the same way.",
            "入力のその項目がこの値になることはなく、比較の結果が常に同じになります。",
        ),
    ),
    (
        "unknown-name",
        Explained::new("The policy uses a name that nothing in it defines.", "定義されていない名前が使われています。"),
    ),
    (
        "untraceable-input",
        Explained::new(
            "Nobody can say beforehand what of the input is read here, so it cannot be checked that it exists.",
            "入力のどこを読むのかを事前に決められず、存在を確かめられません。",
        ),
    ),
    (
        "yaml-alias",
        Explained::new("A reference to another value. Write the value out.", "ほかの値への参照です。値を直接書いてください。"),
    ),
];
