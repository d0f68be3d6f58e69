//! A proof of isolation, for people and for programs.

use serde::Serialize;

use crate::model::plan::SCHEMA_VERSION;
use crate::model::reason::Spoken as _;
use crate::model::{Environment, Explained, Language};
use crate::promises::judge::{Names, Proved, Step, Unknown, Unknowns, Way};
use crate::reach::{Answer, Facts, TenantAt};

use super::json;
use super::rows::{Block, Document, Entry, Line, Mark, Role, counted, title};
use super::text::{self, Style};
use super::words::{self, either};
use super::{time, world};

/// Which tenants of an environment are isolated from which.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct IsolationProof {
    pub schema_version: u32,
    pub environment: Environment,
    /// The account, twelve digits.
    pub account: String,
    /// The world that was read.
    pub world: String,
    /// When the reads began, RFC 3339.
    pub read_at: String,
    pub tenants: Vec<String>,
    /// How many ordered pairs of tenants there are, and how many of them are isolated.
    pub pairs: usize,
    pub isolated: usize,
    pub leaks: Vec<LeakSaid>,
    pub undecided: Vec<UndecidedSaid>,
    pub assumed: Vec<AssumedSaid>,
    /// What the Internet can send beyond what is allowed.
    pub entries: Vec<Way>,
    /// Hosts of which it is not known what the Internet can send to them.
    pub unsure_entries: Vec<UnsureSaid>,
}

/// From each of the first to each other of the second.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LeakSaid {
    pub from: Vec<String>,
    pub to: Vec<String>,
    /// A host or a service that belongs to both.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub host_of_both: Option<String>,
    pub path: Way,
    pub answer: Answer,
}

/// From each of the first to each other of the second.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct UndecidedSaid {
    pub from: Vec<String>,
    pub to: Vec<String>,
    pub unread: Vec<Unknown>,
}

/// From each of the first to each other of the second.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AssumedSaid {
    pub from: Vec<String>,
    pub to: Vec<String>,
    pub shared_forwarders: Vec<String>,
}

/// A host, and what would have to be read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct UnsureSaid {
    pub to: String,
    pub unread: Vec<Unknown>,
}

/// Of which environment a proof is, and what was read for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProofPlace {
    pub environment: Environment,
    pub account: String,
    pub world: String,
    pub read_at: String,
}

impl IsolationProof {
    #[must_use]
    pub fn of(place: ProofPlace, proved: &Proved) -> Self {
        let (facts, proof) = (&proved.facts, &proved.proof);
        let names = |tenants: &[TenantAt]| tenants.iter().map(|tenant| facts.tenants[*tenant].clone()).collect::<Vec<_>>();
        let unread = |all: &[usize]| all.iter().map(|at| unknown(facts, *at)).collect::<Vec<_>>();
        let pairs = facts.tenants.len() * facts.tenants.len().saturating_sub(1);
        let open: usize = proof
            .leaks
            .iter()
            .map(|leak| between(&leak.from, &leak.to))
            .chain(proof.undecided.iter().map(|undecided| between(&undecided.from, &undecided.to)))
            .sum();
        Self {
            schema_version: SCHEMA_VERSION,
            environment: place.environment,
            account: place.account,
            world: place.world,
            read_at: place.read_at,
            tenants: facts.tenants.clone(),
            pairs,
            isolated: pairs - open,
            leaks: proof
                .leaks
                .iter()
                .map(|leak| LeakSaid {
                    from: names(&leak.from),
                    to: names(&leak.to),
                    host_of_both: leak.joined.map(|point| facts.points[point].name.to_string()),
                    path: Way::of(facts, &leak.path),
                    answer: leak.answer,
                })
                .collect(),
            undecided: proof
                .undecided
                .iter()
                .map(|one| UndecidedSaid { from: names(&one.from), to: names(&one.to), unread: unread(&one.unread) })
                .collect(),
            assumed: proof
                .assumed
                .iter()
                .map(|one| AssumedSaid { from: names(&one.from), to: names(&one.to), shared_forwarders: one.forwarders.clone() })
                .collect(),
            entries: proof.entries.iter().map(|entry| Way::entering(facts, entry)).collect(),
            unsure_entries: proof
                .unsure_entries
                .iter()
                .map(|one| UnsureSaid { to: facts.points[one.to].name.to_string(), unread: unread(&one.unread) })
                .collect(),
        }
    }
}

fn unknown(facts: &Facts, at: usize) -> Unknown {
    let unread = &facts.unread[at];
    Unknown { what: unread.what.clone(), cause: unread.cause }
}

