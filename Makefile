# The reference's names for what npm does here.
.PHONY: run test lint fmt vet e2e e2e-postgres load dlq-test generate-specs clean-data help

run: ; npm start
test: ; npm test
lint: ; npm run check
fmt: ; npm run format
vet: ; npm run check
e2e: ; npm test -- test/clients/memory
e2e-postgres: ; npm test -- test/clients/postgres
load: ; npm run load -- --duration 30 --rate 2
dlq-test: ; npm run load -- dead-letters
generate-specs: ; npm run generate
clean-data: ; rm -rf .data
help: ; @grep -oE '^[a-z0-9-]+:' Makefile | tr -d ':'
