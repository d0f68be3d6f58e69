#[test]
fn x() {
    let l = tokaido::desired::load(std::path::Path::new(env!("CARGO_MANIFEST_DIR")), &[], jiff::civil::date(2026, 11, 1));
    for f in &l.findings { println!("{f:#?}"); }
    for (e, s) in &l.states { println!("{e} {}", s.resources.len()); for (id, r) in &s.resources { println!("  {id} {} {}", r.source, serde_json::to_string(&r.attributes).unwrap()); for (a, s) in &r.authored { println!("      {a} {s}") } } }
    std::fs::write("/tmp/desired-schema.json", serde_json::to_string_pretty(&tokaido::desired::schema::environment()).unwrap()).unwrap();
}
