#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Usage: setup.sh LEDGER
#
# Plays the HYPOTHETICAL example into a ledger: fictional parties, invented orders, and the
# statuses, attestations and agreements between them. LEDGER must exist and must have adopted a
# rulebook and the devices by 2025-01-14. Nothing here happened.
#
# README.md in the folder above says what the example shows, expected.csv what each step must get.

set -euo pipefail

if [[ $# -ne 1 || $1 == --help ]]; then
    sed -n '3,/^$/s/^# \{0,1\}//p' "$0"
    exit 2
fi
ledger=$1
folder=$(cd "$(dirname "$0")" && pwd)

# A step that the rules must allow.
allowed() {
    expect 0 "$@"
}

# A step that the rules must refuse.
refused() {
    expect 1 "$@"
}

expect() {
    local wanted=$1 got=0
    shift
    "${HEADROOM:-headroom}" "$@" || got=$?
    if [[ $got != "$wanted" ]]; then
        echo "setup.sh: exit status $got instead of $wanted: headroom $*" >&2
        exit 1
    fi
}

# A file of orders: some of them are refused, and that is the point.
orders() {
    local got=0
    "${HEADROOM:-headroom}" import "$folder/$1" "${vendor[@]}" || got=$?
    if [[ $got -gt 1 ]]; then
        echo "setup.sh: exit status $got: headroom import $1" >&2
        exit 1
    fi
}

regulator=(--ledger "$ledger" --organisation MINISTRY-OF-EXAMPLES --person lee.example
    --role regulator)
operator=(--ledger "$ledger" --organisation LEDGER-OFFICE --person sam.example --role operator)
# The files name the exporter and the person of each order; the role is the caller's.
vendor=(--ledger "$ledger" --organisation EXAMPLE-CHIPS --person pat.example --role vendor)

# 1. Parties, a block, statuses and attestations.
allowed party import "$folder/parties.csv" "${operator[@]}" --at 2025-01-14T09:00:00Z
allowed party block "${regulator[@]}" --at 2025-01-14T09:01:00Z \
    --id block-bogeyman --party BOGEYMAN-TRADING --reason "hypothetical: false end-use statement"
allowed status grant "${regulator[@]}" --at 2025-01-14T09:02:00Z \
    --id uveu-fable --kind uveu --party FABLE-CLOUD --from 2025-01-15
allowed status grant "${regulator[@]}" --at 2025-01-14T09:03:00Z \
    --id uveu-phantom --kind uveu --party PHANTOM-HOSTING --from 2025-01-15
allowed status grant "${regulator[@]}" --at 2025-01-14T09:04:00Z \
    --id nveu-mirage --kind nveu --country AE --party MIRAGE-COMPUTE --from 2025-01-15
# Headquarters in a capped country, no parent: no Universal VEU.
refused status grant "${regulator[@]}" --at 2025-01-14T09:05:00Z \
    --id uveu-not-eligible --kind uveu --party MIRAGE-COMPUTE --from 2025-01-15
# The group holds one already.
refused status grant "${regulator[@]}" --at 2025-01-14T09:06:00Z \
    --id uveu-second --kind uveu --party FABLE-CLOUD-AE --from 2025-06-01 --until 2026-01-01
allowed attest security "${regulator[@]}" --at 2025-01-14T09:07:00Z \
    --id security-fable --party FABLE-CLOUD --from 2025-01-15 --until 2026-01-15
allowed attest security "${regulator[@]}" --at 2025-01-14T09:08:00Z \
    --id security-mirage --party MIRAGE-COMPUTE --from 2025-01-15 --until 2026-03-01
# 10,000,000,000 TPP in all: 7 % are 700,000,000, 25 % are 2,500,000,000.
allowed attest installed "${regulator[@]}" --at 2025-01-14T09:09:00Z \
    --id installed-fable --party FABLE-CLOUD --as-of 2025-01-13 \
    --installed US=8000000000 --installed DE=2000000000
orders orders-1.csv

# 2. The late security attestation, and an agreement that doubles Kazakhstan's limit.
allowed attest security "${regulator[@]}" --at 2025-04-01T09:00:00Z \
    --id security-phantom --party PHANTOM-HOSTING --from 2025-04-01 --until 2026-04-01
allowed agreement sign "${regulator[@]}" --at 2025-04-01T09:01:00Z \
    --id agreement-kz --country KZ --from 2025-04-01
orders orders-2.csv

# 3. A suspension, the end of the agreement, and a newer count of what is installed.
allowed status suspend "${regulator[@]}" --at 2025-05-02T09:00:00Z \
    --id suspend-phantom --grant uveu-phantom --reason "hypothetical: incident not reported"
allowed agreement end "${regulator[@]}" --at 2025-05-02T09:01:00Z \
    --id agreement-kz-end --agreement agreement-kz
# 11,000,000,000 TPP in all: 7 % are 770,000,000 now.
allowed attest installed "${regulator[@]}" --at 2025-05-02T09:02:00Z \
    --id installed-fable-2 --party FABLE-CLOUD --as-of 2025-05-01 \
    --installed US=9000000000 --installed DE=2000000000
# Counts for an earlier day than the latest one.
refused attest installed "${regulator[@]}" --at 2025-05-02T09:03:00Z \
    --id installed-fable-late --party FABLE-CLOUD --as-of 2025-03-31 --installed US=20000000000
orders orders-3.csv

# 4. The suspension is lifted.
allowed status reinstate "${regulator[@]}" --at 2025-06-02T09:00:00Z \
    --id reinstate-phantom --grant uveu-phantom --reason "hypothetical: incident reported"
orders orders-4.csv

# 5. The status is revoked, which is for good; a new attestation for the National VEU in 2027.
allowed status revoke "${regulator[@]}" --at 2025-07-02T09:00:00Z \
    --id revoke-phantom --grant uveu-phantom --reason "hypothetical: false report"
refused status reinstate "${regulator[@]}" --at 2025-07-02T09:01:00Z \
    --id reinstate-phantom-again --grant uveu-phantom --reason "hypothetical: appeal"
allowed attest security "${regulator[@]}" --at 2025-07-02T09:02:00Z \
    --id security-mirage-2027 --party MIRAGE-COMPUTE --from 2027-01-01 --until 2028-01-01
orders orders-5.csv
