//! What an apply was let to make and did not is no matter of taste: whoever looks at the environment is told.

use crate::support::binary::{Product, apply};

const TENANT: &str = "\
tenants:
  - id: umbra
    isolation: subnets
    cidr: 10.30.64.0/20
    database: { shared: catalog }
    ingress_allow:
      - { cidr: 198.51.100.192/28, port: 443 }
";

#[test]
fn what_an_apply_began_to_make_and_did_not_is_missing() {
    let product = Product::applied("production");
    product.edit("environments/production.yaml", "tenants:\n", TENANT);
    // A wish alone is a plan's matter.
    product.reads_only(0, &["drift", "production"]);
    product.expect(0, &["sandbox", "fail", "create security-group", "access-denied"]);
    product.expect(6, &apply("production"));
    let drift = product.reads_only(3, &["drift", "production"]);
    assert!(drift.out.contains("security-group.umbra@tokyo"), "{drift:#?}");
    assert!(drift.out.contains("an apply began to make it, and it is not there"), "{drift:#?}");
    let json = product.reads_only(3, &["drift", "production", "--format", "json"]).json();
    assert_eq!(json["missing"][0]["class"], "change", "{json}");
    #[cfg(feature = "watch")]
    {
        let look = product.run(&["watch", "production", "--once"]);
        assert!(look.code != 0 && look.out.contains("security-group.umbra@tokyo"), "{look:#?}");
    }
    // Given up in the file it is nobody's wish any more.
    product.edit("environments/production.yaml", TENANT, "tenants:\n");
    product.reads_only(0, &["drift", "production"]);
    product.edit("environments/production.yaml", "tenants:\n", TENANT);
    product.reads_only(3, &["drift", "production"]);
    product.expect(0, &["sandbox", "heal"]);
    product.expect(0, &apply("production"));
    product.reads_only(0, &["drift", "production"]);
}