/// How many ordered pairs of different tenants two groups make.
fn between(from: &[TenantAt], to: &[TenantAt]) -> usize {
    let both = from.iter().filter(|tenant| to.contains(tenant)).count();
    from.len() * to.len() - both
}

#[must_use]
pub fn json(proof: &IsolationProof) -> String {
    json::pretty(proof)
}

/// How every export begins.
pub const EXPORT: &str = "{\n  \"facts\": {";

/// What an independent checker replays: the facts and what they prove.
#[must_use]
pub fn export(proved: &Proved) -> String {
    #[derive(Serialize)]
    struct Exported<'a> {
        facts: &'a Facts,
        proof: &'a crate::reach::Proof,
    }
    json::pretty(&Exported { facts: &proved.facts, proof: &proved.proof })
}

#[must_use]
pub fn text(proof: &IsolationProof, style: &Style, next: &[String], language: Language) -> String {
    text::document(&document(proof, next, language), style)
}

#[must_use]
pub fn document(proof: &IsolationProof, next: &[String], language: Language) -> Document {
    let mut page = Document::default();
    page.line(verdict(proof, language));
    let fact =
        |word: Explained, value: &str| Line::new().value(Role::Muted, word.say(language)).glued(Role::Plain, format!(" {value}"));
    page.line(Line::dotted([
        Line::new().value(Role::Heading, proof.environment.as_str()),
        fact(words::ACCOUNT, &proof.account),
        fact(words::READ_LIVE, &time::jst(&proof.read_at)),
    ]));
    page.line(world::line(&proof.world, language));
    let say = |en: &'static str, ja: &'static str| if language == Language::En { en } else { ja };
    let heading = title(Role::Error, say("leak", "漏れ"), proof.leaks.len(), say("a packet arrives", "通信が届きます"));
    page.section(heading, proof.leaks.iter().map(|leak| Block::Entry(leak_entry(leak, language))).collect());
    // What keeps many pairs undecided is told once.
    let mut causes: Vec<(&[Unknown], Vec<&UndecidedSaid>)> = Vec::new();
    for one in &proof.undecided {
        match causes.iter_mut().find(|(unread, _)| *unread == one.unread.as_slice()) {
            Some((_, pairs)) => pairs.push(one),
            None => causes.push((&one.unread, vec![one])),
        }
    }
    let undecided = causes.iter().map(|(unread, pairs)| {
        let unread = if unread.is_empty() { GATEWAY.say(language).to_owned() } else { said(unread, language) };
        let pairs: Vec<String> = pairs.iter().map(|one| pair(&one.from, &one.to, language)).collect();
        let head = Names(pairs).spoken(language).to_string();
        let lines = vec![Line::new().prose(Role::Plain, unread)];
        entry(Role::Warn, "?", say("undecided", "未確定"), head, lines)
    });
    let meaning = say("it depends on what was not read", "読み取っていないもの次第です");
    page.section(title(Role::Warn, say("undecided", "未確定"), proof.undecided.len(), meaning), undecided.collect());
    let assumed = proof.assumed.iter().map(|one| {
        let lines = vec![Line::listed(Role::Plain, one.shared_forwarders.iter().cloned())];
        entry(Role::Muted, "~", say("assumed", "前提"), pair(&one.from, &one.to, language), lines)
    });
    let meaning = say(
        "isolated if these shared forwarders keep tenants apart",
        "次の共有の中継がテナントを隔てるという前提で分離されています",
    );
    page.section(title(Role::Heading, say("assumed", "前提"), proof.assumed.len(), meaning), assumed.collect());
    internet(&mut page, proof, language);
    page.section(
        Line::new().value(Role::Heading, say("Assumptions", "前提条件")),
        assumptions(language).into_iter().map(Block::Line).collect(),
    );
    page.next(next, language);
    page
}

const GATEWAY: Explained = Explained::new(
    "how the transit gateway treats zones and security groups, which is not read",
    "トランジットゲートウェイでのゾーンとセキュリティグループの扱い（読み取っていません）",
);

fn said(unread: &[Unknown], language: Language) -> String {
    Unknowns(unread.to_vec()).spoken(language).to_string()
}

