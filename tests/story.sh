#!/usr/bin/env bash
# Three people take a release along the promotion path in the simulated AWS, which has its own clock. Then the script breaks every
# gate once, and each gate must refuse with its reason.
set -u
cd "$(dirname "$0")/.."
place=target/story
. tests/promotion_path.sh
checks=0
check() { checks=$((checks + 1)); printf '  ok  %s\n' "$*"; }

# refuses EXIT "EXPECTED WORDS" COMMAND… : the command exits so, prints the words, and changes nothing in project, world and
# records.
refuses() {
  local code=$1 words=$2 before after
  shift 2
  before=$(fingerprint)
  quietly "$code" "$@"
  says "$words"
  after=$(fingerprint)
  [ "$before" = "$after" ] || { echo "story: a refused '$*' changed something"; exit 1; }
  check "exit $code: $(grep -hF -m1 -- "$words" "$said.err" "$said" | head -1 | cut -c1-150)"
}
fingerprint() { (cd "$place" && find project world.jsonl world.jsonl.store -type f ! -name '*.lock' ! -path '*/.tokaido/cache/*' -print0 2>/dev/null | sort -z | xargs -0 sha256sum | sha256sum); }
key() { echo "$place/keys/$1"; }
edit() { sed -i "$2" "$project/$1"; }
approve() { quietly 0 approve "$1" --key "$(key "$2")" --yes; }

say 'The promotion path'
started 2026-11-02T00:00:00Z
quietly 0 release cut --note "the beginning"
refuses 5 'never applied in dev' promote 2026.11.0 --to staging
quietly 0 promote 2026.11.0 --to dev
quietly 0 apply dev --yes
refuses 5 'its soak ends' promote 2026.11.0 --to staging
refuses 5 'never applied in staging' promote 2026.11.0 --to production
quietly 0 sandbox advance 1h
quietly 0 promote 2026.11.0 --to staging
quietly 0 apply staging --yes
refuses 5 'its soak ends 2026-11-03' promote 2026.11.0 --to production
quietly 0 sandbox advance 24h
quietly 0 promote 2026.11.0 --to production
says 'The same change as in staging'
quietly 0 plan production --save --author alice@example.com
plan=$(saved)
check "plan $plan of production saved by alice"

say 'No apply without approval evidence'
refuses 5 '0 of 2 approvals' apply "$plan" --yes
refuses 5 'an author may not approve their own plan' approve "$plan" --key "$(key alice)" --yes
refuses 5 'in none of the groups' approve "$plan" --key "$(key erin)" --yes
ssh-keygen -q -t ed25519 -N '' -f "$place/keys/mallory"
refuses 5 'policies/roles.yaml does not have this key' approve "$plan" --key "$(key mallory)" --yes
refuses 5 'is a key of bob, not of carol' approve "$plan" --key "$(key bob)" --as carol --yes
approve "$plan" bob
refuses 5 '1 of 2 approvals' apply "$plan" --yes
for lang in ja en; do
  quietly 0 plan production --author alice@example.com --format html --lang "$lang"
  cp "$said" "$place/plan-$lang.html"
done
approve "$plan" carol
quietly 0 approve "$plan" --key "$(key carol)" --withdraw --yes
refuses 5 '1 of 2 approvals' apply "$plan" --yes
quietly 0 sandbox advance 1m
approve "$plan" carol
folder=$project/plans/production/$plan.approvals
quietly 0 approve --allowed-signers
cp "$said" "$place/signers"
ssh-keygen -Y verify -f "$place/signers" -I bob -n tokaido-approval@v1 -s "$folder/bob-1.txt.sig" <"$folder/bob-1.txt" >/dev/null || {
  echo 'story: ssh-keygen does not verify what tokaido signed'
  exit 1
}
check 'ssh-keygen -Y verify answers for bob, without tokaido'

