#!/bin/bash
# Takes the Dockerfile's steps in a plain folder, for machines without a container engine: a Debian by debootstrap, the
# repository's own Node, then the RUN, COPY and CMD lines of the last stage as they stand. Needs root, debootstrap and a build.
#   scripts/prove-image.sh [FOLDER]
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
image=${1:-$(mktemp -d)/image}
port=${KW_PORT:-18888}
say() { printf '%s\n' "$*" >&2; }
fail() { say "FAILED: $*"; exit 1; }
[ "$(id -u)" = 0 ] || fail 'root is needed'
command -v debootstrap >/dev/null || { apt-get update -q && apt-get install -y -q debootstrap; } >/dev/null

# node:24-bookworm-slim is Debian with node in /usr/local/bin.
[ -e "$image/etc/debian_version" ] || debootstrap --variant=minbase --include=libatomic1 bookworm "$image" >/dev/null
install -m 0755 "$(readlink -f "$root/node_modules/.bin/node")" "$image/usr/local/bin/node"
mkdir -p "$image/proc" "$image/dev"
mount -t proc proc "$image/proc"
cleanup() {
  [ -z "${server:-}" ] || { kill "$server" 2>/dev/null || true; wait "$server" 2>/dev/null || true; }
  umount "$image/root/.kube" 2>/dev/null || true
  umount "$image/proc" 2>/dev/null || true
}
trap cleanup EXIT

# The last stage: lines joined at backslashes, comments away.
stage=$(sed -e '/^#/d' "$root/Dockerfile" | sed -e ':a' -e '/\\$/N; s/\\\n//; ta' | awk '/^FROM /{ text = ""; next } { text = text $0 "\n" } END { printf "%s", text }')
environment=(HOME=/root PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin)
command=
while IFS= read -r line; do
  case $line in
    'RUN '*) env -i "${environment[@]}" DEBIAN_FRONTEND=noninteractive chroot "$image" /bin/sh -c "${line#RUN }" >"$image/tmp/step" 2>&1 || { cat "$image/tmp/step" >&2; fail "$line"; } ;;
    'COPY --from=kubectl '*) install -m 0755 "$(cd "$root" && node_modules/.bin/node -e "import('./scripts/clients.mjs').then((m) => console.log(m.clientsFolder()))")/kubectl" "$image/bin/kubectl" ;;
    'COPY --from=builder '*) "$root/deploy/collect.sh" "$image/opt/kubelet-wuhrai" ;;
    'ENV '*) for pair in ${line#ENV }; do environment+=("$pair"); done ;;
    'EXPOSE '*) [ "${line#EXPOSE }" = 8888 ] || fail "$line" ;;
    'CMD '*) command=${line#CMD } ;;
    '') ;;
    *) fail "unknown step: $line" ;;
  esac
done <<<"$stage"

inside() { env -i "${environment[@]}" DEEPSEEK_API_KEY=sk-none-at-all "$@"; }
inside chroot "$image" /bin/kubelet-wuhrai version | grep . >/dev/null || fail 'S41: version'
inside chroot "$image" curl --version | grep '^curl' >/dev/null || fail 'S40: curl'
inside chroot "$image" kubectl version --client | grep Client >/dev/null || fail 'S40: kubectl'

# ~/.kube, read-only.
kube=$(mktemp -d)
printf 'apiVersion: v1\nkind: Config\ncurrent-context: c\ncontexts: [{name: c, context: {cluster: c, user: u}}]\nclusters: [{name: c, cluster: {server: "https://127.0.0.1:1"}}]\nusers: [{name: u, user: {token: t}}]\n' >"$kube/config"
chmod 0644 "$kube/config"; chmod 0755 "$kube"
mkdir -p "$image/root/.kube"
mount --bind "$kube" "$image/root/.kube"
mount -o remount,ro,bind "$image/root/.kube"

readarray -t words < <("$root/node_modules/.bin/node" -e 'for (const word of JSON.parse(process.argv[1])) console.log(word.replace(":8888", ":" + process.argv[2]))' "$command" "$port")
for user in 0:0 65532:65532; do
  env -i "${environment[@]}" DEEPSEEK_API_KEY=sk-none-at-all KW_STATE_DIR="/var/lib/kubelet-wuhrai/$user" chroot --userspec="$user" "$image" "${words[@]}" >"$image/tmp/log-${user%%:*}" 2>&1 &
  server=$!
  for _ in $(seq 100); do curl -fs "http://127.0.0.1:$port/livez" >/dev/null 2>&1 && break; sleep 0.1; done
  curl -fs "http://127.0.0.1:$port/api/v1/health" | grep -q '"healthy"' || { cat "$image/tmp/log-${user%%:*}" >&2; fail "S45: health as $user"; }
  token=$(sed -n 's/.*token (.*): //p' "$image/tmp/log-${user%%:*}")
  curl -fs -H "Authorization: Bearer $token" "http://127.0.0.1:$port/api/v1/contexts" | grep -q '"name":"c"' || fail "S45: the read-only kubeconfig as $user"
  ps aux | grep '[k]ubelet-wuhrai' >/dev/null || fail 'S185: ps shows the name'
  kill "$server"; wait "$server" || fail "SIGTERM as $user: exit code $?"
  server=
done
[ "$(ls -A "$kube")" = config ] || fail 'something was written beside the kubeconfig'
say 'the image: ok'