fn verdict(proof: &IsolationProof, language: Language) -> Line {
    let leaks = proof.leaks.len();
    let (isolated, pairs, tenants) = (proof.isolated, proof.pairs, proof.tenants.len());
    let pairs = counted(pairs, "ordered pair", "ordered pairs");
    let en = format!("{isolated} of {pairs} of {}", counted(tenants, "tenant", "tenants"));
    let counts = either(
        language,
        if isolated == proof.pairs { en } else { format!("{en} isolated") },
        format!("{tenants} テナントの順序付きの組 {} 組のうち {isolated} 組が分離されています", proof.pairs),
    );
    let (role, word) = match (leaks, proof.undecided.len()) {
        (0, 0) if proof.pairs == 0 => (Role::Ok, either(language, "nothing to isolate:", "分離の対象なし:")),
        (0, 0) => (Role::Ok, either(language, "isolated:", "分離されています:")),
        (0, _) => (Role::Warn, either(language, "undecided:", "未確定:")),
        _ => (Role::Error, either(language, "not isolated:", "分離されていません:")),
    };
    Line::new().value(role, word).prose(Role::Plain, counts)
}

fn entry(role: Role, glyph: &'static str, word: &'static str, head: String, about: Vec<Line>) -> Block {
    let mark = Some(Mark { role, glyph, word: word.to_owned() });
    Block::Entry(Entry { mark, head: Line::new().value(Role::Id, head), about, ..Entry::default() })
}

fn pair(from: &[String], to: &[String], language: Language) -> String {
    let names = |all: &[String]| Names(all.to_vec()).spoken(language).to_string();
    if from == to {
        either(language, format!("between {}", names(from)), format!("{} の間", names(from)))
    } else {
        format!("{} → {}", names(from), names(to))
    }
}

fn leak_entry(leak: &LeakSaid, language: Language) -> Entry {
    let both = leak.host_of_both.as_ref().map(|host| {
        Line::new()
            .prose(Role::Plain, either(language, format!("{host} belongs to both"), format!("{host} が両方に属しています")))
    });
    let step = |step: &Step| Line::new().prose(Role::Plain, step.spoken(language).to_string());
    let answer = match leak.answer {
        Answer::Returns if leak.host_of_both.is_none() => Some(either(language, "an answer can come back", "応答も戻れます")),
        Answer::OneWay => Some(either(language, "no answer can come back", "応答は戻れません")),
        Answer::Returns | Answer::NotAsked => None,
    };
    let answer = answer.map(|words| Line::new().prose(Role::Muted, words));
    Entry {
        mark: Some(Mark { role: Role::Error, glyph: "×", word: either(language, "leak", "漏れ") }),
        head: Line::new().value(Role::Id, pair(&leak.from, &leak.to, language)),
        about: both.into_iter().chain(leak.path.0.iter().map(step)).chain(answer).collect(),
        ..Entry::default()
    }
}

fn internet(page: &mut Document, proof: &IsolationProof, language: Language) {
    let way = |way: &Way| Line::new().prose(Role::Plain, way.spoken(language).to_string());
    let unsure = |one: &UnsureSaid| {
        Line::new()
            .value(Role::Id, &one.to)
            .prose(Role::Warn, either(language, "undecided:", "未確定:"))
            .prose(Role::Plain, said(&one.unread, language))
    };
    let lines: Vec<Line> = proof.entries.iter().map(way).chain(proof.unsure_entries.iter().map(unsure)).collect();
    if lines.is_empty() {
        return;
    }
    let meaning = either(language, "beyond what is allowed", "許可していない通信です");
    let heading = title(Role::Error, &either(language, "from the Internet", "インターネットから"), lines.len(), &meaning);
    page.section(heading, lines.into_iter().map(Block::Line).collect());
}

/// What a proof takes for granted.
fn assumptions(language: Language) -> Vec<Line> {
    const ALL: [Explained; 4] = [
        Explained::new(
            "Hosts pass nothing on, unless AWS checks neither source nor destination there.",
            "送信元と送信先の確認が無効なものを除き、ホストは通信を中継しません。",
        ),
        Explained::new(
            "A tenant starts hosts in its own subnets, with its own groups; hosts without a group are compared with each other, and the \
             rule that AWS writes into the default group for its own members is not counted.",
            "テナントは自分のサブネットで自分のグループを付けてホストを起動します。グループなしのホスト同士は別に比べ、AWS がデフォルトグループに\
             書く、そのグループ自身を許可する規則は数えません。",
        ),
        Explained::new(
            "In a database that the file declares as shared, the application separates the rows.",
            "ファイルで共有と宣言したデータベースの行の分離は、アプリケーションの役割です。",
        ),
        Explained::new(
            "VPC Lattice and traffic mirroring are not read; what a firewall or an appliance may let pass leaves a pair undecided.",
            "VPC Lattice とトラフィックミラーリングは読み取りません。ファイアウォールや装置が通し得る組は未確定になります。",
        ),
    ];
    ALL.iter().map(|one| Line::new().prose(Role::Muted, one.say(language))).collect()
}