say 'Nothing is applied that was not approved'
cp -r "$project" "$place/kept"
restore() { rm -rf "$project" && cp -r "$place/kept" "$project"; }
sed -i 's/bob/carol/' "$folder/bob-1.txt"
refuses 5 '1 of 2 approvals' apply "$plan" --yes
restore
edit policies/roles.yaml 's/required: 2/required: 1/'
edit releases/2026.11.0/policies/roles.yaml 's/required: 2/required: 1/'
refuses 1 'roles.yaml' apply "$plan" --yes
restore
edit "plans/production/$plan.json" 's/"create":[0-9][0-9]*/"create":1/'
refuses 5 'altered' apply "$plan" --yes
restore
edit environments/production.yaml 's/333333333333/444444444444/g'
refuses 5 'this plan is for production (333333333333)' apply "$plan" --yes
restore
edit releases/2026.11.0/environments/base.yaml 's/keep: 8d/keep: 9d/'
refuses 1 'releases/2026.11.0/environments/base.yaml' plan production
restore
refuses 1 '2026.11.9' promote 2026.11.9 --to dev
edit environments/production.yaml '/^release:/d'
refuses 5 'no release is pinned' apply production --yes
restore
cp "$place/world.jsonl" "$place/kept.jsonl"
quietly 0 sandbox account 999999999999
refuses 5 'wrong account' apply "$plan" --yes
cp "$place/kept.jsonl" "$place/world.jsonl"
lease=$place/world.jsonl.store/production/lease.json
mkdir -p "${lease%/*}"
kept_lease=; [ -e "$lease" ] && kept_lease=$(cat "$lease")
printf '{"schema_version":1,"owner":{"caller":"arn:aws:sts::333333333333:assumed-role/tokaido/bob","host":"elsewhere","pid":7,"run":"a1"},"fence":41,"acquired_at":"%s","heartbeat_at":"%s","expires_at":"%s","released":false,"plan":"%064d"}\n' \
  "$(date -u +%FT%TZ)" "$(date -u +%FT%TZ)" "$(date -u -d '+60 seconds' +%FT%TZ)" 0 >"$lease"
refuses 5 'assumed-role/tokaido/bob on elsewhere' apply "$plan" --yes
if [ -n "$kept_lease" ]; then printf '%s\n' "$kept_lease" >"$lease"; else rm "$lease"; fi

say 'With all approval evidence, once'
quietly 0 apply "$plan" --yes
says 'a fresh plan is empty'
check "production is on 2026.11.0, approved by bob and carol"
refuses 5 'was used at' apply "$plan" --yes
quietly 0 drift production
says 'no drift'
quietly 0 audit production
quietly 0 status
says 'production'
check 'no drift, no broken promise'

say 'An approval of yesterday does not hold today'
quietly 0 sandbox set db-instance.catalog@tokyo backup_retention_days 7
quietly 0 plan production --save --author alice@example.com
late=$(saved)
approve "$late" bob
approve "$late" carol
quietly 0 sandbox advance 25h
refuses 5 'expired at' apply "$late" --yes
quietly 0 plan production --save --author alice@example.com
[ "$(saved)" = "$late" ] || { echo 'story: the same change has another id'; exit 1; }
refuses 5 '0 of 2 approvals' apply "$late" --yes
quietly 0 sandbox set db-instance.catalog@tokyo deletion_protection false
quietly 0 plan production --save --author alice@example.com
other=$(saved)
refuses 5 '0 of 2 approvals' apply "$other" --yes
check "the plan became $other, and what was signed for $late counts for nothing"

say 'An emergency override has a reason and is shown until it is reviewed'
refuses 5 'an emergency needs a reason' apply "$other" --yes --emergency fast
quietly 0 apply "$other" --yes --author alice@example.com --emergency "the catalog database lost its protection"
quietly 0 status production
says 'not reviewed yet' 'the catalog database lost its protection'
emergency=$(sed -nE 's/^ *emergency +([0-9a-f]{12}):.*/\1/p' "$said")
refuses 5 'took part in this emergency' review "$emergency" --key "$(key alice)" --yes
quietly 0 review "$emergency" --key "$(key bob)" --yes
quietly 0 status production
if grep -q 'not reviewed yet' "$said"; then echo 'story: a reviewed emergency is still open'; exit 1; fi
check "emergency $emergency was reviewed by bob, and only then left the status"

