# Two commands for a newcomer: `make demo` (the road, simulated) and `make test` (everything).
# The engine is built without the AWS SDK in a target folder of its own, so that neither build disturbs the other.

ENGINE := --no-default-features --features policy,watch --target-dir target/engine

.PHONY: demo story test soak try fmt lint engine bench pages build oscal policy wire wire-story thirteenth bench-wire bench-wire-record bless

demo: ## cut → promote → preview → approve → apply → drift → audit → repair, in the simulated world
	cargo build $(ENGINE) --quiet
	bash tests/demo.sh

story: ## three people on one road with a virtual clock, then every gate broken once
	cargo build $(ENGINE) --quiet
	bash tests/story.sh

test: ## everything that CI runs
	bash .ci/test

fmt:
	cargo fmt --all --check

lint:
	cargo clippy --workspace $(ENGINE) --all-targets --quiet -- -D warnings

engine: ## the engine and the product in the simulated world, a tenth of the long properties, and which tests are slow
	python3 .ci/engine $(ENGINE)

soak: ## the same with all of the long properties
	python3 .ci/engine --soak $(ENGINE)

# One binary only: what is not run is not compiled.
UNIT := $(filter lib,$(IN))
try: ## one test after an edit: `make try T=plan::` in tests/suite, `make try IN=lib T=plan::` inside src
	cargo test $(ENGINE) --quiet $(if $(UNIT),--lib,--test suite) -- $(T)

# Optimised builds lie beside the others of the engine, in a folder of their own (target/engine/release): neither waits for
# the other or rebuilds what the other made.
bench: ## what the engine costs at 1,000, 10,000 and 100,000 resources; ONLY="pure 1000" or ONLY="sandbox 1000" for less
	@cargo bench $(ENGINE) --quiet --bench engine -- $(ONLY)

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

thirteenth: build ## a kind more, added to a copy of the tree: its folder, its driver and four lines are all that it takes
	cargo test --quiet --test suite --no-run
	python3 tests/thirteenth/run

bench-wire: ## plan beside the bare SDK, against recorded answers that take 30 ms; builds the SDK once more when cold
	cargo bench --quiet --profile wire --bench wire

bench-wire-record: ## rewrite what bench-wire replays, after a change of what plan asks or of the sample's dev environment
	cargo build --profile wire
	bash tests/bench/wire/record

bless: ## rewrite snapshots, scenarios and schemas after a deliberate change
	TOKAIDO_BLESS=1 INSTA_UPDATE=always cargo test $(ENGINE)
