//! Releases of the project, verified: every file as it was cut, and no other.

use std::collections::BTreeMap;

use crate::desired::files::Content;
use crate::desired::findings::{has_error, tidy};
use crate::desired::layout::RELEASES;
use crate::desired::release::{Manifest, folder, load};
use crate::desired::roles_file;
use crate::desired::scalars::{Release, Scalar as _};
use crate::model::{Finding, Roles};

use super::reading::Project;

/// A verified release with the bytes that were verified, by path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Whole {
    pub manifest: Manifest,
    pub content: BTreeMap<String, Vec<u8>>,
}

/// Reads and verifies a release: every file as it was cut, and no other.
#[must_use]
pub fn read(project: &Project, id: &str) -> (Option<Manifest>, Vec<Finding>) {
    let mut findings = Vec::new();
    let manifest = project.files(|files| load(files, id, None, &mut findings));
    (manifest, project.files(|files| tidy(findings, files)))
}

/// As [`read`], with what was frozen.
#[must_use]
pub fn content(project: &Project, id: &str) -> (Option<Whole>, Vec<Finding>) {
    let mut findings = Vec::new();
    let found = project.files(|files| {
        let manifest = load(files, id, None, &mut findings)?;
        let names = manifest.files.keys();
        let bytes = names.filter_map(|path| match files.content(&format!("{}{path}", folder(id))) {
            Content::Bytes(bytes) => Some((path.clone(), bytes.to_vec())),
            _ => None,
        });
        let content = bytes.collect();
        Some(Whole { manifest, content })
    });
    (found, project.files(|files| tidy(findings, files)))
}

/// The roles that a release froze; `None` when it froze none.
#[must_use]
pub fn roles(project: &Project, id: &str) -> (Option<(Manifest, Option<Roles>)>, Vec<Finding>) {
    let mut findings = Vec::new();
    let (manifest, roles) = project.files(|files| {
        let manifest = load(files, id, None, &mut findings);
        (manifest, roles_file::load(files, &folder(id), &mut findings))
    });
    let sound = !has_error(&findings);
    (manifest.filter(|_| sound).map(|manifest| (manifest, roles)), project.files(|files| tidy(findings, files)))
}

/// The ids of all releases of the project, valid or not, sorted by name.
#[must_use]
pub fn known(project: &Project) -> Vec<String> {
    project.files(|files| files.folders(RELEASES)).into_iter().filter(|id| Release::read(id).is_ok()).collect()
}
