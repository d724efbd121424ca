#!/usr/bin/env bash
# Runs ./test in a fresh Debian, as a newcomer's machine would be: nothing but Debian's smallest set of packages.
#   tests/infrastructure/debian.sh 13 fast pdf        what follows the version is told to ./test; nothing: everything
# ./test debian 13 … calls this. The root lives in a folder of its own below TMPDIR (/var/tmp) and is thrown away at
# the end; set KEEP_ROOT=1 to keep it and to be told where it is. Needs root.
set -euo pipefail

HERE=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
declare -A SUITES=([12]=bookworm [13]=trixie)
# What the fresh machine is told of this one: that it is CI, and where package clients look.
PASSED_ON='^(CI|PIP_INDEX_URL|PIP_DEFAULT_TIMEOUT|npm_config_registry|https?_proxy|HTTPS?_PROXY|no_proxy|NO_PROXY)='
TRUSTED=/usr/local/share/trusted-by-the-host.crt

stop() { printf '%s\n' "$@" >&2; exit 1; }

suite=${SUITES[${1:-}]:-}
[ -n "$suite" ] || stop "usage: ./test debian 12|13 [what ./test is to be told]"
version=$1
shift
[ "$(id -u)" = 0 ] || stop "A fresh Debian root can only be made by root: sudo ./test debian $version"
if ! command -v debootstrap >/dev/null; then
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends debootstrap </dev/null >/dev/null
fi

root=$(mktemp -d "${TMPDIR:-/var/tmp}/debian-$version-XXXXXX")
chmod 755 "$root"   # apt and PostgreSQL work there as users of their own
# The mounts below live in a namespace of their own and are gone when it ends; what is removed here is only files.
clean_up() { [ -n "${KEEP_ROOT:-}" ] && printf 'The root stays in %s\n' "$root" || rm -rf --one-file-system "$root"; }
trap clean_up EXIT

printf '=== a fresh Debian %s (%s)\n' "$version" "$suite"
debootstrap --variant=minbase "$suite" "$root" >"$root.log" 2>&1 || { tail -n 20 "$root.log" >&2; stop "No root was made."; }
rm -f "$root.log"

cp /etc/resolv.conf "$root/etc/resolv.conf"
mkdir -p "$root/src"
# Whom this machine trusts, the fresh one trusts: its own bundle may lack an authority of the network it stands in.
trust=()
if [ -e /etc/ssl/certs/ca-certificates.crt ]; then
  cp -L /etc/ssl/certs/ca-certificates.crt "$root$TRUSTED"
  trust=("PIP_CERT=$TRUSTED" "NODE_EXTRA_CA_CERTS=$TRUSTED")
fi
# The work tree as it is, without what git ignores.
(cd "$HERE" && git ls-files -z --cached --others --exclude-standard | xargs -0 ls -d 2>/dev/null |
  tar -cf - -T -) | tar -xf - -C "$root/src"

mapfile -t kept < <(env | grep -E "$PASSED_ON" || true)
unshare --mount --pid --fork --ipc --uts --kill-child bash -euc '
  root=$1
  shift
  mount --make-rprivate /
  mount -t proc proc "$root/proc"
  mount --rbind /sys "$root/sys"
  mount --rbind /dev "$root/dev"
  mount -t tmpfs -o mode=1777 tmpfs "$root/dev/shm"
  exec chroot "$root" "$@"
' _ "$root" /usr/bin/env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LANG=C.UTF-8 TERM=dumb "${trust[@]}" "${kept[@]}" \
  bash -c 'cd /src && exec ./test "$@"' _ "$@"
