//! How far the tracer goes. Types are trees: rules that take each other twice double them, and a comprehension inside of a
//! comprehension is gone through again for each pass of the outer one.

use regorus::unstable::Span;

use super::ty::Ty;
use super::{Env, Tracer};
use crate::finding::Code;

/// Expressions gone through, and parts of what they are worth. A policy of an organisation takes a few thousand.
const STEPS: usize = 1_000_000;
/// Parts of one value.
const PARTS: usize = 4096;

impl Tracer<'_> {
    /// Whether there is anything left to go on with. What comes after the end is not looked at.
    pub(super) fn step(&mut self, cost: usize, span: &Span) -> bool {
        self.steps += cost;
        if self.steps > STEPS {
            self.too_intricate(
                span,
                &format!("following it takes more than {STEPS} steps"),
                &format!("たどるのに {STEPS} を超える手順が必要です"),
            );
        }
        !self.spent
    }

    /// The same value, unless it is too large to go on with.
    pub(super) fn weigh(&mut self, ty: Ty, span: &Span) -> Option<Ty> {
        let size = ty.size();
        if size > PARTS {
            self.too_intricate(
                span,
                &format!("its value has more than {PARTS} parts"),
                &format!("値の部分が {PARTS} 個を超えます"),
            );
        }
        self.step(size, span).then_some(ty)
    }

    /// One pass over these variables.
    pub(super) fn pass(&mut self, env: &Env, span: &Span) -> bool {
        let size = env.values().map(|(ty, _)| 1 + ty.size()).sum();
        self.step(size, span)
    }

    fn too_intricate(&mut self, span: &Span, why: &str, why_ja: &str) {
        if self.spent {
            return;
        }
        self.spent = true;
        // Also while variables are still being found: nothing after this says it again.
        self.aloud(|tracer| {
            let expected = (
                "smaller objects, fewer comprehensions inside of each other, and only the fields that are needed",
                "オブジェクトを小さくし、内包表記の入れ子を減らし、必要な項目だけを使う",
            );
            let message = (format!("too intricate to follow: {why}"), format!("複雑すぎてたどれません。{why_ja}"));
            tracer.say(Code::UntraceableInput, span, message, expected);
        });
    }
}
