#!/bin/sh
# Puts the built program into a folder: one bundle without dependencies, its manifest, its licence and the notices.
set -eu
to=${1:?usage: deploy/collect.sh FOLDER}
from=$(cd "$(dirname "$0")/.." && pwd)
test -f "$from/apps/cli/dist/main.js" || { echo "$from/apps/cli/dist/main.js is not there: build first (npm run setup)" >&2; exit 1; }
mkdir -p "$to"
cp -R "$from/apps/cli/dist" "$from/apps/cli/package.json" "$from/LICENSE" "$from/THIRD-PARTY-NOTICES" "$to/"
chmod 0755 "$to/dist/main.js"
