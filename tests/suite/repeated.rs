//! Two elements of one name: which of them AWS obeys nobody can say, so the one that is as declared hides nothing.

use serde_json::{Value, json};

use crate::support::binary::{Product, apply};

#[test]
fn a_second_element_of_a_name_is_drift_and_is_repaired() {
    for (attribute, field, other) in
        [("rules", "schedule", json!("cron(0 3 1 1 ? *)")), ("copies", "delete_after_days", json!(1))]
    {
        let product = Product::applied("dev");
        let id = "backup-plan.main@tokyo";
        let row = product.expect(0, &["sandbox", "list", id, "--format", "json"]).json();
        let own = row.as_array().expect("rows").iter().find(|row| row["tags"]["tokaido:environment"] == "dev").expect("dev's");
        let good = own["attributes"][attribute].as_array().expect("a list").clone();
        let mut bad = good[0].clone();
        bad[field] = other;
        for list in [vec![bad.clone(), good[0].clone()], vec![good[0].clone(), bad.clone()]] {
            let list = Value::Array(list.into_iter().chain(good[1..].iter().cloned()).collect());
            product.expect(0, &["sandbox", "--env", "dev", "set", id, attribute, &list.to_string()]);
            let drift = product.reads_only(3, &["drift", "dev"]);
            assert!(drift.out.contains(attribute), "{attribute}: {drift:#?}");
            product.expect(0, &apply("dev"));
            product.reads_only(0, &["drift", "dev"]);
            product.reads_only(0, &["plan", "dev", "--detailed-exitcode"]);
        }
    }
}
