//! Wildcards as AWS writes them in policies and selections.

/// Whether the text has the pattern: `*` stands for any characters, `?` for one.
#[must_use]
pub fn fits(pattern: &str, text: &str) -> bool {
    let (pattern, text): (Vec<char>, Vec<char>) = (pattern.chars().collect(), text.chars().collect());
    let (mut at, mut here) = (0, 0);
    // Where the last `*` is, and how far the text was when it began.
    let mut star: Option<(usize, usize)> = None;
    while here < text.len() {
        match pattern.get(at) {
            Some('*') => {
                star = Some((at, here));
                at += 1;
            }
            Some(wanted) if *wanted == '?' || *wanted == text[here] => (at, here) = (at + 1, here + 1),
            _ => {
                let Some((begin, taken)) = star else { return false };
                star = Some((begin, taken + 1));
                (at, here) = (begin + 1, taken + 1);
            }
        }
    }
    pattern[at..].iter().all(|left| *left == '*')
}

#[cfg(test)]
mod tests {
    use super::fits;

    #[test]
    fn a_star_is_any_text_and_a_question_mark_one_character() {
        for (pattern, text, wanted) in [
            ("", "", true),
            ("*", "", true),
            ("*", "backup:copy-into-vault", true),
            ("backup:copy*", "backup:copy-into-vault", true),
            ("backup:*vault", "backup:copy-into-vault", true),
            ("backup:*vaul", "backup:copy-into-vault", false),
            ("backup:copy-????-vault", "backup:copy-into-vault", true),
            ("backup:copy-???-vault", "backup:copy-into-vault", false),
            ("*a*b*", "xxaxxbxx", true),
            ("*a*b*", "xxbxxaxx", false),
            ("arn:aws:rds:*:*:db:prod-*", "arn:aws:rds:ap-northeast-1:333333333333:db:prod-catalog", true),
            ("arn:aws:rds:*:*:db:prod-*", "arn:aws:rds:ap-northeast-1:333333333333:cluster:prod-catalog", false),
            ("catalog", "catalog-2", false),
            ("*catalog", "catalog-2-catalog", true),
        ] {
            assert_eq!(fits(pattern, text), wanted, "{pattern} {text}");
        }
    }
}
