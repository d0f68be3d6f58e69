//! The starter project: the repository's own files, so that there is one copy of them and the tests already know it.

/// Path in the project, with forward slashes, and content. In the order in which a person reads them.
pub const FILES: [(&str, &str); 12] = [
    ("environments/base.yaml", include_str!("../../environments/base.yaml")),
    ("environments/dev.yaml", include_str!("../../environments/dev.yaml")),
    ("environments/staging.yaml", include_str!("../../environments/staging.yaml")),
    ("environments/production.yaml", include_str!("../../environments/production.yaml")),
    ("policies/promises.yaml", include_str!("../../policies/promises.yaml")),
    ("policies/roles.yaml", include_str!("../../policies/roles.yaml")),
    ("plans/README.md", include_str!("../../plans/README.md")),
    // The files name these in their first line, for editors.
    ("schemas/base.schema.json", include_str!("../../schemas/base.schema.json")),
    ("schemas/environment.schema.json", include_str!("../../schemas/environment.schema.json")),
    ("schemas/promises.schema.json", include_str!("../../schemas/promises.schema.json")),
    ("schemas/roles.schema.json", include_str!("../../schemas/roles.schema.json")),
    // The repository's own also names what building tokaido leaves behind.
    (".gitignore", "# tokaido: records of what was applied from this machine, and the simulated world\n/.tokaido/\n"),
];
