# Sourced by tests/demo.sh and tests/story.sh: a project of its own, people with keys, and functions that check exit codes.
# Needs $place (a folder, which it empties); sets $tokaido, $project, $world.
tokaido=${TOKAIDO:-target/engine/debug/tokaido}
tokaido=$(realpath "$tokaido")
rm -rf "$place"
mkdir -p "$place/keys"
place=$(realpath "$place")
project=$place/project
world=sandbox:$place/world.jsonl
said=$place/said.txt
unset NO_COLOR TOKAIDO_AUTHOR

say() { printf '\n\033[1m── %s\033[0m\n' "$*"; }

# quietly EXPECTED_EXIT WORDS… : runs tokaido, keeps its output in $said (standard error in $said.err), checks the exit code.
quietly() {
  local expected=$1 got=0
  shift
  (cd "$project" && "$tokaido" --world "$world" "$@") >"$said" 2>"$said.err" </dev/null || got=$?
  if [ "$got" -ne "$expected" ]; then
    cat "$said" "$said.err"
    printf '$ tokaido %s\nexpected exit %s and got %s\n' "$*" "$expected" "$got"
    exit 1
  fi
}

# run EXPECTED_EXIT WORDS… : prints the command as a user would type it, and its whole output.
run() {
  printf '\033[2m$ tokaido --world sandbox %s\033[0m\n' "${*:2}"
  quietly "$@"
  cat "$said"
  grep -v '^simulated AWS' "$said.err" || true
  printf '\033[2m(exit %s)\033[0m\n' "$1"
}

# says WORDS… : the last command printed each of them.
says() {
  local words
  for words in "$@"; do
    grep -qF -- "$words" "$said" "$said.err" || { cat "$said" "$said.err"; echo "missing from the output: $words"; exit 1; }
  done
}

# started TIME : an empty simulated AWS at that time, a starter project, and people: alice plans, bob and carol approve, erin may
# not.
started() {
  mkdir -p "$project"
  quietly 0 init
  quietly 0 sandbox reset --at "$1"
  local person
  for person in alice bob carol erin; do
    ssh-keygen -q -t ed25519 -N '' -C "$person" -f "$place/keys/$person"
  done
  {
    echo 'schema: tokaido/roles/v1'
    echo 'people:'
    for person in alice:platform bob:change-management carol:platform erin:support; do
      printf '  - id: %s\n    groups: [%s]\n    keys: ["%s"]\n    also_known_as: [%s@example.com]\n' \
        "${person%%:*}" "${person##*:}" "$(cut -d' ' -f1-2 "$place/keys/${person%%:*}.pub")" "${person%%:*}"
    done
    echo 'approvals:'
    echo '  production: { required: 2, from: [platform, change-management], groups: { change-management: 1 } }'
  } >"$project/policies/roles.yaml"
  quietly 0 validate
}

# The id of the plan that was saved last.
saved() { sed -nE 's#^.*saved plans/[a-z]+/([0-9a-f]{12})\.json.*#\1#p' "$said.err"; }
