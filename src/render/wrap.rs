//! Where a line may be broken, and what may not reach a terminal.

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use crate::model::is_invisible;

use super::rows::{Flow, Line, Role};

#[derive(Debug, Clone)]
pub struct Span {
    pub role: Role,
    pub text: String,
}

/// Spans that stay together.
#[derive(Debug, Clone, Default)]
pub struct Group {
    /// One blank before it, except at the beginning of a line.
    pub space: bool,
    pub spans: Vec<Span>,
    /// Never in smaller pieces.
    whole: bool,
}

impl Group {
    fn of(role: Role, text: impl Into<String>, space: bool) -> Self {
        Self { space, spans: vec![Span { role, text: text.into() }], whole: false }
    }

    pub fn width(&self) -> usize {
        self.spans.iter().map(|span| span.text.width()).sum()
    }
}

pub fn groups(line: &Line) -> Vec<Group> {
    let mut found: Vec<Group> = Vec::new();
    for cell in &line.0 {
        let text = clean(&cell.text);
        let space = !found.is_empty();
        match (cell.flow, found.last_mut()) {
            (Flow::Glued, Some(group)) => group.spans.push(Span { role: cell.role, text }),
            (Flow::Prose, _) => found.extend(words(cell.role, &text, space, true)),
            (Flow::Whole, _) => found.push(Group { whole: true, ..Group::of(cell.role, text, space) }),
            (Flow::Value | Flow::Glued, _) => found.push(Group::of(cell.role, text, space)),
        }
    }
    found
}

/// A group that is longer than a line, in smaller ones: before an arrow, else at its spaces, else inside a Japanese word. One piece:
/// unbreakable.
pub fn explode(group: &Group) -> Vec<Group> {
    let found = pieces(group, true);
    if found.len() > 1 { found } else { pieces(group, false) }
}

fn pieces(group: &Group, whole: bool) -> Vec<Group> {
    if group.whole {
        return vec![group.clone()];
    }
    let arrow = group.spans.iter().skip(1).position(|span| span.text.trim() == "→");
    if let Some(index) = arrow {
        let (before, after) = group.spans.split_at(index + 1);
        let mut after = after.to_vec();
        "→".clone_into(&mut after[0].text);
        return vec![
            Group { space: group.space, spans: before.to_vec(), whole: false },
            Group { space: true, spans: after, whole: false },
        ];
    }
    let mut found: Vec<Group> = Vec::new();
    for span in &group.spans {
        let space = if found.is_empty() { group.space } else { span.text.starts_with(' ') };
        let mut pieces = words(span.role, &span.text, space, whole);
        if let Some(last) = found.last_mut().filter(|last| clings(last, span)) {
            if pieces.is_empty() {
                continue;
            }
            let first = pieces.remove(0);
            if first.space {
                last.spans.push(Span { role: Role::Plain, text: " ".to_owned() });
            }
            last.spans.extend(first.spans);
        }
        found.extend(pieces);
    }
    found
}

/// A separator stays with what it follows, an arrow with what follows it.
fn clings(last: &Group, span: &Span) -> bool {
    let arrow = last.spans.last().is_some_and(|span| span.text.trim() == "→");
    arrow || !span.text.starts_with(' ') || span.text == " ·"
}

/// A sign stays with its name. Breaks at spaces, and around wide characters except where Japanese typesetting forbids it. `whole`:
/// Japanese words stay whole, and units and particles with what they follow.
fn words(role: Role, text: &str, space: bool, whole: bool) -> Vec<Group> {
    let mut found: Vec<Group> = Vec::new();
    let mut sign = String::new();
    for word in text.split_whitespace() {
        let mut space = !found.is_empty() || space;
        if found.is_empty() && sign.is_empty() && matches!(word, "+" | "-" | "~") {
            sign = format!("{word} ");
            continue;
        }
        let mut piece = std::mem::take(&mut sign);
        if whole && space && piece.is_empty() && leans(found.last(), word) {
            let number = found.pop().unwrap_or_default();
            space = number.space;
            piece = number.spans.into_iter().map(|span| span.text).collect::<String>() + " ";
        }
        let (mut earlier, mut before): (Option<char>, Option<char>) = (None, None);
        for next in word.chars() {
            let may_break = |before| if whole { between_words(earlier, before, next) } else { breakable(before, next) };
            if before.is_some_and(may_break) {
                found.push(Group::of(role, std::mem::take(&mut piece), space));
                space = false;
            }
            piece.push(next);
            (earlier, before) = (before, Some(next));
        }
        found.push(Group::of(role, piece, space));
    }
    if !sign.is_empty() {
        found.push(Group::of(role, sign.trim_end(), space));
    }
    found
}

