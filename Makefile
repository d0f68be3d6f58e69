# Two commands for a newcomer: `make demo` (the road, simulated) and `make test` (everything).
# The engine is built without the AWS SDK in a target folder of its own, so that neither build disturbs the other.

ENGINE := --no-default-features --features policy,watch --target-dir target/engine

.PHONY: demo story test fmt lint engine pages build oscal policy wire wire-story bench-wire bench-wire-record bless

demo: ## cut → promote → preview → approve → apply → drift → audit → repair, in the simulated world
	cargo build $(ENGINE) --quiet
	bash tests/demo.sh

story: ## three people on one road with a virtual clock, then every gate broken once
	cargo build $(ENGINE) --quiet
	bash tests/story.sh

test: ## everything that CI runs
	bash .ci/test

fmt:
	cargo fmt --check

lint:
	cargo clippy $(ENGINE) --all-targets --quiet -- -D warnings

engine: ## the engine and the product in the simulated world: about a minute cold
	cargo test $(ENGINE)

pages: ## plans as HTML, opened and printed by headless Chromium
	cargo build $(ENGINE) --quiet
	bash tests/pages/run

build: ## the product with the AWS SDK: several minutes cold
	cargo build

oscal: ## audits as OSCAL, read by compliance-trestle
	cargo build $(ENGINE) --quiet
	bash tests/oscal/run

policy: ## policies and their cases, asked by a second engine: rego-cpp
	cargo build $(ENGINE) --quiet
	bash tests/policy/run

wire: build ## the product against moto and ministack on loopback, judged by boto3
	bash tests/wire/run

wire-story: build ## the story on the wire alone: the road of a release through three accounts, then every gate broken once
	bash tests/wire/run story

bench-wire: ## plan beside the bare SDK, against recorded answers that take 30 ms; builds the SDK once more when cold
	cargo bench --quiet --profile wire --bench wire

bench-wire-record: ## rewrite what bench-wire replays, after a change of what plan asks or of the sample's dev environment
	cargo build --profile wire
	bash tests/bench/wire/record

bless: ## rewrite snapshots, scenarios and schemas after a deliberate change
	TOKAIDO_BLESS=1 INSTA_UPDATE=always cargo test $(ENGINE)
