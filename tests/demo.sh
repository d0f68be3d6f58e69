#!/usr/bin/env bash
# The road in one run, in the simulated world: nothing here reaches an account. Every exit code is checked.
set -u
cd "$(dirname "$0")/.."
tokaido=${TOKAIDO:-target/engine/debug/tokaido}
world=sandbox:target/demo/world.jsonl
unset NO_COLOR

say() { printf '\n\033[1m── %s\033[0m\n' "$*"; }

# run EXPECTED_EXIT WORDS… : prints the command as a user would type it, runs it, and checks how it ended.
run() {
  local expected=$1 got
  shift
  printf '\033[2m$ tokaido --world sandbox %s\033[0m\n' "$*"
  "$tokaido" --world "$world" "$@" 2>target/demo/progress.txt
  got=$?
  if [ "$got" -ne "$expected" ]; then
    cat target/demo/progress.txt
    printf 'demo: expected exit %s and got %s\n' "$expected" "$got"
    exit 1
  fi
  printf '\033[2m(exit %s)\033[0m\n' "$got"
}

mkdir -p target/demo
run 0 sandbox reset >target/demo/reset.txt

say '1. The files are checked offline'
run 0 validate

say '2. Production from empty: what would happen'
run 2 plan production --detailed-exitcode --detail names

say '3. Apply it, past promotion and approvals: that takes a reason, and is recorded'
run 0 apply production --yes --emergency "a demonstration in the simulated world" --detail names >target/demo/apply.txt
grep 'db-instance' target/demo/progress.txt | tail -6
sed -n '/^apply finished/,$p' target/demo/apply.txt

say '4. Plan again: nothing is left'
run 0 plan production --detailed-exitcode

say '5. Somebody breaks three promises by hand'
run 0 sandbox set security-group.globex@tokyo 'rules[+]' \
  '{"direction":"ingress","protocol":"tcp","from":443,"to":443,"peer":{"$ref":"security-group.initech@tokyo","output":"id"}}'
run 0 sandbox set db-instance.catalog@tokyo backup_retention_days 1
run 0 sandbox unset backup-plan.main@tokyo 'copies[daily backup-vault.main@osaka]'

say '6. Drift names exactly these three'
run 3 drift production
run 3 drift production --format json >target/demo/drift.txt
for id in backup-plan.main@tokyo db-instance.catalog@tokyo security-group.globex@tokyo; do
  grep -q "\"id\": \"$id\"" target/demo/drift.txt || { echo "demo: drift does not name $id"; exit 1; }
done
[ "$(grep -c '"path":' target/demo/drift.txt)" -eq 3 ] || { echo 'demo: drift does not name exactly three differences'; exit 1; }

say '7. Repair, and look again'
run 0 apply production --yes --emergency "a demonstration in the simulated world" --detail names >target/demo/repair.txt
sed -n '/^apply finished/,$p' target/demo/repair.txt
run 0 drift production

say 'That was the road: validate, plan, apply, drift, repair. The world is kept in target/demo/world.jsonl.'
