#!/bin/bash
# Makes a GitHub release of the layer: the zip, what it is built from, where it is published, and checksums of all.
# PUBLISHES_LAYER=true publishes it first. Needs a build and gh; to publish also aws, with credentials. Not run yet.
set -euo pipefail
cd "$(dirname "$0")/.."

version=$(node -p "require('./packages/layer-builder/package.json').version")
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
notes=()
cp packages/layer-builder/dist/layer.zip "$folder"

if [[ ${PUBLISHES_LAYER:-} == true ]]; then
  node scripts/publish-layer.js "$folder/layer.zip" "$version" "$folder"
  notes=(--notes-file layer-arns.md)
fi
npx --yes pnpm@12.21.0 --filter @async-http/extension sbom --sbom-format cyclonedx --out "$folder/layer.cdx.json"

cd "$folder"
shasum --algorithm 256 -- * > SHA256SUMS
gh release create "layer-v$version" --generate-notes ${notes[@]+"${notes[@]}"} -- *