say 'Promises and clauses'
refuses 1 'is no clause of the paper' audit production --clause backups-in-osaka
edit policies/promises.yaml 's/at_least: 35d/at_least: 34d/'
refuses 1 'weaker than the paper' validate
restore

say 'Policies can only refuse'
rule=$project/policies/small-networks.rego
edit environments/dev.yaml '/^release:/d'
edit environments/base.yaml 's/keep: 8d }/keep: 9d }/'
policy() {
  cat >"$rule.head" <<'REGO'
# METADATA
# title: Networks are small
# custom:
#   title_ja: ネットワークは小さく保つ
#   code: small-networks
#   about: [vpc]
#   effect: deny
package tokaido.small_networks

checked contains vpc.id if some vpc in input.planned.vpc

REGO
  cat "$rule.head" - >"$rule"
  rm "$rule.head"
}
policy <<'REGO'
broken contains {"id": vpc.id, "en": sprintf("%s is too wide", [cidr]), "ja": "広過ぎます"} if {
	some vpc in input.planned.vpc
	cidr := vpc.attributes.cidr
	not endswith(cidr, "/24")
}
REGO
refuses 5 'A policy refuses this plan: it cannot be applied.' plan dev
refuses 5 'policy small-networks (policies/small-networks.rego:' apply dev --yes
quietly 5 plan dev --save
denied=$(saved)
edit policies/small-networks.rego 's/effect: deny/effect: warn/'
refuses 5 'are not those that judged the plan' apply "$denied" --yes
sed -i 's/attributes.cidr/atributes.cidr/' "$rule"
refuses 1 'policies/small-networks.rego:' plan dev
refuses 1 'atributes' apply dev --yes
policy <<'REGO'
digits := [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]

broken contains {"id": vpc.id, "en": "it is too wide", "ja": "広過ぎます"} if {
	some vpc in input.planned.vpc
	some a in digits; some b in digits; some c in digits; some d in digits
	some e in digits; some f in digits; some g in digits; some h in digits
	some i in digits; some j in digits; some k in digits; some l in digits
	sum([a, b, c, d, e, f, g, h, i, j, k, l]) > 1000
}
REGO
refuses 1 'has not ended' plan dev
refuses 1 'has not ended' apply dev --yes --emergency "the catalog database is full"
restore

say 'Back, with a hold'
edit environments/base.yaml 's/keep: 8d }/keep: 9d }/'
quietly 0 release cut
quietly 0 release diff 2026.11.0 2026.11.1
quietly 0 promote 2026.11.1 --to dev
quietly 0 apply dev --yes
quietly 0 sandbox advance 1h
quietly 0 promote 2026.11.1 --to staging
quietly 0 apply staging --yes
quietly 0 sandbox advance 24h
quietly 0 promote 2026.11.1 --to production
pass() {
  quietly 0 plan production --save --author alice@example.com
  plan=$(saved)
  approve "$plan" bob
  approve "$plan" carol
  quietly 0 apply "$plan" --yes
}
pass
refuses 5 'this is going back' promote 2026.11.0 --to production
quietly 0 promote 2026.11.0 --to production --back --reason "copies take too long"
pass
refuses 5 'copies take too long' promote 2026.11.1 --to production
check 'production went back to 2026.11.0, and 2026.11.1 is held'

say 'A watcher looks'
quietly 0 watch production --once
says '"event":"transition"' '"open":[]'
quietly 0 sandbox set db-instance.catalog@tokyo backup_retention_days 7
quietly 0 sandbox advance 15m
quietly 4 watch production --once
says '"path":"backup_retention_days"' '"mutating_calls":0'
quietly 0 sandbox set db-instance.catalog@tokyo backup_retention_days 35
quietly 0 sandbox advance 6h
quietly 0 watch production --once
says '"event":"gap"' '"seconds":21600' '"went":[{"open":"drifted"'
quietly 0 status production
says 'clean since' '1 in the last 7 days, 6h together'
check 'drift was seen to come and to go, and six hours without a look are on the record'

for lang in ja en; do
  quietly 0 audit --format html --lang "$lang"
  cp "$said" "$place/audit-$lang.html"
done
printf '\nstory: %s passed, 0 failed\n' "$checks"
