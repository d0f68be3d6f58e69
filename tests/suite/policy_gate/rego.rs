//! Policies as an organisation writes them.

use std::fs;

use crate::support::binary::Product;

/// Networks of the sample project are /16, so this finds one; with `"/24"` written as `"/16"` it finds none.
pub fn small_networks(effect: &str) -> String {
    format!(
        r#"# METADATA
# title: Networks are small
# description: A network with fewer neighbours is easier to watch.
# custom:
#   title_ja: ネットワークは小さく保つ
#   code: small-networks
#   about: [vpc]
#   effect: {effect}
package tokaido.small_networks

checked contains vpc.id if some vpc in input.planned.vpc

broken contains {{
	"id": vpc.id,
	"en": sprintf("%s is too wide", [cidr]),
	"ja": sprintf("%s は広過ぎます", [cidr]),
}} if {{
	some vpc in input.planned.vpc
	cidr := vpc.attributes.cidr
	not endswith(cidr, "/24")
}}
"#
    )
}

/// One letter is missing, and Rego alone would find nothing broken.
pub const MISSPELT: &str = r#"# METADATA
# title: Networks are small
# custom:
#   title_ja: ネットワークは小さく保つ
#   code: small-networks
#   about: [vpc]
#   effect: deny
package tokaido.small_networks

checked contains vpc.id if some vpc in input.planned.vpc

broken contains {"id": vpc.id, "en": "it is too wide", "ja": "広過ぎます"} if {
	some vpc in input.planned.vpc
	endswith(vpc.atributes.cidr, "/16")
}
"#;

/// Ends where there is no network, and with one only after centuries.
pub const ENDLESS: &str = r#"# METADATA
# title: Networks are small
# custom:
#   title_ja: ネットワークは小さく保つ
#   code: small-networks
#   about: [vpc]
#   effect: warn
package tokaido.small_networks

digits := [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]

checked contains vpc.id if some vpc in input.planned.vpc

broken contains {"id": vpc.id, "en": "it is too wide", "ja": "広過ぎます"} if {
	some vpc in input.planned.vpc
	some a in digits
	some b in digits
	some c in digits
	some d in digits
	some e in digits
	some f in digits
	some g in digits
	some h in digits
	some i in digits
	some j in digits
	some k in digits
	some l in digits
	sum([a, b, c, d, e, f, g, h, i, j, k, l]) > 1000
}
"#;

pub fn write(product: &Product, code: &str, text: &str) {
    let folder = product.path().join("policies");
    fs::create_dir_all(&folder).expect("a folder");
    fs::write(folder.join(format!("{code}.rego")), text).expect("a file");
}
