# Two commands for a newcomer: `make demo` (the promotion path, simulated) and `make test` (everything).
# The engine is built without the AWS SDK in a target folder of its own, so that neither build disturbs the other.

ENGINE := --no-default-features --features policy,watch --target-dir target/engine

.PHONY: demo story test soak try fmt lint engine bench pages build oscal policy wire wire-story mutations thirteenth bench-wire bench-wire-record settings bless

demo: ## cut → promote → preview → approve → apply → drift → audit → repair, in the simulated AWS
	cargo build $(ENGINE) --quiet
	bash tests/demo.sh

story: ## three people take a release along the promotion path with a virtual clock; then every gate is broken once
	cargo build $(ENGINE) --quiet
	bash tests/story.sh

test: ## everything that CI runs
	bash .ci/test

fmt:
	cargo fmt --all --check

lint:
	cargo clippy --workspace $(ENGINE) --all-targets --quiet -- -D warnings

engine: ## the engine and the product in the simulated AWS, a tenth of the long properties; lists the slow tests
	python3 .ci/engine $(ENGINE)

soak: ## the same with all of the long properties
	python3 .ci/engine --soak $(ENGINE)

# Cargo compiles only the test binary that runs.
UNIT := $(filter lib,$(IN))
try: ## one test after an edit: `make try T=plan::` in tests/suite, `make try IN=lib T=plan::` inside src
	cargo test $(ENGINE) --quiet $(if $(UNIT),--lib,--test suite) -- $(T)

# Optimised builds of the engine have a folder of their own (target/engine/release), so that neither they nor the debug builds
# wait for the other or rebuild what the other made.
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

wire-story: build ## the story on the wire alone: a release goes through three accounts, then every gate is broken once
	bash tests/wire/run story

mutations: build ## every mutation of every attribute on the wire, from three seeds; `make wire` does one of each
	bash tests/wire/run mutations --all

thirteenth: build ## adds one more kind to a copy of the tree: it needs its folder, its driver and four lines, nothing else
	cargo test --quiet --test suite --no-run
	python3 tests/thirteenth/run

bench-wire: ## plan compared with the bare SDK, against recorded answers that take 30 ms; builds the SDK once more when cold
	cargo bench --quiet --profile wire --bench wire

bench-wire-record: ## rewrite the answers of bench-wire, after a change of plan's calls or of the sample's dev environment
	cargo build --profile wire
	bash tests/bench/wire/record

settings: ## rewrite what AWS has for each kind and what complete replies hold, after a change of a kind's calls or of botocore
	bash tests/wire/run settings --write

bless: ## rewrite snapshots, scenarios, schemas and generated pages after a deliberate change
	TOKAIDO_BLESS=1 INSTA_UPDATE=always cargo test $(ENGINE)