/// Whether this word belongs to the one before it: `3 件`, `` `store.bucket` を ``.
fn leans(before: Option<&Group>, word: &str) -> bool {
    let Some(span) = before.and_then(|group| group.spans.last()) else { return false };
    let digit = span.text.ends_with(|c: char| c.is_ascii_digit());
    word.starts_with(is_hiragana) || digit && word.starts_with(|c: char| c.width() == Some(2))
}

const fn is_hiragana(c: char) -> bool {
    matches!(c, '\u{3041}'..='\u{309f}')
}

const fn is_katakana(c: char) -> bool {
    matches!(c, '\u{30a1}'..='\u{30fa}' | '\u{30fc}'..='\u{30ff}')
}

const fn is_kanji(c: char) -> bool {
    matches!(c, '\u{3005}' | '\u{4e00}'..='\u{9fff}')
}

/// Not inside a word, as far as the scripts tell: hiragana stay with what they end, and kanji with kanji. One hiragana between two
/// kanji that is no particle joins them: 読み取り.
fn between_words(earlier: Option<char>, before: char, next: char) -> bool {
    const PARTICLES: &str = "がをにはのとでもへやか";
    let ends =
        is_hiragana(next) && (is_hiragana(before) || is_katakana(before) || is_kanji(before) || before.is_ascii_alphanumeric());
    let alike = is_kanji(before) && is_kanji(next) || is_katakana(before) && is_katakana(next);
    let joins = is_hiragana(before) && !PARTICLES.contains(before) && is_kanji(next) && earlier.is_some_and(is_kanji);
    breakable(before, next) && !ends && !alike && !joins
}

/// Never before a closing sign or a small kana, never after an opening one (kinsoku).
fn breakable(before: char, next: char) -> bool {
    const CLOSING: &str = "、。，．・：；？！）］｝」』】〕〉》ー々ぁぃぅぇぉっゃゅょァィゥェォッャュョ,.;:!?)]}\"";
    const OPENING: &str = "（［｛「『【〔〈《([{\"";
    let wide = |c: char| c.width() == Some(2);
    (wide(before) || wide(next)) && !CLOSING.contains(next) && !OPENING.contains(before) && next.width() != Some(0)
}

/// Names and messages come from outside: they must not move the cursor, colour the screen or reverse the text.
pub fn clean(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\n' | '\r' | '\t' | '\u{2028}' | '\u{2029}' => kept.push(' '),
            // Joiners make emoji and scripts of India; without neighbours they deceive no reader.
            '\u{200c}' | '\u{200d}' => kept.push(c),
            c if is_invisible(c) => kept.extend(c.escape_unicode()),
            c => kept.push(c),
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pieces_of(text: &str) -> Vec<String> {
        let joined = |group: Group| group.spans.into_iter().map(|span| span.text).collect();
        words(Role::Plain, text, false, true).into_iter().map(joined).collect()
    }

    #[test]
    fn japanese_breaks_between_words() {
        assert_eq!(
            pieces_of("リソース 12 個が前回の適用と異なります。計画し直してください"),
            ["リソース", "12 個が", "前回の", "適用と", "異なります。", "計画し直してください"]
        );
        assert_eq!(pieces_of("読み取りの失敗 3 件（ファイル 2 件）"), ["読み取りの", "失敗", "3 件", "（ファイル", "2 件）"]);
        assert_eq!(pieces_of("`store.bucket` を直してください"), ["`store.bucket` を", "直してください"]);
    }

    #[test]
    fn a_word_that_is_longer_than_a_line_is_broken_all_the_same() {
        let long = Group::of(Role::Plain, "していませんでした", false);
        let found: String = explode(&long).iter().flat_map(|group| &group.spans).map(|span| span.text.as_str()).collect();
        assert_eq!((explode(&long).len() > 4, found.as_str()), (true, "していませんでした"));
    }
}
