#!/usr/bin/env bash
# The promotion path in one run, in the simulated AWS: nothing here reaches an account. The script checks every exit code.
set -u
cd "$(dirname "$0")/.."
place=target/demo
. tests/promotion_path.sh
started 2026-11-02T00:00:00Z

say '1. Freeze what all environments share, and try it in dev'
run 0 release cut --note "the beginning"
quietly 0 promote 2026.11.0 --to dev
run 0 apply dev --yes --detail names
says 'apply finished'

say '2. An hour later: the same release in staging'
run 0 sandbox advance 1h
quietly 0 promote 2026.11.0 --to staging
quietly 0 apply staging --yes --detail names
sed -n '/^apply finished/,$p' "$said"

say '3. Production has to wait for a day'
run 5 promote 2026.11.0 --to production
quietly 0 sandbox advance 24h
quietly 0 promote 2026.11.0 --to production --detail names
sed -n '/^The same change/,$p' "$said"

say '4. Alice saves the plan, as a page that a change manager reads'
run 0 plan production --save --author alice@example.com --detail names
plan=$(saved)
quietly 0 show "$plan" --format html --lang ja
cp "$said" "$place/plan.html"
echo "the page is target/demo/plan.html ($(wc -c <"$place/plan.html") bytes)"

say '5. No single person changes production'
run 5 approve "$plan" --key "$place/keys/alice" --yes
quietly 0 approve "$plan" --key "$place/keys/bob" --yes
quietly 0 approve "$plan" --key "$place/keys/carol" --yes
run 0 approve "$plan" --list
quietly 0 apply "$plan" --yes --detail names
sed -n '/^apply finished/,$p' "$said"
run 0 status

say '6. Three manual changes break three promises'
run 0 sandbox set security-group.globex@tokyo 'rules[+]' \
  '{"direction":"ingress","protocol":"tcp","from":443,"to":443,"peer":{"$ref":"security-group.initech@tokyo","output":"id"}}'
run 0 sandbox set db-instance.catalog@tokyo backup_retention_days 1
run 0 sandbox unset backup-plan.main@tokyo 'copies[daily backup-vault.main@osaka]'

say '7. Drift names exactly these three'
run 3 drift production
quietly 3 drift production --format json
for id in backup-plan.main@tokyo db-instance.catalog@tokyo security-group.globex@tokyo; do says "\"id\": \"$id\""; done
[ "$(grep -c '"path":' "$said")" -eq 3 ] || { echo 'demo: drift does not name exactly three differences'; exit 1; }

say '8. The auditor sees which promises of the white paper are broken'
quietly 4 audit production
sed -n '1,/^Not judged/p' "$said" | head -60
quietly 4 audit production --format html --lang ja
cp "$said" "$place/audit.html"
echo "the page is target/demo/audit.html ($(wc -c <"$place/audit.html") bytes)"

say '9. Repaired, on the same promotion path: saved, approved, applied'
quietly 0 plan production --save --author alice@example.com
plan=$(saved)
quietly 0 approve "$plan" --key "$place/keys/bob" --yes
quietly 0 approve "$plan" --key "$place/keys/carol" --yes
quietly 0 apply "$plan" --yes --detail names
sed -n '/^apply finished/,$p' "$said"
run 0 drift production

say 'That was the promotion path: cut, promote, preview, approve, apply, drift, audit, repair. It is kept in target/demo/.'
